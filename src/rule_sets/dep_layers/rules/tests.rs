use std::collections::BTreeMap;

use super::*;

/// A workspace in memory.
struct Files(BTreeMap<String, String>);

impl SourceTree for Files {
    fn entry(&self, path: &str) -> Entry {
        let file = |text: &String| Entry::File { bytes: text.clone().into_bytes(), real_path: path.to_owned() };
        self.0.get(path).map_or(Entry::Missing, file)
    }

    fn bzl_files(&self) -> Vec<String> {
        self.0.keys().filter(|path| path.ends_with(".bzl")).cloned().collect()
    }

    fn known_names(&self, _package: &str) -> BTreeMap<String, String> {
        BTreeMap::new()
    }
}

const MODULE: &str = "module(name = \"w\")\nbazel_dep(name = \"rules_python\", version = \"1.0.0\")\n";
const LOADS: &str = "load(\"@rules_oci//oci:defs.bzl\", \"oci_image\")\nload(\"@rules_pkg//:pkg.bzl\", \"pkg_tar\")\n";

fn files(texts: &[(&str, &str)]) -> Files {
    let all = [("MODULE.bazel", MODULE)].iter().chain(texts);
    Files(all.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
}

fn installation(symbol: &str) -> Installation {
    let place = MacroPlace { file: Label::main("tools", "image.bzl"), symbol: symbol.to_owned() };
    Installation {
        folder: DEFAULT_FOLDER.to_owned(),
        macros: vec![place],
        with_image_macros: false,
        drop_comments: false,
    }
}

fn install_image(body: &str) -> Result<String, Refusal> {
    let tree = files(&[("tools/image.bzl", &format!("{LOADS}\n{body}"))]);
    let change = install(&tree, &installation("image"))?.change;
    let file = change.files.into_iter().find(|file| file.path.ends_with("image.bzl")).unwrap();
    Ok(String::from_utf8(file.after).unwrap())
}

#[test]
fn blocks_that_fill_a_list_give_way_to_one_call() {
    let after = install_image(
        r#"def image(name, binary, dep_layers = None, **kwargs):
    """Makes an image."""
    tars = []

    if dep_layers:
        for i, layer in enumerate(dep_layers):
            tar = name + "_deplayer_" + str(i) + "_" + layer["name"]
            pkg_tar(
                name = tar,
                deps = layer["targets"],
                include_runfiles = True,
                package_dir = "/app",
            )
            tars.append(":" + tar)

    pkg_tar(
        name = name + "_app_layer",
        srcs = [binary],
        include_runfiles = True,
        package_dir = "/app",
        tags = ["manual"],
    )
    tars.append(":" + name + "_app_layer")

    all_tars = ["//tools/cacerts"] + tars
    oci_image(
        name = name,
        tars = all_tars,
        **kwargs
    )
"#,
    )
    .unwrap();
    assert_eq!(
        after,
        r#"load("@rules_oci//oci:defs.bzl", "oci_image")
load("//tools/layerwright:image_layers.bzl", "image_layers")

def image(name, binary, dep_layers = None, **kwargs):
    """Makes an image."""

    tars = image_layers(
        name = name,
        binary = binary,
        dep_layers = dep_layers,
    )

    all_tars = ["//tools/cacerts"] + tars
    oci_image(
        name = name,
        tars = all_tars,
        **kwargs
    )
"#
    );
}

#[test]
fn a_written_list_takes_the_layers_in_place_of_the_tar() {
    let after = install_image(
        r#"def image(name, binary, **kwargs):
    pkg_tar(name = "{}_tar".format(name), srcs = [binary], include_runfiles = True, package_dir = "app")
    pkg_tar(name = name + "_config", srcs = ["config.yaml"], package_dir = "/etc")
    oci_image(name = name, tars = ["//tools/cacerts", ":{}_tar".format(name), ":" + name + "_config"], **kwargs)
"#,
    )
    .unwrap();
    assert_eq!(
        after,
        r#"load("@rules_oci//oci:defs.bzl", "oci_image")
load("@rules_pkg//:pkg.bzl", "pkg_tar")
load("//tools/layerwright:image_layers.bzl", "image_layers")

def image(name, binary, dep_layers = None, **kwargs):
    layer_tars = image_layers(
        name = name,
        binary = binary,
        dep_layers = dep_layers,
    )
    pkg_tar(name = name + "_config", srcs = ["config.yaml"], package_dir = "/etc")
    oci_image(name = name, tars = ["//tools/cacerts"] + layer_tars + [":" + name + "_config"], **kwargs)
"#
    );
}

#[test]
fn a_list_that_holds_more_is_kept() {
    let after = install_image(
        r#"def image(name, binary):
    tars = ["//base:users"]
    tars.append("//base:certs")
    pkg_tar(name = name + "_app", srcs = [binary], include_runfiles = True, package_dir = "/app")
    tars += [name + "_app"]
    oci_image(name = name, tars = tars)
"#,
    )
    .unwrap();
    let call = r#"    tars.append("//base:certs")
    tars.extend(
        image_layers(
            name = name,
            binary = binary,
            dep_layers = dep_layers,
        ),
    )
    oci_image("#;
    assert!(after.contains(call), "{after}");
}

#[test]
fn the_way_to_the_image_gets_the_parameter() {
    let image = "def image(name, binary, dep_layers = None, **kwargs):\n    pkg_tar(name = name + \"_app_layer\", srcs = [binary], include_runfiles = True, package_dir = \"/app\")\n    oci_image(name = name, tars = [name + \"_app_layer\"], **kwargs)\n";
    let tree = files(&[
        ("tools/inner.bzl", &format!("{LOADS}\n{image}")),
        (
            "tools/image.bzl",
            "load(\":inner.bzl\", inner_image = \"image\")\n\ndef service(\n        name,\n        port = 0,\n        **kwargs):\n    _images(\n        name = name,\n        port = port,\n    )\n\ndef _images(name, port):\n    if port:\n        inner_image(name = name + \"_image\", binary = name)\n",
        ),
    ]);
    let change = install(&tree, &installation("service")).unwrap();
    assert_eq!(change.ways, [["service", "_images", "image"]]);
    let file = change.change.files.iter().find(|file| file.path.ends_with("tools/image.bzl")).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&file.after),
        "load(\":inner.bzl\", inner_image = \"image\")\n\ndef service(\n        name,\n        port = 0,\n        dep_layers = None,\n        **kwargs):\n    _images(\n        name = name,\n        port = port,\n        dep_layers = dep_layers,\n    )\n\ndef _images(name, port, dep_layers = None):\n    if port:\n        inner_image(name = name + \"_image\", binary = name, dep_layers = dep_layers)\n"
    );
}

