//! Tests of the rules that look at a block's neighbours, on whole small texts, and on any text at all.

use super::{RULES, weigh};
use crate::clean::block::{Block, Region, Shape};
use crate::clean::text::segment;
use proptest::prelude::{any, prop_assert, proptest};

/// The lines that the named rule finds, with at least an even chance.
fn found(rule: &str, blocks: &[Block]) -> Vec<String> {
    let rule = RULES.iter().position(|r| r.name == rule).expect("the rule is registered");
    weigh(blocks)
        .iter()
        .zip(blocks)
        .filter(|(evidence, _)| evidence.iter().any(|&(r, s)| r == rule && s >= 0.5))
        .map(|(_, b)| b.text.clone())
        .collect()
}

fn found_in(rule: &str, text: &str) -> Vec<String> {
    found(rule, &segment(text))
}

fn link(text: &str, region: u32) -> Block {
    Block::new(text.to_owned(), Shape::ListItem, Region(region), text.chars().count())
}

const PROSE: &str =
    "The mayor spoke for an hour in a full hall, and nobody left before the last question had been answered.";

#[test]
fn a_trail_without_marks_is_known_by_the_title_that_it_repeats() {
    let title = "Le pont rouvre : la ville fête ses ingénieurs";
    let trail = format!("Home Actualité {title}");
    assert_eq!(found_in("breadcrumb", &format!("{trail}\n\n{title}\n\n{PROSE}")), [trail.as_str()]);
    assert_eq!(found_in("breadcrumb", &format!("{title}\n{trail}\n{PROSE}")), [trail.as_str()]);
    assert!(found_in("breadcrumb", &format!("{trail}\n\n{PROSE}")).is_empty(), "nothing to repeat");
    let cut = "Home » News » The bridge opens again and…";
    assert_eq!(
        found_in("breadcrumb", &format!("{cut}\nThe bridge opens again and the town rejoices\n{PROSE}")),
        [cut]
    );
}

#[test]
fn a_trail_of_one_label_a_line_is_known_by_its_marks() {
    let text = format!("Home\n>\nNews\n>\nEurope\n{PROSE}");
    assert!(found_in("breadcrumb", &text).contains(&"News".to_owned()));
    assert!(found_in("breadcrumb", &format!("Home\nNews\n{PROSE}")).is_empty());
}

#[test]
fn code_is_no_trail() {
    assert!(found_in("breadcrumb", "index -> items -> first\nhome => list => row").is_empty());
}

#[test]
fn prayer_names_count_as_a_set_only() {
    let bulleted =
        "Advertising\n  • Fajr\n  • Lever du soleil\n  • Dhuhr\n  • Asr\n  • Maghrib\n  • Isha\n\nUn titre";
    assert_eq!(found_in("prayer-times", bulleted).len(), 6);
    assert!(found_in("prayer-times", "Fajr\nIsha").is_empty(), "two are no set");
    let chapters = format!("Fajr\n{PROSE}\nDhuhr\n{PROSE}\nAsr\n{PROSE}\nMaghrib\n{PROSE}");
    assert!(found_in("prayer-times", &chapters).is_empty(), "an article with a chapter for each prayer");
    assert!(found_in("prayer-times", &format!("Lever du soleil\n{PROSE}\nMidi\n{PROSE}")).is_empty());
}

#[test]
fn a_list_under_a_related_heading_goes_until_prose_begins() {
    let list = "You may also like\nThe dam opens again\nA flood is expected in the valley\nLeave a Comment";
    let hits = found_in("related", list);
    assert_eq!(hits[..3], ["You may also like", "The dam opens again", "A flood is expected in the valley"]);
    let amid = format!("Read also\nThe dam opens again\nWhat the engineers say\n{PROSE}\n{PROSE}");
    assert_eq!(found_in("related", &amid), ["Read also", "The dam opens again"], "a chapter's heading stays");
}

#[test]
fn in_a_page_a_related_entry_must_be_a_link() {
    let heading = || Block::new("Related articles".to_owned(), Shape::Heading(3), Region(0), 0);
    let plain = Block::new("What the engineers say".to_owned(), Shape::Heading(2), Region(0), 0);
    assert_eq!(found("related", &[heading(), plain]), ["Related articles"]);
    assert_eq!(found("related", &[heading(), link("The dam opens again", 0)]).len(), 2);
}

#[test]
fn buttons_count_beside_a_notice_only() {
    let notice = "We use cookies to give you the best experience on our website.";
    assert_eq!(found_in("cookie-notice", &format!("{notice}\nAccept\nDecline")).len(), 3);
    assert!(found_in("cookie-notice", &format!("{PROSE}\nAccept\nDecline\n{PROSE}")).is_empty());
    let button = Block::new("Accept".to_owned(), Shape::Paragraph, Region(Region::CONSENT), 0);
    assert_eq!(found("cookie-notice", &[button]), ["Accept"]);
}

