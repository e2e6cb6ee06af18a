//! The demo's words: what came in, what went and why, what was stored, where to look next.
//! At most 80 columns.

use super::super::session::summary;
use super::super::terminal::{COLUMNS, Style, cut, harmless, width};
use super::{Cleaned, Seen};
use crate::job::ledger::{Line, State};
use crate::job::report::Report;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The page that is shown before and after.
const SHOWN: &str = "/en/news/night-market.html";
/// Removed blocks shown of it.
const MOST_REMOVED: usize = 7;
/// Kept paragraphs shown of it.
const MOST_KEPT: usize = 3;

pub(super) fn opening(base: &str) -> String {
    let style = Style::for_stdout();
    format!(
        "{}\nA small site in seven languages now answers at {base}.\nIts sitemap and its feed say which pages to fetch. Nothing leaves this machine.\n",
        style.bold("tamis: fetch, clean, deduplicate, store")
    )
}

/// The first run: every page, one of them closely, and all that was removed.
pub(super) fn first(base: &str, seen: &Seen, report: &Report) -> String {
    let mut text = heading("1. What came in, and what became of it");
    let mut lines: Vec<&Line> = seen.lines.iter().collect();
    lines.sort_by_key(|line| rank(line));
    for line in lines {
        let page = page_of(seen, &line.url);
        row(&mut text, &mark(line), &path(base, &line.url), &remark(base, line, page));
    }
    text.push_str(&counted(report));
    if let Some(page) = page_of(seen, &format!("{base}{SHOWN}")) {
        text.push_str(&closely(page));
    }
    text.push_str(&removed(seen));
    text
}

/// The second run over the same site.
pub(super) fn second(_base: &str, _seen: &Seen, report: &Report) -> String {
    let mut text = heading("4. The same again");
    text.push_str("The server says what has not changed; nothing is stored twice.\n");
    text.push_str(&counted(report));
    text
}

/// `id`: of one stored page, to show.
pub(super) fn closing(dir: &Path, id: Option<&str>) -> String {
    let mut text = heading("5. Where to look next");
    let program = program();
    let at = |name: &str| quoted(&nearest(&dir.join(name)));
    // The first digits do.
    let id: String = id.unwrap_or("ID").trim_start_matches("sha256:").chars().take(10).collect();
    for (command, what) in [
        (format!("store ls {}", at("store")), "what is stored"),
        (format!("store show {} {id}", at("store")), "one page, by the first digits of its id"),
        (format!("store stats {}", at("store")), "counts"),
        (format!("store export {}", at("store")), "as JSON lines"),
        (format!("clean {}", at("warc")), "clean what was received again"),
    ] {
        let _ = writeln!(text, "{}\n      {what}", command_line(&program, &command));
    }
    let runs = nearest(&dir.join("runs"));
    let _ = writeln!(text, "Counts and a line per page, of each run, are in\n  {}", runs.display());
    let own = command_line(&program, "fetch https://example.org/ --store texts");
    let _ = writeln!(text, "Now your own pages:\n{own}");
    text
}

/// A command to copy, on two lines where one is too long.
fn command_line(program: &str, command: &str) -> String {
    let whole = format!("  {program} {command}");
    if width(&whole) <= COLUMNS { whole } else { format!("  {program} \\\n    {command}") }
}

fn heading(title: &str) -> String {
    format!("\n{}\n", Style::for_stdout().bold(title))
}

fn rank(line: &Line) -> u8 {
    match line.state {
        State::Stored if line.near_duplicate_of.is_none() => 0,
        State::Stored => 1,
        State::Unchanged => 2,
        State::Duplicate => 3,
        State::Skipped { .. } => 4,
        State::Failed { .. } => 5,
    }
}

fn mark(line: &Line) -> String {
    match &line.state {
        State::Stored => "stored".to_owned(),
        State::Unchanged => "unchanged".to_owned(),
        State::Duplicate => "duplicate".to_owned(),
        State::Skipped { .. } => "skipped".to_owned(),
        State::Failed { .. } => "failed".to_owned(),
    }
}

