//! Text for a person: 80 columns, dim and bold only where a terminal shows them.

use std::borrow::Cow;
use std::env;
use std::io::{self, IsTerminal};
use unicode_normalization::char::is_combining_mark;

/// Columns written for people.
pub(super) const COLUMNS: usize = 80;

/// How to mark text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    colour: bool,
}

impl Style {
    /// Marks on a terminal, unless `NO_COLOR` is set (to anything) or the terminal is `dumb`.
    pub(super) fn for_stdout() -> Style {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty());
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        Style { colour: io::stdout().is_terminal() && set("NO_COLOR").is_none() && !dumb }
    }

    pub(super) fn dim<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.mark("2", text)
    }

    pub(super) fn bold<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.mark("1", text)
    }

    fn mark<'a>(&self, code: &str, text: &'a str) -> Cow<'a, str> {
        if self.colour && !text.is_empty() {
            Cow::Owned(format!("\x1b[{code}m{text}\x1b[0m"))
        } else {
            Cow::Borrowed(text)
        }
    }
}

/// A document's text without the control characters a terminal would obey.
pub(super) fn harmless(text: &str) -> String {
    let bad = |c: char| c.is_control() && c != '\n';
    text.chars()
        .map(|c| {
            if c == '\t' {
                ' '
            } else if bad(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

/// The columns a text takes: none for combining marks, two for East Asian wide characters.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> usize {
    match u32::from(c) {
        0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff => 2,
        0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff => 2,
        0x20000..=0x3fffd => 2,
        _ if is_combining_mark(c) => 0,
        _ => 1,
    }
}

/// Breaks one line into lines of at most `columns`, at spaces where there are any.
pub(super) fn wrap(line: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut current, mut used) = (String::new(), 0);
    for word in line.split_whitespace() {
        let wide = width(word);
        if used > 0 && used + 1 + wide > columns {
            lines.push(std::mem::take(&mut current));
            used = 0;
        }
        if used > 0 {
            current.push(' ');
            used += 1;
        }
        for c in word.chars() {
            if used + char_width(c) > columns && used > 0 {
                lines.push(std::mem::take(&mut current));
                used = 0;
            }
            current.push(c);
            used += char_width(c);
        }
    }
    lines.push(current);
    lines
}

/// A text cut to `columns`, with an ellipsis where something is missing.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let (mut short, mut used) = (String::new(), 1);
    for c in text.chars() {
        used += char_width(c);
        if used > columns {
            break;
        }
        short.push(c);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::{cut, harmless, width, wrap};
    use proptest::{prop_assert, prop_assert_eq, proptest};

    proptest! {
        #[test]
        fn wrapped_lines_fit_and_lose_nothing(text in "[a-zé東京 \u{301}]{0,200}", columns in 2usize..90) {
            let lines = wrap(&text, columns);
            prop_assert!(lines.iter().all(|line| width(line) <= columns));
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
            prop_assert!(width(&cut(&text, columns)) <= columns);
        }
    }

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(harmless("a\x1b[31m\tb\nc\u{9b}"), "a\u{fffd}[31m b\nc\u{fffd}");
    }
}
