# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory: valgrind has nothing to say about the plugin, over a sixth of test-captures (all with ./run test --all), and many file loads in one
process leak nothing."""
import itertools
import json
import os
import pathlib
import subprocess
import tempfile

import pytest

import memcheck
import sharkd
import tshark as runner
from conftest import make_user

EVERY_CAPTURE = sorted(runner.TEST_CAPTURES.glob("*.pcap*"))
CAPTURES = runner.sample(EVERY_CAPTURE, 6)
SAMPLE = EVERY_CAPTURE[::4]
WARM_UP, LOADS = 50, 100
ROUNDS = 3              # of measuring, at most
MAX_GROWTH_KB = 10      # a load, beyond what sharkd alone grows by: chance makes up to 6, a capture's memory that is kept 16

@pytest.fixture(scope="module")
def user():
    """tshark as an ordinary user alone: under valgrind root's would take as long again."""
    if os.environ.get("SKYPEFP_TSHARK_PRELOAD"):
        pytest.skip("valgrind and the sanitizers exclude each other")
    with tempfile.TemporaryDirectory(prefix="skypefp-memory-") as folder:
        yield make_user(folder)


@pytest.fixture
def folder():
    """An empty folder that everybody may write to."""
    with tempfile.TemporaryDirectory(prefix="skypefp-memory-") as name:
        path = pathlib.Path(name)
        path.chmod(0o777)
        yield path


def check_records(records, of_wireshark_alone):
    found = memcheck.of_plugin(records, of_wireshark_alone)
    assert not found, f"{len(found)} records, the first: {found[0].text}"


# ---- valgrind ----

def test_tshark_reads_all_captures(user, folder):
    """The captures in one file, two passes, every tree and every statistic; what tshark alone does wrong is not counted."""
    merged = folder / "all.pcapng"
    subprocess.run(["mergecap", "-a", "-F", "pcapng", "-w", merged, *CAPTURES], check=True)
    merged.chmod(0o644)
    common = ("-2", "-n", "-r", merged, "-V", "-o", "skypefp.near_misses:TRUE")
    statistics = ("-z", "skypefp,tree", "-z", "skypefp,endpoints", "-z", "skypefp,endpoints,udp", "-z", "skypefp,report")
    process, records = memcheck.run(user, folder, (*common, *statistics))
    assert "skypefp-report/2" in process.stdout
    _, alone = memcheck.run(user, folder, (*common[:-2], "-z", "http,tree"), with_plugin=False)
    check_records(records, alone)


def sharkd_requests(user, with_plugin):
    """Loads each capture by itself, shows its frames and asks for the statistics."""
    taps = {"tap0": "stat:skypefp", "tap1": "nstat:skypefp,window", "tap2": "nstat:skypefp,document"}
    for number, capture in enumerate(CAPTURES, 1):
        yield sharkd.request("load", number, file=str(user.readable(capture)))
        if with_plugin:
            yield sharkd.request("frames", number, column0="skypefp.verdict:0", column1="skypefp.rule:0")
            yield sharkd.request("tap", number, **taps)
        else:
            yield sharkd.request("frames", number, column0="udp.port:0")
            yield sharkd.request("tap", number, tap0="stat:http", tap1="nstat:dhcp,stat")


def test_sharkd_loads_capture_after_capture(user, folder):
    records = {}
    for with_plugin in (True, False):
        requests = "\n".join(sharkd_requests(user, with_plugin)) + "\n"
        process, records[with_plugin] = memcheck.run(user, folder, ("-",), "sharkd", with_plugin, stdin=None, input=requests)
        answers = [json.loads(line) for line in process.stdout.splitlines()]
        assert len(answers) == requests.count("\n") and not [answer for answer in answers if "error" in answer]
        assert ("skypefp-report/2" in process.stdout) == with_plugin
    check_records(records[True], records[False])


# ---- many loads ----

def peak_of_loads(user, folder, with_plugin, n):
    """Peak memory in kB of one sharkd that loads n captures."""
    (folder / "data").mkdir(exist_ok=True)
    # What is freed goes back to the system at once, so that what is left is held. Otherwise the 38 kB that sharkd 4.0 itself leaks with
    # each load lie scattered over what the plugin has freed, and malloc cannot use all of it again.
    variables = ["MALLOC_TRIM_THRESHOLD_=0", f"WIRESHARK_DATA_DIR={folder / 'data'}"]
    if not with_plugin:
        variables.append(f"WIRESHARK_PLUGIN_DIR={folder / 'data'}")
    requests = []
    for turn in range(1, n + 1):
        requests.append(sharkd.request("load", turn, file=str(user.readable(SAMPLE[turn % len(SAMPLE)]))))
        requests.append(sharkd.request("tap", turn, tap0="nstat:skypefp,document" if with_plugin else "nstat:dhcp,stat"))
    process, _, peak = user.measure("-", program="sharkd", variables=variables, stdin=None, input="\n".join(requests) + "\n")
    assert process.returncode == 0 and process.stdout.count("\n") == len(requests) and '"error"' not in process.stdout
    assert ("skypefp-report/2" in process.stdout) == with_plugin
    return peak


def test_100_loads_leak_nothing(user, folder):
    """After a warm-up, 100 more loads of the same captures let sharkd grow no more than without the plugin. Chance only adds to a peak, so
    a bad result is measured again, and the lowest peaks count: what leaks is in each of them."""
    lowest = {}
    for _ in range(ROUNDS):
        for with_plugin, n in itertools.product((True, False), (WARM_UP, WARM_UP + LOADS)):
            peak = peak_of_loads(user, folder, with_plugin, n)
            lowest[with_plugin, n] = min(peak, lowest.get((with_plugin, n), peak))
        growth = {with_plugin: (lowest[with_plugin, WARM_UP + LOADS] - lowest[with_plugin, WARM_UP]) / LOADS for with_plugin in (True, False)}
        print(f"kB a load: {growth[True]:.1f} with, {growth[False]:.1f} without the plugin")
        if growth[True] - growth[False] < MAX_GROWTH_KB:
            return
    pytest.fail(f"kB a load, with the plugin and without: {growth}")
