# SPDX-License-Identifier: Apache-2.0
"""A cluster of the past that is told to sinks, and what was served in it at each tick."""
import json
import os
import pathlib
import subprocess
import time

TICK = 15


class Lab:
    """The program that tells a cluster of the past to sinks."""

    def __init__(self, program, folder, sinks, ticks, name="lab", start=None, **more):
        self.folder = pathlib.Path(folder)
        self.truth_path = self.folder / f"{name}.truth"
        self.start = start or (int(time.time()) - ticks * TICK) // 60 * 60
        self.arguments = [program, f"--truth={self.truth_path}", f"--places={self.folder / name}.places",
                          f"--start={self.start}", f"--ticks={ticks}", *[f"--sink={sink}" for sink in sinks],
                          *[f"--{key.replace('_', '-')}={value}" for key, value in more.items()]]
        self.out = self.folder / f"{name}.out"
        self.log = self.folder / f"{name}.log"
        with open(self.out, "wb") as out, open(self.log, "wb") as log:
            self.child = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=log,
                                          env={**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=8"})

    def wait(self, seconds=240):
        """The sinks' own counts, by their number."""
        try:
            status = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            status = "too slow"
        log = self.log.read_text(encoding="utf-8", errors="replace")
        if status != 0:
            raise RuntimeError(f"the lab ended with {status}: {log[-3000:]}")
        return [json.loads(line[7:]) for line in log.splitlines() if line.startswith("REPORT ")]

    def kill(self):
        self.child.kill()
        self.child.wait()

    def ticks_told(self):
        lines = self.out.read_text(encoding="utf-8", errors="replace").splitlines()
        numbers = [int(line) for line in lines if line.isdigit()]
        return numbers[-1] if numbers else 0

    def truth(self):
        return [json.loads(line) for line in self.truth_path.read_text(encoding="utf-8").splitlines()]


def of_container(row):
    return (row["namespace"], row["pod"], row["container"])


def served_memory(truth, every):
    """{(namespace, pod, container): {time: bytes}} at the ticks that sinks tell."""
    found = {}
    for tick in truth:
        if tick["at"] % every == 0:
            for row in tick["containers"]:
                found.setdefault(of_container(row), {})[tick["at"]] = row["memory"]
    return found


def served_cpu(truth, every):
    """The same with nanocores."""
    found = {}
    for tick in truth:
        if tick["at"] % every == 0:
            for row in tick["containers"]:
                found.setdefault(of_container(row), {})[tick["at"]] = row["cpu"]
    return found


def counters(truth, every):
    """CPU seconds since the container's start: each tick counts what was served at its end, and so do those before it
    at which nothing was."""
    found, lives = {}, {}
    for tick in truth:
        for row in tick["containers"]:
            key = of_container(row)
            started, total, last = lives.get(key, (None, 0, tick["at"]))
            if started != row["started"]:
                total, ticks = 0, 1
            else:
                ticks = (tick["at"] - last) // TICK
            total += row["cpu"] / 1e9 * TICK * ticks
            lives[key] = (row["started"], total, tick["at"])
            if tick["at"] % every == 0:
                found.setdefault(key, {})[tick["at"]] = total
    return found
