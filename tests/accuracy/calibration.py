# SPDX-License-Identifier: GPL-2.0-or-later
"""How often each rule could have fired and did, on Skype and on everything else, and what that supports.

The counts come from the plugin with tests/accuracy/trials in it, so they are of the packets that the plugin sees.
"""
import collections
import concurrent.futures
import csv
import dataclasses
import math
import re
import subprocess

import accuracy_lists as lists
import sharkd
import tshark as runner

CHUNK = 100
TIMEOUT = 600
MAX_BITS = 64
HEAD = ("rule", "bits", "reason", "others: opportunities", "left to chance", "hits", "log2 n", "Skype: opportunities", "left to chance", "hits")
NUMBERS = (1, 3, 4, 5, 6, 7, 8, 9)      # columns


class Trials(runner.Tshark):
    """tshark with the plugin that counts."""
    plugins = runner.BUILD / "tests" / "accuracy" / "trials" / "plugins"

    def _find_plugin(self):
        self._environment["WIRESHARK_DATA_DIR"] = self._folder / "home"     # empty: starts and loads are quick
        return super()._find_plugin()


@dataclasses.dataclass
class Tally:
    """Events, and the endpoints of which they are."""
    n: int = 0
    ends: set = dataclasses.field(default_factory=set)

    def add(self, n, capture, end):
        self.n += n
        self.ends.add((capture, end))


class Counts:
    """All that was counted, by (kind, rule, whether it is Skype), and by the words of a near miss."""

    def __init__(self):
        self.tallies = collections.defaultdict(Tally)
        self.near = collections.defaultdict(Tally)      # (rule, condition, whether it is Skype)
        self.questions = {}                             # rule -> (unit, opportunity, chance)
        self.n_captures = 0

    def read(self, path, is_skype):
        """Adds a file that the plugin wrote; is_skype(rule, sender, receiver) tells what is listed."""
        with open(path, encoding="utf-8") as file:
            for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row[0] == "capture":
                    self.n_captures += 1
                elif row[0] == "what":
                    self.questions[row[1]] = tuple(row[2:])
                else:
                    n, kind, rule, sender, receiver, text = row
                    skype = is_skype(rule, sender, receiver)
                    if kind == "near":
                        self.near[rule, text, skype].add(int(n), self.n_captures, "")
                    else:
                        self.tallies[kind, rule, skype].add(int(n), self.n_captures, sender)

    def of(self, kind, rule, skype):
        return self.tallies.get((kind, rule, skype), Tally())


def load(tshark, captures, path):
    """Has one sharkd read the captures and write its counts; one tshark for each where it does not get to the end."""
    if len(captures) == 1:
        load_alone(tshark, captures[0], path)
        return
    requests = [sharkd.request("load", turn, file=str(tshark.readable(capture))) for turn, capture in enumerate(captures, 1)]
    try:
        process = tshark.call(f"SKYPEFP_TRIALS={path}", "sharkd", "-", program="env", stdin=None, input="\n".join(requests) + "\n",
                              timeout=TIMEOUT)
        is_whole = process.returncode == 0 and process.stdout.count('"id":') >= len(captures)
    except subprocess.TimeoutExpired:
        is_whole = False
    if not is_whole:
        path.unlink(missing_ok=True)
        for capture in captures:
            load_alone(tshark, capture, path)


def load_alone(tshark, capture, path):
    """With a filter, because without one tshark does not dissect."""
    tshark.call(f"SKYPEFP_TRIALS={path}", "tshark", "-q", "-r", tshark.readable(capture), "-Y", "frame", program="env", timeout=TIMEOUT)


def label(capture):
    """Whether something of a real capture is listed as Skype's."""
    client = lists.CLIENTS[capture.path.name].endpoint
    listed = lists.read_list(capture.path.parent, lists.CLIENTS[capture.path.name].streams)
    parties = {frozenset((row["endpoint_a"], row["endpoint_b"])) for row in listed}
    with_client = {client}.union(*parties)

    def is_skype(rule, sender, receiver):
        if rule.startswith("tcp"):
            return frozenset((sender, receiver)) in parties
        if rule.startswith("udp"):
            return client in (sender, receiver, "")
        return rule.startswith("host") or sender in with_client
    return is_skype


def count(folder, real, others, jobs, progress):
    """The counts over the real captures of Skype and over those of other protocols. progress(what, done, all) is called now and then."""
    folder.mkdir(mode=0o755)
    tshark = Trials("user", folder)
    counts = Counts()
    for capture in real:
        path = folder / "config" / f"{capture.path.name}.tsv"
        load_alone(tshark, capture.path, path)
        counts.read(path, label(capture))
    whole = [capture.path for capture in others if capture.status == "ok"]
    chunks = [whole[start:start + CHUNK] for start in range(0, len(whole), CHUNK)]
    chunks += [[capture.path] for capture in others if capture.status != "ok"]      # sharkd gives no answer on some of them
    files = [folder / "config" / f"{turn}.tsv" for turn in range(len(chunks))]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        n = 0
        for chunk, file, _ in zip(chunks, files, pool.map(lambda chunk, file: load(tshark, chunk, file), chunks, files)):
            if file.exists():
                counts.read(file, lambda *_: False)
            n += len(chunk)
            progress("opportunities of the rules", n, len(others))
    return counts


def supported(counts, rule):
    """The bits that the captures alone support: log2 of the endpoints of others that could have shown the rule and did not, or of the
    ratio of the shares; None without an endpoint to count."""
    n, hits = len(counts.of("opportunity", rule, False).ends), len(counts.of("hit", rule, False).ends)
    n_skype, hits_skype = len(counts.of("opportunity", rule, True).ends), len(counts.of("hit", rule, True).ends)
    if n == 0:
        return None
    if hits == 0:
        return math.log2(n)
    share = hits_skype / n_skype if n_skype else 0
    return math.log2(share / (hits / n)) if share else None


def of_convention(rule):
    """The bits of a rule that a convention gives, or has a part in; None without a convention."""
    if rule.basis == "convention":
        return rule.bits
    parts = [part for part in rule.reason.split(";") if "by convention" in part]
    return int(re.search(r"\d+", parts[0])[0]) if parts else None


def replacement(bits, n, hits, n_skype, hits_skype):
    """Whether counts could give the bits of a convention instead, in words. Counts are of ports: what others could have shown the rule
    and did, what Skype could have and did."""
    if hits_skype == 0:
        return "no: it was never counted on Skype"
    if n == 0:
        return "no: nothing else could have shown it"
    by_counts = math.log2(n) if hits == 0 else math.log2(hits_skype / n_skype / (hits / n))
    if by_counts < bits:
        return f"no: the counts give {max(0, math.floor(by_counts))} bits"
    return f"yes: the counts give {math.floor(by_counts)} bits"


def violations(counts, rules):
    """Weights that are more than their reason gives, as short texts."""
    for key, rule in rules.items():
        by_captures = supported(counts, key)
        if rule.basis == "theory" and rule.bits > min(rule.theory, MAX_BITS):
            yield f"{key}: {rule.bits} bits, and theory gives {min(rule.theory, MAX_BITS)}"
        if rule.basis == "measured" and (by_captures is None or rule.bits > by_captures):
            yield f"{key}: {rule.bits} bits, and the captures support {by_captures or 0:.1f}"
        if rule.basis == "no bits" and rule.bits > 0:
            yield f"{key}: {rule.bits} bits, and it should have none"
