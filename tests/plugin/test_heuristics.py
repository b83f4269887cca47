# SPDX-License-Identifier: GPL-2.0-or-later
"""The two heuristic dissectors and the postdissector find the same, whichever of them is called; what is proven is claimed."""
import functools

import pytest

import sharkd
import tshark as runner

TCP = ("tcp-seed-reuse-z01", "tcp-padding-run-5", "tcp-bare-form", "tcp-fake-tls", "tcp-login-2015", "tcp-two-faces-and-echo",
       "tcp-two-faces-ipv6", "tcp-seed-generator", "tcp-telnet-sessions", "tcp-byte-by-byte", "tcp-port-80", "tcp-garbage-13-bytes",
       "tcp-retransmission", "tcp-reordered", "tcp-overlap", "tcp-snaplen-96", "tcp-port-reuse")
UDP = ("udp-published-exchange", "udp-chain", "udp-ipv6-generator", "udp-vxlan", "udp-fragments", "udp-nat-one-answerer")
ONCE_AND_TWICE = [(name, two_pass) for two_pass in (False, True) for name in runner.sample(TCP + UDP, 5 if two_pass else 8)]
OFF = {"no-udp": ("skypefp_udp",), "no-tcp": ("skypefp_tcp",), "neither": ("skypefp_udp", "skypefp_tcp")}
FIRST = ("-o", "tcp.try_heuristic_first:TRUE", "-o", "udp.try_heuristic_first:TRUE")
NOTES = ("-o", "skypefp.near_misses:TRUE")
FIELDS = (*runner.FIELDS, "skypefp.proof", "skypefp.tcp.face", "skypefp.tcp.unjudged", "skypefp.near_miss")
ANYTHING = "skypefp || skypefp.tcp.unjudged || skypefp.near_miss"
UNCLAIMED = ("tcp-seed-reuse-z01", "tcp-seed-generator", "tcp-login-2015", "tcp-padding-run-5")     # ports that nobody knows


def capture_of(name):
    return runner.TEST_CAPTURES / f"{name}.pcap"


@functools.cache
def findings(tshark, name, two_pass, options=()):
    """Marks and notes alike; every test of a capture wants the plain ones."""
    return tshark.marks(capture_of(name), two_pass, (*NOTES, *options), FIELDS, ANYTHING)


def test_both_are_in_enabled_protocols(user):
    listed = [line.split("\t") for line in user.text("-G", "heuristic-decodes").splitlines()]
    own = [row for row in listed if row[1] == "skypefp"]
    assert sorted(row[0] for row in own) == ["tcp", "udp"] and all("T" in row for row in own)


@pytest.mark.parametrize("name, two_pass", ONCE_AND_TWICE)
def test_same_findings_without_the_heuristics(user, name, two_pass):
    found = findings(user, name, two_pass)
    assert found
    for heuristics in OFF.values():
        options = tuple(argument for heuristic in heuristics for argument in ("--disable-heuristic", heuristic))
        assert findings(user, name, two_pass, options) == found


@pytest.mark.parametrize("name, two_pass", ONCE_AND_TWICE)
def test_same_findings_with_the_heuristics_first(user, name, two_pass):
    assert findings(user, name, two_pass, FIRST) == findings(user, name, two_pass)


@pytest.mark.parametrize("two_pass", (False, True), ids=("one-pass", "two-passes"))
@pytest.mark.parametrize("name, ports", [("tcp-seed-reuse-z01", "tcp.port==40002"), ("tcp-seed-generator", "tcp.port==50026"),
                                         ("tcp-login-2015", "tcp.port==13392")])
@pytest.mark.parametrize("protocol", ["http", "tls", "dns"])
def test_same_findings_after_decode_as(user, name, ports, protocol, two_pass):
    assert findings(user, name, two_pass, ("-d", f"{ports},{protocol}")) == findings(user, name, two_pass)


@pytest.mark.parametrize("name", runner.sample(TCP, 4))
def test_sharkd_agrees(user, name):
    capture = capture_of(name)
    rows = sharkd.read(user, [capture], FIELDS, [("skypefp.near_misses", "TRUE")], ANYTHING)[capture]
    assert isinstance(rows, list), rows
    assert [int(row["frame.number"]) for row in rows] == [int(row["frame.number"]) for row in findings(user, name, True)]
    assert [row["skypefp.rule"].split(",") for row in rows] == \
        [row["skypefp.rule"].split(runner.SEPARATOR) for row in findings(user, name, True)]


