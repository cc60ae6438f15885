#!/bin/sh
exec bsdtar "$@"
