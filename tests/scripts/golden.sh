#!/usr/bin/env bash
exec tests/tools/golden "$1"
