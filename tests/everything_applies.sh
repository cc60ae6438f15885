#!/bin/sh
# Gives every release_app of a real repository a plan of two layers and asks a real Bazel what came of it.
#
#     LAYERWRIGHT=target/debug/layerwright LAYERWRIGHT_CHECKOUT=everything tests/everything_applies.sh
#
# LAYERWRIGHT            the program to test
# LAYERWRIGHT_CHECKOUT   a git checkout of github.com/whale-net/everything at af608aa0; it is cloned and stays as it is
# LAYERWRIGHT_BAZEL      optional: a launcher that is called as `LAUNCHER WORKSPACE ARGUMENTS...` and runs a Bazel that can load the
#                        repository, with stand-ins for its external repositories. Without it the text alone is checked
# BUILDOZER              optional: reads the wanted value back
# BUILDIFIER             optional: edits of formatted files stay formatted, and formatting before or after an edit comes to the same
# LAYERWRIGHT_DIFFS      optional: a folder that gets one diff for each app
#
# Needed are git and python3.
set -eu
exec python3 "$(dirname "$0")/everything_applies/check_apps.py"
