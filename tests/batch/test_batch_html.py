# SPDX-License-Identifier: GPL-2.0-or-later
"""The HTML page: complete in itself, well-formed whatever a file is called, and with the facts, sums and bytes of the report."""
import hashlib
import json
import random
import re
import struct
import xml.etree.ElementTree

import pytest

import tshark as runner
from batches import CLEAN, CLEAN_EXIT, FINDINGS, FOUND, LIKELY, USAGE, batch  # noqa: F401

VOID = {"meta"}
SVG = {"svg", "rect", "text", "line", "circle"}
ELEMENTS = {"html", "head", "meta", "title", "style", "body", "section", "h1", "h2", "h3", "h4", "p", "a", "table", "thead", "tbody", "tr",
            "th", "td", "div", "strong", "code", "pre", "mark", "ul", "li", "dl", "dt", "dd", "footer"} | SVG


def parse(text):
    """The page as a tree. It is XML as well as HTML, so that whatever was not escaped would show; what HTML asks for is checked."""
    assert text.startswith("<!DOCTYPE html>\n<html lang=\"en\">")
    root = xml.etree.ElementTree.fromstring(text.split("\n", 1)[1])
    assert {element.tag for element in root.iter()} <= ELEMENTS
    for tag in re.findall(r"<([a-z0-9]+)[^>]*/>", text):
        assert tag in VOID, f"<{tag}/> is open in HTML"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        assert not {"src", "onload", "onclick"} & set(element.keys())
        link = element.get("href")
        assert link is None or (link[0] == "#" and link[1:] in ids)
    style = root.find("head/style").text
    assert not re.search(r"url\(|@import|[<>&]", style)
    for table in root.iter("table"):
        assert len({len(row) for row in table.iter("tr")}) == 1
    return root


def page(batch, *captures, code=FINDINGS):  # noqa: F811
    process = batch.call("--quiet", "--format", "html", *captures)
    assert (process.returncode, process.stderr) == (code, "")
    return parse(process.stdout)


def text_of(element):
    return "".join(element.itertext())


def facts(section):
    table = next(table for table in section.iter("table") if table.get("class") == "facts")
    return {row[0].text: row[1].text for row in table}


def proofs(section):
    """Rule -> (text, marked bytes of its first dump)."""
    found = {}
    for proof in section.iter("div"):
        mark = proof.find("pre/code/mark")
        found[proof.find("p/code").text] = text_of(proof), text_of(mark).split() if mark is not None else []
    return found


def test_page_has_the_facts(batch):  # noqa: F811
    root = page(batch, FOUND)
    section = root.find("body/section[@class='capture']")
    found = facts(section)
    assert found["SHA-256"] == hashlib.sha256(FOUND.read_bytes()).hexdigest()
    assert (found["File"], found["Size"]) == (str(FOUND), f"{FOUND.stat().st_size} bytes")
    assert found["First packet (UTC)"] == "2010-01-01T00:00:00.000000Z" and found["Packets"] == "4"
    answer = next(p.text for p in section.iter("p") if p.get("class") == "answer")
    assert answer.startswith("This capture certainly contains peer-to-peer Skype. Senders: 1 certain")
    assert str(FOUND) in text_of(root.find("body/footer"))
    assert len(list(section.iter("svg"))) == 2


def test_sum_and_bytes_are_shown(batch):  # noqa: F811
    """The asker's address 192.168.0.19 is what udp.reflect proves."""
    section = page(batch, FOUND).find("body/section[@class='capture']")
    sums = [text_of(p) for p in section.iter("p") if p.get("class") == "sum"]
    assert sums == ["16 (header) + 32 (address) \u2212 13 (before any evidence) = 35 bits: certain"]
    text, marked = proofs(section)["udp.reflect"]
    assert marked == ["c0", "a8", "00", "13"] and "First shown in packet 2 at 2010-01-01T00:00:00" in text


def test_keystream_cancels_on_the_page(batch, corpus):  # noqa: F811
    """Each marked byte of the result is 0xCD times the one before it, plus 0x71."""
    path = batch.copy(corpus / "skype" / "skype-irc.cap", "irc.cap")
    tables = [table for table in page(batch, path).iter("table") if table.get("class") == "xor"]
    assert tables
    for table in tables:
        one, two, plain = ([int(byte, 16) for byte in text_of(row[1]).split()] for row in table)
        assert [a ^ b ^ c for a, b, c in zip(one, two, [0, 1, 0, 0, 0, 1, 0, 0, 0])] == plain
        assert all((0xCD * a + 0x71) % 256 == b for a, b in zip(plain[2:], plain[3:]))
        assert len(text_of(table[2].find("td/code/mark")).split()) == 7


