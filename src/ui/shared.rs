//! What several views of the window need and the state does not hold: the drag, the units of the present plan, and
//! where a range of selected rows started.

use crate::app::units::UnitCache;
use crate::label::Label;
use crate::ui::drag::DragMemory;

/// Owned by the shell, handed to every view.
#[derive(Debug, Default)]
pub struct Shared {
    /// The drag and the places that take it.
    pub drag: DragMemory,
    /// The units of the present plan.
    pub units: UnitCache,
    /// The row that was clicked last without Shift.
    pub anchor: Option<Label>,
}
