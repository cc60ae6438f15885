//! A drop-down list.

use egui::{ComboBox, Rect, Ui, Vec2};

use crate::ui::icons::{self, Icon};
use crate::ui::theme;
use crate::ui::theme::metrics::ICON;

/// `salt` makes it unique.
pub(crate) fn new(salt: &str) -> ComboBox<'_> {
    ComboBox::from_id_salt(salt).icon(|ui: &Ui, rect: Rect, _, _| {
        let place = Rect::from_center_size(rect.center(), Vec2::splat(ICON));
        icons::paint(ui.painter(), place, Icon::ChevronDown, theme::palette(ui).text_second);
    })
}
