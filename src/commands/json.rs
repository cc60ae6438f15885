//! Parts that several documents have.

use serde_json::{Value, json};

use crate::layers::findings::Finding;
use crate::size::range::Range;

/// One finding, in every document that has some.
pub(super) fn finding_json(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "severity": finding.severity.as_str(),
        "message": finding.message,
        "labels": finding.labels,
        "fix": finding.fix.as_ref().map(|fix| fix.words.as_str()),
    })
}

/// The least and the most that a number can be.
pub(super) fn range_json(range: Range) -> Value {
    json!([range.least, range.most])
}
