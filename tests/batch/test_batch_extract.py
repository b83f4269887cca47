# SPDX-License-Identifier: GPL-2.0-or-later
"""--extract: a capture of the marked frames that proves itself again, with the same verdicts and bits, and replaces nothing."""
import gzip
import hashlib
import json
import os
import pathlib
import subprocess

import pytest

import hostile_captures
import tshark as runner
from batches import BOTH, CLEAN, FINDINGS, FOUND, LIKELY, POSSIBLE, USAGE, batch  # noqa: F401

REAL = ["skype-irc.cap", "skype-2015.pcap", "skype-one-way.pcap"]
OWN = ["udp-chain", "udp-fragments-generator", "udp-vxlan", "udp-ipv6-generator", "tcp-nmap-skypev2", "tcp-two-faces-and-echo",
       "tcp-seed-generator", "tcp-login-2015", "tcp-fake-tls-late-answer", "tcp-byte-by-byte"]


def extract(batch, name, *captures, code=FINDINGS, arguments=()):  # noqa: F811
    """The extracts in a new folder, by name."""
    process = batch.call("--quiet", "--format", "jsonl", *arguments, "--extract", name, *captures)
    assert (process.returncode, process.stderr) == (code, "")
    return sorted((batch.folder / name).iterdir())


def proven(line):
    """What is at least likely: endpoints with bits and rules, and conversations with their marked packets."""
    strong = ("likely", "certain")
    ends = [(row["address"], row["port"], row["verdict"], row["bits"], sorted((proof["rule"], proof["bits"]) for proof in row["evidence"]))
            for row in line["endpoints"] if row["verdict"] in strong]
    flows = [(row["community_id"], row["verdict"], row["bits"], row["marked"]) for row in line["conversations"] if row["verdict"] in strong]
    return sorted(ends), sorted(flows)


def check(batch, capture, name, **options):  # noqa: F811
    """The extract of a capture proves what the capture does; it is returned."""
    [path] = extract(batch, name, capture, **options)
    source, copy = batch.lines(capture)[0], batch.lines(path)[0]
    assert proven(copy) == proven(source) != ([], [])
    assert copy["capture"]["frames"] <= source["capture"]["frames"]
    return path


@pytest.mark.parametrize("name", REAL)
def test_extracts_of_real_captures_prove_the_same(batch, corpus, name):  # noqa: F811
    capture = batch.copy(corpus / "skype" / name, name)
    path = check(batch, capture, f"extracts-{name}")
    assert path.stat().st_size < capture.stat().st_size or name == "skype-one-way.pcap"


@pytest.mark.parametrize("name", OWN)
def test_extracts_of_own_captures_prove_the_same(batch, name):  # noqa: F811
    check(batch, runner.TEST_CAPTURES / f"{name}.pcap", f"extracts-{name}")


