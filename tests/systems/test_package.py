# SPDX-License-Identifier: GPL-2.0-or-later
"""The packages of this tree: lintian has nothing to say, the programs in both are hardened, and both hold the same files. Takes minutes: ./run test --all."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ("skypefp.so", "skypefp-batch")


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """The folders where the Debian package and the tarball were unpacked: deb, home."""
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
    return out / "deb", out / "home"


def readelf(path, *options):
    return subprocess.run(["readelf", "--wide", *options, path], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", PROGRAMS)
def test_hardened(packages, name):
    """Position-independent; all symbols bound at the start, read-only from then on; stack and buffers checked."""
    paths = [path for folder in packages for path in folder.rglob(name) if path.read_bytes()[:4] == b"\x7fELF"]
    assert len(paths) == 2
    for path in paths:
        assert "DYN" in readelf(path, "--file-header")
        assert "GNU_RELRO" in readelf(path, "--program-headers")
        assert re.search(r"BIND_NOW|FLAGS_1.*NOW", readelf(path, "--dynamic"))
        symbols = readelf(path, "--dyn-syms")
        assert " __stack_chk_fail@" in symbols and re.search(r" __[a-z]+_chk@", symbols)


def test_both_hold_the_same_profile(packages):
    """With the colours of Wireshark itself, which a profile's rules replace."""
    deb, home = (folder / below / "wireshark" / "profiles" / "Skype fingerprint"
                 for folder, below in zip(packages, ("usr/share", ".config")))
    assert {path.name: path.read_bytes() for path in deb.iterdir()} == {path.name: path.read_bytes() for path in home.iterdir()}
    rules = [line for line in (home / "colorfilters").read_text(encoding="utf-8").splitlines() if line.startswith("@")]
    assert any("@skypefp" in rule for rule in rules) and any("@skypefp" not in rule for rule in rules)


@pytest.mark.parametrize("path", [
    "bin/skypefp-batch", "share/man/man4/skypefp.4", "share/man/man1/skypefp-batch.1", "share/skypefp/report-schema.json",
    "share/bash-completion/completions/skypefp-batch", "share/zsh/ZSH/_skypefp-batch"])
def test_both_hold_the_same_files(packages, path):
    """At the same place below /usr and ~/.local: what the manual pages name is there."""
    deb, home = packages
    assert (deb / "usr" / path.replace("ZSH", "vendor-completions")).exists() or (deb / "usr" / f"{path}.gz").exists()
    assert (home / ".local" / path.replace("ZSH", "site-functions")).exists()


def test_readme_removes_what_the_tarball_holds(packages):
    """After the commands of its README.txt, nothing of it is left in the home folder."""
    _, home = packages
    copy = home.parent / "copy"
    shutil.copytree(home, copy)
    readme, = copy.rglob("README.txt")
    commands = [line.strip() for line in readme.read_text(encoding="utf-8").splitlines() if line.startswith("    rm ")]
    subprocess.run(["bash", "-euc", "\n".join(commands)], check=True, env=dict(os.environ, HOME=str(copy)))
    assert not [path for path in copy.rglob("*") if path.is_file()]
