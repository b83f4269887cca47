# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads test-captures/expected.tsv, and the rows in which Wireshark shows the same: frames, streams, verdicts and rules."""
import dataclasses

import tshark as runner

SET = {"1", "Set", "True"}  # as versions of Wireshark write a flag
FIELDS = ("frame.number", "tcp.stream", "tcp.srcport", "tcp.dstport", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.flags.syn",
          "tcp.flags.ack", "skypefp.verdict", "skypefp.rule", "skypefp.endpoint")
VERDICTS = {"none": runner.NONE, "possible": runner.POSSIBLE, "likely": runner.LIKELY, "certain": runner.CERTAIN}
EVERYTHING = (("skypefp.threshold", "possible"),)


@dataclasses.dataclass
class Expected:
    """One line of expected.tsv."""
    marked: list
    evidence: set
    endpoints: dict
    is_open: bool  # other endpoints may have a verdict
    streams: set
    stream_evidence: set
    endpoint_rules: set
    absent: set


def cells(text):
    return [] if text == "-" else text.split(",")


def pairs(text):
    """The "what=value" items of a cell."""
    return [tuple(item.rsplit("=", 1)) for item in cells(text)]


def parse_line(line):
    name, marked, evidence, endpoints, streams, stream_evidence, endpoint_rules, absent = line.split("\t")
    verdicts = {where: VERDICTS[verdict] for where, verdict in pairs(endpoints.replace(",*", ""))}
    return name, Expected(runner.parse_ranges("" if marked == "-" else marked),
                          {(int(frame), rule) for frame, rule in pairs(evidence)}, verdicts, endpoints.endswith("*"),
                          set(cells(streams)), set(pairs(stream_evidence)), set(pairs(endpoint_rules)), set(cells(absent)))


def read_expected():
    lines = (runner.TEST_CAPTURES / "expected.tsv").read_text(encoding="utf-8").splitlines()
    return dict(parse_line(line) for line in lines if not line.startswith("#"))


EXPECTED = read_expected()


def values(row, field):
    return row[field].split(",") if row[field] else []


def rules(row):
    return set(values(row, "skypefp.rule"))


def verdicts(row):
    return [VERDICTS[verdict] for verdict in values(row, "skypefp.verdict")]


def is_marked(row):
    return max(verdicts(row), default=runner.NONE) >= runner.LIKELY


def end_name(row, side):
    """Address and port of one side ("src" or "dst") of a segment, the innermost one of a tunnel."""
    if row[f"ipv6.{side}"]:
        return f"[{values(row, f'ipv6.{side}')[-1]}]:{values(row, f'tcp.{side}port')[-1]}"
    return f"{values(row, f'ip.{side}')[-1]}:{values(row, f'tcp.{side}port')[-1]}"


def name_streams(rows):
    """tcp.stream -> "client>server", "#2" for the second on the same four numbers."""
    names, times = {}, {}
    for row in rows:
        if row["tcp.stream"] and row["tcp.stream"] not in names:
            is_answer = {row["tcp.flags.syn"], row["tcp.flags.ack"]} <= SET
            client, server = ("dst", "src") if is_answer else ("src", "dst")
            name = f"{end_name(row, client)}>{end_name(row, server)}"
            times[name] = times.get(name, 0) + 1
            names[row["tcp.stream"]] = name if times[name] == 1 else f"{name}#{times[name]}"
    return names
