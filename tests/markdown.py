# SPDX-License-Identifier: GPL-2.0-or-later
"""Markdown: tables with aligned columns, written and read; code blocks, read."""
import re


def table(head, rows, right=()):
    """A table with columns in line; right: the columns that are numbers."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    lines = ["| " + " | ".join(cell.rjust(width) if place in right else cell.ljust(width)
                               for place, (cell, width) in enumerate(zip(row, widths))) + " |" for row in cells]
    rule = "| " + " | ".join("-" * (width - 1) + (":" if place in right else "-") for place, width in enumerate(widths)) + " |"
    return "\n".join([lines[0], rule, *lines[1:]])


def cells(line):
    """The cells of one line of a table."""
    return [cell.strip() for cell in line.strip()[1:-1].split("|")]


def code_blocks(text):
    """(language, content) of each fenced block, in order; one inside a list loses the list's indent."""
    for indent, language, content in re.findall(r"^( *)```(\w*)\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE):
        yield language, "".join(line.removeprefix(indent) for line in content.splitlines(keepends=True))
