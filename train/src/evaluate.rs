//! Out-of-fold predictions -> the table by set, kind and language, with bootstrap intervals. The measure
//! is the mean per-page bag-of-words F1; for pages with snippets only, F1 over must-keep and must-go.

use crate::align::tokens;
use crate::pages::Page;
use crate::render;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use tamis::clean::block::Block;
use tamis::clean::choose::{choose, expected_f1, keep_title};
use tamis::clean::describe;
use tamis::clean::recur::{self, Memory};
use tamis::clean::weigh::{Weighed, headings};
use tamis::clean::{Focus, assemble};
use tamis::dedup::exact::normalise;
use tamis::dedup::site::Sites;

/// A block of so many words is a sentence that a clean file may not lose.
const SENTENCE: usize = 6;

/// F1, precision and recall of one page.
type Score = [f64; 3];

/// The ways to lean, the default first.
const FOCUSES: [(Focus, &str); 3] =
    [(Focus::Balanced, "balanced"), (Focus::Precision, "precision"), (Focus::Recall, "recall")];

/// Must-keep and must-go snippets of a set: how many, and how many are in the text.
#[derive(Default)]
struct Snippets {
    with: usize,
    kept: usize,
    without: usize,
    leaked: usize,
}

/// What the pages scored, for one focus, or with what sites repeat.
#[derive(Default)]
struct Tally {
    groups: BTreeMap<String, Vec<Score>>,
    /// Of clean files, by the set they come from: how many, and how many lose a sentence.
    clean: BTreeMap<String, [usize; 2]>,
    snippets: BTreeMap<String, Snippets>,
    /// Expected and true F1.
    confidence: Vec<(f64, f64)>,
    pages: Vec<(String, f64, String)>,
}

/// Scores out-of-fold chances, page by page, through the rest of the library's path, but for the settling of text
/// files; returns the lines that the model file carries, and writes every page's F1, worst first within its set, to
/// `pages.tsv`.
pub fn evaluate(
    pages: &mut [Page],
    chances: Vec<Vec<f32>>,
    work: &Path,
) -> Result<BTreeMap<String, f64>, String> {
    let memories = learn(pages);
    let mut tallies: [Tally; FOCUSES.len()] = Default::default();
    let mut with_memory = Tally::default();
    for (page, mut chances) in pages.iter_mut().zip(chances).filter(|(page, _)| !page.row.muted) {
        headings::lift(&page.blocks, &page.evidence, &mut chances);
        let mut weighed = Weighed { evidence: std::mem::take(&mut page.evidence), chances };
        for ((focus, _), tally) in FOCUSES.iter().zip(&mut tallies) {
            tally.add(page, &weighed, choose(&page.blocks, &weighed, *focus));
        }
        let (tree, url) = (page.tree.as_ref(), page.url.as_ref());
        let memory = &memories[&page.row.set];
        let kept = recur::choose(&page.blocks, tree, url, &mut weighed, Focus::Balanced, memory).0;
        with_memory.add(page, &weighed, kept);
    }
    let ways = FOCUSES.iter().zip(&tallies).skip(1).map(|((_, name), tally)| (*name, tally));
    for (name, tally) in ways.chain([("memory", &with_memory)]) {
        for line in tally.lines() {
            println!("{name:10} {line}");
        }
    }
    let [mut balanced, ..] = tallies;
    balanced.lines().iter().for_each(|line| println!("{line}"));
    calibration(&mut balanced.confidence);
    balanced.write_pages(&work.join("pages.tsv"))?;
    Ok(balanced.scores())
}

/// What the sites of each set repeat, learned as `tamis clean --site-memory auto` does: from all its pages.
fn learn(pages: &[Page]) -> BTreeMap<String, Memory> {
    let mut sets: BTreeMap<String, Sites> = BTreeMap::new();
    for page in pages.iter().filter(|page| !page.row.muted) {
        let evidence = || page.evidence.clone();
        let lesson = recur::lesson(&page.blocks, page.tree.as_ref(), page.url.as_ref(), None, evidence);
        sets.entry(page.row.set.clone()).or_default().add(&lesson.sites, lesson.page);
    }
    let memory = |sites: Sites| Memory { learned: Arc::new(sites.learned()), folder: None };
    sets.into_iter().map(|(set, sites)| (set, memory(sites))).collect()
}

