# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch: the same reports as tshark one by one, an exit code for each case, and nothing that stops a run."""
import concurrent.futures
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree

import pytest

import conftest
import tshark as runner

PROGRAM = runner.BUILD / "batch" / "skypefp-batch"
README = runner.REPOSITORY / "batch" / "README.md"
FOUND = runner.TEST_CAPTURES / "udp-published-exchange.pcap"     # certain
LIKELY = runner.TEST_CAPTURES / "tcp-telnet-sessions.pcap"       # likely
POSSIBLE = runner.TEST_CAPTURES / "udp-nat-one-answerer.pcap"    # possible
CLEAN = runner.TEST_CAPTURES / "near-dns.pcap"
CLEAN_EXIT, FINDINGS, INCOMPLETE, USAGE = range(4)
TRUNCATED_MESSAGE = "The file appears to have been cut short in the middle of a packet."


class Batch:
    """skypefp-batch as one of the ways of running tshark, in a folder of its own that the user may write to."""

    def __init__(self, tshark, folder):
        self.tshark = tshark
        self.folder = pathlib.Path(folder)
        self.program = self.folder / "skypefp-batch"
        self.reports = {}       # of tshark, by a capture's content
        shutil.copyfile(PROGRAM, self.program)
        self.program.chmod(0o755)
        self.give(self.folder)

    def give(self, path):
        """Makes a file or folder the user's own."""
        path.chmod(0o755 if path.is_dir() else 0o644)
        if runner.am_root() and self.tshark.who == "user":
            os.chown(path, runner.NOBODY, runner.NOBODY)
        return path

    def make(self, name, content=b""):
        """A folder of captures for one test: a new file in it."""
        path = self.folder / name
        for parent in reversed(path.relative_to(self.folder).parents[:-1]):
            if not (self.folder / parent).is_dir():
                (self.folder / parent).mkdir()
                self.give(self.folder / parent)
        path.write_bytes(content)
        return self.give(path)

    def copy(self, source, name):
        return self.make(name, pathlib.Path(source).read_bytes())

    def command(self, *arguments, environment=()):
        """The command line, for those who start it themselves."""
        variables = {**self.tshark._environment, "TMPDIR": self.folder, **dict(environment)}
        return [*self.tshark._command, "env", "-u", "WIRESHARK_PLUGIN_DIR", *(f"{k}={v}" for k, v in variables.items()),
                self.program, *map(str, arguments)]

    def call(self, *arguments, environment=(), **options):
        options = {"stdin": subprocess.DEVNULL, "cwd": self.folder, "timeout": 600, "check": False, **options}
        return subprocess.run(self.command(*arguments, environment=environment), capture_output=True, text=True,
                              errors="surrogateescape", **options)

    def lines(self, *arguments, code=None, **options):
        """The JSON Lines of a run."""
        process = self.call("--quiet", "--format", "jsonl", *arguments, **options)
        assert code is None or process.returncode == code, (process.returncode, process.stderr)
        assert process.stderr == ""
        return [json.loads(line) for line in process.stdout.splitlines()]


@pytest.fixture(scope="session")
def batch():
    """skypefp-batch as an ordinary user."""
    if not PROGRAM.exists():
        pytest.fail(f"no {PROGRAM}: build first", pytrace=False)
    with tempfile.TemporaryDirectory(prefix="skypefp-batch-test-") as folder:
        for name in ("tshark", "batch"):
            (pathlib.Path(folder) / name).mkdir()
        pathlib.Path(folder).chmod(0o755)
        yield Batch(conftest.make_user(pathlib.Path(folder) / "tshark"), pathlib.Path(folder) / "batch")


def by_tshark(batch, path):
    """What tshark alone reports, asked once for each content; an empty data folder is quicker and changes nothing."""
    empty = batch.folder.parent / "empty"
    empty.mkdir(exist_ok=True)
    content = path.read_bytes()
    if content not in batch.reports:
        process = batch.tshark.call(f"WIRESHARK_DATA_DIR={empty}", "tshark", "-q", "-r", batch.tshark.readable(path),
                                    "-z", "skypefp,report", program="env")
        batch.reports[content] = json.loads(process.stdout) if process.stdout else None
    return batch.reports[content]


def statuses(lines):
    return {pathlib.Path(line["file"]["name"]).name: line["file"]["status"] for line in lines}


# ---- the same as tshark ----

