# SPDX-License-Identifier: GPL-2.0-or-later
"""What must be marked in a capture, and nothing else: the lists beside the captures, in one form."""
import csv
import dataclasses
import ipaddress
import re

import expected as bundled
import tshark as runner

FIELDS = (*bundled.FIELDS, "udp.srcport", "udp.dstport", "icmp.type", "icmpv6.type")


@dataclasses.dataclass
class Expected:
    """What a capture's list says."""
    datagrams: set = dataclasses.field(default_factory=set)     # frames
    open_datagrams: set = dataclasses.field(default_factory=set)    # may be marked or not
    streams: set = dataclasses.field(default_factory=set)       # names, as bundled.name_streams gives them
    endpoints: dict = dataclasses.field(default_factory=dict)   # name -> verdict, from possible up
    open_endpoints: object = frozenset()                        # others may be marked too; None: any
    evidence: set = dataclasses.field(default_factory=set)      # (frame or stream, rule) that must be there
    absent: object = frozenset()                                # rules that must fire nowhere; None: all, but on what is listed


@dataclasses.dataclass
class Client:
    """A real capture: the port of its one client, its lists, and which of its datagrams are left open."""
    endpoint: str
    streams: str = ""
    exchanges: str = ""
    open_datagrams: tuple = ()


CLIENTS = {
    "skype-irc.cap": Client("192.168.1.2:35990", "skype-irc.tcp.tsv", "skype-irc.exchanges.tsv"),
    "skype-2015.pcap": Client("192.168.1.34:13021", "skype-2015.tcp.tsv"),
    "skype-one-way.pcap": Client("", open_datagrams=(4, 5)),    # retransmissions of whoever it is; two other payloads
}


def end_name(row, side, transport):
    """Address and port of one side ("src" or "dst") of a packet, the innermost one of a tunnel."""
    port = bundled.values(row, f"{transport}.{side}port")
    address = bundled.values(row, f"ipv6.{side}") or bundled.values(row, f"ip.{side}")
    return name_end(address[-1], port[-1]) if address and port else ""


def name_end(address, port):
    parsed = ipaddress.ip_address(address)
    return f"[{parsed}]:{port}" if parsed.version == 6 else f"{parsed}:{port}"


def ends(row):
    """The names of both ends of a packet, its sender's first."""
    transport = "tcp" if row["tcp.stream"] else "udp"
    return tuple(end_name(row, side, transport) for side in ("src", "dst"))


def is_datagram(row):
    """A datagram of its own, not one that an ICMP error quotes."""
    return bool(row["udp.srcport"]) and not row["tcp.stream"] and not row["icmp.type"] and not row["icmpv6.type"]


def expect_nothing():
    return Expected(absent=None)


def read_list(folder, name):
    if not name:
        return []
    with open(folder / name, encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def expect_client(folder, name, rows):
    """The lists of a real capture name its client's port and the frames or streams."""
    client = CLIENTS[name]
    expected = Expected(open_datagrams=set(client.open_datagrams), absent=None)
    involved = set()
    for row in filter(is_datagram, rows):
        if client.endpoint in (*ends(row), ""):
            if int(row["frame.number"]) not in expected.open_datagrams:
                expected.datagrams.add(int(row["frame.number"]))
            involved.update(ends(row))
    names = {frozenset(name.split("#")[0].split(">")): name for name in bundled.name_streams(rows).values()}
    for row in read_list(folder, client.streams):
        name = names[frozenset((row["endpoint_a"], row["endpoint_b"]))]     # tcp.stream is not the same in every Wireshark
        expected.streams.add(name)
        expected.evidence.update((name, f"tcp.{rule}") for rule in re.findall(r"(\w+)@", row["markers (rule@first frame)"]))
        involved.update((row["endpoint_a"], row["endpoint_b"]))
    for row in read_list(folder, client.exchanges):
        expected.evidence.update((int(row["reply"]), rule) for rule in ("udp.echo", "udp.reflect"))
        if row["resend"].isdigit():
            expected.evidence.add((int(row["resend"]), "udp.resend"))
    if client.endpoint:
        expected.endpoints[client.endpoint] = runner.CERTAIN
    expected.open_endpoints = involved
    return expected


def expect_made(name):
    """The line of test-captures/expected.tsv."""
    line = bundled.EXPECTED[name]
    return Expected(datagrams=set(line.marked), streams=set(line.streams), endpoints=dict(line.endpoints),
                    open_endpoints=None if line.is_open else frozenset(), evidence=line.evidence | line.stream_evidence,
                    absent=line.absent)


def captures_of(folder):
    """The captures of a folder, lists and texts aside."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix not in (".tsv", ".md", ".py"))