#[test]
fn comments_of_replaced_lines_go_only_with_consent() {
    let body = "def image(name, binary):\n    # Everything in one layer.\n    pkg_tar(\n        name = name + \"_app\",\n        srcs = [binary],  # the program\n        include_runfiles = True,\n        package_dir = \"/app\",\n    )\n    oci_image(name = name, tars = [name + \"_app\"])\n";
    let tree = files(&[("tools/image.bzl", &format!("{LOADS}\n{body}"))]);
    let refusal = install(&tree, &installation("image")).unwrap_err();
    assert_eq!((refusal.code, refusal.line), (RefusalCode::WouldDropComments, Some(5)));
    for comment in ["line 5: `# Everything in one layer.`", "line 8: `# the program`"] {
        assert!(refusal.message.contains(comment), "{}", refusal.message);
    }
    assert!(install(&tree, &Installation { drop_comments: true, ..installation("image") }).is_ok());
}

#[test]
fn what_can_not_be_patched_is_refused_with_its_line() {
    let tar = "    pkg_tar(name = name + \"_app\", srcs = [binary], include_runfiles = True, package_dir = \"/app\")\n";
    let image = "    oci_image(name = name, tars = [name + \"_app\"])\n";
    let check = |body: &str, line: usize, part: &str| {
        let refusal = install_image(&format!("def image(name, binary, files = []):\n{body}")).unwrap_err();
        let found = (refusal.code, refusal.line, refusal.path.as_str());
        assert_eq!(found, (RefusalCode::UnknownShape, Some(line), "tools/image.bzl"), "{}", refusal.message);
        assert!(refusal.message.contains(part), "{}", refusal.message);
    };
    check(&format!("    pkg_tar(name = name, srcs = files)\n{image}"), 4, "no `pkg_tar` has one program");
    check(&format!("{tar}{tar}{image}"), 6, "a second `pkg_tar`");
    check(&format!("{tar}{image}{image}"), 7, "a second image");
    check(&format!("    if files:\n    {tar}{image}"), 6, "inside of a block");
    check(&format!("{tar}    if files:\n    {image}"), 7, "the image is made inside of a block");
    check(&format!("{}{image}", tar.replace("/app\"", "/opt\"")), 5, "`package_dir`");
    check(&format!("{}{image}", tar.replace("name + \"_app\"", "files[0]")), 5, "fixed text");
    check(&format!("{}{image}", tar.replace("srcs", "owner = \"1.1\", srcs")), 5, "`owner`");
    check(&format!("{}{image}", tar.replace("srcs", "extension = \"zip\", srcs")), 5, "`extension`");
    check(&format!("{tar}    oci_image(name = name, tars = files)\n"), 5, "no list of tars");
    let block = "    tars = []\n    for layer in dep_layers:\n        print(layer)\n        pkg_tar(name = name, deps = layer)\n";
    check(
        &format!("{block}{tar}    tars.append(name + \"_app\")\n    oci_image(name = name, tars = tars)\n"),
        7,
        "something else",
    );
    let block = "    tars = []\n    for layer in dep_layers:\n        pkg_tar(name = name, deps = layer)\n";
    check(
        &format!(
            "{block}{tar}    tars.append(name + \"_app\")\n    oci_image(name = name, tars = tars, env = layer)\n"
        ),
        10,
        "needs `layer`",
    );
}

