# SPDX-License-Identifier: GPL-2.0-or-later
"""A port changes hands: foreign flows on ports that Skype used before or uses later are not marked.

Each foreign flow is moved onto ends of Skype's, seconds to a month after Skype's last packet there or before its first one. With
peers of its own nothing of it may be marked at any distance. Between the same two ends a datagram with a shape of Skype's may be, as
long as that pair is open: 10 minutes. How often that happens is printed (pytest -rP).

Two made kinds are evidence themselves and counted apart. `answer_shape` echoes an id in 11 octets, 16 bits; it is marked
where the port is proven by TCP or by echoes alone. `opaque` and `small` answer with random octets, which on a port that gave
the bare 404 within a day is `tcp.garbage_answer` itself.
"""
import collections
import dataclasses
import random

import pytest

pytest.importorskip("scapy")

import grafts
import judged
import tshark as runner

DISTANCES_S = (10, 600, grafts.HOUR_S, grafts.DAY_S, grafts.MONTH_S)
SAME_PAIR_S = (10, 300)  # open
CLOSED_S = (620, grafts.HOUR_S, grafts.DAY_S, grafts.MONTH_S)
EVERY = 4  # of the captures of other protocols
N_PLACES = 6  # that each flow is moved onto
BUNDLED = ("udp-one-way-client.pcap", "udp-published-exchange.pcap", "udp-chain.pcap", "udp-fragments-generator.pcap",
           "udp-association.pcap", "udp-nat-two-answerers.pcap", "tcp-bare-form.pcap", "tcp-seed-reuse-z01.pcap",
           "tcp-responder-labels.pcap", "tcp-two-faces-and-echo.pcap")
REAL = ("skype-irc.cap", "skype-2015.pcap")
MAX_SHARE_OPEN = 0.03  # of foreign datagrams on an open pair, worst cases apart
ECHO, RANDOM_SERVERS = "answer_shape", ("opaque", "small")


@dataclasses.dataclass
class Host:
    """A capture of Skype's and the places in it, by kind."""
    name: str
    packets: list
    places: dict


def host_of(path):
    packets = list(judged.of_capture(path))
    counts = judged.run(judged.script_of({path.name: packets}) + f"run base {path.name}\n")["base", path.name]
    places = collections.defaultdict(list)
    for place in grafts.places(packets, counts.marked):
        places[place.kind].append(place)
    return Host(path.name, packets, places)


@pytest.fixture(scope="module")
def hosts():
    paths = [runner.TEST_CAPTURES / name for name in BUNDLED]
    paths += [runner.CORPUS / "skype" / name for name in REAL if (runner.CORPUS / "skype" / name).is_file()]
    return [host_of(path) for path in paths]


@pytest.fixture(scope="module")
def flows():
    made = [flow for seed in range(4) for flow in (*grafts.made_flows(seed), *grafts.made_conversations(seed))]
    folder = runner.CORPUS / "other"
    return made + (list(grafts.real_flows(folder, EVERY)) if folder.is_dir() else [])


def begin_of(flow, place, distance_s, is_before):
    distance_us = distance_s * judged.SECOND_US
    return place.first_us - distance_us - grafts.duration_us(flow) if is_before else place.last_us + distance_us


def graft_all(hosts, flows, distances, ends_of, kinds):
    """Moves every flow onto places of every kind, chosen by chance with a fixed seed: (host, place, distance, flow) -> Counts."""
    script, cases = [judged.script_of({host.name: host.packets for host in hosts})], {}
    for flow in flows:
        rng = random.Random(f"graft {flow.name}")
        for _ in range(N_PLACES):
            host = rng.choice([host for host in hosts if any(host.places[kind] for kind in kinds)])
            place = rng.choice(host.places[rng.choice([kind for kind in kinds if host.places[kind]])])
            distance, is_before, is_server = rng.choice(distances), rng.random() < 0.3, rng.random() < 0.5
            ends = ends_of(flow, place)
            grafted = grafts.moved(flow, tuple(reversed(ends)) if is_server else ends, begin_of(flow, place, distance, is_before))
            title = str(len(cases))
            cases[title] = (host, place, -distance if is_before else distance, flow)
            script.append(judged.script_of({"graft": grafted}) + f"run {title} {host.name} graft\n")
    found = judged.run("".join(script))
    return [(*case, found[title, "graft"]) for title, case in cases.items()]


