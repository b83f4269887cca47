# SPDX-License-Identifier: GPL-2.0-or-later
"""Other protocols whose answers repeat two bytes of the question or carry the asker's address."""

import struct

import wire
from declare import capture

QUIET = dict(absent="udp.echo udp.reflect udp.repeat udp.iv udp.counter", arithmetic="nothing fires")
HOST, SERVER = "192.168.1.20", "192.168.1.53"


def dns_name(text):
    """A domain name in labels."""
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def dns(message_id, flags, name, kind=1, answer=b""):
    """A DNS message with one question, and one A record when `answer` is its data."""
    head = struct.pack(">HHHHHH", message_id, flags, 1, 1 if answer else 0, 0, 0)
    body = dns_name(name) + struct.pack(">HH", kind, 1)
    if answer:
        body += struct.pack(">HHHIH", 0xC00C, kind, 1, 300, len(answer)) + answer
    return head + body


@capture("near-dns", source="RFC 1035, RFC 2136, RFC 1996",
         shows="queries, an update, a notify and a truncated query (byte 2 = 02); every answer repeats the id", **QUIET)
def near_dns(tape):
    for turn, flags in enumerate((0x0100, 0x2800, 0x2400, 0x0200, 0x0000)):
        client, message_id = (HOST, 50000 + turn), 0x9240 + turn
        tape.udp(client, (SERVER, 53), dns(message_id, flags, f"host{turn}.example.net"))
        tape.udp((SERVER, 53), client, dns(message_id, flags | 0x8580 & 0x8180 | 0x8000, f"host{turn}.example.net",
                                           answer=wire.address(HOST)))


@capture("near-mdns", source="RFC 6762 section 7.2",
         shows="id 0000 on both sides; byte 2 = 02 when known answers follow in the next message", **QUIET)
def near_mdns(tape):
    group = ("224.0.0.251", 5353)
    for turn in range(4):
        tape.udp((f"192.168.1.{20 + turn}", 5353), group, dns(0, 0x0200, f"_skype{turn}._tcp.local", 12))
        tape.udp((SERVER, 5353), group, dns(0, 0x8400, f"host{turn}.local", answer=wire.address(SERVER)))


@capture("near-llmnr", source="RFC 4795", shows="queries with the TC bit (byte 2 = 02) and answers with their id", **QUIET)
def near_llmnr(tape):
    for turn in range(3):
        client = (HOST, 51000 + turn)
        tape.udp(client, ("224.0.0.252", 5355), dns(0xA1B0 + turn, 0x0200, f"printer{turn}"))
        tape.udp((SERVER, 5355), client, dns(0xA1B0 + turn, 0x8000, f"printer{turn}", answer=wire.address(SERVER)))


def nbns_name(text):
    """A NetBIOS name in its first-level encoding."""
    padded = text.upper().ljust(15).encode() + b"\0"
    return b"\x20" + b"".join(bytes([0x41 + (byte >> 4), 0x41 + (byte & 15)]) for byte in padded) + b"\0"


@capture("near-nbns", source="RFC 1002", shows="queries, registrations and refreshes; the answers repeat the id", **QUIET)
def near_nbns(tape):
    for turn, flags in enumerate((0x0110, 0x2910, 0x4000, 0x0200)):
        head = struct.pack(">HHHHHH", 0x8000 + turn, flags, 1, 0, 0, 0)
        tape.udp((HOST, 137), (SERVER, 137), head + nbns_name(f"host{turn}") + struct.pack(">HH", 0x20, 1))
        head = struct.pack(">HHHHHH", 0x8000 + turn, flags & 0x7800 | 0x8580, 0, 1, 0, 0)
        tape.udp((SERVER, 137), (HOST, 137), head + nbns_name(f"host{turn}") + struct.pack(">HHIHH", 0x20, 1, 300, 6, 0)
                 + wire.address(HOST))


@capture("near-ike", source="RFC 7296",
         shows="both sides begin with the initiator's SPI, whose third byte is 02; the keep-alive is one byte", **QUIET)
