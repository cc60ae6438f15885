//! The whole drawing as a picture.

use egui::{Color32, Rect};

use crate::app::state::design::Design;
use crate::app::state::view::ColourBy;
use crate::picture::Rgb;
use crate::picture::graph::{GraphPicture, Ink, PicturedNode};
use crate::ui::canvas::appearance::{Appearance, Marks};
use crate::ui::canvas::edges::ends;
use crate::ui::canvas::legend;
use crate::ui::canvas::memory::CanvasMemory;
use crate::ui::canvas::scene::Scene;
use crate::ui::theme::palette;

impl CanvasMemory {
    /// `None` before anything is drawn.
    #[must_use]
    pub(crate) fn picture(&self, design: &Design, colour_by: ColourBy) -> Option<GraphPicture> {
        let scene = self.scene.as_ref()?;
        let none = Vec::new();
        let layers = self.layers.as_ref().map_or(&none, |(_, layers)| layers);
        let [light, dark] =
            [&palette::LIGHT, &palette::DARK].map(|palette| Appearance::new(palette, colour_by, design, layers));
        let node = |(at, place): (usize, &Rect)| {
            let card = light.card(scene, at, Marks::default())?;
            let on_dark = dark.card(scene, at, Marks::default())?.colours;
            let colours = card.colours.iter().zip(on_dark);
            Some(PicturedNode {
                place: [place.left(), place.top(), place.width(), place.height()],
                title: card.title.to_owned(),
                subtitle: card.subtitle.to_owned(),
                colours: colours.map(|(&(light, share), (dark, _))| (ink(light, dark), share)).collect(),
                bytes: card.stored.map_or_else(String::new, |stored| stored.to_string()),
                word: card.word,
                is_group: card.kind.is_group(),
            })
        };
        Some(GraphPicture {
            title: design.model.app.label.to_string(),
            caption: format!("{} nodes, coloured by {}", scene.places.len(), what(colour_by)),
            size: (scene.bounds.width(), scene.bounds.height()),
            nodes: scene.places.iter().enumerate().filter_map(node).collect(),
            edges: (0..scene.view.edges.len()).filter_map(|at| edge(scene, at)).collect(),
            legend: legend(design, colour_by),
        })
    }
}

fn what(colour_by: ColourBy) -> &'static str {
    match colour_by {
        ColourBy::Layer => "the layer that holds them",
        ColourBy::Churn => "how often they change",
        ColourBy::Size => "their share of the image's bytes",
    }
}

/// From dependent to dependency.
fn edge(scene: &Scene, at: usize) -> Option<Vec<(f32, f32)>> {
    let &(from, to, _) = scene.view.edges.get(at)?;
    let (start, end) = ends(*scene.places.get(from)?, *scene.places.get(to)?);
    let route = scene.routes.get(at).map_or(&[][..], Vec::as_slice);
    let points = std::iter::once(start).chain(route.iter().copied()).chain(std::iter::once(end));
    Some(points.map(|point| (point.x, point.y)).collect())
}

fn legend(design: &Design, colour_by: ColourBy) -> Vec<(String, Ink)> {
    if colour_by != ColourBy::Layer {
        return Vec::new();
    }
    let [light, dark] = [&palette::LIGHT, &palette::DARK].map(|palette| legend::lines(palette, design, colour_by));
    light.into_iter().zip(dark).map(|((name, light), (_, dark))| (name, ink(light, dark))).collect()
}

fn ink(light: Color32, dark: Color32) -> Ink {
    let rgb = |colour: Color32| Rgb(u32::from_be_bytes([0, colour.r(), colour.g(), colour.b()]));
    Ink { light: rgb(light), dark: rgb(dark) }
}
