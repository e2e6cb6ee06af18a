//! `tamis.toml`, read into what a run needs. Knows no stage: it checks what can be checked by
//! reading, and every complaint names the file, the line, the key and what to do.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::schedule::{self, Schedule};
use crate::clean::repair::{Repair, Repairs};
use crate::fetch::{Cidr, CidrError};

/// A checked `tamis.toml`, with paths resolved against its folder.
#[derive(Debug, Clone)]
pub struct Config {
    /// The store's folder.
    pub store: PathBuf,
    /// Lists, feeds and sitemaps: a path, or an `http(s)` URL.
    pub lists: Vec<String>,
    /// Single pages.
    pub urls: Vec<String>,
    /// When to run again; `None` runs once.
    pub schedule: Option<Schedule>,
    /// Sent with every request; `None` for the built-in one.
    pub user_agent: Option<String>,
    /// Least time between two requests to one host; `None` for the built-in one.
    pub delay: Option<Duration>,
    /// Connections to one host at a time; `None` for the built-in number.
    pub per_host: Option<usize>,
    /// Connections in all; `None` for the built-in number.
    pub jobs: Option<usize>,
    /// Address ranges that may be fetched although they are private.
    pub allow_net: Vec<Cidr>,
    /// Where each run's report goes; `{started}` stands for the run's start.
    pub report: Option<PathBuf>,
    /// Where each run's ledger goes; `{started}` stands for the run's start.
    pub ledger: Option<PathBuf>,
    /// How many reports and ledgers with `{started}` in their name are kept, 1 or more. Default 100.
    pub keep: usize,
    /// Where what was received is kept, if anywhere.
    pub warc: Option<PathBuf>,
    /// Damage to undo before a page is weighed. Default all.
    pub repairs: Repairs,
    /// Where what sites repeat is remembered from run to run, if anywhere.
    pub site_memory: Option<PathBuf>,
}

/// Why a configuration cannot be used.
#[derive(Debug)]
pub enum Error {
    /// The file cannot be read.
    Read { path: PathBuf, source: std::io::Error },
    /// The file says something that cannot be used. Lines count from 1.
    Wrong { path: PathBuf, line: usize, what: String },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Read { path, source } if source.kind() == std::io::ErrorKind::NotFound => {
                write!(f, "{}: no such file; `tamis init` writes one to start from", path.display())
            }
            Error::Read { path, source } => {
                write!(f, "{}: cannot read: {source}; name a tamis.toml that can be read", path.display())
            }
            Error::Wrong { path, line, what } => write!(f, "{}:{line}: {what}", path.display()),
        }
    }
}

impl std::error::Error for Error {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    store: Spanned<String>,
    report: Option<String>,
    ledger: Option<String>,
    keep: Option<Spanned<usize>>,
    warc: Option<String>,
    #[serde(default)]
    sources: Sources,
    schedule: Option<Spanned<When>>,
    #[serde(default)]
    politeness: Politeness,
    #[serde(default)]
    cleaning: Cleaning,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Cleaning {
    repair: Option<Spanned<String>>,
    no_repair: Option<Spanned<String>>,
    site_memory: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Sources {
    lists: Vec<Spanned<String>>,
    feeds: Vec<Spanned<String>>,
    sitemaps: Vec<Spanned<String>>,
    urls: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct When {
    every: Option<Spanned<String>>,
    cron: Option<Spanned<String>>,
    timezone: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Politeness {
    user_agent: Option<Spanned<String>>,
    delay: Option<Spanned<f64>>,
    per_host: Option<Spanned<usize>>,
    jobs: Option<Spanned<usize>>,
    allow_net: Vec<Spanned<String>>,
}

/// The longest delay between two requests that is taken for meant: one day.
const LONGEST_DELAY: f64 = 86_400.0;

impl Config {
    /// Reads and checks the file.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text =
            std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Self::parse(&text, path)
    }

    /// Checks `text` as if it had been read from `path`, against whose folder paths resolve.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let reader = Reader { text, path };
        let file: File = toml::from_str(text).map_err(|error| reader.syntax(&error))?;
        let schedule = match &file.schedule {
            Some(when) => Some(reader.schedule(when)?),
            None => None,
        };
        let politeness = &file.politeness;
        Ok(Self {
            store: reader.store(&file.store)?,
            lists: reader.lists(&file.sources),
            urls: file.sources.urls.iter().map(plain).collect(),
            schedule,
            user_agent: reader.user_agent(politeness.user_agent.as_ref())?,
            delay: reader.delay(politeness.delay.as_ref())?,
            per_host: reader.at_least_one("per_host", politeness.per_host.as_ref())?,
            jobs: reader.at_least_one("jobs", politeness.jobs.as_ref())?,
            allow_net: reader.ranges(&politeness.allow_net)?,
            report: file.report.map(|path| reader.resolve(&path)),
            ledger: file.ledger.map(|path| reader.resolve(&path)),
            keep: reader.at_least_one("keep", file.keep.as_ref())?.unwrap_or(100),
            warc: file.warc.map(|path| reader.resolve(&path)),
            repairs: reader.repairs(&file.cleaning)?,
            site_memory: reader.site_memory(file.cleaning.site_memory.as_ref())?,
        })
    }
}

fn plain(value: &Spanned<String>) -> String {
    value.get_ref().clone()
}

struct Reader<'a> {
    text: &'a str,
    path: &'a Path,
}

impl Reader<'_> {
    fn wrong(&self, span: Range<usize>, what: impl Into<String>) -> Error {
        let before = self.text.as_bytes().iter().take(span.start);
        Error::Wrong {
            path: self.path.to_owned(),
            line: 1 + before.filter(|byte| **byte == b'\n').count(),
            what: what.into(),
        }
    }

