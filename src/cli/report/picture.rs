//! Lengths before and after, as pictures: a map of both, and how much of a document is kept. Integers only, so that
//! every machine draws the same.

use super::super::html::{counted, grouped};
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// Steps of a length: two for each doubling.
const STEPS: usize = 50;

/// How many documents have which lengths.
#[derive(Default)]
pub(super) struct Lengths {
    cells: BTreeMap<(usize, usize), u64>,
    /// By share kept, in tenths; the last is all of it.
    shares: [u64; 11],
}

impl Lengths {
    /// Takes in a document's length before and after, in characters.
    pub(super) fn note(&mut self, before: u64, after: u64) {
        *self.cells.entry((step(before), step(after))).or_default() += 1;
        if let Some(tenth) = (after * 10).checked_div(before) {
            self.shares[tenth.min(10) as usize] += 1;
        }
    }

    /// A map: to the right the length before, upwards the length after, the fuller the colour the more documents.
    pub(super) fn map(&self, out: &mut String) -> fmt::Result {
        let to = self.cells.keys().map(|&(x, _)| x + 1).max().unwrap_or(1).max(step(10_000) + 1);
        let (size, left, top) = ((400 / to).max(4), 62, 8);
        let side = to * size;
        let low = top + side;
        writeln!(
            out,
            "<figure>\n<figcaption>How long each document was and is. On the dashed line nothing was removed.\
             </figcaption>\n<svg class=\"picture\" viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"map-name\">\n\
             <title id=\"map-name\">Lengths of the documents: before cleaning to the right, after it upwards, in \
             characters; the table below has the numbers</title>",
            left + side + 16,
            low + 44,
        )?;
        for (label, n) in
            [("10", 10), ("100", 100), ("1k", 1_000), ("10k", 10_000), ("100k", 100_000), ("1M", 1_000_000)]
        {
            let at = step(n) * size;
            if at > side {
                break;
            }
            let (x, y) = (left + at, low - at);
            writeln!(
                out,
                "<path class=\"rule\" d=\"M{x} {top}V{low}M{left} {y}H{}\"/>\
                 <text class=\"label\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{label}</text>\
                 <text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{label}</text>",
                left + side,
                low + 16,
                left - 6,
                y + 4,
            )?;
        }
        writeln!(out, "<path class=\"whole\" d=\"M{left} {low}L{} {top}\"/>", left + side)?;
        let most = self.cells.values().copied().max().unwrap_or(1);
        for (&(x, y), &count) in &self.cells {
            let shade = shade(count, most);
            writeln!(
                out,
                "<rect class=\"cell\" x=\"{}\" y=\"{}\" width=\"{size}\" height=\"{size}\" fill-opacity=\"{}.{:02}\">\
                 <title>{} of {} to {} characters, {} to {} after</title></rect>",
                left + x * size,
                low - (y + 1) * size,
                shade / 100,
                shade % 100,
                counted(count, "document"),
                grouped(least(x)),
                grouped(least(x + 1).saturating_sub(1).max(least(x))),
                grouped(least(y)),
                grouped(least(y + 1).saturating_sub(1).max(least(y))),
            )?;
        }
        writeln!(
            out,
            "<text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">characters before</text>\
             <text class=\"label\" text-anchor=\"middle\" transform=\"translate(14 {}) rotate(-90)\">characters \
             after</text></svg>",
            left + side / 2,
            low + 38,
            top + side / 2,
        )?;
        write!(out, "<p class=\"key\" aria-hidden=\"true\">")?;
        for count in
            [Some(1), Some(most.isqrt()).filter(|&middle| middle > 1), Some(most).filter(|&most| most > 1)]
        {
            let Some(count) = count else { continue };
            let shade = shade(count, most);
            write!(
                out,
                "<span><svg viewBox=\"0 0 10 10\"><rect class=\"cell\" width=\"10\" height=\"10\" \
                 fill-opacity=\"{}.{:02}\"/></svg> {}</span> ",
                shade / 100,
                shade % 100,
                counted(count, "document"),
            )?;
        }
        writeln!(out, "</p>\n</figure>")
    }

