"""Reads images of other tools with `layerwright image` and compares what it says with what the tools say."""

import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import hostile

LAYERWRIGHT = os.environ["LAYERWRIGHT"]
WITHOUT = os.environ.get("WITHOUT", "").split()
PROBLEMS = []


def run(*words, **more):
    """Runs a tool that must succeed."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **more)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))}: {done.stderr}")
    return done.stdout


def image(*words, environment=None):
    """What Layerwright says of an image, as JSON."""
    done = subprocess.run(
        [LAYERWRIGHT, "image", *map(str, words), "--format", "json"], capture_output=True, text=True, env=environment
    )
    if done.returncode:
        print(f"       {done.stderr.strip()}")
        return {"failed": done.returncode}
    return json.loads(done.stdout)


def check(what, found, expected):
    """Notes a difference."""
    print(("ok     " if found == expected else "WRONG  ") + what)
    if found != expected:
        PROBLEMS.append(f"{what}: {found} instead of {expected}")


def layers(said):
    """Digest and stored bytes per layer."""
    return [(layer["digest"], layer["compressed_bytes"]) for layer in said["layers"]] if "layers" in said else said


def descriptors(manifest):
    """The same of a manifest."""
    return [(layer["digest"], layer["size"]) for layer in manifest["layers"]]


def manifest_of(layout, tag):
    """The manifest under a tag of a layout, by its index alone."""
    index = json.loads((layout / "index.json").read_text())
    entry = next(one for one in index["manifests"] if one["annotations"]["org.opencontainers.image.ref.name"] == tag)
    return json.loads((layout / "blobs/sha256" / entry["digest"].split(":")[1]).read_text())


def folder(path, files):
    """A folder with files."""
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def umoci_layout(work):
    """A layout with two images that share their lower layers."""
    layout = work / "umoci"
    run("umoci", "init", "--layout", layout)
    run("umoci", "new", "--image", f"{layout}:v1")
    pip = folder(work / "pip", {f"pkg{n}/mod.py": os.urandom(40_000) + b"x" * 40_000 for n in range(5)})
    libs = folder(work / "libs", {"clock.py": b"import time\n" * 300, "copy.py": b"import time\n" * 300})
    for name, source in (("pip", pip), ("libs", libs)):
        run("umoci", "insert", "--rootless", "--history.created_by", f"bazel build //app:i_deplayer_{name}", "--image", f"{layout}:v1", source, f"/app/{name}")
    run("umoci", "tag", "--image", f"{layout}:v1", "v2")
    for tag, text in (("v1", b"print(1)\n"), ("v2", b"print(2)\n" * 500)):
        main = folder(work / f"main-{tag}", {"main.py": text})
        run("umoci", "insert", "--rootless", "--history.created_by", "bazel build //app:i_app_layer", "--image", f"{layout}:{tag}", main, "/app/main")
    return layout


def check_layouts(work, layout):
    """Layouts and archives, and the same layers in three compressions."""
    for tag in ("v1", "v2"):
        said = image(layout, "--name", tag)
        check(f"umoci {tag}: layers", layers(said), descriptors(manifest_of(layout, tag)))
    check("umoci: the target that made the top layer", said["layers"][-1]["label"], "//app:i_app_layer")
    equal = [one for one in said["duplicates"]["by_content"]["largest"] if len(one["copies"]) == 2]
    check("two equal files: one copy could go", [one["reclaimable_bytes"] for one in equal], [3_600])
    run("skopeo", "copy", "--dest-compress", "--dest-compress-format", "zstd", f"oci:{layout}:v1", f"oci:{work}/zstd:v1")
    zstd = image(work / "zstd")
    check("skopeo zstd: compression", {layer["compression"] for layer in zstd["layers"]}, {"zstd"})
    check("skopeo zstd: layers", layers(zstd), descriptors(manifest_of(work / "zstd", "v1")))
    run("skopeo", "copy", f"oci:{layout}:v1", f"docker-archive:{work}/saved.tar:team/app:v1")
    saved = image(work / "saved.tar")
    first = image(layout, "--name", "v1")
    for key in ("diff_id", "tar_bytes", "files", "label"):
        check(f"skopeo docker-archive: {key}", [layer[key] for layer in saved["layers"]], [layer[key] for layer in first["layers"]])
    check("zstd: the same tars", [layer["diff_id"] for layer in zstd["layers"]], [layer["diff_id"] for layer in first["layers"]])
    run("skopeo", "copy", f"oci:{layout}:v1", f"oci-archive:{work}/layout.tar:v1")
    check("skopeo oci-archive: layers", layers(image(work / "layout.tar")), layers(first))
    check("uncompressed layers", {layer["compression"] for layer in saved["layers"]}, {"none"})


def check_buildah(work):
    """An image whose history has empty layers, in OCI's and Docker's format."""
    store = ["--storage-driver", "vfs", "--root", work / "store", "--runroot", work / "run"]
    container = run("buildah", *store, "from", "scratch").strip()
    source = folder(work / "buildah", {"a/b.txt": b"b" * 5_000})
    run("buildah", *store, "config", "--env", "A=B", "--entrypoint", '["/a"]', container)
    run("buildah", *store, "copy", "--add-history", container, source, "/srv")
    for form in ("oci", "docker"):
        target = work / f"buildah-{form}"
        run("buildah", *store, "commit", "--format", form, container, f"oci:{target}:x" if form == "oci" else f"docker-archive:{target}:team/b:x")
        said = image(target)
        check(f"buildah {form}: one layer with one file", [layer["files"] for layer in said["layers"]], [1])
        check(f"buildah {form}: the platform", said["platform"].split("/")[0], "linux")


@contextlib.contextmanager
def registry(work, name, auth=None):
    """docker-registry on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(work / name)}},
        "http": {"addr": f"127.0.0.1:{port}"},
    }
    if auth:
        settings["auth"] = {"htpasswd": {"realm": "here", "path": str(auth)}}
    config = work / f"{name}.yml"
    config.write_text(json.dumps(settings))
    server = subprocess.Popen(["docker-registry", "serve", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.1)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def two_platforms(work, layout):
    """A layout whose tag names an index within an index."""
    target = work / "multi"
    shutil.copytree(layout, target)
    index = json.loads((target / "index.json").read_text())

    def blob(document, media_type):
        bytes_ = json.dumps(document).encode()
        digest = hostile.digest(bytes_)
        (target / "blobs/sha256" / digest.split(":")[1]).write_bytes(bytes_)
        return {"mediaType": media_type, "digest": digest, "size": len(bytes_)}

    inner = []
    for entry, architecture in zip(index["manifests"][:2], ("amd64", "arm64")):
        plain = {key: entry[key] for key in ("mediaType", "digest", "size")}
        inner.append({**plain, "platform": {"os": "linux", "architecture": architecture}})
    kind = "application/vnd.oci.image.index.v1+json"
    top = blob({"schemaVersion": 2, "mediaType": kind, "manifests": inner}, kind)
    top["annotations"] = {"org.opencontainers.image.ref.name": "multi"}
    (target / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [top]}))
    return target


