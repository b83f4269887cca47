# SPDX-License-Identifier: GPL-2.0-or-later
"""The UDP messages of peer-to-peer Skype as bytes, built from published layouts only.

    offset   0   1   2     3 ...
    payload  id      02    IV(4) CRC32 of the plaintext(4) ciphertext
    resend   id      x3    01 challenge(4) destination IPv4(4) CRC32 of the request(4) ciphertext
    ack      id      x5    IPv4 of the asker as seen(4) 4 bytes
    NAK      id      x7    IPv4 of the asker as seen(4) challenge(4)
    fragment own id  xF    id of the request(2) index(1, 0x80 on the last) 02 IV(4) CRC(4) data

Sources: Conley 2009 (the echo and the address), Biondi & Desclaux 2006 (payload, resend, NAK), and
measurements of public captures (ack, fragment, the generator). The ciphertext is opaque here: the real
key derivation is not needed to recognise any of this and is not part of this project.
"""

import hashlib
import ipaddress
import struct
import zlib

PAYLOAD, RESEND, ACK, NAK, FRAGMENT, DATA = 2, 3, 5, 7, 0xF, 0xD
LAST_FRAGMENT = 0x80

# The public address of the published capture: the only globally routable one used as a reflected address.
PUBLIC_ADDRESS = "86.128.245.115"

# Conley 2009: one request and the three answers it got, byte for byte.
PUBLISHED_REQUEST = bytes.fromhex("924002a16665ea0d8c82c30c27cdc5e74e78fea150a6")
PUBLISHED_ANSWERS = tuple(bytes.fromhex(answer) for answer in (
    "924017c0a8001374a041f0", "924067c0a800131100104f", "924037c0a800136808433a"))


def opaque(label, length):
    """`length` bytes that look random and depend on nothing but `label`."""
    out, block = b"", 0
    while len(out) < length:
        out += hashlib.sha256(f"{label}/{block}".encode()).digest()
        block += 1
    return out[:length]


def number(label, bits=32):
    """An integer of at most `bits` bits that looks random and depends on nothing but `label`."""
    return int.from_bytes(opaque(label, 8), "big") >> (64 - bits)


def xor(left, right):
    """The two strings XORed, as long as the shorter one."""
    return bytes(a ^ b for a, b in zip(left, right))


class Generator:
    """A client's 32-bit generator: every IV, and every TCP seed, is a later state of it."""

    def __init__(self, label):
        self.state = number(f"generator {label}")

    @classmethod
    def before(cls, value, steps):
        """A generator that gives `value` as its state `steps` steps on."""
        out = cls(f"before {value}")
        out.state = value
        for _ in range(steps):
            out.state = (out.state - 0x4271) * pow(0x10DCD, -1, 1 << 32) & 0xFFFFFFFF
        return out

    def next(self, steps=1):
        """The state `steps` steps on, as an integer."""
        for _ in range(steps):
            self.state = (self.state * 0x10DCD + 0x4271) & 0xFFFFFFFF
        return self.state


class NoGenerator:
    """IVs that belong to no generator: what shape alone looks like."""

    def __init__(self, label):
        self.label, self.drawn = label, 0

    def next(self, steps=1):
        """The next unrelated value; `steps` is accepted and means nothing."""
        self.drawn += steps
        return number(f"no generator {self.label} {self.drawn}")


def payload(message_id, iv, plaintext):
    """fn 2: one message, its CRC taken over `plaintext`, its ciphertext opaque and bound to the IV."""
    ciphertext = xor(plaintext, opaque(f"keystream {message_id} {iv}", len(plaintext)))
    return struct.pack(">HBII", message_id, PAYLOAD, iv, zlib.crc32(plaintext)) + ciphertext


def message(label, length=32):
    """A plaintext for payload(): opaque, at least the 7 bytes that make a payload 18 bytes long."""
    assert length >= 7
    return opaque(f"message {label}", length)


def answer(function, request, asker, tail, bits=1):
    """fn 5 or 7 to `request`: its id, the asker's address as seen, and the four bytes `tail`.

    `bits` are bits 4..6 of byte 2, which vary from answer to answer.
    """
    return request[:2] + bytes([bits << 4 | function]) + address(asker) + tail[:4].ljust(4, b"\0")


def ack(request, asker, tail, bits=1):
    """fn 5: the request has arrived."""
    return answer(ACK, request, asker, tail, bits)


def nak(request, asker, challenge, bits=1):
    """fn 7: the request was not understood; `challenge` goes into the resend."""
    return answer(NAK, request, asker, challenge, bits)


def resend(request, challenge, destination, bits=1):
    """fn 3: the request once more after a NAK; 5 bytes longer than the request."""
    head = request[:2] + bytes([bits << 4 | RESEND, 1]) + challenge + address(destination)
    return head + request[7:11] + opaque(f"resend {request.hex()}", len(request) - 11)


def fragment(own_id, request, index, iv, length=64, bits=1, last=False):
    """fn F: part `index` of a long answer to `request`."""
    head = struct.pack(">HB2sBB", own_id, bits << 4 | FRAGMENT, request[:2],
                       index | (LAST_FRAGMENT if last else 0), 2)
    return head + struct.pack(">I", iv) + opaque(f"fragment {own_id} {index}", 4 + length)


def address(text):
    """The four bytes of an IPv4 address."""
    return ipaddress.IPv4Address(text).packed
