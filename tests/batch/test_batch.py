# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch: the same reports as tshark one by one, an exit code for each case, whatever it is given."""
import concurrent.futures
import json
import os
import pathlib
import re
import struct
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

import pytest

import conftest
import hostile_captures
import tshark as runner
from batches import (  # noqa: F401 (batch is a fixture)
    BOTH, CLEAN, CLEAN_EXIT, FINDINGS, FOUND, INCOMPLETE, LIKELY, POSSIBLE, TRUNCATED_MESSAGE, USAGE,
    Batch, batch, by_tshark, statuses, without_engine,
)


# ---- the same as tshark ----

def assert_same_reports(batch, captures, *options):
    lines = {line["file"]["name"]: line for line in batch.lines(*options, *captures)}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        expected = dict(zip(captures, pool.map(lambda path: by_tshark(batch, path), captures)))
    assert len(lines) == len(captures)
    for path in captures:
        file = lines[str(path)].pop("file")
        assert without_engine(lines[str(path)]) == expected[path], f"{path}: {file}"


def test_reports_are_those_of_tshark(batch):
    captures = sorted(batch.tshark.readable(path) for path in runner.TEST_CAPTURES.glob("*.pcap"))
    assert len(captures) > 100
    assert_same_reports(batch, captures[::10])
    assert without_engine(batch.lines(*captures)) == without_engine(batch.lines("--engine", "sharkd", *captures))


def test_reports_on_real_captures_are_those_of_tshark(batch, corpus):
    skype = [path for path in (corpus / "skype").iterdir() if path.suffix in (".cap", ".pcap")]
    other = sorted(path for path in (corpus / "other").iterdir())[::250]
    assert_same_reports(batch, [batch.tshark.readable(path) for path in skype + other])


@pytest.mark.parametrize("engine", ["auto", "lean", "sharkd", "tshark"])
def test_every_engine_reports_the_same(batch, engine):
    captures = [batch.copy(path, f"engines/{path.name}") for path in (FOUND, LIKELY, CLEAN)]
    captures.append(batch.make("engines/cut.pcap", LIKELY.read_bytes()[:-10]))
    captures.append(batch.make("engines/header.pcap", LIKELY.read_bytes()[:24]))
    assert_same_reports(batch, captures, "--engine", engine)


@pytest.mark.parametrize("engine", ["auto", "lean", "sharkd", "tshark"])
def test_switches_that_show_packets(batch, engine):
    """OpenFlow carries the frames that a switch asks its controller about."""
    octets, at, seq, packets = FOUND.read_bytes(), 24, 1, []
    while at < len(octets):
        length, = struct.unpack_from("<I", octets, at + 8)
        frame, at = octets[at + 16:at + 16 + length], at + 16 + length
        asked = struct.pack(">BBHIIHHBB", 1, 10, 18 + length, 1, 0xFFFFFFFF, length, 1, 0, 0) + frame
        packets.append(hostile_captures.tcp((0x0A000001, 40000), (0x0A000002, 6653), hostile_captures.ACK, seq, asked, 1))
        seq += len(asked)
    path = batch.make("openflow.pcap")
    hostile_captures.write(path, hostile_captures.at_pace(packets))
    line, = batch.lines("--engine", engine, path, code=FINDINGS)
    assert line["packets"] == {"certain": 4, "likely": 0, "possible": 0}
    assert line.pop("file") and without_engine(line) == by_tshark(batch, path)


def test_root(request):
    """Root has only the installed plugin, and an empty data folder does not help."""
    if not runner.am_root():
        pytest.skip("not root")
    with tempfile.TemporaryDirectory(prefix="skypefp-batch-root-") as folder:
        for name in ("tshark", "batch"):
            (pathlib.Path(folder) / name).mkdir()
        root = Batch(conftest.make_root(pathlib.Path(folder) / "tshark"), pathlib.Path(folder) / "batch")
        assert_same_reports(root, [FOUND, CLEAN])
        doctor = root.call("doctor", environment={"WIRESHARK_PLUGIN_DIR": str(runner.BUILD / "plugins")})
        assert doctor.returncode in (0, 1), doctor.stdout
        assert "root: personal plugins and WIRESHARK_PLUGIN_DIR are ignored" in doctor.stdout


# ---- exit codes ----

