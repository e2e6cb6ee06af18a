use crate::clean::{Cleaned, Input, Media, Options, clean};
use crate::record::{Kind, Verdict};
use proptest::prelude::*;
use url::Url;

mod metadata;
mod verdicts;

fn run(bytes: &[u8], media: Media, url: Option<&str>) -> Cleaned {
    let url = url.and_then(|u| Url::parse(u).ok());
    let input = Input { bytes, media, charset: Some("utf-8"), url: url.as_ref() };
    clean(&input, &Options { explain: true, ..Options::default() })
}

fn page(html: &str) -> Cleaned {
    run(html.as_bytes(), Media::Html, Some("https://www.example.org/a/page"))
}

fn text(text: &str) -> Cleaned {
    run(text.as_bytes(), Media::Text, None)
}

/// Some paragraphs of plain prose, about nothing else.
fn prose() -> String {
    [
        "The old mill by the river was sold in spring, and its new owners want to grind flour there again.",
        "For forty years nobody had turned the wheel; the race was full of silt and the shaft had rusted fast.",
        "Volunteers dug out the channel by hand, while a carpenter from the next village cut new paddles of oak.",
        "They hope to open the doors in autumn, when the harvest is in and the water stands high enough.",
        "Until then the stones are being dressed, a craft that only three people in the county still know.",
    ]
    .map(|p| format!("<p>{p} {p}</p>"))
    .concat()
}

fn evidence(cleaned: &Cleaned) -> (Option<&str>, Option<&str>, Option<&str>) {
    let e = cleaned.evidence.as_ref().expect("explained");
    (e.title.as_deref(), e.author.as_deref(), e.date.as_deref())
}

#[test]
fn json_ld_gives_author_and_date_and_the_heading_gives_the_title() {
    let html = format!(
        r#"<html lang="en-GB"><head><title>The mill turns again - Valley Post</title>
        <meta property="og:site_name" content="Valley Post"><script type="application/ld+json">
        {{"@type":"NewsArticle","headline":"The mill turns again | Valley Post","datePublished":"2024-11-21T23:30:00+01:00",
        "author":[{{"@type":"Person","name":"Ada Byron"}},{{"@type":"Person","name":"By Karl Muster"}}]}}</script></head>
        <body><h1>The mill turns again</h1>{}</body></html>"#,
        prose()
    );
    let got = page(&html);
    assert_eq!(got.title.as_deref(), Some("The mill turns again"));
    assert_eq!(got.author.as_deref(), Some("Ada Byron, Karl Muster"));
    assert_eq!(got.date.as_deref(), Some("2024-11-21"));
    assert_eq!(got.site.as_deref(), Some("Valley Post"));
    assert_eq!(got.lang.as_deref(), Some("en"));
    assert_eq!((got.kind, got.verdict), (Kind::Article, Verdict::Ok));
    assert_eq!(evidence(&got), (Some("h1"), Some("json-ld"), Some("json-ld")));
}

#[test]
fn a_site_name_is_cut_off_either_end_of_the_title_element() {
    for title in [
        "The mill turns again - example.org",
        "Example | The mill turns again",
        "The mill turns again — Example — Example.org",
        "The mill turns again :: Example",
    ] {
        let got = page(&format!("<title>{title}</title><body>{}", prose()));
        assert_eq!(got.title.as_deref(), Some("The mill turns again"), "{title}");
    }
    let kept = page(&format!("<title>Self-made: the mill - a story</title>{}", prose()));
    assert_eq!(kept.title.as_deref(), Some("Self-made: the mill - a story"));
}

#[test]
fn bylines_and_date_lines_are_read_in_many_languages() {
    for (line, author, date) in [
        ("By Ada Byron, 21 November 2024", "Ada Byron", "2024-11-21"),
        ("Par Ada Byron, publié le 3 mars 2024 à 10h32", "Ada Byron", "2024-03-03"),
        ("Por Ada Byron | 21 de noviembre de 2024", "Ada Byron", "2024-11-21"),
        ("Von Karl Muster | 3. März 2024, 10:32 Uhr", "Karl Muster", "2024-03-03"),
        ("di Ada Byron – 21 novembre 2024", "Ada Byron", "2024-11-21"),
        ("Door Karl Muster, 3 maart 2024", "Karl Muster", "2024-03-03"),
        ("Автор: Анна Петрова, 21 ноября 2024", "Анна Петрова", "2024-11-21"),
        ("Autor: Jan Nowak, 21 listopada 2024", "Jan Nowak", "2024-11-21"),
        ("Oleh Budi Santoso, 3 Maret 2024", "Budi Santoso", "2024-03-03"),
        ("بقلم أحمد علي، 21 نوفمبر 2024", "أحمد علي", "2024-11-21"),
    ] {
        let got = page(&format!("<h1>The mill turns again</h1><p class=byline>{line}</p>{}", prose()));
        assert_eq!(got.author.as_deref(), Some(author), "{line}");
        assert_eq!(got.date.as_deref(), Some(date), "{line}");
        assert_eq!(evidence(&got).2, Some("date line"));
    }
}

