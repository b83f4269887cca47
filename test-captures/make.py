#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the test captures, their table (README.md) and their expected results (expected.tsv).

make.py             writes everything beside itself
make.py --out DIR   writes everything into DIR
make.py --check     compares the tree with what would be written: exit 1 and the names when anything differs
make.py --themes    lists the files in which captures are declared, and what belongs in each

The rules that a declaration may name are those of the built library (SKYPEFP_BUILD_DIR, default: build/).
"""

import argparse
import importlib
import pathlib
import sys

sys.dont_write_bytecode = True      # the tree stays as it is

import catalogue
from capture_file import encode
from declare import CAPTURES
from tape import Tape

HERE = pathlib.Path(__file__).resolve().parent
THEMES = ("udp_echo udp_chain udp_generator udp_repeat udp_carriers "
          "life_udp life_tcp near_misses_echo near_misses_payload near_misses_media "
          "tcp_two_faces tcp_keystream tcp_transport near_misses_tcp").split()


def themes():
    """The modules that declare the captures, in the order of the table."""
    return [importlib.import_module(theme) for theme in THEMES]


def files():
    """Everything that belongs in the folder: name -> bytes. Raises ValueError on a wrong declaration."""
    themes()
    out = {}
    for one in CAPTURES:
        tape = Tape()
        one.build(tape)
        problems = one.problems(len(tape.records))
        if problems:
            raise ValueError(f"{one.name}: {'; '.join(problems)}")
        out[one.file_name] = encode(one.file_name, tape.records, one.link_type, one.snaplen)
    out["README.md"] = catalogue.readme(CAPTURES).encode()
    out["expected.tsv"] = catalogue.expected(CAPTURES).encode()
    return out


def is_written(path):
    """Whether a file of the folder is one that this program writes."""
    return path.suffix in (".pcap", ".pcapng") or path.name in ("README.md", "expected.tsv")


def stale(folder, wanted):
    """The names that differ, are missing or are too many in the folder."""
    there = {path.name: path.read_bytes() for path in folder.iterdir() if is_written(path)}
    return sorted(name for name in there.keys() | wanted.keys() if there.get(name) != wanted.get(name))


def write(folder, wanted):
    """Writes what differs; names captures that nobody declares, and leaves them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale(folder, wanted):
        if name in wanted:
            (folder / name).write_bytes(wanted[name])
        else:
            print(f"not declared: {name}", file=sys.stderr)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description="Writes or checks the test captures.")
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 when something differs")
    parser.add_argument("--themes", action="store_true", help="list the files in which captures are declared, and what belongs in each")
    parser.add_argument("--out", type=pathlib.Path, default=HERE, help="folder to write into or compare with")
    options = parser.parse_args()
    if options.themes:
        for theme in themes():
            print(f"{theme.__name__}.py".ljust(24) + theme.__doc__)
        return 0
    try:
        wanted = files()
    except ValueError as error:
        sys.exit(f"make.py: {error}")
    if not options.check:
        write(options.out, wanted)
        print(f"{len(CAPTURES)} captures in {options.out}")
        return 0
    different = stale(options.out, wanted)
    for name in different:
        print(f"differs: {name}", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
