# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch on a command line: standard input, what is skipped, colors, progress, closed pipes, completion, ring buffers."""
import hashlib
import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

import pytest
from scapy.layers.inet import UDP
from scapy.utils import rdpcap

import tshark as runner
from batches import (  # noqa: F401 (batch is a fixture)
    BOTH, CLEAN, CLEAN_EXIT, FINDINGS, FOUND, INCOMPLETE, LIKELY, PROGRAM, USAGE, batch, fake_sharkd, fill, on_terminal, statuses,
)

COMPLETION = runner.REPOSITORY / "batch" / "completion"


# ---- standard input ----

@pytest.mark.parametrize("engine", ["auto", "lean", "sharkd", "tshark"])
def test_a_capture_on_stdin(batch, engine):
    path = batch.copy(FOUND, "stdin/found.pcap")
    expected, = batch.lines("--engine", engine, path)
    for source in ({"stdin": open(path, "rb")}, {"stdin": None, "input": None}):
        if source["stdin"] is None:         # a pipe, slowly
            process = subprocess.Popen(["sh", "-c", f"head -c 100 {path}; sleep 0.3; tail -c +101 {path}"], stdout=subprocess.PIPE)
            source = {"stdin": process.stdout}
        line, = batch.lines("--engine", engine, "-", **source, code=FINDINGS)
        assert line == {**expected, "file": {**expected["file"], "name": "-"}}
    both = batch.lines("-", path, stdin=open(path, "rb"), code=FINDINGS)
    assert [line["file"]["name"] for line in both] == ["-", str(path)]
    assert statuses(batch.lines("-", code=INCOMPLETE)) == {"-": "unreadable"}       # nothing comes
    assert batch.call("-q", "--list", "-", "-").returncode == USAGE
    report = batch.call("-q", "-f", "jsonl", "-o", "stdin/report.jsonl", "-", stdin=open(path, "rb"))
    assert report.returncode == FINDINGS and not list(batch.folder.glob("skypefp-batch-*/stdin"))
    refused = batch.call("-q", "-o", path, "-", stdin=open(path, "rb"))
    assert refused.returncode == USAGE and path.read_bytes() == FOUND.read_bytes()


