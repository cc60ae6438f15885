#!/bin/sh
# Has a real Bazel write the manifests of rules_py's py_image_layer for programs of the demo, and compares with what is recorded.
#
#     LAYERWRIGHT_BAZEL=bazel RULES_PY=rules_py BAZEL_MODULES=modules tests/py_image_layer.sh
#
# LAYERWRIGHT_BAZEL    Bazel 7.4 or later, or a launcher that takes the same arguments; it is called in the workspace's folder
# LAYERWRIGHT_BAZEL_VERSION  optional: the version, for a Bazel that does not say it to its rules, as Debian's does not
# RULES_PY             a checkout of rules_py 1.6 to 1.12, as `git archive` writes it (that writes the version into it). The macro, its awk
#                      program and the rules are used as they are; build_manifests.py says what is changed in copies of the modules
# BAZEL_MODULES        a folder with a checkout of each other module: bazel_features, bazel_lib, bazel_skylib, platforms, rules_cc,
#                      rules_java (7.6.5), rules_license, rules_pkg, rules_python (1.x: 2.x looks for the wheels on PyPI by itself),
#                      rules_shell, tar.bzl, with_cfg.bzl; with rules_py below 1.8 or tar.bzl below 0.6 also aspect_bazel_lib, jq.bzl,
#                      yq.bzl and package_metadata
# LAYERWRIGHT_PYTHON   prefix of a Python 3.13 that runs wherever it is put; it becomes the interpreter that is "downloaded"
# LAYERWRIGHT_WHEELS   a folder with the wheels of the demo's uv.lock for Linux on x86-64
# BAZEL_DISTDIR        a folder with the wheels that rules_python itself wants: its python/private/pypi/deps.bzl lists them
#                      (pip, setuptools, build, click, ...)
# OUTPUT               optional: where the workspace and the manifests are left; a folder that the launcher can reach
# PY_IMAGE_TARS        optional: 1 builds the layers' tars too, with the machine's bsdtar, and sets their names against the manifests
# PY_IMAGE_FLAGS       optional: more flags for Bazel, such as --noincompatible_use_plus_in_repo_names
# PY_IMAGE_NAME        optional: the folder below py_image_layer/recorded; rules_py's version if it is missing
# PY_IMAGE_RECORD      optional: 1 writes what was built there; without it what was built is compared with what is there
# LAYERWRIGHT          optional: the program; it is asked what is in each layer, and that is compared with the manifests
#
# Left behind in OUTPUT/manifests: `{image}/{group}.manifest`, as Bazel wrote it, and `{image}.json`, which says for each file its layer.
#
# What rests on stand-ins is listed at the top of py_image_layer/build_manifests.py. Needed are python3 3.11 or later and GNU awk, and
# bsdtar for the tars, where Bazel runs.
set -eu
exec python3 "$(dirname "$0")/py_image_layer/build_manifests.py"
