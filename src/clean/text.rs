//! Plain text -> blocks: one a line of the repaired text, with its bytes in the input and the blank lines before it;
//! in Markdown, fenced code, a table and a wrapped paragraph are one block each.

mod front_matter;
mod markdown;
mod markup;

use super::block::{Block, Place, Region, Shape};
use super::repair::{self, Repairs, Report};
use super::segment::Ornament;
pub use front_matter::{Field, FrontMatter};
pub use markdown::Definition;
use markdown::{Signs, Whole};
use std::borrow::Cow;
use std::ops::Range;

/// Most lines of one text file; what follows is left out, and said.
pub const MAX_LINES: usize = 200_000;

/// The part of a text within [`MAX_LINES`], and what to say where it is not the whole.
pub fn within_budget(text: &str) -> (&str, Option<String>) {
    let ends = text.match_indices(is_line_end);
    match ends.filter(|&(at, end)| !(end == "\r" && text[at..].starts_with("\r\n"))).nth(MAX_LINES - 1) {
        Some((end, _)) if end + 1 < text.len() => {
            let what = format!(
                "text budget: more than {MAX_LINES} lines; the rest of the file was left out, split it"
            );
            (&text[..end], Some(what))
        }
        _ => (text, None),
    }
}

/// A text file that was read.
pub struct Lines<'a> {
    /// What stood above the text, if something did.
    pub front: Option<FrontMatter>,
    /// What is below it, repaired.
    pub text: Cow<'a, str>,
    /// Their bytes are those of the file as it was.
    pub blocks: Vec<Block>,
    /// What stood above and below them: front matter, the addresses of links.
    pub around: Vec<Ornament>,
    /// Each block's bytes in the repaired text.
    pub ranges: Vec<Range<usize>>,
    /// What links of a Markdown file stand for, by their bytes in the repaired text.
    pub definitions: Vec<Definition>,
    pub repairs: Report,
    /// What to say where it is not the whole.
    pub over: Option<String>,
}

/// Repairs a text and cuts it into blocks.
pub fn read(text: &str, repairs: Repairs, is_markdown: bool) -> Lines<'_> {
    let (whole, over) = within_budget(text);
    let front = FrontMatter::of(whole);
    let text_at = front.as_ref().map_or(0, |front| front.at.end);
    let mut repaired = repair::text(&whole[text_at..], repairs, is_markdown);
    // Repairs give line ends back.
    let (lines, over_now) = within_budget(&repaired.text);
    let addresses = repaired.addresses_from().filter(|start| *start < lines.len());
    let Cut { mut blocks, definitions } = cut(&lines[..addresses.unwrap_or(lines.len())], is_markdown);
    let mut around: Vec<Ornament> =
        front.iter().map(|front| piece(whole, front.at.clone(), 0, "front matter")).collect();
    around.extend(definitions.iter().map(|(definition, before)| {
        let at = repaired.before(&definition.at);
        piece(whole, at.start + text_at..at.end + text_at, *before, "addresses of links")
    }));
    if let Some(start) = addresses {
        let at = repaired.before(&trimmed(lines, start..lines.len()));
        around.push(piece(whole, at.start + text_at..at.end + text_at, blocks.len(), "addresses of links"));
    }
    let mut ranges = Vec::with_capacity(blocks.len());
    for bytes in blocks.iter_mut().filter_map(|block| block.place.bytes.as_mut()) {
        let before = repaired.before(bytes);
        ranges.push(std::mem::replace(bytes, before.start + text_at..before.end + text_at));
    }
    for place in repaired.report.list.iter_mut().flat_map(|r| [&mut r.start, &mut r.end]) {
        *place = place.map(|at| at + text_at);
    }
    let (text, repairs) = (repaired.text, repaired.report);
    let definitions = definitions.into_iter().map(|(definition, _)| definition).collect();
    Lines { front, text, blocks, around, ranges, definitions, repairs, over: over.or(over_now) }
}

/// A piece that is not weighed, before the block of this index.
fn piece(text: &str, at: Range<usize>, before: usize, against: &'static str) -> Ornament {
    let mut block = Block::new(text[at.clone()].to_owned(), Shape::Paragraph, Region::default(), 0);
    block.place.bytes = Some(at);
    Ornament { before, against: Some(against), block }
}

/// Cuts a text into blocks, with all its repairs.
pub fn segment(text: &str) -> Vec<Block> {
    read(text, Repairs::ALL, false).blocks
}

