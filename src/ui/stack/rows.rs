//! The units of an open layer, and what layers below hold of its needs.

use egui::{Align2, Id, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::engine::reports::unit_sources::UnitKind;
use crate::engine::reports::units::{ClaimedBelow, UnitRow, Units};
use crate::label::Label;
use crate::layers::partition::{LayerContents, LayerKind};
use crate::ui::icons::{self, Icon};
use crate::ui::moves;
use crate::ui::stack::memory::StackMemory;
use crate::ui::theme::metrics::{CHIP, ICON, ROW, SPACE_M, SPACE_S, SPACE_XS, STRATUM_EDGE};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;
use crate::ui::widgets::unit_row::{self, RowLook};

pub(super) enum Row<'a> {
    Unit(&'a UnitRow),
    /// The header of what layers below hold, with their number.
    Claims(usize),
    Claimed(&'a ClaimedBelow),
    Nothing,
}

impl Row<'_> {
    pub(crate) fn selectable(&self) -> Option<&Label> {
        match self {
            Row::Unit(unit) => Some(&unit.label),
            Row::Claims(_) | Row::Claimed(_) | Row::Nothing => None,
        }
    }
}

/// Empty while closed.
pub(super) fn rows<'a>(kind: LayerKind, memory: &StackMemory, units: &'a Units) -> Vec<Row<'a>> {
    if !memory.expanded.contains(&kind) {
        return Vec::new();
    }
    let mut rows: Vec<Row<'a>> = units.rows_of(kind).iter().map(Row::Unit).collect();
    if rows.is_empty() {
        rows.push(Row::Nothing);
    }
    let claimed = units.layer(kind).map(|layer| layer.claimed_below.as_slice()).unwrap_or_default();
    if !claimed.is_empty() {
        rows.push(Row::Claims(claimed.len()));
        if memory.claims_open.contains(&kind) {
            rows.extend(claimed.iter().map(Row::Claimed));
        }
    }
    rows
}

