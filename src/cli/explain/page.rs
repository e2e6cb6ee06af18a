//! An explained document as one page: kept text on one side, removed on the other, in reading order, with the
//! reasons as filters and the evidence behind each decision.

use super::super::html::{Page, counted, escape, grouped};
use super::super::reasons::family;
use super::{Explained, facts, limit, reasons};
use crate::clean::block::Shape;
use crate::clean::explain::{Piece, Sign};
use crate::record::counted_reason;
use std::fmt::{self, Write};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Clauses of evidence shown for and against, each.
const CLAUSES: usize = 6;

/// A removed piece of at most so many characters stands beside its reason.
const SHORT: usize = 40;

/// The whole page.
pub(super) fn render(explained: &Explained) -> String {
    let mut body = String::new();
    // Writing to a string does not fail.
    let _ = write_body(explained, &mut body);
    let name = explained.record.title.as_deref().unwrap_or(&explained.record.source);
    let title = format!("{name} – explained by tamis");
    Page { title: &title, style: STYLE, script: SCRIPT, body: &body }.render()
}

fn write_body(explained: &Explained, out: &mut String) -> fmt::Result {
    let Explained { record, account } = explained;
    let name = record.title.as_deref().unwrap_or(&record.source);
    writeln!(
        out,
        "<a class=\"skip\" href=\"#document\">Skip to the document</a>\n<div class=\"page\">\n<header>\n\
         <p class=\"kicker\">tamis explain</p>\n<h1 dir=\"auto\">{}</h1>\n\
         <p class=\"soft\"><bdi>{}</bdi></p>\n</header>\n<main>",
        escape(name),
        escape(&record.source),
    )?;
    writeln!(out, "<div class=\"above\">")?;
    metadata(explained, out)?;
    filters(explained, out)?;
    writeln!(
        out,
        "</div>\n<section id=\"document\" tabindex=\"-1\" aria-labelledby=\"reading\">\n\
         <h2 id=\"reading\">The document, in reading order</h2>\n\
         <p class=\"soft\">The number at a block says how likely it is main text; {}.</p>\n\
         <div class=\"heads\" aria-hidden=\"true\"><span>kept</span><span>removed</span></div>\n\
         <ol class=\"pieces\">",
        escape(&limit(account)),
    )?;
    for piece in &account.pieces {
        write_piece(piece, out)?;
    }
    writeln!(out, "</ol>\n</section>\n</main>\n</div>")
}

fn metadata(explained: &Explained, out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "<section aria-labelledby=\"about\">\n<h2 id=\"about\">What it is</h2>\n<dl class=\"facts\">"
    )?;
    for (name, value, from) in facts(&explained.record) {
        let value = match name {
            "id" => format!("<code>{}</code>", escape(&value)),
            _ => format!("<bdi>{}</bdi>", escape(&value)),
        };
        let from = from.map(|from| format!(" <span class=\"soft\">({})</span>", escape(&from)));
        let from = from.unwrap_or_default();
        writeln!(out, "<div><dt>{name}</dt><dd>{value}{from}</dd></div>")?;
    }
    writeln!(out, "</dl>\n</section>")
}