#[test]
fn a_byline_after_its_date_is_read_in_many_languages() {
    for line in [
        "Posted on November 21, 2024 by Ada Byron",
        "Publié le 21 novembre 2024 par Ada Byron",
        "Publicado el 21 de noviembre de 2024 por Ada Byron",
        "Publicado em 21 de novembro de 2024 por Ada Byron",
        "Veröffentlicht am 21. November 2024 von Ada Byron",
        "Geplaatst op 21 november 2024 door Ada Byron",
        "Pubblicato il 21 novembre 2024 di Ada Byron",
        "21 ноября 2024, 09:15 | Автор: Ada Byron | Версия для печати",
        "21 listopada 2024 | Autor: Ada Byron",
        "21 Kasım 2024 | Yazan: Ada Byron",
        "21 November 2024 | Penulis: Ada Byron",
        "Δημοσιεύτηκε: 21 Νοεμβρίου 2024 | Συντάκτης: Ada Byron",
        "21 نوفمبر 2024 | بقلم: Ada Byron",
        "2024年11月21日 09:30 来源：江边日报 作者：Ada Byron",
    ] {
        let got = page(&format!("<h1>The mill turns again</h1><p>{line}</p>{}", prose()));
        assert_eq!(got.author.as_deref(), Some("Ada Byron"), "{line}");
        assert_eq!(got.date.as_deref(), Some("2024-11-21"), "{line}");
    }
}

#[test]
fn the_byline_decides_where_metadata_names_the_paper() {
    let html = |byline: &str| {
        format!(
            r#"<head><meta property="og:site_name" content="Valley Post"><script type="application/ld+json">
            {{"@type":"NewsArticle","headline":"The mill turns again","datePublished":"2024-11-21",
            "author":{{"@type":"Organization","name":"Valley News Group"}}}}</script></head>
            <body><h1>The mill turns again</h1><p class=byline>{byline}</p>{}</body>"#,
            prose()
        )
    };
    assert_eq!(page(&html("By Ada Byron, Contributing Writer")).author.as_deref(), Some("Ada Byron"));
    assert_eq!(page(&html("November 21")).author.as_deref(), Some("Valley News Group"));
}

#[test]
fn the_first_day_shown_counts_and_the_last_change_is_told_apart() {
    let dated = |meta: &str, line: &str| {
        let got = page(&format!(
            "<head><meta property='article:published_time' content='{meta}'></head><h1>The mill turns again</h1><p>{line}</p>{}",
            prose()
        ));
        (got.date.unwrap_or_default(), got.modified.unwrap_or_default())
    };
    let of = |date: &str, modified: &str| (date.to_owned(), modified.to_owned());
    assert_eq!(dated("2024-11-21", "Published May 3, 2024"), of("2024-05-03", ""));
    assert_eq!(dated("2024-05-03", "Updated November 21, 2024"), of("2024-05-03", "2024-11-21"));
    assert_eq!(
        dated("2024-11-21", "Published May 3, 2024 | Updated May 9, 2024"),
        of("2024-05-03", "2024-05-09")
    );
    assert_eq!(dated("", "Last updated: November 21, 2024"), of("2024-11-21", ""));
    // A day apart is a time zone; readers see their own.
    assert_eq!(dated("2024-11-21T01:00:00Z", "November 20, 2024"), of("2024-11-20", ""));
}

#[test]
fn relative_dates_are_resolved_only_against_a_given_day() {
    let html = format!("<h1>The mill turns again</h1><p>Posted 3 days ago</p>{}", prose());
    assert_eq!(page(&html).date, None);
    let options = Options { explain: true, reference: "2024-11-21".parse().ok(), ..Options::default() };
    let input = Input { bytes: html.as_bytes(), media: Media::Html, charset: None, url: None };
    let got = clean(&input, &options);
    assert_eq!(got.date.as_deref(), Some("2024-11-18"));
    assert_eq!(evidence(&got).2, Some("relative date"));
}

