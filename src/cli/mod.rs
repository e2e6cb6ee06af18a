//! Arguments -> resolved settings -> one command per file. The only place that prints, exits, reads the environment.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)]

mod clean;
mod compare;
mod demo;
pub mod exit;
mod explain;
mod fetch;
mod folder;
mod html;
mod init;
mod keep;
mod memory;
mod ordered;
mod output;
mod reasons;
mod repair;
mod report;
mod run;
mod session;
mod signal;
mod store;
mod terminal;

use clap::{Parser, Subcommand};
use exit::{Exit, Fault};
use std::process::ExitCode;

/// Web pages, saved HTML and saved text -> clean, deduplicated text.
#[derive(Debug, Parser)]
#[command(name = "tamis", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0        all done
  1        done, but some inputs failed; each is named on standard error
  2        wrong usage or configuration
  3        another run holds the lock
  4        the store or another output is full, corrupt or unwritable
  130 143  stopped by SIGINT or SIGTERM after finishing what was in flight";

#[derive(Debug, Subcommand)]
enum Command {
    /// Clean files, folders, WARC archives, JSON lines or standard input
    Clean(clean::CleanArgs),
    /// Fetch URLs and lists, clean, deduplicate and store them
    Fetch(fetch::FetchArgs),
    /// The scheduled job that tamis.toml describes
    Run(run::RunArgs),
    /// Show what is kept of a document, what goes, and why
    Explain(explain::ExplainArgs),
    /// What two cleanings of the same documents do differently
    Compare(compare::CompareArgs),
    /// Write a commented tamis.toml, a systemd service and timer, and a crontab line
    Init(init::InitArgs),
    /// The whole path offline, on a small site served from this program
    Demo(demo::DemoArgs),
    /// Look into a store: ls, show, export, stats, report, verify
    Store(store::StoreArgs),
}

/// The whole program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            // A closed terminal or pipe is no reason for another error.
            let _ = error.print();
            return exit.into();
        }
    };
    match run(cli.command) {
        Ok(exit) => exit.into(),
        Err(fault) => {
            if !fault.message.is_empty() {
                tell(&fault);
            }
            fault.exit.into()
        }
    }
}

fn run(command: Command) -> Result<Exit, Fault> {
    match command {
        Command::Clean(args) => clean::run(args),
        Command::Fetch(args) => fetch::run(args),
        Command::Run(args) => run::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Init(args) => init::run(args),
        Command::Demo(args) => demo::run(args),
        Command::Store(args) => store::run(args),
    }
}

/// A line on standard error. That nobody reads it is no error.
fn tell(message: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "tamis: {message}");
}
