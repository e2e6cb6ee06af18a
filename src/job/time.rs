//! Times as they are written down: RFC 3339 in UTC, whole seconds. Reads no clock.

use std::time::SystemTime;

use crate::record::Day;
use jiff::Timestamp;

/// `2026-01-31T06:00:00Z`; the epoch for times no calendar reaches.
pub(super) fn rfc3339(time: SystemTime) -> String {
    let time = Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The day of a time, in UTC; `None` for times no calendar reaches.
pub(super) fn day(time: SystemTime) -> Option<Day> {
    let date = Timestamp::try_from(time).ok()?.to_zoned(jiff::tz::TimeZone::UTC).date();
    Day::new(date.year(), date.month(), date.day())
}

/// `20260131T060000Z`, for file names on every system.
pub(super) fn compact(time: SystemTime) -> String {
    rfc3339(time).replace(['-', ':'], "")
}

/// Reads what [`rfc3339`] wrote.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    text.parse::<Timestamp>().ok().map(SystemTime::from)
}
