#!/usr/bin/env python3
"""hostile.py PROGRAM: inputs made to cost much, each with the seconds and MiB that it may cost and the exit statuses that make sense.
Limits are several times what a quiet machine needs, and far under what a quadratic step would take."""
import gzip, lzma, os, resource, shutil, struct, subprocess, sys, tempfile

from wire import capture, ike, ipv4, udp

program = os.path.abspath(sys.argv[1])
make_log = os.path.join(os.path.dirname(program), 'tests', 'make_log')
full = os.environ.get('HOSTILE_FULL') == '1'
slower = 1
if b'__asan_init' in open(program, 'rb').read():
    slower = 8  # and its memory means nothing
bad = 0


def run(argv, seconds, stdin=subprocess.DEVNULL):
    """What the program took: seconds of processors (others may have them meanwhile), MiB; its status and what it said. One that waits for nothing is
    ended after ten minutes."""
    with tempfile.TemporaryFile() as said:
        # its memory comes of time(1): a child's own begins with what this process holds
        child = subprocess.Popen(['/usr/bin/time', '-f', '%M', 'timeout', '600', program, *argv], stdin=stdin, stdout=subprocess.DEVNULL, stderr=said,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1)))
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        *words, peak = said.read().decode(errors='replace').splitlines()
    return used.ru_utime + used.ru_stime, int(peak) / 1024, child.returncode, '\n'.join(words)


def job(name, argv, seconds, mib, statuses=(0, 1, 2, 3), stdin=subprocess.DEVNULL):
    global bad
    took, peak, status, said = run(argv, int(seconds * slower * 2), stdin)
    slow, large = took > seconds * slower, slower == 1 and peak > mib
    crashed = not slow and (status not in statuses or 'terminated by signal' in said)
    bad += crashed or slow or large
    print(f'{name}: {took:.2f} s of {seconds * slower}, {peak:.0f} MiB of {mib}, status {status}' + (' CRASHED or an odd status' if crashed else '') +
          (' TOO SLOW' if slow else '') + (' TOO LARGE' if large else ''), flush=True)
    if crashed:
        print(said[:500])


