# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that attack: tshark ends well and silently, nothing is marked that should not be, time and memory stay in bounds.

Each capture is read with the plugin and, in the same run, with it disabled; and at a quarter of its size, for how the cost grows."""
import os
import pathlib
import tempfile

import hostile_captures
import pytest
import tshark as runner
from conftest import make_user

MAX_RATIO = 3           # of processor time, with to without
MAX_GROWTH = 1.6        # of that ratio, when the capture is four times as large
LEAST_SECONDS = 0.25    # of processor time that count as one; below, start-up noise would decide
SCALE = int(os.environ.get("SKYPEFP_HOSTILE_SCALE", "1"))   # of the captures in which nothing is marked; ./run fuzz: 10
# That any of these may cost beyond what tshark takes itself; what a million of messages take, which is all that is kept, when there are more.
MAX_EXTRA_KB = 100_000 if SCALE == 1 else 1_000_000  # a source port takes 1.0 kB: its endpoint, pair and finding
MAX_EXTRA_KB_MARKED = 250_000   # the same when 200,000 packets have findings
QUARTERS = (1, 4)
ROUNDS = 3              # of measuring, at most

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


def run_tshark(user, capture, *options):
    """(what tshark prints, seconds of processor time, peak memory in kB) of one run, which must be well and silent."""
    process, seconds, memory = user.measure("-n", "-r", capture, *options)
    complaints = runner.complaints(process)
    assert process.returncode == 0 and not complaints, f"{capture.name}: ended with {process.returncode}, said {complaints}"
    return process.stdout, seconds, memory


def measure(user, capture, *options):
    """(numbers of the marked frames, seconds, kB)"""
    printed, seconds, memory = run_tshark(user, capture, "-Y", "skypefp", "-T", "fields", "-e", "frame.number", *options)
    return printed.split(), seconds, memory


class Comparison:
    """What a capture costs with the plugin and without, at a quarter of its n packets and whole."""

    def __init__(self, user, lean, folder, name, n):
        self._user, self._lean, self._name = user, lean, name
        self._captures = [folder / f"{name}-{quarters}.pcap" for quarters in QUARTERS]
        for quarters, capture in zip(QUARTERS, self._captures):
            hostile_captures.write(capture, getattr(hostile_captures, name)(n // 4 * quarters))
        self._seconds = {}
        self._measure()

    def _measure(self):
        """Runs everything; of the processor times of all rounds the lowest count."""
        for capture in self._captures:
            with_plugin = measure(self._user, capture, *self._lean)
            without = measure(self._user, capture, *self._lean, "--disable-protocol", "skypefp")
            for key, (_, seconds, _) in ((capture, True), with_plugin), ((capture, False), without):
                self._seconds[key] = min(seconds, self._seconds.get(key, seconds))
        self.marked, self.extra_memory = with_plugin[0], with_plugin[2] - without[2]

    def _ratios(self):
        return [max(self._seconds[capture, True], LEAST_SECONDS) / max(self._seconds[capture, False], LEAST_SECONDS)
                for capture in self._captures]

    def _is_within_bounds(self):
        small, large = self._ratios()
        return large < MAX_RATIO and large < MAX_GROWTH * max(small, 1)

    def check_time(self):
        """Linear, and not much dearer than tshark itself. What else the machine does only adds, so that a bad result is measured again."""
        for _ in range(ROUNDS - 1):
            if not self._is_within_bounds():
                self._measure()
        small, large = self._ratios()
        assert large < MAX_RATIO, f"{self._name}: {large:.1f} times the time of tshark without the plugin"
        assert large < MAX_GROWTH * max(small, 1), f"{self._name}: {small:.1f} times at a quarter of the size, {large:.1f} at the whole"


@pytest.mark.parametrize("name,n", [(name, SCALE * n) for name, n in (runner.sample(UNMARKED, 3) if SCALE == 1 else UNMARKED)])
def test_nothing_is_marked(user, lean, folder, name, n):
    comparison = Comparison(user, lean, folder, name, n)
    marked = comparison.marked
    assert not marked, f"{name}: {len(marked)} frames marked, the first is {marked[0]}"
    comparison.check_time()
    assert comparison.extra_memory < MAX_EXTRA_KB, f"{name}: {comparison.extra_memory} kB"


def test_forged_generators_are_marked_in_bounds(user, lean, folder):
    """Whoever forges 100,000 sources with Skype's generator gets them marked, each from its second payload on, and no more."""
    n = 200_000
    comparison = Comparison(user, lean, folder, "spoofed_generators", n)
    assert list(map(int, comparison.marked)) == list(range(2, n + 1, 2))
    comparison.check_time()
    assert comparison.extra_memory < MAX_EXTRA_KB_MARKED, f"{comparison.extra_memory} kB"


@pytest.mark.parametrize("statistic", ["tree", "endpoints", "report"])
def test_statistics_of_forged_generators_are_linear(user, folder, statistic):
    """Each forged source is an endpoint of its own."""
    n, lowest = 120_000, {}
    for quarters in QUARTERS:
        hostile_captures.write(folder / f"{quarters}.pcap", hostile_captures.spoofed_generators(n // 4 * quarters))
    for _ in range(ROUNDS):
        for quarters in QUARTERS:
            printed, seconds, _ = run_tshark(user, folder / f"{quarters}.pcap", "-q", "-z", f"skypefp,{statistic}")
            assert printed
            lowest[quarters] = max(min(seconds, lowest.get(quarters, seconds)), LEAST_SECONDS)
        if lowest[4] < MAX_GROWTH * 4 * lowest[1]:
            return
    pytest.fail(f"{statistic}: {lowest[1]:.1f} s at a quarter of the size, {lowest[4]:.1f} s at the whole")
