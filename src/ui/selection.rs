//! Clicks on rows: alone, with Ctrl, with Shift.

use egui::Modifiers;

use crate::app::state::AppState;
use crate::app::state::view::Look;
use crate::label::Label;

/// `rows` are the labels in display order.
pub(crate) fn click<'a>(
    modifiers: Modifiers,
    clicked: &Label,
    rows: impl Iterator<Item = &'a Label> + Clone,
    anchor: &mut Option<Label>,
) -> Look {
    if modifiers.shift
        && let Some(from) = anchor.as_ref().and_then(|anchor| rows.clone().position(|label| label == anchor))
        && let Some(to) = rows.clone().position(|label| label == clicked)
    {
        let (first, last) = (from.min(to), from.max(to));
        return Look::SelectAll(rows.skip(first).take(last - first + 1).cloned().collect());
    }
    *anchor = Some(clicked.clone());
    if modifiers.command { Look::ToggleSelect(clicked.clone()) } else { Look::Select(clicked.clone()) }
}

/// The whole selection if `label` is in it.
#[must_use]
pub(crate) fn dragged_with(state: &AppState, label: &Label) -> Vec<Label> {
    if state.view.selection.contains(label) {
        state.view.selection.iter().cloned().collect()
    } else {
        vec![label.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(name: &str) -> Label {
        Label::main("p", name)
    }

    #[test]
    fn shift_takes_everything_between_the_clicks_in_either_direction() {
        let rows = ["a", "b", "c", "d"].map(label);
        let mut anchor = None;
        let mut click_on = |modifiers, name: &str| click(modifiers, &label(name), rows.iter(), &mut anchor);
        assert_eq!(click_on(Modifiers::NONE, "c"), Look::Select(label("c")));
        assert_eq!(click_on(Modifiers::SHIFT, "a"), Look::SelectAll(["a", "b", "c"].map(label).to_vec()));
        // The anchor stays, so that the range can be taken back.
        assert_eq!(click_on(Modifiers::SHIFT, "d"), Look::SelectAll(["c", "d"].map(label).to_vec()));
        assert_eq!(click_on(Modifiers::COMMAND, "b"), Look::ToggleSelect(label("b")));
    }

    #[test]
    fn shift_without_a_click_before_selects_alone() {
        let rows = ["a", "b"].map(label);
        assert_eq!(click(Modifiers::SHIFT, &label("b"), rows.iter(), &mut None), Look::Select(label("b")));
    }
}
