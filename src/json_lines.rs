//! One JSON value a line. Besides `\n`, some readers (Python's `splitlines`, JavaScript) end a line at
//! U+0085, U+2028 or U+2029; those are written as escapes, so that a line is a line to everybody.

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use std::io::{self, Write};

/// Writes one value and a line end.
pub fn write_line(mut out: impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut out, OneLine(CompactFormatter)))?;
    out.write_all(b"\n")
}

struct OneLine(CompactFormatter);

impl Formatter for OneLine {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(['\u{85}', '\u{2028}', '\u{2029}']) {
            let mut tail = rest[at..].chars();
            let end = tail.next().map_or(0, |c| c as u32);
            self.0.write_string_fragment(writer, &rest[..at])?;
            write!(writer, "\\u{end:04x}")?;
            rest = tail.as_str();
        }
        self.0.write_string_fragment(writer, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::write_line;

    #[test]
    fn no_character_of_a_value_ends_its_line() {
        let value = "a\u{2028}b\u{2029}c\u{85}d\ne\u{b}\u{c}\u{1c}é";
        let mut out = Vec::new();
        write_line(&mut out, &value).expect("written");
        let line = String::from_utf8(out).expect("UTF-8");
        let ends: Vec<usize> = line
            .char_indices()
            .filter(|(_, c)| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
            .map(|(at, _)| at)
            .collect();
        assert_eq!(ends, [line.len() - 1]);
        assert_eq!(serde_json::from_str::<String>(&line).expect("JSON"), value);
    }
}
