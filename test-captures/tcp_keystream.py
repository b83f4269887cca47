# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of the keyless proofs in TCP: seed reuse, padding runs, fake TLS, login, and the shared generator."""

import wire
from connection import CLIENT, SERVER, Connection, stream, talk
from declare import capture
from wire_tcp import (FAKE_SERVER_HELLO, LOGIN_2006, LOGIN_2015, LOGIN_CLIENT, LOGIN_SERVER, bare_pair, fake_hello,
                      login_record, padding_run, seed_reuse)

SILVER = "Biondi & Desclaux 2006; synthetic bytes"
S15 = "measured in the 2015 capture; synthetic bytes"
HOST = "192.168.1.2"
A, B = ((HOST, 50026), ("198.51.100.7", 40002)), ((HOST, 50028), ("203.0.113.9", 40017))
ONE, TWO = stream(*A), stream(*B)
SURE = "48 - 13 = +35"
NONE = dict(absent="tcp.seed_reuse tcp.padding_run tcp.fake_tls_client tcp.fake_tls_server tcp.login "
                   "tcp.seed_generator tcp.garbage_answer tcp.http_facade", arithmetic="nothing fires")


def each_side(name, z):
    """Declares two streams: in the first only the client's bytes prove, in the second only the server's."""
    def build(tape):
        talk(tape, *A, seed_reuse(f"{name} client", z), wire.opaque(f"{name} answer", 40))
        talk(tape, *B, wire.opaque(f"{name} question", 40), seed_reuse(f"{name} server", z, length=24))
    capture(name, source=SILVER, shows=f"seed reuse with Z = {z:02X}: once by the client, once by the server",
            endpoints=f"{HOST}:50026=certain 203.0.113.9:40017=certain", streams=f"{ONE} {TWO}",
            stream_evidence=f"{ONE}=tcp.seed_reuse {TWO}=tcp.seed_reuse", arithmetic=SURE)(build)


for last_byte in (0x01, 0x03, 0x0F):
    each_side(f"tcp-seed-reuse-z{last_byte:02x}", last_byte)


@capture("tcp-seed-reuse-ipv6", source=SILVER, shows="seed reuse by both sides over IPv6",
         endpoints="[2001:db8::2]:50026=certain [2001:db8::7]:40002=certain",
         streams="[2001:db8::2]:50026>[2001:db8::7]:40002", arithmetic=SURE,
         stream_evidence="[2001:db8::2]:50026>[2001:db8::7]:40002=tcp.seed_reuse")
def seed_reuse_ipv6(tape):
    talk(tape, ("2001:db8::2", 50026), ("2001:db8::7", 40002), seed_reuse("v6 client"), seed_reuse("v6 server", 3))


def missed(name, shows, data):
    """Declares a stream whose client narrowly does not prove anything."""
    def build(tape):
        talk(tape, *A, data, wire.opaque(f"{name} answer", 40))
    capture(name, source="synthetic bytes", shows=f"near miss: {shows}", **NONE)(build)


missed("tcp-seed-reuse-5-of-6", "the last of the six transitions is broken", seed_reuse("5 of 6", broken_at=8))
missed("tcp-seed-reuse-other-mask", "the first part lacks the 01 in its sixth byte",
       seed_reuse("other mask", mask=b"\0\1\0\0\0\0\0\0\0"))
missed("tcp-seed-reuse-22-bytes", "the stream ends one byte before the sixth transition", seed_reuse("22 bytes", length=22))
missed("tcp-padding-run-4", "a padding run of 4 transitions", padding_run("run of 4", 4))
missed("tcp-padding-run-late", "a padding run of 20 transitions that begins a byte late",
       padding_run("run late", 20, opaque_length=49))


# The port that was a Skype client's is a browser's next: nothing follows from it.
@capture("tcp-client-port-reused", source="design of this project; synthetic bytes",
         shows="a proven client's port is used for HTTP to another host afterwards: only the first stream is marked",
         endpoints=f"{HOST}:50026=certain", streams=ONE, stream_evidence=f"{ONE}=tcp.seed_reuse", arithmetic=SURE)
