//! Reads off an element's name, role, class and id what part of a page it marks. Names of one site never
//! stand here: only words that content systems and designers share.

use super::block::Region;
use super::parse::{Attribute, ByName, Name, NodeId, Tag, Tree};

/// The region that each node opens, by its id.
pub fn map(tree: &Tree) -> Vec<u32> {
    let mut known = ByName::default();
    (0..tree.len()).map(|id| opened(tree, id, |name| *known.of(name, by_names)).0).collect()
}

/// The region that an element opens.
pub fn of(tree: &Tree, id: NodeId) -> Region {
    opened(tree, id, |name| by_names(name.text))
}

/// `by_names`: the bits of a class or an id.
fn opened<'t>(tree: &'t Tree, id: NodeId, mut by_names: impl FnMut(Name<'t>) -> u32) -> Region {
    let Some(tag) = tree.tag(id) else { return Region::default() };
    let mut bits = by_tag(tag);
    if let Some(role) = tree.attribute(id, Attribute::Role) {
        bits |= by_role(role);
    }
    if tree.attribute(id, Attribute::Hidden).is_some()
        || tree.attribute(id, Attribute::AriaHidden) == Some("true")
        || tree.attribute(id, Attribute::Style).is_some_and(hides)
    {
        bits |= Region::HIDDEN;
    }
    if !matches!(tag, Tag::Html | Tag::Body) {
        bits |= tree.names(id).fold(0, |bits, name| bits | by_names(name));
    }
    if let Some(property) = tree.attribute(id, Attribute::Itemprop) {
        bits |= match property {
            "articleBody" | "reviewBody" | "recipeInstructions" => Region::BODY_CLASS,
            "breadcrumb" => Region::BREADCRUMB,
            "author" | "datePublished" | "dateModified" => Region::META,
            _ => 0,
        };
    }
    // What belongs to an article is not the site's.
    if bits & Region::BODY_CLASS != 0 && bits & (Region::HEADER | Region::META) != 0 {
        bits &= !(Region::HEADER | Region::BODY_CLASS);
    }
    Region(bits)
}

/// The bits that speak against a block.
pub const AGAINST: u32 = Region::NAV
    | Region::HEADER
    | Region::FOOTER
    | Region::ASIDE
    | Region::FORM
    | Region::COMMENTS
    | Region::RELATED
    | Region::SHARE
    | Region::CONSENT
    | Region::AD
    | Region::META
    | Region::WIDGET
    | Region::MODAL
    | Region::PROMO
    | Region::BUTTON
    | Region::PAGER
    | Region::TAGS
    | Region::BREADCRUMB
    | Region::LOGIN
    | Region::HIDDEN;

fn by_tag(tag: Tag) -> u32 {
    match tag {
        Tag::Nav | Tag::Menu => Region::NAV,
        Tag::Header => Region::HEADER,
        Tag::Footer => Region::FOOTER,
        Tag::Aside => Region::ASIDE,
        Tag::Form | Tag::Fieldset | Tag::Search => Region::FORM,
        Tag::Main => Region::MAIN,
        Tag::Article => Region::ARTICLE,
        Tag::Dialog => Region::MODAL,
        Tag::Button => Region::BUTTON,
        _ => 0,
    }
}

fn by_role(role: &str) -> u32 {
    match role {
        "navigation" | "menu" | "menubar" | "tablist" => Region::NAV,
        "banner" => Region::HEADER,
        "contentinfo" => Region::FOOTER,
        "complementary" => Region::ASIDE,
        "search" | "form" => Region::FORM,
        "main" => Region::MAIN,
        "article" => Region::ARTICLE,
        "dialog" | "alertdialog" | "tooltip" => Region::MODAL,
        "button" => Region::BUTTON,
        _ => 0,
    }
}

