#!/usr/bin/env python3
"""renamed.py PROGRAM [--sample N] [--seed N] [PART OF A NAME...]: what is found hangs on no value that a log or a configuration happens to have. In every
log and case addresses, SPIs, hours, months or names of crypto objects are replaced throughout; the findings, how many lines each quotes and
how many steps it advises, and the outcomes of the SAs stay what they were."""
import argparse, glob, json, os, random, re, subprocess, sys, tempfile

TEXTS = ('.log', '.cfg', '.show', '.txt')
BLOCKS = {'192.0.2': '203.0.113', '203.0.113': '198.51.100', '198.51.100': '192.0.2'}
MONTHS = {'Mar': 'May', 'Oct': 'Jul', 'Nov': 'Aug'}
HEX = str.maketrans('0123456789abcdefABCDEF', '0732419856bfcaedBFCAED')
OBJECT = re.compile(r'^ *crypto ikev2 (?:profile|policy|proposal|keyring) ([A-Za-z][\w-]+)', re.M)
TORN = ('rests-indented',)  # an SPI may go on in the next line


def address(found):
    a, b, c, d = (int(n) for n in found[0].split('.'))
    block = BLOCKS.get(f'{a}.{b}.{c}')
    if block and d < 256:
        return f'{block}.{d}'
    return f'10.{b ^ 64}.{c}.{d}' if a == 10 and 0 < b < 255 and b != 64 and b != 191 else found[0]  # networks stay networks


def addresses(text, objects):
    return re.sub(r'(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)', address, text)


def spis(text, objects):
    return re.sub(r'(?:(?<![0-9A-Za-z])|(?<=0x))(?=[0-9A-Fa-f]*[1-9A-Fa-f])[0-9A-Fa-f]{16}(?![0-9A-Za-z])', lambda m: m[0].translate(HEX), text)


def hours(text, objects):
    return re.sub(r'(?<![\d:.])([01]\d|2[01]):([0-5]\d:[0-5]\d)(?=[.\s:]|$)', lambda m: f'{int(m[1]) + 2:02}:{m[2]}', text)


def months(text, objects):
    return re.sub(r'\b(Mar|Oct|Nov)(?= [ \d]\d )', lambda m: MONTHS[m[1]], text)


def names(text, objects):
    for name in objects:
        text = re.sub(rf'(?<![\w-]){re.escape(name)}(?![\w-])', 'Q' + name[::-1].strip('-') + '7', text)
    return text


WAYS = (addresses, spis, hours, months, names)


def told(program, files):
    run = subprocess.run([program, 'report', '-q', '-f', 'json', *files], capture_output=True, timeout=120)
    try:
        report = json.loads(run.stdout)
    except ValueError:
        return f'exits {run.returncode}'
    found = [(f['rule'], f['severity'], f['confidence'], len(f.get('evidence', [])), len(f.get('config', [])),
              [len(f.get('fix', {}).get(side, [])) for side in ('initiator', 'responder')]) for f in report['findings']]
    return sorted(found), sorted(sa['outcome'] for sa in report['ike_sas'])


def cases():
    for folder in sorted(glob.glob('tests/cases/*/') + glob.glob('samples/*/')):
        files = [f for f in sorted(glob.glob(folder + '*')) if os.path.isfile(f)]
        texts = [f for f in files if f.endswith(TEXTS)]
        if texts and not any(f.endswith(('.pcap', '.pcapng', '.gz')) for f in files):
            yield texts
    for log in sorted(glob.glob('tests/logs/*.log')):
        yield [log]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('program')
    options.add_argument('--sample', type=int, default=0)
    options.add_argument('--seed', type=int, default=1)
    options.add_argument('names', nargs='*')
    given = options.parse_args()
    pairs = [(files, way) for files in cases() for way in WAYS if not given.names or any(n in files[0] for n in given.names)]
    if given.sample:
        pairs = random.Random(given.seed).sample(pairs, min(given.sample, len(pairs)))
    plain, bad, changed = {}, 0, 0
    for files, way in pairs:
        texts = [open(f, encoding='utf-8', errors='surrogateescape', newline='').read() for f in files]
        objects = {name for text in texts for name in OBJECT.findall(text)} - {'default'}
        after = [way(text, objects) for text in texts]
        if after == texts or (way is spis and any(t in files[0] for t in TORN)):
            continue
        with tempfile.TemporaryDirectory() as folder:
            renamed = [os.path.join(folder, os.path.basename(f)) for f in files]
            for name, text in zip(renamed, after):
                with open(name, 'w', encoding='utf-8', errors='surrogateescape', newline='') as f:
                    f.write(text)
            got = told(given.program, renamed)
        if files[0] not in plain:
            plain[files[0]] = told(given.program, files)
        changed += 1
        if got != plain[files[0]]:
            bad += 1
            print(f'{files[0]}, other {way.__name__}: {plain[files[0]]} became {got}')
    print(f'{changed} logs and cases with other values, {bad} tell something else')
    return bad != 0 or not changed


if __name__ == '__main__':
    sys.exit(main())
