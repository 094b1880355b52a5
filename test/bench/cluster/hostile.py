# SPDX-License-Identifier: Apache-2.0
"""What hostile clients cost the others (test/simulated/attacks.py): small requests of a good client on a kept
connection, probes on new ones, scrapes, memory and descriptors while each attack lasts, beside the same without."""
import json
import os
import time

import attacks

from . import idle, meters
from .client import METRICS

SECONDS = 12
PAUSE_SECONDS = 0.005
PROBE_EVERY = 20


def timed(walls, failures, what):
    begin = time.monotonic()
    try:
        good = what()
    except OSError as error:
        good, failures[repr(error)[:80]] = True, failures.get(repr(error)[:80], 0) + 1
    walls.append(time.monotonic() - begin)
    if not good:
        failures["wrong answer"] = failures.get("wrong answer", 0) + 1


def look(lab, path):
    """One look of some seconds, as good clients and the process's own figures show it."""
    gets, probes, failures, most = [], [], {}, 0
    meters.reset_peak(lab.pid)
    spent, begin, begin_ns = lab.spent(), time.monotonic(), time.time_ns()
    with lab.client() as client:
        count = 0
        while time.monotonic() < begin + SECONDS:
            timed(gets, failures, lambda: client.get(path)[0] == 200)
            if count % PROBE_EVERY == 0:
                timed(probes, failures, lambda: lab.probe("/readyz") == (200, "ok"))
                most = max(most, len(os.listdir(f"/proc/{lab.pid}/fd")))
            count += 1
            time.sleep(PAUSE_SECONDS)
    spent, wall = lab.spent() - spent, time.monotonic() - begin
    resolution = lab.plan.resolution
    late = idle.punctuality([given for given in lab.given(begin_ns - int(2 * resolution * 1e9))
                             if given[2] > begin_ns - int(resolution * 1.1e9)], resolution)
    rss, peak = meters.memory_mib(lab.pid)
    return {"gets": len(gets), "p50_ms": meters.percentile(gets, 0.5) * 1e3,
            "p99_ms": meters.percentile(gets, 0.99) * 1e3, "probes": len(probes),
            "probe_p50_ms": meters.percentile(probes, 0.5) * 1e3, "probe_max_ms": max(probes) * 1e3,
            "failures": failures, "cores": spent.cpu / wall, "run_queue_s": spent.waited, "rss_mib": rss,
            "peak_mib": peak, "descriptors": most, **late}


def measure(lab):
    with lab.client() as client:
        pod = json.loads(client.read(f"{METRICS}/pods?limit=1"))["items"][0]["metadata"]
    path = f"{METRICS}/namespaces/{pod['namespace']}/pods/{pod['name']}"
    result = {"none": look(lab, path)}
    for attack in attacks.ATTACKS:
        with attacks.under(attack, lab.port):
            result[attack.__name__] = look(lab, path)
        lab.require_running()
        time.sleep(1)
    result["none, after"] = look(lab, path)
    return result


def rows(result):
    return [(f"under attack: {name.replace('_', ' ')}",
             f"one pod p50 {of['p50_ms']:.2f} ms, p99 {of['p99_ms']:.1f} ms; probe p50 {of['probe_p50_ms']:.1f} ms, "
             f"max {of['probe_max_ms']:.0f} ms; {sum(of['failures'].values())} of {of['gets'] + of['probes']} failed; "
             f"late scrapes {of['late_scrapes']} of {of['gaps']}; {of['cores']:.2f} cores; "
             f"peak {of['peak_mib']:.1f} MiB; "
             f"{of['descriptors']} descriptors") for name, of in result.items()]
