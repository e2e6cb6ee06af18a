//! A kernel lock with its owner's process id in the file. The kernel drops it when the process ends,
//! however it ends, so there are no stale locks to clear. Knows nothing of what it protects.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Held until dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why the lock was not taken.
#[derive(Debug)]
pub enum Error {
    /// Another process holds it; with its process id where it could be read.
    Held { path: PathBuf, owner: Option<u32> },
    /// The lock file could not be created or locked.
    Io { path: PathBuf, source: io::Error },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Held { path, owner } => {
                write!(f, "{}: another run ", path.display())?;
                match owner {
                    Some(owner) => write!(f, "(process {owner}) holds the lock")?,
                    None => write!(f, "holds the lock")?,
                }
                write!(f, "; let it end, or give --wait to start after it")
            }
            Error::Io { path, source } => {
                write!(f, "{}: cannot lock: {source}; the folder must exist and be writable", path.display())
            }
        }
    }
}

impl std::error::Error for Error {}

impl Lock {
    /// Takes the lock, or says at once who holds it. Creates the file and its folder.
    pub fn acquire(path: &Path) -> Result<Self, Error> {
        let mut file = open(path)?;
        match file.try_lock() {
            Ok(()) => own(file, path),
            Err(TryLockError::WouldBlock) => {
                Err(Error::Held { path: path.to_owned(), owner: owner(&mut file) })
            }
            Err(TryLockError::Error(source)) => Err(failed(path, source)),
        }
    }

    /// Takes the lock, waiting for as long as another process holds it. Blocks the thread.
    pub fn wait(path: &Path) -> Result<Self, Error> {
        let file = open(path)?;
        file.lock().map_err(|source| failed(path, source))?;
        own(file, path)
    }
}

fn open(path: &Path) -> Result<File, Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|source| failed(path, source))?;
    }
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        // The file may belong to a running process: it is emptied only once it is ours.
        .truncate(false)
        .open(path)
        .map_err(|source| failed(path, source))
}

fn own(mut file: File, path: &Path) -> Result<Lock, Error> {
    let note = format!("{}\n", std::process::id());
    file.set_len(0).and_then(|()| file.write_all(note.as_bytes())).map_err(|source| failed(path, source))?;
    Ok(Lock { _file: file })
}

fn owner(file: &mut File) -> Option<u32> {
    let mut note = String::new();
    file.take(32).read_to_string(&mut note).ok()?;
    note.trim().parse().ok()
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::{Error, Lock};

    #[test]
    fn a_second_taker_is_refused_and_told_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/lock");
        let held = Lock::acquire(&path).unwrap();
        match Lock::acquire(&path) {
            Err(Error::Held { owner, .. }) => assert_eq!(owner, Some(std::process::id())),
            other => panic!("{other:?}"),
        }
        drop(held);
        Lock::acquire(&path).unwrap();
    }

    #[test]
    fn waiting_ends_when_the_holder_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let held = Lock::acquire(&path).unwrap();
        let waiter = std::thread::spawn({
            let path = path.clone();
            move || Lock::wait(&path).map(drop)
        });
        drop(held);
        waiter.join().unwrap().unwrap();
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let error = Lock::acquire(&folder.path().join("file/lock")).unwrap_err();
        assert!(error.to_string().contains("file/lock: cannot lock"), "{error}");
    }
}
