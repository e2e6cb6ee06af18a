//! The report as one page: what was removed by reason, language and site, the most frequent lines, the documents to
//! look at first, lengths as pictures.

use super::super::html::{Page, counted, escape, grouped};
use super::super::reasons::family;
use super::lines::Line;
use super::{Group, Report};
use crate::store::Stats;
use std::collections::BTreeMap;
use std::fmt::{self, Write};

const STYLE: &str = include_str!("page.css");

/// Rows of a table of sites, languages or kinds.
const ROWS: usize = 50;

/// Lines shown.
const LINES: usize = 100;

pub(super) fn render(report: &Report) -> String {
    let mut body = String::new();
    // Writing to a string does not fail.
    let _ = write_body(report, &mut body);
    Page { title: "What tamis cleaned", style: STYLE, script: "", body: &body }.render()
}

fn write_body(report: &Report, out: &mut String) -> fmt::Result {
    let totals = &report.totals;
    // What failed is not in a store.
    let failed = match &report.store {
        None => format!("; {} failed", grouped(report.failed)),
        Some(_) => String::new(),
    };
    let (command, copies) = match &report.store {
        None => ("tamis clean --report", ""),
        Some(_) => ("tamis store report", "<li><a href=\"#copies\">Duplicates</a></li>"),
    };
    writeln!(
        out,
        "<a class=\"skip\" href=\"#lengths\">Skip to the figures</a>\n<div class=\"page\">\n<header>\n\
         <p class=\"kicker\">{command}</p>\n<h1>{}, {} of the text kept</h1>\n\
         <p class=\"soft\">{} characters before, {} after, white space not counted{}. \
         <code>tamis explain SOURCE --html page.html</code> shows one document with the evidence behind each \
         decision.</p>\n</header>\n<nav aria-label=\"On this page\"><ul class=\"contents\">\
         <li><a href=\"#lengths\">Lengths</a></li>{copies}<li><a href=\"#reasons\">Reasons</a></li>\
         <li><a href=\"#removed\">Lines removed most</a></li><li><a href=\"#kept\">Lines kept most</a></li>\
         <li><a href=\"#doubtful\">Least sure documents</a></li><li><a href=\"#languages\">Languages</a></li>\
         <li><a href=\"#sites\">Sites</a></li><li><a href=\"#kinds\">Kinds</a></li></ul></nav>\n<main>",
        counted(totals.documents, "document"),
        percent(totals.after, totals.before),
        grouped(totals.before),
        grouped(totals.after),
        failed,
    )?;
    open("lengths", "Lengths before and after", out)?;
    write!(out, "<p class=\"verdicts\">")?;
    for (verdict, count) in &report.verdicts {
        write!(out, "<span><b>{}</b> {}</span> ", grouped(*count), escape(verdict))?;
    }
    writeln!(out, "</p>\n<div class=\"pictures\">")?;
    report.lengths.map(out)?;
    report.lengths.bars(out)?;
    writeln!(out, "</div>")?;
    report.lengths.table(out)?;
    writeln!(out, "</section>")?;
    if let Some(stats) = &report.store {
        self::copies(stats, out)?;
    }
    reasons(totals, out)?;
    lines(
        ("removed", "The most frequent removed lines"),
        "Numbers and case do not matter. Open a line for documents that have it.",
        &report.removed.frequent(LINES),
        out,
    )?;
    lines(
        ("kept", "The most frequent kept lines"),
        "What many documents share is seldom their text: look here for what should have gone.",
        &report.kept.frequent(LINES),
        out,
    )?;
    doubtful(report, out)?;
    groups(("languages", "By language", "Language"), &report.languages, out)?;
    groups(("sites", "By site", "Site"), &report.sites, out)?;
    groups(("kinds", "By kind of page", "Kind"), &report.kinds, out)?;
    writeln!(out, "</main>\n</div>")
}

fn open(id: &str, name: &str, out: &mut String) -> fmt::Result {
    writeln!(out, "<section id=\"{id}\" aria-labelledby=\"{id}-name\">\n<h2 id=\"{id}-name\">{name}</h2>")
}

