# SPDX-License-Identifier: GPL-2.0-or-later
"""The first bytes of Skype's TCP streams, built from published layouts only.

    façade       HTTP/1.0 404 Not Found CR LF CR LF, and the close (Conley 2009; 501 in Bonfiglio et al. 2007)
    seed reuse   seed(4) A(10) B(10): A and B are encrypted with the same keystream (Biondi & Desclaux 2006);
                 A is 00 01 00 00 00 01 00 00 00 Z, B[2..8] is padding of the generator's low byte
    padding run  48 opaque bytes, then padding in the clear to the end of the first segment
    fake TLS     56 constant bytes and a 16-byte padding run; a ServerHello of 79 constant bytes
    login        zero-length TLS records both ways, then a record with constants
"""

import wire

BARE_404 = b"HTTP/1.0 404 Not Found\r\n\r\n"
BARE_501 = b"HTTP/1.0 501 Not Implemented\r\n\r\n"
SMALLEST_GET = b"GET / HTTP/1.0\r\n\r\n"

FAKE_HELLO = bytes.fromhex(
    "8046010301002d0000001000000500000400000a00000900006400006200000800000300000601008007"
    "00c0030080060040020080040080")
FAKE_SERVER_HELLO = bytes.fromhex(
    "160301004a020000460301401be48602ade029e17774e544b9c99cb431315e02dd779d154a9609ba5da870201ca0e4f64c6351ae2f"
    "8e4ee1e6766a0a88d5d8c55cae98c5e481f22a69bf9058000500")

LOGIN_CLIENT, LOGIN_SERVER = bytes.fromhex("1603010000"), bytes.fromhex("1703010000")
LOGIN_2006, LOGIN_2015 = bytes.fromhex("41030009804004" "08c001"), bytes.fromhex("42cdefe740d72f1d")


def run(first, length):
    """`length` bytes of padding that begin with `first`: the generator's low byte, step by step."""
    out = [first]
    while len(out) < length:
        out.append((out[-1] * 0xCD + 0x71) & 0xFF)
    return bytes(out[:length])


def seed_reuse(label, z=1, length=40, seed=None, mask=b"\0\1\0\0\0\1\0\0\0", broken_at=None):
    """A message with six padding transitions behind the reused keystream.

    `z` ends part A; with 3 and 15 the seventh transition holds too. `mask` is the rest of part A and
    `broken_at` the index of a byte of part B that is changed: both only for near misses.
    """
    seed = wire.number(f"seed {label}") if seed is None else seed
    part_b = bytearray(wire.opaque(f"part B {label}", 10))
    part_b[2:10] = run(part_b[2], 8)
    if z == 1:
        part_b[9] ^= 0x5A
    if broken_at is not None:
        part_b[broken_at] ^= 0x5A
    keystream = wire.opaque(f"keystream {label}", 10)
    both = wire.xor(mask + bytes([z]), keystream) + wire.xor(part_b, keystream)
    return (seed.to_bytes(4, "big") + both + wire.opaque(f"rest {label}", max(0, length - 24)))[:length]


def bare_pair(label, message_id):
    """The 14 and the 4 bytes of a server of version 1: the second part is 07 01 and an id."""
    keystream = wire.opaque(f"keystream {label}", 10)
    first = wire.opaque(f"seed {label}", 4) + wire.xor(b"\0\1\0\0\0\1\0\0\0\1", keystream)
    return first, wire.xor(b"\7\1" + message_id.to_bytes(2, "big"), keystream)


def padding_run(label, transitions, opaque_length=48):
    """Opaque bytes, then a run of padding with that many transitions."""
    return wire.opaque(label, opaque_length) + run(wire.opaque(f"run {label}", 1)[0], transitions + 1)


def fake_hello(label):
    """The client's 72 bytes of fake TLS."""
    return FAKE_HELLO + run(wire.opaque(f"challenge {label}", 1)[0], 16)


def login_record(constants, label, length=205):
    """The third record of the client: a TLS header, the constants, and opaque bytes up to `length`."""
    return b"\x16\x03\x01" + length.to_bytes(2, "big") + constants + wire.opaque(label, length - len(constants))
