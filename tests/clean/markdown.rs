//! Markdown: golden pages by construct and language, and what an independent parser reads back.

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert_eq, prop_oneof, proptest};
use pulldown_cmark::{Event, Options as Syntax, Parser, Tag, TagEnd};
use std::fs;
use std::path::{Path, PathBuf};
use tamis::clean::block::{Block, Mark, MarkKind, Region, Shape};
use tamis::clean::{Input, Media, Options, assemble, clean, parse, region, segment, text};
use tamis::dedup::exact::normalise;
use tamis::record::Record;
use url::Url;

/// What a reader sees of Markdown, white space folded. Images show nothing; a note begins with its label.
fn seen(markdown: &str) -> String {
    let syntax =
        Syntax::ENABLE_TABLES | Syntax::ENABLE_FOOTNOTES | Syntax::ENABLE_STRIKETHROUGH | Syntax::ENABLE_MATH;
    let mut out = String::new();
    let mut images = 0;
    for event in Parser::new_ext(markdown, syntax) {
        match event {
            Event::Start(Tag::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images -= 1,
            _ if images > 0 => {}
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::InlineMath(tex) => out.push_str(&format!("${tex}$")),
            Event::DisplayMath(tex) => out.push_str(&format!("$${tex}$$")),
            Event::InlineHtml(tag) if matches!(&*tag, "<sub>" | "</sub>" | "<sup>" | "</sup>") => {}
            Event::InlineHtml(tag) if &*tag == "<br>" => out.push(' '),
            Event::InlineHtml(html) | Event::Html(html) => panic!("HTML came out: {html}"),
            Event::FootnoteReference(label) => out.push_str(&format!("[{label}]")),
            Event::Start(Tag::FootnoteDefinition(label)) => out.push_str(&format!(" [{label}] ")),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) => {}
            _ => out.push(' '),
        }
    }
    folded(&out)
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn url() -> Url {
    Url::parse("https://www.example.org/a/page.html").expect("an address")
}

/// All blocks of a page, whatever they weigh: text and Markdown.
fn whole(html: &str, links: bool) -> (String, String) {
    let (tree, _) = parse::parse(html, &parse::Budget::default());
    let cut = segment::cut(&tree, &region::map(&tree));
    let blocks =
        segment::merge(&cut, |b, _| Some(b), |b, nth| cut.ornaments[nth].against.is_none().then_some(b));
    let addresses = assemble::Addresses::new(Some(&tree), Some(&url()), links, links);
    (assemble::text(&blocks), assemble::markdown(&blocks, &addresses))
}

fn reads_back(html: &str) {
    for links in [false, true] {
        let (text, markdown) = whole(html, links);
        let (seen, text) = (seen(&markdown), folded(&text));
        let at = seen.chars().zip(text.chars()).take_while(|(a, b)| a == b).count().saturating_sub(30);
        let part = |s: &str| s.chars().skip(at).take(90).collect::<String>();
        assert!(seen == text, "Markdown: {}\ntext:     {}\n{markdown:.3000}", part(&seen), part(&text));
    }
}

fn golden() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/markdown");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).expect("fixtures/markdown").filter_map(|e| Some(e.ok()?.path())).collect();
    cases.sort();
    assert!(cases.len() >= 15, "only {} pages", cases.len());
    cases
}

