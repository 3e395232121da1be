#!/usr/bin/env bash
exec tests/tools/check-layers
