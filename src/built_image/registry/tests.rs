//! A registry on this machine, honest and otherwise.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::built_image::fixture::{Layout, hash, tar_of};
use crate::jobs::Unwatched;
use crate::size::network::fixture::{ENDLESS, Request, Response, Server, status};

/// Serves the blobs of a layout; `tag` is the document under the tag `v1`. A token is wanted where `token` is given.
fn registry(layout: &Layout, tag: Vec<u8>, token: Option<&'static str>) -> Server {
    let mut documents: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (name, bytes) in &layout.blobs {
        let digest = format!("sha256:{}", name.rsplit('/').next().unwrap());
        documents.insert(format!("/v2/team/app/manifests/{digest}"), bytes.clone());
        documents.insert(format!("/v2/team/app/blobs/{digest}"), bytes.clone());
    }
    documents.insert("/v2/team/app/manifests/v1".to_owned(), tag);
    Server::start(move |request| answer(request, &documents, token))
}

fn answer(request: &Request, documents: &BTreeMap<String, Vec<u8>>, token: Option<&str>) -> Response {
    if let Some(query) = request.path.strip_prefix("/token?") {
        assert_eq!(query, "service=here&scope=repository:team/app:pull");
        let who = request.header("authorization").unwrap_or("nobody");
        return (200, vec![], format!(r#"{{"token": "for-{}"}}"#, who.replace(' ', "-")).into_bytes());
    }
    let host = request.header("host").unwrap();
    if let Some(token) = token
        && request.header("authorization") != Some(token)
    {
        return (
            401,
            vec![("WWW-Authenticate", format!(r#"Bearer realm="http://{host}/token",service="here""#))],
            vec![],
        );
    }
    documents.get(&request.path).map_or_else(|| status(404), |bytes| (200, vec![], bytes.clone()))
}

fn two_platforms() -> (Layout, Vec<u8>) {
    let mut layout = Layout::new();
    let tar = |text: &str| tar_of(&[("app/main.py", text.as_bytes())]);
    let layers = [
        (tar("base"), Compression::Zstd, "ADD base"),
        (tar("app"), Compression::Gzip, "bazel build //app:i_app_layer"),
    ];
    let intel = layout.image("amd64", &layers) + r#", "platform": {"os": "linux", "architecture": "amd64"}}"#;
    let arm = layout.image("arm64", &layers[1..]) + r#", "platform": {"os": "linux", "architecture": "arm64"}}"#;
    let nested = layout.add("application/vnd.oci.image.index.v1+json", Layout::index(&[intel, arm])) + "}";
    let index = Layout::index(&[nested]);
    (layout, index)
}

fn read_with(server: &Server, name: &str, choice: &ImageChoice, logins: &Logins) -> Result<ReadImage, ImageError> {
    let reference = ImageReference::parse(&format!("{}/{name}", server.host()), false).unwrap();
    read_registry_image(&reference, choice, &Network::new(false), logins, &Limits::default(), &Unwatched)
}

fn read(server: &Server, name: &str) -> Result<ReadImage, ImageError> {
    read_with(server, name, &ImageChoice::default(), &Logins::default())
}

#[test]
fn nested_indexes_lead_to_the_platform_and_no_layer_is_fetched() {
    let (layout, index) = two_platforms();
    let server = registry(&layout, index, None);
    let ReadImage { image, listed } = read(&server, "team/app:v1").unwrap();
    assert_eq!((image.platform.to_string().as_str(), image.layers.len(), listed.len()), ("linux/amd64", 2, 2));
    let top = &image.layers[1];
    assert_eq!((top.compression, top.unpacked.is_none()), (Compression::Gzip, true));
    assert_eq!(image.layers[0].compression, Compression::Zstd);
    assert_eq!(top.label.as_ref().map(ToString::to_string).as_deref(), Some("//app:i_app_layer"));
    let stored = layout.blobs.iter().find(|(name, _)| name.ends_with(&top.digest.hex())).unwrap();
    assert_eq!(top.compressed_bytes, Some(ByteCount(stored.1.len() as u64)));
    // The tag, the nested index, the manifest, the configuration.
    assert_eq!(server.asked().len(), 4, "{:?}", server.asked());
    let arm = ImageChoice { platform: "linux/arm64".parse().ok(), name: None };
    assert_eq!(read_with(&server, "team/app:v1", &arm, &Logins::default()).unwrap().image.layers.len(), 1);
}

#[test]
fn a_manifest_alone_is_read_once_and_by_its_digest() {
    let mut layout = Layout::new();
    layout.image("amd64", &[(tar_of(&[("a", b"b")]), Compression::None, "x")]);
    let manifest = layout.blobs.last().unwrap().1.clone();
    let digest = hash(&manifest);
    let server = registry(&layout, manifest, None);
    assert_eq!(read(&server, "team/app:v1").unwrap().image.digest, Some(digest));
    assert_eq!(server.asked().len(), 2, "{:?}", server.asked());
    assert_eq!(read(&server, &format!("team/app@{digest}")).unwrap().image.digest, Some(digest));
}

#[test]
fn a_token_is_asked_for_with_and_without_a_login() {
    let (layout, index) = two_platforms();
    let server = registry(&layout, index.clone(), Some("Bearer for-nobody"));
    assert_eq!(read(&server, "team/app:v1").unwrap().image.layers.len(), 2);
    assert_eq!(server.asked().iter().filter(|path| path.starts_with("/token")).count(), 1);
    let server = registry(&layout, index, Some("Bearer for-Basic-YTpi"));
    let refused = read(&server, "team/app:v1").unwrap_err();
    assert!(matches!(refused, ImageError::LoginWanted { status: 401, .. }), "{refused}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    std::fs::write(&path, format!(r#"{{"auths": {{"{}": {{"auth": "YTpi"}}}}}}"#, server.host())).unwrap();
    let read = read_with(&server, "team/app:v1", &ImageChoice::default(), &Logins::read(&path));
    assert_eq!(read.unwrap().image.layers.len(), 2);
}

#[test]
fn wrong_digests_and_lengths_are_refused() {
    let (layout, index) = two_platforms();
    let mut lying = Layout { blobs: layout.blobs };
    for (_, bytes) in &mut lying.blobs {
        bytes.push(b' ');
    }
    let server = registry(&lying, index.clone(), None);
    assert!(matches!(read(&server, "team/app:v1"), Err(ImageError::WrongDigest { .. })));
    let other = hash(b"something else");
    let documents = [(format!("/v2/team/app/manifests/{other}"), index.clone())].into();
    let server = Server::start(move |request| answer(request, &documents, None));
    assert!(matches!(read(&server, &format!("team/app@{other}")), Err(ImageError::WrongDigest { .. })));
    let said = Server::start(move |_| (200, vec![("Docker-Content-Digest", other.to_string())], index.clone()));
    assert!(matches!(read(&said, "team/app:v1"), Err(ImageError::WrongDigest { .. })));
}

#[test]
fn endless_and_nonsensical_answers_end() {
    let check = |response: Response, expected: &str| {
        let response = Arc::new(response);
        let server = Server::start(move |_| (*response).clone());
        let error = read(&server, "team/app:v1").unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    check((ENDLESS, vec![], vec![b'['; 1 << 16]), "more than 8388608 bytes");
    check((200, vec![], vec![b'['; 100_000]), "can't be understood");
    check((200, vec![], b"{}".to_vec()), "schema 1");
    check((200, vec![], br#"{"manifests": [], "layers": []}"#.to_vec()), "can't be understood");
    check(status(404), "has no image");
    check(status(500), "answers with status 500");
    check(status(429), "later");
    check((401, vec![("WWW-Authenticate", "Bearer realm=\"ftp://x\"".to_owned())], vec![]), "no address");
    check(
        (401, vec![("WWW-Authenticate", "Bearer realm=\"http://a.invalid/\"".to_owned())], vec![]),
        "without encryption",
    );
    check((401, vec![], vec![]), "wants a login");
}
