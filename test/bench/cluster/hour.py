# SPDX-License-Identifier: Apache-2.0
"""topd with a full hour of history of the simulated cluster, from a state file that topd-sim-past
wrote: what needs the hour need not wait for it."""
import dataclasses
import http.client
import json
import subprocess
import time
import urllib.parse

from ports import free_port

from . import turns
from .lab import Lab

SECONDS = 3600
# Per container of both tiers over an hour, with room: they take one KiB.
BYTES_PER_CONTAINER = 2048


class HourLab(Lab):
    """`port_of_graphs` speaks plain HTTP."""

    def __init__(self, plan):
        self.port_of_graphs = free_port()
        super().__init__(plan, "topd")
        # topd-sim goes on with the cluster of the past.
        self.made = int(time.time())
        self.sim_command.append(f"--made={self.made}")
        memory = max(64, int(plan.nodes * plan.pods * plan.containers) * BYTES_PER_CONTAINER // 2**20)
        self.flags = [f"--graphs-address=127.0.0.1:{self.port_of_graphs}", f"--history-memory={memory}Mi"]

    @property
    def state(self):
        return self.path("topd.state")

    def write_hour(self):
        plan = self.plan
        done = subprocess.run([plan.past, f"--nodes={plan.nodes}", f"--pods={plan.pods}", f"--made={self.made}",
                               f"--containers={plan.containers}", f"--minutes={SECONDS // 60}",
                               f"--resolution={plan.resolution}", "--memory=4096", self.state],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=1200)
        return done.stdout.strip()

    def start_topd(self):
        self.plan = dataclasses.replace(self.plan, topd_flags=[*self.plan.topd_flags, *self.flags,
                                                               f"--state-file={self.state}"])
        self.flags = []
        self.start_subject(turns.under(self) if self.plan.turns else ())

    def graphs(self):
        return Graphs(self.port_of_graphs)


class Graphs:
    """A kept connection to the port for graphs, or to any server of Prometheus' API. Use it in a `with`."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def read(self, path, method="GET", body=None):
        self.connection.request(method, path, body, {"Accept": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 204):
            raise RuntimeError(f"{path[:200]}: {answer.status} {text[:300]!r}")
        return text

    def query_range(self, expression, start, end, step, **more):
        """The series."""
        form = urllib.parse.urlencode({"query": expression, "start": start, "end": end, "step": step, **more})
        return json.loads(self.read(f"/api/v1/query_range?{form}"))["data"]["result"]
