# SPDX-License-Identifier: GPL-2.0-or-later
"""The statistics: tree, endpoint table and report, on the test captures and on the real ones, in one pass and in two."""
import itertools
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import hostile_captures
import pytest

import tshark as runner
from tshark import REPOSITORY, TEST_CAPTURES

jsonschema = pytest.importorskip("jsonschema", reason="python3-jsonschema is not installed")

SCHEMA = json.loads((REPOSITORY / "report" / "report-schema.json").read_text())
CAPTURES = ["udp-published-exchange.pcap", "udp-chain.pcap", "udp-nat-two-answerers.pcap", "udp-one-way-client.pcap",
            "udp-ipv6-generator.pcap", "tcp-nmap-skypev2.pcap", "tcp-facade-only.pcap", "tcp-garbage-only.pcap",
            "tcp-two-faces-ipv6.pcap", "tcp-update-check.pcap", "near-tcp-real-404.pcap", "near-dns.pcap"]


def refuse_duplicates(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"duplicate keys in {keys}"
    return dict(pairs)


def report_text(tshark, capture, **options):
    return tshark.read(capture, "-q", "-z", "skypefp,report", **options)


def report(tshark, capture, **options):
    document = json.loads(report_text(tshark, capture, **options), object_pairs_hook=refuse_duplicates)
    jsonschema.validate(document, SCHEMA)
    return document


def endpoint_rows(tshark, capture, tail="", **options):
    """[service, endpoint, verdict, bits, proof, rules] of the table's rows."""
    lines = tshark.read(capture, "-q", "-z", f"skypefp,endpoints{tail}", **options).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("Service"))
    table = [line.split(None, 9) for line in lines[start + 1:-1]]
    return [[*row[:5], row[9]] for row in table]


def tree_counts(tshark, capture, **options):
    """Item -> count of the statistics tree."""
    printed = tshark.read(capture, "-q", "-z", "skypefp,tree", **options)
    return {match[1].strip(): int(match[2]) for match in re.finditer(r"^ ?(\S.*?)\s{2,}(\d+)\s", printed, re.MULTILINE)}


def find_endpoint(document, address, port):
    return next(row for row in document["endpoints"] if (row["address"], row["port"]) == (address, port))


@pytest.mark.parametrize("capture", runner.sample(CAPTURES, 2))
def test_one_pass_and_two_say_the_same(tshark, capture):
    path = TEST_CAPTURES / capture
    statistics = ("-z", "skypefp,tree", "-z", "skypefp,endpoints", "-z", "skypefp,report")
    once, twice = (tshark.read(path, "-q", *statistics, two_pass=two_pass) for two_pass in (False, True))
    assert once == twice
    assert all(title in once for title in ("\nSkype Fingerprint:\n", "\nService  ", '"schema"'))
    report(tshark, path)


def test_report_is_the_same_every_time(tshark):
    path = TEST_CAPTURES / "udp-chain.pcap"
    assert report_text(tshark, path) == report_text(tshark, path)


def test_report_of_the_published_exchange(tshark):
    document = report(tshark, TEST_CAPTURES / "udp-published-exchange.pcap")
    node = find_endpoint(document, "192.168.0.14", 48915)
    assert document["capture"]["frames"] == 4 and document["packets"] == {"certain": 4, "likely": 0, "possible": 0}
    assert (node["service"], node["verdict"], node["bits"], node["proof_frame"], node["peers"]) == ("skype", "certain", 35, 2, 1)
    assert {row["rule"]: row["bits"] for row in node["evidence"]} == {"udp.echo": 16, "udp.reflect": 32}
    assert [(row["transport"], row["marked"]) for row in document["conversations"]] == [("udp", 4)]


def test_report_tells_the_public_address(tshark):
    document = report(tshark, TEST_CAPTURES / "udp-nat-two-answerers.pcap")
    counts = tree_counts(tshark, TEST_CAPTURES / "udp-nat-two-answerers.pcap")
    assert counts["Public addresses learnt"] == 1 and any(item.startswith("86.128.245.115, of ") for item in counts)
    assert document["packets"]["certain"] == 4


def test_report_of_hosts_and_halves(tshark):
    checks = report(tshark, TEST_CAPTURES / "tcp-update-check.pcap")
    assert [row["address"] for row in checks["software"]] == ["192.168.1.2"] and checks["packets"]["certain"] == 0
    half = report(tshark, TEST_CAPTURES / "tcp-garbage-only.pcap")
    assert [(row["address"], row["port"]) for row in half["binary_answers"]] == [("192.168.0.14", 48915)]
    assert half["endpoints"] == []


