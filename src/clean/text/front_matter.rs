//! What a text file says of itself above its text: YAML between `---` (Jekyll, Obsidian, trafilatura), TOML between
//! `+++` (Hugo), or the lines that Jina's reader writes. Knows how it is written, not what it means.

use saphyr_parser::{Event, Parser};
use std::ops::Range;

/// Longest front matter, in bytes: what is longer is no front matter.
const LONGEST: usize = 64 << 10;

/// A name that says that this is front matter, and not two rules with something between them.
const TELLING: [&str; 14] = [
    "title",
    "headline",
    "date",
    "published",
    "author",
    "authors",
    "url",
    "source",
    "layout",
    "permalink",
    "slug",
    "tags",
    "categories",
    "description",
];

/// Names in lower case, with `_` for blanks and hyphens, and what each is.
type Fields = Vec<(String, Vec<String>)>;

/// Above a text that Jina's reader fetched.
const READER: [&str; 5] = ["title", "url_source", "published_time", "number_of_pages", "warning"];
const READER_ENDS: &str = "Markdown Content:";

#[derive(Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// Its bytes, from the start of the text; the marks around it are among them.
    pub at: Range<usize>,
    fields: Fields,
}

impl FrontMatter {
    /// The front matter that a text begins with. `None` too where nothing follows it: then it is the text.
    pub fn of(text: &str) -> Option<Self> {
        let start = text.len() - text.trim_start_matches('\u{feff}').len();
        let rest = &text[start..];
        let fenced = |fence: &str, ends: &[&str]| {
            let body = fence.len() + line_end(rest.strip_prefix(fence)?)?;
            let (length, end) = up_to(&rest[body..], |line| ends.contains(&line.trim_end()))?;
            Some((&rest[body..body + length], body + end))
        };
        let (fields, end) = fenced("---", &["---", "..."])
            .and_then(|(body, end)| Some((yaml(body)?, end)))
            .or_else(|| fenced("+++", &["+++"]).and_then(|(body, end)| Some((toml(body)?, end))))
            .filter(|(fields, _)| fields.iter().any(|(name, _)| TELLING.contains(&name.as_str())))
            .or_else(|| reader(rest))?;
        rest[end..].contains(char::is_alphanumeric).then_some(Self { at: start..start + end, fields })
    }

    /// What stands under the first of these names that has anything.
    pub fn all(&self, names: &[&str]) -> &[String] {
        let of = |name: &&str| self.fields.iter().find(|(n, values)| n == name && !values.is_empty());
        names.iter().find_map(of).map_or(&[], |(_, values)| values)
    }

    /// The first value of these names.
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        self.all(names).first().map(String::as_str)
    }
}

/// Where a line ends that has only blanks, its end included.
fn line_end(line: &str) -> Option<usize> {
    let end = line.find('\n')?;
    line[..end].trim().is_empty().then_some(end + 1)
}

/// The bytes before the first line that `ends`, and those with it.
fn up_to(text: &str, ends: impl Fn(&str) -> bool) -> Option<(usize, usize)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if ends(line) {
            return Some((at, at + line.trim_end().len()));
        }
        at += line.len();
        if at > LONGEST {
            return None;
        }
    }
    None
}

fn name(raw: &str) -> String {
    raw.trim().to_lowercase().replace([' ', '-'], "_")
}

/// A value, without the brackets of a link between notes (`[[Ada Byron]]`), if it says anything.
fn value(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let inner = raw.strip_prefix("[[").and_then(|r| r.strip_suffix("]]")).unwrap_or(raw);
    let empty = ["", "~", "null", "none", "unknown"].iter().any(|e| inner.eq_ignore_ascii_case(e));
    (!empty).then(|| inner.to_owned())
}

/// The fields of a mapping: values, lists of values, and what is called `name` in a mapping below it. Aliases say
/// nothing, so that none can multiply.
fn yaml(body: &str) -> Option<Fields> {
    let mut fields = Fields::new();
    // Of each mapping or list that is open: is it a mapping, and in it, the name whose value comes next.
    let mut open: Vec<(bool, Option<String>)> = Vec::new();
    let mut mapped = false;
    for event in Parser::new_from_str(body) {
        let mut ended = false;
        match event.ok()?.0 {
            Event::MappingStart(..) => {
                mapped |= open.is_empty();
                open.push((true, None));
            }
            Event::SequenceStart(..) => open.push((false, None)),
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                ended = true;
            }
            Event::Alias(_) => ended = true,
            Event::Scalar(text, ..) => {
                let depth = open.len();
                match open.last_mut() {
                    Some((true, key @ None)) => {
                        let key = key.insert(name(&text));
                        if depth == 1 {
                            fields.push((key.clone(), Vec::new()));
                        }
                        continue;
                    }
                    Some((is_mapping, key)) => {
                        let says = depth == 1 || !*is_mapping || key.as_deref() == Some("name");
                        if let Some((_, values)) = fields.last_mut().filter(|_| says && depth <= 3) {
                            values.extend(value(&text));
                        }
                        ended = true;
                    }
                    None => return None,
                }
            }
            Event::DocumentStart(true) => return None,
            _ => {}
        }
        if let Some((_, key)) = open.last_mut().filter(|_| ended) {
            *key = None;
        }
    }
    mapped.then_some(fields)
}

