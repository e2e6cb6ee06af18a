//! `--site-memory`: reads the inputs a first time to learn what their sites repeat, and keeps that in a file where one
//! is named. Knows neither what a line is nor what its repetition means.

use super::exit::{Exit, Fault};
use super::ordered;
use super::output::{temporary, unwritable};
use super::signal::Signals;
use crate::clean::recur::{Lesson, Memory};
use crate::clean::{self, Input, Options};
use crate::dedup::site::{Page, SITE_VERSION, Sites};
use crate::input::{Document, Failure, Inputs, Place};
use crate::job::Plan;
use crate::job::place::{self, folder_of};
use crate::json_lines::write_line;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The longest line of a memory's file, in bytes: a site at its fullest has 1.6 million.
const LINE_LIMIT: u64 = 16 << 20;

/// How hard the file is compressed: hashes give way little.
const COMPRESSION: i32 = 1;

/// Where what sites repeat comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// Each document by itself.
    Off,
    /// From the inputs at hand.
    Auto,
    /// From the file and the inputs; the file then has both.
    File(PathBuf),
}

impl From<PathBuf> for Choice {
    fn from(given: PathBuf) -> Choice {
        match given.to_str() {
            Some("off") => Choice::Off,
            Some("auto") => Choice::Auto,
            _ => Choice::File(given),
        }
    }
}

/// The first pass: what the sites of these inputs repeat, for [`options_for`]; `None` where that was not asked for.
pub(super) fn learn(
    choice: &Choice,
    inputs: &[PathBuf],
    threads: usize,
    signals: &Signals,
) -> Result<Option<Memory>, Fault> {
    let file = match choice {
        Choice::Off => return Ok(None),
        Choice::Auto => None,
        Choice::File(path) => Some(path.as_path()),
    };
    if let Some(once) = inputs.iter().find(|path| !is_read_twice(path)) {
        let name = if once.as_os_str() == "-" { "standard input".into() } else { once.to_string_lossy() };
        let wrong =
            format_args!("{name} can be read only once, and learning what a site repeats takes two passes");
        return Err(Fault::usage(
            "--site-memory",
            wrong,
            "save it to a file first, or say --site-memory off",
        ));
    }
    let mut sites = file.map_or(Ok(Sites::default()), begun)?;
    let whole = ordered::run(threads, Inputs::new(inputs.to_vec()), lesson, signals, |lesson| {
        if let Some(Lesson { sites: names, page }) = lesson {
            sites.add(&names, page);
        }
        Ok(())
    })?;
    if let (Some(path), Some(_)) = (file, whole) {
        write(path, &sites).map_err(|error| unwritable(path, &error))?;
    }
    Ok(Some(memory(&sites)))
}

/// A run sees each page once: what its file remembers is used at once, what its pages teach is for the next run.
pub(super) struct Lessons {
    path: PathBuf,
    sites: Arc<Mutex<Sites>>,
}

impl Lessons {
    /// Opens what was asked for, and lets the plan use it and add to it.
    pub(super) fn of(choice: &Choice, plan: &mut Plan) -> Result<Option<Lessons>, Fault> {
        let path = match choice {
            Choice::Off => return Ok(None),
            Choice::File(path) => path.clone(),
            Choice::Auto => {
                let wrong = "a page is cleaned as it comes, before the rest of its site is known";
                let advice = "name a file instead: each run learns for the next one";
                return Err(Fault::usage("--site-memory auto", wrong, advice));
            }
        };
        let sites = Arc::default();
        plan.clean.memory = Some(memory(&begun(&path)?));
        plan.lessons = Some(Arc::clone(&sites));
        Ok(Some(Lessons { path, sites }))
    }

    /// Adds to the file what was learned; another run may have added to it meanwhile.
    pub(super) fn keep(self) -> Result<(), Fault> {
        let mut sites = known(&self.path)?;
        let learned = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites.rise(learned.level());
        for (site, pages) in learned.rows() {
            let site: [Arc<str>; 1] = [site.into()];
            pages.for_each(|page| sites.add(&site, page.clone()));
        }
        write(&self.path, &sites).map_err(|error| unwritable(&self.path, &error))
    }
}

