//! The body of a response: counted, decoded and judged as it comes, within its limits.

use super::client::Incoming;
use super::decompress::{Caps, DecodeError, Decoder};
use super::outcome::{Class, Failure, Skip};
use super::robots;
use super::settings::Limits;
use super::sniff::{self, Promise};

/// What the response is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// HTML or text only.
    Page,
    /// A list, feed or sitemap: any type.
    List,
    /// A robots.txt: any type, its beginning is enough.
    Robots,
}

impl Want {
    /// The `Accept` header to send.
    pub fn accept(self) -> &'static str {
        match self {
            Self::Page => "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.1",
            Self::List | Self::Robots => "*/*",
        }
    }

    /// The limits that hold for it.
    pub fn caps(self, limits: &Limits) -> Limits {
        /// The sitemap protocol's largest file.
        const LIST_BYTES: u64 = 50 * 1024 * 1024;
        match self {
            Self::Page | Self::Robots => *limits,
            Self::List => Limits {
                wire: limits.wire.max(LIST_BYTES),
                decoded: limits.decoded.max(LIST_BYTES),
                ..*limits
            },
        }
    }
}

/// A body, whole.
#[derive(Debug)]
pub(super) struct Body {
    /// Decoded.
    pub bytes: Vec<u8>,
    pub wire_bytes: u64,
    /// As it came, where it was asked for.
    pub wire: Option<Vec<u8>>,
}

/// Why a body was not read to its end.
#[derive(Debug)]
pub(super) enum Refusal {
    Skipped(Skip),
    Failed(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<DecodeError> for Failure {
    fn from(error: DecodeError) -> Self {
        let class = match error {
            DecodeError::Unknown(_) | DecodeError::TooDeep(_) | DecodeError::Corrupt(_) => Class::BadEncoding,
            DecodeError::Truncated(_) => Class::Truncated,
            DecodeError::TooLarge(_) => Class::TooLarge,
            DecodeError::Bomb(_) => Class::Bomb,
        };
        Self::new(class, error.to_string())
    }
}

/// Reads a body to its end.
pub(super) async fn body(
    incoming: &mut Incoming,
    limits: &Limits,
    want: Want,
    keep_wire: bool,
) -> Result<Body, Refusal> {
    let content_type = incoming.first_header("content-type");
    let promise = sniff::promise(content_type.as_deref());
    if want == Want::Page && promise == Promise::Other {
        let detail = content_type.unwrap_or_default();
        return Err(Refusal::Skipped(Skip::ContentType { detail }));
    }
    if incoming.content_length().is_some_and(|length| length > limits.wire) {
        return Err(too_large(limits).into());
    }

    let mut decoder = decoder(incoming, limits)?;
    let mut read = Body { bytes: Vec::new(), wire_bytes: 0, wire: keep_wire.then(Vec::new) };
    let mut judged = want != Want::Page;
    while let Some(piece) = incoming.piece().await? {
        let piece = piece.as_ref();
        read.wire_bytes += piece.len() as u64;
        if read.wire_bytes > limits.wire {
            return Err(too_large(limits).into());
        }
        if let Some(wire) = &mut read.wire {
            wire.extend_from_slice(piece);
        }
        decoder.push(piece, &mut read.bytes)?;
        if !judged && read.bytes.len() >= sniff::ENOUGH {
            judge(&read.bytes, promise)?;
            judged = true;
        }
    }
    decoder.end()?;
    if !judged {
        judge(&read.bytes, promise)?;
    }
    Ok(read)
}

/// Reads as much of a robots.txt as counts; what follows, or cannot be decoded, is left.
pub(super) async fn robots(incoming: &mut Incoming, limits: &Limits) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let Ok(mut decoder) = decoder(incoming, limits) else {
        return Ok(bytes);
    };
    while let Some(piece) = incoming.piece().await? {
        let decoded = decoder.push(piece.as_ref(), &mut bytes);
        if decoded.is_err() || bytes.len() > robots::MOST_BYTES {
            break;
        }
    }
    Ok(bytes)
}

fn decoder(incoming: &Incoming, limits: &Limits) -> Result<Decoder, DecodeError> {
    let codings = incoming.header("content-encoding").unwrap_or_default();
    let caps = Caps { decoded: limits.decoded, ratio: limits.ratio, codings: limits.codings };
    Decoder::new(&codings, caps)
}

fn judge(bytes: &[u8], promise: Promise) -> Result<(), Refusal> {
    match sniff::binary(bytes, promise) {
        Some(format) => {
            let detail = format!("the content is {format}, whatever its header says");
            Err(Refusal::Skipped(Skip::ContentType { detail }))
        }
        None => Ok(()),
    }
}

fn too_large(limits: &Limits) -> Failure {
    let what = format!("the body is larger than {} bytes", limits.wire);
    Failure::new(Class::TooLarge, what)
}
