//! What metadata and page say differently: titles cut short or dated, names nobody sees, times of other zones.

use super::{evidence, page, prose, text};

#[test]
fn a_heading_loses_the_date_that_metadata_does_not_have() {
    for (heading, title) in [
        ("Dec 18 2025 The mill turns again", "The mill turns again"),
        ("18. Dezember 2025 – Die Mühle mahlt wieder", "Die Mühle mahlt wieder"),
        ("18/12/2025 Le moulin tourne encore", "Le moulin tourne encore"),
        ("18 декабря 2025. Мельница снова работает", "Мельница снова работает"),
    ] {
        let got = page(&format!("<title>{title} | Valley Post</title><h1>{heading}</h1>{}", prose()));
        assert_eq!(got.title.as_deref(), Some(title), "{heading}");
    }
    let own = "18 December 2025: the day the mill turned";
    let got = page(&format!("<title>{own}</title><h1>{own}</h1>{}", prose()));
    assert_eq!(got.title.as_deref(), Some(own));
}

#[test]
fn a_headline_cut_in_its_phrase_is_made_whole() {
    for (cut, whole) in [
        (
            "What the volunteers found when they dug out the race (including",
            "What the volunteers found when they dug out the race (including one shoe)",
        ),
        (
            "Was die Freiwilligen fanden, als sie den Graben...",
            "Was die Freiwilligen fanden, als sie den Graben leerten",
        ),
    ] {
        let got = page(&format!(
            "<head><title>{whole} - Example</title><script type='application/ld+json'>\
             {{\"@type\":\"Article\",\"headline\":\"{cut}\"}}</script></head><body>{}",
            prose()
        ));
        assert_eq!(got.title.as_deref(), Some(whole), "{cut}");
    }
    let got = page(&format!(
        "<head><title>What the volunteers found in the old mill | A story in parts</title>\
         <script type='application/ld+json'>\
         {{\"@type\":\"Article\",\"headline\":\"What the volunteers found in the old mill\"}}</script></head>{}",
        prose()
    ));
    assert_eq!(got.title.as_deref(), Some("What the volunteers found in the old mill"));
}

#[test]
fn the_first_of_many_sections_is_not_the_title() {
    let sections = format!("<h1>The wheel again</h1>{0}<h1>The race</h1>{0}<h1>The stones</h1>{0}", prose());
    let got = page(&format!(
        "<head><meta property='og:title' content='Notes from our mill, week two again'></head>{sections}"
    ));
    assert_eq!(got.title.as_deref(), Some("Notes from our mill, week two again"));
}

#[test]
fn an_organisation_after_a_name_is_where_somebody_works() {
    for line in [
        "By Ada Byron, U.S. National Institute of Water and Mills",
        "Par Ada Byron, Université de Lyon et Institut Moulin",
        "Von Ada Byron, Technische Universität Mühlstadt",
        "Por Ada Byron, Universidad Nacional del Molino",
        "Автор: Ada Byron, Институт Мельниц",
    ] {
        let got = page(&format!("<h1>The mill turns again</h1><p class=byline>{line}</p>{}", prose()));
        assert_eq!(got.author.as_deref(), Some("Ada Byron"), "{line}");
    }
}

#[test]
fn a_label_is_no_name_and_may_stand_above_several() {
    for label in ["Author information", "Autor información", "Autor Informationen"] {
        let got = page(&format!("<h1>The mill turns again</h1><p class=byline>{label}</p>{}", prose()));
        assert_eq!(got.author, None, "{label}");
    }
    for label in ["Author(s)", "Autor(en)", "Auteur(s)", "Authors:"] {
        let got = page(&format!(
            "<h1>The mill turns again</h1><h6>{label}</h6><ul><li>Ada Byron<li>Karl Muster</ul>{}",
            prose()
        ));
        assert_eq!(got.author.as_deref(), Some("Ada Byron, Karl Muster"), "{label}");
    }
}

#[test]
fn a_link_to_the_page_of_an_author_names_the_author() {
    for path in ["/author/ada", "https://example.org/blog/authors/ada-byron", "/autor/ada", "/auteurs/ada/"] {
        let got = page(&format!(
            "<title>The mill turns again</title><link rel=canonical href='https://example.org/mill'><article><h1>The mill turns again</h1>{0}{0}\
             <div><a href='{path}'>Ada Byron</a></div></article>",
            prose()
        ));
        assert_eq!(got.author.as_deref(), Some("Ada Byron"), "{path}");
        assert_eq!(evidence(&got).1, Some("author link"), "{path}");
    }
    let others = page(&format!(
        "<h1>The mill turns again</h1><article>{}<p><a href='/author/ada'>Ada Byron</a></p>\
         <p><a href='/author/karl'>Karl Muster</a></p></article>",
        prose()
    ));
    assert_eq!(others.author, None);
    // Not the page's own author: somebody in a sentence, on another site, in an aside, or nobody at all.
    for link in [
        "<p>As <a href='/author/karl'>Karl Muster</a> wrote last week, the mill has turned since 1840.</p>",
        "<p><a href='https://books.example/author/karl'>Karl Muster</a></p>",
        "<aside><a href='/author/karl'>Karl Muster</a></aside>",
        "<div><a href='/contributors/apply'>Write For Us</a></div>",
        "<p><a href='/author/ada'>Ada</a></p><p><a href='/author/karl'>Karl Muster</a></p>",
    ] {
        let got =
            page(&format!("<main><article><h1>The mill turns again</h1>{}{link}</article></main>", prose()));
        assert_eq!(got.author, None, "{link}");
    }
}

