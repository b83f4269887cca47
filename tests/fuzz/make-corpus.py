#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the seed corpora of the fuzz targets from the test captures: `make-corpus.py`, no arguments; the same every time, those of reports
for one version of skypefp. These come from skypefp-batch in SKYPEFP_BUILD_DIR (default: build/)."""
import os
import pathlib
import struct
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CAPTURES = HERE.parent.parent / "test-captures"
PROGRAM = pathlib.Path(os.environ.get("SKYPEFP_BUILD_DIR", HERE.parents[1] / "build")).resolve() / "batch" / "skypefp-batch"
MAX_INPUT = 4096        # octets of a seed; longer conversations are cut
MAX_ENDS = 16
UDP, TCP = 17, 6
HOW_TCP, HOW_CUT, HOW_SEQUENCE, HOW_LONG, HOW_TIME = 0x01, 0x04, 0x10, 0x20, 0xC0

# One capture a way through the code: which seeds a fuzzer can make of them is its own business.
TRACKER_SEEDS = """
udp-published-three-exchanges udp-nat-two-answerers udp-chain-direct udp-fragments-generator udp-fragments-three-peers udp-association
udp-inheritance-shapes udp-one-way-client udp-client-restart udp-iv-window-edge udp-repeat-many-peers udp-ipv6-generator
udp-mirror-duplicates udp-snaplen-48 near-radius near-snmp near-unistim near-two-servers-number tcp-two-faces-and-echo tcp-garbage-first
tcp-facade-501 tcp-facade-pipelined tcp-fake-tls tcp-fake-tls-late-answer tcp-login-2006 tcp-login-2015 tcp-login-one-sided
tcp-padding-run-5 tcp-seed-reuse-ipv6 tcp-seed-generator tcp-bare-form tcp-port-reuse tcp-port-reuse-other-protocol tcp-reordered
tcp-one-byte-segments tcp-sequence-wraps tcp-snaplen-64 tcp-update-check tcp-responder-labels
near-tcp-xbt-tracker near-tcp-honeypot
""".split()
MESSAGE_SEEDS = """
udp-chain-direct udp-fragments-generator udp-tiny-payloads udp-snaplen-48
""".split()

# A line each of skypefp-batch, of different rules and members.
REPORT_SEEDS = """
udp-published-exchange udp-chain udp-keepalive udp-nat-two-answerers tcp-seed-reuse-z01 tcp-fake-tls near-radius
""".split()

# A link layer or a tunnel each.
DECODE_SEEDS = """
udp-published-exchange udp-gre udp-ip-in-ip udp-vxlan udp-ipv6-generator udp-fragments-generator tcp-two-faces-and-echo
""".split()


def records(path):
    """(time_us, frame octets) of each packet of a pcap file with Ethernet."""
    octets = path.read_bytes()
    link_type = struct.unpack_from("<I", octets, 20)[0]
    if link_type != 1:
        raise ValueError(f"{path.name}: link type {link_type}")
    at = 24
    while at < len(octets):
        seconds, us, kept, _ = struct.unpack_from("<IIII", octets, at)
        yield seconds * 1000000 + us, octets[at + 16:at + 16 + kept]
        at += 16 + kept


def payload(frame):
    """(protocol, source, destination, TCP flags and sequence, captured octets, octets missing), or None; ends are (address, port)."""
    kind, = struct.unpack_from(">H", frame, 12)
    if kind == 0x0800:
        header = (frame[14] & 15) * 4
        protocol, length = frame[23], struct.unpack_from(">H", frame, 16)[0] - header
        src, dst = frame[26:30], frame[30:34]
    elif kind == 0x86DD:
        header, protocol, length = 40, frame[20], struct.unpack_from(">H", frame, 18)[0]
        src, dst = frame[22:38], frame[38:54]
    else:
        return None
    segment = frame[14 + header:]
    if protocol not in (UDP, TCP) or len(segment) < 14:
        return None
    ports = struct.unpack_from(">HH", segment)
    skip = 8 if protocol == UDP else (segment[12] >> 4) * 4
    tcp = (segment[13], *struct.unpack_from(">I", segment, 4)) if protocol == TCP else None
    data = segment[skip:max(length, skip)]
    return protocol, (src, ports[0]), (dst, ports[1]), tcp, data, length - skip - len(data)


def packet(parts, ends, time_us):
    """One packet of packets.h."""
    protocol, src, dst, tcp, data, missing = parts
    cut = min(max(missing, 0), 255)
    how = HOW_TIME | HOW_LONG | (HOW_TCP | HOW_SEQUENCE if protocol == TCP else 0) | (HOW_CUT if cut else 0)
    out = struct.pack(">BBQ", how, ends.index(src) | ends.index(dst) << 4, time_us)
    if tcp:
        out += struct.pack(">BI", *tcp)
    return out + (bytes([cut]) if cut else b"") + struct.pack(">H", len(data)) + data


def tracker_seed(path, limit):
    """A capture as input of fuzz-tracker: limits, the first MAX_ENDS endpoints, the packets between them."""
    ends, packets = [], b""
    for time_us, frame in records(path):
        parts = payload(frame)
        if parts is None:
            continue
        fresh = [end for end in parts[1:3] if end not in ends]
        if len(ends) + len(fresh) <= MAX_ENDS and len(packets) < MAX_INPUT:
            ends += fresh
            packets += packet(parts, ends, time_us)
    head = bytes([limit] * 4 + [len(ends) - 1])
    for address, port in ends:
        head += bytes([len(address) == 16]) + address + struct.pack(">H", port)
    return head + packets


def decode_seed(path, link, stripped):
    """A capture as input of fuzz-decode: the link type's index, and frames without some octets of their beginning."""
    out = bytes([link])
    for _, frame in records(path):
        if len(out) < MAX_INPUT:
            out += struct.pack(">HB", len(frame) - stripped, 0) + frame[stripped:]
    return out


