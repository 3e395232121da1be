"""Packets and captures for the tools beside it, octet by octet."""
import struct


def checksum(header):
    total = sum(struct.unpack('!10H', header))
    total = (total & 0xffff) + (total >> 16)
    return (~(total + (total >> 16))) & 0xffff


def ipv4(payload, ident=1, offset=0, more=False, protocol=17, source=b'\x0a\0\0\1', destination=b'\x0a\0\0\2'):
    head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), ident, (0x2000 if more else 0) | offset // 8, 64, protocol, 0, source, destination)
    return head[:10] + struct.pack('!H', checksum(head)) + head[12:] + payload


def udp(content, source=500, destination=500):
    return struct.pack('!HHHH', source, destination, 8 + len(content), 0) + content


def tcp(content, sequence, source=4500, destination=4500, flags=0x18):
    return struct.pack('!HHIIBBHHH', source, destination, sequence & 0xffffffff, 1, 0x50, flags, 1024, 0, 0) + content


def capture(path, packets, link=101):
    with open(path, 'wb') as to:
        to.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, link))
        for n, p in enumerate(packets):
            to.write(struct.pack('<IIII', 1700000000 + n // 10000, n % 10000, len(p), len(p)) + p)


def ike(payloads, spi_i=1, spi_r=0, exchange=34, flags=8, message_id=0):
    """payloads: (type, body) in order."""
    body, kinds = b'', [kind for kind, _ in payloads] + [0]
    for n, (_, content) in enumerate(payloads):
        body += struct.pack('!BBH', kinds[n + 1], 0, 4 + len(content)) + content
    return struct.pack('!QQBBBBII', spi_i, spi_r, kinds[0], 0x20, exchange, flags, message_id, 28 + len(body)) + body
