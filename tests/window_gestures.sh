#!/usr/bin/env bash
# The main job in a real window: three layers by dragging, one of them moved and renamed, applied, checked in git, undone.
# First with the mouse, then with the keyboard alone; then text is copied out of the window and pasted into it. Fails when the
# BUILD files are not what they have to be.
#
#   LAYERWRIGHT=target/release/layerwright tests/window_gestures.sh [FOLDER FOR PICTURES]
#
# Needs: xvfb xdotool xclip imagemagick libgl1-mesa-dri git. Works on a copy of the bundled demo.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${LAYERWRIGHT:-target/release/layerwright}")
pictures=${1:-}
export DISPLAY=:${LAYERWRIGHT_DISPLAY:-97}
place=$(mktemp -d)
export HOME=$place/home GIT_CONFIG_GLOBAL=/dev/null
mkdir -p "$HOME"
unset WAYLAND_DISPLAY XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
Xvfb "$DISPLAY" -screen 0 1280x800x24 +extension GLX +render -noreset >/dev/null 2>&1 &
server=$!
window=
trap 'kill $window $server 2>/dev/null || true; rm -rf "$place"' EXIT

build=demo/price_api/BUILD.bazel
workspace=$place/demo
cp -r assets/demo "$workspace"
in_git() { git -C "$workspace" -c user.name=Test -c user.email=test@localhost "$@"; }
in_git init -q
in_git add -A
in_git commit -q -m "The demo"

fail() {
  echo "failed: $1"
  import -window root "${pictures:-/tmp}/window_gestures_failed.png" 2>/dev/null || true
  in_git diff
  exit 1
}
picture() { [ -z "$pictures" ] || { mkdir -p "$pictures"; import -window root "$pictures/$1.png"; }; }
open_window() {
  "$program" "$workspace" --app //demo/price_api:price-api >/dev/null 2>"$place/errors.txt" &
  window=$!
  for _ in $(seq 100); do
    id=$(xdotool search --name '^Layerwright$' 2>/dev/null | head -n 1 || true)
    [ -n "$id" ] && break
    sleep 0.1
  done
  [ -n "$id" ] || fail "no window"
  sleep 0.5
  xdotool windowmove "$id" 0 0 windowsize "$id" 1280 800
  sleep 0.5
  xdotool windowfocus "$id" mousemove 640 790
  sleep 3
  xdotool key ctrl+9
  sleep 0.6
}
close_window() {
  kill $window
  wait $window 2>/dev/null || true
  window=
  sleep 0.5
}
drag() { # from x, y to x, y
  xdotool mousemove "$1" "$2"
  sleep 0.2
  xdotool mousedown 1
  for step in $(seq 8); do
    xdotool mousemove $(($1 + ($3 - $1) * step / 8)) $(($2 + ($4 - $2) * step / 8))
    sleep 0.05
  done
  sleep 0.3
  xdotool mouseup 1
  sleep 0.6
}
keys() {
  for key in "$@"; do
    xdotool key "$key"
    sleep 0.3
  done
}
# The layers that stand in the file, from the bottom up.
layers() { sed -n '/dep_layers = \[/,/^    \]/s/.*"name": "\([^"]*\)".*/\1/p' "$workspace/$build" | paste -sd ' '; }
expect_layers() {
  for _ in $(seq 50); do
    [ "$(layers)" = "$1" ] && return
    sleep 0.2
  done
  fail "the layers are '$(layers)' and not '$1'"
}
expect_clean() {
  for _ in $(seq 50); do
    [ -z "$(in_git status --porcelain)" ] && return
    sleep 0.2
  done
  fail "the files are not as they were"
}

# Where things stand in a window of 1280 by 800 that shows //demo/price_api:price-api, all of its graph.
hub=(560 462)
shared_library=(770 382)
first_row=(85 160)
no_layers_yet=(1095 305)
add_layer=(1228 62)
below_lowest=(1095 262)
lowest_name=(985 282)
uppermost=(1100 172)

expected=tests/window_gestures/BUILD.bazel
expect_bytes() { cmp "$expected" "$workspace/$build" || fail "the BUILD file is not $expected, byte for byte"; }

echo "with the mouse"
open_window
drag "${hub[@]}" "${no_layers_yet[@]}"
drag "${shared_library[@]}" "${add_layer[@]}"
keys ctrl+f
xdotool type --delay 30 pydantic-core
sleep 0.4
drag "${first_row[@]}" "${below_lowest[@]}"
xdotool mousemove "${lowest_name[@]}" click --repeat 2 --delay 80 1
sleep 0.4
xdotool type --delay 30 core_deps
keys Return
drag "${uppermost[@]}" "${below_lowest[@]}"
picture mouse_planned
keys ctrl+Return
sleep 2
picture mouse_review
keys ctrl+Return
expect_layers "core_deps internal_libs pip_deps"
expect_bytes
sleep 1
picture mouse_applied
keys ctrl+k
xdotool type --delay 30 'undo apply'
keys Return
expect_clean
sleep 1.5
picture mouse_undone
echo "the plan stays after Undo Apply"
keys ctrl+Return
sleep 2
keys ctrl+Return
expect_layers "core_deps internal_libs pip_deps"
expect_bytes
sleep 1
keys ctrl+k
xdotool type --delay 30 'undo apply'
keys Return
expect_clean
close_window
rm -rf "$HOME"
mkdir -p "$HOME"

echo "with the keyboard alone"
open_window
search() {
  keys ctrl+f ctrl+a
  xdotool type --delay 30 "$1"
  sleep 0.4
  keys Down
}
to_new_layer() {
  keys ctrl+m
  xdotool type --delay 30 "$1"
  keys Return
}
search pydantic-core
to_new_layer 'layer on top'
keys F2
xdotool type --delay 30 core_deps
keys Return
search //libs/python:python
to_new_layer 'layer on top'
# Through the graph: the binary, what it needs, and from there to the packages.
keys ctrl+f ctrl+a BackSpace F6 Down Down Down Down
to_new_layer 'layer on top'
picture keyboard_planned
keys ctrl+Return
sleep 2
picture keyboard_review
keys ctrl+Return
expect_layers "core_deps internal_libs pip_deps"
expect_bytes
sleep 1
keys ctrl+k
xdotool type --delay 30 'undo apply'
keys Return
expect_clean
close_window

echo "with the clipboard"
open_window
clipboard() { timeout 5 xclip -selection clipboard -o 2>/dev/null || true; }
expect_clipboard() {
  for _ in $(seq 25); do
    [ "$(clipboard)" = "$1" ] && return
    sleep 0.2
  done
  fail "the clipboard holds '$(clipboard)' and not '$1'"
}
keys ctrl+f ctrl+a
xdotool type --delay 30 uvicorn
keys ctrl+a ctrl+c
expect_clipboard uvicorn
printf //libs/python | xclip -selection clipboard -i >/dev/null
keys ctrl+a ctrl+v
# Cut what was pasted, to see that it arrived.
printf nothing | xclip -selection clipboard -i >/dev/null
keys ctrl+a ctrl+x
expect_clipboard //libs/python
close_window

if grep -E 'ERROR|panicked' "$place/errors.txt"; then
  fail "the window said that something went wrong"
fi
echo "all as it has to be"