/// What the file remembers at the start of a run, at whose end it must be written.
fn begun(path: &Path) -> Result<Sites, Fault> {
    let sites = known(path)?;
    place::file(path).map_err(|error| unwritable(path, &error))?;
    Ok(sites)
}

/// What the file remembers, which may not be there yet; its folder must be.
fn known(path: &Path) -> Result<Sites, Fault> {
    let folder = folder_of(path);
    if !folder.is_dir() {
        let wrong = format_args!("there is no folder {}", folder.display());
        return Err(Fault::new(Exit::Unwritable, option(path), wrong, "make it, or name another file"));
    }
    Ok(read(path)?.unwrap_or_default())
}

/// What a file remembers; the file must be there.
pub(super) fn recall(path: &Path) -> Result<Memory, Fault> {
    let (wrong, advice) = match path.to_str() {
        Some("auto") => (
            "one document does not tell what its site repeats",
            "learn that first with `tamis clean --site-memory FILE` and name the FILE here",
        ),
        _ => ("no such file", "learn one first with `tamis clean --site-memory FILE`"),
    };
    read(path)?.map(|sites| memory(&sites)).ok_or_else(|| Fault::usage(option(path), wrong, advice))
}

fn memory(sites: &Sites) -> Memory {
    Memory { learned: Arc::new(sites.learned()), folder: None }
}

/// The options for one document: where it lies may say which site it is of.
pub(super) fn options_for(place: &Place, options: &Options) -> Options {
    let mut options = options.clone();
    if let Some(memory) = &mut options.memory {
        memory.folder = Some(folder(place).into());
    }
    options
}

fn is_read_twice(path: &Path) -> bool {
    // What is not there is a pattern or a mistake: the second pass says which.
    let kind = || fs::metadata(path).map_or(true, |meta| meta.is_file() || meta.is_dir());
    path.as_os_str() != "-" && kind()
}

fn lesson(item: Result<Document, Failure>) -> Option<Lesson> {
    // What cannot be read is named by the second pass.
    let document = item.ok()?;
    let input = Input {
        bytes: &document.bytes,
        media: document.media,
        charset: document.charset.as_deref(),
        url: document.url.as_ref(),
    };
    let folder = folder(&document.place);
    catch_unwind(AssertUnwindSafe(|| clean::learn(&input, Some(&folder)))).ok()
}

/// The folder a document lies in, or the file of many it is in. A page that is its folder's index stands for the
/// folder, among others.
fn folder(place: &Place) -> String {
    let path = Path::new(&*place.file);
    if place.row.is_some() {
        return path.display().to_string();
    }
    let above =
        |path: &Path| path.parent().filter(|parent| !parent.as_os_str().is_empty()).map(Path::to_path_buf);
    let index = path.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("index"));
    let folder = above(path);
    let folder = if index { folder.as_deref().and_then(above).or(folder) } else { folder };
    folder.map_or_else(|| ".".to_owned(), |folder| folder.display().to_string())
}

/// The first line of a memory's file.
#[derive(Serialize, Deserialize)]
struct Head {
    #[serde(rename = "tamis-site-memory")]
    version: u32,
    level: u32,
}

/// A site: each page's lines, sixteen hex digits each.
#[derive(Serialize, Deserialize)]
struct Site {
    site: String,
    pages: Vec<String>,
}

