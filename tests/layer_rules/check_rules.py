"""Checks the layer rules with a real Bazel; ../layer_rules.sh says what it needs."""

import gzip
import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

import make_workspace

HERE = Path(__file__).resolve().parent
DEMO = HERE.parent.parent / "assets/demo"
HELLO, PRICE, REPORT = "demo/hello_fastapi/hello-fastapi", "demo/price_api/price-api", "demo/sales_report/sales-report"

# Binary -> the beginning of its layers' names, and what follows, lowest first.
IMAGES = {
    HELLO: ("_image_base", ["interpreter_layer", "deplayer_0_pip_deps", "app_layer"]),
    PRICE: ("_image_base", ["app_layer"]),
    REPORT: ("_image_base", ["interpreter_layer", "deplayer_0_pip_deps", "deplayer_1_internal_libs", "app_layer"]),
    "probes/one": ("_gzip", ["interpreter_layer", "deplayer_0_pip", "deplayer_1_lib", "app_layer"]),
    "probes/two": ("_gzip", ["interpreter_layer", "deplayer_0_pip", "deplayer_1_lib", "app_layer"]),
    "probes/plain": ("_none", ["interpreter_layer", "deplayer_0_pip", "deplayer_1_lib", "app_layer"]),
}

# What is written beside the probes' images, and what Bazel must answer.
MISTAKES = [
    [part.strip() for part in line.split(" | ")]
    for line in (HERE / "mistakes.txt").read_text().splitlines()
    if not line.startswith("#")
]


class Copy:
    """A copy of the workspace with a Bazel server of its own."""

    def __init__(self, folder):
        self.root, self.workspace = folder, folder / "workspace"
        make_workspace.main(DEMO, folder)

    def bazel(self, command, *arguments, may_fail=False):
        start = [os.environ["LAYERWRIGHT_BAZEL"], f"--output_base={self.root}/output", "--host_jvm_args=-Xmx1500m", "--max_idle_secs=60"]
        flags = ["--noenable_bzlmod", "--enable_workspace", "--noshow_progress"] if command != "shutdown" else []
        if command == "build":
            flags += ["--nolegacy_external_runfiles", "--subcommands", "--jobs=2"]
        done = subprocess.run(start + [command] + flags + list(arguments), cwd=self.workspace, capture_output=True, text=True)
        if done.returncode and not may_fail:
            raise SystemExit(f"bazel {command} failed:\n{done.stderr[-5000:]}")
        return done

    def file(self, path):
        """A built file."""
        return self.workspace / "bazel-bin" / path

    def build_all(self):
        """Builds all layers and binaries; the actions that ran."""
        targets = [label(tar) for binary in IMAGES for tar in tar_names(binary)] + [label(binary) for binary in IMAGES]
        done = self.bazel("build", *targets)
        return re.findall(r"SUBCOMMAND: # \S+ \[action '(.*?)'", done.stderr)

    def tars(self, binary):
        """The layers of a binary, lowest first."""
        ending = ".tar" if IMAGES[binary][0] == "_none" else ".tar.gz"
        return [self.file(name + ending) for name in tar_names(binary)]

    def digests(self):
        """The digest of each tar, by its name."""
        return {tar.name: digest(tar) for binary in IMAGES for tar in self.tars(binary)}


def tar_names(binary):
    middle, layers = IMAGES[binary]
    return [f"{binary}{middle}_{layer}" for layer in layers]


def label(path):
    return "//" + "{}:{}".format(*path.rsplit("/", 1))


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def equal(found, expected, what):
    if found != expected:
        raise SystemExit(f"{what}:\n  found    {found}\n  expected {expected}")
    print(f"ok: {what}", flush=True)


def differing(before, after):
    return sorted(name for name in before if before[name] != after[name])


def check_partition(copy):
    for binary in IMAGES:
        runfiles = copy.file(binary + ".runfiles")
        subprocess.run(["python3", HERE / "check_tars.py", runfiles, copy.file(binary), *copy.tars(binary)], check=True)
    print("ok: layers are disjoint, and together the runfiles and the binary; tars have the bytes of the formula", flush=True)
    copy.bazel("build", label(REPORT) + "_image_base")
    equal(
        copy.file(f"{REPORT}_image_base.layers").read_text().split(),
        ["cacerts.tar.gz"] + [tar.name for tar in copy.tars(REPORT)],
        "the image has the layers in their order",
    )


