//! What a text file says of itself above its text: YAML between `---` (Jekyll, Obsidian, trafilatura), TOML between
//! `+++` (Hugo), or the lines that Jina's reader writes. Knows how it is written, not what it means.

use saphyr_parser::{Event, Parser};
use std::ops::Range;

/// Longest front matter, in bytes: what is longer is no front matter.
const LONGEST: usize = 64 << 10;

/// So many words, and more than stand below them, are the text itself.
const PROSE: usize = 100;

/// What a field may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Title,
    Author,
    Published,
    Modified,
    Site,
    Address,
    Description,
    Tags,
    Language,
    License,
    Image,
    /// How the page is to be shown, or where it is kept.
    Page,
}

/// The names of the fields, an earlier one before a later one. Who writes front matter writes them small.
const NAMES: [(Field, &[&str]); 12] = [
    (Field::Title, &["title", "headline"]),
    (Field::Author, &["author", "authors", "byline"]),
    (
        Field::Published,
        &[
            "date",
            "published",
            "publish_date",
            "published_at",
            "published_time",
            "published_date",
            "pubdate",
            "publishdate",
            "datepublished",
            "date_published",
        ],
    ),
    (
        Field::Modified,
        &[
            "updated",
            "modified",
            "lastmod",
            "last_modified_at",
            "date_modified",
            "datemodified",
            "updated_at",
        ],
    ),
    (Field::Site, &["sitename", "site_name", "site", "publisher", "publication"]),
    (Field::Address, &["canonical", "canonical_url", "url", "source_url", "url_source", "source"]),
    (Field::Description, &["description", "summary", "excerpt", "abstract"]),
    (Field::Tags, &["tags", "keywords"]),
    (Field::Language, &["lang", "language", "locale"]),
    (Field::License, &["license", "licence"]),
    (Field::Image, &["image", "cover", "thumbnail", "featured_image", "banner"]),
    (
        Field::Page,
        &[
            "layout",
            "permalink",
            "slug",
            "id",
            "aliases",
            "draft",
            "categories",
            "category",
            "tag",
            "created",
            "sidebar_label",
            "sidebar_position",
            "weight",
            "marp",
            "hostname",
            "fingerprint",
        ],
    ),
];

/// Ends what Jina's reader writes above a text.
const READER_ENDS: &str = "Markdown Content:";

/// Names as they are written, but for `_` for blanks and hyphens, and what each is.
type Fields = Vec<(String, Vec<String>)>;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// Its bytes, from the start of the text; the marks around it are among them.
    pub at: Range<usize>,
    fields: Fields,
}

impl FrontMatter {
    /// The front matter that a text begins with. `None` too where nothing follows it, or less than it says itself: then
    /// it is the text.
    pub fn of(text: &str) -> Option<Self> {
        let start = text.len() - text.trim_start_matches(['\u{feff}', '\n', '\r', ' ']).len();
        let rest = &text[start..];
        let (fields, end) = fenced(rest, "---", &["---", "..."])
            .and_then(|(body, end)| Some((yaml(body).or_else(|| lines(body))?, end)))
            .or_else(|| fenced(rest, "+++", &["+++"]).and_then(|(body, end)| Some((toml(body)?, end))))
            .filter(|(fields, _)| is_telling(fields))
            .or_else(|| reader(rest))?;
        let below = &rest[end..];
        let said: usize =
            fields.iter().flat_map(|(_, values)| values).map(|v| v.split_whitespace().count()).sum();
        let is_text = said >= PROSE && said > below.split_whitespace().count();
        let follows = below.contains(char::is_alphanumeric) && !is_text;
        follows.then_some(Self { at: start..start + end, fields })
    }

    /// What stands under the first name of a field that has anything.
    pub fn all(&self, field: Field) -> &[String] {
        self.named(field).next().unwrap_or_default()
    }

