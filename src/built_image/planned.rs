//! Matches the layers of a plan and of an image built from it by their targets: the macro names them
//! `<image>_deplayer_<position>_<name>`, `<image>_interpreter_layer` or `<image>_app_layer`, and the history says
//! `bazel build <label>`. A layer without such a label stays unmatched; equal sizes prove nothing.

use crate::built_image::model::BuiltLayer;
use crate::layers::partition::LayerKind;
use crate::size::model::Size;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedLayer {
    pub kind: LayerKind,
    pub name: String,
    pub size: Size,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerMatch {
    pub built: usize,
    pub planned: usize,
    /// Its place among the groups differs from the plan's.
    pub is_moved: bool,
}

/// Matches layers, lowest first on both sides. Only layers built in `package` count; a planned layer matches once, the
/// topmost of several.
#[must_use]
pub fn match_layers(built: &[BuiltLayer], planned: &[PlannedLayer], package: &str) -> Vec<LayerMatch> {
    let mut matches: Vec<LayerMatch> = Vec::new();
    for (position, layer) in built.iter().enumerate() {
        let Some(label) = layer.label.as_ref().filter(|label| label.is_main() && label.package() == package) else {
            continue;
        };
        let Some((planned, is_moved)) = planned_layer(label.name(), planned) else { continue };
        matches.retain(|found| found.planned != planned);
        matches.push(LayerMatch { built: position, planned, is_moved });
    }
    matches
}

/// The planned layer of a target, and `true` if its place has changed.
#[must_use]
pub fn planned_layer(target: &str, planned: &[PlannedLayer]) -> Option<(usize, bool)> {
    // A layer may itself be named `x_app_layer` or `x_deplayer_0_y`: the longest reading wins.
    let mut best: Option<(usize, usize, bool)> = None;
    let mut group = 0_usize;
    for (position, layer) in planned.iter().enumerate() {
        let reading = match layer.kind {
            LayerKind::Base | LayerKind::Certificates | LayerKind::Other(_) => None,
            // rules_py names its tars `<image>_<group>`.
            LayerKind::Packages => suffix(target, "_packages").map(|length| (length, false)),
            LayerKind::Written(_) => suffix(target, &format!("_{}", layer.name)).map(|length| (length, false)),
            LayerKind::Interpreter => suffix(target, "_interpreter_layer").map(|length| (length, false)),
            LayerKind::App => suffix(target, "_app_layer").map(|length| (length, false)),
            LayerKind::Dependency(_) => {
                group += 1;
                group_reading(target, &layer.name, group - 1)
            }
        };
        if let Some((length, is_moved)) = reading
            && best.is_none_or(|(longest, _, was_moved)| (length, !is_moved) > (longest, !was_moved))
        {
            best = Some((length, position, is_moved));
        }
    }
    best.map(|(_, position, is_moved)| (position, is_moved))
}

fn suffix(target: &str, end: &str) -> Option<usize> {
    target.ends_with(end).then_some(end.len())
}

/// Reads `..._deplayer_<position>_<name>`: the length it explains, and `true` if the position differs.
fn group_reading(target: &str, name: &str, group: usize) -> Option<(usize, bool)> {
    let front = target.strip_suffix(name)?.strip_suffix('_')?;
    let digits = front.len() - front.trim_end_matches(|character: char| character.is_ascii_digit()).len();
    let (front, position) = front.split_at_checked(front.len() - digits)?;
    let position: usize = position.parse().ok()?;
    let rest = front.strip_suffix("_deplayer_")?;
    Some((target.len() - rest.len(), position != group))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::built_image::fixture::layers;
    use crate::byte_count::ByteCount;
    use crate::label::Label;
    use crate::layers::plan::LayerId;
    use crate::size::model::Provenance;

    fn plan(names: &[&str]) -> Vec<PlannedLayer> {
        let size = Size::exactly(ByteCount(1), ByteCount(1), Provenance::Estimated);
        let layer = |kind, name: &str| PlannedLayer { kind, name: name.to_owned(), size };
        let groups = names.iter().enumerate().map(|(at, name)| layer(LayerKind::Dependency(LayerId(at as u32)), name));
        let mut layers = vec![layer(LayerKind::Interpreter, "interpreter")];
        layers.extend(groups);
        layers.push(layer(LayerKind::App, "app"));
        layers
    }

    fn check(targets: &[&str], names: &[&str], expected: &[&str]) {
        let mut built = layers(&vec!["a 1"; targets.len()].join("|"));
        for (layer, target) in built.iter_mut().zip(targets) {
            layer.label = Label::parse_absolute(target).ok();
        }
        let planned = plan(names);
        let found = match_layers(&built, &planned, "app");
        let print = |found: &LayerMatch| {
            format!("{} {}{}", found.built, planned[found.planned].name, if found.is_moved { " moved" } else { "" })
        };
        assert_eq!(found.iter().map(print).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn layers_are_recognised_by_their_targets() {
        check(
            &[
                "",
                "//tools/cacerts:cacerts",
                "//app:x_image_base_interpreter_layer",
                "//app:x_image_base_deplayer_0_pip_deps",
                "//app:x_image_base_deplayer_1_internal",
                "//app:x_image_base_app_layer",
            ],
            &["pip_deps", "internal"],
            &["2 interpreter", "3 pip_deps", "4 internal", "5 app"],
        );
    }

    #[test]
    fn names_that_look_like_others_are_told_apart() {
        check(
            &["//app:x_deplayer_0_the_app_layer", "//app:x_app_layer"],
            &["the_app_layer"],
            &["0 the_app_layer", "1 app"],
        );
        check(
            &["//app:x_deplayer_0_y_deplayer_1_z", "//app:x_deplayer_1_z"],
            &["y_deplayer_1_z", "z"],
            &["0 y_deplayer_1_z", "1 z"],
        );
        check(&["//app:x_deplayer_0_pip"], &["pip", "my_pip"], &["0 pip"]);
        check(&["//app:x_deplayer_1_my_pip"], &["pip", "my_pip"], &["0 my_pip"]);
    }

    #[test]
    fn other_plans_and_packages_are_not_forced_to_fit() {
        check(&["//app:x_deplayer_1_pip"], &["pip"], &["0 pip moved"]);
        check(&["//app:x_deplayer_0_gone", "//app:x_deplayer__pip", "//app:deplayer_0_pip"], &["pip"], &[]);
        check(&["//other:x_app_layer", "@else//app:x_app_layer"], &[], &[]);
        check(&["//app:old_app_layer", "//app:x_app_layer"], &[], &["1 app"]);
    }
}
