//! Numbers that text browsers (`lynx -dump`, `elinks -dump`, `w3m -dump`) put before the words of links: `[12]Ports`. The
//! same numbers stand before the addresses that end such a file. A number after a word is a note, `as he said [12].`, and
//! stays with what it leads to; so does one where no list of addresses ends the file.

use super::{Edit, Repair, Sheet};
use crate::clean::fold::is_unspaced;
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
    let mut notes = 0;
    for (at, number) in marks(&sheet.text[..list]) {
        // They come in order, but for links that have no words; what comes twice is somebody's.
        if number > last && number <= all {
            last = number;
            if is_note(sheet.text, &at) {
                notes += 1;
            } else {
                edits.push(Edit::new(Repair::LinkNumbers, at, ""));
            }
        }
    }
    if edits.len() * 2 > all && edits.len() > notes * 4 { edits } else { Vec::new() }
}

/// Does a mark close a word and open none? One without a word on either side is a link that shows a picture.
fn is_note(text: &str, mark: &Range<usize>) -> bool {
    let before = text[..mark.start].trim_end_matches([' ', '\t', '\u{a0}']);
    let closes =
        before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || ".,;:!?)\"'”’»。，".contains(c));
    let glued =
        before.len() == mark.start && before.ends_with(|c: char| c.is_alphanumeric() && !is_unspaced(c));
    let after = text[mark.end..].chars().next();
    let opens = after.is_some_and(|c| c.is_alphanumeric() || "[(\"“‘«#@$€£".contains(c));
    closes && (glued || !opens)
}

/// Where the list of addresses at the end of a text begins, with `References` and `Visible links:` above it.
pub fn list(text: &str) -> Option<usize> {
    let (mut start, _) = addresses(text)?;
    for line in text[..start].split_inclusive('\n').rev() {
        if !line.trim().is_empty() && !is_heading(line) {
            break;
        }
        start -= line.len();
    }
    Some(start)
}

/// What text browsers write above their lists.
fn is_heading(line: &str) -> bool {
    let line = line.trim();
    let named = line.strip_suffix(':').unwrap_or(line).to_lowercase();
    // In the user's language.
    let labelled = line.ends_with(':') && line.split_whitespace().count() <= 3 && line.chars().count() <= 30;
    labelled || ["references", "visible links", "hidden links", "links"].contains(&named.as_str())
}

/// Where the list of addresses at the end of a text begins, and how many there are: `12. https://example.org/` or, as
/// `w3m` has it, `[12] https://example.org/`, counted from 1, with their headings among them.
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
            None if line.trim().is_empty() || is_heading(line) => {}
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
    let whole = !address.contains(' ')
        && (address[scheme.len()..].starts_with("://") && scheme.bytes().all(|b| b.is_ascii_alphabetic())
            || SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()));
    number.parse().ok().filter(|_| whole)
}

/// Schemes of links that lead to no host.
const SCHEMES: [&str; 8] = ["mailto", "tel", "sms", "javascript", "data", "file", "about", "whatsapp"];

/// Numbers in brackets, with their places.
fn marks(text: &str) -> impl Iterator<Item = (Range<usize>, usize)> + '_ {
    text.match_indices('[').filter_map(|(at, _)| {
        let digits = text[at + 1..].bytes().take(6).take_while(u8::is_ascii_digit).count();
        let end = at + 1 + digits;
        let number = text[at + 1..end].parse().ok()?;
        text[end..].starts_with(']').then_some((at..end + 1, number))
    })
}