    /// A bar for each tenth of the text that is kept.
    pub(super) fn bars(&self, out: &mut String) -> fmt::Result {
        let most = self.shares.iter().copied().max().unwrap_or(1).max(1);
        writeln!(
            out,
            "<figure>\n<figcaption>How much of a document was kept: how many documents by the share of their \
             characters.</figcaption>\n\
             <svg class=\"picture\" viewBox=\"0 0 470 444\" role=\"img\" aria-labelledby=\"bars-name\">\n\
             <title id=\"bars-name\">How much of a document is kept, and how many documents; the table below has the \
             numbers</title>"
        )?;
        let (left, low, width) = (16, 400, 38);
        for (tenth, &count) in self.shares.iter().enumerate() {
            let height = count * 370 / most;
            // Those that were kept whole stand apart: theirs is no range.
            let x = left + tenth * width + if tenth == 10 { 16 } else { 0 };
            writeln!(
                out,
                "<rect class=\"bar\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{height}\"/>\
                 <text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                x + 1,
                low - height,
                width - 2,
                x + width / 2,
                low - 5 - height,
                grouped(count),
            )?;
            // The others have their names at their edges.
            let (at, name) =
                if tenth == 10 { (x + width / 2, "all".to_owned()) } else { (x, format!("{}", tenth * 10)) };
            writeln!(
                out,
                "<text class=\"label\" x=\"{at}\" y=\"{}\" text-anchor=\"middle\">{name}</text>",
                low + 16
            )?;
        }
        writeln!(
            out,
            "<path class=\"rule\" d=\"M{left} {low}H{}M{} {low}H{}\"/>\
             <text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">100</text>\
             <text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">% of the characters kept</text></svg>\n</figure>",
            left + 10 * width,
            left + 10 * width + 16,
            left + 11 * width + 16,
            left + 10 * width,
            low + 16,
            left + 5 * width,
            low + 38,
        )
    }

    /// The same numbers, for those who do not see the pictures.
    pub(super) fn table(&self, out: &mut String) -> fmt::Result {
        writeln!(
            out,
            "<details><summary>The numbers</summary>\n<table><thead><tr><th scope=\"col\">Kept of the characters</th>\
             <th scope=\"col\" class=\"number\">Documents</th></tr></thead><tbody>"
        )?;
        for (tenth, &count) in self.shares.iter().enumerate() {
            let range = if tenth == 10 {
                "all".to_owned()
            } else {
                format!("{} % to {} %", tenth * 10, tenth * 10 + 10)
            };
            writeln!(out, "<tr><td>{range}</td><td class=\"number\">{}</td></tr>", grouped(count))?;
        }
        writeln!(out, "</tbody></table></details>")
    }
}

/// How full the colour of so many documents is, in hundredths: from 25 on, by the number of doublings.
fn shade(count: u64, most: u64) -> u64 {
    let doublings = |n: u64| u64::from(n.max(1).ilog2());
    (25 + 75 * doublings(count) / doublings(most).max(1)).min(100)
}

/// The step of a length: 0 for nothing, then two for each doubling.
fn step(length: u64) -> usize {
    let Some(log) = length.checked_ilog2() else { return 0 };
    let half = if log > 0 { length >> (log - 1) & 1 } else { 0 };
    (1 + 2 * log as usize + half as usize).min(STEPS)
}

/// The least length of a step.
fn least(step: usize) -> u64 {
    match step {
        0 => 0,
        1 | 2 => 1,
        step => (2 + (step as u64 - 1) % 2) << ((step - 1) / 2 - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::{Lengths, STEPS, least, step};

    #[test]
    fn a_length_stands_between_the_ends_of_its_step() {
        for length in (0..200).chain([1_000, 65_535, 65_536, 20_000_000]) {
            let at = step(length);
            assert!(
                least(at) <= length && (at == STEPS || length < least(at + 1) || length == 1),
                "{length}"
            );
        }
        assert_eq!(step(u64::MAX), STEPS);
    }

    #[test]
    fn pictures_of_nothing_and_of_much_are_drawn() {
        for documents in [vec![], vec![(0, 0)], vec![(1, 1), (u64::MAX / 16, 3), (900, 900), (900, 900)]] {
            let mut lengths = Lengths::default();
            documents.iter().for_each(|&(before, after)| lengths.note(before, after));
            let mut out = String::new();
            lengths
                .map(&mut out)
                .and(lengths.bars(&mut out))
                .and(lengths.table(&mut out))
                .expect("a picture");
            assert_eq!(out.matches("<svg class=\"picture\"").count(), 2);
        }
    }
}
