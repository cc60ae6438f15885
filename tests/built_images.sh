#!/bin/sh
# Images made by umoci, skopeo and buildah, and served by docker-registry on 127.0.0.1, are read right; hostile ones are refused.
#
#     LAYERWRIGHT=.../layerwright tests/built_images.sh
#
# LAYERWRIGHT     the binary
# WITHOUT         optional: names of tools to do without, such as `buildah`, which wants user namespaces
#
# Needed: umoci, skopeo, buildah, docker-registry (Debian packages of these names), python3, about 1 GB in TMPDIR.
set -eu
exec python3 "$(dirname "$0")/built_images/check_images.py"
