# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that attack: tshark ends well and silently, nothing is marked that should not be, time and memory stay in bounds.

Each capture is read with the plugin and, in the same run, with it disabled; and at a quarter of its size, for how the cost grows."""
import json
import pathlib
import sys
import tempfile

import hostile_captures
import pytest
import tshark as runner
from conftest import make_user

MAX_RATIO = 3           # of processor time, with to without
MAX_GROWTH = 1.6        # of that ratio, when the capture is four times as large
LEAST_SECONDS = 0.25    # of processor time that count as one; below, start-up noise would decide
MAX_EXTRA_KB = 100_000  # that any of these may cost beyond what tshark takes itself
MAX_EXTRA_KB_MARKED = 250_000   # the same when 200,000 packets have findings
QUARTERS = (1, 4)

# Runs a command in silence but for its own output, and adds what it cost as the last line of stderr.
MEASURE = """
import json, os, resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([usage.ru_utime, usage.ru_maxrss]), file=sys.stderr)
sys.exit(code)
"""

# Name of the generator, packets of the whole capture.
UNMARKED = [("source_ports", 100_000), ("colliding_ids", 40_000), ("clock_backwards", 30_000), ("reverse_order", 30_000),
            ("same_tuple", 100_000), ("unfinished_streams", 50_000), ("one_octet_segments", 50_000),
            ("overlapping_garbage", 50_000), ("honeypot", 60_000), ("syn_flood", 200_000), ("balanced_ports", 20_000)]


@pytest.fixture(scope="module")
def user():
    """tshark as an ordinary user alone: root's runs the same code, and twice the time is not worth it."""
    with tempfile.TemporaryDirectory(prefix="skypefp-hostile-") as folder:
        yield make_user(folder)


@pytest.fixture(scope="module")
def lean(user):
    """Options that switch off the protocols that guess: what is left of tshark is cheap, so that ours stands out."""
    rows = [line.split("\t") for line in user.text("-G", "heuristic-decodes").splitlines()]
    names = sorted({row[1] for row in rows if row[0] in ("udp", "tcp") and row[1] != "skypefp"})
    return [option for name in names for option in ("--disable-protocol", name)]


@pytest.fixture
def folder():
    """A folder that every user can read, for captures that are gone after the test."""
    with tempfile.TemporaryDirectory(prefix="skypefp-captures-") as name:
        path = pathlib.Path(name)
        path.chmod(0o755)
        yield path


def measure(user, capture, *options):
    """(what tshark prints, seconds of processor time, peak memory in kB) of one run, which must be well and silent."""
    process = user.call("-c", MEASURE, "tshark", "-n", "-r", capture, "-Y", "skypefp", "-T", "fields", "-e", "frame.number",
                        *options, program=sys.executable)
    *complaints, cost = runner.complaints(process)
    assert process.returncode == 0 and not complaints, f"{capture.name}: ended with {process.returncode}, said {complaints}"
    seconds, memory = json.loads(cost)
    return process.stdout.split(), seconds, memory


def compare(user, lean, folder, name, n):
    """The marked frames of the capture of n packets, the ratios of time at a quarter and at full size, and the extra memory."""
    ratios = []
    for quarters in QUARTERS:
        capture = folder / f"{name}-{quarters}.pcap"
        hostile_captures.write(capture, getattr(hostile_captures, name)(n // 4 * quarters))
        marked, with_seconds, with_memory = measure(user, capture, *lean)
        _, without_seconds, without_memory = measure(user, capture, *lean, "--disable-protocol", "skypefp")
        ratios.append(max(with_seconds, LEAST_SECONDS) / max(without_seconds, LEAST_SECONDS))
    return marked, ratios, with_memory - without_memory


def check_time(name, ratios):
    """Linear, and not much dearer than tshark itself."""
    small, large = ratios
    assert large < MAX_RATIO, f"{name}: {large:.1f} times the time of tshark without the plugin"
    assert large < MAX_GROWTH * max(small, 1), f"{name}: {small:.1f} times at a quarter of the size, {large:.1f} at the whole"


@pytest.mark.parametrize("name,n", UNMARKED)
def test_nothing_is_marked(user, lean, folder, name, n):
    marked, ratios, extra_memory = compare(user, lean, folder, name, n)
    assert not marked, f"{name}: {len(marked)} frames marked, the first is {marked[0]}"
    check_time(name, ratios)
    assert extra_memory < MAX_EXTRA_KB, f"{name}: {extra_memory} kB"


def test_forged_generators_are_marked_in_bounds(user, lean, folder):
    """Whoever forges 100,000 sources with Skype's generator gets them marked, each from its second payload on, and no more."""
    n = 200_000
    marked, ratios, extra_memory = compare(user, lean, folder, "spoofed_generators", n)
    assert list(map(int, marked)) == list(range(2, n + 1, 2))
    check_time("spoofed_generators", ratios)
    assert extra_memory < MAX_EXTRA_KB_MARKED, f"{extra_memory} kB"
