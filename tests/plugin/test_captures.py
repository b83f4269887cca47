# SPDX-License-Identifier: GPL-2.0-or-later
"""Every capture of test-captures against expected.tsv, in two passes and a part of them in one (all with ./run test --all)."""
import subprocess
import sys

import pytest

import rules as rule_list
import sharkd
import tshark as runner
from expected import EVERYTHING, EXPECTED, FIELDS, is_marked, name_streams, rules, values, verdicts

# What an endpoint's evidence holds beside what its packets show.
NOT_IN_PACKETS = {"endpoint.peer", "host.presence", "host.proven", "host.update_check"}
ROOT_SAMPLE = ("udp-published-exchange.pcap", "udp-nat-two-answerers.pcap", "udp-chain.pcap", "udp-fragments.pcap",
               "udp-iv-two-pairs.pcap", "udp-repeat.pcap", "udp-vlan.pcap", "udp-port-53.pcap", "udp-pcapng.pcapng", "near-dns.pcap",
               "near-radius.pcap", "tcp-nmap-skypev2.pcap", "tcp-seed-reuse-z01.pcap", "tcp-fake-tls.pcap", "near-tcp-tls.pcap")
# What is read in two passes: everything; under sanitizers, which are several times slower, a third.
SEEN = sorted({*runner.sample_sanitized(sorted(EXPECTED), 3), *ROOT_SAMPLE})
# Marks that rest on frames which are not marked.
EXPORTED = ("tcp-nmap-skypev2.pcap", "tcp-telnet-sessions.pcap", "tcp-two-faces-ipv6.pcap", "tcp-login-2015.pcap",
            "tcp-byte-by-byte.pcap", "tcp-fake-tls.pcap", "udp-nat-two-answerers.pcap",
            "udp-fragments.pcap", "udp-chain.pcap")


def differences(expected, rows):
    """What two passes say differently, as short texts; rows: all frames, everything from possible up."""
    names = name_streams(rows)
    datagrams = [row for row in rows if not row["tcp.stream"]]
    marked = [int(row["frame.number"]) for row in datagrams if is_marked(row)]
    if marked != expected.marked:
        yield f"marked {runner.format_ranges(marked)}, expected {runner.format_ranges(expected.marked)}"
    streams = {names[row["tcp.stream"]] for row in rows if row["tcp.stream"] and is_marked(row)}
    if streams != expected.streams:
        yield f"streams marked {streams}, expected {expected.streams}"
    evidence = {(int(row["frame.number"]), rule) for row in datagrams for rule in rules(row)}
    for frame, rule in sorted(expected.evidence - evidence):
        yield f"{rule} is missing on frame {frame}"
    in_streams = {(names[row["tcp.stream"]], rule) for row in rows if row["tcp.stream"] for rule in rules(row)}
    for stream, rule in sorted(expected.stream_evidence - in_streams):
        yield f"{rule} is missing in {stream}"
    for rule in sorted(expected.absent & set().union(*map(rules, rows))):
        yield f"{rule} fires"
    yield from endpoint_differences(expected, rows)


def endpoint_differences(expected, rows):
    shown = {}
    for row in rows:
        for endpoint, verdict in zip(values(row, "skypefp.endpoint"), verdicts(row)):
            shown[endpoint] = max(shown.get(endpoint, 0), verdict)
    for endpoint, verdict in shown.items():
        if verdict != expected.endpoints.get(endpoint, verdict if expected.is_open else runner.NONE):
            yield f"{endpoint} is {verdict}"
    # A packet names the stronger one of its endpoints: one that is never named speaks only with stronger ones.
    strongest = max(shown.values(), default=runner.NONE)
    for endpoint, verdict in expected.endpoints.items():
        if endpoint not in shown and verdict >= strongest:
            yield f"{endpoint} has no verdict"
    for endpoint, rule in sorted(expected.endpoint_rules):
        if rule not in NOT_IN_PACKETS and not any(
                endpoint in values(row, "skypefp.endpoint") and rule in rules(row) for row in rows):
            yield f"{rule} is missing in the evidence of {endpoint}"


