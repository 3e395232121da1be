#!/usr/bin/env python3
"""Opens HTML reports in Chromium and uses them: html_pages.py PROGRAM FOLDER

FOLDER is for the pages that are made. Nothing may come on the console, nothing may be asked of a network, hostile text
must stay text, and what can be clicked, typed and filtered must do what it says."""
import os
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import SKIPPED, Browser  # noqa: E402

ESCAPE = '\ue00c'
TRACE = '*Jun 10 %s.%03d: IKEv2:(SA ID = %d):SM Trace-> SA: I_SPI=%016X R_SPI=%016X (%s) MsgID = %08X CurState: %s Event: %s\n'
HOSTILE = '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=2"> \'"&amp; `|'

failures = []


def check(good, what):
    if not good:
        failures.append(what)
        print('FAILED:', what)


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8', errors='surrogateescape') as f:
        f.write(text)
    return path


def attempt(n, spi, second):
    """One attempt to reach a peer: asked, and never answered; the ten debug lines of it and its retransmissions."""
    at = '%02d:%02d:%02d' % (8 + second // 3600, second // 60 % 60, second % 60)
    lines = [TRACE % (at, 1, n, spi, 0, 'I', 0, s, e) for s, e in
             (('IDLE', 'EV_INIT_SA'), ('I_BLD_INIT', 'EV_GET_IKE_POLICY'), ('I_BLD_INIT', 'EV_GEN_DH_KEY'), ('I_BLD_INIT', 'EV_BLD_MSG'))]
    lines.append('*Jun 10 %s.005: IKEv2:(SA ID = %d):Next payload: SA, version: 2.0 Exchange type: IKE_SA_INIT, flags: INITIATOR Message id: 0, length: 344\n'
                 'Payload contents: \n SA  Next payload: KE, reserved: 0x0, length: 56\n KE  Next payload: N, reserved: 0x0, length: 136\n'
                 '    DH group: 2, Reserved: 0x0\n N  Next payload: NONE, reserved: 0x0, length: 24\n' % (at, n))
    lines.append(TRACE % (at, 9, n, spi, 0, 'I', 0, 'I_WAIT_INIT', 'EV_NO_EVENT'))
    lines.append('*Jun 10 %s.100: IKEv2:(SA ID = %d):Retransmitting packet\n' % (at, n))
    lines.append(TRACE % (at, 900, n, spi, 0, 'I', 0, 'I_WAIT_INIT', 'EV_RE_XMT_EXCEED'))
    lines.append('*Jun 10 %s.901: IKEv2:(SA ID = %d):Maximum number of retransmissions reached\n' % (at, n))
    lines.append(TRACE % (at, 950, n, spi, 0, 'I', 0, 'INIT_DONE', 'EV_FAIL'))
    return lines


def hostile_log():
    lines = attempt(1, 0xA1B2C3D4E5F60718, 1)
    lines.insert(4, '*Jun 10 08:00:01.002: IKEv2:(SA ID = 1):% Getting preshared key by address 192.0.2.9\n')
    lines.insert(5, '*Jun 10 08:00:01.003: IKEv2:(SA ID = 1):Choosing IKE profile ' + HOSTILE + '\n')
    lines.append('*Jun 10 08:00:01.951: IKEv2-ERROR:(SA ID = 1):: ' + HOSTILE + '\n')
    lines.append('*Jun 10 08:00:01.952: IKEv2:(SA ID = 1):Profile \x1b[31mred\x1b]0;title\x07 \u202egnp.exe\u202c \u2066x\u2069 \x00\x7f\x9b31m\n')
    lines.append('*Jun 10 08:00:01.953: IKEv2:(SA ID = 1):' + 'long ' * 210000 + '<b>end</b>\n')
    lines.append('*Jun 10 08:00:01.954: IKEv2:(SA ID = 1):Failed SA init exchange\n')
    return ''.join(lines)


def hostile_config():
    return ('hostname r1\ncrypto ikev2 proposal P1\n encryption aes-cbc-256\n integrity sha256\n group 14\n!\ncrypto ikev2 keyring K\n peer a\n'
            '  description ' + HOSTILE + '\n  address 192.0.2.9\n  pre-shared-key very-secret-value\n!\ncrypto ikev2 profile ' + 'X<svg/onload=alert(1)>' + '\n'
            ' match identity remote address 0.0.0.0\n keyring local K\n!\ninterface Tunnel0\n ip address 10.9.9.1 255.255.255.0\n'
            ' description ' + HOSTILE + '\n tunnel destination 192.0.2.9\n!\nend\n')


def report(program, folder, name, inputs, *more):
    page = os.path.join(folder, name)
    status = subprocess.run([program, 'report', '--year', '2026', '-f', 'html', '-o', page, *more, *inputs], stderr=subprocess.PIPE)
    check(status.returncode in (0, 3), '%s: status %d: %s' % (name, status.returncode, status.stderr.decode(errors='replace')[:200]))
    return page


def quiet(b, page, what):
    entries = b.console()
    check(not entries, '%s: console: %s' % (what, entries[:3]))
    asked = [u for u in b.requests() if u != 'file://' + os.path.abspath(page)]
    check(not asked, '%s: asked for %s' % (what, asked[:3]))


def hostile(program, folder, b):
    log = write(folder, 'h<img src=x onerror=pwned()>.log', hostile_log())
    page = report(program, folder, 'hostile.html', [log, write(folder, 'r1.cfg', hostile_config())])
    b.open(page)
    for tab in '1234':
        b.press(tab)
    b.press('j')
    b.press('e')
    time.sleep(0.5)
    b.type('#event-text', 'script')
    check(b.run('return window.pwned') is None, 'hostile text ran')
    check(b.run('return document.querySelectorAll("img, b, iframe, object, embed, link, [onerror], [onload], [onclick], [style*=expression]").length') == 0,
          'hostile text became elements')
    check(b.run('return [].every.call(document.scripts, function (s) { return s.type === "application/json" || s.type === "text/plain" || s === document.scripts[document.scripts.length - 1]; })'),
          'a script that is not ours')
    check('</script><script>window.pwned=1' in b.run('return document.body.innerText'), 'hostile text is not shown as text')
    with open(page, 'rb') as f:
        octets = f.read()
    check(not any(octets.find(bytes([c])) >= 0 for c in (0, 7, 0x1b)), 'control octets in the page')
    check('\u202e'.encode() not in octets and '\u2066'.encode() not in octets, 'bidi marks in the page')
    check(b'very-secret-value' not in octets, 'a secret in the page')
    check(b.run('return document.documentElement.scrollWidth <= window.innerWidth + 1'), 'the page is wider than the window')
    quiet(b, page, 'hostile')


def paths(program, folder, b, inputs):
    """Everything that can be clicked or typed, on a case with several SAs."""
    page = report(program, folder, 'paths.html', inputs)
    b.open(page)
    check(b.run('return getComputedStyle(document.querySelector(".finding")).display') == 'block', 'findings are shown')
    rows = b.run('return document.querySelectorAll("#sa-table tbody tr").length')
    check(rows >= 1, 'SAs are listed')
    first = b.run('return document.querySelector("#sa-title").textContent')
    # the arrows
    b.run('document.querySelector("#panel g.message").dispatchEvent(new MouseEvent("click", {bubbles: true}))')
    check(not b.run('return document.getElementById("detail").hidden'), 'a click on an arrow opens its payloads')
    check('Payloads' in b.run('return document.getElementById("detail").textContent'), 'the payloads are told')
    b.press(ESCAPE)
    check(b.run('return document.getElementById("detail").hidden'), 'Esc closes')
    b.press('jj')
    check(b.run('return document.querySelectorAll("#panel g.picked").length') == 1, 'j chooses a step')
    one = b.run('return document.querySelector("#panel g.picked").dataset.step')
    b.press('k')
    check(b.run('return document.querySelector("#panel g.picked").dataset.step') != one, 'k goes back')
    b.press('?')
    check('Keys' in b.run('return document.getElementById("detail").textContent'), '? lists the keys')
    b.press(ESCAPE)
    # filters of the ladder
    full = b.run('return +document.querySelector(".ladder svg").getAttribute("height")')
    b.press('/')
    check(b.run('return document.activeElement.id') == 'step-text', '/ goes to the field')
    b.type('#step-text', 'no such words anywhere')
    check(b.run('return +document.querySelector(".ladder svg").getAttribute("height")') < full, 'a text filters the ladder')
    b.press(ESCAPE)
    check(b.run('return +document.querySelector(".ladder svg").getAttribute("height")') == full, 'Esc empties the field')
    b.press('+')
    check(b.run('return +document.querySelector(".ladder svg").getAttribute("height")') > full, '+ makes it larger')
    # tabs
    for key, name in (('2', 'Step by step'), ('3', 'States'), ('4', 'SA and Child SAs'), ('1', 'Ladder')):
        b.press(key)
        shown = b.run('return [].filter.call(document.querySelectorAll(".tab"), function (t) { return t.offsetHeight; }).map(function (t) { return t.dataset.tab; })')
        check(shown == [name], 'key %s shows %s, not %s' % (key, name, shown))
    # evidence in its context
    if b.run('return !!document.querySelector(".finding .place")'):
        b.run('document.querySelector(".finding .place").click()')
        check(b.run('return document.querySelectorAll("#detail .context .here").length') == 1, 'evidence is shown in its context')
        b.run('var t = document.querySelector("#detail .context ~ button"); if (t) t.click()')
        b.press(ESCAPE)
    # the list of SAs
    if rows > 1:
        b.press(']')
        second = b.run('return document.querySelector("#sa-title").textContent')
        check(second != first, '] goes to the next SA')
        b.press('[')
        check(b.run('return document.querySelector("#sa-title").textContent') == first, '[ goes back')
        b.type('#sa-text', 'ike2')
        check(b.run('return [].filter.call(document.querySelectorAll("#sa-table tbody tr"), function (r) { return !r.hidden; }).length') == 1, 'the list is filtered')
        b.run('document.querySelector("#sa-table tbody tr:not([hidden])").click()')
        check('ike2' in b.run('return document.querySelector("#sa-title").textContent'), 'a click on an SA shows it')
    # events
    b.run('document.activeElement.blur()')
    b.press('e')
    time.sleep(0.5)
    before = b.run('return document.getElementById("event-count").textContent')
    b.type('#event-text', 'EV_')
    check(b.run('return document.getElementById("event-count").textContent') != before, 'events are filtered')
    b.run('document.querySelector("#event-table tr[data-place]").click()')
    check(not b.run('return document.getElementById("detail").hidden'), 'a click on an event shows its context')
    quiet(b, page, 'paths')


def shown(b, selector):
    return b.run('return [].filter.call(document.querySelectorAll(arguments[0]), function (e) { return e.getAttribute("display") !== "none" && !e.hidden; }).length', selector)


def set_choice(b, name, value):
    b.run('var s = document.getElementById(arguments[0]); s.value = arguments[1]; s.dispatchEvent(new Event("change"));', name, value)


def sample(*names):
    return [os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'samples', *names[:1], n) for n in names[1:]]


