# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch harms nothing: captures and inputs are never replaced, and findings cannot hide behind damage."""
import gzip
import itertools
import json
import os
import shlex
import subprocess

import pytest

import tshark as runner
from batches import BOTH, CLEAN, CLEAN_EXIT, FINDINGS, FOUND, INCOMPLETE, LIKELY, USAGE, batch, statuses  # noqa: F401 (batch is a fixture)

FORMATS = ("table", "jsonl", "junit", "csv", "zeek", "html")


def snapshot(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def evidence(batch, request):  # noqa: F811
    """A folder with captures under several names."""
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)
    folder = batch.copy(FOUND, f"{name}/a.cap").parent
    batch.copy(CLEAN, f"{name}/b.pcapng")
    batch.copy(LIKELY, f"{name}/no-suffix")
    batch.give(batch.make(f"{name}/c.pcap.gz", gzip.compress(FOUND.read_bytes())))
    batch.make(f"{name}/notes.txt", b"What a person wrote.\n")
    batch.make(f"{name}/captures.list", b"a.cap\n")
    (folder / "symbolic").symlink_to("a.cap")
    os.link(folder / "a.cap", folder / "hard")
    return folder


# An output, and inputs that it must not replace.
REFUSED = (
    ("a.cap", ["a.cap"]), ("./a.cap", ["a.cap"]), ("symbolic", ["a.cap"]), ("hard", ["a.cap"]), ("a.cap", ["symbolic"]), ("a.cap", ["."]),
    ("a.cap", ["b.pcapng"]), ("b.pcapng", ["a.cap", "no-suffix"]), ("no-suffix", ["a.cap"]), ("c.pcap.gz", ["a.cap"]),
    ("captures.list", ["--list", "captures.list"]), ("notes.txt", ["notes.txt", "a.cap"]),
)


# Of each pair two formats or three; each format with --force and without.
@pytest.mark.parametrize("refused, form, force", runner.sample(itertools.product(REFUSED, FORMATS, ([], ["--force"])), 5))
def test_captures_and_inputs_stay(batch, evidence, refused, form, force):  # noqa: F811
    output, inputs = refused
    before = snapshot(evidence)
    process = batch.call("-q", "--format", form, "-o", output, *force, *inputs, cwd=evidence)
    assert process.returncode == USAGE and process.stdout == "" and len(process.stderr.splitlines()) == 1
    assert process.stderr.startswith(f'skypefp-batch: "{output}" ')
    assert any(words in process.stderr for words in ("is an input; choose another name", "captures are never replaced", "is not a report"))
    assert snapshot(evidence) == before


def test_a_glob_after_output(batch, evidence):  # noqa: F811
    """-o *.cap: the shell makes the first capture the output."""
    before = snapshot(evidence)
    process = subprocess.run(batch.command("-q", "-f", "jsonl", "-o", "a.cap", "b.pcapng"), cwd=evidence, capture_output=True, text=True, check=False)
    assert process.returncode == USAGE and process.stderr == 'skypefp-batch: "a.cap" is a capture; captures are never replaced\n'
    assert snapshot(evidence) == before


def test_resuming_a_capture(batch, evidence):  # noqa: F811
    before = snapshot(evidence)
    for arguments in (["--resume", "a.cap", "-f", "jsonl", "-o", "a.cap", "b.pcapng"], ["-r", "a.cap", "a.cap"],
                      ["-r", "notes.txt", "-f", "jsonl", "-o", "notes.txt", "a.cap"]):
        assert batch.call("-q", *arguments, cwd=evidence).returncode == USAGE
    assert snapshot(evidence) == before


def test_what_lies_beside_a_report(batch, evidence):  # noqa: F811
    """report.jsonl.unfinished is written to, so it has to be a report as well."""
    (evidence / "r.jsonl.unfinished").write_bytes(FOUND.read_bytes())
    batch.give(evidence / "r.jsonl.unfinished")
    before = snapshot(evidence)
    assert batch.call("-q", "-r", "r.jsonl", "-f", "jsonl", "-o", "r.jsonl", "a.cap", cwd=evidence).returncode == USAGE
    assert snapshot(evidence) == before


def test_stdout_that_is_an_input(batch, evidence):  # noqa: F811
    before = snapshot(evidence)
    with open(evidence / "a.cap", "ab") as file:
        process = subprocess.run(batch.command("-q", "a.cap"), cwd=evidence, stdout=file, stderr=subprocess.PIPE, text=True, check=False)
    assert process.returncode == USAGE and "standard output is a capture" in process.stderr
    assert snapshot(evidence) == before


