# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch in a system that has nothing of Wireshark: a root folder with the program, its libraries, and captures."""
import json
import os
import pathlib
import shutil
import subprocess

import pytest

import tshark as runner
from batches import CLEAN, FOUND, PROGRAM
from test_direct import NEEDS, classic, frames_of

WIRESHARK = ("libwireshark", "libwiretap", "libwsutil", "libpcap")


def libraries(program):
    """The files that the dynamic linker loads for a program, itself included."""
    lines = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout.splitlines()
    return [word for line in lines for word in line.split() if word.startswith("/")]


def try_chroot(root, *command):
    """A namespace of its own: no network, and of files only those below the folder."""
    return subprocess.run(["unshare", "--net", "--mount", shutil.which("chroot"), root, *command], capture_output=True, text=True, check=False, timeout=60,
                          env={"PATH": "/usr/bin", "LC_ALL": "C.UTF-8", "TMPDIR": "/tmp"})


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    if not runner.am_root():
        pytest.skip("only root can change the root folder")
    root = tmp_path_factory.mktemp("root")
    for source in [PROGRAM, *libraries(PROGRAM)]:
        target = root / "usr/bin/skypefp-batch" if source == PROGRAM else root / str(source)[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(os.path.realpath(source), target)
        target.chmod(0o755)
    for name in ("tmp", "dev", "captures"):
        (root / name).mkdir(mode=0o777)
    shutil.copyfile(FOUND, root / "captures/found.pcap")
    shutil.copyfile(CLEAN, root / "captures/clean.pcap")
    (root / "captures/link.pcap").write_bytes(classic(frames_of(FOUND), link=204))
    if try_chroot(root, "/usr/bin/skypefp-batch", "--version").returncode != 0:
        pytest.skip("this machine does not let root change the root folder")
    return root


def test_nothing_of_wireshark_is_needed(root):
    names = [path.name for path in root.rglob("*") if path.is_file()]
    assert len(names) > 5 and not any(name.startswith(WIRESHARK) or name in ("tshark", "sharkd", "dumpcap") for name in names)
    process = try_chroot(root, "/usr/bin/skypefp-batch", "-q", "-f", "jsonl", "/captures")
    assert process.returncode == 4 and process.stderr == ""     # findings, and damage: what needs Wireshark
    lines = {pathlib.Path(line["file"]["name"]).name: line for line in map(json.loads, process.stdout.splitlines())}
    assert {name: line["file"]["status"] for name, line in lines.items()} == {"found.pcap": "ok", "clean.pcap": "ok", "link.pcap": NEEDS}
    assert lines["found.pcap"]["engine"] == "direct" and lines["found.pcap"]["endpoints"][0]["verdict"] == "certain"
    assert "tshark is not installed" in lines["link.pcap"]["file"]["message"]


def test_what_is_missing_is_named(root):
    table = try_chroot(root, "/usr/bin/skypefp-batch", "--color", "never", "/captures")
    assert "1 needs-wireshark" in table.stdout and "link.pcap" in table.stdout and table.returncode == 4
    doctor = try_chroot(root, "/usr/bin/skypefp-batch", "doctor")
    assert "NOT FOUND in PATH" in doctor.stdout and "needs-wireshark" in doctor.stdout
    assert "pcap and pcapng, plain or compressed with gzip, zstd or lz4" in doctor.stdout
    lean = try_chroot(root, "/usr/bin/skypefp-batch", "--engine", "lean", "/captures")
    assert lean.returncode == 3 and "tshark is not in PATH" in lean.stderr