impl Tally {
    fn add(&mut self, page: &Page, weighed: &Weighed, mut kept: Vec<bool>) {
        let title = title_of(page, weighed, &kept);
        keep_title(&page.blocks, &mut kept, title);
        let main: Vec<_> = page.blocks.iter().zip(&kept).filter_map(|(b, &k)| k.then_some(b)).collect();
        let text = normalise(&assemble::text(&main));
        let row = &page.row;
        if page.is_clean() {
            let lost = |(block, kept): (&Block, &bool)| !kept && block.words >= SENTENCE;
            let loses = page.blocks.iter().zip(&kept).any(lost);
            for set in [render::CLEAN, row.rendering.as_deref().unwrap_or_default()] {
                let counts = self.clean.entry(set.to_owned()).or_default();
                counts[0] += 1;
                counts[1] += usize::from(loses);
            }
        }
        let fold = |s: &str| if row.gold.is_some() { s.to_lowercase() } else { s.to_owned() };
        let low = fold(&text);
        let held = |list: &[String]| list.iter().filter(|s| low.contains(&fold(s))).count();
        let counts = self.snippets.entry(row.set.clone()).or_default();
        counts.with += row.with.len();
        counts.kept += held(&row.with);
        counts.without += row.without.len();
        counts.leaked += held(&row.without);
        let Some(gold) = &row.gold else { return };
        let score = bag_f1(&tokens(&text), &tokens(gold));
        let name = format!("{}\t{}", row.id, row.url.as_deref().unwrap_or(""));
        self.pages.push((row.set.clone(), score[0], name));
        self.confidence.push((expected_f1(&page.blocks, &weighed.chances, &kept), score[0]));
        let kind = row.lang.clone().or(row.kind.clone()).unwrap_or_default();
        let rendering = row.rendering.as_ref().map(|r| format!("{} {r}", row.set));
        for key in
            [Some(row.set.clone()), Some(format!("{} {kind}", row.set)), rendering].into_iter().flatten()
        {
            self.groups.entry(key).or_default().push(score);
        }
    }

    fn lines(&self) -> Vec<String> {
        let of_groups = self.groups.iter().map(|(key, scores)| {
            let (low, high) = interval(scores);
            let [f1, p, r] = means(scores);
            format!("{key:28} {:5} pages  F1 {f1:.4} [{low:.3} {high:.3}]  P {p:.3}  R {r:.3}", scores.len())
        });
        let of_snippets = self.snippets.iter().filter(|(_, s)| s.with + s.without > 0).map(|(set, s)| {
            let (p, r) = (share(s.kept, s.kept + s.leaked), share(s.kept, s.with));
            let f1 = 2.0 * p * r / (p + r).max(1e-9);
            format!("{set:28} snippets  with {r:.3}  leak {:.3}  F1 {f1:.4}", share(s.leaked, s.without))
        });
        let of_clean = self.clean.iter().map(|(set, [all, losing])| {
            let losing = share(*losing, *all);
            format!("{:28} {all:5} clean files  {losing:.4} lose a sentence", format!("clean, of {set}"))
        });
        of_groups.chain(of_snippets).chain(of_clean).collect()
    }

    /// What the model file carries.
    fn scores(&self) -> BTreeMap<String, f64> {
        let round = |x: f64| (x * 1e4).round() / 1e4;
        let mut out: BTreeMap<String, f64> =
            self.groups.iter().map(|(key, scores)| (key.clone(), round(means(scores)[0]))).collect();
        for (set, s) in self.snippets.iter().filter(|(_, s)| s.with + s.without > 0) {
            out.insert(format!("{set} leak"), round(share(s.leaked, s.without)));
            out.insert(format!("{set} with"), round(share(s.kept, s.with)));
        }
        out
    }

    fn write_pages(&mut self, path: &Path) -> Result<(), String> {
        self.pages.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let lines: Vec<String> =
            self.pages.iter().map(|(set, f1, page)| format!("{set}\t{f1:.4}\t{page}\n")).collect();
        std::fs::write(path, lines.concat()).map_err(|e| format!("{}: {e}", path.display()))
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn means(scores: &[Score]) -> Score {
    [0, 1, 2].map(|n| scores.iter().map(|s| s[n]).sum::<f64>() / scores.len() as f64)
}

/// The block that says the title, as the library finds it.
fn title_of(page: &Page, weighed: &Weighed, kept: &[bool]) -> Option<usize> {
    let (tree, blocks, url) = (page.tree.as_ref(), &page.blocks, page.url.as_ref());
    let seen =
        describe::Page { front: None, tree, blocks, evidence: &weighed.evidence, kept, url, reference: None };
    describe::describe(&seen).title_at
}

fn bag_f1(predicted: &[String], gold: &[String]) -> Score {
    if gold.is_empty() || predicted.is_empty() {
        let same = f64::from(u8::from(gold.is_empty() && predicted.is_empty()));
        return [same; 3];
    }
    let mut bag: HashMap<&str, i64> = HashMap::new();
    for t in gold {
        *bag.entry(t).or_default() += 1;
    }
    let mut hit = 0.0;
    for t in predicted {
        if let Some(n) = bag.get_mut(t.as_str()).filter(|n| **n > 0) {
            *n -= 1;
            hit += 1.0;
        }
    }
    let (p, r) = (hit / predicted.len() as f64, hit / gold.len() as f64);
    [if hit > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }, p, r]
}

/// Prints the expected F1 beside the true one, in ten bins of equal size.
fn calibration(pairs: &mut [(f64, f64)]) {
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    for bin in pairs.chunks(pairs.len().div_ceil(10).max(1)) {
        let n = bin.len() as f64;
        let expected: f64 = bin.iter().map(|p| p.0).sum::<f64>() / n;
        println!("expected F1 {expected:.3}  true {:.3}", bin.iter().map(|p| p.1).sum::<f64>() / n);
    }
}

/// 95 % bootstrap interval of the mean F1; a fixed seed.
fn interval(scores: &[Score]) -> (f64, f64) {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut means: Vec<f64> = (0..400)
        .map(|_| {
            let sum: f64 = (0..scores.len())
                .map(|_| {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    scores[((state >> 33) as usize) % scores.len()][0]
                })
                .sum();
            sum / scores.len() as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    (means[10], means[389])
}
