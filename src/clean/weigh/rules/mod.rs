//! The named rules: each gives evidence that a block is one kind of boilerplate. A rule sees one
//! block, its neighbours and its own word table; it knows no other rule and takes no decision.

pub mod words;

mod accessibility;
mod advertising;
mod app_download;
mod author_box;
mod breadcrumb;
mod byline;
mod calendar;
mod cite;
mod comment_form;
mod comments;
mod company;
mod contact;
mod contents;
mod cookie_notice;
mod country_list;
mod dateline;
mod disclaimer;
mod donate;
mod event_tools;
mod exchange_rates;
mod follow_us;
mod forum_tools;
mod horoscope;
mod human_check;
mod language_switch;
mod latest_news;
mod legal_footer;
mod listen;
mod login_bar;
mod lottery;
mod markets;
mod most_read;
mod navigation;
mod newsletter;
mod page_status;
mod pagination;
mod paywall;
mod poll;
mod powered_by;
mod prayer_times;
mod print_email;
mod programme;
mod push_prompt;
mod rating;
mod read_more;
mod related;
mod report_error;
mod share_bar;
mod shop_buttons;
mod sight;
mod site_search;
mod sort_filter;
mod sports_table;
mod tags;
mod view_count;
mod weather;
mod wiki_tools;

use crate::clean::block::{Block, Shape};
use crate::clean::fold::plain;
use words::{Findings, Found, Hit};

/// One kind of boilerplate.
pub struct Rule {
    /// Its stable name, as it appears in `removed[].reason`. Its word table is called so, too, with `_` for `-`: see
    /// [`words`].
    pub name: &'static str,
    /// How sure it is that the block is boilerplate of this kind: 0 (nothing to say) to 1 (certain).
    pub weigh: fn(&Sight<'_>) -> f32,
}

/// Every rule, in the order in which ties between reasons are broken.
pub static RULES: &[Rule] = &[
    advertising::RULE,
    app_download::RULE,
    author_box::RULE,
    breadcrumb::RULE,
    byline::RULE,
    calendar::RULE,
    cite::RULE,
    comment_form::RULE,
    comments::RULE,
    contact::RULE,
    contents::RULE,
    cookie_notice::RULE,
    country_list::RULE,
    dateline::RULE,
    disclaimer::RULE,
    donate::RULE,
    event_tools::RULE,
    exchange_rates::RULE,
    follow_us::RULE,
    forum_tools::RULE,
    horoscope::RULE,
    human_check::RULE,
    language_switch::RULE,
    latest_news::RULE,
    legal_footer::RULE,
    listen::RULE,
    login_bar::RULE,
    lottery::RULE,
    markets::RULE,
    most_read::RULE,
    navigation::RULE,
    newsletter::RULE,
    page_status::RULE,
    pagination::RULE,
    paywall::RULE,
    poll::RULE,
    powered_by::RULE,
    prayer_times::RULE,
    print_email::RULE,
    programme::RULE,
    push_prompt::RULE,
    rating::RULE,
    read_more::RULE,
    related::RULE,
    report_error::RULE,
    share_bar::RULE,
    shop_buttons::RULE,
    site_search::RULE,
    sort_filter::RULE,
    sports_table::RULE,
    tags::RULE,
    view_count::RULE,
    weather::RULE,
    wiki_tools::RULE,
    accessibility::RULE,
];

/// What a rule may see: a block, its neighbours, and where its own phrases were met.
pub struct Sight<'a> {
    pub blocks: &'a [Block],
    /// Each block's text as the tables see it: see [`plain`].
    pub plain: &'a [String],
    pub found: &'a [Findings],
    pub at: usize,
    pub rule: usize,
}

