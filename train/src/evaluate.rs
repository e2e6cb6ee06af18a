//! Out-of-fold predictions -> the table by set, kind and language, with bootstrap intervals. The measure
//! is the mean per-page bag-of-words F1; for pages with snippets only, F1 over must-keep and must-go.

use crate::align::tokens;
use crate::pages::Page;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use tamis::clean::choose::{choose, keep_title};
use tamis::clean::describe;
use tamis::clean::weigh::Weighed;
use tamis::clean::{Focus, assemble};
use tamis::dedup::exact::normalise;

/// F1, precision and recall of one page.
type Score = [f64; 3];

/// Scores out-of-fold chances, page by page, through the rest of the library's path; returns the lines that the
/// model file carries, and writes every page's F1, worst first within its set, to `pages.tsv`.
pub fn evaluate(
    pages: &mut [Page],
    chances: Vec<Vec<f32>>,
    work: &Path,
) -> Result<BTreeMap<String, f64>, String> {
    let mut groups: BTreeMap<String, Vec<Score>> = BTreeMap::new();
    let mut snippets: BTreeMap<String, [usize; 4]> = BTreeMap::new();
    let mut confidence: Vec<(f32, f64)> = Vec::new();
    let mut worst: Vec<(String, f64, String)> = Vec::new();
    for (page, chances) in pages.iter_mut().zip(chances) {
        let weighed = Weighed { evidence: std::mem::take(&mut page.evidence), chances };
        let mut kept = choose(&page.blocks, &weighed, Focus::Balanced);
        let title = title_of(page, &weighed, &kept);
        keep_title(&page.blocks, &mut kept, title);
        let weights = &weighed.chances;
        let main: Vec<_> = page.blocks.iter().zip(&kept).filter_map(|(b, &k)| k.then_some(b)).collect();
        let text = normalise(&assemble::text(&main));
        let set = page.row.set.clone();
        let fold = |s: &str| if page.row.gold.is_some() { s.to_lowercase() } else { s.to_owned() };
        let low = fold(&text);
        let counts = snippets.entry(set.clone()).or_default();
        let held = |list: &[String]| list.iter().filter(|s| low.contains(&fold(s))).count();
        counts[0] += held(&page.row.with);
        counts[1] += page.row.with.len();
        counts[2] += held(&page.row.without);
        counts[3] += page.row.without.len();
        let Some(gold) = &page.row.gold else { continue };
        let score = bag_f1(&tokens(&text), &tokens(gold));
        worst.push((
            set.clone(),
            score[0],
            format!("{}\t{}", page.row.id, page.row.url.as_deref().unwrap_or("")),
        ));
        confidence.push((expected_f1(page, weights, &kept), score[0]));
        let kind = page.row.lang.clone().or(page.row.kind.clone()).unwrap_or_default();
        for key in [
            Some(set.clone()),
            Some(format!("{set} {kind}")),
            page.row.rendering.as_ref().map(|r| format!("{set} {r}")),
        ] {
            groups.entry(key.unwrap_or_default()).or_default().push(score);
        }
    }
    groups.remove("");
    let mut out = BTreeMap::new();
    for (key, scores) in &groups {
        let (low, high) = interval(scores);
        let mean = |n: usize| scores.iter().map(|s| s[n]).sum::<f64>() / scores.len() as f64;
        println!(
            "{key:28} {:5} pages  F1 {:.4} [{low:.3} {high:.3}]  P {:.3}  R {:.3}",
            scores.len(),
            mean(0),
            mean(1),
            mean(2)
        );
        out.insert(key.clone(), (mean(0) * 1e4).round() / 1e4);
    }
    for (set, [kept, with, leaked, without]) in snippets {
        if with + without == 0 {
            continue;
        }
        let share = |a: usize, b: usize| a as f64 / b.max(1) as f64;
        let (p, r) = (share(kept, kept + leaked), share(kept, with));
        println!(
            "{set:28} snippets  with {r:.3}  leak {:.3}  F1 {:.4}",
            share(leaked, without),
            2.0 * p * r / (p + r).max(1e-9)
        );
        out.insert(format!("{set} leak"), (share(leaked, without) * 1e4).round() / 1e4);
        out.insert(format!("{set} with"), (r * 1e4).round() / 1e4);
    }
    calibration(&mut confidence);
    worst.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let lines: Vec<String> =
        worst.iter().map(|(set, f1, page)| format!("{set}\t{f1:.4}\t{page}\n")).collect();
    let path = work.join("pages.tsv");
    std::fs::write(&path, lines.concat()).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(out)
}

/// The block that says the title, as the library finds it.
fn title_of(page: &Page, weighed: &Weighed, kept: &[bool]) -> Option<usize> {
    let (tree, blocks, url) = (page.tree.as_ref(), &page.blocks, page.url.as_ref());
    let seen = describe::Page { tree, blocks, evidence: &weighed.evidence, kept, url };
    describe::describe(&seen, describe::kind(tree, blocks, url)).title_at
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

fn expected_f1(page: &Page, weights: &[f32], kept: &[bool]) -> f32 {
    let size = |at: usize| (page.blocks[at].words as f32).max(0.5);
    let all: f32 = weights.iter().enumerate().map(|(at, w)| size(at) * w).sum();
    let (mut hit, mut taken) = (0.0, 0.0);
    for at in (0..kept.len()).filter(|&at| kept[at]) {
        hit += size(at) * weights[at];
        taken += size(at);
    }
    2.0 * hit / (taken + all).max(1e-6)
}

/// Prints the expected F1 beside the true one, in ten bins of equal size.
fn calibration(pairs: &mut [(f32, f64)]) {
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    for bin in pairs.chunks(pairs.len().div_ceil(10).max(1)) {
        let n = bin.len() as f64;
        let expected: f64 = bin.iter().map(|p| f64::from(p.0)).sum::<f64>() / n;
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
