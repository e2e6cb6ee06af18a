//! Years that are not counted from the common era, made common where the rule is exact: the Buddhist era of
//! Thailand, the eras of Japan, the Republic's years of Taiwan, the solar calendar of Iran. What cannot be
//! converted exactly (lunar calendars) is no date.

use super::{Date, day};

/// Years of the Buddhist era that pages are dated in.
const BUDDHIST: std::ops::RangeInclusive<u32> = 2533..=2583;

/// Years of the solar Hijri calendar that pages are dated in.
const SOLAR_HIJRI: std::ops::RangeInclusive<u32> = 1369..=1419;

/// The months of the solar Hijri calendar, Farvardin first.
const FARVARDIN: [&str; 12] =
    ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"];

/// Eras that number their years anew, and the year before their first.
const ERAS: [(&str, i16); 4] = [("令和", 2018), ("平成", 1988), ("民國", 1911), ("民国", 1911)];

/// A year of four digits in the common era.
pub(super) fn common(year: u32) -> Option<i16> {
    let year = if BUDDHIST.contains(&year) { year - 543 } else { year };
    i16::try_from(year).ok()
}

/// The year of an era whose name ends this word (`令和` of `公開令和`), in the common era; `元` is its first.
pub(super) fn of_era(word: &str, number: Option<u32>) -> Option<i16> {
    let (word, number) = match number {
        Some(number) => (word, i16::try_from(number).ok()?),
        None => (word.strip_suffix('元')?, 1),
    };
    let (_, before) = ERAS.iter().find(|(era, _)| word.ends_with(era))?;
    before.checked_add(number)
}

/// The number of a solar Hijri month, from 1.
pub(super) fn solar_month(word: &str) -> Option<i8> {
    let at = FARVARDIN.iter().position(|m| super::names::fold(m) == word)?;
    Some(at as i8 + 1)
}

/// A day of the solar Hijri calendar in the common one, after Borkowski's arithmetic for the years in use.
pub(super) fn solar(year: u32, month: i8, number: i8) -> Option<Date> {
    let longest = if month <= 6 { 31 } else { 30 };
    if !SOLAR_HIJRI.contains(&year) || !(1..=12).contains(&month) || !(1..=longest).contains(&number) {
        return None;
    }
    let year = i32::try_from(year).ok()?;
    // Nowruz is on 20 March in the year after a leap year, and drifts: leap years of the 33-year cycle.
    let leap = |y: i32| matches!(y.rem_euclid(33), 1 | 5 | 9 | 13 | 17 | 22 | 26 | 30);
    // 1 Farvardin 1403 was 20 March 2024.
    let anchor = day(2024, 3, 20)?;
    let mut days = 0i64;
    for y in year.min(1403)..year.max(1403) {
        days += if leap(y) { 366 } else { 365 };
    }
    if year < 1403 {
        days = -days;
    }
    let month = i64::from(month);
    days += if month <= 7 { (month - 1) * 31 } else { 186 + (month - 7) * 30 } + i64::from(number) - 1;
    let found = anchor.checked_add(jiff::Span::new().days(days)).ok()?;
    let is_last = month == 12 && number == 30;
    (!is_last || leap(year)).then_some(found)
}