/// Returns the clicked label.
#[expect(clippy::too_many_arguments, reason = "a view's parts, each used once")]
pub(super) fn show(
    ui: &Ui,
    state: &AppState,
    design: &Design,
    contents: &LayerContents,
    rows: &[Row<'_>],
    list: Rect,
    memory: &mut StackMemory,
    actions: &mut Vec<Action>,
    mut add_source: impl FnMut(&Ui, &Response, &Label),
) -> Option<Label> {
    let mut clicked = None;
    let left = list.left() + STRATUM_EDGE + SPACE_S;
    for (index, row) in rows.iter().enumerate() {
        let top = list.top() + index as f32 * ROW;
        let rect = Rect::from_min_max(pos2(left, top), pos2(list.right() - SPACE_XS, top + ROW));
        // Layers can hold thousands of units.
        if !ui.is_rect_visible(rect) {
            continue;
        }
        match row {
            Row::Unit(unit) => {
                let id = Id::unique(("stratum unit", contents.kind, &unit.label));
                let name = format!("{} in {}", unit.label, contents.name);
                let look = RowLook {
                    unit,
                    name: &name,
                    is_selected: state.view.selection.contains(&unit.label),
                    chip: None,
                    indent: SPACE_M,
                    takes_focus: true,
                };
                let numbers = &design.evaluation.numbers;
                let response = unit_row::show(ui, rect, id, &look, numbers, design.model.measures.commits);
                if response.double_clicked() {
                    memory.shown = Some(unit.label.clone());
                } else if response.clicked() {
                    clicked = Some(unit.label.clone());
                }
                response.context_menu(|ui| moves::of_row(ui, state, design, &unit.label, &mut memory.shown, actions));
                let response = match unit.kind {
                    UnitKind::Interpreter => response.on_hover_text(design.model.python.sentence()),
                    UnitKind::Package { .. } | UnitKind::Target { .. } | UnitKind::File => response,
                };
                add_source(ui, &response, &unit.label);
            }
            Row::Claims(count) => claims_header(ui, rect, contents.kind, *count, memory),
            Row::Claimed(claimed) => claimed_row(ui, rect, design, contents, claimed),
            Row::Nothing => nothing(ui, rect, contents),
        }
    }
    clicked
}

fn claims_header(ui: &Ui, rect: Rect, kind: LayerKind, count: usize, memory: &mut StackMemory) {
    let palette = theme::palette(ui);
    let is_open = memory.claims_open.contains(&kind);
    let words = format!("{count} more in layers below");
    let response = ui.interact(rect, Id::unique(("claims", kind)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
    unit_row::ground(ui, rect, &response, false);
    let icon = if is_open { Icon::ChevronDown } else { Icon::ChevronRight };
    let icon_rect = Rect::from_center_size(
        pos2(rect.left() + SPACE_XS + SPACE_M + ICON / 2.0, rect.center().y),
        Vec2::splat(ICON - 2.0),
    );
    icons::paint(ui.painter(), icon_rect, icon, palette.text_third);
    let text_rect = rect.with_min_x(icon_rect.right() + SPACE_S - 1.0);
    text::paint(ui.painter(), text_rect, Align2::LEFT_CENTER, &words, metrics::body(), palette.text_second);
    if response.clicked() && !memory.claims_open.remove(&kind) {
        memory.claims_open.insert(kind);
    }
    response.on_hover_text("Each file is in one layer only: the lowest that needs it");
}

fn claimed_row(ui: &Ui, rect: Rect, design: &Design, contents: &LayerContents, claimed: &ClaimedBelow) {
    let palette = theme::palette(ui);
    let response =
        ui.interact(rect, Id::unique(("claimed", contents.kind, claimed.holder, &claimed.label)), Sense::hover());
    let holder = name_of(design, claimed.holder);
    response
        .widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("{} held below by {holder}", claimed.label)));
    let painter = ui.painter();
    let right = rect.right() - SPACE_XS;
    let holder_width = text::line(painter, holder, metrics::body(), palette.text_third, 120.0).size().x;
    let holder_rect = Rect::from_min_max(pos2(right - holder_width - 1.0, rect.top()), pos2(right, rect.bottom()));
    text::paint(painter, holder_rect, Align2::RIGHT_CENTER, holder, metrics::body(), palette.text_third);
    let chip =
        Rect::from_center_size(pos2(holder_rect.left() - SPACE_XS - CHIP / 2.0, rect.center().y), Vec2::splat(CHIP));
    painter.rect_filled(chip, 2.0, palette.layer(claimed.holder).solid);
    let name_rect = Rect::from_min_max(
        pos2(rect.left() + SPACE_XS + SPACE_M + ICON + SPACE_S - 2.0, rect.top()),
        pos2(chip.left() - SPACE_S, rect.bottom()),
    );
    text::paint(painter, name_rect, Align2::LEFT_CENTER, claimed.label.name(), metrics::body(), palette.text_second);
    response.on_hover_ui(|ui| {
        ui.spacing_mut().item_spacing = vec2(SPACE_S, SPACE_XS);
        ui.label(text::rich(&claimed.label.to_string(), metrics::strong(), palette.text));
        let second = |ui: &mut Ui, words: String| ui.label(text::rich(&words, metrics::body(), palette.text_second));
        second(ui, format!("Needed here by {}", claimed.needed_by));
        match &claimed.through {
            Some(through) if *through == claimed.label => second(ui, format!("{holder} is below and lists it")),
            Some(through) => second(ui, format!("{holder} is below and needs it for {through}")),
            None => second(ui, format!("{holder} is below and contains it")),
        };
        second(ui, format!("{} there", claimed.size.stored().with_missing()));
    });
}

fn nothing(ui: &Ui, rect: Rect, contents: &LayerContents) {
    let palette = theme::palette(ui);
    let words = if contents.targets.is_empty() {
        "Empty: drop targets or packages here"
    } else {
        "Empty: layers below already contain everything it needs"
    };
    let text_rect = rect.with_min_x(rect.left() + SPACE_XS + SPACE_M);
    text::paint(ui.painter(), text_rect, Align2::LEFT_CENTER, words, metrics::body(), palette.text_second);
}

pub(super) fn name_of(design: &Design, kind: LayerKind) -> &str {
    match kind {
        LayerKind::Base => "base image",
        LayerKind::Certificates => "CA certificates",
        LayerKind::Interpreter => "interpreter",
        LayerKind::App | LayerKind::Packages | LayerKind::Written(_) | LayerKind::Other(_) => {
            let layers = &design.evaluation.partition.layers;
            layers.iter().find(|layer| layer.kind == kind).map_or("", |layer| layer.name.as_str())
        }
        LayerKind::Dependency(id) => design.plan.present().group(id).map_or("", |group| group.name.as_str()),
    }
}
