use super::{Order, find, fold, in_path, machine, order, read};
use std::collections::HashMap;

fn date(text: &str, order: Order) -> Option<String> {
    find(text, order).map(|f| f.date.to_string())
}

#[test]
fn every_section_has_twelve_months_and_no_word_means_two() {
    let mut seen: HashMap<String, (usize, String)> = HashMap::new();
    for (language, section) in read().expect("the calendar parses") {
        assert!(matches!(section.months.len(), 0 | 12), "[{language}] has {} months", section.months.len());
        assert!(!section.weekdays.is_empty(), "[{language}] has no weekdays");
        assert!(matches!(section.order.as_deref(), None | Some("day")), "[{language}] has an unknown order");
        for (at, names) in section.months.iter().enumerate() {
            for name in names {
                let (month, first) = seen.entry(fold(name)).or_insert((at, language.clone()));
                assert_eq!(
                    *month,
                    at,
                    "{name:?} is month {} in [{first}], {} in [{language}]",
                    *month + 1,
                    at + 1
                );
            }
        }
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
