"""Makes every edit of tests/edit_cases with the program and compares the result with what buildifier and buildozer say.

See ../buildtools_agree.sh for what the environment says.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ["LAYERWRIGHT"])
BUILDIFIER = os.environ.get("BUILDIFIER") and os.path.abspath(os.environ["BUILDIFIER"])
BUILDOZER = os.environ.get("BUILDOZER") and os.path.abspath(os.environ["BUILDOZER"])
CASES = pathlib.Path(__file__).parent.parent / "edit_cases"


def lay_out(case, description, folder):
    """Writes the workspace of a case: the shared files, the case's own over them, what stands outside of it, and links."""
    workspace = folder / "workspace"
    shutil.copytree(CASES / "_shared", workspace)
    shutil.copytree(case / "in", workspace, dirs_exist_ok=True)
    if (workspace / "_outside").exists():
        shutil.move(workspace / "_outside", folder / "_outside")
    for link, target in description.get("symlinks", {}).items():
        (workspace / link).parent.mkdir(parents=True, exist_ok=True)
        (workspace / link).symlink_to(target)
    return workspace


def contents(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def formatted_state(path, folder):
    """What buildifier says of one file: clean, dirty or syntax_error."""
    copy = folder / "BUILD.bazel"
    shutil.copyfile(path, copy)
    status = subprocess.run([BUILDIFIER, "-mode=check", copy], capture_output=True).returncode
    return {0: "clean", 4: "dirty"}.get(status, "syntax_error")


def check_case(case, folder):
    description = json.loads((case / "case.json").read_text())
    workspace = lay_out(case, description, folder)
    file = workspace / description["file"]
    before = contents(workspace)
    state = {}
    if BUILDIFIER and file.exists():
        state["input"] = formatted_state(file, folder)
    command = [PROGRAM, "edit", workspace, "--request", case / "case.json", "--format", "json"]
    ran = subprocess.run(command, capture_output=True, text=True)
    if not ran.stdout:
        yield f"status {ran.returncode}: {ran.stderr}"
        return
    result = json.loads(ran.stdout)
    wanted = {"edit": "edited", "noop": "unchanged", "refuse": "refused"}[description["outcome"]]
    if result["outcome"] != wanted:
        yield f"{result['outcome']} instead of {wanted}: {result['refusal']}"
        return
    if wanted != "edited":
        if contents(workspace) != before:
            yield "files were written"
    else:
        for path, expected in contents(case / "out").items():
            if (workspace / path.relative_to(case / "out")).read_bytes() != expected:
                yield f"{path} is not what was written"
        if BUILDIFIER:
            state["output"] = formatted_state(file, folder)
        if state.get("input") == "clean" and state.get("output") != "clean":
            yield "a clean file did not stay clean"
    recorded = description.get("buildifier_8_2_1", {})
    for which, found in state.items():
        if which in recorded and found != recorded[which]:
            yield f"buildifier says the {which} is {found}, the case says {recorded[which]}"
    for reading in description.get("buildozer_readback", []) if BUILDOZER else []:
        read = subprocess.run([BUILDOZER, *reading["args"]], cwd=workspace, capture_output=True, text=True)
        if read.stdout != reading["stdout"] or read.returncode != reading.get("rc", 0):
            yield f"buildozer {reading['args']} says {read.stdout!r} {read.stderr!r}"


def main():
    counts = {"cases": 0, "problems": 0}
    for path in sorted(CASES.glob("*/case.json")):
        counts["cases"] += 1
        with tempfile.TemporaryDirectory() as folder:
            for problem in check_case(path.parent, pathlib.Path(folder)):
                counts["problems"] += 1
                print(f"{path.parent.name}: {problem}")
    print(f"{counts['cases']} cases, {counts['problems']} problems")
    sys.exit(1 if counts["problems"] or not counts["cases"] else 0)


main()
