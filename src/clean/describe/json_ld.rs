//! Schema.org data in JSON-LD scripts -> a flat list of items. Reads what is broken in the usual ways
//! (comments, raw line breaks, a trailing semicolon); decides nothing about the page.

use super::tidy::tidy;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Longest script that is read, in bytes.
const LONGEST_SCRIPT: usize = 1 << 20;

/// Most items kept of one page.
const MOST_ITEMS: usize = 400;

/// One typed object.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// Type names without their namespace, e.g. `NewsArticle`.
    pub types: Vec<String>,
    /// How many objects it is nested in; the members of an `@graph` and of `mainEntity` count as 0.
    pub depth: usize,
    pub headline: Option<String>,
    pub name: Option<String>,
    pub authors: Vec<String>,
    /// As it stands: `datePublished`, else `dateCreated`, else `uploadDate`.
    pub published: Option<String>,
    pub publisher: Option<String>,
    /// Said not to be free to read.
    pub paid: bool,
    /// Selectors of the parts that are not free to read.
    pub locked: Vec<String>,
}

impl Item {
    pub fn is(&self, name: &str) -> bool {
        self.types.iter().any(|t| t == name)
    }

    /// A text with an author and a date: articles, posts, reviews, recipes and kin.
    pub fn is_text(&self) -> bool {
        self.types.iter().any(|t| {
            t.ends_with("Article")
                || t.ends_with("Posting")
                || matches!(
                    t.as_str(),
                    "Report" | "Review" | "Recipe" | "CreativeWork" | "Question" | "Blog" | "HowTo"
                )
                || matches!(
                    t.as_str(),
                    "Book" | "Chapter" | "VideoObject" | "PodcastEpisode" | "Message" | "Comment"
                )
        })
    }
}

/// Reads one script.
pub fn read(script: &str, items: &mut Vec<Item>) {
    if script.len() > LONGEST_SCRIPT {
        return;
    }
    let Some(value) = parse(script) else { return };
    let mut names: HashMap<&str, String> = HashMap::new();
    walk(&value, |object, _| {
        if let (Some(id), Some(name)) = (text(object, "@id"), text(object, "name").and_then(tidy)) {
            names.entry(id).or_insert(name);
        }
        true
    });
    walk(&value, |object, depth| {
        let types = types(object);
        if types.is_empty() {
            return true;
        }
        items.push(Item {
            types,
            depth,
            headline: text(object, "headline").and_then(tidy),
            name: text(object, "name").and_then(tidy),
            authors: ["author", "creator"]
                .iter()
                .filter_map(|k| object.get(*k))
                .map(|v| people(v, &names))
                .find(|p| !p.is_empty())
                .unwrap_or_default(),
            published: ["datePublished", "dateCreated", "uploadDate"]
                .iter()
                .find_map(|k| text(object, k))
                .map(str::to_owned),
            paid: object.get("isAccessibleForFree").is_some_and(is_false),
            locked: locked(object),
            publisher: object.get("publisher").and_then(|v| people(v, &names).into_iter().next()),
        });
        items.len() < MOST_ITEMS
    });
}

/// Parses a script; once more with the usual faults repaired.
fn parse(script: &str) -> Option<Value> {
    let script = script.trim().trim_start_matches('\u{feff}');
    if let Ok(value) = serde_json::from_str(script) {
        return Some(value);
    }
    let inner = &script[script.find(['{', '['])?..=script.rfind(['}', ']'])?.max(script.find(['{', '['])?)];
    let repaired: String = inner.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    serde_json::from_str(&repaired).ok()
}

