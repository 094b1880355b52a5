#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs ctest and counts what it ran case by case, from its log: a binary of Catch2 is one test with many cases. Prints
"P passed, F failed"; a binary that ended without its last line is one that failed. So is one that ran no case, and a
run of ctest that failed, by its exit status, for no case's sake."""
import pathlib
import re
import subprocess
import sys

LOG = pathlib.Path(__file__).resolve().parents[1] / "build/dev/Testing/Temporary/LastTest.log"

ALL = re.compile(r"^All tests passed \(\d+ assertions? in (\d+) test cases?\)$", re.MULTILINE)
NONE = re.compile(r"^No tests ran", re.MULTILINE)
SOME = re.compile(r"^test cases: +\d+ \|(?: +(\d+) passed \|)? +(\d+) failed", re.MULTILINE)


def count(log):
    passed = failed = 0
    blocks = re.split(r"^\d+/\d+ Testing: ", log, flags=re.MULTILINE)[1:]
    for block in blocks:
        well = re.search(r"^Test Passed\.$", block, re.MULTILINE)
        every, some = ALL.findall(block), SOME.findall(block)
        if well and not NONE.search(block):
            passed += int(every[-1]) if every else 1
        elif some:
            passed += int(some[-1][0] or 0)
            failed += int(some[-1][1])
        else:
            print("failed without a count: " + block.splitlines()[0], file=sys.stderr)
            failed += 1
    return passed, failed


def main():
    # An earlier run's log is not this one's result.
    LOG.unlink(missing_ok=True)
    status = subprocess.run(["ctest", "--preset", "dev"], stdin=subprocess.DEVNULL, check=False).returncode
    passed = failed = 0
    try:
        passed, failed = count(LOG.read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        print(f"{LOG} is missing: ctest did not run", file=sys.stderr)
    if failed == 0 and status:
        print(f"ctest ended with status {status}", file=sys.stderr)
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return failed != 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
