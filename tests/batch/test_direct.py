# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch without Wireshark: the same reports, or the capture is handed over."""
import gzip
import itertools
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import time

import pytest

import tshark as runner
from batches import CLEAN, CLEAN_EXIT, FINDINGS, FOUND, INCOMPLETE, LIKELY, batch, statuses, without_engine  # noqa: F401 (batch is a fixture)

NO_WIRESHARK = {"SKYPEFP_TSHARK": "/nonexistent", "SKYPEFP_SHARKD": "/nonexistent"}
NEEDS = "needs-wireshark"
PCAPNG_ORDER = 0x1A2B3C4D
NANO, MODIFIED = 0xA1B23C4D, 0xA1B2CD34


def both(batch, *paths):
    """What this program decides of captures, by name, and what the lean engine reports on the same ones."""
    direct = [line for line in batch.lines("--engine", "direct", *paths) if line["file"]["status"] != NEEDS]
    names = batch.make("direct-names", "\0".join(line["file"]["name"] for line in direct).encode())
    lean = batch.lines("--engine", "lean", "--null", "--list", names) if direct else []
    assert all(line["engine"] == "direct" and line["wireshark_version"] is None for line in direct)
    assert all(line["engine"] == "lean" for line in lean)
    return without_engine(direct), without_engine(lean)


def assert_equal(batch, *paths):
    """How many captures were decided directly: each with the report of the lean engine."""
    direct, lean = both(batch, *paths)
    for one, other in itertools.zip_longest(direct, lean):
        assert one == other, one["file"]["name"]
    return len(direct)


def test_bundled_captures(batch):
    folder = batch.make("bundled/x").parent
    for path in runner.TEST_CAPTURES.glob("*.pcap*"):
        batch.copy(path, f"bundled/{path.name}")
    n = len(list(folder.iterdir())) - 1
    assert n > 150 and assert_equal(batch, "bundled") > 0.98 * n


def test_real_captures(batch, corpus):
    """A sample of the corpus; tests/batch/compare-engines takes all of it."""
    captures = sorted(path for folder in ("skype", "other") for path in (corpus / folder).iterdir())
    if runner.series() >= (4, 6):  # which reads less of damaged captures than 4.0, 4.4 and direct do
        captures = [path for path in captures if "tcpdump+tests" not in path.name]
    captures = captures[::20]
    assert assert_equal(batch, *(batch.tshark.readable(path) for path in captures)) > 0.9 * len(captures)


def classic(frames, link=1, snaplen=65535, version=(2, 4), magic="<I", number=0xA1B2C3D4, more=b""):
    """A capture in the classic format: frames of (seconds, fraction, octets, length on the wire). more: in each record's header."""
    order = magic[0]
    records = b"".join(struct.pack(order + "IIII", s, f, len(data), wire) + more + data for s, f, data, wire in frames)
    return struct.pack(order + "IHHiIII", number, *version, 0, 0, snaplen, link) + records


def frames_of(path):
    octets, at, frames = path.read_bytes(), 24, []
    while at < len(octets):
        seconds, fraction, n, wire = struct.unpack_from("<IIII", octets, at)
        frames.append((seconds, fraction, octets[at + 16:at + 16 + n], wire))
        at += 16 + n
    return frames


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))


def pcapng(frames, *blocks, options=b"", interface_options=b""):
    """The same as pcapng, with other blocks between section and frames."""
    text = block(0x0A0D0D0A, struct.pack("<IHHq", PCAPNG_ORDER, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 0) + interface_options)
    text += b"".join(blocks)
    for seconds, fraction, data, wire in frames:
        stamp = seconds * 1_000_000 + fraction
        text += block(6, struct.pack("<IIIII", 0, stamp >> 32, stamp & 0xFFFFFFFF, len(data), wire) + data + bytes(-len(data) % 4) + options)
    return text


def two_interfaces(frames):
    """Each second frame on an interface of another link type."""
    raw = [(s, f, d[14:] if i % 2 else d, w - 14 if i % 2 else w) for i, (s, f, d, w) in enumerate(frames)]
    octets, at = bytearray(pcapng(raw, block(1, struct.pack("<HHI", 101, 0, 0)))), 0
    n = 0
    while at < len(octets):
        kind, length = struct.unpack_from("<II", octets, at)
        if kind == 6:
            struct.pack_into("<I", octets, at + 8, n % 2)
            n += 1
        at += length
    return bytes(octets)


