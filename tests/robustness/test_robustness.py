# SPDX-License-Identifier: GPL-2.0-or-later
"""Every fourth transformation of tests/robustness/robustness (all with ./run test --all), with its first seed: nothing is wrong, and nothing
that must be found is missed."""
import collections
import csv
import dataclasses
import pathlib
import random
import subprocess
import tempfile

import pytest

import tshark as runner

pytest.importorskip("scapy")

import robustness_frames as wire
import robustness_judge as judging
import robustness_required as required_of
import robustness_transformations as transformations
import sharkd

# Of these nothing depends on where a frame came from: on the bundled captures they must change no mark and no rule.
OF_ANY_CAPTURE = ("VLAN", "QinQ", "MPLS", "PPPoE", "GRE", "GRE in IPv6", "IPv4 in IPv4", "IPv4 in IPv6 (4in6)", "VXLAN", "GTP-U",
                  "raw IP", "every frame twice")
BUNDLED = ("tcp-nmap-skypev2.pcap", "tcp-garbage-first.pcap", "tcp-facade-only.pcap", "tcp-bare-form.pcap", "udp-chain.pcap",
           "udp-published-exchange.pcap", "near-tcp-xbt-tracker.pcap")
UNMARKED = ("tcp-facade-only.pcap", "near-tcp-xbt-tracker.pcap")


@pytest.fixture(scope="module")
def judge(corpus, user):
    for folder in ("skype", "other"):
        if not (corpus / folder).is_dir():
            pytest.skip(f"no {corpus / folder}")
    with tempfile.TemporaryDirectory(prefix="skypefp-robustness-") as folder:
        yield judging.Judge(corpus, user, folder)


def test_what_is_required_of_the_captures_is_their_lists(judge):
    counts = collections.Counter()
    for frames in judge.captures.values():
        required = required_of.require(frames, judge.truth)
        counts.update(datagrams=len(required.frames), conversations=len(required.conversations))
    # Less than is marked: two pairs of skype-irc.cap that an answer opens (561, 562, 2110, 2111), and a client's restart (one-way, 4).
    assert counts == {"datagrams": 326 - 4 + 152 + 5 - 1, "conversations": 8 + 86}


@pytest.mark.parametrize("transformation", runner.sample(transformations.ALL, 4), ids=lambda one: one.name)
def test_transformed(judge, transformation):
    judgement = judge.judge(dataclasses.replace(transformation, seeds=transformation.seeds[:1]))
    assert judgement.n_frames > 0
    assert not judgement.wrong
    assert not judgement.missed


def test_outside_a_nat_the_reflected_address_is_the_askers_own(judge, corpus):
    """32 bits instead of the 28 of a public address that two answerers agree on."""
    outside = next(one for one in transformations.ALL if one.name == "NAT, seen from outside")
    found = judge.run(outside)[0]
    with open(corpus / "skype" / "skype-irc.exchanges.tsv", encoding="utf-8") as file:
        replies = [int(row["reply"]) for row in csv.DictReader(file, delimiter="\t") if row["asker"] != row["reflected"]]
    peers = {found.made.frames[reply - 1].src for reply in replies if found.made.frames[reply - 1].packet.src[1] != 35990}
    assert len(peers) == 16
    for peer in peers:
        assert found.endpoints[peer] == ("certain", judge.endpoints[("skype-irc.cap", *peer)][1] + 4)


def test_the_judge_sees_what_is_wrong_and_what_is_missing(judge):
    unchanged = transformations.ALL[0]
    found = judge.run(unchanged)[0]
    foreign = next(index for index in range(len(found.made.frames)) if index not in found.rules)
    proof = min(found.rules)
    found.rules[foreign] = found.rules.pop(proof)
    found.endpoints[("192.0.2.1", 80)] = found.endpoints.popitem()[1]
    judgement = judging.Judgement(unchanged.name, unchanged.must)
    judge.judge_one(judgement, found, unchanged.equal)
    assert len(judgement.wrong) == 2
    assert any(f"frame {proof + 1} " in line for line in judgement.missed)
    assert any("endpoint" in line for line in judgement.missed)


def marks(tshark, paths):
    """Name of the capture -> index of each marked frame -> its rules."""
    rows = sharkd.read(tshark, paths, judging.FIELDS, display_filter="skypefp")
    return {path.name: {int(row["frame.number"]) - 1: row["skypefp.rule"] for row in rows[path]} for path in paths}


@pytest.fixture(scope="module")
def bundled(user):
    """Of each bundled capture its frames and its marks."""
    paths = [runner.TEST_CAPTURES / name for name in BUNDLED]
    before = marks(user, paths)
    return {path.name: ([wire.frame_of(packet) for packet in wire.read(path)], before[path.name]) for path in paths}


@pytest.mark.parametrize("name", runner.sample(OF_ANY_CAPTURE, 2))
def test_bundled(user, bundled, name):
    """The fake HTTP server, of which there is no real capture, and the published exchange."""
    change = next(one.change for one in transformations.ALL if one.name == name)
    made = {capture: change({capture: frames}, random.Random(0))[0] for capture, (frames, _) in bundled.items()}
    with tempfile.TemporaryDirectory(prefix="skypefp-robustness-") as folder:
        pathlib.Path(folder).chmod(0o755)
        for capture, one in made.items():
            wire.write(pathlib.Path(folder) / capture, one.frames, one.link)
            (pathlib.Path(folder) / capture).chmod(0o644)
        after = marks(user, [pathlib.Path(folder) / capture for capture in made])
    assert sum(bool(now) for now in after.values()) == len(BUNDLED) - len(UNMARKED)
    for capture, (_, before) in bundled.items():
        origins = [frame.packet.number - 1 for frame in made[capture].frames]
        marked = {index for index, origin in enumerate(origins) if origin in before}
        assert set(after[capture]) == marked, capture
        assert all(after[capture][index] == before[origins[index]] for index in marked if not is_copy(origins, index)), capture


def is_copy(origins, index):
    return origins[index] in origins[:index]


def test_engines_agree_on_what_is_kept(corpus):
    """The transformed captures stay in a new folder, and skypefp-batch's own reader says of them what Wireshark's dissectors do."""
    with tempfile.TemporaryDirectory(prefix="skypefp-robustness-") as folder:
        kept = pathlib.Path(folder) / "kept"
        kept.parent.chmod(0o755)
        command = [runner.REPOSITORY / "tests" / "robustness" / "robustness", "--keep", kept, "QinQ", "file cut"]
        process, compared, again = (subprocess.run(what, capture_output=True, text=True, check=False) for what in (
            command, [runner.REPOSITORY / "tests" / "batch" / "compare-engines", kept], command))
        n = len(list(kept.iterdir()))
    assert process.returncode == 0 and n > 0, process.stderr
    assert compared.returncode == 0 and f"of {n} captures" in compared.stdout and ", 0 of them differ" in compared.stdout, compared.stdout
    assert again.returncode != 0 and "File exists" in again.stderr
