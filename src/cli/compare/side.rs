//! One side of a comparison: where its documents lie. Remembers names and places; texts are read when they are asked
//! for.

use super::super::exit::Fault;
use super::super::tell;
use flate2::bufread::MultiGzDecoder;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The longest row that is read, in bytes.
const ROW_LIMIT: u64 = 256 << 20;

/// The largest text that is read, in bytes.
const TEXT_LIMIT: u64 = 64 << 20;

/// Documents and where they lie.
pub(super) struct Side {
    documents: Vec<(String, Place)>,
    files: Vec<File>,
    one_text: bool,
    failed: u64,
}

#[derive(Debug)]
enum Place {
    Text(PathBuf),
    Row { file: usize, start: u64, length: usize },
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
        let mut side = Side { documents: Vec::new(), files: Vec::new(), one_text: false, failed: 0 };
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
        let read = match &self.documents.get(at)?.1 {
            Place::Text(path) => text(path),
            Place::Row { file, start, length } => row(self.files.get_mut(*file)?, *start, *length),
        };
        let name = &self.documents[at].0;
        read.map_err(|error| {
            self.failed += 1;
            tell(format_args!("{name}: {error}; it is left out"));
        })
        .ok()
    }

    /// All files below a folder, in byte order of the names.
    fn folder(&mut self, top: &Path) -> io::Result<()> {
        let mut waiting = vec![top.to_owned()];
        while let Some(path) = waiting.pop() {
            if path.is_dir() {
                let mut entries = fs::read_dir(&path)?
                    .map(|entry| entry.map(|entry| (entry.path(), entry.file_type())))
                    .collect::<io::Result<Vec<_>>>()?;
                entries.retain(|(path, kind)| {
                    let linked_folder = kind.as_ref().is_ok_and(fs::FileType::is_symlink) && path.is_dir();
                    let hidden = path.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(b"."));
                    !linked_folder && !hidden
                });
                entries.sort_by(|a, b| {
                    b.0.as_os_str().as_encoded_bytes().cmp(a.0.as_os_str().as_encoded_bytes())
                });
                waiting.extend(entries.into_iter().map(|(path, _)| path));
                continue;
            }
            match sort(&path) {
                Some(Sort::Rows) => self.rows(&path)?,
                Some(Sort::Text) => {
                    let name = path.strip_prefix(top).unwrap_or(&path).display().to_string();
                    self.documents.push((name.replace('\\', "/"), Place::Text(path)));
                }
                None => {}
            }
        }
        Ok(())
    }

    /// The rows of one file; a compressed one is unpacked into a temporary file first.
    fn rows(&mut self, path: &Path) -> io::Result<()> {
        let mut file = File::open(path)?;
        let mut head = Vec::new();
        file.by_ref().take(2).read_to_end(&mut head)?;
        file.rewind()?;
        if head == b"\x1f\x8b" {
            let mut plain = tempfile::tempfile()?;
            io::copy(&mut MultiGzDecoder::new(BufReader::new(file)), &mut plain)?;
            plain.rewind()?;
            file = plain;
        }
        let at = self.files.len();
        let mut reader = BufReader::with_capacity(1 << 18, file.try_clone()?);
        let (mut start, mut number) = (0, 0);
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = reader.by_ref().take(ROW_LIMIT).read_until(b'\n', &mut line)?;
            if length == 0 {
                break;
            }
            number += 1;
            let place = Place::Row { file: at, start, length };
            start += length as u64;
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
        self.files.push(file);
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

fn text(path: &Path) -> io::Result<Text> {
    let mut bytes = Vec::new();
    let mut file = BufReader::new(File::open(path)?);
    if file.fill_buf()?.starts_with(b"\x1f\x8b") {
        MultiGzDecoder::new(file).take(TEXT_LIMIT).read_to_end(&mut bytes)?;
    } else {
        file.take(TEXT_LIMIT).read_to_end(&mut bytes)?;
    }
    Ok(Text { text: String::from_utf8_lossy(&bytes).into_owned(), ..Text::default() })
}

fn row(file: &mut File, start: u64, length: usize) -> io::Result<Text> {
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut bytes)?;
    Ok(serde_json::from_slice(bytes.trim_ascii())?)
}
