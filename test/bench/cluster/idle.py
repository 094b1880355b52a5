# SPDX-License-Identifier: Apache-2.0
"""Cycles with nobody reading: CPU, memory, and whether nodes are asked in time."""
import collections
import time

from . import meters

LATE_SECONDS = 0.1


def measure(lab):
    # The first cycles connect, and grow what is kept.
    time.sleep(lab.plan.resolution)
    return over(lab, lab.plan.cycles * lab.plan.resolution)


def over(lab, seconds):
    """What the subject takes in the time that begins now, whoever else asks it."""
    plan = lab.plan
    meters.reset_peak(lab.pid)
    stats, spent, sim = lab.stats(), lab.spent(), meters.spent(lab.sim.child.pid)
    begin, begin_ns = time.monotonic(), time.time_ns()
    time.sleep(seconds)
    spent, sim = lab.spent() - spent, meters.spent(lab.sim.child.pid) - sim
    wall, after = time.monotonic() - begin, lab.stats()
    rss, peak = meters.memory_mib(lab.pid)
    scrapes = max(after["pages"] - stats["pages"], 1)
    return {
        "wall_s": wall,
        "scrapes": scrapes,
        "page_bytes": (after["page_bytes"] - stats["page_bytes"]) / scrapes,
        "cpu_s_per_cycle": spent.cpu / wall * plan.resolution,
        "cpu_cores": spent.cpu / wall,
        "cpu_us_per_scrape": spent.cpu / scrapes * 1e6,
        "user_share": spent.user_share(),
        "run_queue_s": spent.waited,
        "rss_mib": rss,
        "peak_mib": peak,
        "sim_cores": sim.cpu / wall,
        "sim_run_queue_s": sim.waited,
        "sim_late": after["late"] - stats["late"],
        **punctuality(lab.given(begin_ns - plan.resolution * 10**9), plan.resolution),
    }


def punctuality(given, resolution):
    """A node is due one resolution after it was asked last. The simulator's own delay is in these figures."""
    times = collections.defaultdict(list)
    for node, _, at in given:
        times[node].append(at / 1e9)
    gaps = [b - a for taken in times.values() for a, b in zip(taken, taken[1:])]
    return {
        "late_scrapes": sum(gap > resolution + LATE_SECONDS for gap in gaps),
        "gaps": len(gaps),
        "gap_p99_s": meters.percentile(gaps, 0.99),
        "gap_max_s": max(gaps, default=None),
    }


def rows(result):
    return [
        ("CPU a cycle", f"{result['cpu_s_per_cycle']:.3f} s ({result['cpu_cores'] * 100:.2f} % of a core)"),
        ("CPU a scrape", f"{result['cpu_us_per_scrape']:.0f} us of {result['page_bytes'] / 1e3:.1f} kB, "
                         f"{result['user_share'] * 100:.0f} % in user mode"),
        ("memory, peak", f"{result['rss_mib']:.1f}, {result['peak_mib']:.1f} MiB"),
        ("late scrapes (> 100 ms)",
         f"{result['late_scrapes']} of {result['gaps']}, gap p99 {result['gap_p99_s'] or 0:.2f} s, "
                                    f"max {result['gap_max_s'] or 0:.2f} s"),
        ("run queue; simulator's core", f"{result['run_queue_s'] * 1e3:.0f} ms; {result['sim_cores'] * 100:.0f} %, "
                                        f"{result['sim_late']} pages late"),
    ]
