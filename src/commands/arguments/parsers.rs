//! Parsers of arguments.

use crate::advice::objective::Weights;
use crate::advice::presets::Preset;
use crate::history::date::parse_date;
use crate::history::deploys::Cadence;
use crate::label::Label;
use crate::rule_sets::export::Dialect;
use crate::workspace::platform::{Platform, PlatformError};

pub(super) fn parse_platform(text: &str) -> Result<Platform, String> {
    text.parse().map_err(|error: PlatformError| error.to_string())
}

pub(super) fn parse_label(text: &str) -> Result<Label, String> {
    Label::parse_absolute(text).map_err(|error| error.to_string())
}

pub(super) fn parse_since(text: &str) -> Result<i64, String> {
    parse_date(text).ok_or_else(|| "a day as year-month-day, such as 2026-01-31".to_owned())
}

pub(super) fn parse_tags(text: &str) -> Result<String, String> {
    match crate::history::deploys::deploys(&Default::default(), &Cadence::Tags(text.to_owned())) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

pub(super) fn parse_dialect(text: &str) -> Result<Dialect, String> {
    let known = Dialect::ALL.map(Dialect::as_str).join(", ");
    Dialect::ALL.into_iter().find(|dialect| dialect.as_str() == text).ok_or_else(|| format!("the dialects are {known}"))
}

pub(super) fn parse_preset(text: &str) -> Result<Preset, String> {
    let known = Preset::ALL.map(Preset::as_str).join(", ");
    Preset::ALL.into_iter().find(|preset| preset.as_str() == text).ok_or_else(|| format!("the presets are {known}"))
}

/// Percent as thousandths: `1` or `0.5`.
pub(super) fn parse_permille(text: &str) -> Result<u32, String> {
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| text.parse::<u32>().ok();
    match (digits(whole), digits(tenth)) {
        (Some(whole), Some(tenth)) if whole <= 100 && tenth < 10 => Ok(whole * 10 + tenth),
        _ => Err("a percentage from 0 to 100 with at most one digit after the point, such as 5 or 0.5".to_owned()),
    }
}

pub(super) fn parse_weights(text: &str) -> Result<Weights, String> {
    let parts: Option<Vec<u32>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    match parts.as_deref() {
        Some(&[first_pull, repull, unpack]) if repull > 0 || unpack > 0 => Ok(Weights { first_pull, repull, unpack }),
        _ => Err("three whole numbers, such as 0,100,1; one of the last two above zero".to_owned()),
    }
}
