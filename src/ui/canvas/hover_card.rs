//! The card of the node under the pointer.

use egui::{Align2, Area, Context, Frame, Id, Margin, Order, Pos2, Rect, Ui, vec2};

use crate::app::state::design::Design;
use crate::engine::app_model::AppModel;
use crate::graph::item_set::ItemSet;
use crate::graph::view::walk::Way;
use crate::graph::view::{ViewKind, ViewNode};
use crate::layers::partition::{LayerContents, LayerKind};
use crate::size::model::Size;
use crate::ui::canvas::appearance::Appearance;
use crate::ui::canvas::figures::NodeFigures;
use crate::ui::canvas::scene::Scene;
use crate::ui::theme::metrics::{CHIP, RADIUS_M, SPACE_M, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{figure, text};

const WIDTH: f32 = 320.0;
const NAMES: f32 = 112.0;
/// Delay before the card appears.
pub(crate) const REST_SECONDS: f64 = 0.4;

pub(crate) fn show(
    context: &Context,
    appearance: &Appearance<'_>,
    scene: &Scene,
    at: usize,
    node_rect: Rect,
    canvas: Rect,
) {
    let (Some(node), Some(figures)) = (scene.view.nodes.get(at), scene.figures.get(at)) else { return };
    // Prefers the place below the node, to hide neither node nor edges.
    let is_low = node_rect.center().y > canvas.center().y + canvas.height() * 0.15;
    let (pivot, position) = if is_low {
        (Align2::LEFT_BOTTOM, Pos2::new(node_rect.left().max(canvas.left()), node_rect.top() - SPACE_XS))
    } else {
        (Align2::LEFT_TOP, Pos2::new(node_rect.left().max(canvas.left()), node_rect.bottom() + SPACE_S))
    };
    Area::new(Id::unique("graph hover card"))
        .order(Order::Tooltip)
        .interactable(false)
        .pivot(pivot)
        .fixed_pos(position)
        .constrain(true)
        .show(context, |ui| {
            Frame::popup(ui.style()).corner_radius(RADIUS_M).inner_margin(Margin::same(SPACE_M as i8)).show(ui, |ui| {
                ui.set_width(WIDTH);
                ui.spacing_mut().item_spacing = vec2(SPACE_S, SPACE_XS);
                contents(ui, appearance, scene, at, node, figures);
            });
        });
}

fn contents(
    ui: &mut Ui,
    appearance: &Appearance<'_>,
    scene: &Scene,
    at: usize,
    node: &ViewNode,
    figures: &NodeFigures,
) {
    let palette = theme::palette(ui);
    let design = appearance.design;
    let name = node.label.as_ref().map_or_else(|| node.key.clone(), ToString::to_string);
    let name = if node.kind == ViewKind::More { format!("{} {}", node.title, node.subtitle) } else { name };
    ui.add(egui::Label::new(text::rich(&name, metrics::strong(), palette.text)).wrap());
    ui.label(text::rich(&described(node, figures), metrics::body(), palette.text_second));
    ui.add_space(SPACE_XS);
    let model = &design.model;
    let items: ItemSet = figures.items.iter().copied().collect();
    if figures.items.is_empty() {
        row(ui, "Own bytes", "none: it only lists others");
    } else {
        row(ui, "Own bytes", &size_text(&summed(model, &items)));
    }
    let closure = closure(model, node);
    if closure != items && !closure.is_empty() {
        row(ui, "With dependencies", &size_text(&summed(model, &closure)));
    }
    if !figures.items.is_empty() {
        row(ui, "Changes", &changes_text(design, figures));
    }
    ui.add_space(SPACE_XS);
    for (layer, why) in layers(appearance, at, node, figures) {
        ui.horizontal_top(|ui| {
            let (chip, _) = ui.allocate_exact_size(vec2(CHIP, metrics::body().size + SPACE_XS), egui::Sense::hover());
            let chip = Rect::from_center_size(chip.center(), vec2(CHIP, CHIP));
            ui.painter().rect_filled(chip, 2, palette.layer(layer.kind).solid);
            ui.add(egui::Label::new(text::rich(&why, metrics::body(), palette.text)).wrap());
        });
    }
    let users = users(scene, at);
    if !users.is_empty() {
        ui.add(egui::Label::new(text::rich(&users, metrics::body(), palette.text_second)).wrap());
    }
    ui.add_space(SPACE_XS);
    if !figures.items.is_empty() {
        let how = figure::how_known(summed(model, &items).provenance);
        ui.add(egui::Label::new(text::rich(how, metrics::small(), palette.text_third)).wrap());
    }
    if let Some(hint) = hint(node) {
        ui.label(text::rich(&hint, metrics::small(), palette.text_third));
    }
}

/// No grid: it knows its line heights only after the first frame.
fn row(ui: &mut Ui, name: &str, value: &str) {
    let palette = theme::palette(ui);
    ui.horizontal_top(|ui| {
        let size = vec2(NAMES, ui.text_style_height(&egui::TextStyle::Body));
        let (place, _) = ui.allocate_exact_size(size, egui::Sense::hover());
        text::paint(ui.painter(), place, Align2::LEFT_CENTER, name, metrics::body(), palette.text_third);
        ui.add(egui::Label::new(text::rich(value, metrics::body(), palette.text)).wrap());
    });
}

/// Kind and version.
fn described(node: &ViewNode, figures: &NodeFigures) -> String {
    match (&node.kind, &figures.version) {
        (ViewKind::LockedPackage, Some(version)) if !version.is_empty() => format!("pip package, version {version}"),
        (ViewKind::Binary, _) => "the binary that the image runs".to_owned(),
        (ViewKind::Missing, _) => "listed in a BUILD file, but missing".to_owned(),
        (kind, _) if kind.is_group() && *kind != ViewKind::More => format!("{}: {}", kind.text(), node.subtitle),
        (kind, _) => kind.text().to_owned(),
    }
}

/// Without the archive's own blocks, which belong to a layer.
fn summed(model: &AppModel, items: &ItemSet) -> Size {
    model.measures.sizes.layer(items)
}

fn size_text(size: &Size) -> String {
    let stored = size.stored();
    let range = stored.range_words().map(|range| format!(" ({range})")).unwrap_or_default();
    match size.is_unknown() {
        true => stored.with_missing(),
        false => format!("{}{range} compressed, {}", stored.with_missing(), size.provenance.as_str()),
    }
}

fn changes_text(design: &Design, figures: &NodeFigures) -> String {
    match design.evaluation.numbers.deploys {
        0 => "no deploys".to_owned(),
        deploys => format!("with {} of {deploys} deploys", figures.changes),
    }
}

/// Run-time closure of its members.
fn closure(model: &AppModel, node: &ViewNode) -> ItemSet {
    let mut closure = ItemSet::default();
    for set in node.members.iter().filter_map(|&member| model.contents.closure(member)) {
        closure.union_with(set);
    }
    closure.intersect_with(&model.contents.all);
    closure
}

/// Layers that hold part of it, with reasons.
fn layers<'a>(
    appearance: &Appearance<'a>,
    at: usize,
    node: &ViewNode,
    figures: &NodeFigures,
) -> Vec<(&'a LayerContents, String)> {
    const MOST: usize = 4;
    let partition = &appearance.design.shown().partition;
    let held = appearance.layers.get(at).map_or(&[][..], Vec::as_slice);
    let line = |&(index, bytes): &(usize, crate::byte_count::ByteCount)| {
        let layer = partition.layers.get(index)?;
        let why = why(appearance.design, layer, node, figures);
        let part =
            if held.len() > 1 { format!("{bytes} in {}: {why}", layer.name) } else { format!("{}: {why}", layer.name) };
        Some((layer, part))
    };
    held.iter().take(MOST).filter_map(line).collect()
}

