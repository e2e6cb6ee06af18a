//! Content codings, undone piece by piece, with every layer's bytes counted: no input makes it
//! give, hold or work through more than its limits. Knows no HTTP but the coding names.

use brotli::{BrotliDecompressStream, BrotliResult, BrotliState};
use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::fmt;
use zstd::stream::raw::{DParameter, Decoder as ZstdDecoder, InBuffer, Operation, OutBuffer};

/// Decoded bytes below which the ratio is not looked at: short pages may repeat themselves.
const RATIO_FROM: u64 = 1024 * 1024;
/// Bytes that a layer decodes at a time.
const STEP: usize = 32 * 1024;
/// Largest zstd window, as a power of two: 8 MiB, as RFC 9659 asks for.
const ZSTD_WINDOW: u32 = 23;

/// Why a body could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DecodeError {
    /// A coding of this name is not known.
    Unknown(String),
    /// More codings on top of each other than allowed.
    TooDeep(usize),
    /// The bytes are not what the coding says.
    Corrupt(&'static str),
    /// The bytes ended early.
    Truncated(&'static str),
    /// More decoded bytes than allowed.
    TooLarge(u64),
    /// Expands more than allowed.
    Bomb(u64),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "content coding {name:?} is not known"),
            Self::TooDeep(most) => {
                write!(f, "more than {most} content codings on top of each other")
            }
            Self::Corrupt(coding) => write!(f, "the body is not valid {coding}"),
            Self::Truncated(coding) => write!(f, "the {coding} body ends early"),
            Self::TooLarge(most) => write!(f, "the body expands to more than {most} bytes"),
            Self::Bomb(ratio) => write!(f, "the body expands to more than {ratio} times its size"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// How much may come out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caps {
    pub decoded: u64,
    pub ratio: u64,
    pub codings: usize,
}

/// Undoes the codings of one body.
pub(super) struct Decoder {
    /// The coding applied last comes first.
    layers: Vec<Layer>,
    caps: Caps,
    taken: u64,
}

struct Layer {
    coding: Coding,
    /// Bytes this layer gave so far.
    given: u64,
    /// Kept from piece to piece: a body may come one byte at a time.
    buffer: Vec<u8>,
}

enum Coding {
    Gzip(Gzip),
    Deflate(Deflate),
    Brotli(Box<Brotli>),
    Zstd(Zstd),
}

impl Decoder {
    /// `content_encoding`: the header's value, e.g. `gzip` or `br, gzip`; empty for none.
    pub fn new(content_encoding: &str, caps: Caps) -> Result<Self, DecodeError> {
        let mut layers = Vec::new();
        for name in content_encoding.split(',').rev() {
            let coding = match name.trim().to_ascii_lowercase().as_str() {
                "" | "identity" | "none" => continue,
                "gzip" | "x-gzip" => Coding::Gzip(Gzip::new()),
                "deflate" => Coding::Deflate(Deflate::default()),
                "br" => Coding::Brotli(Box::new(Brotli::new())),
                "zstd" => Coding::Zstd(Zstd::new()?),
                other => return Err(DecodeError::Unknown(other.chars().take(40).collect())),
            };
            if layers.len() == caps.codings {
                return Err(DecodeError::TooDeep(caps.codings));
            }
            layers.push(Layer { coding, given: 0, buffer: vec![0; STEP] });
        }
        Ok(Self { layers, caps, taken: 0 })
    }

    /// Decodes a piece of the body onto `out`.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), DecodeError> {
        self.taken += piece.len() as u64;
        if self.layers.is_empty() {
            if self.taken > self.caps.decoded {
                return Err(DecodeError::TooLarge(self.caps.decoded));
            }
            out.extend_from_slice(piece);
            return Ok(());
        }
        pass(&mut self.layers, piece, self.taken, &self.caps, out)
    }

    /// The body is over: every layer must be complete.
    pub fn end(self) -> Result<(), DecodeError> {
        if self.taken == 0 {
            // A body of no bytes is sent with a coding all the same, and means an empty text.
            return Ok(());
        }
        self.layers.iter().try_for_each(|layer| match &layer.coding {
            Coding::Gzip(gzip) => gzip.end(),
            Coding::Deflate(deflate) => deflate.end(),
            Coding::Brotli(brotli) => brotli.end(),
            Coding::Zstd(zstd) => zstd.end(),
        })
    }
}

