//! Sources -> inputs, in order. Reads list files; fetches lists only through `fetch`.

use std::io;
use std::path::Path;

use url::Url;

use super::config::is_remote;
use super::keep::stopped;
use super::ledger::{Line, State};
use crate::fetch::list::{self, Entry};
use crate::fetch::{self, Class, Failure, Fetcher, Stop};

/// Where inputs come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// URLs as typed.
    Urls(Vec<String>),
    /// A text list, feed or sitemap, told apart by content: a path, or an `http(s)` URL.
    List(String),
    /// The same, already read.
    Text { name: String, bytes: Vec<u8> },
}

/// One input.
#[derive(Debug, Clone)]
pub(super) enum Given {
    /// To be fetched.
    Url(Url),
    /// At its end already: not a URL, a repetition, or a list that could not be read.
    Settled(Line),
}

/// Reads every source. A source that cannot be read is one failed input; the others go on.
pub(super) async fn gather(sources: &[Source], fetcher: &Fetcher, stop: &Stop) -> Vec<Given> {
    let mut given = Vec::new();
    for source in sources {
        match source {
            Source::Urls(urls) => given.extend(urls.iter().map(|url| typed(url))),
            Source::Text { name, bytes } => read(name, bytes, fetcher, stop, &mut given).await,
            Source::List(list) if is_remote(list) => match Url::parse(list) {
                Ok(url) => remote(&url, fetcher, stop, &mut given).await,
                Err(why) => given.push(bad(list, "bad-url", why.to_string())),
            },
            // One read of a list a run; the other tasks have nothing to do before it is there.
            Source::List(path) => match std::fs::read(Path::new(path)) {
                Ok(bytes) => read(path, &bytes, fetcher, stop, &mut given).await,
                Err(why) => given.push(bad(path, "list", unreadable(path, &why))),
            },
        }
    }
    given
}

fn typed(text: &str) -> Given {
    let advice = "write it whole, such as https://example.org/page";
    if !text.contains("://") && Path::new(text).is_file() {
        return bad(text, "bad-url", format!("this is a file; if it lists URLs, give it as --list {text}"));
    }
    match Url::parse(text.trim()) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Given::Url(url),
        Ok(_) => bad(text, "bad-url", format!("not an http or https URL; {advice}")),
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            bad(text, "bad-url", format!("it does not begin with https:// or http://; {advice}"))
        }
        Err(why) => bad(text, "bad-url", format!("{why}; {advice}")),
    }
}

fn unreadable(path: &str, why: &io::Error) -> String {
    match why.kind() {
        _ if path.is_empty() => {
            "the list has no name; give a file or a URL, or - for standard input".to_owned()
        }
        io::ErrorKind::NotFound => {
            "there is no such file; check the path, or write a URL whole, with https://".to_owned()
        }
        io::ErrorKind::IsADirectory => "this is a folder; name the file in it that lists the URLs".to_owned(),
        io::ErrorKind::PermissionDenied => "this list may not be read; check its permissions".to_owned(),
        _ => format!("cannot read this list ({why}); check the file"),
    }
}

async fn read(name: &str, bytes: &[u8], fetcher: &Fetcher, stop: &Stop, given: &mut Vec<Given>) {
    let list = list::parse(bytes, None);
    take(name, list.entries, given);
    if let Some(why) = list.broken {
        given.push(bad(name, "list", why));
    }
    for nested in &list.nested {
        remote(nested, fetcher, stop, given).await;
    }
}

async fn remote(url: &Url, fetcher: &Fetcher, stop: &Stop, given: &mut Vec<Given>) {
    let gathered = fetch::gather(fetcher, url, stop).await;
    take(url.as_str(), gathered.entries, given);
    for (list, failure) in gathered.failed {
        given.push(Given::Settled(unread(&list, failure)));
    }
}

fn take(list: &str, entries: Vec<Entry>, given: &mut Vec<Given>) {
    given.extend(entries.into_iter().map(|entry| match entry {
        Entry::Url { url, .. } | Entry::Repeated { url, .. } => Given::Url(url),
        Entry::Invalid { line, text, why } => bad(&text, "bad-url", format!("{list}, line {line}: {why}")),
    }));
}

fn unread(list: &Url, failure: Failure) -> Line {
    if failure.class == Class::Stopped {
        return Line::new(list.as_str(), stopped());
    }
    let state = State::Failed { class: failure.class.as_str().to_owned() };
    let mut line = Line::new(list.as_str(), state);
    line.http_status = failure.http_status;
    line.because(format!("this list: {}", failure.detail))
}

fn bad(text: &str, class: &str, why: String) -> Given {
    let state = State::Failed { class: class.to_owned() };
    Given::Settled(Line::new(text, state).because(why))
}
