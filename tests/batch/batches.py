# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch for its tests: the program in a folder of its own, and what more than one test feeds it."""
import json
import os
import pathlib
import pty
import re
import shutil
import struct
import subprocess
import tempfile

import pytest

import conftest
import tshark as runner

PROGRAM = runner.BUILD / "batch" / "skypefp-batch"
README = runner.REPOSITORY / "batch" / "README.md"
FOUND = runner.TEST_CAPTURES / "udp-published-exchange.pcap"     # certain
LIKELY = runner.TEST_CAPTURES / "tcp-telnet-sessions.pcap"       # likely
POSSIBLE = runner.TEST_CAPTURES / "udp-nat-one-answerer.pcap"    # possible
CLEAN = runner.TEST_CAPTURES / "near-dns.pcap"
CLEAN_EXIT, FINDINGS, INCOMPLETE, USAGE, BOTH = range(5)
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


def without_engine(report):
    """A report, or a list of them, without what says which program decided it."""
    if isinstance(report, list):
        return [without_engine(line) for line in report]
    return report and {key: value for key, value in report.items() if key not in ("engine", "wireshark_version")}


def by_tshark(batch, path):
    """What tshark alone reports, without its version, asked once for each content; an empty data folder is quicker and changes nothing."""
    empty = batch.folder.parent / "empty"
    empty.mkdir(exist_ok=True)
    content = path.read_bytes()
    if content not in batch.reports:
        process = batch.tshark.call(f"WIRESHARK_DATA_DIR={empty}", "tshark", "-q", "-r", batch.tshark.readable(path),
                                    "-z", "skypefp,report", program="env")
        batch.reports[content] = without_engine(json.loads(process.stdout)) if process.stdout else None
    return batch.reports[content]


def statuses(lines):
    return {pathlib.Path(line["file"]["name"]).name: line["file"]["status"] for line in lines}


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


def on_terminal(batch, *arguments, stdout=True, stderr=True, environment=()):
    """What a terminal shows of a run, and its exit code."""
    ours, theirs = pty.openpty()
    command = batch.command(*arguments, environment={"TERM": "xterm", **dict(environment)})
    with subprocess.Popen(command, cwd=batch.folder, stdin=subprocess.DEVNULL, stdout=theirs if stdout else subprocess.DEVNULL,
                          stderr=theirs if stderr else subprocess.DEVNULL) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 4096)
            except OSError:
                break
        code = process.wait()
    os.close(ours)
    return shown.decode(), code


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


def shell_blocks(language):
    """The fenced blocks of the README in a language, by the name in the comment above each."""
    return dict(re.findall(rf"<!-- run: (\S+) -->\n```{language}\n(.*?)```", README.read_text(), re.DOTALL))
