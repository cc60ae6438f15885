//! Whole images in temporary folders: what is read, and what is refused.

use std::cell::Cell;
use std::io::{self, Read};
use std::path::Path;

use crate::built_image::error::ImageError;
use crate::built_image::fixture::{Layout, archive, compressed, hash, tar_of, write_folder};
use crate::built_image::layer::{Budget, ExpectedLayer, ScannedLayer, scan_layer};
use crate::built_image::limits::Limits;
use crate::built_image::model::{EntryKind, Storage};
use crate::built_image::read::{ImageChoice, ReadImage, read_image};
use crate::byte_count::ByteCount;
use crate::jobs::{Until, Unwatched};
use crate::layers::compression::Compression;

fn read(path: &Path, choice: &ImageChoice) -> Result<ReadImage, ImageError> {
    read_image(path, choice, &Limits::default(), &Unwatched)
}

fn three_layers() -> [(Vec<u8>, Compression, &'static str); 3] {
    let long = format!("app/{}/x.py", "long_".repeat(40));
    [
        (tar_of(&[("etc/passwd", b"root"), ("etc/os", b"linux")]), Compression::None, "ADD base"),
        (
            tar_of(&[(&long, b"import x"), ("app/lib.py", b"pass")]),
            Compression::Gzip,
            "bazel build //app:i_deplayer_0_pip",
        ),
        (
            tar_of(&[("app/main.py", b"print"), ("etc/.wh.os", b"")]),
            Compression::Zstd,
            "bazel build @@//app:i_app_layer",
        ),
    ]
}

fn check_three_layers(read: &ReadImage) {
    let image = &read.image;
    let print = |layer: &crate::built_image::model::BuiltLayer| {
        let paths: Vec<String> = layer.entries().iter().map(|entry| entry.path.chars().take(12).collect()).collect();
        let label = layer.label.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{:?} {} {label}", layer.compression, paths.join(" "))
    };
    assert_eq!(
        image.layers.iter().map(print).collect::<Vec<_>>(),
        [
            "None etc/passwd etc/os ",
            "Gzip app/long_lon app/lib.py //app:i_deplayer_0_pip",
            "Zstd app/main.py etc/os //app:i_app_layer"
        ]
    );
    for (layer, (tar, compression, _)) in image.layers.iter().zip(three_layers()) {
        assert_eq!(layer.tar_bytes(), Some(ByteCount(tar.len() as u64)));
        assert_eq!(layer.diff_id, hash(&tar));
        assert_eq!(layer.digest, hash(&compressed(&tar, compression)));
    }
    assert_eq!(image.layers[0].entries()[0].kind, EntryKind::File { content: Some(hash(b"root")) });
    assert_eq!(image.layers[2].entries()[1].kind, EntryKind::Whiteout);
}

#[test]
fn a_layout_is_read_from_a_folder_and_from_a_tar() {
    let mut layout = Layout::new();
    let manifest = layout.image("amd64", &three_layers()) + "}";
    let files = layout.files(&[manifest]);
    let folder = tempfile::tempdir().unwrap();
    write_folder(folder.path(), &files);
    let from_folder = read(folder.path(), &ImageChoice::default()).unwrap();
    check_three_layers(&from_folder);
    assert_eq!(from_folder.image.storage, Storage::OciLayout);
    let stored: Vec<Option<ByteCount>> = from_folder.image.layers.iter().map(|layer| layer.compressed_bytes).collect();
    assert_eq!(stored[0], Some(ByteCount(three_layers()[0].0.len() as u64)), "pushed as it is: a bare tar");

    let tar = folder.path().join("image.tar");
    std::fs::write(&tar, archive(&files)).unwrap();
    let from_tar = read(&tar, &ImageChoice::default()).unwrap();
    assert_eq!(from_tar.image.storage, Storage::OciArchive);
    assert_eq!(from_tar.image.layers, from_folder.image.layers);
}

#[test]
fn the_platform_is_found_through_a_nested_index() {
    let mut layout = Layout::new();
    let platform = |of: &str| format!(r#", "platform": {{"os": "linux", "architecture": "{of}"}}}}"#);
    let one = [(tar_of(&[("a", b"1")]), Compression::Gzip, "x")];
    let other = [(tar_of(&[("b", b"22")]), Compression::Gzip, "x")];
    let amd64 = layout.image("amd64", &one) + &platform("amd64");
    let arm64 = layout.image("arm64", &other) + &platform("arm64");
    let nested = layout.add("application/vnd.oci.image.index.v1+json", Layout::index(&[amd64, arm64]));
    let named = format!(r#"{nested}, "annotations": {{"org.opencontainers.image.ref.name": "v1"}}}}"#);
    let folder = tempfile::tempdir().unwrap();
    write_folder(folder.path(), &layout.files(&[named]));
    let found = read(folder.path(), &ImageChoice::default()).unwrap();
    assert_eq!(found.image.platform.to_string(), "linux/amd64");
    assert_eq!((found.image.name.as_deref(), found.listed.len()), (Some("v1"), 2));
    let arm = ImageChoice { platform: "linux/arm64".parse().ok(), name: None };
    assert_eq!(&*read(folder.path(), &arm).unwrap().image.layers[0].entries()[0].path, "b");
    let none = ImageChoice { platform: "linux/s390x".parse().ok(), name: None };
    assert!(matches!(read(folder.path(), &none), Err(ImageError::NoSuchImage { .. })));
}

#[test]
fn the_tars_of_docker_save_are_read_in_both_styles() {
    let layers = three_layers();
    let diff_ids: Vec<String> = layers.iter().map(|(tar, _, _)| format!(r#""{}""#, hash(tar))).collect();
    let configuration = format!(
        r#"{{"os": "linux", "architecture": "amd64", "rootfs": {{"diff_ids": [{}]}}, "history": [
            {{"created_by": "ADD base"}}, {{"created_by": "bazel build //app:i_deplayer_0_pip"}},
            {{"created_by": "bazel build @@//app:i_app_layer"}}]}}"#,
        diff_ids.join(",")
    );
    let configuration_name = format!("{}.json", hash(configuration.as_bytes()).hex());
    let manifest = format!(
        r#"[{{"Config": "{configuration_name}", "RepoTags": ["app:v1", "app:new"], "Layers": ["0/layer.tar", "1/layer.tar", "2/layer.tar"]}}]"#
    );
    // The first layer is a link to a file of another name, as older releases and skopeo write it.
    let mut builder = tar::Builder::new(Vec::new());
    let mut add = |name: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, bytes).unwrap();
    };
    add("base.tar", &layers[0].0);
    add("1/layer.tar", &layers[1].0);
    add("2/layer.tar", &layers[2].0);
    add(&configuration_name, configuration.as_bytes());
    add("manifest.json", manifest.as_bytes());
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    builder.append_link(&mut header, "0/layer.tar", "../base.tar").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("saved.tar");
    std::fs::write(&path, builder.into_inner().unwrap()).unwrap();

    let saved = read(&path, &ImageChoice::default()).unwrap();
    assert_eq!(saved.image.storage, Storage::DockerArchive);
    assert_eq!(saved.listed.len(), 2, "one image under two names");
    assert_eq!(saved.image.name.as_deref(), Some("app:v1"));
    assert!(saved.image.layers.iter().all(|layer| layer.compressed_bytes.is_none()), "a registry has other bytes");
    assert_eq!(saved.image.notes.len(), 1);

    // The newer style: an OCI layout with a manifest.json beside it, layers bare.
    let mut layout = Layout::new();
    let bare: Vec<_> = layers.iter().map(|(tar, _, made_by)| (tar.clone(), Compression::None, *made_by)).collect();
    let descriptor = layout.image("amd64", &bare) + "}";
    let mut files = layout.files(&[descriptor]);
    files.push(("manifest.json".to_owned(), b"[]".to_vec()));
    std::fs::write(&path, archive(&files)).unwrap();
    let newer = read(&path, &ImageChoice::default()).unwrap();
    assert_eq!(newer.image.storage, Storage::OciArchive);
    let entries = |read: &ReadImage| read.image.layers.iter().map(|layer| layer.unpacked.clone()).collect::<Vec<_>>();
    let labels = |read: &ReadImage| read.image.layers.iter().map(|layer| layer.label.clone()).collect::<Vec<_>>();
    assert_eq!((entries(&newer), labels(&newer)), (entries(&saved), labels(&saved)));
    assert!(newer.image.layers.iter().all(|layer| layer.compressed_bytes.is_none()));
}