#[test]
fn what_a_page_declares_comes_with_where_it_came_from() {
    let html = format!(
        r#"<head><link rel=canonical href="/a/page"><meta property="og:image" content="/mill.jpg">
        <meta name=description content="A mill &amp; its wheel."><meta name=keywords content="mill, water; Mill">
        <meta property="article:modified_time" content="2024-11-25"></head>
        <h1>The mill turns again</h1><p><time datetime=2024-11-21>21 Nov</time></p>{}
        <footer><a rel=license href="https://creativecommons.org/licenses/by/4.0/">CC BY</a></footer>"#,
        prose()
    );
    let got = page(&html);
    assert_eq!(got.canonical.as_deref(), Some("https://www.example.org/a/page"));
    assert_eq!(got.image.as_deref(), Some("https://www.example.org/mill.jpg"));
    assert_eq!(got.description.as_deref(), Some("A mill & its wheel."));
    assert_eq!(got.tags, ["mill", "water"]);
    assert_eq!(got.license.as_deref(), Some("https://creativecommons.org/licenses/by/4.0/"));
    assert_eq!((got.date.as_deref(), got.modified.as_deref()), (Some("2024-11-21"), Some("2024-11-25")));
    let from = got.evidence.expect("explained");
    assert_eq!(from.canonical.as_deref(), Some("link canonical"));
    assert_eq!(from.image.as_deref(), Some("meta og:image"));
    assert_eq!(from.description.as_deref(), Some("meta description"));
    assert_eq!(from.tags.as_deref(), Some("meta keywords"));
    assert_eq!(from.license.as_deref(), Some("link license"));
    assert_eq!(from.site.as_deref(), Some("host"));
}

#[test]
fn a_heading_that_is_the_sites_name_is_no_title() {
    for (title, headings) in [
        ("The mill turns again - Valley Forum", "<h1>Valley Forum</h1><h2>The mill turns again</h2>"),
        ("Valley Notes: The mill turns again", "<h1>Valley Notes</h1><h3>The mill turns again</h3>"),
        ("The mill turns again - Valley Board", "<h2>The mill turns again</h2>"),
        ("The mill turns again", "<h1>The mill turns again¶</h1>"),
    ] {
        let got = page(&format!("<title>{title}</title>{headings}{}", prose()));
        assert_eq!(got.title.as_deref(), Some("The mill turns again"), "{title}");
    }
}

#[test]
fn nothing_is_made_up() {
    let got = page(&format!(
        "<h1>The mill turns again</h1><p>Yesterday 12:53</p>{}<aside><p>Other news, 3 May 2021, by Ada Byron</p></aside>",
        prose()
    ));
    assert_eq!((got.author, got.date), (None, None));
    let in_prose = page(&format!(
        "<h1>The mill</h1><p>It was on 3 May 2021 that the council, by a majority of two, sold the mill to the \
         people who now restore it with so much patience.</p>{}",
        prose()
    ));
    assert_eq!((in_prose.author, in_prose.date), (None, None));
}

#[test]
fn numeric_dates_need_a_language_that_orders_them() {
    let dated = |lang: &str| {
        page(&format!(
            "<html lang={lang}><h1>The mill turns again</h1><p class=date>03/04/2024</p>{}",
            prose()
        ))
        .date
    };
    assert_eq!(dated("en-US").as_deref(), Some("2024-03-04"));
    assert_eq!(dated("en-GB").as_deref(), Some("2024-04-03"));
    assert_eq!(dated("en"), None);
}

#[test]
fn a_text_file_has_title_author_date_and_site() {
    let body = "La vieille meunerie au bord de la rivière a été vendue au printemps, et ses nouveaux propriétaires \
                veulent y moudre de nouveau la farine du village.\n\nPendant quarante ans, personne n'avait fait \
                tourner la roue ; le bief était envasé et l'arbre du moulin avait rouillé sur place.";
    let file = format!(
        "Accueil Actualité Le moulin du village tourne de nouveau\n\nLe moulin du village tourne de nouveau\n\n\
         par Émile Durand\njeudi 21 novembre 2024\n\n{body}\n\nCopyright © 2024 – exemple.fr – Tous droits réservés\n"
    );
    let got = text(&file);
    assert_eq!(got.title.as_deref(), Some("Le moulin du village tourne de nouveau"));
    assert_eq!(got.author.as_deref(), Some("Émile Durand"));
    assert_eq!(got.date.as_deref(), Some("2024-11-21"));
    assert_eq!(got.site.as_deref(), Some("exemple.fr"));
    assert_eq!(got.lang.as_deref(), Some("fr"));
    let bare = text(&format!("Le moulin du village tourne de nouveau\n{body}"));
    assert_eq!(bare.title.as_deref(), Some("Le moulin du village tourne de nouveau"));
    assert_eq!((bare.author, bare.date, bare.site), (None, None, None));
}

