//! What the signs of a Markdown file mean (CommonMark with GFM tables): which lines are one whole, and what a line
//! says without them. Cuts nothing.

use crate::clean::block::Shape;
use crate::clean::repair;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Lines that stay or go together: a table, fenced code, a paragraph that was wrapped.
#[derive(Debug)]
pub struct Whole {
    pub lines: Range<usize>,
    /// Those of its bytes that say something.
    pub said: Range<usize>,
    pub shape: Shape,
}

/// The signs of a file, each in the order of its bytes.
#[derive(Debug, Default)]
pub struct Signs {
    pub wholes: Vec<Whole>,
    /// What says nothing: addresses of links, images, stars of emphasis.
    silent: Vec<Range<usize>>,
    links: Vec<Range<usize>>,
}

impl Signs {
    pub fn of(text: &str) -> Self {
        let mut signs = Self::default();
        let (mut marked, mut spoken): (Vec<Range<usize>>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
        let (mut depth, mut images) = (0usize, 0usize);
        let mut wrapped: Vec<Range<usize>> = Vec::new();
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::Table(_)) => {
                    signs.wholes.extend(table(text, range));
                }
                Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis | Tag::Strong)) => {
                    if depth == 0 {
                        marked.push(range.clone());
                    }
                    depth += 1;
                    images += usize::from(matches!(tag, Tag::Image { .. }));
                    if matches!(tag, Tag::Link { .. }) {
                        signs.links.push(range);
                    }
                }
                Event::End(end @ (TagEnd::Link | TagEnd::Image | TagEnd::Emphasis | TagEnd::Strong)) => {
                    depth -= 1;
                    images -= usize::from(end == TagEnd::Image);
                }
                Event::SoftBreak => wrap(text, range.start, &mut wrapped),
                Event::Text(_) | Event::Code(_) if depth > 0 && images == 0 => spoken.push(range),
                _ => {}
            }
        }
        signs.silent = without(marked, spoken);
        // A fence that nothing closes is a line like others.
        let fences = repair::fences(text).into_iter().filter(|fence| fence.closed);
        signs.wholes.extend(fences.map(|f| Whole { lines: f.whole, said: f.code, shape: Shape::Code }));
        signs.wholes.extend(wrapped.into_iter().map(|lines| Whole {
            said: lines.clone(),
            lines,
            shape: Shape::Paragraph,
        }));
        signs.wholes.sort_by_key(|whole| (whole.lines.start, std::cmp::Reverse(whole.lines.end)));
        signs
    }

    /// What a line says, and how many of its characters are links.
    pub fn said(&self, text: &str, line: Range<usize>) -> (String, usize) {
        let mut said = String::new();
        let mut link_chars = 0;
        let mut say = |range: Range<usize>| {
            let linked = within(&self.links, &range);
            link_chars += linked.map(|link| text[link].chars().count()).sum::<usize>();
            said.push_str(&text[range]);
        };
        let mut at = line.start;
        for silent in within(&self.silent, &line) {
            say(at..silent.start);
            at = silent.end;
        }
        say(at..line.end);
        (said, link_chars)
    }
}

/// A line at least this long, in characters, was wrapped; a shorter one ends where it ends.
const WRAPPED_CHARS: usize = 60;

/// Takes the lines before and after a line end within a paragraph together, if the first one was wrapped there.
fn wrap(text: &str, line_end: usize, wrapped: &mut Vec<Range<usize>>) {
    let start = line_start(text, line_end);
    if text[start..line_end].chars().count() < WRAPPED_CHARS {
        return;
    }
    let rest = &text[line_end..];
    let next = line_end + rest.len() - rest.trim_start_matches(LINE_ENDS).len();
    let end = next + text[next..].find(LINE_ENDS).unwrap_or(text.len() - next);
    match wrapped.last_mut().filter(|lines| lines.end > start) {
        Some(lines) => lines.end = end,
        None => wrapped.push(start..end),
    }
}