#[test]
fn what_is_no_image_is_told_apart_from_what_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let check = |bytes: &[u8], expected: &str| {
        std::fs::write(&path, bytes).unwrap();
        let error = read(&path, &ImageChoice::default()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!error.is_outside());
    };
    check(b"", "no image is here");
    check(&b"not a tar at all, but long enough to have a header\n".repeat(40), "no image is here");
    check(&tar_of(&[("a", b"b")]), "no image is here");
    check(&compressed(&tar_of(&[("index.json", b"{}")]), Compression::Gzip), "gzip -d");
    check(&tar_of(&[("index.json", b"{}")]), "an index of the image can't be understood");
    check(&tar_of(&[("manifest.json", b"{}")]), "manifest.json can't be understood");
    assert!(read(folder.path(), &ImageChoice::default()).unwrap_err().to_string().contains("no image is here"));
    assert!(
        read(Path::new("/dev/null"), &ImageChoice::default()).unwrap_err().to_string().contains("no image is here")
    );
    assert!(read(&folder.path().join("none"), &ImageChoice::default()).unwrap_err().is_outside());
}

/// Damages one blob of a layout and reads it.
fn damaged(change: impl Fn(&str, &mut Vec<u8>)) -> ImageError {
    let mut layout = Layout::new();
    let manifest = layout.image("amd64", &three_layers()) + "}";
    let mut files = layout.files(&[manifest]);
    for (name, bytes) in &mut files {
        change(name, bytes);
    }
    files.retain(|(_, bytes)| !bytes.is_empty());
    let folder = tempfile::tempdir().unwrap();
    write_folder(folder.path(), &files);
    read(folder.path(), &ImageChoice::default()).unwrap_err()
}

