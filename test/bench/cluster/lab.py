# SPDX-License-Identifier: Apache-2.0
"""A subject (topd, or any program with the same flags) on a fresh topd-sim."""
import dataclasses
import json
import os
import re
import subprocess
import time

from harness import Process, Simulation, wait_until

from . import meters
from .client import Client


@dataclasses.dataclass
class Plan:
    """What is measured, and with what."""
    topd: str
    sim: str
    floor: str
    # topd-sim-past, and libturns.so.
    past: str | None
    turns: str | None
    peer: str | None
    nodes: int
    pods: int
    containers: float
    sampling: str
    resolution: int
    cycles: int
    repeats: int
    group_ms: int
    # The subject alone on a core, everybody else on the others.
    pinned: bool
    topd_flags: list
    peer_flags: list

    def cores(self):
        """(of the subject, of the others); None: any."""
        return ({0}, set(range(1, os.cpu_count()))) if self.pinned and os.cpu_count() > 1 else (None, None)


class Lab(Simulation):
    """topd-sim with a subject that can be started and stopped. Use it in a `with`."""

    def __init__(self, plan, subject):
        self.subject_cores, other_cores = plan.cores()
        super().__init__(plan.sim, plan.nodes, plan.pods,
                         [f"--containers={plan.containers}", f"--sampling={plan.sampling}"],
                         other_cores)
        self.plan = plan
        self.name = subject
        self.process = None
        self.started = None

    @property
    def is_topd(self):
        return self.name == "topd"

    @property
    def pid(self):
        return self.process.child.pid

    def start_subject(self, under=()):
        """`under`: a command that runs it."""
        path, plan = self.path, self.plan
        timeout = min(10, int(plan.resolution * 0.9))
        flags = [f"--kubeconfig={path('topd.kubeconfig')}", f"--authentication-kubeconfig={path('topd.kubeconfig')}",
                 f"--authorization-kubeconfig={path('topd.kubeconfig')}", f"--secure-port={self.port}",
                 "--bind-address=127.0.0.1", f"--tls-cert-file={path('topd.crt')}",
                 f"--tls-private-key-file={path('topd.key')}", f"--metric-resolution={plan.resolution}s",
                 f"--kubelet-request-timeout={timeout}s", "--kubelet-use-node-status-port",
                 "--kubelet-preferred-address-types=InternalIP"]
        binary, more = (plan.topd, plan.topd_flags) if self.is_topd else (plan.peer, plan.peer_flags)
        self.started = time.monotonic()
        self.process = Process([*under, binary, *flags, *more], path("subject.log"), self.subject_cores)
        self.processes.append(self.process)

    def stop_subject(self):
        self.process.stop()

    def client(self, accept="application/json", gzip=False):
        return Client(self, accept, gzip)

    def stats(self):
        return self.ask("/sim/stats")

    def given(self, since_ns):
        """[[node, its sample in ms, when it was given in ns]...]"""
        return self.ask(f"/sim/given?since_ns={since_ns}")

    def spent(self):
        return meters.spent(self.pid)

    def require_running(self):
        if not self.process.running():
            raise RuntimeError(f"{self.name} ended: " + self.process.log()[-4000:])

    def wait_for_figures(self, seconds=180):
        """Until every node and every pod has figures."""
        with self.client() as client:
            pods = self.stats()["pods"]

            def complete():
                self.require_running()
                return (client.names("nodes") >= self.sizes[0] and
                        client.names("pods") >= pods)

            wait_until(complete, seconds, "figures of all nodes and pods", 1)

    def run_floor(self, *flags):
        """The bare loop on the same simulator and, as the subject, alone on its core."""
        token = self.path("token")
        with open(self.path("topd.kubeconfig"), encoding="ascii") as config, open(token, "w", encoding="ascii") as out:
            out.write(re.search(r"token: (\S+)", config.read())[1])
        command = [self.plan.floor, f"--nodes={self.plan.nodes}", f"--port={self.kubelet_port}",
                   f"--token-file={token}",
                   f"--resolution={self.plan.resolution}", f"--cycles={self.plan.cycles}", *flags]
        cores = self.subject_cores
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                              timeout=120 + (self.plan.cycles + 2) * self.plan.resolution,
                              preexec_fn=lambda: cores and os.sched_setaffinity(0, cores))
        if done.returncode != 0:
            raise RuntimeError("floor: " + done.stderr)
        return json.loads(done.stdout)
