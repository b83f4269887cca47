# SPDX-License-Identifier: GPL-2.0-or-later
"""Four measured sessions, replayed whole, from the middle, in one direction and with losses: what must be found, and a table of it.

The table is printed with pytest -rP. The sessions begin and end in the middle of everything, so that no conversation shows its first
words; what the client sends proves its port, and its clocks and its host prove the conversations with Skype's servers.
"""
import random

import pytest

pytest.importorskip("scapy")

import judged
import life

HEAD = "| sessions seen | datagrams: marked of all | server conversations: likely or certain, possible, unjudged with the reason, of all |"
# View -> share of datagrams that must be marked, server conversations that must be at least likely.
MUST = {"whole": (0.995, 8), "from 25 %": (0.995, 7), "from 50 %": (0.995, 6), "from 75 %": (0.995, 4),
        "sent by the client only": (0.995, 7), "received by the client only": (0.25, 0), "5 % lost": (0.99, 7), "TCP alone": (1, 0)}
POSSIBLE = {"TCP alone": 8}  # server conversations that must be at least possible: nothing proves the host
SERVERS = 0.7  # share of server conversations that must be at least likely where both directions are seen
SHORT = "from 75 %"  # its few messages leave a grid of 30 s unrefuted in one of seven conversations, and so possible
BLIND = ("received by the client only", "TCP alone")  # nothing proves the host, which would make its conversations suspected


@pytest.fixture(scope="module")
def sessions(corpus):
    path = corpus / "skype" / "life-2015.tsv"
    if not path.is_file():
        pytest.skip(f"no {path}")
    return life.read(path)


@pytest.fixture(scope="module")
def found(sessions):
    """View -> list of (conversation, Counts) of all sessions."""
    by_view = {view: [] for view in life.VIEWS}
    for (_, view), conversations in life.judge(sessions).items():
        by_view[view] += conversations.items()
    return by_view


def datagrams(rows):
    udp = [counts for name, counts in rows if name.startswith("u")]
    return sum(counts.n_marked for counts in udp), sum(counts.n for counts in udp)


def servers(rows):
    """Server conversations that are at least likely, those that are possible, those of which is said why not, all."""
    tcp = [counts for name, counts in rows if name.startswith("t")]
    likely = sum(counts.n_marked > 0 for counts in tcp)
    possible = sum(counts.possible > 0 and counts.n_marked == 0 for counts in tcp)
    return likely, possible, sum(counts.unjudged != "" for counts in tcp), len(tcp)


def test_table(found):
    print(HEAD)
    print("| --- | --- | --- |")
    for view, rows in found.items():
        (marked, n), (likely, possible, unjudged, n_servers) = datagrams(rows), servers(rows)
        print(f"| {view} | {marked} of {n} | {likely}, {possible}, {unjudged} of {n_servers} |")
    assert set(found) == set(MUST)


@pytest.mark.parametrize("view", MUST)
def test_what_must_be_found(found, view):
    share, n_conversations = MUST[view]
    marked, n = datagrams(found[view])
    likely, possible, _, n_servers = servers(found[view])
    assert marked >= share * n
    assert likely >= n_conversations
    assert likely + possible >= POSSIBLE.get(view, 0)
    assert view in BLIND or view == SHORT or likely >= SERVERS * n_servers


@pytest.mark.parametrize("view", [view for view in MUST if view not in BLIND])
def test_what_is_not_found_has_a_reason(found, view):
    likely, possible, unjudged, n_servers = servers(found[view])
    assert likely + possible + unjudged == n_servers
    assert {counts.unjudged for _, counts in found[view]} <= {"", "started late", "too short"}


def test_a_replay_is_as_long_as_what_was_measured(sessions):
    for session, lines in sessions.items():
        packets = [packet for conversation in life.replay(session, lines).values() for packet in conversation]
        assert [packet.wire_len for packet in sorted(packets, key=lambda packet: packet.time_us)] == [line.octets for line in lines]
        assert all(len(packet.payload) == packet.wire_len for packet in packets)


def test_random_contents_of_the_same_shape_are_not_marked(sessions):
    """The same times, lengths and shapes without a generator, a rhythm or an address: nothing."""
    for session, lines in sessions.items():
        packets = life.replay(session, lines)
        shaped = [judged.Packet(packet.time_us, packet.src, packet.dst, packet.payload[:3] + bytes(reversed(packet.payload[3:])),
                                packet.wire_len) for name, conversation in packets.items() if name.startswith("u")
                  for packet in conversation if packet.wire_len > 11]
        counts = judged.run(judged.script_of({"shaped": shaped}) + "run x shaped\n")["x", "shaped"]
        assert counts.n > 20 and counts.n_marked == 0


# ---- a call ----

def call_of(minutes, per_s=33):
    """A client's payloads, then nothing but data as in a call, both ways, without anything that could be checked."""
    rng, client = random.Random("call"), life.Client("A")
    ends, packets = (client.end, (bytes([157, 1, 2, 3]), 40000)), []
    for turn in range(3):
        octets = rng.randbytes(2) + b"\2" + client.iv().to_bytes(4, "big") + rng.randbytes(20)
        packets.append(judged.Packet(turn * 1000, *ends, octets, len(octets)))
    for turn in range(minutes * 60 * per_s):
        for side in (0, 1):
            octets = rng.randbytes(2) + bytes([rng.getrandbits(3) << 4 | life.DATA]) + rng.randbytes(5)
            packets.append(judged.Packet(10_000 + turn * judged.SECOND_US // per_s + side, *ends[::1 - 2 * side], octets, 67))
    return packets


def test_a_call_of_an_hour_stays_marked_to_its_end():
    packets = call_of(60)
    counts = judged.run(judged.script_of({"call": packets}) + "run x call\n")["x", "call"]
    assert counts.n > 237_000 and counts.certain == counts.n
    assert counts.in_one_pass == counts.n - 1  # the second payload proves the first
