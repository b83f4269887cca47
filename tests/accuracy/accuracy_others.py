# SPDX-License-Identifier: GPL-2.0-or-later
"""What others mark in the same captures: Wireshark's own heuristic skype_udp, and the flows that ndpiReader calls Skype or Teams."""
import concurrent.futures
import csv
import shutil
import subprocess

import accuracy_lists as lists
import expected as bundled
import sharkd
import tshark as runner
from accuracy_skypefp import Problem, Score

CHUNK = 25
TIMEOUT = 120
SKYPE_UDP, NDPI = "Wireshark's skype_udp", "ndpiReader"
NDPI_NAMES = {"SkypeCall", "Skype_Teams", "Teams"}      # ids 38, 125 and 250 of nDPI 4.2; a flow is called "TLS.Teams", say
NDPI_TRANSPORTS = {"6": "tcp", "17": "udp"}


class Plain(runner.Tshark):
    """Wireshark without any plugin and with its heuristic for Skype switched on."""
    is_greedy = False

    def _publish_plugins(self):
        (self._folder / "plugins").mkdir()
        return self._folder / "plugins"

    def _find_plugin(self):
        if "skypefp.so" in self.call("-G", "plugins").stdout:
            raise runner.NotLoaded("skypefp is loaded where it must not be")
        (self._folder / "config" / "heuristic_protos").write_text("skype_udp,1\n", encoding="utf-8")
        self._environment["WIRESHARK_DATA_DIR"] = self._folder / "plugins"     # empty: starts and loads are quick
        if self.is_greedy:
            (self._folder / "config" / "disabled_protos").write_text("".join(f"{name}\n" for name in self._rivals()), encoding="utf-8")
        if not by_tshark(self, runner.TEST_CAPTURES / "udp-published-exchange.pcap"):
            raise runner.NotLoaded("Wireshark's heuristic skype_udp cannot be switched on")

    def _rivals(self):
        """The other protocols that guess at UDP; Teredo stays, because packets are found in it."""
        rows = [line.split("\t") for line in self.call("-G", "heuristic-decodes").stdout.splitlines()]
        return sorted({row[1] for row in rows if row[0] == "udp"} - {"skype", "teredo"})


class Greedy(Plain):
    """The same without the other heuristics of UDP: no packet that the heuristic would take goes to another one.

    In Wireshark a heuristic that takes a packet is asked first from then on, for as long as the program runs. So a capture must have a
    tshark of its own, which is slow, but only where something is found here: here the order does not matter, so many captures
    can share a sharkd.
    """
    is_greedy = True


def find_candidates(tshark, captures):
    """Those of the captures in which the greedy Wireshark finds Skype, or on which sharkd gives no answer."""
    try:
        found = sharkd.read(tshark, captures, ("frame.number",), display_filter="skype", timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return captures
    return [path for path, frames in found.items() if isinstance(frames, str) or frames]


def by_tshark(tshark, path):
    """The frames that Wireshark calls Skype; None where it crashes. In a damaged capture, what stands before the damage counts."""
    try:
        process = tshark.call("-r", tshark.readable(path), "-Y", "skype", "-T", "fields", "-e", "frame.number", timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return None
    return {int(line) for line in process.stdout.split()} if 0 <= process.returncode <= 2 else None


def by_ndpi(tshark, path):
    """The flows that ndpiReader calls Skype or Teams: (transport, the two ends); None where it cannot read the capture."""
    table = tshark._folder / "config" / f"{path.name}.csv"
    try:
        process = tshark.call("-q", "-i", tshark.readable(path), "-C", table, program=NDPI, timeout=TIMEOUT)
        if process.returncode != 0:
            return None
        with open(table, encoding="utf-8", errors="replace", newline="") as file:
            return {name_flow(row) for row in csv.DictReader(file)
                    if row["protocol"] in NDPI_TRANSPORTS and NDPI_NAMES & set((row["ndpi_proto"] or "").split("."))}
    except (subprocess.TimeoutExpired, OSError):
        return None
    finally:
        table.unlink(missing_ok=True)


def name_flow(row):
    return NDPI_TRANSPORTS[row["protocol"]], frozenset((lists.name_end(row["src_ip"], row["src_port"]),
                                                        lists.name_end(row["dst_ip"], row["dst_port"])))


def wanted_flows(capture):
    """The listed traffic of a capture, as (transport, the two ends)."""
    expected = capture.expected
    datagrams = expected.datagrams | expected.open_datagrams
    flows = {("udp", frozenset(lists.ends(row))) for row in capture.rows
             if int(row["frame.number"]) in datagrams and lists.is_datagram(row)}
    names = bundled.name_streams(capture.rows)
    return flows | {("tcp", frozenset(lists.ends(row))) for row in capture.rows
                    if row["tcp.stream"] and names[row["tcp.stream"]] in expected.streams}


def score(said, wanted, is_open=frozenset()):
    return Score(len(said & wanted), len(wanted - said), len(said - wanted - is_open))


class Other:
    """A tool: its name, what it counts, and the score of each capture that it could read."""

    def __init__(self, name, unit):
        self.name, self.unit = name, unit
        self.scores = {}
        self.n_unread = 0

    def take(self, capture, of_capture):
        """The score of a capture; None: it could not be read."""
        if of_capture is None:
            self.n_unread += 1
        else:
            self.scores[capture.path] = of_capture

    def sum(self, captures):
        total = Score()
        for capture in captures:
            total += self.scores.get(capture.path, Score())
        return total


def measure(folder, captures, jobs, progress):
    """The others over the same captures. progress(what, done, all) is called now and then."""
    if not shutil.which(NDPI):
        raise Problem(f"no {NDPI} (Debian and Ubuntu: apt-get install libndpi-bin); --skypefp does without")
    folder.mkdir(mode=0o755)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return [measure_skype_udp(folder, captures, pool, progress), measure_ndpi(folder, captures, pool, progress)]


def make(of, folder):
    folder.mkdir(mode=0o755)
    return of("user", folder)


def measure_skype_udp(folder, captures, pool, progress):
    tool = Other(SKYPE_UDP, "datagrams")
    paths = [capture.path for capture in captures]
    greedy, plain = make(Greedy, folder / "greedy"), make(Plain, folder / "plain")
    chunks = [paths[start:start + CHUNK] for start in range(0, len(paths), CHUNK)]
    candidates = []
    for turn, some in enumerate(pool.map(lambda chunk: find_candidates(greedy, chunk), chunks), 1):
        candidates += some
        progress("skype_udp, where to look", min(turn * CHUNK, len(paths)), len(paths))
    found = dict.fromkeys(paths, set())
    for turn, (path, frames) in enumerate(zip(candidates, pool.map(lambda path: by_tshark(plain, path), candidates)), 1):
        found[path] = frames
        progress("skype_udp", turn, len(candidates))
    for capture in captures:
        frames, expected = found[capture.path], capture.expected
        tool.take(capture, None if frames is None else score(frames, expected.datagrams, expected.open_datagrams))
    return tool


def measure_ndpi(folder, captures, pool, progress):
    tool = Other(NDPI, "conversations")
    tshark = make(Plain, folder / "ndpi")       # for its privileges and its home
    found = pool.map(lambda capture: by_ndpi(tshark, capture.path), captures)
    for turn, (capture, flows) in enumerate(zip(captures, found), 1):
        tool.take(capture, None if flows is None else score(flows, wanted_flows(capture)))
        progress(NDPI, turn, len(captures))
    return tool