def batch(*arguments):
    """What skypefp-batch prints."""
    return subprocess.run([PROGRAM, *arguments, "-q"], cwd=CAPTURES, capture_output=True, check=False).stdout


def report_line(name):
    """The report of a test capture."""
    return batch("--engine", "direct", "--format", "jsonl", "--near-misses", f"{name}.pcap")


def write(folder, seeds):
    """Writes the seeds by name and removes what else is there; found-…, what fuzzing found, stays."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.name not in seeds and not path.name.startswith("found-"):
            path.unlink()
    for name, octets in seeds.items():
        (folder / name).write_bytes(octets)


def main():
    """All corpora."""
    tracker = {name: tracker_seed(CAPTURES / f"{name}.pcap", 63 if i % 2 else 3) for i, name in enumerate(TRACKER_SEEDS)}
    message = {}
    for name in MESSAGE_SEEDS:
        for number, (_, frame) in enumerate(records(CAPTURES / f"{name}.pcap"), 1):
            parts = payload(frame)
            if parts and number <= 3:
                message[f"{name}-{number}"] = bytes([min(max(parts[5], 0), 255)]) + parts[4]
    decode = {name: decode_seed(CAPTURES / f"{name}.pcap", 0, 0) for name in DECODE_SEEDS}
    decode["raw"] = decode_seed(CAPTURES / "udp-gre.pcap", 3, 14)
    decode["null"] = decode_seed(CAPTURES / "udp-gre.pcap", 1, 10)
    report = {name: report_line(name) for name in REPORT_SEEDS}
    report["all"] = b"".join(report[name] for name in REPORT_SEEDS[:2])
    report["cut"] = report["all"][:-100]
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.write(report["all"])
        file.flush()
        report["merged"] = batch("merge", file.name)
    report["version-1"] = (HERE.parent / "batch" / "report-0.1.0.jsonl").read_bytes()[:MAX_INPUT]
    write(HERE / "corpus-report", report)
    write(HERE / "corpus-tracker", tracker)
    write(HERE / "corpus-message", message)
    write(HERE / "corpus-decode", decode)


if __name__ == "__main__":
    main()
