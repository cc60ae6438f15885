#!/bin/sh
# Installs the layer rules into a real repository, plans three of its apps and asks a real Bazel what came of it.
#
#     LAYERWRIGHT=target/debug/layerwright LAYERWRIGHT_CHECKOUT=everything LAYERWRIGHT_BAZEL=... tests/rules_install.sh
#
# LAYERWRIGHT            the program to test
# LAYERWRIGHT_CHECKOUT   a git checkout of github.com/whale-net/everything at af608aa0; it is cloned and stays as it is
# LAYERWRIGHT_BAZEL      a launcher that is called as `LAUNCHER WORKSPACE ARGUMENTS...` and runs a Bazel 7 that can load the repository,
#                        with stand-ins for its external repositories. Its output tree must be readable at the path that
#                        `info bazel-bin` prints
#
# What rests on stand-ins: rules_oci (no image is made, only its layers), rules_python (Bazel's own Python rules do the work), the Python
# packages (no files, unless the launcher's stand-ins have some) and the interpreter (the host's, so its layer is empty).
# Needed are git and python3.
set -eu
exec python3 "$(dirname "$0")/rules_install/check_install.py"