def client_port_reused(tape):
    talk(tape, *A, seed_reuse("port reused"), wire.opaque("port reused answer", 40))
    talk(tape, A[0], ("203.0.113.80", 80), b"GET / HTTP/1.1\r\nHost: www.example.net\r\n\r\n",
         b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


# The client's seed reuse proves the stream; the 14 and 4 bytes are evidence of the server, and alone they are possible.
@capture("tcp-bare-form", source="SkypeIRC frames 788-792; synthetic bytes",
         shows="an inbound connection to a client of version 1: 14 bytes, then 4 that decrypt to 07 01 and an id",
         endpoints="203.0.113.91:4464=certain 192.168.1.2:35990=possible", streams="203.0.113.91:4464>192.168.1.2:35990",
         stream_evidence=" ".join(f"203.0.113.91:4464>192.168.1.2:35990=tcp.{rule}" for rule in ("seed_reuse", "bare")),
         arithmetic=f"client {SURE}; server 16 - 13 = +3")
def bare_form(tape):
    first, second = bare_pair("bare", 0x3518)
    one = Connection(tape, ("203.0.113.91", 4464), (HOST, 35990)).open()
    one.client(seed_reuse("bare client", length=29)).server(first).client(wire.opaque("bare more", 12)).server(second)
    one.close()


def padded(name, transitions, shows, arithmetic):
    """Declares a stream with a padding run of the client, and one of the server."""
    def build(tape):
        talk(tape, *A, padding_run(f"{name} client", transitions), wire.opaque(f"{name} answer", 60))
        talk(tape, *B, wire.opaque(f"{name} question", 60), padding_run(f"{name} server", transitions))
    capture(name, source=S15, shows=shows, endpoints=f"{HOST}:50026=certain 203.0.113.9:40017=certain",
            streams=f"{ONE} {TWO}", stream_evidence=f"{ONE}=tcp.padding_run {TWO}=tcp.padding_run",
            arithmetic=arithmetic)(build)


padded("tcp-padding-run-5", 5, "the shortest padding run that counts: 54 bytes, 5 transitions", "8 x 5 - 13 = +27")
padded("tcp-padding-run-49", 49, "98 bytes with 49 transitions, as in the published capture", "64 - 13 = +51")

TLS = ((HOST, 50058), ("198.51.100.44", 443))


@capture("tcp-fake-tls", source="Biondi & Desclaux 2006; constants measured in the 2015 capture",
         shows="fake TLS on 443: the constant hello with a padding run, the constant ServerHello, seed reuse behind both",
         endpoints=f"{HOST}:50058=certain 198.51.100.44:443=certain", streams=stream(*TLS),
         stream_evidence=" ".join(f"{stream(*TLS)}=tcp.{rule}" for rule in ("fake_tls_client", "fake_tls_server", "seed_reuse")),
         arithmetic="client 64 + 48 - 13 = +99; server at least 64 - 13 = +51")
def fake_tls(tape):
    one = Connection(tape, *TLS).open()
    one.client(fake_hello("tls")).client(seed_reuse("tls client", length=25)).server(FAKE_SERVER_HELLO)
    one.server(seed_reuse("tls server", 3, length=30)).close()


@capture("tcp-fake-tls-server-only", source="constants measured in the 2015 capture; synthetic bytes",
         shows="only the constant ServerHello is in the capture; the client's first 72 bytes are missing",
         endpoints="198.51.100.44:443=certain", streams=stream(*TLS), arithmetic="64 - 13 = +51",
         stream_evidence=f"{stream(*TLS)}=tcp.fake_tls_server", absent="tcp.fake_tls_client tcp.seed_reuse")
def fake_tls_server_only(tape):
    one = Connection(tape, *TLS).open()
    one.sent[CLIENT] = 72
    one.server(FAKE_SERVER_HELLO).close()


@capture("tcp-fake-tls-late-answer", source="as frames 1305 and 1431 of the 2015 capture; synthetic bytes",
         shows="the server's FIN comes 7 s before its ServerHello, whose first copy was missed: Wireshark says retransmission",
         endpoints=f"{HOST}:50058=certain 198.51.100.44:443=certain", streams=stream(*TLS),
         stream_evidence=f"{stream(*TLS)}=tcp.fake_tls_client {stream(*TLS)}=tcp.fake_tls_server",
         arithmetic="64 - 13 = +51 each")
def fake_tls_late_answer(tape):
    one = Connection(tape, *TLS).open().client(fake_hello("late tls"))
    one.segment(CLIENT, "FA")
    one.sent[SERVER] = len(FAKE_SERVER_HELLO)
    one.segment(SERVER, "FA")
    one.flags_sent[SERVER] = 1          # the hello's place is before the FIN
    one.server(FAKE_SERVER_HELLO, offset=0, gap_us=7000000)
    one.segment(CLIENT, "R")


def login(tape, ends, constants, times):
    """Zero-length records both ways, `times` times, then the record with the constants."""
    one = Connection(tape, *ends).open()
    for _ in range(times):
        one.client(LOGIN_CLIENT).server(LOGIN_SERVER)
    one.client(login_record(constants, f"login {ends}")).server(b"\x17\x03\x01\x00\x20" + wire.opaque("welcome", 32))
    one.close()


LOGIN = dict(arithmetic="client 64 - 13 = +51")
OLD, NEW = ((HOST, 1325), ("195.215.8.141", 33033)), ((HOST, 50131), ("212.161.8.36", 13392))


@capture("tcp-login-2006", source="SkypeIRC frames 297, 314, 316; opaque bytes synthetic", shows="login of 2006, port 33033",
         endpoints=f"{HOST}:1325=certain *", streams=stream(*OLD), stream_evidence=f"{stream(*OLD)}=tcp.login", **LOGIN)
def login_2006(tape):
    login(tape, OLD, LOGIN_2006, 1)


@capture("tcp-login-2015", source="2015 capture, frames 2332-2340; opaque bytes synthetic",
         shows="login of 2015, port 13392, the zero-length records twice",
         endpoints=f"{HOST}:50131=certain *", streams=stream(*NEW), stream_evidence=f"{stream(*NEW)}=tcp.login", **LOGIN)
def login_2015(tape):
    login(tape, NEW, LOGIN_2015, 2)


# The type and the version are those of any TLS; a length of zero, alone in its segment, is not: 16 bits of 40.
CUT_OFF = (OLD, ((HOST, 50110), ("212.161.8.36", 12350)))


@capture("tcp-login-cut-off", source="2015 capture, frames 1667-1690; synthetic otherwise",
         shows="the server takes the client's zero-length record and ends without a word: by a FIN, and by a reset as published",
         endpoints=f"{HOST}:1325=possible {HOST}:50110=possible",
         stream_evidence=" ".join(f"{stream(*ends)}=tcp.login" for ends in CUT_OFF), arithmetic="16 - 13 = +3 each")
def login_cut_off(tape):
    for ends, last in zip(CUT_OFF, ("FA", "RA")):
        one = Connection(tape, *ends).open().client(LOGIN_CLIENT)
        one.segment(SERVER, "A", gap_us=43000)
        one.segment(SERVER, last, gap_us=342000)


@capture("tcp-login-one-sided", source="synthetic bytes",
         shows="near miss: the client's zero-length record is answered with a TLS alert", **NONE)
def login_one_sided(tape):
    talk(tape, *OLD, LOGIN_CLIENT, bytes.fromhex("15030100020232"))


# UDP: two pairs, 40 - 13. TCP: one pair within 64 + 128 x 0.04 steps, 25 - 13.
@capture("tcp-seed-generator", source="measured in SkypeIRC and the 2015 capture; synthetic bytes",
         shows="the seed of a TCP stream is the next state of the generator of the same host's UDP port",
         marked="1-3", evidence="2=udp.iv 3=udp.iv", streams=ONE, stream_evidence=f"{ONE}=tcp.seed_generator",
         endpoints=f"{HOST}:35990=certain {HOST}:50026=likely", absent="tcp.seed_reuse tcp.padding_run",
         arithmetic="UDP 40 - 13 = +27; TCP 32 - log2(69) = 25; 25 - 13 = +12")
def seed_generator(tape):
    shared_generator(tape, (HOST, 35990))


@capture("tcp-seed-other-host", source="measured in SkypeIRC and the 2015 capture; synthetic bytes",
         shows="near miss: the seed follows the generator of another host's UDP port",
         marked="1-3", evidence="2=udp.iv 3=udp.iv", endpoints="192.168.1.3:35990=certain",
         absent="tcp.seed_generator tcp.seed_reuse", arithmetic="UDP 40 - 13 = +27; TCP nothing")
def seed_other_host(tape):
    shared_generator(tape, ("192.168.1.3", 35990))


def shared_generator(tape, client):
    """Three payloads of `client`, then a stream of HOST whose seed is the generator's next state."""
    ivs = wire.Generator(f"shared {client}")
    for turn in range(3):
        tape.udp(client, A[1], wire.payload(wire.number(f"shared {turn}", 16), ivs.next(), wire.message(f"shared {turn}")))
    talk(tape, *A, ivs.next().to_bytes(4, "big") + wire.opaque("seeded", 40), wire.opaque("seeded answer", 40))


@capture("tcp-update-check", source="SkypeIRC frames 406, 2030; version synthetic",
         shows="the update check: Skype software is there; nothing is marked",
         endpoint_rules=f"{HOST}=host.update_check", absent="tcp.http_facade tcp.garbage_answer tcp.seed_reuse",
         arithmetic="no bits: a list in the report")
def update_check(tape):
    talk(tape, (HOST, 1330), ("198.51.100.80", 80),
         b"GET http://ui.skype.com/ui/2/1.2.0.18/en/getlatestversion?ver=1.2.0.18&uhash=1 HTTP/1.1\r\nHost: ui.skype.com\r\n\r\n",
         b"HTTP/1.1 200 OK\r\nServer: Apache\r\nContent-Length: 8\r\n\r\n1.2.0.18")
