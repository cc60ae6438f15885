//! Carries the recorder as the evaluator's extra value.

use starlark::any::ProvidesStaticType;

use super::super::recorder::Recorder;

#[derive(ProvidesStaticType)]
pub struct RecorderHandle(pub Recorder);
