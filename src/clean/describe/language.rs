//! The language of the kept text: by its letters and words, then by what the page declares where these do
//! not decide.

use super::Page;
use whatlang::{Lang, Script};

/// How much text is looked at, in characters.
const SAMPLE: usize = 1_600;

/// How much of one block is looked at, in characters: one long quotation must not decide.
const OF_ONE_BLOCK: usize = 320;

/// Text shorter than this says little, in characters.
const SHORT: usize = 60;

/// A guess that is hardly sure at all, of a word or two, is none.
const GUESS: f64 = 0.05;

/// The language and how sure it is, 0 to 1.
pub fn find(page: &Page<'_>, declared: Option<&str>) -> Option<(String, f64)> {
    let sample = sample(page);
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 {
        return None;
    }
    let declared = declared.and_then(code);
    let detected = detect(&sample);
    let Some((found, confidence)) = detected else {
        return declared.map(|d| (d, 0.3));
    };
    if let Some(declared) = declared {
        if declared == found {
            return Some((found, confidence.max(0.9)));
        }
        let close = kin(&declared, &found);
        // A language the detector does not know is found as its nearest kin.
        let unknown = UNKNOWN.contains(&declared.as_str()) && same_script(&declared, &sample);
        if (close && confidence < 0.95) || unknown {
            return Some((declared, 0.7));
        }
        if (letters < SHORT || confidence < 0.4) && same_script(&declared, &sample) {
            return Some((declared, 0.5));
        }
    }
    if confidence < GUESS {
        return None;
    }
    let sure = if letters < SHORT { confidence * letters as f64 / SHORT as f64 } else { confidence };
    Some((found, sure.clamp(0.0, 1.0)))
}

fn sample(page: &Page<'_>) -> String {
    let kept = || page.blocks.iter().zip(page.kept).filter(|(_, kept)| **kept).map(|(b, _)| b);
    let mut out = String::new();
    let mut used = 0;
    let mut add = |text: &str, used: &mut usize| {
        let take = OF_ONE_BLOCK.min(SAMPLE - (*used).min(SAMPLE));
        out.extend(text.chars().take(take));
        out.push('\n');
        *used += take.min(text.len());
    };
    // Running text first; labels only where there is no more.
    kept().filter(|b| b.words >= 12).take(40).for_each(|b| add(&b.text, &mut used));
    if used < SAMPLE / 2 {
        kept().filter(|b| b.words < 12).take(60).for_each(|b| add(&b.text, &mut used));
    }
    out
}

fn detect(sample: &str) -> Option<(String, f64)> {
    let (mut kana, mut han) = (0usize, 0usize);
    for c in sample.chars() {
        match c {
            '\u{3040}'..='\u{30ff}' => kana += 1,
            '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => han += 1,
            _ => {}
        }
    }
    let info = whatlang::detect(sample)?;
    if matches!(info.script(), Script::Mandarin | Script::Hiragana | Script::Katakana) {
        let japanese = kana * 20 >= han;
        // A few characters alone may be either.
        let sure = if han + kana < 12 { 0.6 } else { 1.0 };
        return Some((if japanese { "ja" } else { "zh" }.to_owned(), sure));
    }
    let confidence = if info.is_reliable() { info.confidence().max(0.9) } else { info.confidence() };
    Some((short(info.lang()).to_owned(), confidence))
}

/// ISO 639-1, else 639-3.
fn short(lang: Lang) -> &'static str {
    let three = lang.code();
    CODES.iter().find(|(long, _)| *long == three).map_or(three, |(_, two)| *two)
}

/// The language of a declaration such as `fr-FR`, `pt_BR`, `cmn`.
fn code(declared: &str) -> Option<String> {
    let main = declared.trim().split(['-', '_', ',', ' ', ';']).next()?.to_ascii_lowercase();
    let main = match main.as_str() {
        "iw" => "he",
        "in" => "id",
        "nb" | "nn" => "no",
        "ji" => "yi",
        "cn" => "zh",
        "gr" => "el",
        "ua" => "uk",
        "cz" => "cs",
        "jp" => "ja",
        "kr" => "ko",
        m => m,
    };
    let plain = (2..=3).contains(&main.len()) && main.bytes().all(|b| b.is_ascii_lowercase());
    plain.then(|| CODES.iter().find(|(long, _)| *long == main).map_or(main, |(_, two)| *two).to_owned())
}

/// Languages that the detector does not know, and that no template declares by default.
const UNKNOWN: [&str; 36] = [
    "bo", "br", "bs", "ckb", "dv", "eu", "fo", "fy", "ga", "gd", "gl", "ha", "ht", "ig", "is", "kk", "ku",
    "ky", "lb", "lo", "mg", "mi", "mn", "ms", "mt", "oc", "ps", "rw", "sd", "so", "sq", "su", "sw", "tg",
    "ug", "yo",
];

