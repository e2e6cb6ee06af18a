//! What stands in a page's place, and pages that only look so.

use super::{page, prose, text};
use crate::record::Verdict;

#[test]
fn what_stands_in_a_pages_place_is_named() {
    for (verdict, title, line) in [
        (Verdict::NotFound, "Page not found", "Sorry, the page you were looking for is not here."),
        (Verdict::NotFound, "Page introuvable - Exemple", "La page que vous recherchez n'existe plus."),
        (Verdict::NotFound, "Seite nicht gefunden", "Die gesuchte Seite gibt es leider nicht mehr."),
        (Verdict::NotFound, "404", "Страница не найдена. Попробуйте начать с главной страницы."),
        (Verdict::NotFound, "页面不存在", "抱歉，您访问的页面不存在。"),
        (Verdict::BlockPage, "Just a moment...", "Checking your browser before accessing the site."),
        (
            Verdict::BlockPage,
            "Access denied",
            "You don't have permission to access this resource on this server.",
        ),
        (Verdict::BlockPage, "Example", "You need to enable JavaScript to run this app."),
        (Verdict::BlockPage, "Acceso denegado", "Por favor, verifica que no eres un robot para continuar."),
    ] {
        let got = page(&format!("<title>{title}</title><h1>{title}</h1><p>{line}</p>"));
        assert_eq!(got.verdict, verdict, "{title}: {line}");
    }
    for line in [
        "We value your privacy. We and our partners use cookies to store and access information on your device. You can accept or refuse.",
        "Avant de continuer : nous utilisons des cookies pour mesurer notre audience et pour afficher de la publicité. Vous pouvez accepter ou refuser.",
        "Wir verwenden Cookies, um unsere Seiten zu verbessern und Werbung zu zeigen. Sie können zustimmen oder ablehnen, auch später noch.",
    ] {
        let got = page(&format!("<title>Example</title><div>{line}</div><button>OK</button>"));
        assert_eq!(got.verdict, Verdict::ConsentWall, "{line}");
    }
}

#[test]
fn a_stub_before_a_subscription_is_a_paywall() {
    for line in [
        "Subscribe to continue reading this article.",
        "Article réservé aux abonnés",
        "Dieser Artikel ist nur für Abonnenten.",
        "Contenido exclusivo para suscriptores",
    ] {
        let got = page(&format!(
            "<h1>The mill turns again</h1><p>The old mill by the river was sold in spring, and its new owners want to \
             grind flour there again, as their neighbours told this paper.</p><p>For forty years nobody had turned the \
             wheel; the race was full of silt and the shaft had rusted fast.</p><div>{line}</div>"
        ));
        assert_eq!(got.verdict, Verdict::Paywall, "{line}");
    }
}

#[test]
fn a_long_article_may_speak_of_errors_captchas_and_paywalls() {
    let html = format!(
        "<title>Error 404: why pages are not found</title><h1>Error 404: why pages are not found</h1>{}\
         <p>Access denied, page not found, subscribe to continue reading: such lines are the furniture of the web.</p>{}",
        prose(),
        prose()
    );
    assert_eq!(page(&html).verdict, Verdict::Ok);
}

#[test]
fn little_or_nothing_is_said_to_be_so() {
    assert_eq!(page("<p></p>").verdict, Verdict::Empty);
    assert_eq!(text("").verdict, Verdict::Empty);
    assert_eq!(page("<p>Three short words</p>").verdict, Verdict::Thin);
}