def test_many_captures_have_a_list(batch):  # noqa: F811
    root = page(batch, FOUND, CLEAN, LIKELY)
    rows = root.findall("body/table/tbody/tr")
    assert [row.find("td/a").text for row in rows] == sorted(map(str, (FOUND, CLEAN, LIKELY)))
    assert "3 captures: peer-to-peer Skype is certain or likely in 2 of them." in text_of(root)
    assert len(root.findall("body/section[@class='capture']")) == 3


def test_what_was_cut_is_said(batch):  # noqa: F811
    path = batch.make("html-cut.pcap", FOUND.read_bytes()[:-5])
    process = batch.call("--quiet", "--format", "html", path)
    assert "cut short" in facts(parse(process.stdout).find("body/section"))["Read to its end"]
    process = batch.call("--quiet", "--format", "html", batch.make("html-none.pcap", b"none"))
    assert "could not be examined" in text_of(parse(process.stdout))


@pytest.mark.parametrize("name", ["<script>alert(1)<!--.pcap", "a&amp;b\"'.pcap", "]]>.pcap", "</title></style>.pcap", "ümläut-\u202e.pcap"])
def test_hostile_names_stay_text(batch, name):  # noqa: F811
    path = batch.make("hostile-html/" + name.replace("/", "_"), FOUND.read_bytes())
    expected = batch.lines(path)[0]["file"]["name"]
    root = page(batch, path)
    assert root.find("body/section/h2").text == expected and not list(root.iter("script"))


NEAR = runner.TEST_CAPTURES / "near-unistim.pcap"
CALL = runner.TEST_CAPTURES / "udp-call.pcap"


def near_misses(root):
    """Rows of the table: rule, what failed, transport, source, destination, packet, time, how often. None: the page has no such table."""
    section = root.find("body/section[@class='capture']")
    if "Near misses" not in [heading.text for heading in section.iter("h3")]:
        return None
    return [[cell.text for cell in row] for table in section.iter("table") if table.findtext("thead/tr/th") == "Rule"
            for row in table.findall("tbody/tr")]


@pytest.mark.parametrize("engine", ["direct", "lean", "tshark"])
def test_near_misses_on_request(batch, engine):  # noqa: F811
    """What failed, and where; not a word of it without the option."""
    options = ["--engine", engine, "--near-misses"]
    line, = batch.lines(*options, NEAR)
    assert line["near_misses"] and line["unlisted_near_misses"] == 0 and "near_misses" not in batch.lines("--engine", engine, NEAR)[0]
    rows = near_misses(page(batch, *options, NEAR, code=CLEAN_EXIT))
    assert rows == [[miss["rule"], miss["condition"], miss["transport"].upper(), *(f"{end['address']}:{end['port']}" for end in
                     (miss["source"], miss["destination"])), str(miss["first_frame"]), miss["first_time"], str(miss["times"])]
                    for miss in line["near_misses"]]
    assert near_misses(page(batch, "--engine", engine, NEAR, code=CLEAN_EXIT)) is None
    assert line == {**batch.lines("--near-misses", NEAR)[0], "engine": line["engine"], "wireshark_version": line["wireshark_version"]}


def test_near_misses_of_tshark_and_of_resumed_reports(batch):  # noqa: F811
    expected = near_misses(page(batch, "--near-misses", NEAR, code=CLEAN_EXIT))
    for preference, rows in (("TRUE", expected), ("FALSE", None)):
        process = batch.tshark.call("-q", "-o", f"skypefp.near_misses:{preference}", "-r", batch.tshark.readable(NEAR), "-z", "skypefp,html")
        assert near_misses(parse(process.stdout)) == rows
    batch.call("-q", "-f", "jsonl", "-o", "near.jsonl", NEAR)
    assert near_misses(page(batch, "--resume", "near.jsonl", "--near-misses", NEAR, code=CLEAN_EXIT)) == expected


