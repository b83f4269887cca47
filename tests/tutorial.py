#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs every command of doc/TUTORIAL.md in one shell, in the order of the page, and compares what each block prints with the page."""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import markdown

DOCUMENT = pathlib.Path(__file__).resolve().parents[1] / "doc" / "TUTORIAL.md"
COMMANDS, OUTPUT = "sh", "text"
ANYTHING = "…"     # in the output of the page; alone in a line: any number of lines
TIMEOUT = 3000     # with the packages that a bare machine needs


def steps(text):
    """(commands, output or None) of each block of commands; the output is the block that follows it."""
    blocks = list(markdown.code_blocks(text))
    for place, (language, content) in enumerate(blocks):
        if language == COMMANDS:
            is_shown = place + 1 < len(blocks) and blocks[place + 1][0] == OUTPUT
            yield content, blocks[place + 1][1] if is_shown else None


def matches(expected, printed):
    pattern = "".join("(.*\n)*" if line == f"{ANYTHING}\n" else ".*".join(map(re.escape, line.split(ANYTHING)))
                      for line in expected.splitlines(keepends=True))
    return re.fullmatch(pattern, printed) is not None


def run(commands, shell=("bash",), **options):
    """(exit code, output) of each block of commands, all in one shell; fewer if the shell ended before."""
    with tempfile.TemporaryDirectory(prefix="skypefp-tutorial-") as folder:
        os.chmod(folder, 0o777)
        script = "".join(f"{{\n{block}}} >{folder}/{turn}.output 2>&1\necho $? >{folder}/{turn}.code\n" for turn, block in enumerate(commands))
        subprocess.run([*shell, "-c", script], stdin=subprocess.DEVNULL, check=False, timeout=TIMEOUT, **options)
        results = []
        for turn, _ in enumerate(commands):
            code, output = (pathlib.Path(folder, f"{turn}.{name}") for name in ("code", "output"))
            if code.exists():
                lines = output.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
                results.append((int(code.read_text()), "".join(line for line in lines if not line.startswith("Running as user "))))
        return results


def problems(page, results):
    """What differs from the page, as texts; page: what steps() gave."""
    if len(results) < len(page):
        yield f"the shell ended in step {len(results) + 1} of {len(page)}"
    for (commands, expected), (code, printed) in zip(page, results):
        if code:
            yield f"exit code {code} from\n{commands}{printed}"
        # Installing prints a lot: a page that says how it ends is right if it ends so.
        elif expected and expected.startswith(ANYTHING):
            if not matches(expected, "".join(printed.splitlines(keepends=True)[-expected.count("\n"):])):
                yield f"the last lines of\n{commands}are\n{printed[-500:]}"
        elif expected and not matches(expected, printed):
            difference = difflib.unified_diff(expected.splitlines(), printed.splitlines(), "page", "printed", lineterm="")
            yield f"other output from\n{commands}" + "\n".join(difference)


def main():
    page = list(steps(DOCUMENT.read_text(encoding="utf-8")))
    found = list(problems(page, run([commands for commands, _ in page], cwd=DOCUMENT.parents[1])))
    for problem in found:
        print(f"tutorial: {problem}")
    print(f"tutorial: {len(page)} steps, {len(found)} wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main())
