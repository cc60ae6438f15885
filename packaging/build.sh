#!/usr/bin/env bash
# Builds what can be built on Debian: the .deb and a portable tarball, into target/packages.
#
#   packaging/build.sh            builds the program first (`--profile dist`)
#   packaging/build.sh --no-build packs target/dist/layerwright as it is
#
# Needs: a Rust toolchain, gcc, python3, dpkg-dev and cargo-deb (`cargo install cargo-deb --locked`).
set -euo pipefail
cd "$(dirname "$0")/.."
[ "${1:-}" = --no-build ] || cargo build --profile dist --locked

generated=target/generated packages=target/packages
mkdir -p "$generated" "$packages"
target/dist/layerwright generate --out "$generated" >/dev/null
packaging/licences.py > "$generated/third-party-licences.txt"
gzip -9nkf "$generated/third-party-licences.txt"
gzip -9nc CHANGELOG.md > "$generated/changelog.gz"

cargo deb --profile dist --no-build --no-strip --output "$packages/"

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
machine=$(uname -m)
folder=layerwright-$version-linux-$machine
rm -rf "$packages/$folder"
mkdir -p "$packages/$folder"/{bin,share/applications,share/metainfo,share/man/man1,share/icons/hicolor/scalable/apps,share/doc/layerwright}
cp target/dist/layerwright "$packages/$folder/bin/"
cp packaging/layerwright.desktop "$packages/$folder/share/applications/"
cp packaging/*.metainfo.xml "$packages/$folder/share/metainfo/"
cp assets/icon/layerwright.svg "$packages/$folder/share/icons/hicolor/scalable/apps/"
cp "$generated"/man/*.1 "$packages/$folder/share/man/man1/"
cp -r "$generated/completions" "$packages/$folder/share/"
cp README.md LICENSE CHANGELOG.md "$generated/third-party-licences.txt" "$packages/$folder/share/doc/layerwright/"
# Equal input, equal bytes: names in order, no owner, one time.
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$packages" -cf - "$folder" | gzip -9n > "$packages/$folder.tar.gz"
rm -rf "${packages:?}/$folder"
ls -l "$packages"
