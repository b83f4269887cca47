# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch merge: evidence adds up over captures, the order does not matter, and nothing counts twice."""
import itertools
import json
import os
import resource
import struct
import shlex
import subprocess
import time

import pytest

import hostile_captures
from batches import BOTH, CLEAN, CLEAN_EXIT, FINDINGS, FOUND, INCOMPLETE, LIKELY, POSSIBLE, USAGE, batch  # noqa: F401

NODE = ("192.168.0.14", 48915)


def split(batch, source, name, *ranges):
    """Parts of a capture, each with the frames of a range such as "1-9"."""
    parts = []
    for i, frames in enumerate(ranges):
        path = batch.make(f"{name}-{i}.pcap")
        subprocess.run(["editcap", "-F", "pcap", "-r", source, path, frames], check=True, capture_output=True)
        parts.append(path)
    return parts


def report(batch, name, *captures):
    """A JSON Lines report on captures."""
    batch.call("--quiet", "--format", "jsonl", "-o", name, *captures)
    return name


def merge(batch, *arguments, code=None):
    process = batch.call("merge", *arguments)
    assert code is None or process.returncode == code, (process.returncode, process.stdout, process.stderr)
    return process.stdout


def merged(batch, *arguments, code=None):
    document = json.loads(merge(batch, *arguments, code=code))
    assert document["schema"] == "skypefp-merge/2"
    return document


def endpoints(document):
    """Evidence and verdict by address and port; a private one by capture too."""
    return {(end["address"], end["port"], end["only_in"]): end for end in document["endpoints"]}


def only(document, address, port):
    found = [end for end in document["endpoints"] if (end["address"], end["port"]) == (address, port)]
    assert len(found) == 1, found
    return found[0]


def rules(endpoint):
    return {entry["rule"]: entry["bits"] for entry in endpoint["evidence"]}


@pytest.fixture(scope="module")
def halves(batch):  # noqa: F811
    """The facade in one capture and the garbage answer in the next: no capture alone is more than possible."""
    parts = split(batch, LIKELY, "half", "1-9", "10-17")
    return [report(batch, f"half-{i}.jsonl", part) for i, part in enumerate(parts)]


def test_facade_and_garbage_in_two_captures(batch, halves):  # noqa: F811
    alone = [merged(batch, half, "--same-network", code=CLEAN_EXIT) for half in halves]
    assert rules(only(alone[0], *NODE)) == {"tcp.http_facade": 16} and alone[1]["endpoints"] == []
    both = merged(batch, "--same-network", *halves, code=FINDINGS)
    node = only(both, *NODE)
    whole, = batch.lines(batch.copy(LIKELY, "whole.pcap"), code=FINDINGS)
    expected, = (end for end in whole["endpoints"] if (end["address"], end["port"]) == NODE)
    assert (node["verdict"], node["bits"], node["service"]) == (expected["verdict"], expected["bits"], "skype")
    assert rules(node) == {"tcp.http_facade": 16, "tcp.garbage_answer": 27}
    assert node["captures"] == [capture["file"]["sha256"] for capture in both["captures"]]
    # 192.168.0.14 in two captures is not one machine.
    apart = merged(batch, *halves, code=CLEAN_EXIT)
    assert [rules(end) for end in apart["endpoints"]] == [{"tcp.http_facade": 16}]
    assert apart["endpoints"][0]["only_in"] == both["captures"][0]["file"]["sha256"]


def test_facade_and_garbage_of_a_global_address(batch):  # noqa: F811
    """As above, without --same-network: a global address is one machine."""
    octets = LIKELY.read_bytes().replace(bytes([192, 168, 0, 14]), bytes([9, 9, 9, 9]))
    parts = split(batch, batch.make("global.pcap", octets), "global-half", "1-9", "10-17")
    node = only(merged(batch, report(batch, "global.jsonl", *parts), code=FINDINGS), "9.9.9.9", 48915)
    assert rules(node) == {"tcp.http_facade": 16, "tcp.garbage_answer": 27} and node["only_in"] is None


def test_what_is_no_file_is_written_to(batch, halves):  # noqa: F811
    """A device, a pipe or a link is not replaced by a file, which root could do even with /dev/null."""
    expected = merge(batch, *halves, code=CLEAN_EXIT)
    assert merge(batch, "-o", "/dev/null", *halves, code=CLEAN_EXIT) == ""
    pipe, link = batch.folder / "merged.pipe", batch.folder / "link.json"
    os.mkfifo(pipe)
    batch.give(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True) as reader:
        merge(batch, "-o", pipe, *halves, code=CLEAN_EXIT)
        assert reader.stdout.read() == expected
    link.symlink_to("merged.json")
    merge(batch, "-o", link, *halves, code=CLEAN_EXIT)
    assert pipe.is_fifo() and link.is_symlink() and (batch.folder / "merged.json").read_text() == expected