@pytest.mark.parametrize("mode", ["ab", "r+b"])
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize("arguments", [["-q", "a.cap"], ["--help"], ["--unknown"], ["merge", "r.jsonl"]], ids=" ".join)
def test_standard_files_that_are_captures(batch, evidence, mode, stream, arguments):  # noqa: F811
    """Also captures that are no input, compressed ones, and what is only named like one; nothing is written to them."""
    (evidence / "named.cap").write_text("0000  00 01\n")
    (evidence / "b.pcap.gz").write_bytes(gzip.compress(LIKELY.read_bytes()))
    (evidence / "binary").write_bytes(b"snoop\0\0\0")
    before = snapshot(evidence)
    for name in ("b.pcapng", "named.cap", "b.pcap.gz", "binary"):
        with open(evidence / name, mode) as file:
            streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: file}
            process = subprocess.run(batch.command(*arguments), cwd=evidence, text=True, check=False, **streams)
        assert process.returncode == USAGE and not process.stdout
        assert stream == "stderr" or "standard output is a capture" in process.stderr
        assert snapshot(evidence) == before


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_standard_files_that_are_logs(batch, evidence, stream):  # noqa: F811
    """They are added to, colors and other encodings included."""
    log = evidence / "log"
    log.write_bytes(b"\x1b[31mred\x1b[0m caf\xe9\n")
    with open(log, "ab") as file:
        process = subprocess.run(batch.command("missing.cap", "a.cap"), cwd=evidence, check=False, **{"stdout": subprocess.DEVNULL, stream: file})
    assert process.returncode == BOTH and log.read_bytes().startswith(b"\x1b[31mred\x1b[0m caf\xe9\n") and b"captures" in log.read_bytes()


@pytest.mark.parametrize("old, new", runner.sample(itertools.product(FORMATS, FORMATS), 5))      # each is old and new, at least once
def test_reports_replace_reports(batch, old, new):  # noqa: F811
    """Of any format, also one in the folder that is searched, which is not one of its captures then."""
    name = f"replace-{old}-{new}"
    folder = batch.copy(FOUND, f"{name}/a.cap").parent
    for form in (old, new):
        assert batch.call("-q", "-f", form, "-o", "former", ".", cwd=folder).returncode == FINDINGS
        assert b"a.cap" in (folder / "former").read_bytes() and b"./former" not in (folder / "former").read_bytes()
    with open(folder / "by-shell", "wb") as file:       # an empty file in the folder, and stdout
        subprocess.run(batch.command("-q", "-f", new, "."), cwd=folder, stdout=file, check=False)
    assert b"a.cap" in (folder / "by-shell").read_bytes() and b"./by-shell" not in (folder / "by-shell").read_bytes()


def test_force_is_for_texts(batch, evidence):  # noqa: F811
    refused = batch.call("-q", "-o", "notes.txt", "a.cap", cwd=evidence)
    assert refused.returncode == USAGE
    assert refused.stderr == 'skypefp-batch: "notes.txt" exists and is not a report of skypefp; choose another name\n'
    assert batch.call("-q", "-o", "notes.txt", "--force", "a.cap", cwd=evidence).returncode == FINDINGS
    assert b"1 certain" in (evidence / "notes.txt").read_bytes()
    program = batch.make(f"{evidence.name}/program", b"\x7fELF\x01\x01\x01" + bytes(100))
    assert batch.call("-q", "-o", "program", "--force", "a.cap", cwd=evidence).returncode == USAGE
    assert program.read_bytes().startswith(b"\x7fELF")


def test_a_text_that_is_a_capture_stays(batch, evidence):  # noqa: F811
    """Wireshark reads packets from some texts: --force is not for them."""
    text = b"z" * 112 + b"1zzzzzzz0z19" + b"z" * 12644
    path = batch.make(f"{evidence.name}/text", text)
    process = batch.call("-q", "-o", "text", "--force", "a.cap", cwd=evidence)
    assert process.returncode == USAGE and "captures are never replaced" in process.stderr and path.read_bytes() == text


def test_merge_does_not_replace_its_inputs(batch, evidence):  # noqa: F811
    batch.call("-q", "-f", "jsonl", "-o", "r.jsonl", "a.cap", cwd=evidence)
    before = snapshot(evidence)
    for output in ("r.jsonl", "a.cap", "notes.txt"):
        for options in ([], ["-f", "table"]):
            process = batch.call("merge", *options, "-o", output, "r.jsonl", cwd=evidence)
            assert process.returncode == USAGE and process.stderr.startswith(f'skypefp-batch: "{output}" '), process.stderr
    assert batch.call("merge", "-o", "a.cap", "--force", "r.jsonl", cwd=evidence).returncode == USAGE
    assert snapshot(evidence) == before
    for _ in range(2):
        assert batch.call("merge", "-o", "m.json", "r.jsonl", cwd=evidence).returncode == FINDINGS
    assert batch.call("merge", "-f", "table", "-o", "m.json", "r.jsonl", cwd=evidence).returncode == FINDINGS


