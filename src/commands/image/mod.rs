//! `layerwright image`: the content of a built image.

mod json;
mod report;
mod text;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use crate::built_image::compare::compare;
use crate::built_image::duplicates::duplicates;
use crate::built_image::efficiency::efficiency;
use crate::built_image::error::ImageError;
use crate::built_image::model::BuiltImage;
use crate::built_image::read::{ImageChoice, ReadImage};
use crate::commands::arguments::{ImageArguments, WorkspaceArgument};
use crate::commands::failure::Failure;
use crate::commands::image::report::{Contents, Report};
use crate::commands::open::{open_workspace, sized_model};
use crate::commands::output::{print_json, print_text};
use crate::engine::choices::Choices;
use crate::engine::find_app::find_app;
use crate::engine::image::against_image::{Against, against, compression};
use crate::engine::image::open_image::open_image;
use crate::history::model::History;
use crate::jobs::Unwatched;
use crate::workspace::platform::{Platform, PlatformError};

/// # Errors
/// When there is no such image, it is damaged or refused, or the workspace or app is missing.
pub(crate) fn run(arguments: &ImageArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let choice = ImageChoice { platform: arguments.platform.clone(), name: arguments.name.clone() };
    let open = |name: &Path, choice: &ImageChoice| {
        let read = open_image(&name.to_string_lossy(), choice, arguments.plain_http, &Unwatched);
        read.map_err(failure)
    };
    let ReadImage { image, listed } = open(&arguments.image, &choice)?;
    let comparison = match &arguments.compare {
        // The name selects an image of the first path only.
        Some(path) => {
            let choice = ImageChoice { platform: Some(image.platform.clone()), name: None };
            let other = open(path, &choice)?.image;
            let comparison = compare(&image, &other);
            Some((other, comparison))
        }
        None => None,
    };
    let against = match (&arguments.against, &arguments.app) {
        (Some(workspace), Some(app)) => Some(estimate(workspace, app, arguments, &image)?),
        _ => None,
    };
    let contents = image
        .is_unpacked()
        .then(|| Contents { efficiency: efficiency(&image.layers), duplicates: duplicates(&image.layers) });
    let report = Report { contents, image, listed, comparison, against };
    if arguments.output.format.is_json() {
        print_json(output, &json::document(&report, arguments.files))?;
    } else {
        print_text(output, &text::text(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn failure(error: ImageError) -> Failure {
    if error.is_outside() { Failure::Outside(error.to_string()) } else { Failure::Use(error.to_string()) }
}

/// The workspace's estimate for the image's own platform and compression.
fn estimate(workspace: &Path, app: &str, arguments: &ImageArguments, image: &BuiltImage) -> Result<Against, Failure> {
    let platform: Platform = image
        .platform
        .to_string()
        .parse()
        .map_err(|error: PlatformError| Failure::Use(format!("unsupported image platform: {error}")))?;
    let compression = Some(compression(image));
    let choices = Choices { platform, compression, sites: arguments.site.clone(), ..Choices::default() };
    let workspace =
        open_workspace(&WorkspaceArgument { workspace: Some(workspace.to_owned()), ..WorkspaceArgument::default() })?;
    let app = find_app(&workspace, app).map_err(Failure::Use)?;
    // With local files of packages, as in `plan`.
    let fetch = arguments.fetching.fetch_sizes.as_deref();
    let model = sized_model(&workspace, &History::default(), &app, &choices, fetch)?;
    let model = model.map_err(|error| Failure::Use(error.to_string()))?;
    let mut against = against(&model, &model.on_disk, &choices, image);
    against.notes.extend(model.unsized_packages.note());
    Ok(against)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::built_image::fixture::{Layout, tar_of, write_folder};
    use crate::commands::arguments::{FetchArgument, Format, OutputArgument};
    use crate::layers::compression::Compression;
    use serde_json::{Value, json};

    fn arguments(path: &Path, format: Format) -> ImageArguments {
        ImageArguments {
            image: path.to_owned(),
            platform: None,
            name: None,
            compare: None,
            against: None,
            site: Vec::new(),
            fetching: FetchArgument::default(),
            app: None,
            files: false,
            plain_http: false,
            output: OutputArgument { format },
        }
    }

    fn write_image(folder: &Path, main: &[u8]) {
        let mut layout = Layout::new();
        let manifest = layout.image(
            "amd64",
            &[
                (tar_of(&[("a.py", b"import b"), ("c.py", b"import b")]), Compression::Gzip, "ADD \\u001b[2J base"),
                (tar_of(&[("a.py", main), (".wh.none", b"")]), Compression::None, "bazel build //app:i_app_layer"),
            ],
        );
        write_folder(folder, &layout.files(&[manifest + "}"]));
    }

    fn output(arguments: &ImageArguments) -> String {
        let mut bytes = Vec::new();
        run(arguments, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_document_says_what_is_in_the_image() {
        let folder = tempfile::tempdir().unwrap();
        write_image(folder.path(), b"print");
        let plain: Value = serde_json::from_str(&output(&arguments(folder.path(), Format::Json))).unwrap();
        assert_eq!(plain["schema"], "layerwright.image/1");
        assert_eq!(plain["layers"][1]["label"], "//app:i_app_layer");
        assert_eq!(plain["layers"][0]["compression"], "gzip");
        assert_eq!((&plain["layers"][0]["files"], &plain["layers"][0]["file_bytes"]), (&json!(2), &json!(16)));
        assert_eq!(plain["duplicates"]["by_path"]["reclaimable_bytes"], 8);
        assert_eq!(plain["layers"][0].get("entries"), None);
        let whole = ImageArguments { files: true, ..arguments(folder.path(), Format::Json) };
        let whole: Value = serde_json::from_str(&output(&whole)).unwrap();
        assert_eq!(
            whole["layers"][1]["entries"][1],
            json!({"path": "none", "kind": "whiteout", "bytes": 0, "sha256": null})
        );
    }

    #[test]
    fn the_text_lets_no_control_characters_through() {
        let folder = tempfile::tempdir().unwrap();
        write_image(folder.path(), b"print");
        let text = output(&arguments(folder.path(), Format::Text));
        assert!(!text.contains('\u{1b}'), "{text}");
        assert!(text.contains("ADD \\u{1b}[2J base"), "{text}");
        let app = text.find("//app:i_app_layer").unwrap();
        assert!(app < text.find("ADD ").unwrap(), "the topmost layer comes first");
    }

    #[test]
    fn another_image_is_compared() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("1"), folder.path().join("2"));
        write_image(&first, b"print");
        write_image(&second, b"print more");
        let compared = ImageArguments { compare: Some(second), ..arguments(&first, Format::Json) };
        let document: Value = serde_json::from_str(&output(&compared)).unwrap();
        let comparison = &document["comparison"];
        assert_eq!(comparison["lowest_changed"], 1);
        assert_eq!(comparison["layers"][0]["shared"], true);
        assert_eq!(comparison["fetched_bytes"], comparison["layers"][1]["bytes"]);
    }

    #[test]
    fn wrong_use_and_failures_outside_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let run = |path: &Path| run(&arguments(path, Format::Text), &mut Vec::new()).unwrap_err();
        assert!(matches!(run(folder.path()), Failure::Use(_)));
        assert!(matches!(run(&folder.path().join("none")), Failure::Outside(_)));
    }
}