@pytest.mark.parametrize("name", UNCLAIMED)
def test_a_proven_conversation_is_claimed(user, name):
    """In two passes from its first segment, in one from the proof on; the payload is SkypeFP's and no longer "Data"."""
    with_payload = "skypefp && tcp.len > 0"
    assert user.frames(capture_of(name), "skypefp && data", two_pass=True) == []
    claimed = user.frames(capture_of(name), "skypefp.tcp.payload", two_pass=True)
    assert claimed and claimed == user.frames(capture_of(name), with_payload, two_pass=True)
    assert user.frames(capture_of(name), "skypefp.tcp.payload") == user.frames(capture_of(name), with_payload)
    without = ("--disable-heuristic", "skypefp_tcp")
    assert user.frames(capture_of(name), "skypefp.tcp.payload", True, without) == []
    assert user.frames(capture_of(name), "skypefp && (data || tls)", True, without)     # TLS has a heuristic, too


def test_what_http_and_tls_claim_stays_theirs(user):
    for name, protocol in (("tcp-port-80", "http"), ("tcp-fake-tls", "tls")):
        with_it = user.frames(capture_of(name), protocol, two_pass=True)
        assert with_it and with_it == user.frames(capture_of(name), protocol, True, ("--disable-protocol", "skypefp"))
        assert user.frames(capture_of(name), f"skypefp && {protocol}", two_pass=True)


def test_the_octets_of_the_proof_are_fields(user):
    """x[i+1] = 0xCD x[i] + 0x71 holds from the third octet of the plaintext on."""
    fields = ("skypefp.tcp.seed", "skypefp.tcp.part_one", "skypefp.tcp.part_two", "skypefp.tcp.cancelled", "tcp.payload")
    rows = user.marks(capture_of("tcp-seed-reuse-z01"), True, fields=fields, display_filter='skypefp.rule == "tcp.seed_reuse"')
    assert rows
    for row in rows:
        payload = bytes.fromhex(row["tcp.payload"].replace(":", ""))
        parts = [bytes.fromhex(row[field].replace(":", "").replace(" ", "")) for field in fields[1:4]]
        assert int(row["skypefp.tcp.seed"], 16) == int.from_bytes(payload[:4], "big")
        assert (parts[0], parts[1]) == (payload[4:14], payload[14:23])
        assert parts[2] == bytes(a ^ b ^ c for a, b, c in zip(parts[0], parts[1], bytes.fromhex("000100000001000000")))
        assert all(parts[2][i + 1] == (0xcd * parts[2][i] + 0x71) % 256 for i in range(2, 8))


def info_of(user, name):
    """Frame -> what the Info column says."""
    lines = user.read(capture_of(name), "-T", "tabs", "-o", 'gui.column.format:"No.","%m","Info","%i"', two_pass=True).splitlines()
    return {int(frame): info for frame, info in (line.split("\t") for line in lines)}


def test_info_is_true_of_the_frame(user):
    """Only the frame with the evidence says what it shows; the others say what they are."""
    name = "tcp-seed-reuse-z01"
    info = info_of(user, name)
    marked = set(user.frames(capture_of(name), two_pass=True))
    proofs = set(user.frames(capture_of(name), "skypefp.rule", two_pass=True))
    assert proofs and proofs < marked
    for frame in marked:
        assert info[frame].startswith("First message with a reused keystream" if frame in proofs else "Skype, TCP conversation proven in")
    assert info[5] == "Skype, TCP conversation proven in 4, data, 40 bytes"
    assert info[6].startswith("Skype, TCP conversation proven in 4, end | ")


@pytest.mark.parametrize("name", ["tcp-fake-tls", "tcp-login-2015"])
def test_what_tls_takes_for_tls_is_explained(user, name):
    """Each marked frame that TLS's dissector claims, and no other one; also when the user says that it is TLS."""
    options = ("-d", "tcp.port==13392,tls")
    explained = user.frames(capture_of(name), "skypefp.expert.not_tls", True, options)
    assert explained and explained == user.frames(capture_of(name), "skypefp && tls", True, options)
