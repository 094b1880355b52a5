#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The end of topd: with --shutdown-delay-duration it fails /readyz at once, serves on for that long, and then ends."""
import contextlib
import signal
import subprocess
import sys
import time

from harness import Cluster, check_clean_end, run, wait_until

DELAY = 3
NODES = 3


def check_delay(report, cluster):
    topd = cluster.topd.child
    report.check("topd is ready", cluster.probe("/readyz") == (200, "ok"), cluster.probe("/readyz"))
    begin = time.monotonic()
    topd.send_signal(signal.SIGTERM)
    report.attempt("readyz fails at once", lambda: wait_until(
        lambda: cluster.probe("/readyz")[0] == 500, DELAY / 2, "readyz to fail", 0.05))
    report.check("livez does not", cluster.probe("/livez") == (200, "ok"), cluster.probe("/livez"))
    served = 0
    while time.monotonic() - begin < DELAY - 0.5:
        served += len(cluster.metrics("nodes")) == NODES
        time.sleep(0.2)
    report.check("figures are served for the time of the delay", served >= 3, f"{served} times")
    with contextlib.suppress(subprocess.TimeoutExpired):
        topd.wait(20)
    took = time.monotonic() - begin
    report.check("then topd ends", topd.returncode == 0 and DELAY <= took < DELAY + 5,
                 f"status {topd.returncode} after {took:.1f} s")
    report.check("and listens no more", cluster.probe("/livez") is None, cluster.probe("/livez"))


def main(report, options):
    flags = [f"--shutdown-delay-duration={DELAY}s"]
    with Cluster(options.topd, options.sim, nodes=NODES, pods=10, topd_flags=flags) as cluster:
        cluster.wait_for_figures()
        report.attempt("topd to be ready", lambda: wait_until(
            lambda: cluster.probe("/readyz")[0] == 200, 10, "readyz"))
        check_delay(report, cluster)
        check_clean_end(report, cluster)


if __name__ == "__main__":
    sys.exit(run(__doc__, main))