def checked_log():
    """The sample whose tunnel is up, then a liveness check a minute, answered."""
    with open(sample('up-psk', 'r1.log')[0], encoding='utf-8') as f:
        text = f.read()
    spis = re.search(r'I_SPI=([0-9A-F]{16}) R_SPI=([0-9A-F]{15}[1-9A-F]|[0-9A-F]{16}) \(I\) MsgID = 1', text)
    for n in range(6):
        for what, way, second in (('Sending', '[To 198.51.100.2:500/From 192.0.2.1:500/VRF i0:f0]', '00.160'),
                                  ('Received', '[From 198.51.100.2:500/To 192.0.2.1:500/VRF i0:f0]', '00.180')):
            text += ('Mar  3 2026 10:%02d:%s UTC: IKEv2:(SESSION ID = 7,SA ID = 1):%s Packet %s \nInitiator SPI : %s - Responder SPI : %s Message id: %d\n'
                     'IKEv2 INFORMATIONAL Exchange %s \nPayload contents: \n NONE \n\n' %
                     (n + 1, second, what, way, spis.group(1), spis.group(2), n + 2, 'REQUEST' if what == 'Sending' else 'RESPONSE'))
    return text


def height(b):
    return b.run('return +document.querySelector(".ladder svg").getAttribute("height")')


