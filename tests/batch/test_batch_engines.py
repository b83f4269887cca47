# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch: sharkd that cannot be trusted, and what is remembered about tshark."""
import concurrent.futures
import gzip
import os
import pathlib
import resource
import shutil
import subprocess
import tempfile
import time

import pytest

import tshark as runner
from batches import BOTH, FINDINGS, FOUND, LIKELY, PROGRAM, batch, by_tshark, fake_sharkd, statuses, without_engine  # noqa: F401 (batch is a fixture)


# ---- the traps of sharkd ----

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
    line, = batch.lines("--engine", "lean", path, environment={"SKYPEFP_SHARKD": fake}, code=FINDINGS)
    assert line.pop("file")["name"] == str(path) and without_engine(line) == by_tshark(batch, path)


@pytest.mark.parametrize("name, before", [
    ("silent", "time.sleep(120 if b'b.pcap' in line else 0)"),
    ("endless", "while b'b.pcap' in line: sys.stdout.buffer.write(b'{}\\n')"),
])
def test_sharkd_without_an_end(batch, name, before):
    paths = [batch.copy(FOUND, f"{name}/{letter}.pcap") for letter in "abc"]
    fake = fake_sharkd(batch, name, before)
    started = time.monotonic()
    lines = batch.lines("--engine", "lean", "-j1", "--timeout", "8", *paths, environment={"SKYPEFP_SHARKD": fake}, code=BOTH)
    assert statuses(lines) == {"a.pcap": "ok", "b.pcap": "timeout", "c.pcap": "ok"}
    assert time.monotonic() - started < 60


def test_compressed_captures_count_as_large(batch):
    """What is in them may be: one tshark for each, and sharkd never hears of it."""
    frames = LIKELY.read_bytes()[24:]
    for name, content, by in (("small.pcap", LIKELY.read_bytes(), "sharkd"), ("small.pcap.gz", gzip.compress(LIKELY.read_bytes()), "sharkd"),
                              ("large.pcap.gz", gzip.compress(LIKELY.read_bytes() + frames * 400, 0), "tshark")):
        path = batch.make(f"compressed/{name}", content)
        log = batch.make(f"compressed/{name}.log")
        fake = fake_sharkd(batch, "asked", f"open('{log}', 'ab').write(line)")
        line, = batch.lines("--engine", "lean", path, environment={"SKYPEFP_SHARKD": fake}, code=FINDINGS)
        assert line["capture"]["frames"] == 17 * (401 if by == "tshark" else 1) and path.stat().st_size < 4 * 2**20
        assert (str(path).encode() in log.read_bytes()) == (by == "sharkd"), name


def test_a_long_line_costs_its_length(batch):
    """Four times the octets take less than eight times the processor time; if each piece made us search the whole line again, it would be fifteen times."""
    path = batch.copy(FOUND, "long.pcap")

    def cost_of(bits):
        fake = fake_sharkd(batch, f"long-{bits}", "pass", f"answer = (b'x' * 2**{bits} + b'\\n' if b'certain' in line else b'') + line")
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        assert statuses(batch.lines("--engine", "lean", path, environment={"SKYPEFP_SHARKD": fake}, code=FINDINGS)) == {"long.pcap": "ok"}
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before

    short, long = cost_of(26), cost_of(28)
    assert long < 8 * short


def test_without_sharkd(batch):
    path = batch.copy(FOUND, "without.pcap")
    assert batch.lines("--engine", "lean", path, environment={"SKYPEFP_SHARKD": "/nonexistent"}) == batch.lines("--engine", "lean", path)


# ---- root ----

@pytest.mark.skipif(not runner.am_root(), reason="only root has rights to give up")
@pytest.mark.parametrize("capability", ["cap_dac_read_search", "cap_dac_override"])
def test_children_of_root_have_no_rights(capability):
    """They are nobody, may read any file (in a container without the first capability: open), and see no plugins of root's own. A
    mount namespace has the plugin where it would be installed."""
    with tempfile.TemporaryDirectory(prefix="skypefp-batch-root-") as name:
        folder = pathlib.Path(name)
        (folder / "private").mkdir(mode=0o700)
        capture = folder / "private" / "found.pcap"
        capture.write_bytes(FOUND.read_bytes())
        capture.chmod(0o600)
        bin_folder = folder / "bin"
        bin_folder.mkdir(mode=0o755)
        folder.chmod(0o755)
        for program in ("tshark", "sharkd"):
            script = bin_folder / program
            script.write_text(f'#!/bin/sh\n{{ id -u; id -g; id -G; echo "$HOME" "$WIRESHARK_PLUGIN_DIR"; grep Cap /proc/self/status; }} > $LOG/{program}\n'
                              f'exec {shutil.which(program)} "$@"\n')
            script.chmod(0o755)
        log = folder / "log"
        log.mkdir()
        os.chown(log, runner.NOBODY, runner.NOBODY)
        plugins = subprocess.run(["tshark", "-G", "folders"], capture_output=True, text=True, check=True).stdout
        plugins = pathlib.Path(plugins.split("Global Plugins:")[1].split("\n")[0].strip()) / "epan"
        built, = (runner.BUILD / "plugins").glob("*/epan")
        dropped = [] if capability == "cap_dac_read_search" else ["setpriv", "--bounding-set", "-dac_read_search", "--inh-caps", "-dac_read_search"]
        command = ["unshare", "-m", "--propagation", "private", "sh", "-c", 'mount --bind "$1" "$2" && shift 2 && exec "$@"', "sh", built, plugins,
                   *dropped, PROGRAM, "-q", "-f", "jsonl", "--engine", "ENGINE", capture]
        variables = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "LOG": str(log), "TMPDIR": name, "WIRESHARK_PLUGIN_DIR": "/nowhere"}
        for program in ("tshark", "sharkd"):
            command[-2] = program
            process = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
            if any(words in process.stderr for words in ("unshare failed", "permission denied")):
                pytest.skip(f"no mount namespace: {process.stderr}")
            assert process.returncode == FINDINGS, process.stderr
            said = (log / program).read_text().splitlines()
            assert said[:3] == [str(runner.NOBODY)] * 3 and said[3].endswith("/data ") and said[3].startswith(name)
            number = {"cap_dac_read_search": 2, "cap_dac_override": 1}[capability]
            for key in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
                assert f"{key}:\t{1 << number:016x}" in said
        assert set(path.name for path in folder.iterdir()) == {"private", "bin", "log"}


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
        lines = self.batch.lines("--engine", "lean", self.capture, environment=self.environment, code=FINDINGS)
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
        reports = list(pool.map(lambda _: batch.lines("--engine", "lean", counting.capture, environment=counting.environment), range(6)))
    assert all(report == reports[0] for report in reports)
    assert counting.kept().stat().st_size > 0 and counting.dumps() == 0
