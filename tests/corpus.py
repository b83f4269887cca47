# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads captures that must stay unmarked, in bulk: which are marked all the same, and which end tshark in a crash."""
import sharkd

FIELDS = ("frame.number", "skypefp.verdict", "skypefp.rule")
EVERYTHING = (("skypefp.threshold", "possible"),)
MAX_EXIT = 18  # 1 and 2, from 4.4 on all of ws_exit_codes.h: tshark says what is wrong with the file; a signal is a crash
TIMEOUT = 120


def check(tshark, captures, preferences=()):
    """Problems as short texts, none when nothing is marked and nothing crashes. Unreadable files are fine when that is said."""
    found = sharkd.read(tshark, captures, FIELDS, preferences, display_filter="skypefp", timeout=TIMEOUT)
    for capture, frames in found.items():
        if frames == sharkd.NO_ANSWER:
            yield from check_alone(tshark, capture, preferences)
        elif not isinstance(frames, str) and frames:
            yield f"{capture.name}: {len(frames)} marked, first {frames[0]}"


def check_alone(tshark, capture, preferences):
    """The same with tshark, for a capture that sharkd did not survive or get to."""
    options = [word for name, value in preferences for word in ("-o", f"{name}:{value}")]
    process = tshark.call("-2", "-r", tshark.readable(capture), *options, "-Y", "skypefp", timeout=TIMEOUT)
    if not 0 <= process.returncode <= MAX_EXIT:
        yield f"{capture.name}: tshark ended with {process.returncode}"
    elif process.stdout.strip():
        yield f"{capture.name}: marked: {process.stdout.splitlines()[0]}"