#[test]
fn every_golden_page_comes_out_as_its_folder_says() {
    let mut wrong = Vec::new();
    for case in golden() {
        let html = fs::read_to_string(case.join("source.html")).expect("a source");
        // The whole page: what is chosen of it is another matter.
        let (text, markdown) = whole(&html, true);
        for (name, got) in [("expected.md", normalise(&markdown)), ("expected.txt", normalise(&text))] {
            let path = case.join(name);
            let expected = fs::read_to_string(&path).unwrap_or_default();
            if got.trim_end() != expected.trim_end() {
                wrong.push(format!("{} is\n{got}\n", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_page_reads_back_as_its_text() {
    let pages = super::cases().into_iter().chain(golden());
    let mut read = 0;
    for html in pages.filter_map(|case| fs::read(case.join("source.html")).ok()) {
        reads_back(&String::from_utf8_lossy(&html));
        read += 1;
    }
    assert!(read >= 30, "{read} pages");
}

/// Words alone: in text files the marks of lists and headings are signs of Markdown.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(str::to_owned).collect()
}

#[test]
fn every_text_file_reads_back_as_its_words() {
    for source in super::cases().iter().filter_map(|case| fs::read_to_string(case.join("source.txt")).ok()) {
        let blocks = text::segment(&source);
        let blocks: Vec<&Block> = blocks.iter().collect();
        let markdown = assemble::markdown(&blocks, &assemble::Addresses::default());
        assert_eq!(words(&seen(&markdown)), words(&assemble::text(&blocks)), "{markdown:.2000}");
    }
}

#[test]
fn the_title_line_of_a_text_file_is_its_heading_and_the_words_stay() {
    let options = Options { markdown: true, ..Options::default() };
    let mut headed = 0;
    for source in super::cases().iter().filter_map(|case| fs::read_to_string(case.join("source.txt")).ok()) {
        let input = Input { bytes: source.as_bytes(), media: Media::Text, charset: None, url: None };
        let cleaned = clean(&input, &options);
        let markdown = cleaned.markdown.unwrap_or_default();
        assert_eq!(words(&seen(&markdown)), words(&cleaned.text), "{markdown:.2000}");
        headed += usize::from(markdown.starts_with("# "));
    }
    assert!(headed >= 10, "{headed} begin with a heading");
}

#[test]
fn a_file_that_is_markdown_comes_out_as_it_is() {
    let source = "# The *first* title of the page\n\nA paragraph with `code`, a [link](https://example.org/a_b) and \
                  **strong words**, which is\nwrapped here and goes on for a while, so that it is kept.\n\n- one item\n  \
                  - an item below it\n    with two lines\n\n```sh\ncargo run  # as it is\n\n    indented\n```\n\nThe last \
                  paragraph, with 1\\. an escape that was there, and words enough to be text.\n";
    let input = Input { bytes: source.as_bytes(), media: Media::Markdown, charset: None, url: None };
    let cleaned = clean(&input, &Options { markdown: true, ..Options::default() });
    assert_eq!(cleaned.markdown.as_deref().map(str::trim_end), Some(source.trim_end()));
}

#[test]
fn what_the_links_of_a_kept_line_stand_for_is_kept_with_it() {
    let prose = "The ferry to Marsh Island runs again from Monday, the [Harbour  Office][] said on Friday, and it takes \
                 bicycles until the autumn; what they pay is in the [table][1] that it gave out.";
    let more = "It had lain at the quay since a storm in March broke its ramp. The new ramp was built across the bay, by \
                eleven people in nine weeks.";
    let source = format!(
        "[home]: https://example.org/\n[1]: <fares.html>\n\n# The ferry is back\n\n{prose}\n\n[harbour office]: /office \
         'The office'\n\n{more}\n\n[share]: https://example.org/share\n"
    );
    let input = Input { bytes: source.as_bytes(), media: Media::Markdown, charset: None, url: None };
    let options = Options { markdown: true, explain: true, ..Options::default() };
    let cleaned = clean(&input, &options);
    assert!(!cleaned.text.contains("]:"), "{}", cleaned.text);
    let removed: Vec<String> =
        cleaned.removed.iter().flatten().map(|r| format!("{}: {}", r.reason, r.text)).collect();
    let defined = |line: &str| removed.iter().any(|r| r.strip_prefix("addresses of links: ") == Some(line));
    for line in ["[home]: https://example.org/", "[1]: <fares.html>", "[share]: https://example.org/share"] {
        assert!(defined(line), "{line}: {removed:?}");
    }
    let markdown = cleaned.markdown.unwrap_or_default();
    assert!(markdown.ends_with("nine weeks.\n\n[1]: <fares.html>"), "{markdown}");
    assert!(markdown.contains("\n\n[harbour office]: /office 'The office'\n\n"), "{markdown}");
    assert!(!markdown.contains("[home]") && !markdown.contains("[share]"), "{markdown}");
    let again = clean(&Input { bytes: markdown.as_bytes(), ..input }, &options);
    assert_eq!(again.markdown, Some(markdown));
}

#[test]
fn fenced_code_loses_no_line_whatever_it_says() {
    let code = "```html\n<footer>\n  Share on Facebook\n\n  Subscribe to our newsletter\n</footer>\n```";
    let prose = "The footer of the page is written once, and every page of the site takes it from there when it is built.";
    let source = format!("# How the footer is made\n\n{prose}\n\n{code}\n\n{prose} It is short.\n");
    let input = Input { bytes: source.as_bytes(), media: Media::Markdown, charset: None, url: None };
    let cleaned = clean(&input, &Options { markdown: true, ..Options::default() });
    assert_eq!(cleaned.markdown.as_deref().map(str::trim_end), Some(source.trim_end()));
    assert!(cleaned.text.contains("Subscribe to our newsletter"), "{}", cleaned.text);
}

#[test]
fn lines_that_differ_by_a_number_are_not_said_twice() {
    let source: String = (0..40)
        .map(|n| format!("This is a line of a long file about the mill and its water, number {n}.\n"))
        .collect();
    let input = Input { bytes: source.as_bytes(), media: Media::Text, charset: None, url: None };
    assert_eq!(clean(&input, &Options::default()).text.trim_end(), source.trim_end());
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-zéß]{1,6}",
        2 => "[中文字本語]{1,4}",
        1 => "[אבגدهו]{2,5}",
        1 => "[नमस्ते]{2,6}",
        3 => "[-+*_#>=|~`$\\[\\]()<>&!:.,0-9\\\\\"'“”«»、。^{}/🙂]{1,4}",
        1 => proptest::sample::select(vec![
            "1.", "12)", "---", "===", "***", "```", "~~~", "[^1]:", "[a]:", "[a](b)", "<div>", "<!--", "&amp;", "&#65;",
            "#", "##", "|", "||", "| --- |", ":--", "snake_case", "C:\\Users\\a", "a*b*c", "__init__", "$5", "$x$", "\\", "!",
        ]).prop_map(str::to_owned),
    ]
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Inline HTML: words in nested marks, glued to their neighbours or not.
fn inline_html() -> impl Strategy<Value = String> {
    let plain = (word(), any::<bool>()).prop_map(|(w, apart)| escaped(&w) + if apart { " " } else { "" });
    let one = plain.prop_recursive(3, 12, 4, |inner| {
        let tag = proptest::sample::select(vec![
            "b",
            "i",
            "em",
            "strong",
            "code",
            "del",
            "sub",
            "sup",
            "a href='/x_(y)'",
            "a href='#z'",
            "span",
            "s",
        ]);
        (tag, vec(inner, 1..4), any::<bool>()).prop_map(|(tag, inner, apart)| {
            let name = tag.split(' ').next().unwrap_or(tag);
            format!("<{tag}>{}</{name}>{}", inner.concat(), if apart { " " } else { "" })
        })
    });
    let piece = prop_oneof![
        8 => one,
        1 => proptest::strategy::Just("<br>".to_owned()),
        1 => proptest::strategy::Just("<img src='/i.png' alt='a *picture* [1]'>".to_owned()),
        1 => proptest::strategy::Just("<math alttext='x_1 * y_{2}'><mi>x</mi></math>".to_owned()),
    ];
    vec(piece, 1..7).prop_map(|pieces| pieces.concat())
}

/// Block HTML: paragraphs, headings, lists, quotes, tables, code, nested.
fn block_html() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => inline_html().prop_map(|i| format!("<p>{i}</p>")),
        1 => (1..7, inline_html()).prop_map(|(n, i)| format!("<h{n}>{i}</h{n}>")),
        1 => vec("[a-z `~#>*|-]{0,12}", 1..5).prop_map(|lines| format!("<pre><code class='language-x'>{}</code></pre>", escaped(&lines.join("\n")))),
        1 => vec("[a-z `}{]{0,8}", 1..4).prop_map(|lines| {
            let lines: Vec<String> = lines.iter().map(|l| format!("<div>{}</div>", escaped(l))).collect();
            format!("<pre>{}</pre>", lines.join("\n"))
        }),
        1 => inline_html(),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let items = || vec(vec(inner.clone(), 1..3), 1..4);
        prop_oneof![
            items().prop_map(|items| {
                let items: Vec<String> = items.iter().map(|i| format!("<li>{}</li>", i.concat())).collect();
                format!("<ul>{}</ul>", items.concat())
            }),
            (0usize..2000, items()).prop_map(|(start, items)| {
                let items: Vec<String> = items.iter().map(|i| format!("<li>{}</li>", i.concat())).collect();
                format!("<ol start={start}>{}</ol>", items.concat())
            }),
            items().prop_map(|items| {
                let items: Vec<String> =
                    items.iter().map(|i| format!("<dt>t*</dt><dd>{}</dd>", i.concat())).collect();
                format!("<dl>{}</dl>", items.concat())
            }),
            vec(inner.clone(), 1..4).prop_map(|i| format!("<blockquote>{}</blockquote>", i.concat())),
            vec(vec((1usize..4, 1usize..4, inner.clone()), 1..4), 1..4).prop_map(|rows| {
                let row = |cells: &Vec<(usize, usize, String)>| {
                    let cell = |(w, h, inner): &(usize, usize, String)| {
                        format!("<td colspan={w} rowspan={h}>{inner}</td>")
                    };
                    format!("<tr>{}</tr>", cells.iter().map(cell).collect::<String>())
                };
                format!("<table><caption>c</caption>{}</table>", rows.iter().map(row).collect::<String>())
            }),
        ]
    })
}

fn block() -> impl Strategy<Value = Block> {
    let shape =
        proptest::sample::select(vec![Shape::Paragraph, Shape::Heading(2), Shape::Code, Shape::Caption]);
    let kind = proptest::sample::select(vec![
        MarkKind::Emphasis,
        MarkKind::Strong,
        MarkKind::Code,
        MarkKind::Deleted,
        MarkKind::Subscript,
        MarkKind::Superscript,
    ]);
    let marks = vec((any::<u16>(), 0usize..30, kind), 0..6);
    (shape, vec((word(), any::<bool>()), 1..10), marks).prop_map(|(shape, words, marks)| {
        let text: String = words.iter().map(|(w, apart)| w.clone() + if *apart { " " } else { "" }).collect();
        let text = text.trim().to_owned();
        let mut block = Block::new(text, shape, Region::default(), 0);
        let length = block.text.len();
        let range = |at: u16, len: usize| {
            let start = usize::from(at) % (length + 1);
            start..(start + len).min(length + 3)
        };
        block.place.marks =
            marks.into_iter().map(|(at, len, kind)| Mark { range: range(at, len), kind }).collect();
        block.place.marks.sort_by_key(|m| m.range.end);
        block
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_structure_reads_back_as_its_text(blocks in vec(block_html(), 1..5)) {
        reads_back(&blocks.concat());
    }

    #[test]
    fn any_blocks_read_back_as_their_text(blocks in vec(block(), 1..5)) {
        let blocks: Vec<&Block> = blocks.iter().collect();
        let markdown = assemble::markdown(&blocks, &assemble::Addresses::default());
        prop_assert_eq!(seen(&markdown), folded(&assemble::text(&blocks)), "{}", markdown);
    }

    #[test]
    fn any_lines_read_back_as_their_words(lines in vec(vec(word(), 0..6), 0..8)) {
        let lines: Vec<String> = lines.iter().map(|words| words.join(" ")).collect();
        let blocks = text::segment(&lines.join("\n"));
        let blocks: Vec<&Block> = blocks.iter().collect();
        let markdown = assemble::markdown(&blocks, &assemble::Addresses::default());
        prop_assert_eq!(words(&seen(&markdown)), words(&assemble::text(&blocks)), "{}", markdown);
    }
}

#[test]
fn what_is_dropped_is_said() {
    let html = "<main><p>The first paragraph stands here, with words enough to be the text of a page.</p>\
                <pre><button>Copy</button><div>fn f() {</div><div>}</div></pre>\
                <p>The last paragraph stands here too, and has as many words as the first one had.</p></main><p>***</p>";
    let input = Input { bytes: html.as_bytes(), media: Media::Html, charset: None, url: None };
    let cleaned = clean(&input, &Options { explain: true, ..Options::default() });
    assert!(cleaned.text.contains("\nfn f() {\n}\n"), "{}", cleaned.text);
    let removed = cleaned.removed.unwrap_or_default();
    let said: Vec<(&str, &str)> = removed.iter().map(|r| (r.reason.as_str(), r.text.as_str())).collect();
    assert_eq!(said, [("button", "Copy"), ("no letter or digit", "***")]);
}

#[test]
fn text_and_markdown_of_a_record_are_composed_alike() {
    let html = "<main><p>Le cafe\u{301} du port est ouvert tous les jours, et la fee\u{301} y passe parfois.</p></main>";
    let input = Input { bytes: html.as_bytes(), media: Media::Html, charset: None, url: None };
    let cleaned = clean(&input, &Options { markdown: true, ..Options::default() });
    let record = Record::from_cleaned("a".to_owned(), None, cleaned);
    assert!(record.text.contains("café"), "{}", record.text);
    assert_eq!(record.markdown.as_deref().map(str::trim_end), Some(record.text.trim_end()));
}

#[test]
fn the_sign_that_links_to_a_heading_is_none_of_its_text() {
    let of = |html: &str| whole(html, true).0;
    assert_eq!(of("<h2>Quick start<a class=headerlink href='#quick'>¶</a></h2>"), "Quick start");
    assert_eq!(of("<h2><a href='#c'>C#</a> and <a href='/f'>F#</a></h2>"), "C# and F#");
    assert_eq!(of("<p>See <a href='#s'>§</a> 3</p>"), "See § 3");
}

#[test]
fn addresses_that_lead_nowhere_are_left_out() {
    let of = |html: &str| {
        let html = format!("<base href='/deep/'><p>words {html} words</p>");
        let markdown = whole(&html, true).1;
        let rest = markdown.trim_start_matches("words").trim_end_matches("words");
        rest.trim().to_owned()
    };
    for (html, markdown) in [
        ("<a href='b'>a</a>", "[a](https://www.example.org/deep/b)"),
        ("<a href='//other.org/b c'>a</a>", "[a](https://other.org/b%20c)"),
        ("<a href='mailto:a@example.org'>a</a>", "[a](mailto:a@example.org)"),
        ("<a href=' JavaScript:alert(1)'>a</a>", "a"),
        ("<a href='java\nscript:alert(1)'>a</a>", "a"),
        ("<a href='#top'>a</a>", "a"),
        ("<a href=''>a</a>", "a"),
        ("<a href='data:text/html,x'>a</a>", "a"),
        ("hi!<a href='/b'>a</a>", "hi\\![a](https://www.example.org/b)"),
        ("<img src='data:image/png;base64,xx'>", ""),
        (
            "<img src='data:image/png;base64,xx' data-src=i.png alt=x>",
            "![x](https://www.example.org/deep/i.png)",
        ),
        ("<img srcset='/s.png 320w, /l.png 1280w'>", "![](https://www.example.org/l.png)"),
        ("<picture><source srcset='/w.webp'><img alt=y></picture>", "![y](https://www.example.org/w.webp)"),
        ("<a href='/b'><img src='/i.png'></a>", "![](https://www.example.org/i.png)"),
    ] {
        assert_eq!(of(html), markdown, "{html}");
    }
}
