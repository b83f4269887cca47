# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers and clients that resemble one of Skype's TCP faces and are something else."""

import struct

import wire
from connection import Connection, stream, talk
from declare import capture
from wire_tcp import BARE_404, FAKE_HELLO, FAKE_SERVER_HELLO, SMALLEST_GET, seed_reuse

SERVER, CLIENT = ("192.0.2.80", 6969), "192.168.1.20"
FIRST, SECOND, THIRD, FOURTH = ((CLIENT, port) for port in (41001, 41002, 41003, 41004))
KEYLESS = "tcp.seed_reuse tcp.padding_run tcp.fake_tls_client tcp.fake_tls_server tcp.login"
NONE = dict(absent=f"tcp.http_facade tcp.garbage_answer {KEYLESS}", arithmetic="nothing fires")


def facade_on(server):
    """What a bare 404 leaves behind, and no more."""
    return dict(endpoints=f"{server[0]}:{server[1]}=possible", stream_evidence=f"{stream(FIRST, server)}=tcp.http_facade",
                absent=f"tcp.garbage_answer {KEYLESS}", arithmetic="16 - 13 = +3")


def bittorrent(label):
    """A BitTorrent handshake (BEP 3)."""
    return b"\x13BitTorrent protocol" + bytes(8) + wire.opaque(f"info {SERVER}", 20) + wire.opaque(label, 20)


def tls_record(kind, body):
    """A TLS 1.2 record."""
    return struct.pack(">BHH", kind, 0x0303, len(body)) + body


def client_hello(label):
    """A ClientHello of TLS 1.2 (RFC 5246) with four suites and no extensions."""
    body = b"\x03\x03" + wire.opaque(f"client random {label}", 32) + b"\0" + struct.pack(">5H", 8, 0xC02F, 0xC030, 0x9C, 0x2F)
    body += b"\1\0"
    return tls_record(22, b"\1" + struct.pack(">I", len(body))[1:] + body)


def server_hello(label):
    """A ServerHello of TLS 1.2 with a session id."""
    body = b"\x03\x03" + wire.opaque(f"server random {label}", 32) + b"\x20" + wire.opaque(f"session {label}", 32) + b"\xc0\x2f\0"
    return tls_record(22, b"\2" + struct.pack(">I", len(body))[1:] + body)


ALERT = tls_record(21, b"\2\x28")


@capture("near-tcp-xbt-tracker", source="XBT tracker; BEP 3", shows="the bare 404 of a tracker, and BitTorrent both ways",
         **facade_on(SERVER))
def near_xbt_tracker(tape):
    talk(tape, FIRST, SERVER, SMALLEST_GET, BARE_404)
    talk(tape, SECOND, SERVER, bittorrent("peer"), bittorrent("tracker") + wire.opaque("pieces", 30))
    talk(tape, THIRD, SERVER, bittorrent("peer 2"), wire.opaque("encrypted answer", 60))


@capture("near-tcp-toy-server", source="synthetic", shows="the bare 404, and text in answer to garbage", **facade_on(SERVER))
def near_toy_server(tape):
    talk(tape, FIRST, SERVER, SMALLEST_GET, BARE_404)
    talk(tape, SECOND, SERVER, b"random data\r\n\r\n", b"ERR unknown command 'random'\r\n")


@capture("near-tcp-404-to-everything", source="synthetic", shows="the bare 404 in answer to HTTP and to garbage",
         **facade_on(SERVER))
def near_404_to_everything(tape):
    talk(tape, FIRST, SERVER, SMALLEST_GET, BARE_404)
    talk(tape, SECOND, SERVER, b"random data\r\n\r\n", BARE_404)


@capture("near-tcp-404-and-silence", source="synthetic", shows="the bare 404, and nothing but the close in answer to garbage",
         **facade_on(SERVER))
def near_404_and_silence(tape):
    talk(tape, FIRST, SERVER, SMALLEST_GET, BARE_404)
    talk(tape, SECOND, SERVER, b"random data\r\n\r\n", [])


@capture("near-tcp-multiplexer", source="RFC 5246; one port for HTTP and TLS, as sslh does",
         shows="the bare 404 for HTTP, a ServerHello or an alert for a ClientHello, an alert for an SSLv2 hello and for garbage",
         **facade_on(("192.0.2.80", 443)))
