#!/usr/bin/env python3
"""stream_cases.py PROGRAM: `ikescope stream` under what streams meet."""
import concurrent.futures, json, os, random, resource, signal, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from validating import parsed

program = os.path.abspath(sys.argv[1])
make_log = os.path.join(os.path.dirname(program), 'tests', 'make_log')
if not os.path.exists(make_log):
    print('skipped: make_log is not built')
    sys.exit(77)
bad = 0


def check(holds, *words):
    global bad
    if not holds:
        bad += 1
        print('not so:', *words)


def log(sas, kib, abreast=1, dialect='iosxe'):
    return subprocess.run([make_log, dialect, str(sas), str(kib), str(abreast)], capture_output=True, check=True).stdout.splitlines(keepends=True)


def records(data):
    out = []
    for line in data.splitlines():
        try:
            out.append(parsed(line))
        except ValueError:
            out.append({'type': 'broken'})
    return out


def stream(data, *options):
    run = subprocess.run([program, 'stream', '-q', *options], input=data, capture_output=True, timeout=120)
    check(run.returncode == 0, 'exit status', run.returncode, run.stderr[-300:])
    return records(run.stdout)


def valid(rows, what):
    """Some of all kinds against docs/stream.schema.json; of events, which are many, the first ones."""
    some = [r for r in rows if r['type'] in ('event', 'transition')][:80] + [r for r in rows if r['type'] not in ('event', 'transition', 'summary')][:200] + rows[-1:]
    run = subprocess.run([sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'validate_json.py'), '--stream', '-'],
                         input='\n'.join(map(json.dumps, some)), capture_output=True, text=True)
    check(run.returncode in (0, 77), what, 'against the schema:', run.stdout, run.stderr)


def accounted(rows, lines, what):
    check(rows and rows[-1]['type'] == 'summary', what, 'ends with a summary')
    counts = rows[-1]['lines']
    check(counts['total'] == lines, what, 'lines', counts, 'fed', lines)
    check(sum(n for k, n in counts.items() if k != 'total') == lines, what, 'classes add up', counts, lines)
    valid(rows, what)


def established(rows):
    return {r.get('device') for r in rows if r['type'] == 'sa' and r.get('outcome') == 'established'}


def wrap(kind, device, line):
    line = line.rstrip(b'\n')
    if kind == '3164':
        return b'<189>May  1 12:00:00 %s %s\n' % (device, line)
    if kind == '5424':
        return b'<189>1 2026-05-01T12:00:00.000Z %s ios - - - %s\n' % (device, line)
    return json.dumps({'router': device.decode(), 'msg': line.decode()}).encode() + b'\n'


def mixed_devices():
    for kind in ('3164', '5424', 'json'):
        feeds = [(b'r%d' % d, iter(log(2, 1))) for d in range(12)]
        fed, rng = [], random.Random(7)
        while feeds:
            device, lines = rng.choice(feeds)
            some = [wrap(kind, device, line) for _, line in zip(range(rng.randint(1, 9)), lines)]
            if not some:
                feeds.remove((device, lines))
            fed += some
        rows = stream(b''.join(fed), *(('--device-field', 'router') if kind == 'json' else ()))
        accounted(rows, len(fed), kind)
        check(established(rows) == {f'r{d}' for d in range(12)}, kind, 'devices that came up:', sorted(established(rows)))
        ids = [r['id'] for r in rows if 'id' in r and r['type'] in ('event', 'transition')]
        check(len(ids) == len(set(ids)), kind, 'ids repeat')


class Follower:
    def __init__(self, folder, *options):
        self.path, self.out = os.path.join(folder, 'log'), os.path.join(folder, 'out')
        self.argv = [program, 'stream', '-q', '--follow', self.path, '-o', self.out, *options]

    def start(self):
        self.child = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL)

    def stop(self, how=signal.SIGTERM):
        self.child.send_signal(how)
        return self.child.wait(30)

    def rows(self):
        return records(open(self.out, 'rb').read()) if os.path.exists(self.out) else []

    def wait(self, events):
        until = time.monotonic() + 20
        while time.monotonic() < until and sum(r['type'] in ('event', 'transition') for r in self.rows()) < events:
            time.sleep(0.05)


def events_of(rows):
    return sum(r['type'] in ('event', 'transition') for r in rows)


