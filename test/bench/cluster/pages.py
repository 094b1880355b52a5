# SPDX-License-Identifier: Apache-2.0
"""What open pages cost topd, with a full hour of history: CPU of one page of each view above that with none, and what a
pod read waits while ten pages are open."""
import dataclasses
import json
import time
import urllib.parse

from . import browser, idle, latency, meters, own_metrics, turns
from .client import METRICS
from .hour import HourLab

ROWS = "ui/api/rows?kind=pod&sort=cpu&order=desc&limit={}&range=3600"
# Of the ten pages: how many show each view, in their order.
MIXED = (3, 3, 2, 2)


def views(pod):
    """{name: what the page asks for}"""
    detail = urllib.parse.urlencode({"kind": "pod", **pod, "range": 3600})
    return {"overview": "/ui/api/overview", "200 pods with curves": "/" + ROWS.format(200),
            "2,000 pods with curves": "/" + ROWS.format(2000), "a pod": f"/ui/api/series?{detail}"}


def over(lab, seconds):
    late, loop = own_metrics.sent_late(lab), turns.Watch(lab)
    result = idle.over(lab, seconds)
    return {**result, "loop": loop.told(), "sent_late": own_metrics.sent_late(lab) - late}


def one_page(lab, path, seconds):
    spent, begin = lab.spent(), time.monotonic()
    with browser.opened(lab.port_of_graphs, [path]) as got:
        # Its first answer may take what later ones find done.
        time.sleep(lab.plan.resolution)
        opening = {"opening_cpu_s": (lab.spent() - spent).cpu, "opening_s": time.monotonic() - begin}
        result = over(lab, seconds)
    return {**result, **opening, **dataclasses.asdict(got)}


def watched(lab, pod_path, seconds):
    """A pod read meanwhile."""
    meters.reset_peak(lab.pid)
    late, loop = own_metrics.sent_late(lab), turns.Watch(lab)
    result = latency.watch(lab, {"one pod": pod_path}, seconds)
    rss, peak = meters.memory_mib(lab.pid)
    return {**result, "loop": loop.told(), "rss_mib": rss, "peak_mib": peak,
            "sent_late": own_metrics.sent_late(lab) - late}


def many_pages(lab, paths, apart, pod_path, seconds):
    with browser.opened(lab.port_of_graphs, paths, apart) as got:
        time.sleep(lab.plan.resolution + len(paths) * apart)
        result = watched(lab, pod_path, seconds)
    return {**result, **dataclasses.asdict(got)}


def measure(plan):
    # A page is open for two minutes when four cycles of 15 s are asked for.
    seconds = 2 * plan.cycles * plan.resolution
    with HourLab(plan) as lab:
        history = lab.write_hour()
        lab.start_topd()
        lab.wait_for_figures()
        time.sleep(2 * plan.resolution)
        with lab.client() as client:
            pod = json.loads(client.read(f"{METRICS}/pods?limit=1"))["items"][0]["metadata"]
        pod = {"namespace": pod["namespace"], "name": pod["name"]}
        pod_path = f"{METRICS}/namespaces/{pod['namespace']}/pods/{pod['name']}"
        asked = views(pod)
        none = over(lab, seconds)
        one = {name: one_page(lab, path, seconds) for name, path in asked.items()}
        mixed = [path for path, count in zip(asked.values(), MIXED) for _ in range(count)]
        watches = {"no page": watched(lab, pod_path, seconds),
                   "ten pages in step": many_pages(lab, mixed, 0, pod_path, seconds),
                   "ten pages apart": many_pages(lab, mixed, plan.resolution / len(mixed), pod_path, seconds)}
        return {"history": history, "none": none, "one": one, "watches": watches, "pages": len(mixed)}


def memory(of):
    return f"RSS {of['rss_mib']:.0f}, peak {of['peak_mib']:.0f} MiB"


def loop_words(of):
    loop = of["loop"]
    return (f"longest turn {loop['longest_ms']:.1f} ms, {loop['over_1_ms']}, {loop['over_4_ms']} of {loop['turns']} "
            "over 1, 4 ms")


def late_words(of):
    return f"late {of['late_scrapes']} of {of['gaps']}, {of['sent_late']} sent late"


def answer_words(of):
    return (f"{of['answers']} answers of {of['bytes'] / max(of['answers'], 1) / 1e3:.1f} kB, slowest "
            f"{of['slowest_s'] * 1e3:.0f} ms, {of['same']} not new, {of['failed']} failed")


def rows(result):
    none = result["none"]
    lines = [("history", result["history"]),
             ("no page", f"{none['cpu_cores'] * 6e4:.0f} ms of CPU a minute; {memory(none)}; {loop_words(none)}; "
                         f"{late_words(none)}")]
    for name, of in result["one"].items():
        more = (of["cpu_cores"] - none["cpu_cores"]) * 6e4
        opening = (of["opening_cpu_s"] - none["cpu_cores"] * of["opening_s"]) * 1e3
        lines.append((f"a page: {name}",
                      f"{more:.0f} ms of CPU a minute, {opening:.0f} ms to open; {answer_words(of)}; {memory(of)}; "
                      f"{loop_words(of)}; {late_words(of)}"))
    quiet = result["watches"]["no page"]
    for name, of in result["watches"].items():
        read = of["one pod"]
        more = (of["subject_cores"] - quiet["subject_cores"]) * 6e4 / result["pages"]
        pages = f"; {more:.0f} ms of CPU a page and minute; {answer_words(of)}" if "answers" in of else ""
        lines.append((f"one pod beside {name}",
                      f"p50 {read['p50_ms']:.2f}, p99 {read['p99_ms']:.2f}, max {read['max_ms']:.2f} ms of "
                      f"{read['count']}; {memory(of)}; {loop_words(of)}; {late_words(of)}; "
                      f"run queue {of['subject_run_queue_s'] * 1e3:.0f}, {of['client_run_queue_s'] * 1e3:.0f} ms"
                      f"{pages}"))
    return lines