fn hides(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// Cuts `articleBody related-posts_list` into `article body related posts list` and looks each word up.
fn by_names(value: &str) -> u32 {
    let mut bits = 0;
    let mut word = String::new();
    let mut before = '\0';
    for c in value.chars().chain([' ']) {
        let new_word = !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase());
        if new_word {
            bits |= by_word(&word);
            word.clear();
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    bits
}

fn by_word(word: &str) -> u32 {
    match word {
        "nav" | "navbar" | "navigation" | "navi" | "menu" | "menus" | "topnav" | "subnav" | "submenu"
        | "mainmenu" | "topmenu" | "menubar" | "topbar" | "toolbar" | "megamenu" | "sitemap" | "skiplink"
        | "skip" | "hamburger" => Region::NAV,
        "header" | "masthead" | "siteheader" | "pageheader" | "head" | "hdr" | "logo" => Region::HEADER,
        "footer" | "foot" | "colophon" | "sitefooter" | "pagefooter" | "footnav" | "copyright" | "legal"
        | "disclaimer" | "imprint" => Region::FOOTER,
        "sidebar" | "aside" | "rail" | "rightcol" | "leftcol" | "rightcolumn" | "leftcolumn"
        | "secondary" | "tertiary" | "side" | "sidecol" | "rightbar" | "leftbar" | "rightrail" => {
            Region::ASIDE
        }
        "comment" | "comments" | "commentlist" | "disqus" | "respond" | "commenti" | "kommentare"
        | "commentaires" | "commentaire" | "comentarios" | "komentarze" | "respuestas" | "guestbook" => {
            Region::COMMENTS
        }
        "related" | "recommended" | "recommendation" | "recommendations" | "recommend" | "similar"
        | "popular" | "trending" | "mostread" | "mostviewed" | "mostpopular" | "outbrain" | "taboola"
        | "recirc" | "recirculation" | "readmore" | "morenews" | "relacionadas" | "relacionados"
        | "suggested" | "suggestions" | "upnext" | "ranking" | "crosslinks" | "teaser" | "teasers"
        | "latest" | "yarpp" | "headlines" | "also" | "rel" | "zobacz" => Region::RELATED,
        "share" | "sharing" | "shares" | "social" | "socials" | "addthis" | "sharethis" | "sharedaddy"
        | "addtoany" | "bookmarks" | "sharebar" | "sns" | "bshare" | "bdshare" | "jiathis" | "follow"
        | "tweet" | "facebook" | "twitter" | "whatsapp" | "print" => Region::SHARE,
        "cookie" | "cookies" | "consent" | "gdpr" | "onetrust" | "didomi" | "cookiebot" | "cmp" | "ccpa"
        | "cookieconsent" => Region::CONSENT,
        "ad" | "ads" | "adv" | "advert" | "adverts" | "advertisement" | "advertising" | "adsense"
        | "adsbygoogle" | "dfp" | "sponsor" | "sponsored" | "sponsors" | "banner" | "banners" | "reklama"
        | "werbung" | "publicidad" | "pub" | "commercial" | "adbox" | "gpt" => Region::AD,
        "articlebody" | "articlecontent" | "articletext" | "storybody" | "storytext" | "postbody"
        | "postcontent" | "entrycontent" | "bodytext" | "bodycopy" | "maincontent" | "mainbody"
        | "article" | "story" | "entry" | "post" | "hentry" | "prose" | "markdown" | "artykul"
        | "artikel" | "articulo" | "noticia" | "tekst" | "fulltext" | "newstext" | "blogpost" | "mw"
        | "detail" => Region::BODY_CLASS,
        "byline" | "meta" | "author" | "authors" | "timestamp" | "dateline" | "posted" | "published"
        | "date" | "credit" | "credits" | "pubdate" | "postmeta" | "entrymeta" | "bio" | "avatar"
        | "profile" => Region::META,
        "widget" | "widgets" | "weather" | "calendar" | "poll" | "ticker" | "marquee" | "horoscope"
        | "meteo" | "quote" => Region::WIDGET,
        "modal" | "popup" | "overlay" | "lightbox" | "dialog" | "tooltip" | "offcanvas" | "drawer"
        | "toast" | "dropdown" | "flyout" | "interstitial" => Region::MODAL,
        "promo" | "promos" | "promotion" | "newsletter" | "newsletters" | "subscribe" | "subscription"
        | "signup" | "cta" | "donate" | "donation" | "paywall" | "optin" | "mailchimp" => Region::PROMO,
        "pager" | "pagination" | "paging" | "pagenav" | "pagenavi" | "paginator" | "prev" | "next"
        | "prevnext" => Region::PAGER,
        "tags" | "taglist" | "tagcloud" | "categories" | "keywords" | "topics" | "labels" | "catlinks" => {
            Region::TAGS
        }
        "breadcrumb" | "breadcrumbs" | "crumb" | "crumbs" | "ariane" | "pathway" => Region::BREADCRUMB,
        "login" | "signin" | "register" | "registration" | "account" | "logon" | "userbar" => Region::LOGIN,
        "btn" | "button" | "buttons" => Region::BUTTON,
        "hidden" | "invisible" | "hide" | "noprint" | "srt" | "offscreen" | "hiddentext" => Region::HIDDEN,
        _ => 0,
    }
}
