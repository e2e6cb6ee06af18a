//! A line end that was lost between two sentences: `sur la scène mondiale.Des sources indiquent`.
//!
//! Only between prose and prose: a word of small letters that is no abbreviation, a full stop, a capital that begins an
//! ordinary word, more words on both sides. Domains, file names, identifiers, initials, versions, code and short
//! quotations stay. Where the author leaves out blanks after commas too, a blank is what is missing.

use super::words::{List, Words, is_combining, list};
use super::{Edit, Repair, Sheet};
use crate::clean::fold::is_unspaced;
use std::collections::{HashMap, HashSet};

static ABBREVIATIONS: List = List::new(|| list(include_str!("words/abbreviations.txt")));
static ENDINGS: List = List::new(|| list(include_str!("words/endings.txt")));

/// Words that must stand on the line before the seam, and after it.
const BEFORE: usize = 5;
const AFTER: usize = 3;

/// How far words and quotation marks are looked for, in bytes.
const NEAR: usize = 400;

/// A quotation this short may be a name, in characters.
const QUOTED: usize = 40;

/// A seam between two sentences.
struct Seam<'t> {
    /// Where the break goes.
    at: usize,
    /// The word before the full stop.
    word: &'t str,
    /// The word behind it.
    next: &'t str,
    stop: char,
}

pub fn find(sheet: &Sheet<'_>) -> Vec<Edit> {
    let text = sheet.text;
    if !sheet.on.has(Repair::Glued) {
        return Vec::new();
    }
    let mut seams = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        // Shorter lines have no room for the words on both sides.
        if line.len() > 40 {
            on_line(text, start, start + line.len(), &mut seams);
        }
        start += line.len();
    }
    seams.retain(|seam: &Seam<'_>| !sheet.code.holds(seam.at));
    if seams.is_empty() || is_about_programs(text) {
        return Vec::new();
    }
    let habits = Habits::of(text, &seams);
    let apart = paragraphs_apart(text);
    let mut edits = Vec::new();
    for seam in &seams {
        if habits.ends_sentence(seam) {
            let new = match (has_glued_comma(text, seam.at), apart) {
                (true, _) => " ",
                (false, true) => "\n\n",
                (false, false) => "\n",
            };
            edits.push(Edit::new(Repair::Glued, seam.at..seam.at, new));
        }
    }
    edits
}

/// Signs of programs, where a full stop between names is no end of anything.
const PROGRAM: &[&str] = &["()", "=>", " == ", ");", "};", " && ", "</", "){", "func ", "def "];

/// So many of them make a text about programs.
const PROGRAM_SIGNS: usize = 2;

fn is_about_programs(text: &str) -> bool {
    let signs = PROGRAM.iter().flat_map(|sign| memchr::memmem::find_iter(text.as_bytes(), sign.as_bytes()));
    signs.take(PROGRAM_SIGNS).count() == PROGRAM_SIGNS
}

fn on_line<'t>(text: &'t str, start: usize, end: usize, seams: &mut Vec<Seam<'t>>) {
    let line = &text[start..end];
    let mut chars = line.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        if matches!(c, '.' | '!' | '?' | '…' | '؟' | '۔' | '।') && before.is_alphabetic() {
            let mut after = at + c.len_utf8();
            if let Some((_, close)) = chars.next_if(|(_, next)| matches!(next, '”' | '’' | ')' | '»')) {
                after += close.len_utf8();
            }
            if chars.peek().is_some_and(|(_, next)| next.is_alphabetic())
                && let Some(seam) = seam(line, at, after, c)
            {
                seams.push(Seam { at: start + seam.at, ..seam });
            }
        }
        before = c;
    }
}