#[test]
fn a_login_that_no_reader_sees_is_no_author() {
    let html = |name: &str, line: &str| {
        format!(
            "<head><script type='application/ld+json'>{{\"@type\":\"Article\",\"headline\":\"The mill turns again\",\
             \"author\":{{\"@type\":\"Person\",\"name\":\"{name}\"}}}}</script></head>\
             <h1>The mill turns again</h1>{line}{}",
            prose()
        )
    };
    for name in ["mbyron6vk", "ada-byron", "ada_b"] {
        assert_eq!(page(&html(name, "")).author, None, "{name}");
    }
    assert_eq!(page(&html("adabyron", "<p>Posted by adabyron</p>")).author.as_deref(), Some("adabyron"));
    assert_eq!(page(&html("Ada Byron", "")).author.as_deref(), Some("Ada Byron"));
}

#[test]
fn the_day_is_the_one_that_readers_see() {
    for (lang, shown) in [
        ("en", "February 23, 2026"),
        ("de", "23. Februar 2026"),
        ("fr", "23 février 2026"),
        ("pl", "23 lutego 2026"),
    ] {
        // A time whose attribute counts in Greenwich, and one left behind by a template.
        for datetime in ["2026-02-24T04:13:00Z", "2019-09-03"] {
            let got = page(&format!(
                "<html lang={lang}><h1>The mill turns again</h1><time datetime='{datetime}'>{shown}</time>{}",
                prose()
            ));
            assert_eq!(got.date.as_deref(), Some("2026-02-23"), "{shown} {datetime}");
        }
        // Metadata that does.
        let got = page(&format!(
            "<html lang={lang}><head><meta property='article:published_time' content='2026-02-22T22:30:00Z'></head>\
             <h1>The mill turns again</h1><p>{shown}</p>{}",
            prose()
        ));
        assert_eq!(got.date.as_deref(), Some("2026-02-23"), "{shown}");
    }
    let got = page(&format!(
        "<html lang=en-US><h1>The mill turns again</h1><time datetime='2026-04-03'>03/04/2026</time>{}",
        prose()
    ));
    assert_eq!(got.date.as_deref(), Some("2026-04-03"));
    // Left behind by a template, and not to be read another way.
    let got = page(&format!(
        "<html lang=en-US><h1>The mill turns again</h1><time datetime='2019-09-03'>12/14/2025</time>{}",
        prose()
    ));
    assert_eq!(got.date.as_deref(), Some("2025-12-14"));
    let labelled = "<time itemprop=datePublished datetime='2026-02-23'>Updated February 27, 2026</time>";
    let got = page(&format!("<html lang=en><h1>The mill turns again</h1>{labelled}{}", prose()));
    assert_eq!(got.date.as_deref(), Some("2026-02-23"));
}

#[test]
fn a_day_off_is_the_page_s_only_where_metadata_counts_in_greenwich() {
    let dated = |head: &str, line: &str| {
        page(&format!("<html lang=en><head>{head}</head><h1>The mill turns again</h1>{line}{}", prose()))
    };
    let declared = |day: &str| format!("<meta property='article:published_time' content='{day}'>");
    for (head, line) in [
        // Said with its own time zone; nobody reads the attribute.
        (declared("2026-02-22T22:00:00-05:00"), "<p>February 23, 2026, 7 pm</p>"),
        (declared("2026-02-22T22:00:00Z"), "<time datetime='2026-02-23T03:00:00Z'>3 hours ago</time>"),
        // The day of the last change, shown without a label.
        (
            declared("2026-02-22T22:00:00Z") + "<meta property='article:modified_time' content='2026-02-23'>",
            "<p>February 23, 2026</p>",
        ),
    ] {
        assert_eq!(dated(&head, line).date.as_deref(), Some("2026-02-22"), "{head} {line}");
    }
}

