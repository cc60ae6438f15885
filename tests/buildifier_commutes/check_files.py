"""Edits every BUILD file of a checkout before and after buildifier and compares. See ../buildifier_commutes.sh."""

import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ["LAYERWRIGHT"])
CHECKOUT = os.environ["LAYERWRIGHT_CHECKOUT"]
BUILDIFIER = os.environ["BUILDIFIER"]
REFUSED = 2
# Sorts between what real lists hold, so that its place is decided by the list's order.
NEW = ["//commuting:middle", "@pypi//:commuting"]


def formatted(text):
    result = subprocess.run([BUILDIFIER, "-type=build"], input=text, capture_output=True)
    return result.stdout if result.returncode == 0 else None


def targets_with_deps(text):
    """Names of top-level calls whose `name` is a literal and whose `deps` starts as a list."""
    calls = re.split(rb"(?m)^(?=\w+\()", text)
    names = []
    for call in calls:
        name = re.search(rb'(?m)^\s+name = "([^"]+)"', call)
        if name and re.search(rb"(?m)^\s+deps = \[", call):
            names.append(name[1].decode())
    return [name for name in names if names.count(name) == 1]


def edit(root, path, text, edits):
    """The text after the edits, or the code of the refusal."""
    (root / path).write_bytes(text)
    package = str(pathlib.PurePosixPath(path).parent).removeprefix(".")
    request = root.parent / "request.json"
    request.write_text(json.dumps({"package": package, "edits": edits}))
    command = [PROGRAM, "edit", root, "--request", request, "--format", "json"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode == REFUSED:
        return json.loads(result.stdout)["refusal"]["code"]
    if result.returncode != 0:
        sys.exit(f"{path}: status {result.returncode}\n{result.stderr}")
    return (root / path).read_bytes()


def check(root, path, counts):
    text = (root / path).read_bytes()
    clean = formatted(text)
    if clean is None:
        counts["files that buildifier can't read"] += 1
        return []
    names = targets_with_deps(text)
    edits = [{"op": "rewire_deps", "target": name, "remove": [], "add": NEW} for name in names]
    edits.append({"op": "add_py_library", "name": "commuting_layer", "deps": NEW, "load": "@rules_python//python:defs.bzl"})
    first, second = edit(root, path, text, edits), edit(root, path, clean, edits)
    (root / path).write_bytes(text)
    if isinstance(first, str) or isinstance(second, str):
        counts[f"refused: {first if isinstance(first, str) else second}"] += 1
        return [] if first == second else [f"{path}: {first!r:.60} before, {second!r:.60} after formatting"]
    counts["files edited"] += 1
    counts["targets rewired"] += len(names)
    problems = []
    if formatted(first) != formatted(second):
        problems.append(f"{path}: the order of edit and buildifier matters")
    counts["formatted files"] += text == clean
    if formatted(second) != second:
        problems.append(f"{path}: formatted, and no longer so after the edit")
    return problems


def main():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name) / "clone"
        checkout = pathlib.Path(CHECKOUT)
        found = sorted(path.relative_to(checkout).as_posix() for path in checkout.rglob("*") if path.is_file())
        files = [path for path in found if re.search(r"(^|/)(BUILD(\.bazel)?|\w+\.bzl)$", path) and not path.startswith(".git/")]
        for path in files:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(pathlib.Path(CHECKOUT) / path, root / path)
        root.mkdir(exist_ok=True)
        (root / "MODULE.bazel").write_text("")
        paths = [path for path in files if not path.endswith(".bzl")]
        counts, problems = collections.Counter(), []
        for path in paths:
            problems += check(root, path, counts)
    print(*problems, sep="\n")
    print(f"{len(paths)} files, {len(problems)} problems; " + ", ".join(f"{what} {count}" for what, count in sorted(counts.items())))
    sys.exit(1 if problems or not counts["files edited"] else 0)


main()
