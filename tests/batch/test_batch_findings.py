# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch: a TCP initiator's conversation is a finding wherever findings are listed or counted."""
import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

import tshark as runner
from batches import BOTH, CLEAN, CLEAN_EXIT, FINDINGS, LIKELY, batch  # noqa: F401 (batch is a fixture)

INITIATOR = runner.TEST_CAPTURES / "tcp-reordered.pcap"     # certain by its initiator's conversation alone
ENDS = "192.168.1.2:50026 > 198.51.100.7:40002"
ROW = f"certain    35 bits  {ENDS} tcp.seed_reuse"
EVERY = {"tcp-reordered": "certain", "tcp-client-port-reused": "certain", "tcp-login-cut-off": "possible"}


@pytest.mark.parametrize("name", EVERY)
def test_table_and_exit_code(batch, name):
    process = batch.call("-q", runner.TEST_CAPTURES / f"{name}.pcap")
    *_, row, last = process.stdout.splitlines()
    assert process.returncode == (CLEAN_EXIT if EVERY[name] == "possible" else FINDINGS)
    assert re.match(rf"  {EVERY[name]} +\d+ bits  [\d.]+:\d+ > [\d.]+:\d+ +tcp\.\w", row)
    assert f"1 {EVERY[name]}" in last and last.endswith(", 0 without findings")


def test_table_shows_the_strongest_first(batch):
    """Endpoints and conversations in one list."""
    path = runner.TEST_CAPTURES / "tcp-fake-tls.pcap"
    rows = batch.call("-q", path).stdout.splitlines()
    assert rows[1].split() == "certain 99 bits 192.168.1.2 Skype client, 1 conversation".split()
    assert [row.split()[3:6] for row in rows[2:4]] == [["198.51.100.44:443", "tcp.fake_tls_server", "tcp.seed_reuse"],
                                                       ["192.168.1.2:50058", ">", "198.51.100.44:443"]]
    assert [row.split()[1] for row in rows[2:4]] == ["99", "99"]


def test_bar(batch):
    assert batch.call("-q", "--fail-on", "certain", INITIATOR).returncode == FINDINGS
    assert batch.call("-q", "--fail-on", "certain", LIKELY).returncode == CLEAN_EXIT
    assert batch.call("-q", "--fail-on", "never", INITIATOR).returncode == CLEAN_EXIT


def test_junit(batch):
    process = batch.call("-q", "--format", "junit", INITIATOR, CLEAN)
    suite = ElementTree.fromstring(process.stdout).find("testsuite")
    failure, = suite.iter("failure")
    assert process.returncode == FINDINGS and suite.get("failures") == "1" and failure.get("type") == "certain"
    assert failure.text == "certain 35 bits 192.168.1.2 port 50026 to 198.51.100.7 port 40002 (frame 4)\n"


def test_html(batch):
    """The page counts what the table lists."""
    page = batch.call("-q", "--format", "html", INITIATOR).stdout
    assert "This capture certainly contains peer-to-peer Skype. Senders: 1 certain, 0 likely, 0 possible." in page


def test_extract(batch):
    process = batch.call("-q", "--format", "jsonl", "--extract", "initiator-extract", INITIATOR)
    assert (process.returncode, process.stderr) == (FINDINGS, "")
    path, = (batch.folder / "initiator-extract").iterdir()
    assert ROW in batch.call("-q", path).stdout


def test_follow(batch):
    with open(INITIATOR, "rb") as capture:
        process = batch.call("-q", "-", "--format", "jsonl", "--follow", stdin=capture)
    finding, *_ = map(json.loads, process.stdout.splitlines())
    assert (finding["schema"], finding["verdict"], process.returncode) == ("skypefp-finding/1", "certain", FINDINGS)


def report(batch, name, *captures):  # noqa: F811
    batch.call("-q", "--format", "jsonl", "-o", name, *captures)
    return name


def test_resume(batch):
    """A report that is kept counts like a capture that is read."""
    name = report(batch, "initiator-kept.jsonl", INITIATOR)
    process = batch.call("-q", "--resume", name, INITIATOR)
    assert process.returncode == FINDINGS and ROW in process.stdout


def test_merge(batch):
    name = report(batch, "initiator.jsonl", INITIATOR, CLEAN, runner.TEST_CAPTURES / "udp-published-exchange.pcap")
    table = batch.call("merge", "--format", "table", name)
    assert table.returncode == FINDINGS and f"{ROW}  ({INITIATOR})" in table.stdout.splitlines()
    assert table.stdout.splitlines()[-1].endswith("possible; conversations: 1 certain, 0 likely, 0 possible")
    alone = report(batch, "initiator-alone.jsonl", INITIATOR)
    process = batch.call("merge", alone)
    record, = json.loads(process.stdout)["captures"]
    conversation, = record["conversations"]
    assert process.returncode == FINDINGS and conversation["verdict"] == "certain" and conversation["source_evidence"]
    assert batch.call("merge", "--fail-on", "never", alone).returncode == CLEAN_EXIT
    cut = report(batch, "initiator-cut.jsonl", batch.make("initiator-cut.pcap", CLEAN.read_bytes()[:-10]))
    assert batch.call("merge", alone, cut).returncode == BOTH


def test_merge_again(batch):
    """A merged document keeps its conversations; one of an earlier version, without them, gives way to the report."""
    name = report(batch, "initiator-again.jsonl", INITIATOR)
    merged = batch.call("merge", name).stdout
    batch.make("initiator-again.json", merged.encode())
    assert batch.call("merge", "initiator-again.json").stdout == merged
    earlier = json.loads(merged)
    del earlier["captures"][0]["conversations"]
    batch.make("initiator-earlier.json", json.dumps(earlier).encode())
    for order in ((name, "initiator-earlier.json"), ("initiator-earlier.json", name)):
        process = batch.call("merge", *order)
        assert process.returncode == FINDINGS and process.stdout == merged