def near_ike(tape):
    spi = b"\xa1\xb2\x02" + wire.opaque("ike initiator", 5)
    peer = wire.opaque("ike responder", 8)
    for message_id, exchange in enumerate((34, 35, 37)):
        for sender, flags in ((HOST, 0x08), (SERVER, 0x20)):
            second = bytes(8) if message_id == 0 and sender == HOST else peer
            kind = 46 if message_id else 40         # encrypted, nonce
            body = struct.pack(">BBH", 0, 0, 100) + wire.opaque(f"ike {message_id} {flags}", 96)
            head = spi + second + struct.pack(">BBBBII", kind, 0x20, exchange, flags, message_id, 28 + len(body))
            receiver = SERVER if sender == HOST else HOST
            tape.udp((sender, 500), (receiver, 500), head + body)
    tape.udp((HOST, 4500), (SERVER, 4500), b"\xff")


@capture("near-gtp", source="3GPP TS 29.281",
         shows="tunnel packets of 512 to 767 bytes have byte 2 = 02 and repeat bytes 7 to 10 of the inner header", **QUIET)
def near_gtp(tape):
    for turn in range(6):
        data = wire.opaque(f"gtp {turn}", 500 + 16 * turn)
        inner = tape.datagram(("10.45.0.2", 40000), ("203.0.113.80", 9999), data)
        packet = bytes(inner)
        head = struct.pack(">BBHI", 0x30, 0xFF, len(packet), 0x0001F00D)
        tape.udp((HOST, 2152), (SERVER, 2152), head + packet)
    tape.udp((HOST, 2152), (SERVER, 2152), bytes.fromhex("320100040000000000010000"))
    tape.udp((SERVER, 2152), (HOST, 2152), bytes.fromhex("32020006000000000001" "00000e00"))


@capture("near-stun", source="RFC 3489, RFC 8489",
         shows="two servers of two addresses tell a client behind NAT its public address", **QUIET)
def near_stun(tape):
    client = ("192.168.1.2", 35990)
    for server in ("198.51.100.7", "203.0.113.9"):
        for cookie in (wire.opaque("stun classic", 4), b"\x21\x12\xa4\x42"):
            transaction = cookie + wire.opaque(f"stun {server}", 12)
            tape.udp(client, (server, 3478), struct.pack(">HH", 1, 8) + transaction + bytes.fromhex("8022000461626364"))
            seen = struct.pack(">HHBBH", 1, 8, 0, 1, 35990) + wire.address(wire.PUBLIC_ADDRESS)
            tape.udp((server, 3478), client, struct.pack(">HH", 0x101, len(seen)) + transaction + seen)


@capture("near-nat-pmp", source="RFC 6886", shows="the router tells the public address, 8 bytes in, in 12 bytes", **QUIET)
def near_nat_pmp(tape):
    client, router = ("192.168.1.2", 35990), ("192.168.1.1", 5351)
    for epoch in (1000, 1005):
        tape.udp(client, router, b"\0\0")
        tape.udp(router, client, struct.pack(">BBHI", 0, 128, 0, epoch) + wire.address(wire.PUBLIC_ADDRESS))
        tape.udp(client, router, struct.pack(">BBHHHI", 0, 1, 0, 35990, 35990, 7200))
        tape.udp(router, client, struct.pack(">BBHIHHI", 0, 129, 0, epoch, 35990, 35990, 7200))


# The answers are a Skype answer but for the address: a private constant, or a routable one from a single host.
def two_servers(name, shows, servers, constant):
    """Declares two servers that answer id, 05, a constant of the client and four bytes: 11 bytes."""
    def build(tape):
        client = ("192.168.1.20", 5555)
        for turn in range(4):
            server, label = servers[turn % 2], f"{name} {turn}"
            question = struct.pack(">HB", 0x7100 + 0x111 * turn, 2) + constant + wire.opaque(label, 17)
            tape.udp(client, server, question)
            tape.udp(server, client, question[:2] + b"\x05" + constant + wire.opaque(f"answer {label}", 4))
    capture(name, source="synthetic: a product that echoes id, type and a client field", shows=shows,
            evidence="2=udp.echo 4=udp.echo", absent="udp.reflect udp.repeat udp.iv udp.counter",
            endpoints=" ".join(f"{host}:{port}=possible" for host, port in servers),
            arithmetic="16 - 13 = +3 each")(build)


