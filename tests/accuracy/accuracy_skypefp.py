# SPDX-License-Identifier: GPL-2.0-or-later
"""What skypefp marks, and how that compares with the lists: every capture through skypefp-batch, and frame by frame where anything
is listed or found."""
import collections
import dataclasses
import json

import accuracy_lists as lists
import expected as bundled
import sharkd
import tshark as runner

KINDS = ("datagrams", "conversations", "endpoints")
MADE, REAL, OTHER = "test-captures", "skype", "other"
BATCH = runner.BUILD / "batch" / "skypefp-batch"
BATCH_ENDED = (0, 1, 2, 4)  # nothing found, something found, some captures damaged, both
TIMEOUT = 1800
VERDICTS = {name: verdict for name, verdict in bundled.VERDICTS.items() if verdict != runner.NONE}


class Problem(Exception):
    """Why nothing could be measured."""


@dataclasses.dataclass
class Score:
    """How many were marked as the list says, were missed, and were marked against it."""
    right: int = 0
    missed: int = 0
    wrong: int = 0

    def __iadd__(self, other):
        self.right, self.missed, self.wrong = self.right + other.right, self.missed + other.missed, self.wrong + other.wrong
        return self

    def __bool__(self):
        return bool(self.right or self.missed or self.wrong)


class Capture:
    """One capture: what skypefp says of it, against what is expected."""

    def __init__(self, path, kind, document):
        self.path, self.kind = path, kind
        self.status = document["file"]["status"]
        self.document = document if "packets" in document else None
        self.expected = lists.expect_nothing()
        self.rows = []
        self.scores = {of: Score() for of in KINDS}
        self.by_verdict = {(of, verdict): Score() for of in KINDS for verdict in VERDICTS.values()}
        self.by_rule = collections.defaultdict(Score)   # (kind of thing, rule)
        self.problems = []

    def needs_frames(self):
        """Whether there is anything to compare frame by frame."""
        said = self.document and (any(self.document["packets"].values()) or self.document["rules"] or any(
            endpoint["verdict"] != "none" for endpoint in self.document["endpoints"]))
        return self.kind != OTHER or bool(said)

    def judge(self, rows):
        """Compares the frames of sharkd, everything from possible up, and the endpoints of the report."""
        self.rows = rows
        self.expected = (lists.expect_made(self.path.name) if self.kind == MADE else
                         lists.expect_client(self.path.parent, self.path.name, rows) if self.kind == REAL else
                         lists.expect_nothing())
        names = bundled.name_streams(rows)
        datagrams, streams, fired = {}, {}, set()
        for row in rows:
            where = names[row["tcp.stream"]] if row["tcp.stream"] else int(row["frame.number"])
            verdicts = streams if row["tcp.stream"] else datagrams
            verdicts[where] = max([verdicts.get(where, 0), *bundled.verdicts(row)])
            fired.update((where, rule) for rule in bundled.rules(row))
        self._score("datagrams", datagrams, dict.fromkeys(self.expected.datagrams, runner.LIKELY), self.expected.open_datagrams)
        self._score("conversations", streams, dict.fromkeys(self.expected.streams, runner.LIKELY))
        self._score_endpoints()
        self._score_rules(fired)
        self._check_counts(rows)

    def _score(self, of, verdicts, wanted, is_open=frozenset()):
        """verdicts, wanted: thing -> verdict. Marked is what is at least likely."""
        marked = {thing for thing, verdict in verdicts.items() if verdict >= runner.LIKELY}
        goal = {thing for thing, verdict in wanted.items() if verdict >= runner.LIKELY}
        allowed = (lambda thing: True) if is_open is None else (lambda thing: thing in is_open)
        beyond = [thing for thing in marked - goal if not allowed(thing)]
        is_counted = of == "endpoints"      # a party to what is listed is right, though no list names it
        self.scores[of] = Score(len(marked) - len(beyond) if is_counted else len(marked & goal), len(goal - marked), len(beyond))
        for thing, verdict in verdicts.items():
            if verdict:
                is_half = verdict < runner.LIKELY and self.kind == MADE and of != "endpoints"   # expected.tsv lists what is marked
                is_right = thing in wanted or allowed(thing) or is_half
                self.by_verdict[of, verdict] += Score(right=int(is_right), wrong=int(not is_right))
        self.problems += [f"{of}: {thing} is missed" for thing in sorted(goal - marked, key=str)]
        self.problems += [f"{of}: {thing} is marked" for thing in sorted(beyond, key=str)]

    def _score_endpoints(self):
        said, begun = verdicts_of_endpoints(self.document), verdicts_of_begun(self.document)
        said.update((end, begun[end]) for end in self.expected.endpoints if end not in said and end in begun)
        self._score("endpoints", said, self.expected.endpoints, self.expected.open_endpoints)
        for endpoint, verdict in self.expected.endpoints.items():
            if said.get(endpoint, 0) != verdict:
                self.problems.append(f"endpoints: {endpoint} has verdict {said.get(endpoint, 0)}, expected {verdict}")
                self.scores["endpoints"] += Score(wrong=1)

    def _score_rules(self, fired):
        expected = self.expected
        listed = expected.datagrams | expected.open_datagrams | expected.streams
        for where, rule in fired:
            is_wrong = where not in listed if expected.absent is None else rule in expected.absent
            self.by_rule["conversations" if isinstance(where, str) else "datagrams", rule] += Score(int(not is_wrong), 0, int(is_wrong))
            if is_wrong:
                self.problems.append(f"{rule} fires on {where}")
        for where, rule in sorted(expected.evidence - fired, key=str):
            self.by_rule["conversations" if isinstance(where, str) else "datagrams", rule] += Score(missed=1)
            self.problems.append(f"{rule} is missing on {where}")
        for endpoint in self.document["endpoints"]:
            is_wrong = self._is_foreign(endpoint)
            for entry in endpoint["evidence"]:
                self.by_rule["endpoints", entry["rule"]] += Score(int(not is_wrong), 0, int(is_wrong))

    def _is_foreign(self, endpoint):
        """Whether an endpoint of the report should have no evidence. The lists of test-captures name those from possible up."""
        expected, name = self.expected, lists.name_end(endpoint["address"], endpoint["port"])
        is_listed = name in expected.endpoints or expected.open_endpoints is None or name in expected.open_endpoints
        return not is_listed and (self.kind != MADE or endpoint["verdict"] != "none")

    def _check_counts(self, rows):
        """skypefp-batch and sharkd must agree."""
        counted = collections.Counter(verdict for row in rows for verdict in bundled.verdicts(row))
        for name, verdict in VERDICTS.items():
            if self.document["packets"][name] != counted[verdict]:
                self.problems.append(f"the report counts {self.document['packets'][name]} packets {name}, its frames show {counted[verdict]}")


