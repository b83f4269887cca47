# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin beside other dissectors: theirs stay, ours stands before them; and what a user can switch off."""
import re

import pytest

import tshark as runner

OWNERS = {  # test capture -> the protocol that claims the port, if its dissector accepts the octets
    "udp-port-53.pcap": "dns", "udp-port-123.pcap": "ntp", "tcp-port-80.pcap": "http",
}
WITHOUT = ("--disable-protocol", "skypefp")
FIELDS = ("frame.number", "frame.protocols")
# The packet list itself: from 4.4 on, the fields _ws.col.* hold what stood in it before postdissectors.
COLUMNS = ("-T", "tabs", "-o", 'gui.column.format:"No.","%m","Protocol","%p","Info","%i"')


def columns(tshark, capture, *options):
    """Frame -> what stands in the columns Protocol and Info."""
    lines = tshark.read(capture, *options, *COLUMNS, two_pass=True).splitlines()
    return {int(frame): (protocol, info) for frame, protocol, info in (line.split("\t") for line in lines)}


def read(tshark, name, *options):
    """Frame -> its fields and columns, whether it is marked or not."""
    capture = runner.TEST_CAPTURES / name
    rows = {int(row["frame.number"]): row for row in tshark.marks(capture, True, options, FIELDS, "frame")}
    shown = columns(tshark, capture, *options)
    assert rows.keys() == shown.keys()
    return {frame: dict(zip(("protocol", "info"), shown[frame]), **row) for frame, row in rows.items()}


@pytest.mark.parametrize("name", runner.sample_sanitized(OWNERS, 4))
def test_their_dissection_stays(user, name):
    """The layers and the Info text of the others are the same with and without the plugin; ours come in addition."""
    with_it, without = read(user, name), read(user, name, *WITHOUT)
    owned = [frame for frame, row in without.items() if OWNERS[name] in row["frame.protocols"].split(":")]
    marked = set(user.frames(runner.TEST_CAPTURES / name, two_pass=True))
    assert owned and marked & set(owned)
    for frame in owned:
        layers = with_it[frame]["frame.protocols"].split(":")
        assert [layer for layer in layers if layer != "skypefp"] == without[frame]["frame.protocols"].split(":")
        assert with_it[frame]["info"].endswith(without[frame]["info"])
        if frame in marked:
            assert with_it[frame]["protocol"] == "SkypeFP"
            assert with_it[frame]["info"] != without[frame]["info"]
        else:
            assert with_it[frame] == without[frame]


@pytest.mark.parametrize("name", runner.sample_sanitized(["near-dns.pcap", "near-snmp.pcap", "near-tcp-tls.pcap", "near-tcp-real-404.pcap"], 4))
def test_what_is_unmarked_is_untouched(user, name):
    assert read(user, name) == read(user, name, *WITHOUT)


def test_real_dns_is_untouched(user, corpus):
    capture = corpus / "skype" / "skype-irc.cap"
    only_dns = ("-Y", "dns && !icmp")
    queries = columns(user, capture, *only_dns, *WITHOUT)
    assert len(queries) > 100
    assert columns(user, capture, *only_dns) == queries
    assert not user.frames(capture, "skypefp && dns", two_pass=True)


@pytest.mark.parametrize("two_pass", [False, True], ids=["one-pass", "two-passes"])
def test_disabled_protocol_says_nothing(user, two_pass):
    for name in ("udp-chain.pcap", "udp-port-53.pcap", "tcp-fake-tls.pcap"):
        assert user.frames(runner.TEST_CAPTURES / name, two_pass=two_pass)
        assert not user.frames(runner.TEST_CAPTURES / name, two_pass=two_pass, options=WITHOUT)


@pytest.mark.parametrize("name", runner.sample_sanitized(["udp-chain.pcap", "udp-port-53.pcap", "udp-vlan.pcap", "udp-icmp-errors.pcap"], 2))
def test_without_the_heuristic_the_postdissector_marks(user, name):
    """The same frames with the same evidence."""
    without = user.marks(runner.TEST_CAPTURES / name, True, ("--disable-heuristic", "skypefp_udp"))
    assert without and without == user.marks(runner.TEST_CAPTURES / name, True)


