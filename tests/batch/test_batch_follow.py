# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch - --follow: findings of a pipe as they come, and the document at its end."""
import json
import queue
import signal
import struct
import subprocess
import threading
import time

import pytest

import tshark as runner
from batches import CLEAN_EXIT, FINDINGS, FOUND, POSSIBLE, USAGE, batch  # noqa: F401 (batch is a fixture)
from test_direct import classic, frames_of

FOLLOW = ("-", "--format", "jsonl", "--follow")
FINDING, REPORT = "skypefp-finding/1", "skypefp-report/2"


class Following:
    """A run that reads a pipe, and what it prints, with the times."""

    def __init__(self, batch):
        self.process = subprocess.Popen(batch.command("-q", *FOLLOW), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        cwd=batch.folder)
        self._lines = queue.Queue()
        threading.Thread(target=lambda: [self._lines.put(json.loads(line)) for line in self.process.stdout], daemon=True).start()

    def write(self, octets):
        self.process.stdin.write(octets)
        self.process.stdin.flush()

    def line(self, seconds=20):
        return self._lines.get(timeout=seconds)

    def is_silent(self, seconds=0.5):
        time.sleep(seconds)
        return self._lines.empty()

    def memory(self):
        """Of the program itself, in KB: it is at the end of a chain of exec()."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

    def end(self, signal_number=None):
        if signal_number is None:
            self.process.stdin.close()
        else:
            self.process.send_signal(signal_number)
        return self.process.wait(timeout=20)


@pytest.fixture
def following(batch):
    run = Following(batch)
    yield run
    run.process.kill()
    run.process.wait()


def test_findings_come_at_once(following):
    """The second frame proves it: the line is there before a third one is."""
    octets = FOUND.read_bytes()
    first = 24 + 16 + struct.unpack_from("<I", octets, 24 + 8)[0]
    second = first + 16 + struct.unpack_from("<I", octets, first + 8)[0]
    following.write(octets[:first])
    assert following.is_silent()
    following.write(octets[first:second])
    line = following.line()
    assert (line["schema"], line["frame"], line["verdict"]) == (FINDING, 2, "certain")
    assert line["evidence"][0]["rule"] == "udp.echo" and line["evidence"][0]["related_frame"] == 1
    following.write(octets[second:])
    assert following.is_silent()
    assert following.end() == FINDINGS
    line = following.line()
    assert (line["schema"], line["file"]["name"], line["file"]["size"], line["file"]["status"]) == (REPORT, "-", len(octets), "ok")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_is_an_end(following, number):
    following.write(FOUND.read_bytes())
    assert following.line()["schema"] == FINDING and following.is_silent()
    assert following.end(number) == FINDINGS
    assert following.line()["capture"]["frames"] == 4


def test_all_captures(batch):
    """Each endpoint that is at least likely at the end is printed, with the verdict that it has then, and no other one."""
    n = 0
    for path in sorted(runner.TEST_CAPTURES.glob("udp-*.pcap"))[::3]:
        with open(path, "rb") as capture:
            process = batch.call("-q", *FOLLOW, stdin=capture)
        *findings, document = [json.loads(line) for line in process.stdout.splitlines()]
        if document["file"]["status"] != "ok":
            continue
        printed = {(line["address"], line["port"]): line["verdict"] for line in findings}
        expected = {(row["address"], row["port"]): row["verdict"] for row in document["endpoints"] if row["verdict"] in ("likely", "certain")}
        assert printed == expected, path.name
        n += len(printed)
    assert n > 10


DAY = 24 * 3600


@pytest.mark.parametrize("seconds, n", [(DAY - 60, 1), (DAY + 60, 2)])
def test_a_verdict_holds_for_a_day(batch, seconds, n):
    """As long as an owner of an address and port lasts without evidence: after that, the endpoint is printed again."""
    frames = frames_of(FOUND)
    later = [(second + seconds, *rest) for second, *rest in frames]
    path = batch.make("follow/day.pcap", classic([*frames, *later]))
    with open(path, "rb") as capture:
        *findings, _ = batch.call("-q", *FOLLOW, stdin=capture).stdout.splitlines()
    assert [json.loads(line)["verdict"] for line in findings] == ["certain"] * n


def test_near_misses(batch):
    """As in a run that does not follow; without the option there are none."""
    lines = []
    for arguments in (("-", "--follow", "--near-misses"), ("-", "--follow")):
        with open(POSSIBLE, "rb") as capture:
            lines += batch.lines(*arguments, stdin=capture, code=CLEAN_EXIT)
    expected, = batch.lines("--near-misses", POSSIBLE)
    assert lines[0]["near_misses"] == expected["near_misses"] != [] and "near_misses" not in lines[1]


def test_passed_over(batch):
    """What only Wireshark can decide does not end it."""
    frames = frames_of(FOUND)
    sflow = frames[0][2][:34] + struct.pack(">HHHH", 1000, 6343, 16, 0) + struct.pack(">II", 4, 1)
    sflow = sflow[:16] + struct.pack(">H", 36) + sflow[18:]
    path = batch.make("follow/sflow.pcap", classic([(0, 0, sflow, len(sflow)), *frames]))
    with open(path, "rb") as capture:
        process = batch.call("-q", *FOLLOW, stdin=capture)
    finding, document = [json.loads(line) for line in process.stdout.splitlines()]
    assert finding["verdict"] == "certain" and document["file"]["status"] == "truncated" and process.returncode == 4
    assert document["file"]["message"] == "1 frames that only Wireshark can decide were passed over"


def test_lines_of_findings_can_be_merged(batch):
    with open(FOUND, "rb") as capture:
        assert batch.call("-q", *FOLLOW, "-o", "followed.jsonl", stdin=capture).returncode == FINDINGS
    merged = batch.call("merge", "-q", "followed.jsonl")
    assert merged.returncode == FINDINGS and len(json.loads(merged.stdout)["endpoints"]) >= 1
    with open(FOUND, "rb") as capture:    # a report of this project may be replaced
        assert batch.call("-q", *FOLLOW, "-o", "followed.jsonl", stdin=capture).returncode == FINDINGS


@pytest.mark.parametrize("arguments", [("--follow", "-"), ("--follow", "-f", "jsonl", FOUND), ("--follow", "-f", "jsonl", "-", "--engine", "lean"),
                                       ("--follow", "-f", "jsonl", "-", "--extract", "x")])
def test_wrong_usage(batch, arguments):
    process = batch.call(*arguments)
    assert process.returncode == USAGE and "--follow" in process.stderr and process.stdout == ""


def test_memory_is_bounded(following):
    """Three days of scans: requests and answers of ever new endpoints, more than are remembered, and fragments without an end."""
    request, answer = (data[42:] for _, _, data, _ in frames_of(FOUND)[:2])
    answer = answer[:11]    # without Ethernet's padding

    def datagrams(begin, n):
        records = []
        for i in range(begin, begin + n):
            asker, answerer = struct.pack(">I", 0x0A000000 + i), struct.pack(">I", 0xC6120000 + i)
            for src, dst, ports, data in ((asker, answerer, (40000, 33033), request),
                                          (answerer, asker, (33033, 40000), answer[:3] + asker + answer[7:])):
                udp = struct.pack(">HHHH", *ports, 8 + len(data), 0) + data
                ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), i & 0xFFFF, 0x2000 if i % 50 == 0 else 0, 64, 17, 0) + src + dst
                frame = bytes(12) + b"\x08\0" + ip + udp
                records.append(struct.pack("<IIII", 1_300_000_000 + i * 2, 0, len(frame), len(frame)) + frame)
        return b"".join(records)

    following.write(classic([]) + datagrams(0, 70_000))
    assert following.line()["verdict"] == "certain"
    for _ in range(50):
        following.line()
    threading.Thread(target=lambda: [None for _ in iter(following.line, None)], daemon=True).start()
    time.sleep(3)
    before = following.memory()
    following.write(datagrams(70_000, 60_000))
    time.sleep(3)
    assert following.memory() < 1.25 * before