def near_multiplexer(tape):
    server = ("192.0.2.80", 443)
    talk(tape, FIRST, server, SMALLEST_GET, BARE_404)
    talk(tape, SECOND, server, client_hello("mux"), server_hello("mux") + tls_record(22, b"\x0b" + wire.opaque("mux", 60)))
    talk(tape, THIRD, server, client_hello("mux alert"), ALERT + wire.opaque("more", 20))
    talk(tape, FOURTH, server, old_hello("mux"), server_hello("mux sslv2"))
    talk(tape, (CLIENT, 41005), server, b"random data\r\n\r\n", ALERT * 3)


@capture("near-tcp-404-and-h2c", source="RFC 9113 section 3.3",
         shows="the bare 404, and SETTINGS in answer to the preface of HTTP/2 in the clear", **facade_on(SERVER))
def near_404_and_h2c(tape):
    talk(tape, FIRST, SERVER, SMALLEST_GET, BARE_404)
    talk(tape, SECOND, SERVER, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000000040000000000"),
         bytes.fromhex("000012040000000000" "000300000064" "00040000ffff" "000500004000"))


@capture("near-tcp-404-and-rdp", source="RFC 1006; MS-RDPBCGR sections 2.2.1.1 and 2.2.1.2",
         shows="the bare 404, and a TPKT connection confirm in answer to a connection request", **facade_on(SERVER))
def near_404_and_rdp(tape):
    talk(tape, FIRST, SERVER, SMALLEST_GET, BARE_404)
    talk(tape, SECOND, SERVER, bytes.fromhex("03000013" "0ee00000000000" "0100080003000000"),
         bytes.fromhex("03000013" "0ed00000123400" "0200080002000000"))


def smb(body):
    """A message of SMB over TCP."""
    return struct.pack(">I", len(body)) + body


@capture("near-tcp-404-and-smb", source="MS-SMB section 2.2.4.5; MS-SMB2 sections 2.2.1 to 2.2.4",
         shows="the bare 404, and SMB 2 in answer to a negotiation of SMB 1 and of SMB 2", **facade_on(SERVER))
def near_404_and_smb(tape):
    dialects = b"\2NT LM 0.12\0\2SMB 2.002\0\2SMB 2.???\0"
    old = b"\xffSMB\x72" + struct.pack("<IBH12xHHHH", 0, 0x18, 0xC853, 0xFFFF, 0xFEFF, 0, 0) + b"\0"
    old += struct.pack("<H", len(dialects)) + dialects
    new = b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ16x", 64, 1, 0, 0, 31, 0, 0, 0, 0xFEFF, 0, 0)
    ask = new + struct.pack("<HHHHI", 36, 2, 1, 0, 0x7F) + wire.opaque("smb client", 16) + bytes(8)
    ask += struct.pack("<HH", 0x0202, 0x0210)
    tell = new[:16] + b"\1" + new[17:] + struct.pack("<HHHH", 65, 1, 0x0210, 0) + wire.opaque("smb server", 16)
    tell += struct.pack("<IIIIQQHHI", 7, 0x100000, 0x100000, 0x100000, 0x01CA8A755C6E8000, 0, 128, 0, 0)
    talk(tape, FIRST, SERVER, SMALLEST_GET, BARE_404)
    talk(tape, SECOND, SERVER, smb(old), smb(tell))
    talk(tape, THIRD, SERVER, smb(ask), smb(tell))


@capture("near-tcp-404-and-dns", source="RFC 1035 section 4.2.2",
         shows="the bare 404, and DNS over TCP: two bytes of length before question and answer", **facade_on(SERVER))
def near_404_and_dns(tape):
    question = b"\7example\3net\0\0\1\0\1"
    asked = struct.pack(">6H", 0x8A01, 0x0100, 1, 0, 0, 0) + question
    told = struct.pack(">6H", 0x8A01, 0x8180, 1, 1, 0, 0) + question
    told += bytes.fromhex("c00c0001000100000e100004") + wire.address("192.0.2.9")
    talk(tape, FIRST, SERVER, SMALLEST_GET, BARE_404)
    talk(tape, SECOND, SERVER, struct.pack(">H", len(asked)) + asked, struct.pack(">H", len(told)) + told)


