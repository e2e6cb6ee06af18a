//! What looks like damage and is none, or is more than is known: it stays as it is.

use super::{changes, repaired, stays, wrap};
use crate::clean::repair::Repair;

/// Rows of lists, tables, logs and verse: as a file each, and amid wrapped text.
const ROWS: &[&str] = &[
    "https://example.org/harbour/timetable/winter/one\nhttps://example.org/harbour/timetable/summer/two\nhttps://example.org/harbour/timetable/spring/six\nhttps://example.org/harbour/timetable/autumn/ten\nhttps://example.org/harbour/tickets/children/all\nhttps://example.org/harbour/tickets/students/all\nhttps://example.org/harbour/tickets/families/all\nhttps://example.org/harbour/tickets/visitors/all\n",
    "src/harbour/timetable/winter/departures.rs\nsrc/harbour/timetable/winter/arrivals_by.rs\nsrc/harbour/timetable/summer/departures.rs\nsrc/harbour/timetable/summer/arrivals_by.rs\nsrc/harbour/tickets/children/discount.rs\nsrc/harbour/tickets/students/discount.rs\nsrc/harbour/tickets/families/discount.rs\n",
    "anna.lindgren@harbour-office.example.org\nbernd.schuster@harbour-office.example.org\nclara.moreno@harbour-office.example.org\ndmitri.orlov@harbour-office.example.org\nelena.rossi@harbour-office.example.org\nfatima.alaoui@harbour-office.example.org\ngustav.meyer@harbour-office.example.org\n",
    "1001,harbour street 1,London,51.501,-0.141,open\n1002,station road 44,London,51.522,-0.102,open\n1003,garden square 9,London,51.513,-0.098,shut\n1004,bridge street 2,London,51.507,-0.127,open\n1005,chapel lane 115,London,51.499,-0.131,open\n1006,market place 31,London,51.516,-0.119,shut\n1007,orchard row 205,London,51.508,-0.107,open\n",
    "2024-05-01 12:00:01,123 worker-1 took the job from queue\n2024-05-01 12:00:02,456 worker-2 took the job from queue\n2024-05-01 12:00:03,789 worker-1 gave the job back again\n2024-05-01 12:00:04,012 worker-3 took the job from queue\n2024-05-01 12:00:05,345 worker-2 gave the job back again\n2024-05-01 12:00:06,678 worker-1 took the job from queue\n2024-05-01 12:00:07,901 worker-3 gave the job back again\n",
    "12.5 13.1 14.9 15.2 16.8 17.3 18.4 19.6 20.1 21.7\n22.4 23.9 24.1 25.7 26.3 27.5 28.8 29.2 30.6 31.9\n32.1 33.4 34.8 35.5 36.2 37.9 38.6 39.3 40.7 41.0\n42.2 43.8 44.5 45.1 46.9 47.4 48.0 49.6 50.3 51.8\n52.7 53.3 54.0 55.9 56.6 57.1 58.5 59.2 60.8 61.4\n62.9 63.5 64.2 65.8 66.1 67.7 68.3 69.0 70.6 71.2\n",
    "08.15 Uhr Frühstück im Saal, danach Rundgang\n09.30 Uhr Vortrag im Turm, danach Gespräche\n11.00 Uhr Führung am Hafen, danach Mittagbrot\n13.45 Uhr Werkstatt im Hof, danach Vorführung\n15.30 Uhr Kaffee im Garten, danach Spaziergang\n17.00 Uhr Konzert im Schiff, danach Abendessen\n19.30 Uhr Film in der Halle, danach Heimfahrt\n",
    "<anna> i think the ferry was late again today\n<bernd> it was, we waited for most of an hour\n<anna> and nobody said a word about the reason\n<clara> they never do, you have to ask for it\n<bernd> i did ask and they sent me to the desk\n<anna> the desk was closed when i came by there\n<clara> it is always closed when one needs it\n",
    "anna: i think the ferry was late again today\nbernd: it was, we waited for most of an hour\nanna: and nobody said a word about the reason\nclara: they never do, you have to ask for it\nbernd: i did ask and they sent me to the desk\nanna: the desk was closed when i came by there\nclara: it is always closed when one needs it\n",
    "[12:01] anna: the ferry was late again today\n[12:02] bernd: we waited for most of an hour\n[12:02] anna: nobody said a word about that\n[12:04] clara: you have to ask them for it\n[12:05] bernd: i did ask, they sent me away\n[12:07] anna: the desk was closed at that time\n[12:08] clara: it is always closed, they say\n",
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo\n4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq0/IzW7yWR7QkrmBL7jTKEn5u\nqKhbwKfBstIs+bMY2Zkp18gnTxKLxoS2tFczGkPLPgizskuemMghRniWaoLcyeh\nkd3qqGElvW/VDL5AaWTg0nLVkjRo9z+40RQzuVaE8AkAFmxZzow3x+VJYKdjykkJ\n0iT9wCS0DRTXu269V264Vf/3jvredZiKRkgwlL9xNAwxXFg0x/XFw005UWVRIkdg\ncKWTjpBP2dPwVZ4WWC+9aGVd+Gyn1o0CLelf4rEjGoXbAAEgAqeGUxrcIlbjXfbc\n",
    "00000000: 7f45 4c46 0201 0100 0000 0000 0000 0000  .ELF............\n00000010: 0300 3e00 0100 0000 4010 0000 0000 0000  ..>.....@.......\n00000020: 4000 0000 0000 0000 9039 0000 0000 0000  @........9......\n00000030: 0000 0000 4000 3800 0d00 4000 1f00 1e00  ....@.8...@.....\n00000040: 0600 0000 0400 0000 4000 0000 0000 0000  ........@.......\n00000050: 4000 0000 0000 0000 4000 0000 0000 0000  @.......@.......\n",
    "libharbour-tickets-common-dev\nlibharbour-tickets-common-doc\nlibharbour-timetable-data-all\nlibharbour-timetable-data-dev\nlibharbour-timetable-data-doc\nlibharbour-lighthouse-lamp-dev\nlibharbour-lighthouse-lamp-doc\n",
    "abbey, a house where monks or nuns live together\nanchor, an iron hook that keeps a ship in place\nballast, weight that keeps a ship from turning\nbeacon, a light or fire that shows the way home\ncapstan, a drum on which heavy ropes are wound\ndinghy, a small boat that goes along with a ship\nfathom, a measure of depth that is about six feet\n",
    "harbour – a place where ships lie safe from wind\nanchor – an iron hook that keeps a ship in place\nballast – weight that keeps a ship from turning\nstern – the part of a ship that comes in the end\ncapstan – a drum on which heavy ropes are wound\nlantern – a light or fire that shows the way home\nfathom – a measure of depth that is about six feet\n",
    "Lindgren, A. (2001). Harbours of the cold north sea.\nMoreno, C. (1998). The keeper and his seven lamps.\nOrlov, D. (2010). Ice on the river, a short story.\nRossi, E. (1987). Bridges, ferries and their people.\nSchuster, B. (2015). What the tide leaves behind it.\nAlaoui, F. (2007). Lights along the western coasts.\nMeyer, G. (1993). Ropes, knots and what they hold in.\n",
    "open_the_harbour(first_ship, second_ship, the_tide)\nshut_the_harbour(first_ship, second_ship, the_tide)\nmove_the_harbour(first_ship, second_ship, the_tide)\nsell_the_harbour(first_ship, second_ship, the_tide)\nfind_the_harbour(first_ship, second_ship, the_tide)\nkeep_the_harbour(first_ship, second_ship, the_tide)\n",
    "the boats are home and the nets are hung to dry,\nthe gulls have gone to where the gulls may sleep,\nand over all the harbour hangs a sky\nthat has no word to say and none to keep,\nso let us sit and listen to the tide\nthat comes and goes as if it had no end,\nand count the lamps along the other side,\nand every lamp we count shall be a friend.\n",
    "وقفت على الميناء والليل مقبل، وقلبي على الموج\nتعود السفائن والريح تجري، وتبقى النوارس فوقي\nأنادي البعيد فلا يستجيب، ويمضي المساء وحيدا\nوأحمل في الصدر شوقا قديما، كأن الزمان يعود\nفيا بحر خذني إلى من أحب، فقد طال هذا الطريق\nويا ليل مهلا فإن النجوم، تضيء لمن كان مثلي\n",
    "江水東流不復回，孤帆遠影入雲來，\n漁火三更照客夢，鐘聲半夜過樓臺，\n故人西去無消息，秋雁南飛有信催，\n明月應知離別意，清光一片滿庭槐，\n春來又見桃花發，歲晚空餘酒一杯，\n欲寄新詩無處寄，山高水遠幾時回，\n",
    "बंदरगाह पर नई नाव सेवा शुरू, यात्रियों को मिलेगी राहत\nनगर परिषद ने पुल की मरम्मत रोकी, लोगों में नाराजगी\nस्कूल की छत फिर से बनाई गई, बच्चों ने मनाया उत्सव\nसंग्रहालय में पुराने पत्र दिखाए, देखने उमड़ी भीड़ भारी\nनदी में पानी का स्तर बढ़ा, प्रशासन ने दी चेतावनी\nबाजार में फल महंगे हुए, किसानों को हुआ लाभ बड़ा\n",
    "港に新しい船の便が開通、観光客の増加に期待\n市議会が橋の修理を延期、住民からは不満の声\n小学校の屋根が完成、冬休み前に引き渡しへと\n博物館で灯台守の手紙を公開、初日から行列が\n川の水位が上昇、市は低い土地の住民に注意を\n市場の果物が値上がり、農家は天候の影響とも\n",
];

