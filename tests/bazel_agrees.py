#!/usr/bin/env python3
"""Compares the graph that Layerwright reads with the one that a real Bazel answers, edge for edge, for every py_binary.

    LAYERWRIGHT=target/debug/layerwright LAYERWRIGHT_BAZEL='bazel' tests/bazel_agrees.py WORKSPACE

LAYERWRIGHT_BAZEL is the command that stands before `query ...`; it is run in WORKSPACE. A wrapper that runs Bazel on a copy
(such as one whose external repositories are stubs) does as well: then WORKSPACE is what Layerwright reads. Bazel's answer is
`deps(BINARY)` with `--noimplicit_deps --notool_deps`, not factored. Edges that leave a package of a lock file are left out:
Bazel takes them from what the pip rules generated, Layerwright from the lock with markers. Exit status 1 when an edge differs.
"""
import json
import os
import re
import shlex
import subprocess
import sys

LAYERWRIGHT = os.path.abspath(os.environ.get("LAYERWRIGHT", "target/debug/layerwright"))
BAZEL = shlex.split(os.environ.get("LAYERWRIGHT_BAZEL", "bazel"))
EDGE = re.compile(r'^\s*"([^"]+)" -> "([^"]+)"')


def whole(label):
    """`//pkg` as `//pkg:pkg`, `@@repo` as `@repo`: the one spelling that both sides are brought to."""
    label = re.sub(r"^@@?(?=//)", "", label)
    label = re.sub(r"^@@", "@", label)
    if ":" not in label:
        label += ":" + (label.rsplit("/", 1)[-1])
    return label


def query(*arguments):
    answer = subprocess.run([*BAZEL, "query", *arguments], cwd=WORKSPACE, capture_output=True, text=True)
    if answer.returncode not in (0, 3):
        sys.exit(f"bazel query failed: {answer.stderr[-2000:]}")
    if answer.returncode == 3:
        PARTIAL.extend(line for line in answer.stderr.splitlines() if line.startswith("ERROR"))
    return answer.stdout


def of_bazel(binary):
    printed = query(f"deps({binary})", "--output=graph", "--nograph:factored", "--noimplicit_deps", "--notool_deps", "--keep_going")
    edges = (EDGE.match(line) for line in printed.splitlines())
    return {(whole(edge[1]), whole(edge[2])) for edge in edges if edge}


def of_layerwright(binary):
    answer = subprocess.run([LAYERWRIGHT, "graph", WORKSPACE, "--app", binary, "--format", "json"], capture_output=True, text=True)
    if answer.returncode != 0:
        return None, answer.stderr.strip().splitlines()[-1:]
    document = json.loads(answer.stdout)
    return {(whole(one), whole(other)) for one, other in document["edges"]}, document["notes"]


def first_party(edges):
    return {edge for edge in edges if edge[0].startswith("//")}


# What Bazel could not load under --keep_going: edges to such targets are missing from its answer, not from the workspace.
PARTIAL = []
WORKSPACE = os.path.abspath(sys.argv[1])
binaries = [line for line in query("kind(py_binary, //...)", "--keep_going").splitlines() if line.startswith("//")]
equal, total, wrong = 0, 0, 0
for binary in binaries:
    read, notes = of_layerwright(binary)
    if read is None:
        wrong += 1
        print(f"{binary}: not read: {notes}")
        continue
    real, read = first_party(of_bazel(binary)), first_party(read)
    total += len(real)
    if real == read:
        equal += 1
        continue
    wrong += 1
    print(f"{binary}: {len(real)} edges")
    for edge in sorted(real - read):
        print("  only Bazel:      ", " -> ".join(edge))
    for edge in sorted(read - real):
        print("  only Layerwright:", " -> ".join(edge))
if PARTIAL:
    different = sorted(set(PARTIAL))
    print(f"Bazel's own answer is partial: {len(different)} errors, the first: {different[0]}")
print(f"{equal} of {len(binaries)} binaries equal edge for edge, {total} edges compared")
sys.exit(1 if wrong else 0)
