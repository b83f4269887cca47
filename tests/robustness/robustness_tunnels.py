# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames inside others: tags, labels and tunnels, built by scapy. Frames that a tunnel does not carry stay as they are."""
import dataclasses
import functools
import ipaddress

from scapy.contrib.gtp import GTP_U_Header
from scapy.contrib.mpls import MPLS
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import GRE, Dot1AD, Dot1Q, Ether
from scapy.layers.ppp import PPP, PPPoE
from scapy.layers.vxlan import VXLAN
from scapy.packet import Raw

import robustness_frames as wire

A4, B4, A6, B6 = "203.0.113.5", "198.51.100.9", "2001:db8:5::5", "2001:db8:9::9"
NAT64 = ipaddress.IPv6Address("64:ff9b::").packed[:12]


def vlan(frame):
    return tagged(frame, bytes(Dot1Q(vlan=100))[:2])


def qinq(frame):
    return tagged(frame, bytes(Dot1AD(vlan=200, type=0x8100))[:2] + b"\x81\x00" + bytes(Dot1Q(vlan=100))[:2], b"\x88\xa8")


def tagged(frame, tags, kind=b"\x81\x00"):
    data = frame.data[:12] + kind + tags + frame.data[12:]
    return dataclasses.replace(frame, data=data, wire_len=frame.wire_len + len(data) - len(frame.data))


def is_ipv4(frame):
    return frame.data[12:14] == b"\x08\x00" and len(frame.data) >= wire.ETHERNET_LEN + 20


def inner_ipv4(frame):
    """The IPv4 packet without Ethernet's padding."""
    total = int.from_bytes(frame.data[16:18], "big")
    return frame.data[wire.ETHERNET_LEN:wire.ETHERNET_LEN + total]


def inner_ipv6(frame):
    """The packet as a NAT64 translates it."""
    packet, at = frame.packet, frame.data[wire.ETHERNET_LEN] % 16 * 4
    header = IPv6(src=named(packet.src)[0], dst=named(packet.dst)[0], nh=packet.protocol, hlim=frame.data[22])
    layer = inner_ipv4(frame)[at:]
    header.plen = len(layer)
    return bytes(header) + layer


def named(end):
    """An endpoint's name behind the NAT64."""
    return str(ipaddress.IPv6Address(NAT64 + end[0])), end[1]


def in_tunnel(outer):
    """outer: function(length) -> the layers in front of a packet of that length."""
    @functools.lru_cache(None)
    def header(length):
        return bytes(outer() / Raw(bytes(length)))[:-length]

    def wrap(frame, inner=inner_ipv4):
        if not is_ipv4(frame):
            return frame
        data = header(len(inner(frame))) + inner(frame)
        return dataclasses.replace(frame, data=data, wire_len=len(data))
    return wrap


def with_ethernet(frame):
    return frame.data[:wire.ETHERNET_LEN] + inner_ipv4(frame)


def as_ipv6(wrap):
    def change(frame):
        if frame.packet.protocol is None:
            return frame
        wrapped = wrap(frame, inner_ipv6)
        return dataclasses.replace(wrapped, src=named(frame.packet.src), dst=named(frame.packet.dst))
    return change


def raw_ip(made):
    def change(captures, _rng):
        parts = [[dataclasses.replace(frame, data=inner_ipv4(frame), wire_len=len(inner_ipv4(frame)))
                  for frame in frames if is_ipv4(frame)] for frames in captures.values()]
        return [made(frames, wire.RAW_IP) for frames in parts]
    return change


def link(kind, *layers):
    """The layers over Ethernet with a type."""
    def build():
        packet = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02", type=kind)
        for layer in layers:
            packet = packet / layer()
        return packet
    return build


def udp(port):
    return lambda: UDP(sport=50000, dport=port, chksum=0)


def ipv4(protocol=None):
    return lambda: IP(src=A4, dst=B4) if protocol is None else IP(src=A4, dst=B4, proto=protocol)


gre = in_tunnel(link(0x0800, ipv4(), lambda: GRE(proto=0x0800)))
gre_in_ipv6 = in_tunnel(link(0x86dd, lambda: IPv6(src=A6, dst=B6, nh=47), lambda: GRE(proto=0x0800)))
vxlan = in_tunnel(link(0x0800, ipv4(), udp(4789), lambda: VXLAN(vni=7)))

IPV4 = (
    ("VLAN", vlan),
    ("QinQ", qinq),
    ("MPLS", in_tunnel(link(0x8847, lambda: MPLS(label=16, s=1, ttl=64)))),
    ("PPPoE", in_tunnel(link(0x8864, lambda: PPPoE(sessionid=3), lambda: PPP(proto=0x21)))),
    ("GRE", gre),
    ("GRE in IPv6", gre_in_ipv6),
    ("IPv4 in IPv4", in_tunnel(link(0x0800, ipv4(4)))),
    ("IPv4 in IPv6 (4in6)", in_tunnel(link(0x86dd, lambda: IPv6(src=A6, dst=B6, nh=4)))),
    ("VXLAN", lambda frame: vxlan(frame, with_ethernet)),
    ("GTP-U", in_tunnel(link(0x0800, ipv4(), udp(2152), lambda: GTP_U_Header(teid=5, gtp_type=255)))),
)
IPV6 = (
    ("IPv6 (NAT64)", as_ipv6(in_tunnel(link(0x86dd)))),
    ("IPv6 in IPv4 (6in4, NAT64)", as_ipv6(in_tunnel(link(0x0800, ipv4(41))))),
)
