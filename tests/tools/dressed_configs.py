#!/usr/bin/env python3
"""dressed_configs.py PROGRAM [--sample N] [--seed N] [--only NAME] [PART OF A NAME...]: what configurations and show output went through before they
are read (a page, a viewer, a terminal, a mail) must not change what is found in a case: each of its files is put into a dress, a seeded sample of
cases and dresses or all of them; the findings' rules and severities are those of the plain files."""
import argparse, glob, json, os, random, re, subprocess, sys, tempfile

TEXTS = ('.cfg', '.show', '.txt')


def each(form):
    return lambda text, host: '\n'.join(form(n, line) for n, line in enumerate(text.split('\n'), 1))


def paged(prompt):
    return lambda text, host: '\n'.join(line + ('\n' + prompt if n % 24 == 23 else '') for n, line in enumerate(text.split('\n')))


BACK = '\b' * 9
DRESSES = {
    'crlf': lambda text, host: text.replace('\n', '\r\n'),
    'cr': lambda text, host: text.replace('\n', '\r'),
    'utf-16': lambda text, host: (b'\xff\xfe' + text.encode('utf-16-le')),
    'byte order mark': lambda text, host: '\ufeff' + text,
    'quoted': each(lambda n, line: '> ' + line),
    'numbered': each(lambda n, line: f'{n:5}  {line}'),
    'cat -n': each(lambda n, line: f'{n:6}\t{line}'),
    'grep -n': each(lambda n, line: f'{n}:{line}'),
    'indented': each(lambda n, line: '    ' + line if line else ''),
    'indented by a tab': each(lambda n, line: '\t' + line if line else ''),
    'not indented': each(lambda n, line: line.lstrip()),
    'blanks behind': each(lambda n, line: line + '   '),
    'blank lines between': lambda text, host: text.replace('\n', '\n\n'),
    'no-break spaces': lambda text, host: text.replace(' ', '\u00a0'),
    'fenced': lambda text, host: f'```\n{text}\n```\n',
    'preformatted': lambda text, host: '<pre>\n' + text.replace('&', '&amp;').replace('<', '&lt;') + '\n</pre>\n',
    'breaks of a page': lambda text, host: text.replace('\n', '<br>\n'),
    'a table': each(lambda n, line: f'| {line} |'),
    'paged': paged(f' --More-- {BACK}{" " * 9}{BACK}'),
    'paged by an ASA': paged('<--- More --->'),
    'colours': each(lambda n, line: f'\x1b[0m{line}\x1b[K'),
    'typed at a prompt': lambda text, host: f'{host}#show running-config\n{text}\n{host}#\n' if host else text,
    'a mail': lambda text, host: f'From: a@example.com\nSubject: VPN\n\nHello,\nhere it is:\n\n{text}\n\nRegards\n',
}
# What puts something behind a line's last word, and so what a key may end in, is not asked of those that do.
ENDS = {'blanks behind', 'breaks of a page', 'a table'}


def told(program, files):
    run = subprocess.run([program, 'report', '-q', '-f', 'json', *files], capture_output=True, timeout=120)
    try:
        return sorted((f['rule'], f['severity']) for f in json.loads(run.stdout)['findings'])
    except ValueError:
        return f'exits {run.returncode}: {run.stderr[:200]}'


def dressed(folder, file, dress):
    with open(file, encoding='utf-8', errors='surrogateescape') as f:
        text = f.read()
    named = re.search(r'^hostname (\S+)', text, re.M)
    wears = DRESSES[dress](text, named[1] if named else '')
    name = os.path.join(folder, os.path.basename(file))
    with open(name, 'wb') as f:
        f.write(wears if isinstance(wears, bytes) else wears.encode('utf-8', 'surrogateescape'))
    return name


def cases():
    for folder in sorted(glob.glob('tests/cases/*/') + glob.glob('samples/*/')):
        files = [f for f in sorted(glob.glob(folder + '*')) if f.endswith(('.log', '.pcap', '.pcapng', *TEXTS))]
        if any(f.endswith('.cfg') for f in files):
            yield folder, files


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('program')
    options.add_argument('--sample', type=int, default=0)
    options.add_argument('--seed', type=int, default=1)
    options.add_argument('--only', choices=DRESSES)
    options.add_argument('names', nargs='*')
    given = options.parse_args()
    pairs = [(case, dress) for case in cases() for dress in ([given.only] if given.only else DRESSES)
             if (not given.names or any(n in case[0] for n in given.names)) and not (dress in ENDS and 'ends-in-a-blank' in case[0])]
    if given.sample:
        pairs = random.Random(given.seed).sample(pairs, min(given.sample, len(pairs)))
    plain, bad = {}, 0
    for (name, files), dress in pairs:
        if name not in plain:
            plain[name] = told(given.program, files)
        with tempfile.TemporaryDirectory() as folder:
            got = told(given.program, [dressed(folder, f, dress) if f.endswith(TEXTS) else f for f in files])
        if got != plain[name]:
            bad += 1
            print(f'{name}, {dress}: {plain[name]} became {got}')
    print(f'{len(pairs)} cases in dresses, {bad} tell something else')
    return bad != 0 or not pairs


if __name__ == '__main__':
    sys.exit(main())
