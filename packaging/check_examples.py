#!/usr/bin/env python3
"""Checks that every example in YAML of docs/ci.md is YAML, and that those of GitHub Actions and pre-commit have what these
read. Needs python3-yaml."""
import pathlib
import re
import sys

import yaml

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "ci.md"


def main():
    found = dict(re.findall(r"<!-- the file (\S+) -->\n```yaml\n(.*?)```", PAGE.read_text(), re.S))
    documents = {name: yaml.safe_load(text) for name, text in found.items()}
    workflow = documents[".github/workflows/layers.yml"]
    # YAML 1.1 reads the key `on` as true.
    assert True in workflow or "on" in workflow, "the workflow has no trigger"
    for job in workflow["jobs"].values():
        assert job["runs-on"] and all("uses" in step or "run" in step for step in job["steps"])
    for repository in documents[".pre-commit-config.yaml"]["repos"]:
        for hook in repository["hooks"]:
            re.compile(hook["files"])
            assert hook["id"] and hook["entry"] and hook["language"]
    print(f"examples: {', '.join(sorted(documents))} are in order")


if __name__ == "__main__":
    sys.exit(main())
