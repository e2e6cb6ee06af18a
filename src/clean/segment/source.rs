//! What an element says of itself that no text shows: the TeX of a formula, the language of code.
//! Judges nothing.

use crate::clean::parse::{Attribute, NodeId, Tag, Tree};

/// A formula's source is at most this long, in bytes; longer ones are passed over.
const TEX_BYTES: usize = 8_000;

/// A formula found in the tree, or one that is shown again.
pub enum Formula {
    /// TeX between dollars.
    Tex(String),
    /// No TeX; the symbols, parted by blanks.
    Symbols(String),
    /// The same formula as one nearby, drawn.
    Again,
}

/// Is the element a formula, or the picture of one?
pub fn formula(tree: &Tree, id: NodeId, tag: Tag) -> Option<Formula> {
    match tag {
        Tag::Math => Some(math(tree, id)),
        Tag::MathJax => {
            let math = tree.subtree(id).find(|&n| tree.tag(n) == Some(Tag::Math));
            math.map(|n| self::math(tree, n))
        }
        Tag::Script => {
            let kind = tree.attribute(id, Attribute::Type)?.trim();
            let kind = kind.strip_prefix("math/tex")?;
            let source = tree.subtree(id).skip(1).find_map(|n| tree.text(n))?;
            Some(tex(source, kind.contains("display")).unwrap_or(Formula::Again))
        }
        Tag::Span | Tag::Div => {
            let class = tree.attribute(id, Attribute::Class)?;
            if !class.contains("katex-html") && !class.contains("MathJax") {
                return None;
            }
            let called = |name: &str| class.split_whitespace().any(|c| c == name);
            let drawn = (called("katex-html") && beside_math(tree, id))
                || (MATHJAX.into_iter().any(called) && before_tex(tree, id));
            drawn.then_some(Formula::Again)
        }
        _ => None,
    }
}

const MATHJAX: [&str; 5] = ["MathJax", "MathJax_Preview", "MathJax_Display", "MathJax_SVG", "MathJax_CHTML"];

/// How many nodes of a drawn formula's parent are searched for its source.
const BESIDE: usize = 400;

fn beside_math(tree: &Tree, id: NodeId) -> bool {
    let parent = tree.parent(id).unwrap_or(id);
    tree.subtree(parent).take(BESIDE).any(|n| tree.tag(n) == Some(Tag::Math))
}

/// Does the script with the source follow, at most two siblings away?
fn before_tex(tree: &Tree, id: NodeId) -> bool {
    let end = tree.parent(id).map_or(0, |p| tree.subtree(p).end);
    let mut at = tree.subtree(id).end;
    for _ in 0..4 {
        if at >= end {
            return false;
        }
        let tex = tree.attribute(at, Attribute::Type).is_some_and(|t| t.trim().starts_with("math/tex"));
        if tree.tag(at) == Some(Tag::Script) && tex {
            return true;
        }
        at = tree.subtree(at).end;
    }
    false
}

fn math(tree: &Tree, id: NodeId) -> Formula {
    let display = tree.attribute(id, Attribute::Display) == Some("block");
    let annotation = tree.subtree(id).find(|&n| {
        tree.tag(n) == Some(Tag::Annotation)
            && tree.attribute(n, Attribute::Encoding).is_some_and(|e| e.to_ascii_lowercase().contains("tex"))
    });
    let noted = annotation.and_then(|n| tree.subtree(n).find_map(|t| tree.text(t)));
    let source = noted.or_else(|| tree.attribute(id, Attribute::Alttext)).unwrap_or_default();
    if let Some(tex) = tex(source, display) {
        return tex;
    }
    let mut symbols = String::new();
    let mut at = id;
    while at < tree.subtree(id).end && symbols.len() < TEX_BYTES {
        if tree.tag(at) == Some(Tag::Annotation) {
            at = tree.subtree(at).end;
            continue;
        }
        for word in tree.text(at).unwrap_or_default().split_whitespace() {
            if !symbols.is_empty() {
                symbols.push(' ');
            }
            symbols.push_str(word);
        }
        at += 1;
    }
    Formula::Symbols(symbols)
}

