//! The keyboard in the list: Tab reaches one row, arrows go on from there.

use egui::{EventFilter, Id, Key, Modifiers, Ui};

use crate::engine::reports::units::{UnitRow, Units};
use crate::label::Label;
use crate::layers::partition::LayerKind;
use crate::ui::targets::order::Entry;

/// Rows per Page Up and Page Down.
const PAGE: usize = 12;

#[derive(Debug, Default)]
pub(super) struct Cursor {
    /// With its layer, because rows of one label can be in several.
    at: Option<(LayerKind, Label)>,
    /// The row must get the focus and be scrolled to.
    wants_focus: bool,
    /// The first row must get it.
    enters: bool,
    /// First visible entry and number of visible entries, as last drawn.
    pub in_view: (usize, usize),
}

/// The reached entry and the modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub entry: usize,
    pub modifiers: Modifiers,
}

pub(super) fn id(unit: &UnitRow) -> Id {
    row_id(unit.layer, &unit.label)
}

fn row_id(layer: LayerKind, label: &Label) -> Id {
    Id::unique(("contents row", layer, label))
}

impl Cursor {
    /// From the search field.
    pub(super) fn enter(&mut self) {
        self.enters = true;
    }

    pub(super) fn has_focus(&self, ui: &Ui) -> bool {
        let id = self.at.as_ref().map(|(layer, label)| row_id(*layer, label));
        id.is_some_and(|id| ui.memory(|memory| memory.has_focus(id)))
    }

    /// Arrows go on from a clicked row.
    pub(super) fn put(&mut self, unit: &UnitRow) {
        self.at = Some((unit.layer, unit.label.clone()));
        self.wants_focus = true;
    }

    /// The last row if visible, else the first visible one.
    pub(super) fn entry(&self, entries: &[Entry], units: &Units) -> Option<usize> {
        let is_cursor = |entry: &Entry| {
            let unit = row(entry, units);
            unit.is_some_and(|unit| {
                self.at.as_ref().is_some_and(|(layer, label)| unit.layer == *layer && unit.label == *label)
            })
        };
        let (first, count) = self.in_view;
        let in_view = || entries.iter().enumerate().skip(first).take(count.max(1));
        // The row may have moved to another layer.
        let is_label = |entry: &Entry| {
            row(entry, units).is_some_and(|unit| self.at.as_ref().is_some_and(|(_, label)| unit.label == *label))
        };
        let at = entries.iter().position(is_cursor).or_else(|| entries.iter().position(is_label));
        at.filter(|at| self.wants_focus || (first..first + count.max(1)).contains(at))
            .or_else(|| in_view().find(|(_, entry)| row(entry, units).is_some()).map(|(at, _)| at))
    }

    /// Before the rows are drawn. A step has already moved the cursor.
    pub(super) fn keys(&mut self, ui: &Ui, entries: &[Entry], units: &Units) -> Option<Step> {
        let rows = || entries.iter().enumerate().filter(|(_, entry)| row(entry, units).is_some()).map(|(at, _)| at);
        if std::mem::take(&mut self.enters) {
            let entry = rows().next()?;
            self.put(row(entries.get(entry)?, units)?);
            return Some(Step { entry, modifiers: Modifiers::NONE });
        }
        let here = self.entry(entries, units)?;
        let focused = id(row(entries.get(here)?, units)?);
        if !ui.memory(|memory| memory.has_focus(focused)) {
            return None;
        }
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(focused, filter));
        let place = rows().position(|at| at == here)?;
        let count = rows().count();
        let wanted = ui.input_mut(|input| {
            let mut pressed = |key| {
                let modifiers = input.modifiers;
                input.consume_key(modifiers, key).then_some(modifiers)
            };
            let steps = [
                (Key::ArrowDown, place + 1),
                (Key::ArrowUp, place.saturating_sub(1)),
                (Key::PageDown, place + PAGE),
                (Key::PageUp, place.saturating_sub(PAGE)),
                (Key::Home, 0),
                (Key::End, count),
            ];
            steps.into_iter().find_map(|(key, to)| Some((to, pressed(key).filter(|held| !held.alt)?)))
        });
        let (to, modifiers) = wanted?;
        let entry = rows().nth(to.min(count.saturating_sub(1)))?;
        self.put(row(entries.get(entry)?, units)?);
        Some(Step { entry, modifiers })
    }

    /// After the row is drawn.
    pub(super) fn focus(&mut self, ui: &Ui, unit: &UnitRow) {
        let is_cursor = self.at.as_ref().is_some_and(|(layer, label)| unit.layer == *layer && unit.label == *label);
        if self.wants_focus && is_cursor {
            self.wants_focus = false;
            ui.memory_mut(|memory| memory.request_focus(id(unit)));
        }
    }
}

/// `None` for a header.
pub(super) fn row<'a>(entry: &Entry, units: &'a Units) -> Option<&'a UnitRow> {
    match entry {
        Entry::Unit(index) => units.rows.get(*index),
        Entry::Header(_) => None,
    }
}
