# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes captures for measuring: each generator yields (time in microseconds, IP packet) of n packets in so many conversations."""
import itertools
import math
import random
import struct

from hostile_captures import ACK, FIN, PSH, SERVER, SYN, at_pace, client, request, tcp, udp, write

STEP_US = 100
PACKETS_A_CONVERSATION = 20
AT_A_TIME = 10_000      # conversations that overlap, unless a number of them is asked for


def payloads():
    """Random payloads of 20 to 400 octets, cut from one random block: drawing each anew takes longer than measuring it."""
    rng = random.Random(6)
    block = rng.randbytes(1 << 20)
    while True:
        at = rng.randrange(len(block) - 400)
        yield block[at:at + rng.randrange(20, 400)]


def in_turn(n, conversations):
    """Numbers of conversations, each as often as the others, in an order that jumps about."""
    step = next(step for step in itertools.count(conversations * 5 // 8 + 1) if math.gcd(step, conversations) == 1)
    return (i * step % conversations for i in range(n))


def spread(n, conversations):
    """Numbers of conversations for n packets: so many, all at a time; with None one after the other, 10,000 at a time."""
    if conversations:
        return in_turn(n, conversations)
    at_a_time = min(AT_A_TIME, max(n // PACKETS_A_CONVERSATION, 1))
    blocks = ((first + i for i in in_turn(at_a_time * PACKETS_A_CONVERSATION, at_a_time)) for first in itertools.count(0, at_a_time))
    return itertools.islice(itertools.chain.from_iterable(blocks), n)


def opaque_udp(n, conversations=None):
    """Datagrams that no dissector can name."""
    pairs = zip(spread(n, conversations), payloads())
    return at_pace((udp(client(i), (SERVER, 35990), data) for i, data in pairs), STEP_US)


def opaque_tcp(n, conversations=None):
    """Segments that no dissector can name, of one direction."""
    def packets():
        position = {}
        for i, data in zip(spread(n, conversations), payloads()):
            at = position.get(i, 1000)
            position[i] = at + len(data)
            yield tcp(client(i), (SERVER, 35990), PSH | ACK, at, data, 1)
    return at_pace(packets(), STEP_US)


def connection(asker, server, messages):
    """A TCP connection: handshake, messages in turn (the asker's first), end."""
    ends, at = (asker, server), [1000, 5000]
    yield tcp(asker, server, SYN, at[0] - 1)
    yield tcp(server, asker, SYN | ACK, at[1] - 1, b"", at[0])
    for turn, data in enumerate(messages):
        sender = turn % 2
        yield tcp(ends[sender], ends[1 - sender], PSH | ACK, at[sender], data, at[1 - sender])
        at[sender] += len(data)
    yield tcp(asker, server, FIN | ACK, at[0], b"", at[1])
    yield tcp(server, asker, FIN | ACK, at[1], b"", at[0] + 1)


def tls_record(kind, body):
    return struct.pack(">BHH", kind, 0x0303, len(body)) + body


def hello(kind, random_octets, tail):
    body = b"\x03\x03" + random_octets + b"\x00" + tail
    return tls_record(22, struct.pack(">B", kind) + len(body).to_bytes(3, "big") + body)


def dns(identifier, answered):
    name = b"\x03www\x07example\x03com\x00\x00\x01\x00\x01"
    answer = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x0e\x10\x00\x04\xc6\x33\x64\x07" if answered else b""
    return struct.pack(">HHHHHH", identifier, 0x8180 if answered else 0x0100, 1, int(answered), 0, 0) + name + answer


def mix(n, conversations=None):
    """DNS, TLS and HTTP, as of browsers: a look-up, a TLS connection and one of HTTP for each."""
    def packets():
        rng = random.Random(7)
        web = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 300\r\n\r\n" + b"skype " * 50
        for i in itertools.count():
            (address, port), identifier = client(i), i & 0xFFFF
            yield udp((address, port), (SERVER, 53), dns(identifier, False))
            yield udp((SERVER, 53), (address, port), dns(identifier, True))
            client_hello = hello(1, rng.randbytes(32), b"\x00\x04\x13\x01\x13\x02\x01\x00")
            server_hello = hello(2, rng.randbytes(32), b"\x13\x01\x00")
            yield from connection((address, port), (SERVER, 443), [
                client_hello, server_hello, *(tls_record(23, rng.randbytes(300)) for _ in range(4))])
            yield from connection((address, port), (SERVER, 80), [b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n", web])
    return at_pace(itertools.islice(packets(), n), STEP_US)


def skype(n, conversations=None):
    """Nodes that ask and are answered with their own address: every packet gets marked."""
    def packets():
        rng = random.Random(8)
        for turn, i in enumerate(spread(n // 2, conversations)):
            yield udp(client(i), (SERVER, 35990), request(turn & 0xFFFF, rng.getrandbits(32), rng.getrandbits(32)))
            yield udp((SERVER, 35990), client(i), struct.pack(">HBII", turn & 0xFFFF, 0x25, client(i)[0], rng.getrandbits(32)))
    return at_pace(packets(), STEP_US)


def make(path, kind, n, conversations=None):
    write(path, {"udp": opaque_udp, "tcp": opaque_tcp, "mix": mix, "skype": skype}[kind](n, conversations))
