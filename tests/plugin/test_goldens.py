# SPDX-License-Identifier: GPL-2.0-or-later
"""The statistics of a telling choice of captures, line by line: two of five, in one pass or in two (all, in both, with ./run test --all).
tests/plugin/update-goldens writes them."""
import pytest

import goldens
import rules
import tshark as runner


# Both passes of each capture, in turns: every fifth entry is two of five captures, in one pass or in two.
ONCE_AND_TWICE = [(name, first != bool(number % 2)) for number, name in enumerate(goldens.CAPTURES) for first in (True, False)]


@pytest.mark.parametrize("name, two_pass", runner.sample(ONCE_AND_TWICE, 5))
def test_statistics_are_the_golden(user, tmp_path, name, two_pass):
    text = goldens.make(user, goldens.capture_of(name, tmp_path), two_pass)
    assert text == goldens.path_of(name).read_text(encoding="utf-8")


def test_goldens_show_every_group():
    """Of rules, expected.tsv has each: tests/plugin/test_captures.py. host.proven is in no statistic, but in the sums of packets."""
    groups = {key: rule.group for key, rule in rules.read().items()}
    words = {word.strip('",') for path in goldens.FOLDER.iterdir() for word in path.read_text(encoding="utf-8").split()}
    assert {groups[word] for word in words & set(groups)} == set(groups.values()) - {groups["host.proven"]}


def test_no_golden_is_left_over():
    assert {path.name for path in goldens.FOLDER.iterdir()} == {goldens.path_of(name).name for name in goldens.CAPTURES}
