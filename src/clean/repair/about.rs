//! Does a text speak of what a repair looks for? Then what stands near is an example, not damage. Knows words only.

/// Where a text speaks of something.
pub struct About {
    places: Vec<usize>,
}

/// How near a word must stand to be about what is there, in bytes.
const NEAR: usize = 1_000;

/// A text that says so many of the words is about it as a whole.
const WHOLE: usize = 3;

impl About {
    /// `words`: lower case, ASCII. File names, addresses and tags do not count.
    pub fn of(text: &str, words: &[&str]) -> Self {
        let bytes = text.as_bytes();
        let mut places = Vec::new();
        let mut start = None;
        for (at, byte) in bytes.iter().chain([&b' ']).enumerate() {
            match (byte.is_ascii_alphanumeric(), start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    start = None;
                    let apart = from == 0
                        || !matches!(
                            bytes[from - 1],
                            b'.' | b'/' | b'<' | b'_' | b'-' | b'=' | b'"' | b'\'' | 0x80..
                        );
                    let ends = !matches!(byte, b'/' | b'_' | b'=' | b'"' | b'>' | 0x80..);
                    let word = &bytes[from..at];
                    if apart && ends && words.iter().any(|w| w.as_bytes().eq_ignore_ascii_case(word)) {
                        places.push(from);
                    }
                }
                _ => {}
            }
        }
        Self { places }
    }

    /// Does it speak of it anywhere?
    pub fn is_any(&self) -> bool {
        !self.places.is_empty()
    }

    /// Does it speak of it near this byte, or all over?
    pub fn forbids(&self, at: usize) -> bool {
        let next = self.places.partition_point(|place| *place + NEAR < at);
        self.places.len() >= WHOLE || self.places.get(next).is_some_and(|place| *place <= at + NEAR)
    }
}