/// What a store knows of its documents together, and what it cannot know.
fn copies(stats: &Stats, out: &mut String) -> fmt::Result {
    let id = "copies";
    open(id, "Duplicates", out)?;
    writeln!(
        out,
        "<p class=\"soft\">Each text is shown once, as its first address had it. Pages without a main text and pages \
         that failed are not in a store: the reports and ledgers of the runs have them.</p>\n\
         <div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{id}-name\"><table>\n<thead><tr>\
         <th scope=\"col\">In the whole store</th><th scope=\"col\" class=\"number\">Count</th></tr></thead>\n<tbody>"
    )?;
    for (name, count) in [
        ("distinct texts", stats.documents),
        ("addresses that have or had them", stats.urls),
        ("the very text of another address", stats.duplicates),
        ("nearly the same as an earlier text", stats.near_duplicates),
        ("for the most part within another text", stats.contained),
    ] {
        writeln!(out, "<tr><th scope=\"row\">{name}</th><td class=\"number\">{}</td></tr>", grouped(count))?;
    }
    writeln!(out, "</tbody></table></div>")?;
    if let (Some(first), Some(last)) = (&stats.first_seen, &stats.last_seen) {
        let [first, last] = [first, last].map(|time| escape(time.get(..10).unwrap_or(time)));
        writeln!(out, "<p class=\"soft\">Seen from {first} to {last}.</p>")?;
    }
    writeln!(out, "</section>")
}

fn reasons(totals: &Group, out: &mut String) -> fmt::Result {
    let id = "reasons";
    open(id, "What was removed, by reason", out)?;
    writeln!(
        out,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{id}-name\"><table>\n<thead><tr><th scope=\"col\">Reason</th>\
         <th scope=\"col\" class=\"number\">Characters</th><th scope=\"col\" class=\"bars\">Share</th>\
         <th scope=\"col\" class=\"number\">Blocks</th><th scope=\"col\" class=\"number\">Documents</th></tr></thead>\n\
         <tbody>"
    )?;
    let all = totals.reasons.values().map(|reason| reason.chars).sum();
    let most = totals.reasons.values().map(|reason| reason.chars).max().unwrap_or(0);
    for (name, reason) in totals.reasons() {
        writeln!(
            out,
            "<tr><th scope=\"row\"><span class=\"tag {0}\">{1}</span></th><td class=\"number\">{2}</td>\
             <td class=\"bars {0}\">{3}</td><td class=\"number\">{4}</td><td class=\"number\">{5}</td></tr>",
            family(name),
            escape(name),
            grouped(reason.chars),
            bar(reason.chars, most, all),
            grouped(reason.blocks),
            grouped(reason.documents),
        )?;
    }
    writeln!(out, "</tbody></table></div>\n</section>")
}

fn lines((id, name): (&str, &str), about: &str, lines: &[&Line], out: &mut String) -> fmt::Result {
    open(id, name, out)?;
    if lines.is_empty() {
        return writeln!(out, "<p class=\"soft\">No line stands in two documents.</p>\n</section>");
    }
    writeln!(out, "<p class=\"soft\">{about}</p>\n<ul class=\"lines\">")?;
    for line in lines {
        let tag = match id {
            "kept" => String::new(),
            _ => format!("<span class=\"tag {}\">{}</span> ", family(&line.reason), escape(&line.reason)),
        };
        let more = if line.short_by > 0 {
            format!("–{}", grouped(line.documents + line.short_by))
        } else {
            String::new()
        };
        write!(
            out,
            "<li><details><summary><span class=\"count\">{}{more}</span> <span class=\"line\">{tag}<bdi>{}</bdi></span></summary><ul>",
            grouped(line.documents),
            escape(&line.text),
        )?;
        for source in &line.examples {
            write!(out, "<li><bdi>{}</bdi></li>", escape(source))?;
        }
        if line.documents > line.examples.len() as u64 {
            write!(
                out,
                "<li class=\"soft\">and {} more</li>",
                grouped(line.documents - line.examples.len() as u64)
            )?;
        }
        writeln!(out, "</ul></details></li>")?;
    }
    writeln!(out, "</ul>\n</section>")
}

