#!/usr/bin/env python3
"""Checks the definitions of packages that are built elsewhere: that they are well-formed, that they name the version of Cargo.toml,
and that the files they install exist. Where flatpak-builder is installed, it reads its manifest. Needs python3-yaml."""
import pathlib
import plistlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"


def main():
    version = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.M)[1]

    bundle = plistlib.loads((PACKAGING / "macos/Info.plist").read_bytes())
    assert bundle["CFBundleShortVersionString"] == version, "Info.plist has another version"

    ElementTree.parse(PACKAGING / "windows/layerwright.wxs")

    metainfo = ElementTree.parse(next(PACKAGING.glob("*.metainfo.xml")))
    release = metainfo.find("releases/release")
    assert release.get("version") == version, "the metainfo's newest release is another version"
    heading = f"## {version} ({release.get('date')})"
    assert heading in (ROOT / "CHANGELOG.md").read_text(), f"CHANGELOG.md has no `{heading}`"
    assert f"layerwright ({version}-1)" in (PACKAGING / "changelog.Debian").read_text(), "changelog.Debian has another version"

    manifest = next((PACKAGING / "flatpak").glob("*.yaml"))
    commands = yaml.safe_load(manifest.read_text())["modules"][0]["build-commands"]
    for command in commands:
        if command.startswith("install ") and (source := command.split()[2]) and not source.startswith("target/"):
            assert (ROOT / source).exists(), f"{manifest.name} installs {source}, which is not there"
    if shutil.which("flatpak-builder"):
        subprocess.run(["flatpak-builder", "--show-manifest", str(manifest)], check=True, stdout=subprocess.DEVNULL)
        print("flatpak: flatpak-builder reads the manifest")
    print(f"definitions: Flatpak, macOS and Windows are well-formed and of version {version}")


if __name__ == "__main__":
    sys.exit(main())
