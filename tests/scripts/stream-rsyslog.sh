#!/usr/bin/env bash
# A real rsyslogd hands lines to `stream --confirm` by omprog: none is lost.
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
PATH=$PATH:/usr/sbin:/sbin
command -v rsyslogd >/dev/null || { echo "skipped: no rsyslogd"; exit 77; }
exec python3 tests/tools/stream_rsyslog.py "$1" "$(command -v rsyslogd)"
