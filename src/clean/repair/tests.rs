use super::{MOST_LISTED, Repair, Repairs, text};
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};
use proptest::{collection::vec, prop_oneof, sample::select, strategy::Strategy};

mod left_alone;

fn repaired(source: &str) -> String {
    text(source, Repairs::ALL, false).text.into_owned()
}

/// Each of them becomes what is said, by this repair alone; without it nothing happens.
fn changes(repair: Repair, cases: &[(&str, &str)]) {
    for (source, want) in cases {
        let alone = text(source, Repairs::NONE.with(repair), false);
        assert_eq!(alone.text, *want, "{source:?}");
        assert_eq!(alone.report.counts.keys().collect::<Vec<_>>(), [repair.name()]);
        let without = text(source, Repairs::ALL.without(repair), false);
        assert_eq!(without.report.counts.get(repair.name()), None, "{source:?}");
    }
}

fn stays(cases: &[&str]) {
    for source in cases {
        assert_eq!(repaired(source), *source);
    }
}

#[test]
fn names_are_read_and_written() {
    for repair in Repair::ALL {
        assert_eq!(repair.to_string().parse(), Ok(repair));
        assert!(Repairs::ALL.has(repair) && !Repairs::ALL.without(repair).has(repair));
    }
    assert_eq!("glued, mojibake".parse(), Ok(Repairs::NONE.with(Repair::Glued).with(Repair::Mojibake)));
    assert_eq!(("all".parse(), "none".parse()), (Ok(Repairs::ALL), Ok(Repairs::NONE)));
    let wrong = "glue".parse::<Repairs>().expect_err("no such name");
    assert!(wrong.contains("\"glue\"") && wrong.contains("glued"), "{wrong}");
}

#[test]
fn numbers_of_links_go_where_their_addresses_end_the_file() {
    let list = "References\n\n   1. https://example.org/\n   2. https://example.org/ports\n   3. mailto:office@example.org\n";
    let elinks = list.replace("References\n", "References\n\n   Visible links\n");
    let text = |a: &str, b: &str, c: &str| {
        format!("{a}Home {b}Ports\n\nThe ferry [2] runs; {c}write to us [9].\n\n")
    };
    let (marked, plain) = (text("[1]", "[2]", "[3]"), text("", "", ""));
    for list in [list, elinks.as_str(), &list.replace('\n', "\r\n")] {
        changes(Repair::LinkNumbers, &[(&format!("{marked}{list}"), &format!("{plain}{list}"))]);
    }
    let sources = list.replace("https://example.org/", "A. Keeper: The lamps of the north, ");
    let few = "[1]Home\n\nThe ferry runs.\n\n1. https://example.org/\n2. https://example.org/ports\n";
    let missing = list.replace("   1. https://example.org/\n", "");
    let unread = format!("See [1].\n\n{list}");
    stays(&[&marked, &format!("{marked}{sources}"), few, &format!("{marked}{missing}"), &unread]);
    // Pictures have no words; times are no addresses.
    let pictures = format!("[1] [2]\n{plain}[3]Home\n\n{list}");
    changes(Repair::LinkNumbers, &[(&pictures, &format!(" \n{plain}Home\n\n{list}"))]);
    let times = list.replace("https://example.org/", "12:").replace("mailto:office@example.org", "2:1");
    // The notes of an article, and what they lead to.
    let [spaced, glued] = [" [1]", "[1]"].map(|mark| {
        let note = |n: &str| mark.replace('1', n);
        format!("It runs{}. The office{} said so{}\n\n{list}", note("1"), note("2"), note("3"))
    });
    stays(&[
        &spaced,
        &glued,
        &spaced.replace("   1. ", "[1] ").replace("   2. ", "[2] "),
        &format!("{marked}{times}"),
    ]);
}