/// Through the first layer, in steps, and each step through the rest. As deep as there are layers.
fn pass(
    layers: &mut [Layer],
    input: &[u8],
    taken: u64,
    caps: &Caps,
    out: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    let Some((layer, rest)) = layers.split_first_mut() else {
        out.extend_from_slice(input);
        return Ok(());
    };
    let (given, buffer) = (&mut layer.given, layer.buffer.as_mut_slice());
    let mut sink = |step: &[u8]| {
        *given += step.len() as u64;
        // Inner layers count too: their work is bounded, not only what comes out in the end.
        if *given > RATIO_FROM && *given / caps.ratio.max(1) > taken {
            return Err(DecodeError::Bomb(caps.ratio));
        }
        if *given > caps.decoded {
            return Err(DecodeError::TooLarge(caps.decoded));
        }
        pass(rest, step, taken, caps, out)
    };
    match &mut layer.coding {
        Coding::Gzip(gzip) => gzip.push(input, buffer, &mut sink),
        Coding::Deflate(deflate) => deflate.push(input, buffer, &mut sink),
        Coding::Brotli(brotli) => brotli.push(input, buffer, &mut sink),
        Coding::Zstd(zstd) => zstd.push(input, buffer, &mut sink),
    }
}

type Sink<'a> = dyn FnMut(&[u8]) -> Result<(), DecodeError> + 'a;

/// Inflates `input`; gives how much of it was taken and whether the stream is over.
fn inflate(
    state: &mut Decompress,
    input: &[u8],
    buffer: &mut [u8],
    coding: &'static str,
    sink: &mut Sink<'_>,
) -> Result<(usize, bool), DecodeError> {
    let mut at = 0;
    loop {
        let (in_before, out_before) = (state.total_in(), state.total_out());
        let status = state
            .decompress(input.get(at..).unwrap_or(&[]), buffer, FlushDecompress::None)
            .map_err(|_| DecodeError::Corrupt(coding))?;
        let taken = usize::try_from(state.total_in() - in_before).unwrap_or(0);
        let given = usize::try_from(state.total_out() - out_before).unwrap_or(0);
        at += taken;
        sink(buffer.get(..given).unwrap_or(&[]))?;
        match status {
            Status::StreamEnd => return Ok((at, true)),
            // A full buffer means that more may be waiting inside.
            _ if given == buffer.len() => {}
            _ if at >= input.len() => return Ok((at, false)),
            _ if taken == 0 && given == 0 => return Err(DecodeError::Corrupt(coding)),
            _ => {}
        }
    }
}

/// RFC 1952, any number of members; what follows them and is no member is ignored, as browsers do.
struct Gzip {
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

    fn new() -> Self {
        Self { state: GzipState::Header(Vec::new()), members: 0 }
    }