#[test]
fn another_macro_or_a_file_in_the_way_is_refused() {
    let tree = files(&[("tools/image.bzl", "def image(name):\n    native.filegroup(name = name)\n")]);
    assert!(install(&tree, &installation("image")).unwrap_err().message.contains("uses `oci_image`"));
    assert_eq!(install(&tree, &installation("other")).unwrap_err().code, RefusalCode::UnknownShape);
    let nothing = Installation { macros: Vec::new(), ..installation("image") };
    for (path, code) in [("py_layers.bzl", RefusalCode::NameTaken), ("BUILD", RefusalCode::NameTaken)] {
        let tree = files(&[(&format!("{DEFAULT_FOLDER}/{path}"), "x")]);
        assert_eq!(install(&tree, &nothing).unwrap_err().code, code, "{path}");
    }
    for folder in ["", "../x", "a//b", "/x", "a/./b", "."] {
        let refusal = install(&tree, &Installation { folder: folder.to_owned(), ..nothing.clone() }).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::OutsideWorkspace, "{folder}");
    }
}

#[test]
fn a_second_installation_changes_nothing() {
    let body = "def image(name, binary):\n    pkg_tar(name = name + \"_app\", srcs = [binary], include_runfiles = True, package_dir = \"/app\")\n    oci_image(name = name, tars = [name + \"_app\"])\n";
    let mut tree = files(&[("tools/image.bzl", &format!("{LOADS}\n{body}"))]);
    let first = install(&tree, &installation("image")).unwrap().change;
    assert_eq!(first.files.iter().filter(|file| file.before.is_none()).count(), 4);
    for file in first.files {
        tree.0.insert(file.path.to_string_lossy().into_owned(), String::from_utf8(file.after).unwrap());
    }
    let none = Installation { macros: Vec::new(), ..installation("image") };
    assert!(install(&tree, &none).unwrap().change.is_empty());
}

#[test]
fn rules_of_an_older_version_are_upgraded_and_edits_of_them_are_not_lost() {
    let image = format!("{LOADS}\ndef image(name):\n    pass\n");
    let installation = Installation { macros: Vec::new(), ..installation("image") };
    let place = |name: &str| join(DEFAULT_FOLDER, name);
    let mut tree = files(&[("tools/image.bzl", &image)]);
    assert_eq!(installed(&tree, DEFAULT_FOLDER), None);
    for file in install(&tree, &installation).unwrap().change.files {
        tree.0.insert(file.path.to_string_lossy().into_owned(), String::from_utf8(file.after).unwrap());
    }
    let version = env!("CARGO_PKG_VERSION").to_owned();
    assert_eq!(installed(&tree, DEFAULT_FOLDER), Some(Installed { version, has_image_macros: false }));
    assert!(install(&tree, &installation).unwrap().change.is_empty());

    // As an older version left it: other text, and the digest of that text.
    let new = tree.0.get(&place("layer_tar.py")).unwrap().clone();
    let old = mark::marked("print('old')\n").replace(env!("CARGO_PKG_VERSION"), "0.0.9");
    tree.0.insert(place("layer_tar.py"), old.clone());
    let change = install(&tree, &installation).unwrap().change;
    let [file] = change.files.as_slice() else { panic!("{change:?}") };
    assert_eq!(file.before.as_deref(), Some(old.as_bytes()));
    assert_eq!(file.after, new.into_bytes());

    tree.0.insert(place("layer_tar.py"), format!("{old}print('mine')\n"));
    let refusal = install(&tree, &installation).unwrap_err();
    assert_eq!((refusal.code, refusal.path.as_str()), (RefusalCode::NameTaken, place("layer_tar.py").as_str()));
    assert!(refusal.message.contains("edited"), "{}", refusal.message);
}
