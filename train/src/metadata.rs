//! How often title, author and date are what people read off the page: cleans the corpora's pages with the
//! library itself and counts. A title is right when it has the gold's letters and digits, with or without the
//! site's name at either end; authors, when they are the same people; a date, when it is the same day.
//! A value where the page has none is made up. Decides nothing of the library.

use crate::alike::{people, same_title, spelled};
use crate::corpus::{self, FOLDS, Row};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use tamis::clean::{Cleaned, Input, Media, Options, clean};
use url::Url;

/// The sets that say title, author or date.
const SETS: [&str; 3] = ["wcxb", "aed", "text"];

const FIELDS: [&str; 3] = ["title", "author", "date"];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Verdict {
    Right,
    Wrong,
    Missed,
    /// Given where the page has none.
    MadeUp,
    /// Rightly not given.
    Silent,
}

/// One field of one page.
struct Found {
    row: usize,
    field: usize,
    verdict: Verdict,
    /// Is the gold value to be read in the text, as far as that can be told?
    visible: bool,
    value: String,
    from: String,
}

/// Cleans the pages, prints the shares by set and fold and, if wanted, up to `list` errors of each sort.
pub fn measure(corpora: &Path, list: usize) -> Result<(), String> {
    let mut rows = corpus::read(corpora, &SETS, false)?;
    rows.retain(|row| row.title.as_ref().is_some_and(Option::is_some));
    let halves = rows.split_at(rows.len() / 2);
    let mut found: Vec<Found> = std::thread::scope(|scope| {
        let first = scope.spawn(|| read(halves.0, 0));
        let mut second = read(halves.1, halves.0.len());
        let mut all = first.join().unwrap_or_default();
        all.append(&mut second);
        all
    });
    found.sort_by_key(|f| (f.field, f.row));
    let mut groups: BTreeMap<String, Vec<&Found>> = BTreeMap::new();
    for one in &found {
        let row = &rows[one.row];
        groups.entry(row.set.clone()).or_default().push(one);
        for part in [row.rendering.clone(), Some(format!("fold {}", row.fold()))].into_iter().flatten() {
            groups.entry(format!("{} {part}", row.set)).or_default().push(one);
        }
        if let (Some(kind), false) = (&row.kind, row.set == "aed") {
            groups.entry(format!("{} {kind}", row.set)).or_default().push(one);
        }
    }
    println!(
        "shares right of those the page has; made up: of those it has not; visible: of those its text shows"
    );
    for (name, found) in &groups {
        println!("{name:22} {}", shares(found));
    }
    sources(&found);
    errors(&rows, &found, list);
    Ok(())
}

fn read(rows: &[Row], start: usize) -> Vec<Found> {
    let of = |(at, row): (usize, &Row)| judge(start + at, row, &cleaned(row));
    rows.iter().enumerate().flat_map(of).collect()
}

fn cleaned(row: &Row) -> Cleaned {
    let url = row.url.as_deref().and_then(|u| Url::parse(u).ok());
    let (text, media) = match (&row.html, &row.text) {
        (Some(html), _) => (html.as_str(), Media::Html),
        (None, text) => (text.as_deref().unwrap_or_default(), Media::Text),
    };
    let input = Input { bytes: text.as_bytes(), media, charset: Some("utf-8"), url: url.as_ref() };
    clean(&input, &Options { explain: true, ..Options::default() })
}

fn judge(at: usize, row: &Row, found: &Cleaned) -> Vec<Found> {
    let evidence = found.evidence.clone().unwrap_or_default();
    let golds = [&row.title, &row.author, &row.date];
    let values =
        [(&found.title, evidence.title), (&found.author, evidence.author), (&found.date, evidence.date)];
    let mut out = Vec::new();
    for (field, (gold, (value, from))) in golds.into_iter().zip(values).enumerate() {
        let Some(gold) = gold else { continue };
        let gold = gold.as_deref().unwrap_or_default().trim();
        let value = value.as_deref().unwrap_or_default();
        let verdict = match (gold.is_empty(), value.is_empty()) {
            (true, true) => Verdict::Silent,
            (true, false) => Verdict::MadeUp,
            (false, true) => Verdict::Missed,
            (false, false) if is_right(field, gold, value, row, found) => Verdict::Right,
            (false, false) => Verdict::Wrong,
        };
        let visible = is_visible(field, gold, row, found);
        out.push(Found {
            row: at,
            field,
            verdict,
            visible,
            value: value.to_owned(),
            from: from.unwrap_or_default(),
        });
    }
    out
}

fn is_right(field: usize, gold: &str, value: &str, row: &Row, found: &Cleaned) -> bool {
    match FIELDS[field] {
        "title" => same_title(gold, value, found.site.as_deref(), row.url.as_deref()),
        "author" => people(gold) == people(value),
        _ => gold.get(..10).unwrap_or(gold) == value.get(..10).unwrap_or(value),
    }
}

