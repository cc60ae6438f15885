#!/usr/bin/env python3
"""Collects the licence texts of every library that the program is linked with, and of the typefaces in it.

    packaging/licences.py > third-party-licences.txt

Reads `cargo metadata` and the sources that cargo has already fetched; it asks nothing of the network. Fails if a library
names no licence. A library that names one but carries no text of it is listed, and its texts are those that others carry.
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAMES = ("license", "licence", "copying", "notice", "copyright", "unlicense", "ofl")
# Where a library keeps more of them: those of typefaces that are built in stand beside them.
FOLDERS = ("fonts", "licenses", "licences", "license", "licence")


def linked_packages(metadata):
    """The packages that a normal build reaches from ours, ours left out."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root, seen = metadata["resolve"]["root"], set()
    waiting = [root]
    while waiting:
        package = waiting.pop()
        if package in seen:
            continue
        seen.add(package)
        for dependency in nodes[package]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                waiting.append(dependency["pkg"])
    return sorted((p for p in metadata["packages"] if p["id"] in seen - {root}), key=lambda p: (p["name"], p["version"]))


def licence_files(folder):
    """The files of a library that hold licence texts, by name."""
    files = [file for file in folder.iterdir() if file.is_file() and file.name.lower().startswith(NAMES)]
    for below in folder.iterdir():
        if below.is_dir() and below.name.lower() in FOLDERS:
            is_text = lambda file: file.suffix.lower() in (".txt", ".md", "") and file.is_file()
            files += [file for file in below.iterdir() if is_text(file)]
    return sorted(files)


def main():
    host = next(line.split()[1] for line in subprocess.check_output(["rustc", "-vV"], text=True).splitlines() if line.startswith("host:"))
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", host]
    packages = linked_packages(json.loads(subprocess.check_output(command, cwd=ROOT, text=True)))
    texts, bare = {}, []
    for package in packages:
        if not package["license"] and not package["license_file"]:
            sys.exit(f"{package['name']} {package['version']} names no licence")
        folder = pathlib.Path(package["manifest_path"]).parent
        files = licence_files(folder)
        whole = f"{package['name']} {package['version']} ({package['license'] or package['license_file']})"
        if not files:
            bare.append(whole)
        for file in files:
            texts.setdefault(file.read_text(errors="replace").strip(), []).append(whole)
    fonts = ROOT / "assets" / "fonts" / "OFL.txt"
    texts.setdefault(fonts.read_text().strip(), []).append("IBM Plex typefaces (OFL-1.1)")
    print("Layerwright is linked with these libraries and carries these typefaces.\n")
    for text, users in sorted(texts.items(), key=lambda item: item[1]):
        print("=" * 100)
        print("\n".join(dict.fromkeys(users)))
        print("-" * 100)
        print(text)
    print("=" * 100)
    print("These name their licence and carry no text of it; the licence's text stands above:")
    print("\n".join(bare))


main()
