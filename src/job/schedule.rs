//! When the next run starts. Pure: the caller brings the clock.
//!
//! Cron expressions are read in a named time zone and follow Vixie cron over clock changes: a fixed
//! time that falls into the gap runs once at the first moment after it, a fixed time that happens
//! twice runs once, and an interval (`*/10`) keeps ticking through both.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use croner::Cron;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// A rule for when runs start.
#[derive(Debug, Clone)]
pub struct Schedule {
    rule: Rule,
}

#[derive(Debug, Clone)]
enum Rule {
    Every(Duration),
    Cron { cron: Box<Cron>, zone: TimeZone },
}

/// Why a schedule cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Not a duration such as `30m`.
    Duration(String),
    /// Not a cron expression; with what is wrong.
    Cron(String, String),
    /// A cron expression no date matches.
    Never(String),
    /// Not a name from the time zone database.
    Zone(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Duration(text) => write!(
                f,
                "`{text}` is not a duration of at least one second; write a number and s, m, h or d, such as \"30m\""
            ),
            Error::Cron(text, why) => write!(
                f,
                "`{text}` is not a cron expression ({why}); write minute hour day month weekday, such as \"0 6 * * *\""
            ),
            Error::Never(text) => {
                write!(f, "`{text}` never happens; choose a day and month that exist together")
            }
            Error::Zone(text) => write!(
                f,
                "`{text}` is not a known time zone; write a name such as \"Europe/Paris\" or \"UTC\""
            ),
        }
    }
}

impl std::error::Error for Error {}

impl Schedule {
    /// A run every `text`: a whole number and a unit, `s`, `m`, `h` or `d`, at least one second.
    pub fn every(text: &str) -> Result<Self, Error> {
        let period = duration(text).ok_or_else(|| Error::Duration(text.to_owned()))?;
        Ok(Self { rule: Rule::Every(period) })
    }

    /// A run whenever the cron expression matches the clock of `zone` (an IANA name).
    pub fn cron(expression: &str, zone: &str) -> Result<Self, Error> {
        let zone = TimeZone::get(zone).map_err(|_| Error::Zone(zone.to_owned()))?;
        let cron =
            Cron::from_str(expression).map_err(|why| Error::Cron(expression.to_owned(), why.to_string()))?;
        let start = Timestamp::UNIX_EPOCH.to_zoned(zone.clone());
        if cron.find_next_occurrence(&start, false).is_err() {
            return Err(Error::Never(expression.to_owned()));
        }
        Ok(Self { rule: Rule::Cron { cron: Box::new(cron), zone } })
    }

    /// When the next run starts, given when the last one started (`None`: there never was one).
    ///
    /// The answer is never before `now`: it is `now` where a tick has been missed, however many
    /// were, so that there is one catch-up. A first `every` run is due at once; a first cron run
    /// waits for its tick. `None` where no tick is left (a cron expression bound to past years).
    pub fn next(&self, last: Option<SystemTime>, now: SystemTime) -> Option<SystemTime> {
        // A last run in the future means the clock was set back; it must not postpone the job.
        let last = last.map(|last| last.min(now));
        let tick = match &self.rule {
            Rule::Every(period) => match last {
                None => Some(now),
                Some(last) => last.checked_add(*period),
            },
            Rule::Cron { cron, zone } => {
                let from = zoned(last.unwrap_or(now), zone)?;
                let tick = cron.find_next_occurrence(&from, false).ok()?;
                Some(SystemTime::from(tick.timestamp()))
            }
        };
        tick.map(|tick| tick.max(now))
    }
}

fn zoned(time: SystemTime, zone: &TimeZone) -> Option<Zoned> {
    let time = Timestamp::try_from(time).ok()?;
    Some(time.to_zoned(zone.clone()))
}

fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let unit = text.chars().last()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    let count: u32 = text.strip_suffix(unit)?.trim().parse().ok()?;
    let period = Duration::from_secs(u64::from(count) * seconds);
    (!period.is_zero()).then_some(period)
}

#[cfg(test)]
mod tests {
    use super::{Duration, Error, Schedule, SystemTime, Timestamp, duration};

    fn at(text: &str) -> SystemTime {
        SystemTime::from(text.parse::<Timestamp>().unwrap())
    }

    fn ticks(schedule: &Schedule, from: &str, count: usize) -> Vec<String> {
        let mut last = at(from);
        let mut out = Vec::new();
        for _ in 0..count {
            last = schedule.next(Some(last), last).unwrap();
            out.push(Timestamp::try_from(last).unwrap().to_string());
        }
        out
    }

