//! What was asked for -> files, one after the other: paths as they are, folders walked, patterns matched.
//!
//! The order is that of the inputs; within a folder, entries stand in byte order of their names and a
//! folder's content stands where its name does. One folder's names are held at a time for each level.
//! Entries whose name begins with a dot are passed over, links to folders are not followed.

use super::{Failure, PassedOver, Place, Problem};
use globset::{GlobBuilder, GlobMatcher};
use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// A file to open.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// Found in a folder: passed over where it is neither HTML nor text nor an archive.
    pub(super) in_folder: bool,
}

/// The files of the inputs.
pub(super) struct Places {
    waiting: VecDeque<PathBuf>,
    walk: Option<Walk>,
}

struct Walk {
    /// The folders on the way, each with what is left of it.
    levels: Vec<Level>,
    pattern: Option<Pattern>,
}

struct Level {
    entries: std::vec::IntoIter<(PathBuf, bool)>,
    /// Everything in here is wanted; else only what the pattern matches.
    wanted: bool,
}

struct Pattern {
    given: PathBuf,
    glob: GlobMatcher,
    /// How many levels down the pattern can reach; `None` with `**`.
    depth: Option<usize>,
    matched: bool,
}

impl Places {
    pub(super) fn new(inputs: Vec<PathBuf>) -> Self {
        Places { waiting: inputs.into(), walk: None }
    }

    pub(super) fn next(&mut self, passed: &mut PassedOver) -> Option<Result<Found, Failure>> {
        loop {
            if let Some(walk) = &mut self.walk {
                match walk.next(passed) {
                    Some(item) => return Some(item),
                    None => self.walk = None,
                }
            }
            let path = self.waiting.pop_front()?;
            if path.as_os_str() == "-" {
                return Some(Ok(Found { path, in_folder: false }));
            }
            let walk = match fs::metadata(&path) {
                Ok(meta) if meta.is_dir() => Walk::folder(&path),
                Err(error) if error.kind() == io::ErrorKind::NotFound && is_pattern(&path) => {
                    Walk::pattern(&path)
                }
                // Opening it says what is wrong, if anything is.
                _ => {
                    return Some(Ok(Found { path, in_folder: false }));
                }
            };
            match walk {
                Ok(walk) => self.walk = Some(walk),
                Err(problem) => return Some(Err(failure(&path, problem))),
            }
        }
    }
}

impl Walk {
    fn folder(path: &Path) -> Result<Walk, Problem> {
        let entries = list(path)?;
        Ok(Walk { levels: vec![Level { entries, wanted: true }], pattern: None })
    }

    fn pattern(given: &Path) -> Result<Walk, Problem> {
        let text = given.to_str().ok_or_else(|| Problem::BadPattern("it is not UTF-8".to_owned()))?;
        let glob = GlobBuilder::new(text)
            .literal_separator(true)
            .build()
            .map_err(|error| Problem::BadPattern(error.kind().to_string()))?
            .compile_matcher();
        let fixed: Vec<Component> =
            given.components().take_while(|part| !is_pattern(part.as_ref())).collect();
        let base: PathBuf = fixed.iter().collect();
        let below = given.components().count() - fixed.len();
        let depth = (!text.contains("**") && !text.contains('{')).then_some(below);
        let entries = match list(&base) {
            Err(Problem::Missing) => Vec::new().into_iter(),
            other => other?,
        };
        let pattern = Pattern { given: given.to_owned(), glob, depth, matched: false };
        Ok(Walk { levels: vec![Level { entries, wanted: false }], pattern: Some(pattern) })
    }

    fn next(&mut self, passed: &mut PassedOver) -> Option<Result<Found, Failure>> {
        loop {
            let depth = self.levels.len();
            let Some(level) = self.levels.last_mut() else {
                let pattern = self.pattern.take()?;
                return (!pattern.matched).then(|| Err(failure(&pattern.given, Problem::NoMatch)));
            };
            let in_folder = level.wanted;
            let Some((path, is_folder)) = level.entries.next() else {
                self.levels.pop();
                continue;
            };
            let matched = match &mut self.pattern {
                Some(pattern) if !in_folder => {
                    let matched = pattern.glob.is_match(&path);
                    pattern.matched |= matched;
                    matched
                }
                _ => false,
            };
            let wanted = in_folder || matched;
            if is_folder {
                let reach = self.pattern.as_ref().and_then(|pattern| pattern.depth);
                if wanted || reach.is_none_or(|reach| depth < reach) {
                    match list(&path) {
                        Ok(entries) => self.levels.push(Level { entries, wanted }),
                        Err(problem) => return Some(Err(failure(&path, problem))),
                    }
                }
            } else if wanted {
                return Some(Ok(Found { path, in_folder }));
            } else if self.pattern.is_none() {
                passed.files += 1;
            }
        }
    }
}

/// A folder's entries in byte order of their names; `true` for folders.
fn list(folder: &Path) -> Result<std::vec::IntoIter<(PathBuf, bool)>, Problem> {
    let here = folder.as_os_str().is_empty();
    let io = |error: io::Error| Problem::from_io(&error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(if here { Path::new(".") } else { folder }).map_err(io)? {
        let entry = entry.map_err(io)?;
        let name = entry.file_name();
        let kind = entry.file_type().map_err(io)?;
        let hidden = name.as_encoded_bytes().starts_with(b".");
        let linked_folder = kind.is_symlink() && entry.path().is_dir();
        if !hidden && !linked_folder {
            entries.push((folder.join(name), kind.is_dir()));
        }
    }
    entries.sort_by(|a, b| {
        let name = |path: &PathBuf| path.as_os_str().as_encoded_bytes().to_vec();
        name(&a.0).cmp(&name(&b.0))
    });
    Ok(entries.into_iter())
}

fn is_pattern(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().iter().any(|byte| matches!(byte, b'*' | b'?' | b'[' | b'{'))
}

fn failure(path: &Path, problem: Problem) -> Failure {
    let source = path.display().to_string();
    let place = Place { file: source.as_str().into(), row: None };
    Failure { source, url: None, place, problem }
}
