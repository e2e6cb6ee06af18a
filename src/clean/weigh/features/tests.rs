use super::{Scene, measure, names, tokens::Tables};
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