#[test]
fn languages_are_told_by_their_text_and_doubted_by_the_declaration() {
    for guess in ["hi", "Hello world"] {
        assert_eq!((text(guess).lang, text(guess).lang_confidence), (None, None), "{guess}");
    }
    for (lang, sentence) in [
        ("de", "Die alte Mühle am Fluss wurde im Frühjahr verkauft und soll im Herbst wieder Mehl mahlen."),
        (
            "es",
            "El viejo molino junto al río se vendió en primavera y sus dueños quieren volver a moler harina.",
        ),
        ("el", "Ο παλιός μύλος δίπλα στο ποτάμι πουλήθηκε την άνοιξη και θα αλέσει ξανά το φθινόπωρο."),
        ("zh", "河边的旧磨坊今年春天卖出去了，新的主人希望秋天重新开始磨面粉，村里的人都很高兴。"),
        ("ja", "川のほとりの古い水車小屋は春に売られ、新しい持ち主は秋にまた粉をひきたいと考えている。"),
        ("ar", "بيعت الطاحونة القديمة على ضفة النهر في الربيع ويريد أصحابها الجدد طحن الدقيق من جديد."),
        ("ru", "Старую мельницу у реки продали весной, и новые хозяева хотят снова молоть на ней муку."),
    ] {
        // Templates say `en` whatever the text is.
        let got = page(&format!("<html lang=en><p>{sentence}</p><p>{sentence}</p>"));
        assert_eq!(got.lang.as_deref(), Some(lang), "{sentence}");
        assert!(
            got.lang_confidence.is_some_and(|c| (0.5..=1.0).contains(&c)),
            "{lang} {:?}",
            got.lang_confidence
        );
    }
    assert_eq!(page("<html lang=fr><p></p>").lang, None);
    let galician =
        "O vello muíño a carón do río vendeuse na primavera e os novos donos queren moer fariña de novo.";
    assert_eq!(page(&format!("<html lang=gl><p>{galician}</p>")).lang.as_deref(), Some("gl"));
}

#[test]
fn kinds_are_told_apart() {
    let kind = |url: &str, html: &str| run(html.as_bytes(), Media::Html, Some(url)).kind;
    let post = |n: usize| {
        format!(
            "<article class='message message--post'><h4 class=username>user{n}</h4><time datetime=2024-11-0{n}>Nov {n}, 2024</time>\
             <div class='message-body'><p>I had the same trouble with the mill wheel and wrote down what helped me in the end.</p></div>\
             <a href=#>Reply</a> <a href=#>Quote</a></article>"
        )
    };
    let thread: String = (1..6).map(post).collect();
    assert_eq!(kind("https://forum.example.org/threads/wheel.12/", &thread), Kind::Forum);
    // Comments under an article do not make it a forum.
    let comments =
        format!("<h1>The mill</h1>{}<div id=comments><p>Ada</p><p>Lovely.</p><a>Reply</a></div>", prose());
    assert_eq!(kind("https://example.org/news/2024/11/21/the-mill", &comments), Kind::Article);
    let product = r#"<meta property="og:type" content="product"><script type="application/ld+json">{"@type":"Product","name":"Oak wheel"}</script>
        <h1>Oak wheel</h1><p>$ 120.00</p><button class="add-to-cart">Add to cart</button><p>A wheel of oak.</p>"#;
    assert_eq!(kind("https://example.org/products/oak-wheel", product), Kind::Product);
    let docs = format!(
        "<meta name=generator content='Sphinx 7'><div class=rst-content><h1>Wheel</h1>{}<pre>wheel()</pre></div>",
        prose()
    );
    assert_eq!(kind("https://docs.example.org/en/latest/wheel.html", &docs), Kind::Documentation);
}

