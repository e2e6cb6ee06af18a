use super::tokens::{Table, Tables, word_tokens};
use super::{Scene, measure, names};
use crate::clean::parse::{Budget, parse};
use crate::clean::{region, segment, text, weigh::rules};
use std::collections::HashSet;

#[test]
fn every_name_is_given_once_and_rows_have_their_length() {
    let names = names();
    let distinct: HashSet<&String> = names.iter().collect();
    assert_eq!(distinct.len(), names.len());
    let tables = Tables::default();
    let (tree, _) = parse(
        "<title>A b c</title><h1>A b c</h1><p>One two.<ul><li><a href=x>y</a></ul>",
        &Budget::default(),
    );
    let regions = region::map(&tree);
    for (blocks, tree) in [(segment::segment(&tree, &regions), Some(&tree)), (text::segment("a\n\nb"), None)]
    {
        let evidence = rules::weigh(&blocks);
        let scene = Scene::new(&blocks, tree, &regions, &evidence, None, &tables);
        let matrix = measure(&scene, 0..blocks.len());
        assert_eq!(matrix.columns, names.len());
        assert_eq!(matrix.values.len(), names.len() * blocks.len());
        assert!(matrix.values.iter().all(|v| v.is_finite()));
    }
}

#[test]
fn words_that_nobody_taught_say_nothing_and_are_counted() {
    let blocks = text::segment("share this page\n\nшар тхис паге\n\nwelcome");
    let taught = word_tokens(&blocks[0]);
    let weights: Vec<(u32, i8)> = taught.iter().map(|&token| (token, -32)).collect();
    let tables = Tables { words: Table::new(&weights), ..Tables::default() };
    let evidence = rules::weigh(&blocks);
    let scene = Scene::new(&blocks, None, &[], &evidence, None, &tables);
    let matrix = measure(&scene, 0..blocks.len());
    let column = |name: &str| -> Vec<f32> {
        let at = names().iter().position(|n| n == name).expect("a measure of this name");
        matrix.rows().map(|row| row[at]).collect()
    };
    let odds = column("tokens/words +0");
    assert!(odds[0] < -2.0 && odds[1..] == [0.0, 0.0], "{odds:?}");
    assert_eq!(column("tokens/known"), [1.0, 0.0, 0.0]);
    let page = column("tokens/known page");
    assert!(page.iter().all(|share| *share == page[0] && (0.3..0.7).contains(share)), "{page:?}");
}
