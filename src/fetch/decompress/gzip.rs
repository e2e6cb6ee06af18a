//! `gzip`, member by member.

use super::deflate::inflate;
use super::{DecodeError, Sink};
use flate2::{Crc, Decompress};

/// RFC 1952, any number of members; what follows them and is no member is ignored, as browsers do.
pub(super) struct Gzip {
    state: GzipState,
    members: usize,
}

enum GzipState {
    /// The bytes of the header so far.
    Header(Vec<u8>),
    Body(Box<(Decompress, Crc)>),
    /// The checksum still expected, and the bytes of the trailer so far.
    Trailer([u8; 8], Vec<u8>),
    Ignoring,
}

impl Gzip {
    /// Longest header that is read; real ones are far shorter.
    const MOST_HEADER: usize = 64 * 1024;
    /// Members are set up one by one, so a body of empty ones would cost time.
    const MOST_MEMBERS: usize = 1000;

    pub fn new() -> Self {
        Self { state: GzipState::Header(Vec::new()), members: 0 }
    }

    pub fn push(
        &mut self,
        mut input: &[u8],
        buffer: &mut [u8],
        sink: &mut Sink<'_>,
    ) -> Result<(), DecodeError> {
        while !input.is_empty() {
            match &mut self.state {
                GzipState::Header(head) => {
                    // A header is some bytes long; taking it in small bites keeps the rescan cheap.
                    let bite = input.len().min(if head.len() < 64 { 64 } else { 4096 });
                    let before = head.len();
                    head.extend_from_slice(input.get(..bite).unwrap_or(input));
                    match gzip_header(head) {
                        HeaderRead::Length(length) => {
                            input = input.get(length.saturating_sub(before)..).unwrap_or(&[]);
                            self.state = GzipState::Body(Box::new((Decompress::new(false), Crc::new())));
                        }
                        HeaderRead::More if head.len() < Self::MOST_HEADER => {
                            input = input.get(bite..).unwrap_or(&[]);
                        }
                        _ if self.members > 0 => self.state = GzipState::Ignoring,
                        _ => return Err(DecodeError::Corrupt("gzip")),
                    }
                }
                GzipState::Body(body) => {
                    let (state, crc) = body.as_mut();
                    let (taken, over) = inflate(state, input, buffer, "gzip", &mut |step| {
                        crc.update(step);
                        sink(step)
                    })?;
                    input = input.get(taken..).unwrap_or(&[]);
                    if over {
                        let mut expected = [0; 8];
                        expected[..4].copy_from_slice(&crc.sum().to_le_bytes());
                        expected[4..].copy_from_slice(&crc.amount().to_le_bytes());
                        self.state = GzipState::Trailer(expected, Vec::with_capacity(8));
                    }
                }
                GzipState::Trailer(expected, seen) => {
                    let take = input.len().min(8 - seen.len());
                    let (head, tail) = input.split_at(take);
                    seen.extend_from_slice(head);
                    input = tail;
                    if seen.len() == 8 {
                        if seen.as_slice() != expected.as_slice() {
                            return Err(DecodeError::Corrupt("gzip"));
                        }
                        self.members += 1;
                        if self.members > Self::MOST_MEMBERS {
                            return Err(DecodeError::Corrupt("gzip"));
                        }
                        self.state = GzipState::Header(Vec::new());
                    }
                }
                GzipState::Ignoring => return Ok(()),
            }
        }
        Ok(())
    }

    pub fn end(&self) -> Result<(), DecodeError> {
        match &self.state {
            GzipState::Header(_) | GzipState::Ignoring if self.members > 0 => Ok(()),
            _ => Err(DecodeError::Truncated("gzip")),
        }
    }
}

enum HeaderRead {
    Length(usize),
    More,
    Wrong,
}

fn gzip_header(head: &[u8]) -> HeaderRead {
    const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
    let shown = head.len().min(MAGIC.len());
    if head.get(..shown) != MAGIC.get(..shown) {
        return HeaderRead::Wrong;
    }
    match gzip_header_length(head) {
        Some(length) => HeaderRead::Length(length),
        None => HeaderRead::More,
    }
}

/// `None` while bytes are missing.
fn gzip_header_length(head: &[u8]) -> Option<usize> {
    let flags = *head.get(3)?;
    let mut at = 10;
    if flags & 4 != 0 {
        let extra = [*head.get(at)?, *head.get(at + 1)?];
        at += 2 + usize::from(u16::from_le_bytes(extra));
    }
    // File name, comment: up to a zero byte each.
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += memchr::memchr(0, head.get(at..)?)? + 1;
        }
    }
    if flags & 2 != 0 {
        at += 2;
    }
    (head.len() >= at).then_some(at)
}
