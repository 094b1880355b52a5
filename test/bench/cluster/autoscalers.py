# SPDX-License-Identifier: Apache-2.0
"""Autoscalers of the simulator's annotated pods: each asks for the same metrics of its Deployment's pods once an
interval."""
import contextlib
import multiprocessing
import time

API = "/apis/custom.metrics.k8s.io/v1beta2"


def targets(lab):
    """{(namespace, app): its annotated pods}"""
    found = {}
    for name_space in lab.ask("/api/v1/namespaces")["items"]:
        for pod in lab.ask(f"/api/v1/namespaces/{name_space['metadata']['name']}/pods")["items"]:
            meta = pod["metadata"]
            if "prometheus.io/scrape" in meta["annotations"]:
                key = (meta["namespace"], meta["labels"]["app"])
                found[key] = found.get(key, 0) + 1
    return found


def ask(lab, paths, interval, stop, counts):
    """Evenly over the interval. `counts`: rounds, figures in the last one, microseconds of its slowest answer."""
    with lab.client() as client:
        while not stop.is_set():
            begin, figures, slowest = time.monotonic(), 0, 0
            for i, path in enumerate(paths):
                if stop.wait(max(0, begin + i * interval / len(paths) - time.monotonic())):
                    return
                asked = time.monotonic()
                _, body = client.get(path)
                slowest = max(slowest, time.monotonic() - asked)
                figures += body.count(b'"describedObject"')
            counts[1], counts[2] = figures, int(slowest * 1e6)
            counts[0] += 1
            stop.wait(max(0, begin + interval - time.monotonic()))


@contextlib.contextmanager
def running(lab, apps, metrics):
    """Yields counts as ask() has them."""
    paths = [f"{API}/namespaces/{name_space}/pods/*/{metric}?labelSelector=app%3D{app}"
             for name_space, app in apps for metric in metrics]
    stop, counts = multiprocessing.Event(), multiprocessing.RawArray("Q", 3)
    process = multiprocessing.Process(target=ask, args=(lab, paths, lab.plan.resolution, stop, counts), daemon=True)
    process.start()
    try:
        yield counts
    finally:
        stop.set()
        process.join(10)
        process.kill()
