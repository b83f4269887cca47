# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables of tests/accuracy/accuracy, as aligned Markdown: for a terminal and for tests/accuracy/ACCURACY.md."""
import collections
import math
import re

import calibration
from accuracy_skypefp import KINDS, MADE, OTHER, REAL, VERDICTS, Score
from markdown import cells, table

KIND_NAMES = {REAL: "peer-to-peer Skype", MADE: "test-captures", OTHER: "other protocols"}


def number(n):
    return f"{n:,}"


def cell(score):
    return "" if not score else f"{number(score.right)} / {number(score.missed)} / {number(score.wrong)}"


def total(scores):
    result = Score()
    for score in scores:
        result += score
    return result


def per_capture(captures, tools):
    """Those in which anything is listed, marked or wrong; the others in one line."""
    def is_shown(capture):
        return any(capture.scores.values()) or any(tool.scores.get(capture.path) for tool in tools)

    head = ["capture (right / missed / wrong)", *KINDS, *(f"{tool.name}, {tool.unit}" for tool in tools)]
    rows = [[capture.path.name, *(cell(capture.scores[of]) for of in KINDS), *(cell(tool.scores.get(capture.path, Score())) for tool in tools)]
            for capture in captures if is_shown(capture)]
    n_clean = sum(not is_shown(capture) for capture in captures)
    rows.append([f"{number(n_clean)} others, nothing listed or marked", *[""] * (len(head) - 1)])
    return table(head, rows)


def in_sum(captures, tools):
    head = ["captures", "", "what", *(("skypefp",) if not tools else ("skypefp", *(tool.name for tool in tools)))]
    rows = []
    for kind, name in KIND_NAMES.items():
        some = [capture for capture in captures if capture.kind == kind]
        for of in KINDS:
            rows.append([name if of == KINDS[0] else "", number(len(some)) if of == KINDS[0] else "", of,
                         cell(total(capture.scores[of] for capture in some)) or "0 / 0 / 0",
                         *(cell(tool.sum(some)) or "0 / 0 / 0" if tool.unit == of else "–" for tool in tools)])
    return table(head, rows, right=(1,))


def per_verdict(captures):
    rows = []
    for name, verdict in VERDICTS.items():
        for kind, kind_name in KIND_NAMES.items():
            sums = [total(capture.by_verdict[of, verdict] for capture in captures if capture.kind == kind) for of in KINDS]
            rows.append([name, kind_name, *(f"{number(score.right)} / {number(score.wrong)}" for score in sums)])
    return table(["verdict", "captures (right / wrong)", *KINDS], rows)


def per_rule(captures, rules):
    sums = collections.defaultdict(Score)
    for capture in captures:
        for (of, rule), score in capture.by_rule.items():
            sums[capture.kind, of, rule] += score
    rows = []
    for rule in rules:
        hits = [f"{number(sums[kind, of, rule].right)}" for kind in (REAL, MADE) for of in KINDS]
        of_rule = [score for (_, _, name), score in sums.items() if name == rule]
        others = sum(sums[OTHER, of, rule].wrong for of in KINDS)
        rows.append([f"`{rule}`", *hits, number(others), number(sum(score.missed for score in of_rule)),
                     number(sum(score.wrong for score in of_rule))])
    head = ["rule", *(f"{short}: {of}" for short in ("Skype", "test") for of in KINDS), "others", "missed", "wrong"]
    return table(head, rows, right=range(1, len(head)))


def events(tally):
    return f"{number(tally.n)} ({number(len(tally.ends))})" if tally.n else "0"


def calibrated(counts, rules):
    """Theory, n, hits and weight of each rule, side by side. tests/tools/update-reference keeps the first three columns."""
    rows = []
    for key, rule in rules.items():
        supported = calibration.supported(counts, key)
        others, skype = ([events(counts.of(kind, key, is_skype)) for kind in ("opportunity", "chance", "hit")] for is_skype in (False, True))
        rows.append([f"`{key}`", rule.bits, rule.why, *others, "–" if supported is None else math.floor(supported), *skype])
    return table(calibration.HEAD, rows, right=calibration.NUMBERS)


def conventions(calibration_table, rules):
    """For each rule with a convention, from the rows of the calibration: what it would take to replace it, and what is there."""
    def ports(cell):
        inside = re.search(r"\(([\d,]+)\)", cell)
        return int(inside[1].replace(",", "")) if inside else 0

    rows = []
    for row in map(cells, calibration_table.splitlines()[2:]):
        key = row[0].strip("`")
        bits = calibration.of_convention(rules[key])
        if bits is not None:
            n, hits, n_skype, hits_skype = (ports(row[place]) for place in (3, 5, 7, 9))
            rows.append([row[0], bits, number(2 ** bits), number(n), number(hits), f"{number(hits_skype)} of {number(n_skype)}",
                         calibration.replacement(bits, n, hits, n_skype, hits_skype)])
    return table(["rule", "bits", "ports that this would take", "others: ports that could have shown it", "that did", "Skype: ports that did",
                  "can a measurement replace it?"], rows, right=(1, 2, 3, 4, 5))


def parts(counts):
    """What is counted of a part of a rule, whose bits are a convention of their own: keys "rule: part"."""
    rows = []
    for key in counts.questions:
        if ": " in key:
            others, skype = ([events(counts.of(kind, key, is_skype)) for kind in ("opportunity", "chance")] for is_skype in (False, True))
            n = len(counts.of("opportunity", key, False).ends)
            had = len(counts.of("chance", key, False).ends)
            rows.append([f"`{key}`", *others, math.floor(math.log2(n)) if n and not had else "–", *skype])
    return table(["part of a rule", "others: opportunities", "it was so", "log2 n", "Skype: opportunities", "it was so"], rows, right=(1, 2, 3, 4, 5))


def questions(counts):
    rows = [[f"`{rule}`", f"{unit} {opportunity}", chance] for rule, (unit, opportunity, chance) in counts.questions.items()]
    return table(["rule", "an opportunity", "is left to chance when it"], rows)


def near_misses(counts):
    rows = [[f"`{rule}`", condition, *(events(counts.near.get((rule, condition, skype), calibration.Tally())) for skype in (False, True))]
            for rule, condition in sorted({(rule, condition) for rule, condition, _ in counts.near})]
    return table(["rule", "the condition that failed", "others: packets or conversations (captures)", "Skype"], rows, right=(2, 3))