def rotation_and_truncation():
    lines = log(3, 1)
    whole = stream(b''.join(lines))
    third = len(lines) // 3
    for how in ('rotated', 'cut'):
        with tempfile.TemporaryDirectory() as folder:
            f = Follower(folder)
            f.start()  # before the file is there
            time.sleep(0.3)
            with open(f.path, 'wb') as to:
                to.write(b''.join(lines[:third]))
            time.sleep(0.8)
            if how == 'rotated':
                old = open(f.path, 'ab')
                os.rename(f.path, f.path + '.1')
                with open(f.path, 'wb') as to:
                    to.write(b''.join(lines[third + 5:2 * third]))
                old.write(b''.join(lines[third:third + 5]))  # written after the rotation: the writer was not told yet
                old.close()
            else:
                with open(f.path, 'r+b') as to:
                    to.truncate(0)
                time.sleep(0.5)
                with open(f.path, 'ab') as to:
                    to.write(b''.join(lines[third:2 * third]))
            time.sleep(0.3)
            with open(f.path, 'ab') as to:
                to.write(b''.join(lines[2 * third:]))
            f.wait(events_of(whole))
            check(f.stop() == 0, how, 'status')
            rows = f.rows()
            accounted(rows, len(lines), how)
            check(events_of(rows) == events_of(whole), how, 'events', events_of(rows), 'of', events_of(whole))


