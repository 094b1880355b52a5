# SPDX-License-Identifier: Apache-2.0
"""A rolling update behind the real aggregator: nobody who reads through the Service misses a pod."""
import json
import threading

import workloads
from checks import equal
from control_plane import wait_for
from server import SERVICE, Topd

PODS = "/apis/metrics.k8s.io/v1beta1/pods"


class Reader:
    """Reads all pods through kube-apiserver without pause, until the `with` ends."""

    def __init__(self, plane):
        self.plane = plane
        self.shown, self.failed = [], []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.read, daemon=True)

    def read(self):
        while not self.ended.is_set():
            done = self.plane.kubectl("get", "--raw", PODS, check=False)
            if done.returncode:
                self.failed.append(done.stderr)
            else:
                self.shown.append(len(json.loads(done.stdout)["items"]))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join(60)


def update(e2e):
    """As the Deployment does it: the new one beside the old one, which goes when the new one is ready."""
    if not e2e.plane.routing:
        return "without aggregator routing the Service leads to one address"
    before = len(json.loads(e2e.kubectl("get", "--raw", PODS).stdout)["items"])
    old, new = e2e.topd, Topd(e2e.plane, e2e.options.topd, "topd-new")
    with Reader(e2e.plane) as reader:
        new.start()
        wait_for("the new one to be ready", lambda: new.ask("/readyz")[0] == 200, 40, 0.1)
        beside = workloads.endpoint_slice(new.port)
        beside["metadata"]["name"] += "-new"
        e2e.plane.apply(beside)
        # The old one is no endpoint any more when it is told to end.
        e2e.kubectl(*SERVICE, "delete", "endpointslice", "metrics-server-outside")
        equal(old.stop(), 0)
    e2e.topd = new
    e2e.lead_service()
    e2e.kubectl(*SERVICE, "delete", "endpointslice", "metrics-server-outside-new")
    print(f"    {len(reader.shown)} reads, of {before} pods at least {min(reader.shown)}")
    equal(reader.failed, [])
    assert min(reader.shown) >= 0.99 * before, f"{min(reader.shown)} of {before}"
    return None
