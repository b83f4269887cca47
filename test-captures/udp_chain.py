# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of what answers drag along: the NAK chain, fragments, association and the shapes that inherit."""

import struct

import wire
from declare import capture
from udp_echo import INSIDE, PEERS, ask, request

CHAIN = "Biondi & Desclaux 2006; layout of SkypeIRC frames 214-216; synthetic bytes"
PARTS = "layout of SkypeIRC frames 1290-1310; synthetic bytes"
PEER = PEERS[0]


def chain(tape, label, challenge=None, destination=None, crc=None, seen=wire.PUBLIC_ADDRESS):
    """Request, NAK, resend, ack; what is given replaces the right field of the resend."""
    asked = tape.udp(INSIDE, PEER, request(label))
    told = wire.opaque(f"challenge {label}", 4)
    tape.udp(PEER, INSIDE, wire.nak(asked, seen, told))
    again = wire.resend(asked, challenge or told, destination or PEER[0])
    if crc:
        again = again[:12] + crc + again[16:]
    tape.udp(INSIDE, PEER, again)
    tape.udp(PEER, INSIDE, wire.ack(again, seen, wire.opaque(f"ack {label}", 4)))


# The peer's echo (16) and association (23) make +26, but a sum with endpoint.peer is at most likely.
@capture("udp-chain", source=CHAIN, shows="request, NAK, resend with its challenge, ack: the chain proves the asker",
         marked="1-4", evidence="2=udp.echo 3=udp.resend 4=udp.echo",
         endpoints="192.168.1.2:35990=certain 198.51.100.7:12345=likely",
         endpoint_rules="198.51.100.7:12345=endpoint.peer", absent="udp.reflect udp.iv udp.repeat",
         arithmetic="asker 64 - 13 = +51; peer 16 + 23 - 13 = +26, at most likely")
def chain_right(tape):
    chain(tape, "chain")


@capture("udp-chain-direct", source=CHAIN, shows="the chain without NAT: both ends are proven",
         marked="1-4", evidence="2=udp.echo 2=udp.reflect 3=udp.resend 4=udp.echo 4=udp.reflect",
         endpoints="192.168.1.2:35990=certain 198.51.100.7:12345=certain", absent="udp.iv udp.repeat",
         arithmetic="asker 64 - 13 = +51; peer 16 + 32 - 13 = +35")
def chain_direct(tape):
    chain(tape, "chain direct", seen=INSIDE[0])


WRONG = dict(source=CHAIN, evidence="2=udp.echo", endpoints="198.51.100.7:12345=possible",
             absent="udp.resend udp.reflect endpoint.peer udp.iv udp.repeat", arithmetic="16 - 13 = +3")


@capture("udp-chain-wrong-challenge", shows="near miss: the resend carries another challenge", **WRONG)
def chain_wrong_challenge(tape):
    chain(tape, "wrong challenge", challenge=wire.opaque("another challenge", 4))


@capture("udp-chain-wrong-destination", shows="near miss: the resend names another destination", **WRONG)
def chain_wrong_destination(tape):
    chain(tape, "wrong destination", destination="198.51.100.8")


@capture("udp-chain-wrong-crc", shows="near miss: the resend carries another CRC", **WRONG)
def chain_wrong_crc(tape):
    chain(tape, "wrong crc", crc=wire.opaque("another crc", 4))


def fragments(tape, order, label, ivs, message_id=None):
    """A request and the fragments of its answer in the given order of indices; the highest is the last."""
    asked = tape.udp(INSIDE, PEER, request(label))
    if message_id is not None:
        asked = struct.pack(">H", message_id)
    own_id = wire.number(f"own {label}", 16)
    drawn = {index: ivs.next(2) for index in range(max(order) + 1)}
    for index in order:
        tape.udp(PEER, INSIDE, wire.fragment(own_id, asked, index, drawn[index], bits=index + 1 & 7,
                                             last=index == max(order)))


@capture("udp-fragments", source=PARTS, shows="four fragments of one answer, in order",
         marked="1-5", evidence="3=udp.fragment 4=udp.fragment 5=udp.fragment",
         endpoints="198.51.100.7:12345=likely", absent="udp.iv udp.repeat udp.echo", arithmetic="24 - 13 = +11")