@capture("near-tcp-two-ports", source="synthetic", shows="the bare 404 on one port, a binary answer on another of the same host",
         **facade_on(SERVER))
def near_two_ports(tape):
    talk(tape, FIRST, SERVER, SMALLEST_GET, BARE_404)
    talk(tape, SECOND, (SERVER[0], 6970), b"random data\r\n\r\n", b"\x9c\x01\xe7" + wire.opaque("other port", 40))


@capture("near-tcp-real-404", source="RFC 9112, servers in the wild",
         shows="a 404 with headers, one of HTTP/1.1 and one in lower case, then binary bytes in answer to garbage", **NONE)
def near_real_404(tape):
    for ends, status in ((FIRST, b"HTTP/1.0 404 Not Found\r\nServer: Apache\r\nContent-Length: 0\r\n\r\n"),
                         (SECOND, b"HTTP/1.1 404 Not Found\r\n\r\n"), (THIRD, b"HTTP/1.0 404 not found\r\n\r\n")):
        talk(tape, ends, SERVER, SMALLEST_GET, status)
    talk(tape, FOURTH, SERVER, b"random data\r\n\r\n", b"\x9c\x01\xe7" + wire.opaque("real 404", 40))


@capture("near-tcp-honeypot", source="synthetic", shows="random bytes in answer to every question, HTTP or not", **NONE)
def near_honeypot(tape):
    for turn, question in enumerate((SMALLEST_GET, b"random data\r\n\r\n", b"\0\1\2\3", client_hello("honeypot"))):
        talk(tape, (CLIENT, 41001 + turn), SERVER, question, wire.opaque(f"honeypot {turn}", 64))


@capture("near-tcp-ldap", source="RFC 4511", shows="a bind is answered with 14 bytes", **NONE)
def near_ldap(tape):
    one = Connection(tape, FIRST, ("192.0.2.80", 389)).open()
    one.client(bytes.fromhex("300c020101600702010304008000")).server(bytes.fromhex("300c02010161070a010004000400"))
    one.client(bytes.fromhex("30050201024200")).close()


@capture("near-tcp-rsync", source="rsync protocol 31", shows="14 bytes from each side at first", **NONE)
def near_rsync(tape):
    one = Connection(tape, FIRST, ("192.0.2.80", 873)).open()
    one.server(b"@RSYNCD: 31.0\n").client(b"@RSYNCD: 31.0\n").client(b"modules\n").server(b"@RSYNCD: EXIT\n").close()


@capture("near-tcp-fasttrack", source="giFT-FastTrack's description of the handshake; synthetic bytes",
         shows="12 opaque bytes, 14 opaque bytes in answer, then opaque both ways, 4 bytes among them", **NONE)
def near_fasttrack(tape):
    for turn in range(4):
        one = Connection(tape, (CLIENT, 41001 + turn), (f"198.51.100.{30 + turn}", 1214 + 977 * turn)).open()
        one.client(wire.opaque(f"fasttrack ask {turn}", 12)).server(wire.opaque(f"fasttrack answer {turn}", 14))
        one.client(wire.opaque(f"fasttrack more {turn}", 90)).server(wire.opaque(f"fasttrack four {turn}", 4)).close()


def old_hello(label):
    """The SSLv2-compatible hello of an old browser: 15 suites of TLS and SSLv2, a random challenge."""
    suites = bytes.fromhex("010080" "030080" "060040" "020080" "0700c0" "040080" "00000a" "000009" "000064"
                           "000062" "000003" "000006" "000004" "000005" "000008")
    return bytes.fromhex("8046010301002d00000010") + suites + wire.opaque(f"challenge {label}", 16)


@capture("near-tcp-sslv2-hello", source="RFC 5246 appendix E.2",
         shows="an old browser's hello: same 11 bytes in front, other order of suites, random challenge; a genuine answer",
         **NONE)
def near_sslv2_hello(tape):
    talk(tape, FIRST, ("192.0.2.80", 443), old_hello("browser"), server_hello("browser"))


@capture("near-tcp-sslv2-same-suites", source="RFC 5246 appendix E.2; the 56 constants are Skype's",
         shows="the constants of Skype's hello with a random challenge, and its ServerHello with one bit changed", **NONE)
