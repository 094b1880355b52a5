# SPDX-License-Identifier: Apache-2.0
"""What metrics of applications cost: --custom-metrics off, on with nothing in demand, and with 1,000 pods of 100 kB in
demand, of which 50 then do worse than that. Beside it a pod read and the scrapes of kubelets."""
import dataclasses
import json
import time

from harness import wait_until

from . import autoscalers, idle, latency, own_metrics
from .application_pages import METRICS as APPLICATION_METRICS
from .application_pages import TROUBLES, ApplicationPages
from .client import METRICS
from .lab import Lab

PODS = 1000
TROUBLED = 50
WATCHED_SECONDS = 20
# Where pods are is asked 20 times a second; then a rate takes two pages.
DEMAND_SECONDS = 60 + PODS / 20


class ApplicationsLab(Lab):
    """topd's pods may have addresses of loopback here."""

    def __init__(self, plan, pages):
        super().__init__(plan, "topd")
        self.sim_command += [f"--applications={PODS}", f"--applications-port={pages.port}"]
        self.usual = plan

    def start_topd(self, flags):
        self.plan = dataclasses.replace(self.usual, topd_flags=[*self.usual.topd_flags, *flags])
        self.start_subject()
        self.wait_for_figures()
        # A node's first regular scrape comes up to a third of the resolution late.
        time.sleep(2 * self.plan.resolution)


def scrapes(lab):
    return own_metrics.by_label(own_metrics.of_subject(lab), "topd_custom_metrics_scrapes_total", "result")


def look(lab, pod_path, seconds):
    """What topd takes, and then what a pod read waits."""
    late = own_metrics.sent_late(lab)
    result = idle.over(lab, seconds)
    watched = latency.watch(lab, {"one pod": pod_path}, WATCHED_SECONDS)
    return {**result, "one pod": watched["one pod"], "sent_late": own_metrics.sent_late(lab) - late,
            "watched_late": watched["late_scrapes"], "watched_gaps": watched["gaps"]}


def look_in_demand(lab, pod_path, seconds, counts):
    before, begin = scrapes(lab), time.monotonic()
    result = look(lab, pod_path, seconds)
    wall, after = time.monotonic() - begin, scrapes(lab)
    text = own_metrics.of_subject(lab)
    return {**result, "scrapes_per_s": {name: (after[name] - before[name]) / wall
                                        for name in after if after[name] > before[name]},
            "figures": counts[1], "slowest_s": counts[2] / 1e6,
            "bytes": own_metrics.total(text, "topd_custom_metrics_bytes"),
            "in_demand": own_metrics.by_label(text, "topd_custom_metrics_pods", "state")["in_demand"]}


def in_trouble(lab, pages, pod_path, seconds, counts):
    result = {}
    for number, name in enumerate(TROUBLES, 1):
        pages.trouble.value = number
        # By then the figures of those pods are too old, and stay so.
        time.sleep((4 if number == 1 else 1) * lab.plan.resolution)
        result[name] = look_in_demand(lab, pod_path, seconds, counts)
        lab.require_running()
    pages.trouble.value = 0
    time.sleep(4 * lab.plan.resolution)
    result["none, after"] = look_in_demand(lab, pod_path, seconds, counts)
    return result


def measure(plan):
    seconds = plan.cycles * plan.resolution
    with ApplicationPages() as pages, ApplicationsLab(plan, pages) as lab:
        pages.start(f"https://127.0.0.1:{lab.api_port}/api/v1/pods")
        apps = autoscalers.targets(lab)
        pods = sum(apps.values())
        pages.troubled.value = max(1, min(TROUBLED, pods // 20))
        lab.start_topd([])
        with lab.client() as client:
            pod = json.loads(client.read(f"{METRICS}/pods?limit=1"))["items"][0]["metadata"]
        pod_path = f"{METRICS}/namespaces/{pod['namespace']}/pods/{pod['name']}"
        off = look(lab, pod_path, seconds)
        lab.stop_subject()
        lab.start_topd(["--custom-metrics", "--custom-metrics-allow-loopback"])
        on = look(lab, pod_path, seconds)
        wanted = pods * len(APPLICATION_METRICS)
        with autoscalers.running(lab, apps, APPLICATION_METRICS) as counts:
            begin = time.monotonic()
            wait_until(lambda: counts[1] >= wanted, DEMAND_SECONDS + 4 * plan.resolution,
                       f"{wanted} figures of applications", 1)
            known = time.monotonic() - begin
            demand = look_in_demand(lab, pod_path, seconds, counts)
            trouble = in_trouble(lab, pages, pod_path, seconds, counts)
        return {"pods": pods, "autoscalers": len(apps), "page_bytes": pages.page_bytes,
                "troubled": pages.troubled.value, "known_s": known, "off": off, "on": on, "demand": demand,
                "trouble": trouble}


def look_words(of, idle_cores):
    read = of["one pod"]
    return (f"{of['cpu_cores'] * 100:.2f} % of a core" +
            (f" ({(of['cpu_cores'] - idle_cores) * 100:+.2f})" if idle_cores else "") +
            f"; RSS {of['rss_mib']:.0f}, peak {of['peak_mib']:.0f} MiB; late {of['late_scrapes']} of {of['gaps']}, gap "
            f"p99 {of['gap_p99_s'] or 0:.2f}, max {of['gap_max_s'] or 0:.2f} s; a pod p50 {read['p50_ms']:.2f}, p99 "
            f"{read['p99_ms']:.2f}, max {read['max_ms']:.2f} ms, late then {of['watched_late']} of "
            f"{of['watched_gaps']}; {of['sent_late']} sent late")


def demand_words(of):
    ended = ", ".join(f"{count:.1f} {name}" for name, count in sorted(of["scrapes_per_s"].items()))
    return f"; {of['figures']} figures, slowest answer {of['slowest_s'] * 1e3:.0f} ms; {ended} scrapes a s"


def rows(result):
    off, on, demand = result["off"], result["on"], result["demand"]
    usual = on["cpu_cores"]
    pages = demand["scrapes_per_s"].get("ok", 0)
    each = (demand["cpu_cores"] - usual) / pages * 1e6 if pages else 0
    lines = [("--custom-metrics off", f"{off['cpu_us_per_scrape']:.0f} us a scrape; " + look_words(off, 0)),
             ("on, nothing in demand", f"{on['cpu_us_per_scrape']:.0f} us a scrape; " + look_words(on, 0)),
             (f"{result['pods']} pods in demand of {result['autoscalers']} autoscalers",
              f"{each:.0f} us a page of {result['page_bytes'] / 1e3:.0f} kB with all that is asked; all known after "
              f"{result['known_s']:.0f} s, {demand['bytes'] / 1e3:.0f} kB kept; " + look_words(demand, usual) +
              demand_words(demand))]
    for name, of in result["trouble"].items():
        lines.append((f"{name}, {result['troubled']} pods" if name in TROUBLES else name,
                      look_words(of, usual) + demand_words(of)))
    return lines
