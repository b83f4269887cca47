# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark prints of the statistics for a telling choice of captures, freed from what may change: for the goldens.

A golden is one text a capture, in tests/plugin/goldens/. Versions are replaced; of the statistics tree, whose rates and widths differ from
one Wireshark to the next, item and count are kept.
"""
import json
import re

import tshark as runner

FOLDER = runner.REPOSITORY / "tests" / "plugin" / "goldens"
EMPTY = "empty"
EMPTY_CAPTURE = bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000")   # a pcap header, Ethernet, no packet
CAPTURES = (
    "udp-published-exchange",   # echo and reflect
    "udp-nat-two-answerers",    # the public address behind NAT
    "udp-nat-one-answerer",     # near miss: possible, no mark
    "udp-chain",                # resend, and a peer by association
    "udp-fragments-generator",  # fragments, with the generator
    "udp-one-way-client",       # requests only; the generator and the counter
    "udp-repeat",               # the CRC that returns
    "udp-ipv6-generator",       # IPv6
    "udp-vxlan",                # a tunnel
    "udp-port-53",              # another dissector's port
    "udp-keepalive",            # the rhythm of a direct path
    "udp-skypeout",             # a gateway to telephones: possible at most
    "tcp-four-services",        # FTP, HTTP, Skype and what does not say
    "tcp-two-faces-and-echo",   # TCP and UDP on one port
    "tcp-garbage-only",         # the binary answer without the bare 404
    "tcp-bare-form",            # the 14 and 4 octets
    "tcp-padding-run-5",        # padding alone
    "tcp-fake-tls",             # both hellos
    "tcp-login-2015",           # the login
    "tcp-seed-generator",       # a TCP seed of the UDP port's generator
    "tcp-small-talk-and-clock", # the middle of a conversation with a server, on a host unknown
    "tcp-clock-540",            # a clock on a host that is proven on UDP
    "tcp-presence",             # a host that asks conn.skype.com
    "tcp-update-check",         # a host with Skype software
    "near-tcp-multiplexer",     # near miss: one port for HTTP and TLS
    EMPTY,
)
HEAD = "# SPDX-License-Identifier: GPL-2.0-or-later\n"
TREE_ROW = re.compile(r"^( *\S.*?) {2,}(-?\d+)(?: .*)?$")


def path_of(name):
    return FOLDER / f"{name}.txt"


def capture_of(name, folder):
    """The capture of a golden; the empty one is written into the folder."""
    if name != EMPTY:
        return runner.TEST_CAPTURES / f"{name}.pcap"
    path = folder / f"{EMPTY}.pcap"
    path.write_bytes(EMPTY_CAPTURE)
    return path


def keep_counts(printed):
    """Item and count of the rows of a statistics tree."""
    rows = [TREE_ROW.match(line) for line in printed.splitlines()]
    return "".join(f"{row[1]:<40} {row[2]:>6}\n" for row in rows if row)


def drop_versions(printed):
    """The report in a layout of its own, since libraries differ in theirs, with versions replaced."""
    document = json.loads(printed)
    for name in ("plugin_version", "wireshark_version"):
        document[name] = "…"
    return json.dumps(document, indent=2, ensure_ascii=False)


STATISTICS = {"tree": keep_counts, "endpoints": str, "hosts": str, "contacts": str, "report": drop_versions}


def make(tshark, capture, two_pass):
    """The text of a golden."""
    parts = []
    for statistic, normalize in STATISTICS.items():
        printed = tshark.read(capture, "-n", "-q", "-z", f"skypefp,{statistic}", two_pass=two_pass)
        parts.append(f"--- skypefp,{statistic}\n{normalize(printed).strip()}\n")
    return HEAD + "\n".join(parts)
