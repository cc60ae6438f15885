#!/usr/bin/env bash
# The window stays alive on a hostile workspace: traps of every kind, with files that really have 100 MB.
#
#   LAYERWRIGHT=target/release/layerwright tests/hostile_window.sh [PICTURE.png]
#
# Needs: xvfb xdotool imagemagick libgl1-mesa-dri, cargo, 1 GB of room. The window must still answer while the workspace is read and
# after that; a picture is left where one is asked for.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${LAYERWRIGHT:-target/release/layerwright}")
picture=${1:-}
export DISPLAY=:${LAYERWRIGHT_DISPLAY:-97}
place=$(mktemp -d)
export HOME=$place/home
mkdir -p "$HOME"
unset WAYLAND_DISPLAY XDG_CACHE_HOME XDG_CONFIG_HOME XDG_STATE_HOME
Xvfb "$DISPLAY" -screen 0 1440x900x24 +extension GLX +render -noreset >/dev/null 2>&1 &
server=$!
window=
trap 'kill $window $server 2>/dev/null || true; rm -rf "$place"' EXIT

if [ -n "${LAYERWRIGHT_HOSTILE:-}" ]; then
  workspace=$LAYERWRIGHT_HOSTILE
else
  workspace=$place/workspace
  LAYERWRIGHT_HOSTILE=$workspace ${CARGO:-cargo} test --quiet --test hostile
fi

echo "headless, 100 MB files:"
time "$program" apps "$workspace" --no-cache > "$place/apps.txt"
grep -c '^note:' "$place/apps.txt" | sed 's/$/ findings/'

"$program" "$workspace" >/dev/null 2>"$place/errors.txt" &
window=$!
for _ in $(seq 100); do
  id=$(xdotool search --name '^Layerwright$' | head -n 1 || true)
  [ -n "$id" ] && break
  sleep 0.1
done
# It answers while it reads: the list of shortcuts opens and closes, and the picture differs.
answers() {
  import -window root "$place/before.png"
  xdotool windowfocus "$id" key F1
  for _ in $(seq 20); do
    sleep 0.1
    import -window root "$place/after.png"
    if ! cmp -s "$place/before.png" "$place/after.png"; then
      xdotool key Escape
      sleep 0.3
      return 0
    fi
  done
  return 1
}
sleep 1
answers || { echo "the window does not answer while it reads"; exit 1; }
echo "the window answers while it reads"
sleep 45
kill -0 $window || { echo "the window died"; cat "$place/errors.txt"; exit 1; }
answers || { echo "the window does not answer after reading"; exit 1; }
echo "the window answers after reading"
[ -z "$picture" ] || import -window root "$picture"
