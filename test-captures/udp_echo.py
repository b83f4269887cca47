# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of the echo: the published exchange, the asker's address, the NAT case and what narrowly is neither."""

import struct

import wire
from declare import capture

CONLEY = "Conley 2009, published bytes"
SYNTHETIC = "Conley 2009, echo; synthetic bytes"
NAT = "public address as published in the Wireshark SkypeIRC sample; synthetic bytes"

# The published hosts; the listening port is the one of the same observation, the asker's is ours.
ASKER, NODE = ("192.168.0.19", 33021), ("192.168.0.14", 48915)
INSIDE = ("192.168.1.2", 35990)                 # a client behind NAT
PEERS = (("198.51.100.7", 12345), ("203.0.113.9", 40021), ("192.0.2.77", 6112))


def request(label, message_id=None):
    """A payload whose IV belongs to no generator."""
    message_id = wire.number(f"id {label}", 16) if message_id is None else message_id
    return wire.payload(message_id, wire.number(f"iv {label}"), wire.message(label))


def ask(tape, asker, peer, label, seen, function=wire.ACK):
    """One request and its answer, which says that the asker's address is `seen`."""
    asked = tape.udp(asker, peer, request(label))
    tape.udp(peer, asker, wire.answer(function, asked, seen, wire.opaque(f"tail {label}", 4), wire.number(f"bits {label}", 3)))


@capture("udp-published-exchange", source=CONLEY,
         shows="one request, three answers with its id and the asker's address",
         marked="1-4", evidence="2=udp.echo 2=udp.reflect", endpoints="192.168.0.14:48915=certain",
         absent="udp.iv udp.repeat udp.fragment udp.resend", arithmetic="16 + 32 - 13 = +35")
def published_exchange(tape):
    tape.udp(ASKER, NODE, wire.PUBLISHED_REQUEST)
    for answer in wire.PUBLISHED_ANSWERS:
        tape.udp(NODE, ASKER, answer)


@capture("udp-published-three-exchanges", source=CONLEY,
         shows="each published answer after its own copy of the request; equal IVs are no generator and no repeat",
         marked="1-6", evidence="2=udp.echo 2=udp.reflect 4=udp.echo 4=udp.reflect 6=udp.echo 6=udp.reflect",
         endpoints="192.168.0.14:48915=certain", absent="udp.iv udp.repeat", arithmetic="16 + 32 - 13 = +35")
def published_three_exchanges(tape):
    for answer in wire.PUBLISHED_ANSWERS:
        tape.udp(ASKER, NODE, wire.PUBLISHED_REQUEST, gap_us=2000000)
        tape.udp(NODE, ASKER, answer)


@capture("udp-nat-two-answerers", source=NAT,
         shows="two peers tell a client behind NAT the same public address: both are proven, the first afterwards",
         marked="1-4", evidence="3=udp.echo 4=udp.echo 4=udp.reflect",
         endpoints="198.51.100.7:12345=certain 203.0.113.9:40021=certain",
         endpoint_rules="198.51.100.7:12345=udp.reflect 203.0.113.9:40021=udp.reflect",
         absent="udp.iv udp.repeat", arithmetic="16 + 28 - 13 = +31 each")
def nat_two_answerers(tape):
    asked = [tape.udp(INSIDE, peer, request(f"nat {peer}")) for peer in PEERS[:2]]
    for peer, question in zip(PEERS, asked):
        tape.udp(peer, INSIDE, wire.ack(question, wire.PUBLIC_ADDRESS, wire.opaque(f"nat {peer}", 4), wire.number(f"nat bits {peer}", 3)))


@capture("udp-nat-three-answerers", source=NAT,
         shows="three peers, one of them with a NAK, tell a client behind NAT its public address",
         marked="1-6", evidence="2=udp.echo 4=udp.echo 4=udp.reflect 6=udp.echo 6=udp.reflect",
         endpoints="198.51.100.7:12345=certain 203.0.113.9:40021=certain 192.0.2.77:6112=certain",
         endpoint_rules="198.51.100.7:12345=udp.reflect", absent="udp.iv udp.repeat",
         arithmetic="16 + 28 - 13 = +31 each")
def nat_three_answerers(tape):
    for peer, function in zip(PEERS, (wire.ACK, wire.NAK, wire.ACK)):
        ask(tape, INSIDE, peer, f"nat three {peer}", wire.PUBLIC_ADDRESS, function)


