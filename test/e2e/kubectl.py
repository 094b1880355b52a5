# SPDX-License-Identifier: Apache-2.0
"""One release of kubectl, and whether it prints what a table says."""
import dataclasses
import json
import re
import shlex
import subprocess

import yaml

SCALE = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1, "%": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


@dataclasses.dataclass
class Command:
    """A row of the table: what a user types, and all that is printed then.

    Lines are compared cell by cell. A cell "~250m" is a quantity within three percent, or three of that unit; "*" is
    anything; "/x/" is what the regular expression x matches whole.
    """
    args: str
    # All lines of stdout; None: whatever.
    lines: list = None
    # Lines that are among those of stdout.
    parts: list = ()
    # The JSON or YAML on stdout; keys that are not named here do not count.
    document: object = None
    # The rows below the head may come in any order that lets this column's quantity fall.
    falling: int = None
    # All of stderr, of a command that fails (error) or does not (note).
    error: str = ""
    note: str = ""
    # It fails without a word.
    fails: bool = False
    # For kubectl 1.since and later, and before 1.until.
    since: int = 0
    until: int = 10**6


def quantity(text):
    """The value and its unit's; None: not a quantity."""
    match = re.fullmatch(r"([\d.]+)(n|u|m|Ki|Mi|Gi|%|)", text)
    return match and (float(match[1]) * SCALE[match[2]], SCALE[match[2]])


def cell_fits(expected, got):
    if expected.startswith("~"):
        (value, unit), found = quantity(expected[1:]), quantity(got)
        return bool(found) and abs(found[0] - value) <= max(3 * unit, value * 0.03)
    if len(expected) > 2 and expected[0] == expected[-1] == "/":
        return re.fullmatch(expected[1:-1], got) is not None
    return expected in ("*", got)


def line_fits(expected, got):
    wanted, found = expected.split(), got.split()
    return len(wanted) == len(found) and all(map(cell_fits, wanted, found))


def lines_fault(expected, got):
    if len(expected) == len(got) and all(map(line_fits, expected, got)):
        return None
    return "\n      ".join(["it prints", *got, "instead of", *expected])


def falling_fault(column, rows):
    values = [quantity(row.split()[column]) for row in rows]
    known = [value[0] for value in values if value]
    if known == sorted(known, reverse=True) and None not in values[:len(known)]:
        return None
    return "\n      ".join([f"column {column} does not fall in", *rows])


def document_fault(expected, got, where=""):
    """Where the document is not what is expected; None: nowhere."""
    if isinstance(expected, dict) and isinstance(got, dict):
        faults = (document_fault(value, got.get(key), f"{where}.{key}") for key, value in expected.items())
        return next((fault for fault in faults if fault), None)
    if isinstance(expected, list) and isinstance(got, list) and len(got) == len(expected):
        faults = (document_fault(e, g, f"{where}[{i}]") for i, (e, g) in enumerate(zip(expected, got)))
        return next((fault for fault in faults if fault), None)
    fits = cell_fits(expected, got) if isinstance(expected, str) and isinstance(got, str) else expected == got
    return None if fits else f"{where}: {got!r} instead of {expected!r}"


class Kubectl:
    """A binary with a discovery cache of its own."""

    def __init__(self, binary, plane):
        self.binary, self.plane = str(binary), plane
        version = json.loads(self.run("version", "--client", "-o", "json").stdout)["clientVersion"]
        # Distributions append a plus sign.
        self.minor = int(version["minor"].rstrip("+"))

    def run(self, *args):
        cache = self.plane.dir / ("cache" + self.binary.replace("/", "_"))
        command = [self.binary, f"--kubeconfig={self.plane.kubeconfig}", f"--cache-dir={cache}", *args]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                              check=False, env={"HOME": str(self.plane.dir)})

    def fault(self, command):
        """What is wrong with what the command prints; None: nothing."""
        done = self.run(*shlex.split(command.args))
        said = done.stderr.strip()
        if said != (command.error or command.note):
            return f"it says {said!r} instead of {command.error or command.note!r}"
        if (done.returncode != 0) != (command.fails or bool(command.error)):
            return f"it ends with {done.returncode}"
        return next((fault for fault in self.output_faults(command, done.stdout) if fault), None)

    @staticmethod
    def output_faults(command, text):
        printed, wanted = text.splitlines(), command.lines
        if command.falling is not None:
            yield falling_fault(command.falling, printed[1:])
            printed, wanted = printed[:1] + sorted(printed[1:]), wanted[:1] + sorted(wanted[1:])
        if wanted is not None:
            yield lines_fault(wanted, printed)
        for part in command.parts:
            if not any(line_fits(part, line) for line in printed):
                yield "\n      ".join([f"{part!r} is not in", *printed])
        if command.document is not None:
            yield document_fault(command.document, yaml.load(text, yaml.BaseLoader))

    def objections(self, commands):
        """How many of the commands this release has, and what is wrong with them."""
        mine = [c for c in commands if c.since <= self.minor < c.until]
        faults = [(c, self.fault(c)) for c in mine]
        return len(mine), [f"kubectl {c.args} (1.{self.minor}): {fault}" for c, fault in faults if fault]
