# SPDX-License-Identifier: Apache-2.0
"""How long the turns of topd's event loop are, in CPU time: test/bench/turns.cpp writes it to a file."""
import os
import struct

CLASSES = 40
NAME = "turns"


def under(lab):
    """The command that a subject runs under, for start_subject()."""
    if os.path.exists(lab.path(NAME)):
        os.unlink(lab.path(NAME))
    return ["env", f"LD_PRELOAD={lab.plan.turns}", f"TURNS_FILE={lab.path(NAME)}"]


def read(lab):
    with open(lab.path(NAME), "rb") as file:
        longest, *classes = struct.unpack(f"={1 + CLASSES}Q", file.read())
    return longest, classes


class Watch:
    """The turns from its making to told(); `fresh`: from the first on."""

    def __init__(self, lab, fresh=False):
        self.lab = lab
        self.before = [0] * CLASSES
        if fresh:
            return
        _, self.before = read(lab)
        with open(lab.path(NAME), "r+b") as file:
            file.write(bytes(8))

    def told(self):
        longest, classes = read(self.lab)
        counts = [after - before for after, before in zip(classes, self.before)]
        return {"turns": sum(counts), "longest_ms": longest / 1e6,
                "over_1_ms": sum(counts[20:]), "over_4_ms": sum(counts[22:]), "over_16_ms": sum(counts[24:])}