def assert_same_reports(batch, captures, *options):
    lines = {line["file"]["name"]: line for line in batch.lines(*options, *captures)}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        expected = dict(zip(captures, pool.map(lambda path: by_tshark(batch, path), captures)))
    assert len(lines) == len(captures)
    for path in captures:
        file = lines[str(path)].pop("file")
        assert lines[str(path)] == expected[path], f"{path}: {file}"


def test_reports_are_those_of_tshark(batch):
    captures = sorted(batch.tshark.readable(path) for path in runner.TEST_CAPTURES.glob("*.pcap"))
    assert len(captures) > 100
    assert_same_reports(batch, captures[::10])
    assert batch.lines(*captures) == batch.lines("--engine", "sharkd", *captures)


def test_reports_on_real_captures_are_those_of_tshark(batch, corpus):
    skype = [path for path in (corpus / "skype").iterdir() if path.suffix in (".cap", ".pcap")]
    other = sorted(path for path in (corpus / "other").iterdir())[::250]
    assert_same_reports(batch, [batch.tshark.readable(path) for path in skype + other])


@pytest.mark.parametrize("engine", ["lean", "sharkd", "tshark"])
def test_every_engine_reports_the_same(batch, engine):
    captures = [batch.copy(path, f"engines/{path.name}") for path in (FOUND, LIKELY, CLEAN)]
    captures.append(batch.make("engines/cut.pcap", LIKELY.read_bytes()[:-10]))
    captures.append(batch.make("engines/header.pcap", LIKELY.read_bytes()[:24]))
    assert_same_reports(batch, captures, "--engine", engine)


def test_root(request):
    """Root has only the installed plugin, and an empty data folder does not help."""
    if not runner.am_root():
        pytest.skip("not root")
    with tempfile.TemporaryDirectory(prefix="skypefp-batch-root-") as folder:
        for name in ("tshark", "batch"):
            (pathlib.Path(folder) / name).mkdir()
        root = Batch(conftest.make_root(pathlib.Path(folder) / "tshark"), pathlib.Path(folder) / "batch")
        assert_same_reports(root, [FOUND, CLEAN])
        doctor = root.call("doctor", environment={"WIRESHARK_PLUGIN_DIR": str(runner.BUILD / "plugins")})
        assert doctor.returncode in (0, 1), doctor.stdout
        assert "root: personal plugins and WIRESHARK_PLUGIN_DIR are ignored" in doctor.stdout


# ---- exit codes ----

def make_case(batch, case):
    content = LIKELY.read_bytes()
    if case == "missing":
        return batch.folder / "cases" / "missing.pcap"
    if case == "no-permission":
        path = batch.make("cases/no-permission.pcap", content)
        path.chmod(0)
        return path
    made = {"clean": CLEAN.read_bytes(), "found": FOUND.read_bytes(), "likely": content, "possible": POSSIBLE.read_bytes(),
            "truncated": content[:-10], "truncated-with-findings": FOUND.read_bytes() + content[24:60],
            "damaged": content + b"\xff" * 40, "damaged-at-once": content[:24] + b"\xff" * 40,
            "no-capture": b"This is a text.\n", "empty": b"", "header": content[:24]}
    return batch.make(f"cases/{case}.pcap", made[case])


CASES = [
    ("clean", [], CLEAN_EXIT, "ok"),
    ("header", [], CLEAN_EXIT, "ok"),
    ("found", [], FINDINGS, "ok"),
    ("likely", [], FINDINGS, "ok"),
    ("likely", ["--fail-on", "certain"], CLEAN_EXIT, "ok"),
    ("likely", ["--fail-on=possible"], FINDINGS, "ok"),
    ("possible", [], CLEAN_EXIT, "ok"),
    ("possible", ["--fail-on", "possible"], FINDINGS, "ok"),
    ("found", ["--fail-on", "never"], CLEAN_EXIT, "ok"),
    ("truncated", [], INCOMPLETE, "truncated"),
    ("truncated-with-findings", [], INCOMPLETE, "truncated"),
    ("damaged", [], INCOMPLETE, "truncated"),
    ("damaged-at-once", [], INCOMPLETE, "unreadable"),
    ("no-capture", [], INCOMPLETE, "unreadable"),
    ("missing", [], INCOMPLETE, "unreadable"),
    ("empty", [], INCOMPLETE, "unreadable"),
    ("no-permission", [], INCOMPLETE, "unreadable"),
    ("found", ["--timeout", "0.000001"], INCOMPLETE, "timeout"),
]


