//! `tamis compare`: what two cleanings of the same documents do differently. Compares words, not typography; takes no
//! side.

mod blocks;
mod pairs;
mod side;

use super::exit::{Exit, Fault};
use super::html::{counted, grouped};
use super::tell;
use super::terminal::{COLUMNS, Style, cut, harmless, wrap};
use blocks::{Block, Change, compare};
use clap::{Args, ValueEnum};
use serde::Serialize;
use side::{Field, Fields, Side, Text};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// The arguments as typed.
#[derive(Debug, Args)]
#[command(after_long_help = LONG_HELP)]
pub struct CompareArgs {
    /// Records (JSON lines), a folder of texts or of records, or one text
    a: PathBuf,
    /// The same from another version, with another focus, or by another tool
    b: PathBuf,
    /// For people, or one JSON object with everything
    #[arg(long, value_enum, default_value_t)]
    format: FormatArg,
    /// Documents shown, the most changed first [default: 20; all in JSON]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    most: Option<usize>,
    /// Blocks shown of a document, the largest first; in JSON there are always all
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 5)]
    blocks: usize,
}

const LONG_HELP: &str = "\
Documents are matched by `source` or by path, then without extensions, then by
the name of the file where that is unique. Two texts are the same when they have
the same words: case, punctuation, white space and line breaks do not matter.
The size of a change is the number of words that went or came.

The exit code is 0 whether or not they differ, 1 when something could not be
read, 2 for wrong usage.

Examples:
  tamis clean --format jsonl pages/ > before.jsonl
  tamis clean --format jsonl --focus recall pages/ > after.jsonl
  tamis compare before.jsonl after.jsonl
  tamis compare before.jsonl other-tool/ --format json > changes.json";

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum FormatArg {
    #[default]
    Text,
    Json,
}

/// Documents shown to people where nothing is said.
const SHOWN: usize = 20;

/// Lines of a block shown to people.
const BLOCK_LINES: usize = 3;

/// What differs in one document.
#[derive(Debug, Serialize)]
struct Changed {
    source: String,
    #[serde(flatten)]
    change: Change,
    #[serde(skip_serializing_if = "Fields::is_empty")]
    fields: Fields,
}

