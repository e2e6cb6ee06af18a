//! What the signs of a Markdown file mean (CommonMark with GFM tables): which lines are one whole, and what a line
//! says without them. Cuts nothing.

use super::markup::Markup;
use crate::clean::block::Shape;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Lines that stay or go together: a table, fenced code, a paragraph that was wrapped.
#[derive(Debug)]
pub struct Whole {
    pub lines: Range<usize>,
    /// Those of its bytes that say something.
    pub said: Range<usize>,
    pub shape: Shape,
}

impl Whole {
    /// Makes one of two that share a line, the other of which begins no earlier. Says whether they do.
    fn takes_in(&mut self, other: &Whole) -> bool {
        let shares = other.lines.start < self.lines.end;
        if shares && self.shape == Shape::Paragraph && other.shape == Shape::Paragraph {
            self.lines.end = self.lines.end.max(other.lines.end);
            self.said = self.lines.clone();
        }
        shares
    }
}

/// `[label]: address`, on lines of its own: what links and images elsewhere in the file stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    pub at: Range<usize>,
    pub label: String,
}

/// The signs of a file, each in the order of its bytes.
#[derive(Debug, Default)]
pub struct Signs {
    pub wholes: Vec<Whole>,
    pub definitions: Vec<Definition>,
    /// What says nothing: addresses of links, images, stars of emphasis, tags and comments of HTML.
    silent: Vec<Range<usize>>,
    /// Where tags of HTML, which say nothing, part what stands before them from what stands after.
    partings: Vec<usize>,
    links: Vec<Range<usize>>,
}

impl Signs {
    pub fn of(text: &str) -> Self {
        let syntax =
            Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let mut signs = Self::default();
        let (mut marked, mut spoken): (Vec<Range<usize>>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
        let (mut depth, mut images) = (0usize, 0usize);
        let mut markup = Markup::of(text);
        let mut breaks = Vec::new();
        // The fence that is open, and the code in it.
        let mut fence: Option<(Range<usize>, Option<Range<usize>>)> = None;
        let parser = Parser::new_ext(text, syntax);
        let defined = parser.reference_definitions().iter();
        signs.definitions.extend(defined.filter_map(|(label, what)| {
            let at = lines_of(text, what.span.clone())?;
            (!label.starts_with('^') && is_address(&what.dest))
                .then(|| Definition { at, label: label.to_owned() })
        }));
        signs.definitions.sort_by_key(|definition| definition.at.start);
        for (event, mut range) in parser.into_offset_iter() {
            match event {
                Event::Start(Tag::Table(_)) => signs.wholes.extend(table(text, range)),
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => fence = Some((range, None)),
                Event::End(TagEnd::CodeBlock) => {
                    signs.wholes.extend(fence.take().and_then(|(whole, code)| fenced(text, whole, code?)));
                }
                Event::Start(Tag::HtmlBlock) => markup.block(range),
                Event::InlineHtml(_) if images == 0 => markup.inline(range, depth > 0),
                Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis | Tag::Strong)) => {
                    if is_collapsed(&tag) && text[range.end..].starts_with("[]") {
                        range.end += 2;
                    }
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
                Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak => {
                    if event == Event::SoftBreak {
                        breaks.push(range.start);
                    }
                    if let Some((_, code)) = &mut fence {
                        code.get_or_insert(range.clone()).end = range.end;
                    } else if depth > 0 && images == 0 {
                        spoken.push(range);
                    }
                }
                Event::Start(_) | Event::End(_) => markup.end_paragraph(),
                _ => {}
            }
        }
        markup.end_paragraph();
        spoken.extend(markup.spoken);
        spoken.sort_by_key(|range| range.start);
        signs.silent = without(marked, spoken);
        signs.silent.extend(markup.silent.iter().cloned());
        signs.silent.sort_by_key(|range| range.start);
        signs.partings = markup.partings;
        signs.partings.sort_unstable();
        let wrapped = signs.wrapped(text, breaks);
        signs.wholes.extend(wrapped);
        signs.wholes.extend(over_lines(text, &markup.silent));
        signs.wholes.sort_by_key(|whole| (whole.lines.start, std::cmp::Reverse(whole.lines.end)));
        signs.wholes.dedup_by(|next, whole| whole.takes_in(next));
        signs
    }

