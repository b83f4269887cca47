# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of the captures for people (README.md) and the expected results for the tests (expected.tsv)."""

COLUMNS = ("capture", "marked", "evidence", "endpoints", "tcp streams marked", "tcp evidence", "endpoint rules", "absent")

README_HEAD = """<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
# Test captures

Small captures made by this project from published bytes and synthetic ones; no packet is copied from anyone.
`make.py` writes them, this table and `expected.tsv`, byte for byte the same every time; `make.py --check`
tells whether the tree agrees with it. What is expected was worked out from the published layouts and the weights,
not taken from the plugin's output: prior -13 bits, the strongest evidence of each group added, marked from +10;
clocks and lengths of messages on TCP are 22 together at most.

"marks" are the frames (UDP) and streams (TCP) that must be marked in two passes; everything else must not be.

"""

TSV_HEAD = """# SPDX-License-Identifier: GPL-2.0-or-later
# Expected result of each test capture in two passes, written by make.py. "-" is an empty list, commas separate.
# marked: all UDP frames that are marked. evidence: frame=rule that must be there. endpoints: all with a verdict
# of possible or more ("*": others may have one). tcp streams marked: all, client>server, #2 for the second connection on the
# same four numbers. tcp evidence: stream=rule that must be there. endpoint rules: must stand in that endpoint's
# evidence (host.update_check: that host is in the list). absent: rules that must fire nowhere.
"""


def listed(text):
    """A space-separated declaration as one cell."""
    return ",".join(text.split()) or "-"


def expected(captures):
    """The text of expected.tsv."""
    lines = ["#" + "\t".join(COLUMNS)]
    for one in captures:
        cells = (one.file_name, one.marked, listed(one.evidence), listed(one.endpoints), listed(one.streams),
                 listed(one.stream_evidence), listed(one.endpoint_rules), listed(one.absent))
        lines.append("\t".join(cells))
    return TSV_HEAD + "\n".join(lines) + "\n"


def rules(names):
    """Rule keys as code, or a dash."""
    return " ".join(f"`{name}`" for name in names) or "–"


def marks(one):
    """What is marked, for people."""
    streams = "<br>".join(one.streams.split())
    frames = "" if one.marked == "-" else one.marked
    return "<br>".join(part for part in (frames, streams) if part) or "nothing"


def readme(captures):
    """The text of README.md."""
    lines = ["| capture | source | what it shows | fires | must not fire | marks | bits |",
             "| --- | --- | --- | --- | --- | --- | --- |"]
    for one in captures:
        cells = (f"`{one.file_name}`", one.source, one.shows, rules(one.fired), rules(one.absent.split()), marks(one),
                 one.arithmetic)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return README_HEAD + "\n".join(lines) + "\n"
