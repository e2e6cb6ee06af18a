use super::names::{key, read};
use super::{Manner, Order, find, find_in, in_path, machine, order, relative};
use std::collections::HashMap;

fn date(text: &str, order: Order) -> Option<String> {
    find(text, order).map(|f| f.date.to_string())
}

#[test]
fn every_section_has_twelve_months_and_contested_words_are_known() {
    let tables = read().expect("the calendar parses");
    assert!(tables.len() >= 60, "{} languages", tables.len());
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    for (language, section) in &tables {
        assert!(matches!(section.months.len(), 0 | 12), "[{language}] has {} months", section.months.len());
        assert!(!section.weekdays.is_empty(), "[{language}] has no weekdays");
        assert!(matches!(section.order.as_deref(), None | Some("day")), "[{language}] has an unknown order");
        let mut own: HashMap<String, usize> = HashMap::new();
        for (at, names) in section.months.iter().enumerate() {
            for name in names {
                assert_eq!(
                    *own.entry(key(name)).or_insert(at),
                    at,
                    "{name:?} means two months in [{language}]"
                );
                let meanings = seen.entry(key(name)).or_default();
                if !meanings.contains(&at) {
                    meanings.push(at);
                }
            }
        }
    }
    let mut contested: Vec<&str> =
        seen.iter().filter(|(_, m)| m.len() > 1).map(|(w, _)| w.as_str()).collect();
    contested.sort_unstable();
    assert_eq!(contested, ["lip", "lis", "listopad", "listopada", "srp"]);
}

#[test]
fn every_month_of_every_language_is_read_in_its_own_language() {
    for (language, section) in read().expect("the calendar parses") {
        for (at, names) in section.months.iter().enumerate() {
            for name in names {
                let line = format!("21 {name} 2024");
                let found = find_in(&line, &Manner::of(&language)).map(|f| f.date.to_string());
                assert_eq!(found, Some(format!("2024-{:02}-21", at + 1)), "[{language}] {line}");
            }
        }
    }
}

#[test]
fn a_contested_month_is_told_by_the_language() {
    let read =
        |language: &str| find_in("21. listopada 2024.", &Manner::of(language)).map(|f| f.date.to_string());
    assert_eq!(read("hr").as_deref(), Some("2024-10-21"));
    assert_eq!(read("pl-PL").as_deref(), Some("2024-11-21"));
    assert_eq!(read("").as_deref(), Some("2024-11-21"));
}

