# SPDX-License-Identifier: GPL-2.0-or-later
"""The Slurm script of batch/README.md on a Slurm of one node: killed and requeued tasks lose nothing and count nothing twice."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import pytest

import tshark as runner
from batches import FINDINGS, batch, fake_sharkd, fill, shell_blocks  # noqa: F401 (batch is a fixture)

DAEMONS = ("munged", "slurmctld", "slurmd")
SBIN = "/usr/sbin:/sbin:" + os.environ["PATH"]
START_SECONDS, JOB_SECONDS = 60, 240
N_CAPTURES, N_TASKS = 40, 4

CONFIGURATION = """\
ClusterName=skypefp
SlurmctldHost=node(192.0.2.1)
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
SlurmUser=root
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile={folder}/slurmd.pid
SlurmdLogFile={folder}/slurmd.log
SlurmdSpoolDir={folder}/spool
StateSaveLocation={folder}/state
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=bf_interval=1,sched_interval=1
NodeName=node NodeAddr=192.0.2.1 CPUs=4 State=UNKNOWN
PartitionName=all Nodes=node Default=YES State=UP
"""

# Network, host name and processes of its own: nothing listens outside, and all of it ends with the first process. Slurm asks for
# addresses that exist beside 127.0.0.1; the documentation's lies on the loopback interface too.
DAEMON_SCRIPT = """\
hostname node
ip link set lo up
ip address add 192.0.2.1/32 dev lo
mount --bind {folder}/hosts /etc/hosts
export SLURM_CONF={folder}/slurm.conf
munged --foreground --force --key-file={folder}/munge/key --socket={folder}/munge/socket --pid-file={folder}/munge/pid \\
  --log-file={folder}/munge/log --seed-file={folder}/munge/seed &
