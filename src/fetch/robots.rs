//! robots.txt as RFC 9309 has it: bytes -> rules for one crawler -> may this path be fetched?
//! Pure; fetching and caching the file is `robots_cache`'s work.
//!
//! Beyond the RFC, as Google's parser does: common misspellings of the keys, a missing colon, and
//! `Allow: /index.html` also allowing `/`. `Crawl-delay` is read. Every match is linear in the length
//! of the path, whatever the wildcards.

use memchr::memmem;
use std::time::Duration;

/// Bytes that are read; the rest of a longer file is ignored (RFC 9309, 2.5, asks for at least this).
pub const MOST_BYTES: usize = 500 * 1024;
/// Bytes of a line that are read.
const MOST_LINE: usize = 16 * 1024;

/// The rules that one crawler has to follow.
#[derive(Debug, Clone, Default)]
pub struct Robots {
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

/// What the rules say of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub allowed: bool,
    /// Which rule decided, e.g. `disallowed: line 3, Disallow: /private`.
    pub why: String,
}

#[derive(Debug, Clone)]
struct Rule {
    allow: bool,
    line: usize,
    pattern: Vec<u8>,
    /// The pattern with needless percent-escapes undone, where that makes a difference. Used for
    /// forbidding only: the RFC and Google differ here, and the stricter reading is the polite one.
    decoded: Option<Vec<u8>>,
}

/// The name that robots.txt knows a crawler by: the first word of its user agent.
pub fn product_token(user_agent: &str) -> &str {
    let end = user_agent
        .bytes()
        .position(|b| !(b.is_ascii_alphabetic() || b == b'-' || b == b'_'))
        .unwrap_or(user_agent.len());
    user_agent.get(..end).unwrap_or("")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    UserAgent,
    Allow,
    Disallow,
    CrawlDelay,
}

/// Rules of the groups that name the crawler, and of those for everyone.
#[derive(Default)]
struct Groups {
    named: Robots,
    everyone: Robots,
    named_seen: bool,
}

impl Robots {
    /// Reads a file for the crawler whose [`product_token`] is `agent`. Never fails: what is no rule
    /// is ignored.
    pub fn parse(bytes: &[u8], agent: &str) -> Self {
        let bytes = bytes.get(..MOST_BYTES).unwrap_or(bytes);
        let utf8;
        let bytes = if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            utf8 = encoding_rs::UTF_8.decode(bytes).0.into_owned();
            utf8.as_bytes()
        } else {
            bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
        };

        let mut groups = Groups::default();
        let (mut in_named, mut in_everyone) = (false, false);
        let mut in_rules = false;
        for (index, line) in lines(bytes).enumerate() {
            let Some((key, value)) = key_value(line) else {
                continue;
            };
            match key {
                Key::UserAgent => {
                    if in_rules {
                        (in_named, in_everyone, in_rules) = (false, false, false);
                    }
                    if value.first() == Some(&b'*') && value.get(1).is_none_or(u8::is_ascii_whitespace) {
                        in_everyone = true;
                    } else if !agent.is_empty() && token(value).eq_ignore_ascii_case(agent.as_bytes()) {
                        in_named = true;
                        groups.named_seen = true;
                    }
                }
                Key::Allow | Key::Disallow => {
                    in_rules = true;
                    if value.is_empty() || !(in_named || in_everyone) {
                        continue;
                    }
                    let rule = Rule::new(key == Key::Allow, index + 1, value);
                    if in_named {
                        groups.named.rules.push(rule);
                    } else {
                        groups.everyone.rules.push(rule);
                    }
                }
                Key::CrawlDelay => {
                    let delay = seconds(value);
                    if in_named {
                        groups.named.crawl_delay = delay;
                    } else if in_everyone {
                        groups.everyone.crawl_delay = delay;
                    }
                }
            }
        }
        if groups.named_seen { groups.named } else { groups.everyone }
    }

    /// Seconds between requests, where the file asks for a pause.
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }

    /// Whether `path`, with its query and percent-escapes as in the URL, may be fetched. The longest
    /// matching rule decides; of equally long ones, the one that allows.
    pub fn decide(&self, path: &str) -> Decision {
        let path = upper_escapes(if path.is_empty() { b"/" } else { path.as_bytes() });
        let decoded = undo_needless_escapes(&path);
        let plain = decoded.as_deref().unwrap_or(&path);
        let mut best: Option<(usize, bool, &Rule)> = None;
        for rule in &self.rules {
            let Some(length) = rule.matches(&path, plain) else {
                continue;
            };
            if best.is_none_or(|(most, allow, _)| (length, rule.allow) > (most, allow)) {
                best = Some((length, rule.allow, rule));
            }
        }
        match best {
            Some((_, allowed, rule)) => Decision {
                allowed,
                why: format!(
                    "{}: line {}, {}: {}",
                    if allowed { "allowed" } else { "disallowed" },
                    rule.line,
                    if rule.allow { "Allow" } else { "Disallow" },
                    shortened(&rule.pattern)
                ),
            },
            None => Decision { allowed: true, why: "allowed: no rule matches".to_owned() },
        }
    }

    /// Bytes held, roughly.
    pub(super) fn cost(&self) -> usize {
        self.rules.iter().map(|r| 96 + r.pattern.len() + r.decoded.as_ref().map_or(0, Vec::len)).sum()
    }
}

