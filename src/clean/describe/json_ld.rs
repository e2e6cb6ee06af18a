//! Schema.org data in JSON-LD scripts -> a flat list of items. Reads what is broken in the usual ways
//! (comments, raw line breaks, a trailing semicolon); decides nothing about the page.

use super::tidy::tidy;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Longest script that is read, in bytes.
const LONGEST_SCRIPT: usize = 1 << 20;

/// Most items kept of one page.
const MOST_ITEMS: usize = 400;

/// Where an item names its authors.
const AUTHORS: [&str; 2] = ["author", "creator"];

/// One typed object.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// Type names without their namespace, e.g. `NewsArticle`.
    pub types: Vec<String>,
    /// How many objects it is nested in; the members of an `@graph` and of `mainEntity` count as 0.
    pub depth: usize,
    pub headline: Option<String>,
    pub name: Option<String>,
    /// People, and names whose type is not said.
    pub authors: Vec<String>,
    /// Authors that are said to be organisations.
    pub organisations: Vec<String>,
    /// As it stands: `datePublished`, else `dateCreated`, else `uploadDate`.
    pub published: Option<String>,
    /// As it stands: `dateModified`.
    pub modified: Option<String>,
    pub publisher: Option<String>,
    pub description: Option<String>,
    pub keywords: Vec<String>,
    /// An address or a name.
    pub license: Option<String>,
    pub image: Option<String>,
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
            authors: AUTHORS
                .iter()
                .filter_map(|k| object.get(*k))
                .map(|v| people(v, &names, false))
                .find(|p| !p.is_empty())
                .unwrap_or_default(),
            published: ["datePublished", "dateCreated", "uploadDate"]
                .iter()
                .find_map(|k| text(object, k))
                .map(str::to_owned),
            modified: text(object, "dateModified").map(str::to_owned),
            organisations: organisations(object, &names),
            description: text(object, "description").and_then(tidy),
            keywords: strings(object.get("keywords")),
            license: object.get("license").and_then(address),
            image: object.get("image").or_else(|| object.get("thumbnailUrl")).and_then(address),
            paid: object.get("isAccessibleForFree").is_some_and(is_false),
            locked: locked(object),
            publisher: object.get("publisher").and_then(|v| people(v, &names, true).into_iter().next()),
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
/// `all`: organisations too.
fn people(value: &Value, names: &HashMap<&str, String>, all: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for one in list(value).take(20) {
        let name = match one {
            Value::String(s) => tidy(s),
            Value::Object(o) if all || !is_organisation(o) => named(o, names),
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

/// The authors of an item that are organisations.
fn organisations(item: &Map<String, Value>, names: &HashMap<&str, String>) -> Vec<String> {
    let authors = AUTHORS.iter().filter_map(|k| item.get(*k)).flat_map(|v| list(v).take(20));
    authors
        .filter_map(Value::as_object)
        .filter(|o| is_organisation(o))
        .filter_map(|o| named(o, names))
        .collect()
}

fn is_organisation(object: &Map<String, Value>) -> bool {
    let types = types(object);
    types.iter().any(|t| t.ends_with("Organization") || matches!(t.as_str(), "Corporation" | "WebSite"))
        && !types.iter().any(|t| t == "Person")
}

fn named(object: &Map<String, Value>, names: &HashMap<&str, String>) -> Option<String> {
    text(object, "name").and_then(tidy).or_else(|| text(object, "@id").and_then(|id| names.get(id).cloned()))
}

/// The members of a list, or the value itself.
fn list(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(list) => list.iter(),
        one => std::slice::from_ref(one).iter(),
    }
}

fn strings(value: Option<&Value>) -> Vec<String> {
    value.into_iter().flat_map(list).take(40).filter_map(Value::as_str).map(str::to_owned).collect()
}

/// An address in a value: a string, or an object's `url`, `contentUrl` or `@id`.
fn address(value: &Value) -> Option<String> {
    list(value).take(1).find_map(|one| match one {
        Value::String(s) => Some(s.clone()),
        Value::Object(o) => ["url", "contentUrl", "@id"].iter().find_map(|k| text(o, k)).map(str::to_owned),
        _ => None,
    })
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
