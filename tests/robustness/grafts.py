# SPDX-License-Identifier: GPL-2.0-or-later
"""Foreign flows, and the places of Skype captures that they are moved onto: a port changes hands, the marks must not."""
import collections
import dataclasses
import random
import struct

import judged
import robustness_frames as wire

MAX_PACKETS = 60  # of one foreign flow
MAX_FLOWS = 3  # of one capture and transport
HOUR_S, DAY_S = 3600, 86400
MONTH_S = 30 * DAY_S
OWN_CLIENT, OWN_SERVER = (bytes([198, 18, 7, 1]), 41641), (bytes([198, 18, 7, 2]), 5683)


@dataclasses.dataclass(frozen=True)
class Flow:
    """Datagrams or segments between two ends; `ends[0]` was seen to send first."""
    name: str
    packets: list
    ends: tuple
    is_tcp: bool


@dataclasses.dataclass(frozen=True)
class Place:
    """An end of Skype's in a capture, who it was in contact with, and when."""
    kind: str  # "client", "peer", "listener", "ephemeral"
    end: tuple
    partner: tuple
    first_us: int
    last_us: int


def flow_of(name, packets):
    first = packets[0]
    return Flow(name, packets, (first.src, first.dst), first.is_tcp)


def moved(flow, ends, begin_us):
    """The flow between other ends, from a time on."""
    names = dict(zip(flow.ends, ends))
    shift = begin_us - flow.packets[0].time_us
    return [dataclasses.replace(packet, src=names[packet.src], dst=names[packet.dst], time_us=packet.time_us + shift)
            for packet in flow.packets]


def duration_us(flow):
    return max(0, max(packet.time_us for packet in flow.packets) - flow.packets[0].time_us)


# ---- real foreign flows ----

def flows_in(path):
    by_ends = collections.defaultdict(list)
    for packet in judged.of_capture(path):
        key = (packet.is_tcp, *sorted((packet.src, packet.dst)))
        if packet.src != packet.dst and len(by_ends[key]) < MAX_PACKETS:
            by_ends[key].append(packet)
    flows = [flow_of(f"{path.name}#{number}", packets) for number, packets in enumerate(by_ends.values()) if packets]
    for is_tcp in (False, True):
        yield from [flow for flow in flows if flow.is_tcp == is_tcp][:MAX_FLOWS]


def real_flows(folder, every):
    """Flows of every so many-th capture of other protocols."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".pcap", ".cap"))
    for path in paths[::every]:
        if wire.link_type(path) == wire.ETHERNET:
            yield from flows_in(path)


# ---- made ones ----

def dns(rng, turn):
    question = struct.pack(">HHHHHH", rng.getrandbits(16), 0x0100, 1, 0, 0, 0) + b"\7example\3net\0\0\1\0\1"
    return question, question[:2] + b"\x81\x80" + question[4:] + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + rng.randbytes(4)


def snmp(rng, turn):
    body = b"\x02\1\0\4\6public\xa0\x1c\x02\4" + rng.randbytes(4) + b"\x02\1\0\x02\1\0\x30\x0e\x30\x0c\6\x08\x2b\6\1\2\1\1\3\0\5\0"
    return b"\x30" + bytes([len(body)]) + body, b"\x30" + bytes([len(body) + 2]) + body + b"\x05\0"


def quic(rng, turn):
    return bytes([0x40 | rng.getrandbits(5)]) + rng.randbytes(30 + rng.randrange(900)), bytes([0x40 | rng.getrandbits(5)]) + rng.randbytes(40)


def srtp(rng, turn):
    head = struct.pack(">BBHII", 0x80, 0, (0x02f0 + turn) & 0xFFFF, 160 * turn, 0x1234ABCD)
    return head + rng.randbytes(170), head[:8] + b"\x77\x01\x02\x03" + rng.randbytes(170)


def coap(rng, turn):
    head = struct.pack(">BBH", 0x43, 2, 0x0200 + turn) + b"\x11\x22\x33"
    return head + b"\xb4rd\xff" + rng.randbytes(24), b"\x63\x44" + head[2:]


def ntp(rng, turn):
    return b"\x23\x02\x06\xec" + rng.randbytes(44), b"\x24\x02\x06\xec" + rng.randbytes(44)


def dhcp(rng, turn):
    head = b"\x01\x01\x06\0" + rng.randbytes(4) + bytes(228)
    return head + b"\x63\x82\x53\x63\x35\1\1\xff", b"\x02" + head[1:] + b"\x63\x82\x53\x63\x35\1\2\xff"


def random_octets(rng, turn):
    return rng.randbytes(1 + rng.randrange(200)), rng.randbytes(1 + rng.randrange(200))


def payload_shape(rng, turn):
    """The worst case: every datagram has the shape of a payload, and nothing else of Skype's."""
    return rng.randbytes(2) + b"\x02" + rng.randbytes(14 + rng.randrange(80)), rng.randbytes(2) + b"\x02" + rng.randbytes(30)


