# SPDX-License-Identifier: GPL-2.0-or-later
"""Other protocols whose third byte is 02, as in a Skype payload."""

import struct

import wire
from declare import capture

QUIET = dict(absent="udp.echo udp.reflect udp.repeat udp.iv udp.counter udp.fragment", arithmetic="nothing fires")
HOST, SERVER = "192.168.1.20", "192.168.1.53"


def ber(tag, *parts):
    """A BER element of fewer than 128 bytes."""
    body = b"".join(parts)
    return bytes([tag, len(body)]) + body


def snmp(kind, request_id, value):
    """An SNMP version 1 message of one variable, sysUpTime."""
    variable = ber(0x30, ber(6, bytes.fromhex("2b06010201010300")), value)
    pdu = ber(kind, ber(2, struct.pack(">I", request_id)), ber(2, b"\0"), ber(2, b"\0"), ber(0x30, variable))
    return ber(0x30, ber(2, b"\0"), ber(4, b"public"), pdu)


@capture("near-snmp", source="RFC 1157", shows="30 length 02: the first bytes of every SNMP version 1 message", **QUIET)
def near_snmp(tape):
    for turn in range(6):
        agent, request_id = (f"192.168.1.{100 + turn}", 161), 0x11223300 + turn
        tape.udp((HOST, 40161), agent, snmp(0xA0, request_id, ber(5)))
        tape.udp(agent, (HOST, 40161), snmp(0xA2, request_id, ber(0x43, struct.pack(">I", 0x01020300 + turn))))


@capture("near-fins", source="Omron W342 (FINS)", shows="80 00 02: the gateway count stands where Skype's function is", **QUIET)
def near_fins(tape):
    for turn in range(4):
        route = bytes([0x00, 0x05, 0x00, 0x00, 0x14, 0x00, turn])
        tape.udp((HOST, 9600), (SERVER, 9600), b"\x80\x00\x02" + route + bytes.fromhex("0101820064000001"))
        back = bytes([0x00, 0x14, 0x00, 0x00, 0x05, 0x00, turn])
        tape.udp((SERVER, 9600), (HOST, 9600), b"\xc0\x00\x02" + back + bytes.fromhex("01010000") + bytes([turn, 0x3A]))


@capture("near-hsrp", source="RFC 2281", shows="hellos in state 2 (listen), 20 bytes", **QUIET)
def near_hsrp(tape):
    for turn in range(6):
        hello = bytes([0, 0, (2, 2, 4, 8, 16, 2)[turn], 3, 10, 100 + turn, 1, 0]) + b"cisco\0\0\0" + wire.address("192.168.1.1")
        tape.udp((f"192.168.1.{2 + turn % 2}", 1985), ("224.0.0.2", 1985), hello, gap_us=3000000)


@capture("near-capwap", source="RFC 5415 section 4.3", shows="00 10 02: header length 2, radio 0, binding 802.11", **QUIET)
def near_capwap(tape):
    for turn in range(5):
        head = bytes.fromhex("0010020000000000")
        element = struct.pack(">HHIH", 37, 16, 4491, turn) + wire.opaque(f"capwap {turn}", 10)
        tape.udp((HOST, 12222), (SERVER, 5246), head + struct.pack(">IBHB", 13, turn, 3 + len(element), 0) + element)
        tape.udp((SERVER, 5246), (HOST, 12222), head + struct.pack(">IBHB", 14, turn, 3, 0))


@capture("near-knxnet-ip", source="ISO 22510 (KNXnet/IP)",
         shows="06 10 02 xx: search, description, connect, state; the answers repeat 06 10", **QUIET)
def near_knxnet_ip(tape):
    control = b"\x08\x01" + wire.address(HOST) + struct.pack(">H", 3671)
    answer = b"\x15\x00\x08\x01" + wire.address(SERVER) + struct.pack(">H", 3671) + b"\x04\x04\x11\x01"
    for kind, asked, told in ((1, control, None), (3, control, None), (5, control * 2 + b"\x04\x04\x02\x00", answer),
                              (7, b"\x15\x00" + control, b"\x15\x00"), (9, b"\x15\x00" + control, b"\x15\x00")):
        tape.udp((HOST, 3671), (SERVER, 3671), knx(kind, asked))
        if told:
            tape.udp((SERVER, 3671), (HOST, 3671), knx(kind + 1, told))


def knx(kind, body):
    """A KNXnet/IP message of the core services, 0x02xx."""
    return struct.pack(">HHH", 0x0610, 0x0200 | kind, 6 + len(body)) + body