def verdicts_of_endpoints(document):
    """Name of an endpoint -> verdict."""
    return {lists.name_end(endpoint["address"], endpoint["port"]): VERDICTS.get(endpoint["verdict"], 0)
            for endpoint in document["endpoints"]}


def verdicts_of_begun(document):
    """Verdicts of TCP conversations by who began them: an initiator is no row of the report's endpoints."""
    begun = {}
    for conversation in document["conversations"]:
        if conversation["transport"] == "tcp":
            name = lists.name_end(conversation["source"]["address"], conversation["source"]["port"])
            begun[name] = max(begun.get(name, 0), VERDICTS.get(conversation["verdict"], 0))
    return begun


def run_batch(tshark, captures, jobs):
    """Path -> document of skypefp-batch."""
    if not BATCH.exists():
        raise Problem(f"no {BATCH}: build first")
    program = tshark.readable(BATCH)
    if program != BATCH:
        program.chmod(0o755)
    names = {path: str(tshark.readable(path)) for path in captures}
    process = tshark.call("--quiet", "--format", "jsonl", "-j", jobs, "--list", "-", program=program, stdin=None,
                          input="".join(f"{name}\n" for name in sorted(set(names.values()))), timeout=TIMEOUT)
    if process.returncode not in BATCH_ENDED:
        raise Problem(f"skypefp-batch ended with {process.returncode}: {process.stderr.strip()}")
    documents = {document["file"]["name"]: document for document in map(json.loads, process.stdout.splitlines())}
    silent = [path.name for path, name in names.items() if name not in documents]
    if silent:
        raise Problem(f"skypefp-batch says nothing of {len(silent)} captures, first {silent[0]}")
    return {path: documents[name] for path, name in names.items()}


def measure(tshark, sources, jobs):
    """A Capture for each path; sources: kind -> paths."""
    kinds = {path: kind for kind, paths in sources.items() for path in paths}
    documents = run_batch(tshark, list(kinds), jobs)
    captures = [Capture(path, kind, documents[path]) for path, kind in kinds.items()]
    interesting = [capture for capture in captures if capture.needs_frames()]
    frames = sharkd.read(tshark, [capture.path for capture in interesting], lists.FIELDS, bundled.EVERYTHING)
    for capture in interesting:
        rows = frames[capture.path]
        if isinstance(rows, str) or capture.document is None:
            capture.problems.append(f"could not be read: {rows if isinstance(rows, str) else capture.status}")
        else:
            capture.judge(rows)
    for capture in captures:
        if capture.status == "timeout" or (capture.kind != OTHER and capture.status != "ok"):
            capture.problems.append(f"skypefp-batch: {capture.status}")
    return captures
