//! `-o DIR`: one file per input, same stem. A file appears when it is written, and none is overwritten.

use super::exit::Fault;
use super::output::{Format, sweep, temporary, unwritable};
use crate::input::Place;
use crate::record::{Record, Verdict};
use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;

/// The folder that is written into.
pub(super) struct Folder {
    dir: PathBuf,
    format: Format,
    /// The records of one input file, while they come.
    open: Option<(Arc<str>, BufWriter<NamedTempFile>)>,
    /// Hashes of the names this run has written: eight bytes a document.
    written: HashSet<u64>,
    /// The next suffix of stems that were taken.
    suffixes: HashMap<String, u64>,
}

impl Folder {
    pub(super) fn new(dir: &Path, format: Format) -> Result<Folder, Fault> {
        fs::create_dir_all(dir).map_err(|error| unwritable(dir, &error))?;
        sweep(dir);
        let (written, suffixes) = (HashSet::new(), HashMap::new());
        Ok(Folder { dir: dir.to_owned(), format, open: None, written, suffixes })
    }

    pub(super) fn write(&mut self, record: &Record, place: &Place) -> Result<(), Fault> {
        let failed = record.verdict == Verdict::Error && record.text.is_empty();
        if self.format == Format::Jsonl {
            self.append(record, place)
        } else if failed {
            Ok(())
        } else {
            self.document(record, place).map_err(|error| unwritable(&self.dir, &error))
        }
    }

    pub(super) fn finish(mut self) -> Result<(), Fault> {
        self.close().map_err(|error| unwritable(&self.dir, &error))
    }

    fn document(&mut self, record: &Record, place: &Place) -> io::Result<()> {
        let mut file = BufWriter::new(temporary(&self.dir)?);
        self.format.render(record, &mut file)?;
        let stem = match place.row {
            Some(row) => format!("{}-{row:06}", stem(&place.file)),
            None => stem(&place.file).to_owned(),
        };
        self.settle(file, &stem)
    }

    /// All records of one input file go into one file.
    fn append(&mut self, record: &Record, place: &Place) -> Result<(), Fault> {
        let dir = self.dir.clone();
        let io = |error: io::Error| unwritable(&dir, &error);
        let same = self.open.as_ref().is_some_and(|(file, _)| Arc::ptr_eq(file, &place.file));
        if !same {
            self.close().map_err(io)?;
            let file = BufWriter::new(temporary(&self.dir).map_err(io)?);
            self.open = Some((Arc::clone(&place.file), file));
        }
        match &mut self.open {
            Some((_, file)) => self.format.render(record, file).map_err(io),
            None => Ok(()),
        }
    }

    fn close(&mut self) -> io::Result<()> {
        match self.open.take() {
            Some((name, file)) => self.settle(file, stem(&name)),
            None => Ok(()),
        }
    }

    /// Gives the file its name: the stem, else the stem with the first free number. A file an earlier run
    /// left with the same content is as good.
    fn settle(&mut self, file: BufWriter<NamedTempFile>, stem: &str) -> io::Result<()> {
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let taken = self.suffixes.get(stem).copied();
        let mut number = taken.unwrap_or(1);
        loop {
            let suffix = if number == 1 { String::new() } else { format!("-{number}") };
            let name = format!("{stem}{suffix}.{}", self.format.extension());
            let path = self.dir.join(&name);
            let mut hasher = DefaultHasher::new();
            name.hash(&mut hasher);
            let key = hasher.finish();
            number += 1;
            if !self.written.contains(&key) {
                match file.persist_noclobber(&path) {
                    Ok(_) => {
                        self.written.insert(key);
                        break;
                    }
                    Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                        file = error.file;
                        if same_content(&path, file.path()) {
                            self.written.insert(key);
                            break;
                        }
                    }
                    Err(error) => return Err(error.error),
                }
            }
        }
        if number > 2 {
            self.suffixes.insert(stem.to_owned(), number);
        }
        Ok(())
    }
}

/// The name without folder, without `.gz` and without extension.
fn stem(file: &str) -> &str {
    if file == "-" {
        return "stdin";
    }
    let name = file.rsplit(std::path::is_separator).find(|part| !part.is_empty()).unwrap_or("input");
    let name = name.strip_suffix(".gz").unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

fn same_content(a: &Path, b: &Path) -> bool {
    let open = |path| File::open(path).map(|file| BufReader::new(file).bytes());
    let (Ok(mut a), Ok(mut b)) = (open(a), open(b)) else {
        return false;
    };
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(Ok(x)), Some(Ok(y))) if x == y => {}
            _ => return false,
        }
    }
}
