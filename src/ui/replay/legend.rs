//! The series of the replay: look, name, sum.

use egui::{Align2, Color32, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::LineStyle;

use crate::app::state::design::Design;
use crate::engine::reports::figures::{saving_not_known, saving_words};
use crate::engine::reports::savings::{Layers, saving_between};
use crate::history::cost::PullProfile;
use crate::history::saving::Saving;
use crate::size::known_bytes::KnownBytes;
use crate::ui::theme::metrics::{SPACE_S, SPACE_XS};
use crate::ui::theme::{self, Palette, metrics};
use crate::ui::widgets::{figure, text};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Series {
    SingleLayer,
    Current,
    Plan,
    Floor,
}

impl Series {
    /// In the order of `ReplaySeries::cumulative`.
    pub(super) const ALL: [Self; 4] = [Self::SingleLayer, Self::Current, Self::Plan, Self::Floor];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SingleLayer => "One layer",
            Self::Current => "Current",
            Self::Plan => "Plan",
            Self::Floor => "Theoretical minimum",
        }
    }

    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::SingleLayer => "Everything in one layer: each deploy pulls all of it",
            Self::Current => "The layers that the BUILD files give today",
            Self::Plan => "With the plan",
            Self::Floor => "Only the changed files and packages: no layering can pull less",
        }
    }

    pub(super) fn colour(self, palette: &Palette) -> Color32 {
        match self {
            Self::SingleLayer => palette.text_third,
            Self::Current => palette.text_second,
            Self::Plan => palette.accent,
            Self::Floor => palette.good,
        }
    }

    pub(super) fn width(self) -> f32 {
        match self {
            Self::Plan => 2.5,
            Self::SingleLayer | Self::Current | Self::Floor => 1.5,
        }
    }

    pub(super) fn style(self) -> LineStyle {
        match self {
            Self::SingleLayer | Self::Plan => LineStyle::Solid,
            Self::Current => LineStyle::Dashed { length: 6.0 },
            Self::Floor => LineStyle::Dotted { spacing: 5.0 },
        }
    }
}

const LINE: f32 = 22.0;
pub(super) const SAMPLE: f32 = 18.0;
const SAVING: f32 = 92.0;

/// Returns what a series saves of what the current layers pull, up to a deploy or over all; `None` where the current layers are
/// not known: a saving over anything else is no saving.
pub(super) fn saving(
    design: &Design,
    profile: PullProfile,
    looked_at: Option<usize>,
    series: Series,
) -> Option<Saving> {
    let after = match series {
        Series::SingleLayer | Series::Current => return None,
        Series::Plan => Layers::Of(&design.evaluation),
        Series::Floor => Layers::Each,
    };
    let deploys = design.model.measures.deploys.deploys.len();
    let end = looked_at.map_or(deploys, |deploy| deploys.min(deploy + 1));
    Some(saving_between(&design.model, Layers::Of(design.current.as_ref()?), after, profile, 0..end))
}

/// `sums` are in the order of [`Series::ALL`].
pub(super) fn show(
    ui: &mut Ui,
    sums: [Option<KnownBytes>; 4],
    savings: &dyn Fn(Series) -> Option<Saving>,
    deploys: usize,
    looked_at: Option<usize>,
) {
    let palette = theme::palette(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    let width = ui.available_width();
    let (head, response) = ui.allocate_exact_size(vec2(width, LINE), Sense::hover());
    let words = match looked_at.filter(|deploy| *deploy < deploys) {
        Some(deploy) => format!("Pulled by deploy {} of {deploys}", deploy + 1),
        None if deploys == 1 => "Pulled over 1 deploy".to_owned(),
        None => format!("Pulled over {deploys} deploys"),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    text::paint(ui.painter(), head, Align2::LEFT_CENTER, &words, metrics::small(), palette.text_third);
    for (series, sum) in Series::ALL.into_iter().zip(sums) {
        let (rect, response) = ui.allocate_exact_size(vec2(width, LINE), Sense::hover());
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Label, true, format!("{}: {}", series.name(), figure::known(sum.as_ref())))
        });
        sample(ui, rect, series, palette);
        let (font, ink) = match series {
            Series::Plan => (metrics::strong(), palette.text),
            Series::SingleLayer | Series::Current | Series::Floor => (metrics::body(), palette.text_second),
        };
        let name = rect.with_min_x(rect.left() + SAMPLE + SPACE_S);
        text::paint(ui.painter(), name, Align2::LEFT_CENTER, series.name(), font.clone(), ink);
        let share = rect.with_min_x(rect.right() - SAVING);
        let bytes = rect.with_max_x(share.left() - SPACE_XS);
        match sum {
            Some(sum) => figure::paint(ui.painter(), palette, bytes, &sum, font, ink),
            None => {
                let ink = palette.text_third;
                text::paint(ui.painter(), bytes, Align2::RIGHT_CENTER, "not known", metrics::body(), ink).0
            }
        };
        let saving = savings(series);
        let is_some =
            |saving: &&Saving| matches!(saving, Saving::Known { least, most, .. } if (*least, *most) != (0, 0));
        if let Some(saving) = saving.as_ref().filter(is_some) {
            let words = saving_words(saving);
            text::paint(ui.painter(), share, Align2::RIGHT_CENTER, &words, metrics::small(), palette.text_second);
        }
        let why = saving.as_ref().and_then(saving_not_known).map(|why| format!("\n{why}")).unwrap_or_default();
        let known = sum.as_ref().map(|sum| format!("\n{}", figure::known_story(sum))).unwrap_or_default();
        response.on_hover_text(format!("{}{known}{why}", series.hint()));
    }
}

/// A sample of the line.
pub(super) fn sample(ui: &Ui, rect: Rect, series: Series, palette: &Palette) {
    let ends = [pos2(rect.left(), rect.center().y), pos2(rect.left() + SAMPLE, rect.center().y)];
    let stroke = Stroke::new(series.width(), series.colour(palette));
    let painter = ui.painter();
    match series.style() {
        LineStyle::Solid => {
            painter.line_segment(ends, stroke);
        }
        LineStyle::Dashed { .. } => painter.extend(Shape::dashed_line(&ends, stroke, 5.0, 3.0)),
        LineStyle::Dotted { .. } => painter.extend(Shape::dotted_line(&ends, stroke.color, 4.0, 1.2)),
    }
}
