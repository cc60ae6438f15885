//! Changes of the view. None is an undo step.

use crate::app::state::view::Look;
use crate::app::state::view::View;

pub(crate) fn look(view: &mut View, look: Look) {
    match look {
        // Either layers or targets are selected: commands of the keyboard go to what was selected last.
        Look::Select(label) => {
            view.selection = std::iter::once(label).collect();
            view.selected_layer = None;
        }
        Look::ToggleSelect(label) => {
            view.selected_layer = None;
            if !view.selection.remove(&label) {
                view.selection.insert(label);
            }
        }
        Look::SelectAll(labels) => {
            view.selection = labels.into_iter().collect();
            view.selected_layer = None;
        }
        Look::ClearSelection => {
            view.selection.clear();
            view.selected_layer = None;
        }
        Look::SelectLayer(layer) => {
            view.selected_layer = layer;
            if layer.is_some() {
                view.selection.clear();
            }
        }
        Look::Rename(renaming) => view.renaming = renaming,
        Look::Search(text) => view.search = text,
        Look::ToggleGroup(group) => {
            if !view.expanded.remove(&group) {
                view.expanded.insert(group);
            }
        }
        Look::OpenGroups(groups) => view.expanded.extend(groups),
        Look::CloseAllGroups => view.expanded.clear(),
        Look::Focus(label) => view.focus = label,
        Look::ShowFiles(show) => view.show_files = show,
        Look::Hide(kind, true) => {
            view.hidden.insert(kind);
        }
        Look::Hide(kind, false) => {
            view.hidden.remove(&kind);
        }
        Look::ColourBy(colour_by) => view.colour_by = colour_by,
        Look::Bottom(tab) => view.bottom = tab,
        Look::Present(is_presenting) => view.is_presenting = is_presenting,
        Look::ListOrder(order) => view.list_order = order,
        Look::Deploy(deploy) => view.deploy = deploy,
    }
}
