# SPDX-License-Identifier: GPL-2.0-or-later
"""tests/tools/circles notices what it is for: small trees, each with one thing wrong."""
import subprocess
import sys

import pytest

import tshark as runner

PROGRAM = runner.REPOSITORY / "tests" / "tools" / "circles"
# The two headers that may be spread are so in every tree; what is wrong comes on top.
SOUND = {
    "heuristics/skypefp.h": "void skypefp_observe(void);\nvoid skypefp_judge(void);\n",
    "heuristics/contact.h": '#include "skypefp.h"\nvoid skypefp_contact(void);\n',
    "heuristics/observe.c": '#include "contact.h"\n#include "pairs.h"\nvoid skypefp_observe(void)\n{\n    skypefp_pair();\n}\n',
    "heuristics/judge.c": '#include "skypefp.h"\nvoid skypefp_judge(void)\n{\n}\n',
    "heuristics/memory/pairs.h": "void skypefp_pair(void);\n",
    "heuristics/memory/pairs.c": '#include "contact.h"\n#include "pairs.h"\nvoid skypefp_pair(void)\n{\n}\nvoid skypefp_contact(void)\n{\n}\n',
    "heuristics/signatures/udp_echo.c": '#include "pairs.h"\n/* #include "none.h" */\nstatic void look(void)\n{\n    skypefp_pair();\n}\n',
    "plugin/plugin.c": '#include "skypefp.h"\n#include "show.h"\nvoid start(void)\n{\n    skypefp_observe();\n    show();\n}\n',
    "plugin/show.h": "void show(void);\n",
    "plugin/show.c": '#include "show.h"\nvoid show(void)\n{\n    call("skypefp_pair()");     /* start() */\n}\n',
    "batch/main.c": '#include "skypefp.h"\nstatic void show(void)\n{\n}\nint main(void)\n{\n    show();\n    return 0;\n}\n',
}
WRONG = {
    "two headers": ({"plugin/one.h": '#include "two.h"\n', "plugin/two.h": '#include "one.h"\n'}, "circle: plugin/one, plugin/two"),
    "a header and a .c": ({"plugin/show.h": '#include "one.h"\nvoid show(void);\n', "plugin/one.h": "void one(void);\n",
                           "plugin/one.c": '#include "show.h"\nvoid one(void)\n{\n}\n'}, "circle: plugin/one, plugin/show"),
    "three, by calls": ({"plugin/one.c": "void three(void);\nvoid one(void)\n{\n    three();\n}\n",
                         "plugin/two.c": "void one(void);\nvoid two(void)\n{\n    one();\n}\n",
                         "plugin/three.c": "void two(void);\nvoid three(void)\n{\n    pass(two);\n}\n"},
                        "circle: plugin/one, plugin/three, plugin/two"),
    "up, by another's header": ({"heuristics/memory/pairs.c": SOUND["heuristics/memory/pairs.c"] +
                                 "static void up(void)\n{\n    skypefp_observe();\n}\n"},
                                "circle: heuristics/memory/pairs, heuristics/observe"),
    "a function astray": ({"plugin/show.h": "void show(void);\nvoid start(void);\n"}, "header: plugin/show.h declares start, which plugin/plugin.c defines"),
    "a private room": ({"batch/open.c": '#include "pairs.h"\n'}, "room: batch/open.c includes pairs.h"),
    "memory reads signatures": ({"heuristics/signatures/signature.h": "\n", "heuristics/memory/open.c": '#include "signature.h"\n'},
                                "room: heuristics/memory/open.c includes signature.h"),
    "heuristics calls the plugin": ({"heuristics/open.c": "void start(void);\nvoid opened(void)\n{\n}\n", "heuristics/close.c": '#include "show.h"\n'},
                                    "floor: heuristics/close.c includes show.h"),
    "batch includes the plugin": ({"batch/open.c": '#include "show.h"\n'}, "floor: batch/open.c includes show.h"),
    "an exception too many": ({"heuristics/contact.h": "\n"}, "header: heuristics/contact.h declares nothing that others define"),
}


def check(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return subprocess.run([sys.executable, PROGRAM, "--root", folder], capture_output=True, text=True, check=False)


def test_a_sound_tree(tmp_path):
    process = check(tmp_path, SOUND)
    assert (process.returncode, process.stdout) == (0, "11 files, no circle, every function in the file of its header\n")


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_noticed(tmp_path, name):
    files, message = WRONG[name]
    process = check(tmp_path, SOUND | files)
    assert process.returncode == 1
    assert message in process.stdout
    assert process.stdout.count("circle: ") + process.stdout.count("header: ") + process.stdout.count("room: ") + process.stdout.count("floor: ") == 1