/// Pieces that metadata is made of, to be thrown together.
const PIECES: [&str; 22] = [
    "<title>",
    "</title>",
    "<h1>",
    "<meta property=og:title content='",
    "'>",
    "<script type=application/ld+json>",
    "</script>",
    "{\"@type\":\"Article\",\"author\":[",
    "\"datePublished\":\"2024-11-",
    "]}",
    "<time datetime=2024-02-30>",
    "<div itemprop=author>",
    "By ",
    "21/11/2024",
    " 21 novembre 2024",
    "| - –:",
    "© example.org",
    "年月日",
    "&#x0;&eacute;&",
    "\u{130}\u{307}ẞ",
    "404",
    "<p class=byline>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_described(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for media in [Media::Html, Media::Text] {
            run(&bytes, media, Some("https://example.org/2024/99/é/1"));
        }
    }

    #[test]
    fn any_pieces_are_described_alike_each_time(
        pieces in proptest::collection::vec((0..PIECES.len(), "\\PC{0,12}"), 0..40),
    ) {
        let html: String = pieces.iter().map(|(at, noise)| format!("{}{noise}", PIECES[*at])).collect();
        for media in [Media::Html, Media::Text] {
            let got = run(html.as_bytes(), media, None);
            let again = run(html.as_bytes(), media, None);
            prop_assert_eq!(&got.title, &again.title);
            prop_assert_eq!(&got.author, &again.author);
            if let Some(date) = &got.date {
                prop_assert!(date.len() == 10 && date.parse::<jiff::civil::Date>().is_ok(), "{}", date);
            }
            prop_assert!(got.lang_confidence.is_none_or(|c| (0.0..=1.0).contains(&c)));
            for value in [&got.title, &got.author, &got.site].into_iter().flatten() {
                prop_assert!(!value.trim().is_empty() && !value.contains('\n'), "{:?}", value);
            }
        }
    }
}

/// The paragraphs of [`prose`] as a text file has them.
fn plain() -> String {
    prose().replace("<p>", "").replace("</p>", "\n\n")
}

#[test]
fn a_name_alone_beside_the_title_is_the_authors_where_a_date_or_a_job_says_so() {
    for company in [
        "November 21, 2024",
        "21 novembre 2024",
        "21. November 2024",
        "Senior Editor",
        "Redakteurin",
        "Journaliste",
    ] {
        let got = text(&format!("The mill turns again\n\nAnna Byron\n{company}\n\n{}", plain()));
        assert_eq!(got.author.as_deref(), Some("Anna Byron"), "{company}");
        let got = page(&format!("<h1>The mill turns again</h1><p>Anna Byron</p><p>{company}</p>{}", prose()));
        assert_eq!(got.author.as_deref(), Some("Anna Byron"), "{company}");
    }
    for rubric in ["Old Mill", "River News", "12 Comments", "No Comments"] {
        let got = text(&format!("The mill turns again\n\n{rubric}\nNovember 21, 2024\n\n{}", plain()));
        assert_eq!(got.author, None, "{rubric}");
    }
}

#[test]
fn a_note_below_the_text_names_who_wrote_it() {
    for note in [
        "Anna Byron\n\nAnna Byron is a writer who lives by the river and looks after three old mills.",
        "About the author\n\nAnna Byron writes about rivers and mills, and has done so for many years.",
    ] {
        let got = text(&format!("The mill turns again\n\n{}{note}\n", plain()));
        assert_eq!(got.author.as_deref(), Some("Anna Byron"), "{note}");
    }
}

#[test]
fn a_date_that_says_what_it_is_of_is_found_anywhere_but_not_that_of_something_else() {
    let dated = |line: &str| text(&format!("The mill turns again\n\n{}\n{line}\n", plain())).date;
    for line in
        ["Published: November 21, 2024", "Publié le 21 novembre 2024", "Veröffentlicht am 21. November 2024"]
    {
        assert_eq!(dated(line).as_deref(), Some("2024-11-21"), "{line}");
    }
    for line in
        ["Last updated: November 21, 2024", "Joined: November 21, 2024", "© 2024", "Read more November 2024"]
    {
        assert_eq!(dated(line), None, "{line}");
    }
    let got = text(&format!(
        "The mill turns again\n\nAnna ByronNovember 21, 2024Updated: November 23, 2024\n\n{}",
        plain()
    ));
    assert_eq!((got.date.as_deref(), got.modified.as_deref()), (Some("2024-11-21"), Some("2024-11-23")));
    let got = text(&format!(
        "The mill turns again\n\nMember since March 3, 2011\n\nNovember 21, 2024\n\n{}",
        plain()
    ));
    assert_eq!(got.date.as_deref(), Some("2024-11-21"));
}

#[test]
fn the_title_of_a_text_file_is_the_line_that_address_breadcrumb_and_text_answer_to() {
    let menu = "Home\nNews\nSport\nAbout us\n";
    let got = text(&format!(
        "{menu}\nHome > News > The mill turns again\n\nThe mill turns again\n\nBy Anna Byron\n\n{}",
        plain()
    ));
    assert_eq!(got.title.as_deref(), Some("The mill turns again"));
    let file = format!("{menu}\nOffers of the week\n\nA wheel of oak\n\nWhat the river gives\n\n{}", plain());
    let url = "https://www.example.org/2024/a-wheel-of-oak.html";
    assert_eq!(run(file.as_bytes(), Media::Text, Some(url)).title.as_deref(), Some("A wheel of oak"));
}