def test_nothing_near_is_said(batch):  # noqa: F811
    section = page(batch, "--near-misses", CLEAN, code=CLEAN_EXIT).find("body/section[@class='capture']")
    assert "Nothing came close to a rule" in text_of(section)


def make_pcapng(*interfaces, order="<"):
    """Frames of the published exchange on interfaces: (options of its block, numbers of the frames, octets kept of each)."""
    def block(number, body):
        body += bytes(-len(body) % 4)
        return struct.pack(order + "II", number, len(body) + 12) + body + struct.pack(order + "I", len(body) + 12)

    def option(code, value):
        return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)
    frames, octets, at = [], FOUND.read_bytes(), 24
    while at < len(octets):
        seconds, microseconds, captured, on_wire = struct.unpack("<IIII", octets[at:at + 16])
        frames.append((seconds * 1000000 + microseconds, octets[at + 16:at + 16 + captured], on_wire))
        at += 16 + captured
    blocks = [block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))]
    for options, _, _ in interfaces:
        ended = b"".join(option(code, value) for code, value in options) + (option(0, b"") if options else b"")
        blocks.append(block(1, struct.pack(order + "HHI", 1, 0, 0) + ended))
    owner = {number: (i, kept) for i, (_, numbers, kept) in enumerate(interfaces) for number in numbers}
    for number, (time, data, on_wire) in enumerate(frames, 1):
        i, kept = owner[number]
        blocks.append(block(6, struct.pack(order + "IIIII", i, time >> 32, time & 0xFFFFFFFF, len(data[:kept]), on_wire) + data[:kept]))
    return b"".join(blocks)


@pytest.mark.parametrize("engine", ["direct", "lean", "tshark"])
@pytest.mark.parametrize("order", "<>")
def test_interfaces_and_cut_packets(batch, engine, order):  # noqa: F811
    """Names, descriptions, hardware; none; hostile ones. What is cut is counted. All engines say the same."""
    path = batch.make("interfaces.pcapng", make_pcapng(
        ([(2, b"eth<0>&")], [1], None), ([(3, "käse".encode())], [2], None), ([(15, b"card"), (2, b"")], [], None), ([], [3, 4], 55), order=order))
    capture = batch.lines("--engine", engine, path)[0]["capture"]
    expected = [(None, 2), ("eth<0>&", 1), ("k\u00e4se", 1)]
    assert [(row["name"], row["frames"]) for row in capture["interfaces"]] == expected and capture["cut_frames"] == 2
    assert {row["link_type"] for row in capture["interfaces"]} == {"Ethernet"}
    found = facts(page(batch, "--engine", engine, path, code=FINDINGS).find("body/section[@class='capture']"))
    assert found["Interfaces"] == "name unknown: Ethernet, 2 packets; eth<0>&: Ethernet, 1 packet; k\u00e4se: Ethernet, 1 packet"
    assert found["Packets captured in part"] == "2"


def lanes(section):
    """Class -> rectangles (x, width) of the first drawing, in its order."""
    found = {}
    for rectangle in section.find("svg").iter("rect"):
        found.setdefault(rectangle.get("class"), []).append((int(rectangle.get("x")), int(rectangle.get("width"))))
    return found


def test_activity_is_drawn_where_it_was(batch):  # noqa: F811
    """A contact of 1,000 s in a capture of 10,000 s: the overview shows which tenth, the lane the moments with messages in it."""
    head, octets = FOUND.read_bytes()[:24], FOUND.read_bytes()[24:]
    frames, at = [], 0
    while at < len(octets):
        captured, = struct.unpack("<I", octets[at + 8:at + 12])
        frames.append(octets[at:at + 16 + captured])
        at += 16 + captured
    clean = CLEAN.read_bytes()[24:]
    other = clean[:16 + struct.unpack("<I", clean[8:12])[0]]

    def at_time(frame, seconds):
        return struct.pack("<II", 1262304000 + seconds, 0) + frame[8:]
    path = batch.make("activity.pcap", head + at_time(other, 0) + b"".join(at_time(frame, 5000) for frame in frames[:2])
                      + b"".join(at_time(frame, 5000 + 500 * i) for i, frame in enumerate(frames[2:], 1)) + at_time(other, 10000))
    section = page(batch, path).find("body/section[@class='capture']")
    drawn = lanes(section)
    (zoom, zoom_width), = drawn["zoom"]
    assert abs(zoom - 500) <= 2 and abs(zoom_width - 98) <= 2
    (span, span_width), = drawn["span"]
    assert (span, span_width) == (10, 980) and "alive" not in drawn and "burst" not in drawn
    assert [round(x / 100) for x, _ in drawn["udp"]] == [0, 5, 10] and all(width <= 17 for _, width in drawn["udp"])
    ticks = [text.text for text in section.find("svg").iter("text") if re.fullmatch(r"\d\d:\d\d:\d\d", text.text)]
    assert {"01:00:00", "02:00:00", "01:26:00"} <= set(ticks), ticks       # hours above, minutes below


