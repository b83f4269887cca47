# SPDX-License-Identifier: GPL-2.0-or-later
"""The same marks and rules whatever reads the capture and however Wireshark is set; and on a live capture."""
import concurrent.futures
import os
import subprocess
import time

import pytest

import loopback
import sharkd
import tshark as runner

CAPTURES = ("udp-published-exchange", "udp-chain", "udp-nat-two-answerers", "udp-association", "udp-two-in-one-frame",
            "udp-port-53", "tcp-two-faces-and-echo", "tcp-fake-tls", "tcp-login-2015", "tcp-seed-generator")
CLAIMED = {  # captures in which "Decode As" gives the ports to another dissector
    "udp-chain": "udp.port==35990,dns", "udp-published-exchange": "udp.port==48915,dns",
    "tcp-two-faces-and-echo": "tcp.port==48915,tls", "tcp-seed-generator": "tcp.port==50026,http"}
FIELDS = ("frame.number", "skypefp.verdict", "skypefp.bits", "skypefp.rule", "skypefp.endpoint", "skypefp.inherited",
          "skypefp.proof", "tcp.stream")
VERDICTS = {"possible": runner.POSSIBLE, "likely": runner.LIKELY, "certain": runner.CERTAIN}
IGNORED = ("udp-chain", 3)      # the proof of the exchange
LIVE_SECONDS = {"user": 60 if os.environ.get("SKYPEFP_ALL") else 10, "root": 6}


def find_capture(name):
    return runner.TEST_CAPTURES / f"{name}.pcap"


def read_marks(tshark, name, two_pass=True, options=()):
    """Frame -> (verdicts, bits, rules, endpoints) of the marked frames."""
    return {int(row["frame.number"]): describe(row, runner.values)
            for row in tshark.marks(find_capture(name), two_pass, options, FIELDS)}


def describe(row, values):
    verdicts = [VERDICTS.get(verdict) or int(verdict) for verdict in values(row, "skypefp.verdict")]
    return (verdicts, *([*values(row, field)] for field in ("skypefp.bits", "skypefp.rule", "skypefp.endpoint")))


# ---- one pass, two passes, sharkd ----

@pytest.mark.parametrize("name", runner.sample(CAPTURES, 2))
def test_one_pass_marks_from_the_proof_on(tshark, name):
    """No frame before the proof; once an endpoint is marked, each of its datagrams and each segment with evidence.

    The proof itself may be marked late: a rule may need a later frame to be sure of an earlier one.
    """
    two_passes = tshark.marks(find_capture(name), True, fields=FIELDS)
    one_pass = read_marks(tshark, name, two_pass=False)
    assert one_pass and one_pass.keys() <= {int(row["frame.number"]) for row in two_passes}
    first = {endpoint: frame for frame, mark in sorted(one_pass.items(), reverse=True) for endpoint in mark[3]}
    for row in two_passes:
        frame, proof = int(row["frame.number"]), min(map(int, runner.values(row, "skypefp.proof")))
        rules = runner.values(row, "skypefp.rule")
        is_due = any(frame >= first.get(endpoint, frame + 1) for endpoint in runner.values(row, "skypefp.endpoint"))
        if frame < proof:
            assert frame not in one_pass
        elif is_due and (rules or not row["tcp.stream"]):
            assert frame in one_pass
        if frame in one_pass:       # what is learnt later may add to it
            assert set(one_pass[frame][2]) <= set(rules)


@pytest.mark.parametrize("name", runner.sample(CAPTURES, 2))
def test_sharkd_agrees_with_two_passes(tshark, name):
    rows = sharkd.read(tshark, [find_capture(name)], FIELDS, display_filter="skypefp")[find_capture(name)]
    assert isinstance(rows, list), rows
    found = {int(row["frame.number"]): describe(row, lambda row, field: row[field].split(",") if row[field] else [])
             for row in rows}
    assert found == read_marks(tshark, name)


# ---- another dissector, a packet that is left out, the protocol switched off ----

@pytest.mark.parametrize("name", CLAIMED)
@pytest.mark.parametrize("two_pass", (False, True))
def test_decode_as_keeps_the_marks(tshark, name, two_pass):
    assert read_marks(tshark, name, two_pass, ("-d", CLAIMED[name])) == read_marks(tshark, name, two_pass)


