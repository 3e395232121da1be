#!/usr/bin/env bash
# What a relay puts in front of every line, and what a terminal cuts, must not change what a log tells: the IKE SAs with
# their peers and transitions, and the first error, are those of the plain file.
# usage: prefixes.sh path/to/ikescope
set -u
program=${1:-${IKESCOPE:?"usage: $0 path/to/ikescope"}}
cd "$(dirname "$0")/../.." || exit 2
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }

cat >"$folder/compare.py" <<'PYTHON'
import json, re, subprocess, sys

program, folder, names = sys.argv[1], sys.argv[2], sys.argv[3:]

def each(prefix):
    return lambda lines: [prefix + l for l in lines]

def fold(lines):
    return [l[i:i + 80] for l in lines for i in range(0, len(l) or 1, 80)]

def fold_at_blanks(lines):
    out = []
    for l in lines:
        while len(l) > 80:
            at = l.rfind(" ", 0, 80)
            at = 80 if at < 0 else at + 1
            out.append(l[:at])
            l = l[at:]
        out.append(l)
    return out

variants = {
    "relay": each("Mar  3 10:00:01 r2gw "),
    "priority": each("<189>Mar  3 10:00:01 r2gw "),
    "rfc5424": each("<189>1 2026-03-03T10:00:01.000Z r2gw - - - - "),
    "number": each("123: "),
    "numbers": lambda lines: ["%d: %s" % (n + 1, l) for n, l in enumerate(lines)],
    "relay and numbers": lambda lines: ["Mar  3 10:00:01 r2gw %d: %s" % (n + 1, l) for n, l in enumerate(lines)],
    "fold": fold,
    "fold at blanks": fold_at_blanks,
}

def gist(path):
    r = subprocess.run([program, "-f", "json", path], capture_output=True)
    if r.returncode not in (0, 1):
        return ("exit", r.returncode)
    d = json.loads(r.stdout)
    sas = []
    for s in d["ike_sas"]:
        peers = tuple((s.get(side) or {}).get("address") for side in ("initiator", "responder"))
        sas.append(peers + (s.get("outcome"), sum(len(v.get("transitions", [])) for v in s.get("views", []))))
    errors = [f.get("code", f.get("rule", f.get("id"))) for f in d.get("findings", []) if f.get("severity") == "error"]
    return sas, errors[:1]

bad = total = 0
for name in names:
    with open(name, encoding="utf-8", errors="surrogateescape", newline="\n") as f:
        lines = f.read().split("\n")[:-1]
    if any(ord(c) > 126 for l in lines for c in l):
        continue
    # what has a command's output or a prompt between its entries is no relay's
    prompts = any(re.match(r"[\w./-]+(\([\w-]+\))?[#>]", l) for l in lines)
    plain = gist(name)
    for variant, change in variants.items():
        if prompts and "fold" not in variant:
            continue
        path = folder + "/" + name.rsplit("/", 1)[-1]
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as f:
            f.write("\n".join(change(lines)) + "\n")
        total += 1
        now = gist(path)
        if now != plain:
            bad += 1
            print("%s, %s:\n  %s\n  %s" % (name, variant, plain, now))
print("%d of %d variants tell what the plain file tells" % (total - bad, total))
sys.exit(bad != 0)
PYTHON
python3 "$folder/compare.py" "$program" "$folder" samples/*/*.log
