//! Text that a page carries and does not show: hydration data of JavaScript frameworks (Next, Nuxt, Remix,
//! Apollo, Discourse, Inertia and kin), bodies in structured data, templates. Written out as a plain page that
//! takes the same path as any other. Judges nothing; whether it is used is decided by what the visible page
//! has.

use super::fold::{fold, is_unspaced};
use std::collections::HashMap;

/// Most bytes of text that are taken.
const MOST_BYTES: usize = 2_000_000;

/// Fewest words of a text that is taken without markup; of one with markup.
const WORDS: usize = 6;
const MARKUP_WORDS: usize = 10;

/// Texts that begin alike, in this many folded characters, are one; the longest is taken.
const ALIKE: usize = 60;

/// A tag of the head that is longer, in bytes, is left out.
const LONGEST_TAG: usize = 100_000;

/// How often a text inside a text is opened.
const NESTED: usize = 3;

/// A heading is taken when a text follows it within this many values.
const HEADING_REACH: usize = 8;

/// The page that a page's data would show, or nothing where the data holds no text.
pub fn page(source: &str) -> Option<String> {
    let lower = source.to_ascii_lowercase();
    let mut found = Found::default();
    let mut structured = String::new();
    for script in elements(source, &lower, "script") {
        match kind(&script) {
            Script::Structured => {
                values(script.content, 0, &mut |key, value| {
                    if key.is_some_and(is_body) {
                        found.take(value);
                    }
                });
                structured.push_str(script.whole);
            }
            Script::Data => values(script.content, 0, &mut |key, value| found.offer(key, value)),
            Script::Code => {}
        }
    }
    for state in attributes(source) {
        values(&state, 0, &mut |key, value| found.offer(key, value));
    }
    for template in elements(source, &lower, "template") {
        found.take(template.content);
    }
    if found.texts.is_empty() {
        return None;
    }
    let head = head(source, &lower);
    Some(format!("{head}<body>{structured}<main><article>{}</article></main></body>", found.texts.concat()))
}

/// What a page says of itself: its language, titles, metadata and links to itself, as they stand.
fn head(source: &str, lower: &str) -> String {
    let mut scripts = elements(source, lower, "script").map(|s| {
        let start = s.whole.as_ptr() as usize - source.as_ptr() as usize;
        start..start + s.whole.len()
    });
    let mut script = scripts.next();
    let mut out = String::new();
    for (at, _) in lower.match_indices('<') {
        while script.as_ref().is_some_and(|s| s.end <= at) {
            script = scripts.next();
        }
        let rest = &lower[at..];
        let closing = if rest.starts_with("<title") { "</title>" } else { ">" };
        let wanted = ["<html", "<title", "<meta", "<link"].iter().any(|t| rest.starts_with(t));
        if !wanted || script.as_ref().is_some_and(|s| s.contains(&at)) {
            continue;
        }
        if let Some(end) = rest.find(closing).filter(|&end| end < LONGEST_TAG) {
            out.push_str(&source[at..at + end + closing.len()]);
        }
    }
    out
}

/// An element in the source.
struct Element<'a> {
    whole: &'a str,
    opening: &'a str,
    content: &'a str,
}

/// The elements of a name, in order. `lower`: the source in lower case, of the same length.
fn elements<'a>(source: &'a str, lower: &'a str, name: &'a str) -> impl Iterator<Item = Element<'a>> {
    let (open, close) = (format!("<{name}"), format!("</{name}"));
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + lower[at..].find(&open)?;
        let inside = start + lower[start..].find('>')? + 1;
        let end = inside + lower[inside..].find(&close)?;
        at = end;
        let after = lower[end..].find('>').map_or(lower.len(), |n| end + n + 1);
        Some(Element {
            whole: &source[start..after],
            opening: &source[start..inside],
            content: &source[inside..end],
        })
    })
}

enum Script {
    Structured,
    Data,
    Code,
}

/// Names under which frameworks leave a page's data.
const STATES: [&str; 14] = [
    "__NEXT_DATA__",
    "__next_f",
    "__NUXT",
    "__APOLLO",
    "__remixContext",
    "__reactRouter",
    "__staticRouter",
    "__INITIAL",
    "__PRELOADED",
    "__STATE",
    "__DATA__",
    "__sveltekit",
    "__SSR",
    "application/json",
];

