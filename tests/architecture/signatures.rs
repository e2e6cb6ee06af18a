//! No dependency shows in what the library lets others see.

use crate::source::Source;
use crate::sources;
use std::fs;
use std::path::Path;

/// Crates whose names may stand in a public signature: `Url` is a value of the field, serde's are traits.
const WELCOME: &[&str] = &["url", "serde"];

/// Names of dependencies in what a public module shows: signatures of functions, fields, aliases.
fn shown_dependencies(source: &Source, dependencies: &[String]) -> Vec<String> {
    let foreign = |path: &str| {
        let first = path.split("::").next().unwrap_or("");
        dependencies.iter().any(|name| name == first) && !WELCOME.contains(&first)
    };
    let mentions = source.mentions();
    let mut names: Vec<&str> = mentions
        .iter()
        .filter(|m| m.imported && foreign(&m.path))
        .filter_map(|m| m.path.rsplit("::").next())
        .collect();
    names.extend(dependencies.iter().map(String::as_str).filter(|name| !WELCOME.contains(name)));
    let words: Vec<&str> = source.tokens.iter().map(|token| token.text.as_str()).collect();
    let mut found = Vec::new();
    for (at, _) in words.iter().enumerate().filter(|(_, word)| **word == "pub") {
        // What follows up to the body, the value or the next field; `pub(super)` shows nothing.
        let rest = &words[at + 1..];
        let shows = matches!(rest, ["fn" | "type" | "const" | "async" | "static", ..] | [_, ":", ..]);
        if !shows {
            continue;
        }
        let ends: &[&str] = if rest.get(1) == Some(&":") { &[",", "}"] } else { &["{", ";", "="] };
        let shown = rest.iter().take_while(|word| !ends.contains(word));
        let named = shown.filter(|word| names.contains(word));
        found.extend(named.map(|name| format!("src/{}:{}: {name}", source.path, source.tokens[at].line)));
    }
    found
}

/// Is the file's module public all the way up?
fn is_public(source: &Source, sources: &[Source]) -> bool {
    let module = source.module();
    let mut parts: Vec<&str> = module.split("::").collect();
    while let Some(name) = parts.pop().filter(|_| !parts.is_empty()) {
        let parent = parts.join("::");
        let declares = |s: &Source| {
            s.tokens
                .windows(3)
                .any(|t| [&t[0].text, &t[1].text, &t[2].text].map(String::as_str) == ["pub", "mod", name])
        };
        if !sources.iter().filter(|s| s.module() == parent).any(declares) {
            return false;
        }
    }
    true
}

#[test]
fn no_public_signature_shows_a_dependency() {
    let manifest =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).expect("Cargo.toml");
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let listed = manifest["dependencies"].as_table().expect("a table");
    let dependencies: Vec<String> = listed.keys().map(|name| name.replace('-', "_")).collect();
    let sources = sources();
    let public: Vec<&Source> = sources.iter().filter(|s| is_public(s, &sources)).collect();
    assert!(public.len() > 30, "{} public files", public.len());
    let shown: Vec<String> = public.iter().flat_map(|s| shown_dependencies(s, &dependencies)).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    for text in [
        "use reqwest::Client; pub fn f(c: &Client) {}",
        "pub fn f() -> rusqlite::Result<()> { g() }",
        "use scraper::{Html}; pub struct A { pub html: Html }",
    ] {
        assert!(!shown_dependencies(&Source::new("store/a.rs", text), &dependencies).is_empty(), "{text}");
    }
    let good = "use url::Url; use reqwest::Client; pub fn f(u: &Url) { Client::new(); } pub(super) fn g(c: Client) {}";
    assert!(shown_dependencies(&Source::new("store/a.rs", good), &dependencies).is_empty());
}
