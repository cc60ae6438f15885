#!/bin/sh
# `layerwright measure` says of the demo's layers what a real Bazel 7 built, and `plan` counts with it.
#
#     LAYERWRIGHT=.../layerwright LAYERWRIGHT_BAZEL=bazel tests/measured_layers.sh
#
# LAYERWRIGHT          the binary
# LAYERWRIGHT_BAZEL    Bazel 7, or a launcher that takes the same arguments; it is called in the workspace's folder
# TMPDIR               where the copy of the demo is put; Bazel must be able to write there
#
# The copy is made by layer_rules/make_workspace.py, with stand-ins for rules_oci, rules_python, packages and interpreter. Needed are
# python3 3.11 or later.
set -eu
exec python3 "$(dirname "$0")/measured_layers/check_measured.py"