    /// Paragraphs that were wrapped, from the line ends within paragraphs.
    fn wrapped(&self, text: &str, breaks: Vec<usize>) -> Vec<Whole> {
        let mut runs: Vec<Vec<Range<usize>>> = Vec::new();
        for line_end in breaks {
            let line = line_start(text, line_end)..line_end;
            let rest = &text[line_end..];
            let next = line_end + rest.len() - rest.trim_start_matches(LINE_ENDS).len();
            let next = next..next + text[next..].find(LINE_ENDS).unwrap_or(text.len() - next);
            match runs.last_mut().filter(|run| run.last() == Some(&line)) {
                Some(run) => run.push(next),
                None => runs.push(vec![line, next]),
            }
        }
        let wrapped = runs.into_iter().filter(|run| self.is_wrapped(text, run));
        let wholes = wrapped.map(|run| {
            let lines = run[0].start..run[run.len() - 1].end;
            Whole { said: lines.clone(), lines, shape: Shape::Paragraph }
        });
        wholes.collect()
    }

    /// Were these lines broken at one width? None of them is a link alone, and most end in the middle of something.
    fn is_wrapped(&self, text: &str, lines: &[Range<usize>]) -> bool {
        let chars = |line: &Range<usize>| text[line.clone()].chars().count();
        let before = &lines[..lines.len() - 1];
        let width = before.iter().map(chars).max().unwrap_or(0);
        let prose = lines.iter().all(|line| {
            let (said, link_chars) = self.said(text, line.clone());
            let said = said.trim().chars().count();
            said > 0 && link_chars * 2 <= said
        });
        let mut goes_on = 0;
        for pair in lines.windows(2) {
            let next = unquoted(&text[pair[1].clone()]);
            let first = next.split(char::is_whitespace).next().unwrap_or_default().chars().count();
            if chars(&pair[0]) + 1 + first <= width - width / 8 {
                return false;
            }
            let ends_in_word = text[pair[0].clone()].trim_end().ends_with(char::is_alphanumeric);
            let begins_small = next.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase);
            goes_on += usize::from(ends_in_word || begins_small);
        }
        prose && WIDTHS.contains(&width) && goes_on * 5 >= before.len() * 3
    }

    /// What a line says, and how many of its characters are links.
    pub fn said(&self, text: &str, line: Range<usize>) -> (String, usize) {
        let mut said = String::new();
        let mut link_chars = 0;
        let mut say = |said: &mut String, range: Range<usize>| {
            let linked = within(&self.links, &range);
            link_chars += linked.map(|link| text[link].chars().count()).sum::<usize>();
            said.push_str(&text[range]);
        };
        let mut at = line.start;
        for silent in within(&self.silent, &line) {
            say(&mut said, at..silent.start);
            let next = self.partings.partition_point(|at| *at < silent.start);
            let parts = self.partings.get(next).is_some_and(|at| *at < silent.end);
            if parts && said.ends_with(|c: char| !c.is_whitespace()) {
                said.push(' ');
            }
            at = silent.end;
        }
        say(&mut said, at..line.end);
        (said, link_chars)
    }
}

/// `[text][]`, for a link or an image.
fn is_collapsed(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Link { link_type, .. } | Tag::Image { link_type, .. } if *link_type == LinkType::Collapsed)
}

/// The lines of tags and comments that go over several: one of them alone would be another sign.
fn over_lines(text: &str, markup: &[Range<usize>]) -> impl Iterator<Item = Whole> {
    let over = markup.iter().filter(|range| text[(*range).clone()].contains(LINE_ENDS));
    over.map(|range| {
        let lines = line_start(text, range.start)..line_end(text, range.end);
        Whole { said: lines.clone(), lines, shape: Shape::Paragraph }
    })
}

/// The whole lines of a range, where nothing else stands on them but the signs of a quotation.
fn lines_of(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let (start, end) = (line_start(text, range.start), line_end(text, range.end));
    let alone = unquoted(&text[start..range.start]).is_empty() && text[range.end..end].trim().is_empty();
    alone.then(|| start..start + text[start..end].trim_end().len())
}

