# SPDX-License-Identifier: GPL-2.0-or-later
"""tests/accuracy/accuracy --blind: the table of a folder with a list of expected endpoints, and what it says of a bad list."""
import datetime
import re
import shutil
import subprocess
import sys

import pytest

import markdown
import tshark as runner

PROGRAM = runner.REPOSITORY / "tests" / "accuracy" / "accuracy"
DOCUMENT = runner.REPOSITORY / "tests" / "accuracy" / "ACCURACY.md"
LIST = (
    "# capture\tendpoint\n\n"
    "udp-published-exchange.pcap  192.168.0.14:48915\n"     # 4 datagrams, all marked
    "udp-nat-one-answerer.pcap\t198.51.100.7:12345\n"       # 6 datagrams: possible, so missed
    "deep/tcp-seed-reuse-z01.pcap\t203.0.113.9:40017\n"     # one of two conversations; the other one is marked as well
    "udp-ipv6-generator.pcap\t[2001:db8::2]:35990\n"        # 3 datagrams
    "udp-chain.pcap\t192.168.1.2\n"                         # a host: 4 datagrams, right or not
    "near-dns.pcap\t-\n")
TABLE = [
    ["captures", "number", "datagrams", "conversations", "recall: datagrams", "recall: conversations", "recall: endpoints",
     "wrong: datagrams", "wrong: conversations", "wrong: endpoints"],
    ["with Skype", "5", "17", "2", "7 of 13 (53.8 %)", "1 of 1 (100.0 %)", "3 of 4 (75.0 %)", "0", "1", "0"],
    ["without Skype", "2", "{}", "0", "–", "–", "–", "4", "0", "1"],
    ["in sum", "7", "{}", "2", "7 of 13 (53.8 %)", "1 of 1 (100.0 %)", "3 of 4 (75.0 %)", "4", "1", "1"],
]


def run(*arguments):
    return subprocess.run([sys.executable, PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Captures, one in a folder of its own and one that the list does not name, and a text beside them."""
    folder = tmp_path_factory.mktemp("blind")
    (folder / "deep").mkdir()
    for line in LIST.splitlines()[2:]:
        name = line.split()[0]
        shutil.copyfile(runner.TEST_CAPTURES / name.split("/")[-1], folder / name)
    shutil.copyfile(runner.TEST_CAPTURES / "udp-published-exchange.pcap", folder / "forgotten.pcap")
    (folder / "README.md").write_text("Where they are from.\n")
    (folder / "list.tsv").write_text(LIST)
    return folder


def test_table(folder, user):
    process = run("--quiet", "--blind", folder, folder / "list.tsv")
    assert process.returncode == 1 and process.stderr == "", process.stderr
    n_dns = len(user.frames(folder / "near-dns.pcap", "udp"))
    assert n_dns > 0
    rows = [markdown.cells(line) for line in process.stdout.splitlines() if line.startswith("|")]
    sums = [[cell.format({2: n_dns + 4, 3: n_dns + 21}[turn]) if cell == "{}" else cell for cell in row] for turn, row in enumerate(TABLE)]
    assert [rows[0], *rows[2:]] == sums
    assert re.search(rf"\n\n{datetime.date.today()}, skypefp \d+\.\d+\.\d+( \(\w[\w.-]+\))?, Wireshark \d", process.stdout), process.stdout
    notes = [line for line in process.stdout.splitlines() if re.match(r"\S+\.\w+: ", line)]
    assert notes == ["deep/tcp-seed-reuse-z01.pcap: conversations wrong: 192.168.1.2:50026>198.51.100.7:40002",
                     "forgotten.pcap: datagrams wrong: 1-4", "forgotten.pcap: endpoints wrong: 192.168.0.14:48915",
                     "udp-nat-one-answerer.pcap: datagrams missed: 1-6",
                     "udp-nat-one-answerer.pcap: endpoints missed: 198.51.100.7:12345"]


@pytest.mark.parametrize("line, said", [
    ("udp-chain.pcap", "no endpoint after 'udp-chain.pcap'"),
    ("udp-chain.pcap\t", "no endpoint after 'udp-chain.pcap'"),
    ("absent.pcap\t192.168.1.2:35990", "there is no file 'absent.pcap' in {folder}"),
    ("\t192.168.1.2:35990", "no endpoint after '192.168.1.2:35990'"),
    ("udp chain.pcap 192.168.1.2:35990", "there is no file 'udp chain.pcap' in {folder}"),
    ("udp-chain.pcap\t192.168.1.2:70000", "'192.168.1.2:70000' is not address:port, [address]:port, an address or -"),
    ("udp-chain.pcap\tskype.example:80", "'skype.example:80' is not address:port, [address]:port, an address or -"),
    ("udp-chain.pcap\t-\nudp-chain.pcap\t192.168.1.2", "udp-chain.pcap has an endpoint in one line and - in another"),
])
def test_a_bad_list(folder, tmp_path, line, said):
    """One line that names the place, nothing on stdout, exit code 2."""
    path = tmp_path / "list.tsv"
    path.write_text(f"# one\n{line}\n")
    process = run("--quiet", "--blind", folder, path)
    assert process.returncode == 2 and process.stdout == ""
    assert process.stderr == f"accuracy: {path}:{1 + line.count(chr(10)) + 1}: {said.format(folder=folder)}\n"


def test_an_endpoint_that_the_capture_does_not_have(folder, tmp_path):
    only, path = tmp_path / "captures", tmp_path / "list.tsv"
    only.mkdir()
    shutil.copyfile(folder / "udp-chain.pcap", only / "udp-chain.pcap")
    for wanted in ("192.168.1.2:35991", "192.168.1.9"):
        path.write_text(f"udp-chain.pcap\t{wanted}\n")
        process = run("--quiet", "--blind", only, path)
        assert process.returncode == 2 and process.stdout == ""
        assert process.stderr == f"accuracy: {path}:1: no packet in udp-chain.pcap goes to or from {wanted}\n"


def test_nothing_to_measure(folder, tmp_path):
    path = tmp_path / "list.tsv"
    for arguments, said in (((tmp_path / "absent", path), f"{tmp_path / 'absent'} is not a folder"),
                            ((folder, path), f"{path}: No such file or directory")):
        process = run("--quiet", "--blind", *arguments)
        assert (process.returncode, process.stdout, process.stderr) == (2, "", f"accuracy: {said}\n")
    for content, said in ((b"# nothing\n", "the list is empty"), (b"a.pcap\t\xff\n", "not a text in UTF-8")):
        path.write_bytes(content)
        process = run("--quiet", "--blind", folder, path)
        assert (process.returncode, process.stdout, process.stderr) == (2, "", f"accuracy: {path}: {said}\n")


def test_help_and_document_agree_on_the_list():
    """The format is in --help, and the example of ACCURACY.md is the one of --help."""
    printed = run("--help").stdout
    example = [line.strip().split() for line in printed.splitlines() if re.match(r"    [a-c]\.pcap", line)]
    assert len(example) == 4
    document = DOCUMENT.read_text(encoding="utf-8")
    section = document[document.index("## What the next thousand captures hold"):]
    assert [line.strip().split() for line in section.splitlines() if re.match(r"    [a-c]\.pcap", line)] == example
    assert "./run accuracy --blind FOLDER LIST" in section and "<!-- begin Blind, written by tests/accuracy/accuracy -->" in section
