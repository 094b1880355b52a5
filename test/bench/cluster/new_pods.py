# SPDX-License-Identifier: Apache-2.0
"""New pods: from the start of the last container to the first 200 for the pod's figures, and what that costs in
scrapes."""
import random
import time

from . import meters
from .client import METRICS

PODS = 60
EVERY_SECONDS = 0.5
POLL_SECONDS = 0.2
START_SECONDS = 1.5
LIMIT_SECONDS = 75


def create(lab, like, node):
    made = lab.ask("/sim/pods", {"action": "create", "namespace": like["namespace"], "pod": like["name"], "node": node,
                                 "start_seconds": START_SECONDS})
    return f"{METRICS}/namespaces/{made['namespace']}/pods/{made['pod']}", made


def measure(lab):
    pods = lab.ask("/api/v1/pods?limit=500&labelSelector=pod-template-hash")["items"]
    choice = random.Random(1)
    waiting, ages, made = {}, [], []
    stats, begin = lab.stats(), time.monotonic()
    with lab.client() as client:
        while (len(made) < PODS or waiting) and time.monotonic() < begin + PODS * EVERY_SECONDS + LIMIT_SECONDS:
            if len(made) < PODS and time.monotonic() >= begin + len(made) * EVERY_SECONDS:
                path, pod = create(lab, choice.choice(pods)["metadata"],
                                   f"node-{choice.randrange(lab.plan.nodes) + 1:04}")
                waiting[path] = pod["started_ns"]
                made.append(pod)
            for path, started in list(waiting.items()):
                if client.get(path)[0] == 200:
                    ages.append((time.time_ns() - started) / 1e9)
                    del waiting[path]
            time.sleep(POLL_SECONDS)
    scrapes = lab.stats()["pages"] - stats["pages"]
    cycles = (time.monotonic() - begin) / lab.plan.resolution
    for pod in made:
        lab.ask("/sim/pods", {"action": "delete", "namespace": pod["namespace"], "pod": pod["pod"]})
    return {"pods": len(made), "never": len(waiting), "p50_s": meters.percentile(ages, 0.5),
            "p90_s": meters.percentile(ages, 0.9), "max_s": max(ages, default=None), "min_s": min(ages, default=None),
            "scrapes_per_node_and_cycle": scrapes / lab.plan.nodes / cycles}


def rows(result):
    if result["p50_s"] is None:
        return [("new pod to figures", f"none of {result['pods']}")]
    never = f", {result['never']} never" if result["never"] else ""
    return [("new pod to figures",
             f"p50 {result['p50_s']:.1f} s, p90 {result['p90_s']:.1f} s, max {result['max_s']:.1f} s"
                                   f"{never}; {result['scrapes_per_node_and_cycle']:.3f} scrapes a node and cycle")]