#[test]
fn an_article_about_cookies_keeps_its_sentences() {
    for sentence in [
        "La CNIL a sanctionné le site, qui utilise des cookies sans accord.",
        "The court held that consent to cookies must be given freely, and that silence is no answer.",
        "Cookies are small files; a server sets them and the browser sends them back with every request.",
    ] {
        assert!(found_in("cookie-notice", sentence).is_empty(), "{sentence}");
    }
}

#[test]
fn a_chapter_called_like_a_section_stays_and_a_menu_goes() {
    assert!(
        found_in("navigation", &format!("Politics\n{PROSE}\nCulture\n{PROSE}\nSport\n{PROSE}")).is_empty()
    );
    assert_eq!(found_in("navigation", &format!("Politics\nCulture\nSport\nUS $394.99\n{PROSE}")).len(), 3);
    assert_eq!(found("navigation", &[link("Politics", Region::NAV)]), ["Politics"]);
}

#[test]
fn page_numbers_need_company() {
    assert_eq!(found_in("pagination", "1\n2\n3\nNext").last().map(String::as_str), Some("Next"));
    assert_eq!(found_in("pagination", "Page 2 of 7\nPrevious\nNext").len(), 3);
    assert!(found_in("pagination", &format!("{PROSE}\nNext\n{PROSE}\n1984\n{PROSE}")).is_empty());
    assert!(found_in("pagination", "1,200 people\n12.5 %\n10:30").is_empty());
}

#[test]
fn a_month_grid_goes_and_opening_hours_stay() {
    let grid = format!("March 2024\nM T W T F S S\n1 2 3\n4 5 6 7 8 9 10\n{PROSE}\n11 12 13");
    assert_eq!(found_in("calendar", &grid).len(), 4, "the numbers after prose are not the grid's");
    let hours = "Monday 9:00 - 18:00\nTuesday 9:00 - 18:00\nWednesday closed\nThursday 9:00 - 18:00\nFriday 9:00 - 17:00";
    assert!(found_in("calendar", hours).is_empty());
}

#[test]
fn quotes_and_degrees_need_a_set() {
    assert!(found_in("markets", &format!("Gold\n{PROSE}\nSilver\n{PROSE}\nOil\n{PROSE}")).is_empty());
    assert!(found_in("weather", &format!("Wind\n{PROSE}\n180 °C\n{PROSE}")).is_empty());
    assert_eq!(found_in("markets", "Gold\n2,300.10\nBrent\n86.20\nEUR/USD\n1.0845").len(), 6);
}

#[test]
fn accents_and_capitals_do_not_hide_a_phrase() {
    for line in ["À LIRE AUSSI", "A lire aussi", "à lire aussi"] {
        assert_eq!(found_in("related", line), [line]);
    }
    assert_eq!(found_in("read-more", "DEVAMINI OKU"), ["DEVAMINI OKU"]);
    assert_eq!(found_in("related", "İLGİLİ HABERLER"), ["İLGİLİ HABERLER"]);
    assert_eq!(found_in("read-more", "ΔΙΑΒΑΣΤΕ ΠΕΡΙΣΣΟΤΕΡΑ"), ["ΔΙΑΒΑΣΤΕ ΠΕΡΙΣΣΟΤΕΡΑ"]);
}