#[test]
fn damaged_and_missing_blobs_are_refused() {
    let is_gzip = |bytes: &[u8]| bytes.starts_with(&[0x1f, 0x8b]);
    let last_of = |bytes: &mut Vec<u8>| bytes.len() - 1;
    let cut = damaged(|_, bytes| {
        if is_gzip(bytes) {
            bytes.truncate(bytes.len() - 9)
        }
    });
    assert!(matches!(cut, ImageError::WrongSize { .. }), "{cut}");
    let grown = damaged(|_, bytes| {
        if is_gzip(bytes) {
            bytes.push(0)
        }
    });
    assert!(matches!(grown, ImageError::WrongSize { .. }), "{grown}");
    // The last byte of a bare tar is padding: only the digest can tell.
    let changed = damaged(|_, bytes| {
        if bytes.starts_with(b"etc/passwd") {
            *bytes.last_mut().unwrap() = 1
        }
    });
    assert!(matches!(changed, ImageError::WrongDigest { .. }), "{changed}");
    let manifest = damaged(|_, bytes| {
        if bytes.starts_with(br#"{"schemaVersion": 2, "config"#) {
            let at = last_of(bytes);
            bytes[at] = b' '
        }
    });
    assert!(matches!(manifest, ImageError::WrongDigest { .. }), "{manifest}");
    let missing = damaged(|_, bytes| {
        if is_gzip(bytes) {
            bytes.clear()
        }
    });
    assert!(matches!(missing, ImageError::Missing(_)), "{missing}");
    let large = damaged(|name, bytes| {
        if name == "index.json" {
            bytes.resize(9 << 20, b' ')
        }
    });
    assert!(matches!(large, ImageError::TooLarge { .. }), "{large}");
}