/// Languages that the detector takes for one another.
const KIN: [&[&str]; 9] = [
    &["no", "da", "sv"],
    &["hr", "sr", "bs", "sl", "sh"],
    &["cs", "sk"],
    &["es", "ca", "gl", "pt"],
    &["ru", "uk", "bg", "mk", "be", "sr"],
    &["id", "ms", "jv", "su"],
    &["nl", "af"],
    &["ar", "fa", "ur"],
    &["tr", "az", "tk", "uz"],
];

fn kin(a: &str, b: &str) -> bool {
    KIN.iter().any(|k| k.contains(&a) && k.contains(&b))
}

/// Is the text in the script that a language is written in? Languages in more than one script pass.
fn same_script(language: &str, text: &str) -> bool {
    let Some(script) = whatlang::detect_script(text) else { return false };
    let expected: &[Script] = match language {
        "ru" | "uk" | "bg" | "mk" | "be" | "kk" | "ky" | "mn" | "tg" => &[Script::Cyrillic],
        "sr" | "uz" | "az" | "bs" => &[Script::Cyrillic, Script::Latin],
        "ar" | "fa" | "ur" | "ps" | "ckb" | "ug" => &[Script::Arabic],
        "he" | "yi" => &[Script::Hebrew],
        "el" => &[Script::Greek],
        "zh" => &[Script::Mandarin],
        "ja" => &[Script::Hiragana, Script::Katakana, Script::Mandarin],
        "ko" => &[Script::Hangul],
        "hi" | "mr" | "ne" => &[Script::Devanagari],
        "th" => &[Script::Thai],
        "bn" => &[Script::Bengali],
        "ta" => &[Script::Tamil],
        "te" => &[Script::Telugu],
        "ka" => &[Script::Georgian],
        "hy" => &[Script::Armenian],
        "am" => &[Script::Ethiopic],
        _ => &[Script::Latin],
    };
    expected.contains(&script)
}

/// ISO 639-3 -> 639-1, for the languages of the detector.
#[rustfmt::skip]
const CODES: [(&str, &str); 70] = [
    ("epo", "eo"), ("eng", "en"), ("rus", "ru"), ("cmn", "zh"), ("spa", "es"), ("por", "pt"), ("ita", "it"), ("ben", "bn"),
    ("fra", "fr"), ("deu", "de"), ("ukr", "uk"), ("kat", "ka"), ("ara", "ar"), ("hin", "hi"), ("jpn", "ja"), ("heb", "he"),
    ("yid", "yi"), ("pol", "pl"), ("amh", "am"), ("jav", "jv"), ("kor", "ko"), ("nob", "no"), ("dan", "da"), ("swe", "sv"),
    ("fin", "fi"), ("tur", "tr"), ("nld", "nl"), ("hun", "hu"), ("ces", "cs"), ("ell", "el"), ("bul", "bg"), ("bel", "be"),
    ("mar", "mr"), ("kan", "kn"), ("ron", "ro"), ("slv", "sl"), ("hrv", "hr"), ("srp", "sr"), ("mkd", "mk"), ("lit", "lt"),
    ("lav", "lv"), ("est", "et"), ("tam", "ta"), ("vie", "vi"), ("urd", "ur"), ("tha", "th"), ("guj", "gu"), ("uzb", "uz"),
    ("pan", "pa"), ("aze", "az"), ("ind", "id"), ("tel", "te"), ("pes", "fa"), ("mal", "ml"), ("ori", "or"), ("mya", "my"),
    ("nep", "ne"), ("sin", "si"), ("khm", "km"), ("tuk", "tk"), ("aka", "ak"), ("zul", "zu"), ("sna", "sn"), ("afr", "af"),
    ("lat", "la"), ("slk", "sk"), ("cat", "ca"), ("tgl", "tl"), ("hye", "hy"), ("cym", "cy"),
];

#[cfg(test)]
mod tests {
    use super::{CODES, code, short};
    use whatlang::Lang;

    #[test]
    fn every_language_of_the_detector_has_its_short_code() {
        for lang in Lang::all() {
            assert_eq!(short(*lang).len(), 2, "{}", lang.code());
        }
        let mut shorts: Vec<&str> = CODES.iter().map(|(_, s)| *s).collect();
        shorts.sort_unstable();
        shorts.dedup();
        assert_eq!(shorts.len(), CODES.len());
    }

    #[test]
    fn declarations_are_read_in_their_usual_spellings() {
        for (declared, language) in
            [("fr-FR", "fr"), ("pt_BR", "pt"), ("EN", "en"), ("cmn", "zh"), ("nb-NO", "no")]
        {
            assert_eq!(code(declared).as_deref(), Some(language));
        }
        for nonsense in ["", "english", "{{lang}}", "f", "-"] {
            assert_eq!(code(nonsense), None, "{nonsense}");
        }
    }
}
