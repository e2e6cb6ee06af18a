//! `tamis init`: a folder to start a scheduled job from.

use super::exit::{Exit, Fault};
use super::output::unwritable;
use clap::Args;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The arguments as typed.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Where to write; made if need be
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Overwrite files that are there
    #[arg(long)]
    force: bool,
}

const FILES: [(&str, &str); 5] = [
    ("tamis.toml", include_str!("tamis.toml")),
    ("urls.txt", include_str!("urls.txt")),
    ("tamis.service", include_str!("tamis.service")),
    ("tamis.timer", include_str!("tamis.timer")),
    ("tamis.crontab", include_str!("tamis.crontab")),
];

pub(super) fn run(args: InitArgs) -> Result<Exit, Fault> {
    let dir = made(&args.dir)?;
    if !args.force {
        refuse_existing(&dir)?;
    }
    let names = Names::find(&dir)?;
    for (name, template) in FILES {
        let path = dir.join(name);
        // The list is the user's own work: it is never overwritten.
        if name == "urls.txt" && path.exists() {
            continue;
        }
        write(&path, &names.fill(template), args.force).map_err(|error| unwritable(&path, &error))?;
    }
    let text = format!(
        "Wrote to {}:\n  \
         tamis.toml       what to fetch, when, and where it goes\n  \
         urls.txt         the pages; put some in\n  \
         tamis.service    a hardened systemd service, and\n  \
         tamis.timer      the timer that starts it\n  \
         tamis.crontab    a line for cron, instead\n\
         Try it: tamis run --once --config {}\n",
        dir.display(),
        shell(&dir.join("tamis.toml").display().to_string()),
    );
    io::stdout().write_all(text.as_bytes()).map_err(|error| Fault::from_stdout(&error))?;
    Ok(Exit::Done)
}

fn made(dir: &Path) -> Result<PathBuf, Fault> {
    fs::create_dir_all(dir).and_then(|()| fs::canonicalize(dir)).map_err(|error| unwritable(dir, &error))
}

fn refuse_existing(dir: &Path) -> Result<(), Fault> {
    let there = |name: &&str| *name != "urls.txt" && dir.join(name).exists();
    let found: Vec<&str> = FILES.iter().map(|(name, _)| *name).filter(there).collect();
    if found.is_empty() {
        return Ok(());
    }
    Err(Fault::usage(
        dir.display(),
        format!("{} there already", found.join(", ")),
        "give another folder, or --force to overwrite",
    ))
}

fn write(path: &Path, text: &str, force: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    match force {
        true => options.write(true).create(true).truncate(true),
        false => options.write(true).create_new(true),
    };
    options.open(path)?.write_all(text.as_bytes())
}

/// The paths that stand in the templates.
struct Names {
    exe: String,
    dir: String,
}

impl Names {
    fn find(dir: &Path) -> Result<Self, Fault> {
        // Where the program cannot be found, its name will do for most.
        let exe = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("tamis"));
        let (exe, dir) = (exe.display().to_string(), dir.display().to_string());
        if dir.contains(['\n', '"', '\\']) {
            return Err(Fault::usage(
                format!("{dir:?}"),
                "systemd cannot name this folder",
                "give one without quotes, backslashes and line breaks",
            ));
        }
        Ok(Self { exe, dir })
    }

    fn fill(&self, template: &str) -> String {
        let config = format!("{}/tamis.toml", self.dir);
        let log = format!("{}/tamis.log", self.dir);
        template
            .replace("{exe}", &systemd(&self.exe))
            .replace("{dir}", &systemd(&self.dir))
            .replace("{plain_dir}", &self.dir.replace('%', "%%"))
            .replace("{quoted_exe}", &cron(&self.exe))
            .replace("{quoted_config}", &cron(&config))
            .replace("{quoted_log}", &cron(&log))
    }
}

/// Inside double quotes in a unit file: `%` begins a specifier, `$` a variable.
fn systemd(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$")
}

/// One word for the shell.
pub(super) fn shell(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@,".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// One word for the shell in a crontab, where `%` ends the line.
fn cron(text: &str) -> String {
    shell(text).replace('%', r"\%")
}

#[cfg(test)]
mod tests {
    use super::{FILES, Names, Path};
    use crate::job::config::Config;

    #[test]
    fn the_written_configuration_is_read_by_our_own_reader() {
        let (_, template) = FILES[0];
        let config = Config::parse(template, Path::new("/srv/job/tamis.toml")).unwrap();
        assert_eq!(config.store, Path::new("/srv/job/store"));
        assert_eq!(config.lists, ["/srv/job/urls.txt"]);
        assert!(config.schedule.is_some());
    }

    #[test]
    fn every_commented_key_is_right_too() {
        let (_, template) = FILES[0];
        let is_key = |line: &str| {
            line.strip_prefix("# ").is_some_and(|rest| {
                let key = rest.split(" = ").next().unwrap_or("");
                rest.contains(" = ") && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
            })
        };
        let text: String = template
            .lines()
            .filter(|line| !line.starts_with("every"))
            .map(|line| if is_key(line) { &line[2..] } else { line })
            .flat_map(|line| [line, "\n"])
            .collect();
        let config = Config::parse(&text, Path::new("tamis.toml")).unwrap();
        assert!(config.warc.is_some() && config.user_agent.is_some());
        assert_eq!(config.allow_net.len(), 1);
    }

    #[test]
    fn odd_folders_are_quoted_for_each_reader() {
        let names = Names { exe: "/opt/my tools/tamis".into(), dir: "/srv/100%/o'clock".into() };
        let service = names.fill(FILES[2].1);
        assert!(service.contains(
            "ExecStart=\"/opt/my tools/tamis\" run --once --config \"/srv/100%%/o'clock/tamis.toml\""
        ));
        let crontab = names.fill(FILES[4].1);
        assert!(
            crontab.contains(r"'/opt/my tools/tamis' run --once --config '/srv/100\%/o'\''clock/tamis.toml'"),
            "{crontab}"
        );
        assert!(!service.contains("{exe}") && !service.contains("{dir}"));
    }
}
