//! Name lookup behind the address guard. Knows no HTTP.

use crate::fetch::guard::{self, Blocked, Cidr};
use crate::fetch::settings::Settings;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Name lookup that gives out only addresses that may be asked.
pub(super) struct Lookup {
    allowed: Arc<[Cidr]>,
    fixed: Arc<HashMap<String, Vec<IpAddr>>>,
}

impl Lookup {
    pub fn new(settings: &Settings) -> Self {
        let fixed = settings
            .resolve
            .iter()
            .map(|(name, addresses)| (name.to_ascii_lowercase(), addresses.clone()))
            .collect();
        Self { allowed: settings.allow_net.clone().into(), fixed: Arc::new(fixed) }
    }
}

/// A name without an address.
#[derive(Debug)]
pub(super) struct LookupError {
    pub temporary: bool,
    text: String,
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for LookupError {}

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let (allowed, fixed) = (self.allowed.clone(), self.fixed.clone());
        Box::pin(async move {
            let name = name.as_str().trim_end_matches('.').to_ascii_lowercase();
            let found: Vec<IpAddr> = match fixed.get(&name) {
                Some(addresses) => addresses.clone(),
                None => look_up(&name).await?,
            };
            let mut blocked: Option<Blocked> = None;
            let mut open = Vec::new();
            for address in found {
                match guard::check(address, &allowed) {
                    Ok(()) => open.push(SocketAddr::new(address, 0)),
                    Err(error) => blocked = Some(error),
                }
            }
            if !open.is_empty() {
                let addresses: Addrs = Box::new(open.into_iter());
                return Ok(addresses);
            }
            Err(match blocked {
                Some(error) => error.into(),
                None => LookupError { temporary: false, text: "the name has no address".to_owned() }.into(),
            })
        })
    }
}

async fn look_up(name: &str) -> Result<Vec<IpAddr>, LookupError> {
    match tokio::net::lookup_host((name, 0)).await {
        Ok(found) => Ok(found.map(|socket| socket.ip()).collect()),
        Err(error) => {
            let text = error.to_string();
            // The resolver's code is lost in `io::Error`; glibc's and musl's words for EAI_AGAIN remain.
            let temporary = text.contains("Temporary failure") || text.contains("Try again");
            let advice =
                if temporary { "is this machine on the network?" } else { "check the name's spelling" };
            Err(LookupError { temporary, text: format!("{text}; {advice}") })
        }
    }
}
