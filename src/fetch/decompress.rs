//! Content codings, undone piece by piece, with every layer's bytes counted: no input makes it
//! give, hold or work through more than its limits. Knows no HTTP but the coding names.

mod brotli;
mod deflate;
mod gzip;
mod zstd;

use self::brotli::Brotli;
use self::zstd::Zstd;
use deflate::Deflate;
use gzip::Gzip;
use std::fmt;

/// Decoded bytes below which the ratio is not looked at: short pages may repeat themselves.
const RATIO_FROM: u64 = 1024 * 1024;
/// Bytes that a layer decodes at a time.
const STEP: usize = 32 * 1024;

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

#[cfg(test)]
mod tests;