FORMATS = {
    "big.pcap": lambda frames: classic(frames, magic=">I"),
    "nano.pcap": lambda frames: classic([(s, f * 1000, d, w) for s, f, d, w in frames], number=NANO),
    "version-2.3.pcap": lambda frames: classic(frames, version=(2, 3)),
    "version-2.0.pcap": lambda frames: classic(frames, version=(2, 0)),
    "version-543.pcap": lambda frames: classic(frames, version=(543, 0)),
    "linux-records.pcap": lambda frames: classic(frames, more=bytes(8)),
    "modified.pcap": lambda frames: classic(frames, number=MODIFIED, more=bytes(8)),
    "suse.pcap": lambda frames: classic(frames, number=MODIFIED, more=bytes(12)),
    "other-bits-of-link.pcap": lambda frames: classic(frames, link=0xF0000001),
    "checksum-of-nothing.pcap": lambda frames: classic(frames, link=0x04000001),
    "huge-on-the-wire.pcap": lambda frames: classic([(s, f, d, 0x30303030) for s, f, d, _ in frames]),
    "largest-on-the-wire.pcap": lambda frames: classic([(s, f, d, 0xFFFFFFFF) for s, f, d, _ in frames]),
    "small-snaplen.pcap": lambda frames: classic(frames, snaplen=16),
    "odd-fraction.pcap": lambda frames: classic([(s, f + 4_000_000_000, d, w) for s, f, d, w in frames]),
    "far-future.pcap": lambda frames: classic([(s | 0x80000000, f, d, w) for s, f, d, w in frames]),
    "plain.pcapng": pcapng,
    "comments.pcapng": lambda frames: pcapng(frames, options=struct.pack("<HH", 1, 5) + b"hello\0\0\0" + bytes(4)),
    "names.pcapng": lambda frames: pcapng(frames, block(4, struct.pack("<HHI2s2xHH", 1, 6, 0x0A000001, b"a\0", 0, 0))),
    "local-use.pcapng": lambda frames: pcapng(frames, block(0x80000001, b"1234")),
    "resolution.pcapng": lambda frames: pcapng(frames, interface_options=struct.pack("<HHB3x", 9, 1, 0x94)),
    "offset.pcapng": lambda frames: pcapng(frames, interface_options=struct.pack("<HHq", 14, 8, -86400)),
    "two-interfaces.pcapng": lambda frames: two_interfaces(frames),
    "two-sections.pcapng": lambda frames: pcapng(frames[:3]) + pcapng(frames[3:]),
    "packet-options.pcapng": lambda frames: pcapng(frames, options=struct.pack("<HHQHHI", 4, 8, 1, 6, 4, 2)),
    "statistics.pcapng": lambda frames: pcapng(frames, block(5, struct.pack("<III", 0, 0, 0))),
    "plain.pcap.gz": lambda frames: gzip.compress(classic(frames)),
    "members.pcap.gz": lambda frames: gzip.compress(classic(frames)[:100]) + gzip.compress(classic(frames)[100:]),
    "compressed.pcapng.gz": lambda frames: gzip.compress(pcapng(frames)),
    "empty.pcap": lambda frames: classic([]),
}
HANDED_OVER = {
    "version-1.pcap": lambda frames: classic(frames, version=(1, 9)),
    "aix.pcap": lambda frames: classic(frames, version=(2, 2), link=6),
    "nokia.pcap": lambda frames: classic(frames, more=bytes(4)),
    "damaged.pcapng": lambda frames: pcapng(frames)[:-3] + b"abc",
    "checksum-flag.pcapng": lambda frames: pcapng(frames, options=struct.pack("<HHI", 2, 4, 0x80)),
    "bad-names.pcapng": lambda frames: pcapng(frames, block(4, struct.pack("<HHI", 1, 4, 0x0A000001))),
    "checksums.pcap": lambda frames: classic(frames, link=1 | 0x24000000),
    "longer-than-sent.pcap": lambda frames: classic([(s, f, d, len(d) - 1) for s, f, d, _ in frames]),
    "journal.pcapng": lambda frames: pcapng(frames, block(9, b"__REALTIME_TIMESTAMP=0\n")),
    "custom.pcapng": lambda frames: pcapng(frames, block(0xBAD, struct.pack("<I", 1))),
    "checksums.pcapng": lambda frames: pcapng(frames, interface_options=struct.pack("<HHBxxx", 13, 1, 4)),
    "bad-options.pcapng": lambda frames: pcapng(frames, options=struct.pack("<HH", 2, 400)),
    "cut.pcap.gz": lambda frames: gzip.compress(classic(frames))[:-9],
    "link.pcap": lambda frames: classic(frames, link=204),
}


DAMAGED = {
    "cut.pcap": lambda frames: classic(frames)[:-3],
    "cut-in-a-header.pcap": lambda frames: classic(frames) + b"1234",
    "too-long.pcap": lambda frames: classic(frames) + struct.pack("<IIII", 0, 0, 262145, 262145),
    "too-long-at-once.pcap": lambda frames: classic([]) + struct.pack("<IIII", 0, 0, 0x7FFFFFFF, 0x7FFFFFFF),
    "cut.pcapng": lambda frames: pcapng(frames)[:-9],
    "cut.pcap.gz": lambda frames: gzip.compress(classic(frames)[:-3]),
}


