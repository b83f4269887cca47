# SPDX-License-Identifier: GPL-2.0-or-later
"""Capture files byte for byte: pcap and pcapng with microseconds, and nothing of the machine that wrote them."""

import struct

ETHERNET, RAW_IP, WLAN = 1, 101, 105
NO_LIMIT = 262144


def pcap(records, link_type, snaplen):
    """The bytes of a pcap file; `records` are (time_us, frame, limit), cut to the limit and to `snaplen` when longer."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snaplen, link_type)
    for time_us, frame, limit in records:
        kept = frame[:min(limit, snaplen)]
        out += struct.pack("<IIII", time_us // 1000000, time_us % 1000000, len(kept), len(frame)) + kept
    return out


def pcapng(records, link_type, snaplen):
    """The bytes of a pcapng file with one section and one interface; arguments as for pcap()."""
    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(1, struct.pack("<HHI", link_type, 0, snaplen))
    for time_us, frame, limit in records:
        kept = frame[:min(limit, snaplen)]
        head = struct.pack("<IIIII", 0, time_us >> 32, time_us & 0xFFFFFFFF, len(kept), len(frame))
        out += block(6, head + kept + bytes(-len(kept) % 4))
    return out


def block(kind, body):
    """One pcapng block: kind, length, body, length again."""
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def encode(name, records, link_type, snaplen):
    """The bytes of the file `name`, whose ending chooses the format."""
    return (pcapng if name.endswith(".pcapng") else pcap)(records, link_type, snaplen)
