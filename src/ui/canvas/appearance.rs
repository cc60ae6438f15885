//! Text and colours of cards: by layer, churn or size.

use egui::Color32;

use crate::app::state::design::Design;
use crate::app::state::view::ColourBy;
use crate::graph::view::{ViewKind, ViewNode};
use crate::ui::canvas::card::Card;
use crate::ui::canvas::figures::{NodeFigures, NodeLayers};
use crate::ui::canvas::scene::Scene;
use crate::ui::theme::Palette;
use crate::ui::widgets::bar::share;
use crate::ui::widgets::figure::percent;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub is_selected: bool,
    pub is_hovered: bool,
    /// Has the keyboard's focus.
    pub is_current: bool,
    pub is_match: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Appearance<'a> {
    pub palette: &'a Palette,
    pub colour_by: ColourBy,
    pub design: &'a Design,
    /// For each node.
    pub layers: &'a [NodeLayers],
    /// For each layer.
    solids: Vec<Color32>,
}

impl<'a> Appearance<'a> {
    #[must_use]
    pub(crate) fn new(palette: &'a Palette, colour_by: ColourBy, design: &'a Design, layers: &'a [NodeLayers]) -> Self {
        let solids = design.shown().partition.layers.iter().map(|layer| palette.layer(layer.kind).solid).collect();
        Self { palette, colour_by, design, layers, solids }
    }

    #[must_use]
    pub(crate) fn card<'s>(&self, scene: &'s Scene, at: usize, marks: Marks) -> Option<Card<'s>> {
        let (node, figures) = (scene.view.nodes.get(at)?, scene.figures.get(at)?);
        Some(Card {
            title: &node.title,
            subtitle: &node.subtitle,
            kind: &node.kind,
            stored: (!figures.items.is_empty()).then_some(figures.stored),
            word: self.word(scene, at, figures),
            colours: self.colours(scene, at, figures),
            is_selected: marks.is_selected,
            is_hovered: marks.is_hovered,
            is_current: marks.is_current,
            is_match: marks.is_match,
        })
    }

    /// The single colour where there is no room for several.
    #[must_use]
    pub(crate) fn colour(&self, scene: &Scene, at: usize) -> Color32 {
        let figures = scene.figures.get(at).filter(|figures| !figures.items.is_empty());
        let Some(figures) = figures else { return self.palette.outline };
        match self.colour_by {
            ColourBy::Layer => {
                let solid = self.layers(at).first().and_then(|&(index, _)| self.solids.get(index));
                solid.copied().unwrap_or(self.palette.outline)
            }
            ColourBy::Churn => self.palette.churn(self.churn(figures)),
            ColourBy::Size => size_colour(self.palette, share(figures.stored.bytes.0, scene.total.0)),
        }
    }

    fn layers(&self, at: usize) -> &NodeLayers {
        const NONE: &NodeLayers = &Vec::new();
        self.layers.get(at).unwrap_or(NONE)
    }

    /// The colour in words.
    #[must_use]
    pub(crate) fn word(&self, scene: &Scene, at: usize, figures: &NodeFigures) -> String {
        if figures.items.is_empty() {
            return String::new();
        }
        match self.colour_by {
            ColourBy::Layer => match self.layers(at)[..] {
                [] => String::new(),
                [(only, _)] => self.layer_name(only).to_owned(),
                ref several => format!("{} layers", several.len()),
            },
            ColourBy::Churn => match figures.changes {
                0 => "no change".to_owned(),
                1 => "1 change".to_owned(),
                changes => format!("{changes} changes"),
            },
            ColourBy::Size => percent(figures.stored.bytes.0, scene.total.0),
        }
    }

    fn layer_name(&self, index: usize) -> &str {
        self.design.shown().partition.layers.get(index).map_or("", |layer| layer.name.as_str())
    }

    fn colours(&self, scene: &Scene, at: usize, figures: &NodeFigures) -> Vec<(Color32, f32)> {
        if figures.items.is_empty() {
            return Vec::new();
        }
        match self.colour_by {
            ColourBy::Layer => self.layer_colours(at),
            ColourBy::Churn | ColourBy::Size => vec![(self.colour(scene, at), 1.0)],
        }
    }

    fn layer_colours(&self, at: usize) -> Vec<(Color32, f32)> {
        let layers = self.layers(at);
        // A layer with only empty files still shows.
        let weight = |bytes: u64| bytes.max(1);
        let total: u64 = layers.iter().map(|(_, bytes)| weight(bytes.0)).fold(0, u64::saturating_add);
        let colour = |&(index, bytes): &(usize, crate::byte_count::ByteCount)| {
            Some((*self.solids.get(index)?, share(weight(bytes.0), total)))
        };
        layers.iter().filter_map(colour).collect()
    }

    /// Share of deploys that change it.
    #[must_use]
    pub(crate) fn churn(&self, figures: &NodeFigures) -> f32 {
        share(figures.changes, self.design.shown().numbers.deploys)
    }
}

/// Spread at the low end, because most packages are small.
#[must_use]
pub(crate) fn size_colour(palette: &Palette, share: f32) -> Color32 {
    palette.outline.lerp_to_gamma(palette.accent, share.clamp(0.0, 1.0).powf(0.4))
}

/// For screen readers.
#[must_use]
pub(crate) fn spoken(node: &ViewNode, card: &Card<'_>) -> String {
    let name = node.label.as_ref().map_or_else(|| node.key.clone(), ToString::to_string);
    let name = if node.kind == ViewKind::More { format!("{} {}", node.title, node.subtitle) } else { name };
    let parts = [
        name,
        node.kind.text().to_owned(),
        card.stored.map_or_else(String::new, |stored| stored.with_missing()),
        card.word.clone(),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