while ! [ -S {folder}/munge/socket ]; do sleep 0.1; done
slurmctld -D -f {folder}/slurm.conf &
slurmd -D -N node -f {folder}/slurm.conf &
wait
"""


class Slurm:
    """munged, slurmctld and slurmd in namespaces of their own."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("munge", "spool", "state"):
            (folder / name).mkdir(mode=0o755)
        (folder / "munge" / "key").write_bytes(os.urandom(128))
        (folder / "munge" / "key").chmod(0o600)
        (folder / "hosts").write_text("127.0.0.1 localhost\n192.0.2.1 node\n")
        (folder / "slurm.conf").write_text(CONFIGURATION.format(folder=folder))
        self.process = subprocess.Popen(
            ["unshare", "--net", "--uts", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child", "bash", "-e", "-c",
             DAEMON_SCRIPT.format(folder=folder)],
            env={**os.environ, "PATH": SBIN}, stdout=subprocess.DEVNULL, stderr=(folder / "daemons.log").open("wb"))
        self._wait_until_idle()

    def stop(self):
        self.process.kill()
        self.process.wait()

    def enter(self, *command):
        """The command among the daemons' processes."""
        return ["nsenter", "--net", "--uts", "--mount", "--pid", f"--target={self._first_process()}", "env",
                f"SLURM_CONF={self.folder}/slurm.conf", *map(str, command)]

    def text(self, *command, check=True):
        return subprocess.run(self.enter(*command), capture_output=True, text=True, check=check, timeout=60).stdout

    def tasks(self, job):
        """Number of an array's task -> its state, as long as Slurm remembers it."""
        lines = self.text("scontrol", "--oneliner", "show", "job", job).splitlines()
        fields = [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]
        return {int(task["ArrayTaskId"]): task for task in fields if task.get("ArrayTaskId", "").isdigit()}

    def wait_for(self, job, condition, what):
        deadline = time.monotonic() + JOB_SECONDS
        while time.monotonic() < deadline:
            tasks = self.tasks(job)
            if condition(tasks):
                return tasks
            time.sleep(0.2)
        states = {number: task["JobState"] for number, task in tasks.items()}
        raise AssertionError(f"not {what} after {JOB_SECONDS} s: {states}")

    def _first_process(self):
        return pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0]

    def _wait_until_idle(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            time.sleep(0.5)
            if self.process.poll() is None and "idle" in self.text("sinfo", "--noheader", "--format=%T", check=False):
                return
        log = (self.folder / "daemons.log").read_text(errors="replace")
        self.stop()
        pytest.skip(f"this machine does not let Slurm run: {log[-500:]}")


@pytest.fixture
def slurm():
    missing = [program for program in (*DAEMONS, "sbatch") if shutil.which(program, path=SBIN) is None]
    if missing:
        pytest.skip(f"no Slurm here: {', '.join(missing)}")
    if not runner.am_root():
        pytest.skip("namespaces for slurmctld and slurmd take root")
    with tempfile.TemporaryDirectory(prefix="skypefp-slurm-", ignore_cleanup_errors=True) as folder:
        pathlib.Path(folder).chmod(0o755)
        cluster = Slurm(pathlib.Path(folder))
        try:
            yield cluster
        finally:
            cluster.stop()


def submit(batch, slurm, work):
    """The README's script as a smaller array, by the ordinary user; the job's number."""
    slow = fake_sharkd(batch, "slow-for-slurm", "time.sleep(0.15)")
    variables = {**batch.tshark._environment, "PATH": f"{batch.folder}:{os.environ['PATH']}", "TMPDIR": batch.folder,
                 "SKYPEFP_SHARKD": slow}
    batch.make(f"{work}/skypefp.sbatch", shell_blocks("slurm")["slurm"].encode())
    captures = sorted((batch.folder / work / "captures").iterdir())
    batch.make(f"{work}/captures.list", "".join(f"{path}\n" for path in captures).encode())
    command = [*batch.tshark._command, "env", "-u", "WIRESHARK_PLUGIN_DIR", *(f"{k}={v}" for k, v in variables.items()), "sbatch",
               "--parsable", f"--chdir={batch.folder / work}", f"--array=0-{N_TASKS - 1}", "--cpus-per-task=1", "skypefp.sbatch"]
    process = subprocess.run(slurm.enter(*command), cwd=batch.folder / work, capture_output=True, text=True, timeout=60, check=False)
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


def kill_worker(slurm, report):
    """SIGKILL for the skypefp-batch that writes this report."""
    for line in slurm.text("ps", "-eo", "pid,args").splitlines():
        pid, _, command = line.strip().partition(" ")
        if command.startswith("skypefp-batch ") and command.endswith(f"-o {report}"):
            slurm.text("kill", f"-{signal.SIGKILL.value}", pid)
            return
    raise AssertionError(f"nobody writes {report}")


def has_begun(path):
    return path.exists() and path.stat().st_size > 0


def test_slurm_array(batch, slurm):  # noqa: F811
    fill(batch, "slurm/captures", N_CAPTURES)
    work = batch.folder / "slurm"
    job = submit(batch, slurm, "slurm")
    reports = [work / f"report.{i}.jsonl" for i in range(N_TASKS)]
    left = [pathlib.Path(f"{report}.unfinished") for report in reports[:2]]
    slurm.wait_for(job, lambda _: all(map(has_begun, left)), "begun")
    kill_worker(slurm, reports[0].name)
    slurm.text("scontrol", "requeue", f"{job}_1")
    slurm.wait_for(job, lambda tasks: tasks[1]["Restarts"] == "1" and tasks[1]["JobState"] == "PENDING", "requeued")
    slurm.text("scontrol", "update", f"JobId={job}_1", "StartTime=now+5")   # or it waits for two minutes
    tasks = slurm.wait_for(job, lambda tasks: len(tasks) == N_TASKS and all(task["JobState"] == "COMPLETED" for task in tasks.values()),
                           "completed")
    assert int(tasks[1]["Restarts"]) == 1 and int(tasks[0]["Restarts"]) == 0

    lines = [json.loads(line) for report in reports for line in report.read_text().splitlines()]
    by_name = {line["file"]["name"]: line for line in lines}
    assert len(lines) == len(by_name) == N_CAPTURES + 2
    assert [by_name[name] for name in sorted(by_name)] == batch.lines(work / "captures")
    process = batch.call("merge", "--quiet", "-o", work / "merged.json", *reports)
    assert process.returncode in (FINDINGS, 2), process.stderr
    assert len(json.loads((work / "merged.json").read_text())["captures"]) == N_CAPTURES + 2