fn why(design: &Design, layer: &LayerContents, node: &ViewNode, figures: &NodeFigures) -> String {
    match layer.kind {
        LayerKind::App => "not assigned".to_owned(),
        LayerKind::Interpreter => "files of the interpreter".to_owned(),
        LayerKind::Packages => "a package that no layer claims".to_owned(),
        LayerKind::Written(_) => "matched by a group of the BUILD file".to_owned(),
        LayerKind::Base | LayerKind::Certificates | LayerKind::Other(_) => "fixed".to_owned(),
        LayerKind::Dependency(_) => {
            if node.label.as_ref().is_some_and(|label| layer.targets.contains(label)) {
                return "listed in this layer".to_owned();
            }
            let model = &design.model;
            let brings = |target: &&crate::label::Label| {
                model
                    .graph
                    .find(target)
                    .and_then(|id| model.contents.closure(id))
                    .is_some_and(|closure| figures.items.iter().any(|&item| closure.contains(item)))
            };
            match layer.targets.iter().find(brings) {
                Some(target) => format!("dependency of {target}"),
                None => "in this layer".to_owned(),
            }
        }
    }
}

/// Direct dependents that are drawn.
fn users(scene: &Scene, at: usize) -> String {
    const MOST: usize = 3;
    let users = scene.neighbours.of(at, Way::Dependents);
    let title = |user: &usize| scene.view.nodes.get(*user).map(|node| node.title.clone());
    let mut names: Vec<String> = users.iter().take(MOST).filter_map(title).collect();
    if users.len() > MOST {
        names.push(format!("{} more", users.len() - MOST));
    }
    if names.is_empty() { String::new() } else { format!("Needed by {}", names.join(", ")) }
}

fn hint(node: &ViewNode) -> Option<String> {
    if node.kind.is_group() {
        return Some("Double-click to expand, drag to move what the app uses of it".to_owned());
    }
    node.group.as_ref().map(|group| format!("Double-click to collapse {group}"))
}