/// A box for what is kept and one for each reason, with counts; without scripts they are not shown.
fn filters(explained: &Explained, out: &mut String) -> fmt::Result {
    let account = &explained.account;
    let kept = account.pieces.iter().filter(|piece| piece.is_kept()).count();
    writeln!(
        out,
        "<section aria-labelledby=\"counts\">\n<h2 id=\"counts\">{} kept, {} removed</h2>\n\
         <form class=\"controls\" role=\"search\" aria-label=\"What is shown\">\n<fieldset>\n\
         <legend>Show</legend>\n<ul class=\"reasons\">",
        counted(kept as u64, "block"),
        grouped((account.pieces.len() - kept) as u64),
    )?;
    let mut item = |reason: &str, class: &str, count: usize| {
        writeln!(
            out,
            "<li><label class=\"tag {class}\"><input type=\"checkbox\" checked value=\"{0}\"> {0} \
             <b>{1}</b></label></li>",
            escape(reason),
            grouped(count as u64),
        )
    };
    item("kept", "keep", kept)?;
    for (reason, count) in reasons(account) {
        item(reason, family(reason), count)?;
    }
    writeln!(
        out,
        "</ul>\n<p class=\"buttons needs-script\"><button type=\"button\" data-do=\"all\">All</button> \
         <button type=\"button\" data-do=\"removed\">Only removed</button> \
         <button type=\"button\" data-do=\"kept\">Only kept</button> \
         <button type=\"button\" data-do=\"doubtful\">Only close calls</button></p>\n</fieldset>\n\
         <p class=\"needs-script\"><label for=\"words\">With these words</label>\n\
         <input type=\"search\" id=\"words\" autocomplete=\"off\"></p>\n\
         <p class=\"soft needs-script\" role=\"status\" id=\"shown\"></p>\n\
         <p class=\"soft needs-script keys\"><kbd>j</kbd> <kbd>k</kbd> next and previous block, <kbd>n</kbd> \
         <kbd>p</kbd> removed ones only, <kbd>e</kbd> its evidence, <kbd>/</kbd> search</p>\n</form>\n</section>"
    )
}

fn write_piece(piece: &Piece, out: &mut String) -> fmt::Result {
    let (state, reason, class) = match &piece.reason {
        None => ("kept", "kept", "keep"),
        Some(reason) => ("removed", reason.as_str(), family(reason)),
    };
    let short = !piece.is_kept() && piece.text.chars().nth(SHORT).is_none() && !piece.text.contains('\n');
    let state = if short { "removed short" } else { state };
    write!(
        out,
        "<li class=\"piece {state} {class}\" data-reason=\"{}\"{} tabindex=\"-1\">",
        escape(counted_reason(reason)),
        piece.chance.map(|chance| format!(" data-chance=\"{chance:.3}\"")).unwrap_or_default(),
    )?;
    let chance = piece.chance.map(|chance| format!("{chance:.2}")).unwrap_or_default();
    let label = match state {
        "kept" => "<span class=\"tag keep\">kept</span>".to_owned(),
        _ => format!("<span class=\"tag {class}\">{}</span>", escape(reason)),
    };
    write!(
        out,
        "<details><summary>{label} <span class=\"chance\">{chance}</span><span class=\"more\">why</span></summary>"
    )?;
    if let Some(exception) = piece.exception {
        write!(out, "<p>{}.</p>", escape(&sentence(exception)))?;
    }
    evidence("For keeping it", piece.signs.iter().filter(|sign| sign.keeps), out)?;
    evidence("Against it", piece.signs.iter().filter(|sign| !sign.keeps), out)?;
    let (open, close) = match piece.shape {
        Shape::Heading(level) => (format!("<p class=\"text heading level{level}\" dir=\"auto\">"), "</p>"),
        Shape::Code => ("<pre class=\"text\" dir=\"ltr\">".to_owned(), "</pre>"),
        Shape::Quote => ("<p class=\"text quote\" dir=\"auto\">".to_owned(), "</p>"),
        Shape::ListItem => ("<p class=\"text item\" dir=\"auto\">".to_owned(), "</p>"),
        _ => ("<p class=\"text\" dir=\"auto\">".to_owned(), "</p>"),
    };
    writeln!(out, "</details>{open}{}{close}</li>", escape(&piece.text))
}

fn evidence<'a>(name: &str, signs: impl Iterator<Item = &'a Sign>, out: &mut String) -> fmt::Result {
    let mut signs = signs.take(CLAUSES).peekable();
    if signs.peek().is_none() {
        return Ok(());
    }
    write!(out, "<p class=\"side\">{name}</p><ul>")?;
    for sign in signs {
        write!(out, "<li dir=\"auto\">{}</li>", escape(&sentence(&sign.words)))?;
    }
    write!(out, "</ul>")
}

/// The clause with a capital.
fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
