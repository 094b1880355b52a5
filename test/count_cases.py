#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts what ctest ran, case by case, from its log (build/dev/Testing/Temporary/LastTest.log): a binary of Catch2 is
one test with many cases. Prints "P passed, F failed"; a binary that ended without its last line is one that failed.
So is one that ran no case, and a run of ctest that failed, by its exit status (the second argument), for no case's
sake."""
import re
import sys

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
    passed = failed = 0
    try:
        with open(sys.argv[1], encoding="utf-8", errors="replace") as log:
            passed, failed = count(log.read())
    except FileNotFoundError:
        print(f"{sys.argv[1]} is missing: ctest did not run", file=sys.stderr)
    if failed == 0 and sys.argv[2] != "0":
        print(f"ctest ended with status {sys.argv[2]}", file=sys.stderr)
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return failed != 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
