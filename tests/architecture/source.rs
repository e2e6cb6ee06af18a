//! Rust source -> the names it mentions. A small reader, not a parser: comments, strings and test modules are
//! passed over, `use` trees are flattened, `super` and `self` are resolved.

/// A file of the crate.
pub(crate) struct Source {
    /// Below `src`, with `/`: `clean/parse/mod.rs`.
    pub(crate) path: String,
    pub(crate) tokens: Vec<Token>,
}

/// A word or a mark of the source, outside comments, strings and test modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// A path such as `crate::clean::block::Block`; a wildcard ends in `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) path: String,
    pub(crate) line: usize,
    /// In a `use`, so that its last part is a name in the file.
    pub(crate) imported: bool,
}

impl Mention {
    /// Is it `prefix` or something below it?
    pub(crate) fn is_in(&self, prefix: &str) -> bool {
        self.path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Source {
        let test_file = path.ends_with("/tests.rs") || path == "clean/weigh/rules/neighbours.rs";
        let tokens = if test_file { Vec::new() } else { without_tests(tokens(text)) };
        Source { path: path.to_owned(), tokens }
    }

    /// The module the file is: `crate::clean::parse`.
    pub(crate) fn module(&self) -> String {
        let stem = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        match stem {
            "lib" | "main" => "crate".to_owned(),
            _ => format!("crate::{}", stem.replace('/', "::")),
        }
    }

    /// Every path of two parts or more, and every imported name.
    pub(crate) fn mentions(&self) -> Vec<Mention> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let begins = at == 0 || self.tokens[at - 1].text != ":";
            if self.word(at) == "use" {
                let before = found.len();
                at = self.tree(at + 1, "", &mut found);
                found[before..].iter_mut().for_each(|mention| mention.imported = true);
            } else if begins && is_word(self.word(at)) && self.follows(at) {
                at = self.tree(at, "", &mut found);
            } else {
                at += 1;
            }
        }
        for mention in &mut found {
            mention.path = self.resolve(&mention.path);
        }
        found
    }

    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.text)
    }

    /// Does `::` come after this token?
    fn follows(&self, at: usize) -> bool {
        self.word(at + 1) == ":" && self.word(at + 2) == ":"
    }

    /// Reads one path or `use` tree; gives where it ends.
    fn tree(&self, mut at: usize, prefix: &str, found: &mut Vec<Mention>) -> usize {
        let mut path = prefix.to_owned();
        let line = self.tokens.get(at).map_or(0, |token| token.line);
        loop {
            match self.word(at) {
                "{" => {
                    at += 1;
                    while !matches!(self.word(at), "}" | "") {
                        let next = self.tree(at, &path, found);
                        at = next.max(at + 1);
                        if self.word(at) == "as" {
                            at += 2;
                        }
                        if self.word(at) == "," {
                            at += 1;
                        }
                    }
                    return at + 1;
                }
                word if is_word(word) || word == "*" => {
                    if !path.is_empty() {
                        path.push_str("::");
                    }
                    path.push_str(word);
                    if !self.follows(at) {
                        found.push(Mention { path: path.replace("::self", ""), line, imported: false });
                        return at + 1;
                    }
                    at += 3;
                }
                // `Vec::<u8>`, or the `::` of an absolute path.
                ":" if path.is_empty() => at += 1,
                _ => {
                    found.push(Mention { path, line, imported: false });
                    return at;
                }
            }
        }
    }

    fn resolve(&self, path: &str) -> String {
        let mut module = self.module();
        let mut rest = path;
        if rest == "self" || rest.starts_with("self::") {
            rest = rest.trim_start_matches("self").trim_start_matches("::");
        } else if rest == "super" || rest.starts_with("super::") {
            while rest == "super" || rest.starts_with("super::") {
                module.truncate(module.rfind("::").unwrap_or(module.len()));
                rest = rest.trim_start_matches("super").trim_start_matches("::");
            }
        } else {
            return path.to_owned();
        }
        if rest.is_empty() { module } else { format!("{module}::{rest}") }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Cuts source into words and single marks.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    let peek = |at: usize| chars.get(at).copied().unwrap_or('\0');
    while at < chars.len() {
        let start = at;
        match chars[at] {
            '/' if peek(at + 1) == '/' => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
            }
            '/' if peek(at + 1) == '*' => {
                at += 2;
                while at < chars.len() && !(chars[at] == '*' && peek(at + 1) == '/') {
                    at += 1;
                }
                at += 2;
            }
            '"' => at = after_string(&chars, at + 1),
            'r' if raw_marks(&chars, at + 1).is_some() => at = after_raw(&chars, at + 1),
            'b' if peek(at + 1) == 'r' && raw_marks(&chars, at + 2).is_some() => {
                at = after_raw(&chars, at + 2);
            }
            '\'' if peek(at + 1) == '\\' => {
                at += 3;
                while at < chars.len() && chars[at] != '\'' {
                    at += 1;
                }
                at += 1;
            }
            '\'' if peek(at + 2) == '\'' => at += 3,
            c if c.is_alphanumeric() || c == '_' => {
                while peek(at).is_alphanumeric() || peek(at) == '_' {
                    at += 1;
                }
                tokens.push(Token { text: chars[start..at].iter().collect(), line });
            }
            c => {
                if !c.is_whitespace() {
                    tokens.push(Token { text: c.to_string(), line });
                }
                at += 1;
            }
        }
        let end = at.min(chars.len());
        line += chars[start..end].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn after_string(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// How many `#` open the raw string whose `r` stands before `at`; `None` where there is none.
fn raw_marks(chars: &[char], at: usize) -> Option<usize> {
    let marks = chars.get(at..)?.iter().take_while(|c| **c == '#').count();
    (chars.get(at + marks) == Some(&'"')).then_some(marks)
}

fn after_raw(chars: &[char], at: usize) -> usize {
    let marks = raw_marks(chars, at).unwrap_or(0);
    let mut end = at + marks + 1;
    while end < chars.len() {
        let closes = chars[end] == '"' && chars[end + 1..].iter().take(marks).all(|c| *c == '#');
        if closes && end + marks < chars.len() {
            return end + marks + 1;
        }
        end += 1;
    }
    end
}

/// Leaves out what `#[cfg(test)]` stands before.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let marked =
            MARK.iter().enumerate().all(|(n, mark)| tokens.get(at + n).is_some_and(|t| t.text == *mark));
        if !marked {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += MARK.len();
        let mut depth = 0usize;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token.text.as_str() {
                "{" => depth += 1,
                "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && matches!(token.text.as_str(), "}" | ";") {
                break;
            }
        }
    }
    kept
}
