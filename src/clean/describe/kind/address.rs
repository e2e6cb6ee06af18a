//! What a page's address says of its kind. Knows words that sites share, and no site.

use super::super::calendar;
use super::signs::{Sign, Signs, set};
use crate::clean::weigh::features::Row;
use url::Url;

/// What the host and the path say.
pub fn read(url: &Url, signs: &mut Signs) {
    let host = url.host_str().unwrap_or_default();
    let mut labels = host.split('.');
    let first = labels.next().unwrap_or_default();
    set(
        signs,
        Sign::HostForum,
        matches!(
            first,
            "forum"
                | "forums"
                | "community"
                | "discuss"
                | "discussion"
                | "discussions"
                | "discourse"
                | "answers"
                | "ask"
                | "board"
                | "boards"
                | "foro"
                | "talk"
                | "users"
                | "meta"
        ) || first.starts_with("forum")
            || host.contains("forum")
            || host.contains("stackexchange"),
    );
    set(
        signs,
        Sign::HostDocs,
        matches!(
            first,
            "docs"
                | "doc"
                | "developer"
                | "developers"
                | "wiki"
                | "help"
                | "api"
                | "dev"
                | "documentation"
                | "guide"
                | "learn"
                | "manual"
                | "kb"
        ) || host.contains("readthedocs")
            || host.contains("github.io")
            || host.contains("gitbook"),
    );
    set(
        signs,
        Sign::HostShop,
        matches!(first, "shop" | "store" | "boutique" | "tienda" | "loja") || host.contains("shop"),
    );
    set(
        signs,
        Sign::HostBlog,
        matches!(first, "blog" | "blogs" | "news") || host.contains("blog") || host.contains("news"),
    );

    let path = url.path().to_ascii_lowercase();
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).take(20).collect();
    set(signs, Sign::PathRoot, parts.is_empty());
    set(signs, Sign::ShortPath, parts.len() == 1);
    let query = url.query().unwrap_or_default();
    set(signs, Sign::PathForum, ["topic=", "showtopic=", "tid=", "board="].iter().any(|q| query.contains(q)));
    set(signs, Sign::PathDate, calendar::in_path(&path).is_some() || year_month(&parts));
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        let name = part.split('.').next().unwrap_or(part);
        match name {
            "t" | "d" | "community" | "topicid" | "discussion-topics" | "comments" | "answers" | "thread"
            | "threads" | "topic" | "topics" | "forum" | "forums" | "viewtopic" | "showthread"
            | "questions" | "discussion" | "discussions" | "board" | "boards" | "question" | "viewthread"
            | "posts"
                if !last || name.starts_with("view") || name.starts_with("show") =>
            {
                set(signs, Sign::PathForum, true);
            }
            "docs" | "doc" | "documentation" | "documentacion" | "dokumentation" | "dokumentacja"
            | "manuel" | "handbuch" | "book" | "man-pages" | "guides" | "support" | "tutorials"
            | "manual" | "reference" | "ref" | "wiki" | "handbook" | "user-guide" | "userguide" | "guide"
            | "tutorial" | "api" | "spec" | "man" | "kb" | "help" | "userdocs" | "latest" | "stable"
            | "quickstart" => {
                set(signs, Sign::PathDocs, true);
            }
            "product" | "products" | "p" | "dp" | "item" | "itm" | "produit" | "producto" | "produkt"
            | "prodotto"
                if !last =>
            {
                set(signs, Sign::PathProduct, true);
            }
            "kategorie" | "categorie" | "categoria" | "categorias" | "kategori" | "kategoria" | "katalog"
            | "catalogue" | "catalogo" | "boutique" | "tienda" | "negozio" | "loja" | "winkel" | "sklep"
            | "magazin" | "collection" | "collections" | "shop" | "product-category" | "c" | "catalog"
            | "category" | "categories" | "plp" | "store" | "browse" | "products" => {
                set(signs, Sign::PathCollection, true);
            }
            "news" | "blog" | "articles" | "jobs" | "events" | "tag" | "tags" | "archive" | "archives"
            | "search" | "page" | "directory" | "list" | "resources" | "press" | "listings" | "all"
            | "courses" | "programs" | "topic" | "topics" | "actualites" | "noticias" | "nachrichten"
            | "notizie" | "nieuws" | "haberler" | "berita" | "novosti" | "aktualnosci" | "nea" | "themen"
            | "blogs" | "index" | "rubrique" | "rubriche" | "portfolio" | "projects" | "schedule"
            | "directories"
                if last =>
            {
                set(signs, Sign::PathListing, true);
            }
            "news" | "blog" | "article" | "articles" | "story" | "blogs" | "post" | "insights" | "learn"
            | "stories" | "recipes" | "pulse" | "magazine" => {
                set(signs, Sign::PathArticle, true);
            }
            "services" | "service" | "solutions" | "pricing" | "plans" | "about" | "features"
            | "programs" | "program" | "courses" | "course" | "contact" | "insurance" | "membership"
            | "admissions" | "locations" | "department" | "departments" | "what-we-do" | "platform"
            | "industries" | "use-cases" | "leistungen" | "dienstleistungen" | "prestations"
            | "servicios" | "servizi" | "servicos" | "diensten" | "hizmetler" | "layanan" | "uslugi"
            | "offre" | "angebot" | "angebote" => {
                set(signs, Sign::PathService, true);
            }
            _ => {}
        }
        set(signs, Sign::PathLongSlug, last && name.matches(['-', '_']).count() >= 5);
    }
}

fn year_month(parts: &[&str]) -> bool {
    parts.windows(2).any(|w| {
        matches!(w[0].parse::<u16>(), Ok(1990..=2100))
            && w[0].len() == 4
            && w[1].len() == 2
            && matches!(w[1].parse::<u8>(), Ok(1..=12))
    })
}

/// What an address looks like.
pub fn write(url: Option<&Url>, row: &mut impl Row) {
    let path = url.map_or("", |u| u.path().trim_matches('/'));
    let parts = || path.split('/').filter(|p| !p.is_empty());
    let last = parts().next_back().unwrap_or_default();
    let longest_number = path.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    row.flag("address known", url.is_some());
    row.add("address depth", parts().count().min(12) as f32);
    row.add("address letters", path.chars().count().min(200) as f32);
    row.add("address digits", path.bytes().filter(u8::is_ascii_digit).count().min(20) as f32);
    row.add("address number", longest_number.min(12) as f32);
    row.add("address last words", last.split(['-', '_', '+']).filter(|w| w.len() > 1).count().min(20) as f32);
    row.add("address first words", {
        let first = parts().next().unwrap_or_default();
        first.split(['-', '_', '+']).filter(|w| w.len() > 1).count().min(20) as f32
    });
    row.flag("address ends", last.contains('.'));
    row.flag("address slash", url.is_some_and(|u| u.path().ends_with('/')));
    row.add("address query", url.map_or(0, |u| u.query_pairs().take(8).count()) as f32);
}