def ladders(program, folder, b):
    """Folds, zoom, the axis of time, the lanes, the state machine."""
    page = report(program, folder, 'checked.html', [write(folder, 'r1.log', checked_log())])
    b.open(page)
    small, messages = height(b), shown(b, '#panel g.message')
    check(b.run('return document.querySelectorAll("#panel g.folded").length') == 1 and messages == 4, 'liveness checks are folded: %d messages shown' % messages)
    check('6 liveness checks' in b.run('return document.querySelector("#panel g.folded").textContent'), 'the fold says how many')
    b.run('document.querySelector("#panel g.folded").dispatchEvent(new MouseEvent("click", {bubbles: true}))')
    check(shown(b, '#panel g.message') == 16 and height(b) > small + 200, 'a click unfolds them')
    check(b.run('return document.querySelector("#panel g.folded").getAttribute("aria-expanded")') == 'true', 'the fold says that it is open')
    b.run('document.querySelector("#panel g.folded").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true}))')
    check(shown(b, '#panel g.message') == 4 and height(b) == small, 'Enter folds them again')
    b.click('#show-checks')
    check(shown(b, '#panel g.message') == 16, 'a box unfolds all')
    check(shown(b, '#panel g.pause') >= 5, 'gaps in time are marked')
    b.click('#show-pauses')
    check(shown(b, '#panel g.pause') == 0, 'the gaps can be hidden')
    b.run('document.activeElement.blur()')
    before = height(b)
    b.press('+')
    check(abs(height(b) / before - 1.25) < 0.02, '+ zooms')
    b.press('--')
    check(height(b) < before, '- zooms out')
    b.press('0')
    check(abs(height(b) - before) < 2, '0 is the size as it was')
    b.press('2')
    check(b.run('return document.getElementById("step-text").offsetHeight') == 0, "the ladder's tools are there with the ladder only")
    quiet(b, page, 'checked')
    page = report(program, folder, 'both.html', sample('answers-are-lost', 'r1.log', 'r2.log'))
    b.open(page)
    check(b.run('return new Set([].map.call(document.querySelectorAll("#panel .ladder g:not(.legend) > rect.lane"), function (r) { return r.getAttribute("x"); })).size') == 2,
          'both routers have a lane of states')
    check(b.run('return /sent \u00d75/.test(document.querySelector(".ladder").textContent)') and shown(b, '#panel g.message') == 2, 'retransmissions are one arrow')
    b.run('document.querySelector("#panel g.message").dispatchEvent(new MouseEvent("click", {bubbles: true}))')
    check(b.run('return document.querySelectorAll("#detail .place").length') == 10, 'each of its copies is listed with its place: %d' %
          b.run('return document.querySelectorAll("#detail .place").length'))
    b.press(ESCAPE)
    b.press('3')
    check(b.run('return document.querySelectorAll("[data-tab=States] rect.node").length') >= 10, 'the states that were passed are drawn')
    check(b.run('return document.querySelectorAll("[data-tab=States] rect.final").length') == 2, 'where each router ended is marked')
    check('40.0 s' in b.run('return document.querySelector("[data-tab=States]").textContent'), 'how long a state lasted')
    check(b.run('return [].every.call(document.querySelectorAll(".state"), function (e) { return /^\\W/.test(e.textContent); })'), 'a state has a sign besides its colour')
    set_choice(b, 'step-severity', '3')
    b.press('1')
    check(0 < shown(b, '#panel g.notice') < b.run('return document.querySelectorAll("#panel g.notice").length'), 'a severity filters the ladder')
    set_choice(b, 'step-severity', '0')
    set_choice(b, 'step-side', '2')
    check(shown(b, '#panel g.message') == 1, 'a side filters the ladder')
    quiet(b, page, 'both')