@capture("udp-nat-constant", source="synthetic: a product whose answers repeat the id and carry its mark",
         shows="near miss: three servers of one product answer with PONG, which reads as 80.79.78.71; byte 2 is always 05",
         endpoints="198.51.100.7:12345=possible 203.0.113.9:40021=possible 192.0.2.77:6112=possible",
         evidence="2=udp.echo 4=udp.echo 6=udp.echo", absent="udp.reflect udp.iv udp.repeat", arithmetic="16 - 13 = +3 each")
def nat_constant(tape):
    for peer in PEERS:
        asked = tape.udp(INSIDE, peer, request(f"nat constant {peer}"))
        tape.udp(peer, INSIDE, wire.ack(asked, "80.79.78.71", wire.opaque(f"constant {peer}", 4), 0))


@capture("udp-nat-one-answerer", source=NAT,
         shows="near miss: one peer says the public address three times; nobody confirms it",
         endpoints="198.51.100.7:12345=possible", evidence="2=udp.echo 4=udp.echo 6=udp.echo",
         absent="udp.reflect udp.iv udp.repeat", arithmetic="16 - 13 = +3")
def nat_one_answerer(tape):
    for turn in range(3):
        ask(tape, INSIDE, PEERS[0], f"nat one {turn}", wire.PUBLIC_ADDRESS)


@capture("udp-nat-private-address", source=NAT, shows="near miss: two peers agree on an address of RFC 1918",
         endpoints="198.51.100.7:12345=possible 203.0.113.9:40021=possible", evidence="2=udp.echo 4=udp.echo",
         absent="udp.reflect udp.iv udp.repeat", arithmetic="16 - 13 = +3 each")
def nat_private_address(tape):
    for peer in PEERS[:2]:
        ask(tape, INSIDE, peer, f"nat private {peer}", "10.11.12.13")


@capture("udp-nat-shared-address-space", source=NAT,
         shows="near miss: two peers agree on an address of RFC 6598, which no router of the internet knows",
         endpoints="198.51.100.7:12345=possible 203.0.113.9:40021=possible", evidence="2=udp.echo 4=udp.echo",
         absent="udp.reflect udp.iv udp.repeat", arithmetic="16 - 13 = +3 each")
def nat_shared_address_space(tape):
    for peer in PEERS[:2]:
        ask(tape, INSIDE, peer, f"nat shared {peer}", "100.64.9.8")


@capture("udp-nat-one-host-two-ports", source=NAT,
         shows="near miss: the two answerers are two ports of one address",
         endpoints="198.51.100.7:12345=possible 198.51.100.7:12346=possible", evidence="2=udp.echo 4=udp.echo",
         absent="udp.reflect udp.iv udp.repeat", arithmetic="16 - 13 = +3 each")
def nat_one_host_two_ports(tape):
    for port in (12345, 12346):
        ask(tape, INSIDE, ("198.51.100.7", port), f"nat one host {port}", wire.PUBLIC_ADDRESS)


@capture("udp-nat-two-askers", source=NAT,
         shows="near miss: two answerers say the public address, but each to another port of the asker",
         endpoints="198.51.100.7:12345=possible 203.0.113.9:40021=possible", evidence="2=udp.echo 4=udp.echo",
         absent="udp.reflect udp.iv udp.repeat", arithmetic="16 - 13 = +3 each")
def nat_two_askers(tape):
    for peer, port in zip(PEERS, (35990, 35992)):
        ask(tape, ("192.168.1.2", port), peer, f"nat askers {port}", wire.PUBLIC_ADDRESS)


@capture("udp-nat-two-addresses", source=NAT,
         shows="near miss: two answerers give one asker two different routable addresses",
         endpoints="198.51.100.7:12345=possible 203.0.113.9:40021=possible", evidence="2=udp.echo 4=udp.echo",
         absent="udp.reflect udp.iv udp.repeat", arithmetic="16 - 13 = +3 each")
def nat_two_addresses(tape):
    ask(tape, INSIDE, PEERS[0], "nat first address", wire.PUBLIC_ADDRESS)
    ask(tape, INSIDE, PEERS[1], "nat second address", "130.117.72.70")


@capture("udp-echo-wrong-address", source=SYNTHETIC,
         shows="near miss: the echo with an address that is the asker's but for the last bit",
         evidence="2=udp.echo", endpoints="192.168.0.14:48915=possible", absent="udp.reflect",
         arithmetic="16 - 13 = +3")
