//! JSON Feed (jsonfeed.org, 1.0 and 1.1): the `url` of each item, else its `external_url`.

use super::{Collected, Format};
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
struct Feed {
    items: Option<Vec<Item>>,
}

#[derive(Deserialize)]
struct Item {
    url: Option<String>,
    external_url: Option<String>,
}

pub(super) fn read(text: &str, base: Option<&Url>, into: &mut Collected) -> Format {
    match serde_json::from_str::<Feed>(text.trim_start()) {
        Ok(Feed { items: Some(items) }) => {
            for (index, item) in items.into_iter().enumerate() {
                // An item without a link is a note, not an error.
                if let Some(link) = item.url.or(item.external_url) {
                    into.take(index + 1, &link, base);
                }
            }
        }
        Ok(Feed { items: None }) => {
            into.broken = Some("this is JSON, but no JSON Feed: it has no \"items\"".to_owned());
        }
        Err(error) => into.broken = Some(format!("this is no JSON Feed: {error}")),
    }
    Format::JsonFeed
}