two_servers("near-two-servers-private", "11-byte answers of two servers with a private constant",
            (("198.51.100.7", 7000), ("203.0.113.9", 7000)), wire.address("10.8.0.7"))
two_servers("near-two-servers-number", "11-byte answers of two servers with a small number, 0.0.0.1 as an address",
            (("198.51.100.7", 7000), ("203.0.113.9", 7000)), struct.pack(">I", 1))
two_servers("near-two-servers-one-host", "11-byte answers of two ports of one host with a routable constant",
            (("198.51.100.7", 7000), ("198.51.100.7", 7001)), wire.address(wire.PUBLIC_ADDRESS))


@capture("near-unistim", source="Wireshark's UNIStim dissector",
         shows="ids always 0000; byte 2 counts: answers of 11 bytes with 05 and 07, requests never with 02", **QUIET)
def near_unistim(tape):
    phone, switch = ("192.168.1.60", 5000), ("192.168.1.10", 5000)
    for sequence, told in ((0x0104, 0x0500), (0x03FE, 0x0501), (0x0401, 0x0700), (0x0600, 0x0705)):
        tape.udp(phone, switch, struct.pack(">IBBI", sequence, 2, 2, 0x12345678) + bytes.fromhex("9906040000000000"))
        tape.udp(switch, phone, struct.pack(">IBB", told, 2, 1) + bytes.fromhex("17051a0420"))


# The fields line up with a request (02, 18 bytes) and an 11-byte answer (05, 07): the echo, without the address.
@capture("near-uaudp", source="Wireshark's UAUDP dissector",
         shows="data messages 07, expected and sent number: an 11-byte answer repeats two bytes, byte 2 is 05 and 07",
         evidence="2=udp.echo 4=udp.echo", endpoints="192.168.1.11:32640=possible",
         absent="udp.reflect udp.repeat udp.iv udp.counter", arithmetic="16 - 13 = +3")
def near_uaudp(tape):
    phone, switch = ("192.168.1.61", 32512), ("192.168.1.11", 32640)
    for number in (5, 7):
        tape.udp(phone, switch, struct.pack(">BHH", 7, 2, number) + bytes.fromhex("0b0013010203040506070809ff"[:26]))
        tape.udp(switch, phone, struct.pack(">BHH", 7, number, 2) + bytes.fromhex("040013060000"))


@capture("near-copied-fields", source="synthetic bytes",
         shows="two servers repeat a session's number, a third one the address that the client registers with: copies from the request",
         evidence="2=udp.echo 4=udp.echo 6=udp.echo",
         endpoints="198.51.100.7:7000=possible 203.0.113.9:7000=possible 192.0.2.77:7001=possible",
         absent="udp.reflect udp.repeat udp.iv udp.counter", arithmetic="16 - 13 = +3 each")
def near_copied_fields(tape):
    client, registered = (HOST, 40170), wire.address(HOST)
    for turn, (server, field) in enumerate(((("198.51.100.7", 7000), bytes.fromhex("5a3c12f0")),
                                            (("203.0.113.9", 7000), bytes.fromhex("5a3c12f0")),
                                            (("192.0.2.77", 7001), struct.pack(">H", 40170) + registered))):
        tape.udp(client, server, struct.pack(">HB", 0x7100 + turn, 2) + field + wire.opaque(f"copied {turn}", 17))
        tape.udp(server, client, struct.pack(">HB", 0x7100 + turn, 5) + field[-4:] + struct.pack(">I", 3600))


@capture("near-coap-short-token", source="RFC 7252; synthetic bytes",
         shows="CoAP with message ids 02xx, tokens of three bytes and one path, which stands where the CRC would", **QUIET)
def near_coap_short_token(tape):
    for turn in range(4):
        token = wire.opaque(f"token {turn}", 3)
        tape.udp((HOST, 40171), (SERVER, 5683), struct.pack(">BBH", 0x43, 1, 0x0205 + turn) + token + b"\xb7sensors\x04temp")
        tape.udp((SERVER, 5683), (HOST, 40171), struct.pack(">BBH", 0x63, 0x45, 0x0205 + turn) + token + b"\xc1\x32\xff22.5")