#[test]
fn other_calendars_are_converted_or_left_alone() {
    for (language, text, expected) in [
        ("th", "21 พฤศจิกายน 2567", Some("2024-11-21")),
        ("th", "๒๑ พ.ย. ๒๕๖๗", Some("2024-11-21")),
        ("th", "21/11/2567", Some("2024-11-21")),
        ("ja", "令和6年11月21日", Some("2024-11-21")),
        ("ja", "公開日：平成31年4月30日", Some("2019-04-30")),
        ("ja", "令和元年5月1日", Some("2019-05-01")),
        ("zh", "中華民國113年11月21日", Some("2024-11-21")),
        ("fa", "۱ فروردین ۱۴۰۳", Some("2024-03-20")),
        ("fa", "پنجشنبه ۱ آذر ۱۴۰۳", Some("2024-11-21")),
        ("fa", "1403/09/01", Some("2024-11-21")),
        ("fa", "۱۳۹۹/۱۲/۳۰", Some("2021-03-20")),
        ("fa", "۱ فروردین ۱۳۹۵", Some("2016-03-20")),
        ("fa", "۳۰ اسفند ۱۴۰۲", None),
        ("fa", "۳۱ مهر ۱۴۰۳", None),
        ("ar", "19 جمادى الأولى 1446", None),
        ("ar", "1446/05/19", None),
        ("ne", "2081-08-06", None),
        ("he", "כ׳ בחשוון 5785", None),
    ] {
        let found = find_in(text, &Manner::of(language)).map(|f| f.date.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    }
}

#[test]
fn numbers_too_long_for_a_relative_date_give_none() {
    let reference = jiff::civil::date(2024, 11, 21);
    for text in ["1000 hours ago", "1440 minutes ago", "99999999999999999999 days ago"] {
        assert_eq!(relative::find(text, reference), None, "{text}");
    }
}

#[test]
fn relative_dates_count_back_from_a_given_day() {
    let reference = jiff::civil::date(2024, 11, 21);
    let read = |text: &str| relative::find(text, reference).map(|d| d.to_string());
    for (text, expected) in [
        ("2 hours ago", "2024-11-21"),
        ("Posted 3 days ago", "2024-11-18"),
        ("Yesterday at 12:53", "2024-11-20"),
        ("Hier à 12h53", "2024-11-20"),
        ("il y a 3 jours", "2024-11-18"),
        ("vor 2 Tagen", "2024-11-19"),
        ("gestern, 10:32 Uhr", "2024-11-20"),
        ("Hace 5 horas", "2024-11-21"),
        ("ieri", "2024-11-20"),
        ("há 2 dias", "2024-11-19"),
        ("Вчера, 10:32", "2024-11-20"),
        ("5 часов назад", "2024-11-21"),
        ("3天前", "2024-11-18"),
        ("昨天 12:53", "2024-11-20"),
        ("2日前", "2024-11-19"),
        ("4시간 전", "2024-11-21"),
        ("قبل 3 أيام", "2024-11-18"),
        ("2 gün önce", "2024-11-19"),
        ("3 dni temu", "2024-11-18"),
        ("πριν από 2 ημέρες", "2024-11-19"),
        ("2 hari yang lalu", "2024-11-19"),
        ("2 ngày trước", "2024-11-19"),
        ("אתמול", "2024-11-20"),
        ("3 दिन पहले", "2024-11-18"),
    ] {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        "Today in history",
        "Yesterday the council met to vote on the mill",
        "999 days ago",
        "ago",
        "",
        "2 months ago",
        "The mill was sold 3 days ago to a family from the next village, who want to grind flour there",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    for language in
        ["en", "fr", "de", "es", "it", "pt", "ru", "zh", "ja", "ko", "ar", "tr", "pl", "el", "hi", "vi"]
    {
        assert!(relative::forms_of(language) >= 4, "{language}");
    }
}

#[test]
fn one_day_in_many_languages() {
    for text in [
        "jeudi 21 novembre 2024",
        "Thursday, November 21st, 2024 at 10:32",
        "21st of Nov. 2024",
        "21-Nov-2024",
        "jueves, 21 de noviembre de 2024",
        "Donnerstag, 21. November 2024, 10:32 Uhr",
        "giovedì 21 novembre 2024",
        "Quinta-feira, 21 de novembro de 2024",
        "donderdag 21 november 2024",
        "21 Kasım 2024 Perşembe",
        "الخميس 21 نوفمبر 2024",
        "٢١ تشرين الثاني / نوفمبر ٢٠٢٤",
        "Kamis, 21 November 2024 10:32 WIB",
        "21 ноября 2024 г.",
        "czwartek, 21 listopada 2024",
        "Πέμπτη, 21 Νοεμβρίου 2024",
        "2024年11月21日 10:32",
        "21 листопада 2024",
        "čtvrtek 21. listopadu 2024",
        "torsdag den 21 november 2024",
        "21. marraskuuta 2024",
        "2024. november 21., csütörtök",
        "21 noiembrie 2024",
        "2024년 11월 21일",
        "21 نوامبر 2024",
        "21 בנובמבר 2024",
        "21 नवंबर 2024",
        "21 de nov. de 2024",
        "2024 m. lapkričio 21 d.",
        "21 ნოემბერი 2024",
        "21 নভেম্বর, ২০২৪",
        "21. studenoga 2024.",
        "21. nóvember 2024",
        "21 Novemba 2024",
        "ngày 21 tháng 11 năm 2024",
        "Le 21/11/2024 à 10h32",
        "21.11.2024",
        "11/21/2024",
        "2024-11-21T23:30:00+02:00",
        "2024.11.21",
    ] {
        assert_eq!(date(text, Order::Unknown).as_deref(), Some("2024-11-21"), "{text}");
    }
}

#[test]
fn what_is_no_date_gives_none() {
    for text in [
        "Hier 12:53",
        "il y a 3 jours",
        "3 days ago",
        "Jeudi 18 décembre",
        "novembre 2024",
        "30 février 2024",
        "2024 11 21",
        "version 3.11.2",
        "tel. 06 11 20 24",
        "21 novembre 1824",
        "2024-2025",
        "1-2-3-4",
        "May 3, 20:24",
        "",
    ] {
        assert_eq!(date(text, Order::DayFirst), None, "{text}");
    }
}

#[test]
fn the_language_decides_on_day_or_month_first() {
    let read = |language: &str| date("03/04/2024", order(language));
    assert_eq!(read("fr-FR").as_deref(), Some("2024-04-03"));
    assert_eq!(read("en-US").as_deref(), Some("2024-03-04"));
    assert_eq!(read("en_GB").as_deref(), Some("2024-04-03"));
    assert_eq!(read("en"), None);
    assert_eq!(read(""), None);
}

#[test]
fn machine_values_and_paths() {
    let machine = |v: &str| machine(v).map(|d| d.to_string());
    for value in
        ["20241121", "20241121T0800", "2024-11-21", " 2024-11-21 08:00", "Thu, 21 Nov 2024 08:00:00 GMT"]
    {
        assert_eq!(machine(value).as_deref(), Some("2024-11-21"), "{value}");
    }
    assert_eq!(machine("1732147200000"), None);
    let path = |p: &str| in_path(p).map(|d| d.to_string());
    for p in [
        "/2024/11/21/a-title",
        "/news/2024/nov/21/a",
        "/a/2024-11-21-title",
        "/a/20241121/b.html",
        "/2024/11/21.html",
    ] {
        assert_eq!(path(p).as_deref(), Some("2024-11-21"), "{p}");
    }
    for p in ["/2024/11/title", "/item/12345678", "/", "/2024", "/2024/13/21", "/é2024-11-21"] {
        assert_eq!(path(p), None, "{p}");
    }
}
