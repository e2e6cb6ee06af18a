//! `br` (RFC 7932).

use super::{DecodeError, Sink};
use brotli::enc::StandardAlloc;
use brotli::{BrotliDecompressStream, BrotliResult, BrotliState};

pub(super) struct Brotli {
    state: BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>,
    over: bool,
}

impl Brotli {
    pub fn new() -> Self {
        let alloc = StandardAlloc::default;
        Self { state: BrotliState::new(alloc(), alloc(), alloc()), over: false }
    }

    pub fn push(&mut self, input: &[u8], buffer: &mut [u8], sink: &mut Sink<'_>) -> Result<(), DecodeError> {
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

    pub fn end(&self) -> Result<(), DecodeError> {
        if self.over {
            return Ok(());
        }
        Err(DecodeError::Truncated("brotli"))
    }
}
