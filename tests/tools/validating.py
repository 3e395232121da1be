"""What the validators of outputs share: JSON whose members may not stand twice, and files told of one after another."""
import json

SKIPPED = 77


def unique(pairs):
    out = {}
    for name, value in pairs:
        if name in out:
            raise ValueError(f'member {name!r} stands twice')
        out[name] = value
    return out


def parsed(text):
    return json.loads(text, object_pairs_hook=unique)


def text_of(name):
    with open(name, 'rb') as f:
        return f.read().decode('utf-8')


def each(names, complaints):
    """Prints what complaints(name) yields, 20 a file at most; the exit status."""
    bad = 0
    for name in names:
        try:
            found = list(complaints(name))
        except ValueError as e:
            found = [str(e)]
        for c in found[:20]:
            print(f'{name}: {c}')
        bad += bool(found)
    return 1 if bad else 0