#[test]
fn institutes_end_no_list_and_surnames_are_no_institutes() {
    for (line, authors) in [
        ("By Ada Byron, Karl Muster and Kaiser Health News", "Ada Byron, Karl Muster"),
        ("By Ada Byron, Stanford University, and Karl Muster, Yale University", "Ada Byron, Karl Muster"),
        ("By Ada Byron and Charles Press", "Ada Byron, Charles Press"),
        ("By Ada Byron, Valley Society of Mills and Running Water", "Ada Byron"),
    ] {
        let got = page(&format!("<h1>The mill turns again</h1><p class=byline>{line}</p>{}", prose()));
        assert_eq!(got.author.as_deref(), Some(authors), "{line}");
    }
}

#[test]
fn who_took_the_pictures_or_checked_the_facts_did_not_write() {
    for line in [
        "Photography by Karl Muster",
        "Medically reviewed by Karl Muster",
        "Photos de Karl Muster",
        "Traducido por Karl Muster",
        "Fotos von Karl Muster",
        "Перевод: Karl Muster",
    ] {
        let html = |line: &str| declared_pair(&format!("<p>{line}</p>"));
        assert_eq!(page(&html(line)).author.as_deref(), Some("Ada Byron"), "{line}");
        assert_eq!(page(&html("The mill")).author.as_deref(), Some("Ada Byron, Karl Muster"));
        // A byline knows better, and who wrote the words is credited with nothing else.
        for both in [
            "By Ada Byron and Karl Muster</p><p>Photos by Karl Muster",
            "Photos by Ada Byron, words by Karl Muster",
            "</p><figure><img src=a.jpg><figcaption>Photo by Karl Muster</figcaption></figure><p>The mill",
            "</p><div class=related><p>Photo by Karl Muster</p></div><p>The mill",
        ] {
            assert_eq!(page(&html(both)).author.as_deref(), Some("Ada Byron, Karl Muster"), "{both}");
        }
    }
    assert_eq!(
        page(&declared_pair("<p>Words and photos by Karl Muster</p>")).author.as_deref(),
        Some("Karl Muster")
    );
    let columns = "<p>Photos by<br>Karl Muster</p><p>Ada Byron</p>";
    assert_eq!(page(&declared_pair(columns)).author.as_deref(), Some("Ada Byron"));
}

/// A page whose metadata names two authors.
fn declared_pair(line: &str) -> String {
    format!(
        "<head><script type='application/ld+json'>{{\"@type\":\"Article\",\"headline\":\"The mill turns again\",\
         \"author\":[{{\"@type\":\"Person\",\"name\":\"Ada Byron\"}},\
         {{\"@type\":\"Person\",\"name\":\"Karl Muster\"}}]}}</script></head>\
         <h1>The mill turns again</h1>{line}{}",
        prose()
    )
}

#[test]
fn a_title_that_names_a_section_gives_way_to_the_heading_above_the_text() {
    for (title, heading) in [
        ("News", "The mill turns again after forty years"),
        ("Actualités", "Le moulin tourne de nouveau après quarante ans"),
        ("Местные новости", "Мельница снова работает после сорока лет"),
    ] {
        let got = page(&format!("<title>{title}</title><section><h2>{heading}</h2>{}</section>", prose()));
        assert_eq!(got.title.as_deref(), Some(heading), "{title}");
        // Below the text it is another page's.
        let below = page(&format!("<title>{title}</title><section>{}<h2>{heading}</h2></section>", prose()));
        assert_eq!(below.title.as_deref(), Some(title));
    }
}

#[test]
fn a_strip_of_weather_is_no_title() {
    for strip in
        ["El tiempo en Muelas: 14º / 3º Viento 22 km/h", "Wetter in Mühlstadt: 12° / 3°", "Valley 61℉ 48℉"]
    {
        let file = format!(
            "{strip}\nThe mill in the valley turns again\nBy Ada Byron\n\n{}",
            PARAGRAPHS.join("\n\n")
        );
        assert_eq!(text(&file).title.as_deref(), Some("The mill in the valley turns again"), "{strip}");
    }
}

const PARAGRAPHS: [&str; 2] = [
    "The mill in the valley stood still for forty years, until a carpenter and his two daughters mended its wheel.",
    "It now grinds flour again on two days of the week, and the valley buys all of it before the evening comes.",
];

#[test]
fn json_ld_may_name_the_paper_among_the_people() {
    let of = |authors: &str| {
        let item = format!(r#"{{"@type":"NewsArticle","headline":"The wheel again","author":{authors}}}"#);
        page(&format!(
            "<head><script type='application/ld+json'>{item}</script></head><h1>The wheel again</h1>\
             <p>By <span class=author>Ada Byron</span></p>{}",
            prose()
        ))
        .author
    };
    for authors in [
        r#"{"@type":"Person","name":", The Valley Post"}"#,
        r#"{"@type":"Person","name":", VALLEY POST"}"#,
        r#"[{"@type":"Person","name":"Ada Byron"},{"@type":"Person","name":"The Associated Mills"}]"#,
    ] {
        assert_eq!(of(authors).as_deref(), Some("Ada Byron"), "{authors}");
    }
}
