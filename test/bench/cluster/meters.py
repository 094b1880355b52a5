# SPDX-License-Identifier: Apache-2.0
"""What /proc tells about a process."""
import glob
import math
import os
import re


def percentile(values, share):
    """The smallest value that so much of them do not exceed (nearest rank); None of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


class Spent:
    """Seconds on a core, seconds ready to run but without one, and both modes of the first, between two moments."""

    def __init__(self, cpu, waited, user, system):
        self.cpu, self.waited, self.user, self.system = cpu, waited, user, system

    def __sub__(self, before):
        return Spent(self.cpu - before.cpu, self.waited - before.waited, self.user - before.user,
                     self.system - before.system)

    def user_share(self):
        return self.user / max(self.user + self.system, 1e-9)


def spent(pid):
    """Since the process began, of all its threads. Exact only while they sleep: a running one is counted at its
    tick."""
    cpu = waited = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        try:
            with open(path, encoding="ascii") as stat:
                on_core, ready, _ = stat.read().split()
        except OSError:
            # The thread has ended.
            continue
        cpu += int(on_core)
        waited += int(ready)
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    tick = os.sysconf("SC_CLK_TCK")
    return Spent(cpu / 1e9, waited / 1e9, int(fields[11]) / tick, int(fields[12]) / tick)


def memory_mib(pid):
    """Resident now, and at most since reset_peak()."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        text = status.read()
    return tuple(int(re.search(rf"{name}:\s+(\d+)", text)[1]) / 1024 for name in ("VmRSS", "VmHWM"))


def reset_peak(pid):
    with open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as file:
        file.write("5")
