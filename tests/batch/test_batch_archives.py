# SPDX-License-Identifier: GPL-2.0-or-later
"""Compressed files in a folder: a damaged capture is never passed over, and what shows that it is something else is."""
import gzip
import json
import random
import struct

import pytest

from batches import CLEAN, CLEAN_EXIT, FOUND, INCOMPLETE, batch, statuses  # noqa: F401 (batch is a fixture)
from test_direct import COMPRESSORS, NEEDS, compress, frames_of, pcapng

KINDS = ["gz", *COMPRESSORS]


def squeeze(kind, octets):
    return gzip.compress(octets) if kind == "gz" else compress(kind, octets)


def noise():
    """Five frames, a MiB of them altogether, that no compressor makes smaller: blocks of lz4 are as large as 4 MiB."""
    octets = random.Random(1).randbytes(200_000)
    return 5 * (struct.pack("<IIII", 0, 0, 200_014, 200_014) + bytes(12) + b"\x77\x77" + octets)


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_captures_are_not_passed_over(batch, kind):  # noqa: F811
    """Without a name that says capture: as if named. What cannot be decompressed at all may be a capture as well."""
    contents = {"small": FOUND.read_bytes(), "large": FOUND.read_bytes() + noise(), "new": pcapng(frames_of(FOUND))}
    for name, whole in ((name, squeeze(kind, content)) for name, content in contents.items()):
        for damage, octets in (("cut", whole[:-7]), ("half", whole[:len(whole) // 2]), ("begun", whole[:5]), ("more", whole + b"x")):
            batch.make(f"archives-{kind}/{name}-{damage}.{kind}", octets)
    paths = sorted((batch.folder / f"archives-{kind}").iterdir())
    expected = {path.name: NEEDS for path in paths}
    assert len(expected) == 12 and statuses(batch.lines("--engine", "direct", *paths, code=INCOMPLETE)) == expected
    assert statuses(batch.lines("--engine", "direct", f"archives-{kind}", code=INCOMPLETE)) == expected


@pytest.mark.parametrize("engine", ["auto", "lean", "tshark"])
def test_wireshark_passes_over_no_damaged_capture(batch, engine):  # noqa: F811
    """Whatever it says of what it cannot decompress."""
    for kind in KINDS:
        whole = squeeze(kind, FOUND.read_bytes())
        for damage, octets in (("cut", whole[:-7]), ("begun", whole[:5]), ("more", whole + b"x")):
            batch.make(f"archives-{engine}/{damage}.{kind}", octets)
    names = {path.name for path in (batch.folder / f"archives-{engine}").iterdir()}
    process = batch.call("-q", "-f", "jsonl", "--engine", engine, f"archives-{engine}")
    assert len(names) == 9 and set(statuses(map(json.loads, process.stdout.splitlines()))) == names


@pytest.mark.parametrize("kind", KINDS)
def test_other_content_is_passed_over(batch, kind):  # noqa: F811
    """Whole, empty, and damaged after the content has shown that it is not a capture."""
    text = b"".join(b"%x\n" % (i * i * 0x9E3779B97F4A7C15) for i in range(300_000))
    whole = squeeze(kind, text)
    for name, octets in (("whole", whole), ("empty", squeeze(kind, b"")), ("more", whole + b"x"), ("cut", whole[:-7])):
        batch.make(f"others-{kind}/{name}.{kind}", octets)
    batch.copy(CLEAN, f"others-{kind}/clean")
    assert statuses(batch.lines("--engine", "direct", f"others-{kind}", code=CLEAN_EXIT)) == {"clean": "ok"}
