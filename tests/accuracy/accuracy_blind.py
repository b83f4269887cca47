# SPDX-License-Identifier: GPL-2.0-or-later
"""How skypefp does on captures that it never saw: any folder, and a list of the endpoints in it that are Skype's."""
import collections
import dataclasses
import ipaddress
import re

import accuracy_lists as lists
import accuracy_skypefp as skypefp
import expected as bundled
import markdown
import sharkd
import tshark as runner

FIELDS = (*lists.FIELDS, "tcp.len")
KINDS = skypefp.KINDS
CHUNK = 50      # captures that one sharkd reads
SHOWN = 20      # things of one capture that a note names
NOT_READ = ("unreadable", "timeout", "needs-wireshark")
FORMAT = """\
The LIST of --blind is a text with one line for each endpoint: the path of the capture in FOLDER, blanks or a tab, and the endpoint.

    a.pcap  192.168.1.2:35990
    a.pcap  [2001:db8::1]:40001
    b.pcap  192.168.1.7
    c.pcap  -

An address with a port is Skype's: its datagrams, and the TCP conversations with payload that have it at either end, are expected
to be marked. An address alone is a host that ran Skype on ports that are not known: what is marked there is right, and nothing
is expected. - says that a capture has no Skype. So does not naming it: whatever is marked in it is wrong. Empty lines and lines
that begin with # do not count.
"""


@dataclasses.dataclass
class Listed:
    """What the list says of one capture: name of an endpoint, or address of a host -> line in the list."""
    ends: dict = dataclasses.field(default_factory=dict)
    hosts: dict = dataclasses.field(default_factory=dict)

    def expects(self, parties):
        return any(end in self.ends for end in parties)

    def allows(self, parties):
        return self.expects(parties) or any(host_of(end) in self.hosts for end in parties)


class Result:
    """One capture: how much is in it, and what was marked of it."""

    def __init__(self, path, listed):
        self.path, self.listed = path, listed
        self.n = collections.Counter()
        self.scores = {of: skypefp.Score() for of in KINDS}
        self.notes = []

    def score(self, of, marked, wanted, allowed):
        """All three are sets of things; what is allowed and not wanted counts nowhere."""
        missed, wrong = wanted - marked, marked - wanted - allowed
        self.scores[of] = skypefp.Score(len(marked & wanted), len(missed), len(wrong))
        self.notes += [f"{of} {word}: {shorten(things)}" for word, things in (("missed", missed), ("wrong", wrong)) if things]


def shorten(things):
    if all(isinstance(thing, int) for thing in things):
        words = runner.format_ranges(sorted(things)).split(",")
    else:
        words = sorted(things)
    return ", ".join(words[:SHOWN]) + (f" and {len(words) - SHOWN:,} more" if len(words) > SHOWN else "")


def host_of(end):
    return end.rpartition(":")[0].strip("[]")


def read_end(text):
    """The name of an endpoint and "", or "" and the address of a host. Raises ValueError."""
    match = re.fullmatch(r"\[(.*)\]:(\d+)|([^:]*):(\d+)", text)
    if not match:
        return "", str(ipaddress.ip_address(text))
    address, port = match[1] or match[3], int(match[2] or match[4])
    if not 0 < port < 65536:
        raise ValueError(text)
    return lists.name_end(address, port), ""


def read_list(path, folder):
    """Path of a capture -> Listed. Raises skypefp.Problem that names the line."""
    if not folder.is_dir():
        raise skypefp.Problem(f"{folder} is not a folder")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise skypefp.Problem(f"{path}: {getattr(error, 'strerror', None) or 'not a text in UTF-8'}") from None
    found = collections.defaultdict(Listed)
    empty = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, *text = line.strip().rsplit(maxsplit=1)
        where = f"{path}:{number}"
        if not text:
            raise skypefp.Problem(f"{where}: no endpoint after '{name}'")
        text, capture = text[0], folder / name
        if not capture.is_file():
            raise skypefp.Problem(f"{where}: there is no file '{name}' in {folder}")
        listed = found[capture]
        if text == "-":
            empty[capture] = where
        else:
            try:
                end, host = read_end(text)
            except ValueError:
                raise skypefp.Problem(f"{where}: '{text}' is not address:port, [address]:port, an address or -") from None
            (listed.ends if end else listed.hosts)[end or host] = number
        if capture in empty and (listed.ends or listed.hosts):
            raise skypefp.Problem(f"{where}: {name} has an endpoint in one line and - in another")
    if not found:
        raise skypefp.Problem(f"{path}: the list is empty")
    return found