def kill_and_restart():
    rng = random.Random(3)
    feeds = [(b'r%d' % d, iter(log(6, 1))) for d in range(8)]
    fed = []
    while feeds:
        device, lines = rng.choice(feeds)
        some = [wrap('3164', device, line) for _, line in zip(range(rng.randint(1, 9)), lines)]
        if not some:
            feeds.remove((device, lines))
        fed += some
    whole = {r['id']: r for r in stream(b''.join(fed)) if 'id' in r}
    with tempfile.TemporaryDirectory() as folder:
        state = os.path.join(folder, 'state')
        f = Follower(folder, '--checkpoint', state)
        open(f.path, 'wb').close()
        f.start()
        steps, kills = 40, {11, 20, 31}
        with open(f.path, 'ab', buffering=0) as to:
            for n in range(steps):
                chunk = b''.join(fed[n * len(fed) // steps:(n + 1) * len(fed) // steps])
                cut = len(chunk) // 2
                to.write(chunk[:cut])  # often within a line
                time.sleep(0.05)
                to.write(chunk[cut:])
                time.sleep(0.05)
                if n in kills:
                    f.stop(signal.SIGKILL)
                    f.start()
        f.stop(signal.SIGTERM)
        check(os.path.exists(state), 'a checkpoint was written')
        last = subprocess.run([program, 'stream', '-q', '--checkpoint', state, '-o', f.out, f.path])
        check(last.returncode == 0, 'the last run')
        rows = [r for r in f.rows() if 'id' in r]
        once = {}
        for r in rows:
            check(once.setdefault(r['id'], r) == r, 'two records of one id', once[r['id']], r)
        lost, more = whole.keys() - once.keys(), once.keys() - whole.keys()
        check(not lost, len(lost), 'records lost, as', [whole[i] for i in sorted(lost)[:2]])
        check(not more, len(more), 'records that the uninterrupted run has not, as', [once[i] for i in sorted(more)[:2]])
        print(f'kill and restart: {len(fed)} lines, {len(rows)} records written, {len(once)} of them different, {len(whole)} in one run')


class Written:
    """A log that a daemon writes: lines go to its file, which is rotated away by its name, or copied and cut."""

    def __init__(self, path, lines):
        self.path, self.lines, self.at, self.rotations = path, lines, 0, 0
        self.file = open(path, 'ab', buffering=0)

    def write(self, upto):
        block = b''.join(self.lines[self.at:upto])
        cut = len(block) // 2  # often within a line
        self.file.write(block[:cut])
        time.sleep(0.02)
        self.file.write(block[cut:])
        self.at = upto

    def rotate(self):
        """The daemon's own: renamed, and the next lines go to a new file."""
        self.rotations += 1
        os.rename(self.path, f'{self.path}.{self.rotations}')
        self.file.close()
        self.file = open(self.path, 'ab', buffering=0)

    def copy_and_cut(self):
        self.rotations += 1
        with open(self.path, 'rb') as f, open(f'{self.path}.{self.rotations}', 'wb') as to:
            to.write(f.read())
        os.truncate(self.path, 0)


def entries(lines):
    """Each with the lines that belong to it."""
    found = []
    for line in lines:
        if line.startswith(b'May') or not found:
            found.append([])
        found[-1].append(line)
    return found


def followed_through_kills():
    """Three logs of several devices, followed with one checkpoint, through kills at random moments and rotations between them, also
    while nobody reads: without repeated ids it is what one run says that nobody disturbed."""
    rng = random.Random(11)
    logs = []  # of entries: who is silent in the middle of one has its first part told
    for n in range(3):
        feeds = [(b'r%d' % (d if d == 0 else 10 * n + d), iter(entries(log(5, 1)))) for d in range(4)]  # r0 is in all three
        fed = []
        while feeds:
            device, some = rng.choice(feeds)
            entry = next(some, None)
            if entry is None:
                feeds.remove((device, some))
            else:
                fed.append(b''.join(wrap('3164', device, line) for line in entry))
        logs.append(fed)
    with tempfile.TemporaryDirectory() as folder:
        out, state = os.path.join(folder, 'out'), os.path.join(folder, 'state')
        whole = []
        for n, fed in enumerate(logs):
            path = os.path.join(folder, f'whole{n}')
            with open(path, 'wb') as to:
                to.write(b''.join(fed))
            whole.append(path)
        run = subprocess.run([program, 'stream', '-q', *whole], capture_output=True, timeout=120)
        whole = records(run.stdout)
        lines = b''.join(map(b''.join, logs)).count(b'\n')
        accounted(whole, lines, 'three files')
        whole = {r['id']: r for r in whole if 'id' in r}
        written = [Written(os.path.join(folder, f'log{n}'), fed) for n, fed in enumerate(logs)]
        argv = [program, 'stream', '-q', '--checkpoint', state, '-o', out]
        follow = [a for w in written for a in ('--follow', w.path)]
        start = lambda: subprocess.Popen(argv + follow, stdin=subprocess.DEVNULL)
        child, steps = start(), 30
        for step in range(1, steps + 1):
            for w in written:
                w.write(step * len(w.lines) // steps)
            time.sleep(rng.uniform(0.02, 0.2))
            if step % 6 == 0:
                w = written[step // 6 % 3]
                gone = step % 12 == 0  # rotated while nobody reads
                if gone:
                    child.kill()
                    child.wait()
                    w.rotate() if step % 24 == 0 else w.copy_and_cut()
                else:
                    w.copy_and_cut() if step % 4 == 2 else w.rotate()
                    time.sleep(rng.uniform(0, 1.6))
                    child.kill()
                    child.wait()
                if rng.random() < 0.5:
                    for other in written:
                        other.write(min(len(other.lines), other.at + 20))
                child = start()
                time.sleep(1.5 if gone else 0.1)
        time.sleep(1.5)
        child.terminate()
        check(child.wait(30) == 0, 'status')
        last = subprocess.run(argv + [w.path for w in written], timeout=60)
        check(last.returncode == 0, 'the last run')
        rows = [r for r in records(open(out, 'rb').read()) if 'id' in r]
        once = {}
        for r in rows:
            check(once.setdefault(r['id'], r) == r, 'two records of one id', once[r['id']], r)
        lost, more = whole.keys() - once.keys(), once.keys() - whole.keys()
        check(not lost, len(lost), 'records lost, as', [whole[i] for i in sorted(lost)[:2]])
        check(not more, len(more), 'records that the uninterrupted run has not, as', [once[i] for i in sorted(more)[:2]])
        print(f'followed through kills: {lines} lines in 3 files, {sum(w.rotations for w in written)} rotations, {len(rows)} records written, '
              f'{len(once)} of them different, {len(whole)} in one run')


def rotated_away():
    """What was rotated away and packed before it was read is missing, and that is said."""
    lines = log(3, 1)
    with tempfile.TemporaryDirectory() as folder:
        path, state, out = (os.path.join(folder, n) for n in ('log', 'state', 'out'))
        argv = [program, 'stream', '--checkpoint', state, '-o', out, path]
        with open(path, 'wb') as to:
            to.write(b''.join(lines[:100]))
        first = subprocess.run(argv, capture_output=True)
        with open(path, 'wb') as to:
            to.write(b''.join(lines[150:]))
        second = subprocess.run(argv, capture_output=True)
        check(first.returncode == 0 and second.returncode == 0, 'status', first.stderr, second.stderr)
        check(b'rotated away' in second.stderr and b'rotated away' not in first.stderr, 'what is missing is said', second.stderr)


def emptied_checkpoint():
    """A checkpoint of which a power cut left the name alone keeps no stream from starting; that all is read again is said."""
    lines = log(3, 1)
    with tempfile.TemporaryDirectory() as folder:
        path, state, out = (os.path.join(folder, n) for n in ('log', 'state', 'out'))
        with open(path, 'wb') as to:
            to.write(b''.join(lines))
        open(state, 'wb').close()
        run = subprocess.run([program, 'stream', '--checkpoint', state, '-o', out, path], capture_output=True)
        check(run.returncode == 0 and b'is empty' in run.stderr, 'status', run.returncode, run.stderr)
        check(os.path.getsize(state) > 0 and os.path.getsize(out) > 0, 'records and a checkpoint were written')


def came_and_went():
    """Files that stood at the path and were rotated away while nobody looked are read in their order; neighbours are not."""
    lines = log(6, 1)
    part = [b''.join(lines[len(lines) * n // 5:len(lines) * (n + 1) // 5]) for n in range(5)]
    said = lambda rows: {r['id'] for r in rows if r['type'] in ('event', 'transition')}

    def write(path, block):
        time.sleep(0.01)  # the files' times tell their order
        with open(path, 'ab') as to:
            to.write(block)

    for how in ('live', 'live copied', 'renamed', 'copied', 'dated', 'packed'):
        with tempfile.TemporaryDirectory() as folder:
            live = how.startswith('live')
            state = os.path.join(folder, 'state')
            f = Follower(folder, '--checkpoint', state)
            name = (lambda n: f'{f.path}-2025013{n}') if how == 'dated' else (lambda n: f'{f.path}.{n}')
            write(name(0), part[4])  # rotated away before the first run: none of its business
            write(f.path, part[0])
            f.start()
            f.wait(events_of(stream(part[0])) - 3)
            time.sleep(0.3)
            f.child.send_signal(signal.SIGSTOP if live else signal.SIGTERM)
            if not live:
                check(f.child.wait(30) == 0, how, 'status of the first run')
            for n in range(1, 5):  # three that nobody sees at the path, and one that stays there
                if 'copied' in how:
                    write(name(n), open(f.path, 'rb').read())
                    os.truncate(f.path, 0)
                else:
                    os.rename(f.path, name(n))
                write(f.path, part[n])
            if how == 'packed':
                os.rename(name(3), name(3) + '.gz')
            for neighbour in ('log.err', 'log2.txt', 'log.1.notes', 'catalog.3'):
                write(os.path.join(folder, neighbour), part[4])
            if live:
                f.child.send_signal(signal.SIGCONT)
                f.wait(events_of(stream(b''.join(part))))
                check(f.stop() == 0, how, 'status')
            run = subprocess.run([program, 'stream', '-o', f.out, '--checkpoint', state, f.path], capture_output=True)
            check(run.returncode == 0 and (b'rotated away' in run.stderr) == (how == 'packed'), how, 'is told:', run.stderr)
            wanted = said(stream(b''.join(p for n, p in enumerate(part) if how != 'packed' or n != 2)))
            got = said(f.rows())
            check(len(got) == len(wanted) and (how == 'packed' or got == wanted), how, len(got), 'records, not', len(wanted))


def caps():
    fed = []
    for again in range(2):  # a device that was given up comes back
        for d in range(20):
            fed += [wrap('3164', b'r%d' % d, line) for line in log(1, 1)[:60]]
    rows = stream(b''.join(fed), '--max-devices', '3')
    accounted(rows, len(fed), 'devices over the cap')
    check([r['what'] for r in rows if r['type'] == 'cap'] == ['devices'], 'the cap on devices is told once')
    check(rows[-1]['devices_over_cap'] == 37, 'devices over the cap', rows[-1])
    lines = log(50, 1, 50)
    rows = stream(b''.join(lines), '--max-sas', '10')
    accounted(rows, len(lines), 'SAs over the cap')
    check(any(r['type'] == 'cap' for r in rows) and rows[-1]['sas_over_cap'] > 0, 'the cap on SAs is told')
    shown = ['r1#show crypto ikev2 sa', ' IPv4 Crypto IKEv2  SA', '', 'Tunnel-id Local                 Remote                fvrf/ivrf            Status',
             '1         192.0.2.1/500         198.51.100.2/500      none/none            READY',
             '      Encr: AES-CBC, keysize: 256, PRF: SHA256, Hash: SHA256, DH Grp:14, Auth sign: PSK, Auth verify: PSK', '      Life/Active Time: 86400/50 sec']
    for often in (50, 2000):
        rows = stream('\n'.join(shown * often + ['']).encode())
        accounted(rows, len(shown) * often, 'show output')
        told = [(r['what'], r['limit']) for r in rows if r['type'] == 'cap']
        check(told == [('octets of show output and names', 1 << 20)] * (often > 50) and (rows[-1]['episodes_over_cap'] > 0) == (often > 50),
              'episodes cut for show output, printed', often, 'times:', told, rows[-1])


def flat_memory():
    def peak(rounds):
        child = subprocess.Popen([program, 'stream', '-q'], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        pattern, n = log(200, 400, 8), 0
        for r in range(rounds):
            block = []
            for k, line in enumerate(pattern):
                block.append(b'<189>May %2d %02d:%02d:00 router%d %s' % (1 + r // 24, r % 24, k * 59 // len(pattern), (k // 40) % 200, line))
            child.stdin.write(b''.join(block))
            n += len(block)
        child.stdin.flush()
        time.sleep(0.3)
        held = [int(l.split()[1]) for l in open(f'/proc/{child.pid}/status') if l.startswith('VmHWM')][0]
        child.stdin.close()
        check(child.wait(60) == 0, 'status')
        return held, n
    few, many = peak(6), peak(24)
    print(f'memory: {few[0]} KiB after {few[1]} lines of 200 devices, {many[0]} KiB after {many[1]}')
    check(many[0] < few[0] * 1.5 + 8192, 'memory grows', few, many)


def kept_from_reading():
    """A stream that does not get to run, or whose records nobody takes, must not take that for its devices' silence; and silence is what
    it waits for, on standard input, too."""
    heard = []

    def rows_of(pause):
        child = subprocess.Popen([program, 'stream', '-q', '--timeout', '1'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        lines = log(1, 1)
        child.stdin.write(b''.join(lines[:len(lines) // 2]))
        child.stdin.flush()
        time.sleep(0.3)
        pause(child)
        child.stdin.write(b''.join(lines[len(lines) // 2:]))
        child.stdin.close()
        rows = records(b''.join(heard) + child.stdout.read())
        check(child.wait(60) == 0, 'status')
        heard.clear()
        accounted(rows, len(lines), 'a pause')
        return rows

    def stopped(child):
        child.send_signal(signal.SIGSTOP)
        time.sleep(2.5)
        child.send_signal(signal.SIGCONT)

    def silent(child):
        """What was said is told meanwhile, not when the next line comes."""
        time.sleep(2)
        os.set_blocking(child.stdout.fileno(), False)
        told = child.stdout.read() or b''
        check(b'"type":"sa"' in told, 'silent for longer than the time-out: nothing told', len(told))
        os.set_blocking(child.stdout.fileno(), True)
        heard.append(told)

    whole, held, halves = rows_of(lambda child: None), rows_of(stopped), rows_of(silent)
    check(held == whole, 'stopped for longer than the time-out: other records', len(held), len(whole))
    check(len(halves) > len(whole), 'silent for longer than the time-out: records', len(halves), len(whole))


def endless_line():
    lines = log(1, 1)
    rows = stream(b''.join(lines) + b'x' * 5_000_000 + b'\n' + b''.join(lines))
    accounted(rows, 2 * len(lines) + 1, 'a line of 5 MB')
    check(any(r['type'] == 'finding' and r['rule'] == 'input-limit' for r in rows), 'a line of 5 MB passes the limit of a line', {r.get('rule') for r in rows})
    rows = stream(b'\n\n\0\0\xff\xfe\n{"host": 3, "msg": \n{}\n<189>\n')
    accounted(rows, 6, 'odd lines')
    accounted(stream(b''), 0, 'nothing')


class Asked:
    """`stream --confirm` as omprog has it: a line, its OK, the next line."""

    def __init__(self, folder, *options):
        self.out = os.path.join(folder, 'out')
        self.argv = [program, 'stream', '-q', '--confirm', '-o', self.out, *options]
        self.start()

    def start(self, *options):
        self.child = subprocess.Popen(self.argv + list(options), stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.answered()

    def answered(self):
        return self.child.stdout.readline() == b'OK\n'

    def hand_over(self, line):
        self.child.stdin.write(line)
        return self.answered()

    def kill(self):
        self.child.kill()
        self.child.wait()

    def stop(self):
        self.child.stdin.close()
        return self.child.wait(30)

    def told(self):
        return {r['id']: r for r in records(open(self.out, 'rb').read()) if 'id' in r}


def confirmed():
    """Behind its OK a line is safe: whoever is killed then has it in the next run, with all that it is told of with others."""
    rng = random.Random(5)
    lines = [wrap('3164', b'r%d' % (n % 3), line) for n, line in enumerate(log(3, 1))]
    told = []
    for kills in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            a = Asked(folder)
            for line in lines:
                check(a.hand_over(line), 'no OK for', line)
                if kills and rng.random() < 0.02:
                    a.kill()
                    if rng.random() < 0.3:  # what a kill left of a line that was not confirmed
                        with open(a.out + '.state.lines', 'ab') as to:
                            to.write(b'half a line')
                    a.start()
            time.sleep(0.6)
            at_once = a.told().keys() if not kills else at_once
            check(a.stop() == 0, 'status')
            a.start('--timeout', '1')  # what was left open is judged when it has been silent
            time.sleep(2.5)
            check(a.stop() == 0, 'status')
            told.append(a.told())
            check(not any(n.startswith('out.state.lines.') for n in os.listdir(folder)), 'a file that nobody needs')
    told.append({r['id']: r for r in stream(b''.join(lines)) if r['type'] in ('event', 'transition')})
    check(not told[2].keys() - at_once, len(told[2].keys() - at_once), 'events are not told while it runs')
    check(any(r['type'] == 'sa' and 'outcome' in r for r in told[0].values()), 'records', len(told[0]))
    for a, b, what in ((told[0], told[1], 'lost'), (told[1], told[0], 'more')):
        check(not a.keys() - b.keys(), what, [a[i] for i in sorted(a.keys() - b.keys())[:2]])
    with tempfile.TemporaryDirectory() as folder:  # it does not keep what nothing needs
        a = Asked(folder)
        line, count = b'x' * 65535 + b'\n', 1500
        for n in range(count):
            check(a.hand_over(line), 'no OK for a long line')
        time.sleep(1.5)
        check(a.hand_over(line), 'no OK')
        time.sleep(0.5)
        held = sum(os.path.getsize(os.path.join(folder, n)) for n in os.listdir(folder) if '.lines' in n)
        check(held < 3 << 26, 'octets held of', count * len(line), held)
        check(a.stop() == 0, 'status')
        for options in (['-o', '-'], ['-o', '/dev/null'], ['-o', a.out, program], ['-o', a.out, '--follow', program]):
            run = subprocess.run([program, 'stream', '--confirm', *options], input=b'', capture_output=True)
            check(run.returncode == 2 and b'--confirm' in run.stderr and not run.stdout, options, run.returncode, run.stderr)


def restarted_twice():
    """A device whose attempt has ended stays silent through two restarts, while another's open SA has both read from before it."""
    with open(os.path.join(os.path.dirname(__file__), '..', '..', 'samples', 'auth-refused-initiator-only', 'r1.log'), 'rb') as at:
        ended, open_one = at.read().splitlines(keepends=True), log(2, 1)[:40]
    early = [wrap('3164', b'rb', line) for line in ended[:len(ended) // 2]]
    late = [wrap('3164', b'rb', line) for line in ended[len(ended) // 2:]]
    other = [wrap('3164', b'ra', line) for line in open_one]
    fed = early + other[:10] + late
    whole = {r['id']: r for r in stream(b''.join(fed + other[10:])) if 'id' in r}
    with tempfile.TemporaryDirectory() as folder:
        f = Follower(folder, '--checkpoint', os.path.join(folder, 'state'), '--timeout', '30')
        open(f.path, 'wb').write(b''.join(fed))
        for some in (other[10:20], other[20:30], other[30:]):
            f.start()
            time.sleep(3.5 if some == other[10:20] else 1.5)  # the failed one is judged; a checkpoint is written
            f.stop(signal.SIGKILL)
            open(f.path, 'ab').write(b''.join(some))
        f.start()
        time.sleep(1)
        f.stop(signal.SIGTERM)
        again = [r for r in f.rows() if 'id' in r and r['id'] not in whole]
        check(not again, 'told of a device that had ended:', again[:2])
        check({i for i, r in whole.items() if r['type'] == 'transition'} <= {r.get('id') for r in f.rows()}, 'transitions are missing')


def many_rotations():
    """One SA stays open through more rotations than a checkpoint once could name; each restart goes on where the last one was."""
    lines = log(1, 1)
    begun, rest = lines[:30], lines[30:]
    with tempfile.TemporaryDirectory() as folder:
        f = Follower(folder, '--checkpoint', os.path.join(folder, 'state'))
        open(f.path, 'wb').write(b''.join(begun))
        for n in range(10):
            f.start()
            time.sleep(1.7)
            f.stop(signal.SIGTERM)
            for k in range(n, 0, -1):
                os.rename(f'{f.path}.{k}', f'{f.path}.{k + 1}')
            os.rename(f.path, f.path + '.1')
            open(f.path, 'wb').write(b''.join(rest[n:n + 1]))
        left = parsed(open(os.path.join(folder, 'state'), 'rb').read())['inputs'][0]
        check(left['replay'] == 0 and len(left['files']) == 10, 'files', len(left['files']), 'replay', left['replay'])
        want = {r['id'] for r in stream(b''.join(begun + rest[:9])) if r['type'] == 'transition'}
        got = {r['id'] for r in f.rows() if r['type'] == 'transition'}
        check(want == got, len(want - got), 'transitions lost,', len(got - want), 'more')


def late_words():
    """A daemon goes on writing to the file that was rotated away, with pauses, for longer than a second."""
    lines = log(1, 1)
    whole = stream(b''.join(lines))
    with tempfile.TemporaryDirectory() as folder:
        f = Follower(folder)
        open(f.path, 'wb').write(b''.join(lines[:10]))
        f.start()
        time.sleep(0.5)
        with open(f.path, 'ab', buffering=0) as old:
            os.rename(f.path, f.path + '.1')
            open(f.path, 'wb').write(b''.join(lines[20:]))
            for line in lines[10:20]:
                old.write(line)
                time.sleep(0.3)
        f.wait(events_of(whole))
        f.stop()
        accounted(f.rows(), len(lines), 'late words')


def empty_when_left():
    """A file that was empty when it was left is known by its inode: its lines are read after it was rotated away, and no neighbour's."""
    lines = log(1, 1)
    with tempfile.TemporaryDirectory() as folder:
        f = Follower(folder, '--checkpoint', os.path.join(folder, 'state'))
        with open(f.path + '.5', 'wb') as to:
            to.write(b''.join(lines[:20]))
        open(f.path, 'wb').close()
        f.start()
        time.sleep(0.5)
        f.stop()
        with open(f.path, 'ab') as to:
            to.write(b''.join(lines[:10]))
        os.rename(f.path, f.path + '.1')
        with open(f.path, 'wb') as to:
            to.write(b''.join(lines[10:15]))
        f.start()
        time.sleep(2)
        f.stop()
        lines_read = sum(r['lines']['total'] for r in f.rows() if r['type'] == 'summary')
        check(lines_read == 15, 'lines read', lines_read)


def pipes_and_links():
    """A pipe without words keeps nobody waiting; a link is followed to where it leads."""
    lines = log(1, 1)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as elsewhere:
        pipe, out = os.path.join(folder, 'pipe'), os.path.join(folder, 'out')
        for option in ([], ['--follow']):
            if os.path.exists(pipe):
                os.remove(pipe)
            os.mkfifo(pipe)
            child = subprocess.Popen([program, 'stream', '-q', '--timeout', '1', *option, pipe, '-o', out], stdin=subprocess.DEVNULL)
            with open(pipe, 'wb', buffering=0) as to:
                to.write(b''.join(lines))
                time.sleep(2.5)
                rows = records(open(out, 'rb').read())
                check(any('outcome' in r for r in rows), option, 'a silent pipe: nothing is judged of', len(rows), 'records')
            if option:
                child.terminate()
            check(child.wait(10) == 0, 'status')
            os.remove(out)
        for name in ('log', 'records'):
            os.symlink(os.path.join(elsewhere, name), os.path.join(folder, name))
        f = Follower(folder)
        f.argv = [program, 'stream', '--follow', os.path.join(folder, 'log'), '-o', os.path.join(folder, 'records')]
        open(os.path.join(elsewhere, 'log'), 'wb').write(b''.join(lines))
        f.start()
        time.sleep(1)
        check(f.stop() == 0, 'status')
        accounted(records(open(os.path.join(elsewhere, 'records'), 'rb').read()), len(lines), 'links')


def left_with_a_checkpoint():
    """Standard input cannot be read again: what is open is judged when the stream is stopped; what is no log is told."""
    lines = open(os.path.join(os.path.dirname(__file__), '..', '..', 'samples', 'auth-refused-initiator-only', 'r1.log'), 'rb').read()
    told = []
    with tempfile.TemporaryDirectory() as folder:
        state = os.path.join(folder, 'state')
        for options in ([], ['--checkpoint', state]):
            child = subprocess.Popen([program, 'stream', '-q', *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            child.stdin.write(lines)
            child.stdin.flush()
            time.sleep(0.7)
            child.terminate()
            rows = records(child.communicate()[0])
            told.append({r.get('rule', r.get('outcome')) for r in rows if r['type'] in ('sa', 'finding')})
            run = subprocess.run([program, 'stream', '-q', *options], input=bytes.fromhex('d4c3b2a1020004000000000000000000ffff000001000000'), capture_output=True)
            check(run.returncode == 2 and b'capture' in run.stderr, options, run.returncode, run.stderr)
    check(told[0] == told[1] and 'auth-failed' in told[0], 'judged', told)


def too_many_devices():
    """More devices than are held come again and again: their names do not pile up."""
    peak = []
    for rounds in (100, 700):
        fed = b''.join(b'<189>May  1 12:00:00 %s x\n' % (b'r%d-' % (n % 30) + b'n' * 200) for n in range(30 * rounds))
        child = subprocess.Popen([program, 'stream', '-q', '--max-devices', '16'], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        child.stdin.write(fed)
        child.stdin.flush()
        time.sleep(0.3)
        peak.append(next(int(line.split()[1]) for line in open(f'/proc/{child.pid}/status') if line.startswith('VmHWM')))
        child.stdin.close()
        child.wait()
    check(peak[1] < peak[0] + 1500, 'KiB', peak)


def advised_as_in_a_report():
    """What to do stands in a stream's finding as in the report's."""
    path = os.path.join(os.path.dirname(__file__), '..', '..', 'samples', 'transform-sets-differ', 'r2.log')
    report = json.loads(subprocess.run([program, 'report', '-f', 'json', path], capture_output=True, check=True).stdout)
    want = {f['rule']: f.get('fix') for f in report['findings']}
    got = {r['rule']: r.get('fix') for r in stream(open(path, 'rb').read()) if r['type'] == 'finding'}
    check(want and all(want.values()) and got == want, 'advice of a stream', got, 'of a report', want)


def backlog():
    """A log that is read at once is told as if its lines had come when they were written: each attempt by itself, and whole. Its
    last entry waits for more lines, and an attempt that it ends or begins must not be cut in two for that."""
    asa = lambda at, number, text: f'{at} fw1 : %ASA-{number}: Local:198.51.100.77:500 Remote:203.0.113.10:500 Username:Unknown IKEv2 {text}\n'
    for apart, seconds in ((60, 0), (3, 0), (60, 1), (60, 30)):
        lines = []
        for n in range(6):
            begun, ended = (time.strftime('%b %d %Y %H:%M:%S', time.gmtime(1741788022 + n * apart + late)) for late in (0, seconds))
            lines += [asa(begun, '5-750002', 'Received a IKE_INIT_SA request'),
                      asa(ended, '4-750003', 'Negotiation aborted due to ERROR: Failed to find a matching policy')]
        rows = stream(''.join(lines).encode())
        accounted(rows, len(lines), 'a backlog')
        told = [r['outcome'] for r in rows if r['type'] == 'sa' and 'outcome' in r], [r['rule'] for r in rows if r['type'] == 'finding']
        check(told == (['failed'] * 6, ['no-proposal-chosen'] * 6), 'attempts', apart, 'seconds apart, refused after', seconds, 'are told as', told)
    lines = log(2, 1)  # a relay's clock is of another zone than its devices': that is no silence
    own, relayed = (sum('outcome' in r for r in stream(b''.join(fed))) for fed in (lines, [b'<189>May  1 15:00:00 r1 ' + line for line in lines]))
    check(own == relayed, 'a relay three hours ahead of its device:', relayed, 'SAs, not', own)


def waiting():
    """What does little but wait, all at once."""
    cases = restarted_twice, many_rotations, late_words, empty_when_left, pipes_and_links, left_with_a_checkpoint
    with concurrent.futures.ThreadPoolExecutor(len(cases)) as pool:
        for done in [pool.submit(case) for case in cases]:
            done.result()


chosen = sys.argv[2:]
for case in (mixed_devices, confirmed, waiting, too_many_devices, advised_as_in_a_report, backlog, endless_line, caps, rotation_and_truncation, kill_and_restart, followed_through_kills, rotated_away, emptied_checkpoint, came_and_went, kept_from_reading, flat_memory):
    if chosen and case.__name__ not in chosen:
        continue
    before = bad
    begun = time.monotonic()
    case()
    print(f'{case.__name__}: {"well" if bad == before else f"{bad - before} complaints"} ({time.monotonic() - begun:.1f} s)', flush=True)
sys.exit(bad > 0)
