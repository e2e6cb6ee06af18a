//! Lines of a text file as Markdown.

use super::inline::{References, Role, inline};
use crate::clean::block::{Block, Place, Shape};

/// A line at least this long, in characters, was wrapped; a shorter one ends where it ends.
const WRAPPED_CHARS: usize = 60;

/// Bullets that text files begin lines with.
const BULLETS: &[&str] = &["- ", "* ", "+ ", "• ", "◦ ", "▪ ", "‣ ", "● ", "○ ", "■ "];

/// Writes the lines of a text file.
pub fn write(out: &mut String, blocks: &[&Block], references: &References<'_>) {
    let mut before: Option<(&Block, bool)> = None;
    for block in blocks {
        let (first, body) = sign(block);
        let item = first == "- ";
        if let Some((before, was_item)) = before {
            let apart = block.place.blank_before
                || (item != was_item && item)
                || is_heading(block)
                || is_heading(before);
            out.push_str(match () {
                () if apart => "\n\n",
                () if item || before.chars >= WRAPPED_CHARS => "\n",
                () => "\\\n",
            });
            if was_item && !item && !apart {
                out.push_str("  ");
            }
        }
        let line = Block { text: body.to_owned(), place: Place::default(), ..(*block).clone() };
        out.push_str(first);
        out.push_str(&inline(&line, references, Role::Part));
        before = Some((block, item || (before.is_some_and(|(_, was)| was) && !block.place.blank_before)));
    }
}

/// The title line of a text file as the heading that it was on the page.
pub fn headed(line: &Block) -> Block {
    match line.shape {
        Shape::Paragraph => {
            Block { text: format!("# {}", line.text), shape: Shape::Heading(1), ..line.clone() }
        }
        _ => line.clone(),
    }
}

fn is_heading(block: &Block) -> bool {
    matches!(block.shape, Shape::Heading(_))
}

/// What a line begins with in Markdown, and what it says.
fn sign(block: &Block) -> (&str, &str) {
    let text = block.text.as_str();
    if let Shape::Heading(level) = block.shape {
        let (signs, rest) = text.split_at_checked(usize::from(level) + 1).unwrap_or(("", text));
        return (signs, rest.trim_start());
    }
    let bullet = BULLETS.iter().find_map(|b| text.strip_prefix(b));
    match bullet.map(str::trim_start) {
        Some(rest) if block.bullet && !rest.is_empty() => ("- ", rest),
        _ => ("", text),
    }
}
