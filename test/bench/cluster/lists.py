# SPDX-License-Identifier: Apache-2.0
"""What reads cost: lists and single objects by format, and memory while many read."""
import collections
import http.client
import json
import statistics
import threading
import time

from . import meters
from .client import JSON, METRICS, PROTOBUF

# A read is repeated within a batch until the batch has taken so long: short ones cannot be told from scrapes.
BATCH_SECONDS = 0.3
# Small reads are also sent so many at once: one after the other each wakes a core that slept, which costs
# more than they.
AT_ONCE = 200
SMALL_BYTES = 10_000
READERS = 8
READ_SECONDS = 20


def targets(lab):
    """Paths to read: a namespace of about 200 pods, a label of about 10 in it, and one pod."""
    with lab.client() as client:
        pods = json.loads(client.read(f"{METRICS}/pods"))["items"]
    names = collections.Counter(pod["metadata"]["namespace"] for pod in pods)
    space = min(names, key=lambda name: (abs(names[name] - 200), name))
    here = [pod["metadata"] for pod in pods if pod["metadata"]["namespace"] == space]
    apps = collections.Counter(meta.get("labels", {}).get("app") for meta in here)
    app = min(apps, key=lambda name: (abs(apps[name] - 10), str(name)))
    path = f"{METRICS}/namespaces/{space}/pods"
    return {
        "all pods, JSON": (f"{METRICS}/pods", JSON, False, len(pods)),
        "all pods, protobuf": (f"{METRICS}/pods", PROTOBUF, False, len(pods)),
        "all pods, JSON gzip": (f"{METRICS}/pods", JSON, True, len(pods)),
        "all nodes, JSON": (f"{METRICS}/nodes", JSON, False, lab.plan.nodes),
        "all nodes, protobuf": (f"{METRICS}/nodes", PROTOBUF, False, lab.plan.nodes),
        "a namespace, protobuf": (path, PROTOBUF, False, len(here)),
        "by label, protobuf": (f"{path}?labelSelector=app%3D{app}", PROTOBUF, False, apps[app]),
        "one pod, protobuf": (f"{path}/{here[0]['name']}", PROTOBUF, False, 1),
        "readyz": ("/readyz", JSON, False, 0),
    }


def batch(lab, client, path, count):
    """Of all reads: CPU seconds, pages scraped meanwhile, seconds in the run queue; of one: wall seconds, and bytes."""
    stats, before, begin = lab.stats(), lab.spent(), time.monotonic()
    for _ in range(count):
        size = client.drain(path)
    wall = time.monotonic() - begin
    # The subject may have a little to do after the last byte.
    time.sleep(0.005)
    spent = lab.spent() - before
    return spent.cpu, lab.stats()["pages"] - stats["pages"], spent.waited, wall / count, size


def at_once(lab, client, path, scrape_cpu):
    """CPU seconds a read when many requests come at once."""
    figures = []
    for _ in range(lab.plan.repeats):
        steps = client.pipeline(path, AT_ONCE)
        next(steps)
        stats, before = lab.stats(), lab.spent()
        next(steps)
        time.sleep(0.005)
        spent = (lab.spent() - before).cpu
        figures.append(max(spent - (lab.stats()["pages"] - stats["pages"]) * scrape_cpu, 0) / AT_ONCE)
        steps.close()
    return statistics.median(figures)


def measure_one(lab, target, scrape_cpu):
    path, accept, gzip, objects = target
    with lab.client(accept, gzip) as client:
        client.drain(path)
        begin = time.monotonic()
        client.drain(path)
        count = max(1, min(2000, int(BATCH_SECONDS / (time.monotonic() - begin))))
        batches = [batch(lab, client, path, count) for _ in range(lab.plan.repeats)]
        size, encoding = batches[0][4], client.encoding
        small = at_once(lab, client, path, scrape_cpu) if size < SMALL_BYTES else None
    # What scrapes cost meanwhile is not the reader's.
    cpu = statistics.median(max(spent - pages * scrape_cpu, 0) / count for spent, pages, _, _, _ in batches)
    return {"objects": objects, "reads": count * len(batches), "bytes": size, "encoding": encoding, "cpu_ms": cpu * 1e3,
            "wall_ms": statistics.median(b[3] for b in batches) * 1e3,
            "run_queue_ms": statistics.median(b[2] for b in batches) / count * 1e3,
            "cpu_us_per_object": cpu * 1e6 / objects if objects else None,
            "at_once_cpu_ms": small * 1e3 if small is not None else None}


def measure(lab, scrape_cpu):
    """`scrape_cpu`: seconds that a scrape costs the subject."""
    return {name: measure_one(lab, target, scrape_cpu) for name, target in targets(lab).items()}


def read_by_many(lab, count, seconds, client_of, read):
    """So many clients, each made by client_of(), read without pause. (What read(client) gave each time; CPU seconds;
    resident memory before, at most during, and after, and the first errors. An error ends its client's part.)"""
    before, _ = meters.memory_mib(lab.pid)
    meters.reset_peak(lab.pid)
    end = time.monotonic() + seconds
    answers, errors = [], []

    def work():
        try:
            with client_of() as client:
                while time.monotonic() < end:
                    answers.append(read(client))
        except (OSError, http.client.HTTPException, RuntimeError) as error:
            errors.append(repr(error))

    readers = [threading.Thread(target=work) for _ in range(count)]
    spent = lab.spent()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    spent = lab.spent() - spent
    after, peak = meters.memory_mib(lab.pid)
    return answers, spent.cpu, {"before_mib": before, "peak_mib": peak, "after_mib": after, "errors": errors[:3]}


def measure_memory(lab):
    """Resident memory before, at most during, and after many clients listed all pods."""
    answers, cpu, memory = read_by_many(lab, READERS, READ_SECONDS, lab.client,
                                        lambda client: client.drain(f"{METRICS}/pods"))
    return {**memory, "ratio": memory["peak_mib"] / memory["before_mib"], "lists": len(answers), "cpu_s": cpu}


def rows(result):
    return [(f"{name} ({one['objects']})" if one["objects"] > 1 else name,
             f"CPU {one['cpu_ms']:.3f} ms" + (f" ({one['at_once_cpu_ms']:.3f} of {AT_ONCE} at once)"
                                              if one["at_once_cpu_ms"] is not None else "")
             + f", wall {one['wall_ms']:.2f} ms, run queue {one['run_queue_ms']:.2f} ms, {one['bytes'] / 1e3:.1f} kB"
             + (f", {one['cpu_us_per_object']:.2f} us each" if one["objects"] > 1 else "")
             + (", NOT COMPRESSED" if "gzip" in name and one["encoding"] != "gzip" else ""))
            for name, one in result.items()]


def memory_rows(result):
    words = (f"{result['before_mib']:.1f} -> {result['peak_mib']:.1f} -> {result['after_mib']:.1f} MiB, "
             f"{result['ratio']:.2f} times, {result['lists']} lists")
    return [(f"memory, {READERS} read all pods", words + (f", {result['errors']}" if result["errors"] else ""))]
