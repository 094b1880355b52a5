#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures topd on the simulated cluster. CPU is what the scheduler gave to topd's threads (schedstat)."""
import argparse
import collections
import glob
import http.client
import json
import os
import re
import ssl
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sim"))
from harness import Cluster  # noqa: E402  pylint: disable=wrong-import-position

ACCEPT = {"json": "application/json", "protobuf": "application/vnd.kubernetes.protobuf"}
# A gap between two pages of a node that is longer than the resolution by more than this is late.
LATE_SECONDS = 0.5


def cpu_seconds(pid):
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path, encoding="ascii") as stat:
            total += int(stat.read().split()[0])
    return total / 1e9


def user_and_system_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    tick = os.sysconf("SC_CLK_TCK")
    return int(fields[11]) / tick, int(fields[12]) / tick


def memory_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        text = status.read()
    return {name: int(re.search(rf"{name}:\s+(\d+)", text)[1]) / 1024 for name in ("VmRSS", "VmHWM")}


def measure_cycles(cluster, cycles, resolution):
    pid = cluster.topd.child.pid
    stats, cpu, (user, system) = cluster.ask("/sim/stats"), cpu_seconds(pid), user_and_system_seconds(pid)
    begin, begin_ns = time.monotonic(), time.time_ns()
    time.sleep(cycles * resolution)
    cpu = cpu_seconds(pid) - cpu
    user_after, system_after = user_and_system_seconds(pid)
    wall = time.monotonic() - begin
    after = cluster.ask("/sim/stats")
    memory = memory_mib(pid)
    scrapes = after["pages"] - stats["pages"]
    times = collections.defaultdict(list)
    for node, _, at in cluster.ask(f"/sim/given?since_ns={begin_ns - int(resolution * 1e9)}"):
        times[node].append(at / 1e9)
    gaps = [b - a for taken in times.values() for a, b in zip(taken, taken[1:])]
    return {
        "wall_seconds": wall,
        "scrapes": scrapes,
        "page_bytes": (after["page_bytes"] - stats["page_bytes"]) / max(scrapes, 1),
        "cpu_seconds_per_cycle": cpu / (wall / resolution),
        "cpu_cores": cpu / wall,
        "cpu_microseconds_per_scrape": cpu / max(scrapes, 1) * 1e6,
        "user_share": (user_after - user) / max(user_after - user + system_after - system, 1e-9),
        "late_scrapes": sum(gap > resolution + LATE_SECONDS for gap in gaps),
        "longest_gap_seconds": max(gaps, default=0),
        "rss_mib": memory["VmRSS"],
        "peak_rss_mib": memory["VmHWM"],
        "sim_cpu_cores": (after["cpu_seconds"] - stats["cpu_seconds"]) / wall,
        "sim_late": after["late"] - stats["late"],
    }


def measure_lists(cluster, repeats):
    """Straight to topd, as the aggregator: one kept connection."""
    context = ssl.create_default_context(cafile=cluster.path("ca.crt"))
    context.load_cert_chain(cluster.path("front-proxy-client.crt"), cluster.path("front-proxy-client.key"))
    pid = cluster.topd.child.pid
    lists = {}
    for resource in ("nodes", "pods"):
        for form, accept in ACCEPT.items():
            connection = http.client.HTTPSConnection("localhost", cluster.port, context=context, timeout=60)
            walls, cpus, size = [], [], 0
            for _ in range(repeats):
                cpu, begin = cpu_seconds(pid), time.monotonic()
                connection.request("GET", f"/apis/metrics.k8s.io/v1beta1/{resource}", headers={
                    "Accept": accept, "X-Remote-User": "bench", "X-Remote-Group": "system:masters"})
                answer = connection.getresponse()
                size = len(answer.read())
                walls.append(time.monotonic() - begin)
                cpus.append(cpu_seconds(pid) - cpu)
                if answer.status != 200:
                    raise RuntimeError(f"{resource}: {answer.status}")
            connection.close()
            lists[f"{resource} {form}"] = {"bytes": size, "wall_ms": statistics.median(walls) * 1e3,
                                           "cpu_ms": statistics.median(cpus) * 1e3}
    return lists


def table(result):
    cycle = result["cycles"]
    rows = [
        ("figures of all after start", f"{result['seconds_to_figures']:.1f} s"),
        ("CPU a cycle", f"{cycle['cpu_seconds_per_cycle']:.3f} s ({cycle['cpu_cores'] * 1000:.1f} millicores)"),
        ("CPU a scrape", f"{cycle['cpu_microseconds_per_scrape']:.0f} us of {cycle['scrapes']} scrapes of "
                         f"{cycle['page_bytes'] / 1024:.1f} KiB"),
        ("late scrapes", f"{cycle['late_scrapes']} (longest gap {cycle['longest_gap_seconds']:.2f} s)"),
        ("memory", f"{cycle['rss_mib']:.1f} MiB, peak {cycle['peak_rss_mib']:.1f} MiB"),
        ("memory after lists", f"{result['after_lists']['VmRSS']:.1f} MiB, peak {result['after_lists']['VmHWM']:.1f} MiB"),
    ]
    rows += [(f"list of {name}", f"{one['wall_ms']:.1f} ms, CPU {one['cpu_ms']:.1f} ms, {one['bytes'] / 1024:.0f} KiB")
             for name, one in result["lists"].items()]
    rows.append(("the simulator", f"{cycle['sim_cpu_cores'] * 1000:.0f} millicores, {cycle['sim_late']} late pages"))
    return "\n".join(f"{name:<28} {value}" for name, value in rows)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--topd", required=True)
    arguments.add_argument("--sim", required=True)
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--nodes", type=int, default=1000)
    arguments.add_argument("--pods", type=int, default=30)
    arguments.add_argument("--cycles", type=int, default=4)
    arguments.add_argument("--resolution", default="15s", help="whole seconds")
    arguments.add_argument("--lists", type=int, default=10, help="how often each list is asked for")
    options = arguments.parse_args()
    resolution = int(options.resolution.removesuffix("s"))
    with Cluster(options.topd, options.sim, options.nodes, options.pods, options.resolution) as cluster:
        result = {"nodes": options.nodes, "pods_per_node": options.pods, "resolution_seconds": resolution,
                  "seconds_to_figures": cluster.wait_for_figures(300, 1)}
        # The first cycles connect, and grow what is kept.
        time.sleep(resolution)
        result["cycles"] = measure_cycles(cluster, options.cycles, resolution)
        result["lists"] = measure_lists(cluster, options.lists)
        result["after_lists"] = memory_mib(cluster.topd.child.pid)
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, f"{options.nodes}-nodes-{options.pods}-pods.json")
    with open(path, "w", encoding="ascii") as out:
        json.dump(result, out, indent=2)
        out.write("\n")
    print(f"topd at {options.nodes} nodes x {options.pods} pods, every {options.resolution}\n\n{table(result)}\n\n{path}")


if __name__ == "__main__":
    main()
