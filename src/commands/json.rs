use serde_json::{Value, json};

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

pub(super) fn range_json(range: Range) -> Value {
    json!([range.least, range.most])
}
