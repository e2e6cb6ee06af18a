//! What metadata and page say differently: titles cut short, dated, or one of many headings.

use super::{page, prose};

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
