# SPDX-License-Identifier: GPL-2.0-or-later
"""skypefp-batch: doctor, and every example of its documentation."""
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree

import pytest

import tshark as runner
from batches import BOTH, CLEAN, CLEAN_EXIT, FINDINGS, FOUND, batch, fill, shell_blocks  # noqa: F401 (batch is a fixture)


# ---- doctor ----

def test_doctor(batch):
    process = batch.call("doctor")
    assert process.returncode == 0, process.stdout
    for expected in ("Wireshark ", "plugin folder ", "plugin loaded      version ", "skypefp_udp        on", "skypefp_tcp        on", "protocol SkypeFP   on"):
        assert expected in process.stdout


def test_doctor_sees_switches(batch):
    config = batch.make("switched/heuristic_protos", b"skypefp_udp,0\n").parent
    batch.make("switched/disabled_protos", b"skypefp\n")
    process = batch.call("doctor", environment={"WIRESHARK_CONFIG_DIR": config})
    assert process.returncode == 1 and "protocol SkypeFP   OFF" in process.stdout and "skypefp_udp        OFF" in process.stdout
    # A batch has a configuration of its own.
    assert len(batch.lines(FOUND if runner.is_public(FOUND) else batch.copy(FOUND, "switched.pcap"), code=FINDINGS,
                           environment={"WIRESHARK_CONFIG_DIR": config})[0]["endpoints"]) == 1


@pytest.mark.parametrize("off, on", [("skypefp_udp", "skypefp_tcp"), ("skypefp_tcp", "skypefp_udp")])
def test_doctor_sees_each_heuristic(batch, off, on):
    config = batch.make(f"switched-{off}/heuristic_protos", f"{off},0\n".encode()).parent
    process = batch.call("doctor", environment={"WIRESHARK_CONFIG_DIR": config})
    assert process.returncode == 1 and f"{off}        OFF" in process.stdout and f"{on}        on" in process.stdout
    assert f"tshark --enable-heuristic {off}\n" in process.stdout


# ---- documentation ----

def script_lines(block):
    """The shell lines of a CI example, step by step: what follows "run: |" or stands in "script:"."""
    lines = block.splitlines()
    for i, line in enumerate(lines):
        if re.match(r"\s*(- )?(run|(before_)?script): ?\|?$", line.rstrip()):
            indent = len(lines[i + 1]) - len(lines[i + 1].lstrip())
            taken = []
            for follower in lines[i + 1:]:
                if follower.strip() and len(follower) - len(follower.lstrip()) < indent:
                    break
                taken.append(follower[indent:].removeprefix("- "))
            yield "\n".join(taken)


def install_into(batch, folder):
    """Stands in for the project's `run install`, which would change the system; the program lands where that puts it."""
    assert "\n  install)\n" in (runner.REPOSITORY / "run").read_text()
    script = f'#!/bin/sh\ntest "$*" = install && mkdir -p "$HOME/.local/bin" && cp {batch.program} "$HOME/.local/bin"\n'
    batch.make(f"{folder}/skypefp/run", script.encode()).chmod(0o755)


@pytest.mark.parametrize("name", shell_blocks("yaml"))
def test_ci_examples(batch, name):
    """Every shell line of the examples, step after step; as root of a container, for whom `run install` installs for everybody."""
    folder = f"ci-{name}"
    steps = list(script_lines(shell_blocks("yaml")[name]))
    if name == "github":
        assert re.fullmatch(r"apt-get update && apt-get install -y --no-install-recommends git ca-certificates\n*", steps.pop(0))
    assert len(steps) == 2 and "skypefp/run install" in steps[0] and "skypefp-batch" in steps[1]
    install_into(batch, folder)
    home = batch.make(f"{folder}/home/x").parent
    variables = {"HOME": home, "PATH": os.environ["PATH"]}
    run_script(batch, folder, steps[0], CLEAN_EXIT, variables)
    variables["PATH"] = f"{home / '.local' / 'bin'}:{variables['PATH']}"
    batch.copy(CLEAN, f"{folder}/captures/clean.pcap")
    run_script(batch, folder, steps[1], CLEAN_EXIT, variables)
    assert ElementTree.parse(batch.folder / folder / "skypefp.xml").getroot().find("testsuite").get("tests") == "1"
    batch.copy(FOUND, f"{folder}/captures/found.pcap")
    run_script(batch, folder, steps[1], FINDINGS, variables)


