# SPDX-License-Identifier: GPL-2.0-or-later
"""The tape that a capture is recorded on: frames with fixed addresses, identifications and times."""

import ipaddress

from scapy.layers.inet import ICMP, IP, UDP, fragment
from scapy.layers.inet6 import ICMPv6DestUnreach, IPv6
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from capture_file import NO_LIMIT

START_US = 1262304000 * 1000000     # 2010-01-01 00:00:00 UTC
STEP_US = 10000
NEAR_MAC, FAR_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"


def is_v6(host):
    """Whether the text of an address is IPv6."""
    return ipaddress.ip_address(host).version == 6


class Tape:
    """Records frames in the order they are given; the clock moves on before each one."""

    def __init__(self):
        self.records = []               # (time_us, bytes of the frame, how many of them the file keeps at most)
        self.now_us = START_US
        self.identification = 0x1000    # of the next IPv4 header

    def frame(self, packet, gap_us=STEP_US):
        """Records a whole frame: a scapy packet, or bytes."""
        if self.records:
            self.now_us += gap_us
        self.records.append((self.now_us, bytes(packet), NO_LIMIT))

    def cut(self, limit):
        """The file keeps only the first `limit` bytes of the last frame."""
        self.records[-1] = self.records[-1][:2] + (limit,)

    def again(self, gap_us=20):
        """The last frame once more, bit for bit: a mirror port that sees it twice."""
        self.frame(self.records[-1][1], gap_us)

    def ip(self, source, destination, **more):
        """An IPv4 or IPv6 header, by the addresses' own version; `more` are IPv4 header fields."""
        if is_v6(source):
            return IPv6(src=source, dst=destination, hlim=64)
        self.identification += 1
        return IP(src=source, dst=destination, id=self.identification & 0xFFFF, ttl=64, **more)

    def datagram(self, source, destination, data):
        """An IP packet with a UDP datagram; the ends are (address, port) pairs."""
        ports = UDP(sport=source[1], dport=destination[1])
        return self.ip(source[0], destination[0]) / ports / Raw(data)

    def udp(self, source, destination, data, gap_us=STEP_US):
        """Records a datagram in an Ethernet frame; returns its UDP payload."""
        self.frame(ethernet(self.datagram(source, destination, data)), gap_us)
        return data

    def udp_in_pieces(self, source, destination, data, piece=600, gap_us=STEP_US):
        """Records a datagram as IPv4 fragments of at most `piece` bytes each."""
        for part in fragment(self.datagram(source, destination, data), fragsize=piece):
            self.frame(ethernet(part), gap_us)
            gap_us = 50

    def unreachable(self, router, source, destination, data, gap_us=STEP_US):
        """Records an ICMP port unreachable from `router` that quotes a datagram whole."""
        quoted = self.datagram(source, destination, data)
        if is_v6(router):
            error = IPv6(src=router, dst=source[0], hlim=64) / ICMPv6DestUnreach(code=4) / quoted
        else:
            error = self.ip(router, source[0]) / ICMP(type=3, code=3) / quoted
        self.frame(ethernet(error), gap_us)


def ethernet(packet):
    """The packet in an Ethernet frame; short ones are padded to 60 bytes as on a real wire."""
    frame = bytes(Ether(src=NEAR_MAC, dst=FAR_MAC) / packet)
    return frame.ljust(60, b"\0")
