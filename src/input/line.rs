//! Lines of bounded length from any reader.

use std::io::{self, BufRead};

/// What [`read`] found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line is in the buffer, without its line feed.
    Read,
    /// A line longer than the limit; it has been passed over to its end, and the buffer is empty.
    TooLong,
    /// Nothing is left.
    End,
}

/// Reads up to the next line feed or the end, holding at most `limit` bytes.
pub(super) fn read(reader: &mut dyn BufRead, buffer: &mut Vec<u8>, limit: usize) -> io::Result<Line> {
    buffer.clear();
    let mut any = false;
    let mut over = false;
    loop {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            break;
        }
        any = true;
        let feed = memchr::memchr(b'\n', chunk);
        let part = feed.unwrap_or(chunk.len());
        over |= buffer.len() + part > limit;
        if over {
            buffer.clear();
        } else {
            buffer.extend_from_slice(&chunk[..part]);
        }
        reader.consume(part + usize::from(feed.is_some()));
        if feed.is_some() {
            break;
        }
    }
    Ok(match (any, over) {
        (false, _) => Line::End,
        (true, true) => Line::TooLong,
        (true, false) => Line::Read,
    })
}

#[cfg(test)]
mod tests {
    use super::{Line, read};
    use std::io::BufReader;

    #[test]
    fn long_lines_are_passed_over_and_the_next_is_read() {
        let text = b"abc\n0123456789\n\nxyz";
        for capacity in 1..20 {
            let mut reader = BufReader::with_capacity(capacity, &text[..]);
            let mut buffer = Vec::new();
            let mut seen = Vec::new();
            loop {
                match read(&mut reader, &mut buffer, 5).unwrap() {
                    Line::Read => seen.push(String::from_utf8(buffer.clone()).unwrap()),
                    Line::TooLong => seen.push("(long)".to_owned()),
                    Line::End => break,
                }
            }
            assert_eq!(seen, ["abc", "(long)", "", "xyz"], "capacity {capacity}");
        }
    }
}
