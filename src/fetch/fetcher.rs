//! The fetcher that callers hold: what is shared by all fetches, and the ways to start one.

use super::client::Client;
use super::errand::Errand;
use super::outcome::{Outcome, Target};
use super::pace::{HostPace, Pace};
use super::receive::Want;
use super::robots;
use super::robots_cache::RobotsCache;
use super::settings::{Settings, SetupError};
use super::stop::Stop;
use std::sync::Arc;
use std::time::Instant;

/// Fetches. Clones share the hosts' politeness, the robots.txt cache and the connections.
#[derive(Debug, Clone)]
pub struct Fetcher(Arc<Shared>);

/// What all fetches of one fetcher share.
#[derive(Debug)]
pub(super) struct Shared {
    pub settings: Settings,
    pub client: Client,
    pub pace: Pace,
    pub robots: RobotsCache,
    /// What robots.txt files call this crawler.
    pub agent: String,
}

impl Fetcher {
    /// # Errors
    /// A user agent that cannot be sent, or no HTTP client on this machine.
    pub fn new(settings: Settings) -> Result<Self, SetupError> {
        Ok(Self(Arc::new(Shared {
            client: Client::new(&settings)?,
            pace: Pace::new(&settings),
            robots: RobotsCache::default(),
            agent: robots::product_token(&settings.user_agent).to_owned(),
            settings,
        })))
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Fetches one page: waits for the host's turn, asks robots.txt, follows redirects, tries again
    /// where that helps. Anything but HTML and text is skipped.
    pub async fn fetch(&self, target: &Target) -> Outcome {
        self.fetch_until(target, &Stop::new()).await
    }

    /// As [`Fetcher::fetch`]; once stopped, waits end and no new try begins, but a request under way
    /// is finished.
    pub async fn fetch_until(&self, target: &Target, stop: &Stop) -> Outcome {
        self.errand(Want::Page, stop).run(target).await
    }

    /// As [`Fetcher::fetch_until`], for a list, feed or sitemap: any content type, up to 50 MiB.
    pub async fn fetch_list(&self, target: &Target, stop: &Stop) -> Outcome {
        self.errand(Want::List, stop).run(target).await
    }

    /// When the host (see [`super::host_key`]) may be asked again; now for one never asked.
    pub fn ready_at(&self, host: &str) -> Instant {
        self.0.pace.ready_at(host)
    }

    /// The hosts that still rest, to be kept across a restart.
    pub fn resting_hosts(&self) -> Vec<HostPace> {
        self.0.pace.snapshot()
    }

    /// Takes up what [`Fetcher::resting_hosts`] gave in an earlier run.
    pub fn restore(&self, resting: &[HostPace]) {
        self.0.pace.restore(resting);
    }

    fn errand<'a>(&'a self, want: Want, stop: &'a Stop) -> Errand<'a> {
        Errand { shared: &self.0, want, stop }
    }
}
