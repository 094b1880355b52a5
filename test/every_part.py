#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every part of the tests on what build/dev holds: the unit tests, then side by side what mostly waits, then what
wants the machine for itself. The release build and the fuzzers (--fuzz SECONDS of each) take what the others leave of
the processors. Says what each part took, what was left out and why; the last line is "N passed, N failed".
"""
import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
# Two of them wait for the release build first.
ABREAST = 7
LOWEST = ("nice", "-n", "19")
COUNTS = re.compile(r"^(\d+) passed, (\d+) failed$")
# It has the packages that scripts/deps.sh installs, whatever else is first on PATH.
PYTHON = "/usr/bin/python3"
TOPD = ("--topd", "build/dev/bin/topd")
SIM = (*TOPD, "--sim", "build/dev/bin/topd-sim")


@dataclasses.dataclass
class Result:
    name: str
    passed: int
    failed: int
    seconds: float
    cpu: float


class Run:
    def __init__(self):
        self.left_out = []
        self.results = []
        self.printing = threading.Lock()

    def say(self, line):
        with self.printing:
            print(line, flush=True)

    def part(self, name, *command, counts=True, after=None):
        """Shows what it prints, each line behind its name, and keeps what its last line counts. A part that `counts`
        and says nothing of it, or that nothing was run, has failed, and so has one that ends badly."""
        if after:
            after.result()
        begun = time.monotonic()
        passed, failed = 0, int(counts)
        child = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, errors="replace")
        for line in child.stdout:
            self.say(f"[{name}] {line.rstrip()}")
            if counted := COUNTS.match(line.rstrip()):
                passed, failed = map(int, counted.groups())
            elif line.startswith("left out: "):
                self.left_out.append(line.strip())
        _, status, used = os.wait4(child.pid, 0)
        if counts and not passed and not failed:
            self.say(f"[{name}] ran nothing")
            failed = 1
        if status and not failed:
            self.say(f"[{name}] ended with status {os.waitstatus_to_exitcode(status)}")
            failed = 1
        self.results.append(Result(name, passed, failed, time.monotonic() - begun, used.ru_utime + used.ru_stime))

    def side_by_side(self, release, of_release, parts):
        """Parts in their order; those of the release build wait until it is there."""
        with concurrent.futures.ThreadPoolExecutor(ABREAST) as pool:
            built = pool.submit(self.part, *release, counts=False)
            begun = [pool.submit(self.part, *part, after=built) for part in of_release]
            for running in (built, *begun, *[pool.submit(self.part, *part) for part in parts]):
                running.result()

    def had(self, what, *command):
        """The last line of a script that fetches something; None, and told: it could not be had."""
        done = subprocess.run(["bash", *command], stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode or not done.stdout.strip():
            self.left_out.append(f"left out: {what}")
            return None
        return done.stdout.strip().splitlines()[-1]

    def finish(self):
        print(f"{'part':34} {'passed':>7} {'failed':>7} {'seconds':>8} {'of CPU':>7}")
        for r in sorted(self.results, key=lambda r: -r.seconds):
            print(f"{r.name:34} {r.passed:7} {r.failed:7} {r.seconds:8.0f} {r.cpu:7.0f}")
        for line in self.left_out:
            print(line)
        failed = sum(r.failed for r in self.results)
        print(f"{sum(r.passed for r in self.results)} passed, {failed} failed")
        return failed != 0


def on_simulation(name, *arguments, part=None):
    return (part or f"simulated: {name}", PYTHON, f"test/simulated/{name}_test.py", *SIM, *arguments)


def control_planes(binaries, rootfs):
    e2e = (PYTHON, "test/e2e/e2e_test.py", "--binaries", binaries, *TOPD)
    yield ("control plane", *e2e, *(("--rootfs", rootfs) if rootfs else ()), "--but", "custom_metrics")
    yield ("control plane: custom metrics", *e2e, "custom_metrics")
    yield ("topd doctor", PYTHON, "test/e2e/doctor_test.py", "--binaries", binaries, *TOPD)
    yield ("components of deploy/", PYTHON, "test/deploy/components_test.py", "--binaries", binaries)
    yield ("routing off", *e2e, "--routing", "off", "apiservices", "top_", "restarts")
    yield ("over metrics-server and back", PYTHON, "test/deploy/replace_test.py", "--binaries", binaries)


def every_part(run, rootfs):
    """The longest of what waits first: nobody should wait for those that come last."""
    deps = "scripts/deps.sh"
    binaries = run.had("real control planes and a current kubectl: they could not be built", "test/e2e/binaries.sh")
    old = run.had("kubectl 1.20: the package kubernetes-client could not be fetched", deps, "--old-kubectl")
    prometheus = run.had("queries beside Prometheus: the package could not be fetched", deps, "--prometheus")
    influxd = run.had("sinks beside InfluxDB: the package could not be fetched", deps, "--influxdb")
    victoria = run.had("sinks beside VictoriaMetrics: the package could not be fetched", deps, "--victoria-metrics")
    python = run.had("openapi-spec-validator: it could not be fetched from PyPI", deps, "--python")
    browser = run.had("the page in a browser: Chromium, Node 20 or the packages of test/page/package-lock.json could "
                      "not be had", deps, "--browser")
    kubectls = [f"--kubectl={path}" for path in (binaries and f"{binaries}/kubectl", old) if path]
    engines = ("--prometheus", prometheus, "--influxd", influxd, "--victoria-metrics", victoria)
    if binaries:
        yield from control_planes(binaries, rootfs)
    if all(engines):
        yield on_simulation("sinks", *engines)
        yield ("sinks", PYTHON, "test/sink/servers_test.py", "--lab", "build/dev/bin/sink_lab", *engines)
    for name in ("fault", "objects", "query", "certificates", "state", "rollout", "graphs", "waits", "summary",
                 "kubectl", "metrics", "shutdown"):
        yield on_simulation(name, *kubectls)
    yield on_simulation("openapi", *(("--python", f"{python}/python") if python else ()))
    # Beside a build that takes long they would be the first to suffer.
    if browser:
        page = (PYTHON, "test/page/page_test.py", *SIM, "--past", "build/dev/bin/topd-sim-past", "--modules", browser)
        for size in ("small", "large", "silent"):
            yield (f"page of a {size} cluster", *page, "--only", size)
    if prometheus:
        yield ("queries beside Prometheus", PYTHON, "test/query/differential_test.py",
               "--evaluate", "build/dev/bin/evaluate", "--prometheus", prometheus)


def release_build(run, folder):
    """The part that builds it, and the root file system of the image that it makes then; None: images cannot be run."""
    build = "cmake --preset release >/dev/null && cmake --build --preset release --target topd"
    need = ["bash", "test/deploy/run_in_runc.sh", "--need"]
    if os.geteuid() != 0 or subprocess.run(need, check=False).returncode != 0:
        run.left_out.append("left out: the image under runc: it needs root, and the package runc")
        return ("release build", *LOWEST, "bash", "-c", build), None
    made = f"{folder}/made"
    build += f" && bash deploy/image/rootfs.sh build/release/bin/topd {made} && mv {made} {folder}/rootfs"
    return ("release build", *LOWEST, "bash", "-c", build), f"{folder}/rootfs"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--fuzz", type=int, metavar="SECONDS", help="fuzz each parser for so long, too")
    options = arguments.parse_args()
    os.chdir(ROOT)
    run = Run()
    run.part("unit and integration", PYTHON, "test/count_cases.py")
    with tempfile.TemporaryDirectory(prefix="topd-parts-") as folder:
        release, rootfs = release_build(run, folder)
        parts = list(every_part(run, rootfs))
        if options.fuzz:
            parts.insert(0, ("fuzzers", *LOWEST, "bash", "scripts/fuzz.sh", "--seconds", options.fuzz))
        run.side_by_side(release, [
            on_simulation("hostile", "--only", "certificates", part="simulated: large certificates"),
            on_simulation("hostile", "--only", "small-certificates", "reviews", part="simulated: small certificates"),
        ], parts)
    # What they take from others is measured.
    run.part(*on_simulation("hostile", "--only", "attacks"))
    return run.finish()


if __name__ == "__main__":
    sys.exit(main())
