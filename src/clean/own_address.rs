//! The address that a page says is its own, for where nobody gave one.

use super::parse::{Attribute, Tag, Tree};
use std::borrow::Cow;
use url::Url;

/// The address that was given, else the one that the page declares.
pub fn of<'u>(given: Option<&'u Url>, tree: Option<&Tree>) -> Option<Cow<'u, Url>> {
    given.map(Cow::Borrowed).or_else(|| declared(tree?).map(Cow::Owned))
}

/// `<link rel=canonical>`, else `og:url`; a whole address only.
pub fn declared(tree: &Tree) -> Option<Url> {
    let is = |id, name, value: &str| tree.attribute(id, name).is_some_and(|v| v.eq_ignore_ascii_case(value));
    let whole = |said: &str| Url::parse(said.trim()).ok().filter(Url::has_host);
    let find = |tag, name, value: &str, address| {
        let mut all = (0..tree.len()).filter(|&id| tree.tag(id) == Some(tag) && is(id, name, value));
        all.find_map(|id| whole(tree.attribute(id, address)?))
    };
    find(Tag::Link, Attribute::Rel, "canonical", Attribute::Href)
        .or_else(|| find(Tag::Meta, Attribute::Property, "og:url", Attribute::Content))
}

#[cfg(test)]
mod tests {
    use super::declared;
    use crate::clean::parse::{Budget, parse};

    #[test]
    fn the_canonical_address_comes_first_and_only_a_whole_one_counts() {
        let of = |html: &str| declared(&parse(html, &Budget::default()).0).map(String::from);
        let meta = "<meta property='og:url' content='https://www.example.org/b'>";
        let link = |href: &str| format!("{meta}<link rel=Canonical href='{href}'>");
        assert_eq!(of(&link(" https://example.org/a ")).as_deref(), Some("https://example.org/a"));
        assert_eq!(of(&link("/a")).as_deref(), Some("https://www.example.org/b"));
        assert_eq!(
            of("<link rel=canonical href=''><link rel=stylesheet href='https://example.org/a.css'>"),
            None
        );
    }
}
