//! The signs of a page's kind, read off metadata, names and contents. Weighs none of them.

use super::super::calendar::{self, Order};
use super::super::facts::Facts;
use super::address;
use crate::clean::block::{Block, Region, Shape};
use crate::clean::fold::fold;
use crate::clean::parse::{ByName, Tag, Tree};
use crate::clean::quick::Map;
use aho_corasick::AhoCorasick;
use serde::Deserialize;
use std::sync::LazyLock;
use url::Url;

macro_rules! signs {
    ($($sign:ident),* $(,)?) => {
        /// A sign of a page's kind.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(usize)]
        pub enum Sign { $($sign,)* }

        /// Every sign, in the order of their strengths.
        pub const ALL: &[Sign] = &[$(Sign::$sign,)*];
    };
}

signs! {
    OgArticle, OgProduct, OgWebsite, PublishedTime, TypeArticle, TypeForum, TypeProduct, TypeList,
    TypeService, GeneratorForum, GeneratorDocs, GeneratorShop, HostForum, HostDocs, HostShop,
    HostBlog, PathForum, PathDocs, PathProduct, PathCollection, PathListing, PathArticle,
    PathService, PathRoot, PathLongSlug, PathDate, ClassForum, ClassDocs, ClassProduct, ClassCards,
    ClassTeasers, OneArticle, ManyArticles, CartButton, ManyCarts, ShopWords, SortWords, ReplyWords,
    OnePrice, ManyPrices, Code, MuchProse, SomeProse, LittleProse, LinkHeadings, MuchLinked, Long,
    Short, CommentForm, Times, SaysDate, ManyDates, SaysAuthor, Buttons, Headings, CommentsShare,
    ClassUsers, ShortPath, ListShare, TableShare, LongestBlock, Questions,
}

/// How many signs there are.
pub const SIGNS: usize = ALL.len();

/// The strength of each sign, 0 to 1.
pub type Signs = [f32; SIGNS];

/// Names that content systems give to parts of a page, and the sign they are.
#[rustfmt::skip]
const CLASSES: &[(Sign, &[&str])] = &[
    (Sign::ClassForum, &[
        "topic-body", "crawler-post", "message-body", "message--post", "postbody", "post_body", "cpost", "ipscomment", "postbit",
        "bbwrapper", "bbcode", "forum-post", "topic-post", "forumpost", "post_message", "answercell", "answer-body", "phpbb", "xenforo",
        "vbulletin", "thread-", "threadlist", "posthead", "post-author", "lia-message", "bbp-", "bbpress", "wpforo", "dwqa", "anspress", "asgaros", "nodebb",
        "smf_", "windowbg", "js-answer", "reply-content", "commtext", "usertext", "commentlisting", "signature", "topic-meta", "quoteblock",
    ]),
    (Sign::ClassDocs, &[
        "md-content", "rst-content", "theme-doc", "wy-nav", "docsearch", "sphinxsidebar", "bd-sidebar", "toctree", "vp-doc", "gitbook",
        "doc-content", "docs-content", "mdbook", "codehilite", "highlight-source", "on-this-page", "headerlink", "mw-parser-output",
        "docs-sidebar", "api-", "breadcrumbs__", "book-summary", "doc_content", "devsite",
    ]),
    (Sign::ClassProduct, &[
        "add-to-cart", "addtocart", "add_to_cart", "product-form", "product__price", "product-single", "single-product", "product-detail",
        "product__", "product-info", "product-page", "pdp", "buy-box", "product-main", "product-gallery", "product_title", "variant",
    ]),
    (Sign::ClassCards, &[
        "product-card", "product-item", "product-tile", "product-grid", "products-grid", "grid-product", "product-list", "productcard",
        "product_card", "collection-grid", "plp", "product-miniature", "woocommerce-loop", "card__product", "facet", "collection",
    ]),
    (Sign::ClassTeasers, &[
        "teaser", "post-item", "article-card", "news-item", "entry-summary", "post-card", "blog-card", "views-row", "search-result",
        "listing-item", "card__title", "article-list", "news-list", "post-list", "list-item", "archive", "loop-item", "pagination",
    ]),
    (Sign::ClassUsers, &[
        "username", "user-name", "usercard", "user-card", "poster", "avatar", "member-", "user-info", "userinfo", "comment-author",
    ]),
];

static CLASS_WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let names = CLASSES.iter().flat_map(|(_, names)| names.iter());
    AhoCorasick::builder().ascii_case_insensitive(true).build(names).ok()
});

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Shop {
    cart: Vec<String>,
    stock: Vec<String>,
    sort: Vec<String>,
    reply: Vec<String>,
}

fn read() -> Result<Shop, toml::de::Error> {
    toml::from_str(include_str!("../words/shop.toml"))
}

static SHOP: LazyLock<Map<String, Sign>> = LazyLock::new(|| {
    // A table that does not parse is a defect of the build; the tests name it.
    let shop = read().unwrap_or_default();
    let lists = [
        (shop.cart, Sign::CartButton),
        (shop.stock, Sign::ShopWords),
        (shop.sort, Sign::SortWords),
        (shop.reply, Sign::ReplyWords),
    ];
    lists.into_iter().flat_map(|(list, sign)| list.into_iter().map(move |p| (fold(&p), sign))).collect()
});

