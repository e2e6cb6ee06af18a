//! What "the same text" means: exactly (`exact`), nearly (`near`), and line by line on the pages of a site (`site`).
//!
//! Pure functions over text. This module touches no disk, knows no HTML, and keeps nothing: who else
//! has a text, and where it lies, is the store's business.

/// The normal form of a text and the ids computed from it.
pub mod exact;
/// Shingles, MinHash signatures and their bands; exact resemblance of two texts.
pub mod near;
/// Which lines a site repeats on its pages.
pub mod site;

mod fold;
