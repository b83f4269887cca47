# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of the first fact: one port that answers HTTP with a bare 404 and anything else with binary bytes."""

import wire
from connection import CLIENT, SERVER, Connection, stream, talk
from declare import capture
from wire_tcp import BARE_404, BARE_501, SMALLEST_GET

CONLEY = "Conley 2009, fake HTTP; answer published, garbage synthetic"
ASKER, NODE = "192.168.0.19", ("192.168.0.14", 48915)
FIRST, SECOND, THIRD = (ASKER, 40001), (ASKER, 40002), (ASKER, 40003)
LIKELY = "strongest of group facade: 27 - 13 = +14"
ONE, TWO, THREE = (stream(ends, NODE) for ends in (FIRST, SECOND, THIRD))
BOTH = dict(endpoints="192.168.0.14:48915=likely", streams=f"{ONE} {TWO}", arithmetic=LIKELY,
            absent="tcp.seed_reuse tcp.padding_run tcp.login")
FACES = f"{ONE}=tcp.http_facade {TWO}=tcp.garbage_answer"


def binary(label, length=28):
    """What a node answers to garbage: opaque bytes, the first of them not printable."""
    return b"\x9c\x01\xe7" + wire.opaque(f"binary {label}", length - 3)


def two_faces(tape, label, node=NODE, refusal=BARE_404, clients=(FIRST, SECOND)):
    """Both connections, HTTP first."""
    talk(tape, clients[0], node, SMALLEST_GET, refusal)
    talk(tape, clients[1], node, b"hello skype\r\n", binary(label))


@capture("tcp-telnet-sessions", source=CONLEY, stream_evidence=FACES,
         shows="the two telnet sessions of the original observation: GET typed, garbage typed", **BOTH)
def telnet_sessions(tape):
    talk(tape, FIRST, NODE, [b"GET / HTTP/1.0\r\n", b"\r\n"], BARE_404)
    talk(tape, SECOND, NODE, [b"asdf jkl\r\n"], binary("telnet"))


@capture("tcp-telnet-early-answer", source=CONLEY, stream_evidence=FACES,
         shows="the 404 comes after the first line, before the empty one that ends the request", **BOTH)
def telnet_early_answer(tape):
    one = Connection(tape, FIRST, NODE).open()
    one.client(b"GET / HTTP/1.0\r\n").server(BARE_404)
    one.segment(SERVER, "FA")
    one.client(b"\r\n")
    one.segment(SERVER, "RA")
    talk(tape, SECOND, NODE, b"asdf jkl\r\n", binary("early"))


@capture("tcp-nmap-skypev2", source="Nmap skypev2-version.nse", stream_evidence=FACES,
         shows="Nmap's two probes, as its script sends them", **BOTH)
def nmap_skypev2(tape):
    talk(tape, FIRST, NODE, b"GET / HTTP/1.0\r\n\r\n", BARE_404)
    talk(tape, SECOND, NODE, b"random data\r\n\r\n", binary("nmap", 14))


@capture("tcp-garbage-first", source=CONLEY, shows="the same with the garbage first", **BOTH,
         stream_evidence=f"{ONE}=tcp.garbage_answer {TWO}=tcp.http_facade")
def garbage_first(tape):
    talk(tape, FIRST, NODE, b"asdf jkl\r\n", binary("first"))
    talk(tape, SECOND, NODE, SMALLEST_GET, BARE_404)


@capture("tcp-byte-by-byte", source=CONLEY, stream_evidence=FACES,
         shows="requests and answers in segments of one byte", **BOTH)
def byte_by_byte(tape):
    split = [[data[i:i + 1] for i in range(len(data))]
             for data in (SMALLEST_GET, BARE_404, b"hello\r\n", binary("bytes", 20))]
    talk(tape, FIRST, NODE, split[0], split[1])
    talk(tape, SECOND, NODE, split[2], split[3])


@capture("tcp-facade-501", source="Bonfiglio et al. 2007; garbage synthetic", stream_evidence=FACES,
         shows="the 501 of older versions", **BOTH)
