//! What the HTTP client's errors mean, in this program's classes.

use super::lookup::LookupError;
use crate::fetch::guard::Blocked;
use crate::fetch::outcome::{Class, Failure};
use std::error::Error;

/// How far the exchange had come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Head,
    Body,
}

/// The class of a failed exchange, by the causes beneath the error.
pub(super) fn classify(error: reqwest::Error, phase: Phase) -> Failure {
    let text = innermost(&error);
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(link) = cause {
        if let Some(class) = class_of(link, phase) {
            return Failure::new(class, text);
        }
        cause = beneath(link);
    }
    let class = if error.is_timeout() {
        Class::Timeout
    } else if phase == Phase::Body {
        Class::Truncated
    } else if error.is_connect() {
        Class::Connect
    } else if error.is_builder() {
        Class::BadUrl
    } else {
        Class::BadResponse
    };
    Failure::new(class, text)
}

fn class_of(error: &(dyn Error + 'static), phase: Phase) -> Option<Class> {
    if error.is::<Blocked>() {
        return Some(Class::BlockedAddress);
    }
    if let Some(lookup) = error.downcast_ref::<LookupError>() {
        return Some(if lookup.temporary { Class::DnsTemporary } else { Class::Dns });
    }
    if error.is::<rustls::Error>() {
        return Some(Class::Tls);
    }
    if let Some(http) = error.downcast_ref::<hyper::Error>() {
        if phase == Phase::Body {
            return None;
        }
        if http.is_parse() {
            return Some(Class::BadResponse);
        }
        if http.is_incomplete_message() || http.is_closed() || http.is_canceled() {
            return Some(Class::Connect);
        }
    }
    if let Some(io) = error.downcast_ref::<std::io::Error>()
        && phase == Phase::Head
    {
        use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
        if matches!(io.kind(), ConnectionReset | ConnectionAborted | BrokenPipe | UnexpectedEof) {
            return Some(Class::Connect);
        }
    }
    None
}

/// The cause of an error. An `io::Error` names only the cause of what it wraps as its `source`, so
/// what it wraps is asked for first.
fn beneath<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref()) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// The last word of a chain of errors: the one that says what happened. Never names the URL.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = beneath(last) {
        last = next;
    }
    last.to_string()
}
