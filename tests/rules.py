# SPDX-License-Identifier: GPL-2.0-or-later
"""The rules, as the built library lists them: nothing in Python keeps a list of its own."""
import dataclasses
import subprocess

import tshark as runner

PROGRAM = runner.BUILD / "tests" / "print-rules"


@dataclasses.dataclass
class Rule:
    """One record of heuristics/signatures/, as far as documentation and tests need it."""
    key: str
    group: str
    bits: int
    sentence: str
    source: str
    basis: str      # "theory", "measured", "convention" or "no bits"
    theory: int     # bits that the chance gives, uncapped; 0 without theory
    reason: str

    @property
    def why(self):
        return f"{self.basis}: {self.reason}"


def read():
    """Key -> rule, in the order of the list. Raises SystemExit when nothing was built."""
    if not PROGRAM.exists():
        raise SystemExit(f"{PROGRAM} does not exist: build first (./run build), or name the build folder in SKYPEFP_BUILD_DIR")
    lines = subprocess.run([PROGRAM], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split("\t") for line in lines]
    return {key: Rule(key, group, int(bits), sentence, source, basis, int(theory), reason)
            for key, group, bits, sentence, source, basis, theory, reason in rows}