#[test]
fn layers_that_are_no_tars_of_files_are_refused() {
    let mut layout = Layout::new();
    let layer = layout.add("application/vnd.in-toto+json", b"{}".to_vec());
    let diff_ids = format!(r#"{{"rootfs": {{"diff_ids": ["{}"]}}}}"#, hash(b"{}"));
    let configuration = layout.add("application/vnd.oci.image.config.v1+json", diff_ids.into_bytes());
    let manifest = format!(r#"{{"schemaVersion": 2, "config": {configuration}}}, "layers": [{layer}}}]}}"#);
    let manifest = layout.add("application/vnd.oci.image.manifest.v1+json", manifest.into_bytes()) + "}";
    let folder = tempfile::tempdir().unwrap();
    write_folder(folder.path(), &layout.files(&[manifest]));
    let error = read(folder.path(), &ImageChoice::default()).unwrap_err();
    assert!(matches!(error, ImageError::NotALayer { .. }), "{error}");
}

#[cfg(unix)]
#[test]
fn a_blob_that_is_no_file_is_not_opened() {
    let mut layout = Layout::new();
    let manifest = layout.image("amd64", &three_layers()) + "}";
    let folder = tempfile::tempdir().unwrap();
    write_folder(folder.path(), &layout.files(&[manifest]));
    let gzip = layout.blobs.iter().find(|(_, bytes)| bytes.starts_with(&[0x1f, 0x8b])).unwrap();
    let path = folder.path().join(&gzip.0);
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    let error = read(folder.path(), &ImageChoice::default()).unwrap_err();
    assert!(error.to_string().contains("it is no file"), "{error}");
}

#[test]
fn reading_can_be_broken_off() {
    let mut layout = Layout::new();
    let manifest = layout.image("amd64", &three_layers()) + "}";
    let folder = tempfile::tempdir().unwrap();
    write_folder(folder.path(), &layout.files(&[manifest]));
    let calls = Cell::new(0);
    let stop = Until(|| {
        calls.set(calls.get() + 1);
        true
    });
    let result = read_image(folder.path(), &ImageChoice::default(), &Limits::default(), &stop);
    assert!(matches!(result, Err(ImageError::Cancelled)));
    assert_eq!(calls.get(), 1);
}

/// Reads one layer whose digests are right.
fn scan(stored: &[u8], tar: &[u8], limits: &Limits) -> Result<ScannedLayer, ImageError> {
    let expected = ExpectedLayer {
        what: "x".to_owned(),
        digest: Some(hash(stored)),
        bytes: stored.len() as u64,
        diff_id: hash(tar),
    };
    scan_layer(&mut { stored }, &expected, &mut Budget::new(limits), limits, &mut |_| true)
}

/// A reader that never ends.
struct Endless;

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        buffer.fill(0);
        Ok(buffer.len())
    }
}

#[test]
fn an_endless_stream_ends_where_its_descriptor_says() {
    let expected = ExpectedLayer { what: "x".to_owned(), digest: None, bytes: 1_000_000, diff_id: hash(b"") };
    let limits = Limits::default();
    let mut read = 0;
    let result = scan_layer(&mut Endless, &expected, &mut Budget::new(&limits), &limits, &mut |done| {
        read = done;
        true
    });
    assert!(matches!(result, Err(ImageError::WrongSize { expected: 1_000_000, .. })), "{result:?}");
    assert!(read <= 1_000_000);
    let expected = ExpectedLayer { bytes: u64::MAX, ..expected };
    let result = scan_layer(&mut Endless, &expected, &mut Budget::new(&limits), &limits, &mut |_| true);
    assert!(matches!(result, Err(ImageError::TooLarge { .. })), "{result:?}");
}

#[test]
fn bombs_are_refused_in_both_compressions() {
    // 8 MiB of zeros as one file: some thousand bytes of gzip.
    let tar = tar_of(&[("zeros", &vec![0; 8 << 20])]);
    let limits = Limits { free_tar_bytes: 1 << 20, ratio: 200, ..Limits::default() };
    for compression in [Compression::Gzip, Compression::Zstd] {
        let stored = compressed(&tar, compression);
        assert!(stored.len() * 200 < tar.len(), "{} bytes", stored.len());
        assert!(matches!(scan(&stored, &tar, &limits), Err(ImageError::Bomb { .. })));
        assert!(scan(&stored, &tar, &Limits::default()).is_ok(), "small in all, so harmless");
    }
    let few = Limits { tar_bytes: 1 << 20, ..Limits::default() };
    assert!(matches!(scan(&tar, &tar, &few), Err(ImageError::TooLarge { .. })));
}