def lists(program, folder, b):
    """The list of SAs and its filters, lifelines, findings that open, the list of keys, the page's own policy."""
    logs = [write(folder, 'one.log', ''.join(attempt(1, 0xA1A1A1A1A1A1A1A1, 1) + attempt(2, 0xB2B2B2B2B2B2B2B2, 60)).replace('*Jun 10 ', 'Jun 10 2026 '))]
    page = report(program, folder, 'lists.html', logs + sample('acls-do-not-mirror', 'r1.cfg', 'r2.cfg', 'r2.log') + sample('rekey-at-once', 'r1.log'))
    b.open(page)
    rows = '#sa-table tbody tr'
    total = shown(b, rows)
    check(total == 4 and b.run('return document.querySelectorAll("table.verdict tbody tr").length') >= 2, 'SAs and pairs are listed: %d' % total)
    set_choice(b, 'sa-outcome', 'failed')
    check(shown(b, rows) == 2, 'an outcome filters the SAs')
    set_choice(b, 'sa-outcome', '')
    set_choice(b, 'sa-severity', '3')
    check(0 < shown(b, rows) < total, 'a severity filters the SAs')
    set_choice(b, 'sa-severity', '0')
    set_choice(b, 'sa-peer', b.run('return document.getElementById("sa-peer").options[1].value'))
    check(0 < shown(b, rows) < total, 'a peer filters the SAs')
    set_choice(b, 'sa-peer', '')
    check(b.run('return document.querySelectorAll("#lives g.bar").length') >= total, 'every SA has a lifeline')
    b.run('document.querySelector("#lives g.bar[data-sa=\'2\'] rect").dispatchEvent(new MouseEvent("click", {bubbles: true}))')
    check(b.run('return document.querySelector("#sa-title").textContent').startswith('ike2'), 'a click on a lifeline opens its SA')
    closed = b.run('var d = document.querySelector("details.finding:not([open])"); return d && d.id')
    check(closed, 'lesser findings are closed')
    b.run('var a = document.createElement("a"); a.href = "#" + arguments[0]; document.querySelector("main").appendChild(a); a.click(); a.remove()', closed)
    check(b.run('return document.getElementById(arguments[0]).open', closed), 'a link to a finding opens it')
    b.run('document.querySelectorAll("details").forEach(function (d) { d.open = false; }); window.dispatchEvent(new Event("beforeprint"))')
    check(b.run('return document.querySelectorAll("details.finding:not([open])").length') == 0, 'on paper all findings are open')
    keys = b.run('return [].map.call(document.querySelectorAll("#keys kbd"), function (k) { return k.textContent; }).join(" ")')
    check(keys == '/ j k [ ] 1 2 3 4 + - 0 e Esc ?', 'the keys are listed in the page: %s' % keys)
    b.run('var s = document.createElement("script"); s.textContent = "window.pwned = 3"; document.body.appendChild(s);'
          'var i = new Image(); i.src = "https://192.0.2.1/x.png"; document.body.appendChild(i); i.remove(); s.remove();')
    check(b.run('return window.pwned') is None, 'the policy lets no other script run')
    refused = b.console()
    check(len(refused) >= 2 and all('Content Security Policy' in e['message'] for e in refused), 'the policy refuses what is not in the page: %s' % refused[:2])
    b.requests()


