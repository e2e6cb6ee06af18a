//! `deflate`: zlib, or the raw deflate that some servers send under its name.

use super::{DecodeError, Sink};
use flate2::{Decompress, FlushDecompress, Status};

/// Inflates `input`; gives how much of it was taken and whether the stream is over.
pub(super) fn inflate(
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

/// zlib (RFC 1950) as the standard says, or raw deflate (RFC 1951) as some servers send.
#[derive(Default)]
pub(super) struct Deflate {
    start: Vec<u8>,
    state: Option<Box<Decompress>>,
    over: bool,
}

impl Deflate {
    pub fn push(&mut self, input: &[u8], buffer: &mut [u8], sink: &mut Sink<'_>) -> Result<(), DecodeError> {
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

    pub fn end(&self) -> Result<(), DecodeError> {
        if self.over {
            return Ok(());
        }
        Err(DecodeError::Truncated("deflate"))
    }
}
