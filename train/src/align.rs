//! Which of a page's tokens are the gold text's: runs of tokens that stand in both, in the same order
//! where possible, each gold token used once.

use std::collections::HashMap;

/// Shortest run that counts by itself.
const RUN: usize = 4;

/// Words, lower case; one token a character where a script writes without spaces.
pub fn tokens(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        let han = matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}');
        if han || !(c.is_alphanumeric() || c == '_') {
            if !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
            if han {
                out.push(c.to_string());
            }
        } else {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

/// For each block, the share of its tokens that are the gold text's.
pub fn labels(blocks: &[Vec<String>], gold: &[String]) -> Vec<f32> {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut ids = |t| {
        let next = numbers.len() as u32;
        *numbers.entry(t).or_insert(next)
    };
    let gold: Vec<u32> = gold.iter().map(|t| ids(t.as_str())).collect();
    let page: Vec<u32> = blocks.iter().flatten().map(|t| ids(t.as_str())).collect();
    let mut starts = Vec::with_capacity(blocks.len() + 1);
    let mut sum = 0;
    for b in blocks {
        starts.push(sum);
        sum += b.len();
    }
    starts.push(sum);
    let matched = Alignment::new(&page, &gold).run(&starts);
    starts
        .windows(2)
        .map(|w| matched[w[0]..w[1]].iter().filter(|m| **m).count() as f32 / (w[1] - w[0]).max(1) as f32)
        .collect()
}

struct Alignment<'a> {
    page: &'a [u32],
    gold: &'a [u32],
    page_matched: Vec<bool>,
    gold_matched: Vec<bool>,
}

impl<'a> Alignment<'a> {
    fn new(page: &'a [u32], gold: &'a [u32]) -> Self {
        Self { page, gold, page_matched: vec![false; page.len()], gold_matched: vec![false; gold.len()] }
    }

    /// `starts`: where each block of the page begins.
    fn run(mut self, starts: &[usize]) -> Vec<bool> {
        for (p, g) in self.anchors() {
            self.extend(p, g);
        }
        self.moved_runs();
        self.short_blocks(starts);
        self.page_matched
    }

    /// Runs that stand once in each text, longest increasing sequence of them.
    fn anchors(&self) -> Vec<(usize, usize)> {
        let once = |text: &[u32]| {
            let mut seen: HashMap<Vec<u32>, Option<usize>> = HashMap::new();
            for (at, run) in text.windows(RUN).enumerate() {
                seen.entry(run.to_vec()).and_modify(|e| *e = None).or_insert(Some(at));
            }
            seen
        };
        let page = once(self.page);
        let mut pairs: Vec<(usize, usize)> = once(self.gold)
            .into_iter()
            .filter_map(|(run, g)| Some((page.get(&run).copied().flatten()?, g?)))
            .collect();
        pairs.sort_unstable();
        increasing(&pairs)
    }

    /// Marks the longest run of equal tokens around a pair, as far as both sides are free.
    fn extend(&mut self, p: usize, g: usize) -> usize {
        let free =
            |s: &Self, p: usize, g: usize| !s.page_matched[p] && !s.gold_matched[g] && s.page[p] == s.gold[g];
        let (mut from, mut length) = (0, 0);
        while from < p && from < g && free(self, p - from - 1, g - from - 1) {
            from += 1;
        }
        let (p, g) = (p - from, g - from);
        while p + length < self.page.len()
            && g + length < self.gold.len()
            && free(self, p + length, g + length)
        {
            length += 1;
        }
        self.page_matched[p..p + length].fill(true);
        self.gold_matched[g..g + length].fill(true);
        length
    }

    /// Gold runs that are still free, wherever they stand in the page, longest candidates first come.
    fn moved_runs(&mut self) {
        let mut places: HashMap<&[u32], Vec<usize>> = HashMap::new();
        for (at, run) in self.page.windows(RUN).enumerate() {
            places.entry(run).or_default().push(at);
        }
        for g in 0..self.gold.len().saturating_sub(RUN - 1) {
            if self.gold_matched[g..g + RUN].contains(&true) {
                continue;
            }
            let Some(found) = places.get(&self.gold[g..g + RUN]) else { continue };
            let length = |p: usize| {
                let pairs = self.page[p..].iter().zip(&self.gold[g..]);
                let free = self.page_matched[p..].iter().zip(&self.gold_matched[g..]);
                pairs.zip(free).take_while(|((a, b), (pm, gm))| a == b && !**pm && !**gm).count()
            };
            let best = found
                .iter()
                .take(200)
                .map(|&p| (length(p), p))
                .max_by_key(|&(l, p)| (l, std::cmp::Reverse(p)));
            if let Some((l, p)) = best
                && l >= RUN
            {
                self.extend(p, g);
            }
        }
    }

    /// Whole short blocks (headings, cells, names) that stand in the free parts of the gold text, each
    /// taken where its matched neighbours are nearest.
    fn short_blocks(&mut self, starts: &[usize]) {
        let mut places: HashMap<u32, Vec<usize>> = HashMap::new();
        for (g, &token) in self.gold.iter().enumerate() {
            if !self.gold_matched[g] {
                places.entry(token).or_default().push(g);
            }
        }
        for longest in [RUN * 3, 1] {
            for w in starts.windows(2) {
                let block = &self.page[w[0]..w[1]];
                let near = w[0].saturating_sub(60)..(w[1] + 60).min(self.page.len());
                let lonely = !self.page_matched[near].contains(&true);
                if block.is_empty()
                    || block.len() > longest
                    || self.page_matched[w[0]..w[1]].contains(&true)
                    || lonely
                {
                    continue;
                }
                let Some(found) = places.get(&block[0]) else { continue };
                let fits = |g: usize| {
                    self.gold[g..].starts_with(block)
                        && !self.gold_matched[g..g + block.len()].contains(&true)
                };
                if let Some(&g) = found.iter().find(|&&g| fits(g)) {
                    self.page_matched[w[0]..w[1]].fill(true);
                    self.gold_matched[g..g + block.len()].fill(true);
                }
            }
        }
    }
}

/// The longest sequence of pairs that rises in both.
fn increasing(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
    for (at, pair) in pairs.iter().enumerate() {
        let place = tails.partition_point(|&t| pairs[t].1 < pair.1);
        before[at] = place.checked_sub(1).map(|p| tails[p]);
        if place == tails.len() { tails.push(at) } else { tails[place] = at }
    }
    let mut out = Vec::new();
    let mut at = tails.last().copied();
    while let Some(n) = at {
        out.push(pairs[n]);
        at = before[n];
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::{labels, tokens};

    fn label(blocks: &[&str], gold: &str) -> Vec<f32> {
        let blocks: Vec<Vec<String>> = blocks.iter().map(|b| tokens(b)).collect();
        labels(&blocks, &tokens(gold))
    }

    #[test]
    fn blocks_of_the_gold_text_are_found_and_teasers_of_the_same_words_are_not() {
        let page = [
            "Home",
            "A heading of some words",
            "The first paragraph says one thing. It goes on a little.",
            "Details",
            "The second paragraph says another thing, and ends here.",
            "A heading of some words",
            "Home",
        ];
        let gold = "A heading of some words\nThe first paragraph says one thing. It goes on a little.\nDetails\nThe second paragraph says another thing, and ends here.";
        assert_eq!(label(&page, gold), [0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn half_a_block_is_half_a_label() {
        let l = label(&["one two three four five six seven eight"], "one two three four");
        assert_eq!(l, [0.5]);
    }
}
