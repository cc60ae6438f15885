//! One layer: colour, name, units, bytes, churn.

use egui::{
    Align2, CornerRadius, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::app::action::Action;
use crate::engine::reports::unit_sources::UnitKind;
use crate::engine::reports::units::UnitRow;
use crate::history::cost::{LayerNumbers, layer_costs};
use crate::layers::partition::LayerKind;
use crate::ui::commands::{Command, Subject};
use crate::ui::drag;
use crate::ui::icons::Icon;
use crate::ui::stack::memory::StackMemory;
use crate::ui::stack::view::{View, id, paint_icon, select_layer};
use crate::ui::stack::what_if::{self, After, Figures};
use crate::ui::stack::{largest, marks, menu, rename};
use crate::ui::theme::metrics::{CHIP, RADIUS_S, SPACE_S, SPACE_XS, STRATUM_EDGE};
use crate::ui::theme::{self, Palette, metrics};
use crate::ui::widgets::{bar, figure, text, unit_row};

/// From the top of a stratum.
const FIRST_LINE: f32 = 18.0;
const SECOND_LINE: f32 = 36.0;
const BAR_LINE: f32 = 48.0;
const COST_LINE: f32 = 66.0;
/// From this height costs have their own line.
const WITH_COST: f32 = 80.0;
/// Top of the largest units, and space below them.
const CONTENTS: f32 = 84.0;
/// For a lock or a menu.
const SLOT: f32 = 24.0;

struct Places {
    chevron: Rect,
    name: Rect,
    first: Rect,
    second: Rect,
    bar: Rect,
    slot: Rect,
}

fn places(header: Rect) -> Places {
    let left = header.left() + STRATUM_EDGE + SPACE_XS;
    let text_left = left + SLOT - 2.0;
    let right = header.right() - SLOT - SPACE_XS;
    let line =
        |y: f32| Rect::from_min_max(pos2(text_left, header.top() + y - 10.0), pos2(right, header.top() + y + 10.0));
    let slot = |x: f32| Rect::from_center_size(pos2(x, header.top() + FIRST_LINE), Vec2::splat(SLOT - SPACE_XS));
    Places {
        chevron: slot(left + SLOT / 2.0 - 2.0),
        name: line(FIRST_LINE).with_max_x(right - 76.0),
        first: line(FIRST_LINE),
        second: line(SECOND_LINE),
        bar: Rect::from_min_size(pos2(text_left, header.top() + BAR_LINE), vec2(right - text_left, bar::BAR_HEIGHT)),
        slot: slot(header.right() - SLOT / 2.0),
    }
}

/// Returns the header's response.
pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    memory: &mut StackMemory,
    actions: &mut Vec<Action>,
) -> Option<Response> {
    let figures = what_if::figures(view.design, view.contents.kind)?;
    let kind = view.contents.kind;
    let response = ui.interact(view.header, id(kind), sense(kind));
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Button, true, format!("Layer {}", view.contents.name));
        info.current_text_value = Some(format!("{}, {}", figures.size().stored().with_missing(), churn(&figures)));
        info
    });
    // Answers the pointer even when out of view; only painting is skipped.
    let places = places(view.header);
    if ui.is_rect_visible(view.rect) {
        ground(ui, view, &response);
        figures_of(ui, view, &figures, &places);
        marks::layer(ui, view.design, kind, view.rect, drag::dragged(ui.ctx()));
    }
    chevron(ui, view, memory, &places);
    match kind {
        LayerKind::Dependency(id) => {
            rename::name(ui, view, id, &places.name, &places.second, memory, actions);
            menu::show(ui, view, id, &response, places.slot, actions);
        }
        _ => {
            let palette = theme::palette(ui);
            text::paint(
                ui.painter(),
                places.name,
                Align2::LEFT_CENTER,
                &view.contents.name,
                metrics::strong(),
                palette.text,
            );
            lock(ui, kind, places.slot);
        }
    }
    pointer(ui, view, &response, memory, actions);
    Some(response)
}

fn sense(kind: LayerKind) -> Sense {
    match kind {
        LayerKind::Dependency(_) => Sense::click_and_drag(),
        _ => Sense::click(),
    }
}

