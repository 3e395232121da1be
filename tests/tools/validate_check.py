#!/usr/bin/env python3
"""Validates what `check` writes, and rule files: validate_check.py KIND FILE... with KIND one of

  check, rules   against docs/KIND.schema.json (rule files in YAML too, where python3-yaml is installed)
  gitlab         the members GitLab's code quality asks for, fingerprints that differ
  github         workflow commands only, ten of a kind at most
  SCHEMA.json    any other JSON Schema

Exits 77 (skipped) without python3-jsonschema."""
import json, os, re, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from validating import SKIPPED, each, parsed, text_of

try:
    import jsonschema
except ImportError:
    print('skipped: python3-jsonschema is not installed')
    sys.exit(SKIPPED)

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'docs')


def load(name):
    if not name.endswith('.yaml'):
        return parsed(text_of(name))
    import yaml
    return yaml.safe_load(text_of(name))


def against(path, name):
    with open(path, encoding='utf-8') as f:
        schema = json.load(f)
    kind = jsonschema.validators.validator_for(schema, jsonschema.Draft202012Validator)
    kind.check_schema(schema)
    for e in kind(schema).iter_errors(load(name)):
        yield f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}"


def gitlab(name):
    issues = load(name)
    if not isinstance(issues, list):
        yield 'no list'
        return
    for i in issues:
        if set(i) != {'description', 'check_name', 'fingerprint', 'severity', 'location'} or not i['description']:
            yield f'members: {sorted(i)}'
        if i['severity'] not in ('info', 'minor', 'major', 'critical', 'blocker'):
            yield f"severity {i['severity']}"
        if not i['location']['path'] or i['location']['path'].startswith('./') or i['location']['lines']['begin'] < 1:
            yield f"location {i['location']}"
    if len({i['fingerprint'] for i in issues}) != len(issues):
        yield 'a fingerprint stands twice'


def github(name):
    lines = text_of(name).split('\n')
    if lines.pop() != '':
        yield 'the last line has no end'
    counts, order = {}, ['error', 'warning', 'notice']
    last = 0
    for line in lines:
        m = re.fullmatch(r'::(error|warning|notice) (?:file=[^,:]+,)?(?:line=\d+,)?title=[^,:]+::(?:[^%\r]|%25|%0A|%0D)*', line)
        if not m:
            yield f'no workflow command: {line[:100]!r}'
            continue
        counts[m[1]] = counts.get(m[1], 0) + 1
        if order.index(m[1]) < last:
            yield 'not the most severe first'
        last = order.index(m[1])
    if any(n > 10 for n in counts.values()):
        yield f'more than ten of a kind: {counts}'


def of_kind(kind, name):
    try:
        if kind in ('gitlab', 'github'):
            yield from globals()[kind](name)
        else:
            yield from against(kind if kind.endswith('.json') else os.path.join(DOCS, kind + '.schema.json'), name)
    except ImportError:
        print(f'not validated, python3-yaml is not installed: {name}')


if __name__ == '__main__':
    sys.exit(each(sys.argv[2:], lambda name: of_kind(sys.argv[1], name)))
