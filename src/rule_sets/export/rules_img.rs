//! `image_manifest(layers = ...)` of rules_img with tars as layers (docs/image.md at 41be0a2). Its own
//! `layer_from_binary` follows groups and ranks of the language's rules, which can't express a plan.

use crate::rule_sets::export::plan_words::{InDialect, PlanWords, list};

pub(crate) fn write(plan: &PlanWords) -> InDialect {
    let text = format!(
        "load(\"@rules_img//img:image.bzl\", \"image_manifest\")\nload(\"//{}:image_layers.bzl\", \"image_layers\")\n\n{}\n\
         image_manifest(\n    name = \"{}\",\n    base = \"{}\",\n    entrypoint = [\"/app/{}\"],\n    # Lowest first: do not sort.\n    layers = {},\n    working_dir = \"/app\",\n)\n",
        plan.rules_package,
        plan.layers_call(),
        plan.image,
        plan.base,
        plan.binary.name(),
        list(&plan.layer_labels(), 4)
    );
    let own_way = "rules_img splits a program by itself (layer_from_binary, layer_budget) only along groups that the program's own rules hand \
                   out, in ranks that they decide. Which target is in which layer, and their order, can't be said there; so the layers are given \
                   as tars.";
    InDialect { text, limits: plan.rules_needed().into_iter().chain([own_way.to_owned()]).collect() }
}
