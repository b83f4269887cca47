# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of TCP conversations that began before them: Skype's clocks and the lengths of its messages, and other protocols' beats."""

import struct

import wire
from connection import Connection, stream
from connection import talk as talk_once
from declare import capture
from life_udp import at, prove
from udp_generator import every

SOURCE = "sessions of 2015; synthetic bytes"
CLIENT = ("192.168.1.2", 50026)
LOGIN, SERVER = ("198.51.100.8", 12350), ("198.51.100.9", 40011)
QUIET = "tcp.rhythm tcp.small_talk"
NONE = dict(absent=QUIET, arithmetic="nothing fires")


def joined(tape, server, client=CLIENT):
    """A connection whose beginning the capture missed."""
    one = Connection(tape, client, server).assume_open()
    one.sent = [70000, 90000]
    return one


def clock(tape, server, label, octets, period, count, answered=True):
    """Messages of the client of so many octets in a rhythm, each answered by as many 0.2 s later."""
    one = joined(tape, server)
    for turn in range(count):
        at(tape, 1 + period * turn)
        one.client(wire.opaque(f"{label} {turn}", octets), gap_us=0)
        if answered:
            one.server(wire.opaque(f"{label} answer {turn}", octets), gap_us=200000 + 7000 * turn)


def talk(tape, label, count=12):
    """The client's messages, 4 octets back within 0.1 s, every 17 s and a little."""
    one = joined(tape, SERVER)
    for turn in range(count):
        at(tape, 2 + 17.3 * turn + turn % 3)
        one.client(wire.opaque(f"{label} {turn}", 39 + 7 * turn), gap_us=0)
        one.server(wire.opaque(f"{label} answer {turn}", 4), gap_us=90000)


ON_HOST = dict(marked="1-3", evidence=every([2, 3]))


@capture("tcp-clock-540", source=SOURCE, shows="5 octets each way every 540 s to port 12350, on a host whose UDP port is proven",
         endpoints="192.168.1.2:35990=certain 192.168.1.2:50026=likely *", streams=stream(CLIENT, LOGIN),
         stream_evidence=f"{stream(CLIENT, LOGIN)}=tcp.rhythm", endpoint_rules="192.168.1.2:50026=host.proven",
         absent="tcp.small_talk", arithmetic="16 + 8 - 13 = +11", **ON_HOST)
def clock_540(tape):
    prove(tape, "clock 540")
    clock(tape, LOGIN, "clock 540", 5, 540, 4)


@capture("tcp-clock-540-once", source=SOURCE, shows="5 octets each way, and once more after 540 s, on a host whose UDP port is proven",
         endpoints="192.168.1.2:35990=certain 192.168.1.2:50026=likely", streams=stream(CLIENT, LOGIN),
         stream_evidence=f"{stream(CLIENT, LOGIN)}=tcp.rhythm", endpoint_rules="192.168.1.2:50026=host.proven",
         absent="tcp.small_talk", arithmetic="8 + 9, at most 16, + 8 - 13 = +11", **ON_HOST)
def clock_540_once(tape):
    prove(tape, "clock 540 once")
    clock(tape, LOGIN, "clock 540 once", 5, 540, 2)


@capture("tcp-clock-540-alone", source=SOURCE, shows="near miss: the same on a host of which nothing is known",
         endpoints="192.168.1.2:50026=possible *", stream_evidence=f"{stream(CLIENT, LOGIN)}=tcp.rhythm", absent="tcp.small_talk",
         arithmetic="16 - 13 = +3")
def clock_540_alone(tape):
    clock(tape, LOGIN, "clock 540 alone", 5, 540, 4)


@capture("tcp-clock-120", source=SOURCE, shows="2 octets every 120.1 s to port 40011, on a host whose UDP port is proven",
         endpoints="192.168.1.2:35990=certain 192.168.1.2:50026=likely *", streams=stream(CLIENT, SERVER),
         stream_evidence=f"{stream(CLIENT, SERVER)}=tcp.rhythm", absent="tcp.small_talk", arithmetic="16 + 8 - 13 = +11", **ON_HOST)
