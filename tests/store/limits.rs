//! No room left: recognised, named, and nothing committed is lost.
#![cfg(unix)]

use super::{assert_sound, export, folder, record, visit};
use std::env;
use std::path::Path;
use std::process::{Command, Stdio};
use tamis::store::{Error, Filter, Store};

const DIR: &str = "TAMIS_TEST_FULL_STORE";

/// Hard to compress, so that the pack reaches its limit long before the index does.
fn noise(n: u64) -> String {
    let mut state = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut text = String::new();
    for _ in 0..3_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.push_str(&format!("{state:x} "));
    }
    text
}

/// Not a test by itself: the process that runs into a file size limit.
#[test]
fn the_writer_that_runs_out_of_room() {
    let Some(dir) = env::var_os(DIR) else { return };
    let mut store = Store::open(Path::new(&dir)).expect("room for an empty store");
    let mut acknowledged = 0;
    for n in 0..10_000 {
        let url = format!("http://a.test/{n}");
        if let Err(error) = store.add(&mut record(&url, &noise(n)), &visit(&url)) {
            // What was added before the one that did not fit is still worth keeping.
            let pending = store.pending();
            if pending > 0 && store.commit().is_ok() {
                acknowledged += pending;
            }
            let full = matches!(error, Error::Full { .. });
            println!("\nended full={full} pending={pending} acknowledged={acknowledged} {error}");
            return;
        }
        if store.pending() == 5 {
            store.commit().expect("index room");
            acknowledged += 5;
        }
    }
    println!("\nended without a limit");
}

#[test]
fn no_room_is_recognised_and_costs_nothing_committed() {
    let dir = folder();
    // SIGXFSZ ignored, a write beyond the limit fails as on a full disk.
    let limits = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"";
    let this = env::current_exe().expect("this program");
    let output = Command::new("sh")
        .args(["-c", limits, "sh", "12000"])
        .arg(this)
        .args(["--exact", "limits::the_writer_that_runs_out_of_room", "--nocapture"])
        .env(DIR, dir.path())
        .stderr(Stdio::null())
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout);
    let line = said.lines().find(|line| line.starts_with("ended")).unwrap_or_default();
    assert!(line.starts_with("ended full=true"), "{said}");
    assert!(line.contains("no room left"), "{line}");
    let acknowledged = line.split("acknowledged=").nth(1).and_then(|rest| rest.split(' ').next());
    let acknowledged: usize = acknowledged.and_then(|n| n.parse().ok()).unwrap_or_default();
    assert!(acknowledged > 5, "{line}");
    // 5 documents a batch: more than whole batches were kept, if the limit hit within one.
    assert!(line.contains("pending=0") || !acknowledged.is_multiple_of(5), "{line}");
    let mut store = Store::open(dir.path()).expect("a store with room again");
    assert!(export(&store, &Filter::default()).len() >= acknowledged);
    let url = "http://b.test/";
    store.add(&mut record(url, "and on it goes"), &visit(url)).expect("room again");
    store.commit().expect("a commit");
    drop(store);
    assert_sound(dir.path());
}
