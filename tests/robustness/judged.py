# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets as data, and what judge-packets says of lists of them: thousands of made or changed captures in seconds."""
import dataclasses
import subprocess

import robustness_frames as wire
import tshark as runner

PROGRAM = runner.BUILD / "tests" / "judge-packets"
TIMEOUT = 300
SECOND_US = 1_000_000


@dataclasses.dataclass(frozen=True)
class Packet:
    """A datagram or segment; addresses are 4 or 16 octets."""
    time_us: int
    src: tuple
    dst: tuple
    payload: bytes
    wire_len: int
    is_tcp: bool = False
    seq: int = 0
    ack: int = 0
    flags: int = 0
    scope: int = 0

    def line(self):
        octets = self.payload.hex() or "-"
        ends = f"{self.src[0].hex()} {self.src[1]} {self.dst[0].hex()} {self.dst[1]}"
        words = f"{self.time_us} {self.scope} {ends} {self.wire_len} {octets}"
        return f"t {words} {self.seq} {self.ack} {self.flags}\n" if self.is_tcp else f"u {words}\n"


@dataclasses.dataclass(frozen=True)
class Counts:
    """What became of a list of packets."""
    n: int
    possible: int
    likely: int
    certain: int
    in_one_pass: int  # at least likely
    rules: frozenset
    unjudged: str  # why the conversation could not be judged, or ""
    marked: tuple  # indexes, at least likely in two passes

    @property
    def n_marked(self):
        return self.likely + self.certain


def of_capture(path, limit=None):
    """The datagrams and segments of a capture in the pcap format."""
    for packet in wire.read(path, limit):
        if packet.protocol is not None:
            yield Packet(packet.time_us, packet.src, packet.dst, packet.payload, packet.payload_len, packet.protocol == wire.TCP,
                         packet.seq, packet.ack, packet.flags)


def script_of(lists):
    """The lines that load lists: name -> packets."""
    return "".join(f"list {name}\n" + "".join(packet.line() for packet in packets) for name, packets in lists.items())


def run(script):
    """(title, name) -> Counts, for every list of every run."""
    process = subprocess.run([PROGRAM], input=script, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    assert process.returncode == 0, process.stderr
    found = {}
    for line in process.stdout.splitlines():
        title, name, *numbers, rules, unjudged, marked = line.split("\t")
        found[title, name] = Counts(*map(int, numbers), frozenset() if rules == "-" else frozenset(rules.split(",")),
                                    "" if unjudged == "-" else unjudged, () if marked == "-" else tuple(map(int, marked.split(","))))
    return found