fn kind(script: &Element<'_>) -> Script {
    if script.opening.to_ascii_lowercase().contains("ld+json") {
        return Script::Structured;
    }
    let begin = &script.content[..script.content.floor_char_boundary(300)];
    if STATES.iter().any(|s| script.opening.contains(s) || begin.contains(s)) {
        Script::Data
    } else {
        Script::Code
    }
}

/// JSON in attributes, unescaped: `data-preloaded="{&quot;..."`.
fn attributes(source: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, mark) in source.match_indices("{&quot;") {
        let before = &source[..at];
        if !(before.ends_with("=\"") || before.ends_with("=\"[")) {
            continue;
        }
        let Some(end) = source[at..].find('"') else { continue };
        if end > mark.len() + 200 {
            let value = &source[at..at + end];
            out.push(
                value
                    .replace("&quot;", "\"")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&#39;", "'")
                    .replace("&amp;", "&"),
            );
        }
    }
    out
}

/// Calls `each` with every string in a JSON or JavaScript text that is not a key, and its key; opens strings
/// that hold such texts themselves.
fn values(text: &str, depth: usize, each: &mut impl FnMut(Option<&str>, &str)) {
    let bytes = text.as_bytes();
    let mut key: Option<&str> = None;
    let mut at = 0;
    while let Some(start) = text[at..].find('"').map(|n| at + n) {
        let mut end = start + 1;
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        if end >= bytes.len() {
            return;
        }
        at = end + 1;
        let after = text[at..].trim_start();
        if after.starts_with(':') {
            key = text.get(start + 1..end);
            continue;
        }
        let Ok(value) = serde_json::from_str::<String>(&text[start..at]) else { continue };
        let inner = value.trim_start();
        if depth < NESTED && value.len() > 40 && (inner.starts_with(['{', '[']) || is_rows(inner)) {
            for (nth, part) in rows(&value).enumerate() {
                // Rows of raw text stand between rows of JSON.
                if nth > 0 && !part.trim_start().starts_with(['{', '[']) {
                    each(None, part);
                } else {
                    values(part, depth + 1, each);
                }
            }
        } else {
            each(key, &value);
        }
        key = None;
    }
}

/// Does a text begin like React's rows (`1f:["$","p",...`)?
fn is_rows(text: &str) -> bool {
    text.split_once(':').is_some_and(|(id, rest)| {
        !id.is_empty()
            && id.len() <= 6
            && id.bytes().all(|b| b.is_ascii_hexdigit())
            && rest.starts_with(['[', '{', '"', 'T', 'I'])
    })
}

/// React's rows, cut where one of raw text (`1f:T4e2,...`) begins; the first part is before any of them.
fn rows(text: &str) -> impl Iterator<Item = &str> {
    text.split(":T").enumerate().map(|(nth, part)| {
        let size = part
            .split_once(',')
            .filter(|(size, _)| nth > 0 && size.len() <= 6 && size.bytes().all(|b| b.is_ascii_hexdigit()));
        size.map_or(part, |(_, rest)| rest)
    })
}

/// Properties of structured data that hold a text of the page.
fn is_body(key: &str) -> bool {
    matches!(key, "articleBody" | "reviewBody" | "text" | "recipeInstructions" | "transcript")
}

fn is_heading(key: &str) -> bool {
    matches!(key, "headline" | "heading" | "title" | "subtitle" | "subheading" | "question")
}

/// Values under these keys are never prose.
fn is_machine(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    [
        "class", "style", "href", "src", "url", "path", "query", "sizes", "alt", "locale", "seo", "meta",
        "error", "cookie",
    ]
    .iter()
    .any(|k| key.contains(k))
        || key == "d"
        || key == "id"
}

#[derive(Default)]
struct Found {
    texts: Vec<String>,
    bytes: usize,
    /// Where the text that begins so stands, and its length.
    seen: HashMap<String, (usize, usize)>,
    heading: Option<(String, usize)>,
}

impl Found {
    /// Takes a value in if it reads like text.
    fn offer(&mut self, key: Option<&str>, value: &str) {
        if let Some((_, age)) = self.heading.as_mut() {
            *age += 1;
            if *age > HEADING_REACH {
                self.heading = None;
            }
        }
        if key.is_some_and(is_machine) {
            return;
        }
        if key.is_some_and(is_heading) && (1..=20).contains(&count(value)) && !value.contains(['<', '{']) {
            self.heading = Some((value.to_owned(), 0));
        } else {
            self.take(value);
        }
    }

