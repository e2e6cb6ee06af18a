use super::{Budget, Exceeded, Tag, parse};

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
    let bold: String = (0..20_000).map(|n| format!("<b a{n}>")).collect();
    assert_eq!(text(&format!("{bold}x<p>y<p>z")), "x y z");
    let pairs: String = (0..20_000).map(|n| format!("<b a{n}><p>")).collect();
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
