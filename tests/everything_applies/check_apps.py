"""Applies a two-layer plan to every app of a checkout and checks the text, buildozer's reading and Bazel's.

See ../everything_applies.sh for what the environment says.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ["LAYERWRIGHT"])
CHECKOUT = os.environ["LAYERWRIGHT_CHECKOUT"]
BAZEL = os.environ.get("LAYERWRIGHT_BAZEL")
BUILDOZER = os.environ.get("BUILDOZER")
BUILDIFIER = os.environ.get("BUILDIFIER")
DIFFS = os.environ.get("LAYERWRIGHT_DIFFS")

# What an app gets that has no Python dependencies to plan: the exit status for refused or wrong use.
REFUSED = 2


def run(*command, cwd=None, check=True):
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if check and result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: status {result.returncode}\n{result.stdout}{result.stderr}")
    return result


def plan_of(clone, app):
    """Two layers out of what the app needs: pip packages that its targets name, and a library or more pip packages.

    An app that needs less gets the layers that there are.
    """
    graph = json.loads(run(PROGRAM, "graph", clone, "--app", app["label"], "--format", "json").stdout)
    kinds = {node["label"]: node["kind"] for node in graph["nodes"]}
    pip = sorted({b for a, b in graph["edges"] if b.startswith("@") and not a.startswith("@")})
    package = app["label"].split(":")[0]
    users = collections.Counter(b for _, b in graph["edges"])
    # The library that most others use comes first.
    libraries = sorted((label for label, kind in kinds.items() if kind == "py_library"), key=lambda label: (-users[label], label))
    inner = [label for label in libraries if label.split(":")[0] != package]
    if len(pip) == 2 and not inner:
        layers = [("pip", pip[:1]), ("more", pip[1:])]
    else:
        own = [label for label in libraries if label not in inner and not label.endswith("_layer")]
        second = [("internal", inner[:1] or pip[2:3])] if inner or pip[2:] else []
        layers = ([("pip", pip[:2])] if pip else []) + second
        layers += [("code", own[:1])] if len(layers) < 2 and own else []
    return [{"name": name, "targets": targets} for name, targets in layers]


def write_plan(path, layers):
    text = "".join(f'[[layer]]\nname = "{layer["name"]}"\ntargets = {json.dumps(layer["targets"])}\n' for layer in layers)
    path.write_text(text)


def unexpected_lines(diff):
    """Changed lines that are none of what such a change may hold: layers, libraries, and entries of deps."""
    allowed = re.compile(
        r"""^\s*(
            py_library\( | \)?,? | \],? | \},?\s* | \{ | dep_layers\ =\ \[ | deps\ =\ \[.*\],? | deps\ =\ \[
          | name\ =\ "\w+_layer", | visibility\ =\ \[.*\], | visibility\ =\ \[ | "name":\ ".*", | "targets":\ \[.*\],
          | "(//|:|@pypi//)[^"]*",?(\s*\#.*)? | load\("@rules_python//python:defs.bzl".*\)
        )$""",
        re.X,
    )
    changed = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return [line for line in changed if not allowed.match(line[1:])]


def check_app(clone, clean, folder, app):
    label = app["label"]
    problems = []
    run("git", "checkout", "-q", ".", cwd=clone)
    plan = folder / "plan.toml"
    if app["language"] != "python":
        write_plan(plan, [{"name": "a", "targets": ["//libs/python:python"]}])
        refused = run(PROGRAM, "apply", clone, "--app", label, "--plan", plan, check=False)
        if refused.returncode != REFUSED:
            problems.append(f"status {refused.returncode} where it must refuse")
        if run("git", "status", "--porcelain", cwd=clone).stdout:
            problems.append("a refusal has changed files")
        return "refused", None, problems
    layers = plan_of(clone, app)
    write_plan(plan, layers)
    applied = run(PROGRAM, "apply", clone, "--app", label, "--plan", plan, "--format", "json", check=False)
    if applied.returncode != 0:
        refusal = (json.loads(applied.stdout).get("refusal") if applied.stdout else None) or {}
        problems.append(f"refused: {refusal.get('code')} {refusal.get('message')} {applied.stderr}")
        return "refused", None, problems
    diff = run("git", "diff", "-U0", cwd=clone).stdout
    problems += [f"a line that need not change: {line}" for line in unexpected_lines(diff)]
    if DIFFS:
        name = label.strip("/").replace("/", "_").replace(":", "_")
        (pathlib.Path(DIFFS) / f"{name}.diff").write_text(run("git", "diff", cwd=clone).stdout)
    again = json.loads(run(PROGRAM, "apply", clone, "--app", label, "--plan", plan, "--format", "json").stdout)
    if again["outcome"] != "unchanged":
        problems.append(f"the second time: {again['outcome']}")
    apps = json.loads(run(PROGRAM, "apps", clone, "--format", "json").stdout)["apps"]
    found = next(other for other in apps if other["label"] == label)["dep_layers"]
    if [layer["name"] for layer in found or []] != [layer["name"] for layer in layers]:
        problems.append(f"reads {found} back")
    problems += check_buildozer(clone, label, found)
    problems += check_bazel(clone, label, found)
    if BUILDIFIER:
        problems += check_formatting(clone, clean, plan, label)
    lines = collections.Counter(line[0] for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---"))
    return f"applied, {len(layers)} layers, +{lines['+']} -{lines['-']}", [layer["targets"] for layer in layers], problems


def absolute(label, package):
    label = label if label.startswith(("//", "@")) else f"//{package}:{label.lstrip(':')}"
    return label if ":" in label else f"{label}:{label.rsplit('/', 1)[-1]}"


def check_buildozer(clone, label, wanted):
    if not BUILDOZER:
        return []
    package, name = label[2:].split(":")
    printed = run(BUILDOZER, "print name dep_layers", f"//{package}:%release_app", cwd=clone).stdout
    # One entry begins with the name of an app and a bracket.
    entries = re.split(r"(?m)^(?=\S+ (?:\[|\(missing\)))", printed)
    mine = [entry.split(" ", 1)[1] for entry in entries if entry.startswith(name + " ")]
    read = [(n, re.findall(r'"([^"]+)"', targets)) for n, targets in re.findall(r'"name": "(\w+)",\s*"targets": \[([^\]]*)\]', "".join(mine))]
    read = [(n, [absolute(target, package) for target in targets]) for n, targets in read]
    expected = [(layer["name"], [absolute(target, package) for target in layer["targets"]]) for layer in wanted]
    return [] if read == expected else [f"buildozer reads {read} where {expected} is wanted"]


def check_bazel(clone, label, wanted):
    if not BAZEL:
        return []
    every = run(BAZEL, clone, "query", "//...", check=False)
    problems = []
    if every.returncode != 0 or "ERROR" in every.stderr:
        problems.append(f"Bazel can't load: {every.stderr[-800:]}")
    package = label[2:].split(":")[0]
    targets = " + ".join(absolute(target, package) for layer in wanted for target in layer["targets"])
    # The layers reach what the app needs, and every label in them exists and is visible to the package.
    closure = run(BAZEL, clone, "query", f"deps({targets})", "--output=label", check=False)
    if closure.returncode != 0:
        problems.append(f"Bazel can't resolve the layers: {closure.stderr[-800:]}")
    return problems


def build_files(clone):
    return [name for name in run("git", "ls-files", cwd=clone).stdout.splitlines() if re.search(r"(^|/)BUILD(\.bazel)?$", name)]


def format_all(clone):
    run(BUILDIFIER, "-type=build", *build_files(clone), cwd=clone)
    return {name: (clone / name).read_bytes() for name in build_files(clone)}


def format_and_commit(clone):
    format_all(clone)
    run("git", "-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-qam", "Format", cwd=clone)


def check_formatting(clone, clean, plan, label):
    """An edit of formatted files stays formatted, and it does not matter whether the edit or buildifier comes first."""
    run("git", "checkout", "-q", ".", cwd=clean)
    run(PROGRAM, "apply", clean, "--app", label, "--plan", plan)
    edited = {name: (clean / name).read_bytes() for name in build_files(clean)}
    problems = [f"buildifier would change {name} after the edit" for name, text in format_all(clean).items() if text != edited[name]]
    formatted = format_all(clone)
    return problems + [f"{name}: the order of edit and buildifier matters" for name in edited if edited[name] != formatted[name]]


def main():
    if DIFFS:
        os.makedirs(DIFFS, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        clone = folder / "clone"
        run("git", "clone", "-q", CHECKOUT, clone)
        clean = folder / "clean"
        if BUILDIFIER:
            run("git", "clone", "-q", CHECKOUT, clean)
            format_and_commit(clean)
        apps = json.loads(run(PROGRAM, "apps", clone, "--format", "json").stdout)["apps"]
        for app in apps:
            outcome, targets, problems = check_app(clone, clean, folder, app)
            print(f"{'FAIL' if problems else 'ok  '} {app['label']}: {outcome} {targets or ''}", flush=True)
            for problem in problems:
                print(f"     {problem}", flush=True)
            failed += bool(problems)
        print(f"{len(apps)} apps, {failed} with problems")
    sys.exit(1 if failed or not apps else 0)


main()