def one_pass_differences(rows, frames):
    """One pass marks part of what two passes mark, from the first evidence on."""
    in_two_passes = [int(row["frame.number"]) for row in rows if is_marked(row)]
    with_evidence = [int(row["frame.number"]) for row in rows if rules(row)]
    if not set(frames) <= set(in_two_passes):
        yield f"one pass marks {runner.format_ranges(frames)}, two passes {runner.format_ranges(in_two_passes)}"
    if frames and frames[0] < min(with_evidence, default=frames[0] + 1):
        yield f"one pass marks frame {frames[0]} before any evidence"
    if in_two_passes and not frames and not any(row["tcp.stream"] for row in rows):
        yield "one pass marks nothing"  # the datagram that completes the proof is marked at once


def read_two_passes(tshark, names):
    """Name -> all frames of the capture in two passes, everything from possible up."""
    found = sharkd.read(tshark, [runner.TEST_CAPTURES / name for name in names], FIELDS, EVERYTHING)
    return {capture.name: rows for capture, rows in found.items()}


def compare(two_passes, name):
    rows = two_passes[name]
    assert rows and not isinstance(rows, str), rows
    problems = list(differences(EXPECTED[name], rows))
    assert not problems, "; ".join(problems)


def compare_one_pass(tshark, two_passes, name):
    problems = list(one_pass_differences(two_passes[name], tshark.frames(runner.TEST_CAPTURES / name)))
    assert not problems, "; ".join(problems)


@pytest.fixture(scope="session")
def user_two_passes(user):
    return read_two_passes(user, SEEN)


@pytest.fixture(scope="session")
def root_two_passes(root):
    return read_two_passes(root, ROOT_SAMPLE)


@pytest.mark.parametrize("name", SEEN)
def test_capture(user_two_passes, name):
    compare(user_two_passes, name)


@pytest.mark.parametrize("name", runner.sample(SEEN, 8))
def test_one_pass(user, user_two_passes, name):
    compare_one_pass(user, user_two_passes, name)


@pytest.mark.parametrize("name", ROOT_SAMPLE)
def test_capture_as_root(root_two_passes, name):
    compare(root_two_passes, name)


@pytest.mark.parametrize("name", runner.sample(ROOT_SAMPLE, 4))
def test_one_pass_as_root(root, root_two_passes, name):
    compare_one_pass(root, root_two_passes, name)


@pytest.mark.parametrize("name", runner.sample_sanitized(ROOT_SAMPLE, 4))
def test_tshark_in_two_passes(user, user_two_passes, name):
    """What sharkd shows is what tshark -2 prints."""
    marked = [int(row["frame.number"]) for row in user_two_passes[name] if is_marked(row)]
    assert user.frames(runner.TEST_CAPTURES / name, two_pass=True) == marked


@pytest.fixture(scope="session")
def exporting(user):
    """tshark, if it takes along what a frame depends on at all: not since 4.4, whatever the protocol."""
    answer = user.export(runner.TEST_CAPTURES / "tcp-nmap-skypev2.pcap", "http.response")
    if len(user.frames(answer, "frame")) < 2:  # the segment that the answer was put together from is missing
        pytest.skip("this tshark saves no frames that others depend on")
    return user


@pytest.mark.parametrize("name", runner.sample(EXPORTED, 4 if runner.is_sanitized() else 2))
def test_exported_marks_prove_themselves(exporting, name):
    """A capture of the marked frames holds what the marks rest on: handshakes and ends, requests, the other frame of a rule."""
    fields = ("skypefp.verdict", "skypefp.bits", "skypefp.rule", "skypefp.endpoint")
    exported = exporting.export(runner.TEST_CAPTURES / name)
    marks = exporting.marks(runner.TEST_CAPTURES / name, True, fields=fields)
    assert marks and exporting.marks(exported, True, fields=fields) == marks


def test_captures_are_what_their_program_writes():
    check = subprocess.run([sys.executable, runner.TEST_CAPTURES / "make.py", "--check"], capture_output=True, text=True,
                           check=False)
    assert check.returncode == 0, check.stderr


def test_every_rule_fires_in_a_capture():
    fired = {rule for line in EXPECTED.values() for _, rule in line.evidence | line.stream_evidence | line.endpoint_rules}
    assert fired == set(rule_list.read())


def test_every_capture_is_expected():
    assert {path.name for path in runner.TEST_CAPTURES.glob("*.pcap*")} == set(EXPECTED)