def echo_wrong_address(tape):
    tape.udp(ASKER, NODE, wire.PUBLISHED_REQUEST)
    tape.udp(NODE, ASKER, wire.nak(wire.PUBLISHED_REQUEST, "192.168.0.18", wire.opaque("wrong address", 4)))


@capture("udp-echo-wrong-answers", source=SYNTHETIC,
         shows="near miss: right address and id, but 10 and 12 bytes, bit 7 set, another function, id, port and host",
         absent="udp.echo udp.reflect", arithmetic="nothing fires")
def echo_wrong_answers(tape):
    tape.udp(ASKER, NODE, wire.PUBLISHED_REQUEST)
    good = wire.PUBLISHED_ANSWERS[0]
    for wrong in (good[:10], good + b"\0", good[:2] + b"\x97" + good[3:], good[:2] + b"\x14" + good[3:],
                  b"\x92\x41" + good[2:]):
        tape.udp(NODE, ASKER, wrong)
    tape.udp((NODE[0], 48916), ASKER, good)
    tape.udp(NODE, (ASKER[0], 33022), good)
    tape.udp(("192.168.0.15", NODE[1]), ASKER, good)


@capture("udp-echo-wrong-requests", source=SYNTHETIC,
         shows="near miss: a right answer to datagrams that are not requests: 16 bytes, byte 2 = 12 and 82, a resend of 21 bytes, one without 01",
         absent="udp.echo udp.reflect", arithmetic="nothing fires")
def echo_wrong_requests(tape):
    tail = wire.opaque("wrong request", 40)
    for turn, head in enumerate((b"\x02", b"\x12", b"\x82", b"\x13\x01", b"\x13\x02")):
        length = (16, 22, 22, 21, 27)[turn]
        asked = tape.udp(ASKER, NODE, (struct.pack(">H", 0x9240 + turn) + head + tail)[:length])
        tape.udp(NODE, ASKER, wire.ack(asked, ASKER[0], wire.opaque(f"wrong request {turn}", 4)))


@capture("udp-reply-before-request", source=SYNTHETIC, shows="near miss: the answer comes first, so it answers nothing",
         absent="udp.echo udp.reflect", arithmetic="nothing fires")
def reply_before_request(tape):
    tape.udp(NODE, ASKER, wire.PUBLISHED_ANSWERS[0])
    tape.udp(ASKER, NODE, wire.PUBLISHED_REQUEST)


@capture("udp-reply-before-exchange", source=SYNTHETIC,
         shows="an answer whose request was missed, then a whole exchange: the first is marked by inheritance",
         marked="1-3", evidence="3=udp.echo 3=udp.reflect", endpoints="192.168.0.14:48915=certain",
         arithmetic="16 + 32 - 13 = +35")
def reply_before_exchange(tape):
    tape.udp(NODE, ASKER, wire.PUBLISHED_ANSWERS[0])
    tape.udp(ASKER, NODE, wire.PUBLISHED_REQUEST)
    tape.udp(NODE, ASKER, wire.PUBLISHED_ANSWERS[1])


@capture("udp-scanner-unanswered", source="Nmap skypev2-version.nse idea; published request",
         shows="near miss: a scanner sends Skype's request to twenty hosts and nobody answers",
         absent="udp.echo udp.repeat udp.iv", arithmetic="nothing fires: who asks proves nothing")
def scanner_unanswered(tape):
    for host in range(20):
        tape.udp(ASKER, (f"192.168.0.{100 + host}", 48915), wire.PUBLISHED_REQUEST, gap_us=1000)


@capture("udp-scanner-one-answer", source="Nmap skypev2-version.nse idea; published request and answer",
         shows="a scanner finds one node: the node is proven, the scanner is not, its other questions stay unmarked",
         marked="4,6", evidence="6=udp.echo 6=udp.reflect", endpoints="192.168.0.14:48915=certain",
         absent="endpoint.peer udp.repeat udp.iv", arithmetic="16 + 32 - 13 = +35")
def scanner_one_answer(tape):
    for last in (11, 12, 13, 14, 15):
        tape.udp(ASKER, (f"192.168.0.{last}", 48915), wire.PUBLISHED_REQUEST, gap_us=1000)
    tape.udp(NODE, ASKER, wire.PUBLISHED_ANSWERS[0])
    tape.udp(ASKER, ("192.168.0.16", 48915), wire.PUBLISHED_REQUEST)
