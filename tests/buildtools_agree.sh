#!/bin/sh
# Compares the edit cases with what buildifier and buildozer say of them today, and runs the tests that need buildifier.
#
#     npm install --prefix FOLDER @bazel/buildifier@8.2.1 @bazel/buildozer@8.2.1
#     BUILDIFIER=FOLDER/node_modules/.bin/buildifier BUILDOZER=FOLDER/node_modules/.bin/buildozer tests/buildtools_agree.sh
#
# BUILDIFIER, BUILDOZER   the programs; without one, what it would check is left out
# LAYERWRIGHT             the program whose output is compared; by default it is built
# CARGO                   cargo, or a program in its place
#
# Needed is python3.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cargo=${CARGO:-cargo}
if [ -z "${BUILDIFIER:-}" ] && [ -z "${BUILDOZER:-}" ]; then
    echo "set BUILDIFIER and BUILDOZER to the programs" >&2
    exit 2
fi
cd "$here/.."
if [ -z "${LAYERWRIGHT:-}" ]; then
    "$cargo" build --bin layerwright
    LAYERWRIGHT=$("$cargo" metadata --format-version 1 --no-deps |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/debug/layerwright
fi
export LAYERWRIGHT
python3 "$here/buildtools_agree/check_cases.py"
if [ -n "${BUILDIFIER:-}" ]; then
    "$cargo" test --test edit_properties --test edit_rules -- --ignored
fi
