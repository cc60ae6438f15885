//! How the recorder of an evaluation travels with the evaluator.

use starlark::any::ProvidesStaticType;

use super::super::recorder::Recorder;

/// The recorder, as the evaluator's extra value.
#[derive(ProvidesStaticType)]
pub struct RecorderHandle(pub Recorder);
