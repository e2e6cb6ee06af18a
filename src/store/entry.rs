//! What a frame holds: a record, the visit that brought it, and the text. Enough to rebuild the index.
//!
//! Raw bytes: length of the JSON (4, little-endian), the JSON, the text (none in a copy).

use super::model::Visit;
use super::pack::Frame;
use crate::record::Record;
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A text the store did not have.
pub(super) const DOCUMENT: u8 = 1;
/// One more URL with a text the store has.
pub(super) const COPY: u8 = 2;

/// The JSON of a frame.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Without its text, and without what the store adds itself.
    pub record: Record,
    pub visit: Seen,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
}

/// A visit as it is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Seen {
    pub url: String,
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_url: Option<String>,
}

impl Seen {
    pub(super) fn of(visit: &Visit) -> Seen {
        Seen {
            url: visit.url.clone(),
            at: to_millis(visit.seen_at),
            http_status: visit.http_status,
            etag: visit.etag.clone(),
            last_modified: visit.last_modified.clone(),
            final_url: visit.final_url.clone(),
        }
    }
}

/// How a new document stands to one the store had.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Relation {
    pub kind: Standing,
    /// Content id of the earlier document.
    pub id: String,
    pub similarity: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Standing {
    /// Nearly the same as the earlier one.
    Near,
    /// The earlier one lies in the new one.
    Contains,
    /// The new one lies in the earlier one.
    ContainedIn,
}

/// The raw bytes of a frame.
pub(super) fn encode(entry: &Entry, text: &str) -> Result<Vec<u8>, serde_json::Error> {
    let mut raw = vec![0u8; 4];
    serde_json::to_writer(&mut raw, entry)?;
    let json = u32::try_from(raw.len() - 4).unwrap_or(u32::MAX);
    raw[..4].copy_from_slice(&json.to_le_bytes());
    raw.extend_from_slice(text.as_bytes());
    Ok(raw)
}

/// A frame's parts; `None` where the bytes are not of this form.
pub(super) fn decode(frame: &Frame) -> Option<(Entry, &str)> {
    let (length, rest) = frame.raw.split_first_chunk::<4>()?;
    let (json, text) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    Some((serde_json::from_slice(json).ok()?, std::str::from_utf8(text).ok()?))
}

/// Milliseconds since 1970 UTC; times beyond 64 bits are held at the limit.
pub(super) fn to_millis(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    }
}

/// The time of a number of milliseconds; one the system cannot express becomes 1970.
pub(super) fn from_millis(millis: i64) -> SystemTime {
    let distance = Duration::from_millis(millis.unsigned_abs());
    let time = if millis < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
    time.unwrap_or(UNIX_EPOCH)
}

/// ISO 8601 in UTC.
pub(super) fn iso(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).map_or_else(|_| millis.to_string(), |time| time.to_string())
}
