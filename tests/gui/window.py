# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark's window, driven by keys, for the screenshots and the GUI regression.

Nothing is seen of the display or the configuration of whoever runs it: Xvfb with a cookie, a private folder with the profile,
and Wireshark as an ordinary user (see tests/tshark.py).
"""
import csv
import os
import pathlib
import re
import shutil
import subprocess
import time

import tshark as runner
from display import PATIENCE, QUIT, Display, Missing, Stuck, looks_same, require_programs, wait_until

GUI = pathlib.Path(__file__).resolve().parent

__all__ = ["Desktop", "Display", "GUI", "Missing", "PROFILE", "Stuck", "Window", "mix_captures", "repeat_capture",
           "require_programs", "runner", "wait_until"]

PROFILE = runner.BUILD / "plugin" / "profile" / "Skype fingerprint"
START = 40       # seconds until the window is there, on a slow machine
MENU_ENTRIES = 30
ASIDE = (1279, 799)
EXPORT_ENTRY = 7  # File > Export Packet Dissections, from below, while no octets are selected
CONVERSATION_ENTRY = 7  # Analyze > Conversation Filter, from below, while no octets are selected
MAIN_SIZE = {"gui__geometry_main_x": 0, "gui__geometry_main_y": 0, "gui__geometry_main_width": 1280,
             "gui__geometry_main_height": 800}     # so that select_packet() clicks on a packet
# Said whether or not a plugin is there: the user's runtime folder, captures from wireless cards, threads and interfaces (4.4), dialogs of Lua (4.6).
NOISE = re.compile(r"QStandardPaths|nl80211|XDG_RUNTIME_DIR|propagateSizeHints|QThreadStorage|can't scan interfaces|QObject::disconnect: wildcard call .* Funnel")
PREFIX = re.compile(r"^ *\*\* \([^)]*\) [0-9:.]+ ")    # process and time
MIX = ("udp-chain", "near-nbns", "tcp-port-80", "tcp-fake-tls", "udp-published-exchange")


def mix_captures(folder):
    """Several test captures in one file in the folder, ten seconds apart: marked traffic and other."""
    parts = []
    for index, name in enumerate(MIX):
        parts.append(folder / f"part-{name}.pcap")
        source = runner.TEST_CAPTURES / f"{name}.pcap"
        subprocess.run(["editcap", "-F", "pcap", "-t", str(10 * index), source, parts[-1]], check=True)
    mixed = folder / "skype-and-others.pcap"
    subprocess.run(["mergecap", "-a", "-F", "pcap", "-w", mixed, *parts], check=True)
    mixed.chmod(0o644)
    return mixed


def repeat_capture(capture, times, seconds):
    """The same packets again and again, so many seconds later each time, in one file beside the capture."""
    parts = []
    for turn in range(times):
        parts.append(capture.with_name(f"{turn}-{capture.name}"))
        subprocess.run(["editcap", "-F", "pcap", "-t", str(turn * seconds), capture, parts[-1]], check=True)
    repeated = capture.with_name(f"repeated-{capture.name}")
    subprocess.run(["mergecap", "-a", "-F", "pcap", "-w", repeated, *parts], check=True)
    repeated.chmod(0o644)
    return repeated


class Desktop(runner.Tshark):
    """An ordinary user with the plugin, or without it, and with our profile, who starts Wireshark on a display."""

    def __init__(self, folder, display, plugin=True):
        super().__init__("user", folder)
        self._display = display
        self.config = self._folder / "config"
        self.deadline = float("inf")        # on the clock of time.monotonic(): when a session has lasted too long
        if not plugin:
            del self._environment["WIRESHARK_PLUGIN_DIR"]
        shutil.copytree(PROFILE, self.config / "profiles" / PROFILE.name)
        self.remember(None, **MAIN_SIZE)
        self._environment.update({
            "DISPLAY": display.name, "XAUTHORITY": display.authority, "QT_QPA_PLATFORM": "xcb",
            "QT_STYLE_OVERRIDE": "Fusion", "XDG_RUNTIME_DIR": self._folder / "home", "LIBGL_ALWAYS_SOFTWARE": "1",
            "NO_AT_BRIDGE": "1"})
        (self._folder / "home").chmod(0o700)

    def own(self, folder):
        """Gives what is in a folder to the user that Wireshark runs as."""
        if self._command:
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, runner.NOBODY, runner.NOBODY)

    def remember(self, profile, **recent):
        """Adds to what Wireshark remembers of its last session, of all profiles or of one: name -> value."""
        folder = self.config / "profiles" / profile if profile else self.config
        lines = "".join(f"{name.replace('__', '.')}: {value}\n" for name, value in recent.items())
        with open(folder / ("recent" if profile else "recent_common"), "a") as file:
            file.write(lines)
        self.own(self.config)

    def start(self, capture, *arguments):
        """A Window with the capture open."""
        variables = [f"{name}={value}" for name, value in self._environment.items()]
        with open(self._folder / "stderr", "w") as errors:
            process = subprocess.Popen(
                [*self._command, "env", "-u", "WAYLAND_DISPLAY", *variables, "wireshark", "-r", self.readable(capture),
                 *map(str, arguments)], cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
        return Window(process, self._display, pathlib.Path(capture).name, self._folder / "stderr", self.deadline)


class Window:
    """Wireshark's main window and its dialogs; a context manager that ends the process if it is still there."""

    def __init__(self, process, display, capture_name, errors, deadline):
        self._process, self._display, self._errors, self._deadline = process, display, errors, deadline
        self._capture_name = capture_name
        self._found_at = {}     # menu -> the steps to the entry that was found last
        self.main = None

    def __enter__(self):
        try:
            self.main = wait_until("the window with the capture", self._find_main, START)
        except Stuck:
            self.__exit__()
            raise
        self.focus(self.main)
        self.settle()
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(QUIT)

    def windows(self):
        """Identifier -> title of every window that is shown, the last one opened last; a message box has the program's name."""
        found = self._display.run("xdotool", "search", "--onlyvisible", "--class", ".").decode().split()
        return {window: self._display.run("xdotool", "getwindowname", window).decode().strip() for window in found}

    def focus(self, window):
        self._display.run("xdotool", "windowfocus", "--sync", window)

    def keys(self, *names):
        """Presses keys, such as ctrl+shift+p or Down, one after another."""
        self._display.run("xdotool", "key", "--delay", 35, *names)

    def type(self, text):
        self._display.run("xdotool", "type", "--delay", 15, text)

    def click(self, x, y, button=1):
        """Clicks there and moves the pointer away, so that nothing is drawn as hovered."""
        self._display.run("xdotool", "mousemove", x, y, "click", button, "mousemove", *ASIDE)

    def place(self, window, x, y, width, height):
        self._display.run("xdotool", "windowsize", window, width, height)
        self._display.run("xdotool", "windowmove", window, x, y)
        self.settle()

    def settle(self):
        """Waits until the picture stays the same but for a blinking cursor."""
        last = None
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            time.sleep(0.15)
            self.check()
            now = self._display.run("import", "-window", "root", "-depth", "8", "rgb:-")
            if last is not None and looks_same(last, now):
                return
            last = now

    def filter(self, expression):
        """Applies a display filter through the filter bar."""
        self.focus(self.main)
        self.keys("ctrl+slash", "ctrl+a", "BackSpace")
        self.type(expression)
        self.keys("Return")
        self.settle()

    def select_packet(self, row):
        """Selects a row of the packet list, from 1."""
        self.focus(self.main)
        self.click(150, 116)
        self.keys("Home", *["Down"] * (row - 1))
        self.settle()

    def expand_last_layer(self):
        """Goes from the packet list to the last layer of the tree, and opens it and all below it."""
        self.keys("Tab", "End", "shift+Right")
        self.settle()

    def menu_dialog(self, menu, pattern, from_top=False):
        """Opens a menu and tries its entries until one opens a window with such a title: those nearest to what was found there before, or
        else from the last one upwards, or from the second one downwards."""
        seen = []
        known = self._found_at.setdefault((menu, from_top), 1)
        for steps in sorted(range(1, MENU_ENTRIES), key=lambda entry: abs(entry - known)):
            before = set(self.windows())
            self.focus(self.main)
            self.keys(menu, *["Down" if from_top else "Up"] * steps, "Return")
            time.sleep(0.7)
            new = {window: title for window, title in self.windows().items() if window not in before}
            for window, title in new.items():
                if re.search(pattern, title):
                    self._found_at[menu, from_top] = steps
                    return window
            for _ in range(3):      # a submenu, or another dialog
                self.keys("Escape")
            seen += new.values()
        raise Stuck(f"no entry of the menu opens {pattern}, but {seen}")

    def dialog(self, pattern, *keys):
        """Presses keys in the main window until they open a window with such a title: its identifier."""
        before = set(self.windows())
        self.focus(self.main)
        self.keys(*keys)
        return wait_until(f"a window named {pattern}", lambda: next(
            (window for window, title in self.windows().items() if window not in before and re.search(pattern, title)), None))

    def close_dialog(self, window):
        self.focus(window)
        self.keys("Escape")
        wait_until("the dialog to close", lambda: window not in self.windows())
        self.focus(self.main)

    def filter_conversation(self):
        """Analyze > Conversation Filter, the last entry that the selected packet has."""
        self.focus(self.main)
        self.keys("alt+a", *["Up"] * CONVERSATION_ENTRY, "Right", "Up", "Return")
        self.settle()

    def toggle_protocol(self, name):
        """Analyze > Enabled Protocols: searches the name, and clicks the box of the first protocol that is found."""
        dialog = self.dialog("Enabled Protocols", "ctrl+shift+e")
        self.focus(dialog)
        self.type(name)
        self.keys("Tab", "Tab", "Tab", "space", "Return")     # where to search and in what, the list, its box, OK
        wait_until("the dialog to close", lambda: dialog not in self.windows())
        self.focus(self.main)
        self.settle()

    def message_box(self):
        """The message box that is open, or opens: its identifier."""
        return wait_until("a message box", lambda: next(
            (window for window in self.windows() if window != self.main), None))

    def export(self, path):
        """The displayed packets as Wireshark exports them: a list of dictionaries, column title -> text."""
        dialog = self.dialog("Export Packet Dissections", "alt+f", *["Up"] * EXPORT_ENTRY, "Right", "Down", "Return")
        self.focus(dialog)
        self.settle()               # typed too early, the name loses letters on a busy machine
        self.keys("ctrl+a")
        self.type(str(path))
        self.settle()
        self.keys("Return")
        wait_until("the dialog to close", lambda: dialog not in self.windows())
        wait_until("the exported file", path.exists)
        self.settle()
        with open(path, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def quit(self):
        """Leaves through the menu: the exit code."""
        self.focus(self.main)
        self.keys("ctrl+q")
        try:
            return self._process.wait(QUIT)
        except subprocess.TimeoutExpired as error:
            raise Stuck("Wireshark does not quit") from error

    def check(self):
        """Raises Stuck if Wireshark has ended, or the session has lasted too long."""
        if time.monotonic() > self._deadline:
            raise Stuck("the session takes too long")
        if self._process.poll() is not None:
            raise Stuck(f"Wireshark ended with {self._process.returncode}: {self.complaints()}")

    def complaints(self):
        """What Wireshark said on stderr, without the noise that every run makes."""
        lines = self._errors.read_text(errors="replace").splitlines()
        return [PREFIX.sub("", line) for line in lines if line.strip() and not NOISE.search(line)]

    def picture(self, path, window="root"):
        """Saves a window as a PNG with a palette."""
        self.settle()
        self._display.run("import", "-window", window, "+dither", "-colors", 255, "-define",
                          "png:exclude-chunks=date,time,tIME", f"png8:{path}")

    def _find_main(self):
        self.check()
        return next((window for window, title in self.windows().items() if self._capture_name in title), None)