/// Reads the signs off a page, or off a text file.
pub fn of(tree: Option<&Tree>, facts: &Facts<'_>, blocks: &[Block], url: Option<&Url>) -> Signs {
    let mut signs = [0.0; SIGNS];
    if let Some(url) = url {
        address::read(url, &mut signs);
    }
    if let Some(tree) = tree {
        metadata(facts, &mut signs);
        elements(tree, &mut signs);
    }
    contents(blocks, &mut signs);
    signs
}

/// Notes a sign that is there or not.
pub fn set(signs: &mut Signs, sign: Sign, yes: bool) {
    if yes {
        signs[sign as usize] = 1.0;
    }
}

fn metadata(facts: &Facts<'_>, signs: &mut Signs) {
    let og = facts.meta_of(&["og:type"]).map_or(String::new(), |(_, v)| v.trim().to_ascii_lowercase());
    set(signs, Sign::OgArticle, og.contains("article") || og.contains("blog"));
    set(
        signs,
        Sign::OgProduct,
        og.contains("product") || facts.meta_of(&["product:price:amount", "og:price:amount"]).is_some(),
    );
    set(signs, Sign::OgWebsite, og == "website");
    set(
        signs,
        Sign::PublishedTime,
        facts.meta_of(&["article:published_time", "datepublished", "citation_publication_date"]).is_some(),
    );
    let said = facts.items.iter().filter(|i| i.depth == 0).flat_map(|i| i.types.iter().map(String::as_str));
    let products = facts.items.iter().filter(|i| i.is("Product") || i.is("ProductGroup")).count();
    for kind in said.chain(facts.types.iter().copied()) {
        let sign = match kind {
            "Article"
            | "NewsArticle"
            | "BlogPosting"
            | "ReportageNewsArticle"
            | "ScholarlyArticle"
            | "Recipe"
            | "Report" => Sign::TypeArticle,
            "DiscussionForumPosting" | "QAPage" => Sign::TypeForum,
            "Product" | "ProductGroup" if products <= 3 => Sign::TypeProduct,
            "CollectionPage" | "ItemList" | "SearchResultsPage" | "OfferCatalog" => Sign::TypeList,
            "Service"
            | "LocalBusiness"
            | "ProfessionalService"
            | "Course"
            | "FAQPage"
            | "HomeAndConstructionBusiness"
            | "SoftwareApplication" => Sign::TypeService,
            _ => continue,
        };
        set(signs, sign, true);
    }
    let signed = facts.text_item().is_some_and(|i| !i.authors.is_empty());
    set(
        signs,
        Sign::SaysAuthor,
        signed || facts.meta_of(&["author", "article:author"]).is_some() || !facts.authors.is_empty(),
    );
    let generator = facts
        .meta_of(&["generator", "application-name"])
        .map_or(String::new(), |(_, v)| v.to_ascii_lowercase());
    let made_by = |names: &[&str]| names.iter().any(|n| generator.contains(n));
    set(
        signs,
        Sign::GeneratorForum,
        made_by(&[
            "discourse",
            "phpbb",
            "vbulletin",
            "xenforo",
            "mybb",
            "invision",
            "flarum",
            "nodebb",
            "smf",
            "vanilla",
            "fluxbb",
            "question2answer",
        ]),
    );
    set(
        signs,
        Sign::GeneratorDocs,
        made_by(&[
            "mkdocs",
            "sphinx",
            "docusaurus",
            "docutils",
            "vuepress",
            "vitepress",
            "gitbook",
            "mdbook",
            "doxygen",
            "javadoc",
            "docfx",
            "starlight",
            "mediawiki",
            "readme",
            "asciidoctor",
            "antora",
            "madcap",
            "confluence",
        ]),
    );
    set(
        signs,
        Sign::GeneratorShop,
        made_by(&["woocommerce", "shopify", "prestashop", "magento", "opencart", "bigcommerce", "shopware"]),
    );
}

/// What the elements are called.
fn elements(tree: &Tree, signs: &mut Signs) {
    let signs_of: Vec<Sign> = CLASSES.iter().flat_map(|(s, names)| names.iter().map(move |_| *s)).collect();
    let mut met: Map<usize, usize> = Map::default();
    let mut known: ByName<Option<usize>> = ByName::default();
    let (mut articles, mut code, mut times) = (0, 0, 0);
    for id in 0..tree.len() {
        let Some(tag) = tree.tag(id) else { continue };
        articles += usize::from(tag == Tag::Article);
        code += usize::from(tag == Tag::Pre);
        times += usize::from(tag == Tag::Time);
        let Some(words) = &*CLASS_WORDS else { continue };
        let find = |name: &str| {
            let found = words.find(name.get(..400).unwrap_or(name))?;
            Some(signs_of[found.pattern().as_usize()] as usize)
        };
        for name in tree.names(id) {
            if let Some(sign) = *known.of(name, find) {
                *met.entry(sign).or_default() += 1;
            }
        }
    }
    for (sign, count) in met {
        signs[sign] = scale(count, 20);
    }
    set(signs, Sign::OneArticle, articles == 1);
    set(signs, Sign::ManyArticles, articles >= 5);
    signs[Sign::Code as usize] = scale(code, 8);
    signs[Sign::Times as usize] = scale(times, 10);
}

