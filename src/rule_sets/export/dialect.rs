use crate::rule_sets::export::plan_words::{InDialect, PlanWords};
use crate::rule_sets::export::{dockerfile, oci_image, rules_img, rules_py};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `py_layer_tier` and `py_image_layer` of aspect_rules_py.
    RulesPy,
    /// `image_manifest(layers = ...)` of rules_img.
    RulesImg,
    /// `oci_image(tars = ...)` of rules_oci.
    OciImage,
    /// A Dockerfile with one `COPY` per layer.
    Dockerfile,
}

impl Dialect {
    pub const ALL: [Self; 4] = [Self::RulesPy, Self::RulesImg, Self::OciImage, Self::Dockerfile];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RulesPy => "rules-py",
            Self::RulesImg => "rules-img",
            Self::OciImage => "oci-image",
            Self::Dockerfile => "dockerfile",
        }
    }

    /// Describes the written text.
    #[must_use]
    pub fn summary(self) -> &'static str {
        match self {
            Self::RulesPy => "py_layer_tier and py_image_layer of aspect_rules_py",
            Self::RulesImg => "image_manifest of rules_img over the tars of the layer rules",
            Self::OciImage => "oci_image of rules_oci over the tars of the layer rules",
            Self::Dockerfile => "A stage and a COPY per layer",
        }
    }

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::RulesPy => "aspect rules_py",
            Self::RulesImg => "rules_img",
            Self::OciImage => "rules_oci",
            Self::Dockerfile => "Dockerfile",
        }
    }
}

#[must_use]
pub fn write(dialect: Dialect, plan: &PlanWords) -> InDialect {
    match dialect {
        Dialect::RulesPy => rules_py::write(plan),
        Dialect::RulesImg => rules_img::write(plan),
        Dialect::OciImage => oci_image::write(plan),
        Dialect::Dockerfile => dockerfile::write(plan),
    }
}
