# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures that all tests share: tshark with the plugin, and the folder of real captures."""
import os
import tempfile

import pytest

import tshark as runner

os.environ.update(runner.FEWER_PAGE_FAULTS)     # of the tests alone: benchmarks run without it

AS_ROOT = 4     # every so many of the tests with the fixture tshark also run as root; all of them in ./run test --all


def pytest_collection_modifyitems(config, items):
    """Leaves out what root does not repeat."""
    as_root = [item for item in items if hasattr(item, "callspec") and item.callspec.params.get("tshark") == "root"]
    left_out = set(as_root) - set(runner.sample(as_root, AS_ROOT))
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def explain_absence(reason):
    """Root needs an installed plugin: skip, unless whoever runs the tests says that it is there."""
    if os.environ.get("SKYPEFP_EXPECT_ROOT") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def attempt(who, folder):
    """A runner that has seen the plugin, or None and the reason."""
    try:
        return runner.Tshark(who, folder), None
    except runner.NotLoaded as error:
        return None, str(error)


def make_root(folder):
    if not runner.am_root():
        pytest.skip("not root")
    root, reason = attempt("root", folder)
    if root is None:
        explain_absence(f"{reason} (./run install)")
    if runner.is_stale(root.plugin):
        explain_absence(f"{root.plugin} is older than the build (./run install)")
    return root


def make_user(folder):
    user, reason = attempt("user", folder)
    if user is None:
        pytest.fail(f"{reason}; no test through tshark means anything without it", pytrace=False)
    return user


@pytest.fixture(scope="session")
def user():
    """tshark as an ordinary user, seen to load the plugin of the build folder."""
    with tempfile.TemporaryDirectory(prefix="skypefp-tshark-") as folder:
        yield make_user(folder)


@pytest.fixture(scope="session")
def root():
    """tshark as root, seen to load the installed plugin."""
    with tempfile.TemporaryDirectory(prefix="skypefp-tshark-") as folder:
        yield make_root(folder)


@pytest.fixture(scope="session", params=["user", "root"])
def tshark(request):
    """tshark that has been seen to load the plugin, once as an ordinary user and once as root."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def corpus():
    """The folder of real captures; tests that need it are skipped without it."""
    if not runner.CORPUS.is_dir():
        pytest.skip(f"no real captures in {runner.CORPUS} (SKYPEFP_CORPUS)")
    return runner.CORPUS
