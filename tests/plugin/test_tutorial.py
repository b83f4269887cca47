# SPDX-License-Identifier: GPL-2.0-or-later
"""doc/TUTORIAL.md: every command runs and prints what the page shows. The first one installs; tests/systems/tutorial-check runs that, too."""
import re
import shutil

import pytest

import tshark as runner
import tutorial

PAGE = list(tutorial.steps(tutorial.DOCUMENT.read_text(encoding="utf-8")))
INSTALLS = "./run demo\n"


@pytest.fixture(scope="module")
def printed(tmp_path_factory, user):
    """What the commands after the first one print, where only the captures are that the page names."""
    folder = tmp_path_factory.mktemp("tutorial")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    (folder / "test-captures").mkdir()
    for name in set(re.findall(r"test-captures/(\S+\.pcap)", "".join(commands for commands, _ in PAGE))):
        shutil.copyfile(runner.TEST_CAPTURES / name, folder / "test-captures" / name)
    variables = [f"{name}={value}" for name, value in user._environment.items()]
    return tutorial.run([commands for commands, _ in PAGE[1:]], [*user._command, "env", *variables, "bash"], cwd=folder)


def test_every_command_prints_what_the_page_shows(printed):
    assert not list(tutorial.problems(PAGE[1:], printed))


def test_first_command():
    """It is the only one that is not run here, and it ends as the page says."""
    commands, expected = PAGE[0]
    assert commands == INSTALLS and not any("./run" in commands for commands, _ in PAGE[1:])
    words = (part.strip() for part in expected.split(tutorial.ANYTHING))
    demo = (runner.REPOSITORY / "scripts" / "demo.sh").read_text(encoding="utf-8")
    assert all(part in demo for part in words)


def test_every_step_has_an_output():
    """A reader can compare each of them."""
    assert len(PAGE) == 11 and all(expected for _, expected in PAGE)


def test_a_difference_is_noticed():
    """The comparison itself: another output, another exit code, a shell that ends."""
    page = [("echo 1\n", "1\n"), ("echo 12 of 3\n", "… of 3\n"), ("seq 5\n", "1\n…\n5\n")]
    assert not list(tutorial.problems(page, tutorial.run([commands for commands, _ in page])))
    wrong = [("echo 1\n", "2\n"), ("echo 12 of 4\n", "… of 3\n"), ("false\n", None), ("seq 5\n", "1\n…\n6\n"), ("exit 3\n", None)]
    found = list(tutorial.problems(wrong, tutorial.run([commands for commands, _ in wrong])))
    assert len(found) == 5 and found[0] == "the shell ended in step 5 of 5" and "-2\n+1" in found[1]