def judge(result, rows, document, path_of_list):
    """Compares the frames of sharkd, from possible up, and the endpoints of the report, with what the list says."""
    listed, names = result.listed, bundled.name_streams(rows)
    verdicts, parties, with_payload = collections.defaultdict(int), {}, set()
    for row in rows:
        is_segment = bool(row["tcp.stream"])
        thing = names[row["tcp.stream"]] if is_segment else int(row["frame.number"])
        verdicts[thing] = max([verdicts[thing], *bundled.verdicts(row)])
        parties[thing] = lists.ends(row)
        if lists.is_datagram(row) or (is_segment and any(length != "0" for length in bundled.values(row, "tcp.len"))):
            with_payload.add(thing)
    check_ends(listed, {end for ends in parties.values() for end in ends}, path_of_list, result.path)
    for of, kind in (("datagrams", int), ("conversations", str)):
        things = {thing for thing in parties if isinstance(thing, kind)}
        result.n[of] = sum(thing in with_payload or kind is str for thing in things)
        result.score(of, {thing for thing in things if verdicts[thing] >= runner.LIKELY},
                     {thing for thing in things & with_payload if listed.expects(parties[thing])},
                     {thing for thing in things if listed.allows(parties[thing])})
    rows_of_report = skypefp.verdicts_of_endpoints(document)
    begun = {end: verdict for end, verdict in skypefp.verdicts_of_begun(document).items() if end in listed.ends}
    marked = {end for end, verdict in {**begun, **rows_of_report}.items() if verdict >= runner.LIKELY}
    party = {end for ends in parties.values() if listed.allows(ends) for end in ends}
    result.score("endpoints", marked, set(listed.ends), party)


def check_ends(listed, seen, path_of_list, capture):
    """What is listed must be there, or the list is wrong: a slip of the pen would count as missed."""
    for wanted, there in ((listed.ends, seen), (listed.hosts, {host_of(end) for end in seen})):
        for name, number in wanted.items():
            if name not in there:
                raise skypefp.Problem(f"{path_of_list}:{number}: no packet in {capture.name} goes to or from {name}")


def read_frames(tshark, captures, progress):
    """Capture -> frames or a text, by as few sharkds as possible; one of its own where a sharkd did not get to the end."""
    found = {}
    for start in range(0, len(captures), CHUNK):
        found.update(sharkd.read(tshark, captures[start:start + CHUNK], FIELDS, bundled.EVERYTHING, timeout=skypefp.TIMEOUT))
        progress("captures", min(start + CHUNK, len(captures)), len(captures))
    for capture, rows in found.items():
        if rows == sharkd.NO_ANSWER:
            found[capture] = sharkd.read(tshark, [capture], FIELDS, bundled.EVERYTHING, timeout=skypefp.TIMEOUT)[capture]
    return found


def measure(tshark, folder, path_of_list, listed, jobs, progress):
    """Results, and names of captures that could not be read; listed: what read_list made of the list. Raises skypefp.Problem."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.resolve() != path_of_list.resolve())
    documents = skypefp.run_batch(tshark, files, jobs)
    unread = {path for path in files if documents[path]["file"]["status"] in NOT_READ or "packets" not in documents[path]}
    frames = read_frames(tshark, [path for path in files if path not in unread], progress)
    unread |= {path for path, rows in frames.items() if isinstance(rows, str)}
    # A file that nobody named and nothing can read is a text beside the captures.
    not_read = sorted(str(path.relative_to(folder)) for path in unread if path in listed)
    results = []
    for path, rows in frames.items():
        if path not in unread:
            results.append(Result(path, listed.get(path, Listed())))
            judge(results[-1], rows, documents[path], path_of_list)
    if not results:
        raise skypefp.Problem(f"no captures in {folder}")
    return results, not_read


def share(score):
    n = score.right + score.missed
    return f"{score.right:,} of {n:,} ({100 * score.right / n:.1f} %)" if n else "–"


def table(results):
    """Captures, datagrams, conversations, recall and wrong."""
    head = ["captures", "number", "datagrams", "conversations", *(f"recall: {of}" for of in KINDS), *(f"wrong: {of}" for of in KINDS)]
    rows = []
    for name, is_in in (("with Skype", lambda listed: listed.ends or listed.hosts),
                        ("without Skype", lambda listed: not listed.ends and not listed.hosts), ("in sum", lambda listed: True)):
        some = [result for result in results if is_in(result.listed)]
        sums = {of: skypefp.Score() for of in KINDS}
        for result in some:
            for of in KINDS:
                sums[of] += result.scores[of]
        rows.append([name, f"{len(some):,}", *(f"{sum(result.n[of] for result in some):,}" for of in KINDS[:2]),
                     *(share(sums[of]) for of in KINDS), *(f"{sums[of].wrong:,}" for of in KINDS)])
    return markdown.table(head, rows, right=range(1, len(head)))
