# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables of contacts, hosts and endpoints: the same for tshark in one pass and in two, and for sharkd; and contacts on packets."""
import json
import random
import sys

import pytest
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.l2 import Dot1Q, Ether
from scapy.packet import Raw
from scapy.utils import rdpcap

import sharkd
import tshark as runner

sys.path.insert(0, str(runner.TEST_CAPTURES))
from capture_file import ETHERNET, NO_LIMIT, pcap  # noqa: E402  (in the folder above)

TABLES = {"skypefp,endpoints": "skypefp,window", "skypefp,hosts": "skypefp,hosts-window", "skypefp,contacts": "skypefp,contacts-window"}
CAPTURES = ("udp-chain", "udp-nat-two-answerers", "tcp-two-faces-and-echo", "tcp-seed-reuse-z01", "tcp-update-check", "tcp-four-services",
            "udp-vxlan", "udp-two-vlans", "near-dns")
A, B = ("192.168.1.2", 35990), ("198.51.100.7", 12345)
START_US = 1433160000 * 1000000     # 2015-06-01 12:00 UTC
KEEP_ALIVES, INTERVAL_US = 20, 10000000
DATA, DATA_LEN, SPACING_US = 120, 67, 30000


def datagram(numbers, sender, receiver, length):
    """Random octets with fn D, as on a direct path."""
    data = bytes([numbers.randrange(256), numbers.randrange(256), 0x0d | numbers.randrange(8) << 4]) + numbers.randbytes(length - 3)
    return bytes(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src=sender[0], dst=receiver[0]) /
                 UDP(sport=sender[1], dport=receiver[1]) / Raw(data))


def write(tmp_path_factory, name, records):
    """A capture of Ethernet frames that everybody may read."""
    folder = tmp_path_factory.mktemp(name)
    folder.chmod(0o755)
    path = folder / f"{name}.pcap"
    path.write_bytes(pcap(sorted(records), ETHERNET, NO_LIMIT))
    return path


def make_path(bursts):
    """Records of two endpoints that keep a path alive for more than three minutes; bursts of data: seconds from the start -> both ways?"""
    numbers, records = random.Random(2015), []
    for turn in range(KEEP_ALIVES):
        at = START_US + turn * INTERVAL_US
        records += [(at, datagram(numbers, A, B, 3), NO_LIMIT), (at + 3000000, datagram(numbers, B, A, 3), NO_LIMIT)]
    for second, is_mutual in bursts.items():
        for turn in range(DATA):
            at = START_US + second * 1000000 + turn * SPACING_US
            records.append((at, datagram(numbers, A, B, DATA_LEN), NO_LIMIT))
            if is_mutual:
                records.append((at + 10000, datagram(numbers, B, A, DATA_LEN), NO_LIMIT))
    return records


@pytest.fixture(scope="module")
def path_capture(tmp_path_factory):
    """They exchange data as a call does after two minutes."""
    return write(tmp_path_factory, "path", make_path({125: True}))


def rows(tshark, capture, table, two_pass=False):
    """Column title -> text, one dictionary a row."""
    lines = tshark.read(capture, "-q", "-n", "-z", table, two_pass=two_pass).splitlines()[4:-1]
    titles = [title for title in lines[0].split("  ") if title]
    cells = [[cell.strip() for cell in line.split("  ") if cell] for line in lines[1:]]
    assert all(len(row) == len(titles) for row in cells)
    return [dict(zip((title.strip() for title in titles), row)) for row in cells]


def window_rows(tshark, capture, table):
    """The same from sharkd."""
    requests = [sharkd.request("load", 1, file=str(tshark.readable(capture))), sharkd.request("tap", 2, tap0=f"nstat:{table}")]
    process = tshark.call("-", program="sharkd", stdin=None, input="\n".join(requests) + "\n")
    answer = next(found for found in map(json.loads, process.stdout.splitlines()) if found["id"] == 2)["result"]["taps"][0]
    titles = [field["c"] for field in answer["fields"]]
    shown = [["-" if cell in (None, "") else str(cell) for cell in row] for row in answer["tables"][0]["i"]]
    return [dict(zip(titles, row)) for row in shown]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", runner.sample(CAPTURES, 4))
def test_tables_are_the_same_for_all(user, name, table):
    capture = runner.TEST_CAPTURES / f"{name}.pcap"
    printed = rows(user, capture, table)
    assert printed == rows(user, capture, table, two_pass=True)

    def sorting(found):
        return sorted(sorted(row.items()) for row in found)
    assert sorting(window_rows(user, capture, TABLES[table])) == sorting(printed)


