//! Numbers that text browsers (`lynx -dump`, `elinks -dump`, `w3m -dump`) put before the words of links: `[12]Ports`. The same numbers
//! stand before the addresses that end such a file; where none do, a number in brackets is somebody's note, and stays.

use super::{Edit, Repair, Sheet};
use std::ops::Range;

/// Fewer addresses prove nothing.
const FEWEST: usize = 3;

pub fn find(sheet: &Sheet<'_>) -> Vec<Edit> {
    if !sheet.on.has(Repair::LinkNumbers) || !sheet.text.contains("[1]") {
        return Vec::new();
    }
    let Some((list, all)) = addresses(sheet.text) else { return Vec::new() };
    let mut last = 0;
    let mut edits = Vec::new();
    for (at, number) in marks(&sheet.text[..list]) {
        // They come in order, but for links that have no words; what comes twice is somebody's.
        if number > last && number <= all {
            last = number;
            edits.push(Edit::new(Repair::LinkNumbers, at, ""));
        }
    }
    if edits.len() * 2 > all { edits } else { Vec::new() }
}

/// Where the list of addresses at the end of a text begins, with `References` and `Visible links:` above it.
pub fn list(text: &str) -> Option<usize> {
    let (mut start, _) = addresses(text)?;
    for _ in 0..2 {
        let above = text[..start].trim_end();
        let line = above.rfind('\n').map_or(0, |end| end + 1);
        let heading = above[line..].trim();
        let heads = heading.split_whitespace().count() <= 2 && !heading.ends_with(['.', '!', '?', '…', '。']);
        if heading.is_empty() || !heads {
            break;
        }
        let apart = text[above.len()..start].matches('\n').count() > 1;
        start = line;
        if apart {
            break;
        }
    }
    Some(start)
}

/// Where the list of addresses at the end of a text begins, and how many there are: `12. https://example.org/` or, as
/// `w3m` has it, `[12] https://example.org/`, counted from 1, with headings of a word or two among them.
fn addresses(text: &str) -> Option<(usize, usize)> {
    let mut start = text.len();
    let mut all = None;
    let mut below = None;
    for line in text.split_inclusive('\n').rev() {
        start -= line.len();
        match address(line) {
            Some(number) if below.is_none_or(|below| number + 1 == below) => {
                below = Some(number);
                let all = *all.get_or_insert(number);
                if number == 1 {
                    return (all >= FEWEST).then_some((start, all));
                }
            }
            None if line.split_whitespace().count() <= 2 => {}
            _ => return None,
        }
    }
    None
}

/// The number of a line that is nothing but a number and an address.
fn address(line: &str) -> Option<usize> {
    let line = line.trim();
    let (number, address) = match line.strip_prefix('[') {
        Some(line) => line.split_once("] ")?,
        None => line.split_once(". ")?,
    };
    let address = address.trim_start();
    let scheme = address.split_once(':')?.0;
    let whole =
        !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric()) && !address.contains(' ');
    number.parse().ok().filter(|_| whole)
}

/// Numbers in brackets, with their places.
fn marks(text: &str) -> impl Iterator<Item = (Range<usize>, usize)> + '_ {
    text.match_indices('[').filter_map(|(at, _)| {
        let digits = text[at + 1..].bytes().take(6).take_while(u8::is_ascii_digit).count();
        let end = at + 1 + digits;
        let number = text[at + 1..end].parse().ok()?;
        text[end..].starts_with(']').then_some((at..end + 1, number))
    })
}