impl Sight<'_> {
    /// The block itself.
    pub fn block(&self) -> &Block {
        &self.blocks[self.at]
    }

    /// The block `offset` places on (negative: before).
    pub fn near(&self, offset: isize) -> Option<&Block> {
        self.blocks.get(self.at.checked_add_signed(offset)?)
    }

    /// The strongest way in which the block `offset` places on meets this rule's table.
    pub fn hit_at(&self, offset: isize) -> Option<Hit> {
        let at = self.at.checked_add_signed(offset).filter(|at| *at < self.found.len())?;
        self.met_at(at).iter().filter(|f| f.hit > Hit::Part).map(|f| f.hit).max()
    }

    /// The strongest way in which this block meets this rule's table.
    pub fn hit(&self) -> Option<Hit> {
        self.hit_at(0)
    }

    /// How many different `inside` phrases of this rule's table the block holds.
    pub fn inside_count(&self) -> usize {
        let mut phrases: Vec<usize> = self.met().filter(|f| f.hit == Hit::Inside).map(|f| f.phrase).collect();
        phrases.sort_unstable();
        phrases.dedup();
        phrases.len()
    }

    /// Longest share of the block that one phrase of this rule's table covers, 0 to 1.
    pub fn share(&self) -> f32 {
        self.met().filter(|f| f.hit > Hit::Part).map(|f| f.share).fold(0.0, f32::max)
    }

    /// How many *different* names of this rule's table stand in the run of blocks around this one:
    /// neighbours of at most `max_words` words, without a gap, at most `reach` places away.
    pub fn names_in_run(&self, max_words: usize, reach: usize) -> usize {
        let mut names: Vec<usize> = Vec::new();
        // Scripts without spaces count more words than they have: a line that is a name is short.
        let named = |i: usize| self.met_at(i).iter().any(|f| f.hit == Hit::Name);
        let short =
            |i: usize| !self.blocks[i].ends_sentence && (self.blocks[i].words <= max_words || named(i));
        let mut note = |i: usize| {
            names.extend(self.met_at(i).iter().filter(|f| f.hit == Hit::Name).map(|f| f.phrase));
        };
        let back = (self.at.saturating_sub(reach)..self.at).rev().take_while(|&i| short(i));
        let on = (self.at..self.blocks.len().min(self.at + reach + 1)).take_while(|&i| short(i));
        back.chain(on).for_each(&mut note);
        names.sort_unstable();
        names.dedup();
        names.len()
    }

    /// This rule's phrases in the block counted `at`.
    fn met_at(&self, at: usize) -> &[Found] {
        self.found[at].of(self.rule)
    }

    /// The plain text of the block.
    pub fn plain(&self) -> &str {
        &self.plain[self.at]
    }

    /// Of a row of labels ("Share · Tweet · Print"): the share of its letters that this rule's
    /// phrases cover, 0 to 1, and how many different ones there are. 0 for blocks of over 400 bytes.
    pub fn coverage(&self) -> (f32, usize) {
        let mut spans: Vec<(usize, usize)> = self.met().map(|f| f.span).collect();
        if spans.is_empty() {
            return (0.0, 0);
        }
        let mut phrases: Vec<usize> = self.met().map(|f| f.phrase).collect();
        spans.sort_unstable();
        phrases.sort_unstable();
        phrases.dedup();
        let letters =
            |from: usize, to: usize| self.plain().as_bytes()[from..to].iter().filter(|&&b| b != b' ').count();
        let mut covered = 0;
        let mut upto = 0;
        for (start, end) in spans {
            if end > upto {
                covered += letters(start.max(upto), end);
                upto = end;
            }
        }
        let all = letters(0, self.plain().len());
        (if all == 0 { 0.0 } else { covered as f32 / all as f32 }, phrases.len())
    }

    /// Does the block hold one of this rule's `names`, alone or among other words?
    pub fn holds_name(&self) -> bool {
        self.met().any(|f| f.member)
    }

    /// Other blocks at most `reach` places away that meet this rule's table in one of these ways.
    pub fn kin(&self, reach: usize, hits: &[Hit]) -> usize {
        let from = self.at.saturating_sub(reach);
        let to = self.blocks.len().min(self.at + reach + 1);
        (from..to)
            .filter(|&i| i != self.at)
            .filter(|&i| self.met_at(i).iter().any(|f| hits.contains(&f.hit)))
            .count()
    }

    /// The block's text after the longest phrase of this rule that opens it, as it was written,
    /// punctuation included, with the number of words of that phrase.
    pub fn rest(&self) -> Option<(&str, usize)> {
        let end = self.met().filter(|f| f.span.0 == 0 && f.hit != Hit::Inside).map(|f| f.span.1).max()?;
        let phrase = &self.plain()[..end];
        let mut letters = phrase.chars().filter(|c| c.is_alphabetic()).count();
        let text = &self.block().text;
        let mut after = 0;
        for (i, c) in text.char_indices() {
            if letters == 0 {
                break;
            }
            if c.is_alphabetic() {
                letters = letters.saturating_sub(if c == 'ß' { 2 } else { 1 });
                after = i + c.len_utf8();
            }
        }
        Some((&text[after..], phrase.split(' ').count()))
    }

    /// Does the block stand before the third, or after the last but two, long paragraph? What opens
    /// and closes a text (bylines, dates, credits) stands there, however much navigation surrounds it.
    pub fn at_edge(&self) -> bool {
        const REACH: usize = 300;
        let long = |b: &&Block| b.words >= 25 && b.ends_sentence && b.link_density < 0.5;
        let from = self.at.saturating_sub(REACH);
        let to = self.blocks.len().min(self.at + 1 + REACH);
        let before = self.blocks[from..self.at].iter().rev().filter(long).take(3).count();
        let after = self.blocks[self.at + 1..to].iter().filter(long).take(3).count();
        before < 3 || after < 3
    }

    /// Is the block too short, or too much of a label, to be prose?
    pub fn is_label(&self) -> bool {
        let b = self.block();
        b.words <= 8 && !b.ends_sentence && !matches!(b.shape, Shape::Code)
    }
}

/// Evidence against one block: for each rule that has something to say, its index and strength.
pub type Evidence = Vec<(usize, f32)>;

/// A rule surer than this speaks against its block.
const ACCUSES: f32 = 0.3;

/// Does a rule speak against the block?
pub fn is_accused(evidence: &[(usize, f32)]) -> bool {
    evidence.iter().any(|&(_, strength)| strength > ACCUSES)
}

/// Asks every rule about every block.
pub fn weigh(blocks: &[Block]) -> Vec<Evidence> {
    let plain: Vec<String> = blocks.iter().map(|b| plain(&b.folded)).collect();
    let found: Vec<Findings> = plain.iter().map(|p| words::find(p)).collect();
    (0..blocks.len())
        .map(|at| {
            RULES
                .iter()
                .enumerate()
                .filter_map(|(rule, r)| {
                    let strength = (r.weigh)(&Sight { blocks, plain: &plain, found: &found, at, rule });
                    (strength > 0.0).then_some((rule, strength))
                })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod lint;
#[cfg(test)]
mod neighbours;
#[cfg(test)]
mod tests;
