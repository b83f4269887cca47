# SPDX-License-Identifier: GPL-2.0-or-later
"""What of the real captures is Skype's, by the lists beside them; nothing of this comes from the plugin."""
import collections
import csv
import dataclasses
import re

import robustness_frames as wire

CLIENT_PORTS = {"skype-irc.cap": 35990, "skype-2015.pcap": 13021, "skype-one-way.pcap": 35990}
CLIENT_HOSTS = {"skype-irc.cap": bytes([192, 168, 1, 2]), "skype-2015.pcap": bytes([192, 168, 1, 34]),
                "skype-one-way.pcap": bytes([192, 168, 1, 2])}
FIRST_OCTETS = 160


@dataclasses.dataclass
class Direction:
    """One side of a listed conversation as it was captured."""
    sender: tuple
    base: int  # sequence number of its first octet
    first: dict  # offset -> octet, the first 160

    def begins(self, octets):
        return all(self.first.get(at) == octet for at, octet in enumerate(octets))


@dataclasses.dataclass
class Conversation:
    name: tuple  # capture, number of the stream
    packets: list
    sides: dict  # (address, port) of the sender -> Direction
    markers: list  # (rule, sender)


@dataclasses.dataclass
class Truth:
    datagrams: set  # (capture, number of the frame)
    conversations: list
    conversation_of: dict  # (capture, number of the frame) -> Conversation


def key(packet):
    return packet.capture, packet.number


def is_clients(packet):
    """A datagram of the client's port."""
    port = CLIENT_PORTS.get(packet.capture)
    return packet.protocol == wire.UDP and port in (packet.src[1], packet.dst[1])


def make_direction(packets, sender):
    own = [packet for packet in packets if packet.src == sender]
    syn = next((packet for packet in own if packet.flags & wire.SYN), None)
    data = next((packet for packet in own if packet.payload_len), None)
    base = syn.seq + 1 if syn else data.seq if data else 0
    first = {}
    for packet in own:
        start = offset_of(packet, base)
        for at, octet in enumerate(packet.payload[:FIRST_OCTETS] if start < FIRST_OCTETS else b""):
            first.setdefault(start + at, octet)
    return Direction(sender, base, first)


def offset_of(packet, base):
    return (packet.seq - base) % 2 ** 32


def make_conversation(capture, row, packets):
    """A row of the list with the packets on its addresses and ports."""
    sides = {sender: make_direction(packets, sender) for sender in {packet.src for packet in packets} | {packets[0].dst}}
    by_number = {packet.number: packet for packet in packets}
    markers = [(rule, by_number[int(number)].src)
               for rule, number in re.findall(r"(\w+)@(\d+)", row["markers (rule@first frame)"])]
    return Conversation((capture, row["tcp.stream"]), packets, sides, markers)


def read_conversations(capture, packets, path):
    by_ends = collections.defaultdict(list)
    for packet in packets:
        if packet.protocol == wire.TCP:
            by_ends[frozenset("%s:%d" % wire.endpoint(end) for end in (packet.src, packet.dst))].append(packet)
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [make_conversation(capture, row, by_ends[frozenset((row["endpoint_a"], row["endpoint_b"]))]) for row in rows]


def read(folder, captures):
    """captures: name -> packets."""
    datagrams = {key(packet) for packets in captures.values() for packet in packets if is_clients(packet)}
    conversations = []
    for name, packets in captures.items():
        path = folder / f"{name.rsplit('.', 1)[0]}.tcp.tsv"
        if path.exists():
            conversations += read_conversations(name, packets, path)
    of = {key(packet): conversation for conversation in conversations for packet in conversation.packets}
    return Truth(datagrams, conversations, of)