def fill(path, piece, total, before=b'', after=b'\n'):
    block = piece * (max(1, (1 << 20) // len(piece)))
    with open(path, 'wb') as to:
        to.write(before)
        for _ in range(max(1, total // len(block))):
            to.write(block)
        to.write(after)


def tenfold(name, argv, write, few):
    """Ten times the input costs about ten times the processor time; a step for each pair would make it a hundred. Others' work may make a time longer,
    by what they leave of caches and of the disk, and never shorter: what is too long is measured again, and the shortest time counts. Ten times the input
    leaves the caches by itself, too: up to sixteen times was seen where ten times the instructions are carried out."""
    global bad
    with tempfile.TemporaryDirectory() as folder:
        inputs = [os.path.join(folder, n) for n in ('input', 'inputs')]
        write(inputs[0], few)
        write(inputs[1], 10 * few)

        def cost(path, best):
            shutil.rmtree(os.path.join(folder, 'redacted'), ignore_errors=True)
            with open(path if os.path.isfile(path) else os.devnull, 'rb') as fed:
                took, _, status, said = run([*(a.replace('{folder}', folder) for a in argv), '-q', *(['-'] if argv[:1] == ['stream'] else [path])], 100, stdin=fed)
            if status not in (0, 1, 3):
                raise SystemExit(f'{name}: status {status}, {said[:200]}')
            return min(took, best)
        one = ten = 100
        for again in range(5):
            one, ten = cost(inputs[0], cost(inputs[0], one)), cost(inputs[1], ten)
            linear = ten <= 24 * max(one, 0.03)
            if linear:
                break
    bad += not linear
    print(f'{name}: {few} take {one:.3f} s, {10 * few} take {ten:.3f} s{f", measured {again + 1} times" if again else ""}{"" if linear else " NOT LINEAR"}', flush=True)


def overlapping(count):
    body = bytes(64)
    for n in range(count):
        yield ipv4(body, n // 500 & 0xffff, n * 8 % 4096 + 8, True)     # no first one: it never becomes whole
        yield ipv4(body, n // 500 & 0xffff, n * 24 % 60000 + 16, n % 3 > 0)


def teardrops(count):
    udp = struct.pack('!HHHH', 500, 500, 1400, 0) + bytes(1400 - 8)
    for n in range(count):  # each whole and then again, differently, over itself
        for at in range(0, 1400, 56):
            yield ipv4(udp[at:at + 112], n & 0xffff, at, at + 56 < 1400)


def pseudowires(levels):
    """MPLS labels and Ethernet in turn; each frame may begin behind a control word or without one, and both ways meet again."""
    b = bytearray(22 * levels + 64)
    for at in range(0, 22 * levels, 22):
        b[at + 2] = 1
        if at:
            b[at - 6:at - 4] = b[at - 2:at] = b'\x88\x47'
    return ipv4(bytes(b), 1, 0, False, 137)


def nested(depth):
    p = bytes(8)
    while len(p) + 20 < 65000 and depth:
        p = ipv4(p, 1, 0, False, 4)
        depth -= 1
    return p


def half_open_capture(count):
    for n in range(count):
        sa = bytes.fromhex('0000002c010100040300000c0100000c800e01000300000802000005030000080300000c000000080400000e')[:44]
        body = struct.pack('!BBH', 40, 0, 4 + len(sa)) + sa + struct.pack('!BBH', 0, 0, 20) + struct.pack('!QQ', n, n)
        ike = struct.pack('!QQBBBBII', 0x1000000000000000 + n, 0, 33, 0x20, 34, 8, 0, 28 + len(body)) + body
        udp = struct.pack('!HHHH', 500, 500, 8 + len(ike), 0) + ike
        yield ipv4(udp, n & 0xffff, 0, False, 17, struct.pack('!I', 0x0b000000 + n))


def one_sa(count, answered=True):
    """Keep-alives of one IKE SA, sealed."""
    for n in range(count):
        yield ipv4(udp(ike([(46, bytes(40))], spi_i=1, spi_r=2, exchange=37, message_id=n)))
        if answered:
            yield ipv4(udp(ike([(46, bytes(40))], spi_i=1, spi_r=2, exchange=37, flags=0x20, message_id=n)))


def worst_pieces(count):
    """Pieces of eight octets, from the end to the beginning, of datagrams that lack their first."""
    for n in range(count):
        yield ipv4(bytes(8), n // 2000, (2000 - n % 2000) * 8, True)


def one_spi(count):
    """ESP of one SPI between as many pairs of addresses."""
    for n in range(count):
        yield ipv4(struct.pack('!II', 0x1000, 1) + bytes(40), 1, 0, False, 50, struct.pack('!I', 0x0b000000 + n))


def said(end, n, sent, kind, spi_r='2222222222222222'):
    """A message in the log of one of two ends."""
    at = f'*May  1 {n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}.100: IKEv2:(SESSION ID = 1,SA ID = 1):'
    way = f'Sending Packet [To 192.0.2.{3 - end}:500/From' if sent else f'Received Packet [From 192.0.2.{3 - end}:500/To'
    inside = 'SA KE N' if 'INIT' in kind else 'ENCR'
    return f'{at}{way} 192.0.2.{end}:500/VRF i0:f0] \nInitiator SPI : 1111111111111111 - Responder SPI : {spi_r} Message id: {n - 2 if n > 2 else 0}\nIKEv2 {kind} \nPayload contents: \n {inside} \n'


def lost(path, count):
    """Two logs in one folder: of what the one sends the other has received half."""
    os.mkdir(path)
    for end, name in ((1, 'a.log'), (2, 'b.log')):
        with open(os.path.join(path, name), 'w') as to:
            to.write(said(end, 1, end == 1, 'IKE_SA_INIT Exchange REQUEST', '0' * 16) + said(end, 2, end == 2, 'IKE_SA_INIT Exchange RESPONSE'))
            for n in range(4, count + 4, end):
                to.write(said(end, n, end == 1, 'INFORMATIONAL Exchange REQUEST'))


def ownerless(folder, count):
    """A file of keys that do not say whose they are."""
    path = os.path.join(folder, 'keys.jsonl')
    with open(path, 'w') as to:
        for n in range(count):
            to.write('{"type":"ike","encr_id":12,"key_length":256,"integ_id":12,"prf_id":5,"sk_d":"%064x","sk_ei":"%s","sk_er":"%s","sk_ai":"%s","sk_ar":"%s"}\n'
                     % (n, 'aa' * 32, 'bb' * 32, '2c' * 32, '3d' * 32))
    os.chmod(path, 0o600)
    return path


def any_spi(folder, count, sender):
    """A Wireshark table of keys for any SPI, of this sender each."""
    path = os.path.join(folder, 'esp_sa')
    with open(path, 'w') as to:
        for n in range(count):
            to.write('"IPv4","%s","*","*","AES-CBC [RFC3602]","0x%s","HMAC-SHA-256-128 [RFC4868]","0x%064x"\n' % (sender(n), 'aa' * 32, n))
    os.chmod(path, 0o600)
    return path


def sealed_alone(count):
    for n in range(count):
        yield ipv4(udp(ike([(46, bytes(64))], spi_i=n + 1, spi_r=2, exchange=35, message_id=1)))


def bombs(path):
    """Packed a thousandfold and more, each by itself and in another."""
    entry = b'*May  1 12:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):Sending Packet [To 192.0.2.1:500/From 192.0.2.2:500/VRF i0:f0]\n'
    head = path + '.head'
    capture(head, one_sa(10))
    begins = open(head, 'rb').read()
    os.remove(head)
    frame = struct.pack('<IIII', 0, 0, 65000, 65000) + bytes(65000)
    size = (4 << 30) if full else (600 << 20)
    for name, before, piece in (('zeros', entry, bytes(1 << 20)), ('one entry', b'', entry * 8000), ('frames', begins, frame * 16)):
        times = size // len(piece)
        with open(path, 'wb') as to:
            packer = lzma.LZMACompressor(preset=0)
            to.write(packer.compress(before))
            for _ in range(times):
                to.write(packer.compress(piece))
            to.write(packer.flush())
        yield name + ', xz', path
        with gzip.open(path, 'wb', 9) as to:
            to.write(before)
            for _ in range(times):
                to.write(piece)
        yield name + ', gzip', path
        with open(path, 'rb') as f, gzip.open(path + '.2', 'wb') as to:
            shutil.copyfileobj(f, to)
        os.replace(path + '.2', path)
        yield name + ', gzip in gzip', path
        if shutil.which('zstd'):
            with open(path, 'wb') as to:
                packer = subprocess.Popen(['zstd', '-q', '-c'], stdin=subprocess.PIPE, stdout=to)
                packer.stdin.write(before)
                for _ in range(times):
                    packer.stdin.write(piece)
                packer.stdin.close()
                packer.wait()
            yield name + ', zstd', path


def proposals():
    one = bytes.fromhex('02000008') + b'\x01\x01\x00\x00'
    body = struct.pack('!BBH', 0, 0, 4 + len(one) * 8000) + one * 8000
    ike = struct.pack('!QQBBBBII', 5, 0, 33, 0x20, 34, 8, 0, 28 + len(body)) + body
    return ipv4(struct.pack('!HHHH', 500, 500, 8 + len(ike) & 0xffff, 0) + ike[:65000], 1, 0, False)


def configuration(n, name):
    return ('!\nversion 17.3\nhostname %s\n!\ncrypto ikev2 proposal P\n encryption aes-cbc-256\n integrity sha256\n group 19\n!\ncrypto ikev2 policy POL\n proposal P\n!\n'
            'crypto ikev2 keyring KR\n peer HQ\n  address 203.0.113.1\n  pre-shared-key k%d\n!\ncrypto ikev2 profile PR\n match identity remote address 203.0.113.1 255.255.255.255\n'
            ' authentication remote pre-share\n authentication local pre-share\n keyring local KR\n!\ncrypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n mode tunnel\n!\n'
            'crypto map CM %d ipsec-isakmp\n set peer 203.0.113.1\n set transform-set TS\n set ikev2-profile PR\n match address VPN\n!\n'
            'interface GigabitEthernet0/0\n ip address 10.%d.%d.1 255.255.255.0\n crypto map CM\n!\n'
            'ip access-list extended VPN\n permit ip 10.%d.%d.0 0.0.0.255 10.0.0.0 0.0.255.255\n!\nend\n'
            % (name, n, n % 60000 + 1, n // 250, n % 250, n // 250, n % 250)).encode()


def configurations(name):
    def write(path, count):
        with open(path, 'wb') as to:
            for n in range(count):
                to.write(configuration(n, name % n if '%' in name else name))
    return write


def counters(path, count):
    one = (b'R%d#show crypto ikev2 stats\n' + b'-' * 80 + b'\n                          Crypto IKEv2 SA Statistics\n' + b'-' * 80 +
           b'\nSystem Resource Limit:   0        Max IKEv2 SAs: 0        Max in nego(in/out): 40/400\nTotal incoming IKEv2 SA Count:    0  active:      0  negotiating: 0\n'
           b'Total outgoing IKEv2 SA Count:    0  active:      0  negotiating: 0\nIncoming IKEv2 Requests: 44       accepted: 3        rejected: 41\n'
           b'Outgoing IKEv2 Requests: 0        accepted: 0        rejected: 0\nRejected IKEv2 Requests: 0        rsrc low: 0        SA limit: 0\n')
    with open(path, 'wb') as to:
        for n in range(count):
            to.write(one % n)


def repeated(one):
    def write(path, count):
        with open(path, 'wb') as to:
            for n in range(count):
                to.write(one % ((n,) * one.count(b'%d')))
    return write


def numbered(path, count):
    """An ASA's policies, the last first."""
    with open(path, 'wb') as to:
        to.write(configuration_asa)
        for n in range(count, 0, -1):
            to.write(b'crypto ikev2 policy %d\n encryption aes-256\n integrity sha256\n group 14\n prf sha256\n' % n)


def folder_of(one, name='%d.log'):
    def write(path, count):
        os.mkdir(path)
        for n in range(count):
            with open(os.path.join(path, name % n), 'wb') as to:
                to.write(one.replace(b'%d', b'%d' % n))
    return write


def two_sites(path, count):
    """Two folders, each with configurations of as many routers: each name is there twice."""
    for n in range(count):
        os.makedirs(os.path.join(path, 'site%d' % (n % 2)), exist_ok=True)
        with open(os.path.join(path, 'site%d' % (n % 2), 'r%d.cfg' % (n // 2)), 'wb') as to:
            to.write(b'hostname R%d\n!\ncrypto ikev2 policy P\n!\ninterface Gi1\n ip address 10.%d.%d.1 255.255.255.0\n' % (n // 2, n // 250, n % 250))


def readdressed(path, count):
    """Two configurations of one router, each with as many addresses of one interface, none of them the other's."""
    os.mkdir(path)
    for end in (10, 11):
        with open(os.path.join(path, '%d.cfg' % end), 'wb') as to:
            to.write(b'hostname R1\n!\ncrypto ikev2 policy P\n!\n')
            for n in range(count):
                to.write(b'interface Gi1\n ip address %d.%d.%d.1 255.255.255.0\n' % (end, n // 250, n % 250))


configuration_asa = (b'ASA Version 9.16(1)\nhostname fw\ninterface GigabitEthernet0/0\n nameif outside\n security-level 0\n ip address 198.51.100.2 255.255.255.0\n'
                     b'access-list VPN extended permit ip 10.2.0.0 255.255.0.0 10.1.0.0 255.255.0.0\ncrypto ipsec ikev2 ipsec-proposal AES\n protocol esp encryption aes-256\n'
                     b'crypto map CM 10 match address VPN\ncrypto map CM 10 set peer 192.0.2.1\ncrypto map CM 10 set ikev2 ipsec-proposal AES\ncrypto map CM interface outside\n')
# a router's configuration; an IKE SA; one that is shown up with weak groups; a flow that is always the same
CLONE = b'hostname Router\n!\ninterface GigabitEthernet1\n ip address 192.0.2.%d 255.255.255.0\n!\ncrypto ikev2 proposal P\n encryption aes-cbc-256\n'
SENT = (b'*May  1 12:00:00.000: IKEv2-INTERNAL:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=00000000000000A1 R_SPI=00000000000000B2 (I) MsgID = 00000000 '
        b'CurState: READY Event: EV_NULL\n')
WEAK = (b'R1#show crypto ikev2 sa\n IPv4 Crypto IKEv2  SA\n\nTunnel-id Local                 Remote                fvrf/ivrf            Status\n'
        b'%d         192.0.2.1/500         peer-%d/500         none/none            READY\n'
        b'      Encr: 3DES, keysize: 168, PRF: MD5, Hash: MD596, DH Grp:2, Auth sign: PSK, Auth verify: PSK\n      Life/Active Time: 86400/7 sec\n')
FLOW = (b'R1#show crypto ipsec sa\n\ninterface: Tunnel0\n   local  ident (addr/mask/prot/port): (0.0.0.0/0.0.0.0/0/0)\n   remote ident (addr/mask/prot/port): (0.0.0.0/0.0.0.0/0/0)\n'
        b'     local crypto endpt.: 192.0.2.1, remote crypto endpt.: 192.0.2.2\n     inbound esp sas:\n      spi: 0x11(17)\n     outbound esp sas:\n      spi: 0x22(34)\n')


# what a router says again and again of as many peers; {a list that is empty, behind as many prompts}; {of one router}
REFUSED = repeated(b'%%ASA-4-750003: Local:192.0.2.2:500 Remote:peer-%d:500 Username:user-%d IKEv2 Negotiation aborted due to ERROR: There was no IPSEC policy found for received TS\n')
STRAY = repeated(b"Feb  9 11:00:20.551: %%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=192.0.2.90, prot=50, "
                 b'spi=0x11(17), srcaddr=peer-%d, input interface=GigabitEthernet0/0\n')
NO_SAS = b'R%d#show crypto session\nCrypto session current status\n\nR%d#show crypto ikev2 sa\nR%d#\n'
SESSIONS = b'''R1#show crypto session
Crypto session current status

Interface: Tunnel%d
Session status: UP-ACTIVE
Peer: peer-%d port 500
  IKEv2 SA: local 192.0.2.1/500 remote peer-%d/500 Active

'''
CHILDLESS = b'''R1#show crypto ikev2 sa
Tunnel-id Local                 Remote                fvrf/ivrf            Status
1         192.0.2.1/500         {peer}/500            none/none            READY
      Encr: AES-CBC, keysize: 256, PRF: SHA384, Hash: SHA384, DH Grp:20, Auth sign: PSK, Auth verify: PSK

R1#show crypto ipsec sa peer {peer}9

No SAs found

'''
SESSION = b'''fw#show vpn-sessiondb detail l2l
Session Type: LAN-to-LAN Detailed

Connection   : 198.51.100.90
Index        : 311                    IP Addr      : 198.51.100.90
Protocol     : IKEv2 IPsec

IKEv2:
  Tunnel ID    : 311.1
  Encryption   : AES256                 Hashing      : SHA256
'''
ONE_WAY = b'''
Connection   : {peer}
Index        : 1                 IP Addr      : {peer}
Protocol     : IKEv2 IPsec
Encryption   : IKEv2: (1)AES256  IPsec: (1)AES256
Bytes Tx     : 4000                 Bytes Rx     : 0
'''
RULES = '''rules:
  - { id: up, title: It is up, expect: { over: ike_sas, that: { outcome: established, findings: { ne: psk-mismatch } } } }
  - { id: pairs, title: Few attempts, expect: { over: peers, that: { attempts: { le: 3 } } } }
suppress:
  - { rule: up, where: { peer: 203.0.113.9 }, reason: known, until: 2099-01-01 }
'''


def hub(path, count):
    """A hub with an object of each kind for each of its peers, and an IKE SA with each, whose key it does not take."""
    def peer(n):
        return b'198.18.%d.%d' % (n // 250, n % 250 + 1)

    with open(path, 'wb') as to:
        to.write(b'hostname HUB\n!\ncrypto ikev2 proposal P\n encryption aes-cbc-256\n integrity sha256\n group 19\n!\ncrypto ikev2 policy POL\n proposal P\n!\ncrypto ikev2 keyring KR\n')
        for n in range(count):
            to.write(b' peer p%d\n  address %b\n  pre-shared-key key%d\n !\n' % (n, peer(n), n))
        to.write(b'!\ncrypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n!\n')
        for n in range(count):
            to.write(b'crypto ikev2 profile PR%d\n match identity remote address %b 255.255.255.255\n authentication remote pre-share\n authentication local pre-share\n'
                     b' keyring local KR\n!\n' % (n, peer(n)))
        for n in range(count):
            to.write(b'crypto map M %d ipsec-isakmp\n set peer %b\n set transform-set TS\n set ikev2-profile PR%d\n match address A%d\n!\n'
                     b'ip access-list extended A%d\n permit ip 10.0.0.0 0.0.255.255 10.%d.%d.0 0.0.0.255\n!\n' % (n + 1, peer(n), n, n, n, n // 250, n % 250))
        to.write(b'interface GigabitEthernet1\n ip address 192.0.2.1 255.255.255.0\n crypto map M\n!\nend\n')
        for n in range(count):
            at = b'*May  1 12:00:00.000: IKEv2:(SESSION ID = %d,SA ID = %d):' % (n + 1, n + 1)
            to.write(at + b'Received Packet [From %b:500/To 192.0.2.1:500/VRF i0:f0] \nInitiator SPI : %016X - Responder SPI : 00000000000000B2 Message id: 1\n'
                     b'IKEv2 IKE_AUTH Exchange REQUEST\n' % (peer(n), n + 1))
            to.write(at.replace(b'IKEv2:', b'IKEv2-INTERNAL:') + b'SM Trace-> SA: I_SPI=%016X R_SPI=00000000000000B2 (R) MsgID = 00000001 CurState: R_VERIFY_AUTH Event: EV_AUTH_FAIL\n' % (n + 1))


def of_peers(one, before=b''):
    """A piece of show output for each of as many peers."""
    def write(path, count):
        with open(path, 'wb') as to:
            to.write(before)
            for n in range(count):
                to.write(one.replace(b'{peer}', b'198.%d.%d.%d' % (18 + n // 4000, n // 20 % 200, n % 20 + 1)))
    return write


def keys_of_one(path, count):
    with open(path, 'wb') as to:
        to.write(b'hostname R1\n!\ncrypto ikev2 keyring KR\n peer P\n' + b'  address 192.0.2.2\n' * count)
        for n in range(count):
            to.write(b'  pre-shared-key key-%d\n' % n)
        to.write(b'!\nend\n')


def dangling(path, count):
    with open(path, 'wb') as to:
        to.write(configuration(1, 'R1').replace(b'end\n', b''))
        for n in range(count):
            to.write(b'crypto ikev2 policy P%d\n proposal none-%d\n!\n' % (n, n))
        for n in range(count):
            to.write(b'interface Tunnel%d\n ip address 10.9.%d.%d 255.255.255.255\n tunnel source GigabitEthernet0/0\n tunnel destination 203.0.113.1\n'
                     b' tunnel protection ipsec profile gone-%d\n!\n' % (n, n // 250, n % 250, n))
        to.write(b'end\n')


def columns(path, count):
    """A table of show output each of whose lines is there many times."""
    with open(path, 'wb') as to:
        for line in SESSION.splitlines(keepends=True):
            to.write(line * count)


def labels(path, count):
    """Show output, and a configuration, in whose sections one line is there many times before another is."""
    with open(path, 'wb') as to:
        for head, *lines in ((b'R1#show crypto ikev2 proposal\n IKEv2 proposal: p1', b'     Encryption : AES-CBC-256'),
                             (b'R1#show crypto ikev2 policy\n IKEv2 policy : p1', b'      Match fvrf : a', b'      Proposal    : d'),
                             (b'R1#show crypto ipsec sa\n\ninterface: Tunnel0\n    Crypto map tag: m, local addr 192.0.2.1', b'   access-list: x', b'   protected vrf: y'),
                             (b'fw# packet-tracer input inside icmp 10.1.0.9 8 0 10.2.0.9\n\nPhase: 1', b'Type: NAT', b'nat (inside,outside) source static a b'),
                             (b'R1#show crypto ikev2 sa\n IPv4 Crypto IKEv2  SA\n\nTunnel-id Local Remote fvrf/ivrf Status\n1 none/none', b'none/none 192.0.2.1/500'),
                             (b'hostname R1\n!\ncrypto ikev2 proposal p', b' description x', b' encryption aes-cbc-256')):
            to.write(head + b'\n' + b''.join((line + b'\n') * count for line in lines))


def fell_over(path, count):
    """An ASA's tunnels go down together, while it says as often that it changed over."""
    with open(path, 'wb') as to:
        for line in (b'750006: Local:192.0.2.1:500 Remote:peer-%d:500 Username:peer-%d IKEv2 SA UP. Reason: New Connection Established',
                     b'104002: (Primary) Switching to STANDBY - Other unit wants me Standby.',
                     b'750007: Local:192.0.2.1:500 Remote:peer-%d:500 Username:peer-%d IKEv2 SA DOWN. Reason: unknown'):
            for n in range(count):
                to.write(b'Nov 11 2026 10:00:00 fw : %ASA-5-' + line.replace(b'%d', b'%d' % n) + b'\n')


MIDLIFE = (b'Mar 14 10:00:00.000: IKEv2:(SESSION ID = 14,SA ID = 1):Received Packet [From 203.0.113.16:500/To 198.51.100.1:500/VRF i0:f0] \n'
           b'Initiator SPI : 0CB1E29C658CDA14 - Responder SPI : 3898D190F9EBDACC Message id: 1%d\nIKEv2 INFORMATIONAL Exchange REQUEST \nPayload contents: \n  \n\n'
           b'Mar 14 10:00:00.002: IKEv2:(SESSION ID = 14,SA ID = 1):: Request has mess_id 1%d; expected 1%d through 1%d\n')
GOING = MIDLIFE + b'Mar 14 10:00:00.003: %%IKEV2-5-SA_DOWN: SA DOWN\n'
BLIND = b'*May  1 12:00:00.000: IKEv2-INTERNAL:(SESSION ID = %d,SA ID = %d):SM Trace-> SA: I_SPI=%016X R_SPI=00000000000000B2 (R) MsgID = 00000001 CurState: R_VERIFY_AUTH Event: EV_AUTH_FAIL\n'


def blind(objects):
    """IKE SAs whose log tells no address, and their router's configuration with five objects for each that may be meant."""
    def write(path, count):
        os.mkdir(path)
        with open(os.path.join(path, 'R1.cfg'), 'wb') as to:
            to.write(b'hostname R1\n!\ncrypto ikev2 proposal P\n encryption aes-cbc-256\n integrity sha256\n group 19\n!\ncrypto ikev2 policy POL\n proposal P\n!\n')
            objects(to, 5 * count)
            to.write(b'end\n')
        with open(os.path.join(path, 'R1.log'), 'wb') as to:
            for n in range(count):
                to.write(BLIND % (n + 1, n + 1, n + 1))
    return write


def named_late(path, count):
    """IKE SAs of one log that another says without their SPIs, and then with them."""
    os.mkdir(path)
    named = [b'*May  1 12:00:01.000: IKEv2-INTERNAL:(SESSION ID = %d,SA ID = %d):SM Trace-> SA: I_SPI=%016X R_SPI=00000000000000B2 (I) MsgID = 00000000 '
             b'CurState: I_BLD_INIT Event: EV_BLD_MSG\n' % (n, n, n) for n in range(1, count + 1)]
    with open(os.path.join(path, 'a.log'), 'wb') as to:
        to.writelines(named)
    with open(os.path.join(path, 'b.log'), 'wb') as to:
        to.writelines(b'*May  1 12:00:00.000: IKEv2-ERROR:(SESSION ID = %d,SA ID = %d):: Failed to find a matching policy\n' % (n, n) for n in range(1, count + 1))
        to.writelines(named)


def answers_nothing(path, count):
    """A hub's dynamic map with a list, and a caller with one: no entry of the one meets one of the other."""
    os.mkdir(path)
    with open(os.path.join(path, 'r1.cfg'), 'wb') as to:
        to.write(configuration(1, 'R1').replace(b'!\nend\n', b''))
        for n in range(count):
            to.write(b' permit ip 10.%d.%d.0 0.0.0.255 172.16.0.0 0.0.255.255\n' % (n // 250 % 250, n % 250))
        to.write(b'!\nend\n')
    with open(os.path.join(path, 'fw.cfg'), 'wb') as to:
        to.write(configuration_asa.replace(b'198.51.100.2', b'203.0.113.1').replace(b'crypto map CM 10 match', b'crypto dynamic-map DM 10 match')
                 .replace(b'crypto map CM 10 set peer 192.0.2.1\n', b'').replace(b'crypto map CM 10 set', b'crypto dynamic-map DM 10 set')
                 .replace(b'crypto map CM interface', b'crypto map CM 65000 ipsec-isakmp dynamic DM\ncrypto map CM interface'))
        to.write(b'crypto ikev2 enable outside\ncrypto ikev2 policy 1\n encryption aes-256\n integrity sha256\n group 19\n prf sha256\n'
                 b'tunnel-group DefaultL2LGroup ipsec-attributes\n ikev2 remote-authentication pre-shared-key k1\n ikev2 local-authentication pre-shared-key k1\n')
        for n in range(count):
            to.write(b'access-list VPN extended permit ip 11.%d.%d.0 255.255.255.0 192.168.0.0 255.255.0.0\n' % (n // 250 % 250, n % 250))


def interfaces(to, count):
    for n in range(count):
        to.write(b'interface Loopback%d\n ip address 10.%d.%d.1 255.255.255.255\n!\n' % (n, n // 250, n % 250))


def keyless(to, count):
    to.write(b'crypto ikev2 keyring KR\n')
    for n in range(count):
        to.write(b' peer p%d\n  address 10.%d.%d.1\n !\n' % (n, n // 250, n % 250))
    to.write(b'!\n')


def translated(path, count):
    """A crypto ACL, and the list of what NAT takes, none of which it meets."""
    with open(path, 'wb') as to:
        to.write(configuration(1, 'R1').replace(b'end\n', b'ip nat inside source list NAT interface GigabitEthernet0/0 overload\n!\nip access-list extended VPN\n'))
        for n in range(count):
            to.write(b' permit ip 10.%d.%d.0 0.0.0.255 172.16.0.0 0.0.255.255\n' % (n // 250 % 250, n % 250))
        to.write(b'!\nip access-list extended NAT\n')
        for n in range(count):
            to.write(b' deny ip host 11.%d.%d.1 any\n' % (n // 250 % 250, n % 250))
        to.write(b'!\nend\n')


def scattered(path, count):
    """The messages of one IKE SA, each in two files, one of each end."""
    os.mkdir(path)
    for n in range(count):
        end = n % 2 + 1
        with open(os.path.join(path, f'{n:05}.log'), 'w') as to:
            to.write(said(end, n + 3, end == 1, 'INFORMATIONAL Exchange REQUEST') + said(end, n + 3, end == 2, 'INFORMATIONAL Exchange RESPONSE') +
                     said(end, n + 4, end == 2, 'INFORMATIONAL Exchange RESPONSE'))


RELAYED = repeated(b'<191>May  1 12:00:00 router-%d 1: *May  1 12:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):Sending Packet [To 192.0.2.1:500/From 192.0.2.2:500/VRF i0:f0]\n')


ENTRY = b'<entry><host>r1</host><message>*Jun 20 14:03:22.123: IKEv2:(SESSION ID = 1,SA ID = 1):Verify SA init message</message></entry>\n'


def long_lines(piece):
    """An export in XML, and lines of as many of a piece."""
    def write(path, count):
        with open(path, 'wb') as to:
            to.write(ENTRY * 200 + (piece * count + b'\n') * 8)
    return write


def judged(folder, write):
    """check with rules, a suppression and a baseline of as much."""
    rules, baseline, log = (os.path.join(folder, n) for n in ('rules.yaml', 'baseline.json', 'first.log'))
    with open(rules, 'w') as to:
        to.write(RULES)
    write(log, 20000)
    subprocess.run([program, 'check', '-q', '--rules', rules, '-o', 'json=' + baseline, log], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=600)
    os.remove(log)
    return ['check', '--rules', rules, '--baseline', baseline]


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = lambda name: os.path.join(folder, name)
        log = path('log')
        size = 1 << 30 if full else 64 << 20
        for name, piece, before in (('x', b'x', b''), ('debug text', b'IKEv2:(SA ID = 1):SM Trace-> ', b'*May  1 12:00:00.000: IKEv2:'), ('zeros', b'\0', b'*May'),
                                    ('hex octets', b'ff 00 ', b'IKEv2-PROTO-5: '), ('braces', b'{"a":[', b''), ('spaces', b' ', b'*May  1 12:00:00.000: IKEv2:')):
            fill(log, piece, size, before)
            job(f'one line of {size >> 20} MiB, {name}', ['-q', log], size / (2 << 20), 128)
        for piece in (b':', b'-', b'1:', b'password x ', b'peer a ', b'10.1.1.1-', b'a://u:p@h ', b"'subject-name co abc' "):
            fill(log, piece, 1 << 20)
            job(f'a line of {piece.decode()!r}, again and again, redacted', ['redact', '-q', '-o', path('redacted'), log], 20, 128, (0,))
        fill(log, b'*May  1 12:00:00.000: IKEv2:(SA ID = 1):Payload contents: \n SA KE N \n', 16 << 20)
        for piece in (b'<msg/>', b'<msg>x</msg>', b'<entry><msg>x</msg></entry>', b'<a><![CDATA['):
            long_lines(piece)(log, (1 << 20) // len(piece))
            job(f'XML with lines of 1 MiB of {piece.decode()}', ['-q', log], 2, 64)
        job('a block without end', ['-q', log], 30, 128)
        fill(log, b'IKEv2-PROTO-4: (27): Checking NAT discovery\n' * 2 + b'(27):\nPayload contents:\n' * 1990 + b' junk of nobody\n', 8 << 20)
        job('contents of an ASA that come to nothing, each within the one before', ['-q', log], 2, 128)
        with open(log, 'wb') as to:
            to.write(b'hostname R1\ncrypto ikev2 keyring K\n peer ' + b'p' * (1 << 19) + b'\n' + b'  a b\n' * 2000)
        job('a configuration of a peer with a name of 512 KiB', ['-q', log], 2, 64)
        tenfold('one configuration again and again', [], configurations('R1'), 150)
        tenfold('configurations of as many routers', [], configurations('R%d'), 150)
        tenfold('an ASA of as many policies, the last first', [], numbered, 1500)
        tenfold('a folder of as many small logs', [], folder_of(SENT), 400)
        tenfold('configurations of as many routers of one name, in one folder', [], folder_of(CLONE, 'router.%d.cfg'), 150)
        tenfold('configurations of as many routers at two sites, of the same names', [], two_sites, 800)
        tenfold('two configurations of one router, of as many addresses', [], readdressed, 3000)
        tenfold('the messages of one IKE SA, in as many files', [], scattered, 120)
        tenfold('the messages of one IKE SA, in as many files, as a ladder', ['-f', 'ladder'], scattered, 120)
        tenfold('a relay of more routers than it is read for, each a line', [], RELAYED, 6000)
        for piece in (b'<msg/>', b'<a><![CDATA['):
            tenfold(f'XML with lines of as many {piece.decode()}', [], long_lines(piece), 8000)
        tenfold('a crypto ACL, and a list of NAT of as many entries', [], translated, 3000)
        tenfold('a dynamic map and its caller, with lists of as many entries that do not meet', [], answers_nothing, 3000)
        tenfold('IKE SAs without addresses, and as many interfaces', [], blind(interfaces), 300)
        tenfold('IKE SAs without addresses, and as many peers without a key', [], blind(keyless), 300)
        tenfold('a folder of as many small logs, redacted', ['redact', '-o', '{folder}/redacted'], folder_of(SENT), 300)
        tenfold('IKE SAs of one log that another names late', [], named_late, 1500)
        tenfold('IKE SAs of one log that another names late, with events', ['-f', 'json', '--events'], named_late, 800)
        tenfold('IKE SAs of as many peers with weak groups', [], repeated(WEAK), 1500)
        tenfold('one flow, again and again', [], repeated(FLOW), 1500)
        tenfold('counters of as many routers', [], counters, 200)
        tenfold('empty lists of as many routers', [], repeated(NO_SAS), 2000)
        tenfold('empty lists of one router', [], repeated(NO_SAS.replace(b'%d', b'1')), 2000)
        tenfold('sessions of as many peers, a command each, as a page', ['-f', 'html'], repeated(SESSIONS), 6000)
        tenfold('sessions in one list that send and receive nothing', [], of_peers(ONE_WAY, b'fw# show vpn-sessiondb l2l\n\nSession Type: LAN-to-LAN\n'), 2000)
        tenfold('IKE SAs without Child SAs, and as many outputs that list none of another peer', [], of_peers(CHILDLESS), 400)
        tenfold('addresses and keys of one peer', [], keys_of_one, 3000)
        tenfold('policies of one router, as many of which name a proposal that is not there', [], dangling, 400)
        tenfold('ESP of as many senders that nobody knows', [], STRAY, 400)
        tenfold('ESP of as many senders that nobody knows, as SARIF', ['check', '-f', 'sarif'], STRAY, 1000)
        tenfold('a hub of as many peers, each refused', [], hub, 300)
        tenfold('a hub of as many peers, each refused, as a page', ['-f', 'html'], hub, 300)
        tenfold('lines of show output, each as often, as JSON', ['-f', 'json'], columns, 700)
        tenfold('labels of show output and of a configuration, each as often', [], labels, 3000)
        tenfold('SAs that go down beside as many lines of what befell their router', [], fell_over, 400)
        tenfold('requests to an SA in midlife, each with its window', [], repeated(MIDLIFE), 4000)
        tenfold('requests to an SA that goes down behind each', [], repeated(GOING), 4000)
        tenfold('refusals of as many peers, checked', judged(folder, REFUSED), REFUSED, 1500)
        if os.path.exists(make_log):
            def half_open(path, count, *how):
                with open(path, 'wb') as to:
                    subprocess.run([make_log, 'iosxe', str(count), '1', '1000', *how], stdout=to, check=True)
            tenfold('half-open SAs in a log', [], lambda path, n: half_open(path, n, 'half-open'), 3000)
            tenfold('half-open SAs in a log, -f ndjson', ['-f', 'ndjson'], lambda path, n: half_open(path, n, 'half-open'), 1500)
            tenfold('half-open SAs in a stream', ['stream'], lambda path, n: half_open(path, n, 'half-open'), 1500)
            tenfold('SAs that come up', [], half_open, 1500)
            tenfold('one entry without a message id, again and again', [], lambda path, n: fill(path, b'*May  1 12:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):'
                    b'Sending Packet [To 192.0.2.1:500/From 192.0.2.2:500/VRF i0:f0]\n', n << 10), 3000)
            count = 1000000 if full else 100000
            with open(log, 'wb') as to:
                subprocess.run([make_log, 'iosxe', str(count), '1', '1000', 'half-open'], stdout=to, check=True)
            job(f'{count} half-open SAs in a log', ['-q', '-f', 'summary', '-o', path('out'), log], count / 1000, 64 + count * 4 // 1024 + 64)
            with open(log, 'rb') as fed:
                job(f'{count} half-open SAs in a stream', ['stream', '-q', '-o', path('out'), '-'], count / 1000, 512, stdin=fed)
            os.remove(path('out'))
        tenfold('half-open SAs in a capture', [], lambda path, n: capture(path, half_open_capture(n)), 3000)
        count = 1000000 if full else 100000
        capture(log, half_open_capture(count))
        job(f'{count} half-open SAs in a capture', ['-q', '-o', path('out'), log], count / 1000, 64 + count * 4 // 1024 + 128)
        for how in ('summary', 'json'):
            tenfold(f'exchanges of one IKE SA, -f {how}', ['-f', how], lambda path, n: capture(path, one_sa(n)), 3000)
            tenfold(f'exchanges without an answer, -f {how}', ['-f', how], lambda path, n: capture(path, one_sa(n, False)), 3000)
        tenfold('one message in a capture, again and again', [], lambda path, n: capture(path, [ipv4(udp(ike([(33, bytes(40)), (40, bytes(20))])))] * n), 8000)
        tenfold('ESP of one SPI between as many addresses', [], lambda path, n: capture(path, one_spi(n)), 3000)
        tenfold('messages of one IKE SA of which half are lost', [], lost, 1500)
        capture(log, sealed_alone(3000))
        job('3,000 IKE SAs and 3,000 keys that name none', ['-q', '-k', ownerless(folder, 3000), log], 30, 256)
        for name, count, sender in (('that name the sender', 30000, lambda n: f'11.{n >> 16}.{n >> 8 & 255}.{n & 255}'), ('for anyone', 1500, lambda n: '*')):
            capture(log, one_spi(count))
            job(f'ESP of {count:,} senders, and as many keys for any SPI, {name}', ['-q', '-k', any_spi(folder, count, sender), log], 30, 256)
        tenfold('IP fragments in the worst order', [], lambda path, n: capture(path, worst_pieces(n)), 10000)
        for name, bomb in bombs(path('packed')):
            job(f'a bomb of {name}, {os.path.getsize(bomb) >> 10} KiB', ['-q', bomb], 20, 192)
        capture(log, overlapping(100000))
        job('200,000 overlapping fragments', ['-q', log], 60, 192)
        capture(log, teardrops(4000))
        job('100,000 fragments over themselves', ['-q', log], 60, 192)
        capture(log, [nested(4000)] * 200)
        job('packets in packets, 3,000 deep', ['-q', log], 30, 128)
        capture(log, [pseudowires(15)] * 20000)
        job('frames in frames that are to be read in two ways, 15 deep', ['-q', log], 10, 128)
        capture(log, [proposals()] * 500)
        job('8,000 proposals, 500 times', ['-q', '-f', 'json', '-o', path('out'), log], 60, 512)
        with open(log, 'wb') as to:
            to.write(b'<189>May  1 12:00:00 r1 IKEv2:Got a packet from dispatcher\n')
        deep = path('deep')
        fill(deep, b'[', 4 << 20)
        job('a baseline of 4 million brackets', ['check', '-q', '--baseline', deep, log], 20, 256, (2,))
        job('keys of 4 million brackets', ['-q', '-k', deep, log], 20, 256, (2,))
        with open(deep, 'rb') as fed:
            job('a stream of 4 million brackets', ['stream', '-q'], 20, 256, (0,), stdin=fed)
        with open(deep, 'wb') as to:  # each level says the one before it nine times
            to.write(b'a0: &a0 [x,x]\n' + b''.join(b'a%d: &a%d [%s]\n' % (n, n, b','.join([b'*a%d' % (n - 1)] * 9)) for n in range(1, 40)))
        job('rules of aliases', ['rules', 'lint', '-q', deep], 20, 256, (1, 2))
        fill(deep, b'- ', 1 << 20)
        job('rules of a million dashes', ['rules', 'lint', '-q', deep], 20, 512, (1, 2))
    return bad > 0


sys.exit(main())
