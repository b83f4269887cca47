# SPDX-License-Identifier: GPL-2.0-or-later
"""One version number, a licence line in every file, and the wrong Wireshark: what the build and doctor say about it."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pytest

import tshark as runner

ROOT = runner.REPOSITORY
SPDX = re.compile(rb'SPDX-License-Identifier"?: "?GPL-2\.0-or-later')  # quoted in JSON
LICENCE_ELSEWHERE = {  # what cannot hold the line, and why
    "COPYING": "the licence itself", ".pcap": "a capture", ".pcapng": "a capture", ".png": "a picture",
    "dfilters": "Wireshark takes every line for a filter", ".jsonl": "a report",
}
NOT_OURS = {".git", ".pytest_cache", "__pycache__", "packages"}
PUBLIC_PROGRAMS = ("run", "tests/systems/chroot", "tests/systems/matrix", "tests/systems/package-check", "tests/systems/tutorial-check",
                   "tests/tools/check-wireshark",
                   "plugin/package/make")
TAKE_NO_WORDS = ("build", "install", "demo", "test", "suite", "uninstall", "packages")  # options at most
OTHER_SERIES = """\
const char plugin_version[] = "0";
const int plugin_want_major = {major}, plugin_want_minor = {minor};
void plugin_register(void);
void plugin_register(void) {{}}
"""
USAGE = 3  # exit code of skypefp-batch when the plugin is not loaded


def our_files():
    """What belongs to the project: nothing that was built, nothing of git's."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not re.match(r"build(-|$)", name)]
        yield from (os.path.join(folder, name) for name in names if not name.startswith(".git"))


def version():
    return re.search(r"^  VERSION (\d+\.\d+\.\d+)\b", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)[1]


def test_every_file_names_its_licence():
    paths = list(our_files())
    assert len(paths) > 300
    missing = []
    for path in paths:
        name = os.path.basename(path)
        is_fuzz_input = f"{os.sep}fuzz{os.sep}corpus-" in path
        if not is_fuzz_input and name not in LICENCE_ELSEWHERE and os.path.splitext(name)[1] not in LICENCE_ELSEWHERE:
            with open(path, "rb") as file:
                if not SPDX.search(file.read(600)):
                    missing.append(os.path.relpath(path, ROOT))
    assert not missing


def test_one_version_everywhere(user):
    """The number of CMakeLists.txt is what every program tells, what Wireshark shows, and the newest of the changelog."""
    told = user.text("-G", "plugins")
    assert re.search(rf"^skypefp\.so\s+{re.escape(version())}\s", told, re.MULTILINE), told
    for program in PUBLIC_PROGRAMS:
        process = subprocess.run([ROOT / program, "--version"], capture_output=True, text=True, check=False)
        assert (process.returncode, process.stdout) == (0, f"skypefp {version()}\n"), program
    batch = subprocess.run([runner.BUILD / "batch" / "skypefp-batch", "--version"], capture_output=True, text=True, check=True)
    assert batch.stdout == f"skypefp-batch {version()}\n"
    headings = re.findall(r"^## (\S+) – (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0][0] == version()


@pytest.mark.parametrize("command", ["build", "install", "demo", "test", "suite", "uninstall", "packages", "fuzz", "bench", "lint",
                                     "coverage", "mutants", "accuracy", "package", "matrix"])
def test_run_tells_without_doing(tmp_path, command):
    """Asked for help, a command says what it does and does nothing; words that it does not know are refused."""
    for option in ("-h", "--help"):
        process = subprocess.run([ROOT / "run", command, option], capture_output=True, text=True, check=False, timeout=30,
                                 env={**os.environ, "HOME": str(tmp_path)})
        assert process.returncode == 0 and process.stderr == "" and process.stdout.lower().startswith("usage: "), process
    assert not list(tmp_path.iterdir())
    if command in TAKE_NO_WORDS:
        process = subprocess.run([ROOT / "run", command, "surplus"], capture_output=True, text=True, check=False, timeout=30)
        assert process.returncode == 2 and "takes no arguments" in process.stderr, process


@pytest.mark.parametrize("words", [("test", "--all", "surplus"), ("packages", "--build", "surplus"), ("fuzz", "1", "1", "surplus")])
def test_run_refuses_surplus_words(words):
    process = subprocess.run([ROOT / "run", *words], capture_output=True, text=True, check=False, timeout=30)
    assert (process.returncode, process.stderr) == (2, f"run: {words[0]}: too many arguments; see './run help'\n")


def packages(*options):
    return subprocess.run([ROOT / "run", "packages", *options], capture_output=True, text=True, check=True).stdout.splitlines()


def test_packages_for_the_build_are_some_of_all():
    build = packages("--build")
    assert packages()[:len(build)] == build and {"cmake", "ninja-build", "gcc", "wireshark-dev"} <= set(build)
    assert not {"python3-pytest", "valgrind", "nginx"} & set(build)


@pytest.mark.parametrize("generator, stays", [("Ninja", True), ("Unix Makefiles", False)])
def test_run_configures_again_what_was_for_another_program(tmp_path, generator, stays):
    """CMake refuses a build folder of another generator; run says so and makes it again. CMake itself is a stub here."""
    shutil.copy(ROOT / "run", tmp_path)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "build.ninja").touch()
    (tmp_path / "build" / "CMakeCache.txt").write_text(
        f"CMAKE_CACHEFILE_DIR:INTERNAL={tmp_path}/build\nCMAKE_GENERATOR:INTERNAL={generator}\n")
    (tmp_path / "cmake").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "cmake").chmod(0o755)
    process = subprocess.run([tmp_path / "run", "build"], capture_output=True, text=True, check=True,
                             env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "SKYPEFP_NO_PACKAGES": "1"})
    assert (tmp_path / "build").exists() == stays
    assert process.stderr == ("" if stays else f"{tmp_path}/build was configured for {generator}; it is made again, for Ninja\n")
    assert ("-G Ninja" in process.stdout) != stays and process.stdout.endswith(f"--build {tmp_path}/build\n")


