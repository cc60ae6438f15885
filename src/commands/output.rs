use std::fmt::{Display, Write as _};
use std::io::Write;

use crate::commands::failure::Failure;

pub(crate) fn print_json(output: &mut dyn Write, document: &serde_json::Value) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(document).map_err(|error| Failure::Outside(error.to_string()))?;
    print_text(output, &format!("{text}\n"))
}

pub(crate) fn print_text(output: &mut dyn Write, text: &str) -> Result<(), Failure> {
    output
        .write_all(text.as_bytes())
        .map_err(|error| Failure::Outside(format!("the result could not be written: {error}")))
}

#[derive(Debug, Default)]
pub(super) struct Lines(pub(super) String);

impl Lines {
    pub(super) fn add(&mut self, words: impl Display) {
        writeln!(self.0, "{words}").unwrap_or_default();
    }
}