    /// Takes a text in, with markup or without.
    fn take(&mut self, value: &str) {
        let markup = ["</p>", "<br", "</li>", "</div>", "</h"].iter().any(|t| value.contains(t));
        let enough = if markup { count(&strip(value)) >= MARKUP_WORDS } else { is_prose(value) };
        if !enough || self.bytes + value.len() > MOST_BYTES {
            return;
        }
        let text = if markup { format!("<div>{value}</div>") } else { paragraphs(value) };
        let start: String =
            fold(&if markup { strip(value) } else { value.to_owned() }).chars().take(ALIKE).collect();
        let at = match self.seen.get(&start) {
            Some(&(_, length)) if length >= value.len() => return,
            Some(&(at, length)) => {
                self.bytes -= length;
                self.texts[at] = text;
                at
            }
            None => {
                if let Some((heading, _)) = self.heading.take() {
                    self.texts.push(format!("<h2>{}</h2>", escape(&heading)));
                }
                self.texts.push(text);
                self.texts.len() - 1
            }
        };
        self.bytes += value.len();
        self.seen.insert(start, (at, value.len()));
    }
}

/// Words; two characters count as one where a script writes without spaces.
fn count(text: &str) -> usize {
    let unspaced = text.chars().filter(|&c| is_unspaced(c)).count();
    text.split_whitespace().count() + unspaced / 2
}

/// The text between the tags.
fn strip(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => {
                inside = true;
                out.push(' ');
            }
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

/// Does a value read like a sentence, not like names, classes, code or addresses?
fn is_prose(value: &str) -> bool {
    let trimmed = value.trim();
    if count(trimmed) < WORDS || trimmed.starts_with(|c: char| c.is_ascii_lowercase() || c == '{' || c == '<')
    {
        return false;
    }
    let (mut all, mut letters) = (0, 0);
    for c in trimmed.chars() {
        all += 1;
        letters += usize::from(
            c.is_alphabetic() || c.is_whitespace() || matches!(c, ',' | '.' | '’' | '\'' | '،' | '、' | '。'),
        );
    }
    let odd = trimmed.split_whitespace().filter(|w| w.contains(['{', '}', '=', '_', '<', '/', '|'])).count();
    letters * 20 >= all * 17 && odd * 5 <= trimmed.split_whitespace().count()
}

fn paragraphs(text: &str) -> String {
    text.lines().filter(|l| !l.trim().is_empty()).map(|l| format!("<p>{}</p>", escape(l))).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::page;

    fn data(values: &[&str]) -> String {
        let values: Vec<String> = values.iter().map(|v| format!("{{\"text\":{v:?}}}")).collect();
        format!(
            "<title>A b</title><meta name=author content=Ada><script id=__NEXT_DATA__>[{}]</script>",
            values.join(",")
        )
    }

    #[test]
    fn of_texts_that_begin_alike_the_longest_stays_where_the_first_stood() {
        let begin = "The river rose again in the night, and the lower meadow was under water by the morning";
        let other = "Nobody had seen the heron since the bridge was mended in spring";
        let longer =
            [format!("{begin}."), format!("{begin}, as it was."), format!("{begin}, as it was last year.")];
        let found = page(&data(&[&longer[0], other, &longer[1], &longer[2]])).expect("a page");
        assert!(found.contains(other));
        assert_eq!(found.matches(begin).count(), 1);
        assert!(found.contains("as it was last year") && found.find(begin) < found.find(other));
    }

    #[test]
    fn what_the_page_says_of_itself_comes_along_and_its_scripts_do_not() {
        let source = data(&["The ferry runs every hour until the end of the month."]);
        let found =
            page(&source.replace("<script", "<script>var a = '<meta name=x><body>';</script><script"));
        let found = found.expect("a page");
        assert!(found.starts_with("<title>A b</title><meta name=author content=Ada><body>"), "{found}");
    }

    #[test]
    fn a_page_without_text_in_its_data_is_none() {
        assert_eq!(page(&data(&["x", "flex px-4 text-base", "/a/b.html"])), None);
        assert_eq!(page("<p>Nothing hidden here at all, only what is to be seen.</p>"), None);
    }
}