/// 0 to 1: how many, up to a number that is many.
fn scale(count: usize, many: usize) -> f32 {
    ((1 + count.min(many)) as f32).ln() / ((1 + many) as f32).ln()
}

/// What the page is made of.
fn contents(blocks: &[Block], signs: &mut Signs) {
    let (mut prose, mut linked, mut words, mut link_headings, mut prices, mut form) =
        (0usize, 0.0f32, 0usize, 0, 0, false);
    let mut said: Map<usize, usize> = Map::default();
    let (
        mut dates,
        mut early,
        mut buttons,
        mut headings,
        mut comments,
        mut lists,
        mut cells,
        mut longest,
        mut questions,
    ) = (0, false, 0, 0, 0usize, 0usize, 0usize, 0usize, 0);
    for (at, block) in blocks.iter().enumerate() {
        if block.words <= 12
            && block.digits > 0.0
            && !block.region.has(Region::FOOTER | Region::ASIDE)
            && calendar::find(&block.text, Order::DayFirst).is_some()
        {
            dates += 1;
            early |= at < 80;
        }
        buttons += usize::from(block.region.has(Region::BUTTON));
        headings += usize::from(matches!(block.shape, Shape::Heading(2..=4)));
        comments += if block.region.has(Region::COMMENTS) { block.words } else { 0 };
        lists += if block.shape == Shape::ListItem { block.words } else { 0 };
        cells += if block.shape == Shape::Cell { block.words } else { 0 };
        longest = longest.max(if block.link_density < 0.3 { block.words } else { 0 });
        questions +=
            usize::from(matches!(block.shape, Shape::Heading(_)) && block.text.ends_with(['?', '？', '؟']));
        words += block.words;
        linked += block.words as f32 * block.link_density;
        if block.words >= 20
            && block.link_density < 0.3
            && block.sentences > 0
            && !block.region.has(Region::COMMENTS | Region::FOOTER)
        {
            prose += block.words;
        }
        link_headings +=
            usize::from(matches!(block.shape, Shape::Heading(2..=4)) && block.link_density > 0.8);
        prices += usize::from(block.words <= 8 && is_price(&block.text));
        form |= block.region.has(Region::COMMENTS) && block.region.has(Region::FORM);
        if block.words <= 5
            && let Some(sign) = SHOP.get(block.folded.strip_suffix(" 0").unwrap_or(&block.folded))
        {
            *said.entry(*sign as usize).or_default() += 1;
        }
    }
    let carts = said.get(&(Sign::CartButton as usize)).copied().unwrap_or(0);
    for (sign, count) in said {
        signs[sign] = scale(count, 10);
    }
    set(signs, Sign::ManyCarts, carts >= 5);
    set(signs, Sign::OnePrice, (1..6).contains(&prices));
    signs[Sign::ManyPrices as usize] = if prices >= 6 { scale(prices, 40) } else { 0.0 };
    let share = prose as f32 / words.max(1) as f32;
    set(signs, Sign::MuchProse, prose >= 400);
    set(signs, Sign::SomeProse, (120..400).contains(&prose));
    set(signs, Sign::LittleProse, share < 0.2);
    signs[Sign::LinkHeadings as usize] = scale(link_headings, 15);
    signs[Sign::MuchLinked as usize] = linked / words.max(1) as f32;
    set(signs, Sign::Long, words >= 2_000);
    set(signs, Sign::Short, words < 400);
    set(signs, Sign::CommentForm, form);
    set(signs, Sign::SaysDate, early);
    signs[Sign::ManyDates as usize] = if dates >= 4 { scale(dates, 20) } else { 0.0 };
    signs[Sign::Buttons as usize] = scale(buttons, 30);
    signs[Sign::Headings as usize] = scale(headings, 30);
    let of_all = |part: usize| part as f32 / words.max(1) as f32;
    signs[Sign::CommentsShare as usize] = of_all(comments);
    signs[Sign::ListShare as usize] = of_all(lists);
    signs[Sign::TableShare as usize] = of_all(cells);
    signs[Sign::LongestBlock as usize] = scale(longest, 150);
    signs[Sign::Questions as usize] = scale(questions, 8);
}

/// A currency sign beside a number.
pub fn is_price(text: &str) -> bool {
    let currency = |c: char| matches!(c, '$' | '€' | '£' | '¥' | '₹' | '₺' | '₽' | '₩' | '₴' | '￥');
    let short =
        ["EUR", "USD", "zł", "руб", "kr", "Kč", "Ft", "lei", "TL", "Rp", "R$", "元", "円", "د.إ", "ر.س"];
    text.bytes().any(|b| b.is_ascii_digit())
        && (text.contains(currency) || short.iter().any(|s| text.contains(s)))
}
