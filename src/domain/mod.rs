//! The nouns: money, days asked for, buckets, dimensions. No files, no engine, no clock.

pub mod bucket;
pub mod dimension;
pub mod holiday;
pub mod money;
pub mod period;
