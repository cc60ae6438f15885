#!/usr/bin/env bash
# Checks a report in a real browser: made on a copy of the demo with a history of its own, opened in headless Chromium light,
# dark, narrow and on paper. Fails when the browser complains, when a part is missing, or when the page asks for anything.
# The pictures stay in the folder that is named last, to be looked at.
#
#   packaging/check_report.sh [PROGRAM] [FOLDER]
#
# Needs: chromium, git.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-target/dist/layerwright}")
folder=$(realpath -m "${2:-target/report}")
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work"

cp -r assets/demo "$work/demo"
cd "$work/demo"
commit() { git add -A && git -c user.name=Ada -c user.email=ada@example.org commit -q -m "$1"; }
git init -q . && commit "Bring the workspace"
for number in $(seq 24); do
  case $((number % 6)) in
    0) file=libs/python/money/__init__.py ;;
    3) file=libs/python/logs.py ;;
    *) file=demo/sales_report/report.py ;;
  esac
  echo "# $number" >> "$file"
  commit "Change $file, step $number"
done
"$program" report . --app //demo/sales_report:sales-report --out "$folder/report.html"
printf '[[layer]]\nname = "science"\ntargets = ["@pypi//:pandas", "@pypi//:scikit-learn"]\n' > "$work/plan.toml"
"$program" report . --app //demo/sales_report:sales-report --plan "$work/plan.toml" --out "$folder/plan.html"
"$program" report . --app //demo/sales_report:sales-report --plan "$work/plan.toml" --out "$folder/plan.md"

cd "$folder"
browse() { # everything that the browser says of the page goes to log
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/chromium" --enable-logging=stderr \
    --virtual-time-budget=2000 "$@" 2>>"$work/log"
}
for page in report plan; do
  url="file://$folder/$page.html"
  browse --window-size=1200,2600 --screenshot="$page-light.png" "$url"
  browse --window-size=1200,2600 --blink-settings=preferredColorScheme=0 --screenshot="$page-dark.png" "$url"
  browse --window-size=500,4200 --screenshot="$page-narrow.png" "$url"
  browse --no-pdf-header-footer --print-to-pdf="$page.pdf" "$url"
  browse --dump-dom "$url" > "$work/$page.dom"
  for part in '<h1>' 'class="tile"' 'Layers</h2>' 'Replay</h2>' 'Findings</h2>' 'Evidence</h2>' 'How the numbers are made</h2>'; do
    grep -q "$part" "$work/$page.dom" || { echo "$page.html has no $part" >&2; exit 1; }
  done
done
if grep -E 'CONSOLE|Refused to|net::ERR' "$work/log"; then
  echo "the browser complains" >&2
  exit 1
fi
cmp -s report-light.png report-dark.png && { echo "dark is light" >&2; exit 1; }
echo "report: opened light, dark, narrow and on paper; the pictures are in $folder"
