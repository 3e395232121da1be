#!/usr/bin/env python3
"""A progress bar shows on a terminal when a run takes over a second, and only then: progress_shown.py PROGRAM LOG"""
import os
import pty
import subprocess
import sys
import time

program, log = sys.argv[1:3]
with open(log, 'rb') as f:
    text = f.read()
failures = []


def run(arguments, slow, terminal):
    """What the program writes to standard error while its standard input takes its time."""
    ours, theirs = pty.openpty() if terminal else os.pipe()
    p = subprocess.Popen([program, *arguments, log, '-'], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    p.stdin.write(text)
    p.stdin.flush()
    if slow:
        time.sleep(2.3)
        p.stdin.write(text)
    p.stdin.close()
    said = b''
    while True:
        try:
            octets = os.read(ours, 65536)
        except OSError:
            break
        if not octets:
            break
        said += octets
    os.close(ours)
    if p.wait() != 0:
        failures.append('status %d' % p.returncode)
    return said


def check(good, what):
    if not good:
        failures.append(what)


bar = run([], True, True)
check(b'%' in bar and b'[' in bar and b'#' in bar, 'no bar on a terminal: %r' % bar)
check(bar.rstrip(b' ').endswith(b'\r') or bar.endswith(b'\r'), 'the bar is not wiped: %r' % bar[-80:])
check(b'%' not in run([], False, True), 'a bar in a fast run')
check(run([], True, False) == b'', 'a bar on a pipe')
check(b'%' not in run(['-q'], True, True), 'a bar in spite of --quiet')
for f in failures:
    print('FAILED:', f)
print('%d failures' % len(failures))
sys.exit(1 if failures else 0)
