//! Where cleaned documents go: standard output, or files in a folder.

use super::exit::{Exit, Fault};
use super::folder::Folder;
use crate::input::Place;
use crate::job::place::folder_of;
use crate::json_lines::write_line;
use crate::record::Record;
use clap::ValueEnum;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// What is written of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    #[default]
    Text,
    Markdown,
    Jsonl,
}

impl Format {
    pub(super) fn extension(self) -> &'static str {
        match self {
            Format::Text => "txt",
            Format::Markdown => "md",
            Format::Jsonl => "jsonl",
        }
    }

    /// The document as this format has it; ends in a line feed unless it is empty.
    pub(super) fn render(self, record: &Record, out: &mut impl Write) -> io::Result<()> {
        let text = match self {
            Format::Text => &record.text,
            Format::Markdown => record.markdown.as_ref().unwrap_or(&record.text),
            Format::Jsonl => return write_line(out, record),
        };
        out.write_all(text.as_bytes())?;
        if text.is_empty() || text.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") }
    }
}

/// Where the documents go.
pub(super) enum Output {
    Stream(Stream),
    Folder(Folder),
}

/// Standard output.
pub(super) struct Stream {
    out: BufWriter<Stdout>,
    format: Format,
    terminal: bool,
    begun: bool,
}

impl Output {
    pub(super) fn new(format: Format, folder: Option<&Path>) -> Result<Output, Fault> {
        if let Some(folder) = folder {
            return Ok(Output::Folder(Folder::new(folder, format)?));
        }
        let out = BufWriter::with_capacity(1 << 16, io::stdout());
        let terminal = io::stdout().is_terminal();
        Ok(Output::Stream(Stream { out, format, terminal, begun: false }))
    }

    pub(super) fn write(&mut self, record: &Record, place: &Place) -> Result<(), Fault> {
        match self {
            Output::Stream(stream) => stream.write(record).map_err(|error| Fault::from_stdout(&error)),
            Output::Folder(folder) => folder.write(record, place),
        }
    }

    pub(super) fn finish(self) -> Result<(), Fault> {
        match self {
            Output::Stream(mut stream) => stream.out.flush().map_err(|error| Fault::from_stdout(&error)),
            Output::Folder(folder) => folder.finish(),
        }
    }
}

impl Stream {
    /// Writes one document and hands it on at once: a reader may be waiting for it.
    fn write(&mut self, record: &Record) -> io::Result<()> {
        if self.format != Format::Jsonl {
            if record.text.is_empty() {
                return Ok(());
            }
            match (std::mem::replace(&mut self.begun, true), self.terminal) {
                (false, _) => {}
                (true, false) => self.out.write_all(b"\x0c\n")?,
                (true, true) => write!(self.out, "\n==> {} <==\n", record.source)?,
            }
        }
        self.format.render(record, &mut self.out)?;
        self.out.flush()
    }
}

/// Writes a whole file, which appears when it is written and takes the place of what stood there.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = temporary(folder_of(path))?;
    file.write_all(bytes)?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// How the name of a temporary file begins, goes on and ends.
const NAMED: (&str, usize, &str) = (".tamis-", 12, ".part");

/// A file that gets its name later, with the permissions any new file has. It is locked as long as it is open, so
/// that [`sweep`] knows it from one whose process ended.
pub(super) fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let (prefix, random, suffix) = NAMED;
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).rand_bytes(random).suffix(suffix);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file; the umask takes away what it should.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    loop {
        // Only what is wrong with the folder is told: nobody asked for a file of this name.
        let file = builder.tempfile_in(folder).map_err(|error| {
            let told = error.to_string();
            io::Error::new(error.kind(), told.split(" at path \"").next().unwrap_or(&told))
        })?;
        // A sweep may have met it before it was locked; then it is gone or about to go.
        let ours = match file.as_file().try_lock() {
            Ok(()) => file.path().exists(),
            Err(TryLockError::WouldBlock) => false,
            // No locks here: no sweep either.
            Err(TryLockError::Error(_)) => true,
        };
        if ours {
            return Ok(file);
        }
    }
}

/// Removes temporary files that a process left when it was killed, or ended by a second signal. What cannot be
/// removed does no harm.
pub(super) fn sweep(folder: &Path) {
    let (prefix, random, suffix) = NAMED;
    let is_ours = |name: &str| {
        let middle = name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix));
        middle.is_some_and(|m| m.len() == random && m.bytes().all(|b| b.is_ascii_alphanumeric()))
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let named = entry.file_name().to_str().is_some_and(is_ours);
        if named
            && entry.file_type().is_ok_and(|kind| kind.is_file())
            && let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A file or folder that cannot be written, by the name it was asked for.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> Fault {
    use io::ErrorKind as Kind;
    let folder = || folder_of(path).display();
    let (wrong, advice) = match error.kind() {
        Kind::NotFound if folder_of(path).is_dir() => {
            (format!("nothing can be made in {}", folder()), "choose another place")
        }
        Kind::NotFound => (format!("there is no folder {}", folder()), "make it, or choose another place"),
        Kind::AlreadyExists => ("it is a file, and a folder is needed".to_owned(), "choose another name"),
        Kind::NotADirectory => {
            (format!("{} is a file, and a folder is needed", folder()), "choose another place")
        }
        Kind::IsADirectory => {
            ("it is a folder, and a file is needed".to_owned(), "name a file, there or elsewhere")
        }
        Kind::PermissionDenied => {
            ("it may not be written".to_owned(), "choose another place, or get permission")
        }
        Kind::StorageFull | Kind::QuotaExceeded => {
            ("the disk is full".to_owned(), "free some space, or choose another place")
        }
        _ => (error.to_string(), "choose another place, or free some space"),
    };
    Fault::new(Exit::Unwritable, path.display(), wrong, advice)
}

#[cfg(test)]
mod tests {
    use super::{File, fs, sweep, temporary};

    #[test]
    fn a_sweep_takes_what_was_left_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let names = [".tamis-abcdefABCDEF.part", ".tamis-config.part", ".tamis-abcdef", "tamis.part"];
        for name in names {
            File::create(at(name)).unwrap();
        }
        let open = temporary(dir.path()).unwrap();
        sweep(dir.path());
        assert!(open.path().exists());
        assert_eq!(names.map(|name| at(name).exists()), [false, true, true, true]);
        open.persist(at("done")).unwrap();
        sweep(dir.path());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 4);
    }
}
