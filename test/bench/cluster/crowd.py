# SPDX-License-Identifier: Apache-2.0
"""Clients that list all pods in protobuf without pause: how many are refused, and what memory that takes."""
import threading
import time

from . import meters
from .client import METRICS, PROTOBUF

# How many, and whether they take gzip.
CROWDS = ((4, False), (32, False), (32, True))
SECONDS = 15


def read(lab, gzip, end, answers, errors):
    try:
        with lab.client(PROTOBUF, gzip) as client:
            while time.monotonic() < end:
                answers.append(client.take(f"{METRICS}/pods"))
    except OSError as error:
        errors.append(repr(error))


def measure_one(lab, readers, gzip):
    before, _ = meters.memory_mib(lab.pid)
    meters.reset_peak(lab.pid)
    answers, errors = [], []
    arguments = (lab, gzip, time.monotonic() + SECONDS, answers, errors)
    threads = [threading.Thread(target=read, args=arguments) for _ in range(readers)]
    spent = lab.spent()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = lab.spent() - spent
    after, peak = meters.memory_mib(lab.pid)
    lists = [size for status, size in answers if status == 200]
    return {"readers": readers, "gzip": gzip, "requests": len(answers), "lists": len(lists),
            "refused": sum(status == 429 for status, _ in answers), "bytes": max(lists, default=0),
            "cpu_ms_per_list": spent.cpu * 1e3 / max(len(lists), 1), "before_mib": before, "peak_mib": peak,
            "after_mib": after, "errors": errors[:3]}


def measure(lab):
    return [measure_one(lab, readers, gzip) for readers, gzip in CROWDS]


def rows(result):
    return [(f"{one['readers']} list all pods without pause, protobuf" + (" gzip" if one["gzip"] else ""),
             f"{one['requests']} requests, {one['refused']} refused, CPU {one['cpu_ms_per_list']:.1f} ms a list of "
             f"{one['bytes'] / 1e3:.0f} kB, {one['before_mib']:.1f} -> {one['peak_mib']:.1f} -> {one['after_mib']:.1f} MiB"
             + (f", {one['errors']}" if one["errors"] else "")) for one in result]