struct Cut {
    blocks: Vec<Block>,
    /// Each before the block of this index.
    definitions: Vec<(Definition, usize)>,
}

fn cut(text: &str, is_markdown: bool) -> Cut {
    let mut blocks: Vec<Block> = Vec::new();
    let mut definitions = Vec::new();
    let mut blank = false;
    let mut at = 0;
    let mut skip_to = 0;
    let mut signs = if is_markdown { Signs::of(text) } else { Signs::default() };
    let mut wholes = std::mem::take(&mut signs.wholes).into_iter().peekable();
    let mut defined = std::mem::take(&mut signs.definitions).into_iter().peekable();
    for line in text.split(is_line_end) {
        let start = at;
        // The second half of a CRLF is no blank line.
        let in_crlf = line.is_empty() && text[..at].ends_with('\r') && text[at..].starts_with('\n');
        at += line.len() + text[at + line.len()..].chars().next().map_or(0, char::len_utf8);
        if start < skip_to {
            continue;
        }
        while defined.next_if(|definition| definition.at.start < start).is_some() {}
        if let Some(definition) = defined.next_if(|definition| definition.at.start == start) {
            skip_to = definition.at.end;
            definitions.push((definition, blocks.len()));
            continue;
        }
        while wholes.next_if(|whole| whole.lines.start < start).is_some() {}
        let whole = wholes.next_if(|whole| whole.lines.start == start);
        let bytes = trimmed(text, whole.as_ref().map_or(start..start + line.len(), |w| w.lines.clone()));
        if bytes.is_empty() {
            blank |= !in_crlf;
            continue;
        }
        let mut block = match whole {
            Some(Whole { said, shape: Shape::Code, .. }) => Block::new(
                text[said].trim_matches(['\n', '\r']).to_owned(),
                Shape::Code,
                Region::default(),
                0,
            ),
            Some(Whole { said, shape: Shape::Cell, .. }) => {
                let (said, link_chars) = signs.said(text, said);
                Block::new(said.trim().to_owned(), Shape::Cell, Region::default(), link_chars)
            }
            whole => {
                let (mut shape, bullet) = shape_of(&text[bytes.clone()]);
                if let Some(level) = markup::heading(&text[bytes.clone()]).filter(|_| is_markdown) {
                    shape = Shape::Heading(level);
                }
                let (said, link_chars) = signs.said(text, bytes.clone());
                let said = said.trim_matches(is_padding);
                let said = fold_blanks(&if whole.is_some() { joined(said) } else { said.to_owned() });
                let said = if is_markdown && is_sign(&said) && said.len() < bytes.len() {
                    String::new()
                } else {
                    said
                };
                Block { bullet, ..Block::new(said, shape, Region::default(), link_chars) }
            }
        };
        skip_to = bytes.end;
        block.place = Place {
            text_node: blocks.len(),
            bytes: Some(bytes),
            blank_before: blank && !blocks.is_empty(),
            ..Place::default()
        };
        // What says nothing leaves the lines around it apart.
        blank &= block.text.is_empty();
        blocks.push(block);
    }
    Cut { blocks, definitions }
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// White space and marks that show nothing.
fn is_padding(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}') || c.is_control()
}

/// What the line's own marks say it is: Markdown headings and list markers.
fn shape_of(line: &str) -> (Shape, bool) {
    let hashes = line.bytes().take_while(|b| *b == b'#').count();
    if (1..=6).contains(&hashes) && line[hashes..].starts_with(' ') {
        return (Shape::Heading(hashes as u8), false);
    }
    let bullet = line.starts_with(['•', '◦', '▪', '‣', '●', '○', '■', '·', '∙'])
        || ["- ", "* ", "+ ", "– "].iter().any(|b| line.starts_with(b));
    (Shape::Paragraph, bullet)
}

/// A range of the text without the padding at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let whole = &text[range.clone()];
    let start = range.start + whole.len() - whole.trim_start_matches(is_padding).len();
    start..start + whole.trim_matches(is_padding).len()
}