    /// What stands under each of its names, the likeliest first.
    pub fn named(&self, field: Field) -> impl Iterator<Item = &[String]> {
        let names = NAMES.iter().filter(move |(f, _)| *f == field).flat_map(|(_, names)| *names);
        let of = |name: &&str| {
            self.fields.iter().find(|(n, values)| n.eq_ignore_ascii_case(name) && !values.is_empty())
        };
        names.filter_map(of).map(|(_, values)| values.as_slice())
    }

    /// The first value of a field.
    pub fn first(&self, field: Field) -> Option<&str> {
        self.all(field).first().map(String::as_str)
    }
}

/// Does a name say that this is front matter, and not two rules with something between them?
fn is_telling(fields: &Fields) -> bool {
    let known = |name: &str| NAMES.iter().any(|(_, names)| names.contains(&name));
    fields.iter().any(|(name, _)| known(name) || known(&name.replace('-', "_")))
}

/// What stands between two fences at the start of a text, and where the second one ends.
fn fenced<'t>(text: &'t str, fence: &str, ends: &[&str]) -> Option<(&'t str, usize)> {
    let body = fence.len() + blank_line(text.strip_prefix(fence)?)?;
    let (length, end) = up_to(&text[body..], |line| ends.contains(&line.trim_end()))?;
    let inner = &text[body..body + length];
    // Below a rule stands a blank line, or a heading, which in YAML is a comment.
    let headed = inner
        .lines()
        .zip(inner.lines().skip(1))
        .any(|(line, next)| line.starts_with("##") || line.starts_with('#') && next.trim().is_empty());
    let opens = inner.lines().next().is_some_and(|line| !line.trim().is_empty());
    (opens && !headed).then_some((inner, body + end))
}

/// Where a line ends that has only blanks, its end included.
fn blank_line(line: &str) -> Option<usize> {
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
    raw.trim().replace([' ', '-'], "_")
}

/// A value, if it says anything; of a link between notes (`[[people/Ada Byron|Ada]]`) what it shows.
fn value(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let note = raw.strip_prefix("[[").and_then(|r| r.strip_suffix("]]"));
    let shown = note.map_or(raw, |note| note.rsplit(['|', '/']).next().unwrap_or(note));
    let empty = ["", "~", "null", "none", "unknown"].iter().any(|e| shown.eq_ignore_ascii_case(e));
    (!empty).then(|| shown.to_owned())
}

/// Names of values in a mapping that stands for a value: `author: {name: Ada Byron, url: …}`.
const WITHIN: [&str; 2] = ["name", "url"];

/// The fields of a mapping: values, lists of values, and of a mapping in their place its name and address. Aliases say
/// nothing, so that none can multiply.
fn yaml(body: &str) -> Option<Fields> {
    let mut fields = Fields::new();
    // Of each mapping or list that is open: is it a mapping, and in it, the name whose value comes next.
    let mut open: Vec<(bool, Option<String>)> = Vec::new();
    let mut mapped = false;
    for event in Parser::new_from_str(body) {
        let said = match event.ok()?.0 {
            Event::MappingStart(..) => {
                mapped |= open.is_empty();
                open.push((true, None));
                continue;
            }
            Event::SequenceStart(..) => {
                open.push((false, None));
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                None
            }
            Event::Alias(_) => None,
            Event::Scalar(text, ..) => Some(text),
            Event::DocumentStart(true) => return None,
            _ => continue,
        };
        let says = match open.as_slice() {
            [_] | [_, (false, _)] => true,
            [_, (true, key)] | [_, (false, _), (true, key)] => {
                key.as_deref().is_some_and(|key| WITHIN.contains(&key))
            }
            _ => false,
        };
        let depth = open.len();
        let Some((is_mapping, key)) = open.last_mut() else { continue };
        if *is_mapping && key.is_none() {
            let key = key.insert(said.map(|said| name(&said)).unwrap_or_default());
            if depth == 1 {
                fields.push((key.clone(), Vec::new()));
            }
            continue;
        }
        *key = None;
        if let (Some(said), Some((_, values))) = (said, fields.last_mut().filter(|_| says)) {
            values.extend(value(&said));
        }
    }
    mapped.then_some(fields)
}

