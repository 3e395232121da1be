#!/bin/sh
# Every sample's story names its finding: it must come first (`none`: no error may be found), at likely or certain, with a cause, a
# fix and evidence; in the full and in the condensed run alike.
set -u
program=$1
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
python3 - "$program" samples <<'PYTHON'
import glob, json, os, re, subprocess, sys
program, root = sys.argv[1:]
bad = 0
def complain(*words):
    global bad
    bad += 1
    print(*words)
stories = sorted(glob.glob(root + '/*/story.md'))
seen = 0
for story in stories:
    folder = os.path.dirname(story)
    named = re.search(r'Finding: `([a-z0-9-]+)`', open(story).read())
    if not named:
        continue
    want = named[1]
    inputs = [f for f in sorted(glob.glob(folder + '/*')) if f.endswith(('.log', '.pcap', '.pcapng', '.cfg', '.show'))]
    keys = [a for f in sorted(glob.glob(folder + '/keys*')) for a in ('-k', f)]
    run = subprocess.run([program, 'report', '-f', 'json', *inputs, *keys], capture_output=True, timeout=60)
    try:
        findings = json.loads(run.stdout)['findings']
    except Exception as trouble:
        complain(folder, 'no report:', trouble, run.stderr[-200:])
        continue
    seen += 1
    errors = [f for f in findings if f['severity'] == 'error']
    if want == 'none':
        if errors:
            complain(folder, 'should be well, but:', errors[0]['rule'], errors[0]['cause'])
        continue
    if not findings or findings[0]['rule'] != want:
        complain(folder, 'wants', want, 'got', [f['rule'] for f in findings])
        continue
    first = findings[0]
    if first['confidence'] not in ('certain', 'likely') or not first['cause'] or not (first.get('evidence') or first.get('config')) or not any(first['fix'].values()):
        complain(folder, want, 'is not complete:', first)
    summary = subprocess.run([program, 'report', '-f', 'summary', *inputs, *keys], capture_output=True, text=True, timeout=60).stdout
    if want not in summary and first['title'] not in summary and first['cause'] not in ' '.join(summary.split()):
        complain(folder, want, 'is not in the summary')
print(f'{seen} samples, {bad} complaints')
sys.exit(bad > 0 or not seen)
PYTHON
