#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every part of the tests on what build/dev and build/release hold (scripts/test.sh builds them): the unit tests,
then side by side what mostly waits, then what wants the machine for itself. Says what each part took, what was left out
and why; the last line is "N passed, N failed"."""
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
# Of two cores they leave some to spare.
ABREAST = 5
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

    def part(self, name, *command):
        """Shows what it prints, each line behind its name, and keeps what its last line counts. A part without such a
        line has failed."""
        begun = time.monotonic()
        passed, failed = 0, 1
        child = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, errors="replace")
        for line in child.stdout:
            self.say(f"[{name}] {line.rstrip()}")
            if counts := COUNTS.match(line.rstrip()):
                passed, failed = map(int, counts.groups())
            elif line.startswith("left out: "):
                self.left_out.append(line.strip())
        _, status, used = os.wait4(child.pid, 0)
        if status and not failed:
            self.say(f"[{name}] ended with status {os.waitstatus_to_exitcode(status)}")
            failed = 1
        self.results.append(Result(name, passed, failed, time.monotonic() - begun, used.ru_utime + used.ru_stime))

    def side_by_side(self, parts):
        with concurrent.futures.ThreadPoolExecutor(ABREAST) as pool:
            for running in [pool.submit(self.part, *part) for part in parts]:
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
    return (part or f"simulated: {name}", PYTHON, f"test/sim/{name}_test.py", *SIM, *arguments)


def control_planes(run, binaries, work):
    rootfs = ()
    runc = ["bash", "test/deploy/run_in_runc.sh", "--need"]
    if os.geteuid() == 0 and subprocess.run(runc, check=False).returncode == 0:
        subprocess.run(["bash", "deploy/image/rootfs.sh", "build/release/bin/topd", work / "rootfs"], check=True)
        rootfs = ("--rootfs", work / "rootfs")
    else:
        run.left_out.append("left out: the image under runc: it needs root, and the package runc")
    e2e = (PYTHON, "test/e2e/e2e_test.py", "--binaries", binaries, *TOPD)
    yield ("control plane", *e2e, *rootfs, "--but", "custom_metrics")
    yield ("control plane: custom metrics", *e2e, "custom_metrics")
    yield ("topd doctor", PYTHON, "test/e2e/doctor_test.py", "--binaries", binaries, *TOPD)
    yield ("components of deploy/", PYTHON, "test/deploy/components_test.py", "--binaries", binaries)
    yield ("routing off", *e2e, "--routing", "off", "apiservices", "top_", "restarts")
    yield ("over metrics-server and back", PYTHON, "test/deploy/replace_test.py", "--binaries", binaries)


def main():
    os.chdir(ROOT)
    run = Run()
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

    run.part("unit and integration", PYTHON, "test/count_cases.py")
    with tempfile.TemporaryDirectory(prefix="topd-parts-") as folder:
        # The longest first: nobody should wait for those that come last.
        parts = list(control_planes(run, binaries, pathlib.Path(folder))) if binaries else []
        parts.insert(0, on_simulation("hostile", "--only", "memory", part="simulated: what clients may hold"))
        if browser:
            page = (PYTHON, "test/page/page_test.py", *SIM, "--past", "build/dev/bin/topd-sim-past", "--modules",
                    browser)
            parts += [(f"page of a {size} cluster", *page, "--only", size) for size in ("small", "large", "silent")]
        if all(engines):
            parts.append(on_simulation("sinks", *engines))
            parts.append(("sinks", PYTHON, "test/sink/servers_test.py", "--lab", "build/dev/bin/sink_lab", *engines))
        parts += [on_simulation(name, *kubectls) for name in (
            "fault", "objects", "query", "certificates", "state", "rollout", "graphs", "waits", "summary", "kubectl",
            "metrics", "shutdown")]
        parts.append(on_simulation("openapi", *(("--python", f"{python}/python") if python else ())))
        if prometheus:
            parts.append(("queries beside Prometheus", PYTHON, "test/query/differential_test.py",
                          "--evaluate", "build/dev/bin/evaluate", "--prometheus", prometheus))
        run.side_by_side(parts)
    # What they take from others is measured.
    run.part(*on_simulation("hostile", "--only", "attacks"))
    return run.finish()


if __name__ == "__main__":
    sys.exit(main())