def rekeys(program, folder, b, capture):
    page = report(program, folder, 'rekey.html', [os.path.join(capture, f) for f in os.listdir(capture) if '.pcap' in f or f == 'keys.jsonl'])
    b.open(page)
    check(b.run('return document.querySelectorAll("#lives path.link.head").length') >= 1, 'an arrow says which SA rekeyed which')
    check('is up' in b.run('return document.querySelector(".ladder").textContent'), 'a Child SA is born in the ladder')
    b.run('var r = JSON.parse(document.getElementById("events-data").textContent).rows.find(function (r) { return r[4]; }), e = document.createElement("button");'
          'e.dataset.place = r[2] + ":" + r[3]; document.querySelector("main").appendChild(e); e.click(); e.remove()')
    head = b.run('return document.querySelector("#detail h4").textContent')
    check(re.search(r'\.pcap(ng)?#\d+$', head), 'a packet in its context is called one, and no line: %s' % head)
    quiet(b, page, 'rekey')


def sheets(program, folder, b):
    """A ladder longer than a sheet is printed as several drawings, none of which cuts a row, and is whole again afterwards."""
    lines = []
    for n in range(60):
        for way, ends, what in (('Received', 'From 192.0.2.1:500/To 192.0.2.2:500', 'REQUEST'), ('Sending', 'To 192.0.2.1:500/From 192.0.2.2:500', 'RESPONSE')):
            lines.append('Mar  3 10:%02d:00.1%02d: IKEv2:(SESSION ID = 1,SA ID = 1):%s Packet [%s/VRF i0:f0] \n'
                         'Initiator SPI : AAAAAAAABBBBBBBB - Responder SPI : CCCCCCCCDDDDDDDD Message id: %d\nIKEv2 CREATE_CHILD_SA Exchange %s \n'
                         'Payload contents: \n SA N KE TSi TSr\n\n' % (n, way == 'Sending', way, ends, n, what))
    page = report(program, folder, 'sheets.html', [write(folder, 'sheets.log', ''.join(lines))])
    b.open(page)
    seen = ('return [].map.call(document.querySelectorAll("#panel .ladder svg"), function (s) { var v = s.viewBox.baseVal, rows = [].filter.call(s.querySelectorAll("g.row"), '
            'function (g) { return !g.hasAttribute("display"); }); return { y: v.y, h: v.height, w: v.width, rows: rows.map(function (g) { '
            'var y = +/,(\\d+)/.exec(g.getAttribute("transform"))[1]; return [y, y + +g.dataset.h]; }) }; })')
    before = b.run(seen)
    b.run('window.dispatchEvent(new Event("beforeprint"))')
    parts = b.run(seen)
    check(len(before) == 1 and len(parts) > 3, 'a long ladder is printed as several drawings: %d' % len(parts))
    cut = [r for p in parts[1:] for r in p['rows'] if r[0] < p['y'] or r[1] > p['y'] + p['h']]
    cut += [r for r in parts[0]['rows'] if r[0] < parts[0]['h'] < r[1]]
    check(not cut, 'no row of it is cut: %s' % cut[:3])
    check(all(p['h'] < 1.4 * p['w'] for p in parts), 'each part fits a sheet')
    b.run('window.dispatchEvent(new Event("afterprint"))')
    check(b.run(seen) == before, 'the ladder is whole again after it')
    quiet(b, page, 'sheets')


def paper(program, folder, b):
    page = report(program, folder, 'paper.html', sample('answers-are-lost', 'r1.log', 'r2.log'))
    b.open(page)
    out = os.path.join(folder, 'paper.pdf')
    b.paper(out)
    check(os.path.getsize(out) > 20000, 'the page can be printed')
    if shutil.which('pdftotext'):
        text = subprocess.run(['pdftotext', '-layout', out, '-'], stdout=subprocess.PIPE).stdout.decode()
        for words in ('Answers are lost on the way back', 'On the responder', 'r2.log:24', 'IKE_SA_INIT request', 'R_WAIT_AUTH', 'Gives up', 'INIT_DONE'):
            check(words in text, 'on paper there is "%s"' % words)
    quiet(b, page, 'paper')


# WCAG 2.2: relative luminance, contrast of what is written with what lies behind it; of a drawing the boxes drawn before it.
CONTRASTS = r"""
function light(c) {
  var f = c.slice(0, 3).map(function (v) { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); });
  return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2];
}
function colour(s) {
  var m = /rgba?\(([^)]+)\)/.exec(s), p = m ? m[1].split(/[ ,\/]+/).map(Number) : [0, 0, 0, 0];
  return [p[0], p[1], p[2], p.length > 3 ? p[3] : 1];
}
function over(a, b) { return [0, 1, 2].map(function (i) { return a[i] * a[3] + b[i] * (1 - a[3]); }).concat(1); }
function behind(e) {
  for (var sheets = [], b = [255, 255, 255, 1]; e && e.nodeType === 1; e = e.parentElement) {
    var c = colour(getComputedStyle(e).backgroundColor);
    if (c[3]) sheets.push(c);
    if (c[3] === 1) break;
  }
  while (sheets.length) b = over(sheets.pop(), b);
  return b;
}
function drawn(t) {
  var r = t.getBoundingClientRect(), x = r.left + Math.min(4, r.width / 2), y = (r.top + r.bottom) / 2, svg = t.closest('svg'), b = behind(svg.parentElement || svg);
  svg.querySelectorAll('rect').forEach(function (s) {
    var q = s.getBoundingClientRect();
    if (s.compareDocumentPosition(t) & 4 && x >= q.left && x <= q.right && y >= q.top && y <= q.bottom) b = over(colour(getComputedStyle(s).fill), b);
  });
  return b;
}
var low = [], walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT), seen = 0;
while (walker.nextNode()) {
  var n = walker.currentNode, e = n.parentElement, range = document.createRange();
  if (!n.nodeValue.trim() || e.closest('script, style, title, desc, head')) continue;
  range.selectNodeContents(n);
  if (!range.getBoundingClientRect().width) continue;
  var svg = e.closest('svg'), back = svg ? drawn(e.closest('text')) : behind(e), front = over(colour(getComputedStyle(e)[svg ? 'fill' : 'color']), back);
  var a = light(front), b = light(back), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  seen++;
  if (ratio < 4.5) low.push(ratio.toFixed(2) + ': ' + n.nodeValue.trim().slice(0, 40));
}
return [seen, low];
"""