def unpack(copy, binary):
    """An image's /app in a folder, by GNU tar."""
    root = copy.root / "root" / Path(binary).name
    root.mkdir(parents=True)
    for tar in copy.tars(binary):
        subprocess.run(["tar", "-C", root, "-xf", tar], check=True)
    # Outside of an image /app is somewhere else, so the interpreter is named here and not by the launcher's first line.
    return [root / "app/python3", root / "app" / Path(binary).name], {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def check_nothing_left(copy):
    copy.bazel("build", "//probes:left_over", "//probes:left_over_deplayer_1_nothing")
    found = copy.file("probes/left_over.layers").read_text().split()
    made = [f"left_over_{layer}.tar.gz" for layer in ("interpreter_layer", "deplayer_0_lib", "deplayer_1_nothing", "app_layer")]
    names = tarfile.open(copy.file("probes/left_over_deplayer_1_nothing.tar.gz")).getnames()
    equal((found, names), (["cacerts.tar.gz"] + made, []), "a layer in which nothing is left is an empty tar")


def check_start(copy):
    for name in ("one", "two"):
        command, environment = unpack(copy, f"probes/{name}")
        done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd="/")
        equal((done.stdout, done.stderr), (f"{name}: libs.python.clock b python\n", ""), f"probe {name} starts out of its layers")
    if not os.environ.get("LAYERWRIGHT_SITE"):
        print("--: the demo's apps are not started, since LAYERWRIGHT_SITE is not set")
        return
    command, environment = unpack(copy, REPORT)
    done = subprocess.run([*command, "--sample"], env=environment, capture_output=True, text=True, cwd="/")
    equal((done.stdout[:11], done.stderr), ("Sales until", ""), "sales-report starts out of its layers and reports")
    for binary, path, answer in [(HELLO, "/?name=Ada", '{"message":"Hello, Ada!"}'), (PRICE, "/price/tape?country=NL", '{"item":"tape","net":"3.50 EUR","gross":"4.24 EUR"}')]:
        command, environment = unpack(copy, binary)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment |= {"PORT": str(port), "SHOP_PORT": str(port)}
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/") as server:
            try:
                equal(ask(port, path), answer, f"{Path(binary).name} starts out of its layers and answers")
            finally:
                server.terminate()


def ask(port, path):
    for _ in range(100):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        except ConnectionRefusedError:
            time.sleep(0.2)
    return "no answer"


def check_edits(copy):
    def edit(path, text, instead_of=""):
        file = copy.workspace / path
        file.write_text(file.read_text().replace(instead_of, text, 1) if instead_of else file.read_text() + text)
        before = copy.digests()
        actions = copy.build_all()
        return sorted(re.sub(r".*layer ", "", action) for action in actions), differing(before, copy.digests())

    equal(
        edit("demo/hello_fastapi/main.py", "\n# one line more\n"),
        ([label(HELLO) + "_image_base_app_layer"], ["hello-fastapi_image_base_app_layer.tar.gz"]),
        "an edit of main.py runs one action and changes one digest",
    )
    libraries = ["sales-report_image_base_deplayer_1_internal_libs.tar.gz", "price-api_image_base_app_layer.tar.gz"]
    equal(
        edit("libs/python/money/tax.py", "\n# one line more\n")[1],
        sorted(libraries),
        "an edit of a library changes the layer that holds it",
    )
    hello = [f"hello-fastapi_image_base_{layer}.tar.gz" for layer in ("app_layer", "deplayer_0_pip_deps")]
    equal(
        edit("demo/hello_fastapi/BUILD.bazel", '"@pypi//:fastapi",\n        "@pypi//:numpy",', '"@pypi//:fastapi",')[1],
        hello,
        "one more package changes the layer that claims it, and the launcher, which lists the paths of packages",
    )
    equal(
        edit("../outside/pypi/packages/numpy/site-packages/numpy/__init__.py", "\n# another version\n")[1],
        sorted(layer for layer in copy.digests() if layer in (hello[1], "sales-report_image_base_deplayer_0_pip_deps.tar.gz")),
        "another version of a package changes the layers that claim it, and nothing else",
    )
    equal(
        edit("demo/hello_fastapi/BUILD.bazel", "\n# one line more\n"),
        ([], []),
        "a comment in a BUILD file runs nothing",
    )