def test_private_addresses_stay_apart(batch):  # noqa: F811
    later = bytearray(FOUND.read_bytes())
    later[24] += 1      # the first frame's time: the same frames in a capture with another content
    name = report(batch, "apart.jsonl", batch.copy(FOUND, "apart-a.pcap"), batch.make("apart-b.pcap", bytes(later)))
    apart = [end for end in merged(batch, name)["endpoints"] if (end["address"], end["port"]) == NODE]
    assert len(apart) == len({end["only_in"] for end in apart}) == 2
    together = only(merged(batch, "--same-network", name), *NODE)
    assert together["only_in"] is None and {entry["captures"] for entry in together["evidence"]} == {2}


# ---- time ----

GLOBAL_NODE = bytes([9, 9, 9, 9])


def later(octets, seconds, node=GLOBAL_NODE):
    """A capture with another clock, and its node at a global address, which is one machine in all captures."""
    octets, at = bytearray(octets.replace(bytes([192, 168, 0, 14]), node)), 24
    while at < len(octets):
        moment, _, length, _ = struct.unpack_from("<IIII", octets, at)
        struct.pack_into("<I", octets, at, moment + seconds)
        at += 16 + length
    return bytes(octets)


def tenancies(document, port=48915):
    return sorted((end["first_evidence_time"], end["last_evidence_time"], end["verdict"], sum(entry["captures"] for entry in end["evidence"]))
                  for end in document["endpoints"] if (end["address"], end["port"]) == ("9.9.9.9", port))


