# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch: its outputs, and runs that are ended early and taken up again."""
import json
import re
import shutil
import signal
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import pytest

from batches import BOTH, CLEAN, FINDINGS, FOUND, README, USAGE, batch, fake_sharkd, fill, on_terminal, without_engine  # noqa: F401 (batch is a fixture)


# ---- outputs ----

@pytest.fixture(scope="module")
def filled(batch):
    """A folder that fill() filled; nobody changes it."""
    return fill(batch, "filled")


@pytest.fixture(scope="module")
def report(batch, filled):
    """Its JSON Lines, by one worker."""
    return batch.call("-q", "-j1", "--format", "jsonl", filled).stdout


def test_order_and_workers(batch, filled, report):
    one = report
    assert one == batch.call("-q", "-j", "2", "--format", "jsonl", filled).stdout == \
        batch.call("-q", "-j7", "--format", "jsonl", filled).stdout
    names = [json.loads(line)["file"]["name"] for line in one.splitlines()]
    assert names == sorted(names) and len(names) == 42
    assert one.encode("ascii")


def test_outputs_side_by_side(batch, filled, report):
    process = batch.call("-q", filled, "--format", "table", "--format", "jsonl", "-oside.jsonl", "--format", "junit", "--output",
                         "side.xml")
    assert process.returncode == BOTH
    assert process.stdout.splitlines()[-1] == \
        "42 captures: 10 certain, 11 likely, 10 possible, 10 without findings; 1 truncated; 1 unreadable"
    assert re.search(r"^filled/000.pcap\n  certain +\d+ bits  192.168.0.14:48915 +udp.echo udp.reflect$", process.stdout, re.MULTILINE)
    assert (batch.folder / "side.jsonl").read_text() == report
    suite = ElementTree.parse(batch.folder / "side.xml").getroot().find("testsuite")
    assert [suite.get(name) for name in ("tests", "failures", "errors")] == ["42", "21", "2"]
    assert len(suite.findall("testcase")) == 42 and len(suite.findall("testcase/failure")) == 21
    assert [error.get("type") for error in suite.iter("error")] == ["truncated", "unreadable"]


def test_json_lines_say_what_they_are_of(batch):
    path = batch.copy(FOUND, "of.pcap")
    line, = batch.lines(path)
    digest = subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout.split()[0]
    assert line["file"] == {"name": str(path), "sha256": digest, "size": path.stat().st_size, "status": "ok", "message": None}
    assert list(line)[:2] == ["schema", "file"] and line["schema"] == "skypefp-report/2"


def test_progress(batch, filled):
    plain = batch.call(filled).stderr
    assert "42 of 42 captures in" in plain and "\r" not in plain
    assert batch.call("--quiet", filled).stderr == ""
    slow = fake_sharkd(batch, "slow", "time.sleep(0.01)")       # or it is done before there is anything to draw
    shown, _ = on_terminal(batch, "--engine", "lean", "-j1", filled, stdout=False, environment={"SKYPEFP_SHARKD": slow})
    assert re.search(r"\[[#.]{30}\] \d+ of 42 captures, [\d.]+ .?B of [\d.]+ kB, [\d.]+ .?B/s, \S+ left", shown), shown


# ---- a run that is ended early ----

