//! An index on this machine.

use std::io::{Cursor, Write as _};
use std::sync::Arc;

use super::*;
use crate::jobs::Unwatched;
use crate::size::network::fixture::{Request, Response, Server, status};

fn wheel(files: usize) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..files {
        let name = format!("demo_kit/module_with_a_long_name_{at}.py");
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&vec![b'x'; at]).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Answers with the part that `Range` asks for.
fn part(request: &Request, bytes: &[u8]) -> Response {
    let range = request.header("range").unwrap().strip_prefix("bytes=").unwrap();
    let (first, last) = range.split_once('-').unwrap();
    let (start, end) = match first {
        "" => (bytes.len().saturating_sub(last.parse().unwrap()), bytes.len()),
        first => (first.parse().unwrap(), last.parse::<usize>().unwrap() + 1),
    };
    let content_range = format!("bytes {start}-{}/{}", end - 1, bytes.len());
    (206, vec![("Content-Range", content_range)], bytes[start..end].to_vec())
}

const PAGE: &str = r#"{"meta": {"api-version": "1.1"}, "name": "demo-kit", "files": [
    {"filename": "demo_kit-1.0.tar.gz", "url": "/files/s.tar.gz", "hashes": {}, "size": 5},
    {"filename": "demo_kit-0.9-py3-none-any.whl", "url": "/files/old.whl", "hashes": {"sha256": "aa"}, "size": 7},
    {"filename": "demo_kit-1.0.0-cp312-cp312-win_amd64.whl", "url": "/files/win.whl", "hashes": {"sha256": "cc"}},
    {"filename": "demo_kit-1.0.0-py3-none-any.whl", "url": "../../files/w.whl#x", "hashes": {"sha256": "bb"} SIZE}]}"#;

fn index(wheel: Vec<u8>, size: &str, has_ranges: bool) -> Server {
    let page = PAGE.replace("SIZE", size);
    let wheel = Arc::new(wheel);
    Server::start(move |request| match request.path.as_str() {
        "/simple/demo-kit/" => {
            assert_eq!(request.header("accept"), Some("application/vnd.pypi.simple.v1+json"));
            (200, vec![], page.clone().into_bytes())
        }
        "/simple/html/" => (200, vec![], b"<html>".to_vec()),
        "/files/w.whl" if has_ranges => part(request, &wheel),
        "/files/w.whl" => (200, vec![], wheel.to_vec()),
        _ => status(404),
    })
}

fn ask(server: &Server, name: &str, wheel: Option<&str>, hashes: &[&str]) -> Result<IndexAnswer, IndexError> {
    let (network, address) = (Network::new(false), Address::parse(&server.url("/simple")).unwrap());
    let asked = AskedPackage {
        name: PackageName::new(name),
        version: "1.0".to_owned(),
        wheel: wheel.map(|name| Wheel { file_name: name.to_owned(), bytes: None, hash: String::new() }),
        hashes: hashes.iter().map(|hash| (*hash).to_owned()).collect(),
    };
    let index = PackageIndex { network: &network, address: &address, authorization: None };
    index.ask(&asked, &Platform::default(), (3, 12), &Unwatched)
}

#[test]
fn the_wheel_of_the_lock_is_found_and_its_files_are_listed_without_fetching_it() {
    let bytes = wheel(3);
    let length = ByteCount(bytes.len() as u64);
    let server = index(bytes, "", true);
    for (wheel, hashes) in [(Some("demo_kit-1.0.0-py3-none-any.whl"), &[][..]), (None, &["sha256:bb"]), (None, &[])] {
        let answer = ask(&server, "demo-kit", wheel, hashes).unwrap();
        assert_eq!((answer.file_name.as_str(), answer.bytes), ("demo_kit-1.0.0-py3-none-any.whl", length));
        let files = answer.files.unwrap();
        assert_eq!(files.files[2], ("demo_kit/module_with_a_long_name_2.py".to_owned(), ByteCount(2)));
    }
    assert!(matches!(ask(&server, "demo-kit", None, &["sha256:aa"]), Err(IndexError::NoWheel { .. })));
}

#[test]
fn a_long_directory_is_fetched_in_a_second_part() {
    let bytes = wheel(1_500);
    assert!(bytes.len() as u64 > 2 * TAIL_BYTES);
    let server = index(bytes, "", true);
    assert_eq!(ask(&server, "demo-kit", None, &[]).unwrap().files.unwrap().files.len(), 1_500);
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn without_ranges_the_length_of_the_page_stays() {
    let large = index(wheel(1_500), r#", "size": 123456"#, false);
    let answer = ask(&large, "demo-kit", None, &[]).unwrap();
    assert_eq!((answer.bytes, answer.files), (ByteCount(123_456), None));
    let nothing = index(wheel(1_500), "", false);
    assert!(matches!(ask(&nothing, "demo-kit", None, &[]), Err(IndexError::NoLength(..))));
    // A page that speaks of another file than the one behind its link.
    let other = index(wheel(3), r#", "size": 9"#, true);
    assert_eq!(ask(&other, "demo-kit", None, &[]).unwrap().files, None);
}

#[test]
fn what_is_no_index_says_so() {
    let server = index(wheel(1), "", true);
    assert!(matches!(ask(&server, "html", None, &[]), Err(IndexError::NotJson(_))));
    assert!(matches!(ask(&server, "gone", None, &[]), Err(IndexError::NoPackage { .. })));
    let down = Server::start(|_| status(503));
    assert!(matches!(ask(&down, "demo-kit", None, &[]), Err(IndexError::Status { status: 503, .. })));
}
