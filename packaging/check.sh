#!/usr/bin/env bash
# Checks what packaging/build.sh made: the desktop entry, the metainfo, the examples for CI, the definitions for other systems,
# a report in a browser, the package by lintian, the tarball by starting what is in it, and, where a bare Debian can be made
# (root, debootstrap), that the package installs there, opens the demo under Xvfb, prints the demo without a display, and
# leaves nothing when it is removed.
#
#   packaging/check.sh                    the files and the package
#   LAYERWRIGHT_CHROOT=DIR packaging/check.sh    also in a bare Debian 12 in DIR, made there if it is empty
#
# Needs: desktop-file-utils, appstream, lintian, chromium, python3-yaml; for the chroot debootstrap and root.
set -euo pipefail
cd "$(dirname "$0")/.."

desktop-file-validate packaging/layerwright.desktop && echo "desktop entry: valid"
appstreamcli validate --no-net packaging/*.metainfo.xml
packaging/check_examples.py
packaging/check_definitions.py
packaging/check_report.sh
deb=$(ls -t target/packages/*.deb | head -n 1)
lintian --fail-on error "$deb" && echo "lintian: no errors"

unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
tar -xzf "$(ls -t target/packages/*.tar.gz | head -n 1)" -C "$unpacked"
env -u DISPLAY -u WAYLAND_DISPLAY HOME="$unpacked" "$unpacked"/*/bin/layerwright >"$unpacked/demo.txt" 2>/dev/null
grep -q "^//demo/sales_report:sales-report" "$unpacked/demo.txt" && echo "tarball: unpacked and started"

chroot=${LAYERWRIGHT_CHROOT:-}
[ -n "$chroot" ] || exit 0
mirror=$(awk '/^URIs:/ {print $2; exit} /^deb / {print $2; exit}' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null || true)
[ -x "$chroot/bin/sh" ] || debootstrap --variant=minbase bookworm "$chroot" "${mirror:-http://deb.debian.org/debian}"
cp "$deb" "$chroot/tmp/layerwright.deb"
mountpoint -q "$chroot/proc" || {
  mount -t proc proc "$chroot/proc"
  trap 'umount "$chroot/proc"; rm -rf "$unpacked"' EXIT
}
chroot "$chroot" sh -euc '
  # What the program keeps for its user is no part of the package.
  export DEBIAN_FRONTEND=noninteractive HOME=/tmp
  install() { apt-get install -q -y "$@" >>/tmp/apt.log 2>&1 || { tail /tmp/apt.log; exit 1; }; }
  apt-get update -q >/tmp/apt.log 2>&1
  install --install-recommends /tmp/layerwright.deb
  echo "installed: $(layerwright --version)"
  layerwright >/tmp/layerwright.txt 2>/dev/null
  grep -q "^//demo/sales_report:sales-report" /tmp/layerwright.txt && echo "without a display: the demo as text"
  install --no-install-recommends xvfb xdotool
  Xvfb :77 -screen 0 1440x900x24 >/dev/null 2>&1 & server=$!
  sleep 2
  DISPLAY=:77 layerwright >/tmp/layerwright.log 2>&1 & window=$!
  for attempt in $(seq 40); do
    DISPLAY=:77 xdotool search --name Layerwright >/dev/null 2>&1 && break
    sleep 0.5
  done
  DISPLAY=:77 xdotool search --name Layerwright >/dev/null || { cat /tmp/layerwright.log; exit 1; }
  kill -0 $window && echo "window: open on the demo"
  kill $window $server
  apt-get purge -q -y layerwright >>/tmp/apt.log 2>&1
  left=$(find / -xdev -name "*layerwright*" -not -path "/tmp/*" -not -path "/proc/*" | head)
  [ -z "$left" ] || { echo "left behind: $left"; exit 1; }
  echo "removed: nothing is left"
'
