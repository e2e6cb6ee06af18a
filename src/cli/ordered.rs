//! One reader, N workers, one writer that keeps the order. Knows nothing of documents.

use super::signal::Stop;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How often an idle writer looks whether a signal came.
const LOOK: Duration = Duration::from_millis(50);

/// Stack of a worker, in bytes: as much as a main thread has.
const STACK: usize = 8 << 20;

/// Runs `work` over `source` on `threads` threads and hands the results to `sink` in the order of `source`.
///
/// At most about three items a thread are held at once. Gives `source` back at its end, or `None` when
/// `stop` was set first; what was already being worked on is then still handed to `sink`.
///
/// # Errors
/// What `sink` gives; nothing is handed on after it.
pub(super) fn run<S, I, O, E>(
    threads: usize,
    source: S,
    work: impl Fn(I) -> O + Send + Sync + 'static,
    stop: &Stop,
    mut sink: impl FnMut(O) -> Result<(), E>,
) -> Result<Option<S>, E>
where
    S: Iterator<Item = I> + Send + 'static,
    I: Send + 'static,
    O: Send + 'static,
{
    if threads <= 1 {
        let (items, waiting) = sync_channel(2);
        let reader = spawn(read(source, stop.clone(), move |item| items.send(item).is_ok()));
        while let Some(item) = next(&waiting, stop) {
            sink(work(item))?;
        }
        return Ok(finish(reader, stop));
    }
    let (jobs, queue) = sync_channel::<(I, SyncSender<O>)>(threads);
    let (order, results) = sync_channel::<Receiver<O>>(2 * threads);
    let reader = spawn(read(source, stop.clone(), move |item| {
        let (answer, result) = sync_channel(1);
        order.send(result).is_ok() && jobs.send((item, answer)).is_ok()
    }));
    let queue = Arc::new(Mutex::new(queue));
    let work = Arc::new(work);
    for _ in 0..threads {
        let (queue, work) = (Arc::clone(&queue), Arc::clone(&work));
        spawn(move || {
            loop {
                let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok((item, answer)) = job else { return };
                // The writer may have gone; then the answer interests nobody.
                let _ = answer.send(work(item));
            }
        });
    }
    while let Some(result) = next(&results, stop) {
        if let Ok(output) = result.recv() {
            sink(output)?;
        }
    }
    Ok(finish(reader, stop))
}

fn read<S: Iterator>(mut source: S, stop: Stop, mut send: impl FnMut(S::Item) -> bool) -> impl FnOnce() -> S {
    move || {
        while !stop.is_set() {
            let Some(item) = source.next() else { break };
            if !send(item) {
                break;
            }
        }
        source
    }
}

/// The next thing to write; `None` at the end, and when stopped with nothing waiting.
fn next<T>(waiting: &Receiver<T>, stop: &Stop) -> Option<T> {
    loop {
        match waiting.recv_timeout(LOOK) {
            Ok(item) => return Some(item),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) if stop.is_set() => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// A stopped reader may be waiting for a slow standard input: it is left behind.
fn finish<S>(reader: thread::JoinHandle<S>, stop: &Stop) -> Option<S> {
    if stop.is_set() { None } else { reader.join().ok() }
}

fn spawn<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> thread::JoinHandle<T> {
    match thread::Builder::new().stack_size(STACK).spawn(body) {
        Ok(handle) => handle,
        Err(error) => panic!("cannot start a thread ({error})"),
    }
}
