//! The counts of a run. Knows only ledger lines: it counts what it is told, and the counts add up.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::ledger::{Line, State};

/// What one run did. `inputs = stored + unchanged + duplicate + sum(skipped) + sum(failed)`, always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Lines of all sources, invalid and repeated ones included.
    pub inputs: u64,
    pub stored: u64,
    pub unchanged: u64,
    pub duplicate: u64,
    /// By reason.
    pub skipped: BTreeMap<String, u64>,
    /// By class.
    pub failed: BTreeMap<String, u64>,
    /// Of those stored, how many are nearly the same as a text stored before.
    pub near_duplicate: u64,
    /// Decoded bytes received.
    pub bytes: u64,
    /// RFC 3339, UTC.
    pub started: String,
    /// RFC 3339, UTC.
    pub ended: String,
    /// Whether the run was asked to stop before its end.
    pub stopped: bool,
    /// What ended the run early, if something did.
    pub error: Option<String>,
    /// The program that wrote this.
    pub version: String,
}

impl Report {
    /// An empty count, begun at `started`.
    pub fn begun(started: String) -> Self {
        Self { started, version: env!("CARGO_PKG_VERSION").to_owned(), ..Self::default() }
    }

    /// Counts one input.
    pub fn count(&mut self, line: &Line) {
        self.inputs += 1;
        self.bytes += line.bytes.unwrap_or(0);
        match &line.state {
            State::Stored => {
                self.stored += 1;
                self.near_duplicate += u64::from(line.near_duplicate_of.is_some());
            }
            State::Unchanged => self.unchanged += 1,
            State::Duplicate => self.duplicate += 1,
            State::Skipped { reason } => *self.skipped.entry(reason.clone()).or_default() += 1,
            State::Failed { class } => *self.failed.entry(class.clone()).or_default() += 1,
        }
    }

    /// How many inputs were left out on purpose.
    pub fn skipped_total(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// How many inputs could not be had.
    pub fn failed_total(&self) -> u64 {
        self.failed.values().sum()
    }

    /// Whether every input is in exactly one place.
    pub fn adds_up(&self) -> bool {
        self.inputs
            == self.stored + self.unchanged + self.duplicate + self.skipped_total() + self.failed_total()
    }

    /// Writes the report as JSON, whole or not at all. Creates the folder.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".report-").tempfile_in(folder)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.write_all(b"\n")?;
        // A temporary file is private; a report is for whoever may read its folder.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
        }
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Report, State};
    use proptest::{prop_assert, prop_assert_eq, prop_oneof, proptest, strategy::Just, strategy::Strategy};

    fn state() -> impl Strategy<Value = State> {
        prop_oneof![
            Just(State::Stored),
            Just(State::Unchanged),
            Just(State::Duplicate),
            "[a-z]{1,3}".prop_map(|reason| State::Skipped { reason }),
            "[a-z]{1,3}".prop_map(|class| State::Failed { class }),
        ]
    }

    proptest! {
        #[test]
        fn any_lines_add_up(states in proptest::collection::vec(state(), 0..50)) {
            let mut report = Report::begun(String::new());
            for state in &states {
                report.count(&Line::new("u", state.clone()));
            }
            prop_assert!(report.adds_up());
            prop_assert_eq!(report.inputs, states.len() as u64);
        }
    }

    #[test]
    fn a_written_report_comes_back_and_replaces_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs/report.json");
        let mut report = Report::begun("2026-01-01T00:00:00Z".into());
        report.write(&path).unwrap();
        report.count(&Line::new("u", State::Stored));
        report.write(&path).unwrap();
        let read: Report = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(read, report);
        assert_eq!(std::fs::read_dir(folder.path().join("runs")).unwrap().count(), 1);
    }
}