const PROSE: &str = "the old harbour was quiet that evening, and the boats lay close to each other as if they were cold. nobody walked along the quay, and the lamps were lit one after another by a man who had done it for forty years. he knew each of them by its sound and by the colour of its flame, which he said was never quite the same. when he was done he sat down on a coil of rope and waited for the last ferry, which came late or not at all, and he thought of the winters when the ice had reached from one shore to the other.";

#[test]
fn lists_tables_logs_and_verse_stay() {
    stays(ROWS);
}

/// One run of rows that agree on a width, in a file that is not wrapped.
#[test]
fn ingredients_amid_prose_are_no_paragraph() {
    let rows = "two large onions, peeled and chopped into small bits\nfour spoons of good olive oil and a little butter\none glass of white wine or of the cider you have\nthree cups of stock, hot, from chicken or from roots\na handful of parsley and as much of green chives\nsalt, and pepper that was ground not long before\n";
    stays(&[&format!("Recipes\nSoups\nFish\n\n{}\n\n{rows}\n{}\n", PROSE.repeat(2), PROSE)]);
}

#[test]
fn they_stay_amid_wrapped_text() {
    for rows in ROWS {
        let width = rows.lines().map(|line| line.chars().count()).max().unwrap_or(0).max(44);
        let prose = wrap(PROSE, width);
        let done = repaired(&format!("{prose}\n\n{rows}\n{prose}\n\n{prose}\n\n{prose}\n"));
        assert!(done.contains(rows.trim_end()), "{done}");
    }
}