def make_all(batch, folder, kinds):
    """One capture of each kind, in a folder of their own."""
    return [batch.make(f"{folder}/{name}", make(frames_of(FOUND))) for name, make in kinds.items()]


def test_damage(batch):
    """Wireshark cannot read on either: the frames before, and its message."""
    paths = make_all(batch, "damaged", DAMAGED)
    # Wireshark 4.6 does not open a file whose first record cannot be; 4.0, 4.4 and direct say that it is cut short.
    compared = [path for path in paths if "at-once" not in path.name or runner.series() < (4, 6)]
    assert assert_equal(batch, *compared) == len(compared) >= len(DAMAGED) - 1
    for line in batch.lines("--engine", "direct", *paths):
        assert line["file"]["status"] == "truncated" and line["file"]["message"], line["file"]["name"]


def test_formats(batch):
    assert assert_equal(batch, *make_all(batch, "formats", FORMATS)) == len(FORMATS)


COMPRESSORS = {"zst": ["zstd", "-c"], "lz4": ["lz4", "-c"]}


def compress(kind, octets):
    program = shutil.which(COMPRESSORS[kind][0])
    if program is None:
        pytest.skip(f"{COMPRESSORS[kind][0]} is not installed")
    return subprocess.run([program, *COMPRESSORS[kind][1:]], input=octets, capture_output=True, check=True).stdout


@pytest.mark.parametrize("kind", COMPRESSORS)
def test_compressed(batch, kind):
    """Whole, in two parts, with an end missing, with octets changed: the same report as Wireshark's, or handed over."""
    octets = FOUND.read_bytes()
    whole, halves = compress(kind, octets), [compress(kind, half) for half in (octets[:100], octets[100:])]
    broken = bytearray(whole)
    broken[len(broken) // 2] ^= 0x55
    plain = without_engine(batch.lines("--engine", "direct", FOUND)[0])
    good = {"whole": whole, "halves": b"".join(halves)}
    paths = [batch.make(f"compressed/{name}.pcap.{kind}", content) for name, content in good.items()]
    assert all(line["endpoints"] == plain["endpoints"] for line in batch.lines("--engine", "direct", *paths, code=FINDINGS))
    if kind == "lz4" and runner.series() == (4, 4):     # where Wireshark takes the second frame's sum for damage
        assert statuses(batch.lines("--engine", "lean", paths.pop())) == {"halves.pcap.lz4": "unreadable"}
    assert assert_equal(batch, *paths) == len(paths)
    bad = {"cut": whole[:-7], "magic": whole[:4], "broken": bytes(broken)}
    paths = [batch.make(f"compressed-badly/{name}.pcap.{kind}", content) for name, content in bad.items()]
    assert {line["file"]["status"] for line in batch.lines("--engine", "direct", *paths, code=INCOMPLETE)} == {NEEDS}


@pytest.mark.parametrize("kind", COMPRESSORS)
def test_bomb(batch, kind):
    """256 MB of frames in a file of a few thousand octets, which are read in the memory of one piece."""
    frame = struct.pack("<IIII", 0, 0, 262000, 262000) + bytes(12) + b"\x77\x77" + bytes(261986)
    path = batch.make(f"bombs/bomb.pcap.{kind}", compress(kind, classic([]) + frame * 1024))
    program = [*batch.command("-q", "-f", "jsonl", "-j1", "--engine", "direct", path)]
    limited = subprocess.run(["prlimit", f"--as={600 << 20}", *program], capture_output=True, text=True, check=False, timeout=120)
    assert limited.returncode == CLEAN_EXIT, limited.stderr
    assert json.loads(limited.stdout)["capture"]["frames"] == 1024


def section_without_frames(*blocks):
    """The head of a pcapng file, and blocks of (type, body)."""
    head = struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, PCAPNG_ORDER, 1, 0, -1, 28)
    return head + b"".join(struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12) for kind, body in blocks)


@pytest.fixture
def endless(batch):
    """160 GB of blocks of local use in a few MB, and no frame."""
    head, block = section_without_frames(), section_without_frames((0x80000001, bytes(16 * 1024 * 1024 - 12)))[28:]
    path = batch.make("bombs/endless.pcapng.zst", compress("zst", head) + compress("zst", block) * 10_000)
    yield path
    path.unlink()


