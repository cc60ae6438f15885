use crate::engine::app_model::AppModel;
use crate::layers::plan::Plan;
use crate::layers::plan_file;
use crate::whole_file::write_document;
use std::path::Path;

pub(crate) fn save_plan(path: &Path, model: &AppModel, plan: &Plan) -> Result<(), String> {
    let text = plan_file::print(plan, &model.library_names).map_err(|error| error.to_string())?;
    write_document(path, text.as_bytes()).map_err(|error| error.to_string())
}

pub(crate) fn load_plan(path: &Path, model: &AppModel) -> Result<Plan, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    plan_file::parse(&text, &model.app.label, &model.library_names)
        .map(|plan| plan.with_ids_of(&model.on_disk))
        .map_err(|error| error.to_string())
}