@pytest.fixture(scope="module")
def runs(batch):
    """The result of each case, run side by side."""
    paths = {case: make_case(batch, case) for case, *_ in CASES}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda case: batch.call("--quiet", "--format", "jsonl", *case[1], paths[case[0]]), CASES))


@pytest.mark.parametrize("number", range(len(CASES)), ids=[" ".join([case, *options]) for case, options, *_ in CASES])
def test_exit_code(runs, number):
    case, _, code, status = CASES[number]
    process = runs[number]
    assert process.returncode == code and process.stderr == ""
    line, = map(json.loads, process.stdout.splitlines())
    assert line["file"]["status"] == status
    assert (line["file"]["message"] is None) == (status == "ok")
    assert ("endpoints" in line) == (status in ("ok", "truncated"))
    if case == "truncated-with-findings":
        assert line["endpoints"][0]["verdict"] == "certain" and line["file"]["message"] == TRUNCATED_MESSAGE


def test_plugin_absent(batch):
    process = batch.call(CLEAN, environment={"WIRESHARK_PLUGIN_DIR": "/nonexistent"})
    if process.returncode == CLEAN_EXIT:
        pytest.skip("the plugin is installed for all users")
    assert process.returncode == USAGE and process.stdout == ""
    assert "is not loaded" in process.stderr and "looked for" in process.stderr and "-> " in process.stderr


def test_plugin_absent_whatever_is_installed(batch):
    """A tshark that does not know the report, as without the plugin."""
    fake = batch.make("bin/tshark-without", b"#!/bin/sh\necho 'tshark: Invalid -z argument \"skypefp,report\"' >&2\nexit 1\n")
    fake.chmod(0o755)
    process = batch.call(CLEAN, environment={"SKYPEFP_TSHARK": fake, "SKYPEFP_SHARKD": "/nonexistent"})
    assert process.returncode == USAGE and process.stdout == ""
    assert "Invalid -z argument" in process.stderr and "plugin loaded      NO" in process.stderr
    assert batch.call(CLEAN, environment={"SKYPEFP_TSHARK": "/nonexistent"}).returncode == USAGE


@pytest.mark.parametrize("arguments", [
    [], ["--unknown"], ["-j", "x", CLEAN], ["-j", "-1", CLEAN], ["--timeout", "0", CLEAN], ["--format", "xml", CLEAN],
    ["--format", "json", CLEAN], ["--fail-on", "maybe", CLEAN], ["--list", "/nonexistent"], ["-o", "/nonexistent/x", CLEAN],
    ["--format", "jsonl", "--format", "junit", CLEAN], ["merge"], ["merge", "/nonexistent"], ["doctor", "x"],
])
def test_usage(batch, arguments):
    process = batch.call(*arguments)
    assert process.returncode == USAGE and process.stderr.startswith("skypefp-batch: ")


def test_help_and_version(batch):
    for command in ([], ["merge"], ["doctor"]):
        process = batch.call(*command, "--help")
        assert process.returncode == 0 and "--version" in process.stdout
    assert re.fullmatch(r"skypefp-batch \d+\.\d+\.\d+\n", batch.call("--version").stdout)


# ---- inputs ----

def test_walk(batch):
    batch.copy(CLEAN, "walk/a/one.pcap")
    batch.copy(CLEAN, "walk/b/two.weird")
    batch.make("walk/b/README.md", b"no capture\n")
    batch.make("walk/b/.gitkeep")
    batch.make("walk/b/broken.pcapng", b"no capture\n")
    subprocess.run(["gzip", "-k", batch.copy(FOUND, "walk/c/three.pcap")], check=True)
    batch.give(batch.folder / "walk/c/three.pcap.gz")
    subprocess.run(["editcap", "-F", "pcapng", FOUND, batch.folder / "walk/c/three.pcapng"], check=True, capture_output=True)
    batch.give(batch.folder / "walk/c/three.pcapng")
    (batch.folder / "walk/a/loop").symlink_to("..")
    (batch.folder / "walk/dangling.pcap").symlink_to("nowhere")
    locked = batch.make("walk/locked/x.pcap").parent
    locked.chmod(0)
    try:
        lines = batch.lines("walk", code=INCOMPLETE)
    finally:
        locked.chmod(0o755)
    assert [line["file"]["name"] for line in lines] == [
        "walk/a/one.pcap", "walk/b/broken.pcapng", "walk/b/two.weird", "walk/c/three.pcap", "walk/c/three.pcap.gz",
        "walk/c/three.pcapng", "walk/dangling.pcap", "walk/locked"]
    assert [line["file"]["status"] for line in lines] == ["ok", "unreadable", "ok", "ok", "ok", "ok", "unreadable", "unreadable"]
    assert lines[3]["endpoints"] == lines[4]["endpoints"] == lines[5]["endpoints"] != []
    assert "2 other files" in batch.call("walk").stderr