def published_exchange():
    """(time in microseconds, IP packet) of a capture that is certain, later than any forged one."""
    octets, at = (TEST_CAPTURES / "udp-published-exchange.pcap").read_bytes(), 24
    while at < len(octets):
        length = int.from_bytes(octets[at + 8:at + 12], "little")
        yield hostile_captures.START_US + 10**9, octets[at + 16 + 14:at + 16 + length]
        at += 16 + length


def test_report_lists_a_bounded_number(tshark):
    """Forged endpoints, all alike: the first by address or frame are listed, the rest is counted; what is stronger goes before."""
    n, limit = 21_000, 20_000
    with tempfile.TemporaryDirectory(prefix="skypefp-captures-") as folder:
        path = pathlib.Path(folder) / "forged.pcap"
        path.parent.chmod(0o755)
        hostile_captures.write(path, itertools.chain(hostile_captures.spoofed_generators(2 * n), published_exchange()))
        document = json.loads(report_text(tshark, path))        # the schema would take longer than all the rest
    assert [len(document[name]) for name in ("endpoints", "conversations")] == [limit, limit]
    assert document["endpoints"][0]["verdict"] == document["conversations"][-1]["verdict"] == "certain"
    dropped = document["dropped"]
    assert [dropped[f"unlisted_{name}"] for name in ("endpoints", "conversations")] == [n + 1 - limit, n + 1 - limit]
    assert document["packets"] == {"certain": 4, "likely": 2 * n, "possible": 0}


@pytest.mark.parametrize("seconds, microseconds, first, last", [
    ((1000, 1001), 999_999, "1970-01-01T00:16:40.999999Z", "1970-01-01T00:16:41.999999Z"),
    ((1000, 1001), 1_000_000, None, None),
    ((1000, 1001), 2_000_000, None, None),
    ((1000, 1001), 0xFFFFFFFF, None, None),
    ((4_000_000_000, 1000), 0, "1970-01-01T00:16:40.000000Z", "2096-10-02T07:06:40.000000Z"),
    ((0, 0xFFFFFFFF), 0, "1970-01-01T00:00:00.000000Z", "2106-02-07T06:28:15.000000Z"),
], ids=["ordinary", "a-second", "two-seconds", "most", "backwards", "forwards"])
def test_times_of_a_broken_clock(tshark, seconds, microseconds, first, last):
    packet = hostile_captures.udp((1, 1), (2, 2), b"x")
    records = (struct.pack("<IIII", second, microseconds, len(packet), len(packet)) + packet for second in seconds)
    with tempfile.TemporaryDirectory(prefix="skypefp-captures-") as folder:
        path = pathlib.Path(folder) / "clock.pcap"
        path.parent.chmod(0o755)
        hostile_captures.write(path, [])
        path.write_bytes(path.read_bytes() + b"".join(records))
        capture = report(tshark, path)["capture"]
    assert capture["frames"] == 2
    if first is not None:       # no time: null, or what another Wireshark makes of it, which the schema has judged
        assert (capture["first_time"], capture["last_time"]) == (first, last)


def test_empty_capture_gives_an_empty_report(tshark, tmp_path):
    path = tmp_path / "empty.pcap"
    path.write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
    document = report(tshark, path)
    assert document["capture"] == {"frames": 0, "first_time": None, "last_time": None, "cut_frames": 0, "interfaces": []}
    assert document["endpoints"] == []


def test_table_tells_http_ftp_skype_apart(tshark):
    rows = endpoint_rows(tshark, TEST_CAPTURES / "tcp-nmap-skypev2.pcap")
    assert rows[0][:4] == ["skype", "192.168.0.14:48915", "likely", "14"]
    assert "tcp.http_facade" in rows[0][5] and "tcp.garbage_answer" in rows[0][5]
    assert [row[:3] for row in endpoint_rows(tshark, TEST_CAPTURES / "near-tcp-real-404.pcap")] == [["http", "192.0.2.80:6969", "none"]]
    assert endpoint_rows(tshark, TEST_CAPTURES / "tcp-two-faces-ipv6.pcap")[0][1] == "[2001:db8::14]:48915"


def test_filter_selects_rows_and_not_evidence(tshark):
    path = TEST_CAPTURES / "udp-nat-two-answerers.pcap"
    everything = endpoint_rows(tshark, path)
    selected = endpoint_rows(tshark, path, ",ip.addr == 198.51.100.7")
    assert selected and len(selected) < len(everything) and all(row in everything for row in selected)