def test_an_endpoint_in_a_tunnel_is_listed_once(user):
    """Who answered there is the endpoint of the same network."""
    for options in ("", ",udp"):
        endpoints = rows(user, runner.TEST_CAPTURES / "udp-vxlan.pcap", f"skypefp,endpoints{options}")
        assert [(row["Service"], row["Endpoint"]) for row in endpoints] == \
            [("skype", "198.51.100.7:12345 (network 1)"), ("skype", "192.168.1.2:35990 (network 1)")]


def test_mpls_in_a_tunnel_is_in_the_tunnel(user, tmp_path_factory):
    """Wireshark 4.4 and later do not list the IP header after a label among the layers; it counts all the same."""
    records = []
    for at, sender, receiver, octets in ((0, A, B, "9b2c.02.12f0d792.5ee00100" + "00" * 7), (1, B, A, "9b2c.77.c0a80102.55aa12f0")):
        inner = IP(src=sender[0], dst=receiver[0]) / UDP(sport=sender[1], dport=receiver[1]) / Raw(bytes.fromhex(octets.replace(".", "")))
        label = Ether(src="02:00:00:00:00:03", dst="02:00:00:00:00:04", type=0x8847) / Raw(bytes.fromhex("00010140") + bytes(inner))
        outer = IP(src="203.0.113.1", dst="203.0.113.2") / UDP(sport=50000, dport=4789) / Raw(bytes.fromhex("0800000000000700") + bytes(label))
        records.append((START_US + at, bytes(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / outer), NO_LIMIT))
    path = write(tmp_path_factory, "mpls", records)
    assert [row["Endpoint"] for row in rows(user, path, "skypefp,endpoints")] == ["198.51.100.7:12345 (network 1)"]


def test_contact(user, path_capture):
    contact, = rows(user, path_capture, "skypefp,contacts")
    assert (contact["Verdict"], contact["Over"], contact["From"], contact["To"]) == ("certain", "UDP", "192.168.1.2:35990", "198.51.100.7:12345")
    assert (contact["First"], contact["Last"]) == ("2015-06-01T12:00:00.000000Z", "2015-06-01T12:03:13.000000Z")
    n_octets = 3 * KEEP_ALIVES + DATA * DATA_LEN
    for way in "><":
        assert [contact[f"{what} {way}"] for what in ("Packets", "Bytes", "Keep-alives")] == \
            [str(KEEP_ALIVES + DATA), str(n_octets), str(KEEP_ALIVES)]
    assert (contact["Every (s)"], contact["Longest gap (s)"], contact["Bursts"]) == ("10.000", "10.000", "1")
    assert contact["Consistent with"].startswith("call (")      # never claimed, and with its source
    assert (contact["First frame"], contact["Last frame"]) == ("1", str(2 * (KEEP_ALIVES + DATA)))


def test_each_kind_of_burst_is_named(user, tmp_path_factory):
    """Also one whose name is a part of another's."""
    contact, = rows(user, write(tmp_path_factory, "bursts", make_path({65: False, 125: True, 165: True})), "skypefp,contacts")
    source = "(Adami et al. 2009, section 3.1)"
    assert (contact["Bursts"], contact["Consistent with"]) == ("3", f"relayed call {source}, call {source}")


def test_services_are_those_of_the_network(user, tmp_path_factory):
    """One address and port in two VLANs: what answers in one says nothing of the other, and the table agrees with the report."""
    def tagged(frame, vlan):
        return bytes(Ether(src=frame.src, dst=frame.dst) / Dot1Q(vlan=vlan) / frame.payload)

    server, client = ("192.168.0.14", 48915), ("192.168.0.50", 50000)
    segments = ((client, server, "S", 0, 0, b""), (server, client, "SA", 0, 1, b""), (client, server, "A", 1, 1, b""),
                (server, client, "PA", 1, 1, b"220 FTP server ready\r\n"), (client, server, "PA", 1, 23, b"USER anonymous\r\n"))
    ftp = [Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src=src[0], dst=dst[0]) /
           TCP(sport=src[1], dport=dst[1], flags=flags, seq=seq, ack=ack) / Raw(data) for src, dst, flags, seq, ack, data in segments]
    facade = rdpcap(str(runner.TEST_CAPTURES / "tcp-facade-only.pcap"))
    records = [(START_US + 1000000 * n, tagged(frame, vlan), NO_LIMIT)
               for n, (frame, vlan) in enumerate([(frame, 10) for frame in ftp] + [(frame, 20) for frame in facade])]
    path = write(tmp_path_factory, "vlans", records)
    listed = {row["Endpoint"]: row["Service"] for row in rows(user, path, "skypefp,endpoints")}
    endpoint, = json.loads(user.read(path, "-q", "-z", "skypefp,report"))["endpoints"]
    assert listed == {"192.168.0.14:48915": "ftp", "192.168.0.14:48915 (network 1)": endpoint["service"]} and endpoint["service"] == "http"