def test_time_limit_without_frames(batch, endless):
    begun = time.monotonic()
    line, = batch.lines("--engine", "direct", "--timeout", "0.5", endless, code=INCOMPLETE)
    assert time.monotonic() - begun < 5
    assert (line["file"]["status"], line["file"]["size"]) == ("timeout", endless.stat().st_size) and line["file"]["sha256"]


def test_signal_without_frames(batch, endless):
    with subprocess.Popen(batch.command("-q", "--engine", "direct", endless), cwd=batch.folder, stdout=subprocess.PIPE) as process:
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=5)
    assert process.returncode == 128 + signal.SIGINT


def test_interfaces_without_end(batch):
    """40 million interfaces in a file of a few hundred kB: Wireshark's, and the next capture is read; 4,096 are read here."""
    head, interface = section_without_frames(), section_without_frames((1, struct.pack("<HHI", 1, 0, 65535)))[28:]
    path = batch.make("bombs/interfaces.pcapng.zst", compress("zst", head) + compress("zst", interface * 1_000_000) * 40)
    most = batch.make("bombs/most.pcapng", head + interface * 4096)
    program = batch.command("-q", "-f", "jsonl", "-j1", "--engine", "direct", path, most, CLEAN)
    limited = subprocess.run(["prlimit", f"--as={600 << 20}", *program], capture_output=True, text=True, check=False, timeout=120)
    lines = [json.loads(line) for line in limited.stdout.splitlines()]
    assert statuses(lines) == {path.name: NEEDS, most.name: "ok", CLEAN.name: "ok"}, limited.stderr


def test_what_is_handed_over(batch):
    paths = make_all(batch, "handed", HANDED_OVER)
    for line in batch.lines("--engine", "direct", *paths, code=INCOMPLETE):
        assert line["file"]["status"] == NEEDS and "Only Wireshark can decide it" in line["file"]["message"], line["file"]["name"]
    auto, lean = batch.lines(*paths), batch.lines("--engine", "lean", *paths)
    assert len(auto) == len(HANDED_OVER) and auto == lean
    assert all(line.get("engine", "lean") == "lean" for line in auto)


def test_without_wireshark(batch):
    """What needs it is damage that is named; the rest is as always. Nothing of Wireshark's is started."""
    paths = [batch.copy(FOUND, "without/found.pcap"), batch.copy(CLEAN, "without/clean.pcap"),
             batch.make("without/link.pcap", classic(frames_of(FOUND), link=204)), batch.make("without/notes.txt", b"no capture\n")]
    lines = batch.lines("without", environment=NO_WIRESHARK, code=4)
    assert statuses(lines) == {"found.pcap": "ok", "clean.pcap": "ok", "link.pcap": NEEDS}
    assert "tshark is not installed" in lines[2]["file"]["message"]
    assert batch.call(paths[1], environment=NO_WIRESHARK).returncode == CLEAN_EXIT
    table = batch.call("without", environment=NO_WIRESHARK)
    assert table.stdout.endswith(" 0 possible, 1 without findings; 1 needs-wireshark\n") and table.returncode == 4
    with_path = batch.call("-q", "--format", "jsonl", paths[0], environment={"PATH": "/nonexistent"})
    assert with_path.returncode == FINDINGS and with_path.stderr == ""


def test_hash_and_resume(batch):
    """The hash is that of the file, whichever engine reads it, and is enough to resume."""
    paths = [batch.copy(FOUND, "hash/a.pcap"), batch.make("hash/b.pcap.gz", gzip.compress(LIKELY.read_bytes())),
             batch.make("hash/c.pcap", classic(frames_of(FOUND), link=204))]
    direct, lean = batch.lines("--engine", "direct", *paths), batch.lines("--engine", "lean", *paths)
    assert [line["file"]["sha256"] for line in direct] == [line["file"]["sha256"] for line in lean]
    assert [line["file"]["size"] for line in direct] == [os.path.getsize(path) for path in paths]
    batch.call("-q", "-f", "jsonl", "-o", "hash.jsonl", "--engine", "direct", *paths)
    resumed = batch.lines("-r", "hash.jsonl", *paths)
    assert statuses(resumed)["a.pcap"] == "ok" and resumed[0] == direct[0]


def test_mutated_captures(batch):
    """A few of those that ./run fuzz makes: octets changed, frames cut, in captures of every kind."""
    rng = random.Random(17)
    sources = sorted(runner.TEST_CAPTURES.glob("*.pcap"))
    for i in range(60):
        octets = bytearray(rng.choice(sources).read_bytes())
        for _ in range(rng.choice((1, 3, 10))):
            octets[rng.randrange(24, len(octets))] = rng.choice((0, 1, 4, 6, 17, 0x45, 0x60, 255, rng.randrange(256)))
        batch.make(f"mutated/{i}.pcap", bytes(octets))
    assert assert_equal(batch, "mutated") > 10