@pytest.mark.parametrize("argument", ["skypefp,endpointsX", "skypefp,reportX", "skypefp,report,/nowhere/at/all",
                                      "skypefp,htmlX", "skypefp,html,/nowhere/at/all", "skypefp,html,/dev/full",
                                      "skypefp,report,/dev/full", "skypefp,endpoints,bad filter =="])
def test_bad_argument_is_one_line_and_an_error(tshark, argument):
    process = tshark.call("-r", tshark.readable(TEST_CAPTURES / "udp-chain.pcap"), "-q", "-z", argument)
    said = [line for line in process.stderr.splitlines() if line and not line.startswith("Running as")]
    assert process.returncode != 0 and len(said) == 1 and said[0].startswith("tshark: ")


def test_only_what_is_for_people_is_offered(tshark):
    """The tables of menus and of sharkd have names that tshark neither lists nor takes."""
    listed = tshark.call("-z", "help").stderr.split() + tshark.call("-z", "help").stdout.split()
    assert {name for name in listed if "skypefp" in name} == {"conv,skypefp", "endpoints,skypefp", "skypefp,contacts", "skypefp,endpoints",
                                                              "skypefp,hosts", "skypefp,html", "skypefp,report", "skypefp,tree"}
    for name in ("skypefp,window", "skypefp,hosts-window", "skypefp,document"):
        assert tshark.call("-r", tshark.readable(TEST_CAPTURES / "udp-chain.pcap"), "-q", "-z", name).returncode == 1


@pytest.mark.parametrize("name", ["udp-chain", "tcp-two-faces-and-echo", "udp-ipv6-generator"])
def test_tables_of_wireshark_count_what_is_marked(tshark, name):
    """-z conv,skypefp: the frames of all rows are the marked ones."""
    printed = tshark.read(TEST_CAPTURES / f"{name}.pcap", "-q", "-n", "-z", "conv,skypefp", two_pass=True)
    rows = [re.findall(r"(\d+) \d+ [kMB]?\w+", line.split("<->")[1]) for line in printed.splitlines() if "<->" in line]
    totals = [int(total) for _, _, total in rows]
    assert totals and sum(totals) == len(tshark.frames(TEST_CAPTURES / f"{name}.pcap", two_pass=True))


@pytest.mark.parametrize("name, rows", [("tcp-facade-501", 2), ("udp-port-53", 3)])
def test_expert_items_are_of_the_protocol(tshark, name, rows):
    """Those of packets that another dissector owns as well."""
    said = tshark.text("-2", "-q", "-z", "expert", "-r", tshark.readable(TEST_CAPTURES / f"{name}.pcap"))
    protocols = [line.split()[2] for line in said.splitlines() if line[:12].strip().isdigit()]      # frequency, group, protocol
    assert protocols.count("SkypeFP") == rows and "Frame" not in protocols


def test_report_goes_to_a_file(tshark):
    home = tshark.text("-G", "folders").split("Personal configuration:")[1].splitlines()[0].strip()
    process = tshark.call("-r", tshark.readable(TEST_CAPTURES / "udp-chain.pcap"), "-q", "-z", f"skypefp,report,{home}/report.json")
    assert process.returncode == 0 and process.stdout == ""
    assert tshark.call("report.json", program="cat", cwd=home).stdout == report_text(tshark, TEST_CAPTURES / "udp-chain.pcap")


def test_preferences(tshark):
    path = TEST_CAPTURES / "tcp-facade-only.pcap"
    assert tshark.frames(path) == []
    assert tshark.frames(path, options=["-o", "skypefp.threshold:possible"], two_pass=True)
    exchange = TEST_CAPTURES / "udp-published-exchange.pcap"
    assert tshark.frames(exchange, options=["-o", "skypefp.rules.address:FALSE"]) == []
    document = json.loads(tshark.read(exchange, "-o", "skypefp.rules.address:FALSE", "-q", "-z", "skypefp,report"))
    assert document["preferences"]["disabled_rules"] == ["address"]


def test_near_miss_stands_beside_the_layer(tshark):
    path, on = TEST_CAPTURES / "udp-nat-one-answerer.pcap", ["-o", "skypefp.near_misses:TRUE"]
    notes = tshark.marks(path, options=on, fields=("frame.number", "skypefp.near_miss"), display_filter="skypefp.near_miss")
    assert notes[0] == {"frame.number": "2", "skypefp.near_miss": "udp.reflect: no other IP address has reported this public address yet"}
    assert tshark.frames(path, options=on) == [] and tshark.frames(path, "skypefp.near_miss") == []


