# SPDX-License-Identifier: GPL-2.0-or-later
"""The HTML page of all captures in test-captures/: it says what their reports say, and its bytes prove it."""
import json
import re

import pytest

import tshark as runner
from batches import FINDINGS, batch  # noqa: F401
from test_batch_html import parse, text_of

ANSWERS = {"certain": "This capture certainly contains", "likely": "This capture likely contains",
           "possible": "This capture possibly contains", None: "No peer-to-peer Skype was found"}


@pytest.fixture(scope="module")
def reports(batch):  # noqa: F811
    """(document, section of the page) for each capture."""
    captures = sorted(path for path in runner.TEST_CAPTURES.iterdir() if path.suffix in (".pcap", ".pcapng"))
    for path in captures:
        batch.copy(path, f"all/{path.name}")
    process = batch.call("--quiet", "--format", "jsonl", "-o", "all.jsonl", "--format", "html", "-o", "all.html", "all")
    assert (process.returncode, process.stderr) == (FINDINGS, "")
    documents = [json.loads(line) for line in (batch.folder / "all.jsonl").read_text().splitlines()]
    sections = parse((batch.folder / "all.html").read_text()).findall("body/section[@class='capture']")
    assert len(documents) == len(sections) == len(captures)
    return list(zip(documents, sections))


def test_answers(reports):
    """The strongest verdict of anything in the report."""
    for document, section in reports:
        rows = document["endpoints"] + document["hosts"] + document["conversations"]
        verdict = next((name for name in ("certain", "likely", "possible") if any(row["verdict"] == name for row in rows)), None)
        answer = next(p.text for p in section.iter("p") if p.get("class") == "answer")
        assert answer.startswith(ANSWERS[verdict]), document["file"]["name"]


def test_conversations_show_their_own_evidence(reports):
    """What an initiator sent is evidence of its conversation, and is shown with it."""
    n = 0
    for document, section in reports:
        titles = [text_of(h4) for h4 in section.iter("h4") if " by what its " in text_of(h4)]
        own = [row for row in document["conversations"] if row["verdict"] != "none" and "source_evidence" in row]
        assert len([title for title in titles if "initiator" in title]) == min(len(own), 50), document["file"]["name"]
        n += len(titles)
    assert n > 20


def test_bytes_that_cancel_are_padding(reports):
    """Each marked byte is 0xCD times the one before it, plus 0x71."""
    n = 0
    for _, section in reports:
        for table in section.iter("table"):
            if table.get("class") == "xor":
                mark = text_of(table.findall("tr")[-1].find("td/code/mark"))
                padding = [int(octet, 16) for octet in mark.split()]
                assert len(padding) == 7 and all((before * 0xCD + 0x71) & 0xFF == after for before, after in zip(padding, padding[1:]))
                n += 1
    assert n > 20


def test_software_and_bursts(reports):
    """Hosts that asked for Skype's software are listed, and bursts of data are drawn."""
    n_hosts = n_bursts = 0
    for document, section in reports:
        listed = [li.text for li in section.iter("li") if li.text and re.search(r", packet \d+$", li.text)]
        assert listed == [f"{row['address']}, packet {row['frame']}" for row in document["software"]]
        drawn = [rect for rect in section.iter("rect") if rect.get("class") == "burst"]
        assert bool(drawn) == any(contact["bursts"] for contact in document["contacts"])
        n_hosts, n_bursts = n_hosts + len(listed), n_bursts + len(drawn)
    assert n_hosts > 0
    assert n_bursts > 0
