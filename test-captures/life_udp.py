# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of UDP after the first words: keep-alives, data, short payloads, and ports that change hands."""

import struct

from scapy.layers.l2 import Dot1Q, Ether

import wire
from declare import capture
from tape import FAR_MAC, NEAR_MAC, START_US
from udp_generator import CAP, CLIENT, PEER, every, send

SOURCE = "sessions of 2015; synthetic bytes"
REUSE = "RFC 3416 (SNMP); synthetic bytes"
AGENTS = (("192.0.2.9", 161), ("192.0.2.10", 161))
BEAT = {0: CLIENT, 1: PEER}


def at(tape, seconds):
    """Sets the tape's clock to a time since the first frame; what follows is recorded with gap_us=0."""
    tape.now_us = START_US + round(seconds * 1000000)


def data(label, length):
    """fn D: a random id, random bits 4 to 6, and ciphertext; of exactly 3 octets it is a keep-alive."""
    octets = wire.opaque(f"data {label}", length)
    return octets[:2] + bytes([octets[2] & 0x70 | wire.DATA]) + octets[3:]


def beats(tape, label, times, sides=(0, 1)):
    """Keep-alives of each side at these times, the second side 3 ms after the first."""
    for turn, seconds in enumerate(times):
        for side in sides:
            at(tape, seconds + 0.003 * side)
            tape.udp(BEAT[side], BEAT[1 - side], data(f"{label} {turn} {side}", 3), 0)


def jitter(label, turn, most):
    """Seconds between 0 and `most` that depend on nothing but the label and turn."""
    return wire.number(f"jitter {label} {turn}", 16) / 65536 * most


@capture("udp-keepalive", source=SOURCE, shows="ten keep-alives a side, every 10 s: the path began before the capture",
         marked="1-20", evidence="19=udp.keepalive 20=udp.keepalive",
         endpoints="192.168.1.2:35990=certain 198.51.100.7:12345=certain", absent="udp.iv udp.echo",
         arithmetic="5 (10 - 3) - 13 = +22")
def keepalive(tape):
    beats(tape, "ten", [10 * turn + jitter("ten", turn, 0.05) for turn in range(10)])


@capture("udp-keepalive-one-direction", source=SOURCE, shows="the same, one direction only", marked="1-10",
         evidence="10=udp.keepalive", endpoints="192.168.1.2:35990=certain", absent="udp.iv udp.echo",
         arithmetic="5 (10 - 3) - 13 = +22")
def keepalive_one_direction(tape):
    beats(tape, "one way", [10 * turn for turn in range(10)], sides=(0,))


@capture("udp-keepalive-lost", source=SOURCE, shows="eight of twelve keep-alives arrive: gaps of 10, 20 and 30 s", marked="1-8",
         evidence="8=udp.keepalive", endpoints="192.168.1.2:35990=likely", absent="udp.iv udp.echo",
         arithmetic="5 (8 - 3) - 13 = +12")
def keepalive_lost(tape):
    beats(tape, "lost", [10 * slot for slot in (0, 1, 3, 4, 7, 8, 9, 11)], sides=(0,))


@capture("udp-keepalive-mobile", source=SOURCE, shows="twenty keep-alives whose network delays them by up to 1.2 s", marked="1-20",
         evidence="20=udp.keepalive", endpoints="192.168.1.2:35990=certain", absent="udp.iv udp.echo",
         arithmetic="2 bits a late tick, 5 one in time")
def keepalive_mobile(tape):
    beats(tape, "mobile", [10 * turn + jitter("mobile", turn, 1.2) for turn in range(20)], sides=(0,))


@capture("udp-keepalive-six", source=SOURCE, shows="near miss: six keep-alives a side are evidence, and too little of it",
         absent="udp.iv udp.echo", arithmetic="5 (6 - 3) - 13 = +2")
def keepalive_six(tape):
    beats(tape, "six", [10 * turn for turn in range(6)])


@capture("udp-keepalive-constant", source=SOURCE, shows="near miss: the same rhythm with ids that count, and bits that stay",
         absent="udp.keepalive", arithmetic="nothing fires")
def keepalive_constant(tape):
    for turn in range(12):
        at(tape, 10 * turn)
        tape.udp(CLIENT, PEER, struct.pack(">HB", 0x100 + turn, 0x1D), 0)


def prove(tape, label):
    """Three payloads of the client to its peer."""
    ivs = wire.Generator(label)
    for turn in range(3):
        send(tape, ivs, f"{label} {turn}")
    return ivs


@capture("udp-call", source="Baset 2006, Hossfeld 2008; synthetic bytes",
         shows="a proven path, then data like a call's: 67 octets every 30 ms each way, to its end", marked="1-203",
         evidence=every([2, 3]), endpoints="192.168.1.2:35990=certain", absent="udp.repeat udp.echo", arithmetic=CAP)