def test_one_way_is_said(tshark):
    rows = endpoint_rows(tshark, TEST_CAPTURES / "udp-one-way-client.pcap")
    assert rows[0][5].endswith("(requests only; echo cannot be tested)")


def test_export_is_flat(tshark):
    path = TEST_CAPTURES / "udp-published-exchange.pcap"
    layer = json.loads(tshark.read(path, "-Y", "frame.number == 2", "-T", "json", two_pass=True))[0]["_source"]["layers"]["skypefp"]
    assert (layer["skypefp.verdict"], layer["skypefp.bits"], layer["skypefp.udp.reflected"]) == ("3", "35", "192.168.0.19")
    line = json.loads(tshark.read(path, "-Y", "frame.number == 2", "-T", "ek").splitlines()[1])["layers"]["skypefp"]
    assert line["skypefp_skypefp_verdict"] == "3" or line["skypefp_skypefp_verdict"] == 3


def test_reports_of_the_real_captures(tshark, corpus):
    irc = report(tshark, corpus / "skype" / "skype-irc.cap")
    client = find_endpoint(irc, "192.168.1.2", 35990)
    assert client["verdict"] == "certain" and client["public_address"] == "86.128.245.115"
    assert sum(row["transport"] == "tcp" for row in irc["conversations"]) == 8
    assert sum(row["marked"] for row in irc["conversations"] if row["transport"] == "udp") == 326
    assert [row["address"] for row in irc["software"]] == ["192.168.1.2"]
    later = report(tshark, corpus / "skype" / "skype-2015.pcap")
    assert sum(row["transport"] == "tcp" for row in later["conversations"]) == 86
    assert sum(row["marked"] for row in later["conversations"] if row["transport"] == "udp") == 152
    assert find_endpoint(later, "192.168.1.34", 13021)["one_way"].startswith("requests only")


def test_report_keeps_the_octets_that_prove(tshark):
    """The echo repeats the id of the request; the reflected address of the asker is 192.168.0.19."""
    node = find_endpoint(report(tshark, TEST_CAPTURES / "udp-published-exchange.pcap"), "192.168.0.14", 48915)
    proofs = {row["rule"]: row for row in node["evidence"]}
    octets = proofs["udp.reflect"]["octets"]
    at = octets["proving_from"]
    assert bytes.fromhex(octets["hex"])[at:at + octets["proving"]] == bytes([192, 168, 0, 19])
    assert (proofs["udp.echo"]["first_frame"], proofs["udp.echo"]["related_frame"]) == (2, 1)
    assert node["proof_time"] == proofs["udp.echo"]["first_time"] == node["first_evidence"]


def test_report_keeps_the_evidence_of_an_initiator(tshark, corpus):
    """It belongs to its conversation; the seed and the two parts under one keystream are in it."""
    document = report(tshark, corpus / "skype" / "skype-irc.cap")
    proofs = [row for conversation in document["conversations"] for row in conversation.get("source_evidence", [])]
    reuses = [row for row in proofs if row["rule"] == "tcp.seed_reuse"]
    assert reuses and all(row["octets"]["proving"] == 23 for row in reuses)


@pytest.mark.parametrize("name", ["skype-irc.cap", "skype-2015.pcap"])
def test_community_ids_are_those_of_wireshark(tshark, corpus, name):
    """Of each marked frame, and of each conversation of the report."""
    path = corpus / "skype" / name
    options, field = ["--enable-protocol", "communityid"], runner.community_id_field()
    rows = tshark.marks(path, options=options, fields=("frame.number", "skypefp.community_id", field))
    assert rows and all(row[field] and row["skypefp.community_id"] == row[field] for row in rows)
    everyone = tshark.marks(path, options=options, fields=(field,), display_filter="udp || tcp")
    flows = {flow for row in everyone for flow in row[field].split("\x1f")}
    assert {row["community_id"] for row in report(tshark, path)["conversations"]} <= flows


def test_reference_is_up_to_date(tshark):
    script = REPOSITORY / "tests" / "tools" / "update-reference"
    process = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr


def test_repeated_fields_in_json(tshark):
    """Two rules fired on one frame: with --no-duplicate-keys both are read."""
    options = ["-Y", "frame.number == 2", "-T", "json", "--no-duplicate-keys"]
    printed = tshark.read(TEST_CAPTURES / "udp-published-exchange.pcap", *options, two_pass=True)
    layer = json.loads(printed, object_pairs_hook=refuse_duplicates)[0]["_source"]["layers"]["skypefp"]
    assert layer["skypefp.rule"] == ["udp.echo", "udp.reflect"]
