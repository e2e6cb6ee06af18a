//! The models of a page's kind: pages labelled by kind -> measures and hashed names, as files that
//! `kind.py` reads; its answers -> the table of scores and the model file.

use crate::corpus::{self, Row};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use tamis::clean::describe::kind::model::{FORMAT, Header, MAGIC, Model, fingerprint};
use tamis::clean::describe::kind::{self, KINDS};
use tamis::clean::parse;
use tamis::clean::{region, segment, text};
use url::Url;

/// Writes `x.f32` (rows of `names.txt`' length), `rows.tsv` and the two lists of buckets of every page: once
/// with its address and once without, as a saved file comes.
fn write(rows: &[Row], work: &Path) -> Result<(), String> {
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
pub fn rebuild(corpora: &Path, work: &Path, out: &Path) -> Result<(), String> {
    for (name, sets) in [("html", &["wcxb", "aed", "daniel", "magic"][..]), ("text", &["text"])] {
        let mut rows = corpus::read(corpora, sets, false)?;
        let named = KINDS.map(|k| format!("{k:?}").to_lowercase());
        rows.retain(|row| row.kind.as_ref().is_some_and(|kind| named.contains(kind)));
        let work = work.join(format!("kind-{name}"));
        write(&rows, &work)?;
        fit(&work)?;
        let scores = evaluate(&rows, &work)?;
        pack(&work, sets, scores, &out.join(format!("{name}.model")))?;
    }
    Ok(())
}

fn fit(work: &Path) -> Result<(), String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/kind.py");
    let status =
        Command::new("python3").arg(script).arg(work).status().map_err(|e| format!("python3: {e}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{script} failed; does `pip install -r train/requirements.txt` help?"))
    }
}

fn read(work: &Path, name: &str) -> Result<Vec<u8>, String> {
    let path = work.join(name);
    std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))
}

/// Prints which kinds were taken for which, by set, out-of-fold; the shares that are right.
fn evaluate(rows: &[Row], work: &Path) -> Result<BTreeMap<String, f64>, String> {
    let scores: Vec<f32> = read(work, "oof.f32")?
        .chunks_exact(4)
        .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        .collect();
    let named = KINDS.map(|k| format!("{k:?}").to_lowercase());
    let mut tables: BTreeMap<String, [[usize; KINDS.len()]; KINDS.len()]> = BTreeMap::new();
    // Each page stands there twice: with its address and without.
    for (row, scores) in rows.iter().zip(scores.chunks_exact(2 * KINDS.len())) {
        let Some(truth) = named.iter().position(|n| row.kind.as_ref() == Some(n)) else { continue };
        for (scores, how) in scores.chunks_exact(KINDS.len()).zip(["", " without address"]) {
            let best = (0..KINDS.len()).rev().max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0);
            let rendering = row.rendering.as_deref().map_or(String::new(), |r| format!(" {r}"));
            tables.entry(format!("{}{rendering}{how}", row.set)).or_default()[truth][best] += 1;
        }
    }
    let mut out = BTreeMap::new();
    let share = |right: usize, all: usize| (right as f64 / all.max(1) as f64 * 1e4).round() / 1e4;
    for (set, table) in &tables {
        let right = (0..KINDS.len()).map(|n| table[n][n]).sum();
        let all = table.iter().flatten().sum();
        println!("{set}: {:.4} of {all} right; rows are true, columns found", share(right, all));
        println!("{:15} {}", "", named.iter().map(|n| format!("{:>7.6}", n)).collect::<String>());
        out.insert(set.clone(), share(right, all));
        for (n, counts) in table.iter().enumerate().filter(|(_, c)| c.iter().sum::<usize>() > 0) {
            let right = share(counts[n], counts.iter().sum());
            println!("{:15} {}  {right:.3}", named[n], counts.map(|c| format!("{c:>7}")).concat());
            if !set.ends_with("address") {
                out.insert(format!("{set} {}", named[n]), right);
            }
        }
    }
    Ok(out)
}

/// Writes the model file; it is read back first.
fn pack(work: &Path, sets: &[&str], scores: BTreeMap<String, f64>, out: &Path) -> Result<(), String> {
    let trained_on = sets.iter().map(|s| (*s).to_owned()).collect();
    let header = Header { measures: fingerprint(), trained_on, scores };
    let header = serde_json::to_vec(&header).map_err(|e| e.to_string())?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend(FORMAT.to_le_bytes());
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header);
    for part in ["measures.f32", "names.bin", "words.bin"] {
        bytes.extend(read(work, part)?);
    }
    Model::read(&bytes).map_err(|e| e.to_string())?;
    std::fs::write(out, &bytes).map_err(|e| format!("{}: {e}", out.display()))?;
    eprintln!("{}: {} bytes", out.display(), bytes.len());
    Ok(())
}
