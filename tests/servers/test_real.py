# SPDX-License-Identifier: GPL-2.0-or-later
"""The real captures of peer-to-peer Skype, against lists made by independent code."""
import csv
import re

import pytest

import tshark as runner

LINKS = ("frame.number", "skypefp.udp.request_in", "skypefp.udp.reply_in", "skypefp.udp.nak_in", "skypefp.udp.resend_in",
         "skypefp.udp.reflected", "skypefp.verdict", "skypefp.endpoint", "skypefp.rule", "ip.src", "ip.dst", "tcp.srcport", "tcp.dstport")
CLIENT_PORT = "udp.port == 35990 && !icmp"  # a quoted copy is no message
FIRST_PAIR = 184  # of IVs in skype-irc.cap
BEFORE_THEIR_PAIRS_OPEN = [561, 774, 1867, 2110]  # 1867: the client restarts, its next payload proves this one


@pytest.fixture(scope="module")
def skype(corpus):
    folder = corpus / "skype"
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    return folder


def table(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def numbers(row, field):
    return [int(number) for number in runner.values(row, field)]


@pytest.fixture(scope="module")
def irc(tshark, skype):
    """Marked frame -> its fields, skype-irc.cap in two passes."""
    return {int(row["frame.number"]): row for row in tshark.marks(skype / "skype-irc.cap", two_pass=True, fields=LINKS)}


@pytest.fixture(scope="module")
def mac(tshark, skype):
    """The same of skype-2015.pcap."""
    return {int(row["frame.number"]): row for row in tshark.marks(skype / "skype-2015.pcap", two_pass=True, fields=LINKS)}


def datagrams(marks):
    return sorted(frame for frame, row in marks.items() if not row["tcp.srcport"])


def conversation(row):
    """Its two ends. (The number tcp.stream of a conversation is not the same in every Wireshark.)"""
    return frozenset({f"{row['ip.src']}:{row['tcp.srcport']}", f"{row['ip.dst']}:{row['tcp.dstport']}"})


def listed_conversation(row):
    return frozenset({row["endpoint_a"], row["endpoint_b"]})


def test_irc_datagrams(tshark, skype, irc):
    expected = tshark.frames(skype / "skype-irc.cap", CLIENT_PORT)
    assert len(expected) == 326
    assert datagrams(irc) == expected


def test_irc_exchanges(skype, irc):
    """Every exchange is linked both ways, with the address that the asker was told."""
    exchanges = table(skype / "skype-irc.exchanges.tsv")
    assert len(exchanges) == 37
    for exchange in exchanges:
        request, reply = int(exchange["request"]), int(exchange["reply"])
        assert numbers(irc[reply], "skypefp.udp.request_in") == [request], exchange
        assert numbers(irc[request], "skypefp.udp.reply_in") == [reply], exchange
        assert irc[reply]["skypefp.udp.reflected"] == exchange["reflected"]
        assert {"udp.echo", "udp.reflect"} <= set(runner.values(irc[reply], "skypefp.rule")), exchange


def test_irc_answers_and_no_others(skype, irc):
    """What carries the asker's address is the answers of the list."""
    replies = {int(exchange["reply"]) for exchange in table(skype / "skype-irc.exchanges.tsv")}
    assert {frame for frame, row in irc.items() if row["skypefp.udp.reflected"]} == replies


def test_irc_resend_chains(skype, irc):
    chains = [tuple(int(exchange[step]) for step in ("request", "reply", "resend"))
              for exchange in table(skype / "skype-irc.exchanges.tsv") if exchange["kind"] == "resend"]
    assert chains == [(214, 215, 216), (1870, 1873, 1874)]
    for request, nak, resend in chains:
        assert numbers(irc[resend], "skypefp.udp.nak_in") == [nak]
        assert numbers(irc[resend], "skypefp.udp.request_in") == [request]
        assert numbers(irc[nak], "skypefp.udp.resend_in") == [resend]
        assert numbers(irc[request], "skypefp.udp.resend_in") == [resend]
        assert "udp.resend" in runner.values(irc[resend], "skypefp.rule")
    assert {frame for frame, row in irc.items() if row["skypefp.udp.nak_in"]} == {216, 1874}


def test_irc_client_is_certain(irc):
    verdicts = {row["skypefp.verdict"] for row in irc.values() if row["skypefp.endpoint"] == "192.168.1.2:35990"}
    assert verdicts == {str(runner.CERTAIN)}
    assert all(runner.LIKELY <= int(verdict) for row in irc.values() for verdict in runner.values(row, "skypefp.verdict"))


def test_irc_one_pass(tshark, skype, irc):
    """From the first pair of IVs on, what two passes mark of the client's port: of a pair of endpoints from its first checked message on.
    What comes before that, peers' payloads and a first answer, waits for the second pass."""
    frames = tshark.frames(skype / "skype-irc.cap")
    assert min(frames) == FIRST_PAIR
    assert set(frames) <= set(irc)
    assert [frame for frame in datagrams(irc) if frame >= FIRST_PAIR and frame not in frames] == BEFORE_THEIR_PAIRS_OPEN


def assert_streams(marks, rows):
    """Exactly the conversations of the list are marked, and on their frames there are the rules that it names.

    The list names the first frame of a direction. Behind a fake hello the proof of seed reuse is in a later one.
    """
    segments = {frame: mark for frame, mark in marks.items() if mark["tcp.srcport"]}
    assert len({listed_conversation(row) for row in rows}) == len(rows)
    assert {conversation(mark) for mark in segments.values()} == {listed_conversation(row) for row in rows}
    for row in rows:
        fired = {(rule, frame) for frame, mark in segments.items() if conversation(mark) == listed_conversation(row)
                 for rule in runner.values(mark, "skypefp.rule")}
        named = re.findall(r"(\w+)@(\d+)", row["markers (rule@first frame)"])
        assert named
        for name, first in named:
            rule, frame = f"tcp.{name}", int(first)
            is_behind_hello = name == "seed_reuse" and "fake_tls" in row["markers (rule@first frame)"]
            assert (rule, frame) in fired or (is_behind_hello and any(
                where == rule and at > frame for where, at in fired)), f"{rule} is missing on frame {frame}"


def test_irc_streams(skype, irc):
    rows = table(skype / "skype-irc.tcp.tsv")
    assert len(rows) == 8
    assert_streams(irc, rows)


def test_mac_streams(skype, mac):
    rows = table(skype / "skype-2015.tcp.tsv")
    assert len(rows) == 86
    assert_streams(mac, rows)


def test_mac_datagrams(tshark, skype, mac):
    expected = tshark.frames(skype / "skype-2015.pcap", "udp.port == 13021 && !icmp")
    assert len(expected) == 152
    assert datagrams(mac) == expected
    assert not any(row["skypefp.udp.reply_in"] for row in mac.values())


def test_one_way(tshark, skype):
    """Three retransmissions: the second and third repeat the first one's CRC, which is marked by inheritance."""
    rows = {int(row["frame.number"]): row for row in tshark.marks(skype / "skype-one-way.pcap", two_pass=True)}
    assert {1, 2, 3} <= set(rows)
    assert [frame for frame in (1, 2, 3) if "udp.repeat" in runner.values(rows[frame], "skypefp.rule")] == [2, 3]
    assert rows[1]["skypefp.inherited"] in {"1", "True"}


@pytest.mark.parametrize("display_filter", ["skypefp", "skypefp.rule", "frame.number > 500 && skypefp"])
def test_any_filter_gives_the_same(tshark, skype, irc, display_filter):
    """What is displayed changes no finding."""
    rows = tshark.marks(skype / "skype-irc.cap", two_pass=True, fields=LINKS, display_filter=display_filter)
    assert rows
    assert all(row == irc[int(row["frame.number"])] for row in rows)


def test_again_gives_the_same(tshark, skype, mac):
    """Another run draws another hash seed."""
    again = tshark.marks(skype / "skype-2015.pcap", two_pass=True, fields=LINKS)
    assert {int(row["frame.number"]): row for row in again} == mac


def test_filters_and_fields(tshark, skype, irc):
    capture = skype / "skype-irc.cap"
    by_name = tshark.frames(capture, 'skypefp.verdict == "certain"', two_pass=True)
    assert by_name and by_name == tshark.frames(capture, "skypefp.verdict == 3", two_pass=True)
    assert set(by_name) == {frame for frame, row in irc.items() if str(runner.CERTAIN) in runner.values(row, "skypefp.verdict")}
    echoes = tshark.frames(capture, 'skypefp.rule == "udp.echo"', two_pass=True)
    assert echoes == sorted(frame for frame, row in irc.items() if "udp.echo" in runner.values(row, "skypefp.rule"))
    told = tshark.frames(capture, "skypefp.udp.reflected == 86.128.245.115", two_pass=True)
    assert len(told) == 34 and told[0] == 215