impl Rule {
    fn new(allow: bool, line: usize, value: &[u8]) -> Self {
        let pattern = upper_escapes(&escape_non_ascii(value));
        let decoded = if allow { None } else { undo_needless_escapes(&pattern) };
        Self { allow, line, pattern, decoded }
    }

    /// The length of the match, if there is one: that of the pattern.
    fn matches(&self, path: &[u8], plain: &[u8]) -> Option<usize> {
        if glob(&self.pattern, path) {
            return Some(self.pattern.len());
        }
        if self.allow {
            return self.matches_index(path);
        }
        let pattern = self.decoded.as_deref().unwrap_or(&self.pattern);
        glob(pattern, plain).then_some(self.pattern.len())
    }

    /// `Allow: /dir/index.html` allows `/dir/` as well.
    fn matches_index(&self, path: &[u8]) -> Option<usize> {
        let slash = memchr::memrchr(b'/', &self.pattern)?;
        let (folder, file) = self.pattern.split_at(slash + 1);
        if !file.starts_with(b"index.htm") {
            return None;
        }
        let mut pattern = folder.to_vec();
        pattern.push(b'$');
        glob(&pattern, path).then_some(pattern.len())
    }
}

/// `*` stands for anything, a final `$` for the end; otherwise a prefix match. Each piece between
/// stars is looked for once, from where the one before ended, so the work is linear in `path`.
fn glob(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split(|b| *b == b'*');
    let first = pieces.next().unwrap_or(b"");
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return !to_end || rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if to_end && pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match memmem::find(rest, piece) {
            Some(at) => rest = rest.get(at + piece.len()..).unwrap_or(b""),
            None => return false,
        }
    }
    true
}

/// Lines end with CR, LF or CRLF.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let all = rest?;
        match memchr::memchr2(b'\n', b'\r', all) {
            Some(at) => {
                let crlf = all.get(at..at + 2) == Some(b"\r\n");
                rest = all.get(at + if crlf { 2 } else { 1 }..);
                all.get(..at)
            }
            None => {
                rest = None;
                Some(all)
            }
        }
    })
}

fn key_value(line: &[u8]) -> Option<(Key, &[u8])> {
    let line = line.get(..MOST_LINE).unwrap_or(line);
    let line = match memchr::memchr(b'#', line) {
        Some(at) => line.get(..at)?,
        None => line,
    }
    .trim_ascii();
    let (name, value) = match memchr::memchr(b':', line) {
        Some(at) => (line.get(..at)?, line.get(at + 1..)?),
        None => {
            // "Disallow /x": two words and no more.
            let at = line.iter().position(|b| matches!(b, b' ' | b'\t'))?;
            let value = line.get(at..)?.trim_ascii();
            if value.iter().any(|b| matches!(b, b' ' | b'\t')) {
                return None;
            }
            (line.get(..at)?, value)
        }
    };
    let name = std::str::from_utf8(name.trim_ascii()).ok()?.to_ascii_lowercase();
    let key = match name.as_str() {
        "user-agent" | "useragent" | "user agent" => Key::UserAgent,
        "allow" => Key::Allow,
        "disallow" | "dissallow" | "dissalow" | "disalow" | "diasllow" | "disallaw" => Key::Disallow,
        "crawl-delay" | "crawldelay" | "crawl delay" => Key::CrawlDelay,
        _ => return None,
    };
    Some((key, value.trim_ascii()))
}

fn token(value: &[u8]) -> &[u8] {
    let end = value
        .iter()
        .position(|b| !(b.is_ascii_alphabetic() || *b == b'-' || *b == b'_'))
        .unwrap_or(value.len());
    value.get(..end).unwrap_or(b"")
}

fn seconds(value: &[u8]) -> Option<Duration> {
    let seconds: f64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    if seconds.is_nan() || seconds < 0.0 {
        return None;
    }
    // Absurd delays are capped by the settings; here they only must not overflow.
    Duration::try_from_secs_f64(seconds.min(1e9)).ok()
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

fn escape_non_ascii(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        if byte.is_ascii() {
            out.push(*byte);
        } else {
            out.extend([b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
    }
    out
}

/// The byte that an escape at the start of `text` stands for.
fn escaped(text: &[u8]) -> Option<u8> {
    match text {
        [b'%', high, low, ..] => {
            let digit = |b: &u8| (*b as char).to_digit(16);
            u8::try_from(digit(high)? * 16 + digit(low)?).ok()
        }
        _ => None,
    }
}

fn upper_escapes(text: &[u8]) -> Vec<u8> {
    let mut out = text.to_vec();
    let mut at = 0;
    while at < out.len() {
        if out.get(at..).and_then(escaped).is_some() {
            if let Some(digits) = out.get_mut(at + 1..at + 3) {
                digits.make_ascii_uppercase();
            }
            at += 3;
        } else {
            at += 1;
        }
    }
    out
}

/// `%62` is `b` wherever escaping it has no meaning (RFC 9309, 2.2.2). `None` if nothing changes.
fn undo_needless_escapes(text: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr(b'%', text)?;
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        match escaped(rest) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(byte);
                rest = rest.get(3..).unwrap_or(b"");
            }
            _ => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    (out.len() != text.len()).then_some(out)
}

fn shortened(pattern: &[u8]) -> String {
    const SHOWN: usize = 200;
    let text = String::from_utf8_lossy(pattern.get(..SHOWN).unwrap_or(pattern)).into_owned();
    if pattern.len() > SHOWN { text + "..." } else { text }
}

#[cfg(test)]
mod tests;
