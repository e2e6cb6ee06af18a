//! Many targets: each ends exactly once, hosts stay apart, a stop is clean.

use super::hostile::{Act, Hostile, html, status};
use super::{fetcher, settings, target};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tamis::fetch::{
    Claim, Class, Frontier, FrontierError, MemoryFrontier, Outcome, Settings, Stop, Target, run,
};
use tokio::sync::{Barrier, mpsc};

#[tokio::test(flavor = "multi_thread")]
async fn every_target_ends_once_and_one_bad_host_harms_no_other() {
    let server = Hostile::start(|request| match (request.host.as_str(), request.path.as_str()) {
        (_, "/robots.txt") => status(404),
        ("b.test", _) => vec![Act::Close],
        (_, "/3") => status(404),
        _ => html("page"),
    })
    .await;
    let fetcher = fetcher(Settings { jobs: 4, retries: 1, ..settings() });
    let mut frontier = MemoryFrontier::new(1);
    for n in 0..8 {
        for host in ["a.test", "b.test", "c.test"] {
            frontier.push(target(&server.url_at(host, &format!("/{n}")))).expect("memory");
        }
    }
    let (sender, mut receiver) = mpsc::channel(2);
    let driving = tokio::spawn(async move {
        let done = |finished| {
            let sender = sender.clone();
            async move {
                // The receiver outlives the run.
                let _ = sender.send(finished).await;
            }
        };
        run(&fetcher, &mut frontier, &Stop::new(), done).await.map(|()| frontier.remaining())
    });
    let mut ended: BTreeMap<String, usize> = BTreeMap::new();
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(finished) = receiver.recv().await {
        *ended.entry(finished.target.url.to_string()).or_default() += 1;
        let state = match finished.outcome {
            Outcome::Page(_) => "page".to_owned(),
            Outcome::Failed(failure) => failure.class.to_string(),
            other => format!("{other:?}"),
        };
        *states.entry(state).or_default() += 1;
    }
    assert_eq!(driving.await.expect("no panic"), Ok(0));
    assert_eq!(ended.len(), 24);
    assert!(ended.values().all(|times| *times == 1));
    let expected = [("connect", 8), ("http-404", 2), ("page", 14)];
    assert_eq!(states, expected.map(|(state, n)| (state.to_owned(), n)).into());
    for host in ["a.test", "b.test", "c.test"] {
        assert_eq!(server.most_at_once(host), 1, "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_at_rest_holds_no_place() {
    // One job: if resting took a place, b.test would have to wait for a.test's hour.
    let server = Hostile::start(|request| match request.path.as_str() {
        "/robots.txt" => status(404),
        _ => html("page"),
    })
    .await;
    let fetcher = fetcher(Settings { jobs: 1, ..settings() });
    let mut frontier = MemoryFrontier::new(1);
    for (host, path) in [("a.test", "/1"), ("b.test", "/2"), ("c.test", "/3")] {
        frontier.push(target(&server.url_at(host, path))).expect("memory");
    }
    let Ok(Claim::Ready(claimed)) = frontier.claim(Instant::now()) else { panic!("a target") };
    frontier.push(claimed.target).expect("memory");
    frontier.finish(claimed.id, Instant::now() + Duration::from_secs(3600)).expect("memory");
    let stop = Stop::new();
    let seen = Mutex::new(Vec::new());
    run(&fetcher, &mut frontier, &stop, |finished| {
        let mut seen = seen.lock().expect("no panic");
        seen.push(finished.target.url.path().to_owned());
        if seen.len() == 2 {
            stop.stop();
        }
        async {}
    })
    .await
    .expect("memory");
    assert_eq!(*seen.lock().expect("no panic"), ["/2", "/3"]);
    assert_eq!(frontier.remaining(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_stop_what_is_in_flight_ends_and_nothing_begins() {
    let asked = Arc::new(Barrier::new(2));
    let answered = Arc::new(Barrier::new(2));
    let (at_asked, at_answered) = (asked.clone(), answered.clone());
    let server = Hostile::start(move |request| match request.path.as_str() {
        "/robots.txt" => status(404),
        _ => [vec![Act::Meet(at_asked.clone()), Act::Meet(at_answered.clone())], html("page")].concat(),
    })
    .await;
    let fetcher = fetcher(Settings { jobs: 2, ..settings() });
    let mut frontier = MemoryFrontier::new(1);
    for n in 0..5 {
        frontier.push(target(&server.url_at("a.test", &format!("/{n}")))).expect("memory");
    }
    let stop = Stop::new();
    let stopping = {
        let stop = stop.clone();
        tokio::spawn(async move {
            asked.wait().await;
            stop.stop();
            answered.wait().await;
        })
    };
    let ended = Mutex::new(Vec::new());
    run(&fetcher, &mut frontier, &stop, |finished| {
        ended.lock().expect("no panic").push(finished);
        async {}
    })
    .await
    .expect("memory");
    stopping.await.expect("no panic");
    let ended = ended.into_inner().expect("no panic");
    assert_eq!(ended.len(), 1);
    assert!(matches!(ended[0].outcome, Outcome::Page(_)), "{:?}", ended[0].outcome);
    assert_eq!(frontier.remaining(), 4);
    assert_eq!(server.paths().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_waits() {
    let stop = Stop::new();
    let stopper = stop.clone();
    let server = Hostile::start(move |request| {
        if request.path == "/robots.txt" {
            // The page would come after an hour's rest.
            stopper.stop();
        }
        status(404)
    })
    .await;
    let fetcher = fetcher(Settings { delay: Duration::from_secs(3600), ..settings() });
    let outcome = fetcher.fetch_until(&target(&server.url("/")), &stop).await;
    let failure = super::assert_class(outcome, Class::Stopped);
    assert!(failure.retry_later);
    assert!(server.paths().is_empty());
}

/// Breaks at its second claim.
struct Breaking(MemoryFrontier, usize);

impl Frontier for Breaking {
    fn push(&mut self, target: Target) -> Result<(), FrontierError> {
        self.0.push(target)
    }

    fn claim(&mut self, now: Instant) -> Result<Claim, FrontierError> {
        self.1 += 1;
        if self.1 > 1 {
            return Err(FrontierError { detail: "disk gone".to_owned() });
        }
        self.0.claim(now)
    }

    fn finish(&mut self, id: u64, not_before: Instant) -> Result<(), FrontierError> {
        self.0.finish(id, not_before)
    }

    fn remaining(&self) -> usize {
        self.0.remaining()
    }
}

#[tokio::test]
async fn a_broken_frontier_ends_the_run_but_loses_nothing_in_flight() {
    let server = Hostile::start(|_| html("page")).await;
    let mut frontier = Breaking(MemoryFrontier::new(1), 0);
    for host in ["a.test", "b.test"] {
        frontier.push(target(&server.url_at(host, "/"))).expect("memory");
    }
    let mut ended = 0;
    let result = run(&fetcher(settings()), &mut frontier, &Stop::new(), |_| {
        ended += 1;
        async {}
    })
    .await;
    assert!(result.is_err_and(|error| error.to_string().contains("disk gone")));
    assert_eq!(ended, 1);
}
