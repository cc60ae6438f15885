//! Small parts that several views share.

pub mod bar;
pub mod button;
pub mod choice;
pub mod empty;
pub mod figure;
pub mod header;
pub mod pill;
pub mod segments;
pub mod text;
pub mod unit_row;
