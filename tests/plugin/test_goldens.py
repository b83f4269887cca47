# SPDX-License-Identifier: GPL-2.0-or-later
"""The statistics of a telling choice of captures, line by line, in one pass and in two; tests/plugin/update-goldens writes them."""
import subprocess

import pytest

import goldens
import tshark as runner


@pytest.mark.parametrize("name", goldens.CAPTURES)
@pytest.mark.parametrize("two_pass", (False, True), ids=("one-pass", "two-passes"))
def test_statistics_are_the_golden(user, tmp_path, name, two_pass):
    text = goldens.make(user, goldens.capture_of(name, tmp_path), two_pass)
    assert text == goldens.path_of(name).read_text(encoding="utf-8")


def test_goldens_show_every_rule():
    printed = subprocess.run([runner.BUILD / "tests" / "print-rules"], capture_output=True, text=True, check=True).stdout
    rules = {line.split("\t")[0] for line in printed.splitlines()}
    words = {word.strip('",') for path in goldens.FOLDER.iterdir() for word in path.read_text(encoding="utf-8").split()}
    assert rules and rules <= words


def test_no_golden_is_left_over():
    assert {path.name for path in goldens.FOLDER.iterdir()} == {goldens.path_of(name).name for name in goldens.CAPTURES}
