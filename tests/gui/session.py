# SPDX-License-Identifier: GPL-2.0-or-later
"""One session in Wireshark's window as a person has it, and what came of it: for the GUI regression."""
import dataclasses
import time

import window as gui

TREE_ROW = 4        # a field below the last layer that is no column yet
PROOF = 3           # the resend of the first exchange in the mixed capture
MARKS = "skypefp"
LIMIT = 60          # seconds


@dataclasses.dataclass
class Outcome:
    """What a session left: exported packets by step, lines on stderr, the exit code, the seconds it took."""
    exported: dict
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


def play(folder, plugin=True):
    """Opens, filters, follows, adds a column, reloads, ignores and unignores a packet, closes, quits: an Outcome.

    The folder is empty and everybody can reach it. Without the plugin it is the same session in Wireshark's own profile.
    Missing or Stuck if it cannot be started or does not get through in LIMIT seconds.
    """
    began = time.monotonic()
    with gui.Display(folder) as display:
        desktop = gui.Desktop(folder, display, plugin)
        mixed = gui.mix_captures(folder)
        marks = MARKS if plugin else "udp"
        exported = {}

        def export(window, step):
            window.filter(marks)
            exported[step] = window.export(folder / "home" / f"{step}.csv")

        desktop.deadline = began + LIMIT
        with desktop.start(mixed, *(["-C", gui.PROFILE.name] if plugin else []), "-n") as window:
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
            window.keys("ctrl+w")
            window.settle()
            code = window.quit()
            complaints = window.complaints()
    return Outcome(exported, complaints, code, time.monotonic() - began)


def own_complaints(folder, outcome):
    """The lines on stderr that the same session without the plugin does not print; it is played only when there are any."""
    if not outcome.complaints:
        return []
    usual = set(play(folder, plugin=False).complaints)
    return [line for line in outcome.complaints if line not in usual]