def check_sharing(copy):
    one, two = ([digest(tar) for tar in copy.tars(f"probes/{name}")] for name in ("one", "two"))
    equal([a == b for a, b in zip(one, two, strict=True)], [True, True, True, False], "two apps share all layers but their own")
    interpreters = {digest(copy.tars(binary)[0]) for binary in IMAGES if binary not in (PRICE, "probes/plain")}
    equal(len(interpreters), 1, "all apps share the interpreter's layer")


def check_image(copy):
    """Puts the layers into an OCI layout and lets `layerwright image` measure them."""
    if not shutil.which("umoci") or not os.environ.get("LAYERWRIGHT"):
        print("--: no image is assembled, since umoci is not here or LAYERWRIGHT is not set")
        return
    layout = copy.root / "layout"
    image = f"{layout}:app"
    subprocess.run(["umoci", "init", "--layout", layout], check=True)
    subprocess.run(["umoci", "new", "--image", image], check=True)
    sizes = []
    for tar in copy.tars(REPORT):
        plain = copy.root / "layer.tar"
        plain.write_bytes(gzip.decompress(tar.read_bytes()))
        sizes.append(plain.stat().st_size)
        made_by = f"bazel build {label(REPORT.rsplit('/', 1)[0] + '/' + tar.name.removesuffix('.tar.gz'))}"
        subprocess.run(["umoci", "raw", "add-layer", "--image", image, "--history.created_by", made_by, plain], check=True)
    command = [os.environ["LAYERWRIGHT"], "image", layout, "--format", "json"]
    read = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    equal([layer["tar_bytes"] for layer in read["layers"]], sizes, "the image's layers have the tars' bytes")
    # The demo as it is shipped knows its lock file, which the copy for Bazel does not.
    against = subprocess.run([*command, "--against", DEMO, "--app", label(REPORT)], check=True, capture_output=True, text=True)
    rows = json.loads(against.stdout)["against"]["layers"]
    equal([row["built"]["layer"] for row in rows], [0, 1, 2, 3], "each layer of the plan is found in the image")
    for row in rows[1:]:
        print(f"--: {row['name']}: estimated {row['estimate']['compressed_bytes']} bytes, built {row['built']['compressed_bytes']}")
    if os.environ.get("LAYERWRIGHT_SITE"):
        off = [row["name"] for row in rows if row["kind"] == "dep" and abs(row["built"]["compressed_error_permille"]) > 100]
        equal(off, [], "layers of packages are estimated within 10 percent")


def check_empty(copy):
    pip, lib = (tarfile.open(tar).getnames() for tar in copy.tars("probes/plain")[1:3])
    found = ["app/shared.runfiles/pypi/__init__.py" in pip, "app/shared.runfiles/demo/probes/__init__.py" in lib]
    equal(found, [True, True], "an empty __init__.py is with the code that it is for")


def check_mistakes(copy):
    build_file = copy.workspace / "probes/BUILD.bazel"
    text = build_file.read_text()
    load = 'load("//tools/bazel:release.bzl", "release_app")\nload("//tools/bazel:container_image.bzl", "multiplatform_image")\n'
    for function, arguments, answer, _ in MISTAKES:
        binary = "" if function == "release_app" else 'binary = ":one", '
        build_file.write_text(f'{load}{text}\n{function}(name = "wrong", {binary}{arguments})\n')
        done = copy.bazel("build", "--nobuild", "//probes:wrong", may_fail=True)
        if done.returncode == 0 or answer not in done.stderr:
            raise SystemExit(f"{function}({arguments}): expected {answer!r} in\n{done.stderr}")
    build_file.write_text(text)
    print(f"ok: {len(MISTAKES)} mistakes are told")


def main():
    scratch, copies = Path(tempfile.mkdtemp()), []
    try:
        first = Copy(scratch / "first")
        copies.append(first)
        print(f"ok: {len(first.bazel('query', '//...').stdout.split())} targets load")
        first.build_all()
        check_partition(first)
        check_sharing(first)
        check_empty(first)
        check_image(first)
        check_nothing_left(first)
        check_start(first)
        before = first.digests()
        first.bazel("shutdown")

        second = Copy(scratch / "elsewhere/second")
        copies.append(second)
        second.build_all()
        equal(differing(before, second.digests()), [], "a build in another folder gives the same digests")
        check_edits(second)
        check_mistakes(second)
    finally:
        for copy in copies:
            copy.bazel("shutdown", may_fail=True)
        for folder, _, _ in os.walk(scratch):
            os.chmod(folder, 0o755)
        shutil.rmtree(scratch)
    print("all checks passed")


if __name__ == "__main__":
    main()
