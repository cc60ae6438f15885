//! Stands for the module of sizes, of which a word is needed here.

pub mod network;