def test_names(batch):
    names = [b"names/caf\xe9 100%.pcap", "names/Füße \"x\" \\ 'y'.pcap".encode(), b"names/two\nlines.pcap", b"names/-rf.pcap",
             b"names/<&>.pcap"]
    batch.make("names/x")
    (batch.folder / "names/x").unlink()
    for name in names:
        with open(os.fsencode(batch.folder) + b"/" + name, "wb") as file:
            file.write(FOUND.read_bytes())
    lines = batch.lines("names", code=FINDINGS)
    assert [line["file"]["name"] for line in lines] == [
        "names/-rf.pcap", "names/<&>.pcap", "names/Füße \"x\" \\ 'y'.pcap", "names/caf%E9 100%25.pcap", "names/two%0Alines.pcap"]
    assert [line["file"].get("name_escaped", False) for line in lines] == [False, False, False, True, True]
    assert all(line["file"]["status"] == "ok" and line["endpoints"] for line in lines)
    suite = ElementTree.fromstring(batch.call("-q", "--format", "junit", "names").stdout)
    assert [case.get("name") for case in suite.iter("testcase")] == [line["file"]["name"] for line in lines]
    assert batch.lines("--engine", "tshark", "names") == lines


def test_a_pipe_does_not_hold_the_run(batch):
    os.mkfifo(batch.make("pipe/a.pcap", CLEAN.read_bytes()).parent / "fifo.pcap")
    assert statuses(batch.lines("pipe")) == {"a.pcap": "ok"}
    assert statuses(batch.lines("pipe/fifo.pcap", code=INCOMPLETE)) == {"fifo.pcap": "unreadable"}


@pytest.mark.parametrize("options, separator", [([], "\n"), ([], "\r\n"), (["--null"], "\0")])
def test_list(batch, options, separator):
    names = [str(batch.copy(FOUND, "list/b.pcap")), str(batch.copy(CLEAN, "list/a.pcap"))]
    text = separator.join(names) + separator
    from_stdin = batch.lines("--list", "-", *options, input=text, stdin=None, code=FINDINGS)
    assert list(statuses(from_stdin)) == ["a.pcap", "b.pcap"]
    batch.make("list.txt", text.encode())
    assert batch.lines("-llist.txt", *options, names[0]) == from_stdin      # named twice, listed once


def test_nothing_to_read(batch):
    assert batch.lines("--list", "/dev/null", code=CLEAN_EXIT) == []


# ---- outputs ----

def fill(batch, name, n=40):
    """A folder of small captures, and two that cannot be read to the end."""
    sources = [FOUND, LIKELY, POSSIBLE, CLEAN]
    for i in range(n):
        octets = bytearray(sources[i % len(sources)].read_bytes())
        octets[12:16] = struct.pack("<I", i)    # "accuracy of time stamps", which nobody reads: every content differs
        batch.make(f"{name}/{i:03}.pcap", bytes(octets))
    batch.make(f"{name}/cut.pcap", LIKELY.read_bytes()[:-10])
    batch.make(f"{name}/empty.pcap")
    return name


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
    assert process.returncode == INCOMPLETE
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
    assert list(line)[:2] == ["schema", "file"] and line["schema"] == "skypefp-report/1"


def test_progress(batch, filled):
    plain = batch.call(filled).stderr
    assert "42 of 42 captures in" in plain and "\r" not in plain
    assert batch.call("--quiet", filled).stderr == ""
    ours, theirs = pty.openpty()
    slow = fake_sharkd(batch, "slow", "time.sleep(0.01)")       # or it is done before there is anything to draw
    command = batch.command("-j1", filled, environment={"SKYPEFP_SHARKD": slow})
    with subprocess.Popen(command, cwd=batch.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 4096)
            except OSError:
                break
        process.wait()
    os.close(ours)
    assert re.search(rb"\[[#.]{30}\] \d+ of 42 captures, [\d.]+/s, \S+ left", shown), shown