/// Visits every object, outer ones first, in the order they stand, until `visit` says `false`.
fn walk<'v>(root: &'v Value, mut visit: impl FnMut(&'v Map<String, Value>, usize) -> bool) {
    // serde_json refuses nesting beyond 128, so the stack stays small.
    let mut stack = vec![(root, 0usize)];
    while let Some((value, depth)) = stack.pop() {
        match value {
            Value::Array(list) => stack.extend(list.iter().rev().map(|v| (v, depth))),
            Value::Object(object) => {
                if !visit(object, depth) {
                    return;
                }
                stack.extend(object.iter().rev().filter(|(_, v)| v.is_object() || v.is_array()).map(
                    |(k, v)| {
                        let same = matches!(k.as_str(), "@graph" | "mainEntity");
                        (v, if same { depth } else { depth + 1 })
                    },
                ));
            }
            _ => {}
        }
    }
}

fn text<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    match object.get(name)? {
        Value::String(s) => Some(s),
        Value::Array(list) => list.first()?.as_str(),
        _ => None,
    }
}

fn is_false(value: &Value) -> bool {
    value.as_bool() == Some(false)
        || value
            .as_str()
            .is_some_and(|s| s.rsplit('/').next().is_some_and(|s| s.eq_ignore_ascii_case("false")))
}

/// The `cssSelector` of the parts that are not free.
fn locked(object: &Map<String, Value>) -> Vec<String> {
    let parts = match object.get("hasPart") {
        Some(Value::Array(list)) => list.iter().take(8).collect(),
        Some(one) => vec![one],
        None => return Vec::new(),
    };
    parts
        .iter()
        .filter(|p| p.get("isAccessibleForFree").is_some_and(is_false))
        .flat_map(|p| match p.get("cssSelector") {
            Some(Value::Array(list)) => list.iter().take(8).filter_map(Value::as_str).collect(),
            Some(Value::String(one)) => vec![one.as_str()],
            _ => Vec::new(),
        })
        .map(str::to_owned)
        .collect()
}

fn types(object: &Map<String, Value>) -> Vec<String> {
    let list = match object.get("@type") {
        Some(Value::String(s)) => vec![s.as_str()],
        Some(Value::Array(list)) => list.iter().take(8).filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    list.iter().map(|t| t.rsplit(['/', ':', '#']).next().unwrap_or(t).to_owned()).collect()
}

/// The names in an author-like value: a string, an object with a name or a reference, or a list of these.
fn people(value: &Value, names: &HashMap<&str, String>) -> Vec<String> {
    let list = match value {
        Value::Array(list) => list.iter().take(20).collect(),
        one => vec![one],
    };
    let mut out: Vec<String> = Vec::new();
    for one in list {
        let name = match one {
            Value::String(s) => tidy(s),
            Value::Object(o) => text(o, "name")
                .and_then(tidy)
                .or_else(|| text(o, "@id").and_then(|id| names.get(id).cloned())),
            _ => None,
        };
        if let Some(name) = name
            && !out.contains(&name)
        {
            out.push(name);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_graph_is_flattened_and_references_are_resolved() {
        let mut items = Vec::new();
        let script = r#"{"@context":"https://schema.org","@graph":[
            {"@type":["Article","https://schema.org/NewsArticle"],"headline":"Caf&#233;s","author":{"@id":"p"},
             "datePublished":"2024-11-21T08:00:00+01:00"},
            {"@type":"Person","@id":"p","name":"Ada Byron"}]}"#;
        read(script, &mut items);
        assert_eq!(items.len(), 2);
        assert!(items[0].is("NewsArticle") && items[0].is_text());
        assert_eq!(items[0].headline.as_deref(), Some("Cafés"));
        assert_eq!(items[0].authors, ["Ada Byron"]);
        assert_eq!(items[0].depth, 0);
    }

    #[test]
    fn usual_faults_are_repaired() {
        let mut items = Vec::new();
        read("<!-- {\"@type\":\"Article\",\"headline\":\"one\ntwo\"} // -->;", &mut items);
        assert_eq!(items[0].headline.as_deref(), Some("one two"));
        for broken in ["}{", "][", "", "{", &"[".repeat(100_000), "{\"@type\":[[{}]]}"] {
            read(broken, &mut items);
        }
        assert_eq!(items.len(), 1);
    }
}