/// What is no YAML for a colon or a quotation mark in a value, as `title: Ferries: a guide`, line by line: each is a
/// field, or goes on with the one before.
fn lines(body: &str) -> Option<Fields> {
    let mut fields = Fields::new();
    for line in body.lines().filter(|line| !line.trim().is_empty()) {
        let item = line.trim_start().strip_prefix("- ");
        let (values, said) = match (item, fields.last_mut()) {
            (Some(item), Some((_, values))) => (values, item),
            (None, Some((_, values))) if line.starts_with([' ', '\t']) => (values, line),
            _ => {
                let (key, said) = line.split_once(':')?;
                if key.is_empty() || key.contains(char::is_whitespace) {
                    return None;
                }
                fields.push((name(key), Vec::new()));
                (&mut fields.last_mut()?.1, said)
            }
        };
        let said = said.trim();
        let quoted = |mark: char| said.strip_prefix(mark).and_then(|said| said.strip_suffix(mark));
        let said = quoted('"').or_else(|| quoted('\'')).unwrap_or(said);
        match said
            .strip_prefix('[')
            .and_then(|said| said.strip_suffix(']'))
            .filter(|_| !said.starts_with("[["))
        {
            Some(list) => {
                values.extend(list.split(',').filter_map(|v| value(v.trim().trim_matches(['"', '\'']))))
            }
            None => values.extend(value(said)),
        }
    }
    Some(fields)
}

fn toml(body: &str) -> Option<Fields> {
    fn texts(value: &toml::Value) -> Vec<String> {
        match value {
            toml::Value::String(text) => self::value(text).into_iter().collect(),
            toml::Value::Datetime(day) => vec![day.to_string()],
            toml::Value::Integer(number) => vec![number.to_string()],
            toml::Value::Table(table) => {
                WITHIN.iter().filter_map(|key| table.get(*key)).flat_map(texts).collect()
            }
            _ => Vec::new(),
        }
    }
    let table: toml::Table = body.parse().ok()?;
    let fields = table.iter().map(|(key, value)| {
        let values = match value {
            toml::Value::Array(values) => values.iter().flat_map(texts).collect(),
            value => texts(value),
        };
        (name(key), values)
    });
    Some(fields.collect())
}

/// `Title: …`, `URL Source: …` and others, and the text after `Markdown Content:`.
fn reader(text: &str) -> Option<(Fields, usize)> {
    if !text.starts_with("Title:") && !text.starts_with("URL Source:") {
        return None;
    }
    let (length, end) = up_to(text, |line| line.trim_end() == READER_ENDS)?;
    let mut fields = Fields::new();
    for line in text[..length].lines().filter(|line| !line.trim().is_empty()) {
        let (key, said) = line.split_once(':')?;
        if key.split_whitespace().count() > 3 {
            return None;
        }
        fields.push((name(key), value(said).into_iter().collect()));
    }
    fields.iter().any(|(key, _)| key == "URL_Source").then_some((fields, end))
}

#[cfg(test)]
mod tests {
    use super::{Field, FrontMatter};

    fn rest_of(text: &str) -> Option<&str> {
        FrontMatter::of(text).map(|front| text[front.at.end..].trim_start())
    }

    fn of(text: &str, field: Field) -> Vec<String> {
        FrontMatter::of(text).expect("front matter").all(field).to_vec()
    }