/// `None`: no such file yet.
fn read(path: &Path) -> Result<Option<Sites>, Fault> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(|error| broken(path, &error.to_string()))?,
    };
    if file.metadata().is_ok_and(|meta| meta.is_dir()) {
        let wrong = "it is a folder, and a memory is one file";
        return Err(Fault::usage(
            option(path),
            wrong,
            format_args!("say {}", path.join("sites.memory").display()),
        ));
    }
    let plain = zstd::Decoder::new(file).map_err(|error| broken(path, &error.to_string()))?;
    let mut reader = BufReader::new(plain);
    let mut line = String::new();
    let mut next = |line: &mut String| -> Result<bool, Fault> {
        line.clear();
        let read = reader.by_ref().take(LINE_LIMIT).read_line(line);
        let read = read.map_err(|_| broken(path, "it is damaged, or no site memory"))?;
        if read > 0 && !line.ends_with('\n') {
            return Err(broken(path, "it ends too early"));
        }
        Ok(read > 0)
    };
    let strange = |_| broken(path, "it is no site memory");
    next(&mut line)?;
    let head: Head = serde_json::from_str(&line).map_err(strange)?;
    if head.version != SITE_VERSION {
        let wrong = format!("it is of version {}, and this tamis reads {SITE_VERSION}", head.version);
        return Err(broken(path, &wrong));
    }
    let mut sites = Sites::default();
    sites.rise(head.level);
    while next(&mut line)? {
        let Site { site, pages } = serde_json::from_str(&line).map_err(strange)?;
        let site: [Arc<str>; 1] = [site.into()];
        for page in pages {
            let numbers = numbers(&page).ok_or_else(|| broken(path, "it is damaged"))?;
            sites.add(&site, Page::from_numbers(numbers));
        }
    }
    Ok(Some(sites))
}

fn numbers(hex: &str) -> Option<Vec<u64>> {
    let digits = hex.as_bytes().chunks(16).map(|chunk| std::str::from_utf8(chunk).ok());
    digits
        .map(|chunk| chunk.filter(|c| c.len() == 16).and_then(|c| u64::from_str_radix(c, 16).ok()))
        .collect()
}

/// The file appears whole, in the place of the one that was there.
fn write(path: &Path, sites: &Sites) -> io::Result<()> {
    let mut file = temporary(folder_of(path))?;
    let mut out = zstd::Encoder::new(BufWriter::new(file.as_file_mut()), COMPRESSION)?;
    write_line(&mut out, &Head { version: SITE_VERSION, level: sites.level() })?;
    for (site, pages) in sites.rows() {
        let hex = |page: &Page| page.lines().iter().map(|line| format!("{:016x}", line.number())).collect();
        write_line(&mut out, &Site { site: site.to_owned(), pages: pages.map(hex).collect() })?;
    }
    out.finish()?.flush()?;
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

fn option(path: &Path) -> String {
    format!("--site-memory {}", path.display())
}

fn broken(path: &Path, wrong: &str) -> Fault {
    Fault::new(Exit::Usage, option(path), wrong, "name another file, or remove this one to learn anew")
}

#[cfg(test)]
mod tests {
    use super::{Choice, folder, numbers};
    use crate::input::Place;
    use std::path::PathBuf;

    #[test]
    fn a_document_lies_in_its_folder_or_in_its_file_of_many() {
        let of = |file: &str, row| folder(&Place { file: file.into(), row });
        assert_eq!(of("saved/blog/a.html", None), "saved/blog");
        assert_eq!(of("saved/blog/a-post/index.html", None), "saved/blog");
        assert_eq!((of("index.html", None), of("a/index.html", None)), (".".to_owned(), "a".to_owned()));
        assert_eq!(of("crawl.jsonl", Some(3)), "crawl.jsonl");
    }

    #[test]
    fn words_and_files_are_told_apart_and_hex_is_read_whole() {
        let choices = ["off", "auto", "./auto"].map(|given| Choice::from(PathBuf::from(given)));
        assert_eq!(choices, [Choice::Off, Choice::Auto, Choice::File("./auto".into())]);
        assert_eq!(numbers("00000000000000ff0000000000000001"), Some(vec![255, 1]));
        assert_eq!([numbers("00ff"), numbers("éééééééé"), numbers("zzzzzzzzzzzzzzzz")], [None, None, None]);
    }
}
