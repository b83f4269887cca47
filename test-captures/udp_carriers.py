# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of Skype's UDP in every wrapping: tunnels, IP fragments, ICMP quotes, mirror ports, cut frames, known ports."""

import struct

from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import GRE, Dot1Q, Ether
from scapy.layers.vxlan import VXLAN
from scapy.packet import Raw

import wire
from capture_file import ETHERNET, RAW_IP, WLAN
from declare import capture
from tape import FAR_MAC, NEAR_MAC, ethernet
from udp_generator import CAP, CLIENT, PEER, send

BOTH = "192.168.1.2:35990=certain 198.51.100.7:12345=certain"
ROUTERS = ("10.255.0.1", "10.255.0.2")


def payloads(label, count, ivs=None):
    """Payloads of one generator with unrelated ids."""
    ivs = ivs or wire.Generator(label)
    return [wire.payload(wire.number(f"id {label} {turn}", 16), ivs.next(), wire.message(f"{label} {turn}"))
            for turn in range(count)]


def vlan(packet):
    """IEEE 802.1ad over 802.1Q."""
    return Ether(src=NEAR_MAC, dst=FAR_MAC, type=0x88A8) / Dot1Q(vlan=100) / Dot1Q(vlan=7) / packet


def mpls(packet):
    """One MPLS label (RFC 3032): label 16, bottom of the stack, TTL 64."""
    return Ether(src=NEAR_MAC, dst=FAR_MAC, type=0x8847) / Raw(struct.pack(">I", 16 << 12 | 1 << 8 | 64) + bytes(packet))


def gre(packet):
    """GRE over IPv4 (RFC 2784)."""
    return ethernet(IP(src=ROUTERS[0], dst=ROUTERS[1], id=1, proto=47) / GRE(proto=0x800) / packet)


def vxlan(packet):
    """VXLAN over UDP port 4789 (RFC 7348)."""
    outer = IP(src=ROUTERS[0], dst=ROUTERS[1], id=1) / UDP(sport=50000, dport=4789) / VXLAN(vni=42, flags=8)
    return ethernet(outer / Ether(src=NEAR_MAC, dst=FAR_MAC) / packet)


def ip_in_ip(packet):
    """IPv4 in IPv4 (RFC 2003)."""
    return ethernet(IP(src=ROUTERS[0], dst=ROUTERS[1], id=1, proto=4) / packet)


# The client: frames 1, 3, 4 are two pairs, 40 - 13. The peer: echo and address, 16 + 32 - 13.
def carried(name, source, shows, wrap, link_type=ETHERNET):
    """Declares one conversation of four datagrams inside the tunnel `wrap`."""
    def build(tape):
        sent = payloads(name, 3)
        answer = wire.ack(sent[0], CLIENT[0], wire.opaque(f"ack {name}", 4))
        for data, ends in zip((sent[0], answer, sent[1], sent[2]),
                              ((CLIENT, PEER), (PEER, CLIENT), (CLIENT, PEER), (CLIENT, PEER))):
            tape.frame(wrap(tape.datagram(*ends, data)))
    capture(name, source=f"{source}; synthetic bytes", shows=shows, marked="1-4",
            evidence="2=udp.echo 2=udp.reflect 3=udp.iv 4=udp.iv", endpoints=BOTH, absent="udp.repeat",
            arithmetic="client 40 - 13 = +27; peer 16 + 32 - 13 = +35", link_type=link_type)(build)


carried("udp-vlan", "IEEE 802.1Q, 802.1ad", "two VLAN tags", vlan)
carried("udp-mpls", "RFC 3032", "an MPLS label", mpls)
carried("udp-gre", "RFC 2784", "GRE", gre)
carried("udp-vxlan", "RFC 7348", "VXLAN: two UDP headers in a frame, the inner one is Skype", vxlan)
carried("udp-ip-in-ip", "RFC 2003", "IPv4 in IPv4", ip_in_ip)
carried("udp-raw-ip", "link type RAW", "no link layer", bytes, RAW_IP)
carried("udp-pcapng.pcapng", "pcapng", "a pcapng file", ethernet)


@capture("udp-ipv6-in-ipv4", source="RFC 4213; synthetic bytes", shows="IPv6 in IPv4",
         marked="1-3", evidence="2=udp.iv 3=udp.iv", endpoints="[2001:db8::2]:35990=certain", absent="udp.repeat",
         arithmetic=CAP)
def ipv6_in_ipv4(tape):
    for data in payloads("6in4", 3):
        inner = IPv6(src="2001:db8::2", dst="2001:db8::7", hlim=64) / UDP(sport=35990, dport=12345) / Raw(data)
        tape.frame(ethernet(IP(src=ROUTERS[0], dst=ROUTERS[1], id=1, proto=41) / inner))


@capture("udp-ipv6-echo", source="design of this project; published bytes over IPv6",
         shows="near miss: the echo over IPv6, where the address field can't hold the asker",
         absent="udp.echo udp.reflect", arithmetic="nothing fires: no echo rule on IPv6")