    fn syntax(&self, error: &toml::de::Error) -> Error {
        let span = error.span().unwrap_or(0..0);
        let message = error.message().trim();
        let what = match unknown_key(message) {
            Some((key, known)) => {
                let hint = match closest(key, &known) {
                    Some(close) => format!("did you mean `{close}`?"),
                    None => format!("known here: {}", known.join(", ")),
                };
                format!("unknown key `{key}`; {hint}")
            }
            None if message.contains("missing field `store`") => {
                "the key `store` is missing; name the store's folder, such as store = \"store\"".to_owned()
            }
            None => match self.key_at(&span) {
                Some(key) => format!("`{key}`: {}", message.replace('\n', "; ")),
                None => message.replace('\n', "; "),
            },
        };
        self.wrong(span, what)
    }

    /// The key on the line where `span` begins, if that line is an assignment.
    fn key_at(&self, span: &Range<usize>) -> Option<&str> {
        let start = self.text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
        let line = self.text.get(start..)?.lines().next()?;
        let (key, _) = line.split_once('=')?;
        let key = key.trim();
        (!key.is_empty() && !key.starts_with('#')).then_some(key)
    }

    fn resolve(&self, path: &str) -> PathBuf {
        match self.path.parent() {
            Some(folder) => folder.join(path),
            None => PathBuf::from(path),
        }
    }

    fn store(&self, store: &Spanned<String>) -> Result<PathBuf, Error> {
        if store.get_ref().trim().is_empty() {
            return Err(self.wrong(store.span(), "`store` is empty; name the store's folder"));
        }
        Ok(self.resolve(store.get_ref()))
    }

    fn lists(&self, sources: &Sources) -> Vec<String> {
        let all = [&sources.lists, &sources.feeds, &sources.sitemaps];
        all.into_iter()
            .flatten()
            .map(|list| {
                let list = list.get_ref();
                if is_remote(list) { list.clone() } else { self.resolve(list).to_string_lossy().into_owned() }
            })
            .collect()
    }

    fn schedule(&self, when: &Spanned<When>) -> Result<Schedule, Error> {
        let span = when.span();
        let when = when.get_ref();
        let checked = |key: &str, span, result: Result<Schedule, schedule::Error>| {
            result.map_err(|why| self.wrong(span, format!("`{key}`: {why}")))
        };
        match (&when.every, &when.cron) {
            (Some(_), Some(cron)) => {
                Err(self.wrong(cron.span(), "`every` and `cron` cannot both be set; keep one"))
            }
            (None, None) => Err(self.wrong(
                span,
                "`[schedule]` says no time; set every = \"30m\" or cron = \"0 6 * * *\", or remove it",
            )),
            (Some(every), None) => match &when.timezone {
                Some(zone) => Err(self.wrong(
                    zone.span(),
                    "`timezone` goes with `cron`; remove it, or use `cron` instead of `every`",
                )),
                None => checked("every", every.span(), Schedule::every(every.get_ref())),
            },
            (None, Some(cron)) => {
                let zone = when.timezone.as_ref();
                let name = zone.map_or("UTC", |zone| zone.get_ref());
                match (Schedule::cron(cron.get_ref(), name), zone) {
                    (Err(why @ schedule::Error::Zone(_)), Some(zone)) => {
                        checked("timezone", zone.span(), Err(why))
                    }
                    (result, _) => checked("cron", cron.span(), result),
                }
            }
        }
    }