@pytest.mark.parametrize("seconds, n", [(600, 1), (3500, 1), (3700, 2), (86400, 2), (4 * 86400, 2)])
def test_a_port_of_another_day_is_another_tenancy(batch, seconds, n):  # noqa: F811
    """UDP evidence of one address and port: an hour without any ends a tenancy."""
    name = f"tenancy-{seconds}"
    captures = [batch.make(f"{name}-{i}.pcap", later(FOUND.read_bytes(), i * seconds)) for i in range(2)]
    rows = tenancies(merged(batch, report(batch, f"{name}.jsonl", *captures), code=FINDINGS))
    assert len(rows) == n and [row[2] for row in rows] == ["certain"] * n and rows[0][0] == "2010-01-01T00:00:00.010000Z"
    if n == 1:      # a third capture in between joins what is too far apart
        assert rows[0][0] < rows[0][1]
    between = batch.make(f"{name}-between.pcap", later(FOUND.read_bytes(), min(seconds // 2, 3500)))
    joined = tenancies(merged(batch, f"{name}.jsonl", report(batch, f"{name}-between.jsonl", between)))
    assert len(joined) == (1 if seconds <= 3700 else 2) and sum(row[3] for row in joined) == 3 * rows[0][3] // (2 if n == 1 else 1)


@pytest.mark.parametrize("hours, is_joined", [(0, True), (20, True), (25, False), (24 * 30, False)])
def test_halves_of_a_proof_lie_a_day_apart(batch, hours, is_joined):  # noqa: F811
    """The facade in one capture and the binary answer in another: a listening port keeps its owner for a day."""
    parts = split(batch, batch.make(f"day-{hours}.pcap", later(LIKELY.read_bytes(), 0)), f"day-{hours}", "1-9", "10-17")
    for order in (1, -1):
        last = batch.make(f"day-{hours}-{order}-later.pcap", later(parts[1].read_bytes(), order * hours * 3600))
        document = merged(batch, report(batch, f"day-{hours}-{order}.jsonl", parts[0], last))
        node = only(document, "9.9.9.9", 48915)
        assert ("tcp.garbage_answer" in rules(node)) == is_joined and (node["verdict"] == "likely") == is_joined


def test_a_long_tenancy_does_not_join_far_halves(batch):  # noqa: F811
    """Evidence every half hour keeps the tenancy, but a facade of the first day and a binary answer of the third are no proof."""
    parts = split(batch, batch.make("far.pcap", later(LIKELY.read_bytes(), 0)), "far", "1-9", "10-17")
    offset = json.loads(json.dumps(merged(batch, report(batch, "far-0.jsonl", parts[0]))))["endpoints"][0]["first_evidence_time"]
    assert offset.startswith("2010-01-01T00:0")
    bridge = [batch.make(f"far-bridge-{i}.pcap", later(FOUND.read_bytes(), i * 3400)) for i in range(52)]
    far = batch.make("far-late.pcap", later(parts[1].read_bytes(), 49 * 3600))
    node = only(merged(batch, report(batch, "far.jsonl", parts[0], *bridge, far)), "9.9.9.9", 48915)
    assert rules(node).keys() == {"tcp.http_facade", "udp.echo", "udp.reflect"}
    near = batch.make("far-near.pcap", later(parts[1].read_bytes(), 23 * 3600))
    node = only(merged(batch, "far.jsonl", report(batch, "far-near.jsonl", near)), "9.9.9.9", 48915)
    assert "tcp.garbage_answer" in rules(node)


def second_version(line, **changes):
    """A report as version 2 of the schema has it, from one that a run has written."""
    return {**line, "schema": "skypefp-report/2", **changes}


def test_times_of_evidence_count_more_than_those_of_captures(batch):  # noqa: F811
    """Two captures of a day each, one after the other: the evidence in them is two days apart, or a minute."""
    first, = batch.lines(batch.make("long-0.pcap", later(FOUND.read_bytes(), 0)))
    second, = batch.lines(batch.make("long-1.pcap", later(FOUND.read_bytes(), 1)))
    first["capture"].update(first_time="2010-01-01T00:00:00.000000Z", last_time="2010-01-02T00:00:00.000000Z")
    second["capture"].update(first_time="2010-01-02T00:00:00.000000Z", last_time="2010-01-03T00:00:00.000000Z")
    for times, n in (([None, None], 1), (["2010-01-01T00:01:00Z", "2010-01-02T23:59:00Z"], 2), (["2010-01-01T23:59:30Z", "2010-01-02T00:00:30Z"], 1)):
        lines = []
        for line, when in zip((first, second), times):
            line = json.loads(json.dumps(line))
            for end in line["endpoints"]:
                end.pop("first_evidence"), end.pop("last_evidence")
                if when is not None:
                    end.update(first_evidence=when, last_evidence=when)
            lines.append(second_version(line) if when else {**line, "schema": "skypefp-report/1"})
        batch.make("long.jsonl", "\n".join(map(json.dumps, lines)).encode())
        rows = tenancies(merged(batch, "long.jsonl"))
        assert len(rows) == n, (times, rows)


@pytest.mark.parametrize("time, is_known", [("2010-01-01T00:00:00Z", True), ("2010-01-01T01:00:00+01:00", True), ("2010-01-01T00:00:00", False),
                                            ("yesterday", False)])
def test_a_time_without_an_offset_is_not_a_time(batch, time, is_known):  # noqa: F811
    """As for every other reader of reports: the schema wants UTC."""
    line, = batch.lines(batch.copy(LIKELY, "offset.pcap"))
    line["capture"].update(first_time=time, last_time=time)
    for end in line["endpoints"]:
        end.pop("first_evidence"), end.pop("last_evidence")
    batch.make("offset.jsonl", json.dumps({**line, "schema": "skypefp-report/1"}).encode())
    node = only(merged(batch, "offset.jsonl", code=FINDINGS), *NODE)
    assert node.get("first_evidence_time") == ("2010-01-01T00:00:00.000000Z" if is_known else None)


def test_times_of_evidence_are_those_of_the_report(batch):  # noqa: F811
    line, = batch.lines(batch.copy(LIKELY, "evidence.pcap"))
    batch.make("evidence.jsonl", json.dumps(line).encode())
    expected, = (end for end in line["endpoints"] if (end["address"], end["port"]) == NODE)
    node = only(merged(batch, "evidence.jsonl"), *NODE)
    assert (node["first_evidence_time"], node["last_evidence_time"]) == (expected["first_evidence"], expected["last_evidence"])
    assert node["first_evidence_time"] > line["capture"]["first_time"]


# ---- both ends of a session ----

def ends(first, second, *contacts, public=None, begin="2015-06-01T10:00:00Z", end="2015-06-01T11:00:00Z"):
    """What a capture's report holds of contacts between (address, port); public: the address that an endpoint learnt."""
    return {
        "endpoints": [{"address": address, "port": port, "public_address": known, "verdict": "certain", "evidence": []}
                      for (address, port), known in (public or {}).items()],
        "contacts": [{"a": dict(zip(("address", "port"), a)), "b": dict(zip(("address", "port"), b)), "first_time": begin, "last_time": end}
                     for a, b in ((first, second), *contacts)],
    }


def sessions(batch, *views):  # noqa: F811
    line, = batch.lines(batch.copy(CLEAN, "session.pcap"))
    text = "".join(json.dumps(second_version({**line, "file": {**line["file"], "sha256": f"{i:064x}", "name": f"view-{i}.pcap"}}, **view)) + "\n"
                   for i, view in enumerate(views))
    batch.make("sessions.jsonl", text.encode())
    document = merged(batch, "sessions.jsonl")
    batch.make("sessions-merged.json", json.dumps(document).encode())
    assert merged(batch, "sessions-merged.json") == document
    return [(session["a"], session["b"], session["same_ports"],
             [(view["a"]["address"], view["a"]["port"], view["b"]["address"], view["b"]["port"]) for view in session["views"]])
            for session in document["sessions"]]


A, B, A_PUBLIC, B_PUBLIC = "192.168.1.34", "10.7.0.9", "9.9.9.9", "8.8.4.4"


def test_both_ends_of_a_session(batch):  # noqa: F811
    """Each end behind a NAT of its own, in a capture on its own side."""
    a_side = ends((A, 13021), (B_PUBLIC, 4000), public={(A, 13021): A_PUBLIC})
    b_side = ends((A_PUBLIC, 13021), (B, 4000), public={(B, 4000): B_PUBLIC})
    expected = [(B_PUBLIC, A_PUBLIC, True, [(B_PUBLIC, 4000, A, 13021), (B, 4000, A_PUBLIC, 13021)])]
    assert sessions(batch, a_side, b_side) == expected
    text = merge(batch, "--format", "table", "sessions.jsonl")
    assert f"session  {B_PUBLIC}:4000 - {A}:13021  from 2015-06-01T10:00:00.000000Z  (view-0.pcap)\n" in text
    # One end without NAT; a port that the NAT changed.
    assert len(sessions(batch, a_side, ends((A_PUBLIC, 13021), (B_PUBLIC, 4000)))) == 1
    changed = ends((A_PUBLIC, 61000), (B, 4000), public={(B, 4000): B_PUBLIC})
    assert sessions(batch, a_side, changed) == [(B_PUBLIC, A_PUBLIC, False, [(B_PUBLIC, 4000, A, 13021), (B, 4000, A_PUBLIC, 61000)])]
    # Two clients behind one NAT: the ports say which.
    both = ends((A_PUBLIC, 13021), (B, 4000), ((A_PUBLIC, 13022), (B, 4000)), public={(B, 4000): B_PUBLIC})
    assert sessions(batch, a_side, both) == expected


def test_one_address_in_two_networks(batch):  # noqa: F811
    """The same private address and port in two VLANs of one capture: each has its public address."""
    a_side = ends((A, 13021), (B_PUBLIC, 4000), public={(A, 13021): A_PUBLIC})
    b_side = ends((A_PUBLIC, 13021), (B, 4000), public={(B, 4000): B_PUBLIC})
    a_side["endpoints"].append({**a_side["endpoints"][0], "scope": 1, "public_address": "9.9.9.10"})
    assert len(sessions(batch, a_side, b_side)) == 1
    a_side["contacts"][0]["a"]["scope"] = 1
    assert sessions(batch, a_side, b_side) == []


def test_notes_are_not_printed_with_quiet(batch):  # noqa: F811
    line, = batch.lines(batch.copy(LIKELY, "quiet.pcap"))
    line["endpoints"][0]["evidence"].append({"rule": "udp.unheard", "bits": 9})
    batch.make("notes.jsonl", (json.dumps(line) + "\n" + json.dumps(line)[:99]).encode())
    loud, quiet = (batch.call("merge", *options, "notes.jsonl") for options in ([], ["--quiet"]))
    assert "1 line is not complete" in loud.stderr and "rules that this version does not know" in loud.stderr
    assert quiet.stderr == "" and (quiet.stdout, quiet.returncode) == (loud.stdout, loud.returncode)


@pytest.mark.parametrize("case", ["later", "unknown", "same side", "other peer", "two alike", "one capture"])
def test_contacts_that_are_not_one_session(batch, case):  # noqa: F811
    a_side = ends((A, 13021), (B_PUBLIC, 4000), public={(A, 13021): A_PUBLIC})
    b_side = ends((A_PUBLIC, 13021), (B, 4000), public={(B, 4000): B_PUBLIC})
    other = {
        "later": ends((A_PUBLIC, 13021), (B, 4000), public={(B, 4000): B_PUBLIC}, begin="2015-06-01T11:02:00Z", end="2015-06-01T12:00:00Z"),
        "unknown": ends((A_PUBLIC, 13021), (B, 4000)),
        "same side": a_side,
        "other peer": ends((A_PUBLIC, 13021), (B, 4000), public={(B, 4000): "8.8.4.5"}),
        "two alike": ends((A_PUBLIC, 61000), (B, 4000), ((A_PUBLIC, 61001), (B, 4000)), public={(B, 4000): B_PUBLIC}),
        "one capture": {key: a_side[key] + b_side[key] for key in a_side},
    }[case]
    assert sessions(batch, *([other] if case == "one capture" else [a_side, other])) == []


@pytest.fixture(scope="module")
def ring(batch, corpus):  # noqa: F811
    """A real capture in three files, and other captures, in four reports."""
    parts = split(batch, corpus / "skype" / "skype-irc.cap", "ring", "1-700", "701-1500", "1501-2263")
    names = [report(batch, f"ring-{i}.jsonl", part) for i, part in enumerate(parts)]
    names.append(report(batch, "ring-other.jsonl", *(batch.copy(path, f"ring-{path.name}") for path in (FOUND, LIKELY, POSSIBLE, CLEAN))))
    return names


@pytest.mark.parametrize("options", [[], ["--same-network"]])
def test_order_and_repetition_do_not_matter(batch, ring, options):  # noqa: F811
    expected = merge(batch, *options, *ring, code=FINDINGS)
    for order in list(itertools.permutations(ring))[1::6]:
        assert merge(batch, *options, *order) == expected
    assert merge(batch, *options, *ring, *ring) == expected
    (batch.folder / "all.jsonl").write_text("".join((batch.folder / name).read_text() for name in reversed(ring)))
    assert merge(batch, *options, "all.jsonl", ring[1]) == expected
    # Merging what was merged.
    merge(batch, *options, *ring[:2], "-o", "first.json")
    batch.make("second.json", merge(batch, *options, *ring[1:]).encode())
    assert merge(batch, *options, "first.json", "second.json") == expected
    assert merge(batch, *options, "second.json", "first.json", "second.json", ring[0]) == expected


def test_evidence_adds_up(batch, ring):  # noqa: F811
    node = only(merged(batch, "--same-network", *ring), "192.168.1.2", 35990)
    parts = [end for name in ring for line in (batch.folder / name).read_text().splitlines()
             for end in json.loads(line)["endpoints"] if (end["address"], end["port"]) == ("192.168.1.2", 35990)]
    assert len(parts) == 3 and node["verdict"] == "certain" and node["bits"] >= max(part["bits"] for part in parts)
    for entry in node["evidence"]:
        same = [part for end in parts for part in end["evidence"] if part["rule"] == entry["rule"]]
        assert entry["bits"] == max(part["bits"] for part in same)
        assert entry["total_bits"] == min(64, sum(part["total_bits"] for part in same))
        assert entry["packets"] == sum(part["packets"] for part in same) and entry["captures"] == len(same)


def chance(batch):  # noqa: F811
    """A capture of two payloads whose IVs fit, 8 s apart."""
    iv, ends = 0x12345678, ((0x5B141E28, 5000), (0x55070809, 6000))
    ivs = [iv]
    for _ in range(700):
        iv = (iv * 0x10DCD + 0x4271) & 0xFFFFFFFF
    ivs.append(iv)
    path = batch.make("chance.pcap")
    packets = [((1_500_000_000 + 8 * i) * 1_000_000, hostile_captures.udp(*ends, hostile_captures.request(100 + 9000 * i, value, 0x5A17C3E1 + i, bytes(range(30)))))
               for i, value in enumerate(ivs)]
    hostile_captures.write(path, packets)
    return path


def test_one_time_counts_once(batch):  # noqa: F811
    """The same packets in captures of another content: a copy cut to 64 octets, one with a comment; then at another time."""
    path = chance(batch)
    copies = []
    for name, options in {"cut.pcap": ["-F", "pcap", "-s", "64"], "note.pcapng": ["--capture-comment", "copied"]}.items():
        subprocess.run(["editcap", *options, path, batch.folder / name], check=True, capture_output=True)
        copies.append(batch.give(batch.folder / name))
    alone = only(merged(batch, report(batch, "chance.jsonl", path)), "91.20.30.40", 5000)
    entry, = alone["evidence"]
    assert (alone["verdict"], entry["captures"]) == ("possible", 1)
    together = only(merged(batch, report(batch, "copies.jsonl", path, *copies)), "91.20.30.40", 5000)
    expected = [{**entry, "captures": 3, "first_capture": together["evidence"][0]["first_capture"]}]
    assert together["evidence"] == expected and together["bits"] == alone["bits"]
    after = batch.make("after.pcap", later(path.read_bytes(), 9))
    sum_of_two = only(merged(batch, report(batch, "after.jsonl", path, *copies, after)), "91.20.30.40", 5000)
    assert sum_of_two["evidence"][0]["total_bits"] == 2 * entry["total_bits"] and sum_of_two["verdict"] == "certain"


def test_many_halves(batch):  # noqa: F811
    """Facades and binary answers of one endpoint in one capture are no proof; they cost no more than those of two endpoints."""
    n, seconds = 120_000, {}
    for port in (443, 80):
        line = {"schema": "skypefp-report/2", "file": {"name": "a.pcap", "sha256": "ab" * 32, "size": 1, "status": "ok"}, "plugin_version": "1",
                "capture": {"first_time": "2020-01-01T00:00:00Z", "last_time": "2020-01-01T00:00:01Z"},
                "endpoints": [{"address": "203.0.113.7", "port": 80, "verdict": "possible", "bits": 3,
                               "evidence": [{"rule": "tcp.http_facade", "bits": 16}] * n}],
                "binary_answers": [{"address": "203.0.113.7", "port": port}] * n}
        path = batch.make("halves.jsonl", json.dumps(line).encode())
        begun = time.monotonic()
        assert rules(only(merged(batch, path), "203.0.113.7", 80)) == {"tcp.http_facade": 16}
        seconds[port] = time.monotonic() - begun
    assert seconds[80] < 3 * seconds[443], seconds


def test_one_capture_merged_is_itself(batch, ring):  # noqa: F811
    """Merging adds nothing: the arithmetic is that of the plugin, association included."""
    for name in ring:
        document = merged(batch, name)
        alone = {(end["address"], end["port"], line["file"]["sha256"]): end
                 for line in map(json.loads, (batch.folder / name).read_text().splitlines()) for end in line["endpoints"]}
        by_capture = {(end["address"], end["port"], hash_): end for end in document["endpoints"] for hash_ in end["captures"]}
        for key, end in alone.items():
            if len(by_capture[key]["captures"]) == 1:
                assert [by_capture[key][name] for name in ("verdict", "bits", "associated")] == \
                    [end[name] for name in ("verdict", "bits", "associated")], key


def test_a_shard_done_twice_counts_once(batch):  # noqa: F811
    """A worker was killed: one capture unreadable for it, a line unfinished, and then the shard was done again elsewhere."""
    path = batch.copy(FOUND, "twice.pcap")
    good, = batch.lines(path)
    killed = {"schema": good["schema"], "file": {**good["file"], "status": "timeout", "message": "Not finished"}}
    batch.make("killed.jsonl", (json.dumps(killed) + "\n" + json.dumps(good)[:200]).encode())
    batch.make("again.jsonl", json.dumps(good).encode() + b"\n")
    first, second = (merged(batch, *order, code=BOTH) for order in (["killed.jsonl", "again.jsonl"], ["again.jsonl", "killed.jsonl"]))
    assert first == second
    assert [capture["file"]["status"] for capture in first["captures"]] == ["ok"]
    batch.make("killed.jsonl", json.dumps(killed).encode())
    assert merged(batch, "killed.jsonl", "again.jsonl", code=FINDINGS) == first


def test_exit_codes(batch):  # noqa: F811
    clean = report(batch, "exit-clean.jsonl", batch.copy(CLEAN, "exit-clean.pcap"))
    found = report(batch, "exit-found.jsonl", batch.copy(LIKELY, "exit-found.pcap"))
    cut = report(batch, "exit-cut.jsonl", batch.make("exit-cut.pcap", CLEAN.read_bytes()[:-10]))
    merge(batch, clean, code=CLEAN_EXIT)
    merge(batch, clean, found, code=FINDINGS)
    merge(batch, clean, found, "--fail-on", "certain", code=CLEAN_EXIT)
    merge(batch, clean, found, "--fail-on=never", code=CLEAN_EXIT)
    merge(batch, clean, found, cut, code=BOTH)
    for bad in (b"no report\n", b'{"schema":"other/1"}\n', json.dumps(merged(batch, clean)["captures"][0]).encode()):
        batch.make("bad.jsonl", bad)
        assert batch.call("merge", "bad.jsonl").returncode in (USAGE, INCOMPLETE)
    merge(batch, "absent.jsonl", code=USAGE)


def test_table(batch, halves):  # noqa: F811
    text = merge(batch, "--same-network", "--format", "table", *halves)
    assert text.splitlines()[0].startswith("likely ") and "192.168.0.14:48915" in text
    assert text.splitlines()[-1] == "2 captures; endpoints: 0 certain, 1 likely, 0 possible"


@pytest.mark.parametrize("text", ["[" * 2_000_000, '{"a":' * 500_000, '/*"*/' + "[" * 2_000_000, '{"schema":' + "[" * 2_000_000],
                         ids=["arrays", "objects", "comment", "like-ours"])
@pytest.mark.parametrize("end", ["", "\n"], ids=["cut", "whole"])
def test_deep_nesting(batch, text, end):  # noqa: F811
    batch.make("deep.jsonl", (text + end).encode())
    path = batch.copy(CLEAN, "deep.pcap")
    for arguments in (["merge", "deep.jsonl"], ["-q", "--resume", "deep.jsonl", path]):
        assert batch.call(*arguments).returncode in (CLEAN_EXIT, INCOMPLETE, USAGE)


@pytest.mark.parametrize("address", ["9.9.9.9 or so", "fe80::1%eth0", "09.9.9.9", "localhost", ""])
def test_addresses_are_addresses(batch, address):  # noqa: F811
    """What is none is left out."""
    line, = batch.lines(batch.copy(FOUND, "address.pcap"))
    for end in line["endpoints"]:
        end["address"] = address
    batch.make("address.jsonl", json.dumps({**line, "binary_answers": [{"address": address, "port": 1, "frame": 1}]}).encode())
    assert merged(batch, "address.jsonl", code=CLEAN_EXIT)["endpoints"] == []


@pytest.mark.parametrize("form", ["table", "junit", "jsonl"])
def test_nothing_unprintable_is_taken_over(batch, form):  # noqa: F811
    """Every string of a report that somebody else wrote, and every key."""
    path = batch.copy(FOUND, "unprintable.pcap")
    line, = batch.lines(path)
    end, = line["endpoints"]
    evil = "\x1b[31mx\x9b31m\x7f"
    variants = [{**line, "endpoints": [{**end, "address": evil}]}, {**line, "file": {**line["file"], "name": evil}},
                {**line, "endpoints": [{**end, "evidence": [{"rule": evil}]}]}, {**line, evil: 1}, {**line, "wireshark_version": evil},
                {**line, "file": {**line["file"], "status": "truncated", "message": evil}}]
    batch.make("unprintable.jsonl", json.dumps(line).encode())
    assert batch.call("-q", "--resume", "unprintable.jsonl", path).returncode == FINDINGS
    for variant in variants:
        batch.make("unprintable.jsonl", json.dumps(variant, ensure_ascii=False).encode())
        for arguments in (["-f", form, "--resume", "unprintable.jsonl", path], ["merge", "-f", "table", "unprintable.jsonl"],
                          ["merge", "unprintable.jsonl"]):
            process = batch.call(*arguments)
            assert process.returncode == USAGE and not set("\x1b\x9b\x7f") & set(process.stdout + process.stderr), arguments


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e309"])
@pytest.mark.parametrize("place", ["bits", "packets", "port"])
def test_numbers_are_finite(batch, number, place):  # noqa: F811
    """JSON has no infinity: what was read as one would be written as something that is not JSON."""
    line, = batch.lines(batch.copy(FOUND, "infinite.pcap"))
    line["endpoints"][0][place] = "HERE"
    batch.make("infinite.jsonl", json.dumps(line).replace('"HERE"', number).encode())
    for arguments in (["merge", "infinite.jsonl"], ["-q", "-f", "jsonl", "--resume", "infinite.jsonl", "infinite.pcap"]):
        process = batch.call(*arguments)
        assert process.returncode == USAGE and process.stdout == ""
        assert process.stderr == 'skypefp-batch: "infinite.jsonl" is not a report of skypefp-batch --format jsonl\n'


@pytest.mark.parametrize("source", ["cat /dev/zero", "yes", "yes '{' | tr -d '\\n'", "(echo '{'; yes '\"a\":1,')",
                                    "yes '{\"schema\":\"skypefp-report/2\"' | tr -d '\\n'"])
def test_endless_reports(batch, source):  # noqa: F811
    """A line, or a document on several lines, has a bound; what does not begin as one ends the run at once. 3 GiB are allowed."""
    command = shlex.join(map(str, batch.command("merge", "-")))
    process = subprocess.run(["bash", "-c", f"{source} | head -c 3G | (ulimit -v 3145728; {command})"], cwd=batch.folder, capture_output=True, text=True,
                             timeout=100, check=False)
    assert process.returncode == USAGE and process.stdout == ""
    assert process.stderr.startswith("skypefp-batch: ") and len(process.stderr.splitlines()) == 1, process.stderr


def test_hostile_reports(batch):  # noqa: F811
    """Reports are input as well: wrong types, huge numbers and unknown rules neither crash nor count."""
    line, = batch.lines(batch.copy(FOUND, "hostile.pcap"))
    evidence = [{"rule": "unknown.rule", "bits": 64}, {"rule": "udp.echo", "bits": 10**18, "total_bits": -5, "packets": "x"}, 7, None]
    variants = [
        {**line, "endpoints": 5}, {**line, "endpoints": [1, None, {}, {"address": 7}, {"address": "x", "port": 10**12}]},
        {**line, "endpoints": [{"address": "not an address", "port": 1, "evidence": evidence}]},
        {**line, "endpoints": [{"address": "::1", "port": 65535, "evidence": {}}], "binary_answers": "x"},
        {**line, "capture": [], "hosts": None, "file": {**line["file"], "sha256": 12, "size": "x"}},
    ]
    for variant in variants:
        batch.make("hostile.jsonl", json.dumps(variant).encode())
        assert batch.call("merge", "hostile.jsonl").returncode in (CLEAN_EXIT, FINDINGS, INCOMPLETE)
        assert batch.call("-q", "--resume", "hostile.jsonl", batch.folder / "hostile.pcap").returncode in (CLEAN_EXIT, FINDINGS)


def seconds_of(batch, path):  # noqa: F811
    """Processor time of merging a report, and the software that the record of its only capture names."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    record, = merged(batch, path, code=CLEAN_EXIT)["captures"]
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, record["software"]


@pytest.mark.parametrize("is_first", [True, False])
def test_many_lines_about_one_capture(batch, is_first):  # noqa: F811
    """Which of them counts depends on their text: that of the long one is made once, not again for each short one."""
    line, = batch.lines(batch.copy(CLEAN, "lines.pcap"))
    long, short = ({**line, "software": software} for software in (["z" * 1000] * 4000, ["a"]))
    texts = [json.dumps(long)] + [json.dumps(short)] * 400
    few, many = (batch.make(f"lines-{n}.jsonl", "\n".join(texts[:n] if is_first else texts[n - 1::-1]).encode()) for n in (2, 401))
    (once, kept), (often, also_kept) = seconds_of(batch, few), seconds_of(batch, many)
    assert kept == also_kept == long["software"]
    assert often < 5 * once + 0.2, (once, often)


def test_reports_of_version_0_1_merge(batch):  # noqa: F811
    """Their schema is skypefp-report/1, and without most of what the second one has."""
    new = batch.call("--format", "jsonl", FOUND).stdout
    old = json.loads(new)
    old["schema"] = "skypefp-report/1"
    for name in ("contacts", "software", "engine"):
        del old[name]
    old["hosts"] = []
    for row in old["endpoints"]:
        for name in [key for key in row if key.endswith(("_time", "_evidence"))]:
            del row[name]
        for proof in row["evidence"]:
            del proof["octets"], proof["related_frame"], proof["first_time"]
    for row in old["conversations"]:
        row["packets"] = row.pop("marked")
        for name in ("community_id", "bits", "proof_frame", "proof_time", "first_time", "last_time", "rules", "target"):
            del row[name]
    paths = [batch.make(name) for name in ("new.jsonl", "old.jsonl")]
    paths[0].write_text(new)
    paths[1].write_text(json.dumps(old) + "\n")
    both = [merged(batch, path, code=FINDINGS)["endpoints"] for path in paths]
    assert [both[1][0][f"{side}_evidence_time"] for side in ("first", "last")] == [old["capture"][f"{side}_time"] for side in ("first", "last")]
    for rows in both:
        for row in rows:
            del row["first_evidence_time"], row["last_evidence_time"]
    assert both[0] == both[1] != []
