# SPDX-License-Identifier: GPL-2.0-or-later
"""A display of its own for a program with windows: Xvfb, and xdotool and import to see and drive what is on it."""
import os
import pathlib
import secrets
import shutil
import subprocess
import time

PROGRAMS = {"Xvfb": "xvfb", "wireshark": "wireshark", "xdotool": "xdotool", "xauth": "xauth", "import": "imagemagick"}
PATIENCE = 20    # seconds until a window has drawn what a key asked for, on a busy machine
QUIT = 10
CHUNK = 4096
CURSOR_OCTETS = 3 * 2 * 24


class Missing(Exception):
    """A program or the plugin is not there."""


class Stuck(Exception):
    """The window did not do what it was asked for in time."""


def require_programs():
    """Raises Missing with the packages to install, if any."""
    packages = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if packages:
        raise Missing(f"not installed: {', '.join(packages)}")


def looks_same(one, other):
    """Whether two pictures differ in no more octets than a text cursor has."""
    if len(one) != len(other):
        return False
    n_different = 0
    for start in range(0, len(one), CHUNK):
        left, right = one[start:start + CHUNK], other[start:start + CHUNK]
        if left != right:
            n_different += sum(a != b for a, b in zip(left, right))
            if n_different > CURSOR_OCTETS:
                return False
    return True


def wait_until(what, condition, patience=PATIENCE):
    """The first true value of condition(); Stuck after `patience` seconds."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Stuck(f"{what}: not within {patience} s")
        time.sleep(0.1)


class Display:
    """An Xvfb that only holders of its cookie reach; a context manager. The folder is private to the caller."""

    def __init__(self, folder, width=1280, height=800):
        self.authority = pathlib.Path(folder) / "xauthority"
        self._geometry = f"{width}x{height}x24"

    def __enter__(self):
        cookie = secrets.token_hex(16)
        self._add_cookie(":0", cookie)   # the server takes it for whatever number it gets
        reader, writer = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", self._geometry, "-dpi", "96", "-nolisten", "tcp",
             "-noreset", "-auth", self.authority], pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise Missing("Xvfb does not start")
        self.name = f":{number}"
        self._add_cookie(self.name, cookie)
        self.authority.chmod(0o644)      # the folder is closed to others, except to the user that Wireshark runs as
        return self

    def __exit__(self, *_):
        self._server.terminate()
        self._server.wait(QUIT)

    def run(self, *arguments):
        """What a program that talks to the display prints."""
        environment = {**os.environ, "DISPLAY": self.name, "XAUTHORITY": str(self.authority)}
        return subprocess.run(list(map(str, arguments)), env=environment, capture_output=True, check=False,
                              timeout=30, stdin=subprocess.DEVNULL).stdout

    def _add_cookie(self, name, cookie):
        subprocess.run(["xauth", "-q", "-f", self.authority, "add", name, ".", cookie], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