def ipv6_echo(tape):
    asker, node = ("2001:db8::13", 33021), ("2001:db8::14", 48915)
    tape.udp(asker, node, wire.PUBLISHED_REQUEST)
    for answer in wire.PUBLISHED_ANSWERS:
        tape.udp(node, asker, answer)


def subframe(packet, last):
    """One A-MSDU subframe: addresses, length, LLC/SNAP and the packet, padded to 4 bytes but for the last."""
    msdu = bytes.fromhex("aaaa030000000800") + bytes(packet)
    head = bytes.fromhex(FAR_MAC.replace(":", "") + NEAR_MAC.replace(":", ""))
    body = head + struct.pack(">H", len(msdu)) + msdu
    return body if last else body + bytes(-len(body) % 4)


@capture("udp-two-in-one-frame", source="IEEE 802.11 A-MSDU; synthetic bytes",
         shows="two datagrams in each frame: the pair of IVs is complete in the first", link_type=WLAN,
         marked="1-2", evidence="1=udp.iv 2=udp.iv", endpoints="192.168.1.2:35990=certain", absent="udp.repeat",
         arithmetic=CAP)
def two_in_one_frame(tape):
    stations = bytes.fromhex("020000000002" "020000000009" "020000000001")
    sent = payloads("amsdu", 4)
    for turn in (0, 2):
        head = bytes.fromhex("88020000") + stations + struct.pack("<HH", turn << 4, 0x80)
        pair = [subframe(tape.datagram(CLIENT, PEER, sent[turn + part]), part == 1) for part in (0, 1)]
        tape.frame(head + b"".join(pair))


# Only the frame that completes a datagram holds a message: 2, 4 and 5.
@capture("udp-ip-fragments", source="RFC 791; synthetic bytes",
         shows="payloads of 1,100 bytes in two IPv4 fragments each, then a small one",
         marked="2,4,5", evidence="4=udp.iv 5=udp.iv", endpoints="192.168.1.2:35990=certain", absent="udp.repeat",
         arithmetic=CAP)
def ip_fragments(tape):
    ivs = wire.Generator("ip fragments")
    for turn in range(2):
        data = wire.payload(wire.number(f"id ip fragments {turn}", 16), ivs.next(),
                            wire.message(f"ip fragments {turn}", 1089))
        tape.udp_in_pieces(CLIENT, PEER, data)
    send(tape, ivs, "ip fragments last")


@capture("udp-icmp-errors", source="as SkypeIRC frames 233, 234, 270; RFC 792; synthetic bytes",
         shows="each payload is quoted by an ICMP error: the quotes are no messages and are not marked",
         marked="1,3,5", evidence="3=udp.iv 5=udp.iv", endpoints="192.168.1.2:35990=certain", absent="udp.repeat",
         arithmetic=CAP)
def icmp_errors(tape):
    for data in payloads("icmp", 3):
        tape.udp(CLIENT, PEER, data)
        tape.unreachable(PEER[0], CLIENT, PEER, data)


@capture("udp-icmp-quotes-only", source="RFC 792, RFC 4443; synthetic bytes",
         shows="near miss: the payloads are seen only as quotes in ICMP and ICMPv6 errors",
         absent="udp.iv udp.repeat", arithmetic="nothing fires")
def icmp_quotes_only(tape):
    for data in payloads("icmp only", 3):
        tape.unreachable("203.0.113.1", CLIENT, PEER, data)
    for data in payloads("icmp6 only", 3):
        tape.unreachable("2001:db8::1", ("2001:db8::2", 35990), ("2001:db8::7", 12345), data)


# 64 bytes leave 22 of the datagram: the IV, and an answer whole.
@capture("udp-snaplen-64", source="synthetic bytes", shows="every frame is cut to 64 bytes", snaplen=64,
         marked="1-6", evidence="2=udp.echo 2=udp.reflect 3=udp.iv 4=udp.iv 6=udp.fragment",
         endpoints=BOTH, absent="udp.repeat", arithmetic="client 40 - 13 = +27; peer 24 + 16 + 32 - 13 = +59")
def snaplen_64(tape):
    sent = payloads("snaplen", 3)
    tape.udp(CLIENT, PEER, sent[0])
    tape.udp(PEER, CLIENT, wire.ack(sent[0], CLIENT[0], wire.opaque("snaplen", 4)))
    tape.udp(CLIENT, PEER, sent[1])
    tape.udp(CLIENT, PEER, sent[2])
    for index in range(2):
        tape.udp(PEER, CLIENT, wire.fragment(0x3F16, sent[2], index, wire.number(f"snap {index}"), last=index == 1))


# 48 bytes leave 6: id, function and 3 bytes of the IV or the address. The echo needs no more; everything else does.
@capture("udp-snaplen-48", source="synthetic bytes", shows="near miss: frames cut to 48 bytes show the echo and nothing else",
         snaplen=48, evidence="2=udp.echo", endpoints="198.51.100.7:12345=possible", absent="udp.iv udp.reflect udp.repeat",
         arithmetic="16 - 13 = +3")