fn remark(base: &str, line: &Line, page: Option<&Cleaned>) -> String {
    match &line.state {
        State::Stored => {
            let Some(record) = page.map(|page| &page.record) else {
                return String::new();
            };
            let lang = record.lang.as_deref().unwrap_or("--");
            let first = record.text.lines().next().unwrap_or("");
            match line.near_duplicate_of {
                None => format!("{lang}  {}", record.title.as_deref().unwrap_or(first)),
                Some(_) => format!("{lang}  nearly the same as above"),
            }
        }
        State::Duplicate => {
            let of = line.duplicate_of.as_deref().unwrap_or("");
            format!("same text as {}", path(base, of))
        }
        State::Unchanged => String::new(),
        State::Skipped { reason } => match reason.as_str() {
            "robots" => "robots.txt forbids it".to_owned(),
            "duplicate-url" => "listed twice".to_owned(),
            "not-found" => "an error page, though it said 200 OK".to_owned(),
            "index" => "only lists other pages".to_owned(),
            other => other.to_owned(),
        },
        State::Failed { class } => class.clone(),
    }
}

fn page_of<'a>(seen: &'a Seen, url: &str) -> Option<&'a Cleaned> {
    seen.pages.iter().find(|page| page.record.source == url)
}

fn path(base: &str, url: &str) -> String {
    url.strip_prefix(base).unwrap_or(url).to_owned()
}

/// `  stored     /en/news/night-market.html          en  Night market ...`
fn row(text: &mut String, mark: &str, path: &str, remark: &str) {
    let path = shortened(path, 34);
    let pad = " ".repeat(34 - width(&path).min(34));
    let start = format!("  {mark:<10} {path}{pad}  ");
    let remark = cut(&one_line(remark), COLUMNS - width(&start));
    let _ = writeln!(text, "{start}{remark}");
}

/// The end of a path says more than its beginning.
fn shortened(path: &str, columns: usize) -> String {
    if width(path) <= columns {
        return path.to_owned();
    }
    let surplus = path.chars().count() - (columns - 1);
    format!("…{}", path.chars().skip(surplus).collect::<String>())
}

fn counted(report: &Report) -> String {
    let mut text = String::new();
    for line in super::super::terminal::wrap(&summary(report), COLUMNS - 2) {
        let _ = writeln!(text, "  {line}");
    }
    text
}

/// One page: what went, why, and what was kept.
fn closely(page: &Cleaned) -> String {
    let style = Style::for_stdout();
    let mut text = heading("2. One page, closely");
    let record = &page.record;
    let _ = writeln!(text, "{SHOWN}: {} bytes of HTML, {} of text.", page.bytes, record.text.len());
    let removed = record.removed.as_deref().unwrap_or_default();
    for block in spread(removed, MOST_REMOVED) {
        let reason = format!("[{}]", block.reason);
        let room = COLUMNS - 5 - width(&reason);
        let line = cut(&one_line(&block.text), room);
        let pad = " ".repeat(room - width(&line));
        let _ = writeln!(text, "  {} {}{pad} {reason}", style.dim("-"), style.dim(&line));
    }
    more(&mut text, removed.len(), MOST_REMOVED, "removed");
    let kept: Vec<&str> = record.text.lines().filter(|line| !line.is_empty()).collect();
    for line in kept.iter().take(MOST_KEPT) {
        let _ = writeln!(text, "  {} {}", style.bold("+"), cut(&one_line(line), COLUMNS - 4));
    }
    more(&mut text, kept.len(), MOST_KEPT, "kept");
    text
}

