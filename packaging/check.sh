#!/usr/bin/env bash
# Checks what packaging/build.sh made: the desktop entry, the metainfo, the examples for CI, a report in a browser, the package
# by lintian, and, where a bare Debian can
# be made (root, debootstrap), that it installs there, opens the demo under Xvfb, prints the demo without a display, and
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
packaging/check_report.sh
deb=$(ls -t target/packages/*.deb | head -n 1)
lintian --fail-on error "$deb" && echo "lintian: no errors"

chroot=${LAYERWRIGHT_CHROOT:-}
[ -n "$chroot" ] || exit 0
mirror=$(awk '/^URIs:/ {print $2; exit} /^deb / {print $2; exit}' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null || true)
[ -x "$chroot/bin/sh" ] || debootstrap --variant=minbase bookworm "$chroot" "${mirror:-http://deb.debian.org/debian}"
cp "$deb" "$chroot/tmp/layerwright.deb"
chroot "$chroot" sh -euc '
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >/dev/null
  apt-get install -q -y --install-recommends /tmp/layerwright.deb >/dev/null
  echo "installed: $(layerwright --version)"
  layerwright 2>/dev/null | head -n 5
  apt-get install -q -y --no-install-recommends xvfb xdotool >/dev/null
  Xvfb :77 -screen 0 1440x900x24 >/dev/null 2>&1 & server=$!
  sleep 2
  DISPLAY=:77 HOME=/tmp layerwright >/tmp/layerwright.log 2>&1 & window=$!
  for attempt in $(seq 40); do
    DISPLAY=:77 xdotool search --name Layerwright >/dev/null 2>&1 && break
    sleep 0.5
  done
  DISPLAY=:77 xdotool search --name Layerwright >/dev/null || { cat /tmp/layerwright.log; exit 1; }
  kill -0 $window && echo "window: open on the demo"
  kill $window $server
  apt-get purge -q -y layerwright >/dev/null
  left=$(find / -xdev -name "*layerwright*" -not -path "/tmp/*" -not -path "/proc/*" | head)
  [ -z "$left" ] || { echo "left behind: $left"; exit 1; }
  echo "removed: nothing is left"
'
