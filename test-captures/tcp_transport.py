# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of the same proof, seed reuse, under everything that TCP does to a stream."""

import wire
from connection import CLIENT, SERVER, Connection, stream, talk
from declare import capture
from wire_tcp import seed_reuse

HOST, PEER = ("192.168.1.2", 50026), ("198.51.100.7", 40002)
ONE = stream(HOST, PEER)
SOURCE = "RFC 9293; synthetic bytes"
PROVEN = dict(endpoints="192.168.1.2:50026=certain", streams=ONE, stream_evidence=f"{ONE}=tcp.seed_reuse",
              arithmetic="48 - 13 = +35")
NONE = dict(absent="tcp.seed_reuse tcp.padding_run tcp.garbage_answer", arithmetic="nothing fires")


def finish(one, label):
    """An opaque answer and the close."""
    one.server(wire.opaque(f"answer {label}", 40)).close()


@capture("tcp-reordered", source=SOURCE, shows="the second segment overtakes the first by 0.2 ms", **PROVEN)
def reordered(tape):
    data, one = seed_reuse("reordered"), Connection(tape, HOST, PEER).open()
    one.client(data[11:], offset=11)
    one.client(data[:11], offset=0, gap_us=200)
    finish(one, "reordered")


@capture("tcp-late-first-segment", source="2015 capture, frames 779, 1126, 1431, 1583; RFC 9293; synthetic bytes",
         shows="the first copy was missed: the first bytes come 0.5 s late, which Wireshark calls a retransmission", **PROVEN)
def late_first_segment(tape):
    data, one = seed_reuse("late", length=80), Connection(tape, HOST, PEER).open()
    one.client(data[40:], offset=40)
    one.segment(SERVER, "A")
    one.client(data[:40], offset=0, gap_us=500000)
    finish(one, "late")


@capture("tcp-retransmission", source=SOURCE, shows="the first segment twice, the second time with more behind it", **PROVEN)
def retransmission(tape):
    data, one = seed_reuse("twice", length=60), Connection(tape, HOST, PEER).open()
    one.client(data[:15])
    one.client(data, offset=0, gap_us=300000)
    finish(one, "twice")


@capture("tcp-overlap", source=SOURCE, shows="segments that overlap and agree", **PROVEN)
def overlap(tape):
    data, one = seed_reuse("overlap"), Connection(tape, HOST, PEER).open()
    for start, end in ((0, 9), (4, 17), (12, 40)):
        one.client(data[start:end], offset=start)
    finish(one, "overlap")


@capture("tcp-keep-alive", source="RFC 9293 section 3.8.4; synthetic bytes",
         shows="a keep-alive with one byte, before the first byte of the stream", **PROVEN)
def keep_alive(tape):
    one = Connection(tape, HOST, PEER).open()
    one.segment(CLIENT, "A", b"\0", offset=-1, gap_us=2000000)
    one.segment(SERVER, "A")
    one.client(seed_reuse("keep-alive"))
    finish(one, "keep-alive")


@capture("tcp-missing-syn", source=SOURCE, shows="the SYN was missed; the SYN and ACK of the server gives the start", **PROVEN)
def missing_syn(tape):
    one = Connection(tape, HOST, PEER)
    one.flags_sent[CLIENT] = 1
    one.segment(SERVER, "SA", options=[("MSS", 1460)])
    one.segment(CLIENT, "A")
    one.client(seed_reuse("missing syn"))
    finish(one, "missing syn")


@capture("tcp-fast-open", source="RFC 7413; synthetic bytes", shows="the first message is in the SYN", **PROVEN)
def fast_open(tape):
    one, data = Connection(tape, HOST, PEER), seed_reuse("fast open")
    one.segment(CLIENT, "S", data, options=[("MSS", 1460), (34, wire.opaque("cookie", 8))])
    one.segment(SERVER, "SA", options=[("MSS", 1460)])
    one.segment(CLIENT, "A")
    finish(one, "fast open")


@capture("tcp-sequence-wraps", source=SOURCE, shows="the sequence numbers pass 2^32 inside the first message", **PROVEN)
def sequence_wraps(tape):
    data, one = seed_reuse("wraps"), Connection(tape, HOST, PEER, first_numbers=[0xFFFFFFF4, 0xFFFFFFFE]).open()
    for start in range(0, 40, 8):
        one.client(data[start:start + 8])
    finish(one, "wraps")


@capture("tcp-one-byte-segments", source=SOURCE, shows="the first message in 40 segments of one byte", **PROVEN)
def one_byte_segments(tape):
    one = Connection(tape, HOST, PEER).open()
    for value in seed_reuse("bytes"):
        one.client(bytes([value]))
    finish(one, "bytes")


@capture("tcp-reset", source=SOURCE, shows="the server answers the first message with a reset", **PROVEN)
def reset(tape):
    one = Connection(tape, HOST, PEER).open().client(seed_reuse("reset"))
    one.segment(SERVER, "RA")


@capture("tcp-snaplen-96", source="synthetic bytes", shows="frames cut to 96 bytes still hold 42 of the stream", snaplen=96,
         **PROVEN)
def snaplen_96(tape):
    one = Connection(tape, HOST, PEER).open().client(seed_reuse("snaplen", length=300))
    finish(one, "snaplen")


# Two connections on one five-tuple: the first proves, the second is a browser's and must not inherit its bytes.
@capture("tcp-port-reuse-other-protocol", source=SOURCE,
         shows="the same four numbers again, a minute later, for something else: the second connection is not marked",
         **PROVEN)
