# SPDX-License-Identifier: GPL-2.0-or-later
"""A sample of the captures of other protocols: nothing in them is marked, not even as possible. corpus-check reads them all."""
import pytest

import corpus as reader
import tshark as runner

# Names of protocols that a look-alike could hide in: the first files, by name, of each.
PROTOCOLS = ("quic", "dns", "snmp", "rtp", "stun", "radius", "ike", "ldap", "bittorrent", "tls", "skype", "http", "ntp",
             "dtls", "sip", "gtp", "ssh", "ftp", "dhcp", "kerberos", "capwap", "iax", "modbus", "fuzz", "malformed")
FILES_EACH = 2
EVERY = 200  # and every so many-th file, whatever it is


@pytest.fixture(scope="module")
def sample(corpus):
    if not (corpus / "other").is_dir():
        pytest.skip(f"no {corpus / 'other'}")
    captures = sorted(path for path in (corpus / "other").iterdir() if path.is_file())
    chosen = set(captures[::EVERY])
    for protocol in PROTOCOLS:
        named = [path for path in captures if protocol in path.name.lower()]
        assert named, protocol
        chosen.update(named[:FILES_EACH])
    return sorted(chosen)


def test_nothing_is_marked(user, sample):
    """At the lowest threshold, which marks all that the others do."""
    assert len(sample) >= 50
    assert not list(reader.check(user, sample, reader.EVERYTHING))


def test_the_reader_sees_marks(user):
    """The same way of reading does find Skype."""
    captures = [runner.TEST_CAPTURES / name for name in ("near-dns.pcap", "udp-chain.pcap", "near-stun.pcap", "udp-fragments.pcap")]
    problems = list(reader.check(user, captures))
    assert [problem.split(":")[0] for problem in problems] == ["udp-chain.pcap", "udp-fragments.pcap"]