def make_case(batch, case):
    content = LIKELY.read_bytes()
    if case == "missing":
        return batch.folder / "cases" / "missing.pcap"
    if case == "no-permission":
        path = batch.make("cases/no-permission.pcap", content)
        path.chmod(0)
        return path
    made = {"clean": CLEAN.read_bytes(), "found": FOUND.read_bytes(), "likely": content, "possible": POSSIBLE.read_bytes(),
            "truncated": content[:-10], "truncated-with-findings": FOUND.read_bytes() + content[24:60],
            "damaged": content + b"\xff" * 40, "damaged-at-once": content[:24] + b"\xff" * 40,
            "no-capture": b"This is a text.\n", "empty": b"", "header": content[:24]}
    return batch.make(f"cases/{case}.pcap", made[case])


CASES = [
    ("clean", [], CLEAN_EXIT, "ok"),
    ("header", [], CLEAN_EXIT, "ok"),
    ("found", [], FINDINGS, "ok"),
    ("likely", [], FINDINGS, "ok"),
    ("likely", ["--fail-on", "certain"], CLEAN_EXIT, "ok"),
    ("likely", ["--fail-on=possible"], FINDINGS, "ok"),
    ("possible", [], CLEAN_EXIT, "ok"),
    ("possible", ["--fail-on", "possible"], FINDINGS, "ok"),
    ("found", ["--fail-on", "never"], CLEAN_EXIT, "ok"),
    ("truncated", [], BOTH, "truncated"),
    ("truncated-with-findings", [], BOTH, "truncated"),
    ("damaged", [], BOTH, "truncated"),
    ("damaged-at-once", [], INCOMPLETE, "unreadable"),
    ("no-capture", [], INCOMPLETE, "unreadable"),
    ("missing", [], INCOMPLETE, "unreadable"),
    ("empty", [], INCOMPLETE, "unreadable"),
    ("no-permission", [], INCOMPLETE, "unreadable"),
    ("found", ["--timeout", "0.000001"], INCOMPLETE, "timeout"),
]


@pytest.fixture(scope="module")
def runs(batch):
    """The result of each case, run side by side."""
    paths = {case: make_case(batch, case) for case, *_ in CASES}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda case: batch.call("--quiet", "--format", "jsonl", *case[1], paths[case[0]]), CASES))


@pytest.mark.parametrize("number", range(len(CASES)), ids=[" ".join([case, *options]) for case, options, *_ in CASES])
def test_exit_code(runs, number):
    case, _, code, status = CASES[number]
    process = runs[number]
    assert process.returncode == code and process.stderr == ""
    line, = map(json.loads, process.stdout.splitlines())
    assert line["file"]["status"] == status
    assert (line["file"]["message"] is None) == (status == "ok")
    assert ("endpoints" in line) == (status in ("ok", "truncated"))
    if case == "truncated-with-findings":
        assert line["endpoints"][0]["verdict"] == "certain" and line["file"]["message"] == TRUNCATED_MESSAGE


def test_lines_are_of_the_schema(batch, runs):
    """That which they name, whatever became of the capture; a line that lacks something is none."""
    jsonschema = pytest.importorskip("jsonschema", reason="python3-jsonschema is not installed")
    schema = jsonschema.Draft7Validator(json.loads((runner.REPOSITORY / "report" / "report-schema.json").read_text()))
    lines = [json.loads(process.stdout) for process in runs] + batch.lines(batch.copy(FOUND, "schema/%41\n.pcap"))
    assert {line["file"]["status"] for line in lines} == {"ok", "truncated", "unreadable", "timeout"}
    for line in lines:
        schema.validate(line)
        for key in line.keys() - {"file", "engine"}:
            assert not schema.is_valid({name: value for name, value in line.items() if name != key}), key
        for key in line["file"].keys() - {"name_escaped"}:
            assert not schema.is_valid({**line, "file": {name: value for name, value in line["file"].items() if name != key}}), key
        assert schema.is_valid({name: value for name, value in line.items() if name != "file"}) == ("endpoints" in line)
        assert not schema.is_valid({**line, "other": 1}) and not schema.is_valid({**line, "file": {**line["file"], "other": 1}})


def test_plugin_absent(batch):
    process = batch.call("--engine", "lean", CLEAN, environment={"WIRESHARK_PLUGIN_DIR": "/nonexistent"})
    if process.returncode == CLEAN_EXIT:
        pytest.skip("the plugin is installed for all users")
    assert process.returncode == USAGE and process.stdout == ""
    assert "is not loaded" in process.stderr and "looked for" in process.stderr and "-> " in process.stderr


