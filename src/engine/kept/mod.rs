//! Files that the program keeps between starts.
pub mod draft_files;
pub mod folders;
pub mod new_file;
pub mod plan_files;
pub mod trust_file;