def near_sslv2_same_suites(tape):
    changed = bytearray(FAKE_SERVER_HELLO)
    changed[42] ^= 1
    talk(tape, FIRST, ("192.0.2.80", 443), FAKE_HELLO + wire.opaque("random challenge", 16), bytes(changed))


@capture("near-tcp-tls", source="RFC 5246", shows="genuine TLS 1.2 with application data", **NONE)
def near_tls(tape):
    one = Connection(tape, FIRST, ("192.0.2.80", 443)).open()
    one.client(client_hello("genuine")).server(server_hello("genuine"))
    one.client(tls_record(20, b"\1") + tls_record(22, wire.opaque("finished", 40)))
    one.server(tls_record(20, b"\1") + tls_record(22, wire.opaque("finished too", 40)))
    one.client(tls_record(23, wire.opaque("request", 200))).server(tls_record(23, wire.opaque("response", 900))).close()


@capture("near-tcp-opaque", source="obfs4 and Shadowsocks look so; synthetic bytes",
         shows="streams of random bytes, no proof in them", **NONE)
def near_opaque(tape):
    for turn in range(6):
        talk(tape, (CLIENT, 41001 + turn), ("203.0.113.77", 8388), wire.opaque(f"opaque ask {turn}", 90 + turn),
             wire.opaque(f"opaque answer {turn}", 200 + turn))


def constant_seed(name, source, shows, question, answer):
    """Declares a Skype client whose generator comes past the first four bytes of a stream that is not Skype's, 3 steps on."""
    node, client = ("198.51.100.7", 40002), (CLIENT, 35990)

    def build(tape):
        ivs = wire.Generator.before(int.from_bytes(question[:4], "big"), 6)
        for turn in range(3):
            data = wire.payload(wire.number(f"id {name} {turn}", 16), ivs.next(), wire.message(f"{name} {turn}"))
            tape.udp(client, node, data)
        talk(tape, FIRST, SERVER, question, answer)
    capture(name, source=source, shows=f"near miss: {shows}", marked="1-3", evidence="2=udp.iv 3=udp.iv",
            endpoints=f"{CLIENT}:35990=certain", absent=f"tcp.seed_generator {KEYLESS}",
            arithmetic="UDP 40 - 13 = +27; TCP nothing")(build)


constant_seed("near-tcp-seed-get", "RFC 9112; synthetic bytes",
              "GET and a space are 3 steps on in the generator of the browser's host",
              b"GET / HTTP/1.1\r\nHost: www.example.net\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
constant_seed("near-tcp-seed-tls", "RFC 5246; synthetic bytes",
              "the first four bytes of a TLS record are 3 steps on in the same way",
              client_hello("seed"), server_hello("seed"))


@capture("near-tcp-echo-service", source="RFC 862; synthetic bytes",
         shows="an echo service sends a client's seed reuse back: the client is proven, the service is not",
         endpoints=f"{CLIENT}:41001=certain", streams=stream(FIRST, ("192.0.2.80", 7)),
         stream_evidence=f"{stream(FIRST, ('192.0.2.80', 7))}=tcp.seed_reuse", absent="tcp.garbage_answer",
         arithmetic="the client: 48 - 13 = +35; the service: nothing")
def near_tcp_echo_service(tape):
    data = seed_reuse("echo service")
    talk(tape, FIRST, ("192.0.2.80", 7), data, data)


@capture("near-tcp-peercast", source="PeerCast; synthetic bytes",
         shows="PeerCast sends the bare 404 for a channel that it does not have, and answers its own ping in binary on the same port",
         **facade_on(("192.0.2.80", 7144)))
def near_tcp_peercast(tape):
    node = ("192.0.2.80", 7144)
    talk(tape, FIRST, node, b"GET /stream/00112233445566778899AABBCCDDEEFF HTTP/1.0\r\n\r\n", BARE_404)
    atom = b"sid\0" + struct.pack("<I", 16)
    talk(tape, SECOND, node, b"pcp\n" + struct.pack("<II", 4, 1) + b"helo" + struct.pack("<I", 0x80000001) + atom + wire.opaque("ping", 16),
         b"oleh" + struct.pack("<I", 0x80000001) + atom + wire.opaque("pong", 16))
