//! One side of a comparison: where its documents lie. Remembers names and places; texts are read when they are asked
//! for, and no file of records stays open: a folder may have more than a process may open.

use super::super::exit::Fault;
use super::super::tell;
use flate2::bufread::MultiGzDecoder;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The longest row that is read, in MiB.
const ROW_LIMIT: u64 = 256;

/// The largest text that is read, in MiB.
const TEXT_LIMIT: u64 = 64;

const MIB: u64 = 1 << 20;

/// Documents and where they lie.
pub(super) struct Side {
    documents: Vec<(String, Place)>,
    /// Files of records, by number.
    files: Vec<PathBuf>,
    /// The file that was read last, with its number.
    open: Option<(usize, File)>,
    /// What was compressed, unpacked one after the other into one temporary file.
    spill: Option<File>,
    /// Texts of which it was said that they are cut.
    cut: HashSet<usize>,
    one_text: bool,
    failed: u64,
}

#[derive(Debug)]
enum Place {
    Text(PathBuf),
    /// Of a file by its number; without one, of the temporary file.
    Row {
        file: Option<usize>,
        start: u64,
        length: usize,
    },
}

/// What is compared of a document. Other tools need only give `source` (or `id` or `url`) and `text`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Text {
    source: Option<Name>,
    id: Option<Name>,
    url: Option<String>,
    #[serde(default)]
    pub(super) text: String,
    title: Option<String>,
    author: Option<String>,
    date: Option<String>,
    lang: Option<String>,
    kind: Option<String>,
    verdict: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Name {
    Text(String),
    Number(serde_json::Number),
}

impl Name {
    fn into_text(self) -> String {
        match self {
            Name::Text(text) => text,
            Name::Number(number) => number.to_string(),
        }
    }
}

/// Fields that differ.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Fields(pub(super) Vec<Field>);

/// A field that differs.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) a: Option<String>,
    pub(super) b: Option<String>,
}