def port_reuse_other_protocol(tape):
    finish(Connection(tape, HOST, PEER).open().client(seed_reuse("reuse")), "reuse")
    tape.now_us += 60000000
    one = Connection(tape, HOST, PEER).open().client(b"SSH-2.0-OpenSSH_9.2\r\n")
    one.server(b"SSH-2.0-OpenSSH_9.2\r\n").close()


# What the first connection proved must not come back behind the second: not to it, and not to the third.
@capture("tcp-port-reuse-three-times", source=SOURCE,
         shows="the same four numbers three times: a first message of Skype, then HTTP, then SSH: only the first is marked",
         **PROVEN)
def port_reuse_three_times(tape):
    finish(Connection(tape, HOST, PEER).open().client(seed_reuse("three times")), "three times")
    for question, answer in ((b"GET / HTTP/1.1\r\nHost: www.example.net\r\n\r\n",
                              b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
                             (b"SSH-2.0-OpenSSH_9.2\r\n", b"SSH-2.0-OpenSSH_9.2\r\n")):
        tape.now_us += 60000000
        talk(tape, HOST, PEER, question, answer)


# 14 + 20 + 20 bytes of headers: nothing is left of the stream. A snaplen of the whole file would cut the proof.
@capture("tcp-payload-cut-off", source=SOURCE,
         shows="the first message is whole, later segments of both sides are cut to 54 bytes, none of them the stream's",
         **PROVEN)
def payload_cut_off(tape):
    one = Connection(tape, HOST, PEER).open().client(seed_reuse("cut off")).server(wire.opaque("answer cut off", 40))
    for turn in range(2):
        one.client(wire.opaque(f"cut off client {turn}", 120))
        tape.cut(54)
        one.server(wire.opaque(f"cut off server {turn}", 90))
        tape.cut(54)
    one.close()


@capture("tcp-snaplen-64", source="synthetic bytes", shows="near miss: frames cut to 64 bytes hold 10 of the stream",
         snaplen=64, **NONE)
def snaplen_64(tape):
    snaplen_96(tape)


@capture("tcp-mid-stream", source=SOURCE, shows="near miss: no handshake, the capture begins in the middle of a stream", **NONE)
def mid_stream(tape):
    one = Connection(tape, HOST, PEER).assume_open()
    one.sent = [5000, 7000]
    for turn in range(3):
        one.client(wire.opaque(f"middle client {turn}", 120)).server(wire.opaque(f"middle server {turn}", 90))


@capture("tcp-lost-start", source=SOURCE,
         shows="near miss: the first 100 bytes were missed, and what follows has the form of a first message", **NONE)
def lost_start(tape):
    one = Connection(tape, HOST, PEER).open()
    one.client(seed_reuse("lost"), offset=100)
    finish(one, "lost")


# ---- through proxies ----

SOCKS, HTTP_PROXY = ("192.168.1.1", 1080), ("192.168.1.1", 3128)
TARGET, WEB_TARGET = ("203.0.113.7", 33033), ("203.0.113.8", 443)


def socks5(tape, port, target):
    """A connection to the proxy, up to the proxy's consent."""
    named = wire.address(target[0]) + target[1].to_bytes(2, "big")
    one = Connection(tape, ("192.168.1.2", port), SOCKS).open().client(b"\5\1\0").server(b"\5\0")
    return one.client(b"\5\1\0\1" + named).server(b"\5\0\0\1" + wire.address("192.168.1.1") + b"\4\x38")


def connect(tape, port, target):
    """The same through HTTP."""
    one = Connection(tape, ("192.168.1.2", port), HTTP_PROXY).open()
    return one.client(f"CONNECT {target[0]}:{target[1]} HTTP/1.1\r\n\r\n".encode()).server(b"HTTP/1.1 200 OK\r\n\r\n")


@capture("tcp-proxies", source="RFC 1928 (SOCKS5), RFC 9110 (HTTP CONNECT); synthetic bytes",
         shows="Skype through SOCKS5 and through HTTP CONNECT, and FTP and SSH through the same proxies: the two ends that the handshakes "
               "name are Skype's", endpoints="192.168.1.2:50026=certain 192.168.1.2:50027=certain 203.0.113.7:33033=certain 203.0.113.8:443=certain",
         streams=" ".join((stream(("192.168.1.2", 50026), SOCKS), stream(("192.168.1.2", 50027), HTTP_PROXY))),
         stream_evidence=f"{stream(('192.168.1.2', 50026), SOCKS)}=tcp.seed_reuse {stream(('192.168.1.2', 50027), HTTP_PROXY)}=tcp.seed_reuse",
         absent="tcp.garbage_answer tcp.http_facade", arithmetic="48 - 13 = +35")
def proxies(tape):
    for one in (socks5(tape, 50026, TARGET), connect(tape, 50027, WEB_TARGET)):
        label = f"proxy {one.ends[0][1]}"
        one.client(seed_reuse(label)).server(seed_reuse(f"{label} answer")).close()
    socks5(tape, 50028, ("203.0.113.9", 21)).server(b"220 ftp.example.net ready\r\n").client(b"USER anonymous\r\n").close()
    connect(tape, 50029, ("203.0.113.9", 22)).server(b"SSH-2.0-OpenSSH_9.2\r\n").client(b"SSH-2.0-OpenSSH_9.2\r\n").close()
