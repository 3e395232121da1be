#!/usr/bin/env python3
"""secrets_in_outputs.py PROGRAM MAKE_ESP CAPTURES: runs every format over captures with their keys and looks for the keys in all that was
written: standard output, standard error, files, and the temporary folder."""
import base64, glob, json, os, re, subprocess, sys, tempfile

program, make_esp, captures = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3]
LEAST = 16  # octets: a shorter one may occur by chance or is a salt
SECRET = re.compile(r'(sk_|encr|integ|_key|key_|psk|secret|skeyseed|^key$)', re.I)
OPEN = re.compile(r'(_id|_bits|alg|length|type|spi)', re.I)
bad = looked = 0


def secrets_of(path):
    found = set()
    for line in open(path, errors='replace'):
        try:
            row = json.loads(line)
        except ValueError:
            continue
        stack = [('', row)]
        while stack:
            name, value = stack.pop()
            if isinstance(value, dict):
                stack += value.items()
            elif isinstance(value, list):
                stack += [(name, v) for v in value]
            elif isinstance(value, str) and SECRET.search(name) and not OPEN.search(name):
                digits = value[2:] if value.startswith('0x') else value
                if re.fullmatch(r'(?:[0-9a-fA-F]{2})+', digits) and len(digits) >= 2 * LEAST:
                    found.add(bytes.fromhex(digits))
    return found


def forms(secret):
    hex_digits = secret.hex()
    return {'raw': secret, 'hex': hex_digits.encode(), 'HEX': hex_digits.upper().encode(), 'base64': base64.b64encode(secret).rstrip(b'=')[:-1],
            'colons': b':'.join(hex_digits[n:n + 2].encode() for n in range(0, len(hex_digits), 2)),
            'groups': b' '.join(hex_digits[n:n + 8].encode() for n in range(0, len(hex_digits), 8)), 'beginning': hex_digits[:24].encode()}


def look(what, data, secrets):
    global bad, looked
    looked += 1
    for s in secrets:
        for form, octets in forms(s).items():
            if octets in data:
                bad += 1
                print(f'{what}: holds a key ({form}, {len(s)} octets)')
                return True
    return False


def formats():
    said = subprocess.run([program, 'list', 'formats'], capture_output=True, text=True).stdout
    return [w for w in re.findall(r'^\s*([a-z]+)', said, re.M) if w not in ('formats',)]