# ---- a run that is ended early ----

def test_interrupt(batch):
    fill(batch, "interrupt", 300)
    slow = fake_sharkd(batch, "slow", "time.sleep(0.02)")
    command = batch.command("-j2", "--format", "jsonl", "-o", "cut.jsonl", "--format", "junit", "-o", "cut.xml", "interrupt",
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
    assert rest == batch.lines("interrupt")


def test_resume(batch):
    fill(batch, "resume")
    fresh = batch.lines("resume")
    marked = [json.loads(json.dumps(line)) for line in fresh[:20]]
    for line in marked:
        line["capture"]["carried"] = True
    text = "".join(json.dumps(line) + "\n" for line in marked) + '{"schema":"skypefp-report/1","file":{"na'
    batch.make("earlier.jsonl", text.encode())
    process = batch.call("--resume", "earlier.jsonl", "--format", "jsonl", "-o", "earlier.jsonl", "resume")
    assert process.returncode == INCOMPLETE and "1 unfinished lines" in process.stderr
    lines = [json.loads(line) for line in (batch.folder / "earlier.jsonl").read_text().splitlines()]
    assert all(line["capture"].pop("carried") for line in lines[:20])
    assert lines == fresh
    batch.copy(CLEAN, "resume/zzz-new.pcap")
    assert [line["file"] for line in batch.lines("-r", "earlier.jsonl", "resume")[:-1]] == [line["file"] for line in fresh]


def test_killed_runs_lose_nothing(batch):
    fill(batch, "killed", 300)
    slow = fake_sharkd(batch, "slow", "time.sleep(0.02)")
    command = batch.command("-q", "-j1", "--resume", "kill.jsonl", "--format", "jsonl", "-o", "kill.jsonl", "killed",
                            environment={"SKYPEFP_SHARKD": slow})
    left = batch.folder / "kill.jsonl.unfinished"
    for round_ in range(2):
        with subprocess.Popen(command, cwd=batch.folder, stdin=subprocess.DEVNULL) as process:
            while not (left.exists() and left.stat().st_size > 0 and (batch.folder / "kill.jsonl").exists() == bool(round_)):
                assert process.poll() is None
                time.sleep(0.01)
            process.kill()
    assert len((batch.folder / "kill.jsonl").read_text().splitlines()) >= 1
    process = batch.call("-q", "--resume", "kill.jsonl", "--format", "jsonl", "-o", "kill.jsonl", "killed")
    assert process.returncode == INCOMPLETE and not left.exists()
    assert [json.loads(line) for line in (batch.folder / "kill.jsonl").read_text().splitlines()] == batch.lines("killed")


def test_resume_takes_nothing_from_another_version(batch):
    path = batch.copy(FOUND, "version.pcap")
    line, = batch.lines(path)
    batch.make("version.jsonl", json.dumps({**line, "plugin_version": "0.0.0", "endpoints": []}).encode())
    assert batch.lines("--resume", "version.jsonl", path) == [line]
    assert batch.lines("--resume", "absent.jsonl", path) == [line]


# ---- the traps of sharkd ----

def fake_sharkd(batch, name, before, instead="answer = line"):
    """A sharkd in between: runs `before` ahead of each request, and `instead` on each answer."""
    text = f"""#!/usr/bin/python3
import json, os, subprocess, sys, threading, time
child = subprocess.Popen(["sharkd", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr)
def forward():
    for line in sys.stdin.buffer:
        {before}
        child.stdin.write(line)
        child.stdin.flush()
    child.stdin.close()
threading.Thread(target=forward, daemon=True).start()
for line in child.stdout:
    {instead}
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
"""
    path = batch.make(f"bin/sharkd-{name}", text.encode())
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name, before, instead", [
    ("dies", "os._exit(1)", "answer = line"),
    ("talks-of-another", "pass", "answer = line.replace(b'trap.pcap', b'other.pcap')"),
    ("has-another-size", "pass", "answer = line.replace(b'\"filesize\":', b'\"filesize\":9')"),
    ("knows-no-table", "pass", "answer = line.replace(b'\"tables\":', b'\"other\":')"),
    ("talks-nonsense", "pass", "answer = b'nonsense\\n' + line.replace(b'\"id\":', b'\"no\":'); os._exit(0)"),
])
def test_sharkd_that_cannot_be_trusted(batch, name, before, instead):
    path = batch.copy(FOUND, "trap.pcap")
    fake = fake_sharkd(batch, name, before, instead)
    line, = batch.lines(path, environment={"SKYPEFP_SHARKD": fake}, code=FINDINGS)
    assert line.pop("file")["name"] == str(path) and line == by_tshark(batch, path)