def test_tshark_does_not_replace_a_capture(batch, evidence):  # noqa: F811
    """-z skypefp,report,FILE: the capture itself, another one, a text; a former report is replaced."""
    tshark = batch.tshark
    before = snapshot(evidence)
    for name in ("a.cap", "hard", "symbolic", "b.pcapng", "no-suffix", "c.pcap.gz", "notes.txt"):
        process = tshark.call("-q", "-r", "a.cap", "-z", f"skypefp,report,{name}", cwd=evidence)
        said = [line for line in process.stderr.splitlines() if line]
        assert process.returncode != 0 and len(said) == 1 and f'"{name}" ' in said[0], process.stderr
    assert snapshot(evidence) == before
    for _ in range(2):
        assert tshark.call("-q", "-r", "a.cap", "-z", "skypefp,report,r.json", cwd=evidence).returncode == 0
    assert json.loads((evidence / "r.json").read_text())["endpoints"]


# ---- exit codes ----

@pytest.mark.parametrize("captures, codes", [
    (["clean"], {"fail": CLEAN_EXIT, "warn": CLEAN_EXIT, "ignore": CLEAN_EXIT}),
    (["clean", "found"], {"fail": FINDINGS, "warn": FINDINGS, "ignore": FINDINGS}),
    (["clean", "cut"], {"fail": INCOMPLETE, "warn": CLEAN_EXIT, "ignore": CLEAN_EXIT}),
    (["clean", "found", "cut"], {"fail": BOTH, "warn": FINDINGS, "ignore": FINDINGS}),
    (["found-and-cut"], {"fail": BOTH, "warn": FINDINGS, "ignore": FINDINGS}),
    (["absent"], {"fail": INCOMPLETE, "warn": CLEAN_EXIT, "ignore": CLEAN_EXIT}),
    (["absent", "found"], {"fail": BOTH, "warn": FINDINGS, "ignore": FINDINGS}),
])
@pytest.mark.parametrize("policy", ["fail", "warn", "ignore"])
def test_findings_and_damage(batch, captures, codes, policy):  # noqa: F811
    contents = {"clean": CLEAN.read_bytes(), "found": FOUND.read_bytes(), "cut": CLEAN.read_bytes()[:-10],
                "found-and-cut": FOUND.read_bytes() + LIKELY.read_bytes()[24:60]}
    names = [f"damage/{name}.pcap" for name in captures]
    for name in captures:
        if name in contents:
            batch.make(f"damage/{name}.pcap", contents[name])
    n_damaged = sum("cut" in name or name == "absent" for name in captures)
    process = batch.call("-q", "--on-damage", policy, "-f", "jsonl", "-o", f"damage/{policy}.jsonl", *names)
    merged = batch.call("merge", "--on-damage", policy, f"damage/{policy}.jsonl")
    assert (process.returncode, merged.returncode) == (codes[policy], codes[policy]), process.stderr
    expected = f"skypefp-batch: {n_damaged} capture{'s' * (n_damaged > 1)} could not be read to the end\n"
    assert process.stderr == merged.stderr == (expected if policy == "warn" and n_damaged else "")
    never = batch.call("-q", "--on-damage", policy, "--fail-on", "never", *names)
    assert never.returncode == {BOTH: INCOMPLETE, FINDINGS: CLEAN_EXIT}.get(codes[policy], codes[policy])


def test_an_old_report_stays_when_another_output_cannot_be_written(batch):  # noqa: F811
    path = batch.copy(FOUND, "outputs/found.pcap")
    batch.call("-q", "-f", "jsonl", "-o", "outputs/old.jsonl", path)
    old = (batch.folder / "outputs/old.jsonl").read_bytes()
    process = batch.call("-q", "-f", "jsonl", "-o", "outputs/old.jsonl", "-f", "html", "-o", "outputs/absent/page.html", path)
    assert process.returncode == USAGE and "could not write" in process.stderr
    assert (batch.folder / "outputs/old.jsonl").read_bytes() == old != b""
    process = batch.call("-q", "-f", "jsonl", "-o", "outputs/old.jsonl", "-f", "html", "-o", "outputs/page.html", batch.copy(CLEAN, "outputs/clean.pcap"))
    assert process.returncode == CLEAN_EXIT and (batch.folder / "outputs/old.jsonl").read_text().count("\n") == 1