def test_filter_selects_contacts(user, path_capture):
    assert len(rows(user, path_capture, "skypefp,contacts,ip.addr == 192.168.1.2")) == 1
    assert rows(user, path_capture, "skypefp,contacts,ip.addr == 192.0.2.1") == []


def test_filter_selects_contacts_by_both_ends(user, tmp_path_factory):
    """One packet of the client does not select all of its contacts."""
    other = ("203.0.113.5", 11766)
    records, numbers = make_path({}), random.Random(7)
    for turn in range(KEEP_ALIVES):
        at = START_US + turn * INTERVAL_US + 5000
        records += [(at, datagram(numbers, A, other, 3), NO_LIMIT), (at + 3000000, datagram(numbers, other, A, 3), NO_LIMIT)]
    path = write(tmp_path_factory, "two-peers", records)
    assert len(rows(user, path, "skypefp,contacts")) == 2
    assert [row["To"] for row in rows(user, path, "skypefp,contacts,udp.port == 11766")] == ["203.0.113.5:11766"]


def test_hosts_of_the_path(user, path_capture):
    hosts = rows(user, path_capture, "skypefp,hosts")
    assert {(host["Host"], host["Verdict"], host["Listens on"]) for host in hosts} == \
        {("192.168.1.2", "certain", "35990"), ("198.51.100.7", "certain", "12345")}


def test_initiators_are_hosts(user):
    """The port of a client's conversation is ephemeral: the table of endpoints has its host in its place."""
    endpoints = rows(user, runner.TEST_CAPTURES / "tcp-seed-reuse-z01.pcap", "skypefp,endpoints")
    client = next(row for row in endpoints if row["Endpoint"] == "192.168.1.2")
    assert (client["Service"], client["Rules"]) == ("skype", "began 1 TCP conversation")
    assert not any(row["Endpoint"].startswith("192.168.1.2:") for row in endpoints)


def test_software_is_a_host_without_a_verdict(user):
    hosts = rows(user, runner.TEST_CAPTURES / "tcp-update-check.pcap", "skypefp,hosts")
    assert {(host["Verdict"], host["Software"]) for host in hosts} == {("none", "host.update_check")}


@pytest.mark.parametrize("two_pass", (False, True), ids=("one-pass", "two-passes"))
def test_data_is_marked_and_shows_its_contact(user, path_capture, two_pass):
    """In two passes all of it; in one from the proof on."""
    everything = list(range(1, 2 * (KEEP_ALIVES + DATA) + 1))
    marked = user.frames(path_capture, "skypefp", two_pass)
    data = user.frames(path_capture, 'skypefp.udp.function == "data" && frame.len > 60', two_pass)
    assert marked == (everything if two_pass else everything[marked[0] - 1:]) and len(data) == 2 * DATA
    fields = ("skypefp.host", "skypefp.contact", "skypefp.contact.datagrams", "skypefp.contact.keepalives", "skypefp.contact.burst")
    row = user.marks(path_capture, two_pass, fields=fields, display_filter=f"frame.number == {data[-1]}")[0]
    assert row["skypefp.contact"] == "192.168.1.2:35990, 198.51.100.7:12345" and row["skypefp.host"] in (A[0], B[0])
    if two_pass:
        assert (row["skypefp.contact.datagrams"], row["skypefp.contact.keepalives"], row["skypefp.contact.burst"]) == \
            (str(2 * (KEEP_ALIVES + DATA)), str(2 * KEEP_ALIVES), "call")


def test_info_of_data(user, path_capture):
    lines = user.read(path_capture, "-T", "tabs", "-o", 'gui.column.format:"Info","%i"', two_pass=True).splitlines()
    assert set(lines) == {"Keep-alive", f"Data, {DATA_LEN} bytes"}