def snaplen_48(tape):
    snaplen_64(tape)


@capture("udp-mirror-duplicates", source="synthetic bytes",
         shows="a mirror port shows each payload twice: a copy is no pair and no repeat, and does no harm",
         marked="1-6", evidence="3=udp.iv 5=udp.iv", endpoints="192.168.1.2:35990=certain", absent="udp.repeat",
         arithmetic=CAP)
def mirror_duplicates(tape):
    for data in payloads("mirror", 3):
        tape.udp(CLIENT, PEER, data)
        tape.again()


@capture("udp-mirror-duplicate-only", source="synthetic bytes",
         shows="near miss: one request and one answerer behind NAT, each seen three times by a mirror port",
         evidence="4=udp.echo", endpoints="198.51.100.7:12345=possible", absent="udp.iv udp.repeat udp.reflect",
         arithmetic="16 - 13 = +3")
def mirror_duplicate_only(tape):
    asked = payloads("mirror only", 1)[0]
    tape.udp(CLIENT, PEER, asked)
    tape.again()
    tape.again()
    tape.udp(PEER, CLIENT, wire.ack(asked, wire.PUBLIC_ADDRESS, wire.opaque("mirror only", 4)))
    tape.again()
    tape.again()


# Too short for any shape: 5 to 7 are the only messages.
@capture("udp-tiny-payloads", source="synthetic bytes",
         shows="0 to 3 bytes before and after a proof on the same port: never a message, never marked",
         marked="5-7", evidence="6=udp.iv 7=udp.iv", endpoints="192.168.1.2:35990=certain",
         absent="udp.repeat udp.echo", arithmetic=CAP)
def tiny_payloads(tape):
    tiny = (b"", b"\x02", b"\x16\x22", b"\x16\x22\x02")
    for data in (*tiny, *payloads("tiny", 3), *tiny, b"\x16\x22\x02\x00\x00\x00"):
        tape.udp(CLIENT, PEER, data)


@capture("udp-tiny-payloads-only", source="synthetic bytes", shows="near miss: 0 to 17 bytes, cut from one payload",
         absent="udp.iv udp.repeat udp.echo udp.reflect", arithmetic="nothing fires")
def tiny_payloads_only(tape):
    for length, data in enumerate(payloads("tiny only", 18)):
        tape.udp(CLIENT, PEER, data[:length])
        tape.udp(PEER, CLIENT, data[:length])


# Client: frames 1, 3, 4: two pairs. Peer: echo and address. Frame 5 is the peer's own payload: inherited.
def on_port(port, owner):
    """Declares a conversation with a peer that listens on a port which Wireshark gives to `owner`."""
    peer = ("198.51.100.7", port)

    def build(tape):
        sent = payloads(f"port {port}", 3)
        tape.udp(CLIENT, peer, sent[0])
        tape.udp(peer, CLIENT, wire.ack(sent[0], CLIENT[0], wire.opaque(f"port {port}", 4)))
        tape.udp(CLIENT, peer, sent[1])
        tape.udp(CLIENT, peer, sent[2])
        tape.udp(peer, CLIENT, payloads(f"port {port} back", 1)[0])
    capture(f"udp-port-{port}", source="Biondi & Desclaux 2006: any port; synthetic bytes",
            shows=f"a peer on UDP port {port}, which Wireshark's {owner} dissector claims",
            marked="1-5", evidence="2=udp.echo 2=udp.reflect 3=udp.iv 4=udp.iv",
            endpoints=f"192.168.1.2:35990=certain 198.51.100.7:{port}=certain", absent="udp.repeat",
            arithmetic="client 40 - 13 = +27; peer 16 + 32 - 13 = +35")(build)


for known_port, known_owner in ((53, "DNS"), (123, "NTP"), (161, "SNMP"), (443, "QUIC"), (1900, "SSDP")):
    on_port(known_port, known_owner)


# 14 + 20 + 8 + 10 bytes: the last one of the answer is on the wire only.
@capture("udp-offload-cut", source="published bytes",
         shows="IP length 0, as segmentation offload leaves it, in frames cut inside the answer: the length on the wire counts, "
               "on a port that Wireshark's DNS dissector claims",
         marked="1-2", evidence="2=udp.echo 2=udp.reflect", endpoints="192.168.0.14:53=certain", absent="udp.repeat",
         arithmetic="16 + 32 - 13 = +35")
def offload_cut(tape):
    asker, node = ("192.168.0.19", 33021), ("192.168.0.14", 53)
    for ends, data in (((asker, node), wire.PUBLISHED_REQUEST), ((node, asker), wire.PUBLISHED_ANSWERS[0])):
        packet = tape.datagram(*ends, data)
        packet.len = 0
        tape.frame(ethernet(packet))
        tape.cut(52)