def test_frames_are_those_of_the_source(batch, corpus):  # noqa: F811
    """Octets and times, as the comment of each says which; the proof names its rule and bits."""
    capture = batch.copy(corpus / "skype" / "skype-irc.cap", "compared.cap")
    [path] = extract(batch, "extracts-compared", capture)
    fields = ("-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "ip.id", "-e", "frame.protocols")
    source = batch.tshark.read(capture, *fields).splitlines()
    comments = batch.tshark.read(path, "-T", "fields", "-e", "frame.comment").splitlines()
    numbers = [int(comment.split()[1]) for comment in comments]
    assert numbers == sorted(set(numbers))
    assert [source[number - 1] for number in numbers] == batch.tshark.read(path, *fields).splitlines()
    assert any(comment == "Frame 187 of the source: udp.iv 26 bits (with frame 186)" for comment in comments)
    marked = batch.tshark.frames(capture, two_pass=True)
    assert set(marked) <= set(numbers)


def test_wireshark_marks_the_extract(batch, corpus):  # noqa: F811
    """In two passes as many frames as in the source."""
    capture = batch.copy(corpus / "skype" / "skype-irc.cap", "marked.cap")
    [path] = extract(batch, "extracts-marked", capture)
    assert len(batch.tshark.frames(path, two_pass=True)) == len(batch.tshark.frames(capture, two_pass=True))


def one_generator(n):
    """n payloads of one port whose IVs are its generator's, to a hundred peers; each is followed by a packet of no interest."""
    iv = 0x3C1D70A5
    for i in range(n):
        peer = (0xC6336401 + i % 100, 40002)
        yield hostile_captures.udp((0xC0A80102, 35990), peer, hostile_captures.request(i & 0xFFFF, iv, i))
        yield hostile_captures.udp((0xC0A80103, 123), peer, b"nothing")
        iv = (iv * 0x10DCD + 0x4271) & 0xFFFFFFFF


def test_ten_thousand_frames(batch):  # noqa: F811
    path = batch.make("many.pcap")
    hostile_captures.write(path, hostile_captures.at_pace(one_generator(10_000)))
    extracted = check(batch, path, "extracts-many")
    assert batch.lines(extracted)[0]["capture"]["frames"] == 10_000


def test_section_names_the_source(batch):  # noqa: F811
    [path] = extract(batch, "extracts-named", FOUND)
    sha256 = hashlib.sha256(FOUND.read_bytes()).hexdigest()
    assert path.name == f"{FOUND.name}-{sha256[:12]}.pcapng"
    printed = subprocess.run(["capinfos", "-k", path], capture_output=True, text=True, check=False).stdout
    assert f"Extract of {FOUND}, SHA-256 {sha256}: 4 of its frames" in printed


def test_compressed_sources(batch):  # noqa: F811
    check(batch, batch.make("squeezed.pcap.gz", gzip.compress(FOUND.read_bytes())), "extracts-squeezed")


def test_nothing_to_extract(batch):  # noqa: F811
    assert extract(batch, "extracts-none", CLEAN, POSSIBLE, code=0) == []


def is_open(pid, path):
    """Whether a process or one of its children has a file open."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    links = []
    for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(os.readlink(fd))
        except OSError:
            pass
    return str(path) in links or any(is_open(int(child), path) for child in children.read_text().split())


def test_nothing_is_replaced(batch):  # noqa: F811
    [path] = extract(batch, "extracts-twice", FOUND)
    path.write_bytes(b"mine")
    process = batch.call("--quiet", "--format", "jsonl", "--extract", "extracts-twice", FOUND)
    assert process.returncode == BOTH and "exists and is not the complete extract" in process.stderr and path.read_bytes() == b"mine"
    path.unlink()
    target = batch.make("elsewhere", b"evidence")
    os.symlink(target, path)
    process = batch.call("--quiet", "--format", "jsonl", "--extract", "extracts-twice", FOUND)
    assert process.returncode == BOTH and target.read_bytes() == b"evidence"


def test_file_replaced_in_between(batch):  # noqa: F811
    """The name leads to another capture when the extract is made: nothing is extracted, and that is damage."""
    path, other = batch.make("replaced/x.pcap"), batch.copy(LIKELY, "replaced/other.pcap")
    hostile_captures.write(path, hostile_captures.at_pace(one_generator(150_000)))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    command = batch.command("-q", "--engine", "direct", "-f", "jsonl", "--extract", "extracts-replaced", path)
    with subprocess.Popen(command, cwd=batch.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while not is_open(process.pid, path):
            assert process.poll() is None
        os.replace(other, path)
        output, errors = process.communicate(timeout=60)
    assert json.loads(output)["file"]["sha256"] == sha256
    assert process.returncode == BOTH and "the file has changed since it was examined" in errors
    assert not list((batch.folder / "extracts-replaced").iterdir())


def test_extracts_that_are_there(batch):  # noqa: F811
    """From an earlier run, or from a copy of the capture: they count as done, and stay as they are."""
    copy = batch.copy(FOUND, f"copies/{FOUND.name}")
    [path] = extract(batch, "extracts-there", FOUND, copy)
    before = path.stat()
    assert extract(batch, "extracts-there", copy) == extract(batch, "extracts-there", FOUND) == [path]
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    path.write_bytes(path.read_bytes()[:-4])    # a run that was killed
    process = batch.call("--quiet", "--format", "jsonl", "--extract", "extracts-there", FOUND)
    assert process.returncode == BOTH and "exists and is not the complete extract" in process.stderr


def test_extracts_of_extracts(batch):  # noqa: F811
    """There are none in one folder, and a folder of extracts inside of what is searched is left out unless it is named."""
    batch.copy(FOUND, "rounds/found.pcap")
    paths = extract(batch, "rounds", "rounds")
    assert len(paths) == 2 and extract(batch, "rounds", "rounds") == paths
    batch.copy(FOUND, "inside/found.pcap")
    assert len(extract(batch, "inside/extracts", "inside")) == 1
    assert [line["file"]["name"] for line in batch.lines("--extract", "inside/extracts", "inside")] == ["inside/found.pcap"]
    assert len(batch.lines("--extract", "inside/extracts", "inside/extracts")) == len(batch.lines("inside/extracts")) == 1


def test_what_says_that_it_is_an_extract(batch):  # noqa: F811
    """Any capture can: it counts in the folder of the extracts alone, for a file itself, and is reported."""
    [source] = extract(batch, "claims-source", FOUND)
    claim = batch.copy(source, "claims/claim.pcapng")
    os.symlink(claim, batch.folder / "claims-source/link.pcapng")
    assert [path.name[:12] for path in extract(batch, "claims-extracts", claim)] == ["claim.pcapng"]
    for quiet, n_notes in (["-q"], 0), ([], 1):
        process = batch.call(*quiet, "-f", "jsonl", "--extract", "claims", claim)
        assert process.returncode == FINDINGS and list(claim.parent.iterdir()) == [claim]
        assert process.stderr.count(f'"{claim}" is in the folder of the extracts and says that it is one') == n_notes
    assert len(extract(batch, "claims-source", batch.folder / "claims-source/link.pcapng")) == 3


def test_folder_that_cannot_be_made(batch):  # noqa: F811
    process = batch.call("--quiet", "--format", "jsonl", "--extract", batch.make("a-file", b"x"), FOUND)
    assert process.returncode == USAGE and "could not make the folder" in process.stderr


@pytest.mark.parametrize("name", ["-.pcap", "a\nb.pcap", "%2e.pcap", "\u202e.pcap"])
def test_hostile_names(batch, name):  # noqa: F811
    path = batch.make("hostile-extracts/" + name, FOUND.read_bytes())
    folder = f"extracts-hostile-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    [extracted] = extract(batch, folder, path)
    assert extracted.name.isascii() and extracted.name.isprintable()


def test_sources_that_only_wireshark_can_read(batch):  # noqa: F811
    """They are named and count as damage; the report is there."""
    path = batch.folder / "other-format.snoop"
    subprocess.run(["editcap", "-F", "snoop", FOUND, path], check=True, capture_output=True)
    batch.give(path)
    process = batch.call("--quiet", "--format", "jsonl", "--extract", "extracts-snoop", path)
    assert process.returncode == BOTH and "only Wireshark" in process.stderr
    assert not list((batch.folder / "extracts-snoop").iterdir())
