//! `--repair` and `--no-repair`: which damage is undone before a document is weighed; the same for every command that
//! cleans. Knows the names only.

use crate::clean::repair::{Repair, Repairs};
use clap::Args;

/// The arguments as typed.
#[derive(Debug, Args)]
pub(super) struct RepairArgs {
    /// Damage to undo first: all or none, alone, or names parted by commas
    #[arg(long, value_name = "NAMES", default_value = "all")]
    repair: Repairs,
    /// Damage to leave as it is, by names parted by commas: mojibake, entities, tags, hyphenation, wrapped, link-numbers,
    /// soft-hyphens, zero-width, composed, glued
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    no_repair: Vec<Repair>,
}

impl RepairArgs {
    /// What is left of the one without the other.
    pub(super) fn repairs(&self) -> Repairs {
        self.no_repair.iter().fold(self.repair, |set, repair| set.without(*repair))
    }
}
