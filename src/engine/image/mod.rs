//! A built image compared with the plan.
pub mod against_image;
pub mod compare_image;
pub mod open_image;