FORM = r"""
function some(selector, bad) { return [].filter.call(document.querySelectorAll(selector), bad).map(function (e) { return e.outerHTML.slice(0, 90); }).slice(0, 3); }
function named(e) { return e.textContent.trim() || e.getAttribute('aria-label') || (e.labels && e.labels.length); }
var ids = {};
document.querySelectorAll('[id]').forEach(function (e) { ids[e.id] = (ids[e.id] || 0) + 1; });
return {
  'a link that leads nowhere': some('a', function (a) { var h = a.getAttribute('href'); return !h || h[0] !== '#' || !ids[h.slice(1)]; }),
  'a name that is not alone': some('[id]', function (e) { return ids[e.id] > 1; }),
  'a head without a scope': some('th', function (e) { return e.scope !== 'col' || !e.textContent.trim(); }),
  'a control without a name': some('button, input, select, a, [tabindex], [role=tabpanel], [role=tablist]', function (e) { return !named(e); }),
  'a tab without its panel': some('[role=tab]', function (e) { var p = document.getElementById(e.getAttribute('aria-controls')); return !p || p.getAttribute('role') !== 'tabpanel'; }),
  'a drawing without title, description or role': some('svg', function (e) { return !e.getAttribute('role') || !e.querySelector('title').textContent || !e.querySelector('desc').textContent; }),
};
"""


def readable(b, page, what):
    """Contrast of every tab and of the details, names of all that can be reached, no scrolling of the page itself."""
    b.open(page)
    b.run('document.querySelectorAll("details").forEach(function (d) { d.open = true; })')
    for key in '1234':
        b.press(key)
        if key == '1':
            b.press('je')
            time.sleep(0.3)
        seen, low = b.run(CONTRASTS)
        check(seen and not low, '%s: too little contrast: %s' % (what, low[:4]))
    for fault, where in b.run(FORM).items():
        check(not where, '%s: %s: %s' % (what, fault, where))
    check(b.run('return document.title').startswith('IKEv2 report'), '%s: the title says what it is' % what)
    quiet(b, page, what)


def narrow(b, page, what):
    b.do('POST', '/goog/cdp/execute', {'cmd': 'Emulation.setDeviceMetricsOverride',
                                       'params': {'width': 360, 'height': 740, 'deviceScaleFactor': 1, 'mobile': False}})
    b.open(page)
    b.run('document.querySelectorAll("details").forEach(function (d) { d.open = true; })')
    for key in '1234':
        b.press(key)
        wide = b.run('return document.documentElement.scrollWidth')
        check(wide <= 360, '%s, tab %s: the page is %d wide in a window of 360' % (what, key, wide))
        broken = b.run('return [].filter.call(document.querySelectorAll("#sa-tools button, th"), function (e) { return e.offsetHeight > 40; })'
                       '.map(function (e) { return e.textContent; })')
        check(not broken, '%s, tab %s: torn words: %s' % (what, key, broken[:3]))
    b.press('2')
    check(b.run('return [].every.call(document.querySelectorAll(".walk td[data-key]"), function (e) { return e.offsetWidth > 280; })'),
          '%s: a cell of the walkthrough is too narrow' % what)
    check(b.run('return [].every.call(document.querySelectorAll(".walk .arrow"), function (e) { return e.offsetHeight; })'), '%s: an arrow is gone' % what)
    check(b.run('var e = document.querySelector("#event-table th:nth-child(7)"); return !e || e.offsetLeft < 240'),
          '%s: what the events say is out of sight' % what)
    check(b.run('return [].every.call(document.querySelectorAll(".fixes > div"), function (e) { return e.offsetWidth > 240; })'),
          '%s: advice is too narrow' % what)
    b.do('POST', '/goog/cdp/execute', {'cmd': 'Emulation.clearDeviceMetricsOverride', 'params': {}})
    quiet(b, page, what)


TAB, DOWN, UP, RIGHT, ENTER = '\ue004', '\ue015', '\ue013', '\ue014', '\ue007'


