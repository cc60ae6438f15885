//! The compression of layers by the workspace's rules, from the targets that its macro makes. rules_oci pushes a tar as
//! it is (oci/private/image.sh, v2.2.6), so the rule that makes the tar decides.

use crate::graph::build::target;
use crate::label::Label;
use crate::layers::compression::Compression;
use crate::workspace::model::{App, Target, Value, Workspace};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompressionInUse {
    pub compression: Compression,
    /// A sentence on how it is known.
    pub sentence: String,
}

/// The user's `choice`, else that of the app's rules.
#[must_use]
pub fn compression_in_use(workspace: &Workspace, app: &App, choice: Option<Compression>) -> CompressionInUse {
    match choice {
        Some(compression) => CompressionInUse {
            compression,
            sentence: format!("Layers are counted {}, as it was chosen", compression.as_words()),
        },
        None => rule_compression(workspace, app),
    }
}

/// gzip if the rules don't say.
#[must_use]
pub fn rule_compression(workspace: &Workspace, app: &App) -> CompressionInUse {
    let same_macro = |other: &&App| {
        other.label != app.label && other.macro_name == app.macro_name && other.macro_file == app.macro_file
    };
    let apps = std::iter::once(app).chain(workspace.apps.iter().filter(same_macro));
    apps.filter_map(|app| from_made(workspace, app)).next().unwrap_or_else(|| CompressionInUse {
        compression: Compression::Gzip,
        sentence: format!("What `{}` stores layers as is not known, so gzip is assumed", app.macro_name),
    })
}

/// The first of the app's own targets that tells.
fn from_made(workspace: &Workspace, app: &App) -> Option<CompressionInUse> {
    let made: Vec<(&Label, &Target)> =
        app.made_targets.iter().filter_map(|label| Some((label, target(workspace, label)?))).collect();
    let tar = made.iter().find_map(|(label, made)| Some((*label, *made, tar_compression(made)?)));
    let (label, made_tar, (compression, why)) = tar?;
    let has_oci_image = made.iter().any(|(_, made)| made.kind.trim_start_matches('_').starts_with("oci_image"));
    if compression == Compression::None && is_pkg_tar(made_tar) && !has_oci_image {
        return Some(CompressionInUse {
            compression: Compression::Gzip,
            sentence: format!(
                "{label} is an uncompressed tar, and the rule that makes the image of it is not known: gzip is assumed"
            ),
        });
    }
    let pushed = if compression == Compression::None { ", and rules_oci pushes a tar as it is" } else { "" };
    Some(CompressionInUse {
        compression,
        sentence: format!(
            "Layers are stored {}: {label} is a `{}` {why}{pushed}",
            compression.as_words(),
            made_tar.kind
        ),
    })
}

/// Returns `true` if a rule of this kind makes a tar of files.
#[must_use]
pub fn makes_layer(kind: &str) -> bool {
    matches!(kind, "pkg_tar" | "pkg_tar_impl" | "py_layer_tar" | "tar" | "tar_rule" | "py_image_layer")
}

/// `None` for rules that make no tar.
fn tar_compression(target: &Target) -> Option<(Compression, String)> {
    match target.kind.as_str() {
        "pkg_tar" | "pkg_tar_impl" => Some(pkg_tar_compression(target)),
        // The rules of `assets/bazel` default to gzip.
        "py_layer_tar" => Some(named(target, "compression", Compression::Gzip)),
        // bazel-lib's `tar` and rules_py's `py_image_layer` have `compress`; without it the former makes a plain tar,
        // the latter gzip.
        "tar" | "tar_rule" => Some(named(target, "compress", Compression::None)),
        "py_image_layer" => Some(named(target, "compress", Compression::Gzip)),
        _ => None,
    }
}

fn is_pkg_tar(target: &Target) -> bool {
    matches!(target.kind.as_str(), "pkg_tar" | "pkg_tar_impl")
}

/// By the file's ending (`extension`) or a program (`compressor`).
#[must_use]
pub(crate) fn pkg_tar_compression(target: &Target) -> (Compression, String) {
    let text = |name: &str| match target.attributes.get(name) {
        Some(Value::String(text)) => text.as_str(),
        _ => "",
    };
    let ending = [text("extension"), text("out"), text("package_file_name")].into_iter().find(|text| !text.is_empty());
    // A dependency if the rule's attributes are not known, a tool if Bazel says what they are.
    let compressor = target.dependencies.iter().find(|dependency| dependency.attribute == "compressor");
    let compressor = compressor.map_or_else(|| text("compressor").to_owned(), |found| found.label.to_string());
    if !compressor.is_empty() {
        let is_zstd = compressor.contains("zst") || text("compressor_args").contains("zst");
        let compression = if is_zstd { Compression::Zstd } else { Compression::Gzip };
        return (compression, format!("with `compressor = \"{compressor}\"`"));
    }
    match ending {
        Some(ending) if ending.ends_with("gz") => (Compression::Gzip, format!("that makes `{ending}`")),
        Some(ending) if ending.ends_with("zst") || ending.ends_with("zstd") => {
            (Compression::Zstd, format!("that makes `{ending}`"))
        }
        _ => (Compression::None, "without compression".to_owned()),
    }
}

