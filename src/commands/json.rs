use serde_json::{Value, json};

use crate::engine::reports::figures::{saving_not_known, saving_words};
use crate::history::saving::Saving;
use crate::layers::findings::Finding;
use crate::size::range::Range;

pub(super) fn finding_json(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "severity": finding.severity.as_str(),
        "message": finding.message,
        "labels": finding.labels,
        "fix": finding.fix.as_ref().map(|fix| fix.words.as_str()),
    })
}

/// A saving in millionths, or null with the reason.
pub(super) fn saving_json(saving: &Saving) -> Value {
    match *saving {
        Saving::Known { least, likely, most } => {
            json!({"millionths": likely, "range": [least, most], "words": saving_words(saving), "why_not_known": null})
        }
        Saving::CouldTurn(_) | Saving::NothingFetched => {
            json!({"millionths": null, "range": null, "words": null, "why_not_known": saving_not_known(saving)})
        }
    }
}

pub(super) fn range_json(range: Range) -> Value {
    json!([range.least, range.most])
}
