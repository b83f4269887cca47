# SPDX-License-Identifier: GPL-2.0-or-later
"""The test node against Nmap, curl, nc and raw datagrams, the same probes against real servers, and what the plugin says."""
import concurrent.futures
import contextlib
import dataclasses
import pathlib
import socket
import struct
import subprocess

import pytest

import probes
import loopback
import tshark as runner
from loopback import BARE_404, LOOPBACK

# The request that the original observation published; any node refuses it, because it was made for another one.
REQUEST = bytes.fromhex("924002a16665ea0d8c82c30c27cdc5e74e78fea150a6")
PUBLIC = "86.128.245.115"
FAKE_HELLO = bytes.fromhex("8046010301002d0000001000000500000400000a0000090000640000620000080000030000060100800700c0030080"
                           "060040020080040080") + bytes(16)

NODES = {  # what each is started with; the numbers of two nodes must not come from one seed
    "facade": ("--form", "bare", "--seed", 11),
    "typed": ("--form", "bare", "--seed", 12),
    "old": ("--form", "bare", "--http", "501", "--seed", 13),
    "seed-reuse": ("--form", "seed-reuse", "--seed", 14),
    "padding-run": ("--form", "padding-run", "--seed", 15),
    "fake-tls": ("--form", "fake-tls", "--seed", 16),
    "udp": ("--form", "bare", "--seed", 17),
}
SCANNED = ("facade", "seed-reuse", "padding-run", "fake-tls")
FACADE = {"tcp.http_facade", "tcp.garbage_answer"}
PROOFS = {  # the verdict on each node, and rules that must be among its reasons
    "facade": (runner.LIKELY, FACADE),
    "typed": (runner.LIKELY, FACADE),
    "old": (runner.LIKELY, FACADE),
    "seed-reuse": (runner.CERTAIN, FACADE | {"tcp.seed_reuse"}),
    "padding-run": (runner.CERTAIN, FACADE | {"tcp.padding_run"}),
    "fake-tls": (runner.CERTAIN, FACADE | {"tcp.fake_tls_server"}),
    "udp": (runner.CERTAIN, {"udp.echo", "udp.reflect"}),
}
SERVERS = {
    "nginx": loopback.nginx,
    "apache": loopback.apache,
    "http.server": loopback.python_http,
    "vsftpd": loopback.vsftpd,
    "sshd": loopback.sshd,
    "dnsmasq": loopback.dnsmasq,
    "multiplexer": loopback.multiplexer,
}


# ---- probes ----

def probe_nodes(ports):
    probes.curl(ports["seed-reuse"])
    probes.type_slowly(ports["typed"], b"GET / HTTP/1.0\r\n\r\n")
    for name in ("typed", "padding-run", "old", "seed-reuse"):
        probes.netcat(ports[name])
    probes.curl(ports["old"])
    loopback.node_client("--form", "fake-tls", "--connect", f"{LOOPBACK}:{ports['fake-tls']}", "--seed", 21)
    loopback.node_client("--udp", f"{LOOPBACK}:{ports['udp']}", "--count", 6, "--seed", 22)
    probes.ask(ports["udp"], REQUEST, REQUEST, REQUEST)


def probe_server(port):
    probes.curl(port)
    probes.curl(port, "https")
    probes.netcat(port)
    probes.type_slowly(port, b"GET / HTTP/1.0\r\n\r\n")
    probes.ask(port, REQUEST, REQUEST, bytes.fromhex("124001000001000000000000076578616d706c6504746573740000010001"), timeout=0.3)


# ---- the scene: everything is started, probed and recorded once ----

@dataclasses.dataclass
class Scene:
    nodes: dict
    servers: dict
    missing: dict                # name of a server -> why it could not be started
    node_recording: pathlib.Path
    server_recording: pathlib.Path
    nodes_named: str = ""        # Nmap's words
    servers_named: str = ""


def start_servers(stack):
    running, missing = {}, {}
    for name, start in SERVERS.items():
        try:
            running[name] = stack.enter_context(start())
        except loopback.Unavailable as reason:
            missing[name] = str(reason)
    return running, missing