    fn user_agent(&self, agent: Option<&Spanned<String>>) -> Result<Option<String>, Error> {
        let Some(agent) = agent else { return Ok(None) };
        let text = agent.get_ref().trim();
        if text.is_empty() || !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(self.wrong(
                agent.span(),
                "`user_agent` must be plain ASCII and not empty, such as \"my-crawler/1.0 (+https://example.org/bot)\"",
            ));
        }
        Ok(Some(text.to_owned()))
    }

    fn delay(&self, delay: Option<&Spanned<f64>>) -> Result<Option<Duration>, Error> {
        let Some(delay) = delay else { return Ok(None) };
        let seconds = *delay.get_ref();
        if !(0.0..=LONGEST_DELAY).contains(&seconds) {
            return Err(self.wrong(delay.span(), "`delay` must be between 0 and 86400 seconds, such as 1.0"));
        }
        Ok(Some(Duration::from_secs_f64(seconds)))
    }

    fn at_least_one(&self, key: &str, value: Option<&Spanned<usize>>) -> Result<Option<usize>, Error> {
        match value {
            Some(value) if *value.get_ref() == 0 => {
                Err(self.wrong(value.span(), format!("`{key}` must be 1 or more")))
            }
            other => Ok(other.map(|value| *value.get_ref())),
        }
    }

    /// The one without the other, by the same names as on the command line.
    fn repairs(&self, cleaning: &Cleaning) -> Result<Repairs, Error> {
        let wrong = |key, names: &Spanned<String>, why| self.wrong(names.span(), format!("`{key}`: {why}"));
        let all = match &cleaning.repair {
            Some(names) => names.get_ref().parse().map_err(|why| wrong("repair", names, why))?,
            None => Repairs::ALL,
        };
        let Some(names) = &cleaning.no_repair else { return Ok(all) };
        let mut each = names.get_ref().split(',').map(|name| name.trim().parse::<Repair>());
        each.try_fold(all, |set, repair| Ok(set.without(repair?)))
            .map_err(|why| wrong("no_repair", names, why))
    }

    fn site_memory(&self, given: Option<&Spanned<String>>) -> Result<Option<PathBuf>, Error> {
        match given.map(|given| (given.span(), given.get_ref().as_str())) {
            None | Some((_, "off")) => Ok(None),
            Some((span, "auto" | "")) => Err(self.wrong(
                span,
                "`site_memory`: name a file, such as \"sites.memory\", or say \"off\"; each run learns for the next, and \
                 none reads its pages twice as `auto` would",
            )),
            Some((_, path)) => Ok(Some(self.resolve(path))),
        }
    }

    fn ranges(&self, ranges: &[Spanned<String>]) -> Result<Vec<Cidr>, Error> {
        let mut networks = Vec::new();
        for range in ranges {
            let network = range.get_ref().parse();
            networks.push(
                network.map_err(|why: CidrError| self.wrong(range.span(), format!("`allow_net`: {why}")))?,
            );
        }
        Ok(networks)
    }
}

