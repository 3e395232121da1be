#!/usr/bin/env python3
"""redaction.py IKESCOPE: every sample redacted. No original address, router's name or secret is left, neither in the redacted text nor in any
report of --redact, and the report of the redacted text tells the same story: the same findings, SAs, outcomes, exchanges and states.
"""
import glob, gzip, json, os, re, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from share import share

EXE = sys.argv[1]
REFERENCE = os.environ.get('IKESCOPE_REFERENCE', '../shared/reference')
ADDRESS = re.compile(r'(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])')
SECRET = re.compile(r'(?:pre-shared-key|key-string|password)(?: (?:local|remote|address|hex|\d))* +(\S{4,})')
FORMATS = ('summary', 'timeline', 'ladder', 'json', 'ndjson', 'markdown', 'html', 'svg', 'mermaid', 'plantuml')
bad = checked = 0


def complain(text):
    global bad
    bad += 1
    print(text)


def run(*args):
    return subprocess.run([EXE, *args], capture_output=True, text=True, errors='replace')


def is_text(path):
    head = open(path, 'rb').read(4096)
    return b'\0' not in head and not path.endswith(('.md', '.yaml', '.json', '.tsv', '.source', '.gz'))


def telling(address):
    """Masks, nothing, loopback and multicast are no one's address; whole private ranges have no other name."""
    first = [int(x) for x in address.split('.')]
    return 0 < first[0] < 224 and first[0] != 127 and max(first) < 256 and address not in ('10.0.0.0', '10.255.255.255', '192.168.0.0', '172.16.0.0')


def story(report):
    sas = [(sa['outcome'], [v.get('final_state') for v in sa['views']], [(x['type'], x.get('msgid'), x.get('outcome'), [
        [p['type'] for p in x[s].get('payloads', [])] for s in ('request', 'response') if s in x]) for x in sa['exchanges']]) for sa in report['ike_sas']]
    children = [(c['outcome'], len(c.get('tsi', [])), len(c.get('tsr', []))) for c in report['child_sas']]
    found = [(f['rule'], f['severity'], f['confidence'], [len(f.get('fix', {}).get(side, [])) for side in ('initiator', 'responder')], len(f['cause'].split()) // 2,
              sorted((e.get('input', ''), e.get('line', 0)) for e in f.get('evidence', [])), sorted((c.get('input', ''), c.get('line', 0)) for c in f.get('config', [])))
             for f in report['findings']]
    return {'findings': found, 'sas': sas, 'children': children}


def left(text, words):
    return [w for w in words if re.search(r'(?<![\w.-])' + re.escape(w) + r'(?![\w-]|\.\d)', text)]


def case(folder, files, formats=FORMATS):
    global checked
    original = '\n'.join(open(f, errors='replace').read() for f in files)
    report = json.loads(run('-q', '-f', 'json', *files).stdout or '{}')
    if not report.get('ike_sas') and not report.get('findings'):
        return
    addresses = {a for a in ADDRESS.findall(original) if telling(a)}
    secrets = set(SECRET.findall(original)) - {'*****', '<removed>', 'local', 'remote'}
    names = set(re.findall(r'^hostname (\S+)', original, re.M)) | set(re.findall(r'^([A-Za-z][\w-]{2,})[#>]', original, re.M))
    with tempfile.TemporaryDirectory() as tmp:
        done = run('redact', '-q', *files, '-o', f'{tmp}/clean/')
        if done.returncode:
            return complain(f'{folder}: redact: exit {done.returncode}, {done.stderr}')
        outs = [f'{tmp}/clean/{os.path.basename(f)}' for f in files]
        if sorted(os.listdir(f'{tmp}/clean')) != sorted(os.path.basename(f) for f in files):
            return complain(f'{folder}: redact: wrote {os.listdir(f"{tmp}/clean")}')
        text = '\n'.join(open(o, errors='replace').read() for o in outs)
        other = json.loads(run('-q', '-f', 'json', *outs).stdout or '{}')
        one, two = story(report), story(other) if other else {}
        # a terminal cut addresses in two at its width: halves are redacted, but no longer join
        for part in one if folder != 'samples/console-typed/' else ():
            if one[part] != two.get(part):
                complain(f'{folder}: {part} differ after redaction:\n  {one[part]}\n  {two.get(part)}')
        reports = {'the redacted text': text}
        for form in formats:
            reports[form] = run('-q', '--redact', '-f', form, *files).stdout
        for where, told in reports.items():
            checked += 1
            kept = left(told, addresses) + [s for s in secrets if s in told] + left(told, names)
            # a substitute may happen to be another's original; the one it stands for must be gone
            if kept:
                complain(f'{folder}: {where} still holds {kept[:6]}')