impl Fields {
    /// Those that differ between two records; a text has none.
    pub(super) fn changed(a: &Text, b: &Text) -> Fields {
        let fields = [
            ("title", &a.title, &b.title),
            ("author", &a.author, &b.author),
            ("date", &a.date, &b.date),
            ("lang", &a.lang, &b.lang),
            ("kind", &a.kind, &b.kind),
            ("verdict", &a.verdict, &b.verdict),
        ];
        // Only tamis's own records say a verdict: another tool's missing fields are no change.
        if a.verdict.is_none() || b.verdict.is_none() {
            return Fields::default();
        }
        let changed = fields.into_iter().filter(|(_, a, b)| a != b);
        Fields(changed.map(|(name, a, b)| Field { name, a: a.clone(), b: b.clone() }).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What a file is by its name.
enum Sort {
    Rows,
    Text,
}

impl Side {
    /// Finds the documents of a file or folder.
    ///
    /// # Errors
    /// When it is not there, or the folder or file cannot be read at all.
    pub(super) fn open(path: &Path) -> Result<Side, Fault> {
        let unreadable = |error: io::Error| {
            Fault::usage(path.display(), error, "name a file of records, or a folder of texts")
        };
        let mut side = Side {
            documents: Vec::new(),
            files: Vec::new(),
            open: None,
            spill: None,
            cut: HashSet::new(),
            one_text: false,
            failed: 0,
        };
        if fs::metadata(path).map_err(unreadable)?.is_dir() {
            side.folder(path).map_err(unreadable)?;
        } else if sort(path).is_some_and(|sort| matches!(sort, Sort::Rows))
            || begins_object(path).map_err(unreadable)?
        {
            side.rows(path).map_err(unreadable)?;
        } else {
            side.documents.push((path.display().to_string(), Place::Text(path.to_owned())));
            side.one_text = true;
        }
        Ok(side)
    }

    pub(super) fn len(&self) -> usize {
        self.documents.len()
    }

    /// A document's source, or its path below the folder.
    pub(super) fn name(&self, at: usize) -> &str {
        &self.documents[at].0
    }

    pub(super) fn is_one_text(&self) -> bool {
        self.one_text
    }

    /// How many rows and files could not be read; each was named on standard error.
    pub(super) fn failed(&self) -> u64 {
        self.failed
    }

    /// A document, or nothing where it cannot be read any more.
    pub(super) fn read(&mut self, at: usize) -> Option<Text> {
        let (name, place) = self.documents.get(at)?;
        let read = match place {
            Place::Text(path) => text(path, TEXT_LIMIT * MIB).map(|(text, whole)| {
                if !whole && self.cut.insert(at) {
                    self.failed += 1;
                    tell(format_args!("{name}: over {TEXT_LIMIT} MiB; what follows is left out"));
                }
                text
            }),
            &Place::Row { file, start, length } => {
                row_file(file, &self.files, &mut self.open, self.spill.as_mut())
                    .and_then(|file| row(file, start, length))
            }
        };
        match read {
            Ok(text) => Some(text),
            Err(error) => {
                self.failed += 1;
                tell(format_args!("{name}: {error}; it is left out"));
                None
            }
        }
    }

    /// All files below a folder, in byte order of the names. What cannot be read is named; the rest goes on.
    fn folder(&mut self, top: &Path) -> io::Result<()> {
        let mut waiting = entries(top)?;
        while let Some(path) = waiting.pop() {
            if path.is_dir() {
                match entries(&path) {
                    Ok(entries) => waiting.extend(entries),
                    Err(error) => self.leave_out(&path, &error),
                }
                continue;
            }
            match sort(&path) {
                Some(Sort::Rows) => {
                    let before = self.documents.len();
                    if let Err(error) = self.rows(&path) {
                        self.documents.truncate(before);
                        self.leave_out(&path, &error);
                    }
                }
                Some(Sort::Text) => {
                    let name = path.strip_prefix(top).unwrap_or(&path).display().to_string();
                    self.documents.push((name.replace('\\', "/"), Place::Text(path)));
                }
                None => {}
            }
        }
        Ok(())
    }

    fn leave_out(&mut self, path: &Path, error: &io::Error) {
        self.failed += 1;
        tell(format_args!("{}: {error}; it is left out", path.display()));
    }

    /// Unpacks into the temporary file, and gives the file from where this begins, with the place.
    fn unpack(&mut self, file: File) -> io::Result<(File, u64)> {
        let spill = match self.spill.take() {
            Some(spill) => spill,
            None => tempfile::tempfile()?,
        };
        let spill = self.spill.insert(spill);
        let start = spill.seek(SeekFrom::End(0))?;
        if let Err(error) = io::copy(&mut MultiGzDecoder::new(BufReader::new(file)), spill) {
            spill.set_len(start)?;
            return Err(error);
        }
        spill.seek(SeekFrom::Start(start))?;
        Ok((spill.try_clone()?, start))
    }

    /// The rows of one file; a compressed one is unpacked first.
    fn rows(&mut self, path: &Path) -> io::Result<()> {
        let mut file = File::open(path)?;
        let mut head = Vec::new();
        file.by_ref().take(2).read_to_end(&mut head)?;
        file.rewind()?;
        let (at, mut start) = if head == b"\x1f\x8b" {
            let (unpacked, start) = self.unpack(file)?;
            file = unpacked;
            (None, start)
        } else {
            self.files.push(path.to_owned());
            (Some(self.files.len() - 1), 0)
        };
        let mut reader = BufReader::with_capacity(1 << 18, file);
        let mut number = 0;
        let mut line = Vec::new();
        loop {
            let passed = next_row(&mut reader, ROW_LIMIT * MIB, &mut line)?;
            let length = line.len();
            if length == 0 {
                break;
            }
            number += 1;
            let place = Place::Row { file: at, start, length };
            start += length as u64 + passed;
            if passed > 0 {
                self.failed += 1;
                tell(format_args!("{}:{number}: over {ROW_LIMIT} MiB; it is left out", path.display()));
                continue;
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            let named = serde_json::from_slice::<Text>(line.trim_ascii())
                .map_err(|error| error.to_string())
                .and_then(|text| text.name().ok_or_else(|| "neither `source` nor `id` nor `url`".to_owned()));
            match named {
                Ok(name) => self.documents.push((name, place)),
                Err(wrong) => {
                    self.failed += 1;
                    let what = "give one JSON object a line, with `source` and `text`";
                    tell(format_args!("{}:{number}: {wrong}; {what}", path.display()));
                }
            }
        }
        Ok(())
    }
}

impl Text {
    fn name(self) -> Option<String> {
        self.source.or(self.id).map(Name::into_text).or(self.url)
    }
}

fn sort(path: &Path) -> Option<Sort> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    match name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?.1 {
        "jsonl" | "ndjson" | "json" => Some(Sort::Rows),
        "txt" | "text" | "md" | "markdown" => Some(Sort::Text),
        _ => None,
    }
}

fn begins_object(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut head)?;
    Ok(head.trim_ascii_start().starts_with(b"{\""))
}

/// What a folder holds, in reverse byte order of the names; without hidden files and links to folders.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| (entry.path(), entry.file_type())))
        .collect::<io::Result<Vec<_>>>()?;
    entries.retain(|(path, kind)| {
        let linked_folder = kind.as_ref().is_ok_and(fs::FileType::is_symlink) && path.is_dir();
        let hidden = path.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(b"."));
        !linked_folder && !hidden
    });
    entries.sort_by(|a, b| b.0.as_os_str().as_encoded_bytes().cmp(a.0.as_os_str().as_encoded_bytes()));
    Ok(entries.into_iter().map(|(path, _)| path).collect())
}

