# SPDX-License-Identifier: GPL-2.0-or-later
"""A session in Wireshark's window under Xvfb: it ends cleanly, and shows the marks and rules that tshark finds in two passes.
And what it says when it is started with a statistic that cannot be had."""
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile

import pytest

import session
import tshark as runner
import window as gui


SAVE_BUTTON = (742, 577)    # of the report's window, 900 wide and 600 high


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
def windows():
    """Windows can be had."""
    if os.environ.get("SKYPEFP_TSHARK_PRELOAD"):
        pytest.skip("no windows under the sanitizer")
    try:
        gui.require_programs()
    except gui.Missing as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def outcome(folder, windows):
    """The session with the plugin, played once."""
    return session.play(make_folder(folder, "played"))


@pytest.fixture(scope="module")
def user(folder):
    return runner.Tshark("user", make_folder(folder, "user"))


@pytest.fixture(scope="module")
def mixed(folder):
    """The capture of the session."""
    return gui.mix_captures(make_folder(folder, "mixed"))


def shown(rows):
    """Frame -> verdict and rules, as the columns of the profile show them."""
    return {int(row["No."]): (row["Verdict"], row["Rule"]) for row in rows}


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


@pytest.mark.parametrize("step", ("opened", "reloaded", "unignored", "switched on"))
def test_window_marks_what_two_passes_mark(outcome, user, mixed, step):
    """After the filter is applied again, after the packet that was ignored counts again, and after the protocol was off."""
    assert shown(outcome.exported[step]) == found(user, mixed)


def test_window_forgets_an_ignored_packet(outcome, user, mixed):
    """As if the packet were not in the capture; but frames keep their numbers."""
    shorter = mixed.parent / "shorter.pcap"
    subprocess.run(["editcap", mixed, shorter, str(session.PROOF)], check=True)
    expected = {frame + (frame >= session.PROOF): mark for frame, mark in found(user, shorter).items()}
    assert shown(outcome.exported["ignored"]) == expected
    assert shown(outcome.exported["ignored"]) != shown(outcome.exported["opened"])


def test_report_is_that_of_tshark(outcome, user, mixed):
    """Wireshark was started with -z: the file holds one document, of the last time that the packets were read."""
    assert outcome.report == user.read(mixed, "-q", "-z", "skypefp,report")


def test_the_column_that_was_added_is_filled(outcome):
    added = outcome.exported["reloaded"][0].keys() - outcome.exported["opened"][0].keys()
    assert len(added) == 1
    assert all(row[title] for row in outcome.exported["reloaded"] for title in added)


def test_conversation_filter_selects_the_endpoint(outcome, user, mixed):
    """All that is marked for the endpoint, which is more than one TCP conversation; no filter of ours on other packets."""
    frames = [int(row["No."]) for row in outcome.exported["conversation"]]
    assert frames == user.frames(mixed, 'skypefp.endpoint == "192.168.0.14:80"', two_pass=True)
    streams = user.marks(mixed, True, fields=("tcp.stream",), display_filter='skypefp.endpoint == "192.168.0.14:80"')
    assert session.ANSWER in frames and len({row["tcp.stream"] for row in streams}) == 2
    frames = [int(row["No."]) for row in outcome.exported["unmarked conversation"]]
    assert session.UNMARKED in frames and frames == user.frames(mixed, "nbns")


def test_protocol_that_is_switched_off_marks_nothing(outcome):
    rows = outcome.exported["switched off"]
    assert len(rows) == int(rows[-1]["No."])
    assert not any(row["Verdict"] or row["Rule"] or row["Protocol"] == "SkypeFP" for row in rows)


def test_profile_with_thousands_of_frames(windows, folder, user):
    """The columns of the profile are filled, and its I/O graph is drawn without complaints."""
    with gui.Display(make_folder(folder, "many")) as display:
        desktop = gui.Desktop(make_folder(folder / "many", "tshark"), display)
        capture = gui.repeat_capture(gui.mix_captures(make_folder(folder / "many", "captures")), 60, 41)
        with desktop.start(capture, "-C", gui.PROFILE.name, "-n") as window:
            window.filter("skypefp")
            rows = window.export(folder / "many" / "tshark" / "home" / "marks.csv")
            window.close_dialog(window.menu_dialog("alt+s", "I/O Graph", from_top=True))
            assert (window.quit(), window.complaints()) == (0, [])
    assert len(rows) > 1000 and shown(rows) == found(user, capture)
    assert list(rows[0]) == ["No.", "UTC", "Time", "Source", "Destination", "Protocol", "Length", "Verdict", "Bits", "Rule", "Info"]
    assert (rows[-1]["No."], rows[-1]["UTC"], rows[-1]["Time"]) == ("2520", "00:40:59.030000", "2459.030000")


