#!/bin/sh
# Edits every BUILD file of a real checkout and asks whether the edit and buildifier can change places.
#
#     LAYERWRIGHT=target/debug/layerwright LAYERWRIGHT_CHECKOUT=magma BUILDIFIER=... tests/buildifier_commutes.sh
#
# LAYERWRIGHT            the program to test
# LAYERWRIGHT_CHECKOUT   a repository; its files are copied and it stays as it is
# BUILDIFIER             buildifier 8.2.1
#
# In each file one dependency is added to every target whose `deps` is a list, and a library is put at the end. Formatting before or after
# must come to the same bytes, and a file that was formatted must stay so. Refusals are counted by code. Needed is python3.
set -eu
exec python3 "$(dirname "$0")/buildifier_commutes/check_files.py"