@pytest.mark.parametrize("name", shell_blocks("sh"))
def test_shell_examples(batch, name):
    fill(batch, f"sh-{name}/captures", 12)
    (batch.folder / f"sh-{name}/captures/empty.pcap").unlink()
    (batch.folder / f"sh-{name}/captures/cut.pcap").unlink()
    run_script(batch, f"sh-{name}", shell_blocks("sh")[name], FINDINGS)
    merged = json.loads((batch.folder / f"sh-{name}" / "merged.json").read_text())
    assert len(merged["captures"]) == 12


def run_script(batch, folder, script, code, variables=()):
    variables = {**batch.tshark._environment, "PATH": f"{batch.folder}:{os.environ['PATH']}", "TMPDIR": batch.folder, **dict(variables)}
    command = [*batch.tshark._command, "env", *(f"{k}={v}" for k, v in variables.items()), "bash", "-e", "-c", script]
    process = subprocess.run(command, cwd=batch.folder / folder, capture_output=True, text=True, timeout=120, check=False,
                             stdin=subprocess.DEVNULL)
    assert process.returncode == code, process.stdout + process.stderr


def test_parallel_over_ssh(batch):
    """GNU parallel hands lists of captures to "machines" over ssh; here both are this one, through an sshd on loopback."""
    if shutil.which("parallel") is None or shutil.which("sshd", path="/usr/sbin:/sbin:" + os.environ["PATH"]) is None:
        pytest.skip("no GNU parallel or no sshd")
    if not runner.am_root():
        pytest.skip("sshd of an ordinary user differs; root only")
    root_shell = Sshd(batch)
    try:
        fill(batch, "ssh/captures", 12)
        script = shell_blocks("bash")["parallel-ssh"].replace("node1,node2", root_shell.host)
        variables = {"PATH": f"{batch.folder}:{os.environ['PATH']}", "HOME": str(root_shell.folder), "PARALLEL_SSH": root_shell.command,
                     "LC_ALL": "C.UTF-8"}
        process = subprocess.run(["bash", "-c", script], cwd=batch.folder / "ssh", env={**os.environ, **variables},
                                 capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)
        assert process.returncode == BOTH, process.stdout + process.stderr       # cut.pcap, empty.pcap
        merged = json.loads((batch.folder / "ssh" / "merged.json").read_text())
        assert len(merged["captures"]) == 14
    finally:
        root_shell.stop()


class Sshd:
    """An sshd for root on loopback, with keys of its own, that runs skypefp-batch with the test's plugin as the ordinary user."""

    def __init__(self, batch):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="skypefp-sshd-"))
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name], check=True)
        port = 20000 + struct.unpack("<H", os.urandom(2))[0] % 20000
        shutil.copyfile(self.folder / "user.pub", self.folder / "authorized")
        wrapper = self.folder / "as-user"
        environment = " ".join(f"{k}={v}" for k, v in {**batch.tshark._environment, "TMPDIR": batch.folder}.items())
        wrapper.write_text(f'#!/bin/sh\nexport {environment} PATH={batch.folder}:$PATH\n'
                           f'exec setpriv --reuid={runner.NOBODY} --regid={runner.NOBODY} --clear-groups '
                           'bash -c "$SSH_ORIGINAL_COMMAND"\n')
        wrapper.chmod(0o755)
        self.folder.chmod(0o755)
        (self.folder / "config").write_text(
            f"Port {port}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host\nAuthorizedKeysFile {self.folder}/authorized\n"
            f"PidFile {self.folder}/pid\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\n"
            f"ForceCommand {wrapper}\n")
        os.makedirs("/run/sshd", exist_ok=True)
        sshd = shutil.which("sshd", path="/usr/sbin:/sbin:" + os.environ["PATH"])
        self.process = subprocess.Popen([sshd, "-D", "-e", "-f", self.folder / "config"], stderr=subprocess.DEVNULL)
        self.command = (f"ssh -p {port} -i {self.folder}/user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "
                        "-o LogLevel=ERROR")
        self.host = "2/root@127.0.0.1"
        for _ in range(50):
            if subprocess.run([*self.command.split(), "root@127.0.0.1", "true"], capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.1)
        self.stop()
        pytest.skip("no ssh connection to an sshd of our own")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)