/// Does it look like the address of something? `[Note]: later` is no definition to those who read it.
fn is_address(target: &str) -> bool {
    let parted = |sign: char| {
        target.split_once(sign).is_some_and(|(before, after)| {
            before.len() > 1
                && before.chars().all(char::is_alphanumeric)
                && after.starts_with(char::is_alphanumeric)
        })
    };
    target.is_empty() || target.starts_with('#') || target.contains(['/', '@']) || parted(':') || parted('.')
}

/// Widths that paragraphs are wrapped at, in characters; lines of Chinese and Japanese may be half as long.
const WIDTHS: std::ops::RangeInclusive<usize> = 30..=132;

/// A line without the signs of the quotation it stands in.
pub fn unquoted(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\t'])
}

/// Fenced code, if the fence is closed: one that is not is a line like others.
fn fenced(text: &str, whole: Range<usize>, code: Range<usize>) -> Option<Whole> {
    let last = text.get(code.end..whole.end)?.trim_end().lines().last().map(unquoted)?;
    let closed = last.starts_with("```") || last.starts_with("~~~");
    let start = line_start(text, whole.start);
    closed.then_some(Whole { lines: start..whole.end, said: code, shape: Shape::Code })
}

/// Where a line of Markdown ends.
const LINE_ENDS: [char; 2] = ['\n', '\r'];

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(LINE_ENDS).map_or(0, |end| end + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    at + text[at..].find(LINE_ENDS).unwrap_or(text.len() - at)
}

/// Words of a row from which a table is there for the layout, and a row is a line like others.
const LAYOUT_WORDS: usize = 60;