/// `most` of `all`, each reason first once, in their order.
fn spread(all: &[crate::record::Removed], most: usize) -> Vec<&crate::record::Removed> {
    let mut chosen: Vec<usize> = Vec::new();
    let mut reasons: Vec<&str> = Vec::new();
    for (at, block) in all.iter().enumerate() {
        if !reasons.contains(&block.reason.as_str()) && chosen.len() < most {
            reasons.push(&block.reason);
            chosen.push(at);
        }
    }
    for at in 0..all.len() {
        if chosen.len() < most && !chosen.contains(&at) {
            chosen.push(at);
        }
    }
    chosen.sort_unstable();
    chosen.iter().filter_map(|at| all.get(*at)).collect()
}

fn more(text: &mut String, all: usize, shown: usize, what: &str) {
    if all > shown {
        let _ = writeln!(text, "    … and {} more {what}", all - shown);
    }
}

/// Reasons shown by name; the others are one.
const REASONS: usize = 14;

/// What was removed from all pages, by reason, most blocks first.
fn removed(seen: &Seen) -> String {
    let mut text = heading("3. What was removed from all pages, and why");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for block in seen.pages.iter().filter_map(|page| page.record.removed.as_ref()).flatten() {
        *counts.entry(block.reason.as_str()).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(reason, count)| (std::cmp::Reverse(*count), *reason));
    if counts.is_empty() {
        text.push_str("  nothing\n");
    }
    if counts.len() > REASONS + 1 {
        let others = counts.split_off(REASONS).iter().map(|(_, count)| count).sum();
        counts.push(("for other reasons", others));
    }
    for three in counts.chunks(3) {
        let cells = three.iter().map(|(reason, count)| {
            let reason = cut(reason, 20);
            format!("{count:>4} {reason}{}", " ".repeat(20 - width(&reason)))
        });
        let line: String = cells.collect();
        let _ = writeln!(text, " {}", line.trim_end());
    }
    text
}

fn one_line(text: &str) -> String {
    harmless(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How this program was called, so that the commands shown can be copied.
fn program() -> String {
    let exe = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("tamis"));
    let on_path = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| Some(dir.as_path()) == exe.parent()));
    if on_path {
        return "tamis".to_owned();
    }
    quoted(&nearest(&exe))
}

/// The path as it is shortest from here.
fn nearest(path: &Path) -> PathBuf {
    let relative = std::env::current_dir().ok().and_then(|here| from(&here, path));
    let len = |path: &Path| width(&path.to_string_lossy());
    relative.filter(|relative| len(relative) < len(path)).unwrap_or_else(|| path.to_owned())
}

/// An absolute path as it is written in the folder `here`.
fn from(here: &Path, path: &Path) -> Option<PathBuf> {
    let above = here.ancestors().find(|above| path.starts_with(above))?;
    let up = here.strip_prefix(above).ok()?.components().map(|_| "..");
    let down = path.strip_prefix(above).ok()?;
    Some(up.map(PathBuf::from).chain([down.to_owned()]).collect())
        .filter(|all: &PathBuf| all.components().count() > 1)
}

fn quoted(path: &Path) -> String {
    super::super::init::shell(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::{Path, command_line, from};

    #[test]
    fn paths_are_told_from_where_one_stands() {
        let told = |here: &str, path: &str| {
            from(Path::new(here), Path::new(path))
                .map(|path| path.to_str().map(str::to_owned))
                .unwrap_or_default()
        };
        assert_eq!(told("/a/b", "/a/b/c/d").as_deref(), Some("c/d"));
        assert_eq!(told("/a/b", "/a/x/tamis").as_deref(), Some("../x/tamis"));
        // A program of this very folder is not found by its bare name.
        assert_eq!(told("/a/b", "/a/b/tamis"), None);
        assert_eq!(told("/a/b", "relative/path"), None);
    }

    #[test]
    fn long_commands_are_parted_as_the_shell_reads_them() {
        assert_eq!(command_line("tamis", "store ls a"), "  tamis store ls a");
        let long = "x".repeat(80);
        assert_eq!(command_line("tamis", &long), format!("  tamis \\\n    {long}"));
    }
}
