# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs tshark with the plugin, as an ordinary user and as root, apart from the preferences of whoever runs the tests.

Wireshark ignores WIRESHARK_PLUGIN_DIR and the personal plugin folder for uid 0. So as root an ordinary user means giving the
privileges up, and root means the plugin that is installed for the whole system.
"""
import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("SKYPEFP_BUILD_DIR", REPOSITORY / "build")).resolve()
CORPUS = pathlib.Path(os.environ.get("SKYPEFP_CORPUS", REPOSITORY.parent / "shared" / "captures")).resolve()
TEST_CAPTURES = REPOSITORY / "test-captures"

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
TIMEOUT = 300
FIELDS = ("frame.number", "skypefp.verdict", "skypefp.bits", "skypefp.rule", "skypefp.endpoint", "skypefp.inherited")
NONE, POSSIBLE, LIKELY, CERTAIN = range(4)
# For what starts tshark often and measures nothing: it takes its memory page by page; in large pieces, a start costs a third less.
FEWER_PAGE_FAULTS = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864"}
SEPARATOR = "\x1f"  # between the values of a field that a frame has several times

# Runs a command in silence but for its own output, and adds what it cost as the last line of stderr.
MEASURE = """
import json, resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([usage.ru_utime, usage.ru_maxrss]), file=sys.stderr)
sys.exit(code)
"""


class NotLoaded(Exception):
    """The plugin is not there for this way of running tshark."""


def am_root():
    return os.geteuid() == 0


def series():
    """Wireshark's, which the plugin was built for: (4, 6)."""
    (folder,) = (BUILD / "plugins").iterdir()
    return tuple(int(number) for number in folder.name.split("."))


def community_id_field():
    """Wireshark's own, with --enable-protocol communityid."""
    return "communityid.hash" if series() >= (4, 6) else "communityid"


