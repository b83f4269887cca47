# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs tshark or sharkd under valgrind's memcheck and tells the plugin's errors and leaks from Wireshark's own."""
import collections
import pathlib
import xml.etree.ElementTree as xml

TIMEOUT = 900
VALGRIND = ("valgrind", "--quiet", "--leak-check=full", "--show-leak-kinds=definite,possible", "--errors-for-leak-kinds=none",
            "--num-callers=60", "--keep-debuginfo=yes",     # Wireshark unloads plugins before it ends
            "--xml=yes")
# One malloc for each allocation; without Wireshark's data files it starts in seconds instead of minutes.
ENVIRONMENT = ("G_SLICE=always-malloc", "G_DEBUG=gc-friendly", "WIRESHARK_DEBUG_WMEM_OVERRIDE=simple")
PLUGIN = "skypefp.so"
FRAMES_TOLD = 5         # of a stack, when two records are compared or one is shown

Record = collections.namedtuple("Record", "kind text is_plugin is_unknown is_tree_left place")


def run(tshark, folder, arguments, program="tshark", with_plugin=True, **options):
    """(finished process, records) of one run. The folder is empty and everybody may write to it."""
    folder = pathlib.Path(folder)
    (folder / "data").mkdir(exist_ok=True)
    log = folder / f"{program}-{'with' if with_plugin else 'without'}.xml"
    variables = [*ENVIRONMENT, f"WIRESHARK_DATA_DIR={folder / 'data'}"]
    if not with_plugin:
        variables.append(f"WIRESHARK_PLUGIN_DIR={folder / 'data'}")
    process = tshark.call(*variables, *VALGRIND, f"--xml-file={log}", program, *arguments, program="env", timeout=TIMEOUT, **options)
    assert process.returncode == 0, f"{program} ended with {process.returncode}: {process.stderr[-2000:]}"
    return process, [read_record(error) for error in xml.parse(log).iter("error")]


def read_record(error):
    stacks = [[read_frame(frame) for frame in stack.iter("frame")] for stack in error.iter("stack")]
    frames = [frame for stack in stacks for frame in stack]
    kind = error.findtext("kind")
    text = error.findtext("what") or error.findtext("xwhat/text")
    is_unknown = any(not frame[0] for frame in frames)          # of a library that is gone: it could be ours
    # The nodes of a statistics tree are Wireshark's; tshark ends without freeing the tree.
    is_tree_left = kind.startswith("Leak") and any(frame[1].startswith("stats_tree_") for frame in frames)
    place = tuple(function for library, function, _ in (stacks[0] if stacks else []) if library)[:FRAMES_TOLD]
    shown = "\n".join(f"    {function} ({source or library})" for library, function, source in frames)
    return Record(kind, f"{kind}: {text}\n{shown}", any(frame[0] == PLUGIN for frame in frames), is_unknown, is_tree_left, place)


def read_frame(frame):
    """(library, function, file:line) of a frame, each "" or "?" when it is not known."""
    source = f"{frame.findtext('file')}:{frame.findtext('line')}" if frame.findtext("file") else ""
    return pathlib.PurePath(frame.findtext("obj") or "").name, frame.findtext("fn") or "?", source


def of_plugin(records, of_wireshark_alone):
    """Records that are the plugin's: it stands in the stack; or a library that is gone does, and Wireshark alone says nothing there.

    What Wireshark allocates for itself and leaves lying when it ends is not: which of it valgrind still finds a pointer to is chance.
    """
    known = {(record.kind, record.place) for record in of_wireshark_alone}
    return [record for record in records if not record.is_tree_left and
            (record.is_plugin or (record.is_unknown and (record.kind, record.place) not in known))]