#[test]
fn mojibake_is_read_again() {
    changes(
        Repair::Mojibake,
        &[
            ("Le cafÃ© a fermÃ© l'Ã©tÃ© passÃ©.", "Le café a fermé l'été passé."),
            ("Itâ€™s fine â€“ he said â€œyesâ€\u{9d} for 5 â‚¬.", "It’s fine – he said “yes” for 5 €."),
            ("ÃƒÂ©tÃƒÂ©, fÃƒÂªte", "été, fête"),
            ("she\u{92}s \u{93}free\u{94}", "she’s “free”"),
            ("GroÃŸe TÃ¼ren fÃ¼r alle", "Große Türen für alle"),
            ("Ã‰tÃ© Ã  Paris, voilÃ\u{a0} l'Ã©tÃ©", "Été à Paris, voilà l'été"),
            ("ÐŸÑ€Ð¸Ð²ÐµÑ‚, Ð¼Ð¸Ñ€ Ð¸ Ð²ÑÐµ".replace("ÑÐ", "Ñ\u{81}Ð").as_str(), "Привет, мир и все"),
            ("Î‘Î¸Î®Î½Î±", "Αθήνα"),
            ("Å‚Ã³dÅº i Å¼Ã³Å‚w", "łódź i żółw"),
            ("ä¸\u{ad}æ–‡ç½‘é¡µ", "中文网页"),
            ("Wow ðŸ˜€!", "Wow 😀!"),
            ("Â© 2024, 20Â°C, prix Â£5", "© 2024, 20°C, prix £5"),
            ("Bon café, dÃ©jÃ  vu — été", "Bon café, déjÃ  vu — été"),
            ("partis Ã Ãªtre prÃªts jusqu'Ã midi, trÃ¨s tÃ´t", "partis à être prêts jusqu'à midi, très tôt"),
        ],
    );
    stays(&[
        "« Le CAFÉ », dit-il : « J’ai dit “NON” à l’été\u{a0}», à\u{a0}«\u{a0}Ô\u{a0}».",
        "Der Fuß“, „Spaß“ – und Ä–Ö–Ü. “É”, “À” … Š™",
        "KŘÍŽ, AMANHÃ… SÃO, Â, Å”, BLÅ” og på Å–",
        "The text showed \"Ã©\" instead of \"é\".",
        "Tiếng Việt: Ấn Độ, Ăn, Â. Română: Â, Î, ÎN. Türkçe: ÂŞIK. 20 °C, 5 €, ½, ©",
    ]);
}

#[test]
fn references_become_characters() {
    changes(
        Repair::Entities,
        &[
            ("caf&eacute; &amp; th&eacute;&nbsp;: 5&#8364;", "café & thé\u{a0}: 5€"),
            ("R&amp;amp;D &#8217;tis &#x2019;tis &#146;tis", "R&D ’tis ’tis ’tis"),
            ("d&amp;eacute;j&amp;agrave;", "déjà"),
            ("a &lt; b &gt; c", "a < b > c"),
            ("Gr&uuml;&szlig;e &ndash; &quot;Hallo&quot;", "Grüße – \"Hallo\""),
        ],
    );
    stays(&[
        "AT&T, S&P 500, Q&A; R&D; &c; R&B;",
        "In HTML you write &eacute; for é.",
        "Type `&nbsp;` here",
        "The sign \"&amp;\" is shown.",
        "It says &lt;b&gt;bold&lt;/b&gt; here.",
        "http://a.example/?a=1&b=2&copy=3",
        "&#0; &#xD800; &#1114112; &bogus; &#; &;",
    ]);
}

#[test]
fn tags_of_html_go() {
    changes(
        Repair::Tags,
        &[
            ("<p>Un texte.</p><p>Un <b>autre</b>.</p>", "\nUn texte.\n\nUn autre.\n"),
            ("Eins<br/>zwei<BR>drei", "Eins\nzwei\ndrei"),
            ("Ver <a href=\"http://a.example/?x=1\">el sitio</a>.", "Ver el sitio."),
            ("a<script type='x'>var b = 1 < 2;</script>b <!-- c --> d<br>", "a\nb  d\n"),
            ("<td>1</td><td>2</td>", "\t1\t2"),
        ],
    );
    stays(&[
        "a < b and c > d, I <3 you, x<y>z",
        "List<String> and Vec<u8>, Option<Box<dyn Fn()>>",
        "Usage: tool <file> <title>",
        "In HTML, <p>text</p> is a paragraph.",
        "```\n<p>a</p>\n```\nSo.",
        "Use <b> for bold.",
        "The tags “<p>” and “</p>” enclose it.",
        "let a = <div>;\nlet b = {\n}\n<p>x</p>;",
    ]);
}