def test_without_the_proof_its_marks_are_gone(tshark, tmp_path):
    """What Ignore Packet does in the window (see test_gui.py), which tshark has not: the packet is cut out."""
    name, frame = IGNORED
    tmp_path.chmod(0o755)
    shorter = tmp_path / "shorter.pcap"
    subprocess.run(["editcap", find_capture(name), shorter, str(frame)], check=True)
    assert tshark.frames(find_capture(name), two_pass=True)
    assert tshark.frames(shorter, two_pass=True) == []


@pytest.mark.parametrize("two_pass", (False, True))
@pytest.mark.parametrize("name", ("udp-chain", "tcp-facade-501"))
def test_switched_off_and_on(tshark, name, two_pass):
    marks = read_marks(tshark, name, two_pass)
    assert marks
    assert read_marks(tshark, name, two_pass, ("--disable-protocol", "skypefp")) == {}
    assert read_marks(tshark, name, two_pass, ("--enable-protocol", "skypefp")) == marks


@pytest.mark.parametrize("name", ("udp-chain", "udp-association", "udp-port-53"))
def test_without_the_heuristic_the_postdissector_marks(tshark, name):
    """The heuristic is switched off by its own name; every datagram goes through the locator then."""
    assert read_marks(tshark, name, options=("--disable-heuristic", "skypefp_udp")) == read_marks(tshark, name)


# ---- live ----

def capture_live(tshark, port):
    """The marked rows of some seconds on the loopback interface, as they come.

    An ordinary user may not capture here: dumpcap does it as root and tshark reads its pipe while it grows.
    """
    wanted = [argument for field in FIELDS for argument in ("-e", field)]
    shown = ["-n", "-l", "-Y", "skypefp", "-T", "fields", "-E", "separator=/t", "-E", f"aggregator={runner.SEPARATOR}", *wanted]
    source = ["-i", "lo", "-f", f"port {port}", "-a", f"duration:{LIVE_SECONDS[tshark.who]}"]
    if tshark.who == "root":
        process = tshark.call(*source, *shown, timeout=120)
    else:
        with subprocess.Popen(["dumpcap", "-q", "-P", *source, "-w", "-"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as dumpcap:
            process = tshark.call("-i", "-", *shown, stdin=dumpcap.stdout, timeout=120)
    assert process.returncode == 0, process.stderr
    return [dict(zip(FIELDS, line.split("\t"))) for line in process.stdout.splitlines()]


def test_live_on_loopback(tshark):
    if os.geteuid() != 0:
        pytest.skip("only root may capture")
    if os.environ.get("SKYPEFP_TSHARK_PRELOAD"):
        pytest.skip("with the sanitizer's library tshark does not start its dumpcap, plugin or not")
    with loopback.node("--form", "bare", "--seed", 31) as port, concurrent.futures.ThreadPoolExecutor() as pool:
        live = pool.submit(capture_live, tshark, port)
        seed = 32
        while not live.done():
            loopback.node_client("--udp", f"{loopback.LOOPBACK}:{port}", "--count", 2, "--seed", seed)
            seed += 1
            time.sleep(0.2)
        rows = live.result()
    node = [row for row in rows if f"{loopback.LOOPBACK}:{port}" in runner.values(row, "skypefp.endpoint")]
    assert node and {row["skypefp.verdict"] for row in node} == {str(runner.CERTAIN)}
    assert {"udp.echo", "udp.reflect"} <= {rule for row in node for rule in runner.values(row, "skypefp.rule")}
    assert all(int(row["skypefp.proof"]) <= int(row["frame.number"]) for row in node)


def test_unjudged_conversation_is_noted_beside_the_layer(tshark, tmp_path):
    """The facade makes its endpoint suspected; the conversation with 13 octets of binary says too little to be judged."""
    capture = runner.TEST_CAPTURES / "tcp-garbage-13-bytes.pcap"
    notes = tshark.marks(capture, True, fields=("frame.number", "skypefp.tcp.unjudged"), display_filter="skypefp.tcp.unjudged")
    assert notes and {row["skypefp.tcp.unjudged"] for row in notes} == {"too short"}
    assert tshark.frames(capture, two_pass=True) == []