def facade_501(tape):
    two_faces(tape, "501", refusal=BARE_501)


@capture("tcp-half-closed", source=CONLEY, stream_evidence=FACES,
         shows="the client closes its side after the question, the answer still comes", **BOTH)
def half_closed(tape):
    for ends, question, answer in ((FIRST, SMALLEST_GET, BARE_404), (SECOND, b"hello\r\n", binary("half"))):
        one = Connection(tape, ends, NODE).open().client(question)
        one.segment(CLIENT, "FA")
        one.server(answer)
        one.segment(SERVER, "FA")
        one.segment(CLIENT, "A")


@capture("tcp-port-reuse", source=CONLEY, shows="both connections on the same four numbers, a minute apart",
         endpoints="192.168.0.14:48915=likely", streams=f"{ONE} {stream(FIRST, NODE, 2)}", arithmetic=LIKELY,
         stream_evidence=f"{ONE}=tcp.http_facade {stream(FIRST, NODE, 2)}=tcp.garbage_answer")
def port_reuse(tape):
    talk(tape, FIRST, NODE, SMALLEST_GET, BARE_404)
    tape.now_us += 60000000
    talk(tape, FIRST, NODE, b"hello\r\n", binary("reuse"))


def faces_on(name, shows, client, node):
    """Declares the two faces on another node."""
    ends = [(client, port) for port in (40001, 40002)]
    streams = [stream(end, node) for end in ends]

    def build(tape):
        two_faces(tape, name, node=node, clients=ends)
    capture(name, source=CONLEY, shows=shows, endpoints=f"{streams[0].split('>')[1]}=likely",
            streams=" ".join(streams), arithmetic=LIKELY,
            stream_evidence=f"{streams[0]}=tcp.http_facade {streams[1]}=tcp.garbage_answer")(build)


faces_on("tcp-port-80", "the two faces on port 80", ASKER, ("192.168.0.14", 80))
faces_on("tcp-port-443", "the two faces on port 443, without TLS", ASKER, ("192.168.0.14", 443))
faces_on("tcp-two-faces-ipv6", "the two faces over IPv6", "2001:db8::13", ("2001:db8::14", 48915))


# facade 27 + echo 16 + both 6 - 13; the address in the answer is not the asker's, so no udp.reflect.
@capture("tcp-two-faces-and-echo", source="Conley 2009, both facts; synthetic bytes",
         shows="the two faces and a UDP echo on the same port number: certain; the request is not marked, because the answer "
         "carries another address", marked="2", evidence="2=udp.echo",
         endpoints="192.168.0.14:48915=certain", endpoint_rules="192.168.0.14:48915=endpoint.both",
         streams=f"{ONE} {TWO}", stream_evidence=FACES, absent="udp.reflect udp.iv",
         arithmetic="27 + 16 + 6 - 13 = +36")
def two_faces_and_echo(tape):
    tape.udp((ASKER, 33021), NODE, wire.PUBLISHED_REQUEST)
    tape.udp(NODE, (ASKER, 33021), wire.ack(wire.PUBLISHED_REQUEST, "10.1.2.3", wire.opaque("both", 4)))
    two_faces(tape, "echo")


# Own evidence: likely. The third stream has the façade's form and is labelled; the fourth is text and is not.
@capture("tcp-responder-labels", source=CONLEY,
         shows="a proven port labels its other streams, but only those whose bytes have a form of Skype",
         endpoints="192.168.0.14:48915=likely", streams=f"{ONE} {TWO} {THREE}", stream_evidence=FACES, arithmetic=LIKELY)
def responder_labels(tape):
    two_faces(tape, "labels")
    talk(tape, THIRD, NODE, b"HEAD /x HTTP/1.1\r\nHost: node\r\n\r\n", BARE_404)
    talk(tape, (ASKER, 40004), NODE, b"HELO example.net\r\n", b"250 node.example.net at your service\r\n")


POSSIBLE = dict(endpoints="192.168.0.14:48915=possible", absent="tcp.garbage_answer tcp.seed_reuse tcp.padding_run",
                arithmetic="16 - 13 = +3")
