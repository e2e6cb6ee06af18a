//! A writer killed with SIGKILL: all it acknowledged is there, nothing is half there.

use super::{add, assert_sound, export, folder, words};
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use tamis::store::{Filter, Options, Store};

const DIR: &str = "TAMIS_TEST_KILLED_STORE";
const BATCH: usize = 7;

/// Not a test by itself: the process that is killed. It acknowledges each batch on its standard output.
#[test]
fn the_writer_that_is_killed() {
    let Some(dir) = env::var_os(DIR) else { return };
    let options = Options { pack_bytes: 20_000, ..Options::default() };
    let mut store = Store::open_with(Path::new(&dir), &options).expect("a store");
    let start = export(&store, &Filter::default()).len();
    for n in start.. {
        add(&mut store, &format!("http://a.test/{n}"), &words(n * 3, 80));
        if n % BATCH == 0 {
            store.commit().expect("a commit");
            let mut out = std::io::stdout().lock();
            writeln!(out, "acknowledged {n}").and_then(|()| out.flush()).expect("a parent that reads");
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_to_kill_9() {
    let dir = folder();
    let mut least = 0;
    for acknowledgements in [1, 2, 5, 1, 9, 3] {
        let mut child = Command::new(env::current_exe().expect("this program"))
            .args(["--exact", "kill::the_writer_that_is_killed", "--nocapture"])
            .env(DIR, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a child");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let mut acknowledged = lines.map_while(Result::ok).filter_map(|line| {
            let (_, number) = line.split_once("acknowledged ")?;
            number.trim().parse::<usize>().ok()
        });
        for _ in 0..acknowledgements {
            least = acknowledged.next().expect("an acknowledgement") + 1;
        }
        child.kill().expect("SIGKILL");
        // What it wrote between our reading and the kill counts too.
        least = acknowledged.last().map_or(least, |number| number + 1);
        child.wait().expect("an end");

        let store = Store::open_existing(dir.path()).expect("a store after a kill");
        let records = export(&store, &Filter::default());
        assert!(records.len() >= least, "{} of {least}", records.len());
        for (n, record) in records.iter().enumerate() {
            assert_eq!(record.url.as_deref(), Some(format!("http://a.test/{n}").as_str()));
            assert_eq!(record.text, tamis::dedup::exact::normalise(&words(n * 3, 80)));
        }
        drop(store);
        assert_sound(dir.path());
        least = records.len();
    }
}
