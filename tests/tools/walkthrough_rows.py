#!/usr/bin/env python3
"""Does the walkthrough of the two routers of Cisco's technote hold every row of its table, in its order?

walkthrough_rows.py PROGRAM SEED_FOLDER

Each row: the step, the column it stands in (initiator or responder of the exchange's SA), what its debug lines hold, and the
configuration that the table shows with it, as text that must be in the same cell."""
import html.parser
import os
import re
import subprocess
import sys

LEFT, RIGHT = 0, 2

PROPOSAL = ['crypto ikev2 proposal PHASE1-prop', 'encryption 3des aes-cbc-128', 'integrity sha1', 'group 2']
KEYRING_1 = ['crypto ikev2 keyring KEYRNG', 'peer peer1', 'address 10.0.0.2 255.255.255.0', 'hostname host1', 'pre-shared-key local', 'pre-shared-key remote']
KEYRING_2 = ['crypto ikev2 keyring KEYRNG', 'peer peer2', 'address 10.0.0.1 255.255.255.0', 'hostname host2', 'pre-shared-key local', 'pre-shared-key remote']
IPSEC = ['crypto ipsec transform-set TS esp-3des esp-sha-hmac', 'crypto ipsec profile phse2-prof', 'set transform-set TS', 'set ikev2-profile IKEV2-SETUP']

ROWS = [
    # step, column, debug, configuration
    ('init-trigger', LEFT, ['Got a packet from dispatcher', 'Getting preshared key by address 10.0.0.2', 'Choosing IKE profile IKEV2-SETUP', 'request admitted'], []),
    ('init-policy', LEFT, ['IDLE Event: EV_INIT_SA', 'I_BLD_INIT Event: EV_GEN_DH_KEY', 'I_BLD_INIT Event: EV_BLD_MSG'], PROPOSAL + KEYRING_1),
    ('init-request-built', LEFT, ['length 344', 'IKE_SA_INIT request'], []),
    ('init-request-received', RIGHT, ['Got a packet from dispatcher', 'Incrementing incoming'], []),
    ('init-request-read', RIGHT, ['Received IKE_SA_INIT request', 'length 344'], []),
    ('init-request-processed', RIGHT, ['IDLE Event: EV_RECV_INIT', 'R_INIT Event: EV_DETECT_NAT', 'R_BLD_INIT Event: EV_GEN_DH_SECRET', 'R_BLD_INIT Event: EV_GEN_SKEYID'], PROPOSAL + KEYRING_2),
    ('init-response-built', RIGHT, ['length 449'], []),
    ('init-response-sent', RIGHT, ['INIT_DONE Event: EV_DONE', 'IKE_SA_INIT response'], []),
    ('init-response-received', LEFT, ['Processing an item off the pak queue'], []),
    ('auth-timer', RIGHT, ['EV_START_TMR'], []),
    ('init-response-processed', LEFT, ['length 449', 'I_WAIT_INIT Event: EV_RECV_INIT', 'INIT_DONE Event: EV_GEN_DH_SECRET', 'INIT_DONE Event: EV_GEN_SKEYID'], []),
    ('auth-request-built', LEFT, ['I_BLD_AUTH Event: EV_GEN_AUTH', 'length 556', 'IKE_AUTH request'], IPSEC),
    ('auth-request-verified', RIGHT, ['length 556', 'EV_RECV_AUTH', 'EV_VERIFY_AUTH'], IPSEC),
    ('auth-response-built', RIGHT, ['R_BLD_AUTH Event: EV_GEN_AUTH', 'length 252'], []),
    ('auth-response-sent', RIGHT, ['AUTH_DONE Event: EV_OK', 'IKE_AUTH response'], []),
    ('auth-response-received', LEFT, ['Got a packet from dispatcher'], []),
    ('responder-installs', RIGHT, ['AUTH_DONE Event: EV_OK_RECD_LOAD_IPSEC'], []),
    ('auth-response-verified', LEFT, ['I_PROC_AUTH Event: EV_VERIFY_AUTH', 'AUTH_DONE Event: EV_INSERT_IKE'], []),
    ('initiator-ready', LEFT, ['READY Event: EV_I_OK'], []),
    ('responder-ready', RIGHT, ['READY Event: EV_R_OK'], []),
    # the rekey
    ('child-request-built', None, ['Sending CREATE_CHILD_SA request', 'CREATE_CHILD_SA request'], []),
    ('child-request-received', None, ['Received CREATE_CHILD_SA request'], []),
    ('child-request-processed', None, ['CHILD_R_IKE Event: EV_REKEY_IKESA'], []),
    ('child-response-built', None, ['Sending CREATE_CHILD_SA response'], []),
    ('child-response-sent', None, ['EV_ACTIVATE_NEW_SA', 'CREATE_CHILD_SA response'], []),
    ('child-response-received', None, ['Received CREATE_CHILD_SA response', 'CHILD_I_DONE Event: EV_ACTIVATE_NEW_SA'], []),
]


