//! Many targets at once: keeps `jobs` of them in flight, hosts apart, and hands outcomes over as
//! they come. Decides nothing about a single fetch.

use super::fetcher::Fetcher;
use super::frontier::{Claim, Frontier, FrontierError};
use super::outcome::{Class, Failure, Outcome, Target};
use super::pace::host_key;
use super::stop::Stop;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// After a stop, what is in flight may end within this.
const GRACE: Duration = Duration::from_secs(10);

/// A target and what became of it.
#[derive(Debug)]
pub struct Finished {
    pub target: Target,
    pub outcome: Outcome,
}

/// Fetches everything in `frontier`, at most `Settings::jobs` targets at a time, and awaits
/// `on_done` for each outcome as it comes (a bounded channel behind it slows fetching down).
///
/// After `stop`, nothing new is started and what is in flight ends within 10 s, else as
/// `Class::Stopped`; what was never started stays in the frontier. Every target handed out by the
/// frontier reaches `on_done` exactly once.
///
/// # Errors
/// The frontier's own; what was in flight then is still handed over.
pub async fn run<F, D, T>(
    fetcher: &Fetcher,
    frontier: &mut F,
    stop: &Stop,
    mut on_done: D,
) -> Result<(), FrontierError>
where
    F: Frontier + ?Sized,
    D: FnMut(Finished) -> T,
    T: Future<Output = ()>,
{
    let jobs = fetcher.settings().jobs.max(1);
    let mut flying: JoinSet<Outcome> = JoinSet::new();
    let mut claims: HashMap<tokio::task::Id, (u64, Target)> = HashMap::new();
    let mut broken: Option<FrontierError> = None;
    let mut deadline: Option<tokio::time::Instant> = None;

    loop {
        let mut wake: Option<Instant> = None;
        let closing = stop.is_stopped() || broken.is_some();
        while !closing && flying.len() < jobs {
            match frontier.claim(Instant::now()) {
                Ok(Claim::Ready(claimed)) => {
                    let (fetcher, target, stop) = (fetcher.clone(), claimed.target.clone(), stop.clone());
                    let task = flying.spawn(async move { fetcher.fetch_until(&target, &stop).await });
                    claims.insert(task.id(), (claimed.id, claimed.target));
                }
                Ok(Claim::Wait(until)) => {
                    wake = Some(until);
                    break;
                }
                Ok(Claim::Busy | Claim::Empty) => break,
                Err(error) => {
                    broken = Some(error);
                    break;
                }
            }
        }
        if flying.is_empty() && wake.is_none() {
            return broken.map_or(Ok(()), Err);
        }
        if closing && deadline.is_none() {
            deadline = Some(tokio::time::Instant::now() + GRACE);
        }

        let ended = tokio::select! {
            ended = flying.join_next_with_id(), if !flying.is_empty() => ended,
            () = sleep_until(wake), if wake.is_some() => None,
            () = stop.stopped(), if !closing => None,
            () = sleep_until(deadline.map(tokio::time::Instant::into_std)), if deadline.is_some() => {
                flying.abort_all();
                deadline = None;
                None
            }
        };
        let Some(ended) = ended else { continue };
        let (task, outcome) = match ended {
            Ok((task, outcome)) => (task, outcome),
            Err(error) if error.is_cancelled() => (error.id(), stopped()),
            Err(error) => (error.id(), internal(&error.to_string())),
        };
        let Some((id, target)) = claims.remove(&task) else {
            continue;
        };
        let rested = fetcher.ready_at(&host_key(&target.url));
        if let Err(error) = frontier.finish(id, rested) {
            broken.get_or_insert(error);
        }
        on_done(Finished { target, outcome }).await;
    }
}

async fn sleep_until(when: Option<Instant>) {
    if let Some(when) = when {
        tokio::time::sleep_until(when.into()).await;
    }
}

fn stopped() -> Outcome {
    Outcome::Failed(Failure::stopped())
}

fn internal(what: &str) -> Outcome {
    Outcome::Failed(Failure {
        class: Class::Internal,
        detail: format!("the fetch itself broke off ({what}); please report it"),
        http_status: None,
        retry_later: true,
    })
}
