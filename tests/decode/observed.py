# SPDX-License-Identifier: GPL-2.0-or-later
"""The packets of a capture as Wireshark's lean engine observes them, and as decode/ finds them, by frame."""
import collections
import shutil
import subprocess

import tshark as runner

LIST_DECODED = runner.BUILD / "tests" / "decode" / "list-decoded"
FAKE = """#!/bin/sh
if [ -s "$WIRESHARK_CONFIG_DIR/disabled_protos" ]; then cp "$WIRESHARK_CONFIG_DIR"/* "{}"; fi
exec tshark "$@"
"""


class Observer(runner.Tshark):
    """tshark with the plugin, and with one beside it that prints what the plugin observes."""

    def __init__(self, folder):
        super().__init__("user", folder)
        self._make_lean()
        self.n = 0

    def _publish_plugins(self):
        target = self._folder / "plugins"
        for source in (self.plugins, self.plugins.with_name("plugins-observed")):
            shutil.copytree(source, target, dirs_exist_ok=True)
        for path in [target, *target.rglob("*")]:
            path.chmod(0o755)
        return target

    def _make_lean(self):
        """The configuration that skypefp-batch gives to tshark, taken when it starts one."""
        lean, data = self._folder / "lean", self._folder / "data"
        fake, capture, program = (self._folder / name for name in ("fake", "one.pcap", "skypefp-batch"))
        for path in (lean, data):
            path.mkdir()
            path.chmod(0o777)
        fake.write_text(FAKE.format(lean))
        shutil.copyfile(next(iter(sorted(runner.TEST_CAPTURES.glob("*.pcap")))), capture)
        shutil.copyfile(runner.BUILD / "batch" / "skypefp-batch", program)
        for path in (fake, program):
            path.chmod(0o755)
        self._environment["TMPDIR"] = self._folder / "home"
        variables = [f"SKYPEFP_TSHARK={fake}", "SKYPEFP_SHARKD=/nonexistent"]
        process = self.call(*variables, str(program), "-q", "--engine", "lean", capture, program="env")
        if not (lean / "disabled_protos").exists():
            raise runner.NotLoaded(process.stderr)
        self._environment |= {"WIRESHARK_CONFIG_DIR": lean, "WIRESHARK_DATA_DIR": data}

    def observe(self, path):
        """Lines of packets by frame number, as the plugin observes them in order."""
        self.n += 1
        output = self._folder / "home" / f"observed-{self.n}"
        process = self.call(f"SKYPEFP_OBSERVED={output}", "tshark", "-q", "-r", self.readable(path), program="env")
        if process.returncode != 0 or not output.exists():
            raise runner.NotLoaded(process.stderr)
        found = by_frame(output.read_text().splitlines())
        output.unlink()
        return found


def by_frame(lines):
    found = collections.defaultdict(list)
    for line in lines:
        number, rest = line.split(" ", 1)
        found[int(number)].append(rest)
    return found


def decode(path):
    """The same by decode/; ["?"] for a frame that it is not sure of. Second, the outcome for the file."""
    lines = subprocess.run([LIST_DECODED, "--each", path], capture_output=True, text=True, check=True).stdout.splitlines()
    return by_frame(lines[:-1]), lines[-1].split()[1]


def different(path, observer):
    """Numbers of the frames in which decode/ is sure of something else than Wireshark, with both."""
    decoded, outcome = decode(path)
    if outcome != "decided":
        raise ValueError(f"{path}: {outcome}")
    observed = observer.observe(path)
    numbers = sorted(number for number in {*decoded, *observed}
                     if decoded.get(number) != ["?"] and decoded.get(number, []) != observed.get(number, []))
    return {number: (decoded.get(number, []), observed.get(number, [])) for number in numbers}, decoded
