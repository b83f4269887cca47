# SPDX-License-Identifier: GPL-2.0-or-later
"""A session in Wireshark's window under Xvfb: it ends cleanly, and shows the marks and rules that tshark finds in two passes."""
import os
import pathlib
import subprocess
import sys
import tempfile

import pytest

import tshark as runner

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "gui"))
import session  # noqa: E402  (in the folder above)
import window as gui  # noqa: E402


@pytest.fixture(scope="module")
def folder():
    """A folder that everybody can reach, for the whole module."""
    with tempfile.TemporaryDirectory(prefix="skypefp-gui-") as path:
        pathlib.Path(path).chmod(0o755)
        yield pathlib.Path(path)


def make_folder(folder, name):
    (folder / name).mkdir()
    return folder / name


@pytest.fixture(scope="module")
def outcome(folder):
    """The session with the plugin, played once."""
    if os.environ.get("SKYPEFP_TSHARK_PRELOAD"):
        pytest.skip("no windows under the sanitizer")
    try:
        gui.require_programs()
    except gui.Missing as reason:
        pytest.skip(str(reason))
    return session.play(make_folder(folder, "played"))


@pytest.fixture(scope="module")
def user(folder):
    return runner.Tshark("user", make_folder(folder, "user"))


@pytest.fixture(scope="module")
def mixed(folder):
    """The capture of the session."""
    return gui.mix_captures(make_folder(folder, "mixed"))


def shown(outcome, step):
    """Frame -> verdict and rules, as the columns of the profile show them."""
    return {int(row["No."]): (row["Verdict"], row["Rule"]) for row in outcome.exported[step]}


def found(user, capture):
    """The same from tshark in two passes."""
    names = {str(runner.POSSIBLE): "possible", str(runner.LIKELY): "likely", str(runner.CERTAIN): "certain"}
    return {int(row["frame.number"]): (",".join(names[verdict] for verdict in runner.values(row, "skypefp.verdict")),
                                       ",".join(runner.values(row, "skypefp.rule")))
            for row in user.marks(capture, two_pass=True)}


def test_wireshark_quits_cleanly(outcome):
    assert outcome.code == 0


def test_wireshark_says_no_more_than_without_the_plugin(outcome, folder):
    assert session.own_complaints(make_folder(folder, "without"), outcome) == []


@pytest.mark.parametrize("step", ("opened", "reloaded", "unignored"))
def test_window_marks_what_two_passes_mark(outcome, user, mixed, step):
    """After the filter is applied again, and after the packet that was ignored counts again."""
    assert shown(outcome, step) == found(user, mixed)


def test_window_forgets_an_ignored_packet(outcome, user, mixed):
    """As if the packet were not in the capture; but frames keep their numbers."""
    shorter = mixed.parent / "shorter.pcap"
    subprocess.run(["editcap", mixed, shorter, str(session.PROOF)], check=True)
    expected = {frame + (frame >= session.PROOF): mark for frame, mark in found(user, shorter).items()}
    assert shown(outcome, "ignored") == expected
    assert shown(outcome, "ignored") != shown(outcome, "opened")


def test_the_column_that_was_added_is_filled(outcome):
    added = outcome.exported["reloaded"][0].keys() - outcome.exported["opened"][0].keys()
    assert len(added) == 1
    assert all(row[title] for row in outcome.exported["reloaded"] for title in added)
