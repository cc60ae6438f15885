#!/usr/bin/env bash
# Makes the README's pictures: the window on the bundled demo, under a virtual display.
# Needs: xvfb xdotool imagemagick libgl1-mesa-dri and a built program (cargo build --release).
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-target/release/layerwright}
export DISPLAY=:${LAYERWRIGHT_DISPLAY:-97} HOME
HOME=$(mktemp -d)
unset WAYLAND_DISPLAY
Xvfb "$DISPLAY" -screen 0 1440x900x24 +extension GLX +render -noreset >/dev/null 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$HOME"' EXIT
sleep 1

open_window() { # theme
  mkdir -p "$HOME/.config/layerwright"
  echo "theme = \"$1\"" > "$HOME/.config/layerwright/settings.toml"
  "$program" "${@:2}" >/dev/null 2>&1 &
  window=$!
  for _ in $(seq 50); do
    id=$(xdotool search --name '^Layerwright$' | head -n 1 || true)
    [ -n "$id" ] && break
    sleep 0.2
  done
  xdotool windowmove "$id" 0 0 windowsize "$id" 1440 900 windowfocus "$id"
  xdotool mousemove 700 880
  sleep 3
}
close_window() { kill $window; wait $window 2>/dev/null || true; }
picture() { import -window root "docs/$1.png"; }
drag() { # from x, y, to x, y; "hold" keeps the button down
  xdotool mousemove "$1" "$2" mousedown 1
  for step in $(seq 12); do
    xdotool mousemove $(($1 + ($3 - $1) * step / 12)) $(($2 + ($4 - $2) * step / 12))
    sleep 0.05
  done
  sleep 0.5
  [ "${5:-}" = hold ] || { xdotool mouseup 1; sleep 0.6; }
}

open_window Dark --app //demo/sales_report:sales-report
picture window
close_window

open_window Light --app //demo/price_api:price-api
drag 640 520 1255 377 hold
picture drag
xdotool mouseup 1
sleep 1
xdotool key ctrl+Return
sleep 2
picture review
xdotool key Escape
sleep 0.5
xdotool key F5
sleep 1
xdotool mousemove 900 600
sleep 0.3
xdotool mousemove 700 890
sleep 0.5
picture presentation
close_window