/// What differs in all.
#[derive(Debug, Default, Serialize)]
struct Totals {
    a: Counted,
    b: Counted,
    matched: usize,
    same: usize,
    changed: usize,
    words_went: u64,
    words_came: u64,
    only_in_a: Vec<String>,
    only_in_b: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
struct Counted {
    path: String,
    documents: usize,
    /// Words in the documents that the other has, too.
    words: u64,
}

/// A changed pair: by how much, and where.
struct Size {
    words: u64,
    a: usize,
    b: usize,
}

pub(super) fn run(args: CompareArgs) -> Result<Exit, Fault> {
    let (mut a, mut b) = (Side::open(&args.a)?, Side::open(&args.b)?);
    let pairs = pairs::pairs(&a, &b);
    let total = |side: &Side, path: &PathBuf| Counted {
        path: path.display().to_string(),
        documents: side.len(),
        words: 0,
    };
    let names = |side: &Side, left: &[usize]| left.iter().map(|&at| side.name(at).to_owned()).collect();
    let mut totals = Totals {
        a: total(&a, &args.a),
        b: total(&b, &args.b),
        matched: pairs.both.len(),
        only_in_a: names(&a, &pairs.only_a),
        only_in_b: names(&b, &pairs.only_b),
        ..Totals::default()
    };
    // Sizes first and texts again later: a corpus need not fit into memory.
    let mut sizes = Vec::new();
    for &(in_a, in_b) in &pairs.both {
        let (Some(left), Some(right)) = (a.read(in_a), b.read(in_b)) else { continue };
        let (change, fields) = differ(&left, &right);
        totals.a.words += change.words_a;
        totals.b.words += change.words_b;
        totals.words_went += change.words_went;
        totals.words_came += change.words_came;
        if change.is_none() && fields.is_empty() {
            totals.same += 1;
        } else {
            sizes.push(Size { words: change.words_went + change.words_came, a: in_a, b: in_b });
        }
    }
    totals.changed = sizes.len();
    sizes.sort_by_key(|size| std::cmp::Reverse(size.words));
    let most = match args.format {
        FormatArg::Text => args.most.unwrap_or(SHOWN),
        FormatArg::Json => args.most.unwrap_or(usize::MAX),
    };
    let left = sizes.len().saturating_sub(most);
    let changes = sizes.iter().take(most).filter_map(|size| {
        let (left, right) = (a.read(size.a)?, b.read(size.b)?);
        let (change, fields) = differ(&left, &right);
        Some(Changed { source: a.name(size.a).to_owned(), change, fields })
    });
    let mut out = BufWriter::new(io::stdout());
    let written = match args.format {
        FormatArg::Text => people(&totals, changes, left, args.blocks, &mut out),
        FormatArg::Json => machine(&totals, changes, &mut out),
    };
    written.and_then(|()| out.flush()).map_err(|error| Fault::from_stdout(&error))?;
    for side in [&totals.a, &totals.b].into_iter().filter(|side| side.documents == 0) {
        let path = &side.path;
        tell(format_args!(
            "compare: {path}: no document there; name records, a folder of texts, or one text"
        ));
    }
    if totals.matched == 0 && totals.a.documents > 0 && totals.b.documents > 0 {
        tell("compare: no document of one has a name like one of the other; see `tamis compare --help`");
    }
    // Where nothing could be compared, nothing is known to be the same.
    let compared = totals.matched > 0;
    Ok(if a.failed() + b.failed() > 0 || !compared { Exit::SomeFailed } else { Exit::Done })
}

fn differ(a: &Text, b: &Text) -> (Change, Fields) {
    (compare(&a.text, &b.text), Fields::changed(a, b))
}

fn machine(totals: &Totals, changes: impl Iterator<Item = Changed>, out: &mut impl Write) -> io::Result<()> {
    let head = serde_json::to_string(totals)?;
    write!(out, "{},\"documents\":[", head.strip_suffix('}').unwrap_or(&head))?;
    for (number, changed) in changes.enumerate() {
        if number > 0 {
            write!(out, ",")?;
        }
        writeln!(out)?;
        serde_json::to_writer(&mut *out, &changed)?;
    }
    writeln!(out, "]}}")
}

fn people(
    totals: &Totals,
    changes: impl Iterator<Item = Changed>,
    left: usize,
    blocks: usize,
    out: &mut impl Write,
) -> io::Result<()> {
    let style = Style::for_stdout();
    let n = |n: usize| grouped(n as u64);
    for (name, side) in [("A", &totals.a), ("B", &totals.b)] {
        let line =
            format!("{name}  {}: {}", harmless(&side.path), counted(side.documents as u64, "document"));
        writeln!(out, "{}", cut(&line, COLUMNS))?;
    }
    let (matched, same, changed) = (n(totals.matched), n(totals.same), n(totals.changed));
    let (only_a, only_b) = (n(totals.only_in_a.len()), n(totals.only_in_b.len()));
    writeln!(out, "in both {matched}: {same} the same, {changed} changed")?;
    writeln!(out, "only in A {only_a}, only in B {only_b}")?;
    writeln!(
        out,
        "of {} {} went, {} came\n",
        counted(totals.a.words, "word"),
        grouped(totals.words_went),
        grouped(totals.words_came)
    )?;
    for Changed { source, change, fields } in changes {
        let head =
            format!("-{} +{}  {}", grouped(change.words_went), grouped(change.words_came), harmless(&source));
        writeln!(out, "{}", style.bold(&cut(&head, COLUMNS)))?;
        for Field { name, a, b } in &fields.0 {
            let [a, b] = [a, b].map(|value| harmless(value.as_deref().unwrap_or("none")));
            lines('~', &format!("{name}: {a} -> {b}"), out)?;
        }
        for (sign, list) in [('-', &change.went), ('+', &change.came)] {
            let mut list: Vec<&Block> = list.iter().collect();
            list.sort_by_key(|block| std::cmp::Reverse(block.words));
            for block in list.iter().take(blocks) {
                lines(sign, &harmless(&block.text), out)?;
            }
            if list.len() > blocks {
                writeln!(
                    out,
                    "  {sign} {}",
                    style.dim(&format!("and {}", counted((list.len() - blocks) as u64, "more block")))
                )?;
            }
        }
    }
    if left > 0 {
        let more = counted(left as u64, "more document");
        writeln!(out, "and {more}; see --most and --format json")?;
    }
    Ok(())
}

fn lines(sign: char, text: &str, out: &mut impl Write) -> io::Result<()> {
    let text = cut(&text.split_whitespace().collect::<Vec<_>>().join(" "), BLOCK_LINES * (COLUMNS - 6));
    for (number, line) in wrap(&text, COLUMNS - 4).iter().enumerate() {
        writeln!(out, "  {} {line}", if number == 0 { sign } else { ' ' })?;
    }
    Ok(())
}
