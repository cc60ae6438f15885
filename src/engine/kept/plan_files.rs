use crate::engine::app_model::AppModel;
use crate::layers::plan::Plan;
use crate::layers::plan_file;
use crate::whole_file::write_document;
use std::path::Path;

pub(crate) fn save_plan(path: &Path, model: &AppModel, plan: &Plan) -> Result<(), String> {
    let text = print_plan(plan, model)?;
    write_document(path, text.as_bytes()).map_err(|error| error.to_string())
}

pub(crate) fn load_plan(path: &Path, model: &AppModel) -> Result<Plan, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    parse_plan(&text, model)
}

/// Reads a plan for the app of `model`.
///
/// # Errors
/// When the text is not a plan, or its order can't be had.
pub(crate) fn parse_plan(text: &str, model: &AppModel) -> Result<Plan, String> {
    let plan = plan_file::parse(text, &model.app.label, &model.library_names).map_err(|error| error.to_string())?;
    let plan = plan.with_ids_of(&model.on_disk);
    let order = match plan.order.as_slice() {
        [] => model.on_disk.order.clone(),
        _ => model.layouts.of(&plan).completed(&plan)?,
    };
    Ok(Plan { order, ..plan })
}

/// Returns a plan as [`parse_plan`] reads it. The order is left out where it is that of the BUILD files.
///
/// # Errors
/// Never for a plan of this crate; the serializer's own error otherwise.
pub(crate) fn print_plan(plan: &Plan, model: &AppModel) -> Result<String, String> {
    let is_own = plan.order == model.on_disk.order;
    let order = if is_own { Vec::new() } else { plan.order.clone() };
    plan_file::print(&Plan { order, ..plan.clone() }, &model.library_names).map_err(|error| error.to_string())
}