/// A click selects, a double click renames on the name and opens elsewhere.
fn pointer(ui: &Ui, view: &View<'_>, response: &Response, memory: &mut StackMemory, actions: &mut Vec<Action>) {
    if response.double_clicked() {
        let is_on_name =
            response.interact_pointer_pos().is_some_and(|position| places(view.header).name.contains(position));
        match view.contents.kind {
            LayerKind::Dependency(id) if is_on_name => {
                actions.extend(Command::Rename.action(&Subject::layer(view.state, id)))
            }
            kind => memory.toggle(kind),
        }
    } else if response.clicked() {
        actions.extend(select_layer(view.contents.kind));
        response.request_focus();
    }
    if response.gained_focus() && !response.clicked() {
        // Local keys are for the focused layer.
        actions.extend(select_layer(view.contents.kind));
    }
    if response.has_focus()
        && ui.input(|input| input.key_pressed(egui::Key::Enter))
        && view.state.view.renaming.is_none()
    {
        memory.toggle(view.contents.kind);
    }
}

fn ground(ui: &Ui, view: &View<'_>, response: &Response) {
    let palette = theme::palette(ui);
    let colour = palette.layer(view.contents.kind);
    let painter = ui.painter();
    painter.rect_filled(view.rect, RADIUS_S, colour.tint);
    if response.hovered() && !drag::is_dragging(ui.ctx()) {
        painter.rect_filled(view.header, RADIUS_S, palette.text.gamma_multiply(0.04));
    }
    let edge = view.rect.with_max_x(view.rect.left() + STRATUM_EDGE);
    painter.rect_filled(edge, CornerRadius { nw: RADIUS_S, sw: RADIUS_S, ne: 0, se: 0 }, colour.solid);
    let is_selected =
        matches!(view.contents.kind, LayerKind::Dependency(id) if view.state.view.selected_layer == Some(id));
    if is_selected || response.has_focus() {
        painter.rect_stroke(view.rect, RADIUS_S, Stroke::new(1.5, palette.accent), StrokeKind::Inside);
    }
}

fn figures_of(ui: &Ui, view: &View<'_>, figures: &Figures<'_>, places: &Places) {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let is_gone = figures.after == After::Gone;
    let stored = figures.size().stored();
    let bytes_rect = if is_gone {
        text::paint(painter, places.first, Align2::RIGHT_CENTER, "merged away", metrics::body(), palette.accent).0
    } else {
        figure::paint(painter, palette, places.first, &stored, metrics::strong(), palette.text)
    };
    hover(ui, bytes_rect, ("bytes", view.contents.kind), || figure::size_summary(&figures.size()));
    // While the name is typed, the second line is for the reason why it can't be taken.
    if !is_renamed(view) {
        second_line(ui, view, figures, places, palette);
    }
    let solid = palette.layer(view.contents.kind).solid;
    let contents = Rect::from_min_max(
        pos2(places.bar.left(), view.header.top() + CONTENTS),
        pos2(places.bar.right(), view.header.bottom() - SPACE_S),
    );
    // During a drag the layer is in between.
    if view.design.preview.is_none() {
        largest::paint(ui, contents, view.units, palette);
    }
    bar::paint(painter, palette, places.bar, &stored, view.largest, solid);
    if !stored.unknown.is_empty() {
        hover(ui, places.bar, ("bar", view.contents.kind), || figure::size_summary(&figures.size()));
    }
}