#[test]
fn what_shows_nothing_goes_where_nothing_needs_it() {
    changes(
        Repair::SoftHyphens,
        &[
            ("Donau\u{ad}dampf\u{ad}schiff", "Donaudampfschiff"),
            ("infor\u{ad}\n  mation on it", "information\non it"),
        ],
    );
    changes(
        Repair::ZeroWidth,
        &[
            ("\u{feff}a\u{200b}b\u{2060}c\u{200d} d\u{200e} \u{202a}e\u{202c}", "abc d e"),
            ("слово \u{200d}и", "слово и"),
        ],
    );
    stays(&[
        "می\u{200c}خواهم \u{200f}(abc)\u{200f}",
        "क्\u{200d}ष ශ්\u{200d}රී",
        "👩\u{200d}👩\u{200d}👧 🏳️\u{200d}🌈 🤷\u{200d}♂️",
        "ភាសា\u{200b}ខ្មែរ",
        "שלום\u{200e} (abc)\u{200e}!",
    ]);
    changes(
        Repair::Composed,
        &[
            ("Rene\u{301} va a\u{300} Cre\u{301}teil", "René va à Créteil"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
        ],
    );
    stays(&[
        "ﬁn ² ½ Ⅳ ｆｕｌｌ ㎏",
        "Bonjour\u{202f}! «\u{a0}Oui\u{a0}»\u{202f}; 10\u{202f}000\u{a0}€ : n’est-ce pas\u{202f}?",
    ]);
}

const FRENCH: &str = "\
La ville a décidé de rouvrir la vieille ligne du port, fermée depuis dix
ans, et de poser de nouveaux rails entre la gare et les quais. Le por-
te-parole de la mairie a promis que les premiers trains partiraient au
printemps, si les travaux avancent comme prévu et si le temps le permet.

Les habitants du quartier attendent ces trains avec une certaine impa-
tience, car la route est longue et les bus sont rares le dimanche. Il y
aura peut-être un arrêt près du marché, dit-on, mais rien n'est sûr. La
mairie parle de deux arrêts, les habitants en veulent trois ou quatre.
";

#[test]
fn wrapped_files_become_paragraphs() {
    let whole = repaired(FRENCH);
    assert_eq!(whole.lines().filter(|line| !line.is_empty()).count(), 2, "{whole}");
    assert!(whole.contains("impatience") && whole.contains("les quais. Le por-te-parole"), "{whole}");
    let lines = text(FRENCH, Repairs::ALL.without(Repair::Wrapped), false);
    assert!(lines.text.contains("certaine impatience,\ncar la route"), "{}", lines.text);
    let kept = text(FRENCH, Repairs::ALL.without(Repair::Hyphenation), false);
    assert!(kept.text.contains("impa-tience"), "{}", kept.text);
}

/// Breaks a text at a width, as `fold -s` does.
fn wrap(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out
}

#[test]
fn compounds_keep_their_hyphen() {
    let words =
        "und so ging es weiter mit der langen Reise durch das flache Land, bis der Abend kam und alle ";
    let part = |left: &str, right: &str| {
        let before = wrap(&words.repeat(3), 66);
        let fill = "a".repeat(66 - left.len() - 2);
        format!("{before}\n{fill} {left}-\n{right} {}", wrap(&words.repeat(3), 66))
    };
    for (left, right, want) in [
        ("informa", "tion", "information"),
        ("porte", "parole", "porte-parole"),
        ("Vor", "und", "Vor- und"),
        ("weiter", "gehen", "weiter-gehen"),
    ] {
        let whole = repaired(&part(left, right));
        assert!(whole.contains(want), "{want}: {whole}");
    }
    // Seen elsewhere, with a hyphen or without.
    let seen = |word: &str, source: String| repaired(&format!("{source}{word} {word}\n"));
    assert!(seen("abge-reist", part("abge", "reist")).contains("a abge-reist und"));
    assert!(seen("weitergehen", part("weiter", "gehen")).contains("a weitergehen und"));
}

#[test]
fn lines_that_end_where_they_end_stay() {
    stays(&[
        "Two roads diverged in a yellow wood,\nAnd sorry I could not travel both\nAnd be one traveler, long I stood\nAnd looked down one as far as I could\nTo where it bent in the undergrowth;\nThen took the other, as just as fair,\n",
        "- apples from the garden behind the old house\n- pears from the market on the other side of it\n- plums from a tree that nobody remembers now\n- cherries from the neighbour who never counts\n- quinces from the yard of the small museum\n- grapes from the wall that faces to the south\n",
        "Harbour reopens after nine days of heavy storms\nCouncil votes for a longer tram line to port\nSchool roof repaired before the winter break\nMuseum shows letters of the lighthouse keeper\nFerry timetable changes on the first of March\nBakers in town agree on a price for rye bread\n",
        "上海举行国际马拉松比赛万人参加\n北京地铁新线路今日正式开通运营\n广州塔灯光秀吸引众多游客前来观看\n成都大熊猫基地迎来三只新生幼崽\n杭州西湖景区推出夜游服务受欢迎\n武汉长江大桥完成全面维护工程今\n",
        "fn main() {\n    let value = compute(first_argument, second_one);\n    let other = compute(value, third_argument_too);\n    let third = compute(other, fourth_argument_x);\n    println!(\"{value} {other} {third} are the same\");\n}\n",
    ]);
    let lines = "这座老桥建于明代，长约八十米，是当地人每天往返市\n场的必经之路。去年夏天的洪水冲毁了两个桥墩，居民\n只好绕行到三公里外的新桥，孩子们上学的时间也多了\n半个小时。修复工程从十月开始，预计明年春天完工，\n届时老桥将重新开放，两岸的店铺也会恢复往日的热闹\n景象。\n";
    let joined = repaired(lines);
    assert_eq!(joined.lines().count(), 1, "{joined}");
    assert!(joined.contains("市场的"), "{joined}");
}

#[test]
fn glued_sentences_part() {
    for (left, right) in [
        (
            "Selon lui, la situation pèse sur la scène mondiale.",
            "Des sources indiquent que la visite aura lieu.",
        ),
        ("Der Fluss ist über die Ufer getreten und steigt weiter.", "Die Straße bleibt bis Montag gesperrt."),
        ("El alcalde anunció ayer un nuevo plan para el barrio!", "Los vecinos piden más autobuses todavía."),
        ("Мост закрыт для движения до конца недели.", "Жители просят открыть временную дорогу."),
        ("The keeper climbed the stairs each evening alone…", "Nobody had counted them before him."),
        ("Vali köprünün yarın sabah açılacağını söyledi?", "Halk yeni otobüs seferleri istiyor."),
        ("He said that “the winters did get longer.”", "The trust will open the tower in May."),
        ("وقال المتحدث إن الجسر سيظل مغلقا حتى نهاية العام الحالي.", "وأضاف أن الأعمال ستبدأ الأسبوع المقبل."),
    ] {
        // Elsewhere in the text the words stand without the stop.
        let last = left.trim_end_matches(|c: char| !c.is_alphabetic()).rsplit(' ').next().unwrap_or_default();
        let said = format!("({last}) — {last}\n");
        let source = format!("{said}{left}{right}");
        assert_eq!(repaired(&source), format!("{said}{left}\n{right}"));
    }
    let small = "Il y a des gens qui regardent.\nLa situation pèse sur la scène mondiale.Des sources indiquent que la visite aura lieu.";
    assert!(repaired(small).contains("mondiale.\nDes"));
    let sloppy = "i went to that place with my friends,family and all of them liked that place.Then we came home again.";
    assert!(repaired(sloppy).contains("place. Then"));
    let apart = "Un des paragraphes.\n\nSelon lui, la situation pèse sur la scène mondiale.Des sources indiquent que la visite aura lieu.\n\nFin.";
    assert!(repaired(apart).contains("mondiale.\n\nDes sources"));
    stays(&[
        "We spoke with the people of Booking.Com about the new rules for hotels in the city.",
        "They asked for the help of prof.Ahmed and the others who had come to the small town.",
        "La réunion aura lieu av.Paulista avec tous les membres du conseil de la ville.",
        "In this place the U.S.Army and J.R.R.Tolkien met with the others of the old group.",
        "Open the file named report.Pdf and look at what it says about all of the others.",
        "You call the method of console.Log() with one argument, or those of math.Floor and math.Ceil() with two.",
        "The version is 2.Beta and the other one 3.Alpha, as the notes for this release say.",
        "He said it was \"great.Really\" and went on with what he had been doing before that.",
        "A short line.Then another",
        "Write to the office at mail@example.Com or the one in town about the new timetable.",
        "Der Artikel steht in der Zeitung des Landes unter www.zeitung.De und auch im Archiv der Stadt.",
        "Ο κ.Παπαδόπουλος και η κα.Μαρία μίλησαν χθες για το νέο λιμάνι της πόλης μας.",
    ]);
}

#[test]
fn markdown_keeps_its_own_signs() {
    let source = "# Caf&eacute;\n\n<p>a</p><b>x</b> and the text of it goes on and on here.Then more of it comes.\n\nÃ©tÃ©\u{ad}s\n";
    let markdown = text(source, Repairs::ALL, true);
    assert!(markdown.text.contains("&eacute;") && markdown.text.contains("<p>a</p>"));
    assert!(markdown.text.contains("here.Then") && markdown.text.contains("étés"));
}

#[test]
fn places_are_those_of_the_file() {
    let source = "\u{feff}Le cafÃ© est fermÃ©, dit la mairie du port ce matin.Les habitants et les autres sont Ã©tonnÃ©s et &quot;tristes&quot;.";
    let done = text(source, Repairs::ALL, false);
    for entry in &done.report.list {
        let (Some(start), Some(end)) = (entry.start, entry.end) else { panic!("{entry:?} has no place") };
        assert_eq!(source.get(start..end), Some(entry.was.as_str()), "{entry:?}");
    }
    assert_eq!(done.report.counts.values().sum::<usize>(), done.report.list.len());
    assert_eq!(
        done.report.counts.keys().collect::<Vec<_>>(),
        ["entities", "glued", "mojibake", "zero-width"]
    );
    // Damage upon damage: each step names the place in the file.
    let deep = text("Un ÃƒÂ©tÃƒÂ© &amp;#38;eacute;", Repairs::ALL, false);
    for entry in &deep.report.list {
        let place =
            entry.start.zip(entry.end).map(|(start, end)| &"Un ÃƒÂ©tÃƒÂ© &amp;#38;eacute;"[start..end]);
        assert_eq!(place, Some(entry.was.as_str()), "{entry:?}");
    }
    assert!(deep.report.list.iter().any(|e| e.was == "ÃƒÂ©" && e.now == "é"), "{:?}", deep.report.list);
    let at = done.text.find("Les habitants").expect("there");
    assert_eq!(&source[done.before(&(at..at + 3))], "Les");
    let many = text("Ã© ".repeat(3_000).as_str(), Repairs::ALL, false).report;
    assert_eq!((many.list.len(), many.counts.get("mojibake")), (MOST_LISTED, Some(&3_000)));
}

/// A comment hides a reference, the reference a mark without width, and the mark a tag, again and again.
#[test]
fn a_text_that_does_not_settle_stays_as_it_was() {
    let paragraph = |depth: usize| {
        let hidden = |last: &str| {
            (0..depth).fold(String::new(), |inner, at| {
                let inner = if at == 0 { "<!-- c -->".to_owned() } else { inner + "!-- c -->" };
                format!("<&#82{inner}03;")
            }) + last
        };
        let less = if depth == 0 { "<" } else { "" };
        format!("{less}{}Un texte.{less}{}", hidden("p>"), hidden("/p>"))
    };
    let page = |deepest: usize| (0..=deepest).map(paragraph).collect::<String>();
    assert_eq!(repaired(&page(2)), "\nUn texte.\n\nUn texte.\n\nUn texte.\n");
    let left = text(&page(3), Repairs::ALL, false).report;
    assert!(left.counts.is_empty() && left.list.is_empty(), "{left:?}");
    stays(&[page(3).as_str()]);
}

/// Pieces that repairs look for, and letters between them.
fn damaged() -> impl Strategy<Value = String> {
    let pieces = select(vec![
        "Ã©",
        "Ã",
        "©",
        "â€",
        "â€™",
        "\u{92}",
        "ðŸ˜€",
        "Ð¸",
        "ÐŸÑ€Ð¸",
        "Ãƒ",
        "Â",
        "\u{a0}",
        "&",
        "amp;",
        "&amp;",
        "&lt;",
        "&#38;",
        "lt;",
        "eacute;",
        "#",
        "<",
        ">",
        "</",
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "b>",
        "<br",
        "/>",
        "<!--",
        "-->",
        "<script a=b>",
        "</script>",
        "\u{ad}",
        "\u{200b}",
        "\u{200d}",
        "\u{200c}",
        "\u{feff}",
        "\u{200f}",
        "ש",
        "ن",
        "ក",
        "e",
        "\u{301}",
        "\u{300}",
        "\u{338}",
        "\n",
        "\r\n",
        "\n\n",
        "-\n",
        "informa",
        "tion",
        "porte",
        " und ",
        ".",
        "! ",
        ".Des",
        "mondiale.",
        " ",
        "  ",
        ", ",
        ",",
        "a",
        "Les mots sont là pour rien. ",
        "`",
        "```\n",
        "中文",
        "。",
        "”",
        "“",
        "\"",
        "’",
        "html",
    ]);
    vec(prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)], 0..60)
        .prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn repairing_twice_is_repairing_once(source in damaged(), set in any::<u16>()) {
        let on = Repair::ALL.into_iter().filter(|repair| set & 1 << *repair as u16 != 0).fold(Repairs::NONE, Repairs::with);
        for markdown in [false, true] {
            let once = text(&source, on, markdown);
            let twice = text(&once.text, on, markdown);
            prop_assert_eq!(&twice.text, &once.text);
            prop_assert!(twice.report.counts.is_empty());
            prop_assert!(Repair::ALL.into_iter().all(|r| on.has(r) || !once.report.counts.contains_key(r.name())));
            prop_assert_eq!(once.report.counts.is_empty(), once.text == source);
        }
    }

    #[test]
    fn every_range_leads_back_into_the_file(source in damaged()) {
        let done = text(&source, Repairs::ALL, false);
        let mut last = 0;
        for (start, c) in done.text.char_indices() {
            let before = done.before(&(start..start + c.len_utf8()));
            prop_assert!(source.get(before.clone()).is_some(), "{:?} of {:?}", before, source);
            prop_assert!(before.start >= last || before.end >= last);
            let touched = done.report.list.iter().any(|entry| {
                entry.start.is_some_and(|start| start <= before.end) && entry.end.is_some_and(|end| before.start <= end)
            });
            prop_assert!(touched || source[before.clone()].chars().eq([c]), "{:?} of {:?} is {:?}", before, source, c);
            last = before.start;
        }
    }

    #[test]
    fn wrapping_is_undone(words in vec("[a-z]{2,9}", 120..200), width in 55usize..90) {
        // Without sentences, lines of one length might be rows of a list.
        let whole = words.chunks(20).map(|words| words.join(" ")).collect::<Vec<_>>().join(". ");
        let done = repaired(&wrap(&whole, width));
        prop_assert_eq!(done, whole);
    }
}