fn doubtful(report: &Report, out: &mut String) -> fmt::Result {
    let id = "doubtful";
    open(id, "The documents tamis is least sure of", out)?;
    writeln!(
        out,
        "<p class=\"soft\">By confidence (the expected F1), else those that are not ok and those of which least was \
         kept.</p>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{id}-name\"><table>\n<thead><tr><th scope=\"col\">Document</th>\
         <th scope=\"col\" class=\"number\">Confidence</th><th scope=\"col\">Verdict</th><th scope=\"col\">Kind</th>\
         <th scope=\"col\">Language</th><th scope=\"col\" class=\"number\">Before</th>\
         <th scope=\"col\" class=\"number\">After</th><th scope=\"col\" class=\"number\">Kept</th></tr></thead>\n<tbody>"
    )?;
    for document in &report.doubtful {
        let confidence = document.confidence.map(|c| format!("{c:.2}")).unwrap_or_default();
        writeln!(
            out,
            "<tr><th scope=\"row\"><bdi>{}</bdi></th><td class=\"number\">{confidence}</td><td>{}</td><td>{}</td>\
             <td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
            escape(&document.source),
            escape(&document.verdict),
            escape(&document.kind),
            escape(&document.language),
            grouped(document.before),
            grouped(document.after),
            percent(document.after, document.before),
        )?;
    }
    writeln!(out, "</tbody></table></div>\n</section>")
}

fn groups(
    (id, name, column): (&str, &str, &str),
    groups: &BTreeMap<String, Group>,
    out: &mut String,
) -> fmt::Result {
    open(id, name, out)?;
    let mut rows: Vec<(&str, &Group)> = groups.iter().map(|(name, group)| (name.as_str(), group)).collect();
    rows.sort_by_key(|(_, group)| std::cmp::Reverse(group.documents));
    writeln!(
        out,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{id}-name\"><table>\n<thead><tr><th scope=\"col\">{column}</th>\
         <th scope=\"col\" class=\"number\">Documents</th><th scope=\"col\" class=\"number\">Characters before</th>\
         <th scope=\"col\" class=\"number\">Kept</th><th scope=\"col\">Most removed</th></tr></thead>\n<tbody>"
    )?;
    for (name, group) in rows.iter().take(ROWS) {
        write!(
            out,
            "<tr><th scope=\"row\"><bdi>{}</bdi></th><td class=\"number\">{}</td><td class=\"number\">{}</td>\
             <td class=\"number\">{}</td><td>",
            escape(name),
            grouped(group.documents),
            grouped(group.before),
            percent(group.after, group.before),
        )?;
        let all = group.reasons.values().map(|reason| reason.chars).sum();
        for (reason, of) in group.reasons().into_iter().take(4) {
            let share = percent(of.chars, all);
            write!(out, "<span class=\"tag {}\">{} {share}</span> ", family(reason), escape(reason))?;
        }
        writeln!(out, "</td></tr>")?;
    }
    writeln!(out, "</tbody></table></div>")?;
    if rows.len() > ROWS {
        writeln!(out, "<p class=\"soft\">and {} more</p>", grouped((rows.len() - ROWS) as u64))?;
    }
    writeln!(out, "</section>")
}

fn percent(part: u64, whole: u64) -> String {
    let rounded = (part * 100 + whole / 2).checked_div(whole);
    match rounded {
        None => "–".to_owned(),
        Some(0) if part > 0 => "< 1 %".to_owned(),
        Some(percent) => format!("{percent} %"),
    }
}

/// The share of the whole, and a bar that is as long as its part of the most there is.
fn bar(part: u64, most: u64, whole: u64) -> String {
    let thousandths = part * 1000 / most.max(1);
    format!(
        "<svg class=\"share\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect width=\"{thousandths}\" height=\"10\"/></svg><span>{}</span>",
        percent(part, whole)
    )
}
