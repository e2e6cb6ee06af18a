//! Strings out of metadata made readable (entities, tags, white space) and comparable. Knows nothing of
//! what they say.

use html5ever::data::NAMED_ENTITIES;

/// Longest string that metadata is taken from, in characters; what is longer is no title and no name.
const LONGEST: usize = 2_000;

/// Decodes entities, drops tags, folds white space. `None` where nothing readable is left.
pub fn tidy(raw: &str) -> Option<String> {
    let raw = raw.char_indices().nth(LONGEST).map_or(raw, |(end, _)| &raw[..end]);
    let decoded = if raw.contains('&') { entities(&entities(raw)) } else { raw.to_owned() };
    let mut out = String::with_capacity(decoded.len());
    let mut space = false;
    let mut rest = decoded.as_str();
    while let Some(c) = rest.chars().next() {
        if c == '<'
            && let Some(tag) = tag_length(rest)
        {
            rest = &rest[tag..];
            space = true;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if c.is_whitespace() || c == '\u{2028}' {
            space = true;
        } else if !c.is_control() && !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}') {
            if space && !out.is_empty() {
                out.push(' ');
            }
            space = false;
            out.push(c);
        }
    }
    out.chars().any(char::is_alphanumeric).then_some(out)
}

/// The length of the tag a text begins with, if it is one.
fn tag_length(text: &str) -> Option<usize> {
    let second = text[1..].chars().next()?;
    if !(second.is_ascii_alphabetic() || second == '/') {
        return None;
    }
    let end = text.bytes().take(300).position(|b| b == b'>')?;
    Some(end + 1)
}

/// Replaces `&amp;`, `&#39;`, `&#x27;` and all named entities that end in a semicolon.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match entity(rest) {
            Some((c, length)) => {
                out.push(c);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The character an entity at the start of `text` stands for, and the entity's length in bytes.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(34).position(|b| b == b';')?;
    let name = text.get(1..end)?;
    let code = if let Some(hex) = name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
        u32::from_str_radix(hex, 16).ok()?
    } else if let Some(decimal) = name.strip_prefix('#') {
        decimal.parse().ok()?
    } else {
        NAMED_ENTITIES.get(text.get(1..=end)?)?.0
    };
    let c = char::from_u32(code).filter(|c| *c != '\0')?;
    Some((c, end + 1))
}

/// Letters and digits only, in lower case: two strings with the same key read the same.
pub fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{key, tidy};

    #[test]
    fn entities_tags_and_spaces_are_resolved() {
        assert_eq!(tidy("Caf&eacute; &amp;amp; <b>th&#233;</b>\n  noir").as_deref(), Some("Café & thé noir"));
        assert_eq!(tidy("a < b &unknown; &#xffffffff;").as_deref(), Some("a < b &unknown; &#xffffffff;"));
        assert_eq!(tidy(" – … "), None);
    }

    #[test]
    fn keys_forget_case_and_punctuation() {
        assert_eq!(key("Le Monde.fr – Été"), key("LE MONDE FR: été"));
    }
}
