#!/usr/bin/env python3
"""A small W3C WebDriver client for Debian's chromium, of the standard library only: opens local pages, runs scripts in
them, clicks, types, takes pictures, and collects what the console and the network log say."""
import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

SKIPPED = 77


class Browser:
    def __init__(self, dark=False, width=1280, height=1000):
        self.driver = shutil.which('chromedriver')
        self.chromium = shutil.which('chromium') or shutil.which('chromium-browser')
        if not self.driver or not self.chromium:
            raise FileNotFoundError('chromium or chromedriver is not installed')
        self.profile = tempfile.mkdtemp(prefix='browser-')
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            self.port = s.getsockname()[1]
        self.process = subprocess.Popen([self.driver, '--port=%d' % self.port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)
        args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
                '--disable-component-update', '--disable-sync', '--hide-scrollbars', '--user-data-dir=' + self.profile,
                '--window-size=%d,%d' % (width, height)]
        if dark:
            args.append('--blink-settings=preferredColorScheme=0')
        capabilities = {'browserName': 'chrome', 'goog:loggingPrefs': {'browser': 'ALL', 'performance': 'ALL'},
                        'goog:chromeOptions': {'binary': self.chromium, 'args': args}}
        self.session = None
        for _ in range(100):
            try:
                self.session = self.call('POST', '/session', {'capabilities': {'alwaysMatch': capabilities}})['sessionId']
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        if not self.session:
            self.close()
            raise RuntimeError('chromedriver does not answer')
        self.do('POST', '/url', {'url': 'about:blank'})
        self.requests()  # what the browser's own first page asked for

    def call(self, method, path, body=None):
        octets = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request('http://127.0.0.1:%d%s' % (self.port, path), octets, {'Content-Type': 'application/json'}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=120) as answer:
                return json.load(answer)['value']
        except urllib.error.HTTPError as e:
            raise RuntimeError(json.load(e)['value'].get('message', '')) from None

    def do(self, method, path, body=None):
        return self.call(method, '/session/%s%s' % (self.session, path), body)

    def open(self, path):
        self.do('POST', '/url', {'url': 'file://' + os.path.abspath(path)})

    def run(self, script, *args):
        return self.do('POST', '/execute/sync', {'script': script, 'args': list(args)})

    def find(self, selector):
        return list(self.do('POST', '/element', {'using': 'css selector', 'value': selector}).values())[0]

    def click(self, selector):
        self.do('POST', '/element/%s/click' % self.find(selector), {})

    def type(self, selector, text):
        self.do('POST', '/element/%s/value' % self.find(selector), {'text': text})

    def press(self, keys):
        actions = [{'type': kind, 'value': k} for k in keys for kind in ('keyDown', 'keyUp')]
        self.do('POST', '/actions', {'actions': [{'type': 'key', 'id': 'keys', 'actions': actions}]})

    def picture(self, path):
        with open(path, 'wb') as out:
            out.write(base64.b64decode(self.do('GET', '/screenshot')))

    def paper(self, path):
        with open(path, 'wb') as out:
            out.write(base64.b64decode(self.do('POST', '/print', {'background': True})))

    def media(self, name):
        """As the page would be on "print" or "screen"."""
        self.do('POST', '/goog/cdp/execute', {'cmd': 'Emulation.setEmulatedMedia', 'params': {'media': name}})

    def resize(self, width, height):
        self.do('POST', '/window/rect', {'width': width, 'height': height})

    def console(self):
        return [e for e in self.do('POST', '/se/log', {'type': 'browser'}) if e['level'] in ('SEVERE', 'WARNING')]

    def requests(self):
        """The addresses that the pages asked for, in order."""
        urls = []
        for entry in self.do('POST', '/se/log', {'type': 'performance'}):
            message = json.loads(entry['message'])['message']
            if message['method'] == 'Network.requestWillBeSent':
                urls.append(message['params']['request']['url'])
        return urls

    def close(self):
        if self.session:
            try:
                self.do('DELETE', '')
            except (RuntimeError, urllib.error.URLError, ConnectionError):
                pass
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)
