# SPDX-License-Identifier: Apache-2.0
"""Compares figures that were served with what the simulator truly burned."""
import datetime
import re

SUFFIXES = {"": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30,
            "Ti": 2**40}


def quantity(text):
    number, suffix = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", text).groups()
    value = float(number) * SUFFIXES[suffix]
    return round(value) if suffix in ("", "Ki", "Mi", "Gi", "Ti") else value


def seconds(go_duration):
    units = {"h": 3600, "m": 60, "s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}
    return sum(float(n) * units[u] for n, u in re.findall(r"([0-9.]+)(h|ms|µs|ns|m|s)", go_duration))


def unix(timestamp):
    return int(datetime.datetime.fromisoformat(timestamp.replace("Z", "+00:00")).timestamp())


class Truth:
    """The simulator's samples: what was shown, and what was true at those times."""

    def __init__(self, cluster):
        self.samples = {}
        for entry in cluster.ask("/sim/truth/all"):
            taken = entry["samples"] + [[entry["start_ns"] / 1e6, 0, None]]
            self.samples[entry["namespace"], entry["pod"], entry["container"]] = taken
        for entry in cluster.ask("/sim/truth/nodes"):
            self.samples[entry["node"]] = entry["samples"]

    def pairs(self, key):
        """(window s, time ms, cores, memory) of every two samples, the newest first."""
        taken = self.samples.get(key, [])
        for i, (to, cpu_to, memory) in enumerate(taken):
            for since, cpu_since, _ in taken[i + 1:]:
                yield (to - since) / 1e3, to, (cpu_to - cpu_since) / ((to - since) * 1e6), memory

    def objection(self, key, usage, timestamp=None, window=None):
        """Why these figures cannot be right; None: CPU is within 1 % and memory exact."""
        cores, memory = quantity(usage["cpu"]), quantity(usage["memory"])
        for true_window, to, true_cores, true_memory in self.pairs(key):
            if true_memory != memory or abs(cores - true_cores) > 0.01 * true_cores:
                continue
            if timestamp is None or (unix(timestamp) == to // 1000 and abs(seconds(window) - true_window) < 1.1e-3):
                return None
        return f"{key}: {usage} at {timestamp} over {window} matches none of {list(self.pairs(key))[:4]}"

    def table_objection(self, key, milli, mebi):
        """The same for a line of `kubectl top`: millicores rounded up, MiB rounded down."""
        for _, _, true_cores, true_memory in self.pairs(key):
            if true_memory is not None and true_memory >> 20 == mebi and \
                    true_cores * 990 - 1 <= milli <= true_cores * 1010 + 1:
                return None
        return f"{key}: {milli}m {mebi}Mi matches none of {list(self.pairs(key))[:4]}"
