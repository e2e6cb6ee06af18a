//! How long to wait before trying again. Pure: chance and the time come in.

use std::time::{Duration, SystemTime};

/// No backoff is longer.
const LONGEST: Duration = Duration::from_secs(60);

/// Full jitter (Brooker, "Exponential Backoff and Jitter", AWS 2015): anything from nothing to
/// `base * 2^attempt`, at most 60 s. `chance` is in 0..=u64::MAX, evenly spread.
pub(super) fn backoff(base: Duration, attempt: u32, chance: u64) -> Duration {
    let ceiling = base
        .checked_mul(1_u32.checked_shl(attempt.min(31)).unwrap_or(u32::MAX))
        .unwrap_or(LONGEST)
        .min(LONGEST);
    let share = chance as f64 / u64::MAX as f64;
    ceiling.mul_f64(share.clamp(0.0, 1.0))
}

/// A `Retry-After` header: seconds, or an HTTP date (one in the past means now). Nonsense is `None`;
/// an absurd number of seconds is `Duration::MAX`.
pub(super) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(value.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::{backoff, retry_after};
    use proptest::prelude::{any, proptest};
    use std::time::{Duration, SystemTime};

    #[test]
    fn retry_after_is_read_in_all_its_forms() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let cases = [
            ("120", Some(Duration::from_secs(120))),
            (" 0 ", Some(Duration::ZERO)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(Duration::from_secs(60))),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(Duration::ZERO)),
            ("Sat, 05 Nov 1994 08:49:37 GMT", Some(Duration::ZERO)),
            ("99999999999999999999999", Some(Duration::MAX)),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ];
        for (value, expected) in cases {
            assert_eq!(retry_after(value, now), expected, "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn backoff_stays_between_nothing_and_its_ceiling(
            base in 0_u64..100_000, attempt in any::<u32>(), chance in any::<u64>()
        ) {
            let base = Duration::from_millis(base);
            let wait = backoff(base, attempt, chance);
            assert!(wait <= Duration::from_secs(60));
            assert!(attempt > 20 || wait <= base * (1 << attempt));
            assert_eq!(backoff(base, attempt, 0), Duration::ZERO);
        }

        #[test]
        fn any_retry_after_is_survived(value in ".{0,60}") {
            let _ = retry_after(&value, SystemTime::UNIX_EPOCH);
        }
    }
}
