//! Repairs of the blocks of a web page, after they are cut: marks and measures move with the text. Soft hyphens and
//! marks without width are passed over while blocks are cut; line ends and tags are the parser's.

use super::{Code, Edit, Mended, Repair, Repairs, Report, entities, mojibake};
use crate::clean::block::{Block, MarkKind, Shape};
use std::ops::Range;

/// Repairs blocks where they stand. A page with nothing to repair costs one search for an ampersand and two bytes.
pub fn blocks<'b>(blocks: impl Iterator<Item = &'b mut Block>, repairs: Repairs) -> Report {
    let blocks: Vec<&mut Block> = blocks.collect();
    let wanted = [Repair::Entities, Repair::Mojibake].into_iter().filter(|repair| repairs.has(*repair));
    let on = wanted.fold(Repairs::NONE, Repairs::with);
    let hurt = |block: &&mut Block| {
        (on.has(Repair::Mojibake) && has_left(&block.text))
            || (on.has(Repair::Entities) && entities::may_hold(&block.text))
            || (on.has(Repair::Mojibake) && mojibake::may_hold(&block.text))
    };
    if !blocks.iter().any(hurt) {
        return Report::default();
    }
    // What speaks for a repair stands anywhere on the page.
    let (page, places) = page(&blocks);
    let code = code(&blocks, &places);
    let mut done = Mended::new(&page, on, Some(code));
    if on.has(Repair::Mojibake) {
        done.make(left(&done.text));
    }
    for (block, place) in blocks.into_iter().zip(places) {
        let now = done.after(place.start)..done.after(place.end);
        if let Some(text) = done.text.get(now.clone()).filter(|text| *text != block.text) {
            *block =
                moved(block, text.to_owned(), |at| done.after(place.start + at).saturating_sub(now.start));
        }
    }
    for entry in &mut done.report.list {
        (entry.start, entry.end) = (None, None);
    }
    done.report
}

/// A control character that is no half of a letter after all.
fn is_left(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}')
}

/// Is there one? They are two bytes, the first 0xC2.
fn has_left(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(0xc2, bytes).any(|at| matches!(bytes.get(at + 1), Some(0x80..=0x9f)))
}

/// Such characters show nothing; one ends a line.
fn left(text: &str) -> Vec<Edit> {
    let made = |(at, c): (usize, &str)| {
        Edit::new(Repair::Mojibake, at..at + c.len(), if c == "\u{85}" { " " } else { "" })
    };
    text.match_indices(is_left).map(made).collect()
}

/// All blocks as one text, and where each stands in it.
fn page(blocks: &[&mut Block]) -> (String, Vec<Range<usize>>) {
    let mut page = String::new();
    let mut places = Vec::with_capacity(blocks.len());
    for block in blocks {
        let start = page.len();
        page.push_str(&block.text);
        places.push(start..page.len());
        page.push('\n');
    }
    (page, places)
}

/// Blocks of code, and stretches marked as code.
fn code(blocks: &[&mut Block], places: &[Range<usize>]) -> Code {
    let mut ranges = Vec::new();
    for (block, place) in blocks.iter().zip(places) {
        if block.shape == Shape::Code {
            ranges.push(place.clone());
            continue;
        }
        let marks = block.place.marks.iter().filter(|m| matches!(m.kind, MarkKind::Code | MarkKind::Math));
        ranges.extend(marks.map(|m| place.start + m.range.start..place.start + m.range.end));
    }
    ranges.sort_by_key(|range| range.start);
    Code::at(ranges)
}

/// The block with another text.
fn moved(block: &Block, text: String, place: impl Fn(usize) -> usize) -> Block {
    let link_chars = (block.link_density * text.chars().count() as f32).round() as usize;
    let mut now = Block::new(text, block.shape, block.region, link_chars);
    now.bullet = block.bullet;
    now.place = block.place.clone();
    for mark in &mut now.place.marks {
        mark.range = place(mark.range.start)..place(mark.range.end);
    }
    now
}

#[cfg(test)]
mod tests {
    use super::blocks;
    use crate::clean::block::{Block, Mark, MarkKind, Region, Shape};
    use crate::clean::repair::Repairs;

    #[test]
    fn blocks_of_a_page_keep_their_marks() {
        let block = |source: &str, marks: &[(&str, MarkKind)]| {
            let mut block = Block::new(source.to_owned(), Shape::Paragraph, Region::default(), 0);
            block.place.marks = marks
                .iter()
                .filter_map(|(part, kind)| {
                    source.find(part).map(|at| Mark { range: at..at + part.len(), kind: *kind })
                })
                .collect();
            block
        };
        let mut page = [
            block(
                "L'Ã©tÃ© est trÃ¨s beau &amp; long",
                &[("trÃ¨s", MarkKind::Strong), ("long", MarkKind::Emphasis)],
            ),
            block("Itâ\u{80}\u{99}s &eacute;, not &eacute; in code", &[("&eacute; in", MarkKind::Code)]),
            block("\u{92}lost\u{81} and\u{85}found", &[]),
            block("nothing", &[]),
        ];
        page[1].place.marks[0].range = 24..32;
        let report = blocks(page.iter_mut(), Repairs::ALL);
        let texts: Vec<&str> = page.iter().map(|b| b.text.as_str()).collect();
        assert_eq!(
            texts,
            ["L'été est très beau & long", "It’s é, not &eacute; in code", "’lost and found", "nothing"]
        );
        let marked: Vec<&str> = page[0].place.marks.iter().map(|m| &texts[0][m.range.clone()]).collect();
        assert_eq!(marked, ["très", "long"]);
        assert_eq!(&texts[1][page[1].place.marks[0].range.clone()], "&eacute;");
        assert_eq!((page[0].chars, report.counts.get("mojibake")), (26, Some(&5)));
        assert!(report.list.iter().all(|entry| entry.start.is_none()));
        assert!(blocks(page.iter_mut(), Repairs::ALL).counts.is_empty());
    }
}
