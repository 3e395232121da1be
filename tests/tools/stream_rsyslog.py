#!/usr/bin/env python3
"""stream_rsyslog.py PROGRAM RSYSLOGD: the recipe of docs/stream.md, with an rsyslogd that reads a growing file (imfile) and hands each
line to `stream --confirm` (omprog, confirmMessages); the program is killed on the way, again and again. Every event must be there."""
import json, os, random, re, signal, subprocess, sys, tempfile, time

program, rsyslogd = os.path.abspath(sys.argv[1]), sys.argv[2]
make_log = os.path.join(os.path.dirname(program), 'tests', 'make_log')
if not os.path.exists(make_log):
    print('skipped: make_log is not built')
    sys.exit(77)
CONFIGURATION = '''
global(workDirectory="{folder}")
module(load="imfile" mode="polling" pollingInterval="1")
{recipe}
input(type="imfile" file="{folder}/log" tag="vpn" facility="local7")
'''


def recipe(folder):
    """As it is printed there, but for the paths and the wait before a restart."""
    page = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'docs', 'stream.md')).read()
    text = re.search(r'## rsyslog\n+```\n(.*?)```', page, re.S).group(1)
    for old, new in (('/usr/bin/ikescope', program), ('/var/log/ikescope.ndjson', folder + '/records'), ('resumeInterval="5"', 'resumeInterval="1"')):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def events(folder):
    found = {}
    try:
        data = open(folder + '/records').read()
    except FileNotFoundError:
        return found
    for line in data.splitlines():
        try:
            r = json.loads(line)
        except ValueError:
            continue
        if r['type'] in ('event', 'transition'):
            found[json.dumps([v for k, v in sorted(r.items()) if k not in ('id', 'device', 'offset', 'line')])] = True
    return found


def child_of(pid):
    for p in filter(str.isdigit, os.listdir('/proc')):
        try:
            words = open(f'/proc/{p}/stat').read().rsplit(')', 1)[1].split()
            if int(words[1]) == pid and b'--confirm' in open(f'/proc/{p}/cmdline', 'rb').read():
                return int(p)
        except (OSError, IndexError):
            continue


def main():
    lines = [l for l in subprocess.run([make_log, 'iosxe', '20', '1', '4'], capture_output=True, check=True).stdout.splitlines(keepends=True) if l.strip()]
    with tempfile.TemporaryDirectory() as folder:
        open(folder + '/all', 'wb').write(b''.join(b'2026-05-01T12:00:00.000000+00:00 r1 ' + l for l in lines))
        subprocess.run([program, 'stream', '-q', '-o', folder + '/records', folder + '/all'], check=True)
        want = events(folder)
        os.remove(folder + '/records')
        open(folder + '/conf', 'w').write(CONFIGURATION.format(folder=folder, recipe=recipe(folder)))
        open(folder + '/log', 'wb').close()
        said = open(folder + '/rsyslogd', 'wb')
        daemon = subprocess.Popen([rsyslogd, '-n', '-f', folder + '/conf', '-i', folder + '/pid'], stdout=said, stderr=said)
        killed, rng = 0, random.Random(7)
        try:
            for n in range(10):
                with open(folder + '/log', 'ab') as to:
                    to.write(b''.join(lines[n * len(lines) // 10:(n + 1) * len(lines) // 10]))
                time.sleep(rng.uniform(0.3, 1.2))
                pid = child_of(daemon.pid)
                if n % 3 == 2 and pid:  # in the middle of lines, more often than not
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
            until = time.monotonic() + 40
            while time.monotonic() < until and want.keys() - events(folder).keys():
                time.sleep(0.2)
        finally:
            daemon.terminate()
            daemon.wait(30)
        got = events(folder)
        missing = want.keys() - got.keys()
        if not got and b'could not load module' in open(folder + '/rsyslogd', 'rb').read():
            print('skipped: this rsyslogd has no omprog or imfile')
            return 77
        print(f'{len(lines)} lines through rsyslogd, killed {killed} times; {len(want)} events, {len(missing)} missing')
        if missing or not killed:
            print(sorted(missing, key=str)[:3], open(folder + '/rsyslogd', errors='replace').read()[-1000:])
        return bool(missing)


sys.exit(main())
