//! Evidence for and against each block, and how likely it is part of the main text.

pub mod features;
pub mod rules;
pub mod score;
pub mod surroundings;

pub use score::Weight;
