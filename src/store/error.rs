//! What can go wrong with a store: which file, what is wrong, what to do.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Why the store could not do what was asked.
///
/// [`Full`](Error::Full), [`Corrupt`](Error::Corrupt), [`Unwritable`](Error::Unwritable) and
/// [`Newer`](Error::Newer) are about the store as a whole; the others about one request.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// No room left for `path`: disk, quota or file size limit.
    Full { path: PathBuf, cause: String },
    /// `path` does not hold what it should.
    Corrupt { path: PathBuf, cause: String },
    /// `path` cannot be read or written for another reason.
    Unwritable { path: PathBuf, cause: String },
    /// The store was made by a newer tamis.
    Newer { path: PathBuf, what: &'static str, found: u32, known: u32 },
    /// Another process is writing to the store; its process id where it could be read.
    Locked { path: PathBuf, holder: Option<u32> },
    /// There is no store in `dir`.
    Missing { dir: PathBuf },
    /// No stored document, or no visited URL, has this name.
    NotFound { dir: PathBuf, name: String },
    /// More than one document's id begins like this.
    Ambiguous { dir: PathBuf, prefix: String, examples: Vec<String> },
    /// Not a content id nor the beginning of one.
    BadId { name: String },
    /// One document is larger than an entry may be.
    TooLarge { url: String, bytes: usize, limit: usize },
    /// The writer given to `export` failed, for example because its reader went away.
    Output(io::Error),
}

impl Error {
    pub(super) fn io(path: &Path, error: &io::Error) -> Error {
        let (path, cause) = (path.to_owned(), error.to_string());
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Error::Full { path, cause }
            }
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData => Error::Corrupt { path, cause },
            _ => Error::Unwritable { path, cause },
        }
    }

    pub(super) fn sql(path: &Path, error: &rusqlite::Error) -> Error {
        use rusqlite::ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase};
        let (path, cause) = (path.to_owned(), error.to_string());
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                DiskFull => Error::Full { path, cause },
                DatabaseCorrupt | NotADatabase => Error::Corrupt { path, cause },
                _ => Error::Unwritable { path, cause },
            },
            // Rows that do not have the shape of the schema.
            _ => Error::Corrupt { path, cause },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Full { path, cause } => write!(
                f,
                "{}: no room left ({cause}); free some space and run again, what was committed is safe",
                path.display()
            ),
            Error::Corrupt { path, cause } if path.extension().is_some_and(|e| e == "db") => {
                write!(
                    f,
                    "{0}: damaged ({cause}); move {0}, {0}-wal and {0}-shm aside and run again: the index is \
                 rebuilt from the packs",
                    path.display()
                )
            }
            Error::Corrupt { path, cause } => write!(
                f,
                "{}: damaged ({cause}); `tamis store verify` names every damaged document, fetch those again",
                path.display()
            ),
            Error::Unwritable { path, cause } => write!(
                f,
                "{}: cannot be used ({cause}); check its owner, its permissions and the disk",
                path.display()
            ),
            Error::Newer { path, what, found, known } => write!(
                f,
                "{}: made by a newer tamis ({what} {found}, this one knows {known}); use that version, or \
                 export there and store again here",
                path.display()
            ),
            Error::Locked { path, holder } => {
                write!(f, "{}: another tamis is writing to this store", path.display())?;
                if let Some(holder) = holder {
                    write!(f, " (process {holder})")?;
                }
                write!(f, "; wait until it has ended")
            }
            Error::Missing { dir } => write!(
                f,
                "{}: no tamis store here; check the path, or make one with `tamis fetch --store` or \
                 `tamis clean --store`",
                dir.display()
            ),
            Error::NotFound { dir, name } => {
                write!(f, "{name}: not in the store {}; `tamis store ls` lists what is", dir.display())
            }
            Error::Ambiguous { prefix, examples, .. } => write!(
                f,
                "{prefix}: more than one document begins like this ({}); give more digits",
                examples.join(", ")
            ),
            Error::BadId { name } => write!(
                f,
                "{name}: not a content id; give `sha256:` and hex digits as `tamis store ls` shows them, \
                 or only the first digits"
            ),
            Error::TooLarge { url, bytes, limit } => write!(
                f,
                "{url}: {bytes} bytes are more than a store entry may have ({limit}); cut the document up"
            ),
            Error::Output(cause) => write!(f, "the output cannot be written ({cause})"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Output(cause) => Some(cause),
            _ => None,
        }
    }
}