def answer_shape(rng, turn):
    asked = rng.randbytes(2) + b"\x02" + rng.randbytes(30)
    return asked, asked[:2] + bytes([rng.choice((0x15, 0x27, 0x65))]) + rng.randbytes(8)


def fragment_shape(rng, turn):
    part = rng.randbytes(2) + b"\x1f" + rng.randbytes(2) + bytes([turn % 4]) + b"\x02" + rng.randbytes(60)
    return part, rng.randbytes(2) + b"\x33\x01" + rng.randbytes(40)


def data_shape(rng, turn):
    return rng.randbytes(2) + bytes([rng.getrandbits(3) << 4 | 0xD]) + rng.randbytes(rng.choice((0, 0, 12, 37))), rng.randbytes(60)


MADE = (dns, snmp, quic, srtp, coap, ntp, dhcp, random_octets, payload_shape, answer_shape, fragment_shape, data_shape)


def made_flows(seed, turns=20):
    """One flow of each kind, question and answer in turn, 50 ms apart."""
    for kind in MADE:
        rng = random.Random(f"{kind.__name__} {seed}")
        packets = []
        for turn in range(turns):
            for ends, payload in zip(((OWN_CLIENT, OWN_SERVER), (OWN_SERVER, OWN_CLIENT)), kind(rng, turn)):
                packets.append(judged.Packet(len(packets) * 50_000, *ends, payload, len(payload)))
        yield flow_of(f"{kind.__name__} {seed}", packets)


def made_conversation(name, messages, seed):
    """A TCP conversation of (from the client?, octets) messages, 50 ms apart, from SYN to FIN."""
    rng, sent, packets = random.Random(f"{name} {seed}"), [1000, 9000], []
    ends = (OWN_CLIENT, OWN_SERVER)

    def add(side, flags, payload=b""):
        packets.append(judged.Packet(len(packets) * 50_000, ends[side], ends[1 - side], payload, len(payload), True, sent[side],
                                     sent[1 - side], flags))
        sent[side] += len(payload) + bool(flags & (wire.SYN | wire.FIN))
    add(0, wire.SYN)
    add(1, wire.SYN | wire.ACK)
    for from_client, octets in messages:
        add(0 if from_client else 1, wire.ACK, octets(rng) if callable(octets) else octets)
    add(1, wire.FIN | wire.ACK)
    return flow_of(f"{name} {seed}", packets)


def made_conversations(seed):
    yield made_conversation("ssh", [(True, b"SSH-2.0-OpenSSH_9.2\r\n"), (False, b"SSH-2.0-OpenSSH_9.2\r\n"),
                                    *[(turn % 2 == 0, lambda rng: rng.randbytes(36)) for turn in range(12)]], seed)
    yield made_conversation("tls", [(True, lambda rng: b"\x16\x03\x01\x02\0\1\0\1\xfc\x03\x03" + rng.randbytes(500)),
                                    (False, lambda rng: b"\x16\x03\x03\0\x7a\2\0\0\x76\x03\x03" + rng.randbytes(900)),
                                    *[(turn % 2 == 0, lambda rng: b"\x17\x03\x03\0\x40" + rng.randbytes(64)) for turn in range(6)]], seed)
    yield made_conversation("http", [(True, b"GET / HTTP/1.1\r\nHost: www.example.net\r\n\r\n"),
                                     (False, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")], seed)
    yield made_conversation("opaque", [(turn % 2 == 0, lambda rng: rng.randbytes(20 + rng.randrange(300))) for turn in range(14)], seed)
    yield made_conversation("small", [(turn % 3 == 0, lambda rng: rng.randbytes(2 + rng.randrange(9))) for turn in range(20)], seed)


# ---- places ----

def places(packets, marked):
    """Ends of marked packets, by who they are: the busiest UDP port, its peers, and both sides of TCP conversations."""
    contacts = collections.defaultdict(list)
    for index in marked:
        packet = packets[index]
        contacts[packet.is_tcp, packet.src, packet.dst].append(packet.time_us)
        contacts[packet.is_tcp, packet.dst, packet.src].append(packet.time_us)
    busy = collections.Counter(end for is_tcp, end, _ in contacts if not is_tcp)
    client = busy.most_common(1)[0][0] if busy else None
    starters = {packet.src for packet in packets if packet.is_tcp and packet.flags & (wire.SYN | wire.ACK) == wire.SYN}
    for (is_tcp, end, partner), times in contacts.items():
        if is_tcp:
            kind = "ephemeral" if end in starters and partner not in starters else "listener"
        else:
            kind = "client" if end == client else "peer"
        yield Place(kind, end, partner, min(times), max(times))
