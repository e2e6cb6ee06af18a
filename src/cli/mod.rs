//! Arguments -> resolved settings -> one command per file. The only place that prints, exits, reads the environment.

mod clean;
pub mod exit;
mod ordered;
mod signal;

use clap::{Parser, Subcommand};
use exit::{Exit, Fault};
use std::process::ExitCode;

/// Web pages, saved HTML and saved text -> clean, deduplicated text.
#[derive(Debug, Parser)]
#[command(name = "tamis", version, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Clean files, folders, WARC archives, JSON lines or standard input
    Clean(clean::CleanArgs),
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
                eprintln!("tamis: {fault}");
            }
            fault.exit.into()
        }
    }
}

fn run(command: Command) -> Result<Exit, Fault> {
    match command {
        Command::Clean(args) => clean::run(args),
    }
}