def save_proposed(window, question):
    """Answers the question for a file with the name that is proposed; the window that is open then has the focus."""
    asked = gui.wait_until("the question for a file", lambda: next(
        (found for found, title in window.windows().items() if question in title), None))
    window.focus(asked)
    window.settle()
    window.keys("Return")


def test_reports_saved_from_the_window(windows, folder, user):
    """Statistics > Skype Fingerprint Report, as JSON: the document that tshark writes. As HTML: its page, with name and hash of the file.
    Neither replaces a capture."""
    with gui.Display(make_folder(folder, "saved")) as display:
        desktop = gui.Desktop(make_folder(folder / "saved", "tshark"), display)
        capture = gui.mix_captures(make_folder(folder / "saved", "captures"))
        home = folder / "saved" / "tshark" / "home"
        report, page = home / "skypefp-report.json", home / "skypefp-report.html"
        evidence = home / "a.pcap"
        evidence.write_bytes(capture.read_bytes())
        desktop.own(home)
        with desktop.start(capture, "-C", gui.PROFILE.name, "-n") as window:
            shown = window.menu_dialog("alt+s", r"Report \(JSON")
            window.place(shown, 0, 0, 900, 600)
            window.click(*SAVE_BUTTON)
            save_proposed(window, "Save the report as JSON")
            gui.wait_until("the report", lambda: report.exists() and report.stat().st_size > 0)
            window.close_dialog(shown)
            window.menu_dialog("alt+s", "Save the report as HTML")
            save_proposed(window, "Save the report as HTML")
            gui.wait_until("the page", lambda: page.exists() and page.read_text().endswith("</html>\n"))
            said = gui.wait_until("what was saved", lambda: next(
                (found for found, title in window.windows().items() if "Report (HTML" in title), None))
            window.close_dialog(said)
            asked = window.menu_dialog("alt+s", "Save the report as HTML")
            window.focus(asked)
            window.settle()
            window.keys("ctrl+a")
            window.type(str(evidence))
            window.keys("Return")
            window.close_dialog(window.message_box())
            assert (window.quit(), window.complaints()) == (0, [])
    assert json.loads(report.read_text()) and report.read_text() == user.read(capture, "-q", "-z", "skypefp,report")
    assert hashlib.sha256(capture.read_bytes()).hexdigest() in page.read_text() and f"<h2>{user.readable(capture)}</h2>" in page.read_text()
    assert evidence.read_bytes() == capture.read_bytes()


def test_profile_keeps_the_colours_of_wireshark():
    """Ours first, then all that Wireshark itself has, which a profile's rules replace."""
    rules = (gui.PROFILE / "colorfilters").read_text(encoding="utf-8").splitlines()
    own = pathlib.Path("/usr/share/wireshark/colorfilters")
    if not own.exists():
        pytest.skip(f"no {own}")
    expected = [line for line in own.read_text(encoding="utf-8").splitlines() if line.startswith("@")]
    rules = [line for line in rules if line.startswith("@")]
    assert len(expected) > 10 and rules[-len(expected):] == expected
    assert all("@skypefp" in rule for rule in rules[:-len(expected)]) and len(rules) > len(expected)


@pytest.mark.parametrize("statistic", ("skypefp,report,/nowhere/at/all", "skypefp,reportX", "skypefp,endpoints,frame ==="))
def test_refused_statistic_is_a_message_box(windows, folder, user, mixed, statistic):
    """A box, which can be closed; then the window is as usable as ever, and ends as it should."""
    refusal = session.refuse(make_folder(folder, statistic.replace("/", "-")), statistic)
    assert (refusal.code, refusal.complaints) == (0, [])
    assert shown(refusal.rows) == found(user, mixed)
