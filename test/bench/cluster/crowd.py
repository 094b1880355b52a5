# SPDX-License-Identifier: Apache-2.0
"""Clients that list all pods in protobuf without pause: how many are refused, and what memory that takes."""
from . import lists
from .client import METRICS, PROTOBUF

# How many, and whether they take gzip.
CROWDS = ((4, False), (32, False), (32, True))
SECONDS = 15


def answer(client):
    """(status, bytes): a refusal is what this looks for, anything else is an error."""
    status, size = client.take(f"{METRICS}/pods")
    if status not in (200, 429):
        raise RuntimeError(f"{METRICS}/pods: {status}")
    return status, size


def measure_one(lab, readers, gzip):
    answers, cpu, memory = lists.read_by_many(lab, readers, SECONDS, lambda: lab.client(PROTOBUF, gzip), answer)
    sizes = [size for status, size in answers if status == 200]
    return {"readers": readers, "gzip": gzip, "requests": len(answers), "lists": len(sizes),
            "refused": len(answers) - len(sizes), "bytes": max(sizes, default=0),
            "cpu_ms_per_list": cpu * 1e3 / max(len(sizes), 1), **memory}


def measure(lab):
    return [measure_one(lab, readers, gzip) for readers, gzip in CROWDS]


def rows(result):
    return [(f"{one['readers']} list all pods without pause, protobuf" + (" gzip" if one["gzip"] else ""),
             f"{one['requests']} requests, {one['refused']} refused, CPU {one['cpu_ms_per_list']:.1f} ms a list of "
             f"{one['bytes'] / 1e3:.0f} kB, "
             f"{one['before_mib']:.1f} -> {one['peak_mib']:.1f} -> {one['after_mib']:.1f} MiB"
             + (f", {one['errors']}" if one["errors"] else "")) for one in result]