fn second_line(ui: &Ui, view: &View<'_>, figures: &Figures<'_>, places: &Places, palette: &Palette) {
    let churn_rect = paint_churn(ui, places.second, figures, palette);
    let cost = cost_line(view);
    hover(ui, churn_rect, ("churn", view.contents.kind), || {
        let summary = unit_row::churn_summary(figures.changes(), figures.deploys, view.design.model.measures.commits);
        cost.as_ref().map_or_else(|| summary.clone(), |cost| format!("{summary}\n{cost}"))
    });
    // Without room it is shown on hover.
    if let Some(cost) = cost.as_ref().filter(|_| view.header.height() >= WITH_COST) {
        let line = places.second.translate(vec2(0.0, COST_LINE - SECOND_LINE));
        text::paint(ui.painter(), line, Align2::LEFT_CENTER, cost, metrics::small(), palette.text_second);
    }
    let left = places.second.with_max_x(churn_rect.left() - SPACE_S);
    let (words, ink) = match difference(figures) {
        Some(words) => (words, palette.accent),
        None if is_refused(view) => ("can't be applied yet, see above".to_owned(), palette.bad),
        None => {
            let unknown = figures.size().unknown;
            let missing =
                if unknown.is_empty() { String::new() } else { format!(", {} of unknown size", unknown.count()) };
            let words = format!("{}{missing}", count(view.units));
            let is_cut = text::line(ui.painter(), &words, metrics::small(), palette.text, left.width()).elided;
            let words = if is_cut { format!("{} units{missing}", view.units.len()) } else { words };
            (words, palette.text_second)
        }
    };
    text::paint(ui.painter(), left, Align2::LEFT_CENTER, &words, metrics::small(), ink);
}

/// Mean per deploy: `2.41 MB pulled, 7.10 MB unpacked per deploy`.
fn cost_line(view: &View<'_>) -> Option<String> {
    let shown = view.design.shown();
    let position = shown.partition.layers.iter().position(|layer| layer.kind == view.contents.kind)?;
    let deploys = Some(shown.numbers.deploys).filter(|deploys| *deploys > 0)?;
    let costs = layer_costs(&shown.numbers.layers, view.state.choices.profile);
    let cost = costs.get(position)?;
    let (fetched, unpacked) = (cost.fetched.scaled(1, deploys), cost.unpacked.scaled(1, deploys));
    Some(format!("{fetched} pulled, {unpacked} unpacked per deploy"))
}

/// Returns `true` if the plan's refusal concerns this layer.
fn is_refused(view: &View<'_>) -> bool {
    let layer = view.design.refusal.as_ref().and_then(|refusal| refusal.layer.as_deref());
    matches!(view.contents.kind, LayerKind::Dependency(_)) && layer == Some(view.contents.name.as_str())
}

fn is_renamed(view: &View<'_>) -> bool {
    matches!((&view.state.view.renaming, view.contents.kind), (Some((id, _)), LayerKind::Dependency(layer)) if *id == layer)
}

/// Change of bytes by the drop.
fn difference(figures: &Figures<'_>) -> Option<String> {
    let after: &LayerNumbers = match figures.after {
        After::Figures(after) => after,
        After::NoDrop | After::Gone => return None,
    };
    let bytes = figure::difference(figures.before.size.compressed_bytes, after.size.compressed_bytes)?;
    Some(format!("{bytes} with this drop"))
}

fn churn(figures: &Figures<'_>) -> String {
    if figures.deploys == 0 {
        return "no deploys".to_owned();
    }
    let now = figure::percent(figures.changes(), figures.deploys);
    let before = figure::percent(figures.before.row.count(), figures.deploys);
    if now == before { format!("{now} of deploys") } else { format!("{before} → {now} of deploys") }
}

fn paint_churn(ui: &Ui, rect: Rect, figures: &Figures<'_>, palette: &Palette) -> Rect {
    let changed = figures.changes() != figures.before.row.count();
    let ink = if changed { palette.accent } else { palette.text_second };
    let (words, _) = text::paint(ui.painter(), rect, Align2::RIGHT_CENTER, &churn(figures), metrics::small(), ink);
    if figures.deploys == 0 {
        return words;
    }
    let dot = pos2(words.left() - SPACE_XS - CHIP / 2.0, words.center().y);
    let colour = palette.churn(bar::share(figures.changes(), figures.deploys));
    ui.painter().circle_filled(dot, CHIP / 2.0, colour);
    words.with_min_x(dot.x - CHIP / 2.0)
}

