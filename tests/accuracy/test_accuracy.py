# SPDX-License-Identifier: GPL-2.0-or-later
"""tests/accuracy/accuracy: nothing wrong and nothing missed over the whole corpus, and it notices when something is."""
import re
import subprocess
import sys

import pytest

import accuracy_tables as tables
import calibration
import markdown
import rules
import tshark as runner

PROGRAM = runner.REPOSITORY / "tests" / "accuracy" / "accuracy"
DOCUMENT = runner.REPOSITORY / "tests" / "accuracy" / "ACCURACY.md"


def run(*arguments):
    return subprocess.run([sys.executable, PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=850)


def test_nothing_is_wrong_or_missed(corpus):
    for folder in ("skype", "other"):
        if not (corpus / folder).is_dir():
            pytest.skip(f"no {corpus / folder}")
    process = run("--skypefp", "--brief", "--quiet")
    assert process.returncode == 0, process.stdout + process.stderr
    sums = [markdown.cells(line) for line in process.stdout.splitlines() if re.search(r"\d / \d", line)]
    assert ["peer-to-peer Skype", "3", "datagrams", "481 / 0 / 0"] in sums
    assert ["", "", "conversations", "94 / 0 / 0"] in sums
    others = [row for row in sums if row[0] == "other protocols"]
    assert others[0][2:] == ["datagrams", "0 / 0 / 0"] and int(others[0][1].replace(",", "")) > 3000


@pytest.fixture(scope="module")
def spoiled(corpus, tmp_path_factory):
    """What the program prints of a corpus with a capture of Skype among the others, and one line more and one less in a list."""
    if not (corpus / "skype").is_dir():
        pytest.skip(f"no {corpus / 'skype'}")
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("skype", "other"):
        (folder / name).mkdir()
    for path in (corpus / "skype").iterdir():
        if path.suffix != ".tsv":
            (folder / "skype" / path.name).symlink_to(path)
    for path in (corpus / "skype").glob("*.tsv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if path.name == "skype-irc.tcp.tsv":
            stray = lines[1].replace("192.168.1.2:1312\t68.206.150.243:57322", "192.168.1.2:1782\t69.205.247.140:9908")
            assert stray != lines[1]
            lines = [lines[0], stray, *lines[2:]]
        (folder / "skype" / path.name).write_text("".join(lines), encoding="utf-8")
    (folder / "other" / "innocent.pcap").symlink_to(runner.TEST_CAPTURES / "udp-published-exchange.pcap")
    (folder / "other" / "clean.pcap").symlink_to(runner.TEST_CAPTURES / "near-dns.pcap")
    return run("--skypefp", "--brief", "--quiet", "--corpus", folder)


def test_wrong_and_missed_are_noticed(spoiled):
    assert spoiled.returncode == 1, spoiled.stderr
    wrong = [line for line in spoiled.stdout.splitlines() if line.startswith("WRONG: ")]
    assert "WRONG: innocent.pcap: datagrams: 2 is marked" in wrong
    assert "WRONG: innocent.pcap: udp.reflect fires on 2" in wrong
    assert "WRONG: innocent.pcap: endpoints: 192.168.0.14:48915 is marked" in wrong
    assert "WRONG: skype-irc.cap: conversations: 192.168.1.2:1312>68.206.150.243:57322 is marked" in wrong
    assert any(re.fullmatch(r"WRONG: skype-irc.cap: conversations: \S+ is missed", line) for line in wrong)
    assert not any("clean.pcap" in line for line in wrong)
    assert re.search(r"\| conversations *\| 93 / 1 / 1 *\|", spoiled.stdout)


def test_without_a_corpus(tmp_path):
    process = run("--skypefp", "--quiet", "--corpus", tmp_path)
    assert process.returncode == 2
    assert process.stderr.startswith("accuracy: no captures in ") and process.stderr.count("\n") == 1


def counted(n, hits=0):
    counts = calibration.Counts()
    for end in range(n):
        counts.tallies["opportunity", "udp.counter", False].add(1, 0, f"port {end}")
    for end in range(hits):
        counts.tallies["hit", "udp.counter", False].add(1, 0, f"port {end}")
    for kind in ("opportunity", "hit"):
        counts.tallies[kind, "udp.counter", True].add(1, 0, "client")
    return counts


def weighed(key, bits, basis, theory=0):
    return {key: rules.Rule(key, "", bits, "", "", basis, theory, "")}


def test_a_weight_needs_a_reason():
    def violations(counts, *rule):
        return list(calibration.violations(counts, weighed(*rule)))

    assert not violations(counted(512), "udp.counter", 9, "measured")
    assert violations(counted(511), "udp.counter", 9, "measured")
    assert violations(counted(0), "udp.counter", 1, "measured")
    assert not violations(counted(512, hits=2), "udp.counter", 8, "measured")
    assert violations(counted(512, hits=2), "udp.counter", 9, "measured")
    assert violations(counted(1), "udp.echo", 17, "theory", 16)
    assert not violations(counted(1), "udp.echo", 16, "theory", 16)
    assert violations(counted(1), "udp.resend", 65, "theory", 112)
    assert violations(counted(1), "host.update_check", 1, "no bits")
    assert not violations(counted(1), "endpoint.both", 6, "convention")


def test_every_rule_is_counted(corpus):
    """With a corpus `./run accuracy --write` counts; without one tests/tools/update-reference writes dashes."""
    block = re.search(r"<!-- begin Calibration.*?<!-- end Calibration", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL).group()
    rows = [markdown.cells(line) for line in block.splitlines() if line.startswith("| `")]
    assert [row[0].strip("`") for row in rows] == list(rules.read())
    assert not [row[0] for row in rows if row[3] == "–"]


def test_conventions():
    """The table follows from the calibration above it, has each rule with a convention, and says what the counts say."""
    text = DOCUMENT.read_text(encoding="utf-8")
    counts, written = (re.search(rf"<!-- begin {name},.*?-->\n(.*?)\n<!-- end {name},", text, re.DOTALL)[1] for name in ("Calibration", "Conventions"))
    assert tables.conventions(counts, rules.read()) == written
    rows = {row[0].strip("`"): row for row in map(markdown.cells, written.splitlines()[2:])}
    assert set(rows) == {key for key, rule in rules.read().items() if "convention" in rule.why}
    assert rows["tcp.rhythm"][1] == "16" and "tcp.login" not in rows


def test_when_counts_replace_a_convention():
    assert calibration.replacement(6, 64, 0, 4, 1) == "yes: the counts give 6 bits"
    assert calibration.replacement(6, 63, 0, 4, 1) == "no: the counts give 5 bits"
    assert calibration.replacement(6, 256, 1, 4, 1) == "yes: the counts give 6 bits"
    assert calibration.replacement(6, 256, 2, 4, 1) == "no: the counts give 5 bits"
    assert calibration.replacement(6, 2, 2, 4, 1) == "no: the counts give 0 bits"
    assert calibration.replacement(6, 0, 0, 4, 1) == "no: nothing else could have shown it"
    assert calibration.replacement(6, 10000, 0, 4, 0) == "no: it was never counted on Skype"
