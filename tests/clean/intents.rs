//! Each page of `fixtures/intents`: named after a rule, one small text a language (`== fr`). Lines that
//! begin with `- ` are what the rule must find; every other line is an article about the same thing, of
//! which it must not take a word. `~ ` marks a known miss: such a line is taken today.

use std::fs;
use std::path::Path;
use tamis::clean::text::segment;
use tamis::clean::weigh::rules::{RULES, weigh};

/// From here on a rule is taken at its word.
const SURE: f32 = 0.5;

#[test]
fn every_intent_is_found_and_talk_about_it_is_left_alone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/intents");
    let (mut wrong, mut pages) = (Vec::new(), 0);
    for entry in fs::read_dir(folder).expect("the folder of intents") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let rule = RULES.iter().position(|r| r.name == name);
        let rule = rule.unwrap_or_else(|| panic!("{name} is no rule: name the page after one"));
        let source = fs::read_to_string(&path).expect("a page");
        for page in source.split("== ").skip(1) {
            let (language, lines) = page.split_once('\n').expect("a language and lines");
            let marked = |l: &'_ str| l.starts_with("- ") || l.starts_with("~ ");
            let bare = |l: &str| if marked(l) { l[2..].to_owned() } else { l.to_owned() };
            let go: Vec<String> = lines.lines().filter(|l| marked(l)).map(bare).collect();
            let text: String = lines.lines().map(|l| bare(l) + "\n\n").collect();
            let blocks = segment(&text);
            for (block, evidence) in blocks.iter().zip(weigh(&blocks)) {
                let found = evidence.iter().any(|&(r, s)| r == rule && s >= SURE);
                if found != go.contains(&block.text) {
                    let what = if found { "takes" } else { "misses" };
                    wrong.push(format!("{name} [{language}] {what} {:?}", block.text));
                }
            }
            pages += 1;
        }
    }
    assert!(pages >= 50, "only {pages} pages were read");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