fn toml(body: &str) -> Option<Fields> {
    let text = |value: &toml::Value| match value {
        toml::Value::String(text) => self::value(text),
        toml::Value::Datetime(day) => Some(day.to_string()),
        _ => None,
    };
    let table: toml::Table = body.parse().ok()?;
    let fields = table.iter().map(|(key, value)| {
        let values = match value {
            toml::Value::Array(values) => values.iter().filter_map(text).collect(),
            value => text(value).into_iter().collect(),
        };
        (name(key), values)
    });
    Some(fields.collect())
}

/// `Title: …`, `URL Source: …`, and the text after `Markdown Content:`.
fn reader(text: &str) -> Option<(Fields, usize)> {
    if !text.starts_with("Title:") && !text.starts_with("URL Source:") {
        return None;
    }
    let (length, end) = up_to(text, |line| line.trim_end() == READER_ENDS)?;
    let mut fields = Vec::new();
    for line in text[..length].lines().filter(|line| !line.trim().is_empty()) {
        let (key, said) = line.split_once(':')?;
        let key = name(key);
        if !READER.contains(&key.as_str()) {
            return None;
        }
        fields.push((key, value(said).into_iter().collect()));
    }
    fields.iter().any(|(key, _)| key == "url_source").then_some((fields, end))
}

#[cfg(test)]
mod tests {
    use super::FrontMatter;

    fn rest_of(text: &str) -> Option<&str> {
        FrontMatter::of(text).map(|front| text[front.at.end..].trim_start())
    }

    #[test]
    fn front_matter_is_read_in_each_of_its_forms() {
        let of = |text: &str, name: &str| FrontMatter::of(text).expect("front matter").all(&[name]).to_vec();
        let yaml = "\u{feff}---\r\ntitle: 'The ferry: it runs'\r\nauthor:\r\n  - \"[[Ada Byron]]\"\r\n  - name: Joan Clark\r\n    \
            url: https://example.org/joan\r\nPublish-Date: 2026-02-12\r\ntags: [ferry, harbour]\r\ndescription: >\r\n  It\r\n  \
            runs.\r\nsource: null\r\n---\r\nThe ferry runs.";
        for (name, values) in [
            ("title", &["The ferry: it runs"][..]),
            ("author", &["Ada Byron", "Joan Clark"]),
            ("publish_date", &["2026-02-12"]),
            ("tags", &["ferry", "harbour"]),
            ("description", &["It runs."]),
            ("source", &[]),
            ("name", &[]),
        ] {
            assert_eq!(of(yaml, name), values, "{name}");
        }
        assert_eq!(rest_of(yaml), Some("The ferry runs."));
        let toml = "+++\ntitle = \"The ferry\"\ndate = 2026-02-12T08:00:00Z\nauthors = [\"Ada Byron\"]\n[extra]\nx = 1\n+++\nIt runs.";
        assert_eq!(of(toml, "date"), ["2026-02-12T08:00:00Z"]);
        assert_eq!(of(toml, "authors"), ["Ada Byron"]);
        let reader = "Title: The ferry: it runs\n\nURL Source: https://example.org/ferry\n\nPublished Time: 2026-02-12\n\n\
            Markdown Content:\nIt runs.\n";
        assert_eq!(of(reader, "title"), ["The ferry: it runs"]);
        assert_eq!(of(reader, "url_source"), ["https://example.org/ferry"]);
        assert_eq!(rest_of(reader), Some("It runs.\n"));
    }

    #[test]
    fn what_only_looks_like_front_matter_is_text() {
        for text in [
            "---\nThe ferry runs again.\n---\nIt is blue.",
            "---\nNote: the ferry runs again.\n---\nIt is blue.",
            "---\n\nTitle: the ferry\n",
            "---\ntitle: never closed\n\nThe ferry runs.",
            "---\ntitle: nothing follows\n---\n\n***\n",
            "---\ntitle: [not, closed\n---\nThe ferry runs.",
            "--- title: one line ---\nThe ferry runs.",
            "Title: a play\n\nMarkdown Content:\nIt runs.",
            "Title: a play\n\nAct: one\n\nURL Source: x\nMarkdown Content:\nIt runs.",
            "+++\ntitle = not quoted\n+++\nIt runs.",
            "",
        ] {
            assert_eq!(FrontMatter::of(text), None, "{text}");
        }
        // Aliases multiply nothing.
        let bomb = format!("---\ntitle: &a x\nb: &b [*a, *a]\nc: [*b, *b]\n---\nText{}", "");
        assert_eq!(FrontMatter::of(&bomb).map(|f| f.all(&["c"]).len()), Some(0));
    }
}
