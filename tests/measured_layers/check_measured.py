"""Measures the layers of the demo's apps and compares digests and lengths with the files that Bazel built."""

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LAYERWRIGHT = Path(os.environ["LAYERWRIGHT"]).resolve()
DEMO = HERE.parent.parent / "assets/demo"
# Layerwright reads MODULE.bazel to know the packages; Bazel takes the stand-ins of WORKSPACE.
FLAGS = ["--noenable_bzlmod", "--enable_workspace"]
PROBLEMS = []


def layerwright(workspace, *words):
    """A command's JSON, with folders of its own for what is remembered."""
    home = {name: str(workspace.parent / name) for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    command = [LAYERWRIGHT, words[0], ".", *words[1:], "--format", "json"]
    if "--" in words:
        at = words.index("--")
        command = [LAYERWRIGHT, words[0], ".", *words[1:at], "--format", "json", *words[at:]]
    done = subprocess.run(command, cwd=workspace, capture_output=True, text=True, env={**os.environ, **home})
    if done.returncode:
        print(done.stderr)
        return done.returncode
    return json.loads(done.stdout)


def check(what, found, expected):
    """Notes a difference."""
    print(("ok     " if found == expected else "WRONG  ") + what)
    if found != expected:
        PROBLEMS.append(f"{what}: {found} instead of {expected}")


def bazel_bin(workspace):
    """The folder of outputs."""
    bazel = shlex.split(os.environ["LAYERWRIGHT_BAZEL"])
    return Path(subprocess.run([*bazel, "info", *FLAGS, "bazel-bin"], cwd=workspace, capture_output=True, text=True, check=True).stdout.strip())


def sizes(plan):
    """Provenance and bytes per layer that the image rules make."""
    return {layer["name"]: (layer["provenance"], layer["compressed_bytes"]) for layer in plan["layers"] if layer["provenance"]}


def main():
    """Entry point."""
    with tempfile.TemporaryDirectory() as work:
        subprocess.run([sys.executable, HERE.parent / "layer_rules/make_workspace.py", DEMO, work], check=True)
        workspace = Path(work) / "workspace"
        shutil.copy(DEMO / "MODULE.bazel", workspace)
        check("nothing is run in a workspace that is not trusted", layerwright(workspace, "measure", "--app", "sales-report"), 2)
        before = sizes(layerwright(workspace, "plan", "--app", "sales-report"))
        check("before: nothing is measured", {provenance for provenance, _ in before.values()} & {"measured"}, set())
        measured = layerwright(workspace, "measure", "--app", "sales-report", "--trust", "--", *FLAGS)
        outputs = bazel_bin(workspace)
        for layer in measured["layers"]:
            content = (outputs / layer["file"]).read_bytes()
            found = (layer["digest"], layer["bytes"])
            check(f"{layer['name']}: {found}", found, (hashlib.sha256(content).hexdigest(), len(content)))
        check("every layer was built", (len(measured["layers"]), measured["failed"]), (4, []))
        after = sizes(layerwright(workspace, "plan", "--app", "sales-report"))
        check("plan counts with it", after, {layer["name"]: ("measured", layer["bytes"]) for layer in measured["layers"]})
        with open(workspace / "demo/sales_report/main.py", "a") as main_file:
            main_file.write("\n# changed\n")
        changed = {name for name, (provenance, _) in sizes(layerwright(workspace, "plan", "--app", "sales-report")).items() if provenance != "measured"}
        check("a layer whose file changed is not taken for the measured one", changed, {"app"})
        wrong = layerwright(workspace, "measure", "--app", "sales-report", "--trust", "--", "--no_such_flag")
        check("a wrong flag is an outside failure", wrong, 3)
    print(f"{len(PROBLEMS)} problems")
    for problem in PROBLEMS:
        print(problem)
    return 1 if PROBLEMS else 0


if __name__ == "__main__":
    raise SystemExit(main())