/// Of a text file: does it hold the value at all?
fn is_visible(field: usize, gold: &str, row: &Row, found: &Cleaned) -> bool {
    let Some(text) = &row.text else { return true };
    let site = found.site.as_deref();
    match FIELDS[field] {
        "title" => text.lines().any(|l| same_title(gold, l, site, row.url.as_deref())),
        "author" => {
            let whole = spelled(text);
            gold.split([',', ';', '&']).any(|name| whole.contains(&spelled(name)))
        }
        // Day and year near each other; the month may be a word of any language.
        _ => {
            let mut parts = gold.split('-');
            let (Some(year), Some(_), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
                return true;
            };
            let day = day.get(..2).unwrap_or(day).trim_start_matches('0');
            let numbers: Vec<&str> =
                text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
            numbers.windows(3).any(|w| {
                let has = |n: &str| w.iter().any(|x| x.trim_start_matches('0') == n);
                (has(year) || has(&year[2..])) && has(day)
            })
        }
    }
}

/// The shares of a group, field by field.
fn shares(found: &[&Found]) -> String {
    let mut out = String::new();
    for (field, name) in FIELDS.iter().enumerate() {
        let count = |f: &dyn Fn(&Found) -> bool| found.iter().filter(|x| x.field == field && f(x)).count();
        let absent = count(&|x| matches!(x.verdict, Verdict::MadeUp | Verdict::Silent));
        let made_up = count(&|x| x.verdict == Verdict::MadeUp);
        let present = count(&|_| true) - absent;
        let right = count(&|x| x.verdict == Verdict::Right);
        let missed = count(&|x| x.verdict == Verdict::Missed);
        let shown = |x: &Found| x.visible && !matches!(x.verdict, Verdict::MadeUp | Verdict::Silent);
        let visible = count(&shown);
        let read = count(&|x| shown(x) && x.verdict == Verdict::Right);
        let share = |a: usize, b: usize| {
            if b == 0 { "   –".to_owned() } else { format!("{:.3}", a as f64 / b as f64) }
        };
        out += &format!("{name} {} of {present:4}, none {}", share(right, present), share(missed, present));
        if visible < present {
            out += &format!(", visible {} of {visible}", share(read, visible));
        }
        if absent > 0 {
            out += &format!(", made up {} of {absent}", share(made_up, absent));
        }
        out += "  ";
    }
    out
}

/// Prints how often each source is right, by set and field.
fn sources(found: &[Found]) {
    let mut table: BTreeMap<(usize, &str), [usize; 3]> = BTreeMap::new();
    for one in found.iter().filter(|f| !f.value.is_empty()) {
        let counts = table.entry((one.field, &one.from)).or_default();
        match one.verdict {
            Verdict::Right => counts[0] += 1,
            Verdict::Wrong => counts[1] += 1,
            _ => counts[2] += 1,
        }
    }
    println!("{:8} {:36} {:>6} {:>6} {:>7}", "", "source", "right", "wrong", "made up");
    for ((field, from), [right, wrong, made_up]) in table {
        println!("{:8} {from:36} {right:6} {wrong:6} {made_up:7}", FIELDS[field]);
    }
}

/// Prints errors: of every set, field, verdict and source so many, the same ones each time.
fn errors(rows: &[Row], found: &[Found], list: usize) {
    let mut printed: HashMap<(&str, usize, Verdict, &str), usize> = HashMap::new();
    let mut order: Vec<&Found> = found.iter().collect();
    // Spread over the hosts rather than in the order of the corpora.
    order.sort_by_key(|f| (f.field, f.verdict, xxhash_rust::xxh3::xxh3_64(rows[f.row].id.as_bytes())));
    for one in order {
        let row = &rows[one.row];
        let name = match one.verdict {
            Verdict::Wrong => "wrong",
            Verdict::Missed => "missed",
            Verdict::MadeUp => "made up",
            Verdict::Right | Verdict::Silent => continue,
        };
        let count = printed.entry((&row.set, one.field, one.verdict, &one.from)).or_default();
        *count += 1;
        if *count > list {
            continue;
        }
        let gold = [&row.title, &row.author, &row.date][one.field];
        let gold = gold.iter().flatten().next().map_or("", String::as_str);
        println!(
            "{}\t{name}\t{}\t{}/{}\t{}\t{}\t{gold}\t{}\t{}",
            FIELDS[one.field],
            row.set,
            row.id,
            row.fold() % FOLDS,
            row.kind.as_deref().unwrap_or_default(),
            one.from,
            one.value,
            row.url.as_deref().unwrap_or_default(),
        );
    }
}
