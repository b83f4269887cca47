# SPDX-License-Identifier: GPL-2.0-or-later
"""One session in Wireshark's window as a person has it, and what came of it: for the GUI regression."""
import dataclasses
import time

import window as gui

TREE_ROW = 4        # a field below the last layer that is no column yet
PROOF = 3           # the resend of the first exchange in the mixed capture
UNMARKED = 5        # a datagram that is nobody's evidence in it
ANSWER = 25         # the second of two TCP conversations with one endpoint in it
MARKS = "skypefp"
LIMIT = 240         # seconds, on a busy machine


@dataclasses.dataclass
class Outcome:
    """What a session left: exported packets by step, the report, lines on stderr, the exit code, the seconds it took."""
    exported: dict
    report: str
    complaints: list
    code: int
    seconds: float


def follow(window, expression, keys, title):
    """Follows the stream of the first packet that matches."""
    window.filter(expression)
    window.select_packet(1)
    dialog = window.dialog(title, keys)
    window.settle()
    window.close_dialog(dialog)
    window.settle()


def add_column(window):
    """Makes a column of a field below the last layer of the first packet."""
    window.filter("udp")
    window.select_packet(1)
    window.keys("Tab", "End", "Right", *["Down"] * TREE_ROW, "ctrl+shift+i")
    window.settle()


def toggle_ignored(window, frame):
    window.filter(f"frame.number == {frame}")
    window.select_packet(1)
    window.keys("ctrl+d")
    window.settle()


def filter_conversation(window, frame):
    """Filters by the last conversation filter that a frame has; "Skype endpoint" is the last of all."""
    window.filter(f"frame.number == {frame}")
    window.select_packet(1)
    window.filter_conversation()


def play(folder, plugin=True):
    """Opens, filters, follows, adds a column, reloads, ignores and unignores a packet, filters conversations, switches the
    protocol off and on, closes, quits: an Outcome.

    The folder is empty and everybody can reach it. Without the plugin it is the same session in Wireshark's own profile.
    Missing or Stuck if it cannot be started or does not get through in LIMIT seconds.
    """
    began = time.monotonic()
    with gui.Display(folder) as display:
        desktop = gui.Desktop(folder, display, plugin)
        mixed = gui.mix_captures(folder)
        marks = MARKS if plugin else "udp"
        exported = {}

        def export(window, step, expression=marks):
            if expression is not None:
                window.filter(expression)
            exported[step] = window.export(folder / "home" / f"{step}.csv")

        desktop.deadline = began + LIMIT
        report = folder / "home" / "report.json"
        ours = ["-C", gui.PROFILE.name, "-z", f"skypefp,report,{report}"] if plugin else []
        with desktop.start(mixed, *ours, "-n") as window:
            export(window, "opened")
            follow(window, "udp", "ctrl+alt+shift+u", "Follow UDP Stream")
            follow(window, "tcp.len > 0", "ctrl+alt+shift+t", "Follow TCP Stream")
            add_column(window)
            window.keys("ctrl+r")
            window.settle()
            export(window, "reloaded")
            toggle_ignored(window, PROOF)
            export(window, "ignored")
            toggle_ignored(window, PROOF)
            export(window, "unignored")
            for frame, step in ((UNMARKED, "unmarked conversation"), (ANSWER, "conversation")):
                filter_conversation(window, frame)
                export(window, step, None)
            window.toggle_protocol(marks)
            export(window, "switched off", "frame")
            window.toggle_protocol(marks)
            export(window, "switched on")
            window.keys("ctrl+w")
            window.settle()
            code = window.quit()
            complaints = window.complaints()
        text = report.read_text() if plugin else ""
    return Outcome(exported, text, complaints, code, time.monotonic() - began)


@dataclasses.dataclass
class Refusal:
    """What a start with a statistic that cannot be had left after its message box: marked packets, stderr, the exit code."""
    rows: list
    complaints: list
    code: int


def refuse(folder, statistic, picture=None):
    """Starts Wireshark with -z and a statistic that it must refuse, closes the message box, and works on: a Refusal.

    The folder is empty and everybody can reach it. picture: where to save what the screen shows with the box.
    """
    with gui.Display(folder) as display:
        desktop = gui.Desktop(folder, display)
        desktop.deadline = time.monotonic() + LIMIT
        with desktop.start(gui.mix_captures(folder), "-C", gui.PROFILE.name, "-n", "-z", statistic) as window:
            box = window.message_box()
            if picture:
                window.picture(picture)
            window.close_dialog(box)
            window.filter(MARKS)
            rows = window.export(folder / "home" / "marks.csv")
            code = window.quit()
            return Refusal(rows, window.complaints(), code)


def own_complaints(folder, outcome):
    """The lines on stderr that the same session without the plugin does not print; it is played only when there are any."""
    if not outcome.complaints:
        return []
    usual = set(play(folder, plugin=False).complaints)
    return [line for line in outcome.complaints if line not in usual]
