// Parses mermaid diagrams with mermaid's own parser.
//
//   node check_mermaid.mjs FILE...      .md files: every fenced mermaid block of them
//
// Needs `npm install mermaid@11` somewhere; its node_modules is looked for in MERMAID_MODULES, the current folder and
// beside this file. Exits 77 (skipped) where it is not found. Sequence diagrams need no DOM to be parsed but for
// DOMPurify's sanitize, which here gives the text back: what is checked is the grammar.
import { createRequire } from 'node:module';
import { readFileSync, existsSync } from 'node:fs';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';

const places = [process.env.MERMAID_MODULES, process.cwd(), dirname(fileURLToPath(import.meta.url))].filter(Boolean);
const home = places.map((p) => (p.endsWith('node_modules') ? dirname(p) : p)).find((p) => existsSync(join(p, 'node_modules/mermaid/package.json')));
if (!home) {
    console.log('skipped: mermaid is not installed (npm install mermaid@11, then MERMAID_MODULES=that folder)');
    process.exit(77);
}
const require = createRequire(pathToFileURL(join(home, 'x.js')));
const purify = require('dompurify');
const identity = (text) => String(text);
for (const p of [purify, purify.default].filter(Boolean)) Object.assign(p, { sanitize: identity, addHook: () => {}, isSupported: true });
const entry = join(home, 'node_modules/mermaid/dist/mermaid.core.mjs');
const purifyModule = await import(pathToFileURL(require.resolve('dompurify').replace(/purify\.cjs\.js$/, 'purify.es.mjs')));
Object.assign(purifyModule.default, { sanitize: identity, addHook: () => {}, isSupported: true });
const mermaid = (await import(pathToFileURL(entry))).default;
mermaid.initialize({ startOnLoad: false, maxTextSize: 100000000, suppressErrorRendering: true });

let bad = 0, good = 0;
for (const file of process.argv.slice(2)) {
    const text = readFileSync(file, 'utf8');
    const diagrams = file.endsWith('.md') || file.endsWith('.markdown')
        ? [...text.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map((m) => m[1])
        : [text];
    for (const d of diagrams) {
        try {
            const r = await mermaid.parse(d);
            if (r.diagramType !== 'sequence') throw new Error(`is a ${r.diagramType} diagram`);
            good++;
        } catch (e) {
            bad++;
            console.log(`${file}: ${String(e.message ?? e).split('\n').slice(0, 4).join(' | ')}`);
        }
    }
}
console.log(`${good} diagrams parsed, ${bad} not`);
process.exit(bad ? 1 : 0);
