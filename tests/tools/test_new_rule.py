# SPDX-License-Identifier: GPL-2.0-or-later
"""A stranger adds a rule: the steps of CONTRIBUTING.md, literally, in a copy of the tree and without a folder of real captures.

The rule is a toy, 32 constant bits of a payload. What follows must be green: the tests of the fingerprints, and those through tshark that
look at rules, captures and documents. Whatever else a new rule needs would fail here, and belongs into the steps or out of the way.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import pytest

import tshark as runner

TESTS = ("tests/plugin/test_captures.py", "tests/plugin/test_goldens.py", "tests/plugin/test_statistics.py", "tests/accuracy/test_accuracy.py",
         "tests/systems/test_versions.py")
# The toy's capture, one golden of each kind of port, and whatever compares rules, captures and documents: other captures are as before.
CHOICE = "not root and (udp-toy or tcp-four-services or every or captures_are or reference or weight or licence)"
EVERYTHING = os.environ.get("SKYPEFP_ALL") == "1"
TARGETS = ("skypefp", "print-rules", "run-vectors", "test-rules", *(("skypefp-batch",) if EVERYTHING else ()))    # what the tests below run
CORE_TESTS = "^(vectors/udp.toy|vectors/every-rule|test-rules|circles)$"               # every-rule runs all vectors
LEFT_OUT = shutil.ignore_patterns(".git", "build*", "__pycache__", "packages")
BUILD_SECONDS, TEST_SECONDS = 600, 600

SIGNATURE = '''\
/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.toy: a payload whose IV is "toy!", as in no Skype.
 *
 *   payload      id(2) 02 iv(4) ...
 *
 * Source: this test. Chance: 2^-32. */
#include "signature.h"

enum { TOY_BITS = 32, IV_LEN = 4, TOY = 0x746f7921 };

static void observe_toy(struct observation *observation)
{
    if (observation->message->function == SKYPEFP_FN_PAYLOAD && observation->message->has_iv && observation->message->iv == TOY) {
        skypefp_observation_add(observation, TOY_BITS, SKYPEFP_AT_PAYLOAD_IV, IV_LEN, 0, 0);
    }
}

const struct signature skypefp_signature_udp_toy = {
    .rule = {
        .key = "udp.toy",
        .group = SKYPEFP_GROUP_HEADER,
        .bits = TOY_BITS,
        .basis = SKYPEFP_BASIS_THEORY,
        .theory_bits = 32,
        .reason = "2⁻³²: the IV",
        .sentence = "The IV is a word",
        .source = "a test of this project",
    },
    .observe_message = observe_toy,
};
'''
VECTORS = '''\
# SPDX-License-Identifier: GPL-2.0-or-later
# udp.toy: an IV that is a word. 32 bits.

name client 192.168.1.2:35990
name peer 198.51.100.7:12345

case the word
source synthetic
udp 1 client > peer : 2f10.02.746f7921.5ee02f10.00*7
  fires udp.toy 32
marked 1
endpoint client likely 19

case another word
source synthetic
udp 1 client > peer : 2f10.02.746f793f.5ee02f10.00*7
nothing

case the word where an ack has its address
source synthetic
udp 1 client > peer : 2f10.35.746f7921.5ee02f10
nothing
'''
THEME = "udp_repeat.py"
CAPTURE = '''

@capture("udp-toy", source="a test of this project; synthetic bytes", shows="a payload whose IV is a word",
         marked="1", evidence="1=udp.toy", endpoints="192.168.1.2:35990=likely", arithmetic="32 - 13 = +19")
def toy(tape):
    same_message(tape, "toy", 0x746f7921)
'''


class Scratch:
    """A copy of the tree, with a build folder of its own."""

    def __init__(self, folder):
        self.root = folder / "tree"
        shutil.copytree(runner.REPOSITORY, self.root, ignore=LEFT_OUT)
        self.environment = {**os.environ, "SKYPEFP_BUILD_DIR": str(self.root / "build"), "SKYPEFP_CORPUS": str(folder / "no-captures")}

    def call(self, *command, seconds=TEST_SECONDS):
        process = subprocess.run([*map(str, command)], cwd=self.root, env=self.environment, capture_output=True, text=True, check=False,
                                 timeout=seconds)
        assert process.returncode == 0, f"{command}\n{process.stdout[-4000:]}\n{process.stderr[-2000:]}"
        return process.stdout

    def create(self, name, text):
        path = self.root / name
        assert not path.exists()
        path.write_text(text, encoding="utf-8")

    def add_line(self, name, after, line):
        """One line more in a file that is there."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert text.count(after) == 1, (name, after)
        path.write_text(text.replace(after, after + line), encoding="utf-8")

    def build(self):
        self.call("cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug")
        self.call("cmake", "--build", "build", "--target", *TARGETS, seconds=BUILD_SECONDS)


