#!/usr/bin/env python3
"""Validates reports against the schemas in docs/.

  validate_json.py FILE...          JSON reports, or NDJSON where a file's name ends in .ndjson; - is standard input
  validate_json.py --ndjson FILE... all of them are NDJSON
  validate_json.py --stream FILE... all of them are what `stream` wrote

Besides the schema: ids that are named exist, line and packet counts add up. Exits 77 (skipped) without python3-jsonschema."""
import json, os, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from validating import SKIPPED, each, parsed, text_of

try:
    import jsonschema
except ImportError:
    print('skipped: python3-jsonschema is not installed')
    sys.exit(SKIPPED)

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'docs')
LINES = ('event', 'continuation', 'noise', 'blank', 'unparsed')
PACKETS = ('ike', 'esp', 'ah', 'keepalive', 'other', 'malformed')


def schema(name):
    with open(os.path.join(DOCS, name + '.schema.json'), encoding='utf-8') as f:
        return jsonschema.Draft202012Validator(json.load(f))


def relations(inputs, sas, children, findings):
    names = {x['id'] for x in inputs}, {x['id'] for x in sas}, {x['id'] for x in children}
    for i in inputs:
        for key, parts in (('lines', LINES), ('packets', PACKETS)):
            if key in i and i[key]['total'] != sum(i[key][p] for p in parts):
                yield f"{i['id']}: {key} do not add up: {i[key]}"
    for s in sas:
        for c in s['children']:
            if c not in names[2]:
                yield f"{s['id']}: child {c} is not in the report"
        for v in s.get('views', []):
            if v['input'] not in names[0]:
                yield f"{s['id']}: view of {v['input']}, which is no input"
        for x in s.get('exchanges', []):
            if 'request' not in x and 'response' not in x:
                yield f"{s['id']}: an exchange without a message"
    for c in children:
        if c['ike_sa'] not in names[1]:
            yield f"{c['id']}: {c['ike_sa']} is not in the report"
        for t in c.get('traffic', {}).values():
            if t['packets'] != t['decrypted'] + t['icv_failed'] + t['no_key'] + t['truncated']:
                yield f"{c['id']}: packets do not add up: {t}"
    for f in findings:
        if f.get('ike_sa', next(iter(names[1]), None)) not in names[1] and 'ike_sa' in f:
            yield f"{f['id']}: {f['ike_sa']} is not in the report"
        for e in f.get('evidence', []) + f.get('config', []):
            if 'input' in e and e['input'] not in names[0]:
                yield f"{f['id']}: evidence in {e['input']}, which is no input"


def of_stream(text):
    validator, rows = schema('stream'), [parsed(line) for line in text.splitlines()]
    for n, o in enumerate(rows, 1):
        for e in validator.iter_errors(o):
            yield f"line {n}: {'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
    if not rows or rows[-1].get('type') != 'summary':
        yield 'the last line is no summary'


def complaints(text, lines):
    if not lines:
        report = parsed(text)
        for e in schema('report').iter_errors(report):
            yield f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
        yield from relations(report['inputs'], report['ike_sas'], report['child_sas'], report['findings'])
        return
    validator, seen = schema('ndjson'), {}
    for n, line in enumerate(text.splitlines(), 1):
        o = parsed(line)
        seen.setdefault(o.get('type'), []).append(o)
        for e in validator.iter_errors(o):
            yield f"line {n}: {'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
        if (n == 1) != (o.get('type') == 'header'):
            yield f'line {n}: the header is first, and only there'
    if not text or o.get('type') != 'summary':
        yield 'the last line is no summary'
    yield from relations(seen['header'][0]['inputs'], seen.get('ike_sa', []), seen.get('child_sa', []), seen.get('finding', []))


def main(arguments):
    flags, read = set(arguments) & {'--ndjson', '--stream'}, lambda name: sys.stdin.buffer.read().decode() if name == '-' else text_of(name)
    return each([a for a in arguments if a not in flags],
                lambda name: of_stream(read(name)) if '--stream' in flags else complaints(read(name), bool(flags) or name.endswith('.ndjson')))


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