#[test]
fn an_old_line_end_is_one() {
    assert_eq!(repaired(&wrap(PROSE, 66).replace('\n', "\r")), PROSE);
    assert_eq!(repaired(&wrap(PROSE, 66).replace('\n', "\r\n")), PROSE);
}

/// Read as Windows-1252 once more.
fn again(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            0x81 | 0x8d | 0x8f | 0x90 | 0x9d => char::from(byte),
            _ => {
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or(' ')
            }
        })
        .collect()
}

#[test]
fn what_was_read_wrongly_often_is_whole_again_or_stays() {
    for line in [
        "Привет, мир! Как дела у всех?",
        "这座老桥建于明代，长约八十米，中文网页。",
        "Le café a fermé l’été passé – dit-on – à 5 €.",
        "Αθήνα, Θεσσαλονίκη και Πάτρα",
        "Żółw i łódź śpią, więc cicho. Größe über alles",
        "שלום עולם, مرحبا بالعالم",
        "Wow 😀, so schön!",
    ] {
        let mut source = line.to_owned();
        for times in 1..=4 {
            source = again(&source);
            let done = repaired(&source);
            assert!(done == line || done == source, "{times}: {source:?} became {done:?}");
            assert!(times > 2 || done == line, "{times}: {source:?} became {done:?}");
        }
    }
    // Bytes without a sign were lost: nothing of the word is known.
    stays(&["Ð²ÑÐµ Ð²ÑÐµÐ³Ð¾Ñ€Ð¾Ð´"]);
}

#[test]
fn capitals_before_signs_stay() {
    stays(&[
        "AMANHÃ“ vem",
        "NÃO, AMANHÃ…",
        "PULMÃ™",
        "MAÇÃ®",
        "a „BELÉM JOÂ» e",
        "XÃº",
        "NHÂ° 5",
        "Weg Ã· Zeit",
    ]);
}

