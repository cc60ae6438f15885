#!/usr/bin/env python3
"""Makes assets/interpreter_sizes.txt: sizes of the CPython downloads of python-build-standalone for Linux.

    docs/interpreter_sizes.py PANTS_CHECKOUT RULES_PYTHON_CHECKOUT OUT

Both are git directories. Exact sizes are from all versions of the `versions_info.json` of Pants, which states the bytes of each
archive. Which archives rules_python downloads is from all versions of its `python/versions.bzl` and
`python/private/runtimes_manifest.txt`. Where rules_python downloads an archive whose size is not known, its size is estimated
(see `estimate`) and marked with `~`. docs/typical_sizes.md describes the format and the limits.
"""
import json
import re
import subprocess
import sys

INFO = ("src/python/pants/backend/python/providers/python_build_standalone/versions_info.json",
        "src/python/pants/backend/python/providers/experimental/python_build_standalone/versions_info.json")
LISTS = ("python/versions.bzl", "python/private/runtimes_manifest.txt")
ARCHIVE = re.compile(r"/download/(\d+)/cpython-(\d+\.\d+\.\w+?)(?:%2B|\+)\d+-(x86_64|aarch64)-unknown-linux-gnu-(install_only(?:_stripped)?)\.tar")
KINDS = {"install_only": "full", "install_only_stripped": "stripped"}

QUOTED = {
    ("3.12.15", 20261001, "x86_64"): {"full": 66_900_000, "stripped": 34_300_000},
    ("3.13.16", 20261001, "x86_64"): {"full": 75_300_000, "stripped": 35_100_000},
    ("3.14.8", 20261001, "x86_64"): {"full": 75_000_000, "stripped": 36_300_000},
}
"""Sizes that a public document quotes from the release page of 2026-10-01, rounded to 0.1 MB."""

ENTRIES = {("3.12.3", 20240415, "x86_64", "full"): 5191}
"""Number of entries in an archive, where a public lock states it."""

NEW_TOOLCHAIN = 20250601
"""From this build on, stripped archives are about 10 MB larger than before."""

SYMBOLS = {"x86_64": {8: 5.8, 9: 6.4, 10: 6.9, 11: 8.6}, "aarch64": {8: 5.0, 9: 5.3, 10: 5.5, 11: 6.1, 12: 6.7, 13: 6.7}}
"""MB by which full archives of July 2024 are larger than stripped ones of the same month, by minor version."""


def git(directory, *arguments):
    return subprocess.run(["git", "--git-dir", directory, *arguments], capture_output=True, text=True).stdout


def exact_sizes(pants):
    """Returns {(version, build, machine, kind): bytes}."""
    sizes = {}
    for path in INFO:
        for commit in git(pants, "log", "--format=%H", "--", path).split():
            text = git(pants, "show", f"{commit}:{path}")
            for builds in (json.loads(text).get("pythons", {}) if text else {}).values():
                for platforms in builds.values():
                    for archive in platforms.values() if isinstance(platforms, dict) else ():
                        match = ARCHIVE.search(archive["url"]) if isinstance(archive, dict) else None
                        if match:
                            sizes[match[2], int(match[1]), match[3], KINDS[match[4]]] = archive["size"]
    return sizes


def downloaded(rules_python):
    """Returns the pairs (version, build) that any version of rules_python can download."""
    pairs, read = set(), set()
    commits = git(rules_python, "tag").split() + git(rules_python, "log", "--format=%H", "--", *LISTS).split()
    for commit in commits:
        for path in LISTS:
            blob = git(rules_python, "rev-parse", "-q", "--verify", f"{commit}:{path}").strip()
            if not blob or blob in read:
                continue
            read.add(blob)
            text = git(rules_python, "cat-file", "blob", blob)
            for match in re.finditer(r"(\d{8})/cpython-(\{python_version\}|[\d.]+(?:a|b|rc)?\d*)(?:\+|%2B)\d{8}-(?:\{platform\}|(?:x86_64|aarch64)-unknown-linux-gnu)-", text):
                version = match[2]
                if version == "{python_version}":
                    before = re.findall(r'\n    "(\d+\.\d+\.\d+\w*)": \{', text[:match.start()])
                    if not before:
                        continue
                    version = before[-1]
                pairs.add((version, int(match[1])))
    return pairs


def estimate(stripped, version, build, machine):
    """Returns typical, low and high bytes of a full archive, from the stripped one of the same build plus its debug symbols."""
    minor, late = int(version.split(".")[1]), build >= NEW_TOOLCHAIN
    if machine == "x86_64" and minor >= 12:
        extra = {12: (32.6, 26, 42), 13: (40.2, 32, 46)}.get(minor, (38.7, 32, 46)) if late else (41, 32, 48)
    elif machine == "x86_64":
        symbols = SYMBOLS[machine][minor]
        extra = (symbols, 2, 26) if late else (symbols, symbols * 0.6, symbols * 1.6)
    else:
        symbols = SYMBOLS[machine].get(minor, 6.7)
        if not late:
            extra = (symbols, symbols * 0.6, symbols * 1.8)
        else:
            extra = (symbols + 4, 3, 26) if minor <= 11 else (20, 4, 42)
    return tuple(round(stripped + megabytes * 1e6) for megabytes in extra)


HEADER = """\
# layerwright interpreter-sizes 1
# Sizes of CPython downloads of python-build-standalone for Linux with glibc, made by docs/interpreter_sizes.py. See docs/typical_sizes.md.
# VERSION BUILD MACHINE KIND BYTES|~TYPICAL LOW HIGH [=ENTRIES]. full: install_only, what rules_python downloads; stripped:
# install_only_stripped. Bytes of the compressed archive; ~ marks a figure that is estimated or was rounded by its source.
"""


def main():
    pants, rules_python, out = sys.argv[1:]
    sizes = exact_sizes(pants)
    rows = {key: str(size) for key, size in sizes.items()}
    for (version, build, machine), kinds in QUOTED.items():
        for kind, size in kinds.items():
            rows.setdefault((version, build, machine, kind), f"~{size} {size - 50_000} {size + 50_000}")
    unknown = []
    for version, build in downloaded(rules_python):
        for machine in ("x86_64", "aarch64"):
            key = version, build, machine, "full"
            stripped = sizes.get((version, build, machine, "stripped"))
            if key not in rows and stripped:
                rows[key] = "~%d %d %d" % estimate(stripped, version, build, machine)
            elif key not in rows:
                unknown.append(key[:3])

    def order(key):
        return tuple(int(part) for part in re.findall(r"\d+", key[0])), key

    with open(out, "w", encoding="utf-8", newline="\n") as handle:
        handle.write(HEADER)
        for key in sorted(rows, key=order):
            entries = f" ={ENTRIES[key]}" if key in ENTRIES else ""
            handle.write(" ".join(map(str, key)) + f" {rows[key]}{entries}\n")
    exact = sum(not text.startswith("~") for text in rows.values())
    print(f"{len(rows)} rows, {exact} exact; unknown: {sorted(unknown)}")


if __name__ == "__main__":
    sys.exit(main())
