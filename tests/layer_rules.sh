#!/bin/sh
# Checks the layer rules of assets/bazel with a real Bazel 7, on copies of the demo workspace.
#
#     LAYERWRIGHT_BAZEL=bazel tests/layer_rules.sh
#
# LAYERWRIGHT_BAZEL    Bazel 7, or a launcher that takes the same arguments; it is called in the workspace's folder
# LAYERWRIGHT_SITE     optional: a folder with <package>/site-packages/... of the packages in uv.lock; with it the demo's
#                      apps are started out of their layers too. Without it the packages' files are made up
# LAYERWRIGHT_PYTHON   optional: prefix of a Python 3.13 that runs wherever it is put, which becomes the images'
#                      interpreter; without it the interpreter is a script that starts the host's python3
# LAYERWRIGHT          optional: the program; with it, and umoci, layers are put into an OCI image and measured there
#
# What rests on stand-ins: rules_oci (no image is made, only its layers; umoci makes one of them), rules_python (Bazel's own Python rules do the
# work), the repository of the Python packages, the interpreter. layer_rules/make_workspace.py says how each is made.
# Needed are python3 3.11 or later and GNU tar.
set -eu
exec python3 "$(dirname "$0")/layer_rules/check_rules.py"