def test_keepalives_bursts_and_tcp_are_drawn(batch):  # noqa: F811
    drawn = lanes(page(batch, CALL).find("body/section[@class='capture']"))
    assert drawn["alive"] and drawn["burst"] and "tcp" not in drawn
    drawn = lanes(page(batch, LIKELY).find("body/section[@class='capture']"))
    assert drawn["tcp"] and drawn["proof"] and "udp" not in drawn


def test_hostile_bytes_stay_text(batch, corpus):  # noqa: F811
    """Octets appear as hex, and as text only in full and escaped: the page of each real capture parses."""
    for name in ("skype-2015.pcap", "skype-one-way.pcap"):
        process = batch.call("--quiet", "--format", "html", batch.copy(corpus / "skype" / name, f"html-{name}"))
        parse(process.stdout)


def test_own_page_is_replaced_and_nothing_else(batch):  # noqa: F811
    path = batch.make("own.html")
    for _ in range(2):
        assert batch.call("--quiet", "--format", "html", "-o", path, FOUND).returncode == FINDINGS
    foreign = batch.make("foreign.html", b"<!DOCTYPE html>\n<title>mine</title>\n")
    process = batch.call("--quiet", "--format", "html", "-o", foreign, FOUND)
    assert process.returncode == USAGE and foreign.read_bytes().endswith(b"mine</title>\n")


def test_tshark_writes_the_same_sums(batch):  # noqa: F811
    """It does not know the file's name; the rest is the same page."""
    process = batch.tshark.call("-q", "-r", batch.tshark.readable(FOUND), "-z", "skypefp,html")
    assert process.returncode == 0
    section = parse(process.stdout).find("body/section[@class='capture']")
    other = page(batch, FOUND).find("body/section[@class='capture']")
    assert proofs(section) == proofs(other) != {} and facts(section)["SHA-256"] == "unknown"


STRANGE = [None, "", "<script>", "x" * 5000, -1, 2**63 - 1, 0, True, 1.5, [], {}, [None, 7], {"hex": "zz"}, "9999-99-99T99:99:99Z", "00"]


def places(value, path=()):
    """Paths to everything inside of a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def test_strange_reports_stay_pages(batch, corpus):  # noqa: F811
    """A report that --resume reads may be anybody's: whatever is in it, pages and tables are made, and no script gets in."""
    capture = batch.copy(corpus / "skype" / "skype-irc.cap", "strange.cap")
    line = batch.lines(capture)[0]
    for name in ("endpoints", "conversations", "contacts"):
        line[name] = line[name][-12:]
    everywhere = [path for path in places(line) if path[0] not in ("schema", "file", "plugin_version")]
    rng, n_taken = random.Random(5), 0
    for i in range(30):
        mutant = json.loads(json.dumps(line))
        for path in rng.sample(everywhere, 150):
            try:
                target = mutant
                for key in path[:-1]:
                    target = target[key]
                target[path[-1]] = json.loads(json.dumps(rng.choice(STRANGE)))
            except (KeyError, IndexError, TypeError):
                pass                # what was there is replaced already
        report = batch.make("strange.jsonl", json.dumps(mutant).encode() + b"\n")
        process = batch.call("--quiet", "--resume", report, "--format", "html", "--format", "csv", "-o", "strange.csv", "--format", "zeek",
                             "-o", "strange.zeek", capture, environment={"G_DEBUG": "fatal-warnings"}.items())
        assert process.returncode in (0, FINDINGS) and process.stderr == "", (i, process.returncode, process.stderr)
        parse(process.stdout)
        n_taken += "&lt;script&gt;" in process.stdout
    assert n_taken > 5
