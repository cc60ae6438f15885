//! `oci_image(tars = ...)` of rules_oci: the layers by their labels, in order (docs/image.md of rules_oci 2).

use crate::rule_sets::export::plan_words::{InDialect, PlanWords, list};

pub(crate) fn write(plan: &PlanWords) -> InDialect {
    let text = format!(
        "load(\"@rules_oci//oci:defs.bzl\", \"oci_image\")\nload(\"//{}:image_layers.bzl\", \"image_layers\")\n\n{}\n\
         oci_image(\n    name = \"{}\",\n    base = \"{}\",\n    entrypoint = [\"/app/{}\"],\n    # Lowest first: do not sort.\n    tars = {},\n    workdir = \"/app\",\n)\n",
        plan.rules_package,
        plan.layers_call(),
        plan.image,
        plan.base,
        plan.binary.name(),
        list(&plan.layer_labels(), 4)
    );
    InDialect { text, limits: plan.rules_needed().into_iter().collect() }
}