def check_registry(work, layout):
    """A registry: single and multi-platform images, by tag and by digest, and two compared."""
    with registry(work, "open") as host:
        for tag in ("v1", "v2"):
            run("skopeo", "copy", "--dest-tls-verify=false", f"oci:{layout}:{tag}", f"docker://{host}/team/app:{tag}")
            said = image(f"{host}/team/app:{tag}")
            raw = json.loads(run("skopeo", "inspect", "--tls-verify=false", "--raw", f"docker://{host}/team/app:{tag}"))
            check(f"registry {tag}: layers", layers(said), descriptors(raw))
            check(f"registry {tag}: no layer was fetched", [layer["tar_bytes"] for layer in said["layers"]], [None] * 3)
        check("registry: by digest", layers(image(f"{host}/team/app@{said['digest']}")), layers(said))
        check("registry: the target that made the top layer", said["layers"][-1]["label"], "//app:i_app_layer")
        multi = two_platforms(work, layout)
        run("skopeo", "copy", "--multi-arch", "all", "--dest-tls-verify=false", f"oci:{multi}:multi", f"docker://{host}/team/multi:1")
        for architecture, tag in (("amd64", "v1"), ("arm64", "v2")):
            said = image(f"{host}/team/multi:1", "--platform", f"linux/{architecture}")
            local = image(multi, "--platform", f"linux/{architecture}")
            check(f"registry multi {architecture}: layers", layers(said), descriptors(manifest_of(layout, tag)))
            check(f"layout multi {architecture}: layers", layers(local), layers(said))
        compared = image(f"{host}/team/app:v1", "--compare", f"{host}/team/app:v2")["comparison"]
        run("skopeo", "copy", "--src-tls-verify=false", f"docker://{host}/team/app:v1", f"oci:{work}/node:v1")
        blobs = lambda: {path: path.stat().st_size for path in (work / "node/blobs/sha256").iterdir()}
        before = blobs()
        run("skopeo", "copy", "--src-tls-verify=false", f"docker://{host}/team/app:v2", f"oci:{work}/node:v2")
        new = {path.name: size for path, size in blobs().items() if path not in before}
        of_layers = {digest.split(":")[1] for digest, _ in layers(image(f"{host}/team/app:v2"))}
        fetched = sum(size for name, size in new.items() if name in of_layers)
        check("what a node with v1 fetched for v2", compared["fetched_bytes"], fetched)
        check("a tag that is not there", image(f"{host}/team/app:none").get("failed"), 2)
    if shutil.which("htpasswd"):
        secret = work / "htpasswd"
        secret.write_text(run("htpasswd", "-nbB", "me", "word"))
        with registry(work, "closed", secret) as host:
            run("skopeo", "copy", "--dest-creds", "me:word", "--dest-tls-verify=false", f"oci:{layout}:v1", f"docker://{host}/team/app:v1")
            login = {"auths": {host: {"auth": base64.b64encode(b"me:word").decode()}}}
            folder(work / "docker", {"config.json": json.dumps(login).encode()})
            with_login = {**os.environ, "DOCKER_CONFIG": str(work / "docker")}
            without = {**os.environ, "DOCKER_CONFIG": str(work / "nothing")}
            check("a login lets in", len(image(f"{host}/team/app:v1", environment=with_login).get("layers", [])), 3)
            check("nobody is not let in", image(f"{host}/team/app:v1", environment=without).get("failed"), 2)


def main():
    """Entry point."""
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        layout = umoci_layout(work)
        check_layouts(work, layout)
        if "buildah" not in WITHOUT:
            check_buildah(work)
        check_registry(work, layout)
        for name, exit_status, expected, peak, said in hostile.all(work, LAYERWRIGHT):
            check(f"hostile {name}: refused, peak {peak // 1024} MiB: {said.strip()[:160]}", (exit_status in (2, 3), expected in said), (True, True))
            check(f"hostile {name}: less than 300 MiB", peak < 300 * 1024, True)
    print(f"{len(PROBLEMS)} problems")
    for problem in PROBLEMS:
        print(problem)
    return 1 if PROBLEMS else 0


if __name__ == "__main__":
    raise SystemExit(main())