@pytest.mark.parametrize("program", PUBLIC_PROGRAMS)
def test_wrong_usage(program):
    """One line that says so, and exit code 2."""
    process = subprocess.run([ROOT / program, "--no-such-option"], capture_output=True, text=True, check=False)
    assert process.returncode == 2 and process.stdout == "" and process.stderr.count("\n") == 1, process.stderr


# ---- the wrong Wireshark ----

def configure(folder, *options):
    cmake = shutil.which("cmake") or pytest.fail("no cmake", pytrace=False)
    return subprocess.run([cmake, "-G", "Ninja", "-S", ROOT, "-B", folder / "build", *options], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("found", ["3.6.24", "4.7.1", "4.8.0", "5.0.0"])
def test_build_refuses_other_versions(tmp_path, found):
    """It names what it supports and what it found, and where."""
    (tmp_path / "WiresharkConfig.cmake").write_text("set(Wireshark_FOUND TRUE)\n")
    (tmp_path / "WiresharkConfigVersion.cmake").write_text(f"set(PACKAGE_VERSION {found})\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n")
    process = configure(tmp_path, f"-DWireshark_DIR={tmp_path}")
    said = " ".join(process.stderr.split())
    assert process.returncode != 0
    assert f"skypefp needs the development files of Wireshark 4.0 to 4.6; found {found} in {tmp_path}." in said


def test_build_says_that_there_is_none(tmp_path):
    process = configure(tmp_path, "-DCMAKE_DISABLE_FIND_PACKAGE_Wireshark=ON")
    said = " ".join(process.stderr.split())
    assert process.returncode != 0 and "Wireshark 4.0 to 4.6; none was found" in said and "SKYPEFP_CORE_ONLY" in said


def make_other_series(folder, series):
    """A folder of plugins that holds, where Wireshark looks, a skypefp.so for the next series."""
    major, minor = map(int, series.split("."))
    (folder / "other.c").write_text(OTHER_SERIES.format(major=major, minor=minor + 2))
    place = folder / "plugins" / series / "epan"
    place.mkdir(parents=True)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", place / "skypefp.so", folder / "other.c"], check=True)
    return folder / "plugins", f"{major}.{minor + 2}"


def test_doctor_explains_the_refusal(user):
    """A plugin for another series in the folder of this one: Wireshark refuses it, and doctor says so and what helps."""
    series = user.plugin.parent.parent.name
    with tempfile.TemporaryDirectory(prefix="skypefp-versions-") as folder:
        os.chmod(folder, 0o755)
        plugins, other = make_other_series(pathlib.Path(folder), series)
        process = user.call(f"WIRESHARK_PLUGIN_DIR={plugins}", runner.BUILD / "batch" / "skypefp-batch", "doctor", program="env")
    assert process.returncode == USAGE, process.stdout
    assert re.search(r"plugin loaded +NO\n", process.stdout)
    assert f"{plugins}/{series}/epan/skypefp.so (there)" in process.stdout
    assert re.search(rf"Wireshark says .*skypefp\.so.*{re.escape(other)}", process.stdout), process.stdout
    assert "Wireshark refuses it: build and install it again for this version of Wireshark" in process.stdout