/// Whether a source is fetched rather than read.
pub fn is_remote(source: &str) -> bool {
    let lower = source.get(..8).unwrap_or(source).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

/// The key and the known ones, out of serde's words for an unknown field.
fn unknown_key(message: &str) -> Option<(&str, Vec<&str>)> {
    let rest = message.strip_prefix("unknown field `")?;
    let (key, rest) = rest.split_once('`')?;
    let known = rest.split('`').skip(1).step_by(2).collect();
    Some((key, known))
}

/// The known key that is at most a third of its letters away, if any.
fn closest<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (distance(key, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().div_ceil(3))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{Config, Error, Path};

    fn parse(text: &str) -> Result<Config, Error> {
        Config::parse(text, Path::new("/etc/tamis/tamis.toml"))
    }

    fn complaint(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn paths_resolve_against_the_folder_of_the_file_and_urls_do_not() {
        let config = parse(
            "store = \"store\"\nreport = \"/var/r.json\"\n[sources]\nlists = [\"urls.txt\"]\nfeeds = [\"HTTPS://a.example/feed\"]\nurls = [\"http://a.example/\"]\n",
        )
        .unwrap();
        assert_eq!(config.store, Path::new("/etc/tamis/store"));
        assert_eq!(config.report.as_deref(), Some(Path::new("/var/r.json")));
        assert_eq!(config.lists, ["/etc/tamis/urls.txt", "HTTPS://a.example/feed"]);
        assert_eq!(config.urls, ["http://a.example/"]);
        assert_eq!(config.keep, 100);
        assert!(config.schedule.is_none());
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_nearest_known_one() {
        assert_eq!(
            complaint("store = \"s\"\n\n[politeness]\ndelays = 1.0\n"),
            "/etc/tamis/tamis.toml:4: unknown key `delays`; did you mean `delay`?"
        );
        let far = complaint("store = \"s\"\n[schedule]\nfrequency = \"1h\"\n");
        assert!(far.ends_with(":3: unknown key `frequency`; known here: every, cron, timezone"), "{far}");
    }

    #[test]
    fn each_mistake_is_named_with_its_line_and_key() {
        for (text, expected) in [
            ("", ":1: the key `store` is missing"),
            ("store = 3", ":1: `store`: invalid type"),
            ("store = \"\"", ":1: `store` is empty"),
            ("store = \"s\"\nstore = \"t\"", ":2: "),
            ("store = \"s\"\nkeep = 0", ":2: `keep` must be 1 or more"),
            ("store = \"s\"\n[schedule]\n", ":2: `[schedule]` says no time"),
            ("store = \"s\"\n[schedule]\nevery = \"often\"", ":3: `every`: `often` is not a duration"),
            ("store = \"s\"\n[schedule]\ncron = \"0 6\"", ":3: `cron`: `0 6` is not a cron expression"),
            ("store = \"s\"\n[schedule]\nevery = \"1h\"\ncron = \"0 6 * * *\"", ":4: `every` and `cron`"),
            ("store = \"s\"\n[schedule]\nevery = \"1h\"\ntimezone = \"UTC\"", ":4: `timezone` goes with"),
            (
                "store = \"s\"\n[schedule]\ncron = \"0 6 * * *\"\ntimezone = \"Mars/Base\"",
                ":4: `timezone`: `Mars/Base`",
            ),
            ("store = \"s\"\n[politeness]\ndelay = -1.0", ":3: `delay` must be between"),
            ("store = \"s\"\n[politeness]\ndelay = nan", ":3: `delay` must be between"),
            ("store = \"s\"\n[politeness]\njobs = 0", ":3: `jobs` must be 1 or more"),
            ("store = \"s\"\n[politeness]\nuser_agent = \"a\\nb\"", ":3: `user_agent` must be"),
            ("store = \"s\"\n[politeness]\nallow_net = [\n \"10.0.0.0/99\"]", ":4: `allow_net`: "),
            (
                "store = \"s\"\n[cleaning]\nrepair = \"tags, wraped\"",
                ":3: `repair`: there is no repair \"wraped\"; there are mojibake, entities, tags, ",
            ),
            (
                "store = \"s\"\n[cleaning]\nno_repair = \"all\"",
                ":3: `no_repair`: there is no repair \"all\"; there are mojibake, ",
            ),
            ("store = \"s\"\n[cleaning]\nrepair = 1", ":3: `repair`: invalid type"),
            (
                "store = \"s\"\n[cleaning]\nrepairs = \"all\"",
                ":3: unknown key `repairs`; did you mean `repair`?",
            ),
            ("store = \"s\"\n[cleaning]\nsite_memory = \"auto\"", ":3: `site_memory`: name a file"),
            ("store = ", ":1: "),
        ] {
            let complaint = complaint(text);
            assert!(complaint.contains(expected), "{text:?}: {complaint}");
        }
    }

    #[test]
    fn cleaning_is_set_by_the_words_of_the_command_line() {
        use crate::clean::repair::{Repair, Repairs};
        let set = |lines: &str| parse(&format!("store = \"s\"\n[cleaning]\n{lines}")).unwrap();
        assert_eq!(set("").repairs, Repairs::ALL);
        assert_eq!(set("repair = \"none\"").repairs, Repairs::NONE);
        assert_eq!(set("no_repair = \"tags\"").repairs, Repairs::ALL.without(Repair::Tags));
        let one = set("repair = \"tags, glued\"\nno_repair = \"glued,mojibake\"\nsite_memory = \"sites\"");
        assert_eq!(one.repairs, Repairs::NONE.with(Repair::Tags));
        assert_eq!(one.site_memory.as_deref(), Some(Path::new("/etc/tamis/sites")));
        assert_eq!(set("site_memory = \"off\"").site_memory, None);
    }

    #[test]
    fn a_missing_file_points_to_init() {
        let error = Config::load(Path::new("/nonexistent/tamis.toml")).unwrap_err();
        assert!(error.to_string().contains("tamis init"), "{error}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(?s).{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_key_makes_it_panic(key in "\\PC{1,20}", value in "\\PC{0,20}") {
            let _ = parse(&format!("store = \"s\"\n{key} = {value}\n"));
        }
    }
}
