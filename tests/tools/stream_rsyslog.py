#!/usr/bin/env python3
"""stream_rsyslog.py PROGRAM RSYSLOGD: rsyslogd reads a growing file (imfile) and hands each line to `stream --confirm` (omprog,
confirmMessages); the program is killed once on the way. Every line's records must be there."""
import json, os, signal, subprocess, sys, tempfile, time

program, rsyslogd = os.path.abspath(sys.argv[1]), sys.argv[2]
make_log = os.path.join(os.path.dirname(program), 'tests', 'make_log')
if not os.path.exists(make_log):
    print('skipped: make_log is not built')
    sys.exit(77)
CONFIGURATION = '''
global(workDirectory="{folder}")
module(load="imfile" mode="polling" pollingInterval="1")
module(load="omprog")
template(name="raw" type="string" string="<189>May  1 12:00:00 r1 %rawmsg%\\n")
ruleset(name="vpn") {{
    action(type="omprog" name="ikescope" template="raw" confirmMessages="on" confirmTimeout="20000" action.resumeRetryCount="-1" action.resumeInterval="1"
           signalOnClose="on" output="{folder}/said" binary="{program} stream -q --confirm -o {folder}/records")
}}
input(type="imfile" file="{folder}/log" tag="vpn" ruleset="vpn")
'''


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
        if r['type'] == 'transition':
            found[(r['spi_i'], r['state'], r['event'], r.get('msgid'))] = True
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
        open(folder + '/all', 'wb').write(b''.join(b'<189>May  1 12:00:00 r1 ' + l for l in lines))
        subprocess.run([program, 'stream', '-q', '-o', folder + '/records', folder + '/all'], check=True)
        want = events(folder)
        os.remove(folder + '/records')
        open(folder + '/conf', 'w').write(CONFIGURATION.format(folder=folder, program=program))
        open(folder + '/log', 'wb').close()
        said = open(folder + '/rsyslogd', 'wb')
        daemon = subprocess.Popen([rsyslogd, '-n', '-f', folder + '/conf', '-i', folder + '/pid'], stdout=said, stderr=said)
        killed = False
        try:
            for n in range(10):
                with open(folder + '/log', 'ab') as to:
                    to.write(b''.join(lines[n * len(lines) // 10:(n + 1) * len(lines) // 10]))
                time.sleep(0.3)
                pid = child_of(daemon.pid)
                if n >= 5 and pid and not killed:
                    os.kill(pid, signal.SIGKILL)
                    killed = True
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
        print(f'{len(lines)} lines through rsyslogd, killed once: {killed}; {len(want)} transitions, {len(missing)} missing')
        if missing or not killed:
            print(sorted(missing, key=str)[:3], open(folder + '/rsyslogd', errors='replace').read()[-1000:])
        return bool(missing)


sys.exit(main())