@pytest.mark.parametrize("name, before", [
    ("silent", "time.sleep(120 if b'b.pcap' in line else 0)"),
    ("endless", "while b'b.pcap' in line: sys.stdout.buffer.write(b'{}\\n')"),
])
def test_sharkd_without_an_end(batch, name, before):
    paths = [batch.copy(FOUND, f"{name}/{letter}.pcap") for letter in "abc"]
    fake = fake_sharkd(batch, name, before)
    started = time.monotonic()
    lines = batch.lines("-j1", "--timeout", "8", *paths, environment={"SKYPEFP_SHARKD": fake}, code=INCOMPLETE)
    assert statuses(lines) == {"a.pcap": "ok", "b.pcap": "timeout", "c.pcap": "ok"}
    assert time.monotonic() - started < 60


def test_without_sharkd(batch):
    path = batch.copy(FOUND, "without.pcap")
    assert batch.lines(path, environment={"SKYPEFP_SHARKD": "/nonexistent"}) == batch.lines(path)


# ---- what is remembered about the installed tshark ----

class CountingTshark:
    """A tshark that writes down how it was started, and a cache folder of its own."""

    def __init__(self, batch, name):
        self.batch = batch
        self.log = batch.make(f"cache-{name}/log")
        self.cache = self.log.parent / "home" / "cache"
        script = f'#!/bin/sh\necho "$1" >> {self.log}\nexec tshark "$@"\n'
        self.program = batch.make(f"cache-{name}/tshark", script.encode())
        self.program.chmod(0o755)
        self.capture = batch.copy(FOUND, f"cache-{name}/found.pcap")
        batch.give(batch.make(f"cache-{name}/home/x").parent)
        self.environment = {"SKYPEFP_TSHARK": self.program, "XDG_CACHE_HOME": self.cache}

    def dumps(self):
        """Runs a batch; how often tshark was asked for its dissectors meanwhile."""
        self.batch.give(self.log).write_text("")
        lines = self.batch.lines(self.capture, environment=self.environment, code=FINDINGS)
        assert [line["endpoints"][0]["verdict"] for line in lines] == ["certain"]
        return self.log.read_text().split().count("-G")

    def kept(self):
        """The file that is kept; nothing else lies beside it."""
        file, = (self.cache / "skypefp-batch").iterdir()
        return file


def test_dissectors_are_asked_for_once(batch):
    counting = CountingTshark(batch, "once")
    assert [counting.dumps(), counting.dumps()] == [2, 0]
    os.utime(counting.program, (1, 1))      # another tshark
    assert [counting.dumps(), counting.dumps()] == [2, 0]
    assert len(list((counting.cache / "skypefp-batch").iterdir())) == 2


def test_spoiled_cache(batch):
    """Cut, foreign or changed: asked again and replaced. Names of protocols that must stay on would change reports."""
    counting = CountingTshark(batch, "spoiled")
    counting.dumps()
    content = counting.kept().read_bytes()
    assert b"\nbittorrent\n" in content
    for spoiled in (b"", content[:100], content + b"ip\n", b"\0" * len(content), content.replace(b"\nbittorrent\n", b"\nip\nudp\n")):
        counting.kept().write_bytes(spoiled)
        assert counting.dumps() == 2
        assert counting.kept().read_bytes() == content
    assert counting.dumps() == 0


def test_cache_that_cannot_be_written(batch):
    counting = CountingTshark(batch, "read-only")
    counting.cache.parent.chmod(0o555)
    assert [counting.dumps(), counting.dumps()] == [2, 2]
    counting.cache.parent.chmod(0o755)
    assert not counting.cache.exists() and counting.dumps() == 2 and counting.dumps() == 0


@pytest.mark.skipif(not runner.am_root(), reason="only root can give files away")
def test_cache_of_somebody_else(batch):
    counting = CountingTshark(batch, "foreign")
    counting.dumps()
    os.chown(counting.kept(), 0, 0)
    assert counting.dumps() == 2            # not believed, replaced
    assert counting.kept().stat().st_uid == runner.NOBODY and counting.dumps() == 0