def test_plugin_absent_whatever_is_installed(batch):
    """A tshark that does not know the report, as without the plugin."""
    fake = batch.make("bin/tshark-without", b"#!/bin/sh\necho 'tshark: Invalid -z argument \"skypefp,report\"' >&2\nexit 1\n")
    fake.chmod(0o755)
    process = batch.call("--engine", "lean", CLEAN, environment={"SKYPEFP_TSHARK": fake, "SKYPEFP_SHARKD": "/nonexistent"})
    assert process.returncode == USAGE and process.stdout == ""
    assert "Invalid -z argument" in process.stderr and "plugin loaded      NO" in process.stderr
    assert batch.call("--engine", "lean", CLEAN, environment={"SKYPEFP_TSHARK": "/nonexistent"}).returncode == USAGE


@pytest.mark.parametrize("arguments", [
    [], ["--unknown"], ["-j", "x", CLEAN], ["-j", "-1", CLEAN], ["-j0", CLEAN], ["-j", "1025", CLEAN], ["--timeout", "0", CLEAN], ["--format", "xml", CLEAN],
    ["--format", "json", CLEAN], ["--fail-on", "maybe", CLEAN], ["--list", "/nonexistent"], ["-o", "/nonexistent/x", CLEAN],
    ["--format", "jsonl", "--format", "junit", CLEAN], ["merge"], ["merge", "/nonexistent"], ["doctor", "x"],
])
def test_usage(batch, arguments):
    process = batch.call(*arguments)
    assert process.returncode == USAGE and process.stderr.startswith("skypefp-batch: ")


@pytest.mark.parametrize("option, choices", [
    ("--fail-on", "certain, likely, possible or never"), ("--engine", "auto, direct, lean, sharkd or tshark"),
    ("--on-damage", "fail, warn or ignore"), ("--color", "auto, always or never"),
])
def test_an_unknown_value_is_answered_with_the_choices(batch, option, choices):
    process = batch.call(option, "maybe", CLEAN)
    assert process.returncode == USAGE
    assert process.stderr == f'skypefp-batch: unknown {option} "maybe": choose {choices} (see --help)\n'


def test_help_is_of_the_command(batch):
    """Formats that it writes, and its exit codes."""
    run, merge, doctor = (" ".join(batch.call(*command, "--help").stdout.split()) for command in ([], ["merge"], ["doctor"]))
    assert "--format=FORMAT table (default), jsonl, junit, csv, zeek or html -o" in run
    assert "--format=FORMAT json (default) or table -o" in merge and "jsonl" not in merge
    for text, codes in ((run, {"0", "1", "2", "3", "4", "129"}), (merge, {"0", "1", "2", "3", "4"}), (doctor, {"0", "1", "3"})):
        assert set(re.findall(r"[:;] (\d+)", text[text.index("Exit status"):])) == codes


@pytest.mark.parametrize("jobs", ["-1", "0", "1025"])
def test_number_of_jobs(batch, jobs):
    assert batch.call(f"-j{jobs}", CLEAN).stderr == "skypefp-batch: --jobs takes a number from 1 to 1024 (see --help)\n"


@pytest.mark.parametrize("option", ["list", "timeout", "engine", "format", "fail-on", "on-damage", "color"])
def test_a_value_is_not_split(batch, option):
    """-j2 is -j 2, unless it is the value of another option."""
    process = batch.call(f"--{option}", "-j0", CLEAN)
    assert process.returncode == USAGE and "-j0" in process.stderr and "--jobs" not in process.stderr


def test_help_and_version(batch):
    for command in ([], ["merge"], ["doctor"]):
        process = batch.call(*command, "--help")
        assert process.returncode == 0 and "--version" in process.stdout
        assert re.match(" *".join(["Usage:\n", "skypefp-batch", *command, r"\[OPTION"]), process.stdout), process.stdout
    assert "3 nothing was examined (wrong usage, no captures, a report that cannot be read or written, the plugin is not loaded)" in " ".join(batch.call("--help").stdout.split())
    assert re.fullmatch(r"skypefp-batch \d+\.\d+\.\d+\n", batch.call("--version").stdout)


# ---- inputs ----