def clock_120(tape):
    prove(tape, "clock 120")
    clock(tape, SERVER, "clock 120", 2, 120.1, 7, answered=False)


@capture("tcp-clock-120-alone", source=SOURCE, shows="near miss: the same on a host of which nothing is known",
         endpoints="192.168.1.2:50026=possible", stream_evidence=f"{stream(CLIENT, SERVER)}=tcp.rhythm", absent="tcp.small_talk",
         arithmetic="16 - 13 = +3")
def clock_120_alone(tape):
    clock(tape, SERVER, "clock 120 alone", 2, 120.1, 7, answered=False)


@capture("tcp-small-talk", source=SOURCE, shows="messages that 4 octets answer, on a host whose UDP port is proven: possible",
         endpoints="192.168.1.2:35990=certain *", stream_evidence=f"{stream(CLIENT, SERVER)}=tcp.small_talk", absent="tcp.rhythm",
         arithmetic="9 + 8 - 13 = +4", **ON_HOST)
def small_talk(tape):
    prove(tape, "small talk")
    talk(tape, "small talk")


@capture("tcp-small-talk-and-clock", source=SOURCE, shows="near miss: the lengths and the clock of 120 s in one conversation, on a host unknown",
         endpoints="192.168.1.2:50026=possible *",
         stream_evidence=f"{stream(CLIENT, SERVER)}=tcp.small_talk {stream(CLIENT, SERVER)}=tcp.rhythm",
         arithmetic="16 + 9, at most 22, - 13 = +9")
def small_talk_and_clock(tape):
    one = joined(tape, SERVER)
    for turn in range(10):
        at(tape, 1 + 120.1 * turn)
        one.client(wire.opaque(f"both beat {turn}", 2), gap_us=0)
        at(tape, 31 + 120.1 * turn + turn % 4)
        one.client(wire.opaque(f"both {turn}", 60 + turn), gap_us=0)
        one.server(wire.opaque(f"both answer {turn}", 4), gap_us=90000)


@capture("tcp-presence", source="sessions of 2015 and 2016; RFC 1035",
         shows="the page and a name that Skype's client asks for: its software is there; nothing is marked",
         endpoint_rules="192.168.1.2=host.presence", absent=QUIET, arithmetic="no bits: a list in the report")
