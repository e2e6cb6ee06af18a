//! An HTTP/1.1 server on 127.0.0.1 that does what it is told, byte by byte, and watches its guests:
//! what they asked, when, and how many of them at a time under one host name.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Barrier;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// The `Host` header without the port.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// Lower-case names.
    pub headers: HashMap<String, String>,
    /// How often this path was asked for on this host, this time included.
    pub nth: usize,
    pub begun: Instant,
    /// When the answer was out; `begun` while it is not.
    pub ended: Instant,
}

/// What to do with the connection.
#[derive(Clone)]
pub enum Act {
    Send(Vec<u8>),
    /// The same bytes until the guest hangs up.
    Forever(Vec<u8>),
    /// The same bytes at an interval until the guest hangs up.
    Drip(Vec<u8>, Duration),
    /// Nothing until the guest hangs up.
    Hang,
    /// Wait until as many others are waiting.
    Meet(Arc<Barrier>),
    Close,
}

pub type Reply = Vec<Act>;

#[derive(Default)]
struct Seen {
    requests: Vec<Request>,
    active: HashMap<String, usize>,
    most: HashMap<String, usize>,
}

/// The server; its tasks end with the test's runtime.
pub struct Hostile {
    pub address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().expect("the server did not panic")
}

impl Hostile {
    pub async fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let address = listener.local_addr().expect("bound");
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (shared, answer) = (seen.clone(), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, shared.clone(), answer.clone()));
            }
        });
        Self { address, seen }
    }

    /// A URL under the server's address.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A URL under a name, for the guest's `resolve`.
    pub fn url_at(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.address.port())
    }

    pub fn requests(&self) -> Vec<Request> {
        lock(&self.seen).requests.clone()
    }

    /// The paths asked for, robots.txt left out.
    pub fn paths(&self) -> Vec<String> {
        let requests = self.requests();
        requests.into_iter().map(|request| request.path).filter(|path| path != "/robots.txt").collect()
    }

    /// Most requests under way at a time for this host name.
    pub fn most_at_once(&self, host: &str) -> usize {
        lock(&self.seen).most.get(host).copied().unwrap_or(0)
    }
}

async fn serve<S>(mut stream: S, seen: Arc<Mutex<Seen>>, answer: Arc<impl Fn(&Request) -> Reply>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let mut pending = Vec::new();
    loop {
        let Some(head) = read_head(&mut stream, &mut pending).await else {
            return;
        };
        let (request, index) = note(&head, &seen);
        let acts = answer(&request);
        let open = perform(&mut stream, acts).await;
        {
            let mut seen = lock(&seen);
            if let Some(active) = seen.active.get_mut(&request.host) {
                *active -= 1;
            }
            seen.requests[index].ended = Instant::now();
        }
        if !open {
            return;
        }
    }
}

async fn read_head<S: tokio::io::AsyncRead + Unpin>(stream: &mut S, pending: &mut Vec<u8>) -> Option<String> {
    loop {
        if let Some(end) = pending.windows(4).position(|w| w == b"\r\n\r\n") {
            let rest = pending.split_off(end + 4);
            let head = std::mem::replace(pending, rest);
            return Some(String::from_utf8_lossy(&head).into_owned());
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => pending.extend_from_slice(&piece[..read]),
        }
    }
}

fn note(head: &str, seen: &Mutex<Seen>) -> (Request, usize) {
    let mut lines = head.lines();
    let path = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or("").to_owned();
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let host = headers.get("host").map_or("", String::as_str);
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host).to_owned();
    let mut seen = lock(seen);
    let active = seen.active.entry(host.clone()).or_default();
    *active += 1;
    let active = *active;
    let most = seen.most.entry(host.clone()).or_default();
    *most = active.max(*most);
    let before = seen.requests.iter().filter(|r| r.path == path && r.host == host).count();
    let now = Instant::now();
    let request = Request { host, path, headers, nth: before + 1, begun: now, ended: now };
    seen.requests.push(request.clone());
    (request, seen.requests.len() - 1)
}

/// Gives whether the connection can be used again.
async fn perform<S>(stream: &mut S, acts: Reply) -> bool
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    for act in acts {
        let done = match act {
            Act::Send(bytes) => stream.write_all(&bytes).await.is_ok() && stream.flush().await.is_ok(),
            Act::Forever(bytes) => {
                while stream.write_all(&bytes).await.is_ok() {}
                false
            }
            Act::Drip(bytes, interval) => {
                while stream.write_all(&bytes).await.is_ok() && stream.flush().await.is_ok() {
                    tokio::time::sleep(interval).await;
                }
                false
            }
            Act::Hang => {
                let mut ignored = [0; 64];
                while matches!(stream.read(&mut ignored).await, Ok(read) if read > 0) {}
                false
            }
            Act::Meet(others) => {
                others.wait().await;
                true
            }
            Act::Close => {
                let _ = stream.shutdown().await;
                false
            }
        };
        if !done {
            return false;
        }
    }
    true
}

/// Sends the text as it is.
pub fn raw(text: impl AsRef<[u8]>) -> Reply {
    vec![Act::Send(text.as_ref().to_vec())]
}

/// A whole response with a right length.
pub fn reply(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += "\r\n";
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    raw(bytes)
}

pub fn html(body: &str) -> Reply {
    reply(200, &[("Content-Type", "text/html; charset=utf-8")], body)
}

pub fn text(body: &str) -> Reply {
    reply(200, &[("Content-Type", "text/plain")], body)
}

pub fn status(status: u16) -> Reply {
    reply(status, &[], "")
}

pub fn redirect(to: &str) -> Reply {
    reply(302, &[("Location", to)], "")
}
