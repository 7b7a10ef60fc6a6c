//! The files that come with duecast, inside the program: queries, mappings, the sample.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