@capture("near-cip-io", source="ODVA EtherNet/IP specification", shows="02 00 02 80: two items, sequenced address", **QUIET)
def near_cip_io(tape):
    for turn in range(10):
        sender, receiver = ((HOST, SERVER), (SERVER, HOST))[turn % 2]
        head = struct.pack("<HHHII", 2, 0x8002, 8, 0x00C0FFEE + turn % 2, 0x0200 + turn // 2)
        tape.udp((sender, 2222), (receiver, 2222), head + struct.pack("<HHH", 0xB1, 8, turn) + bytes(6))


@capture("near-iax", source="RFC 5456", shows="full frames to call number 0x02xx; the 12-byte acknowledgements echo", **QUIET)
def near_iax(tape):
    for turn in range(6):
        head = struct.pack(">HHIBBBB", 0x8123, 0x0234, 20 * turn + 3, turn, turn, 6, (4, 5, 8, 9, 11, 20)[turn])
        tape.udp((HOST, 4569), (SERVER, 4569), head + b"\x06\x07exampl1")
        tape.udp((SERVER, 4569), (HOST, 4569), struct.pack(">HHIBBBB", 0x8234, 0x0123, 20 * turn + 3, turn, turn + 1, 6, 4))


# As Skype: id = 44 01; IV = message id low and token 0..2; "CRC" = token 3 and the constant head of the path.
@capture("near-coap", source="RFC 7252",
         shows="message ids 0x02xx, random tokens of 4 bytes, one path: the supposed CRC repeats where token 3 does", **QUIET)
def near_coap(tape):
    for turn in range(48):
        token = wire.opaque(f"coap {turn}", 3) + wire.opaque(f"coap last {turn % 11}", 1)
        head = struct.pack(">BBH", 0x44, 1, 0x0205 + turn) + token
        tape.udp((HOST, 51000), (SERVER, 5683), head + b"\xb7sensors\x04temp", gap_us=1000000)
        tape.udp((SERVER, 5683), (HOST, 51000), struct.pack(">BBH", 0x64, 0x45, 0x0205 + turn) + token + b"\xff21.5")


# BE16(2..3) is the length of the payload: the veto. Codes 1 and 11, ids 1, 2, 3 …, so the first two bytes count.
@capture("near-radius", source="RFC 2865, RFC 3579",
         shows="requests of 512 to 767 bytes: byte 2 = 02, and the first two bytes count over five servers", **QUIET)
def near_radius(tape):
    for turn in range(15):
        server = (f"192.168.1.{80 + turn % 5}", 1812)
        tape.udp((HOST, 41812), server, radius(1, turn + 1, 480 + 9 * turn))
        if turn % 3 == 0:
            tape.udp(server, (HOST, 41812), radius(11, turn + 1, 500))


def radius(code, identifier, eap_length):
    """A RADIUS packet: authenticator, User-Name, and an EAP-Message split into attributes."""
    label = f"radius {code} {identifier}"
    eap = struct.pack(">BBHBB", 2 if code == 1 else 1, identifier, eap_length, 13, 0)
    eap += wire.opaque(f"eap {label}", eap_length - len(eap))
    body = b"\x01\x0eexample-user"
    for start in range(0, eap_length, 253):
        piece = eap[start:start + 253]
        body += bytes([79, 2 + len(piece)]) + piece
    body += b"\x50\x12" + wire.opaque(f"mac {label}", 16)
    return struct.pack(">BBH", code, identifier, 20 + len(body)) + wire.opaque(label, 16) + body


@capture("near-udp-echo-service", source="RFC 862; synthetic bytes",
         shows="an echo service sends a client's payloads back: the client is marked, the service and what it sends is not",
         marked="1,3,5", evidence="3=udp.iv 5=udp.iv", endpoints="192.168.1.20:40161=certain",
         absent="udp.echo udp.repeat", arithmetic="the client: 2 pairs, 40 - 13 = +27; the service: nothing")
def near_udp_echo_service(tape):
    ivs = wire.Generator("echo service")
    for turn in range(3):
        payload = wire.payload(wire.number(f"echo service {turn}", 16), ivs.next(1), wire.message(f"echo service {turn}"))
        tape.udp((HOST, 40161), (SERVER, 7), payload)
        tape.udp((SERVER, 7), (HOST, 40161), payload)


@capture("near-udp-echo-service-answers", source="RFC 862; synthetic bytes",
         shows="an echo service sends a client's requests back, and the client's own answers to them: no proof of the service", **QUIET)
def near_udp_echo_service_answers(tape):
    for turn in range(2):
        asked = wire.payload(wire.number(f"echo answers {turn}", 16), wire.number(f"echo answers iv {turn}"),
                             wire.message(f"echo answers {turn}"))
        sent = [asked, wire.ack(asked, HOST, wire.opaque(f"echo answers {turn}", 4))]
        for data in sent if turn == 0 else sent[::-1]:
            tape.udp((HOST, 40161), (SERVER, 7), data)
        for data in sent:
            tape.udp((SERVER, 7), (HOST, 40161), data)
