# SPDX-License-Identifier: GPL-2.0-or-later
"""The life of a session in real time, on loopback: two nodes keep a path alive and send data, one of them talks to two servers.

SKYPEFP_LIFE_SECONDS says how long (default: 24, so that three keep-alives a side fit in). The clocks are Skype's own, 10 s on the path, 120 s
and 540 s at the servers, of which one message each fits into a minute: the conversations are proven by their first words, and seen from the
middle they are what lengths on a proven host give, possible. What clocks show is in the replays of tests/robustness/test_life.py.
"""
import collections
import contextlib
import dataclasses
import json
import os
import pathlib
import struct
import time

import pytest

import loopback
import tshark as runner
from loopback import LOOPBACK, NODE

SECONDS = int(os.environ.get("SKYPEFP_LIFE_SECONDS", "24"))
MIDDLE_S = 6  # a capture that begins then has neither a conversation's first words nor the beginning of the path
PEER, SUPERNODE, LOGIN = "127.0.0.2", "127.0.0.3", "127.0.0.4"
FIELDS = ("frame.number", "udp.length", "udp.srcport", "tcp.srcport", "tcp.dstport", "skypefp.udp.function", "skypefp.verdict")


@dataclasses.dataclass
class Life:
    """Ports of the four nodes, the whole recording, and what of it a later beginning leaves."""
    client: int
    peer: int
    supernode: int
    login: int
    whole: pathlib.Path
    middle: pathlib.Path


def is_bound(port):
    """Whether a socket for datagrams has the port."""
    return f":{port:04X} " in pathlib.Path("/proc/net/udp").read_text(encoding="ascii")


@contextlib.contextmanager
def path_node(address, port, to, *options):
    """One end of a path, until it ends by itself."""
    command = [NODE, "--address", address, "--port", port, "--path", to, "--seconds", SECONDS, *options]
    with loopback.running(command, lambda: is_bound(port)) as process:
        yield
        process.wait(SECONDS + 30)
    assert process.returncode == 0, "the node did not end well"


@contextlib.contextmanager
def talker(*options):
    with loopback.running([NODE, "--seconds", SECONDS, *options], lambda: True) as process:
        yield
        process.wait(SECONDS + 30)
    assert process.returncode == 0, "the client did not end well"


def cut(whole, seconds):
    """What a capture that begins so much later holds: a file of tcpdump's, in the byte order of this machine."""
    octets = whole.read_bytes()
    kept, at, begin = [octets[:24]], 24, None
    while at + 16 <= len(octets):
        second, microsecond, length, _ = struct.unpack_from("=IIII", octets, at)
        begin = begin or second + microsecond / 1e6
        if second + microsecond / 1e6 >= begin + seconds:
            kept.append(octets[at:at + 16 + length])
        at += 16 + length
    return b"".join(kept)


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    folder = tmp_path_factory.mktemp("life")
    client, peer = loopback.free_port(), loopback.free_port()
    whole, middle = folder / "whole.pcap", folder / "middle.pcap"
    try:
        with contextlib.ExitStack() as stack:
            supernode, login = (stack.enter_context(loopback.node("--address", address, "--answers", "--idle", 60000, "--seed", seed))
                                for address, seed in ((SUPERNODE, 33), (LOGIN, 34)))
            with loopback.recording(whole, (client, peer, supernode, login)), \
                    path_node(PEER, peer, f"{LOOPBACK}:{client}", "--seed", 31), \
                    path_node(LOOPBACK, client, f"{PEER}:{peer}", "--seed", 32, "--file"), \
                    talker("--supernode", f"{SUPERNODE}:{supernode}", "--seed", 35), \
                    talker("--login", f"{LOGIN}:{login}", "--seed", 36):
                time.sleep(SECONDS)
    except loopback.Unavailable as reason:
        pytest.skip(str(reason))
    middle.write_bytes(cut(whole, MIDDLE_S))
    return Life(client, peer, supernode, login, whole, middle)


def report(user, capture):
    return json.loads(user.read(capture, "-q", "-z", "skypefp,report"))


def rows(user, capture, display_filter, two_pass=True):
    return user.marks(capture, two_pass, fields=FIELDS, display_filter=display_filter)


@pytest.mark.parametrize("part", ["whole", "middle"])
def test_the_path_is_marked(user, life, part):
    """Payloads, acks, keep-alives and data, both ways."""
    found = rows(user, getattr(life, part), "udp")
    assert len(found) > 250 and {row["skypefp.verdict"] for row in found} == {str(runner.CERTAIN)}


def test_keep_alives_are_on_time(user, life):
    keepalives = collections.Counter(row["udp.srcport"] for row in rows(user, life.whole, "udp.length == 11 && skypefp.udp.function == 0xd"))
    assert set(keepalives) == {str(life.client), str(life.peer)}
    assert min(keepalives.values()) >= SECONDS // 10
    contact, = report(user, life.whole)["contacts"]
    assert abs(contact["keepalive_interval_us"] - 10_000_000) < 500_000
    assert contact["verdict"] == "certain"


def test_bursts_are_a_call_and_a_file(user, life):
    contact, = report(user, life.whole)["contacts"]
    assert [burst["consistent_with"] for burst in contact["bursts"]] == ["call", "file transfer"]


def test_one_pass_marks_from_the_proof_on(user, life):
    one, two = (user.frames(life.whole, two_pass=two_pass) for two_pass in (False, True))
    assert set(one) <= set(two) and len(one) > 0.95 * len(two)


@pytest.mark.parametrize("server", ["supernode", "login"])
def test_a_conversation_is_marked_to_its_end(user, life, server):
    port = getattr(life, server)
    found = rows(user, life.whole, f"tcp.port == {port} && (tcp.len > 0 || tcp.flags.fin == 1)")
    assert len(found) >= 6 and {row["skypefp.verdict"] for row in found} == {str(runner.CERTAIN)}


def test_from_the_middle_a_conversation_is_possible(user, life):
    """Its lengths, on a host that the path proves; without ticks of its clock no more."""
    conversation, = (row for row in report(user, life.middle)["conversations"] if row["transport"] == "tcp")
    assert conversation["destination"]["port"] == life.supernode
    assert conversation["verdict"] == "possible" and conversation["rules"] == ["tcp.small_talk"]
    assert not rows(user, life.middle, "tcp && skypefp")