/// One set a language: headings, names with and without figures, bullets and brackets do not matter.
#[test]
fn widgets_are_sets_in_every_script() {
    for (rule, lines) in [
        ("prayer-times", "الفجر 05:12|الشروق 06:40|الظهر 12:45|العصر|المغرب|العشاء"),
        ("prayer-times", "اذان صبح ۰۵:۱۲|طلوع آفتاب ۰۶:۴۰|اذان ظهر ۱۲:۰۵|اذان مغرب ۱۸:۱۵"),
        ("prayer-times", "פג'ר 05:12|זריחה 06:40|ד'והר 12:45|מגריב 18:20"),
        ("prayer-times", "फज्र|जुहर|अस्र|मगरिब|ईशा"),
        ("prayer-times", "ফজর ৫:১২|যোহর ১২:০৫|আসর ৪:১৫|মাগরিব ৬:১০|এশা ৭:২৫"),
        ("prayer-times", "ซุบฮิ 05:12|ดุฮ์ริ 12:20|อัศริ 15:40|มัฆริบ 18:20|อิชา 19:30"),
        ("prayer-times", "晨礼|晌礼|晡礼|昏礼|宵礼"),
        ("prayer-times", "ファジュル 05:12|ズフル 12:45|アスル 15:55|マグリブ 18:20"),
        ("prayer-times", "파즈르 05:12|주흐르 12:45|아스르 15:55|마그립 18:20"),
        ("prayer-times", "Бомдод|Пешин|Аср|Шом|Хуфтан"),
        ("prayer-times", "Таң 05:12|Бесін 12:45|Екінті 15:55|Ақшам 18:20|Құптан 19:44"),
        ("weather", "서울|12 °C|맑음|습도: 65 %|미세먼지"),
        ("weather", "תל אביב|22 °C|בהיר|לחות: 65 %|לחץ"),
        ("weather", "کابل|12 °C|ابری|رطوبت: 65 %|فشار"),
        ("weather", "दिल्ली|32 °C|साफ|आर्द्रता: 65 %|दृश्यता"),
        ("weather", "กรุงเทพ|32 °C|มีเมฆมาก|ความชื้น: 65 %|ความกดอากาศ"),
        ("weather", "თბილისი|12 °C|ღრუბლიანი|ტენიანობა: 65 %|წნევა"),
        ("weather", "Երևան|12 °C|Ամպամած|Խոնավություն: 65 %|Ճնշում"),
        ("weather", "አዲስ አበባ|22 °C|ደመናማ|እርጥበት: 65 %|ግፊት"),
        ("weather", "ភ្នំពេញ|32 °C|មានពពក|សំណើម: 65 %|សម្ពាធ"),
        ("markets", "코스피|2,512.34|코스닥|810.12|나스닥|15,900.40"),
        ("markets", "شاخص کل|2,112,000|سکه امامی|38,200,000|انس طلا|2,300"),
        ("markets", "ת\"א 35|1,912.34|נאסד\"ק|15,900.40|דולר|3.65"),
        ("exchange-rates", "米ドル 151.20|ユーロ 163.40|英ポンド 190.10"),
        ("exchange-rates", "დოლარი 2.70|ევრო 2.92|ფუნტი 3.40"),
        ("exchange-rates", "Դոլար 405.10|Եվրո 438.20|Ռուբլի 4.40"),
        ("lottery", "לוטו|צ'אנס|טוטו"),
        ("lottery", "ロト6|ミニロト|ナンバーズ4"),
        ("lottery", "รางวัลที่ 1|เลขหน้า 3 ตัว|เลขท้าย 2 ตัว"),
        ("sports-table", "תוצאות|קבוצה|ניצחונות|הפסדים|נקודות"),
        ("sports-table", "ทีม|แข่ง|ชนะ|เสมอ|แพ้|คะแนน"),
        ("sports-table", "Թիմ|Խաղեր|Հաղթանակ|Միավոր"),
        ("programme", "ፕሮግራሞች|አቅራቢዎች|ሬዲዮ"),
        ("programme", "Телепрограма|Передачі|Ведучі|Плейлист"),
        ("horoscope", "טלה|שור|תאומים|סרטן"),
        ("horoscope", "मेष|वृषभ|मिथुन|कर्क"),
    ] {
        let lines: Vec<&str> = lines.split('|').collect();
        // The place over the weather, and a title over a programme, are no part of the set.
        let least = lines.len() - usize::from(matches!(rule, "weather" | "programme"));
        for bullet in ["", "  • "] {
            let text: String = lines.iter().map(|line| format!("{bullet}{line}\n")).collect();
            let hits = found_in(rule, &format!("{text}\n{PROSE}"));
            assert!(hits.len() >= least && !hits.iter().any(|h| h == PROSE), "{rule}: {hits:?} of {text}");
        }
        // Each of them over prose is a chapter's name, and two are no set.
        let chapters: String = lines.iter().map(|line| format!("{line}\n{PROSE}\n{PROSE}\n")).collect();
        let taken = found_in(rule, &chapters);
        assert!(taken.len() <= 1, "{rule}: {taken:?} among chapters");
    }
}

proptest! {
    #[test]
    fn any_text_is_weighed_between_nothing_and_certainty(text in any::<String>(), tail in "([A-Za-zÀ-ÿıİßœ>»/|:0-9 …]{0,12}\n?){0,8}") {
        let blocks = segment(&format!("Home {text}\nRead also: {tail}\n{text}{tail}"));
        let evidence = weigh(&blocks);
        prop_assert!(evidence.len() == blocks.len());
        prop_assert!(evidence.iter().flatten().all(|&(rule, s)| rule < RULES.len() && s > 0.0 && s <= 1.0));
    }
}
