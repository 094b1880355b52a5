# SPDX-License-Identifier: Apache-2.0
"""How long small requests wait while all nodes are scraped, and another connection lists all pods in a loop. Wall time
at the client. He shares a core with the simulator, which is at work whenever the subject is: so he goes before it where
the kernel lets him, and his own time in the run queue stands beside the figures."""
import contextlib
import json
import multiprocessing
import os
import time

from . import idle, meters
from .client import METRICS

QUIET_SECONDS = 15
LOADED_SECONDS = 20
PAUSE_SECONDS = 0.004


def list_in_a_loop(lab, seconds, lists):
    end = time.monotonic() + seconds
    with lab.client() as client:
        while time.monotonic() < end:
            client.drain(f"{METRICS}/pods")
            with lists.get_lock():
                lists.value += 1


@contextlib.contextmanager
def before_all_others():
    """Real-time scheduling of this process, which sleeps most of the time; root may."""
    usual = os.sched_getscheduler(0)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    except PermissionError:
        yield
        return
    try:
        yield
    finally:
        os.sched_setscheduler(0, usual & ~os.SCHED_RESET_ON_FORK, os.sched_param(0))


def probe(lab, paths, seconds):
    """{name: [seconds of each request]}, each after the other."""
    walls = {name: [] for name in paths}
    end = time.monotonic() + seconds
    with lab.client() as client, before_all_others():
        client.get("/readyz")
        while time.monotonic() < end:
            for name, path in paths.items():
                begin = time.monotonic()
                status, _ = client.get(path)
                walls[name].append(time.monotonic() - begin)
                if status != 200:
                    raise RuntimeError(f"{path}: {status}")
                time.sleep(PAUSE_SECONDS)
    return walls


def watch(lab, paths, seconds):
    own, subject, begin_ns = meters.spent(os.getpid()), lab.spent(), time.time_ns()
    walls = probe(lab, paths, seconds)
    own, subject = meters.spent(os.getpid()) - own, lab.spent() - subject
    resolution = lab.plan.resolution
    return {**{name: {"count": len(of), "p50_ms": meters.percentile(of, 0.5) * 1e3,
                      "p99_ms": meters.percentile(of, 0.99) * 1e3, "max_ms": max(of) * 1e3}
               for name, of in walls.items()},
            "subject_run_queue_s": subject.waited, "subject_cores": subject.cpu / seconds,
            "client_run_queue_s": own.waited,
            **idle.punctuality([given for given in lab.given(begin_ns - int(2 * resolution * 1e9))
                                if given[2] > begin_ns - int(resolution * 1.1e9)], resolution)}


def measure(lab):
    with lab.client() as client:
        pod = json.loads(client.read(f"{METRICS}/pods?limit=1"))["items"][0]["metadata"]
    paths = {"one pod": f"{METRICS}/namespaces/{pod['namespace']}/pods/{pod['name']}", "readyz": "/readyz"}
    # A node's first regular scrape comes up to a third of the resolution late: that belongs to the start.
    time.sleep(2 * lab.plan.resolution)
    quiet = watch(lab, paths, QUIET_SECONDS)
    lists = multiprocessing.Value("i", 0)
    reader = multiprocessing.Process(target=list_in_a_loop, args=(lab, LOADED_SECONDS + 2, lists), daemon=True)
    reader.start()
    time.sleep(1)
    loaded = watch(lab, paths, LOADED_SECONDS)
    reader.join(60)
    return {"quiet": quiet, "loaded": loaded, "lists": lists.value}


def rows(result):
    lines = []
    for when, words in (("quiet", "nobody else reading"), ("loaded", f"beside {result['lists']} lists of all pods")):
        of = result[when]
        for name in ("one pod", "readyz"):
            lines.append((f"latency of {name}, {when}",
                          f"p50 {of[name]['p50_ms']:.2f} ms, p99 {of[name]['p99_ms']:.2f} ms, "
                                                        f"max {of[name]['max_ms']:.2f} ms, {words}"))
        lines.append((f"late scrapes, {when}", f"{of['late_scrapes']} of {of['gaps']}, run queue of the subject "
                                               f"{of['subject_run_queue_s'] * 1e3:.0f} ms, of the client "
                                               f"{of['client_run_queue_s'] * 1e3:.0f} ms"))
    return lines
