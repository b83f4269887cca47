# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch merge: evidence adds up over captures, the order does not matter, and nothing counts twice."""
import itertools
import json
import subprocess

import pytest

import tshark as runner
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
    assert document["schema"] == "skypefp-merge/1"
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


def test_private_addresses_stay_apart(batch):  # noqa: F811
    later = bytearray(FOUND.read_bytes())
    later[24] += 1      # the first frame's time: the same frames in a capture with another content
    name = report(batch, "apart.jsonl", batch.copy(FOUND, "apart-a.pcap"), batch.make("apart-b.pcap", bytes(later)))
    apart = [end for end in merged(batch, name)["endpoints"] if (end["address"], end["port"]) == NODE]
    assert len(apart) == len({end["only_in"] for end in apart}) == 2
    together = only(merged(batch, "--same-network", name), *NODE)
    assert together["only_in"] is None and {entry["captures"] for entry in together["evidence"]} == {2}


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
                                    "yes '{\"schema\":\"skypefp-report/1\"' | tr -d '\\n'"])
def test_endless_reports(batch, source):  # noqa: F811
    """A line, or a document on several lines, has a bound; what does not begin as one ends the run at once. 3 GiB are allowed."""
    command = " ".join(map(str, batch.command("merge", "-")))
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