    fn push(&mut self, mut input: &[u8], buffer: &mut [u8], sink: &mut Sink<'_>) -> Result<(), DecodeError> {
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

    fn end(&self) -> Result<(), DecodeError> {
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

/// zlib (RFC 1950) as the standard says, or raw deflate (RFC 1951) as some servers send.
#[derive(Default)]
struct Deflate {
    start: Vec<u8>,
    state: Option<Box<Decompress>>,
    over: bool,
}

impl Deflate {
    fn push(&mut self, input: &[u8], buffer: &mut [u8], sink: &mut Sink<'_>) -> Result<(), DecodeError> {
        if self.over {
            return Ok(());
        }
        let joined;
        let input = if self.state.is_none() {
            self.start.extend_from_slice(input);
            let [first, second, ..] = self.start.as_slice() else {
                return Ok(());
            };
            let zlib = first & 0x0f == 8 && u16::from_be_bytes([*first, *second]) % 31 == 0;
            self.state = Some(Box::new(Decompress::new(zlib)));
            joined = std::mem::take(&mut self.start);
            joined.as_slice()
        } else {
            input
        };
        if let Some(state) = &mut self.state {
            self.over = inflate(state, input, buffer, "deflate", sink)?.1;
        }
        Ok(())
    }

    fn end(&self) -> Result<(), DecodeError> {
        if self.over {
            return Ok(());
        }
        Err(DecodeError::Truncated("deflate"))
    }
}

struct Brotli {
    state: BrotliState<brotli::enc::StandardAlloc, brotli::enc::StandardAlloc, brotli::enc::StandardAlloc>,
    over: bool,
}

impl Brotli {
    fn new() -> Self {
        let alloc = brotli::enc::StandardAlloc::default;
        Self { state: BrotliState::new(alloc(), alloc(), alloc()), over: false }
    }

    fn push(&mut self, input: &[u8], buffer: &mut [u8], sink: &mut Sink<'_>) -> Result<(), DecodeError> {
        if self.over {
            return Ok(());
        }
        let (mut available, mut at, mut total) = (input.len(), 0, 0);
        loop {
            let (mut room, mut filled) = (buffer.len(), 0);
            let result = BrotliDecompressStream(
                &mut available,
                &mut at,
                input,
                &mut room,
                &mut filled,
                buffer,
                &mut total,
                &mut self.state,
            );
            sink(buffer.get(..filled).unwrap_or(&[]))?;
            match result {
                BrotliResult::ResultSuccess => {
                    self.over = true;
                    return Ok(());
                }
                BrotliResult::NeedsMoreInput => return Ok(()),
                BrotliResult::NeedsMoreOutput => {}
                BrotliResult::ResultFailure => return Err(DecodeError::Corrupt("brotli")),
            }
        }
    }

    fn end(&self) -> Result<(), DecodeError> {
        if self.over {
            return Ok(());
        }
        Err(DecodeError::Truncated("brotli"))
    }
}

/// RFC 8878, any number of frames.
struct Zstd {
    state: ZstdDecoder<'static>,
    /// Between frames.
    over: bool,
}

impl Zstd {
    fn new() -> Result<Self, DecodeError> {
        let mut state = ZstdDecoder::new().map_err(|_| DecodeError::Corrupt("zstd"))?;
        state
            .set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW))
            .map_err(|_| DecodeError::Corrupt("zstd"))?;
        Ok(Self { state, over: false })
    }

    fn push(&mut self, input: &[u8], buffer: &mut [u8], sink: &mut Sink<'_>) -> Result<(), DecodeError> {
        let corrupt = |_| DecodeError::Corrupt("zstd");
        let mut source = InBuffer::around(input);
        loop {
            if self.over && source.pos < input.len() {
                self.state.reinit().map_err(corrupt)?;
            }
            let before = source.pos;
            let (given, hint) = {
                let mut target = OutBuffer::around(&mut *buffer);
                let hint = self.state.run(&mut source, &mut target).map_err(corrupt)?;
                (target.pos(), hint)
            };
            self.over = hint == 0;
            sink(buffer.get(..given).unwrap_or(&[]))?;
            let moved = source.pos > before || given > 0;
            if source.pos >= input.len() && (given < buffer.len() || self.over) {
                return Ok(());
            }
            if !moved {
                return Err(DecodeError::Corrupt("zstd"));
            }
        }
    }

    fn end(&self) -> Result<(), DecodeError> {
        if self.over {
            return Ok(());
        }
        Err(DecodeError::Truncated("zstd"))
    }
}

#[cfg(test)]
mod tests;
