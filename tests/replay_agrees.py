#!/usr/bin/env python3
"""Counts a replay again from git's own log, and compares.

    LAYERWRIGHT=path/to/layerwright tests/replay_agrees.py CHECKOUT APP[=PLAN] ...

What is in which layer, and its bytes, are taken from `plan`; which commits changed it is counted here: from
`git log --first-parent -m --raw --no-renames`, moves by equal blobs, and the versions in uv.lock. The deployed commits and the sums of
the series `plan` must be those of `replay`, under each pull profile. Apps with generated files are not for this script.

It counts all of the history but its first commit, as `--commits` with one less than there are: a replay of a whole history
begins with the app's first BUILD file, and what was before that is another question.
"""

import json
import os
import subprocess
import sys
import tomllib

LAYERWRIGHT = os.environ["LAYERWRIGHT"]
NOTHING = "0" * 40


def run(*arguments):
    return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout


def layerwright(*arguments):
    return json.loads(run(LAYERWRIGHT, *arguments, "--compression", "gzip", "--format", "json"))


def log(checkout):
    """The commits of the first-parent line, oldest first: id, subject, and (path, old blob, new blob) of each change."""
    fields = ["log", "--first-parent", "-m", "--raw", "--no-renames", "--no-abbrev", "--reverse", "--format=%x01%H %s"]
    commits = []
    for part in run("git", "-C", checkout, *fields).split("\x01")[1:]:
        head, *lines = part.strip("\n").split("\n")
        changes = [line for line in lines if line.startswith(":")]
        rows = [(line.split("\t", 1)[1], *line.split()[2:4]) for line in changes]
        commits.append((*head.partition(" ")[::2], rows))
    return commits


def moves(changes):
    """Paths whose content is gone at one place and new at another, and nowhere else."""
    gone, new = {}, {}
    for path, old, fresh in changes:
        if fresh == NOTHING:
            gone.setdefault(old, []).append(path)
        elif old == NOTHING:
            new.setdefault(fresh, []).append(path)
    empty = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    pairs = [(gone[blob], new[blob]) for blob in gone if blob in new and blob != empty]
    return {to[0]: source[0] for source, to in pairs if len(source) == 1 and len(to) == 1}


def changes_of(path, commits):
    """Numbers of the commits that changed a file, under the names that it had."""
    found, before = set(), len(commits)
    while path:
        earlier = None
        for number in range(before):
            if any(row[0] == path for row in commits[number][2]):
                found.add(number)
            source = moves(commits[number][2]).get(path)
            if source:
                earlier = (source, number)
        path, before = earlier or (None, 0)
    return found


def locked(checkout, blob):
    packages = tomllib.loads(run("git", "-C", checkout, "cat-file", "blob", blob)).get("package", [])
    return {package["name"]: package.get("version") for package in packages}


def package_changes(checkout, commits):
    """Per package the numbers of the commits that changed its version; the lock's first version is none."""
    found = {}
    for number, (_, _, rows) in enumerate(commits):
        for path, old, new in rows:
            if path == "uv.lock" and NOTHING not in (old, new):
                before, after = locked(checkout, old), locked(checkout, new)
                for name in before.keys() | after.keys():
                    if before.get(name) != after.get(name):
                        found.setdefault(name, set()).add(number)
    return found


def path_of(label):
    package, _, name = label[2:].partition(":")
    return f"{package}/{name}" if package else name


def layers_of(plan, graph, files, packages):
    """The layers from the bottom: (compressed bytes, tar bytes, commits that change it)."""
    kinds = {node["label"]: node["kind"] for node in graph["nodes"]}
    sources = {}
    for source, target in graph["edges"]:
        if kinds[target] == "source":
            sources.setdefault(source, []).append(target)
    layers, counted = [], set()
    for layer in plan["layers"]:
        commits = set()
        for unit in layer["units"]:
            label = unit["label"]
            if unit["kind"] == "package":
                commits |= packages.get(label.rpartition(":")[2].replace("_", "-"), set())
            elif unit["kind"] != "interpreter":
                own = [label] if unit["kind"] == "source" else sources.get(label, [])
                commits |= set().union(*(files(path_of(file)) for file in own if file not in counted), set())
                counted |= set(own)
        if layer["kind"] not in ("base", "certs"):
            interpreter = any(unit["kind"] == "interpreter" for unit in layer["units"])
            layers.append((layer["compressed_bytes"], layer["tar_bytes"], commits, interpreter))
    return layers


def check(checkout, app, plan_file, commits, packages):
    options = [checkout, "--app", app, "--commits", str(len(commits) - 1)] + (["--plan", plan_file] if plan_file else [])
    plan, replay = layerwright("plan", *options), layerwright("replay", *options)
    graph = json.loads(run(LAYERWRIGHT, "graph", checkout, "--app", app, "--format", "json"))
    known = {}

    def files(path):
        if path not in known:
            known[path] = changes_of(path, commits)
        return known[path]

    layers = layers_of(plan, graph, files, packages)
    # The interpreter's version is read from files of several kinds; here the commits are taken as the replay has them.
    interpreter = layerwright("plan", *options, "--evidence", next(
        unit["label"] for layer in plan["layers"] for unit in layer["units"] if unit["kind"] == "interpreter"
    ))["evidence"]["commits"]
    numbers = {commit: number for number, (commit, _, _) in enumerate(commits)}
    python = {numbers[commit["commit"]] for commit in interpreter}
    layers = [(stored, tar, (rows | python if has else rows) - {0}) for stored, tar, rows, has in layers]
    deploys = sorted(set().union(*(rows for _, _, rows in layers)))
    deployed = [numbers[deploy["commit"]] for deploy in replay["deployed"]]
    series = next(series for series in replay["series"] if series["name"] == "plan")
    keep = sum(stored * len(rows) for stored, _, rows in layers)
    below, chain, unpacked = set(), 0, 0
    for stored, tar, rows in layers:
        below = below | rows
        chain += stored * len(below)
        unpacked += tar * len(below)
    counted = (deploys, keep, chain, unpacked)
    sums = series["total_by_profile"]
    said = (deployed, sums["keep"], sums["chain"], series["unpack_total"])
    print(f"{app}: {len(deploys)} deploys, keep {keep:,}, chain {chain:,}, unpacked {unpacked:,}: {'equal' if counted == said else 'DIFFERENT'}")
    if counted != said:
        print("  only here:", [commits[number][:2] for number in sorted(set(deploys) - set(deployed))])
        print("  only there:", [commits[number][:2] for number in sorted(set(deployed) - set(deploys))])
        print("  sums there:", said[1:])
    return counted == said


def main():
    checkout, *apps = sys.argv[1:]
    commits = log(checkout)
    packages = package_changes(checkout, commits)
    results = [check(checkout, *(app.partition("=")[::2]), commits, packages) for app in apps]
    sys.exit(0 if all(results) else 1)


main()