/// Is it a bullet, a number of an item or the sign of a quotation, and nothing else?
fn is_sign(line: &str) -> bool {
    let number = line.trim_end_matches(['.', ')']);
    matches!(line.trim(), "-" | "*" | "+" | ">")
        || (number.len() < line.len() && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// The lines of a wrapped paragraph as one.
fn joined(lines: &str) -> String {
    let mut out = String::new();
    for line in lines.split(['\n', '\r']).map(str::trim_end).filter(|line| !line.is_empty()) {
        if out.is_empty() {
            out.push_str(line);
        } else {
            let line = markdown::unquoted(line);
            out.push_str(repair::between(&out, line).unwrap_or(" "));
            out.push_str(line);
        }
    }
    out
}

/// Control characters to blanks; runs of blanks stay, they may be a table's.
fn fold_blanks(line: &str) -> String {
    line.chars().map(|c| if c.is_control() && c != '\t' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Block, MAX_LINES, Repairs, Shape, read, segment, within_budget};

    #[test]
    fn a_text_of_too_many_lines_is_cut_and_says_so() {
        let whole = "a\n".repeat(MAX_LINES);
        assert_eq!(within_budget(&whole), (whole.as_str(), None));
        let more = format!("{whole}b\n");
        let (kept, why) = within_budget(&more);
        assert_eq!(kept.lines().count(), MAX_LINES);
        assert!(why.is_some_and(|w| w.contains("200000 lines")));
    }

    #[test]
    fn fenced_code_is_one_block_of_a_markdown_file() {
        let text = "Before:\n\n```sh\nShare on Facebook\n\n  indented\n```\nAfter.\n~~~\nnever closed\n";
        let of = |is_markdown| {
            let lines = read(text, Repairs::ALL, is_markdown);
            let place = |b: &Block| text[b.place.bytes.clone().expect("bytes")].to_owned();
            lines.blocks.iter().map(|b| (b.shape, b.text.clone(), place(b))).collect::<Vec<_>>()
        };
        let blocks = of(true);
        let code = (
            Shape::Code,
            "Share on Facebook\n\n  indented".to_owned(),
            "```sh\nShare on Facebook\n\n  indented\n```".to_owned(),
        );
        assert_eq!(blocks[1], code);
        let texts: Vec<&str> = blocks.iter().map(|(_, text, _)| text.as_str()).collect();
        assert_eq!([texts[0], texts[2], texts[3], texts[4]], ["Before:", "After.", "~~~", "never closed"]);
        assert!(of(false).iter().all(|(shape, ..)| *shape != Shape::Code));
    }

    #[test]
    fn bytes_are_those_of_the_file_below_its_front_matter_too() {
        let text = "\u{feff}---\ntitle: The ferry\n---\r\n\nTea &amp; coffee on board.\n\nCaf\u{c3}\u{a9} at the quay.\n";
        for is_markdown in [false, true] {
            let lines = read(text, Repairs::ALL, is_markdown);
            let front = lines.front.expect("front matter");
            assert_eq!(&text[front.at], "---\ntitle: The ferry\n---");
            let places = lines.blocks.iter().map(|b| &text[b.place.bytes.clone().expect("bytes")]);
            let places: Vec<&str> = places.collect();
            assert_eq!(places, ["Tea &amp; coffee on board.", "Caf\u{c3}\u{a9} at the quay."]);
            for entry in &lines.repairs.list {
                let at = entry.start.expect("start")..entry.end.expect("end");
                assert_eq!(&text[at], entry.was);
            }
            assert!(!lines.repairs.list.is_empty());
        }
    }

    #[test]
    fn the_addresses_that_a_text_browser_lists_are_no_lines() {
        let page =
            "   [1]Home [2]News\n\n   The ferry runs again, [3]said the harbour office.\n\n   Ada Byron\n";
        let addresses: Vec<String> = (1..=3).map(|n| format!("   {n}. https://example.org/{n}")).collect();
        let bracketed: Vec<String> = (1..=3).map(|n| format!("[{n}] https://example.org/{n}")).collect();
        for list in [
            format!("References\n\n{}", addresses.join("\n")),
            format!("References\n\n   Visible links:\n{}\n\n   Hidden links:", addresses.join("\n")),
            format!("References:\n\n{}\n", bracketed.join("\n")),
        ] {
            let file = format!("{page}\n{list}\n");
            let lines = read(&file, Repairs::ALL, false);
            let texts: Vec<&str> = lines.blocks.iter().map(|b| b.text.as_str()).collect();
            assert_eq!(texts, ["Home News", "The ferry runs again, said the harbour office.", "Ada Byron"]);
            let [below] = lines.around.as_slice() else { panic!("{list}") };
            assert_eq!((below.before, below.block.text.as_str()), (3, list.trim_end()));
            assert_eq!(below.block.place.bytes.clone().map(|at| &file[at]), Some(list.trim_end()));
            // Where the numbers stay, what they stand for stays, too.
            let as_it_is = Repairs::ALL.without(crate::clean::repair::Repair::LinkNumbers);
            assert!(read(&file, as_it_is, false).around.is_empty());
        }
    }

    #[test]
    fn a_table_is_one_block_of_a_markdown_file() {
        let shapes = |text: &str| {
            let blocks = read(text, Repairs::ALL, true).blocks;
            blocks.into_iter().map(|b| (b.shape, b.text)).collect::<Vec<_>>()
        };
        let table = "| Route | Fare |\n|:--|--:|\n| Marsh \\| Island | 4.20 |\n| North Quay | 3.10 |";
        let found = shapes(&format!("Before:\n{table}\nAfter.\n\nRoute | Fare\r\n--- | ---\r\nQuay | 3\r\n"));
        let of = |text: &str, shape| (shape, text.to_owned());
        assert_eq!(
            found,
            [
                of("Before:", Shape::Paragraph),
                of(table, Shape::Cell),
                of("After.", Shape::Paragraph),
                of("Route | Fare\r\n--- | ---\r\nQuay | 3", Shape::Cell),
            ]
        );
        // Not as many columns; no line of dashes; a heading underlined; in a fence.
        for text in
            ["a | b\n---|---|---\nc | d", "Home | News\nFares | Contact", "Home\n----", "```\na|b\n-|-\n```"]
        {
            assert!(shapes(text).iter().all(|(shape, _)| *shape != Shape::Cell), "{text:?}");
        }
        assert!(segment(table).iter().all(|b| b.shape == Shape::Paragraph));
    }

    #[test]
    fn wrapped_lines_of_markdown_say_one_thing() {
        let long = "> The *ferry* to [Marsh Island](https://example.org/marsh) runs again from Monday, the office said on";
        let blocks = read(&format!("{long}\n> Friday.\n\nHome\nNews"), Repairs::ALL, true).blocks;
        let texts: Vec<&str> = blocks.iter().map(|b| b.text.as_str()).collect();
        let said = "> The ferry to Marsh Island runs again from Monday, the office said on Friday.";
        assert_eq!(texts, [said, "Home", "News"]);
        assert!((0.1..0.2).contains(&blocks[0].link_density), "{}", blocks[0].link_density);
    }

    #[test]
    fn lines_of_chinese_are_joined_without_a_blank_and_a_table_says_no_addresses() {
        let said = |text: &str| {
            let blocks = read(text, Repairs::ALL, true).blocks;
            blocks.into_iter().map(|b| (b.text, b.link_density > 0.2)).collect::<Vec<_>>()
        };
        let line = "港湾事務所は十二日に島へのフェリーの運航を月曜日に再開すると発表した三月の嵐で桟橋が壊れ";
        for end in ["\n", "\r", "\r\n"] {
            let joined = format!("{line}{line}船は");
            assert_eq!(said(&format!("{line}{end}{line}{end}船は")), [(joined, false)], "{end:?}");
        }
        let table = "| [Marsh *Island*](https://example.org/marsh) | 4.20 ![map](map.png) |\n| - | - |";
        assert_eq!(said(table), [("| Marsh Island | 4.20  |\n| - | - |".to_owned(), true)]);
        let rows = "| North Quay | 3.10 |".to_owned() + &"\r| Marsh Island and back | 4.20 |".repeat(20);
        assert_eq!(said(&rows.replacen('\r', "\r|--|--|\r", 1)).len(), 1);
    }

    #[test]
    fn crlf_is_one_line_end() {
        let of = |text: &str| {
            segment(text).into_iter().map(|b| (b.text, b.place.blank_before)).collect::<Vec<_>>()
        };
        assert_eq!(of("a\r\nb\r\n\r\nc"), of("a\nb\n\nc"));
    }

    #[test]
    fn every_block_knows_its_bytes() {
        let text = "\u{feff}  Titre \r\n\r\nUn\u{2028}deux\n---\n• trois\u{a0}\n";
        let blocks = segment(text);
        let cut: Vec<&str> = blocks.iter().map(|b| &text[b.place.bytes.clone().expect("bytes")]).collect();
        assert_eq!(cut, ["Titre", "Un", "deux", "---", "• trois"]);
        let blank: Vec<bool> = blocks.iter().map(|b| b.place.blank_before).collect();
        assert_eq!(blank, [false, true, false, false, false]);
        assert!(blocks[4].bullet);
    }
}
