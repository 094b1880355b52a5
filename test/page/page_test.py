#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page in a real Chromium, on a simulated cluster with two hours of the past: page_test.mjs looks, this starts topd
and topd-sim, makes a kubelet sick, and does the same on a large cluster for what grows with it, and on one of which
nothing is ever measured."""
import pathlib
import re
import subprocess
import sys
import tempfile
import time

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent / "simulated"))
from harness import Cluster, check_clean_end, run, wait_until  # noqa: E402
from ports import free_port  # noqa: E402

RESOLUTION = 10
SICK = {"kind": "status", "status": 403}


class PageCluster(Cluster):
    """With the port that has the page, and all sources on."""

    def __init__(self, options, nodes, pods, resolution=RESOLUTION, sim_flags=(), topd_flags=()):
        self.page_port = free_port()
        super().__init__(options.topd, options.sim, nodes, pods, f"{resolution}s", sim_flags,
                         [f"--graphs-address=127.0.0.1:{self.page_port}", "--history-memory=512Mi", "--watch-objects",
                          "--kubelet-summary", *topd_flags])

    def look(self, report, options, parts):
        """Has page_test.mjs make these parts, and counts its checks."""
        command = ["node", str(FOLDER / "page_test.mjs"), "--base", f"http://127.0.0.1:{self.page_port}/ui/",
                   "--modules", options.modules, "--cluster", self.folder.name, "--api-port", str(self.api_port),
                   "--only", ",".join(parts)]
        if options.screenshots:
            command += ["--screenshots", options.screenshots]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as node:
            last = ""
            for line in node.stdout:
                last = line.strip()
                if not re.fullmatch(r"\d+ passed, \d+ failed", last):
                    print(line, end="", flush=True)
        counted = re.fullmatch(r"(\d+) passed, (\d+) failed", last)
        report.passed += int(counted[1]) if counted else 0
        report.failed += int(counted[2]) if counted else 0
        report.check("the browser came to an end", counted is not None, last)


class SilentCluster(PageCluster):
    """No kubelet of it ever lets topd in."""

    def _load_admin(self):
        super()._load_admin()
        # From before topd starts.
        for number in range(self.sizes[0]):
            self.ask("/sim/faults", {"node": f"node-{number + 1:04}", **SICK})


class PastCluster(PageCluster):
    """With a past."""

    def __init__(self, options, nodes, pods, minutes, resolution=RESOLUTION):
        self.past = tempfile.TemporaryDirectory(prefix="topd-past-")
        self.made = int(time.time())
        state = f"{self.past.name}/topd.state"
        began = time.monotonic()
        subprocess.run([options.past, f"--nodes={nodes}", f"--pods={pods}", f"--made={self.made}",
                        f"--minutes={minutes}", f"--resolution={resolution}", state],
                       check=True, stdin=subprocess.DEVNULL, timeout=1200)
        print(f"      {minutes} minutes of the past took {time.monotonic() - began:.0f} s", flush=True)
        super().__init__(options, nodes, pods, resolution, [f"--made={self.made}"], [f"--state-file={state}"])

    def __exit__(self, *raised):
        super().__exit__(*raised)
        self.past.cleanup()


def small(report, options):
    with PastCluster(options, nodes=5, pods=18, minutes=120) as cluster:
        report.attempt("figures come", cluster.wait_for_figures)
        cluster.ask("/sim/faults", {"node": "node-0005", **SICK})
        wait_until(lambda: len(cluster.metrics("nodes")) < 5, 90, "a node without figures")
        cluster.look(report, options, ["mouse", "keyboard", "truth", "everyone", "hostile", "seldom", "cost",
                                       "screenshots"])
        check_clean_end(report, cluster)


def silent(report, options):
    with SilentCluster(options, nodes=2, pods=3, resolution=10) as cluster:
        cluster.look(report, options, ["silent"])
        check_clean_end(report, cluster)


def large(report, options):
    nodes, pods = (int(n) for n in options.large.split("x"))
    print(f"== {nodes} nodes x {pods} pods", flush=True)
    with PastCluster(options, nodes, pods, minutes=20, resolution=15) as cluster:
        report.attempt("figures come", lambda: cluster.wait_for_figures(300, 2))
        cluster.look(report, options, ["long", "cost"])
        check_clean_end(report, cluster)


def check(report, options):
    if "small" in options.only:
        report.group("a small cluster", lambda: small(report, options))
    if "silent" in options.only:
        report.group("a silent cluster", lambda: silent(report, options))
    if "large" in options.only:
        report.group("a large cluster", lambda: large(report, options))


def more_arguments(arguments):
    arguments.add_argument("--past", required=True, help="topd-sim-past")
    arguments.add_argument("--modules", required=True, help="the folder that scripts/deps.sh --browser prints")
    arguments.add_argument("--large", default="1000x30", help="nodes and pods on each of the large cluster")
    clusters = ["small", "silent", "large"]
    arguments.add_argument("--only", nargs="+", default=clusters, choices=clusters)
    arguments.add_argument("--screenshots", help="a folder for pictures of the small cluster")


if __name__ == "__main__":
    sys.exit(run(__doc__, check, more_arguments))