def test_cache_is_written_by_many_at_once(batch):
    counting = CountingTshark(batch, "race")
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        reports = list(pool.map(lambda _: batch.lines(counting.capture, environment=counting.environment), range(6)))
    assert all(report == reports[0] for report in reports)
    assert counting.kept().stat().st_size > 0 and counting.dumps() == 0


# ---- doctor ----

def test_doctor(batch):
    process = batch.call("doctor")
    assert process.returncode == 0, process.stdout
    for expected in ("Wireshark ", "plugin folder ", "plugin loaded      version ", "skypefp_udp        on", "protocol SkypeFP   on"):
        assert expected in process.stdout


def test_doctor_sees_switches(batch):
    config = batch.make("switched/heuristic_protos", b"skypefp_udp,0\n").parent
    batch.make("switched/disabled_protos", b"skypefp\n")
    process = batch.call("doctor", environment={"WIRESHARK_CONFIG_DIR": config})
    assert process.returncode == 1 and "protocol SkypeFP   OFF" in process.stdout and "skypefp_udp        OFF" in process.stdout
    # A batch has a configuration of its own.
    assert len(batch.lines(FOUND if runner.is_public(FOUND) else batch.copy(FOUND, "switched.pcap"), code=FINDINGS,
                           environment={"WIRESHARK_CONFIG_DIR": config})[0]["endpoints"]) == 1


# ---- documentation ----

def shell_blocks(language):
    """The fenced blocks of the README in a language, by the name in the comment above each."""
    return dict(re.findall(rf"<!-- run: (\S+) -->\n```{language}\n(.*?)```", README.read_text(), re.DOTALL))


def script_lines(block):
    """The shell lines of a CI example, step by step: what follows "run: |" or stands in "script:"."""
    lines = block.splitlines()
    for i, line in enumerate(lines):
        if re.match(r"\s*(- )?(run|(before_)?script): ?\|?$", line.rstrip()):
            indent = len(lines[i + 1]) - len(lines[i + 1].lstrip())
            taken = []
            for follower in lines[i + 1:]:
                if follower.strip() and len(follower) - len(follower.lstrip()) < indent:
                    break
                taken.append(follower[indent:].removeprefix("- "))
            yield "\n".join(taken)


def install_into(batch, folder):
    """Stands in for the project's `run install`, which would change the system; the program lands where that puts it."""
    assert "\n  install)\n" in (runner.REPOSITORY / "run").read_text()
    script = f'#!/bin/sh\ntest "$*" = install && mkdir -p "$HOME/.local/bin" && cp {batch.program} "$HOME/.local/bin"\n'
    batch.make(f"{folder}/skypefp/run", script.encode()).chmod(0o755)


@pytest.mark.parametrize("name", shell_blocks("yaml"))
def test_ci_examples(batch, name):
    """Every shell line of the examples, step after step; what a step writes to GITHUB_PATH counts for the next, as on GitHub."""
    folder = f"ci-{name}"
    steps = list(script_lines(shell_blocks("yaml")[name]))
    assert len(steps) == 2 and "skypefp/run install" in steps[0] and "skypefp-batch" in steps[1]
    install_into(batch, folder)
    home = batch.make(f"{folder}/home/github-path").parent
    variables = {"HOME": home, "GITHUB_PATH": home / "github-path", "PATH": os.environ["PATH"]}
    run_script(batch, folder, steps[0], CLEAN_EXIT, variables)
    paths = (home / "github-path").read_text().splitlines() or [home / ".local" / "bin"]    # GitLab's root installs for everybody
    variables["PATH"] = ":".join(map(str, [*paths, variables["PATH"]]))
    batch.copy(CLEAN, f"{folder}/captures/clean.pcap")
    run_script(batch, folder, steps[1], CLEAN_EXIT, variables)
    assert ElementTree.parse(batch.folder / folder / "skypefp.xml").getroot().find("testsuite").get("tests") == "1"
    batch.copy(FOUND, f"{folder}/captures/found.pcap")
    run_script(batch, folder, steps[1], FINDINGS, variables)


@pytest.mark.parametrize("name", shell_blocks("sh"))
def test_shell_examples(batch, name):
    fill(batch, f"sh-{name}/captures", 12)
    (batch.folder / f"sh-{name}/captures/empty.pcap").unlink()
    (batch.folder / f"sh-{name}/captures/cut.pcap").unlink()
    run_script(batch, f"sh-{name}", shell_blocks("sh")[name], FINDINGS)
    merged = json.loads((batch.folder / f"sh-{name}" / "merged.json").read_text())
    assert len(merged["captures"]) == 12


