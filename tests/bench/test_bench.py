# SPDX-License-Identifier: GPL-2.0-or-later
"""tests/bench/bench checks each goal that COST.md states."""
import importlib.machinery
import importlib.util
import pathlib
import re

import pytest

FOLDER = pathlib.Path(__file__).parent
LOADER = importlib.machinery.SourceFileLoader("bench", str(FOLDER / "bench"))
bench = importlib.util.module_from_spec(importlib.util.spec_from_loader(LOADER.name, LOADER))
LOADER.exec_module(bench)


@pytest.mark.parametrize("kind, conversations, instructions, is_missed", [
    ("udp", 10_000, 99.9, False), ("udp", 10_000, 100, True),
    ("tcp", 100_000, 1000, False), ("tcp", 100_000, 1001, True), ("tcp", 1_000_000, 1001, True),
    ("tcp", 10_000, 1001, False),       # not of new conversations alone
    ("skype", 100_000, 5000, False),
])
def test_goals_of_the_fingerprints(kind, conversations, instructions, is_missed):
    assert bool(bench.miss_in_core(kind, conversations, instructions)) == is_missed


class FakeBench:
    """Counts 1,000 instructions a packet without the plugin, and some per cent more with it."""

    def __init__(self, more):
        self.more = more

    def capture(self, kind, n, _conversations=None):
        return kind, n

    def count(self, capture, _mode, with_plugin, _layout):
        return 10_000 + capture[1] * (1000 + 10 * self.more * with_plugin)


@pytest.mark.parametrize("more, missed", [(1.9, set()), (2.5, {"udp", "tcp"}), (3.5, {"udp", "tcp", "mix"}), (11, set(bench.KINDS))])
def test_goals_in_tshark(capsys, more, missed):
    options = type("Options", (), {"counted": 100, "layouts": 2})
    said = bench.measure_instructions(FakeBench(more), options)
    assert {kind for kind, title in bench.KINDS.items() if any(text.startswith(title) for text in said)} == missed
    assert capsys.readouterr().out.count("|\n") > len(bench.KINDS)


def test_goals_are_those_of_the_document():
    rows = re.findall(r"\| ([A-Za-z, ]+?) \| -[zY] \|.*?\| ([\d.]+) % \|", (FOLDER / "COST.md").read_text(encoding="utf-8"))
    titles = {title: kind for kind, title in bench.KINDS.items()}
    assert all(bench.GOALS[titles[title]] == float(goal) for title, goal in rows)