def fragments_in_order(tape):
    fragments(tape, (0, 1, 2, 3), "fragments", wire.NoGenerator("fragments"))


# Three pairs of IVs, 2 steps apart; the first two already reach the cap of 40.
@capture("udp-fragments-generator", source=PARTS, shows="fragments whose IVs are one generator, two steps apart",
         marked="1-5", evidence="3=udp.fragment 3=udp.iv 4=udp.iv 5=udp.iv",
         endpoints="198.51.100.7:12345=certain", absent="udp.echo", arithmetic="24 + 40 - 13 = +51")
def fragments_generator(tape):
    fragments(tape, (0, 1, 2, 3), "fragments generator", wire.Generator("fragments"))


@capture("udp-fragments-one-in-order", source=PARTS,
         shows="fragments 1, 0, 2, 3: one index follows the one before it, and that is enough",
         marked="1-5", evidence="5=udp.fragment", endpoints="198.51.100.7:12345=likely",
         absent="udp.iv udp.repeat udp.echo", arithmetic="24 - 13 = +11")
def fragments_one_in_order(tape):
    fragments(tape, (1, 0, 2, 3), "fragments swapped", wire.NoGenerator("fragments swapped"))


@capture("udp-fragments-out-of-order", source=PARTS,
         shows="near miss: fragments 0, 2, 1, 3: no index follows the one before it",
         absent="udp.fragment udp.iv udp.repeat udp.echo", arithmetic="nothing fires")
def fragments_out_of_order(tape):
    fragments(tape, (0, 2, 1, 3), "fragments mixed", wire.NoGenerator("fragments mixed"))


@capture("udp-fragments-unknown-request", source=PARTS,
         shows="near miss: fragments in order, but of a request that nobody sent",
         absent="udp.fragment udp.iv udp.repeat udp.echo", arithmetic="nothing fires")
def fragments_unknown_request(tape):
    fragments(tape, (0, 1, 2, 3), "fragments lost", wire.NoGenerator("fragments lost"), message_id=0x1674)


@capture("udp-fragments-three-peers", source=PARTS,
         shows="fragments of three peers, interleaved as in the published capture",
         marked="1-12", evidence=" ".join(f"{frame}=udp.fragment" for frame in range(7, 13)),
         endpoints="198.51.100.7:12345=likely 203.0.113.9:40021=likely 192.0.2.77:6112=likely",
         absent="udp.iv udp.repeat udp.echo", arithmetic="24 - 13 = +11 each")
def fragments_three_peers(tape):
    ivs = wire.NoGenerator("fragments three")
    asked = [tape.udp(INSIDE, peer, request(f"three {peer}")) for peer in PEERS]
    for index in range(3):
        for peer, question in zip(PEERS, asked):
            tape.udp(peer, INSIDE, wire.fragment(wire.number(f"own {peer}", 16), question, index, ivs.next(),
                                                 last=index == 2))


# Client: two pairs of IVs, 40 - 13 = +27. Peer: 16 + 23 - 13, at most likely, so frame 6 inherits nothing.
# The stranger of frame 7 only asks: no checked message of the client opens that pair, so his datagram is not marked.
@capture("udp-association", source="design of this project; synthetic bytes",
         shows="a peer that answers a certain client is likely, by association; it hands nothing on",
         marked="1-5", evidence="2=udp.echo 3=udp.iv 4=udp.iv 5=udp.echo",
         endpoints="192.168.1.2:35990=certain 198.51.100.7:12345=likely",
         endpoint_rules="198.51.100.7:12345=endpoint.peer", absent="udp.reflect udp.repeat",
         arithmetic="client 40 - 13 = +27; peer 16 + 23 - 13 = +26, at most likely")
