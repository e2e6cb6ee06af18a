//! The models of a page's kind: pages labelled by kind -> measures and hashed names, as files that
//! `kind.py` reads; its answers -> the table of scores and the model file.

use crate::corpus::{self, Row};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use tamis::clean::describe::kind;
use tamis::clean::parse;
use tamis::clean::{region, segment, text};
use url::Url;

/// Writes `x.f32` (rows of `names.txt`' length), `rows.tsv` and the two lists of buckets of every page: once
/// with its address and once without, as a saved file comes.
pub fn write(rows: &[Row], work: &Path) -> Result<(), String> {
    std::fs::create_dir_all(work).map_err(|e| format!("{}: {e}", work.display()))?;
    let file = |name: &str| {
        let path = work.join(name);
        File::create(&path).map(BufWriter::new).map_err(|e| format!("{}: {e}", path.display()))
    };
    let failed = |e: std::io::Error| format!("{}: {e}", work.display());
    let (mut x, mut table, mut names, mut words) =
        (file("x.f32")?, file("rows.tsv")?, file("names.u32")?, file("words.u32")?);
    for row in rows {
        let url = row.url.as_deref().and_then(|u| Url::parse(u).ok());
        let (tree, blocks) = match (&row.html, &row.text) {
            (Some(html), _) => {
                let (tree, _) = parse::parse(html, &parse::Budget::default());
                let blocks = segment::segment(&tree, &region::map(&tree));
                (Some(tree), blocks)
            }
            (None, text) => (None, text::segment(text.as_deref().unwrap_or_default())),
        };
        for address in [url.as_ref(), None] {
            let sight = kind::look(tree.as_ref(), &blocks, address);
            for value in &sight.row {
                x.write_all(&value.to_le_bytes()).map_err(failed)?;
            }
            for (list, to) in [(&sight.buckets.names, &mut names), (&sight.buckets.words, &mut words)] {
                for n in std::iter::once(&(list.len() as u32)).chain(list) {
                    to.write_all(&n.to_le_bytes()).map_err(failed)?;
                }
            }
            let or = |s: &Option<String>| s.clone().unwrap_or_default();
            writeln!(
                table,
                "{}\t{}\t{}\t{}\t{}\t{}\t{}",
                row.id,
                row.set,
                or(&row.kind),
                row.fold(),
                u8::from(address.is_some()),
                or(&row.lang),
                or(&row.rendering),
            )
            .map_err(failed)?;
        }
    }
    for mut f in [x, table, names, words] {
        f.flush().map_err(failed)?;
    }
    let path = work.join("names.txt");
    std::fs::write(&path, kind::measures().join("\n")).map_err(|e| format!("{}: {e}", path.display()))
}

/// Rebuilds both models.
pub fn rebuild(corpora: &Path, work: &Path, _out: &Path) -> Result<(), String> {
    for (name, sets) in [("kind-html", &["wcxb", "aed", "daniel", "magic"][..]), ("kind-text", &["text"])] {
        write(&corpus::read(corpora, sets)?, &work.join(name))?;
    }
    Ok(())
}