def test_an_interrupt_while_stdin_waits(batch):
    before = set(batch.folder.glob("skypefp-batch-*"))
    with subprocess.Popen(batch.command("-q", "-"), cwd=batch.folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        while not any((folder / "stdin").exists() for folder in set(batch.folder.glob("skypefp-batch-*")) - before):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 128 + signal.SIGTERM
    assert set(batch.folder.glob("skypefp-batch-*")) == before


# ---- what is read ----

def test_exclude(batch):
    for name in ("a.pcap", "b.pcap", "old/c.pcap", "old/d.cap", "new/old/e.pcap", "new/f.pcap"):
        batch.copy(CLEAN, f"exclude/{name}")

    def read(*patterns):
        options = [word for pattern in patterns for word in ("--exclude", pattern)]
        return [line["file"]["name"].removeprefix("exclude/") for line in batch.lines(*options, "exclude", "exclude/b.pcap")]
    everything = ["a.pcap", "b.pcap", "new/f.pcap", "new/old/e.pcap", "old/c.pcap", "old/d.cap"]
    assert read("none") == everything
    assert read("old") == ["a.pcap", "b.pcap", "new/f.pcap"]
    assert read("*.pcap") == ["b.pcap", "old/d.cap"]        # what is named is read
    assert read("exclude/old/*") == ["a.pcap", "b.pcap", "new/f.pcap", "new/old/e.pcap"]
    assert read("[ac].pcap", "f*") == ["b.pcap", "new/old/e.pcap", "old/d.cap"]


def test_did_you_mean(batch):
    for arguments, name, meant in ((["mrege", "x.jsonl"], "mrege", "merge"), (["merg"], "merg", "merge"), (["-q", "merge", "x"], "merge", "merge"),
                                   (["x.pcap", "docter"], "docter", "doctor")):
        process = batch.call(*arguments)
        assert process.returncode == USAGE and f'there is no file "{name}"; did you mean {meant}?' in process.stderr and process.stdout == ""
    batch.copy(CLEAN, "marge")
    assert batch.call("-q", "marge", cwd=batch.folder).returncode == CLEAN_EXIT
    assert batch.call("-q", "nowhere.pcap").returncode == INCOMPLETE


# ---- what is shown ----

def test_one_is_singular(batch):
    batch.call("-q", "-f", "jsonl", "-o", "one.jsonl", batch.copy(CLEAN, "one/one.pcap"))
    process = batch.call("one")
    assert process.stdout == "1 capture: 0 certain, 0 likely, 0 possible, 1 without findings\n"
    assert re.fullmatch(r"skypefp-batch: 1 of 1 capture in [\d.]+ s\n", process.stderr)
    assert batch.call("merge", "-f", "table", "one.jsonl").stdout.startswith("1 capture; endpoints: ")
    batch.make("one/text", b"no capture\n")
    assert "skipped 1 file that is not a capture" in batch.call("one").stderr
    assert re.fullmatch(r"skypefp-batch \d+\.\d+\.\d+\n", batch.call("-V").stdout)


def test_all_findings(batch, corpus):
    path = batch.copy(corpus / "skype" / "skype-irc.cap", "many.cap")
    line, = batch.lines(path)
    own = [row for row in line["conversations"] if "source_evidence" in row or "destination_evidence" in row]
    n = sum(row["verdict"] != "none" for row in line["endpoints"] + own)
    short, long = (batch.call("-q", *options, path).stdout.splitlines() for options in ([], ["--all"]))
    clients = sum(host["conversations_begun"] > 0 for host in line["hosts"])
    assert clients == 3 and long[1].split()[3:] == "192.168.1.2 Skype client, listens on 35990, 6 conversations".split()
    assert n > 8 and len(long) == n + clients + 2 and len(short) == 8 + clients + 3
    assert short[-2] == f"  ... and {n - 8} more endpoints and conversations (--all)" and short[:clients + 9] == long[:clients + 9]


def test_all_clients(batch):
    """A report may hold many: the rest is counted, as that of the endpoints is."""
    path = batch.copy(FOUND, "clients.pcap")
    line, = batch.lines(path)
    line["hosts"] = [{"address": f"192.0.2.{i}", "verdict": "certain", "bits": 30, "ports": [], "conversations_begun": 1} for i in range(1, 12)]
    batch.make("clients.jsonl", json.dumps(line).encode())
    short, long = (batch.call("-q", *options, "--resume", "clients.jsonl", path).stdout for options in ([], ["--all"]))
    assert short.count("Skype client") == 8 and "  ... and 3 more clients (--all)\n" in short
    assert long.count("Skype client") == 11 and "more" not in long


def test_colors(batch):
    path = batch.copy(FOUND, "color.pcap")
    assert "\033[1;31mcertain \033[0m" in on_terminal(batch, "-q", path)[0]
    assert "\033[" not in on_terminal(batch, "-q", "--color=never", path)[0]
    assert "\033[" not in on_terminal(batch, "-q", path, environment={"NO_COLOR": "1"})[0]
    assert "\033[" in on_terminal(batch, "-q", path, environment={"NO_COLOR": ""})[0]
    assert "\033[" in on_terminal(batch, "-q", "--color", "always", path, environment={"NO_COLOR": "1"})[0]
    assert "\033[" not in on_terminal(batch, "-q", path, environment={"TERM": "dumb"})[0]
    assert "\033[" not in batch.call("-q", path).stdout and "\033[1;31m" in batch.call("-q", "--color", "always", path).stdout
    on_terminal(batch, "-q", "-o", "color.txt", path)
    assert "\033[" not in (batch.folder / "color.txt").read_text()
    assert batch.call("-q", "--color", "maybe", path).returncode == USAGE
    batch.call("-q", "-f", "jsonl", "-o", "color.jsonl", path)
    assert "\033[1;31m" in on_terminal(batch, "merge", "-f", "table", "color.jsonl")[0]


def test_rows_are_not_printed_into_the_bar(batch):
    slow = fake_sharkd(batch, "slow-rows", "time.sleep(0.06)")
    shown, _ = on_terminal(batch, "-j1", "--engine=sharkd", fill(batch, "rows", 20), environment={"SKYPEFP_SHARKD": slow})
    assert shown.count("[") > 3 and "captures, " in shown
    for line in shown.split("\n"):
        last = re.split(r"\r\x1b\[K|\r(?=\[)", line.rstrip("\r"))[-1]
        assert not re.search(r"left.*\S", last.split("left")[-1] and last if "left" in last else ""), line


@pytest.mark.parametrize("engine", ["direct", "sharkd", "tshark"])
def test_progress_inside_one_large_file(batch, engine):
    """The bar moves while Wireshark reads: the system tells how far its children are in the file."""
    frames = LIKELY.read_bytes()[24:]
    path = batch.make(f"large-{engine}.pcap", LIKELY.read_bytes() + frames * (120000 if engine == "direct" else 8000))
    shown, code = on_terminal(batch, "--engine", engine, path, stdout=False)
    assert code == FINDINGS
    bars = [bar.count("#") for bar in re.findall(r"\[([#.]{30})\] 0 of 1 capture, ", shown)]
    assert bars == sorted(bars) and len({n for n in bars if 0 < n < 30}) >= 2, bars     # Wireshark 4.4 reads 4 MB at a time


def test_a_closed_pipe_is_not_an_error(batch):
    """`| head -1`: quiet, with the exit code of what was found; the rest is not examined."""
    fill(batch, "pipe-closed", 300)
    slow = fake_sharkd(batch, "slow", "time.sleep(0.02)")
    for form in ("table", "jsonl"):
        command = shlex.join(map(str, batch.command("-q", "-j1", "-f", form, "pipe-closed", environment={"SKYPEFP_SHARKD": slow})))
        started = time.monotonic()
        process = subprocess.run(["bash", "-c", f"{command} | head -1; echo ${{PIPESTATUS[0]}}"], cwd=batch.folder, capture_output=True, text=True,
                                 check=False)
        assert process.stderr == "" and process.stdout.splitlines()[1] == str(FINDINGS)
        assert time.monotonic() - started < 10      # all of them take 18 s
    # Another output is written to its end.
    command = shlex.join(map(str, batch.command("-q", "-f", "table", "-f", "jsonl", "-o", "pipe-whole.jsonl", "pipe-closed")))
    subprocess.run(["bash", "-c", f"{command} | true"], cwd=batch.folder, check=False)
    assert len((batch.folder / "pipe-whole.jsonl").read_text().splitlines()) == 302
    command = shlex.join(map(str, batch.command("merge", "pipe-whole.jsonl")))
    process = subprocess.run(["bash", "-c", f"{command} | true; echo ${{PIPESTATUS[0]}}"], cwd=batch.folder, capture_output=True, text=True, check=False)
    assert (process.stdout, process.stderr) == (f"{BOTH}\n", "")


def test_junit_tells_time_and_damage(batch):
    batch.make("junit/cut.pcap", FOUND.read_bytes() + LIKELY.read_bytes()[24:60])
    batch.copy(CLEAN, "junit/clean.pcap")
    suite = ElementTree.fromstring(batch.call("-q", "-f", "junit", "junit").stdout).find("testsuite")
    clean, cut = suite.findall("testcase")
    assert all(re.fullmatch(r"\d+\.\d{3}", element.get("time")) for element in (suite, clean, cut))
    assert abs(float(suite.get("time")) - float(clean.get("time")) - float(cut.get("time"))) < 0.0021
    assert cut.find("failure").get("message").startswith("peer-to-peer Skype; the capture is truncated: The file appears to have been cut short")
    assert cut.find("error").get("type") == "truncated" and len(clean) == 0
    german = batch.call("-q", "-f", "junit", "junit", environment={"LC_ALL": "de_DE.UTF-8"}).stdout
    assert "," not in re.findall(r' time="([^"]*)"', german)[0]


# ---- completion ----

def options_of(*command):
    text = subprocess.run([PROGRAM, *command, "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", text, re.MULTILINE)) - {"--help-all"}


def complete_in_bash(*words):
    script = (f"source {shlex.quote(str(COMPLETION))}/skypefp-batch; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _skypefp_batch; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    process = subprocess.run(["bash", "-c", script, "bash", PROGRAM, *words], capture_output=True, text=True, check=True, cwd=runner.TEST_CAPTURES)
    assert process.stderr == ""
    return set(process.stdout.split())


def test_completion_in_bash():
    assert complete_in_bash("--") == options_of() and "--engine" in options_of()
    assert complete_in_bash("merge", "--") == options_of("merge") and "--same-network" in options_of("merge")
    assert complete_in_bash("doctor", "--") == options_of("doctor")
    assert complete_in_bash("me") == {"merge"} and complete_in_bash("x", "me") == set()
    assert complete_in_bash("--fail-on", "") == complete_in_bash("--fail-on", "=", "") == {"certain", "likely", "possible", "never"}
    assert complete_in_bash("merge", "-f", "") == {"json", "table"}
    assert complete_in_bash("udp-published-e") == {FOUND.name}


def test_completions_offer_what_the_program_takes(batch):
    """Options, and each value that they list."""
    zsh = (COMPLETION / "_skypefp-batch").read_text()
    assert set(re.findall(r"(--[a-z-]+)=?(?=[\[}])", zsh)) == options_of() | options_of("merge") | options_of("doctor")
    if shutil.which("zsh"):
        subprocess.run(["zsh", "-n", COMPLETION / "_skypefp-batch"], check=True)
    for text in (zsh, (COMPLETION / "skypefp-batch").read_text()):
        for option, values in (("--fail-on", "certain likely possible never"), ("--on-damage", "fail warn ignore"), ("--color", "auto always never")):
            assert values in text and all(batch.call("-q", option, value, CLEAN).returncode == CLEAN_EXIT for value in values.split())
    program = (runner.REPOSITORY / "batch" / "engine.c").read_text()
    engines = set(re.findall(r'"(\w+)"', re.search(r"names\[\] = \{(.*?)\}", program, re.DOTALL)[1]))
    assert engines == {"auto", "direct", "lean", "sharkd", "tshark"}


def test_completions_are_installed(tmp_path):
    subprocess.run(["cmake", "--install", runner.BUILD, "--prefix", tmp_path], check=True, capture_output=True)
    assert (tmp_path / "share/bash-completion/completions/skypefp-batch").is_file()
    assert (tmp_path / "share/zsh/site-functions/_skypefp-batch").is_file()


# ---- ring buffers ----

class Watching:
    """skypefp-batch --watch on a folder; lines of its report as they come."""

    def __init__(self, batch, folder, *options):
        self.output = batch.folder / f"{folder}.jsonl"
        self.process = subprocess.Popen(batch.command("-q", "--watch", "-f", "jsonl", "-o", self.output.name, *options, folder), cwd=batch.folder,
                                        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def names(self):
        return [json.loads(line)["file"]["name"].split("/")[-1] for line in self.output.read_text().splitlines()] if self.output.exists() else []

    def wait_for(self, names, seconds=20):
        deadline = time.monotonic() + seconds
        while sorted(self.names()) != sorted(names):
            assert self.process.poll() is None and time.monotonic() < deadline, (self.names(), names)
            time.sleep(0.05)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=20)
        assert errors == ""
        return self.process.returncode


def test_watch_examines_a_finished_file_once(batch):
    batch.copy(CLEAN, "ring-a/first.pcap")
    watching = Watching(batch, "ring-a")
    watching.wait_for(["first.pcap"])
    with open(batch.make("ring-a/second.pcap"), "ab") as file:
        file.write(FOUND.read_bytes()[:100])
        file.flush()
        time.sleep(2.5)
        assert watching.names() == ["first.pcap"]       # it is being written
        file.write(FOUND.read_bytes()[100:])
    watching.wait_for(["first.pcap", "second.pcap"])
    time.sleep(1.5)
    assert watching.names() == ["first.pcap", "second.pcap"]
    assert [json.loads(line)["file"]["status"] for line in watching.output.read_text().splitlines()] == ["ok", "ok"]
    # The ring goes round: the same name again, another capture.
    (batch.folder / "ring-a/first.pcap").unlink()
    batch.copy(LIKELY, "ring-a/first.pcap")
    watching.wait_for(["first.pcap", "first.pcap", "second.pcap"])
    assert watching.end() == FINDINGS


def test_watch_its_own_report_and_an_empty_folder(batch):
    batch.make("ring-b/notes.txt", b"no capture\n")
    watching = Watching(batch, "ring-b")
    watching.output = batch.folder / "ring-b.jsonl"
    time.sleep(1.5)
    process = subprocess.Popen(batch.command("-q", "--watch", "-f", "jsonl", "-o", "ring-c/report.jsonl", "ring-c"), cwd=batch.folder,
                               stdin=subprocess.DEVNULL) if batch.copy(FOUND, "ring-c/found.pcap") else None
    report = batch.folder / "ring-c/report.jsonl"
    while not (report.exists() and report.read_text().count("\n") == 1):
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(1.5)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == FINDINGS and report.read_text().count("\n") == 1
    watching.process.send_signal(signal.SIGINT)
    _, errors = watching.process.communicate(timeout=20)
    assert watching.process.returncode == USAGE and "no captures found" in errors
    assert batch.call("-q", "--watch", "-").returncode == USAGE


def test_watch_a_name_that_comes_later(batch):
    """A name that does not exist is reported once, as without --watch; it may come."""
    watching = Watching(batch, "ring-e")
    watching.wait_for(["ring-e"])
    time.sleep(1.5)
    assert watching.names() == ["ring-e"]
    batch.copy(FOUND, "ring-e/found.pcap")
    watching.wait_for(["ring-e", "found.pcap"])
    assert watching.end() == BOTH


def test_watch_with_its_extracts(batch):
    """They are written into the folder that is watched: each is examined, and nothing is extracted from it."""
    batch.copy(FOUND, "ring-d/found.pcap")
    watching = Watching(batch, "ring-d", "--extract", "ring-d")
    extract = f"found.pcap-{hashlib.sha256(FOUND.read_bytes()).hexdigest()[:12]}.pcapng"
    watching.wait_for(["found.pcap", extract])
    time.sleep(1.5)
    assert sorted(watching.names()) == sorted(["found.pcap", extract])
    assert watching.end() == FINDINGS and len(list((batch.folder / "ring-d").iterdir())) == 2


RING = """
import socket, subprocess, sys, time
folder, request, answer = sys.argv[1], bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3])
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
one, two = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
one.bind(("127.0.0.1", 33021))
two.bind(("127.0.0.1", 48915))
ring = subprocess.Popen(["dumpcap", "-q", "-i", "lo", "-b", "packets:10", "-b", "files:3", "-w", folder + "/ring.pcapng"], stderr=subprocess.PIPE)
ring.stderr.readline()      # "Capturing on ..."
time.sleep(1)
one.sendto(request, two.getsockname())
two.sendto(answer, one.getsockname())
for i in range(53):
    time.sleep(0.15)
    one.sendto(b"not Skype %d" % i, two.getsockname())
time.sleep(1)
ring.terminate()
sys.exit(ring.wait())
"""


def test_watch_a_ring_of_dumpcap(tmp_path):
    """dumpcap -b on loopback, in a network of its own, and skypefp-batch beside it: each of six files is examined once, as soon as it is
    finished and before the ring of three overwrites it; what was said on loopback is found."""
    if not runner.am_root():
        pytest.skip("not root: no network of its own")
    assert shutil.which("dumpcap"), "no dumpcap: it is part of wireshark-common, which the build needs"
    payloads = [bytes(packet[UDP])[8:packet[UDP].len] for packet in rdpcap(str(FOUND))[:2]]
    asker = payloads[1].find(bytes([192, 168, 0, 19]))
    answer = payloads[1][:asker] + bytes([127, 0, 0, 1]) + payloads[1][asker + 4:]
    ring = tmp_path / "ring"
    ring.mkdir()
    report = tmp_path / "report.jsonl"
    with subprocess.Popen([PROGRAM, "-q", "--watch", "-f", "jsonl", "-o", report, ring], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True) as watching:
        captured = subprocess.run(["unshare", "-n", sys.executable, "-c", RING, ring, payloads[0].hex(), answer.hex()], capture_output=True,
                                  text=True, check=False)
        assert captured.returncode == 0, captured.stderr
        deadline = time.monotonic() + 20
        while not report.exists() or report.read_text().count("\n") < 6:
            assert watching.poll() is None and time.monotonic() < deadline, report.read_text()
            time.sleep(0.1)
        time.sleep(1)
        watching.send_signal(signal.SIGINT)
        _, errors = watching.communicate(timeout=20)
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    numbers = [int(re.match(r"ring_(\d+)_", line["file"]["name"].split("/")[-1])[1]) for line in lines]
    assert (numbers, errors, watching.returncode) == ([1, 2, 3, 4, 5, 6], "", FINDINGS)
    assert [line["capture"]["frames"] for line in lines] == [10, 10, 10, 10, 10, 5] and {line["file"]["status"] for line in lines} == {"ok"}
    assert [line["packets"]["certain"] for line in lines] == [2, 0, 0, 0, 0, 0]
    assert [[row["name"] for row in line["capture"]["interfaces"]] for line in lines] == [["lo"]] * 6
    assert len(list(ring.iterdir())) == 3
