//! One reader, N workers, one writer that keeps the order. Knows nothing of documents.

use super::exit::{Exit, Fault};
use super::signal::Signals;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often an idle writer looks whether a signal came.
const LOOK: Duration = Duration::from_millis(50);

/// Stack of a worker, in bytes: as much as a main thread has.
const STACK: usize = 8 << 20;

/// Runs `work` over `source` on `threads` threads and hands the results to `sink` in the order of `source`.
///
/// At most about three items a thread are held at once. Gives `source` back at its end, or `None` when
/// a signal came first; what was already being worked on is then still handed to `sink`.
///
/// # Errors
/// What `sink` gives, and nothing is handed on after it; or that no thread could be started.
pub(super) fn run<S, I, O>(
    threads: usize,
    source: S,
    work: impl Fn(I) -> O + Send + Sync + 'static,
    signals: &Signals,
    mut sink: impl FnMut(O) -> Result<(), Fault>,
) -> Result<Option<S>, Fault>
where
    S: Iterator<Item = I> + Send + 'static,
    I: Send + 'static,
    O: Send + 'static,
{
    if threads <= 1 {
        let (items, waiting) = sync_channel(2);
        let reader = spawn(read(source, signals.clone(), move |item| items.send(item).is_ok()))?;
        while let Some(item) = next(&waiting, signals).filter(|_| !signals.came()) {
            sink(work(item))?;
        }
        return Ok(finish(reader, signals));
    }
    let (jobs, queue) = sync_channel::<(I, SyncSender<O>)>(threads);
    let (order, results) = sync_channel::<Receiver<O>>(2 * threads);
    let queue = Arc::new(Mutex::new(queue));
    let work = Arc::new(work);
    for started in 0..threads {
        let (queue, work, signals) = (Arc::clone(&queue), Arc::clone(&work), signals.clone());
        let worker = spawn(move || {
            loop {
                let queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
                // What is waiting when a signal comes is not begun; what was taken before is, or there would be a gap.
                if signals.came() {
                    return;
                }
                let job = queue.recv();
                drop(queue);
                let Ok((item, answer)) = job else { return };
                // The writer may have gone; then the answer interests nobody.
                let _ = answer.send(work(item));
            }
        });
        match worker {
            // Fewer threads than asked for give the same output.
            Err(_) if started > 0 => break,
            other => other?,
        };
    }
    // With the last worker goes what is waiting, and nobody waits for its answer.
    drop(queue);
    let reader = spawn(read(source, signals.clone(), move |item| {
        let (answer, result) = sync_channel(1);
        order.send(result).is_ok() && jobs.send((item, answer)).is_ok()
    }))?;
    while let Some(result) = next(&results, signals) {
        if let Ok(output) = result.recv() {
            sink(output)?;
        }
    }
    Ok(finish(reader, signals))
}

fn read<S: Iterator>(
    mut source: S,
    signals: Signals,
    mut send: impl FnMut(S::Item) -> bool,
) -> impl FnOnce() -> S {
    move || {
        while !signals.came() {
            let Some(item) = source.next() else { break };
            if !send(item) {
                break;
            }
        }
        source
    }
}

/// The next thing to write; `None` at the end, and when stopped with nothing waiting.
fn next<T>(waiting: &Receiver<T>, signals: &Signals) -> Option<T> {
    loop {
        match waiting.recv_timeout(LOOK) {
            Ok(item) => return Some(item),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) if signals.came() => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// A stopped reader may be waiting for a slow standard input: it is left behind.
fn finish<S>(reader: JoinHandle<S>, signals: &Signals) -> Option<S> {
    if signals.came() {
        return None;
    }
    // A reader that panicked has lost documents; that must not look like an end.
    Some(reader.join().unwrap_or_else(|panic| resume_unwind(panic)))
}

fn spawn<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> Result<JoinHandle<T>, Fault> {
    thread::Builder::new().stack_size(STACK).spawn(body).map_err(|error| {
        let wrong = format!("no thread can be started ({error})");
        Fault::new(Exit::SomeFailed, "-j", wrong, "raise the limit of processes or memory")
    })
}

#[cfg(test)]
mod tests {
    use super::{Signals, run};
    use crate::cli::exit::{Exit, Fault};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn order_is_kept_and_few_items_are_held() {
        for threads in [1, 2, 7] {
            let (given, taken) = (Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
            let counter = Arc::clone(&given);
            let source = (0..5000usize).inspect(move |_| {
                counter.fetch_add(1, Ordering::SeqCst);
            });
            let work = |n: usize| (0..n % 977).fold(n, |sum, _| std::hint::black_box(sum));
            let mut seen = Vec::new();
            let end = run(threads, source, work, &Signals::default(), |n| {
                let done = taken.fetch_add(1, Ordering::SeqCst);
                let held = given.load(Ordering::SeqCst) - done;
                assert!(held <= 4 * threads + 4, "{held} items with {threads} threads");
                seen.push(n);
                Ok(())
            });
            assert!(matches!(end, Ok(Some(_))));
            assert!(seen.into_iter().eq(0..5000));
        }
    }

    #[test]
    fn what_waits_when_a_signal_comes_is_not_begun() {
        for threads in [1, 2, 4] {
            let signals = Signals::default();
            let (begun, stop) = (Arc::new(AtomicUsize::new(0)), signals.clone());
            let counter = Arc::clone(&begun);
            let work = move |n: usize| {
                counter.fetch_add(1, Ordering::SeqCst);
                if n == 10 {
                    stop.note(Exit::Interrupted, &|| ());
                }
                // The other workers hold one each until then.
                while n > 10 && !stop.came() {
                    std::thread::yield_now();
                }
                n
            };
            let mut seen = Vec::new();
            let end = run(threads, 0usize.., work, &signals, |n| {
                seen.push(n);
                Ok(())
            });
            assert!(matches!(end, Ok(None)));
            let begun = begun.load(Ordering::SeqCst);
            assert!(begun <= 10 + threads, "{begun} begun by {threads} threads");
            assert!(seen.iter().copied().eq(0..seen.len()), "{seen:?}");
        }
    }

    #[test]
    fn a_failing_writer_ends_an_endless_source() {
        for threads in [1, 3] {
            let fault = Fault::told(Exit::Unwritable, "full");
            let end = run(
                threads,
                0u64..,
                |n| n,
                &Signals::default(),
                |n| {
                    if n < 100 { Ok(()) } else { Err(fault.clone()) }
                },
            );
            assert_eq!(end.err(), Some(fault));
        }
    }
}
