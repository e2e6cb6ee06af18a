use super::{Attribute, Budget, ByName, Exceeded, Tag, parse};

fn text(html: &str) -> String {
    let (tree, _) = parse(html, &Budget::default());
    if tree.is_empty() { String::new() } else { tree.inner_text(0) }
}

#[test]
fn a_page_becomes_a_flat_tree_in_reading_order() {
    let (tree, exceeded) = parse("<title>t</title><p>one <b>two</b></p><p>three", &Budget::default());
    assert_eq!(exceeded, None);
    let body = (0..tree.len()).find(|&n| tree.tag(n) == Some(Tag::Body)).expect("a body");
    assert_eq!(tree.inner_text(body), "one two three");
    let first = (0..tree.len()).find(|&n| tree.tag(n) == Some(Tag::P)).expect("a paragraph");
    assert_eq!(tree.subtree(first).len(), 4);
    assert_eq!(tree.parent(first), Some(body));
}

#[test]
fn deep_nesting_is_flattened_and_keeps_its_text() {
    let html = format!("{}deep{}<p>after", "<div>".repeat(50_000), "</div>".repeat(50_000));
    let (tree, exceeded) = parse(&html, &Budget::default());
    assert_eq!(exceeded, None);
    assert_eq!(tree.inner_text(0), "deep after");
    let deepest = (0..tree.len()).map(|n| tree.ancestors(n).count()).max();
    assert!(deepest < Some(300), "{deepest:?}");
}

#[test]
fn open_formatting_elements_do_not_multiply() {
    let bold: String = (0..20_000).map(|n| format!("<b class={n}>")).collect();
    assert_eq!(text(&format!("{bold}x<p>y<p>z")), "x y z");
    let pairs: String = (0..20_000).map(|n| format!("<b class={n}><p>")).collect();
    let (tree, exceeded) = parse(&pairs, &Budget::default());
    assert!(tree.len() <= 300_100, "{}", tree.len());
    assert!(matches!(exceeded, Some(Exceeded::Nodes(_))), "{exceeded:?}");
}

#[test]
fn a_million_attributes_are_cut_and_the_text_stays() {
    let many: String = (0..300_000).map(|n| format!(" a{n}=\"<x> {n}\"")).collect();
    assert_eq!(text(&format!("<p{many} class=x>text</p> after")), "text after");
    let spread: String = (0..100_000).map(|n| format!("<body a{n}=1>")).collect();
    assert_eq!(text(&format!("{spread}text")), "text");
}

#[test]
fn attributes_are_cut_however_they_are_written() {
    let forms: [fn(usize) -> String; 6] = [
        |n| format!(" a{n}"),
        |n| format!("/a{n}"),
        |n| format!(" a{n}=1"),
        |n| format!("\ta{n} = '>'"),
        |n| format!(" a{n}=\"\""),
        |n| format!(" =a{n}=/="),
    ];
    for form in forms {
        let many: String = (0..100_000).map(form).collect();
        for html in [format!("<p{many}>text"), format!("<p>text</p{many}>"), format!("<!--><p{many}>text")] {
            let (tree, exceeded) = parse(&html, &Budget::default());
            assert_eq!((tree.inner_text(0).as_str(), exceeded), ("text", None), "{}", form(0));
        }
    }
}

#[test]
fn attributes_that_hide_from_the_cut_are_given_up_on() {
    let many: String = (0..100_000).map(|n| format!(" a{n}")).collect();
    // The cut takes a style in an SVG image for raw text, the standard does not.
    let (_, exceeded) = parse(&format!("<svg><style><p a=\"</style>\"{many}>text"), &Budget::default());
    assert!(matches!(exceeded, Some(Exceeded::Comparisons(_))), "{exceeded:?}");
}

#[test]
fn long_values_and_comments_are_cut_and_nothing_around_them() {
    let long = "é > word ".repeat(100_000);
    let html = format!("<!--{long}-->one<!--{long}--!> <p title=\"{long}\" class=x>two</p><!-- {long}");
    let (tree, exceeded) = parse(&html, &Budget::default());
    assert_eq!((tree.inner_text(0).as_str(), exceeded), ("one two", None));
    let p = (0..tree.len()).find(|&n| tree.tag(n) == Some(Tag::P)).expect("a paragraph");
    assert_eq!(tree.attribute(p, Attribute::Class), Some("x"));
    assert!(
        tree.attribute(p, Attribute::Title).is_some_and(|t| t.starts_with("é > word") && t.len() <= 2048)
    );
}

#[test]
fn attributes_in_scripts_and_comments_are_not_counted() {
    let words = "w ".repeat(5_000);
    let html = format!("<script>if (a<b {words}) {{}}</script><!-- <p {words}> --><p>kept</p>");
    let (tree, exceeded) = parse(&html, &Budget::default());
    assert_eq!(exceeded, None);
    assert_eq!(tree.inner_text(0), "kept");
}

#[test]
fn raw_text_too_deep_is_still_raw_text() {
    let html = format!("{}<script>var a = '<p>not text</p>';</script>text", "<div>".repeat(1_000));
    assert_eq!(text(&html), "text");
}

#[test]
fn charset_declarations_and_scripts_do_not_stop_the_parse() {
    let meta = "<meta http-equiv='Content-Type' content='text/html; charset=utf-8'>";
    assert_eq!(
        text(&format!("{meta}<meta charset=koi8-r><script>x</script>{meta}<p>one</p>{meta}<p>two")),
        "one two"
    );
}

#[test]
fn long_attributes_of_open_elements_are_not_copied_into_every_paragraph() {
    let html = format!("<p><b title=\"{}\">x{}", "t".repeat(60_000), "<p>Hello world text".repeat(30_000));
    let (tree, _) = parse(&html, &Budget::default());
    assert!(tree.inner_text(0).len() > 30_000 * 15);
    assert!(tree.string_bytes() < 50_000_000, "{}", tree.string_bytes());
}

#[test]
fn a_name_has_one_number_wherever_it_stands() {
    let page = "<p class='lead big'>a<p id=lead>b<p class=big id='lead big'>c<p class>d<p>e";
    let (tree, _) = parse(page, &Budget::default());
    let names: Vec<Vec<(usize, &str)>> = (0..tree.len())
        .filter(|&n| tree.tag(n) == Some(Tag::P))
        .map(|n| tree.names(n).map(|name| (name.number, name.text)).collect())
        .collect();
    assert_eq!(
        names,
        [vec![(0, "lead big")], vec![(1, "lead")], vec![(2, "big"), (0, "lead big")], vec![(3, "")], vec![]]
    );
    let (mut asked, mut lengths) = (Vec::new(), ByName::default());
    for name in (0..tree.len()).flat_map(|n| tree.names(n)) {
        let length = *lengths.of(name, |text| {
            asked.push(text);
            text.len()
        });
        assert_eq!(length, name.text.len());
    }
    assert_eq!(asked, ["lead big", "lead", "big", ""]);
}
