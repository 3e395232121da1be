#!/usr/bin/env python3
"""drawings_fit.py PROGRAM FILE...: in a real browser no text of a drawing runs over the border of its box or of the page."""
import json, os, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser

program, files = sys.argv[1], sys.argv[2:]
OVER = '''
const boxes = [...document.querySelectorAll('rect')].map(r => r.getBoundingClientRect()).filter(b => b.height >= 14 && b.width > 40);
const page = document.documentElement.getBoundingClientRect(), over = [];
let texts = 0;
for (const t of document.querySelectorAll('text')) {
    const b = t.getBoundingClientRect(), x = b.left + 1, y = (b.top + b.bottom) / 2;
    if (!b.width)
        continue;
    texts++;
    let inside = page;
    for (const r of boxes)
        if (x >= r.left - 0.5 && x <= r.right && y >= r.top && y <= r.bottom && r.width * r.height < inside.width * inside.height)
            inside = r;
    if (b.right > inside.right + 1 || b.left < inside.left - 1)
        over.push([Math.round(b.right - inside.right), t.textContent.slice(0, 80)]);
}
return JSON.stringify([texts, over]);
'''
bad = drawn = texts = 0
browser = Browser(width=1400, height=900)
try:
    with tempfile.TemporaryDirectory() as folder:
        for name in files:
            path = os.path.join(folder, 'drawing.svg')
            if subprocess.run([program, '-q', '-f', 'svg', name, '-o', path], capture_output=True).returncode not in (0, 3):
                continue
            browser.open(path)
            count, over = json.loads(browser.run(OVER))
            drawn += 1
            texts += count
            for by, text in over[:3]:
                print(f'{name}: {by} px over: {text}')
            bad += bool(over)
finally:
    browser.close()
print(f'{drawn} drawings with {texts} texts, {bad} run over')
sys.exit(bool(bad) or not texts)