@pytest.fixture(scope="module")
def scratch():
    """The tree after all the steps, which everybody can read."""
    if not shutil.which("cmake") or not shutil.which("ninja"):
        pytest.skip("no cmake or no ninja")
    with tempfile.TemporaryDirectory(prefix="skypefp-stranger-") as folder:
        pathlib.Path(folder).chmod(0o755)
        tree = Scratch(pathlib.Path(folder))
        tree.create("heuristics/signatures/udp_toy.c", SIGNATURE)                                                   # step 1
        tree.add_line("heuristics/signatures/signatures.c", "    _(udp_repeat) \\\n", "    _(udp_toy) \\\n")        # step 2
        tree.add_line("heuristics/CMakeLists.txt", "  signatures/udp_resend.c\n", "  signatures/udp_toy.c\n")
        tree.build()
        tree.create("tests/vectors/udp.toy.txt", VECTORS)                                                           # step 3
        assert THEME in tree.call(sys.executable, "test-captures/make.py", "--themes")                              # step 4
        theme = tree.root / "test-captures" / THEME
        theme.write_text(theme.read_text(encoding="utf-8") + CAPTURE, encoding="utf-8")
        tree.call(sys.executable, "test-captures/make.py")
        tree.call(sys.executable, "tests/tools/update-reference")                                                   # step 5
        tree.build()
        yield tree


def test_the_steps_name_every_file_that_was_touched():
    text = (runner.REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    steps = text[text.index("## Adding a signature"):text.index("Nothing in `plugin/`")]
    assert len(re.findall(r"^\d\. ", steps, re.MULTILINE)) == 5
    for name in ("heuristics/signatures/<rule>.c", "heuristics/signatures/signatures.c", "heuristics/CMakeLists.txt",
                 "tests/vectors/<rule's key>.txt", "test-captures/make.py --themes", "tests/tools/update-reference"):
        assert f"`{name}`" in steps, name


def test_the_fingerprints_are_green(scratch):
    printed = scratch.call("ctest", "--test-dir", "build", "-R", CORE_TESTS, "--output-on-failure", "--no-tests=error")
    assert "100% tests passed, 0 tests failed out of 4" in printed


@pytest.mark.skipif(not EVERYTHING, reason="takes several minutes; ./run test --all runs it")
def test_the_tests_through_tshark_are_green(scratch):
    printed = scratch.call(sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "-k", CHOICE, *TESTS)
    assert " passed" in printed and "SKYPEFP_CORPUS" in printed     # what needs the real captures says so


def test_the_rule_is_everywhere(scratch):
    for name in ("README.md", "plugin/skypefp.4", "tests/accuracy/ACCURACY.md", "test-captures/README.md", "test-captures/expected.tsv"):
        assert "udp.toy" in (scratch.root / name).read_text(encoding="utf-8"), name
    assert (scratch.root / "test-captures" / "udp-toy.pcap").is_file()