NONE = dict(absent="tcp.http_facade tcp.garbage_answer tcp.seed_reuse tcp.padding_run", arithmetic="nothing fires")


@capture("tcp-facade-only", source=CONLEY, shows="near miss: the bare 404 alone", stream_evidence=f"{ONE}=tcp.http_facade",
         **POSSIBLE)
def facade_only(tape):
    talk(tape, FIRST, NODE, SMALLEST_GET, BARE_404)


@capture("tcp-garbage-only", source=CONLEY, shows="near miss: a binary answer to garbage alone", **NONE)
def garbage_only(tape):
    talk(tape, FIRST, NODE, b"random data\r\n\r\n", binary("only"))


@capture("tcp-facade-pipelined", source=CONLEY, stream_evidence=f"{ONE}=tcp.http_facade",
         shows="near miss: garbage after the HTTP request on one connection gets no answer of its own", **POSSIBLE)
def facade_pipelined(tape):
    talk(tape, FIRST, NODE, [SMALLEST_GET + b"asdf", wire.opaque("pipelined", 20)], BARE_404)


@capture("tcp-facade-stays-open", source=CONLEY, shows="near miss: after the bare 404 the connection stays open", **NONE)
def facade_stays_open(tape):
    talk(tape, FIRST, NODE, SMALLEST_GET, BARE_404, close=False)
    talk(tape, SECOND, NODE, b"hello\r\n", binary("stays open"))


@capture("tcp-facade-with-body", source=CONLEY, shows="near miss: a body follows the status line and the empty line", **NONE)
def facade_with_body(tape):
    talk(tape, FIRST, NODE, SMALLEST_GET, [BARE_404, b"<h1>404 Not Found</h1>\r\n"])
    talk(tape, SECOND, NODE, b"hello\r\n", binary("with body"))


@capture("tcp-garbage-13-bytes", source=CONLEY, shows="near miss: the binary answer has 13 bytes",
         stream_evidence=f"{ONE}=tcp.http_facade", **POSSIBLE)
def garbage_13_bytes(tape):
    talk(tape, FIRST, NODE, SMALLEST_GET, BARE_404)
    talk(tape, SECOND, NODE, b"hello\r\n", binary("short", 13))


@capture("tcp-garbage-two-odd-bytes", source="Nmap skypev2-version.nse wants 3; synthetic bytes",
         shows="near miss: two of the answer's first 15 bytes are not printable",
         stream_evidence=f"{ONE}=tcp.http_facade", **POSSIBLE)
def garbage_two_odd_bytes(tape):
    talk(tape, FIRST, NODE, SMALLEST_GET, BARE_404)
    talk(tape, SECOND, NODE, b"hello\r\n", b"\x9c\x01" + b"printable answer\xff\xfe\xfd")


@capture("tcp-four-services", source="RFC 959, RFC 5321, RFC 9112; Conley 2009, fake HTTP", **{
         **BOTH, "streams": " ".join(stream(ends, NODE) for ends in ((ASKER, 40005), (ASKER, 40006)))},
         stream_evidence=f"{stream((ASKER, 40005), NODE)}=tcp.http_facade {stream((ASKER, 40006), NODE)}=tcp.garbage_answer",
         shows="one host: an FTP server that names itself, one that is only spoken to so, mail, a web server, and a node")
def four_services(tape):
    host = NODE[0]
    talk(tape, FIRST, (host, 21), [], b"220 FTP server ready\r\n")
    silent = Connection(tape, SECOND, (host, 2121)).open()
    silent.server(b"220 ready\r\n").client(b"USER anonymous\r\n").server(b"331 password\r\n").close()
    mail = Connection(tape, THIRD, (host, 25)).open()
    mail.server(b"220 mail.example.net ESMTP\r\n").client(b"EHLO example.net\r\n").server(b"250 mail.example.net\r\n").close()
    talk(tape, (ASKER, 40004), (host, 80), SMALLEST_GET, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    two_faces(tape, "services", clients=((ASKER, 40005), (ASKER, 40006)))