/// TeX on one line, without the shell some writers put around it.
fn tex(source: &str, display: bool) -> Option<Formula> {
    let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
    let shell = |style: &str| {
        Some(source.strip_prefix("{")?.strip_prefix(style)?.strip_suffix('}')?.trim())
            .filter(|s| is_balanced(s))
    };
    let bare = shell("\\displaystyle ").or_else(|| shell("\\textstyle ")).unwrap_or(&source);
    if bare.is_empty() || bare.len() > TEX_BYTES || bare.contains('$') || bare.ends_with('\\') {
        return None;
    }
    let sign = if display { "$$" } else { "$" };
    Some(Formula::Tex(format!("{sign}{bare}{sign}")))
}

fn is_balanced(tex: &str) -> bool {
    let mut open = 0i32;
    tex.bytes().all(|b| {
        open += i32::from(b == b'{') - i32::from(b == b'}');
        open >= 0
    }) && open == 0
}

/// How far above and below its `<pre>` code may be called by its language.
const AROUND: usize = 3;

/// The language of a `<pre>`, as its class or that of an element close by names it.
pub fn language(tree: &Tree, pre: NodeId) -> Option<String> {
    let below = tree.subtree(pre).take(1 + AROUND).filter(|&n| n == pre || tree.tag(n) == Some(Tag::Code));
    let above = tree.ancestors(pre).skip(1).take(AROUND);
    below.chain(above).find_map(|n| named(tree, n))
}

fn named(tree: &Tree, id: NodeId) -> Option<String> {
    tree.tag(id)?;
    let data = [Attribute::DataLang, Attribute::DataLanguage].into_iter().find_map(|a| tree.attribute(id, a));
    data.and_then(tidy).or_else(|| by_class(tree.attribute(id, Attribute::Class)?))
}

fn by_class(class: &str) -> Option<String> {
    const STARTS: [&str; 4] = ["language-", "lang-", "highlight-source-", "brush:"];
    let names = || class.split_whitespace();
    let started = names().find_map(|name| STARTS.iter().find_map(|s| tidy(name.strip_prefix(s)?)));
    // `highlight-python` (Sphinx), `sourceCode python` (pandoc), `hljs python`, `brush: python`.
    started.or_else(|| names().find_map(|name| tidy(name.strip_prefix("highlight-")?))).or_else(|| {
        let mut rest = names().skip_while(|n| !matches!(*n, "sourceCode" | "hljs" | "brush:"));
        rest.next()?;
        tidy(rest.next()?)
    })
}

fn tidy(name: &str) -> Option<String> {
    let name = name.trim().trim_end_matches(';').to_ascii_lowercase();
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '.' | '-' | '_');
    let fits = !name.is_empty() && name.len() <= 20 && name.chars().all(letters);
    let says = !matches!(
        name.as_str(),
        "none" | "default" | "text" | "plain" | "plaintext" | "nohighlight" | "auto" | "undefined" | "null"
    );
    let is_letter_first = name.starts_with(|c: char| c.is_ascii_alphabetic());
    (fits && says && is_letter_first).then_some(name)
}

/// The number of a line of code, shown beside it.
pub fn is_line_number(tree: &Tree, id: NodeId) -> bool {
    const NAMES: [&str; 8] = [
        "lineno",
        "linenos",
        "linenumber",
        "line-number",
        "ln-numbers",
        "blob-num",
        "line-numbers",
        "gutter",
    ];
    let called = tree
        .attribute(id, Attribute::Class)
        .map(str::to_ascii_lowercase)
        .is_some_and(|class| NAMES.iter().any(|n| class.contains(n)));
    let nodes = tree.subtree(id);
    called
        && nodes.len() <= 4
        && nodes
            .filter_map(|n| tree.text(n))
            .all(|t| t.chars().all(|c| c.is_ascii_digit() || c.is_whitespace()))
}
