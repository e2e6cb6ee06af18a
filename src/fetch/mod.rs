//! URLs -> bytes, politely: lists, robots.txt, pace per host, address guard, size and time caps.
//!
//! Knows HTTP; knows no page: nothing here parses HTML, cleans, deduplicates or stores, and
//! `reqwest` is named in `client` only. Every target ends in exactly one `Outcome`.

mod client;
mod decompress;
mod drive;
mod errand;
mod fetcher;
mod frontier;
mod gather;
pub mod guard;
mod leave;
/// List text, feeds and sitemaps -> URLs.
pub mod list;
mod outcome;
mod pace;
mod receive;
mod retry;
pub mod robots;
mod robots_cache;
mod settings;
mod sniff;
mod stop;

pub use drive::{Finished, run};
pub use fetcher::Fetcher;
pub use frontier::{Claim, Claimed, Frontier, FrontierError, MemoryFrontier};
pub use gather::{Gathered, gather};
pub use guard::{Cidr, CidrError};
pub use outcome::{Class, Failure, Outcome, Page, Skip, Target, Validators, bare};
pub use pace::{HostPace, host_key};
pub use settings::{Limits, Settings, SetupError};
pub use stop::Stop;
