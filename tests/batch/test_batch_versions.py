# SPDX-License-Identifier: GPL-2.0-or-later
"""Reports that skypefp 0.1.0 wrote (report-0.1.0.jsonl is one, of five captures): merge reads them, and the README says how they differ."""
import json
import pathlib

import pytest

import tshark as runner
from batches import FINDINGS, batch  # noqa: F401

THEN = {"udp-nat-one-answerer.pcap": {181: 0x28, 182: 0x8e, 185: 0x15, 358: 0xe9, 362: 0x15, 535: 0x79, 539: 0x15}}     # octets that were others
OLD = pathlib.Path(__file__).with_name("report-0.1.0.jsonl")
LATER = {"endpoints": {"first_evidence", "last_evidence", "proof_time"},
         "conversations": {"bits", "community_id", "first_time", "last_time", "proof_frame", "proof_time", "rules", "target", "marked"},
         "evidence": {"first_time", "octets", "related_frame"},
         "": {"contacts", "engine", "software"}}


def rows(document):
    return [(row["address"], row["port"], row["verdict"], row["bits"], tuple(proof["rule"] for proof in row["evidence"]))
            for row in document["endpoints"]]


@pytest.fixture(scope="module")
def reports(batch):  # noqa: F811
    """The lines of version 0.1.0, and those of today for the same captures."""
    old = [json.loads(line) for line in OLD.read_text().splitlines()]
    for document in old:
        name = pathlib.Path(document["file"]["name"])
        octets = bytearray((runner.TEST_CAPTURES / name.name).read_bytes())
        for at, value in THEN.get(name.name, {}).items():
            octets[at] = value
        batch.make(name, bytes(octets))
    batch.copy(OLD, "old.jsonl")
    assert batch.call("--quiet", "--format", "jsonl", "-o", "new.jsonl", "test-captures").returncode == FINDINGS
    new = [json.loads(line) for line in (batch.folder / "new.jsonl").read_text().splitlines()]
    assert [document["file"] for document in old] == [document["file"] for document in new]
    return old, new


def test_merge_reads_version_1(batch, reports):  # noqa: F811
    """Verdicts, sums and rules are those that 0.1.0 reported; the port of a TCP client was an endpoint then."""
    old, new = reports
    merged = json.loads(batch.call("merge", "--quiet", "old.jsonl").stdout)
    assert merged["schema"] == "skypefp-merge/2" and len(merged["captures"]) == len(old) == 5
    assert sorted(rows(merged)) == sorted(row for document in old for row in rows(document))
    ephemeral = ("192.168.1.2", 50026, "certain", 35, ("tcp.seed_reuse",))
    today = json.loads(batch.call("merge", "--quiet", "new.jsonl").stdout)
    assert sorted(rows(merged)) == sorted([*rows(today), ephemeral])


def test_versions_mix(batch, reports):  # noqa: F811
    """Three captures of the old report and two of the new one, in one file."""
    old, new = reports
    batch.make("mixed.jsonl", "".join(json.dumps(document) + "\n" for document in [*old[:3], *new[3:]]).encode())
    merged = json.loads(batch.call("merge", "--quiet", "mixed.jsonl").stdout)
    assert len(merged["captures"]) == 5
    assert sorted(rows(merged)) == sorted(row for document in [*old[:3], *new[3:]] for row in rows(document))


@pytest.mark.parametrize("order", [1, -1])
def test_the_newer_version_counts(batch, reports, order):  # noqa: F811
    """Versions are numbers: 0.10.0 came after 0.9.0."""
    documents = [{**reports[1][0], "plugin_version": version} for version in ("0.9.0", "0.10.0")]
    batch.make("twice.jsonl", "".join(json.dumps(document) + "\n" for document in documents[::order]).encode())
    (capture,) = json.loads(batch.call("merge", "--quiet", "twice.jsonl").stdout)["captures"]
    assert capture["plugin_version"] == "0.10.0"


def test_what_version_1_lacks(reports):
    """As the table of batch/README.md has it: what is absent, and what has another name."""
    old, new = reports
    for lines, has_it in ((old, False), (new, True)):
        assert {document["schema"] for document in lines} == {f"skypefp-report/{1 + has_it}"}
        for document in lines:
            found = {"": [document], "endpoints": document["endpoints"], "conversations": document["conversations"],
                     "evidence": [proof for row in document["endpoints"] for proof in row["evidence"]]}
            for where, names in LATER.items():
                assert all((name in row) == has_it for row in found[where] for name in names), where
            assert all(("packets" in row) != has_it for row in document["conversations"])
    asked = [row for document in old for row in document["hosts"]]
    assert asked == [row for document in new for row in document["software"]] and asked[0]["rule"] == "host.update_check"
