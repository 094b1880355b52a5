# SPDX-License-Identifier: Apache-2.0
"""The first list of very many pods: memory at its peak against the steady state, and CPU. topd only."""
import dataclasses
import http.client
import time

from . import meters
from .lab import Lab

NODES, PODS = 5000, 30
LIMIT_SECONDS = 180
ACCEPT = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
SAMPLE = 1000


def bytes_per_pod(lab):
    """As the API server sends it, from a page of the list."""
    connection = http.client.HTTPSConnection("127.0.0.1", lab.api_port, context=lab.admin, timeout=60)
    try:
        connection.request("GET", f"/api/v1/pods?limit={SAMPLE}", headers={"Accept": ACCEPT})
        return len(connection.getresponse().read()) / SAMPLE
    finally:
        connection.close()


def synced(lab):
    try:
        with lab.client() as client:
            return b"[+]metadata-informer-sync ok" in client.get("/readyz?verbose")[1]
    except OSError:
        return False


def measure(plan, nodes=NODES, pods=PODS):
    """Nodes are selected away: what is left is the list of pods."""
    plan = dataclasses.replace(plan, nodes=nodes, pods=pods,
                               topd_flags=[*plan.topd_flags, "--node-selector=nobody=here"])
    with Lab(plan, "topd") as lab:
        size, count = bytes_per_pod(lab), lab.stats()["pods"]
        lab.start_subject()
        end = time.monotonic() + LIMIT_SECONDS
        while not synced(lab):
            lab.require_running()
            if time.monotonic() > end:
                raise TimeoutError("the pods were not listed in time")
            time.sleep(0.05)
        took, spent = time.monotonic() - lab.started, lab.spent()
        _, peak = meters.memory_mib(lab.pid)
        # What allocators give back late, and what the watch does.
        time.sleep(10)
        steady, _ = meters.memory_mib(lab.pid)
        return {"pods": count, "listed_bytes_per_pod": size, "took_s": took, "cpu_s": spent.cpu, "peak_mib": peak,
                "steady_mib": steady, "ratio": peak / steady, "bytes_per_pod": steady * 2**20 / count}


def rows(result):
    return [(f"initial list of {result['pods']} pods",
             f"{result['listed_bytes_per_pod'] / 1e3:.2f} kB each; "
             f"{result['took_s']:.1f} s, CPU {result['cpu_s']:.2f} s, peak {result['peak_mib']:.1f} MiB, steady "
             f"{result['steady_mib']:.1f} MiB ({result['ratio']:.2f} times), "
             f"{result['bytes_per_pod']:.0f} bytes a pod with all else")]