def test_walk(batch):
    batch.copy(CLEAN, "walk/a/one.pcap")
    batch.copy(CLEAN, "walk/b/two.weird")
    batch.make("walk/b/README.md", b"no capture\n")
    batch.make("walk/b/.gitkeep")
    batch.make("walk/b/broken.pcapng", b"no capture\n")
    subprocess.run(["gzip", "-k", batch.copy(FOUND, "walk/c/three.pcap")], check=True)
    batch.give(batch.folder / "walk/c/three.pcap.gz")
    subprocess.run(["editcap", "-F", "pcapng", FOUND, batch.folder / "walk/c/three.pcapng"], check=True, capture_output=True)
    batch.give(batch.folder / "walk/c/three.pcapng")
    (batch.folder / "walk/a/loop").symlink_to("..")
    (batch.folder / "walk/dangling.pcap").symlink_to("nowhere")
    locked = batch.make("walk/locked/x.pcap").parent
    locked.chmod(0)
    try:
        lines = batch.lines("walk", code=BOTH)
    finally:
        locked.chmod(0o755)
    assert [line["file"]["name"] for line in lines] == [
        "walk/a/one.pcap", "walk/b/broken.pcapng", "walk/b/two.weird", "walk/c/three.pcap", "walk/c/three.pcap.gz",
        "walk/c/three.pcapng", "walk/dangling.pcap", "walk/locked"]
    assert [line["file"]["status"] for line in lines] == ["ok", "unreadable", "ok", "ok", "ok", "ok", "unreadable", "unreadable"]
    assert lines[3]["endpoints"] == lines[4]["endpoints"] == lines[5]["endpoints"] != []
    assert "skipped 2 files that are not captures" in batch.call("walk").stderr


@pytest.mark.parametrize("engine", ["auto", "lean", "sharkd", "tshark"])
def test_texts_that_look_like_captures(batch, engine):
    """Wireshark finds the records of an IxVeriWave capture in this one, the last of them cut short."""
    text = b"z" * 112 + b"1zzzzzzz0z19" + b"z" * 12644
    cut_character, control = text[:4095] + "ü".encode() + text[4097:], text[:200] + b"\x01" + text[201:]
    for name, content in (("README.md", text), ("cut-character", cut_character), ("damaged", LIKELY.read_bytes()[:-10]),
                          ("control", control), ("named.cap", text), ("clean.pcap", CLEAN.read_bytes())):
        batch.make(f"text/{name}", content)
    batch.copy(runner.TEST_CAPTURES / "README.md", "text/captures.md")
    found = statuses(batch.lines("--engine", engine, "text", code=BOTH))
    assert found == {"clean.pcap": "ok", "control": "truncated", "damaged": "truncated", "named.cap": "truncated"}
    assert statuses(batch.lines("--engine", engine, "text/README.md", code=INCOMPLETE)) == {"README.md": "truncated"}


def test_names(batch):
    names = [b"names/caf\xe9 100%.pcap", "names/Füße \"x\" \\ 'y'.pcap".encode(), b"names/two\nlines.pcap", b"names/-rf.pcap",
             b"names/<&>.pcap"]
    batch.make("names/x")
    (batch.folder / "names/x").unlink()
    for name in names:
        with open(os.fsencode(batch.folder) + b"/" + name, "wb") as file:
            file.write(FOUND.read_bytes())
    lines = batch.lines("names", code=FINDINGS)
    assert [line["file"]["name"] for line in lines] == [
        "names/-rf.pcap", "names/<&>.pcap", "names/Füße \"x\" \\ 'y'.pcap", "names/caf%E9 100%25.pcap", "names/two%0Alines.pcap"]
    assert [line["file"].get("name_escaped", False) for line in lines] == [False, False, False, True, True]
    assert all(line["file"]["status"] == "ok" and line["endpoints"] for line in lines)
    suite = ElementTree.fromstring(batch.call("-q", "--format", "junit", "names").stdout)
    assert [case.get("name") for case in suite.iter("testcase")] == [line["file"]["name"] for line in lines]
    assert without_engine(batch.lines("--engine", "tshark", "names")) == without_engine(lines)


FORMATTED = "\u202e\u2066\u200b\ufeff\u2028\u00ad"


@pytest.mark.parametrize("form", ["table", "junit", "jsonl"])
def test_names_that_turn_round(batch, form):
    """U+202E and its kin change the order in which a terminal shows a name: they are escaped wherever a name is printed."""
    name = f"turned/exe{FORMATTED}pcap.pcap"
    batch.copy(FOUND, name)
    batch.make(f"turned/x{FORMATTED}.pcap")
    process = batch.call("-f", form, "turned", f"turned/absent{FORMATTED}")
    assert process.returncode == BOTH and not set(FORMATTED) & set(process.stdout + process.stderr)
    assert "turned/exe%E2%80%AE%E2%81%A6" in process.stdout
    for arguments in (["--list", FORMATTED], ["-r", f"turned/x{FORMATTED}.pcap", FOUND], ["-o", name, FOUND], ["merge", FORMATTED],
                      ["-f", FORMATTED, FOUND], ["--engine", FORMATTED, FOUND], [f"--{FORMATTED}"], ["--fail-on", FORMATTED, FOUND]):
        process = batch.call(*arguments)
        assert not set(FORMATTED) & set(process.stderr), arguments
    # A report that an earlier version wrote with such a name is read, and the name escaped.
    line, = batch.lines(batch.copy(FOUND, "turned.pcap"))
    line["file"]["name"] = name
    batch.make("turned.jsonl", json.dumps(line).encode())
    assert "exe%E2%80%AE" in batch.call("merge", "-f", "table", "turned.jsonl").stdout