fn seam(line: &str, at: usize, after: usize, stop: char) -> Option<Seam<'_>> {
    // A window is all that is looked at: a line may be the whole file.
    let left = &line[line.ceil_char_boundary(at.saturating_sub(NEAR))..at];
    let right = &line[after..line.floor_char_boundary(after + NEAR)];
    let token = left.rsplit(char::is_whitespace).next()?;
    let word = &token[token.trim_end_matches(|c: char| c.is_alphabetic() || is_combining(c)).len()..];
    let plain = |c: char| {
        c.is_alphabetic()
            || is_combining(c)
            || matches!(c, '\'' | '’' | '-' | '“' | '«' | '„' | '"' | '‘' | '(' | ',')
    };
    let prose_before = token.chars().all(plain) && near_words(left) >= BEFORE;
    let next = right.split(char::is_whitespace).next()?;
    let fits = prose_before
        && is_sentence_end(word, right)
        && begins_sentence(next, word)
        && near_words(right) >= AFTER
        && !in_short_quotation(left, right)
        && (!line[..after].ends_with('»') || left.contains('«'));
    let letters = next.find(|c: char| !c.is_alphabetic() && !is_combining(c)).unwrap_or(next.len());
    fits.then_some(Seam { at: after, word, next: &next[..letters], stop })
}

/// Is the word before the stop one that ends sentences?
fn is_sentence_end(word: &str, right: &str) -> bool {
    let letters = word.chars().count();
    let first = word.chars().next();
    let caseless = first.is_some_and(|c| !c.is_lowercase() && !c.is_uppercase());
    let next_caseless = right.chars().next().is_some_and(|c| !c.is_lowercase() && !c.is_uppercase());
    let small = word.chars().all(|c| c.is_lowercase() || is_combining(c) || is_uncased(c));
    letters >= 3 && small && caseless == next_caseless && !is_unspaced(first.unwrap_or(' '))
}

/// An ordinary word with its capital, or one that is a single letter: no identifier, no domain, no file name.
fn begins_sentence(token: &str, before: &str) -> bool {
    let word_length =
        token.len() - token.trim_start_matches(|c: char| c.is_alphabetic() || is_combining(c)).len();
    let (word, rest) = token.split_at(word_length);
    let mut letters = word.chars();
    let Some(first) = letters.next() else { return false };
    let small = letters.clone().all(|c| !c.is_uppercase());
    let cased = first.is_uppercase() && small;
    let caseless =
        is_uncased(first) && letters.count() >= 2 && before.chars().all(|c| is_uncased(c) || is_combining(c));
    let single = word.chars().count() == 1 && !(rest.is_empty() || rest.starts_with(['\'', '’']));
    let tail = rest.trim_start_matches(['\'', '’', '-']);
    let inner = tail.chars().all(|c| {
        c.is_alphabetic()
            || is_combining(c)
            || matches!(
                c,
                '\'' | '’'
                    | '-'
                    | ','
                    | ';'
                    | ':'
                    | '.'
                    | '!'
                    | '?'
                    | '…'
                    | '”'
                    | '»'
                    | ')'
                    | '"'
                    | '،'
                    | '؛'
            )
    });
    let stops =
        tail.find(['.', ':', '!', '?', ')']).is_none_or(|at| !tail[at..].contains(char::is_alphabetic));
    let name = ENDINGS.contains(word.to_ascii_lowercase().as_str());
    (cased || caseless) && !single && inner && stops && !name
}

/// How many words stand on one side.
fn near_words(side: &str) -> usize {
    side.split_whitespace().filter(|word| word.chars().next().is_some_and(char::is_alphabetic)).count()
}

/// Does a quotation begin and end close to the seam?
fn in_short_quotation(left: &str, right: &str) -> bool {
    let open = left.chars().rev().take(QUOTED).find(|c| is_quote(*c));
    let close = right.chars().take(QUOTED).find(|c| is_quote(*c));
    let pair = (open, close);
    // One that closes before any opened: the mark at the seam opened it.
    close == Some('”')
        || matches!(pair, (Some('"'), Some('"')) | (Some('“' | '„' | '«' | '‘'), Some('“' | '»' | '’')))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '‘')
}

/// A letter of a script that has no capitals.
fn is_uncased(c: char) -> bool {
    c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase()
}