def dumped(name):
    """A message with an identity, as its octets."""
    octets = name.encode()
    rows = ''.join('     ' + ' '.join(f'{x:02X}' for x in octets[i:i + 16]) + '\n' for i in range(0, len(octets), 16))
    return ('*May  1 12:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):Sending Packet [To 192.0.2.1:500/From 192.0.2.2:500/VRF i0:f0] \n'
            'Initiator SPI : 0000000000000001 - Responder SPI : 0000000000000002 Message id: 1\nIKEv2 IKE_AUTH Exchange REQUEST \n'
            f'Payload contents: \n IDi  Next payload: AUTH, reserved: 0x0, length: {len(octets) + 8}\n    Id type: FQDN, Reserved: 0x0 0x0\n\n{rows}')


def long_identities():
    """However long a dumped identity is, nothing of it stays, and those behind it are replaced as themselves."""
    for length in (100, 300, 4090, 4100, 9000):
        first = ('gateway.bank.example' + '.abcdefghij' * (length // 11))[:length]
        with tempfile.TemporaryDirectory() as tmp:
            with open(f'{tmp}/log', 'w') as to:
                to.write(dumped(first) + dumped('second.shop.example'))
            text = run('redact', '-q', f'{tmp}/log').stdout
        parts = [bytes.fromhex(''.join(re.findall(r'^     ((?:[0-9A-Fa-f]{2} ?)+)$', part, re.M))) for part in text.split('Next payload:')[1:]]
        if len(parts) != 2 or b'bank' in parts[0] or b'abcdefghij' in parts[0] or b'shop' in parts[1] or not parts[1].startswith(b'host'):
            complain(f'an identity of {length} octets: {[p[:40] for p in parts]}')


ENTRY = '*May 14 09:10:0{n}.003: IKEv2-ERROR:(SESSION ID = 14,SA ID = 1):: {text}'
TEXTS = ('Failed to authenticate the IKE SA', 'Auth exchange failed')
EXPORTS = {  # how a collector names the router where the line of the log itself does not
    'a column under a heading': ('Time,Host,Message\n', '2026-05-14T09:10:01Z,museum-gw,"{e}"\n', ''),
    'a column without one': ('', '2026-05-14 09:10:01\tLocal7.Debug\tmuseum-gw\t{e}\n', ''),
    'an object over several lines': ('[\n', ' {{\n  "host": {{\n   "name": "museum-gw"\n  }},\n  "message": "{e}"\n }},\n', ' {}\n]\n'),
    'a prompt that tells its unit': ('museum-gw/pri/act# terminal monitor\n', '{e}\n', 'museum-gw/pri/act# show clock\n'),
}


def exports():
    """A router's name goes wherever a collector or a prompt puts it, and what is found stays."""
    for what, (head, row, tail) in EXPORTS.items():
        with tempfile.TemporaryDirectory() as tmp:
            with open(f'{tmp}/log', 'w') as to:
                to.write(head + ''.join(row.format(e=ENTRY.format(n=n, text=t)) for n, t in enumerate(TEXTS)) + tail)
            run('redact', '-q', f'{tmp}/log', '-o', f'{tmp}/clean')
            found = [[f['rule'] for f in json.loads(run('-q', '-f', 'json', f'{tmp}/{n}').stdout)['findings']] for n in ('log', 'clean')]
            if 'museum' in open(f'{tmp}/clean').read() or not found[0] or found[0] != found[1]:
                complain(f'{what}: {open(f"{tmp}/clean").read()[:300]} {found}')


def site():
    """A configuration and a log that name a customer in every way that is known: no word of site.words is left, and the findings are the same."""
    files = ['tests/redaction/site.cfg', 'tests/redaction/site.log']
    words = open('tests/redaction/site.words').read().split()
    with tempfile.TemporaryDirectory() as tmp:
        run('redact', '-q', *files, '-o', f'{tmp}/clean/')
        outs = [f'{tmp}/clean/{os.path.basename(f)}' for f in files]
        text = '\n'.join(open(o).read() for o in outs)
        left = [w for w in words if w.lower() in text.lower()]
        if left:
            complain(f'site: still there: {left}')
        one, two = (json.loads(run('-q', '-f', 'json', *f).stdout or '{}') for f in (files, outs))
        told = [[(f['rule'], f['severity'], f['confidence'], len(f.get('evidence', [])), len(f.get('config', []))) for f in r.get('findings', [])] for r in (one, two)]
        if not told[0] or told[0] != told[1]:
            complain(f'site: findings {told[0]} became {told[1]}')


def captures():
    """What a capture tells of persons once it is opened: identities, EAP's user names, the names in certificates."""
    for folder in ('samples/eap-refused-on-the-wire', 'samples/certificate-expired'):
        report = json.loads(run('-q', '-f', 'json', folder).stdout)
        names = set()
        for party in [p for sa in report['ike_sas'] for p in sa.get('auth', {}).values()]:
            names |= {party.get('id', ''), party.get('eap', {}).get('identity', '')} | {party.get('certificate', {}).get(k, '') for k in ('subject', 'issuer')}
        names -= {''}
        if len(names) < 3:
            complain(f'{folder}: only {names} told')
        for form in FORMATS:
            told = run('-q', '--redact', '-f', form, folder).stdout
            kept = [n for n in names if n in told]
            if kept or not told:
                complain(f'{folder}: {form} still holds {kept}')


def files():
    """Files and folders are called after whose they are: in all that is told each has one other name, also in sentences, and over two runs of diff."""
    with tempfile.TemporaryDirectory() as tmp:
        paths = [f'{tmp}/aldgate-gw/zurbaran.cfg', f'{tmp}/holborn/zurbaran.cfg', f'{tmp}/aldgate-gw/kilburn-gw1.log', f'{tmp}/holborn/pimlico lab – 203.0.113.77.log.gz']
        for path, source in zip(paths, ('r1.cfg', 'r2.cfg', 'r1.log', 'r1.log')):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            text = open('samples/groups-differ-by-configuration/' + source).read()
            octets = re.sub(r'(?m)^hostname .*', 'hostname Router', text).encode()
            open(path, 'wb').write(gzip.compress(octets) if path.endswith('.gz') else octets)
        folders = [f'{tmp}/aldgate-gw', f'{tmp}/holborn']
        for argv in [('-f', form) for form in FORMATS] + [('-f', 'summary', '--since', '2027-01-01'), ('check',), ('check', '-f', 'sarif'), ('diff', '-f', 'json')]:
            told = run(*(argv if argv[0] in ('check', 'diff') else ('-q', *argv)), '--redact', *folders)
            kept = [w for w in ('aldgate', 'holborn', 'zurbaran', 'kilburn', 'pimlico', '203.0.113.77') if w in told.stdout + told.stderr]
            if kept or not told.stdout:
                complain(f'files: {" ".join(argv)} still holds {kept}')
        summary = run('-q', '--redact', '--since', '2027-01-01', f'{tmp}/aldgate-gw/kilburn-gw1.log').stdout
        if len(set(re.findall(r'\S+\.log', summary))) != 1 or 'example' in summary:
            complain(f'files: one log has several names: {summary}')
    told = run('diff', '--redact', 'samples/up-psk', 'samples/transform-sets-differ').stdout
    ends = re.findall(r'^(?:good|bad ) +ike1 .* -> (\S+)', told, re.M)
    if len(ends) != 2 or ends[0] != ends[1]:
        complain(f'diff: the same router is called {ends}')


site()
files()
captures()
long_identities()
exports()
for folder in share(sorted(glob.glob('samples/*/'))):
    files = [f for f in sorted(glob.glob(folder + '*')) if os.path.isfile(f) and is_text(f)]
    if files:
        case(folder, files)
for folder in share(sorted(glob.glob('tests/cases/*/'))):
    case(folder, [f for f in sorted(glob.glob(folder + '*')) if is_text(f)], ())
for log in share(sorted(glob.glob(f'{REFERENCE}/logs/*.log'))):
    case(log, [log])
print(f'{checked} texts and reports, {bad} complaints')
sys.exit(bad != 0 or checked < 100)