def describe_version():
    """The version of skypefp, and the commit where git knows it."""
    version = subprocess.run([REPOSITORY / "run", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    try:
        commit = subprocess.run(["git", "-C", REPOSITORY, "describe", "--always", "--dirty"], capture_output=True, text=True,
                                check=False).stdout.strip()
    except FileNotFoundError:
        commit = ""
    return f"{version} ({commit})" if commit else version


def is_sanitized():
    """Whether tshark runs with a plugin that the sanitizers watch."""
    return bool(os.environ.get("SKYPEFP_TSHARK_PRELOAD"))


def sample(items, step):
    """Every step-th item; all of them in `./run test --all`."""
    return list(items)[::1 if os.environ.get("SKYPEFP_ALL") else step]


def sample_sanitized(items, step):
    """A sample under sanitizers, which are several times slower; otherwise all of them."""
    return sample(items, step if is_sanitized() else 1)


class Tshark:
    """One way of running tshark: as "user" with the plugin of the build folder, or as "root" with the installed one."""
    plugins = BUILD / "plugins"

    def __init__(self, who, folder):
        """Prepares a home in the empty folder, which everybody can reach, and proves that the plugin is loaded: NotLoaded."""
        self.who = who
        self._folder = pathlib.Path(folder)
        self._copies = {}
        self._command = AS_NOBODY if who == "user" and am_root() else []
        self._environment = self._isolate()
        if who == "user":
            self._environment["WIRESHARK_PLUGIN_DIR"] = str(self._publish_plugins())
        self.plugin = self._find_plugin()

    def call(self, *arguments, program="tshark", **options):
        """The finished process of tshark (or capinfos, sharkd ...) with these arguments; stdout and stderr are text."""
        variables = [f"{name}={value}" for name, value in self._environment.items()]
        command = [*self._command, "env", "-u", "WIRESHARK_PLUGIN_DIR", *variables, program, *map(str, arguments)]
        options = {"stdin": subprocess.DEVNULL, "timeout": TIMEOUT, "cwd": self._folder, **options}
        return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, **options)

    def measure(self, *arguments, program="tshark", variables=(), **options):
        """(the finished process as of call(), seconds of processor time, peak memory in kB)"""
        without = [argument for name in FEWER_PAGE_FAULTS for argument in ("-u", name)]     # as users have it
        process = self.call(*without, *variables, sys.executable, "-c", MEASURE, program, *arguments, program="env", **options)
        *complaints, cost = process.stderr.splitlines(keepends=True)
        process.stderr = "".join(complaints)
        return process, *json.loads(cost)

    def text(self, *arguments):
        """What tshark prints; it must succeed and say nothing on stderr."""
        process = self.call(*arguments)
        assert not complaints(process) and process.returncode == 0, \
            f"{process.args} ended with {process.returncode} and said {complaints(process)}"
        return process.stdout

    def read(self, capture, *arguments, two_pass=False):
        """What tshark prints about a capture."""
        return self.text(*(["-2"] if two_pass else []), "-r", self.readable(capture), *arguments)

    def marks(self, capture, two_pass=False, options=(), fields=FIELDS, display_filter="skypefp"):
        """One dictionary a marked frame, field name -> text; values of a field that comes several times stand in `values`."""
        wanted = [argument for field in fields for argument in ("-e", field)]
        printed = self.read(capture, *options, "-Y", display_filter, "-T", "fields", "-E", "separator=/t",
                            "-E", f"aggregator={SEPARATOR}", *wanted, two_pass=two_pass)
        return [dict(zip(fields, line.split("\t"))) for line in printed.splitlines()]

    def frames(self, capture, display_filter="skypefp", two_pass=False, options=()):
        """The numbers of the frames that match a display filter, in order."""
        rows = self.marks(capture, two_pass, options, ("frame.number",), display_filter)
        return [int(row["frame.number"]) for row in rows]

    def export(self, capture, display_filter="skypefp"):
        """A new capture of the frames that match a display filter in two passes, and of those that they depend on."""
        path = self._folder / "home" / f"export-of-{pathlib.Path(capture).stem}.pcapng"
        self.read(capture, "-Y", display_filter, "-w", path, two_pass=True)
        return path

    def readable(self, path):
        """The path, or that of a copy when an ordinary user could not read the file."""
        path = pathlib.Path(path).resolve()
        if not self._command or is_public(path):
            return path
        stamp = (path, path.stat().st_mtime_ns, path.stat().st_size)
        if stamp not in self._copies:
            copy = self._folder / f"{len(self._copies)}-{path.name}"
            shutil.copyfile(path, copy)
            copy.chmod(0o644)
            self._copies[stamp] = copy
        return self._copies[stamp]

    def _isolate(self):
        self._folder.chmod(0o755)
        for name in ("home", "config"):
            (self._folder / name).mkdir()
            if self._command:
                os.chown(self._folder / name, NOBODY, NOBODY)
        environment = {"HOME": self._folder / "home", "WIRESHARK_CONFIG_DIR": self._folder / "config", "LC_ALL": "C.UTF-8",
                       "TZ": "UTC"}
        if is_sanitized():  # the sanitizer's library; tshark itself never frees everything
            environment["LD_PRELOAD"] = os.environ["SKYPEFP_TSHARK_PRELOAD"]
            environment["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "detect_leaks=0")
        return environment

    def _publish_plugins(self):
        if not self.plugins.is_dir():
            raise NotLoaded(f"no plugin in {self.plugins}: build first")
        if not self._command:
            return self.plugins
        shutil.copytree(self.plugins, self._folder / "plugins")
        for path in (self._folder / "plugins").rglob("*"):
            path.chmod(0o755)
        return self._folder / "plugins"

    def _find_plugin(self):
        """The path of skypefp.so as tshark tells it."""
        process = self.call("-G", "plugins")
        for line in process.stdout.splitlines():
            columns = [column.strip() for column in line.split("\t")]
            if columns[0] == "skypefp.so":
                return pathlib.Path(columns[-1])
        raise NotLoaded(f"tshark as {self.who} does not load skypefp: {'; '.join(complaints(process)) or 'not listed'}")


def complaints(process):
    """The lines on stderr that tshark should not have printed."""
    return [line for line in process.stderr.splitlines() if line and not line.startswith("Running as user")]


def is_public(path):
    """True when everybody may read the file and pass through the folders above it."""
    passable = all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents)
    return passable and bool(path.stat().st_mode & stat.S_IROTH)


def is_stale(installed):
    """True when the build folder holds a newer plugin than the installed one."""
    built = list((BUILD / "plugins").glob("*/epan/skypefp.so"))
    return any(path.stat().st_mtime > installed.stat().st_mtime + 2 for path in built)


def values(row, field):
    """All values of a field in a row of `Tshark.marks`."""
    return row[field].split(SEPARATOR) if row[field] else []


def positive(text):
    """A number of at least 1, for argparse."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def parse_ranges(text):
    """The numbers of a list such as "184,186-190,200"; white space and line ends separate too."""
    numbers = []
    for part in text.replace(",", " ").split():
        first, _, last = part.partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return numbers


def format_ranges(numbers):
    """The inverse of `parse_ranges`, for goldens and messages."""
    runs = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(f"{first}-{last}" if first != last else f"{first}" for first, last in runs)