fn named(target: &Target, attribute: &str, default: Compression) -> (Compression, String) {
    match target.attributes.get(attribute) {
        Some(Value::String(text)) => match text.as_str() {
            "none" | "" => (Compression::None, format!("with `{attribute} = \"{text}\"`")),
            "zstd" => (Compression::Zstd, format!("with `{attribute} = \"{text}\"`")),
            "gzip" => (Compression::Gzip, format!("with `{attribute} = \"{text}\"`")),
            // bzip2, xz and others: nearer to gzip than to nothing.
            _ => (Compression::Gzip, format!("with `{attribute} = \"{text}\"`, which is counted as gzip")),
        },
        _ => (default, format!("without `{attribute}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;
    use crate::workspace::model::Dependency;

    /// What is read from an app whose macro makes these rules, each with one attribute.
    fn check(rules: &[(&str, &str, &str)], expected: Compression, sentence: &str) {
        let mut workspace = fixture::workspace("//a\n py_binary bin srcs=main.py\n release_app app binary=:bin");
        for (index, (kind, attribute, value)) in rules.iter().enumerate() {
            let name = format!("made_{index}");
            let mut made = workspace.packages["a"].targets["bin"].clone();
            (*kind).clone_into(&mut made.kind);
            made.dependencies.clear();
            match *attribute {
                "" => {}
                "compressor" => made.dependencies.push(Dependency {
                    attribute: "compressor".to_owned(),
                    label: Label::parse_absolute(value).unwrap(),
                    condition: None,
                }),
                _ => drop(made.attributes.insert((*attribute).to_owned(), Value::String((*value).to_owned()))),
            }
            workspace.packages.get_mut("a").unwrap().targets.insert(name.clone(), made);
            workspace.apps[0].made_targets.push(Label::main("a", &name));
        }
        let found = rule_compression(&workspace, &workspace.apps[0]);
        assert_eq!(found.compression, expected, "{rules:?}");
        assert_eq!(found.sentence, sentence);
    }

    #[test]
    fn the_rule_that_makes_the_tar_decides() {
        check(
            &[("pkg_tar", "", ""), ("oci_image", "", "")],
            Compression::None,
            "Layers are stored uncompressed: //a:made_0 is a `pkg_tar` without compression, and rules_oci pushes a tar as it is",
        );
        check(
            &[("pkg_tar", "extension", "tar.gz"), ("oci_image", "", "")],
            Compression::Gzip,
            "Layers are stored with gzip: //a:made_0 is a `pkg_tar` that makes `tar.gz`",
        );
        check(
            &[("pkg_tar_impl", "compressor", "//tools:zstd"), ("oci_image", "", "")],
            Compression::Zstd,
            "Layers are stored with zstd: //a:made_0 is a `pkg_tar_impl` with `compressor = \"//tools:zstd\"`",
        );
        check(
            &[("py_layers", "", ""), ("py_layer_tar", "compression", "none")],
            Compression::None,
            "Layers are stored uncompressed: //a:made_1 is a `py_layer_tar` with `compression = \"none\"`, and rules_oci pushes a tar as it is",
        );
        check(
            &[("py_layer_tar", "", "")],
            Compression::Gzip,
            "Layers are stored with gzip: //a:made_0 is a `py_layer_tar` without `compression`",
        );
    }

    #[test]
    fn a_compressor_that_bazel_calls_a_tool_counts_too() {
        let workspace = fixture::workspace("//a\n pkg_tar_impl tar srcs=main.py");
        let mut tar = workspace.packages["a"].targets["tar"].clone();
        tar.attributes.insert("compressor".to_owned(), Value::String("//tools:pigz".to_owned()));
        assert_eq!(pkg_tar_compression(&tar), (Compression::Gzip, "with `compressor = \"//tools:pigz\"`".to_owned()));
    }

    #[test]
    fn what_is_not_known_is_said() {
        check(&[], Compression::Gzip, "What `release_app` stores layers as is not known, so gzip is assumed");
        check(
            &[("pkg_tar", "", ""), ("container_image", "", "")],
            Compression::Gzip,
            "//a:made_0 is an uncompressed tar, and the rule that makes the image of it is not known: gzip is assumed",
        );
    }
}