def call(tape):
    prove(tape, "call")
    for turn in range(100):
        for side in (0, 1):
            tape.udp(BEAT[side], BEAT[1 - side], data(f"call {turn} {side}", 3 if turn == 0 else 67), 15000)


@capture("udp-file", source=SOURCE, shows="a proven path, then data like a file's: 519 octets, answers of 25 to 28", marked="1-65",
         evidence=every([2, 3]), endpoints="192.168.1.2:35990=certain", absent="udp.repeat udp.echo", arithmetic=CAP)
def file(tape):
    prove(tape, "file")
    for turn in range(31):
        tape.udp(CLIENT, PEER, data(f"file {turn}", 519), 40000)
        tape.udp(PEER, CLIENT, data(f"file answer {turn}", 25 + turn % 4), 20000)


@capture("udp-data-unproven", source=SOURCE, shows="near miss: keep-alives and data like a call's, and nothing that proves a port",
         absent="udp.keepalive udp.iv", arithmetic="nothing fires: data inherits and proves nothing")
def data_unproven(tape):
    beats(tape, "unproven", [0, 10, 20])
    for turn in range(40):
        for side in (0, 1):
            tape.udp(BEAT[side], BEAT[1 - side], data(f"unproven call {turn} {side}", 67), 15000)


@capture("udp-payload-17", source=SOURCE, shows="a server's answers of 17 octets to a client's payloads, on a port 40,011", marked="1-6",
         evidence=every([3, 5]), endpoints="192.168.1.2:35990=certain", absent="udp.repeat udp.echo", arithmetic=CAP)
def payload_17(tape):
    ivs, server = wire.Generator("seventeen"), ("198.51.100.8", 40011)
    for turn in range(3):
        send(tape, ivs, f"seventeen {turn}", destination=server)
        tape.udp(server, CLIENT, wire.opaque(f"seventeen answer {turn}", 2) + b"\2" + wire.opaque(f"seventeen rest {turn}", 14))


@capture("udp-supernode", source="as SkypeIRC 188-213; synthetic bytes",
         shows="a supernode answers askers with their own address and passes payloads of many generators on", marked="1-12",
         evidence="2=udp.echo 2=udp.reflect 11=udp.reflect", endpoints="198.51.100.7:12345=certain", absent="udp.iv udp.repeat",
         arithmetic="16 + 32 - 13 = +35")
def supernode(tape):
    for turn in range(4):
        asker = (f"203.0.113.{20 + turn}", 6000 + turn)
        asked = tape.udp(asker, PEER, wire.payload(wire.number(f"id super {turn}", 16), wire.number(f"iv super {turn}"),
                                                   wire.message(f"super {turn}")))
        tape.udp(PEER, asker, wire.ack(asked, asker[0], wire.opaque(f"super {turn}", 4)))
        tape.udp(PEER, asker, wire.payload(wire.number(f"id passed {turn}", 16), wire.number(f"iv passed {turn}"),
                                           wire.message(f"passed {turn}")))


def snmp(label):
    """A GetRequest of SNMPv2c: octet 2 is 02, as of a payload."""
    body = b"\2\1\1\4\6public\xa0\x1c\2\4" + wire.opaque(label, 4) + b"\2\1\0\2\1\0\x30\x0e\x30\x0c\6\x08\x2b\6\1\2\1\1\3\0\5\0"
    return b"\x30" + bytes([len(body)]) + body


def reuse(tape, label, seconds, agents=AGENTS):
    """The client's port proves itself; then, after a time, SNMP polls agents from it."""
    prove(tape, label)
    at(tape, seconds)
    for turn in range(6):
        tape.udp(CLIENT, agents[turn % len(agents)], snmp(f"{label} {turn}"), 1000000)
        tape.udp(agents[turn % len(agents)], CLIENT, snmp(f"{label} answer {turn}"), 2000)


@capture("udp-port-reuse-minutes", source=REUSE, shows="SNMP has the client's port two minutes later: not marked", marked="1-3",
         evidence=every([2, 3]), endpoints="192.168.1.2:35990=certain", absent="udp.repeat", arithmetic=CAP)
def port_reuse_minutes(tape):
    reuse(tape, "minutes", 120)


@capture("udp-port-reuse-hour", source=REUSE, shows="SNMP has the client's port more than an hour later: not marked", marked="1-3",
         evidence=every([2, 3]), endpoints="192.168.1.2:35990=certain", absent="udp.repeat", arithmetic=CAP)
def port_reuse_hour(tape):
    reuse(tape, "hour", 3700)


@capture("udp-port-reuse-same-peer", source=REUSE,
         shows="SNMP between the client's port and its peer's, 11 minutes after the last checked message: not marked", marked="1-3",
         evidence=every([2, 3]), endpoints="192.168.1.2:35990=certain", absent="udp.repeat", arithmetic=CAP)
def port_reuse_same_peer(tape):
    reuse(tape, "same peer", 660, agents=(PEER,))


SERVER, OTHER_MAC = ("192.168.1.1", 67), "02:00:00:00:00:05"


