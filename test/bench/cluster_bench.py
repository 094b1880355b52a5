#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures topd on the simulated cluster, and beside it a peer: any program with the same flags. CPU is what the
scheduler gave to the subject's threads (schedstat), beside the time that they waited for a core."""
import argparse
import os
import sys
import time

from cluster import (
    applications,
    crowd,
    drawing,
    freshness,
    holes,
    hostile,
    idle,
    instructions,
    latency,
    lists,
    new_pods,
    pages,
    prometheus,
    report,
    restart,
    sinks,
    start,
    sync,
)
from cluster.lab import Lab, Plan

PHASES = ("start", "idle", "floor", "lists", "memory", "latency", "freshness", "holes", "newpods", "sync", "hostile",
          "instructions", "drawing", "restart", "prometheus", "sinks", "pages", "applications")
# What is measured when nothing is said: the rest is asked for.
DEFAULT = PHASES[:-9]
# These start topd as they need it, and no peer.
BY_THEMSELVES = {"sync": sync, "drawing": drawing, "restart": restart, "prometheus": prometheus, "sinks": sinks,
                 "pages": pages, "applications": applications}


def say(text):
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


class Run:
    """One subject through its phases. A phase that fails is a row of the table; the next one goes on."""

    def __init__(self, plan, subject, phases):
        self.plan, self.subject, self.phases = plan, subject, phases
        self.results, self.rows = {}, []

    def phase(self, name, measure, word, part_of=None):
        if (part_of or name) not in self.phases:
            return
        say(f"{self.subject}: {name}")
        try:
            result = measure()
        except Exception as error:
            self.rows.append((name, f"FAILED: {error!r}"[:300]))
            self.results[name] = {"error": repr(error)}
            return
        self.results[name] = result
        self.rows += word(result)

    def go(self):
        self.phase("instructions", lambda: instructions.measure(self.plan, self.subject), instructions.rows)
        if set(self.phases) - {"instructions", *BY_THEMSELVES}:
            self.go_beside()
        if self.subject == "topd":
            for name, part in BY_THEMSELVES.items():
                self.phase(name, lambda part=part: part.measure(self.plan), part.rows)

    def go_beside(self):
        with Lab(self.plan, self.subject) as lab:
            begun = start.measure(lab)
            self.phase("start", lambda: begun, start.rows)
            lab.wait_for_figures()
            self.phase("idle", lambda: idle.measure(lab), idle.rows)
            scrape_cpu = self.results.get("idle", {}).get("cpu_us_per_scrape", 0) / 1e6
            self.phase("lists", lambda: lists.measure(lab, scrape_cpu), lists.rows)
            self.phase("crowd", lambda: crowd.measure(lab), crowd.rows, part_of="lists")
            self.phase("memory", lambda: lists.measure_memory(lab), lists.memory_rows)
            self.phase("latency", lambda: latency.measure(lab), latency.rows)
            self.phase("freshness", lambda: freshness.measure(lab), freshness.rows)
            self.phase("holes", lambda: holes.measure(lab), holes.rows)
            self.phase("newpods", lambda: new_pods.measure(lab), new_pods.rows)
            self.phase("hostile", lambda: hostile.measure(lab), hostile.rows)
            lab.stop_subject()
            if self.subject == "topd":
                self.phase("floor", lambda: measure_floor(lab), floor_rows)


def measure_floor(lab):
    return {"grouped": lab.run_floor(f"--group={lab.plan.group_ms}"), "evenly": lab.run_floor("--group=0"),
            "gzip": lab.run_floor(f"--group={lab.plan.group_ms}", "--gzip")}


def floor_rows(result):
    return [("floor, CPU a scrape", ", ".join(f"{result[how]['cpu_us_per_scrape']:.0f} us {how}" for how in result)),
            ("floor, memory a connection", f"{result['grouped']['kib_per_connection']:.1f} KiB")]