/// `3 targets, 12 packages`.
fn count(units: &[UnitRow]) -> String {
    let packages = units.iter().filter(|unit| matches!(unit.kind, UnitKind::Package { .. })).count();
    let has_interpreter = units.iter().any(|unit| unit.kind == UnitKind::Interpreter);
    let targets = units.len() - packages - usize::from(has_interpreter);
    let several = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        count => Some(format!("{count} {word}s")),
    };
    if has_interpreter && units.len() == 1 {
        return "Python interpreter".to_owned();
    }
    let interpreter = has_interpreter.then(|| "interpreter".to_owned());
    let parts: Vec<String> =
        [interpreter, several(targets, "target"), several(packages, "package")].into_iter().flatten().collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

fn hover(ui: &Ui, rect: Rect, salt: (&str, LayerKind), words: impl FnOnce() -> String) {
    let response = ui.interact(rect.expand(2.0), Id::unique(("stratum figure", salt)), Sense::hover());
    if !drag::is_dragging(ui.ctx()) {
        response.on_hover_ui(|ui| {
            ui.label(text::rich(&words(), metrics::body(), theme::palette(ui).text));
        });
    }
}

fn chevron(ui: &Ui, view: &View<'_>, memory: &mut StackMemory, places: &Places) {
    let palette = theme::palette(ui);
    let kind = view.contents.kind;
    let is_open = memory.expanded.contains(&kind);
    let response = ui.interact(places.chevron, Id::unique(("open stratum", kind)), Sense::click());
    let name = format!("{} units of {}", if is_open { "Hide" } else { "Show" }, view.contents.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let is_lit = response.hovered() || response.has_focus();
    if is_lit {
        ui.painter().rect_filled(places.chevron, RADIUS_S, palette.text.gamma_multiply(0.08));
    }
    let icon = if is_open { Icon::ChevronDown } else { Icon::ChevronRight };
    paint_icon(ui, places.chevron, icon, if is_lit { palette.text } else { palette.text_second });
    if response.clicked() {
        memory.toggle(kind);
    }
    response.on_hover_text(name);
}

fn lock(ui: &Ui, kind: LayerKind, slot: Rect) {
    let palette = theme::palette(ui);
    paint_icon(ui, slot, Icon::Lock, palette.text_third);
    let why = match kind {
        LayerKind::App => "Fixed: the binary, and everything not assigned to a layer",
        LayerKind::Interpreter => "Fixed: the interpreter comes with the binary, so no dependency layer can contain it",
        LayerKind::Certificates => "Fixed: the macro adds the CA certificates",
        LayerKind::Packages => "Fixed: the packages that no layer claims",
        LayerKind::Written(_) => "A group of the BUILD file that is described by paths",
        LayerKind::Other(_) => "Not part of this program; its bytes are not counted here",
        LayerKind::Base => "Fixed: the base image of the macro; its size is not counted",
        LayerKind::Dependency(_) => "",
    };
    let response = ui.interact(slot, Id::unique(("lock", kind)), Sense::hover());
    response.on_hover_text(why);
}

/// A layer without counted size.
pub(super) fn show_thin(ui: &Ui, kind: LayerKind, name: &str, rect: Rect) {
    let palette = theme::palette(ui);
    let response = ui.interact(rect, Id::unique(("stratum", kind)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("Layer {name}, fixed")));
    let painter = ui.painter();
    painter.rect_filled(rect, RADIUS_S, palette.fixed_ground);
    let edge = rect.with_max_x(rect.left() + STRATUM_EDGE);
    painter.rect_filled(edge, CornerRadius { nw: RADIUS_S, sw: RADIUS_S, ne: 0, se: 0 }, palette.fixed);
    let left = rect.left() + STRATUM_EDGE + SPACE_XS + SLOT - 2.0;
    let slot = Rect::from_center_size(pos2(rect.right() - SLOT / 2.0, rect.center().y), Vec2::splat(SLOT - SPACE_XS));
    let line = Rect::from_min_max(pos2(left, rect.top()), pos2(rect.right() - SLOT - SPACE_XS, rect.bottom()));
    text::paint(painter, line, Align2::LEFT_CENTER, name, metrics::body(), palette.text_second);
    text::paint(painter, line, Align2::RIGHT_CENTER, "not counted", metrics::small(), palette.text_second);
    lock(ui, kind, slot);
}