def test_interrupt(batch):
    fill(batch, "interrupt", 300)
    slow = fake_sharkd(batch, "slow", "time.sleep(0.02)")
    command = batch.command("--engine", "lean", "-j2", "--format", "jsonl", "-o", "cut.jsonl", "--format", "junit", "-o", "cut.xml", "interrupt",
                            environment={"SKYPEFP_SHARKD": slow})
    before = set(batch.folder.glob("skypefp-batch-*"))
    with subprocess.Popen(command, cwd=batch.folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        output = batch.folder / "cut.jsonl"
        while not (output.exists() and output.stat().st_size > 0):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 128 + signal.SIGINT
    lines = [json.loads(line) for line in output.read_text().splitlines()]
    assert 0 < len(lines) < 302
    assert all(line["file"]["status"] == "ok" for line in lines)
    suite = ElementTree.parse(batch.folder / "cut.xml").getroot().find("testsuite")
    assert int(suite.get("tests")) == len(lines) and "interrupted" in suite.find("system-err").text
    assert set(batch.folder.glob("skypefp-batch-*")) == before
    # The rest, and nothing twice.
    rest = batch.lines("--resume", "cut.jsonl", "interrupt")
    assert without_engine(rest) == without_engine(batch.lines("interrupt"))


def begin(batch, name, *options, wrapper=()):
    """A slow run over a folder, with a report of each kind; at least one line is written."""
    fill(batch, name, 300)
    slow = fake_sharkd(batch, "slow", "time.sleep(0.02)")
    command = batch.command("-q", "--engine", "lean", "-j2", "--format", "jsonl", "-o", f"{name}.jsonl", "--format", "junit", "-o", f"{name}.xml", *options, name,
                            environment={"SKYPEFP_SHARKD": slow})
    process = subprocess.Popen([*wrapper, *command], cwd=batch.folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    output = batch.folder / f"{name}.jsonl"
    while not (output.exists() and output.stat().st_size > 0):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)
    return process


def assert_ended_in_order(batch, name, before):
    """Both reports are whole and hold the same captures; nothing temporary is left."""
    lines = [json.loads(line) for line in (batch.folder / f"{name}.jsonl").read_text().splitlines()]
    suite = ElementTree.parse(batch.folder / f"{name}.xml").getroot().find("testsuite")
    assert 0 < len(lines) < 302 and int(suite.get("tests")) == len(lines) and "interrupted" in suite.find("system-err").text
    assert set(batch.folder.glob("skypefp-batch-*")) == before


@pytest.mark.parametrize("first, second", [("SIGTERM", "SIGTERM"), ("SIGINT", "SIGTERM"), ("SIGHUP", "SIGHUP")])
def test_second_signal_changes_nothing(batch, first, second):
    before = set(batch.folder.glob("skypefp-batch-*"))
    for attempt in range(3):
        name = f"twice-{first}-{second}-{attempt}"
        with begin(batch, name) as process:
            process.send_signal(getattr(signal, first))
            time.sleep(attempt * 0.005)
            process.send_signal(getattr(signal, second))
            process.communicate(timeout=20)
        assert process.returncode in (128 + getattr(signal, first), 128 + getattr(signal, second))
        assert_ended_in_order(batch, name, before)


def test_timeout_of_gnu(batch):
    """It sends SIGTERM to the program, and once more to its own process group."""
    before = set(batch.folder.glob("skypefp-batch-*"))
    with begin(batch, "gnu-timeout", wrapper=("timeout", "5")) as process:
        process.communicate(timeout=20)
    assert process.returncode == 124
    assert_ended_in_order(batch, "gnu-timeout", before)


def test_third_signal_ends_at_once(batch):
    """All three arrive while it stands still: it does not get to close its reports."""
    with begin(batch, "thrice") as process:
        process.send_signal(signal.SIGSTOP)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            process.send_signal(number)
        process.send_signal(signal.SIGCONT)
        process.communicate(timeout=20)
    assert -process.returncode in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    for folder in batch.folder.glob("skypefp-batch-*"):
        shutil.rmtree(folder)


def test_resume(batch):
    fill(batch, "resume")
    fresh = batch.lines("resume")
    marked = [json.loads(json.dumps(line)) for line in fresh[:20]]
    for line in marked:
        line["capture"]["carried"] = True
    text = "".join(json.dumps(line) + "\n" for line in marked) + '{"schema":"skypefp-report/2","file":{"na'
    batch.make("earlier.jsonl", text.encode())
    process = batch.call("--resume", "earlier.jsonl", "--format", "jsonl", "-o", "earlier.jsonl", "resume")
    assert process.returncode == BOTH and "ignored 1 unfinished line of" in process.stderr
    lines = [json.loads(line) for line in (batch.folder / "earlier.jsonl").read_text().splitlines()]
    assert all(line["capture"].pop("carried") for line in lines[:20])
    assert lines == fresh
    batch.copy(CLEAN, "resume/zzz-new.pcap")
    assert [line["file"] for line in batch.lines("-r", "earlier.jsonl", "resume")[:-1]] == [line["file"] for line in fresh]


@pytest.mark.parametrize("content", [
    README.read_bytes(), FOUND.read_bytes(), b"no report", b'{"schema":"skypefp-report/2","file":{}}\n', b"{}\n", b"[]\n", b"7\n",
    b'{"schema":"skypefp-merge/1","captures":[]}\n', b'{"schema":"other/1","file":{"name":"x","status":"ok"}}\n'],
    ids=["text", "capture", "word", "no-file", "empty", "array", "number", "merged", "other"])
def test_resume_of_something_else(batch, content):
    """Nothing is read, and what was named stays as it is."""
    path, other = batch.copy(FOUND, "else.pcap"), batch.make("else.jsonl", content)
    process = batch.call("-q", "--resume", other, "--format", "jsonl", "-o", other, path)
    assert process.returncode == USAGE and other.read_bytes() == content
    assert process.stderr == f'skypefp-batch: "{other}" is not a report of skypefp-batch --format jsonl\n'
    if b"captures" not in content:
        assert batch.call("merge", other).returncode == USAGE


@pytest.mark.parametrize("content, n", [(b"", 0), (b"\n", 0), (b'{"sch', 1), (b'{"schema":"skypefp-report/2","fi\n', 1)])
def test_resume_of_next_to_nothing(batch, content, n):
    path, other = batch.copy(FOUND, "next.pcap"), batch.make("next.jsonl", content)
    process = batch.call("--resume", other, path)
    assert process.returncode == FINDINGS and (f"ignored {n} unfinished line of" in process.stderr) == (n > 0)


@pytest.mark.parametrize("is_link", [False, True])
def test_killed_runs_lose_nothing(batch, is_link):
    folder = f"killed-{is_link}"
    fill(batch, folder, 300)
    name, report = ("link", batch.folder / "linked.jsonl") if is_link else ("kill.jsonl", batch.folder / "kill.jsonl")
    if is_link:
        (batch.folder / name).symlink_to(report.name)
        report.touch()
        batch.give(report)
    slow = fake_sharkd(batch, "slow", "time.sleep(0.02)")
    command = batch.command("-q", "--engine", "lean", "-j1", "--resume", name, "--format", "jsonl", "-o", name, folder,
                            environment={"SKYPEFP_SHARKD": slow})
    left = batch.folder / f"{report.name}.unfinished"
    for round_ in range(2):
        with subprocess.Popen(command, cwd=batch.folder, stdin=subprocess.DEVNULL) as process:
            while not (left.exists() and left.stat().st_size > 0 and (report.exists() and report.stat().st_size > 0) == bool(round_)):
                assert process.poll() is None
                time.sleep(0.01)
            process.kill()
    assert len(report.read_text().splitlines()) >= 1
    process = batch.call("-q", "--resume", name, "--format", "jsonl", "-o", name, folder)
    assert process.returncode == BOTH and not left.exists() and (batch.folder / name).is_symlink() == is_link
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert without_engine(lines) == without_engine(batch.lines(folder))


def test_resume_takes_nothing_from_another_version(batch):
    path = batch.copy(FOUND, "version.pcap")
    line, = batch.lines(path)
    batch.make("version.jsonl", json.dumps({**line, "plugin_version": "0.0.0", "endpoints": []}).encode())
    assert batch.lines("--resume", "version.jsonl", path) == [line]
    assert batch.lines("--resume", "absent.jsonl", path) == [line]
