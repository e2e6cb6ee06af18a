//! "Page 2 of 7", "1 2 3 ... 12 Next", "Older posts", "Previous article: TITLE".
//!
//! Why: they cut one text, or a list of texts, into pages.
//! Table: `whole` and `start` name pages, posts or articles; `names` are bare words ("Next") that need
//! company.
//! Risk: "Next" and bare numbers stand in tables and lists; alone they are only a hint.

use super::sight::{is_numbers, is_title};
use super::words::Hit;
use super::{Rule, Sight};
use crate::clean::block::{Block, Region, Shape};

pub const RULE: Rule = Rule { name: "pagination", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    let block = sight.block();
    let linked = block.link_density > 0.8 || block.region.has(Region::PAGER);
    match sight.hit() {
        Some(Hit::Whole) => 0.93,
        Some(Hit::Start)
            if is_title(block)
                && (linked || matches!(sight.after_start(), Some(':' | '：' | '→' | '›' | '»' | '>'))) =>
        {
            0.85
        }
        Some(Hit::Name) if pages(block) >= 3 => 0.85,
        Some(Hit::Name) if linked || beside_pages(sight) || beside_number(sight) => 0.85,
        Some(Hit::Name) if arrowed(&block.text) => 0.7,
        Some(Hit::Name) => 0.3,
        _ if matches!(block.shape, Shape::Code | Shape::Cell) => 0.0,
        _ => {
            let (strung, share) = sight.strung();
            let pages = pages(block);
            match () {
                () if strung >= 1 && (share > 0.9 || strung_with_numbers(block, pages)) => 0.85,
                () if pages >= 4 && is_numbers(block) => 0.8,
                () if pages == 1 && is_numbers(block) && (linked || beside_pages(sight)) => 0.8,
                () if block.region.has(Region::PAGER) && sight.is_label() => 0.7,
                () => 0.0,
            }
        }
    }
}

/// "1 2 3 ... 12 next": many rising numbers and hardly anything else.
fn strung_with_numbers(block: &Block, pages: usize) -> bool {
    pages >= 3 && block.words <= pages + 3
}

/// How many numbers the block holds, if they rise and begin like the numbers of pages.
fn pages(block: &Block) -> usize {
    if block.text.contains([',', '.', ':', '%', '€', '$']) && !block.text.contains("...") {
        return 0;
    }
    let (mut count, mut last) = (0, 0);
    for number in block.text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()) {
        match number.parse::<u32>() {
            Ok(page)
                if page > last
                    && page < 10_000
                    && (page <= last + 2 || count >= 3 || last == 0 && page == 1) =>
            {
                (count, last) = (count + 1, page);
            }
            _ if count == 0 && block.words <= 1 => return usize::from(number.len() <= 4),
            _ => return 0,
        }
    }
    count
}

/// Does the next number, or another word of pagination, stand beside the block?
fn beside_pages(sight: &Sight<'_>) -> bool {
    let reach = 4;
    let run = |step: isize| {
        (1..=reach)
            .map(|o| o * step)
            .take_while(|o| sight.near(*o).is_some_and(|b| b.words <= 3 && !b.ends_sentence || is_numbers(b)))
            .filter(|o| sight.hit_at(*o) >= Some(Hit::Name))
            .count()
    };
    run(1) + run(-1) > 0
}

/// Does the number of a page stand on the line before or after?
fn beside_number(sight: &Sight<'_>) -> bool {
    [-1, 1].into_iter().filter_map(|o| sight.near(o)).any(|b| is_numbers(b) && b.words == 1 && pages(b) == 1)
}

/// Does the line begin or end with an arrow?
fn arrowed(text: &str) -> bool {
    let arrow = |c: char| matches!(c, '»' | '«' | '›' | '‹' | '>' | '<' | '→' | '←');
    text.starts_with(arrow) || text.ends_with(arrow)
}
