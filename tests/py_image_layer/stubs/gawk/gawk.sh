#!/bin/sh
exec gawk "$@"
