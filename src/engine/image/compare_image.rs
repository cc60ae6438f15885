use crate::built_image::read::ImageChoice;
use crate::engine::app_model::AppModel;
use crate::engine::change::dependency_changes::DependencyChanges;
use crate::engine::choices::Choices;
use crate::engine::find_app::find_app;
use crate::engine::image::against_image::{Against, against, compression};
use crate::engine::image::open_image::open_image;
use crate::engine::kept::folders::cache_folder;
use crate::engine::sizes::known_sizes::known_sizes;
use crate::history::model::History;
use crate::jobs::Watch;
use crate::label::Label;
use crate::layers::plan::Plan;
use crate::workspace::model::Workspace;
use crate::workspace::platform::{Platform, PlatformError};

#[derive(Clone, Debug)]
pub struct ImageRequest {
    pub(crate) name: String,
    pub(crate) app: Label,
    pub(crate) changes: DependencyChanges,
    pub(crate) plan: Plan,
    /// Platform and compression are taken from the image.
    pub(crate) choices: Choices,
}

/// Counts the plan for the image's platform and compression.
///
/// # Errors
/// A sentence when the image can't be read, or the app can't be planned for on its platform.
pub(crate) fn compare_image(
    workspace: &Workspace,
    request: &ImageRequest,
    watch: &dyn Watch,
) -> Result<Against, String> {
    // Prefers the planned platform.
    let wanted = ImageChoice { platform: request.choices.platform.to_string().parse().ok(), name: None };
    let read = open_image(&request.name, &wanted, false, watch)
        .or_else(|_| open_image(&request.name, &ImageChoice::default(), false, watch));
    let image = read.map_err(|error| error.to_string())?.image;
    let platform = image.platform.to_string();
    let platform: Platform =
        platform.parse().map_err(|error: PlatformError| format!("unsupported image platform: {error}"))?;
    let choices = Choices { platform, compression: Some(compression(&image)), ..request.choices.clone() };
    let workspace = request.changes.applied(workspace);
    let app = find_app(&workspace, &request.app.to_string())?;
    let model = AppModel::new(&workspace, &History::default(), &app, &choices).map_err(|error| error.to_string())?;
    let known = known_sizes(&workspace, &model, &choices, cache_folder().as_deref(), watch);
    let model = model.with_known(&known);
    Ok(against(&model, &request.plan, &choices, &image))
}