    #[test]
    fn front_matter_is_read_in_each_of_its_forms() {
        let yaml = "\u{feff}---\r\ntitle: 'The ferry: it runs'\r\n# a comment\r\nauthor:\r\n  - \"[[people/Ada Byron|A. Byron]]\"\r\n  \
            - name: Joan Clark\r\n    url: https://example.org/joan\r\n    roles: [baker]\r\npublish-date: 2026-02-12\r\n\
            tags: [ferry, harbour]\r\ndescription: >\r\n  It\r\n  runs.\r\nsource: null\r\n---\r\nThe ferry runs.";
        for (field, values) in [
            (Field::Title, &["The ferry: it runs"][..]),
            (Field::Author, &["A. Byron", "Joan Clark", "https://example.org/joan"]),
            (Field::Published, &["2026-02-12"]),
            (Field::Tags, &["ferry", "harbour"]),
            (Field::Description, &["It runs."]),
            (Field::Address, &[]),
        ] {
            assert_eq!(of(yaml, field), values, "{field:?}");
        }
        assert_eq!(rest_of(yaml), Some("The ferry runs."));
        let toml = "+++\ntitle = \"The ferry\"\ndate = 2026-02-12T08:00:00Z\n[[authors]]\nname = \"Ada Byron\"\n[extra]\nx = 1\n+++\n\
            It runs.";
        assert_eq!(of(toml, Field::Published), ["2026-02-12T08:00:00Z"]);
        assert_eq!(of(toml, Field::Author), ["Ada Byron"]);
        let reader = "\nTitle: The ferry: it runs\n\nURL Source: https://example.org/ferry\n\nPublished Time: 2026-02-12\n\n\
            Markdown Content:\nIt runs.\n";
        assert_eq!(of(reader, Field::Title), ["The ferry: it runs"]);
        assert_eq!(of(reader, Field::Address), ["https://example.org/ferry"]);
        assert_eq!(of(reader, Field::Published), ["2026-02-12"]);
        assert_eq!(rest_of(reader), Some("It runs.\n"));
    }

    #[test]
    fn what_is_nearly_yaml_is_read_line_by_line() {
        let text = "---\ntitle: The ferry: it runs\ndescription: 'Tis the season\nauthor: \"Ada Byron\"\ntags: [ferry, 'harbour']\n\
            categories:\n  - boats\n---\nIt runs.";
        assert_eq!(of(text, Field::Title), ["The ferry: it runs"]);
        assert_eq!(of(text, Field::Description), ["'Tis the season"]);
        assert_eq!(of(text, Field::Author), ["Ada Byron"]);
        assert_eq!(of(text, Field::Tags), ["ferry", "harbour"]);
        assert_eq!(of(text, Field::Page), ["boats"]);
    }

    #[test]
    fn what_only_looks_like_front_matter_is_text() {
        let long = format!("---\ntitle: The ferry\nbody: |\n  {}\n---\nThe end.", "It runs. ".repeat(60));
        for text in [
            "---\nThe ferry runs again.\n---\nIt is blue.",
            "---\nNote: the ferry runs again.\n---\nIt is blue.",
            "---\nAuthor: I wrote this.\nSource: It is said that it runs.\n---\nIt is blue.",
            "---\n\n# Ports\n\ntitle: the ferry\n\n---\n\nIt is blue.",
            "---\n# Ports\n\ntitle: the ferry\n---\nIt is blue.",
            "---\n# Ports\n## North\ntitle: the ferry\n---\nIt is blue.",
            "---\ntitle: never closed\n\nThe ferry runs.",
            "---\ntitle: nothing follows\n---\n\n***\n",
            "---\ntitle: [not, closed\nThe ferry runs.\n---\nIt is blue.",
            "--- title: one line ---\nThe ferry runs.",
            "Title: a play\n\nMarkdown Content:\nIt runs.",
            "Title: a play\n\nThey said in the harbour: it runs\n\nURL Source: x\nMarkdown Content:\nIt runs.",
            "+++\ntitle = not quoted\n+++\nIt runs.",
            &long,
            "",
        ] {
            assert_eq!(FrontMatter::of(text), None, "{text}");
        }
        // Aliases multiply nothing, and shift nothing.
        let bomb = "---\ntags: &a [x]\nkeywords: &b [*a, *a]\n*a : y\ntitle: The ferry\n---\nText";
        assert_eq!(of(bomb, Field::Tags), ["x"]);
        assert_eq!(of(bomb, Field::Title), ["The ferry"]);
    }
}
