//! Evidence for and against each block.

pub mod rules;
