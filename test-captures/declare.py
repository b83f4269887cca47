# SPDX-License-Identifier: GPL-2.0-or-later
"""How a capture is declared: its name, its source, what it shows and what must come out of it."""

import dataclasses
import pathlib
import re
import sys

from capture_file import ETHERNET, NO_LIMIT

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "tests"))
import rules  # noqa: E402  (in the folder of the tests)

RULES = list(rules.read())
VERDICTS = ("certain", "likely", "possible")

CAPTURES = []


@dataclasses.dataclass
class Capture:
    """One capture file and the result it must give in two passes.

    `marked`          UDP frames that are marked, all of them: "1-4,7", "-" for none
    `evidence`        "frame=rule" that must be there, space separated; more may be there unless `absent`
    `endpoints`       "address:port=verdict", all of them from possible up; a last "*" leaves room for others
    `endpoint_rules`  "address:port=rule" that must stand in that endpoint's evidence, whatever the frame
    `streams`         TCP streams with a mark, all of them: "client:port>server:port", "#2" for the second
                      connection on the same addresses and ports
    `stream_evidence` "stream=rule" that must be there
    `absent`          rules that must fire nowhere in the capture
    `arithmetic`      the sum behind the verdict
    """
    name: str
    source: str
    shows: str
    build: object = None
    marked: str = "-"
    evidence: str = ""
    endpoints: str = ""
    endpoint_rules: str = ""
    streams: str = ""
    stream_evidence: str = ""
    absent: str = ""
    arithmetic: str = ""
    link_type: int = ETHERNET
    snaplen: int = NO_LIMIT

    @property
    def file_name(self):
        """The name of the capture file; `name` may carry the ending .pcapng itself."""
        return self.name if self.name.endswith(".pcapng") else self.name + ".pcap"

    @property
    def fired(self):
        """The rules that must fire, each once, in the order of the rules table."""
        told = f"{self.evidence} {self.stream_evidence} {self.endpoint_rules}".split()
        names = {item.rsplit("=", 1)[1] for item in told}
        return [rule for rule in RULES if rule in names]

    def problems(self, frames):
        """What is wrong with the declaration itself, for a capture of `frames` frames."""
        found = [f"the build has no rule {rule}" for rule in self.absent.split() if rule not in RULES]
        for item in f"{self.evidence} {self.stream_evidence} {self.endpoint_rules}".split():
            if item.rsplit("=", 1)[1] not in RULES:
                found.append(f"the build has no rule as in {item}")
        for item in self.endpoints.split():
            if item != "*" and item.rsplit("=", 1)[1] not in VERDICTS:
                found.append(f"unknown verdict in {item}")
        told = re.findall(r"\d+", self.marked) + re.findall(r"(?:^| )(\d+)=", self.evidence)
        if any(not 1 <= int(frame) <= frames for frame in told):
            found.append("a frame number is not in the capture")
        clash = set(self.fired) & set(self.absent.split())
        return found + [f"{rule} both fires and must not" for rule in clash]


def capture(name, **told):
    """Decorator: the function writes the frames of the capture `name` onto the tape that it is given."""
    def declare(build):
        if any(known.name == name for known in CAPTURES):
            raise ValueError(f"two captures are called {name}")
        CAPTURES.append(Capture(name=name, build=build, **told))
        return build
    return declare
