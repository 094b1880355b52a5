# SPDX-License-Identifier: Apache-2.0
"""How long a node, or any of its pods, is missing from the API after one scrape went wrong."""
import time

from .client import METRICS

FAULTS = {
    "failed": {"kind": "status", "status": 500},
    "slow": {"kind": "slow", "delay_seconds": 8},
    "partly malformed": {"kind": "malformed"},
    "never answered": {"kind": "hang"},
}
# Struck by each fault, where there are so many.
NODES = 2
SWEEP_SECONDS = 0.4


class Missing:
    """Of one node: how long something of it has been missing at a stretch, at most."""

    def __init__(self):
        self.longest, self.since = 0.0, None

    def note(self, missing, now):
        if not missing:
            self.since = None
            return
        self.since = self.since or now
        self.longest = max(self.longest, now - self.since + SWEEP_SECONDS / 2)


def paths_of(lab, node):
    pods = lab.ask(f"/api/v1/pods?fieldSelector=spec.nodeName%3D{node}")["items"]
    return [f"{METRICS}/nodes/{node}"] + [
        f"{METRICS}/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}" for pod in pods]


def measure(lab):
    if lab.plan.nodes < len(FAULTS):
        raise ValueError(f"holes need {len(FAULTS)} nodes")
    each = min(NODES, lab.plan.nodes // len(FAULTS))
    struck = {}
    for i, (name, fault) in enumerate(FAULTS.items()):
        for k in range(each):
            struck[f"node-{i * each + k + 1:04}"] = (name, fault)
    paths = {node: paths_of(lab, node) for node in struck}
    missing = {node: Missing() for node in struck}
    with lab.client() as client:
        gone = {node: [path for path in paths[node] if client.get(path)[0] != 200] for node in struck}
        before = lab.stats()["faults"]
        for node, (_, fault) in struck.items():
            lab.ask("/sim/faults", {"node": node, "requests": 1, **fault})
        end = time.monotonic() + 3 * lab.plan.resolution + 12
        while time.monotonic() < end:
            begin = time.monotonic()
            for node in struck:
                missing[node].note(any(client.get(path)[0] != 200 for path in paths[node] if path not in gone[node]),
                                   time.monotonic())
            time.sleep(max(0, SWEEP_SECONDS - (time.monotonic() - begin)))
    return {"faults": lab.stats()["faults"] - before, "of": len(struck), "missing_before": sum(map(len, gone.values())),
            "hole_s": {name: max(missing[node].longest for node, (of, _) in struck.items() if of == name)
                       for name in FAULTS}}


def rows(result):
    words = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in result["hole_s"].items())
    return [("hole after one scrape", f"{words} ({result['faults']} of {result['of']} struck)")]
