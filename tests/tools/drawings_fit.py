#!/usr/bin/env python3
"""drawings_fit.py PROGRAM FILE...: in a real browser no text of a drawing runs over the border of its box or of the page, none stands
on another or on a cross, none is too small to be read."""
import json, os, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser

program, files = sys.argv[1], sys.argv[2:]
OVER = '''
const boxes = [...document.querySelectorAll('rect')].map(r => r.getBoundingClientRect()).filter(b => b.height >= 14 && b.width > 40);
const LEAST = 10;
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
const all = [...document.querySelectorAll('text')].map(t => [t, t.getBoundingClientRect()]).filter(p => p[1].width)
    .sort((a, b) => a[1].top - b[1].top);
const meet = (a, b, x, y) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > x && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > y;
all.forEach(([t, a], i) => {
    for (let k = i + 1; k < all.length && all[k][1].top < a.bottom - 4; k++)
        if (meet(a, all[k][1], 1, 5))
            over.push([0, 'on another: ' + t.textContent.slice(0, 40) + ' | ' + all[k][0].textContent.slice(0, 40)]);
    if (parseFloat(getComputedStyle(t).fontSize) < LEAST)
        over.push([0, 'too small: ' + t.textContent.slice(0, 40)]);
});
for (const cross of document.querySelectorAll('.lost'))
    for (const [t, a] of all)
        if (meet(a, cross.getBoundingClientRect(), 1, 6))
            over.push([0, 'on a cross: ' + t.textContent.slice(0, 40)]);
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