def run_script(batch, folder, script, code, variables=()):
    variables = {**batch.tshark._environment, "PATH": f"{batch.folder}:{os.environ['PATH']}", "TMPDIR": batch.folder, **dict(variables)}
    command = [*batch.tshark._command, "env", *(f"{k}={v}" for k, v in variables.items()), "bash", "-e", "-c", script]
    process = subprocess.run(command, cwd=batch.folder / folder, capture_output=True, text=True, timeout=120, check=False,
                             stdin=subprocess.DEVNULL)
    assert process.returncode == code, process.stdout + process.stderr


def test_parallel_over_ssh(batch):
    """GNU parallel hands lists of captures to "machines" over ssh; here both are this one, through an sshd on loopback."""
    if shutil.which("parallel") is None or shutil.which("sshd", path="/usr/sbin:/sbin:" + os.environ["PATH"]) is None:
        pytest.skip("no GNU parallel or no sshd")
    if not runner.am_root():
        pytest.skip("sshd of an ordinary user differs; root only")
    root_shell = Sshd(batch)
    try:
        fill(batch, "ssh/captures", 12)
        script = shell_blocks("bash")["parallel-ssh"].replace("node1,node2", root_shell.host)
        variables = {"PATH": f"{batch.folder}:{os.environ['PATH']}", "HOME": str(root_shell.folder), "PARALLEL_SSH": root_shell.command,
                     "LC_ALL": "C.UTF-8"}
        process = subprocess.run(["bash", "-c", script], cwd=batch.folder / "ssh", env={**os.environ, **variables},
                                 capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)
        assert process.returncode == INCOMPLETE, process.stdout + process.stderr       # cut.pcap, empty.pcap
        merged = json.loads((batch.folder / "ssh" / "merged.json").read_text())
        assert len(merged["captures"]) == 14
    finally:
        root_shell.stop()


class Sshd:
    """An sshd for root on loopback, with keys of its own, that runs skypefp-batch with the test's plugin as the ordinary user."""

    def __init__(self, batch):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="skypefp-sshd-"))
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name], check=True)
        port = 20000 + struct.unpack("<H", os.urandom(2))[0] % 20000
        shutil.copyfile(self.folder / "user.pub", self.folder / "authorized")
        wrapper = self.folder / "as-user"
        environment = " ".join(f"{k}={v}" for k, v in {**batch.tshark._environment, "TMPDIR": batch.folder}.items())
        wrapper.write_text(f'#!/bin/sh\nexport {environment} PATH={batch.folder}:$PATH\n'
                           f'exec setpriv --reuid={runner.NOBODY} --regid={runner.NOBODY} --clear-groups '
                           'bash -c "$SSH_ORIGINAL_COMMAND"\n')
        wrapper.chmod(0o755)
        self.folder.chmod(0o755)
        (self.folder / "config").write_text(
            f"Port {port}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host\nAuthorizedKeysFile {self.folder}/authorized\n"
            f"PidFile {self.folder}/pid\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\n"
            f"ForceCommand {wrapper}\n")
        os.makedirs("/run/sshd", exist_ok=True)
        sshd = shutil.which("sshd", path="/usr/sbin:/sbin:" + os.environ["PATH"])
        self.process = subprocess.Popen([sshd, "-D", "-e", "-f", self.folder / "config"], stderr=subprocess.DEVNULL)
        self.command = (f"ssh -p {port} -i {self.folder}/user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "
                        "-o LogLevel=ERROR")
        self.host = "2/root@127.0.0.1"
        for _ in range(50):
            if subprocess.run([*self.command.split(), "root@127.0.0.1", "true"], capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.1)
        self.stop()
        pytest.skip("no ssh connection to an sshd of our own")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)


def test_nothing_is_found_in_other_protocols(batch, corpus):
    """All of the captures of other protocols, whole: no packet reaches even possible, and no rule fires."""
    documents = [json.loads(line) for line in batch.call("-q", "--format", "jsonl", "-o", "-", corpus / "other").stdout.splitlines()]
    read = [document for document in documents if "packets" in document]
    assert len(read) > 3000
    found = [document["file"]["name"] for document in read if any(document["packets"].values()) or document["rules"]]
    assert found == []
