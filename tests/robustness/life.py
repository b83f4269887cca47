# SPDX-License-Identifier: GPL-2.0-or-later
"""Replays of the measured sessions: real times and lengths, contents made from a fixed seed as real clients make them.

Ciphertext is random. A client's payloads carry its generator's next IVs, its ids are the measured ones; peers draw numbers for others
as well, so that theirs are unrelated. Answers carry the client's public address, data has random ids.
"""
import collections
import dataclasses
import random
import struct

import judged
import robustness_frames as wire

CLIENT_PORT, PUBLIC = 21163, bytes([86, 128, 245, 115])
MULTIPLIER, INCREMENT, MASK = 0x10DCD, 0x4271, 0xFFFFFFFF
PAYLOAD, RESEND, ACK, NAK, FRAGMENT, DATA = 2, 3, 5, 7, 0xF, 0xD


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of the table."""
    time_us: int
    is_tcp: bool
    conversation: str
    is_client: bool
    octets: int
    begins: bytes


def read(path):
    """Session -> its lines in order."""
    sessions = collections.defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        session, seconds, transport, conversation, sender, octets, begins = (line + "\t").split("\t")[:7]
        sessions[session].append(Line(round(float(seconds) * 1e6), transport == "tcp", conversation, sender == "c", int(octets),
                                      bytes.fromhex(begins)))
    return sessions


class Peer:
    """What one end of a conversation is called and remembers."""

    def __init__(self, session, conversation):
        rng = random.Random(f"{session} {conversation}")
        port = int(conversation.split("-")[1]) if "-" in conversation else rng.randrange(1024, 65536)
        self.end = (bytes([157, rng.randrange(56), rng.randrange(1, 255), rng.randrange(1, 255)]), port)
        self.asked = {True: {}, False: {}}  # by who asked: id -> octets of the request


class Client:
    """The client's generator, and the numbers of its TCP streams."""

    def __init__(self, session):
        self.rng = random.Random(f"client {session}")
        self.end = (bytes([192, 168, 1, 20 + ord(session)]), CLIENT_PORT)
        self.number = self.rng.getrandbits(32)
        self.sent = {}

    def iv(self):
        self.number = (self.number * MULTIPLIER + INCREMENT) & MASK
        return self.number


def datagram(line, client, peer):
    """The octets of a datagram of the measured length that begins as measured."""
    function = line.begins[2] & 0xF
    if function in (PAYLOAD, FRAGMENT):
        iv = client.iv() if line.is_client else client.rng.getrandbits(32)
        head = line.begins + struct.pack(">I", iv)
        octets = (head + client.rng.randbytes(line.octets))[:line.octets]
        peer.asked[line.is_client][line.begins[:2]] = octets
        return octets
    if function in (ACK, NAK):
        address = peer.end[0] if line.is_client else PUBLIC
        return line.begins + address + client.rng.randbytes(4)
    if function == RESEND:
        request = peer.asked[line.is_client].get(line.begins[:2], bytes(11))
        address = peer.end[0] if line.is_client else PUBLIC
        return (line.begins + b"\1" + client.rng.randbytes(4) + address + request[7:11] + client.rng.randbytes(line.octets))[:line.octets]
    return (line.begins + client.rng.randbytes(line.octets))[:line.octets]


def segment(line, client, peer, octets):
    """A segment of a conversation that began before the capture."""
    key = (peer.end, line.is_client)
    for side in (True, False):
        client.sent.setdefault((peer.end, side), client.rng.getrandbits(31))
    source = (client.end[0], 40000 + peer.end[1] % 20000)
    ends = (source, peer.end) if line.is_client else (peer.end, source)
    packet = judged.Packet(line.time_us, *ends, octets, len(octets), True, client.sent[key], client.sent[peer.end, not line.is_client],
                           wire.ACK)
    client.sent[key] += len(octets)
    return packet


def replay(session, lines, start_us=1433160000 * judged.SECOND_US):
    """Conversation -> its packets."""
    client, peers, packets = Client(session), {}, collections.defaultdict(list)
    for line in lines:
        peer = peers.setdefault(line.conversation, Peer(session, line.conversation))
        if line.is_tcp:
            octets = (line.begins + client.rng.randbytes(line.octets))[:line.octets]
            packet = segment(line, client, peer, octets)
        else:
            octets = datagram(line, client, peer)
            ends = (client.end, peer.end) if line.is_client else (peer.end, client.end)
            packet = judged.Packet(line.time_us, *ends, octets, line.octets)
        packets[line.conversation].append(dataclasses.replace(packet, time_us=packet.time_us + start_us))
    return packets


# ---- what of a replay a capture may hold ----

def begin_at(share):
    def change(packets, _rng):
        times = [packet.time_us for conversation in packets.values() for packet in conversation]
        begin = min(times) + (max(times) - min(times)) * share
        return {name: [packet for packet in conversation if packet.time_us >= begin] for name, conversation in packets.items()}
    return change


def one_direction(is_client):
    def change(packets, _rng):
        return {name: [packet for packet in conversation if (packet.src[0][:2] == bytes([192, 168])) == is_client]
                for name, conversation in packets.items()}
    return change


def lose(share):
    def change(packets, rng):
        return {name: [packet for packet in conversation if rng.random() >= share] for name, conversation in packets.items()}
    return change


def tcp_only(packets, _rng):
    return {name: conversation for name, conversation in packets.items() if name.startswith("t")}


VIEWS = {
    "whole": lambda packets, _rng: packets,
    "from 25 %": begin_at(0.25), "from 50 %": begin_at(0.5), "from 75 %": begin_at(0.75),
    "sent by the client only": one_direction(True), "received by the client only": one_direction(False),
    "5 % lost": lose(0.05),
    "TCP alone": tcp_only,
}


def judge(sessions):
    """(session, view) -> conversation -> Counts."""
    script, names = [], {}
    for session, lines in sessions.items():
        packets = replay(session, lines)
        for view, change in VIEWS.items():
            seen = {name: kept for name, kept in change(packets, random.Random(f"{session} {view}")).items() if kept}
            title = f"{session}{len(names)}"
            names[title] = (session, view)
            script.append(judged.script_of(seen) + f"run {title} {' '.join(seen)}\n")
    found = collections.defaultdict(dict)
    for (title, conversation), counts in judged.run("".join(script)).items():
        found[names[title]][conversation] = counts
    return found