def test_fields_and_filters(user):
    capture = runner.TEST_CAPTURES / "udp-published-exchange.pcap"
    told = user.read(capture, "-Y", "skypefp", "-T", "fields", "-e", "skypefp.udp.reflected", two_pass=True).split("\n")
    assert told == ["", "192.168.0.19", "192.168.0.19", "192.168.0.19", ""]
    assert user.frames(capture, 'skypefp.verdict == "certain"', two_pass=True) == [1, 2, 3, 4]
    assert user.frames(capture, 'skypefp.rule == "udp.echo"', two_pass=True) == [2, 3, 4]
    assert user.frames(capture, "skypefp.bits == 35", two_pass=True) == [1, 2, 3, 4]
    assert user.frames(capture, "skypefp.udp.id == 0x9240 && skypefp.udp.request_in == 1", two_pass=True) == [2, 3, 4]


def test_faces_are_those_of_the_rules(user):
    """The description of skypefp.tcp.face lists each face once."""
    sources = (runner.REPOSITORY / "heuristics" / "signatures").glob("*.c")
    faces = {face for source in sources for face in re.findall(r'^ +\.face = "(.*)",$', source.read_text(encoding="utf-8"), re.MULTILINE)}
    line, = (line for line in user.text("-G", "fields").splitlines() if "\tskypefp.tcp.face\t" in line)
    listed = line.rsplit(": ", 1)[1].strip().split(", ")
    assert len(faces) > 8 and sorted(listed) == sorted(faces)


@pytest.mark.parametrize("name, has_steps", runner.sample_sanitized([
    ("udp-iv-two-pairs.pcap", True), ("tcp-seed-generator.pcap", True), ("tcp-clock-540.pcap", True),
    ("tcp-small-talk-and-clock.pcap", False), ("udp-keepalive.pcap", False), ("udp-skypeout.pcap", False)], 3))
def test_steps_are_of_the_generator(user, name, has_steps):
    """skypefp.udp.iv_step is on the frames of udp.iv and tcp.seed_generator alone: other rules count ticks, messages or datagrams."""
    def frames(display_filter):
        return user.frames(runner.TEST_CAPTURES / name, display_filter, True, ("-o", "skypefp.threshold:possible"))

    of_generator = frames('skypefp.rule == "udp.iv" || skypefp.rule == "tcp.seed_generator"')
    assert frames("skypefp.udp.iv_step > 0") == frames("skypefp.udp.iv_step") == of_generator
    assert bool(of_generator) == has_steps and frames("skypefp.rule") > []


@pytest.mark.parametrize("two_pass", [False, True])
def test_voice_of_a_gateway_has_no_fields(user, two_pass):
    """udp.skypeout judges by place, length and time; what a shape of Skype's would hold there is not shown."""
    path, options = runner.TEST_CAPTURES / "udp-skypeout.pcap", ("-o", "skypefp.threshold:possible")
    text = user.text(*(["-2"] if two_pass else []), "-r", path, *options, "-Y", "skypefp", "-V")
    assert text.count("Skype Fingerprint: possible, 3 bits, Voice, ") == 1 and "null" not in text
    assert not any(field in text for field in ("Transaction id", "Function:", "Contact:"))


@pytest.mark.parametrize("name", runner.sample_sanitized(["udp-published-exchange.pcap", "udp-chain.pcap", "udp-keepalive.pcap",
                                                          "tcp-fake-tls.pcap", "tcp-clock-540.pcap", "tcp-clock-120.pcap"], 3))
def test_the_sum_adds_up(user, name):
    """What the groups give, less the prior, is the number of bits: of association and of a proven host, too."""
    rows = user.marks(runner.TEST_CAPTURES / name, True, fields=("skypefp.bits", "skypefp.sum"))
    assert rows
    for row in rows:
        groups, prior, bits = re.fullmatch(r"(.+) - prior (\d+) = (-?\d+) bits: .+", row["skypefp.sum"]).groups()
        total = sum(int(group.rsplit(" ", 1)[1]) for group in groups.split(" + "))
        assert total - int(prior) == int(bits) == int(row["skypefp.bits"])


def test_threshold(user):
    """Half a proof is marked on request only, and a certain threshold leaves what is merely likely."""
    for name, marked in (("udp-nat-one-answerer.pcap", {"possible": True, "likely": False, "certain": False}),
                         ("tcp-nmap-skypev2.pcap", {"possible": True, "likely": True, "certain": False}),
                         ("udp-chain.pcap", {"possible": True, "likely": True, "certain": True})):
        for threshold, expected in marked.items():
            options = ("-o", f"skypefp.threshold:{threshold}")
            assert bool(user.frames(runner.TEST_CAPTURES / name, two_pass=True, options=options)) == expected, (name, threshold)
