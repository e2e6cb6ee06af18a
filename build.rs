//! Folds the word tables of the rules, so that no run of the program has to read and fold them: see
//! `src/clean/weigh/rules/words.rs`, which says what stands in them.

// What only the library uses of it.
#[allow(dead_code)]
#[path = "src/clean/fold.rs"]
mod fold;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

const TABLES: &str = "src/clean/weigh/rules/words";

/// The lists of a section, and those that hold its examples, which only tests read.
const LISTS: [&str; 5] = ["whole", "start", "inside", "names", "glue"];
const EXAMPLES: [&str; 2] = ["go", "stay"];

// Cargo tells a build script where to write in no other way.
#[allow(clippy::disallowed_methods)]
fn main() {
    println!("cargo::rerun-if-changed={TABLES}");
    println!("cargo::rerun-if-changed=src/clean/fold.rs");
    let mut tables: Vec<PathBuf> = fs::read_dir(TABLES)
        .unwrap_or_else(|e| panic!("{TABLES}: {e}"))
        .map(|entry| entry.unwrap_or_else(|e| panic!("{TABLES}: {e}")).path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    tables.sort();
    let folded: String = tables.iter().map(|table| folded(table)).collect();
    let out = Path::new(&env::var_os("OUT_DIR").expect("cargo says where to")).join("phrases.txt");
    fs::write(&out, folded).unwrap_or_else(|e| panic!("{}: {e}", out.display()));
}

/// `=rule`, then a line an entry: its list, a tab, the phrase.
fn folded(table: &Path) -> String {
    let shown = table.display();
    let text = fs::read_to_string(table).unwrap_or_else(|e| panic!("{shown}: {e}"));
    let sections: toml::Table = text.parse().unwrap_or_else(|e| panic!("{shown}: {e}"));
    let name = table.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().replace('_', "-");
    let mut out = format!("={name}\n");
    let mut seen = BTreeSet::new();
    for (language, section) in &sections {
        let section = section.as_table().unwrap_or_else(|| panic!("{shown}: `{language}` is no section"));
        if let Some(list) =
            section.keys().find(|l| !LISTS.contains(&l.as_str()) && !EXAMPLES.contains(&l.as_str()))
        {
            panic!("{shown}: [{language}] has a list `{list}`; the lists are {LISTS:?} and {EXAMPLES:?}");
        }
        for list in LISTS {
            let Some(phrases) = section.get(list) else { continue };
            let phrases =
                phrases.as_array().unwrap_or_else(|| panic!("{shown}: [{language}] `{list}` is no list"));
            for phrase in phrases {
                let phrase = phrase
                    .as_str()
                    .unwrap_or_else(|| panic!("{shown}: [{language}] `{list}`: {phrase} is no phrase"));
                let phrase = fold::plain(&fold::fold(&phrase.replace("{n}", "0")));
                if !phrase.is_empty() && seen.insert((list, phrase.clone())) {
                    // Writing to a String cannot fail.
                    let _ = writeln!(out, "{list}\t{phrase}");
                }
            }
        }
    }
    out
}
