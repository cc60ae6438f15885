//! Runs the commands that the documentation shows, on copies of the demo, so that they can't rot.
//!
//! Each block of shell in the documentation says in a comment above it what becomes of it: `run here` lines are run one
//! by one, from the root of the demo; `run` and `test` (long ones that `.ci/run` and the reader run), `run by ...` and
//! `not run: reason` are left alone. A block without such a comment fails. A comment `the file NAME` above any block writes it to that file first. The examples of `--help` are run too.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod demo_repository;

use std::path::{Path, PathBuf};

use demo_repository::Repository;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A fenced block with the comment above it.
#[derive(Debug)]
struct Block {
    place: String,
    comment: String,
    language: String,
    body: String,
}

fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let in_folder = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut documents: Vec<PathBuf> =
        in_folder.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    documents.extend(["README.md", "CONTRIBUTING.md"].map(|name| root.join(name)));
    documents.sort();
    documents
}

fn blocks(path: &Path) -> Vec<Block> {
    let content = std::fs::read_to_string(path).unwrap();
    let mut blocks = Vec::new();
    let (mut above, mut open): (&str, Option<Block>) = ("", None);
    for (number, line) in content.lines().map(str::trim_start).enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(language), None) => {
                let comment = above.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")).unwrap_or_default();
                open = Some(Block {
                    place: format!("{}:{}", path.file_name().unwrap().to_string_lossy(), number + 1),
                    comment: comment.trim().to_owned(),
                    language: language.to_owned(),
                    body: String::new(),
                });
            }
            (None, Some(block)) => block.body.push_str(&format!("{line}\n")),
            (None, None) => above = line,
        }
        if line.starts_with("```") {
            above = "";
        }
    }
    blocks
}

/// The commands of a block: a line each, comments left out, what a backslash continues put together.
fn commands(body: &str) -> Vec<String> {
    let whole = body.replace("\\\n", " ");
    whole.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

/// The files that the documentation takes for granted.
fn prepare(demo: &Repository) {
    let plan = "[[layer]]\nname = \"pip_deps\"\ntargets = [\"@pypi//:fastapi\", \"@pypi//:uvicorn\"]\n";
    std::fs::write(demo.root().join("plan.toml"), plan).unwrap();
    let request = r#"{"package": "demo/price_api", "edits": [{"op": "add_py_library", "name": "pip_deps_layer", "deps": ["@pypi//:fastapi"]}]}"#;
    std::fs::write(demo.root().join("request.json"), request).unwrap();
    image(&demo.beside("image"));
}

/// An OCI layout with one layer.
fn image(folder: &Path) {
    use sha2::{Digest as _, Sha256};
    let blobs = folder.join("blobs/sha256");
    std::fs::create_dir_all(&blobs).unwrap();
    let add = |bytes: &[u8]| {
        let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        std::fs::write(blobs.join(&digest), bytes).unwrap();
        (format!("sha256:{digest}"), bytes.len())
    };
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(5);
    header.set_cksum();
    tar.append_data(&mut header, "app/main.py", &b"pass\n"[..]).unwrap();
    let (layer, layer_size) = add(&tar.into_inner().unwrap());
    let config = format!(
        r#"{{"architecture":"amd64","os":"linux","rootfs":{{"type":"layers","diff_ids":["{layer}"]}},"config":{{}}}}"#
    );
    let (config, config_size) = add(config.as_bytes());
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{config}","size":{config_size}}},"layers":[{{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{layer}","size":{layer_size}}}]}}"#
    );
    let (manifest, size) = add(manifest.as_bytes());
    let index = format!(
        r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{manifest}","size":{size}}}]}}"#
    );
    std::fs::write(folder.join("index.json"), index).unwrap();
    std::fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
}

/// Runs one command; `check` may find something.
fn run(demo: &Repository, place: &str, command: &str) {
    let output = demo.shell(command);
    let code = output.status.code();
    let is_fine = code == Some(0) || (command.starts_with("layerwright check") && code == Some(1));
    assert!(is_fine, "{place}: `{command}` ended with {code:?}: {}", text(&output.stderr));
}

#[test]
fn the_commands_of_the_documentation_run() {
    let mut count = 0;
    for document in documents() {
        let demo = Repository::new();
        prepare(&demo);
        for block in blocks(&document) {
            if let Some(name) = block.comment.strip_prefix("the file ") {
                let path = demo.root().join(name);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, &block.body).unwrap();
            }
            if block.language != "sh" {
                continue;
            }
            let is_left = matches!(block.comment.as_str(), "run" | "test")
                || ["run by ", "not run: "].iter().any(|start| block.comment.starts_with(start));
            assert!(is_left || block.comment == "run here", "{}: nothing says what becomes of this block", block.place);
            for command in commands(&block.body).iter().filter(|_| !is_left) {
                count += 1;
                run(&demo, &block.place, command);
            }
        }
    }
    assert!(count > 8, "the test must see the commands: {count}");
}

#[test]
fn the_examples_of_the_help_run() {
    let demo = Repository::new();
    prepare(&demo);
    let help = text(&demo.run(&["--help"]).stdout);
    let names = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> =
        names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect();
    assert!(names.len() > 6, "{names:?}");
    for name in names {
        let help = text(&demo.run(&["help", name]).stdout);
        let examples: Vec<&str> = help
            .lines()
            .skip_while(|line| *line != "Examples:")
            .skip(1)
            .take_while(|line| line.starts_with("  "))
            .map(str::trim)
            .collect();
        assert!(!examples.is_empty(), "`{name}` has no examples");
        for example in examples {
            if name == "measure" {
                // It needs a Bazel; without one the example is understood, and nothing more.
                let output = demo.shell(&format!("LAYERWRIGHT_BAZEL=/no/bazel {example}"));
                assert!(text(&output.stderr).contains("names no program"), "{example}: {}", text(&output.stderr));
                continue;
            }
            run(&demo, name, example);
        }
    }
}

#[test]
fn pictures_and_pages_that_are_linked_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for document in documents() {
        let content = std::fs::read_to_string(&document).unwrap();
        for target in content.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            let path = document.parent().unwrap_or(root).join(file);
            assert!(path.exists(), "{}: {target}", document.display());
        }
    }
}

#[test]
fn blocks_are_read_with_the_comment_above_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.md");
    std::fs::write(&path, "<!-- run here -->\n```sh\na \\\n  b # c\n# d\n```\n```sh\nx\n```\n").unwrap();
    let found = blocks(&path);
    assert_eq!(found.iter().map(|block| block.comment.as_str()).collect::<Vec<_>>(), ["run here", ""]);
    assert_eq!(commands(&found[0].body), ["a  b # c"]);
}
