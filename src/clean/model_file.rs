//! What all embedded model files share: how they begin, how their numbers are read, why one is refused. Knows
//! nothing of what a model says.

use serde::de::DeserializeOwned;
use std::fmt;

/// Why a model file is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelError {
    /// Not a model file, of another format, or cut short.
    Malformed(&'static str),
    /// Trained with other features than this code measures: the fingerprints of both.
    OtherFeatures { file: String, code: String },
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what) => write!(f, "model file: {what}; rebuild it with tamis-train"),
            Self::OtherFeatures { file, code } => write!(
                f,
                "model file was trained with features {file}, the code measures {code}; rebuild it with tamis-train"
            ),
        }
    }
}

impl std::error::Error for ModelError {}

/// A model that is compiled in.
pub fn embedded<M>(read: Result<M, ModelError>) -> M {
    match read {
        Ok(model) => model,
        // A build whose parts do not fit; a test of each model refuses it.
        Err(error) => panic!("{error}"),
    }
}

/// Reads how every model file begins: eight bytes of its own, format version (u32), header length (u32), header
/// (JSON). All numbers are little endian.
pub fn open<'a, H: DeserializeOwned>(
    bytes: &'a [u8],
    magic: &[u8; 8],
    format: u32,
) -> Result<(H, Reader<'a>), ModelError> {
    let mut reader = Reader { bytes };
    if reader.take(8)? != magic {
        return Err(ModelError::Malformed("it does not begin as one"));
    }
    if reader.u32()? != format {
        return Err(ModelError::Malformed("it is of another format version"));
    }
    let length = reader.u32()? as usize;
    let header = serde_json::from_slice(reader.take(length)?)
        .map_err(|_| ModelError::Malformed("its header does not parse"))?;
    Ok((header, reader))
}

/// What is left of a model file.
pub struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], ModelError> {
        let (head, rest) = self.bytes.split_at_checked(n).ok_or(ModelError::Malformed("it is cut short"))?;
        self.bytes = rest;
        Ok(head)
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        self.take(N)?.try_into().map_err(|_| ModelError::Malformed("it is cut short"))
    }

    pub fn u32(&mut self) -> Result<u32, ModelError> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u16(&mut self) -> Result<u16, ModelError> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn i16(&mut self) -> Result<i16, ModelError> {
        self.array().map(i16::from_le_bytes)
    }

    pub fn f32(&mut self) -> Result<f32, ModelError> {
        self.array().map(f32::from_le_bytes)
    }

    /// Seven bits a byte, low ones first, the eighth set where more follow.
    pub fn varint(&mut self) -> Result<u32, ModelError> {
        let mut value = 0u32;
        for shift in (0..u32::BITS).step_by(7) {
            let [byte] = self.array()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(ModelError::Malformed("a number does not end"))
    }

    /// Nothing may follow a model's end.
    pub fn end(&self) -> Result<(), ModelError> {
        if self.bytes.is_empty() { Ok(()) } else { Err(ModelError::Malformed("something follows its end")) }
    }
}

/// Writes a number as [`Reader::varint`] reads it.
pub fn put_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::{ModelError, Reader, put_varint};

    #[test]
    fn a_number_is_read_as_it_was_written() {
        let numbers = [0, 1, 127, 128, 300, 16_383, 16_384, u32::MAX - 1, u32::MAX];
        let mut bytes = Vec::new();
        numbers.iter().for_each(|&n| put_varint(&mut bytes, n));
        let mut reader = Reader { bytes: &bytes };
        for number in numbers {
            assert_eq!(reader.varint(), Ok(number));
        }
        assert_eq!(reader.end(), Ok(()));
        for endless in [&[0x80; 9][..], &[0xff]] {
            assert!(matches!(Reader { bytes: endless }.varint(), Err(ModelError::Malformed(_))));
        }
    }
}
