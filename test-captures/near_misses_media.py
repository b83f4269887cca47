# SPDX-License-Identifier: GPL-2.0-or-later
"""Media and transports whose bytes are random or nearly so: RTP, TURN channels, QUIC."""

import struct

import wire
from declare import capture

QUIET = dict(absent="udp.echo udp.reflect udp.repeat udp.iv udp.counter udp.fragment", arithmetic="nothing fires")
PHONE, OTHER = ("192.168.1.20", 16384), ("198.51.100.20", 17000)


def rtp(sequence, timestamp, kind, length, marker=False):
    """An RTP packet of one source; the payload is opaque."""
    head = struct.pack(">BBHII", 0x80, kind | (0x80 if marker else 0), sequence & 0xFFFF, timestamp & 0xFFFFFFFF, 0x5EED0201)
    return head + wire.opaque(f"rtp {sequence} {timestamp}", length)


# As Skype: IV = sequence low, timestamp 0..2; "CRC" = timestamp low, SSRC 0..2, the same every 8 packets.
@capture("near-rtp-audio", source="RFC 3550, RFC 3551",
         shows="sequence numbers 0x02xx: byte 2 = 02, and the supposed CRC repeats every 8 packets", **QUIET)
def near_rtp_audio(tape):
    for turn in range(20):
        tape.udp(PHONE, OTHER, rtp(0x0210 + turn, 0x00A1B200 + 160 * turn, 0, 160), gap_us=20000)


# 25 pictures a second, 3,600 ticks each, so the low byte of the timestamp comes back every 16 packets. Around the
# boundary all four bytes of the supposed IV differ. 20 of 47 datagrams at most have a shape.
@capture("near-rtp-video", source="RFC 3550, RFC 6184",
         shows="90 kHz video that crosses a 2^24 boundary behind sequence 0x0200: same CRC, all IV bytes new", **QUIET)
def near_rtp_video(tape):
    for turn in range(47):
        tape.udp(PHONE, OTHER, rtp(0x01E5 + turn, 0x01000000 + 3600 * (turn - 36) + 64, 96, 300 + 7 * turn, marker=True),
                 gap_us=40000)


# 30 pictures a second in one packet each: 3,000 ticks, the low byte comes back after 32 packets.
@capture("near-rtp-video-late-start", source="RFC 3550, RFC 6184",
         shows="the same where the capture starts inside 0x02xx: every datagram has a shape, only the memory of 16 helps", **QUIET)
def near_rtp_video_late_start(tape):
    for turn in range(48):
        tape.udp(PHONE, OTHER, rtp(0x0210 + turn, 0x01000000 + 3000 * (turn - 20), 96, 300 + 7 * turn, marker=True),
                 gap_us=33333)


# The low byte of the timestamp comes back after 16 packets, which are remembered; the boundary makes all four IV bytes new.
@capture("near-rtp-video-25-late-start", source="RFC 3550, RFC 6184",
         shows="25 pictures a second in one packet each, all inside 0x02xx, over a 2^24 boundary: same CRC, new length",
         **QUIET)
def near_rtp_video_25_late_start(tape):
    for turn in range(48):
        tape.udp(PHONE, OTHER, rtp(0x0210 + turn, 0x01000000 + 3600 * (turn - 20) + 64, 96, 300 + 7 * turn, marker=True),
                 gap_us=40000)


@capture("near-turn-channel", source="RFC 8656 section 12.4",
         shows="channel 0x4000 with 512 to 767 bytes of SRTP: byte 2 = 02, then the length and the RTP header", **QUIET)
def near_turn_channel(tape):
    for turn in range(12):
        data = rtp(0x7000 + turn, 0x00FFF000 + 160 * turn, 111, 520 + 4 * turn)
        tape.udp(PHONE, ("198.51.100.20", 3478), struct.pack(">HH", 0x4000, len(data)) + data)


# The connection id makes byte 2 constant: 02 one way, 05 the other.
@capture("near-quic-short", source="RFC 9000 section 17.3",
         shows="short headers with connection ids whose second byte is 02 and 05; and without a connection id", **QUIET)
def near_quic_short(tape):
    client, server = ("192.168.1.20", 52000), ("203.0.113.44", 443)
    to_server, to_client = b"\x91\x02" + wire.opaque("quic server", 6), b"\x91\x05" + wire.opaque("quic client", 6)
    for turn in range(8):
        first = bytes([0x40 | wire.opaque(f"quic {turn}", 1)[0] & 0x3F])
        tape.udp(client, server, first + to_server + wire.opaque(f"quic c {turn}", 28))
        tape.udp(server, client, first + to_client + wire.opaque(f"quic s {turn}", 22))
    for turn in range(8):
        first = bytes([0x40 | wire.opaque(f"quic bare {turn}", 1)[0] & 0x3F])
        tape.udp(server, (client[0], 52001), first + wire.opaque(f"quic bare s {turn}", 40))
