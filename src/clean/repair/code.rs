//! The parts of a text that are code: between fences, or between backticks on a line. No repair changes what begins
//! there; that a stretch was damaged does not show what it was meant to show.

use super::Offsets;
use std::ops::Range;

/// Where code stands.
#[derive(Debug, Default)]
pub struct Code {
    ranges: Vec<Range<usize>>,
}

impl Code {
    pub fn of(text: &str) -> Self {
        let mut ranges = Vec::new();
        if memchr::memchr2(b'`', b'~', text.as_bytes()).is_none() {
            return Self { ranges };
        }
        let mut at = 0;
        for fence in fences(text) {
            ticks_of(text, at..fence.start, &mut ranges);
            at = fence.end;
            ranges.push(fence);
        }
        ticks_of(text, at..text.len(), &mut ranges);
        Self { ranges }
    }

    /// Code at ranges that are known, in order of their starts.
    pub fn at(known: Vec<Range<usize>>) -> Self {
        let mut ranges: Vec<Range<usize>> = Vec::with_capacity(known.len());
        for range in known {
            match ranges.last_mut().filter(|last| range.start < last.end) {
                Some(last) => last.end = last.end.max(range.end),
                None => ranges.push(range),
            }
        }
        Self { ranges }
    }

    /// Goes with the text when it is changed.
    pub fn follow(&mut self, way: &Offsets) {
        for range in &mut self.ranges {
            *range = way.after(range.start)..way.after(range.end);
        }
    }

    pub fn holds(&self, at: usize) -> bool {
        let before = self.ranges.partition_point(|range| range.start <= at);
        self.ranges[..before].last().is_some_and(|range| at < range.end)
    }
}

/// Code between fences, with the lines of the fences; what is not closed goes on to the end, as in Markdown.
fn fences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let (start, mark) = (at, line.trim());
        at += line.len();
        let sign = ["```", "~~~"].into_iter().find(|sign| mark.starts_with(sign));
        open = match (open, sign) {
            (None, Some(sign)) => Some((sign, start)),
            (Some((sign, first)), Some(other))
                if sign == other && mark.chars().all(|c| sign.starts_with(c)) =>
            {
                found.push(first..at);
                None
            }
            (open, _) => open,
        };
    }
    found.extend(open.map(|(_, first)| first..text.len()));
    found
}

/// Code between backticks, line by line.
fn ticks_of(text: &str, part: Range<usize>, ranges: &mut Vec<Range<usize>>) {
    let mut at = part.start;
    for line in text[part].split_inclusive(['\n', '\r']) {
        between_ticks(line, at, ranges);
        at += line.len();
    }
}

fn between_ticks(line: &str, base: usize, ranges: &mut Vec<Range<usize>>) {
    let mut ticks = memchr::memchr_iter(b'`', line.as_bytes());
    while let (Some(open), Some(close)) = (ticks.next(), ticks.next()) {
        ranges.push(base + open..base + close + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn code_is_between_fences_and_ticks() {
        let text = "a `b` c ` d\n```\ne\n```\nf\n~~~ rust\ng";
        let code = Code::of(text);
        let found: String = text.char_indices().filter(|(at, _)| code.holds(*at)).map(|(_, c)| c).collect();
        assert_eq!(found, "`b````\ne\n```\n~~~ rust\ng");
    }
}
