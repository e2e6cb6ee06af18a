//! dedup

pub mod exact;
pub use exact::content_id;
