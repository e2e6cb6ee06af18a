//! `zstd` (RFC 8878), frame by frame.

use super::{DecodeError, Sink};
use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

/// Largest window, as a power of two: 8 MiB, as RFC 9659 asks for.
const ZSTD_WINDOW: u32 = 23;

/// RFC 8878, any number of frames.
pub(super) struct Zstd {
    state: Decoder<'static>,
    /// Between frames.
    over: bool,
}

impl Zstd {
    pub fn new() -> Result<Self, DecodeError> {
        let mut state = Decoder::new().map_err(|_| DecodeError::Corrupt("zstd"))?;
        state
            .set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW))
            .map_err(|_| DecodeError::Corrupt("zstd"))?;
        Ok(Self { state, over: false })
    }

    pub fn push(&mut self, input: &[u8], buffer: &mut [u8], sink: &mut Sink<'_>) -> Result<(), DecodeError> {
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

    pub fn end(&self) -> Result<(), DecodeError> {
        if self.over {
            return Ok(());
        }
        Err(DecodeError::Truncated("zstd"))
    }
}
