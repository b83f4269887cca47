# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames with other addresses and ports. Checksums stay as they were: neither the plugin nor Wireshark by default looks at them."""
import collections
import dataclasses
import ipaddress

import robustness_frames as wire
from robustness_truth import CLIENT_HOSTS, CLIENT_PORTS, is_clients

PUBLIC = {"skype-irc.cap": bytes([86, 128, 245, 115]), "skype-one-way.pcap": bytes([86, 128, 245, 115]),
          "skype-2015.pcap": bytes([81, 2, 69, 160])}
FIRST_FREE_PORT = 1024
AT_TTL, AT_SRC, AT_DST, ICMP_LEN = 8, 12, 16, 8
ANSWER_LEN = 11


def rewrite_header(data, at, address, port, quoted=False):
    """In place, from the IPv4 header at an offset on; the header that an ICMP error quotes is rewritten as well."""
    header_len, protocol = data[at] % 16 * 4, data[at + 9]
    layer = at + header_len
    for place in (at + AT_SRC, at + AT_DST):
        data[place:place + 4] = address(bytes(data[place:place + 4]))
    if protocol in (wire.TCP, wire.UDP) and len(data) >= layer + 4 and not int.from_bytes(data[at + 6:at + 8], "big") & 0x1fff:
        for place in (layer, layer + 2):
            data[place:place + 2] = port(int.from_bytes(data[place:place + 2], "big")).to_bytes(2, "big")
    elif protocol == wire.ICMP and not quoted and len(data) >= layer + ICMP_LEN + 20 and data[layer] in wire.ICMP_ERRORS:
        rewrite_header(data, layer + ICMP_LEN, address, port, quoted=True)


def rewrite(frame, address, port=lambda number: number, payload=False):
    """The frame with the functions applied to its addresses and port numbers; payload: to the addresses that Skype carries too."""
    if len(frame.data) < wire.ETHERNET_LEN + 20 or frame.data[12:14] != b"\x08\x00":
        return frame
    data = bytearray(frame.data)
    rewrite_header(data, wire.ETHERNET_LEN, address, port)
    packet = frame.packet
    if payload and is_clients(packet):
        place = packet.payload_at + carried_address(packet.payload)
        if place > packet.payload_at:
            data[place:place + 4] = address(bytes(data[place:place + 4]))
    ends = [(wire.text(address(end[0])), port(end[1])) if end else None for end in (packet.src, packet.dst)]
    return dataclasses.replace(frame, data=bytes(data), src=ends[0], dst=ends[1])


def carried_address(payload):
    """Where acks, NAKs and resends carry an address; 0: other messages."""
    function = payload[2] & 0x8f if len(payload) >= ANSWER_LEN else 0
    if function in (5, 7) and len(payload) == ANSWER_LEN:
        return 3
    return 8 if function == 3 and payload[3] == 1 else 0


def hop(frame):
    """One router on."""
    if frame.data[12:14] != b"\x08\x00":
        return frame
    at = wire.ETHERNET_LEN + AT_TTL
    ttl = max(frame.data[at] - 1, 1)
    return dataclasses.replace(frame, data=frame.data[:at] + bytes([ttl]) + frame.data[at + 1:])


def other_addresses(rng):
    """Address -> another one of the same kind, always the same: public for public, private for private, groups as they are."""
    names, taken = {}, set()

    def rename(address):
        if address not in names:
            is_public = ipaddress.ip_address(address).is_global and address[0] < 224
            is_private = address[:2] == b"\xc0\xa8" and address[3] != 255
            while address not in names or (names[address] in taken and names[address] != address):
                names[address] = (bytes([rng.randrange(11, 100), *rng.randbytes(3)]) if is_public else
                                  bytes([10, *rng.randbytes(3)]) if is_private else address)
            taken.add(names[address])
        return names[address]
    return rename


def random_ports(rng):
    """Port -> another one; well-known ones stay."""
    free = rng.sample(range(FIRST_FREE_PORT, 65536), 65536 - FIRST_FREE_PORT)
    return lambda number: free[number - FIRST_FREE_PORT] if number >= FIRST_FREE_PORT else number


def unchanged(value):
    return value


def consistently(frames, rng):
    address = other_addresses(rng)
    return [rewrite(frame, address, payload=True) for frame in frames]


def headers_only(frames, rng):
    address = other_addresses(rng)
    return [rewrite(frame, address) for frame in frames]


def other_ports(frames, rng):
    port = random_ports(rng)
    return [rewrite(frame, unchanged, port) for frame in frames]


def swapped_port(number):
    """The client's port and another one change places."""
    def change(frames, _rng):
        clients = CLIENT_PORTS[frames[0].packet.capture]
        return [rewrite(frame, unchanged, lambda port: {clients: number, number: clients}.get(port, port)) for frame in frames]
    return change


def translated(frames, outside):
    """The client's address and port as the other side of a NAT shows them; payloads are nobody's business."""
    client, port = CLIENT_HOSTS[frames[0].packet.capture], CLIENT_PORTS[frames[0].packet.capture]
    return [rewrite(frame, lambda address: outside if address == client else address,
                    lambda number: 61001 if number == port else number) for frame in frames]


def inside(frames, _rng):
    return translated(frames, bytes([10, 77, 3, 9]))


def outside(frames, _rng):
    return translated(frames, PUBLIC[frames[0].packet.capture])


def busiest(frames):
    """The IPv4 address that sends most, or None."""
    senders = collections.Counter(frame.packet.src[0] for frame in frames if frame.packet.src)
    return senders.most_common(1)[0][0] if senders else None