def presence(tape):
    name = b"".join(bytes([len(label)]) + label for label in (b"pipe", b"skype", b"com")) + b"\0"
    tape.udp(("192.168.1.2", 53012), ("198.51.100.53", 53), struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, 0) + name + b"\0\1\0\1")
    talk_once(tape, CLIENT, ("198.51.100.80", 80), b"GET / HTTP/1.0\r\nHost: conn.skype.com\r\nUser-Agent: Skype WISPr\r\n\r\n",
              b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


# ---- other protocols' beats ----

def mqtt(tape, keep_alive):
    """MQTT 3.1.1: PUBLISH of QoS 1 and PUBACK, PINGREQ and PINGRESP."""
    one = joined(tape, ("192.0.2.80", 1883))
    for turn in range(12):
        at(tape, 1 + keep_alive * turn)
        one.client(b"\xc0\0", gap_us=0).server(b"\xd0\0", gap_us=40000)
        body = b"\0\4room" + struct.pack(">H", 100 + turn) + wire.opaque(f"mqtt {turn}", 20)
        one.client(b"\x32" + bytes([len(body)]) + body, gap_us=5000000)
        one.server(b"\x40\2" + struct.pack(">H", 100 + turn), gap_us=40000)


@capture("near-tcp-mqtt-60", source="OASIS MQTT 3.1.1", shows="QoS 1 with a keep-alive of 60 s: constants, and counters in the acks", **NONE)
def near_mqtt_60(tape):
    mqtt(tape, 60)


@capture("near-tcp-mqtt-120", source="OASIS MQTT 3.1.1", shows="the same with a keep-alive of 120 s", **NONE)
def near_mqtt_120(tape):
    mqtt(tape, 120)


def beating(tape, port, period, client, server=None, count=12):
    """A message of the client in a rhythm, and the server's to it; both are made from the turn."""
    one = joined(tape, ("192.0.2.80", port))
    for turn in range(count):
        at(tape, 1 + period * turn)
        one.client(client(turn), gap_us=0)
        if server:
            one.server(server(turn), gap_us=30000)


@capture("near-tcp-websocket-ping", source="RFC 6455 section 5.5", shows="a ping with a random mask every 120 s, an empty pong", **NONE)
def near_websocket(tape):
    beating(tape, 80, 120, lambda turn: b"\x89\x80" + wire.opaque(f"mask {turn}", 4), lambda turn: b"\x8a\0")


@capture("near-tcp-irc-ping", source="RFC 2812", shows="PING and PONG every 120 s: text", **NONE)
def near_irc(tape):
    beating(tape, 6667, 120, lambda turn: b"PING :irc.example.net\r\n", lambda turn: b"PONG irc.example.net\r\n")


@capture("near-tcp-xmpp-white-space", source="RFC 6120 section 4.6.1", shows="two white spaces every 120 s", **NONE)
def near_xmpp(tape):
    beating(tape, 5222, 120, lambda turn: b" \n", lambda turn: b" ")


@capture("near-tcp-ssh-keep-alive", source="RFC 4254; OpenSSH's ServerAliveInterval", shows="encrypted messages of 52 and 36 octets every 120 s",
         **NONE)
def near_ssh(tape):
    beating(tape, 22, 120, lambda turn: wire.opaque(f"ssh {turn}", 52), lambda turn: wire.opaque(f"ssh answer {turn}", 36))


@capture("near-tcp-telnet-nop", source="RFC 854", shows="IAC NOP every 120 s", **NONE)
def near_telnet(tape):
    beating(tape, 23, 120, lambda turn: b"\xff\xf1")


@capture("near-tcp-modbus", source="Modbus Messaging on TCP/IP 1.0b", shows="a poll of 12 octets every 10 s, answers of 11", **NONE)
def near_modbus(tape):
    beating(tape, 502, 10, lambda turn: struct.pack(">HHHBBHH", turn, 0, 6, 1, 3, 0, 1),
            lambda turn: struct.pack(">HHHBBBH", turn, 0, 5, 1, 3, 2, turn * 37 % 1000), count=60)


@capture("near-tcp-push-constant", source="synthetic", shows="a push service's beat of two constant octets every 120 s", **NONE)
def near_push_constant(tape):
    beating(tape, 5228, 120, lambda turn: b"\x07\x00", lambda turn: b"\x08\x00")


@capture("near-tcp-push-counter", source="synthetic", shows="a push service's beat of two octets that count, every 120 s", **NONE)
def near_push_counter(tape):
    beating(tape, 5228, 120, lambda turn: struct.pack(">H", 500 + turn), lambda turn: struct.pack(">H", 900 + turn))


@capture("near-tcp-five-and-five", source="synthetic",
         shows="a type and four random octets each way, twice 540 s apart: an octet stays the same, one tick is too little", **NONE)
def near_five_and_five(tape):
    beating(tape, 7001, 540, lambda turn: b"\x07" + wire.opaque(f"five {turn}", 4), lambda turn: wire.opaque(f"five answer {turn}", 5), count=2)


@capture("near-tcp-poll-10", source="synthetic", shows="two random octets every 10 s, which hit 120 s each time", **NONE)
def near_poll(tape):
    beating(tape, 7000, 10, lambda turn: wire.opaque(f"poll {turn}", 2), count=60)
