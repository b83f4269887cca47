# SPDX-License-Identifier: GPL-2.0-or-later
"""What ./run install and ./run uninstall do with the profile, in a folder of the test's own."""
import subprocess

import pytest

import tshark as runner

NAME = "Skype fingerprint"
BUILT = runner.BUILD / "plugin" / "profile" / NAME
SOURCE = runner.REPOSITORY / "plugin" / "profile" / NAME
SCRIPT = """\
set -euo pipefail
root=$1 build=$2 profiles=$3
say() { printf '%s\\n' "$*"; }
die() { say "$*"; exit 1; }
. "$root/scripts/install.sh"
profile_folder() { say "$profiles"; }
package_of() { :; }
"$4"
"""


def call(function, folder, build=runner.BUILD):
    """What a function of install.sh prints."""
    process = subprocess.run(["bash", "-c", SCRIPT, "bash", runner.REPOSITORY, build, folder, function],
                             capture_output=True, text=True, check=False)
    assert process.stderr == ""
    return process.returncode, process.stdout


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_profile_is_the_one_of_the_build(tmp_path):
    """With the colours that a profile's rules replace, as cmake --install puts it there; and it can be removed."""
    assert call("install_profile", tmp_path) == (0, f"Installed the profile {tmp_path / NAME}\n")
    assert contents(tmp_path / NAME) == contents(BUILT)
    assert call("uninstall_profile", tmp_path) == (0, f"Removed the profile {tmp_path / NAME}\n")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name, kept", [("colorfilters", True), ("recent", False)])
def test_changed_profile_is_kept(tmp_path, name, kept):
    call("install_profile", tmp_path)
    with open(tmp_path / NAME / name, "a", encoding="utf-8") as file:
        file.write("# changed\n")
    code, said = call("uninstall_profile", tmp_path)
    assert code == 0 and said.startswith("Kept" if kept else "Removed") and (tmp_path / NAME).exists() == kept


def test_profile_of_the_source_tree_is_removed(tmp_path):
    (tmp_path / NAME).mkdir()
    for name, content in contents(SOURCE).items():
        (tmp_path / NAME / name).write_bytes(content)
    assert call("uninstall_profile", tmp_path)[1].startswith("Removed") and not list(tmp_path.iterdir())


def test_build_without_a_profile(tmp_path):
    code, said = call("install_profile", tmp_path, tmp_path)
    assert code == 1 and "no profile" in said and not list(tmp_path.iterdir())
