# SPDX-License-Identifier: Apache-2.0
"""The state file with a full hour of history: what writing and reading it costs, and how soon after a restart with a
young one the metrics API has figures of a pod."""
import json
import os
import signal
import time

from . import meters, turns
from .client import METRICS
from .hour import HourLab

# topd writes the file at the end, so that each end makes the next file.
RESTARTS = 3
WRITTEN_SECONDS = 120
SERVED_SECONDS = 120
PAUSE = 0.002


def write(lab):
    """Ends topd, which writes the file behind all else."""
    spent, begin, began = lab.spent(), time.monotonic(), time.time()
    meters.reset_peak(lab.pid)
    loop = turns.Watch(lab) if lab.plan.turns else None
    lab.process.child.send_signal(signal.SIGTERM)
    cpu, peak = spent, 0
    while lab.process.running() and time.monotonic() < begin + WRITTEN_SECONDS:
        try:
            # Of a process that is ending there is no memory to tell.
            _, peak = meters.memory_mib(lab.pid)
            cpu = lab.spent()
        except (OSError, TypeError):
            pass
        time.sleep(PAUSE)
    spent = cpu - spent
    if lab.process.stop() != 0 or '"Stopped"' not in lab.process.log():
        raise RuntimeError("topd did not end well: " + lab.process.log()[-2000:])
    # Of all that ending is, writing takes nearly all.
    return {"write_s": logged(lab, '"Stopped"', began), "write_cpu_s": spent.cpu, "write_peak_mib": peak,
            "bytes": os.path.getsize(lab.state), "write_loop": loop.told() if loop else None}


def first(lab, client, path, seconds, good):
    """When the path is answered with 200 and what is good, in seconds since the start of topd."""
    while True:
        lab.require_running()
        try:
            status, body = client.get(path)
            if status == 200 and good(body):
                return time.monotonic() - lab.started
        except OSError:
            client.connection.close()
        if time.monotonic() > lab.started + seconds:
            raise TimeoutError(f"{path} was not answered in {seconds} s: " + lab.process.log()[-2000:])
        time.sleep(PAUSE)


def logged(lab, text, began):
    """When topd wrote such a line, in seconds since `began`, Unix time; None: it did not."""
    for line in lab.process.log().splitlines():
        if text in line:
            hour, minute, second = line.split()[1].split(":")
            day = time.localtime(began)
            since = (int(hour) - day.tm_hour) * 3600 + (int(minute) - day.tm_min) * 60 + float(second) - day.tm_sec
            return since % 86400 - began % 1
    return None


def start(lab, pod, pods):
    began = time.time()
    lab.start_topd()
    result = {}
    with lab.client() as client:
        result["discovery_s"] = first(lab, client, METRICS, SERVED_SECONDS, lambda _: True)
        path = f"{METRICS}/namespaces/{pod['namespace']}/pods/{pod['name']}"
        result["pod_s"] = first(lab, client, path, SERVED_SECONDS, lambda body: b'"usage"' in body)
        # CPU of all until then: reading the file, and the list of pods.
        result["cpu_s"] = lab.spent().cpu
        result["ready_s"] = first(lab, client, "/readyz", SERVED_SECONDS, lambda _: True)
        result["all_pods_s"] = first(lab, client, f"{METRICS}/pods", SERVED_SECONDS,
                                     lambda body: body.count(b'"containers"') >= pods)
    result["read_s"] = logged(lab, "Read the state file", began)
    if lab.plan.turns:
        result["loop"] = turns.Watch(lab, fresh=True).told()
    _, result["peak_mib"] = meters.memory_mib(lab.pid)
    return result


def measure(plan):
    with HourLab(plan) as lab:
        begun = lab.write_hour()
        lab.start_topd()
        lab.wait_for_figures()
        pods = lab.stats()["pods"]
        with lab.client() as client:
            pod = json.loads(client.read(f"{METRICS}/pods?limit=1"))["items"][0]["metadata"]
        rounds = []
        for _ in range(RESTARTS):
            # A regular scrape of each node.
            time.sleep(plan.resolution)
            written = write(lab)
            rounds.append({**written, **start(lab, pod, pods)})
        return {"history": begun, "rounds": rounds}


def rows(result):
    lines = [("history", result["history"])]
    for i, of in enumerate(result["rounds"]):
        loop, write_loop = of.get("loop"), of["write_loop"]
        lines += [(f"state file, written, {i + 1}",
                   f"{of['bytes'] / 1e6:.1f} MB in {of['write_s']:.2f} s, {of['write_cpu_s']:.2f} s of CPU, peak "
                   f"{of['write_peak_mib']:.0f} MiB" +
                   (f", longest turn {write_loop['longest_ms']:.1f} ms" if write_loop else "")),
                  (f"start with it, {i + 1}",
                   f"discovery {of['discovery_s'] * 1e3:.0f} ms, file read {(of['read_s'] or 0) * 1e3:.0f} ms, a pod "
                   f"{of['pod_s'] * 1e3:.0f} ms ({of['cpu_s'] * 1e3:.0f} ms of CPU), readyz {of['ready_s']:.2f} s, all "
                   f"pods {of['all_pods_s']:.2f} s, peak {of['peak_mib']:.0f} MiB" +
                   (f", longest turn {loop['longest_ms']:.1f} ms" if loop else ""))]
    return lines
