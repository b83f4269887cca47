# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes captures that an attacker would: each generator yields (time in microseconds, IP packet), the same for the same size.

Plain struct instead of scapy, for speed; raw IP as link layer; checksums are zero, which tshark does not mind."""
import random
import struct

UDP, TCP = 17, 6
FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
RAW_IP = 101
START_US = 1_300_000_000_000_000
SERVER = 0x0A000001  # 10.0.0.1
BARE_404 = b"HTTP/1.0 404 Not Found\r\n\r\n"


def write(path, packets):
    """A pcap file of (time_us, IP packet)."""
    with open(path, "wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, RAW_IP))
        for time_us, packet in packets:
            file.write(struct.pack("<IIII", time_us // 1000000, time_us % 1000000, len(packet), len(packet)) + packet)
    path.chmod(0o644)


def ipv4(src, dst, protocol, body):
    """An IPv4 packet; addresses are integers."""
    return struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(body), 0, 0, 64, protocol, 0, src, dst) + body


def udp(src, dst, data):
    """A datagram between two (address, port)."""
    return ipv4(src[0], dst[0], UDP, struct.pack(">HHHH", src[1], dst[1], 8 + len(data), 0) + data)


def tcp(src, dst, flags, seq, data=b"", ack=0):
    """A segment between two (address, port)."""
    return ipv4(src[0], dst[0], TCP, struct.pack(">HHIIBBHHH", src[1], dst[1], seq & 0xFFFFFFFF, ack, 0x50, flags, 8192, 0, 0) + data)


def at_pace(packets, step_us=1000):
    """Packets with a steady clock."""
    return ((START_US + i * step_us, packet) for i, packet in enumerate(packets))


def request(identifier, iv, crc, tail=b"\x11" * 7):
    """A payload as in heuristics/message.h: id, 02, IV, CRC, ciphertext."""
    return struct.pack(">HBII", identifier, 2, iv, crc) + tail


def client(i):
    """The i-th of many clients: an address of 10.0.0.0/8 and a port."""
    return 0x0A010000 + i // 50000, 10000 + i % 50000


# ---- no mark is due ----

def source_ports(n):
    """n source ports, each with a plausible request."""
    rng = random.Random(1)
    return at_pace(udp(client(i), (SERVER, 35990), request(rng.getrandbits(16), rng.getrandbits(32), rng.getrandbits(32)))
                   for i in range(n))


def colliding_ids(n):
    """One id and one IV for every request, and answers with that id and an address that nobody has."""
    def packets():
        for i in range(n // 2):
            asker = client(i % 50)
            yield udp(asker, (SERVER, 35990), request(0x9240, 0x66656AEA, i))
            yield udp((SERVER, 35990), asker, struct.pack(">HBII", 0x9240, 0x75, 0x0A7F7F7F, i))
    return at_pace(packets())


def clock_backwards(n):
    """One port whose datagrams come ever earlier, by seconds, then by years."""
    rng = random.Random(2)
    for i in range(n):
        back_us = i * 3_000_000 + (10**15 if i > n // 2 else 0)
        yield START_US - back_us, udp(client(0), (SERVER, 20000 + i % 9), request(i & 0xFFFF, rng.getrandbits(32), rng.getrandbits(32)))


def reverse_order(n):
    """A client's requests and their answers, the last frame first."""
    packets, iv = [], 1
    for i in range(n // 2):
        iv = (iv * 0x10DCD + 0x4271) & 0xFFFFFFFF
        peer = (SERVER + i % 200, 33033)
        packets.append(udp(client(0), peer, request(2 * i & 0xFFFF, iv, iv ^ 0x5A5A5A5A)))
        packets.append(udp(peer, client(0), struct.pack(">HBII", 2 * i & 0xFFFF, 0x25, client(0)[0], i * 0x9E3779B1 & 0xFFFFFFFF)))
    return reversed(list(at_pace(packets)))


def same_tuple(n):
    """Connection after connection on the same addresses and ports, each of which gets the bare 404: all are kept."""
    def packets():
        browser, server = client(0), (SERVER, 80)
        for i in range(n // 2):
            yield tcp(browser, server, SYN, 1000 * i, b"GET / HTTP/1.0\r\n\r\n")
            yield tcp(server, browser, FIN | ACK, 7000 * i, BARE_404, 1000 * i + 19)
    return at_pace(packets())


def unfinished_streams(n):
    """Streams that say a few octets and never end."""
    return at_pace(tcp(client(i), (SERVER, 4000), PSH | ACK, i, b"\x00\x01\x02\x03\x04", 1) for i in range(n))


def one_octet_segments(n):
    """Every request comes in 10,000 segments of one octet, the last one first for the first 200, before the answer."""
    def packets():
        for i in range(max(n // 10000, 1)):
            yield tcp(client(i), (SERVER, 4000), SYN, 0)
            for at in [*range(200, 0, -1), *range(200, 10000)]:
                yield tcp(client(i), (SERVER, 4000), ACK, at, bytes([at & 0xFF]), 1)
            yield tcp((SERVER, 4000), client(i), ACK, 1, b"\x80" * 40, 10001)
    return at_pace(packets())


def overlapping_garbage(n):
    """Segments of random octets that lie over one another, with random flags, in fifty streams."""
    rng = random.Random(3)
    flags = [ACK, ACK, ACK, PSH | ACK, FIN | ACK, RST, SYN, SYN | ACK, 0]

    def packets():
        for i in range(n):
            ends = [client(i % 50), (SERVER, 4000)]
            rng.shuffle(ends)
            yield tcp(*ends, rng.choice(flags), rng.randrange(220), rng.randbytes(rng.randrange(90)), rng.randrange(220))
    return at_pace(packets())


def honeypot(n):
    """A server that answers whatever comes with random octets: HTTP, text, binary; and datagrams with eleven."""
    rng = random.Random(4)
    questions = [b"GET / HTTP/1.0\r\n\r\n", b"random data\r\n\r\n", b"\x00\x00\x00\x01", b"OPTIONS / RTSP/1.0\r\n\r\n"]

    def packets():
        for i in range(n // 6):
            one, server, question = client(i), (SERVER, 4000), questions[i % 4]
            yield tcp(one, server, SYN, 0)
            yield tcp(server, one, SYN | ACK, 0, b"", 1)
            yield tcp(one, server, ACK, 1, question, 1)
            yield tcp(server, one, FIN | ACK, 1, rng.randbytes(rng.choice([14, 26, 40, 200])), 1 + len(question))
            yield udp(one, server, request(rng.getrandbits(16), rng.getrandbits(32), rng.getrandbits(32)))
            yield udp(server, one, rng.randbytes(11))
    return at_pace(packets())


def syn_flood(n):
    """SYNs that nobody answers."""
    return at_pace((tcp(client(i), (SERVER, 4000), SYN, i) for i in range(n)), 10)


def balanced_ports(n):
    """SYNs whose ports, and whose addresses, add up to the same: a hash that adds both ends would put them all in one place."""
    return at_pace((tcp((0x0A010000 + i // 50000, 5000 + i % 50000), (0x0A020000 - i // 50000, 60000 - i % 50000), SYN, i)
                    for i in range(n)), 10)


# ---- marked, and rightly so ----

def spoofed_generators(n):
    """n / 2 sources, each with two payloads whose IVs are one generator's: an attacker can forge that."""
    def packets():
        for i in range(n // 2):
            iv = i * 2654435761 & 0xFFFFFFFF
            for step in range(2):
                yield udp(client(i), (SERVER, 35990), request(2 * i + step & 0xFFFF, iv, i << 1 | step))
                iv = (iv * 0x10DCD + 0x4271) & 0xFFFFFFFF
    return at_pace(packets())
