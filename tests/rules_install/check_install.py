"""Installs the layer rules into a checkout and lets a real Bazel say what its images are made of.

See ../rules_install.sh for what the environment says.
"""

import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

PROGRAM = os.path.abspath(os.environ["LAYERWRIGHT"])
CHECKOUT = os.environ["LAYERWRIGHT_CHECKOUT"]
BAZEL = os.environ["LAYERWRIGHT_BAZEL"]

# Apps with more or less to plan, by name.
APPS = ["//demo/hello_fastapi:hello-fastapi", "//manman:experience-api", "//manman:worker"]
REFUSED = 2


def run(*command, cwd=None, status=0):
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if result.returncode != status:
        sys.exit(f"{' '.join(map(str, command))}: status {result.returncode}\n{result.stdout[-3000:]}{result.stderr[-5000:]}")
    return result


def layerwright(*arguments, status=0):
    return run(PROGRAM, *arguments, status=status)


def equal(found, expected, what):
    if found != expected:
        sys.exit(f"{what}:\n  found    {found}\n  expected {expected}")
    print(f"ok: {what}", flush=True)


def install(clone):
    """Puts the rules there: refused while comments would go, then done, then nothing to do."""
    refusal = json.loads(layerwright("rules", "install", clone, "--format", "json", status=REFUSED).stdout)["refusal"]
    equal((refusal["code"], refusal["path"]), ("would_drop_comments", "tools/bazel/container_image.bzl"), "comments go only with consent")
    equal(run("git", "status", "--porcelain", cwd=clone).stdout, "", "a refusal touches nothing")
    layerwright("rules", "install", clone, "--drop-comments")
    changed = run("git", "status", "--porcelain", "-uall", cwd=clone).stdout.split("\n")
    new = [f"?? tools/layerwright/{name}" for name in ("BUILD.bazel", "image_layers.bzl", "layer_tar.py", "py_layers.bzl")]
    equal(sorted(filter(None, changed)), sorted([" M tools/bazel/container_image.bzl", *new]), "four new files and one patched macro")
    again = json.loads(layerwright("rules", "install", clone, "--format", "json").stdout)
    equal(again["outcome"], "unchanged", "a second installation changes nothing")


def plan(clone, label):
    """Suggested groups, written; the names of the groups that the app has then."""
    layerwright("apply", clone, "--app", label, "--suggest")
    found = json.loads(layerwright("plan", clone, "--app", label, "--format", "json").stdout)
    equal(found["macro"]["class"], "partitions", f"{label}: the macro partitions")
    return [layer["name"] for layer in found["layers"] if layer["kind"] == "dep"]


def split(label):
    package, name = label[2:].split(":")
    return package, name


def layer_labels(label, groups):
    """The targets of the image's layers, lowest first."""
    image = f"{label}_image_base"
    groups = [f"{image}_deplayer_{index}_{name}" for index, name in enumerate(groups)]
    return ([f"{image}_interpreter_layer", *groups] if groups else []) + [f"{image}_app_layer"]


def check_order(clone, label, layers):
    """What the image's action is given, as aquery prints it."""
    text = run(BAZEL, clone, "aquery", f"{label}_image_base", "--include_file_write_contents", "--output=jsonproto").stdout
    actions = json.loads(text[text.index("{"):])["actions"]
    contents = " ".join(json.dumps(action.get("fileContents", "")) for action in actions)
    found = re.findall(r"([\w.-]+)\.tar(?:\.gz)?", contents)
    equal(found, ["cacerts"] + [split(layer)[1] for layer in layers], f"{label}: aquery shows the layers in their order")


def check_actions(clone, label, layers):
    """Each layer is one action of its own."""
    wanted = " + ".join(layers)
    text = run(BAZEL, clone, "aquery", f'mnemonic("LayerTar", {wanted})', "--output=jsonproto").stdout
    found = json.loads(text[text.index("{"):])
    equal(len(found["actions"]), len(layers), f"{label}: one action per layer")


def entries(path):
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {member.name for member in tar.getmembers() if not member.isdir()}


def runfiles(folder):
    found = set()
    for path, _, names in os.walk(folder, followlinks=True):
        found.update(f"app/shared.runfiles/{os.path.relpath(os.path.join(path, name), folder)}" for name in names)
    return found - {"app/shared.runfiles/MANIFEST", "app/shared.runfiles/_repo_mapping"}


def check_tars(clone, label, layers, binary):
    """The layers are disjoint, and together the binary and its runfiles."""
    run(BAZEL, clone, "build", "--nolegacy_external_runfiles", binary, *layers)
    binaries = pathlib.Path(run(BAZEL, clone, "info", "bazel-bin").stdout.strip().splitlines()[-1])
    held = [entries(binaries / split(layer)[0] / (split(layer)[1] + ".tar.gz")) for layer in layers]
    equal(sum(map(len, held)), len(set().union(*held)), f"{label}: the layers are disjoint")
    package, name = split(binary)
    expected = runfiles(binaries / package / f"{name}.runfiles") | {f"app/{name}", f"app/{name}.runfiles"}
    equal(set().union(*held) - {"app/shared.runfiles/_repo_mapping", "app/python3"}, expected, f"{label}: together they are the runfiles and the program, {len(expected)} entries")
    return [hashlib.sha256((binaries / split(layer)[0] / (split(layer)[1] + ".tar.gz")).read_bytes()).hexdigest() for layer in layers]


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        clone = pathlib.Path(name) / "clone"
        run("git", "clone", "-q", CHECKOUT, clone)
        install(clone)
        apps = {app["label"]: app for app in json.loads(layerwright("apps", clone, "--format", "json").stdout)["apps"]}
        groups = {label: plan(clone, label) for label in APPS}
        for label, names in groups.items():
            print(f"--: {label} has the groups {names}", flush=True)
        loaded = run(BAZEL, clone, "query", "//...")
        equal("ERROR" in loaded.stderr, False, f"Bazel loads all {len(loaded.stdout.split())} targets")
        for label in APPS:
            layers = layer_labels(label, groups[label])
            check_order(clone, label, layers)
            check_actions(clone, label, layers)
            before = check_tars(clone, label, layers, apps[label]["binary"])
            main_file = clone / split(label)[0] / "main.py"
            if main_file.exists():
                main_file.write_text(main_file.read_text() + "\n# one line more\n")
                after = check_tars(clone, label, layers, apps[label]["binary"])
                changed = [layer for layer, old, new in zip(layers, before, after, strict=True) if old != new]
                equal(changed, layers[-1:], f"{label}: an edit of main.py changes the app's layer alone")
    print("all checks passed")


main()
