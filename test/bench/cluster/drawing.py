# SPDX-License-Identifier: Apache-2.0
"""What a pod read waits while somebody draws without pause, with a full hour of history: Heapster's list of 2,000 pods,
and a query over all containers. Beside latency.py, which has lists of the metrics API."""
import multiprocessing
import time

from . import latency, meters, turns
from .client import METRICS
from .hour import SECONDS, HourLab

WATCHED_SECONDS = 20
# Of the DaemonSets: two pods a node.
NAMESPACE = "kube-system"
MOST_PODS = 2000
SUM = "sum(rate(container_cpu_usage_seconds_total[5m])) by (namespace)"
TOP = "topk(10, sum(rate(container_cpu_usage_seconds_total[5m])) by (pod, namespace))"


def pod_names(lab):
    return [pod["metadata"]["name"] for pod in lab.ask(f"/api/v1/namespaces/{NAMESPACE}/pods")["items"]][:MOST_PODS]


def list_pods(lab, names):
    path = f"/api/v1/model/namespaces/{NAMESPACE}/pod-list/{','.join(names)}/metrics/cpu/usage_rate"

    def read(graphs):
        return graphs.read(path).count(b'"latestTimestamp"')

    return read


def query(expression):
    def read(graphs):
        end = int(time.time()) - 15
        return len(graphs.query_range(expression, end - SECONDS, end, 60))

    return read


def draw(lab, read, seconds, tell):
    """Sends [how many came, the least that was in one, the slowest in seconds]."""
    end, count, least, slowest = time.monotonic() + seconds, 0, None, 0
    with lab.graphs() as graphs:
        while (begin := time.monotonic()) < end:
            things = read(graphs)
            count, least = count + 1, things if least is None else min(least, things)
            slowest = max(slowest, time.monotonic() - begin)
    tell.send([count, least, slowest])


def measure_one(lab, path, read):
    told, tell = multiprocessing.Pipe(False)
    reader = None
    meters.reset_peak(lab.pid)
    rss, _ = meters.memory_mib(lab.pid)
    if read:
        reader = multiprocessing.Process(target=draw, args=(lab, read, WATCHED_SECONDS + 2, tell), daemon=True)
        reader.start()
        time.sleep(1)
    loop = turns.Watch(lab)
    result = latency.watch(lab, {"one pod": path}, WATCHED_SECONDS)
    result["loop"] = loop.told()
    if reader:
        if not told.poll(120):
            raise RuntimeError("the reader failed")
        result["answers"], result["least"], result["slowest_s"] = told.recv()
        reader.join(60)
    _, result["peak_mib"] = meters.memory_mib(lab.pid)
    result["before_mib"] = rss
    return result


def measure(plan):
    with HourLab(plan) as lab:
        begun = lab.write_hour()
        lab.start_topd()
        lab.wait_for_figures()
        # What the file had, two ticks that are over for all, and the first scrapes, which come late.
        time.sleep(2 * plan.resolution)
        pods = pod_names(lab)
        path = f"{METRICS}/namespaces/{NAMESPACE}/pods/{pods[0]}"
        readers = {"alone": None, f"beside pod-list of {len(pods)} pods": list_pods(lab, pods),
                   f"beside {SUM}": query(SUM), f"beside {TOP}": query(TOP)}
        return {"history": begun, **{name: measure_one(lab, path, read) for name, read in readers.items()}}


def rows(result):
    lines = [("history", result["history"])]
    for name, of in result.items():
        if name == "history":
            continue
        loop, one = of["loop"], of["one pod"]
        answers = f", {of['answers']} answers of {of['least']}, slowest {of['slowest_s'] * 1e3:.0f} ms" \
            if "answers" in of else ""
        lines.append((f"one pod {name}",
                      f"p50 {one['p50_ms']:.2f} ms, p99 {one['p99_ms']:.2f} ms, max {one['max_ms']:.2f} ms of "
                      f"{one['count']}{answers}; RSS {of['before_mib']:.0f}, peak {of['peak_mib']:.0f} MiB; "
                      f"{of['subject_cores'] * 100:.0f} % of a core; longest turn {loop['longest_ms']:.1f} ms, "
                      f"{loop['over_1_ms']}, {loop['over_4_ms']}, {loop['over_16_ms']} of {loop['turns']} over 1, 4, "
                      f"16 ms; late {of['late_scrapes']} of {of['gaps']}; run queue "
                      f"{of['subject_run_queue_s'] * 1e3:.0f}, {of['client_run_queue_s'] * 1e3:.0f} ms"))
    return lines
