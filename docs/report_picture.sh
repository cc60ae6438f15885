#!/usr/bin/env bash
# Makes the README's picture of a report, as packaging/check_report.sh opens it.
# Needs: chromium, git, imagemagick and a built program (cargo build --release).
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
packaging/check_report.sh "${1:-target/release/layerwright}" "$folder" >/dev/null
convert "$folder/report-light.png" -crop 1200x1320+0+0 +repage -strip +dither -colors 200 docs/report.png
