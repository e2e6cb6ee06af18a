//! A configured job over its runs: when the last one ended well, where each one's report goes, and
//! how many of those are kept. Starts nothing by itself.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::config::Config;
use super::inputs::Source;
use super::run::Plan;
use super::time::{compact, parse, rfc3339};
use crate::clean;
use crate::fetch::Settings;

/// Stands for the run's start in the name of a report or ledger.
const STARTED: &str = "{started}";

impl Config {
    /// What one run started at `started` has to do.
    pub fn plan(&self, started: SystemTime, wait: bool) -> Plan {
        let lists = self.lists.iter().cloned().map(Source::List);
        let stamp = |path: &PathBuf| stamped(path, started);
        Plan {
            sources: lists.chain([Source::Urls(self.urls.clone())]).collect(),
            store: self.store.clone(),
            fetch: self.settings(),
            clean: clean::Options { explain: true, repairs: self.repairs, ..clean::Options::default() },
            report: self.report.as_ref().map(stamp),
            ledger: self.ledger.as_ref().map(stamp),
            warc: self.warc.clone(),
            lessons: None,
            wait,
        }
    }

    fn settings(&self) -> Settings {
        let mut settings = Settings { allow_net: self.allow_net.clone(), ..Settings::default() };
        if let Some(user_agent) = &self.user_agent {
            settings.user_agent.clone_from(user_agent);
        }
        settings.delay = self.delay.unwrap_or(settings.delay);
        settings.per_host = self.per_host.unwrap_or(settings.per_host);
        settings.jobs = self.jobs.unwrap_or(settings.jobs);
        settings
    }

    /// When the last whole run began; `None` where there never was one.
    pub fn last_run(&self) -> Option<SystemTime> {
        parse(fs::read_to_string(self.last_path()).ok()?.trim())
    }

    /// Notes that a run begun at `started` came to its end, so that a later start does not repeat it.
    pub fn note_run(&self, started: SystemTime) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.store)?;
        writeln!(file, "{}", rfc3339(started))?;
        file.as_file().sync_all()?;
        file.persist(self.last_path())?;
        Ok(())
    }

    fn last_path(&self) -> PathBuf {
        self.store.join("job.last")
    }

    /// Removes reports and ledgers beyond the newest `keep`, where their names hold `{started}`.
    pub fn prune(&self) -> io::Result<()> {
        for path in [&self.report, &self.ledger].into_iter().flatten() {
            prune(path, self.keep)?;
        }
        Ok(())
    }
}

fn stamped(path: &Path, started: SystemTime) -> PathBuf {
    match path.file_name().and_then(|name| name.to_str()) {
        Some(name) => path.with_file_name(name.replace(STARTED, &compact(started))),
        None => path.to_owned(),
    }
}

fn prune(path: &Path, keep: usize) -> io::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str());
    let (Some((before, after)), Some(folder)) =
        (name.and_then(|name| name.split_once(STARTED)), path.parent())
    else {
        return Ok(());
    };
    let mut stamped = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let stamp = name.to_str().and_then(|name| name.strip_prefix(before)?.strip_suffix(after));
        // Nothing is removed that a run could not have written.
        if stamp.is_some_and(is_stamp) {
            stamped.push(name);
        }
    }
    stamped.sort_unstable();
    let surplus = stamped.len().saturating_sub(keep);
    for name in stamped.iter().take(surplus) {
        fs::remove_file(folder.join(name))?;
    }
    Ok(())
}

/// `20260131T060000Z`
fn is_stamp(text: &str) -> bool {
    text.len() == 16
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::{Config, SystemTime, prune, stamped};
    use std::fs;
    use std::time::Duration;

    #[test]
    fn only_the_newest_reports_are_kept_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let template = folder.path().join("run-{started}.json");
        for day in 1..=5u64 {
            let at = SystemTime::UNIX_EPOCH + Duration::from_secs(day * 86_400);
            fs::write(stamped(&template, at), "").unwrap();
        }
        for other in ["run-notes.json", "run-20260101T000000Z.jsonl", "run-é.json"] {
            fs::write(folder.path().join(other), "").unwrap();
        }
        prune(&template, 2).unwrap();
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                "run-19700105T000000Z.json",
                "run-19700106T000000Z.json",
                "run-20260101T000000Z.jsonl",
                "run-notes.json",
                "run-é.json"
            ]
        );
    }

    #[test]
    fn the_last_run_is_remembered_and_a_broken_note_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::parse("store = \".\"", &folder.path().join("tamis.toml")).unwrap();
        assert_eq!(config.last_run(), None);
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        config.note_run(at).unwrap();
        assert_eq!(config.last_run(), Some(at));
        fs::write(folder.path().join("job.last"), "yesterday").unwrap();
        assert_eq!(config.last_run(), None);
    }
}
