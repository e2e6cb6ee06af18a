//! Where the time of a page goes, stage by stage: `cargo bench --bench stages -- [FILE.html...]`. Without files
//! it takes the project's own pages. The times are for comparison within one run; machines are noisy.

// A bench prints what it found.
#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tamis::clean::parse::{Budget, parse};
use tamis::clean::weigh::features::kin::Second;
use tamis::clean::weigh::features::{Scene, measure};
use tamis::clean::weigh::{model, rules};
use tamis::clean::{Focus, Input, Media, Options, choose, clean, decode, describe, region, segment, weigh};

/// How often all pages are gone through.
const ROUNDS: u32 = 5;

fn main() {
    let mut files: Vec<PathBuf> =
        std::env::args().skip(1).filter(|a| a != "--bench").map(PathBuf::from).collect();
    if files.is_empty() {
        files = own_pages();
    }
    let pages: Vec<Vec<u8>> = files.iter().filter_map(|f| std::fs::read(f).ok()).collect();
    let bytes: usize = pages.iter().map(Vec::len).sum();
    let mut stages: Vec<(&str, Duration)> = Vec::new();
    let mut add = |name: &'static str, since: Instant| {
        let time = since.elapsed();
        match stages.iter_mut().find(|(n, _)| *n == name) {
            Some((_, sum)) => *sum += time,
            None => stages.push((name, time)),
        }
    };
    for _ in 0..ROUNDS {
        for page in &pages {
            let at = Instant::now();
            let text = decode::decode(page, None, true).text;
            add("decode", at);
            let at = Instant::now();
            let (tree, _) = parse(&text, &Budget::default());
            add("parse", at);
            let at = Instant::now();
            let regions = region::map(&tree);
            let cut = segment::cut(&tree, &regions);
            add("segment", at);
            let blocks = cut.blocks.as_slice();
            let at = Instant::now();
            let evidence = rules::weigh(blocks);
            add("rules", at);
            let at = Instant::now();
            let scene = Scene::new(blocks, Some(&tree), &regions, &evidence, None, &model::HTML.tables);
            let rows = measure(&scene, 0..blocks.len());
            add("features, first pass", at);
            let at = Instant::now();
            let first = model::HTML.first.predict(&rows);
            add("trees, first pass", at);
            let at = Instant::now();
            let rows = Second::new(&scene, &first).measure(0..blocks.len());
            add("features, second pass", at);
            let at = Instant::now();
            let chances = model::HTML.second.predict(&rows);
            add("trees, second pass", at);
            let weighed = weigh::Weighed { evidence, chances };
            let at = Instant::now();
            let kept = choose::choose(blocks, &weighed, Focus::Balanced);
            add("choose", at);
            let at = Instant::now();
            let seen = describe::Page {
                front: None,
                tree: Some(&tree),
                blocks,
                evidence: &weighed.evidence,
                kept: &kept,
                url: None,
                reference: None,
            };
            black_box(describe::describe(&seen));
            add("describe", at);
            let at = Instant::now();
            let input = Input { bytes: page, media: Media::Html, charset: None, url: None };
            black_box(clean(&input, &Options::default()));
            add("all, as clean() does it", at);
        }
    }
    let count = pages.len() as f64 * f64::from(ROUNDS);
    println!("{} pages of {} bytes on average", pages.len(), bytes / pages.len().max(1));
    let parse = stages.iter().find(|(n, _)| *n == "parse").map_or(1.0, |(_, t)| t.as_secs_f64());
    for (name, time) in stages {
        let each = time.as_secs_f64() / count;
        println!("{name:24} {:9.1} µs a page   {:5.2} of the parse", each * 1e6, time.as_secs_f64() / parse);
    }
}

fn own_pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path().join("source.html"))
        .filter(|p| p.is_file())
        .collect();
    found.sort();
    found
}