def runs(inputs, keys, secrets, all_formats):
    global bad
    options = [a for k in keys for a in ('-k', k)]
    with tempfile.TemporaryDirectory() as folder:
        for f in all_formats:
            run = subprocess.run([program, 'report', '-f', f, '--events', '--show-unparsed', *inputs, *options], capture_output=True, timeout=120,
                                 env={**os.environ, 'TMPDIR': folder})
            if run.returncode == 2 and b'no format' in run.stderr:
                continue
            look(f'{inputs[0]} -f {f}', run.stdout, secrets)
            look(f'{inputs[0]} -f {f}, standard error', run.stderr, secrets)
        for argv in (['check'], ['check', '-f', 'json'], ['check', '-f', 'sarif'], ['diff', '-f', 'json', inputs[0]], ['report', '--redact', '-f', 'json']):
            run = subprocess.run([program, *argv, *inputs, *options], capture_output=True, timeout=120)
            look(f'{inputs[0]} {" ".join(argv)}', run.stdout + run.stderr, secrets)
        out = os.path.join(folder, 'inner.pcap')
        run = subprocess.run([program, 'decrypt', *inputs, *options, '-o', out], capture_output=True, timeout=120)
        look(f'{inputs[0]} decrypt', run.stdout + run.stderr + (open(out, 'rb').read() if os.path.exists(out) else b''), secrets)
        for name in glob.glob(folder + '/**/*', recursive=True):
            if os.path.isfile(name) and name != out:
                look(name, open(name, 'rb').read(), secrets)
        # a key file that breaks off must not be quoted in the complaint
        broken = os.path.join(folder, 'broken')
        data = open(keys[0], 'rb').read()
        for cut in (len(data) // 3, len(data) * 2 // 3, len(data) - 3):
            open(broken, 'wb').write(data[:cut] + b'"zz\n')
            run = subprocess.run([program, 'report', '-f', 'json', *inputs, '-k', broken], capture_output=True, timeout=120)
            look(f'{inputs[0]} with damaged keys', run.stdout + run.stderr, secrets)


CONFIGURATION = """version 17.3
hostname R1
!
crypto isakmp key {k}a address 198.51.100.7
 set peer 198.51.100.7
crypto ikev2 profile P
 match identity remote any
 authentication local pre-share key {k}b
 authentication remote pre-share key {k}c
!
crypto isakmp peer address 198.51.100.9
 set aggressive-mode password {k}d
 set aggressive-mode client-endpoint {n}
!
crypto map M 10 ipsec-manual
 set peer 198.51.100.2
 set session-key inbound esp {n} cipher {k}e authenticator {k}f
!
crypto map outside 20 set ikev1 pre-shared-key {k}g
!
interface GigabitEthernet1
 ip address 192.0.2.1 255.255.255.0
"""
LINES = [' ikev2 local-authentication pre-shared-key {k}h', 'the key is: pre-shared-key {k}i', '+  pre-shared-key local 0 {k}j',
         'config t; crypto isakmp key {k}k address 0.0.0.0', 'password {k}l']


def configurations(all_formats):
    """What two configurations of one router differ in, and what lines hold that nobody reads: all is told but the secrets."""
    global bad
    with tempfile.TemporaryDirectory() as folder:
        for n, key in enumerate(('Quiet-Hush-1', 'Other-Hush-2')):
            open(f'{folder}/{n}.cfg', 'w').write(CONFIGURATION.format(k=key, n=n))
        log = open('samples/up-psk/r1.log').read()
        open(f'{folder}/r1.log', 'w').write(log + '\n'.join(LINES).format(k='Third-Hush-3') + '\n')
        for f in all_formats:
            for argv in (['report', '-f', f, '--events', '--show-unparsed'], ['check', '-f', f], ['report', '-f', f, '--redact', '--show-unparsed']):
                run = subprocess.run([program, *argv, folder], capture_output=True, timeout=120)
                found = re.findall(rb'\w+-Hush-\S+', run.stdout + run.stderr)
                if found:
                    bad += 1
                    print(f'{" ".join(argv)}: tells {found[:3]}')
        said = subprocess.run([program, '--show-unparsed', '--show-secrets', folder], capture_output=True, text=True).stdout
        if said.count('Third-Hush-3') < len(LINES) or '[same-hostname' not in said:
            bad += 1
            print('what was asked for is not told:', said)


def main():
    global bad
    all_formats = formats()
    configurations(all_formats)
    if 'json' not in all_formats or 'html' not in all_formats:
        print('no formats known:', all_formats)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([make_esp, folder, '20', '2'], check=True)
        for kind in ('cbc', 'gcm'):
            keys = f'{folder}/{kind}.keys'
            os.chmod(keys, 0o600)
            secrets = secrets_of(keys)
            if not secrets:
                bad += 1
                print('no secrets in', keys)
            runs([f'{folder}/{kind}.pcap'], [keys], secrets, all_formats)
    known = sorted(glob.glob(captures + '/*/keys.jsonl'))
    for keys in known[::4]:
        folder = os.path.dirname(keys)
        secrets = secrets_of(keys)
        inputs = sorted(glob.glob(folder + '/*.pcap*'))[:1]
        if inputs and secrets:
            runs(inputs, [keys], secrets, all_formats)
    print(f'{looked} outputs looked through, {bad} with a key' + ('' if known else '; no lab captures beside the checkout'))
    return bad > 0


sys.exit(main())
