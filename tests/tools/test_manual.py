# SPDX-License-Identifier: GPL-2.0-or-later
"""The manual pages: nothing that a formatter warns of, and the same options, statistics and preferences as the programs."""
import re
import shutil
import subprocess

import pytest

import tshark as runner

BATCH = runner.BUILD / "batch" / "skypefp-batch"
PAGES = {name: runner.REPOSITORY / name for name in ("plugin/skypefp.4", "batch/skypefp-batch.1")}
CHANGELOG = runner.REPOSITORY / "CHANGELOG.md"
COMMANDS = ((), ("merge",), ("doctor",))
OF_GLIB = {"--help-all"}


def source(name):
    return PAGES[name].read_text(encoding="utf-8")


def plain(text):
    """The words of a piece of the page: without fonts, requests and escapes."""
    return re.sub(r"\\f[BIR]|[\"\\]", "", re.sub(r"^\.(BR|B|IR|I|TP|RB|RI)\b ?", "", text, flags=re.MULTILINE))


def section(name, title):
    return re.search(rf"^\.SH {title}\n(.*?)(?=^\.SH |\Z)", source(name), re.DOTALL | re.MULTILINE)[1]


@pytest.mark.parametrize("name", PAGES)
def test_formatters_do_not_warn(name):
    """Long lines aside, which are style: the page is written as the other texts of this project."""
    if shutil.which("mandoc") is None:
        pytest.skip("no mandoc")
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", PAGES[name]], capture_output=True, text=True, check=False)
    assert (lint.returncode, lint.stdout) == (0, "")
    if shutil.which("man") and shutil.which("groff"):
        process = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", PAGES[name]], capture_output=True, text=True,
                                 check=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80"})
        assert process.stderr == ""


@pytest.mark.parametrize("name", PAGES)
def test_date_is_that_of_the_version(name):
    newest = re.search(r"^## \S+ – (\S+)", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert re.search(r'^\.TH \S+ \d "([\d-]+)"', source(name), re.MULTILINE)[1] == newest


def options_of_help(command):
    """Long option -> its letter and the name of its value, as --help has them."""
    text = subprocess.run([BATCH, *command, "--help"], capture_output=True, text=True, check=True).stdout
    return {name: (letter, value) for letter, name, value in re.findall(r"^ +(?:-(\w), )?(--[a-z-]+)(?:=(\S+))?", text, re.MULTILINE)}


def options_of_page():
    found = re.findall(r"^\.TP\n(\.B.*)", section("batch/skypefp-batch.1", "OPTIONS"), re.MULTILINE)
    lines = (re.fullmatch(r"(?:-(\w) ,  )?(--[a-z-]+)(?: =(\S+))?", plain(line)) for line in found)
    return {line[2]: (line[1] or "", line[3] or "") for line in lines}


def test_options_are_those_of_help():
    """Each option of each command, with the same letter and the same word for its value."""
    page, helped = options_of_page(), {}
    for command in COMMANDS:
        for name, option in options_of_help(command).items():
            assert helped.setdefault(name, option) == option
    for name in OF_GLIB:
        helped.pop(name, None)
    assert page == helped and len(page) > 15


def test_values_and_exit_codes_are_those_of_help():
    """What the description of an option lists is named in its paragraph of the page; so is each exit code."""
    text = subprocess.run([BATCH, "--help"], capture_output=True, text=True, check=True).stdout
    options = section("batch/skypefp-batch.1", "OPTIONS")
    lists = 0
    for name, described in re.findall(r"(--[a-z-]+)=\S+ +(.*\(default\).*)", text):
        paragraph = re.search(rf"^\.B.*{re.escape(name).replace('-', 'x').replace('x', '-?')}.*?(?=^\.TP|^\.SS)",
                              options.replace("\\", ""), re.DOTALL | re.MULTILINE)[0]
        values = re.findall(r"\b([a-z]+)\b(?= \(default\)|,| or |;|$|:)", described.split(": ")[-1] if name != "--format" else described)
        assert values and all(re.search(rf"\b{value}\b", paragraph) for value in values if value not in ("merge",)), (name, values)
        lists += 1
    assert lists >= 4
    codes = re.findall(r"^\.TP\n\.BR? (.*)", section("batch/skypefp-batch.1", "EXIT STATUS"), re.MULTILINE)
    assert set(re.findall(r"\d+", " ".join(codes))) == set(re.findall(r"(?:^|; |: )(\d) ", text, re.MULTILINE)) | {"129", "130", "143"}


def test_statistics_are_those_of_tshark(user):
    printed = user.call("-z", "help")
    offered = set(re.findall(r"^ +(\S*skypefp\S*)", printed.stdout + printed.stderr, re.MULTILINE))
    heads = re.findall(r"^\.TP\n\.BR? (.*)", section("plugin/skypefp.4", "STATISTICS"), re.MULTILINE)
    listed = {word for head in heads for word in re.findall(r"[a-z]+,[a-z]+", plain(head))}
    assert offered == listed and len(offered) == 8
    synopsis = plain(section("plugin/skypefp.4", "SYNOPSIS"))
    assert all(name in synopsis for name in offered if name.startswith("skypefp,"))


def test_preferences_are_those_of_wireshark(user):
    """Names, and the defaults."""
    printed = dict(re.findall(r"^#(skypefp\.\S+): (.*)", user.text("-G", "defaultprefs"), re.MULTILINE))
    text = section("plugin/skypefp.4", "PREFERENCES")
    heads = " ".join(re.findall(r"^\.TP\n\.B\S* (.*)", text, re.MULTILINE))
    listed = set(re.findall(r"skypefp\.[a-z_.]+", plain(heads)))
    assert listed == {"skypefp.rules." if name.startswith("skypefp.rules.") else name for name in printed}
    limits = re.search(r"Defaults: (.*)\.", text)[1].split(", ")
    assert limits == [printed[name] for name in ("skypefp.max_endpoints", "skypefp.max_requests", "skypefp.max_streams", "skypefp.max_findings")]
    assert printed["skypefp.near_misses"] == "FALSE" and printed["skypefp.threshold"].startswith("Likely")
    assert {value for name, value in printed.items() if name.startswith("skypefp.rules.")} == {"TRUE"}
