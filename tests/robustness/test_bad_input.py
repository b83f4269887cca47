# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged and hostile captures: no crash, nothing on stderr but Wireshark's own, and bounded memory."""
import struct

import pytest

import corpus
import tshark as runner

RAW_IP = 101
N_REQUESTS = 200000
MAX_EXTRA_KIB = 400 * 1024  # beside what tshark itself needs; a million findings and 65,536 endpoints and requests are the limits
READ_ERROR = (2, 14)  # before 4.6, and from then on
CLIENT, SERVER = 0xC0A80102, 0x0A000000


def header(link_type=RAW_IP):
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link_type)


def record(frame, packet):
    return struct.pack("<IIII", 1262304000 + frame // 1000, frame % 1000 * 1000, len(packet), len(packet)) + packet


def datagram(source, destination, payload):
    """An IPv4 packet; the ends are (address, port), checksums are absent."""
    length = 8 + len(payload)
    head = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + length, 0, 0, 64, 17, 0, source[0], destination[0])
    return head + struct.pack(">HHHH", source[1], destination[1], length, 0) + payload


def write(path, content):
    path.write_bytes(content)
    path.chmod(0o644)
    return path


def run(tshark, capture, *options):
    return tshark.call(*options, "-r", tshark.readable(capture), "-Y", "skypefp")


@pytest.mark.parametrize("name, content", [("empty", b""), ("half-header", header()[:11]), ("text", b"this is no capture\n" * 9)])
def test_no_capture(user, tmp_path, name, content):
    """One clear line that names the file, and its exit code, as without the plugin. An empty file has no frames and is none."""
    capture = write(tmp_path / f"{name}.pcap", content)
    process, without = run(user, capture), run(user, capture, "--disable-protocol", "skypefp")
    assert (process.returncode, process.stdout, process.stderr) == (without.returncode, without.stdout, without.stderr)
    assert 0 <= process.returncode <= corpus.MAX_EXIT


def test_header_only(user, tmp_path):
    assert user.read(write(tmp_path / "header.pcap", header()), "-Y", "skypefp") == ""


def test_truncated_in_every_record(user, tmp_path):
    """Cut inside of a record, the frames before it are marked all the same."""
    whole = (runner.TEST_CAPTURES / "udp-chain.pcap").read_bytes()
    for missing in (1, 17, 40):
        process = run(user, write(tmp_path / f"cut-{missing}.pcap", whole[:-missing]), "-2")
        assert process.returncode in READ_ERROR
        assert len(runner.complaints(process)) == 1 and "cut short" in process.stderr
        assert len(process.stdout.splitlines()) == 3


def test_payloads_of_every_small_length(user, tmp_path):
    """0 to 30 octets of each function, both ways."""
    frames = []
    for function in (0x02, 0x03, 0x05, 0x07, 0x0D, 0x0F, 0x35, 0x63):
        for length in range(31):
            payload = (bytes([0x92, 0x40, function, 1, 0, 0, 2]) + bytes(30))[:length]
            frames.append(datagram((CLIENT, 35990), (SERVER, 12345), payload))
            frames.append(datagram((SERVER, 12345), (CLIENT, 35990), payload))
    capture = write(tmp_path / "small.pcap", header() + b"".join(record(n, frame) for n, frame in enumerate(frames)))
    assert len(user.frames(capture, "udp")) == len(frames)
    assert user.frames(capture, two_pass=True) == []


def peak_kib(user, capture, *options):
    process, _, peak = user.measure("-n", "-r", capture, "-Y", "skypefp", *options)
    assert process.returncode == 0 and not runner.complaints(process)
    assert process.stdout == ""
    return peak


def test_unanswered_requests_are_bounded(user, tmp_path):
    """A scanner's requests, each to another host: nothing is marked, and memory stays in its limits."""
    request = bytes.fromhex("924002a16665ea0d8c82c30c27cdc5e74e78fea150a6")
    packets = (datagram((CLIENT, 35990), (SERVER + n, 12345), request) for n in range(N_REQUESTS))
    capture = user.readable(write(tmp_path / "scan.pcap", header() + b"".join(record(n, one) for n, one in enumerate(packets))))
    without = peak_kib(user, capture, "--disable-protocol", "skypefp")
    assert peak_kib(user, capture) < without + MAX_EXTRA_KIB
