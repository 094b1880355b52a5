# SPDX-License-Identifier: Apache-2.0
"""topd or kube-apiserver goes away, and comes back."""
import json
import time

import workloads
from checks import equal, holds
from control_plane import wait_for

V1BETA1 = "/apis/metrics.k8s.io/v1beta1"


def restart(e2e):
    equal(e2e.topd.stop(), 0)
    holds(e2e.top("node", check=False).stderr, "")
    e2e.topd.start()
    begun = time.monotonic()
    e2e.wait_top("kubectl top node", "node")
    print(f"    kubectl top works {time.monotonic() - begun:.1f} s after the restart")


def kube_apiserver_away(e2e):
    admin = {"certificate": "admin"}
    before = e2e.topd.process.child.pid
    e2e.plane.processes.pop("kube-apiserver").stop()
    end = time.monotonic() + 60
    while time.monotonic() < end:
        code, body = e2e.topd.ask(V1BETA1 + "/nodes", **admin)
        equal((code, len(json.loads(body)["items"])), (200, 3))
        time.sleep(2)
    e2e.plane.start_apiserver()
    back = time.monotonic()
    # topd's own share: at most 30 s of backoff, once, whatever the server has forgotten.
    wait_for("topd's watch of pods to go on", lambda: pods_are_watched(e2e), 45, 0.5)
    print(f"    topd watches pods {time.monotonic() - back:.1f} s after kube-apiserver is back")
    e2e.wait_top("kubectl top node", "node")
    equal((e2e.topd.process.running(), e2e.topd.process.child.pid), (True, before))
    # The aggregator's and the controllers' backoff comes on top.
    wait_for("a new pod to be seen", lambda: new_pod_is_seen(e2e), 120, 1)


def pods_are_watched(e2e):
    """By the last that topd's log says of them."""
    lines = [line for line in e2e.topd.log().splitlines() if 'resource="pods"' in line]
    return lines[-1].startswith("I")


def new_pod_is_seen(e2e):
    e2e.plane.apply(workloads.deployment("late"))
    return len(e2e.pods_of("late")) == 1
