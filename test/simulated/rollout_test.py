#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A rolling update with maxUnavailable: 0, as deploy/ has it: a second topd starts beside the first, and when it is
ready the first is told to end. Whoever reads through the Service meanwhile, that is, from a replica that is ready,
misses nothing."""
import http.client
import signal
import sys
import threading
import time

from harness import Cluster, Process, check_clean_end, free_port, run, wait_until

NODES, PODS = 20, 15
RESOLUTION, TIMEOUT = 15, 10
DELAY = 5
# A kubelet asks every 10 s: this finds the second ready sooner, which is the stricter test.
PROBE_EVERY = 1
PODS_PATH = "/apis/metrics.k8s.io/v1beta1/pods"


class Replica:
    def __init__(self, cluster, port, process):
        self.cluster, self.port, self.process = cluster, port, process
        self.begun = time.monotonic()
        self.ready = False
        self.ready_after = None

    def get(self, path):
        """Status and body, on a connection of its own."""
        status, _, body = self.cluster.as_front_proxy(path, port=self.port, timeout=10)
        return status, body

    def probe(self):
        try:
            self.ready = self.get("/readyz")[0] == 200
        except OSError:
            self.ready = False
        if self.ready and self.ready_after is None:
            self.ready_after = time.monotonic() - self.begun

    def pods(self):
        status, body = self.get(PODS_PATH)
        if status != 200:
            raise RuntimeError(f"{status} {body[:200]!r}")
        return body.count(b'"containers"')


class Service:
    """Sends each read to one of the replicas that were ready when they were last probed, in turn."""

    def __init__(self, first):
        self.replicas = [first]
        self.reads, self.failed, self.fewest = 0, [], None
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=loop, daemon=True) for loop in (self._probe, self._read, self._read)]

    def __enter__(self):
        for replica in self.replicas:
            replica.probe()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join(30)

    def _probe(self):
        while not self.stopped.wait(PROBE_EVERY):
            for replica in list(self.replicas):
                replica.probe()

    def _read(self):
        while not self.stopped.wait(0.05):
            ready = [replica for replica in self.replicas if replica.ready]
            self.reads += 1
            try:
                if not ready:
                    raise RuntimeError("no replica is ready")
                shown = ready[self.reads % len(ready)].pods()
                self.fewest = shown if self.fewest is None else min(self.fewest, shown)
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                self.failed.append(repr(error))


def start_beside(cluster):
    port = free_port()
    command = [f"--secure-port={port}" if part.startswith("--secure-port=") else part
               for part in cluster.topd.child.args]
    process = Process(command, cluster.path("second.log"))
    cluster.processes.append(process)
    return Replica(cluster, port, process)


def check_rollout(report, cluster):
    running = len(cluster.pods())
    first = Replica(cluster, cluster.port, cluster.topd)
    with Service(first) as service:
        second = start_beside(cluster)
        service.replicas.append(second)
        report.attempt("the second is ready", lambda: wait_until(
            lambda: second.ready, 2 * RESOLUTION + TIMEOUT + 5, "readyz of the second"))
        first.process.child.send_signal(signal.SIGTERM)
        status = report.attempt("the first ends", lambda: first.process.child.wait(DELAY + 25))
        report.check("with status 0", status == 0, status)
        time.sleep(2)
    print(f"      {service.reads} reads; the second was ready after {second.ready_after or 0:.1f} s", flush=True)
    report.check("pods were read all the time", service.reads > 50, service.reads)
    report.check("no read failed", not service.failed, f"{len(service.failed)}: {service.failed[:3]}")
    report.check("none showed less than 99 % of the pods", (service.fewest or 0) >= 0.99 * running,
                 f"{service.fewest} of {running}")
    cluster.topd = second.process


def main(report, options):
    flags = [f"--shutdown-delay-duration={DELAY}s", f"--kubelet-request-timeout={TIMEOUT}s"]
    with Cluster(options.topd, options.sim, nodes=NODES, pods=PODS, resolution=f"{RESOLUTION}s",
                 topd_flags=flags) as cluster:
        report.attempt("the first has all figures", cluster.wait_for_figures)
        check_rollout(report, cluster)
        check_clean_end(report, cluster)


if __name__ == "__main__":
    sys.exit(run(__doc__, main))
