# SPDX-License-Identifier: GPL-2.0-or-later
"""The flow table: CSV and Zeek logs have the same rows as the report, join with Wireshark's own flows, and hold hostile names."""
import csv
import io
import json
import re

import pytest

import tshark as runner
from batches import CLEAN, FINDINGS, FOUND, POSSIBLE, USAGE, batch  # noqa: F401

REAL = ["skype-irc.cap", "skype-2015.pcap"]
SAME_NAME = {"ts": "ts", "uid": "uid", "community_id": "community_id", "src": "id.orig_h", "src_port": "id.orig_p", "dst": "id.resp_h",
             "dst_port": "id.resp_p", "proto": "proto", "duration": "duration", "src_packets": "orig_pkts", "dst_packets": "resp_pkts",
             "src_octets": "orig_bytes", "dst_octets": "resp_bytes", "label": "label", "verdict": "verdict", "bits": "bits",
             "proof_frame": "proof_frame", "marked_packets": "marked_pkts", "first_frame": "first_frame", "last_frame": "last_frame",
             "capture": "capture", "sha256": "sha256"}


def flows(batch, *captures, **options):  # noqa: F811
    """Rows of the CSV."""
    text = batch.call("--quiet", "--format", "csv", *captures, **options).stdout
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def zeek_log(text):
    """Rows of a Zeek log as its own readers take them: by the header lines, with escapes undone."""
    lines = text.splitlines()
    header = {line.split(None, 1)[0]: line for line in lines if line.startswith("#")}
    assert header["#separator"] == r"#separator \x09"
    assert [name for name in header] == ["#separator", "#set_separator", "#empty_field", "#unset_field", "#path", "#open", "#fields",
                                         "#types", "#close"]
    fields, types = (header[name].split("\t")[1:] for name in ("#fields", "#types"))
    assert len(fields) == len(types) and lines[-1] == header["#close"]

    def value(field):
        return None if field == "-" else re.sub(r"\\x([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), field)
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert all(len(row) == len(fields) for row in rows)
    return [dict(zip(fields, map(value, row))) for row in rows]


@pytest.mark.parametrize("name", REAL)
def test_rows_are_the_conversations_of_the_report(batch, corpus, name):  # noqa: F811
    path = batch.copy(corpus / "skype" / name, name)
    report = batch.lines(path)[0]
    rows = flows(batch, path)
    assert len(rows) == len(report["conversations"]) > 0 and len({row["uid"] for row in rows}) == len(rows)
    for row, conversation in zip(rows, report["conversations"]):
        assert (row["src"], int(row["src_port"])) == (conversation["source"]["address"], conversation["source"]["port"])
        assert (row["ts"], row["community_id"]) == (conversation["first_time"], conversation["community_id"])
        assert row["rules"].split() == conversation["rules"] and row["sha256"] == report["file"]["sha256"]
        assert (row["label"] == "skype") == (conversation["verdict"] in ("likely", "certain"))
        assert int(row["dst_octets"]) == conversation["destination"]["octets"] and float(row["duration"]) >= 0


@pytest.mark.parametrize("name", REAL)
def test_csv_and_zeek_hold_the_same(batch, corpus, name):  # noqa: F811
    path = batch.copy(corpus / "skype" / name, name)
    rows = flows(batch, path)
    log = zeek_log(batch.call("--quiet", "--format", "zeek", path).stdout)
    assert len(log) == len(rows) > 0
    for left, right in zip(rows, log):
        for in_csv, in_zeek in SAME_NAME.items():
            if in_csv != "ts":
                assert left[in_csv] == (right[in_zeek] or ""), in_csv
        assert left["rules"].split() == [rule for rule in right["rules"].split(",") if rule != "(empty)"]


@pytest.mark.parametrize("name", REAL)
def test_rows_join_with_the_flows_of_wireshark(batch, corpus, name):  # noqa: F811
    """Wireshark's own Community IDs: each row names one of its flows, with the row's addresses."""
    path = batch.copy(corpus / "skype" / name, name)
    printed = batch.tshark.read(path, "--enable-protocol", "communityid", "-Y", "ip and (udp or tcp) and not icmp", "-T", "fields",
                                "-e", runner.community_id_field(), "-e", "ip.src", "-e", "ip.dst")
    ends = {line.split("\t")[0]: set(line.split("\t")[1:]) for line in printed.splitlines()}
    rows = flows(batch, path)
    assert rows and all(ends[row["community_id"]] == {row["src"], row["dst"]} for row in rows)


def test_possible_conversations_are_labelled_unknown(batch):  # noqa: F811
    rows = flows(batch, POSSIBLE)
    assert [(row["verdict"], row["label"]) for row in rows] == [("possible", "unknown")]


def test_nothing_found_is_a_header(batch):  # noqa: F811
    assert flows(batch, CLEAN) == [] and zeek_log(batch.call("--quiet", "--format", "zeek", CLEAN).stdout) == []
    assert batch.call("--quiet", "--format", "csv", CLEAN).stdout.startswith("ts,uid,community_id,")


@pytest.mark.parametrize("name", ['a,"b".pcap', "-", "x\\x41.pcap", "=1+1.pcap", "ümläut.pcap", "tab\there.pcap"])
def test_hostile_names(batch, name):  # noqa: F811
    """They come out as the report has them, and move no column."""
    path = batch.copy(FOUND, f"hostile/{name}")
    expected = batch.lines(path)[0]["file"]["name"]
    assert [row["capture"] for row in flows(batch, path)] == [expected]
    assert [row["capture"] for row in zeek_log(batch.call("--quiet", "--format", "zeek", path).stdout)] == [expected]


FORMULA_STARTS = "=+-@'\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_name_is_a_formula(batch, start):  # noqa: F811
    """For a spreadsheet it is a text: quoted, after an apostrophe, which its readers take away. The Zeek log has it as it is."""
    name = f"{start}1+1.pcap"
    batch.copy(FOUND, name)
    text = batch.call("--quiet", "--format", "csv", "--", name).stdout
    assert f',"\'{name}",' in text and [row["capture"][1:] for row in csv.DictReader(io.StringIO(text))] == [name]
    assert [row["capture"] for row in zeek_log(batch.call("--quiet", "--format", "zeek", "--", name).stdout)] == [name]


@pytest.mark.parametrize("name", ["-", "(empty)"])
def test_names_that_zeek_takes_for_none(batch, name):  # noqa: F811
    """They are escaped: readers of the log see a text, not that it is unset or empty."""
    path = batch.copy(FOUND, "none.pcap")
    line, = batch.lines(path)
    line["conversations"][0]["target"] = name
    report = batch.make("none.jsonl", json.dumps(line).encode())
    text = batch.call("--quiet", "--format", "zeek", "--resume", report, path).stdout
    assert f"\t{name}\t" not in text and zeek_log(text)[0]["proxy_target"] == name


def test_no_captured_text_is_a_formula(batch):  # noqa: F811
    """The name that a request to a proxy holds."""
    target = b"=cmd|'/C'!A0:80"
    octets = (runner.TEST_CAPTURES / "tcp-proxies.pcap").read_bytes().replace(b"203.0.113.8:443", target)
    targets = [row["proxy_target"] for row in flows(batch, batch.make("formula.pcap", octets))]
    assert "'" + target.decode() in targets and not any(text.startswith(tuple("=+-@")) for text in targets)


def test_numbers_are_not_texts(batch):  # noqa: F811
    """A negative sum or duration stays a number; whatever else a report holds that begins so is a text."""
    path = batch.copy(FOUND, "negative.pcap")
    line, = batch.lines(path)
    conversation = line["conversations"][0]
    conversation.update(bits=-5, first_time="2015-06-01T10:00:01.5Z", last_time="2015-06-01T10:00:00Z", community_id="-1+1")
    report = batch.make("negative.jsonl", json.dumps(line).encode())
    row = flows(batch, "--resume", report, path)[0]
    assert (row["bits"], row["duration"], row["community_id"]) == ("-5", "-1.500000", "'-1+1")


def test_lines_end_as_their_standards_say(batch):  # noqa: F811
    for name, end in (("csv", b"\r\n"), ("zeek", b"\n")):
        path = batch.folder / f"lines.{name}"
        process = batch.call("--quiet", "--format", name, "-o", path, FOUND)
        octets = path.read_bytes()
        assert process.returncode == FINDINGS and octets.endswith(end)
        assert octets.count(b"\r") == (octets.count(b"\n") if name == "csv" else 0)


@pytest.mark.parametrize("name", ["csv", "zeek"])
def test_own_tables_are_replaced_and_nothing_else(batch, name):  # noqa: F811
    path = batch.make(f"own.{name}")
    for _ in range(2):
        assert batch.call("--quiet", "--format", name, "-o", path, FOUND).returncode == FINDINGS
    foreign = batch.make(f"foreign.{name}", b"a,b\r\n1,2\r\n")
    process = batch.call("--quiet", "--format", name, "-o", foreign, FOUND)
    assert process.returncode == USAGE and foreign.read_bytes() == b"a,b\r\n1,2\r\n"


@pytest.mark.parametrize("header", ["ts,uid,src,dst,capture\r\n", "ts,uid,note,capture,sha256\n", "{}", "{},note\r\n", "note,{}\r\n"])
def test_tables_of_others_are_not_replaced(batch, header):  # noqa: F811
    """Unless the header is the whole line that this project writes, or --force is given."""
    ours = batch.call("--quiet", "--format", "csv", CLEAN).stdout.splitlines()[0]
    content = header.format(ours).encode()
    path = batch.make("others.csv", content)
    process = batch.call("--quiet", "--format", "csv", "-o", path, FOUND)
    assert process.returncode == USAGE and path.read_bytes() == content and "others.csv" in process.stderr
    assert batch.call("--quiet", "--format", "csv", "--force", "-o", path, FOUND).returncode == FINDINGS


def test_rows_of_json_lines_alone(batch):  # noqa: F811
    """Every engine's rows come from its report: one mechanism."""
    line = json.loads(batch.call("--quiet", "--format", "jsonl", FOUND).stdout)
    row = flows(batch, FOUND)[0]
    conversation = line["conversations"][0]
    assert (row["proof_frame"], row["proof_time"]) == (str(conversation["proof_frame"]), conversation["proof_time"])