def test_a_resumed_report_outlives_a_folder_that_is_not_there(batch):  # noqa: F811
    """A share that is not mounted, or a wrong name, is no reason to lose what was found; a capture that was moved away is named by number."""
    batch.copy(FOUND, "share/found.pcap")
    batch.copy(LIKELY, "share/likely.pcap")
    run = ("-f", "jsonl", "-o", "share.jsonl", "--resume", "share.jsonl")
    assert batch.call("-q", *run, "share").returncode == FINDINGS
    report = batch.folder / "share.jsonl"
    lines = sorted(json.loads(line)["file"]["sha256"] for line in report.read_text().splitlines())
    (batch.folder / "share").rename(batch.folder / "share-elsewhere")
    batch.make("share/notes.txt", b"not mounted\n")
    assert batch.call(*run, "share").returncode == USAGE
    assert batch.call(*run, "shar").returncode == INCOMPLETE
    assert [sha256 for sha256 in lines if sha256 not in report.read_text()] == []
    process = batch.call(*run, "share-elsewhere/found.pcap")
    assert "1 capture of the earlier report is not among the inputs; the new report leaves it out" in process.stderr
    assert [json.loads(line)["file"]["name"] for line in report.read_text().splitlines()] == ["share-elsewhere/found.pcap"]


@pytest.mark.parametrize("options, said", [
    (["-o", "misplaced.csv", "-f", "csv"], "each -o belongs to the --format before it"), (["-0"], "add --list FILE"),
    (["-t", "1e9"], "above 0 and below 1000000000")])
def test_options_that_would_surprise(batch, options, said):  # noqa: F811
    process = batch.call("-q", *options, FOUND)
    assert process.returncode == USAGE and said in process.stderr and not (batch.folder / "misplaced.csv").exists()


def test_a_folder_of_extracts_that_cannot_be_made_says_why(batch):  # noqa: F811
    (batch.folder / "closed").mkdir(mode=0o555)
    process = batch.call("-q", "--extract", "closed/extracts", FOUND)
    assert process.returncode == USAGE and "Permission denied" in process.stderr


def test_extracts_that_fail_are_counted(batch):  # noqa: F811
    path = batch.copy(FOUND, "failing/found.pcap")
    batch.call("-q", "--extract", "failing/extracts", path)
    for extract in (batch.folder / "failing/extracts").iterdir():
        extract.write_bytes(extract.read_bytes()[:-4])
    process = batch.call("-q", "--on-damage", "warn", "--extract", "failing/extracts", path)
    assert process.returncode == FINDINGS
    assert process.stderr.endswith("skypefp-batch: 1 capture could not be read to the end or extracted from\n")


def test_the_documented_shell_lines(batch):  # noqa: F811
    """Damage alone passes where the README says so, and findings with damage do not."""
    batch.make("shell/cut.pcap", CLEAN.read_bytes()[:-10])
    assert "|| test $? -eq 2" in (runner.REPOSITORY / "batch" / "README.md").read_text()
    for code in (0, 1):
        command = shlex.join(map(str, batch.command("-q", "shell"))) + " || test $? -eq 2"
        assert subprocess.run(["sh", "-c", command], cwd=batch.folder, capture_output=True, check=False).returncode == code
        batch.copy(FOUND, "shell/found.pcap")


# ---- what is not a capture ----

NO_CAPTURES = {"stub": b"\0\0\0", "hello": b"hello", "picture": b"\x89PNG\r\n\x1a\n" + bytes(64), "meta.json": b'{"a": 1}\n',
               "movie": b"\0\0\0\x18ftypmp42" + bytes(12), "mail": b"From: a@b.c\n\nHello.\n",
               "certificate": b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"}


@pytest.mark.parametrize("engine", runner.sample(("auto", "lean", "sharkd", "tshark"), 3))
def test_only_packets_make_a_capture(batch, engine):  # noqa: F811
    folder = f"kinds-{engine}"
    with open("/bin/sh", "rb") as file:
        contents = {**NO_CAPTURES, "program": file.read(), "README.md": (runner.REPOSITORY / "COPYING").read_bytes()}    # a text that stays
    if engine == "tshark":      # it starts for each name
        contents = dict(runner.sample(contents.items(), 3))
    for name, content in contents.items():
        batch.make(f"{folder}/{name}", content)
        batch.make(f"{folder}/{name}.pcap", content)
        batch.make(f"{folder}/{name}.gz", gzip.compress(content))
    for i, form in enumerate(FORMATS):
        batch.call("-q", "-f", form, "-o", f"{folder}/report-{i}", FOUND if runner.is_public(FOUND) else batch.copy(FOUND, "kinds-found.pcap"))
    batch.make(f"{folder}/found.pcap.gz", gzip.compress(FOUND.read_bytes()))
    batch.copy(FOUND, f"{folder}/found")
    found = statuses(batch.lines("--engine", engine, folder, code=BOTH))
    assert found == {**{f"{name}.pcap": "unreadable" for name in contents}, "found.pcap.gz": "ok", "found": "ok"}
    named = batch.lines("--engine", engine, *(f"{folder}/{name}" for name in contents), code=INCOMPLETE)    # so somebody wants to know
    assert statuses(named) == {name: "unreadable" for name in contents}
    assert not any("endpoints" in line for line in named)