/// Reads a row into `line`, empty at the end; says how many bytes beyond the limit were passed over.
fn next_row(reader: &mut impl BufRead, limit: u64, line: &mut Vec<u8>) -> io::Result<u64> {
    line.clear();
    let length = reader.by_ref().take(limit).read_until(b'\n', line)?;
    if (length as u64) < limit || line.ends_with(b"\n") {
        return Ok(0);
    }
    Ok(reader.skip_until(b'\n')? as u64)
}

/// A text, and whether that is all of it.
fn text(path: &Path, limit: u64) -> io::Result<(Text, bool)> {
    let mut bytes = Vec::new();
    let mut file = BufReader::new(File::open(path)?);
    if file.fill_buf()?.starts_with(b"\x1f\x8b") {
        MultiGzDecoder::new(file).take(limit + 1).read_to_end(&mut bytes)?;
    } else {
        file.take(limit + 1).read_to_end(&mut bytes)?;
    }
    let whole = bytes.len() as u64 <= limit;
    if !whole {
        bytes.pop();
    }
    Ok((Text { text: String::from_utf8_lossy(&bytes).into_owned(), ..Text::default() }, whole))
}

/// The file that a row is in, opened again unless it was the last one.
fn row_file<'a>(
    number: Option<usize>,
    files: &[PathBuf],
    open: &'a mut Option<(usize, File)>,
    spill: Option<&'a mut File>,
) -> io::Result<&'a mut File> {
    let gone = || io::Error::from(io::ErrorKind::NotFound);
    let Some(number) = number else { return spill.ok_or_else(gone) };
    let file = match open.take() {
        Some((last, file)) if last == number => file,
        _ => File::open(files.get(number).ok_or_else(gone)?)?,
    };
    Ok(&mut open.insert((number, file)).1)
}

fn row(file: &mut File, start: u64, length: usize) -> io::Result<Text> {
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut bytes)?;
    Ok(serde_json::from_slice(bytes.trim_ascii())?)
}

#[cfg(test)]
mod tests {
    use super::{next_row, text};

    #[test]
    fn a_row_over_the_limit_is_passed_over_whole() {
        let mut reader = &b"1234\n12345\n123456789\n1\n12345"[..];
        let mut line = Vec::new();
        let mut rows = Vec::new();
        loop {
            let passed = next_row(&mut reader, 5, &mut line).expect("bytes in memory");
            if line.is_empty() {
                break;
            }
            rows.push((line.len(), passed));
        }
        assert_eq!(rows, [(5, 0), (5, 1), (5, 5), (2, 0), (5, 0)]);
    }

    #[test]
    fn a_text_over_the_limit_is_cut_and_says_so() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a.txt");
        std::fs::write(&path, "12345").expect("a file");
        let (all, whole) = text(&path, 5).expect("a text");
        assert_eq!((all.text.as_str(), whole), ("12345", true));
        let (some, whole) = text(&path, 4).expect("a text");
        assert_eq!((some.text.as_str(), whole), ("1234", false));
    }
}