    #[test]
    fn durations_have_one_unit_and_are_not_zero() {
        assert_eq!(duration("30m"), Some(Duration::from_secs(1_800)));
        assert_eq!(duration(" 1 h "), Some(Duration::from_secs(3_600)));
        assert_eq!(duration("2d"), Some(Duration::from_secs(172_800)));
        for bad in ["", "m", "0s", "-1s", "1.5h", "30", "30 minutes", "1é", "99999999999d"] {
            assert!(Schedule::every(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_first_every_run_is_due_at_once_and_the_next_one_period_later() {
        let every = Schedule::every("30m").unwrap();
        let now = at("2026-01-01T00:00:00Z");
        assert_eq!(every.next(None, now), Some(now));
        assert_eq!(every.next(Some(now), now), Some(at("2026-01-01T00:30:00Z")));
    }

    #[test]
    fn a_first_cron_run_waits_for_its_tick() {
        let cron = Schedule::cron("0 6 * * *", "UTC").unwrap();
        let now = at("2026-01-01T07:00:00Z");
        assert_eq!(cron.next(None, now), Some(at("2026-01-02T06:00:00Z")));
    }

    #[test]
    fn many_missed_ticks_are_caught_up_once() {
        for schedule in [Schedule::every("1h").unwrap(), Schedule::cron("0 * * * *", "UTC").unwrap()] {
            let now = at("2026-01-05T10:20:00Z");
            let last = at("2026-01-01T10:00:00Z");
            assert_eq!(schedule.next(Some(last), now), Some(now));
            assert!(schedule.next(Some(now), now).unwrap() > now);
        }
    }

    #[test]
    fn a_clock_set_back_does_not_postpone_the_job() {
        let every = Schedule::every("1h").unwrap();
        let next = every.next(Some(at("2036-01-01T00:00:00Z")), at("2026-01-01T00:00:00Z"));
        assert_eq!(next, Some(at("2026-01-01T01:00:00Z")));
    }

    #[test]
    fn a_daily_time_inside_the_spring_gap_runs_once_right_after_it() {
        // Paris, 29 March 2026: 02:00 CET -> 03:00 CEST, which is 01:00 UTC.
        let cron = Schedule::cron("30 2 * * *", "Europe/Paris").unwrap();
        assert_eq!(
            ticks(&cron, "2026-03-28T00:00:00Z", 3),
            ["2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]
        );
    }

    #[test]
    fn a_daily_time_that_happens_twice_in_autumn_runs_once() {
        // Paris, 25 October 2026: 03:00 CEST -> 02:00 CET; 02:30 is 00:30 and 01:30 UTC.
        let cron = Schedule::cron("30 2 * * *", "Europe/Paris").unwrap();
        assert_eq!(ticks(&cron, "2026-10-24T12:00:00Z", 2), ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
    }

    #[test]
    fn a_morning_run_stays_at_the_wall_clock_hour_over_both_changes() {
        let cron = Schedule::cron("0 6 * * *", "Europe/Paris").unwrap();
        assert_eq!(ticks(&cron, "2026-03-28T00:00:00Z", 2), ["2026-03-28T05:00:00Z", "2026-03-29T04:00:00Z"]);
        assert_eq!(ticks(&cron, "2026-10-24T00:00:00Z", 2), ["2026-10-24T04:00:00Z", "2026-10-25T05:00:00Z"]);
    }

    #[test]
    fn an_interval_keeps_ticking_through_both_changes() {
        let cron = Schedule::cron("*/30 * * * *", "Europe/Paris").unwrap();
        for start in ["2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z"] {
            let mut last = at(start);
            for _ in 0..8 {
                let next = cron.next(Some(last), last).unwrap();
                assert_eq!(next.duration_since(last).unwrap(), Duration::from_secs(1_800));
                last = next;
            }
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        assert!(matches!(Schedule::cron("0 6 * *", "UTC"), Err(Error::Cron(..))));
        assert!(matches!(Schedule::cron("61 6 * * *", "UTC"), Err(Error::Cron(..))));
        assert!(matches!(Schedule::cron("0 0 30 2 *", "UTC"), Err(Error::Never(_))));
        assert!(matches!(Schedule::cron("0 6 * * *", "Europe/Pari"), Err(Error::Zone(_))));
    }
}
