//! Whether a place can be written, asked before a run begins: a run of hours must not end with a report that has
//! nowhere to go. Knows nothing of what will be written there.

use std::io::{self, ErrorKind};
use std::path::Path;

/// A file that will be written whole and take its name at the end. Its folder is made.
pub(crate) fn file(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if path.file_name().is_none() {
        return Err(ErrorKind::InvalidFilename.into());
    }
    folder(folder_of(path)).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
        _ => error,
    })
}

/// The folder that a file lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A folder that files will be written into. It is made.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)?;
    // A file without a name: nothing is left of it, whatever happens.
    tempfile::tempfile_in(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::{ErrorKind, file, folder};

    #[test]
    fn what_cannot_be_written_is_known_before_and_what_can_is_left_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("a"), "a").unwrap();
        let kind = |result: std::io::Result<()>| result.map_err(|error| error.kind());
        assert_eq!(kind(file(&at("a"))), Ok(()));
        assert_eq!(kind(file(&at("new/b"))), Ok(()));
        assert_eq!(kind(file(&at("new"))), Err(ErrorKind::IsADirectory));
        assert_eq!(kind(file(&at("a/b"))), Err(ErrorKind::NotADirectory));
        assert_eq!(kind(file("".as_ref())), Err(ErrorKind::InvalidFilename));
        assert_eq!(kind(folder(&at("a"))), Err(ErrorKind::AlreadyExists));
        assert_eq!(std::fs::read_to_string(at("a")).unwrap(), "a");
        assert_eq!(std::fs::read_dir(at("new")).unwrap().count(), 0);
    }
}
