//! Text -> Markdown that is read as the same text. A backslash stands only where it is needed.

/// Where in a line the next character comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    LineStart,
    /// After nothing but digits.
    Number,
    Inside,
}

/// What the text around asks for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setting {
    /// In the text of a link, where brackets count.
    pub link: bool,
    /// In a block where dollars could enclose a formula.
    pub dollars: bool,
}

/// Writes `text[from..to]`; what stands before and after decides too.
pub fn escape(
    out: &mut String,
    text: &str,
    range: std::ops::Range<usize>,
    spot: &mut Spot,
    setting: Setting,
) {
    let Some(piece) = text.get(range.clone()) else { return };
    let mut before = text[..range.start].chars().next_back();
    for (at, c) in piece.char_indices() {
        let rest = &text[range.start + at + c.len_utf8()..];
        let next = rest.chars().next();
        let ends_line = next.is_none_or(|n| n == '\n');
        let blank_next = next.is_none_or(char::is_whitespace);
        let ends_piece = at + c.len_utf8() == piece.len();
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let special = match c {
            '`' | '*' | '~' | '[' => true,
            '\\' => ends_line || ends_piece || next.is_some_and(|n| n.is_ascii_punctuation()),
            '_' => at == 0 || ends_piece || !(word(before) && word(next)),
            '<' => next.is_some_and(|n| n.is_ascii_alphabetic() || matches!(n, '/' | '!' | '?')),
            '&' => next.is_some_and(|n| n.is_ascii_alphanumeric() || n == '#'),
            ']' | '^' => setting.link,
            '$' => setting.dollars,
            '#' if *spot == Spot::LineStart => {
                let after = rest.trim_start_matches('#');
                after.is_empty() || after.starts_with(char::is_whitespace)
            }
            // A heading may end in the same signs it begins with.
            '#' => ends_line,
            '>' | '=' | '|' => *spot == Spot::LineStart,
            '+' => *spot == Spot::LineStart && blank_next,
            '-' => *spot == Spot::LineStart && !word(next),
            ':' => *spot == Spot::LineStart && next == Some('-'),
            '.' | ')' => *spot == Spot::Number && blank_next,
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        *spot = match (*spot, c) {
            (_, '\n') => Spot::LineStart,
            (Spot::LineStart | Spot::Number, '0'..='9') => Spot::Number,
            _ => Spot::Inside,
        };
        before = Some(c);
    }
}

/// A dollar may begin or end a formula where there are two of them.
pub fn has_dollars(text: &str) -> bool {
    text.matches('$').nth(1).is_some()
}