def focused(b):
    return b.run('var e = document.activeElement; return (e.id || e.getAttribute("aria-label") || e.textContent || e.tagName).trim().slice(0, 40)')


def keyboard(program, folder, b):
    """Without a mouse: the skip link first, one stop for a list, arrows inside, details take the focus and give it back."""
    page = report(program, folder, 'keyboard.html', [write(folder, 'two.log', ''.join(attempt(1, 0xA1, 1) + attempt(2, 0xB2B2B2B2B2B2B2B2, 60)))])
    b.open(page)
    b.press(TAB)
    check(focused(b) == 'to the findings' and b.run('return document.activeElement.getBoundingClientRect().left') >= 0, 'the skip link comes first, and is seen')
    # Once around: behind the last stop the focus leaves for the body, or comes straight back to the first. Which of them,
    # and whether a stop is met a second time before it, is the browser's affair and differs from run to run.
    stops = []
    for _ in range(60):
        b.press(TAB)
        name = focused(b)
        if name == 'to the findings' or b.run('return document.activeElement === document.body'):
            break
        stops.append(name)
        check(b.run('return document.activeElement.matches(":focus-visible")'), 'the focus is seen: %s' % name)
    check(len(stops) < 60, 'Tab leads around the page: %s' % stops)
    check(stops.count('ike1') + stops.count('ike2') == 2, 'the list of SAs is one stop, and what links to them: %s' % stops)
    check(len([s for s in stops if s.startswith('IKE_SA_INIT')]) == 1, 'the ladder is one stop: %s' % stops)
    b.run('document.querySelector("#sa-table tr.chosen button").focus()')
    b.press(DOWN)
    check(focused(b) == 'ike2', 'an arrow goes on in the list: %s' % focused(b))
    b.press(ENTER)
    check(b.run('return document.querySelector("#sa-title").textContent').startswith('ike2') and
          b.run('return document.querySelector("[aria-current=true]").dataset.sa') == '2', 'Enter chooses it')
    b.run('document.querySelector("[role=tab][aria-selected=true]").focus()')
    b.press(RIGHT)
    check(focused(b) == 'Step by step' and b.run('return document.querySelector("[role=tabpanel]:not(.off)").dataset.tab') == 'Step by step', 'an arrow changes the tab')
    b.press('1')
    b.run('document.querySelector("#panel g.row[tabindex=\'0\']").focus()')
    b.press(ENTER)
    check(b.run('return document.activeElement.id') == 'detail', 'the details take the focus')
    b.press(ESCAPE)
    check(focused(b).startswith('IKE_SA_INIT'), 'and give it back: %s' % focused(b))
    b.press('e')
    time.sleep(0.3)
    b.run('document.querySelector("#event-table button").focus()')
    b.press(ENTER)
    check(b.run('return document.querySelectorAll("#detail .context .here").length') == 1, 'an event is opened by a key')
    quiet(b, page, 'keyboard')


