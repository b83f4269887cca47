# SPDX-License-Identifier: GPL-2.0-or-later
"""The packages of this tree: lintian has nothing to say, and the programs in both are hardened. Takes minutes: ./run test --all."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ("skypefp.so", "skypefp-batch")


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """Name -> files of that name in the Debian package and in the tarball."""
    if not os.environ.get("SKYPEFP_ALL"):
        pytest.skip("takes minutes; ./run test --all")
    missing = [program for program in ("dpkg-buildflags", "dpkg-shlibdeps", "lintian", "readelf") if not shutil.which(program)]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    out = tmp_path_factory.mktemp("packages")
    process = subprocess.run([ROOT / "plugin" / "package" / "make", out], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr
    deb, = out.glob("*.deb")
    tarball, = out.glob("*.tar.gz")
    lintian = subprocess.run(["lintian", "--allow-root", "--display-info", deb], capture_output=True, text=True, check=False)
    assert lintian.stdout == "" and lintian.returncode == 0, lintian.stdout
    subprocess.run(["dpkg-deb", "-x", deb, out / "deb"], check=True)
    (out / "home").mkdir()
    subprocess.run(["tar", "-xzf", tarball, "-C", out / "home"], check=True)
    return {name: [path for folder in ("deb", "home") for path in (out / folder).rglob(name) if path.read_bytes()[:4] == b"\x7fELF"]
            for name in PROGRAMS}


def readelf(path, *options):
    return subprocess.run(["readelf", "--wide", *options, path], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", PROGRAMS)
def test_hardened(programs, name):
    """Position-independent; all symbols bound at the start, read-only from then on; stack and buffers checked."""
    assert len(programs[name]) == 2
    for path in programs[name]:
        assert "DYN" in readelf(path, "--file-header")
        assert "GNU_RELRO" in readelf(path, "--program-headers")
        assert re.search(r"BIND_NOW|FLAGS_1.*NOW", readelf(path, "--dynamic"))
        symbols = readelf(path, "--dyn-syms")
        assert " __stack_chk_fail@" in symbols and re.search(r" __[a-z]+_chk@", symbols)