NONCHARACTERS = "\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff"


@pytest.mark.parametrize("form", ["table", "junit", "jsonl", "html"])
def test_names_of_noncharacters(batch, form):
    """XML forbids U+FFFE and U+FFFF: one such name would make the whole report unreadable. What is next to them stays."""
    for i, character in enumerate(NONCHARACTERS + "\ufdcf\ufdf0\ufffd"):
        batch.copy(FOUND, f"never/{i}{character}.pcap")
    text = batch.call("-q", "-f", form, "never").stdout
    assert not set(NONCHARACTERS) & set(text) and "never/2%EF%BF%BE.pcap" in text and "\ufdf0.pcap" in text
    if form == "junit":
        assert len(list(ElementTree.fromstring(text).iter("testcase"))) == len(NONCHARACTERS) + 3


def test_frames_that_quote_what_is_cut_short(batch):
    """An ICMP error with half a DCE-RPC message in it: Wireshark shows it to listeners only on request. Every engine counts it."""
    rpc = b"\x04\x00\x28\x00\x10" + bytes(375)
    quoted = hostile_captures.udp((0x0A000002, 59310), (0x0A000001, 1026), rpc)
    frame = hostile_captures.ipv4(0x0A000001, 0x0A000002, 1, struct.pack(">BBHI", 3, 3, 0, 0) + quoted)
    header = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 68, hostile_captures.RAW_IP)
    path = batch.make("quoted.pcap", header + b"".join(struct.pack("<IIII", i, 0, 68, len(frame)) + frame[:68] for i in range(2)))
    lines = without_engine([batch.lines("--engine", engine, path, code=CLEAN_EXIT)[0] for engine in ("auto", "lean", "sharkd", "tshark")])
    assert lines[0] == lines[1] == lines[2] == lines[3] and lines[0]["capture"]["frames"] == 2


def test_a_pipe_does_not_hold_the_run(batch):
    os.mkfifo(batch.make("pipe/a.pcap", CLEAN.read_bytes()).parent / "fifo.pcap")
    assert statuses(batch.lines("pipe")) == {"a.pcap": "ok"}
    assert statuses(batch.lines("pipe/fifo.pcap", code=INCOMPLETE)) == {"fifo.pcap": "unreadable"}


@pytest.mark.parametrize("options, separator", [([], "\n"), ([], "\r\n"), (["--null"], "\0")])
def test_list(batch, options, separator):
    names = [str(batch.copy(FOUND, "list/b.pcap")), str(batch.copy(CLEAN, "list/a.pcap"))]
    text = separator.join(names) + separator
    from_stdin = batch.lines("--list", "-", *options, input=text, stdin=None, code=FINDINGS)
    assert list(statuses(from_stdin)) == ["a.pcap", "b.pcap"]
    batch.make("list.txt", text.encode())
    assert batch.lines("-llist.txt", *options, names[0]) == from_stdin      # named twice, listed once


@pytest.mark.parametrize("arguments", [["--list", "/dev/null"], ["nothing"], ["--fail-on", "never", "nothing"]])
def test_nothing_read_is_not_clean(batch, arguments):
    """An empty list, a folder without captures; with --allow-empty that is fine, and any other exit code is as without."""
    batch.make("nothing/README.md", b"no capture\n")
    batch.make("nothing/meta.json", b'{"a": 1}\n')
    process = batch.call("-q", *arguments)
    assert process.returncode == USAGE
    assert process.stderr == "skypefp-batch: no captures found; nothing was examined (--allow-empty if that is expected)\n"
    process = batch.call("-q", "--allow-empty", *arguments)
    assert (process.returncode, process.stderr) == (CLEAN_EXIT, "")
    found = batch.copy(FOUND, "found/a.pcap")
    assert batch.call("-q", "--allow-empty", *arguments, "--fail-on", "likely", found).returncode == FINDINGS


def test_nothing_is_found_in_other_protocols(batch, corpus):
    """All of the captures of other protocols, whole: no packet reaches even possible, and no rule fires."""
    documents = [json.loads(line) for line in batch.call("-q", "--format", "jsonl", "-o", "-", corpus / "other").stdout.splitlines()]
    read = [document for document in documents if "packets" in document]
    assert len(read) > 3000
    found = [document["file"]["name"] for document in read if any(document["packets"].values()) or document["rules"]]
    assert found == []
