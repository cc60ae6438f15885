//! Small parts that several views share.

pub(crate) mod bar;
pub(crate) mod button;
pub(crate) mod choice;
pub(crate) mod empty;
pub(crate) mod figure;
pub(crate) mod header;
pub(crate) mod pill;
pub(crate) mod segments;
pub(crate) mod text;
pub(crate) mod unit_row;