def ratios(results):
    """What topd's goals are about: its CPU a scrape to the floor's and to the peer's."""
    def good(subject, phase):
        of = results.get(subject, {}).get(phase, {})
        return {} if "error" in of else of

    found = {}
    cost = {name: good(name, "idle").get("cpu_us_per_scrape") for name in results}
    floor = good("topd", "floor").get("grouped", {}).get("cpu_us_per_scrape")
    if cost.get("topd") and floor:
        found["topd_to_floor"] = cost["topd"] / floor
    if cost.get("topd") and cost.get("peer"):
        found["peer_to_topd"] = cost["peer"] / cost["topd"]
    for name, one in good("topd", "lists").items():
        other = good("peer", "lists").get(name)
        # One that compresses cannot be compared with one that does not.
        if not other or other["encoding"] != one["encoding"]:
            continue
        for figure, word in (("cpu_ms", ""), ("at_once_cpu_ms", ", many at once")):
            if one[figure] and other[figure]:
                found[f"peer_to_topd, {name}{word}"] = other[figure] / one[figure]
    return found


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("topd", "sim", "floor", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--past", help="topd-sim-past, which drawing, restart, prometheus and pages need")
    parser.add_argument("--turns", help="libturns.so, which these measure turns of the event loop with")
    parser.add_argument("--peer", help="a program with metrics-server's flags, measured as topd is")
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--pods", type=int, default=30, help="on each node")
    parser.add_argument("--containers", type=float, default=1.6,
                        help="in each pod, on average; by default a page of 30 pods has about 39 kB")
    parser.add_argument("--resolution", default="15s", help="whole seconds")
    parser.add_argument("--sampling", default="cadvisor",
                        help="when kubelets sample, as topd-sim's: cadvisor, cri or fixed:10s")
    parser.add_argument("--cycles", type=int, default=4, help="resolution intervals that are measured")
    parser.add_argument("--repeats", type=int, default=9, help="batches of reads; the median counts")
    parser.add_argument("--group", type=int, default=250, help="of the floor's requests, milliseconds")
    parser.add_argument("--only", default=",".join(DEFAULT), help="phases, separated by commas: " + ", ".join(PHASES))
    parser.add_argument("--subjects", default="topd,peer", help="which of the two; a peer only when it is given")
    parser.add_argument("--no-pin", action="store_true", help="do not keep a core for the subject")
    parser.add_argument("--topd-flag", action="append", default=[], help="a further flag for topd")
    parser.add_argument("--peer-flag", action="append", default=[], help="a further flag for the peer")
    return parser.parse_args()


def main():
    options = arguments()
    phases = options.only.split(",")
    if unknown := set(phases) - set(PHASES):
        sys.exit(f"no such phase: {', '.join(sorted(unknown))}; there are {', '.join(PHASES)}")
    plan = Plan(topd=options.topd, sim=options.sim, floor=options.floor, past=options.past, turns=options.turns,
                peer=options.peer, nodes=options.nodes,
                pods=options.pods, containers=options.containers, sampling=options.sampling,
                resolution=int(options.resolution.removesuffix("s")),
                cycles=options.cycles, repeats=options.repeats, group_ms=options.group, pinned=not options.no_pin,
                topd_flags=options.topd_flag, peer_flags=options.peer_flag)
    cores = plan.cores()[1]
    if cores:
        os.sched_setaffinity(0, cores)
    before = report.machine()
    runs = [Run(plan, subject, phases) for subject in options.subjects.split(",") if subject == "topd" or plan.peer]
    for run in runs:
        run.go()
    results = {run.subject: run.results for run in runs}
    result = {"nodes": plan.nodes, "pods": plan.pods, "containers": plan.containers, "sampling": plan.sampling,
              "resolution_s": plan.resolution, "cycles": plan.cycles, "pinned": plan.pinned, "machine": before,
              "subjects": results, "ratios": ratios(results)}
    path = report.write(result, options.out)
    print(f"{plan.nodes} nodes x {plan.pods} pods, every {plan.resolution} s, load {before['load']:.1f} before\n")
    print(report.table({run.subject: run.rows for run in runs}))
    for name, ratio in result["ratios"].items():
        print(f"{name}: {ratio:.2f}")
    print(f"\n{path}")
    sys.exit(1 if any("error" in of for run in results.values() for of in run.values()) else 0)


if __name__ == "__main__":
    main()
