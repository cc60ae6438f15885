//! Widths of printed columns.

const NARROW: usize = 24;

pub(super) fn name_column<'a>(names: impl IntoIterator<Item = &'a str>) -> usize {
    names.into_iter().map(|name| name.chars().count()).fold(NARROW, usize::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_as_wide_as_its_longest_name() {
        assert_eq!(name_column(["app"]), NARROW);
        assert_eq!(name_column(["app", "pip_opentelemetry_exporter_otlp"]), 31);
    }
}