def play(scene):
    """Runs all probes at once: most of their time is waiting."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        nodes_named = pool.submit(probes.nmap, [scene.nodes[name] for name in SCANNED])
        servers_named = pool.submit(probes.nmap, scene.servers.values())
        for future in [pool.submit(probe_nodes, scene.nodes), *(pool.submit(probe_server, port) for port in scene.servers.values())]:
            future.result()
        scene.nodes_named, scene.servers_named = nodes_named.result(), servers_named.result()


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    with contextlib.ExitStack() as stack:
        try:
            nodes = {name: stack.enter_context(loopback.node("--idle", 200, *options)) for name, options in NODES.items()}
            scene = Scene(nodes, *start_servers(stack), folder / "nodes.pcap", folder / "servers.pcap")
            with loopback.recording(scene.node_recording, nodes.values()), \
                    loopback.recording(scene.server_recording, scene.servers.values()):
                play(scene)
        except loopback.Unavailable as reason:
            pytest.skip(str(reason))
        yield scene


def ports_of(row):
    return {int(port) for field in ("tcp.port", "udp.port") for port in runner.values(row, field)}


@pytest.fixture(scope="module")
def marked(tshark, scene):
    """marked(recording, port, two_pass): the marked rows of a recording with this port; each recording is read once a pass."""
    fields = runner.FIELDS + ("tcp.port", "udp.port", "udp.srcport", "skypefp.udp.reflected", "skypefp.udp.request_in")
    rows = {(recording, two_pass): tshark.marks(recording, two_pass, fields=fields)
            for recording in (scene.node_recording, scene.server_recording) for two_pass in (False, True)}
    return lambda recording, port, two_pass: [row for row in rows[recording, two_pass] if port in ports_of(row)]


# ---- what Nmap says ----

@pytest.mark.parametrize("name", SCANNED)
def test_nmap_names_the_node(scene, name):
    assert f"{scene.nodes[name]}/tcp open  skype2  Skype" in scene.nodes_named


def test_nmap_names_no_server(scene):
    assert all(f"{port}/tcp" in scene.servers_named for port in scene.servers.values())
    assert "skype2" not in scene.servers_named


# ---- what the plugin says ----

@pytest.mark.parametrize("name", NODES)
def test_node_is_proven(marked, scene, name):
    port = scene.nodes[name]
    verdict, rules = PROOFS[name]
    own = [row for row in marked(scene.node_recording, port, True) if row["skypefp.endpoint"] == f"{LOOPBACK}:{port}"]
    assert {row["skypefp.verdict"] for row in own} == {str(verdict)}
    assert rules <= {rule for row in own for rule in runner.values(row, "skypefp.rule")}


@pytest.mark.parametrize("name", NODES)
def test_one_pass_marks_from_the_proof_on(marked, scene, name):
    one, two = ({row["frame.number"] for row in marked(scene.node_recording, scene.nodes[name], two_pass)}
                for two_pass in (False, True))
    # The facade may come last: then it is its FIN that proves everything before, and no payload comes behind it.
    assert two and one <= two


def test_reflected_address_is_the_askers(marked, scene):
    port = scene.nodes["udp"]
    replies = [row for row in marked(scene.node_recording, port, True) if row["udp.srcport"] == str(port)]
    assert len(replies) == 10  # 6 acks and the NAK to the client, 3 NAKs of the published request
    assert {row["skypefp.udp.reflected"] for row in replies} == {LOOPBACK}
    assert all(row["skypefp.udp.request_in"] for row in replies)


def test_http_stays_http(tshark, scene):
    assert tshark.frames(scene.node_recording, f"http.response.code == 404 && tcp.port == {scene.nodes['seed-reuse']}")


@pytest.fixture(scope="module")
def talkative(tshark, scene):
    """The ports that have said something in the recording of the real servers."""
    rows = tshark.marks(scene.server_recording, fields=("tcp.srcport",), display_filter="tcp.len > 0")
    return {int(row["tcp.srcport"]) for row in rows}


@pytest.mark.parametrize("name", SERVERS)
def test_server_is_not_marked(marked, talkative, scene, name):
    if name in scene.missing:
        pytest.skip(scene.missing[name])
    assert scene.servers[name] in talkative
    assert [marked(scene.server_recording, scene.servers[name], two_pass) for two_pass in (False, True)] == [[], []]


# ---- the node itself, byte by byte ----

@contextlib.contextmanager
def connected(*options, said=b""):
    """A connection to a fresh node that has been told something."""
    with loopback.node("--idle", 200, *options) as port, socket.create_connection((LOOPBACK, port), timeout=2) as connection:
        connection.sendall(said)
        yield connection


def test_node_answers_the_request_line():
    with connected(said=b"GET / HTTP/1.1\r\n") as connection:  # no empty line: the request is not complete
        assert probes.receive(connection) == BARE_404


def test_node_waits_for_the_line_end():
    with connected("--http", "501", said=b"HEAD / HTTP/1.0") as connection:
        connection.settimeout(0.2)
        assert probes.receive(connection) == b""
        connection.sendall(b"\n")
        assert probes.receive(connection) == b"HTTP/1.0 501 Not Implemented\r\n\r\n"


def test_bare_form():
    with connected("--form", "bare", said=probes.GARBAGE) as connection:
        first = connection.recv(99)
        connection.sendall(b"more")
        second = connection.recv(99)
    assert (len(first), len(second)) == (14, 4)
    assert bytes(a ^ b ^ c for a, b, c in zip(first[4:8], second, b"\0\1\0\0"))[:2] == b"\x07\x01"


def is_run(padding):
    return all((0xCD * a + 0x71) % 256 == b for a, b in zip(padding, padding[1:]))


@pytest.mark.parametrize("form", ["seed-reuse", "fake-tls"])
def test_seed_reuse_form(form):
    with connected("--form", form, said=probes.GARBAGE) as connection:
        said = probes.receive(connection)
    plain = bytes(a ^ b ^ c for a, b, c in zip(said[4:14], said[14:24], b"\0\1\0\0\0\1\0\0\0\3"))
    assert len(said) == 37 and is_run(plain[2:])


def test_padding_run_form():
    with connected("--form", "padding-run", said=probes.GARBAGE) as connection:
        said = probes.receive(connection)
    assert len(said) == 98 and is_run(said[48:]) and not is_run(said[:48])


def test_fake_tls_form():
    with connected("--form", "fake-tls", said=FAKE_HELLO) as connection:
        said = probes.receive(connection)
    assert len(said) == 79 and said.startswith(bytes.fromhex("160301004a020000460301401be486")) and said.endswith(b"\x58\0\5\0")


@pytest.mark.parametrize("public", [None, PUBLIC])
def test_refusal_and_resend(public):
    with loopback.node(*(["--public-address", public] if public else [])) as port:
        nak, = probes.ask(port, REQUEST)
        resend = REQUEST[:2] + b"\x33\1" + nak[7:] + socket.inet_aton(LOOPBACK) + REQUEST[7:11] + REQUEST[11:]
        answers = probes.ask(port, REQUEST, resend, REQUEST, b"ab\1" + REQUEST[3:], REQUEST[:17], timeout=0.3)
    assert [answer and answer[2] & 0x8F for answer in answers] == [7, 5, 5, None, None]
    assert all(answer[:2] == REQUEST[:2] and answer[3:7] == socket.inet_aton(public or LOOPBACK) for answer in answers[:3])


def test_client_draws_from_the_generator():
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind((LOOPBACK, 0))
        loopback.node_client("--udp", f"{LOOPBACK}:{udp.getsockname()[1]}", "--count", 2)
        payloads = [udp.recv(4096) for _ in range(4)]  # each message twice, for want of an answer
    (iv, *later), crcs = zip(*(struct.unpack(">II", payload[3:11]) for payload in payloads))
    assert crcs[0] == crcs[1] != crcs[2] == crcs[3]
    for value in later:
        steps = 0
        while iv != value and steps < 16:
            iv, steps = (iv * 0x10DCD + 0x4271) % 2**32, steps + 1
        assert iv == value


def test_node_says_what_is_wrong():
    for options in (["--form", "x"], ["--udp", "nowhere"], ["--port", "70000"], ["more"]):
        process = subprocess.run([loopback.NODE, *options], capture_output=True, text=True, check=False, timeout=5)
        assert process.returncode == 2 and process.stderr.count("\n") == 1
