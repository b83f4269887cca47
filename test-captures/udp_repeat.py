# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of the repeated CRC: a message sent again under a new IV, and what only resembles it."""

import struct

import wire
from declare import capture
from udp_generator import CLIENT, PEER, every, send

SOURCE = "as SkypeIRC frames 372, 494, 513 and 545-552; synthetic bytes, generator broken on purpose"


def same_message(tape, label, iv, message_id=0x1627, destination=PEER, gap_us=10000):
    """Records the message `label` under the given IV."""
    tape.udp(CLIENT, destination, wire.payload(message_id, iv, wire.message(label)), gap_us)


@capture("udp-repeat", source=SOURCE, shows="one message three times: same id and CRC, new IV and ciphertext; possible, not marked",
         evidence="2=udp.repeat 3=udp.repeat", endpoints="192.168.1.2:35990=possible", absent="udp.iv",
         arithmetic="22 - 13 = +9")
def repeat(tape):
    ivs = wire.NoGenerator("repeat")
    for gap_us in (0, 2000000, 4000000):
        same_message(tape, "repeat", ivs.next(), gap_us=gap_us)


@capture("udp-repeat-many-peers", source=SOURCE, shows="one message to eight peers: new ids and IVs, same CRC; possible, not marked",
         evidence=every(range(2, 9), "udp.repeat"), endpoints="192.168.1.2:35990=possible",
         absent="udp.iv", arithmetic="22 - 13 = +9")
def repeat_many_peers(tape):
    ivs = wire.NoGenerator("repeat many")
    for turn in range(8):
        same_message(tape, "repeat many", ivs.next(), wire.number(f"id repeat many {turn}", 16),
                     (f"198.51.100.{10 + turn}", 20000 + 331 * turn))


@capture("udp-repeat-16-later", source=SOURCE, shows="the copy comes as the 16th payload after the first: still known",
         evidence="17=udp.repeat", endpoints="192.168.1.2:35990=possible", absent="udp.iv",
         arithmetic="22 - 13 = +9")
def repeat_16_later(tape):
    repeat_after(tape, 15)


@capture("udp-repeat-17-later", source=SOURCE,
         shows="near miss: the copy comes as the 17th payload after the first: forgotten",
         absent="udp.repeat udp.iv", arithmetic="nothing fires")
def repeat_17_later(tape):
    repeat_after(tape, 16)


def repeat_after(tape, others):
    """A message, `others` different ones, and the message again."""
    ivs = wire.NoGenerator(f"repeat after {others}")
    same_message(tape, "repeat after", ivs.next())
    for turn in range(others):
        send(tape, ivs, f"repeat after {others} {turn}")
    same_message(tape, "repeat after", ivs.next())


@capture("udp-repeat-one-iv-byte-kept", source=SOURCE,
         shows="near miss: same CRC, but one byte of the IV stays, each of the four once",
         absent="udp.repeat udp.iv", arithmetic="nothing fires")
def repeat_one_iv_byte_kept(tape):
    for place in range(4):
        ivs = [bytearray(wire.opaque(f"kept {place} {turn}", 4)) for turn in range(2)]
        ivs[1][place] = ivs[0][place]
        for iv in ivs:
            same_message(tape, f"kept {place}", struct.unpack(">I", iv)[0])


# 7 of 9 datagrams have a shape: 78 %. The copies are otherwise perfect.
@capture("udp-repeat-mixed-port", source=SOURCE,
         shows="near miss: same CRC under new IVs on a port that sends other things too (7 of 9 have a shape)",
         absent="udp.repeat udp.iv", arithmetic="nothing fires: less than 90 % of the port has a shape")
def repeat_mixed_port(tape):
    ivs = wire.NoGenerator("mixed")
    for turn in range(2):
        tape.udp(CLIENT, PEER, b"\x80\x60\x01" + wire.opaque(f"mixed {turn}", 40))
    for _ in range(7):
        same_message(tape, "mixed", ivs.next())