class Tables(html.parser.HTMLParser):
    """Rows of the tables of class walk: for each cell its data-key and its text. A message on its way belongs to the row above."""

    def __init__(self):
        super().__init__()
        self.rows, self.inside, self.way = [], False, False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == 'table':
            self.inside = attrs.get('class') == 'walk'
        if self.inside and tag == 'tr':
            self.way = attrs.get('class') == 'way'
            if not self.way:
                self.rows.append([])
        if self.inside and tag == 'td' and not self.way:
            self.rows[-1].append([attrs.get('data-key'), ''])

    def handle_endtag(self, tag):
        if tag == 'table':
            self.inside = False

    def handle_data(self, data):
        if self.inside and self.rows and self.rows[-1]:
            self.rows[-1][1 if self.way else -1][1] += data + ' '


def panels(page):
    """The panels of the SAs that are in the page as data, in the order of the SAs."""
    found = {int(n): panel for n, panel in re.findall(r'<script type="text/plain" id="panel-(\d+)">(.*?)</script>', page, re.S)}
    return [found[n] for n in sorted(found)]


def run(program, seed, form):
    files = ['r1-initial.log', 'r2-initial.log', 'r1-create-child-sa.log', 'r2-create-child-sa.log', 'r1.cfg', 'r2.cfg'] + sorted(
        f for f in os.listdir(seed) if f.endswith('.show'))
    return subprocess.run([program, '-f', form] + [os.path.join(seed, f) for f in files], stdout=subprocess.PIPE, check=True).stdout.decode()


def same(text):
    return re.sub(r'[\s\xa0]+', ' ', text)


def check_html(program, seed, failures):
    rows = []
    for panel in panels(run(program, seed, 'html')):
        t = Tables()
        t.feed(panel)
        rows += [r for r in t.rows if len(r) == 3]
    at, titles = 0, []
    for key, column, debug, config in ROWS:
        place = next((i for i in range(at, len(rows)) if any(c[0] == key for c in rows[i])), None)
        if place is None:
            failures.append('html: no row "%s" behind the row before it' % key)
            continue
        at = place
        side = next(i for i in (0, 2) if rows[place][i][0] == key)
        if column is not None and side != column:
            failures.append('html: "%s" stands in the wrong column' % key)
        cell, log = same(rows[place][side][1]), same(rows[place][1][1])
        failures += ['html: "%s" lacks the debug line "%s"' % (key, d) for d in debug if same(d) not in log]
        failures += ['html: "%s" lacks the configuration "%s"' % (key, c) for c in config if same(c) not in cell]
        if len(cell.strip()) < 60:
            failures.append('html: "%s" says too little' % key)
        titles.append(key)
    return titles


def check_order(form, keys, failures):
    at = 0
    for key, *_ in ROWS:
        if key not in keys[at:]:
            failures.append('%s: no row "%s" behind the row before it' % (form, key))
        else:
            at = keys.index(key, at)


def steps_table(path):
    """key -> title of walkthrough.def"""
    with open(path) as f:
        return {k: t for k, t in re.findall(r'STEP\("([a-z-]+)",[^"]*"[^"]*", "[^"]*", "([^"]*)"', f.read())}


def main():
    program, seed = sys.argv[1:3]
    failures = []
    check_html(program, seed, failures)
    check_order('svg', re.findall(r'data-key="([a-z-]+)"', run(program, seed, 'svg')), failures)
    titles = steps_table(os.path.join(os.path.dirname(__file__), '..', '..', 'reporters', 'walkthrough.def'))
    text = run(program, seed, 'markdown').replace('\\', '')
    at = 0
    for key, *_ in ROWS:
        found = text.find('**%s.**' % titles[key], at)
        if found < 0:
            failures.append('markdown: no row "%s" behind the row before it' % key)
        else:
            at = found
    for f in failures:
        print(f)
    print('%d rows, %d failures' % (len(ROWS), len(failures)))
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