#[test]
fn texts_about_damage_keep_it() {
    stays(&[
        "If you open the file wrongly you will see Ã© where é should be.",
        "é Ã©\nè Ã¨\nü Ã¼\nñ Ã±\n",
        "This is called mojibake: cafÃ© for a word with an accent, GrÃ¼ÃŸe for a greeting.",
        "The page was read as windows-1252, its charset was wrong, and so the cafÃ© was hurt.",
        "Escape & as &amp; and < as &lt; before you write it out.",
        "In PHP the function gives &eacute; for it.",
        "See https://a.example/?a=1&amp;b=2 for more of it.",
    ]);
    changes(Repair::Entities, &[("x &lt; 3 and caf&eacute;, a&lt;b", "x < 3 and café, a&lt;b")]);
    let far = format!("Written with css. {} caf&eacute;", "The boat came in late. ".repeat(100));
    assert!(repaired(&far).ends_with("café"));
}

#[test]
fn code_between_fences_stays() {
    stays(&[
        "```\ncafÃ© Ã©tÃ© dÃ©jÃ  so\u{ad}ft zero\u{200b}width e\u{301}\n```\nSo.",
        "The words `cafÃ©`, `so\u{ad}ft` and `e\u{301}` are names.",
        "~~~\n&eacute; &amp; <p>a</p>\n~~~\n",
    ]);
}

#[test]
fn tags_that_people_wrote_stay() {
    stays(&[
        "Der Wert <p> ist kleiner als <q> und als <p> davor.",
        "<a> hi\n<b> hello\n<p> fine\n",
        "Use <b> for bold and </b> where it ends.",
        "one <li> and another <td> with <tr> and <input> and <link>",
        "<b>one</b> and <i> two",
        "<script a=b>one two\n<p>three</p>\n",
    ]);
    let far = format!("<script a=b>{}</script>", "word ".repeat(2_000));
    stays(&[far.as_str(), "<script a=b>one <script a=b>two</script> three"]);
    assert_eq!(repaired("one<img src=\"a.png\">two<br>three"), "one two\nthree");
}

#[test]
fn compounds_of_many_languages_keep_their_hyphen() {
    let part = |words: &str, left: &str, right: &str| {
        let before = wrap(&words.repeat(4), 66);
        let fill = "а".repeat(66 - left.chars().count() - 2);
        repaired(&format!("{before}\n{fill} {left}-\n{right} {}", wrap(&words.repeat(4), 66)))
    };
    let english = "and the boat went on by the shore for an hour, at which it came to a halt as it was told ";
    let french = "et la barque est dans le port, une de celles que les gens ont vues avec lui pour la fin ";
    let russian = "и лодка шла по реке, но не на юг, а что было из этого, то он как был с ней, так и есть ";
    let portuguese = "e o barco que não foi para o porto com uma carga, mas dos que vão pela costa ao sul ";
    let malay = "dan kapal itu pergi ke pelabuhan yang jauh, sebelum malam tiba kami semua pulang lagi ";
    for (words, left, right) in [
        (english, "twenty", "five"),
        (english, "so", "called"),
        (french, "vingt", "deux"),
        (russian, "что", "нибудь"),
        (russian, "кто", "то"),
        (portuguese, "quinta", "feira"),
        (malay, "anak", "anak"),
        (malay, "kupu", "kapal"),
    ] {
        let done = part(words, left, right);
        assert!(done.contains(&format!("{left}-{right}")), "{left}-{right}: {done}");
    }
    assert!(part(english, "infor", "mation").contains("information"));
    assert!(part(russian, "информа", "ция").contains("информация"));
}

#[test]
fn names_and_abbreviations_are_not_parted() {
    stays(&[
        "Der Preis versteht sich für die gesamte Lieferung einschl.Mehrwertsteuer und aller Kosten der Reise.",
        "Das Konzert des Orchesters wird morgen vom österr.Rundfunk für alle Hörer des Landes übertragen.",
        "Das Fest beginnt am Morgen in der Kirche der evang.Kirche und endet am Abend im Garten daneben.",
        "Die Schule wird seit vielen Jahren von der kathol.Kirche der Stadt und des Landes geführt und bezahlt.",
        "La fiesta de este barrio la organiza desde hace años la junta municip.Nueva con todos los vecinos.",
        "Эти земли долгое время были частью большой губерн.Тульской и потом стали отдельной областью страны.",
        "Today you can order all of it from the shop at amazon.Fresh and wait for the people who bring it.",
        "We found the rooms for all of our friends on the pages of booking.Nl and went there by the first train.",
        "The new people of the city have moved into the rooms of office.Berlin and like all that they have seen.",
        "All the signs of the page were drawn with the help of standard.Buttons and of other things of the kind.",
        "The people of the town have read all about it in the pages of yahoo!Japan and in those of the others.",
        "He has been seen by all of the people of the land in the show jeopardy!The and in those of the others.",
    ]);
}