#[test]
fn entries_and_paths_are_bounded_over_all_layers() {
    let tar = tar_of(&[("a", b""), ("b", b""), ("c", b"")]);
    let check = |limits: Limits, expected: &str| {
        let error = scan(&tar, &tar, &limits).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    check(Limits { entries: 2, ..Limits::default() }, "entries of all layers: more than 2");
    check(Limits { all_path_bytes: 2, ..Limits::default() }, "bytes of all paths: more than 2");
    let limits = Limits { entries: 5, ..Limits::default() };
    let expected = ExpectedLayer { what: "x".to_owned(), digest: None, bytes: tar.len() as u64, diff_id: hash(&tar) };
    let mut budget = Budget::new(&limits);
    let mut once = || scan_layer(&mut tar.as_slice(), &expected, &mut budget, &limits, &mut |_| true).map(drop);
    assert!(once().is_ok());
    assert!(matches!(once(), Err(ImageError::TooLarge { limit: 5, .. })));
}

#[test]
fn long_names_are_refused_by_their_claim() {
    let long = "x".repeat(5_000);
    let tar = tar_of(&[(&long, b"")]);
    assert!(matches!(scan(&tar, &tar, &Limits::default()), Err(ImageError::Tar { .. })));
    // A long-name entry that claims 8 GiB and brings nothing.
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_path("././@LongLink").unwrap();
    header.set_size(8 << 30);
    header.set_cksum();
    let tar = header.as_bytes().to_vec();
    let error = scan(&tar, &tar, &Limits::default()).unwrap_err();
    assert!(matches!(error, ImageError::Tar { reason: "a header is too long", .. }), "{error}");
}

#[test]
fn paths_that_lead_out_are_kept_as_text() {
    let mut builder = tar::Builder::new(Vec::new());
    for path in ["../../etc/passwd", "/etc/shadow", "a/../../b"] {
        let mut header = tar::Header::new_gnu();
        header.set_size(1);
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_cksum();
        builder.append(&header, &b"x"[..]).unwrap();
    }
    let tar = builder.into_inner().unwrap();
    let layer = scan(&tar, &tar, &Limits::default()).unwrap();
    let paths: Vec<&str> = layer.entries.iter().map(|entry| &*entry.path).collect();
    assert_eq!(paths, ["../../etc/passwd", "etc/shadow", "a/../../b"]);
}

#[test]
fn truncated_layers_are_refused_at_every_length() {
    let tar = tar_of(&[("app/a.py", b"import b"), ("app/b.py", &[b'x'; 700])]);
    for compression in [Compression::Gzip, Compression::Zstd] {
        let whole = compressed(&tar, compression);
        for length in 1..whole.len() {
            let part = &whole[..length];
            assert!(scan(part, &tar, &Limits::default()).is_err(), "{compression:?} cut at {length}");
        }
        assert!(scan(&whole, &tar, &Limits::default()).is_ok());
    }
    // A bare tar may end after any entry's content, padded or not, as unpackers have it, but not within one.
    let is_between = |length: usize| (520..=1_024).contains(&length) || length >= 2_236;
    for length in 1..2_500 {
        let part = &tar[..length];
        assert_eq!(scan(part, part, &Limits::default()).is_ok(), is_between(length), "cut at {length}");
    }
}

#[test]
fn two_readers_of_tars_agree() {
    let long = format!("{}name.py", "directory/".repeat(15));
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(5);
    builder.append_data(&mut header, &long, &b"12345"[..]).unwrap();
    builder
        .append_pax_extensions([("path", "päx/name"), ("size", "3")].map(|(key, value)| (key, value.as_bytes())))
        .unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_path("short").unwrap();
    header.set_size(3);
    header.set_cksum();
    builder.append(&header, &b"abc"[..]).unwrap();
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Directory);
    header.set_size(0);
    builder.append_data(&mut header, "dir/", io::empty()).unwrap();
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Link);
    header.set_size(0);
    builder.append_link(&mut header, "hard", "short").unwrap();
    let bytes = builder.into_inner().unwrap();
    let theirs: Vec<(String, u64)> = tar::Archive::new(bytes.as_slice())
        .entries()
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (String::from_utf8(entry.path_bytes().to_vec()).unwrap().trim_end_matches('/').to_owned(), entry.size())
        })
        .collect();
    let layer = scan(&bytes, &bytes, &Limits::default()).unwrap();
    let ours: Vec<(String, u64)> = layer.entries.iter().map(|entry| (entry.path.to_string(), entry.bytes.0)).collect();
    assert_eq!(ours, theirs);
    assert_eq!(layer.entries[1].kind, EntryKind::File { content: Some(hash(b"abc")) });
    assert_eq!(layer.entries[3].kind, EntryKind::Hardlink);
}