def many(program, folder, b):
    """What is the same of many tunnels is told once; a link to what is folded opens all that it is folded into."""
    lines = []
    for n in range(40):
        lines += [re.sub(r'(SA ID = \d+\):)(Next payload)', r'\1\2', line) for line in attempt(n + 1, 0x2000000000000001 + n, n * 20)]
        lines.insert(len(lines) - 9, '*Jun 10 %02d:%02d:%02d.001: IKEv2:(SA ID = %d):Searching Policy with fvrf 0, local address 192.0.2.1\n' %
                     (8 + n * 20 // 3600, n * 20 // 60 % 60, n * 20 % 60, n + 1))
        lines.insert(len(lines) - 8, '*Jun 10 %02d:%02d:%02d.002: IKEv2:(SA ID = %d):Sending Packet [To 198.51.100.%d:500/From 192.0.2.1:500/VRF i0:f0] \n'
                     'Initiator SPI : %016X - Responder SPI : 0000000000000000 Message id: 0\nIKEv2 IKE_SA_INIT Exchange REQUEST \nPayload contents: \n SA KE N \n\n' %
                     (8 + n * 20 // 3600, n * 20 // 60 % 60, n * 20 % 60, n + 1, n + 1, 0x2000000000000001 + n))
    page = report(program, folder, 'many.html', [write(folder, 'many.log', ''.join(lines))])
    b.open(page)
    rows = b.run('return [].filter.call(document.querySelectorAll("table.verdict tbody tr"), function (r) { return r.checkVisibility(); }).length')
    check(10 <= rows <= 13, 'the first of many pairs are listed, the others folded: %d' % rows)
    told = b.run('return [].filter.call(document.querySelectorAll(".finding"), function (f) { return f.checkVisibility(); }).length')
    folded = b.run('return document.querySelectorAll(".alike .finding").length')
    check(told <= 4 and folded >= 30, 'what is the same is told once: %d told, %d folded' % (told, folded))
    last = b.run('var f = document.querySelectorAll(".alike .finding"); return f[f.length - 1].id')
    b.run('var a = document.createElement("a"); a.href = "#" + arguments[0]; document.querySelector("main").appendChild(a); a.click(); a.remove()', last)
    check(b.run('return document.getElementById(arguments[0]).open && document.querySelector(".alike").open', last), 'a link opens what its end is folded into')
    b.run('window.dispatchEvent(new Event("beforeprint"))')
    check(b.run('return document.querySelectorAll("details:not([open]):not(#keys)").length') == 0, 'on paper all is open')
    b.run('window.dispatchEvent(new Event("afterprint"))')
    check(b.run('return document.querySelectorAll("details:not([open])").length') > 10, 'and folded again after it')
    narrow(b, page, 'many')
    quiet(b, page, 'many')


def nothing(program, folder, b):
    """A file without any IKEv2: the page says so, and what to take, and has nothing that is empty."""
    page = report(program, folder, 'nothing.html', [write(folder, 'nothing.log', 'hello world\n')])
    b.open(page)
    text = b.run('return document.querySelector("main").innerText')
    check('Nothing of IKEv2' in text and 'debug crypto ikev2' in text and 'needs attention' not in text, 'nothing was found, and is not called well')
    check(b.run('return !document.getElementById("events") && !document.querySelector("#sas:not([hidden])")'), 'no empty lists')
    quiet(b, page, 'nothing')


def large(program, folder, b):
    """Hundreds of SAs, 100,000 events: the page opens, filters and scrolls in time, and only what is in sight is in it."""
    lines = []
    for n in range(400):
        lines += attempt(n % 200 + 1, 0x1000000000000001 + n, n * 20)
        for k in range(240):
            lines.append('*Jun 10 %02d:%02d:%02d.960: IKEv2:(SA ID = %d):Processing item %d of %d\n' %
                         (8 + n * 20 // 3600, n * 20 // 60 % 60, n * 20 % 60, n % 200 + 1, k, n))
    page = report(program, folder, 'large.html', [write(folder, 'large.log', ''.join(lines))])
    begun = time.time()
    b.open(page)
    opened = time.time() - begun
    rows = b.run('return document.querySelectorAll("#sa-table tbody tr").length')
    check(rows >= 300, 'hundreds of SAs are listed, not %d' % rows)
    begun = time.time()
    b.press('e')
    time.sleep(0.3)
    total = b.run('return JSON.parse(document.getElementById("events-data").textContent).rows.length')
    check(total >= 90000, '%d events are in the page' % total)
    b.type('#event-text', 'item 17 ')
    b.run('document.getElementById("event-scroll").scrollTop = 3000')
    time.sleep(0.2)
    check(b.run('return document.querySelectorAll("#event-table tr").length') < 100, 'only the events in sight are in the page')
    b.press(ESCAPE)
    b.press(']')
    used = time.time() - begun
    check(opened < 20 and used < 20, 'too slow: %.1f s to open, %.1f s to use' % (opened, used))
    print('large: %d SAs, %d events, %.1f MB, opened in %.1f s' % (rows, total, os.path.getsize(page) / 1e6, opened))
    quiet(b, page, 'large')


def main():
    program, folder = sys.argv[1:3]
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', '..', 'shared', 'reference', 'seed-english')
    try:
        b = Browser()
    except (FileNotFoundError, RuntimeError) as e:
        print('skipped:', e)
        return SKIPPED
    try:
        hostile(program, folder, b)
        if os.path.isdir(root):
            paths(program, folder, b, [os.path.join(root, f) for f in sorted(os.listdir(root)) if f.endswith(('.log', '.cfg')) and not f.startswith('both')])
        paths(program, folder, b, [write(folder, 'two.log', ''.join(attempt(1, 0xA1, 1) + attempt(2, 0xB2B2B2B2B2B2B2B2, 60)))])
        ladders(program, folder, b)
        lists(program, folder, b)
        capture = os.path.join(root, '..', '..', 'captures', 'ike-rekey')
        if os.path.isdir(capture):
            rekeys(program, folder, b, capture)
        keyboard(program, folder, b)
        many(program, folder, b)
        nothing(program, folder, b)
        pages = [report(program, folder, 'read%d.html' % i, i_inputs) for i, i_inputs in enumerate(
            [sample('answers-are-lost', 'r1.log', 'r2.log'), sample('rekeys-across-ike-sas', 'wire.pcap', 'keys.jsonl'), sample('keys-differ-by-configuration', 'r1.cfg', 'r1.log', 'r2.cfg')])]
        for page in pages:
            readable(b, page, 'light ' + os.path.basename(page))
            narrow(b, page, 'narrow ' + os.path.basename(page))
        dark = Browser(dark=True)
        try:
            for page in pages:
                dark.open(page)
                check(dark.run('return getComputedStyle(document.documentElement).backgroundColor') == 'rgb(18, 22, 28)', 'a dark page is dark')
                readable(dark, page, 'dark ' + os.path.basename(page))
        finally:
            dark.close()
        paper(program, folder, b)
        sheets(program, folder, b)
        large(program, folder, b)
    finally:
        b.close()
    print('%d failures' % len(failures))
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