def dhcp(tape, source, destination, mac, kind, given="0.0.0.0"):
    """A message of DHCP: kind is option 53, `given` the address that the server offers."""
    is_answer = source == SERVER
    own = wire.address("0.0.0.0" if is_answer else source[0])
    head = bytes([2 if is_answer else 1, 1, 6, 0]) + wire.opaque(f"transaction {mac}", 4) + bytes(4) + own + wire.address(given) + bytes(8)
    octets = head + bytes.fromhex(mac.replace(":", "")) + bytes(10 + 64 + 128) + bytes.fromhex("63825363") + bytes([53, 1, kind, 255])
    tape.frame(Ether(src=FAR_MAC if is_answer else mac, dst="ff:ff:ff:ff:ff:ff") / tape.datagram(source, destination, octets))


@capture("udp-dhcp-reassignment", source="RFC 2131; RFC 3416 (SNMP); synthetic bytes",
         shows="the client gives its address back, DHCP gives it to another host, which uses the port for SNMP and for datagrams with the "
               "shape of a payload: not marked", marked="1-3", evidence=every([2, 3]), endpoints="192.168.1.2:35990=certain",
         absent="udp.repeat udp.echo", arithmetic=CAP)
def dhcp_reassignment(tape):
    prove(tape, "dhcp")
    at(tape, 60)
    everyone, nobody = ("255.255.255.255", 68), ("0.0.0.0", 68)
    dhcp(tape, (CLIENT[0], 68), SERVER, NEAR_MAC, 7)
    dhcp(tape, nobody, ("255.255.255.255", 67), OTHER_MAC, 1)
    dhcp(tape, SERVER, everyone, OTHER_MAC, 2, CLIENT[0])
    dhcp(tape, nobody, ("255.255.255.255", 67), OTHER_MAC, 3)
    dhcp(tape, SERVER, everyone, OTHER_MAC, 5, CLIENT[0])
    at(tape, 90)
    for turn in range(4):
        agent = AGENTS[turn % 2]
        shaped = wire.payload(wire.number(f"owner id {turn}", 16), wire.number(f"owner iv {turn}"), wire.message(f"owner {turn}"))
        for source, destination, octets in ((CLIENT, agent, snmp(f"dhcp {turn}")), (agent, CLIENT, snmp(f"dhcp answer {turn}")),
                                            (CLIENT, ("203.0.113.77", 6000 + turn), shaped)):
            tape.frame(Ether(src=OTHER_MAC, dst=FAR_MAC) / tape.datagram(source, destination, octets), 1000000)


def in_vlan(tape, vlan, source, destination, octets):
    """Records a datagram with a tag."""
    tape.frame(Ether(src=NEAR_MAC, dst=FAR_MAC) / Dot1Q(vlan=vlan) / tape.datagram(source, destination, octets))


@capture("udp-two-vlans", source="IEEE 802.1Q; synthetic bytes",
         shows="two customers with the same private addresses: Skype in VLAN 10, SNMP in VLAN 20 between the same ends", marked="1-3",
         evidence=every([2, 3]), endpoints="192.168.1.2:35990=certain", absent="udp.repeat", arithmetic=CAP)
def two_vlans(tape):
    ivs, other = wire.Generator("vlans"), ("192.168.1.7", 12345)
    for turn in range(3):
        in_vlan(tape, 10, CLIENT, other, wire.payload(wire.number(f"id vlans {turn}", 16), ivs.next(), wire.message(f"vlans {turn}")))
    for turn in range(4):
        in_vlan(tape, 20, CLIENT, other, snmp(f"vlans {turn}"))
        in_vlan(tape, 20, other, CLIENT, snmp(f"vlans answer {turn}"))


@capture("udp-nat-rebinding", source="RFC 4787 section 4.3; synthetic bytes",
         shows="seen outside, the NAT gives the client another port after a pause: its generator proves that one, too", marked="1-8",
         evidence=every([2, 3, 4, 6, 7, 8]), endpoints="203.0.113.50:35990=certain 203.0.113.50:51812=certain", absent="udp.repeat",
         arithmetic=CAP)
def nat_rebinding(tape):
    ivs = wire.Generator("rebinding")
    for port in (35990, 51812):
        for turn in range(4):
            send(tape, ivs, f"rebinding {port} {turn}", source=("203.0.113.50", port))
        tape.now_us += 120000000


@capture("udp-skypeout", source="Bonfiglio et al. 2007, section 3.2.3; synthetic bytes",
         shows="a call to a telephone: 29 octets every 20 ms from port 12340, the first four constant; possible at most",
         evidence="64=udp.skypeout", endpoints="198.51.100.7:12340=possible", absent="udp.iv udp.keepalive",
         arithmetic="16 - 13 = +3")
def skypeout(tape):
    for turn in range(70):
        tape.udp(("198.51.100.7", 12340), CLIENT, b"\xa1\xb2\xc3\x84" + wire.opaque(f"voice {turn}", 25), 20000)
