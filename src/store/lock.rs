//! One writer at a time: a kernel lock on a file in the store, which a killed process cannot leave behind.

use super::Error;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

/// The writer's lock, held until dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Lock {
    pub(super) fn take(path: &Path) -> Result<Lock, Error> {
        let wrong = |error| Error::io(path, &error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(wrong)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let read = file.take(32).read_to_string(&mut holder);
                let holder = read.ok().and_then(|_| holder.trim().parse().ok());
                return Err(Error::Locked { path: path.to_owned(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(wrong(error)),
        }
        // Only a courtesy to whoever reads the file: a full disk must not keep readers from recovering.
        let noted = file.set_len(0).and_then(|()| file.rewind());
        let _ = noted.and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Lock { file })
    }

    /// Whether a writer holds the lock now.
    pub(super) fn is_held(path: &Path) -> bool {
        match File::open(path) {
            Ok(file) => matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)),
            Err(_) => false,
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing lets go too, but not while a child that is just being spawned has a copy.
        let _ = self.file.unlock();
    }
}
