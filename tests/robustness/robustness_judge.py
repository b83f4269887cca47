# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs transformed captures through Wireshark and skypefp-batch, and compares what is marked with what must be."""
import collections
import dataclasses
import json
import pathlib
import re
import shutil

import robustness_frames as wire
import robustness_required as required_of
import robustness_transformations as transformations
import robustness_truth as truth_of
import sharkd
import tshark as runner

FIELDS = ("frame.number", "skypefp.rule", "skypefp.verdict")
BATCH = runner.BUILD / "batch" / "skypefp-batch"
CHUNK = 12  # captures that one sharkd reads
FOREIGN_EVERY, FOREIGN_FRAMES = 4, 60  # of the captures of other protocols: every so many-th, so many frames of it
ENDS_DAMAGED = 2  # exit code of skypefp-batch; tshark's differs from one Wireshark to the next


class Captures(dict):
    """Name -> untransformed frames, and those of other protocols."""

    def __init__(self, corpus):
        super().__init__((name, [wire.frame_of(packet) for packet in wire.read(corpus / "skype" / name)])
                         for name in truth_of.CLIENT_PORTS)
        self._others = corpus / "other"

    def foreign(self):
        paths = sorted(path for path in self._others.iterdir() if path.suffix in (".pcap", ".cap"))
        for path in paths[::FOREIGN_EVERY]:
            if wire.link_type(path) == wire.ETHERNET:
                frames = [wire.frame_of(packet) for packet in wire.read(path, FOREIGN_FRAMES)]
                if frames:
                    yield frames


@dataclasses.dataclass
class Found:
    """What the plugin says of one transformed capture."""
    made: transformations.Made
    path: pathlib.Path
    rules: dict = dataclasses.field(default_factory=dict)  # index of a marked frame -> its rules
    endpoints: dict = dataclasses.field(default_factory=dict)  # (address, port) at least likely -> (verdict, bits)


@dataclasses.dataclass
class Count:
    marked: int = 0
    left: int = 0  # of the lists, in the transformed capture
    required: int = 0

    def add(self, marked, left, required):
        self.marked += len(marked & left)
        self.left += len(left)
        self.required += len(required)


@dataclasses.dataclass
class Judgement:
    name: str
    must: str
    n_captures: int = 0
    n_frames: int = 0
    datagrams: Count = dataclasses.field(default_factory=Count)
    conversations: Count = dataclasses.field(default_factory=Count)
    endpoints: Count = dataclasses.field(default_factory=Count)
    wrong: list = dataclasses.field(default_factory=list)  # marked and not Skype's
    missed: list = dataclasses.field(default_factory=list)  # required and not marked, or not as in the untransformed capture