def association(tape):
    ivs = wire.Generator("association")
    asked = [wire.payload(wire.number(f"id association {turn}", 16), ivs.next(), wire.message(f"association {turn}"))
             for turn in range(3)]
    tape.udp(INSIDE, PEER, asked[0])
    tape.udp(PEER, INSIDE, wire.ack(asked[0], wire.PUBLIC_ADDRESS, wire.opaque("first", 4)))
    tape.udp(INSIDE, PEER, asked[1])
    tape.udp(INSIDE, PEER, asked[2])
    tape.udp(PEER, INSIDE, wire.ack(asked[2], wire.PUBLIC_ADDRESS, wire.opaque("second", 4)))
    tape.udp(PEER, PEERS[1], request("association peer to third"))
    tape.udp(PEERS[2], INSIDE, request("association stranger"))


# The peer answers five more, none of them proven: 16 + 23 - 13 all the same. Its answers are marked,
# frames 5, 7, 9, 11, 13 and 15; the strangers' questions are not: a sum with an association hands nothing on.
@capture("udp-association-six-askers", source="design of this project; synthetic bytes",
         shows="a peer that answered a certain client and then five strangers is still likely, by association",
         marked="1-5,7,9,11,13,15",
         evidence="2=udp.iv 3=udp.iv 4=udp.iv " + " ".join(f"{frame}=udp.echo" for frame in range(5, 16, 2)),
         endpoints="192.168.1.2:35990=certain 198.51.100.7:12345=likely",
         endpoint_rules="198.51.100.7:12345=endpoint.peer", absent="udp.reflect udp.repeat",
         arithmetic="client 40 - 13 = +27; peer 16 + 23 - 13 = +26, at most likely")
def association_six_askers(tape):
    ivs = wire.Generator("six askers")
    for turn in range(4):
        asked = tape.udp(INSIDE, PEER, wire.payload(wire.number(f"id six askers {turn}", 16), ivs.next(),
                                                    wire.message(f"six askers {turn}")))
    tape.udp(PEER, INSIDE, wire.ack(asked, "10.127.127.127", wire.opaque("six askers", 4)))
    for last in range(5):
        ask(tape, (f"203.0.113.{20 + last}", 6000 + last), PEER, f"six askers stranger {last}", "10.127.127.127")


# Frames 1-3 prove the port; 4-10 have a shape of the table, 11-19 narrowly do not. 20 and 21 have one, but an IV from elsewhere.
@capture("udp-inheritance-shapes", source="design of this project; synthetic bytes",
         shows="what an open pair labels: the six shapes; not wrong lengths, wrong constants, DNS, nor IVs of another generator",
         marked="1-10", evidence="2=udp.iv 3=udp.iv 4=udp.iv", endpoints="192.168.1.2:35990=certain",
         absent="udp.echo udp.resend udp.fragment udp.repeat", arithmetic="40 - 13 = +27")
def inheritance_shapes(tape):
    ivs = wire.Generator("shapes")
    for turn in range(3):
        tape.udp(INSIDE, PEER, wire.payload(wire.number(f"id shapes {turn}", 16), ivs.next(),
                                            wire.message(f"shapes {turn}")))
    stray = request("shapes stray")                 # never sent itself: what follows refers to nothing known
    payload, part = [wire.payload(0x7100, ivs.next(), wire.message("shapes right")),
                     wire.fragment(0x7000, stray, 0, ivs.next(2))]
    resend, ack, nak = (wire.resend(stray, b"abcd", "192.0.2.1"), wire.ack(stray, "192.0.2.1", b"ack!"),
                        wire.nak(stray, "192.0.2.1", b"nak!"))
    right = [payload, resend, ack, nak, part, stray[:2] + b"\x1d" + stray[3:], resend[:22]]
    wrong = [payload[:16], payload[:2] + b"\x12" + payload[3:], payload[:2] + b"\x82" + payload[3:], resend[:21],
             resend[:3] + b"\2" + resend[4:], ack[:10], nak + b"\0", part[:6] + b"\3" + part[7:],
             bytes.fromhex("8a0101000001000000000000") + b"\5skype\3com\0\0\1\0\1",
             request("shapes other"), wire.fragment(0x7002, stray, 1, wire.number("shapes other fragment"))]
    for data in right + wrong:
        tape.udp(INSIDE, PEER, data)