def kind_of(flow):
    return flow.name.split(" ")[0]


def say(results, what):
    """Prints how many packets were marked, and returns where."""
    n, marked = sum(counts.n for *_, counts in results), sum(counts.n_marked for *_, counts in results)
    print(f"{what}: {len(results)} grafts, {n} foreign packets, {marked} marked")
    return [(host.name, place.kind, distance, flow.name, counts.n_marked, sorted(counts.rules))
            for host, place, distance, flow, counts in results if counts.n_marked]


def is_evidence_itself(host, place, distance, flow, counts):
    """Whether what was grafted is half of a fact on a port that shows the other half, or that nothing but TCP or echoes proves."""
    if kind_of(flow) in RANDOM_SERVERS:
        return counts.rules == {"tcp.garbage_answer"} and abs(distance) <= grafts.DAY_S
    return kind_of(flow) == ECHO and counts.rules <= {"udp.echo", "endpoint.both"} and abs(distance) <= grafts.DAY_S


def wrong(results, what):
    """What is marked and is not evidence itself."""
    apart = [result for result in results if result[-1].n_marked and is_evidence_itself(*result)]
    if apart:
        say(apart, f"{what}, evidence themselves")
    return say([result for result in results if not any(result is one for one in apart)], what)


def own_peer(flow, place):
    return place.end, grafts.OWN_SERVER if flow.ends[1] != grafts.OWN_SERVER else grafts.OWN_CLIENT


def same_pair(_flow, place):
    return place.end, place.partner


def udp(flows):
    return [flow for flow in flows if not flow.is_tcp]


def tcp(flows):
    return [flow for flow in flows if flow.is_tcp]


EVERYWHERE = ("client", "peer", "listener", "ephemeral")


def test_foreign_datagrams_with_peers_of_their_own(hosts, flows):
    assert not wrong(graft_all(hosts, udp(flows), DISTANCES_S, own_peer, EVERYWHERE), "own peers")


def test_foreign_datagrams_on_a_closed_pair(hosts, flows):
    assert not wrong(graft_all(hosts, udp(flows), CLOSED_S, same_pair, ("client", "peer")), "closed pair")


def test_foreign_datagrams_on_an_open_pair(hosts, flows):
    """Not zero: in an open pair a shape is enough. Few real datagrams have one; the made worst cases always do."""
    results = graft_all(hosts, udp(flows), SAME_PAIR_S, same_pair, ("client", "peer"))
    for kind in (made.__name__ for made in grafts.MADE):
        say([result for result in results if kind_of(result[3]) == kind], f"open pair, {kind}")
    real = [result for result in results if "#" in result[3].name]
    say(real, "open pair, real flows")
    n, marked = sum(counts.n for *_, counts in real), sum(counts.n_marked for *_, counts in real)
    assert n > 0 and marked <= MAX_SHARE_OPEN * n


def test_random_octets_on_an_open_pair(hosts):
    """Of random datagrams one in 32 is data by its shape; others rarely have one."""
    flows = [flow for seed in range(60) for flow in grafts.made_flows(seed) if kind_of(flow) == "random_octets"]
    results = graft_all(hosts, flows, SAME_PAIR_S, same_pair, ("client", "peer"))
    n, marked = sum(counts.n for *_, counts in results), sum(counts.n_marked for *_, counts in results)
    say(results, "open pair, random octets")
    assert n > 10000 and marked <= n / 20


def test_foreign_conversations_with_peers_of_their_own(hosts, flows):
    assert not wrong(graft_all(hosts, tcp(flows), DISTANCES_S, own_peer, EVERYWHERE), "own peers, TCP")


def test_foreign_conversations_between_the_same_hosts(hosts, flows):
    """From another port of the client, as the next connection of a host has."""
    def ends(_flow, place):
        return (place.end[0], 1024 + place.end[1] // 2), place.partner
    results = graft_all(hosts, tcp(flows), (*SAME_PAIR_S, *CLOSED_S), ends, ("ephemeral", "client", "peer"))
    assert not wrong(results, "same hosts, TCP")