class Judge:
    def __init__(self, corpus, tshark, folder, kept=None):
        """folder: an empty one, for the transformed captures; kept: another one, where they stay."""
        self.folder, self.kept = pathlib.Path(folder), kept
        self.folder.chmod(0o755)
        self.tshark = tshark
        self.captures = Captures(corpus)
        self.truth = truth_of.read(corpus / "skype", {name: [frame.packet for frame in frames]
                                                      for name, frames in self.captures.items()})
        self.proven = {end for frames in self.captures.values() for end in required_of.require(frames, self.truth).endpoints}
        self.rules, self.endpoints = {}, {}  # of the untransformed captures, by original names
        for found in self.run(transformations.ALL[0]):
            frames = found.made.frames
            self.rules.update({truth_of.key(frames[index].packet): rules for index, rules in found.rules.items()})
            self.endpoints.update({(frames[0].packet.capture, *end): what for end, what in found.endpoints.items()})

    def run(self, transformation):
        """What is found in every capture that the transformation makes, with all of its seeds."""
        founds = []
        for seed in transformation.seeds:
            made = transformation.change(self.captures, transformations.random_of(transformation, seed))
            for number, one in enumerate(made):
                path = self.folder / f"{len(founds)}-{seed}-{number}.pcap"
                wire.write(path, one.frames, one.link)
                with path.open("r+b") as file:
                    file.truncate(path.stat().st_size - one.cut_at)
                path.chmod(0o644)
                founds.append(Found(one, path))
        self.read_frames(founds)
        self.read_endpoints(founds)
        for found in founds:
            if self.kept:
                shutil.move(found.path, self.kept / f"{re.sub('[^a-zA-Z0-9]+', '-', transformation.name)}-{found.path.name}")
            else:
                found.path.unlink()
        return founds

    def read_frames(self, founds):
        whole = [found for found in founds if not found.made.cut_at]
        for start in range(0, len(whole), CHUNK):
            chunk = whole[start:start + CHUNK]
            rows = sharkd.read(self.tshark, [found.path for found in chunk], FIELDS, display_filter="skypefp")
            for found in chunk:
                assert not isinstance(rows[found.path], str), f"{found.path.name}: {rows[found.path]}"
                found.rules = {int(row["frame.number"]) - 1: row["skypefp.rule"] for row in rows[found.path]}
        for found in founds:
            if found.made.cut_at:  # sharkd of Wireshark 4.0 never answers
                found.rules = self.read_cut(found.path)

    def read_cut(self, path):
        process = self.tshark.call("-2", "-r", path, "-Y", "skypefp", "-T", "fields", "-e", "frame.number", "-e", "skypefp.rule")
        assert process.returncode > 0 and "cut short in the middle of a packet" in process.stderr, process.stderr
        rows = [line.split("\t") for line in process.stdout.splitlines()]
        return {int(number) - 1: rules for number, rules in rows}

    def read_endpoints(self, founds):
        process = self.tshark.call("--quiet", "--fail-on", "never", "--format", "jsonl", *(found.path for found in founds),
                                   program=BATCH)
        assert process.returncode == (ENDS_DAMAGED if any(found.made.cut_at for found in founds) else 0), process.stderr
        reports = {pathlib.Path(report["file"]["name"]).name: report for report in map(json.loads, process.stdout.splitlines())}
        for found in founds:
            found.endpoints = {(row["address"], row["port"]): (row["verdict"], row["bits"])
                               for row in reports[found.path.name]["endpoints"] if row["verdict"] in ("likely", "certain")}
            for row in reports[found.path.name]["conversations"]:       # who begins on TCP is no endpoint of its own
                if row["transport"] == "tcp" and row["verdict"] in ("likely", "certain"):
                    source = (row["source"]["address"], row["source"]["port"])
                    found.endpoints.setdefault(source, (row["verdict"], row["bits"]))

    def judge(self, transformation):
        judgement = Judgement(transformation.name, transformation.must)
        for found in self.run(transformation):
            self.judge_one(judgement, found, transformation.equal)
        return judgement

    def judge_one(self, judgement, found, equal):
        frames = found.made.frames[:-1] if found.made.cut_at else found.made.frames
        names = new_names(frames)
        required = required_of.require(frames, self.truth)
        datagrams = {index for index, frame in enumerate(frames) if truth_of.key(frame.packet) in self.truth.datagrams}
        conversations = self.conversations(frames)
        own = datagrams | self.closes(frames) | {index for indexes in conversations.values() for index in indexes}
        ends = {(packet.capture, *end) for packet in (frames[index].packet for index in own) for end in (packet.src, packet.dst)}
        marked_streams = {name for name, indexes in conversations.items() if indexes <= found.rules.keys()}
        marked_ends = {end for end in ends if names[end] in found.endpoints}

        judgement.n_captures += 1
        judgement.n_frames += len(frames)
        judgement.datagrams.add(found.rules.keys(), datagrams, required.frames)
        judgement.conversations.add(marked_streams, conversations.keys(), required.conversations)
        judgement.endpoints.add(marked_ends, ends & self.proven, required.endpoints)
        judgement.wrong += [f"{found.path.name}: frame {index + 1} was {truth_of.key(frames[index].packet)}"
                            for index in sorted(found.rules.keys() - own)]
        judgement.wrong += [f"{found.path.name}: endpoint {end}" for end in found.endpoints.keys() - {names[end] for end in ends}]
        judgement.missed += [f"{found.path.name}: frame {index + 1} was {truth_of.key(frames[index].packet)}"
                             for index in sorted(required.frames - found.rules.keys())]
        judgement.missed += [f"{found.path.name}: conversation {name}" for name in sorted(required.conversations - marked_streams)]
        judgement.missed += [f"{found.path.name}: endpoint {end} is not {verdict}" for end, verdict in required.endpoints.items()
                             if found.endpoints.get(names[end], ("none", 0))[0] not in (verdict, "certain")]
        judgement.missed += self.differences(found, frames, names, equal)

    def conversations(self, frames):
        """Name -> indexes of the frames with payload, of each listed conversation that has any left."""
        conversations = collections.defaultdict(set)
        for index, frame in enumerate(frames):
            key = truth_of.key(frame.packet)
            if frame.packet.payload_len and key in self.truth.conversation_of:
                conversations[self.truth.conversation_of[key].name].add(index)
        return conversations

    def closes(self, frames):
        """Indexes of the frames that end a listed conversation."""
        return {index for index, frame in enumerate(frames)
                if frame.packet.flags & (wire.FIN | wire.RST) and truth_of.key(frame.packet) in self.truth.conversation_of}

    def differences(self, found, frames, names, equal):
        """From the untransformed captures, as far as the transformation promises that there are none."""
        here = {truth_of.key(frame.packet) for frame in frames}
        if equal >= transformations.MARKS:
            for index, frame in enumerate(frames):
                before, now = self.rules.get(truth_of.key(frame.packet)), found.rules.get(index)
                is_same = before == now if equal >= transformations.RULES else (before is None) == (now is None)
                if not is_same and not is_later_copy(frames, index):
                    yield f"{found.path.name}: frame {index + 1}: {before!r} became {now!r}"
        if equal >= transformations.BITS:
            captures = {capture for capture, _ in here}
            for end, before in self.endpoints.items():
                now = found.endpoints.get(names.get((end[0], octets(end[1]), end[2])))
                if end[0] in captures and before != now:
                    yield f"{found.path.name}: endpoint {end}: {before} became {now}"


def is_later_copy(frames, index):
    return index > 0 and frames[index].packet is frames[index - 1].packet


def octets(address):
    return bytes(map(int, address.split(".")))


def new_names(frames):
    """(capture, address, port) as captured -> (address, port) as they are called now."""
    names = {}
    for frame in frames:
        for before, now in ((frame.packet.src, frame.src), (frame.packet.dst, frame.dst)):
            if before:
                names[(frame.packet.capture, *before)] = now
    return names
