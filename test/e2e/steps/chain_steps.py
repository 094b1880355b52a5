# SPDX-License-Identifier: Apache-2.0
"""The table that topd's verification of certificates is tested with says what Go says."""
import pathlib
import subprocess

from checks import equal, holds

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "net/x509"


def go(*arguments):
    return subprocess.run(["go", "run", ".", *arguments], cwd=FOLDER / "chains", capture_output=True, text=True,
                          timeout=300, check=False)


def table(_):
    """Row by row, and as a whole: the program beside it makes the very same table."""
    checked = go("-check", "../chains.txt")
    equal((checked.returncode, checked.stderr), (0, ""))
    holds(checked.stdout, ", 0 wrong")
    equal(go().stdout, (FOLDER / "chains.txt").read_text())