/// Where a line of Markdown ends.
const LINE_ENDS: [char; 2] = ['\n', '\r'];

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(LINE_ENDS).map_or(0, |end| end + 1)
}

/// Words of a row from which a table is there for the layout, and a row is a line like others.
const LAYOUT_WORDS: usize = 60;

/// A table, from the start of its first line up to the first line without bars: that one is a row of it by the letter,
/// but a lost blank line is likelier.
fn table(text: &str, range: Range<usize>) -> Option<Whole> {
    let start = line_start(text, range.start);
    let rows = text[start..range.end].split_inclusive('\n').take_while(|row| row.contains('|'));
    let (mut end, mut longest) = (start, 0);
    for row in rows {
        end += row.len();
        longest = longest.max(row.split_whitespace().count());
    }
    let lines = start..end;
    (longest < LAYOUT_WORDS).then(|| Whole { lines: lines.clone(), said: lines, shape: Shape::Cell })
}

/// What is left of ranges without others that stand in them; both in order.
fn without(ranges: Vec<Range<usize>>, others: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut left = Vec::new();
    let mut others = others.into_iter().peekable();
    for range in ranges {
        let mut at = range.start;
        while let Some(other) = others.next_if(|other| other.end <= range.end) {
            left.push(at..other.start.max(at));
            at = other.end.max(at);
        }
        left.push(at..range.end);
    }
    left.retain(|range| !range.is_empty());
    left
}

/// The parts of sorted ranges that stand in another one.
fn within<'r>(
    ranges: &'r [Range<usize>],
    whole: &Range<usize>,
) -> impl Iterator<Item = Range<usize>> + use<'r> {
    let whole = whole.clone();
    let first = ranges.partition_point(|range| range.end <= whole.start);
    let met = ranges[first..].iter().take_while(move |range| range.start < whole.end);
    met.map(move |range| range.start.max(whole.start)..range.end.min(whole.end))
}

#[cfg(test)]
mod tests {
    use super::Signs;

    #[test]
    fn wrapped_lines_of_one_paragraph_are_one_whole_and_short_ones_are_not() {
        let long = "The ferry to Marsh Island runs again from Monday, the office said on";
        let of = |text: &str| {
            let wholes = Signs::of(text).wholes.into_iter();
            wholes.map(|whole| text[whole.lines].to_owned()).collect::<Vec<_>>()
        };
        for end in ["\n", "\r\n", "\r"] {
            let paragraph = format!("{long}{end}{long}{end}Friday.");
            let item = format!("- {long}{end}  Friday.");
            let text = [&paragraph, "Home", &item, "Home"].join(&format!("{end}{end}"));
            assert_eq!(of(&text), [paragraph, item], "{end:?}");
        }
        for apart in
            [format!("Home\nNews\n{long}"), format!("{long}  \nFriday."), format!("{long}\n\nFriday.")]
        {
            assert!(of(&apart).is_empty(), "{apart}");
        }
    }

    #[test]
    fn a_line_says_what_its_signs_leave() {
        let of = |line: &str| Signs::of(line).said(line, 0..line.len());
        for (line, said, links) in [
            ("Read *all* of **the [report](https://example.org/a_b)**.", "Read all of the report.", 6),
            (
                "[![logo](/logo.png) Home](/ \"Start\") | <https://example.org>",
                " Home | https://example.org",
                24,
            ),
            ("![a map](map.png)", "", 0),
            ("Fees[1] rose by 2*3 per cent, `[x](y)` too.", "Fees[1] rose by 2*3 per cent, `[x](y)` too.", 0),
            ("[a `b` c][d]\n\n[d]: https://example.org", "a `b` c\n\n[d]: https://example.org", 7),
            ("[](/top)", "", 0),
        ] {
            assert_eq!(of(line), (said.to_owned(), links), "{line}");
        }
    }
}