/// What the text does elsewhere.
struct Habits {
    words: Words,
    /// How often a word stands before a seam.
    before_seams: HashMap<String, usize>,
    /// Words with a full stop that a small letter or a number follows.
    abbreviations: HashSet<String>,
    /// Of the words behind seams, those that begin small elsewhere.
    small: HashSet<String>,
}

impl Habits {
    fn of(text: &str, seams: &[Seam<'_>]) -> Self {
        let mut before_seams: HashMap<String, usize> = HashMap::new();
        for seam in seams {
            *before_seams.entry(seam.word.to_owned()).or_default() += 1;
        }
        let mut abbreviations = HashSet::new();
        for (at, _) in text.match_indices(". ") {
            let next = text[at + 2..].chars().next();
            if next.is_some_and(|c| c.is_lowercase() || c.is_numeric()) {
                let word = last_word(&text[..at]);
                if before_seams.contains_key(word) {
                    abbreviations.insert(word.to_owned());
                }
            }
        }
        // What stands before a stop may be an abbreviation, or a name with a sign.
        let ends_with_stop = |_: usize, to: usize| {
            let rest = &text[to..];
            let sign = rest.strip_prefix(['!', '?']);
            rest.starts_with('.') || sign.is_some_and(|rest| rest.starts_with(char::is_alphabetic))
        };
        let behind: HashSet<String> = seams.iter().map(|seam| seam.next.to_lowercase()).collect();
        let small =
            text.split(|c: char| !c.is_alphabetic() && !is_combining(c)).filter(|w| behind.contains(*w));
        let small = small.map(str::to_owned).collect();
        Self { words: Words::of(text, ends_with_stop), before_seams, abbreviations, small }
    }

    /// A word is known by standing elsewhere without a full stop; a long one may also be judged by the next, which
    /// elsewhere begins small, or by its last letter: abbreviations break off before a vowel. A name with a sign of its
    /// own (`Yahoo!`) is known only by the first.
    fn ends_sentence(&self, seam: &Seam<'_>) -> bool {
        let word = seam.word;
        if !matches!(seam.stop, '.' | '!' | '?') || self.words.has(word) {
            return !self.abbreviations.contains(word) && !ABBREVIATIONS.contains(word);
        }
        let often = self.before_seams.get(word).copied().unwrap_or_default();
        seam.stop == '.'
            && word.chars().nth(4).is_some()
            && often == 1
            && (ends_in_vowel(word) || self.small.contains(&seam.next.to_lowercase()))
            && !self.abbreviations.contains(word)
            && !ABBREVIATIONS.contains(word)
    }
}

fn ends_in_vowel(word: &str) -> bool {
    let last = word.chars().next_back();
    last.is_some_and(|c| "aeiouyàáâãäåèéêëìíîïòóôõöøùúûüýąęěėēāīūıаеёиоуыэюяіїєαάεέηήιίουύωώόό".contains(c))
}

fn last_word(text: &str) -> &str {
    let from = text.trim_end_matches(char::is_alphabetic).len();
    &text[from..]
}

/// Does the file part its paragraphs by blank lines?
fn paragraphs_apart(text: &str) -> bool {
    let (mut blank, mut close) = (0usize, 0usize);
    let mut before: Option<bool> = None;
    for line in text.lines() {
        let empty = line.trim().is_empty();
        if before == Some(false) {
            if empty { blank += 1 } else { close += 1 }
        }
        before = Some(empty);
    }
    blank > close
}

/// A comma right between two letters near the seam: this author leaves out blanks.
fn has_glued_comma(text: &str, at: usize) -> bool {
    let near = &text[text.ceil_char_boundary(at.saturating_sub(NEAR))..text.floor_char_boundary(at + NEAR)];
    near.match_indices(',').any(|(comma, _)| {
        near[..comma].ends_with(char::is_alphabetic) && near[comma + 1..].starts_with(char::is_alphabetic)
    })
}
