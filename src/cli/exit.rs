//! How a command ends: the documented exit codes, and the one error type commands return.

use crate::store;
use std::fmt;
use std::process::ExitCode;

/// The exit codes of `tamis`; stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: all done.
    Done,
    /// 1: done, but some inputs failed; each is named on stderr.
    SomeFailed,
    /// 2: wrong usage or configuration.
    Usage,
    /// 3: another run holds the lock.
    Locked,
    /// 4: the store (or another place written to) is full, corrupt or unwritable.
    Unwritable,
    /// 130: stopped by SIGINT after finishing what was in flight.
    Interrupted,
    /// 143: stopped by SIGTERM after finishing what was in flight.
    Terminated,
}

impl Exit {
    /// The number the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::SomeFailed => 1,
            Exit::Usage => 2,
            Exit::Locked => 3,
            Exit::Unwritable => 4,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// Why a command could not do its work at all. Shown as `tamis: WHERE: what is wrong; what to do`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The code to exit with.
    pub exit: Exit,
    /// `WHERE: what is wrong; what to do`. Empty: nothing is printed (a closed pipe).
    pub message: String,
}

impl Fault {
    /// A fault naming the input, option or path, what is wrong with it and what to do about it.
    pub fn new(
        exit: Exit,
        place: impl fmt::Display,
        wrong: impl fmt::Display,
        advice: impl fmt::Display,
    ) -> Self {
        Fault { exit, message: format!("{place}: {wrong}; {advice}") }
    }

    /// A fault whose message already has the form `WHERE: what is wrong; what to do`.
    pub fn told(exit: Exit, message: impl fmt::Display) -> Self {
        Fault { exit, message: message.to_string() }
    }

    /// Wrong usage or configuration (exit code 2).
    pub fn usage(place: impl fmt::Display, wrong: impl fmt::Display, advice: impl fmt::Display) -> Self {
        Fault::new(Exit::Usage, place, wrong, advice)
    }

    /// A store that cannot be used: exit code 4, or 3 when another process writes to it, 2 when it is not
    /// there, 1 when only the one thing asked for is not.
    pub fn from_store(error: &store::Error) -> Self {
        use store::Error as E;
        let exit = match error {
            E::Output(error) => return Fault::from_stdout(error),
            E::Locked { .. } => Exit::Locked,
            E::Missing { .. } | E::BadId { .. } | E::Ambiguous { .. } => Exit::Usage,
            E::NotFound { .. } | E::TooLarge { .. } => Exit::SomeFailed,
            _ => Exit::Unwritable,
        };
        Fault::told(exit, error)
    }

    /// Standard output could not be written: nobody reads it any more (no error), or it is full.
    pub fn from_stdout(error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Fault { exit: Exit::Done, message: String::new() };
        }
        Fault::new(Exit::Unwritable, "standard output", error, "free some space or write to another place")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