/// A table, from the start of its first line up to the first line without bars: that one is a row of it by the letter,
/// but a lost blank line is likelier.
fn table(text: &str, range: Range<usize>) -> Option<Whole> {
    let start = line_start(text, range.start);
    // The second half of a CRLF is no row.
    let rows = text[start..range.end].split_inclusive(LINE_ENDS);
    let rows = rows.take_while(|row| row.contains('|') || *row == "\n");
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

    const LONG: &str = "The ferry to Marsh Island runs again from Monday, the office said on";

    fn wholes(text: &str) -> Vec<String> {
        Signs::of(text).wholes.into_iter().map(|whole| text[whole.lines].to_owned()).collect()
    }

    #[test]
    fn wrapped_lines_of_one_paragraph_are_one_whole_and_short_ones_are_not() {
        for end in ["\n", "\r\n", "\r"] {
            let paragraph = format!("{LONG}{end}{LONG}{end}Friday.");
            let item = format!("- {LONG}{end}  Friday.");
            let text = [&paragraph, "Home", &item, "Home"].join(&format!("{end}{end}"));
            assert_eq!(wholes(&text), [paragraph, item], "{end:?}");
        }
        let link = "[Home](https://www.example.org/section/home/index.html?from=navigation)";
        let verse = "O the long grey road that leads from the hills to the town,\n\
            And the lamps that are lit when the sun has gone down, down,\n\
            And the boats that lie still by the quay of the harbour,\nAnd the rope.";
        for apart in [
            format!("Home\nNews\n{LONG}"),
            format!("{LONG}  \nFriday."),
            format!("{LONG}\n\nFriday."),
            [link; 4].join("\n"),
            format!("{link}\n{LONG}\nFriday."),
            format!("{}\nShare on Facebook\n{}", LONG.repeat(3), LONG.repeat(3)),
            verse.to_owned(),
        ] {
            assert!(wholes(&apart).is_empty(), "{apart}");
        }
    }

    #[test]
    fn a_tag_or_a_comment_over_several_lines_is_in_one_whole() {
        let image = format!("{LONG}\n{LONG} <img\n  src='ramp.jpg'> {LONG}\nFriday.");
        for (text, found) in [
            ("Home\n\n<!-- a\n\nb -->\nNews", vec!["<!-- a\n\nb -->"]),
            ("So <b\nclass=x>it</b> is.\nHome", vec!["So <b\nclass=x>it</b> is."]),
            (&image, vec![image.as_str()]),
            ("<p>one</p>\n<p>two</p>", vec![]),
        ] {
            assert_eq!(wholes(text), found, "{text}");
        }
    }

    #[test]
    fn fences_are_those_of_markdown() {
        let inner = "````md\n```\nx\n```\n````";
        for (text, found) in [
            (format!("A\n{inner}\nB"), vec![inner]),
            ("```ferry run``` starts it.\n\n```\nx\n```\n".to_owned(), vec!["```\nx\n```"]),
            ("    ```\n    x\n    ```\n\n~~~\nnever closed\n".to_owned(), vec![]),
            ("> ```\n> x\n> ```\n".to_owned(), vec!["> ```\n> x\n> ```"]),
        ] {
            let trimmed: Vec<String> = wholes(&text).iter().map(|whole| whole.trim().to_owned()).collect();
            assert_eq!(trimmed, found, "{text}");
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
            ("[map][]s\n\n[map]: /map.png", "maps\n\n[map]: /map.png", 3),
            (
                "<p align=\"center\">\n<img src='a>b.png'>\nThe <em>ferry</em> sails.</p>",
                "\n\nThe ferry sails. ",
                0,
            ),
            ("One<br/>two<sup>2</sup> <!-- three --> four", "One two2  four", 0),
            ("<script>\nlet a = '<p>';\n</script>\n\nSo.", "\n\nSo.", 0),
            (
                "A Vec<T>, a List<String>, a Vec<B>, x < y > z and <unknown>.",
                "A Vec<T>, a List<String>, a Vec<B>, x < y > z and <unknown>.",
                0,
            ),
            (
                "The <p> of a page, cp <source> <dest>, a List<a>.",
                "The <p> of a page, cp <source> <dest>, a List<a>.",
                0,
            ),
            (
                "Press <kbd>F</kbd>, then <B>go<BR>on</B> <A NAME=\"top\"></A>now.",
                "Press F, then go on now.",
                0,
            ),
            ("The **Vec<String> of** [a `b`<br>c <p>](/d)", "The Vec<String> of a `b` c <p>", 10),
            ("![map][]\n\n[map]: /map.png", "\n\n[map]: /map.png", 0),
            ("As said[^1].\n\n[^1]: https://example.org/a", "As said[^1].\n\n[^1]: https://example.org/a", 0),
            (
                "{% highlight html %}\n<ul>\n  <li>one</li>\n{% endhighlight %}",
                "{% highlight html %}\n<ul>\n  <li>one</li>\n{% endhighlight %}",
                0,
            ),
            ("<div><svg width=9><title>x</title></svg></div>\n\n<!-- a\n\nb -->c<br><br>d\n", "\n\nc d\n", 0),
            ("`<br>` parts lines.", "`<br>` parts lines.", 0),
            ("<div never closed\n\nThe ferry sails.", "<div never closed\n\nThe ferry sails.", 0),
            ("Read [the\nreport](/a) *at\nonce*.", "Read the\nreport at\nonce.", 10),
        ] {
            assert_eq!(of(line), (said.to_owned(), links), "{line}");
        }
    }

    #[test]
    fn definitions_are_lines_that_say_where_links_lead() {
        let defined = |text: &str| -> Vec<(String, String)> {
            let definitions = Signs::of(text).definitions.into_iter();
            definitions.map(|d| (d.label, text[d.at].to_owned())).collect()
        };
        let text = "See [the map][Map].\n\n[map]: </a b.png>\n  [fares]: fares.html \"Fares\"\r\n> [q]: #quays\n\n\
            [late]: https://example.org/late\n    'What is late'\n";
        let of = |label: &str, line: &str| (label.to_owned(), line.to_owned());
        assert_eq!(
            defined(text),
            [
                of("map", "[map]: </a b.png>"),
                of("fares", "  [fares]: fares.html \"Fares\""),
                of("q", "> [q]: #quays"),
                of("late", "[late]: https://example.org/late\n    'What is late'"),
            ]
        );
        // Notes, remarks, code, what a paragraph goes on with.
        for text in [
            "[^1]: Ibid./",
            "[a]: [:",
            "[a]: So:",
            "[Note]: later",
            "[a]: The quay.",
            "    [a]: /b",
            "```\n[a]: /b\n```",
            "So\n[a]: /b",
        ] {
            assert_eq!(defined(text), [], "{text}");
        }
    }
}
