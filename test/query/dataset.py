# SPDX-License-Identifier: Apache-2.0
"""Two hours of a small cluster, a tick of 15 s: counters that fall, pods that end or are late, gaps, both tiers."""

import math
import random

TICK = 15_000
TICKS = 480
# A whole number of all steps that are asked with.
START = 1_700_000_100_000
END = START + TICKS * TICK


class Series:
    def __init__(self, name, labels, points):
        self.labels = {"__name__": name, **labels}
        # {Unix milliseconds: value, None for the mark of an end}
        self.points = points

    @property
    def name(self):
        return self.labels["__name__"]


def ticks(first=0, past=TICKS, without=(), every=1):
    return [tick for tick in range(first, past, every) if not any(a <= tick < b for a, b in without)]


def at(tick):
    return START + tick * TICK


def counter(dice, when, falls=(), age=None):
    """`age`: how many seconds of use it begins with."""
    slope = dice.uniform(0.02, 2)
    value = dice.uniform(500, 5000) if age is None else age * slope
    points, last = {}, when[0]
    for tick in when:
        value += (tick - last) * TICK / 1000 * slope * dice.uniform(0.3, 1.7)
        if any(last < fall <= tick for fall in falls):
            value = dice.uniform(0, 3)
        points[at(tick)] = value
        last = tick
    return points


def gauge(dice, when, unit=4096):
    base = dice.randrange(2_000, 200_000)
    period = dice.uniform(20, 90)
    return {
        at(tick): float(unit * int(base * (1 + 0.3 * math.sin(tick / period) + dice.uniform(-0.05, 0.05))))
        for tick in when
    }


def ended(points, tick, marked):
    points = {time: value for time, value in points.items() if time < at(tick)}
    if marked:
        points[at(tick)] = None
    return points


def containers():
    """(namespace, pod, container, node, kind)"""
    for namespace, apps in (("shop", ("web", "cart")), ("data", ("db", "job"))):
        for app in apps:
            for number in range(3):
                node = f"node-{(number + len(app)) % 3}"
                kind = {
                    ("web", 1): "restarts",
                    ("cart", 2): "late",
                    ("db", 2): "gaps",
                    ("job", 0): "ends",
                    ("job", 1): "ends quietly",
                }.get((app, number), "steady")
                for container in ("main", "sidecar")[: 1 + (number != 1)]:
                    yield namespace, f"{app}-7d9c6b5f4{number}-x{number}abc", container, node, kind


def points_of(dice, kind, make):
    when = ticks()
    if kind == "late":
        when = ticks(first=200)
    if kind == "gaps":
        when = ticks(without=((100, 110), (200, 230), (300, 302)))
    points = make(dice, when, (90, 250, 251) if kind == "restarts" else ())
    if kind == "ends":
        points = ended(points, 260, marked=True)
    if kind == "ends quietly":
        points = ended(points, 320, marked=False)
    return points


def counted(dice, when, falls):
    # What is late begins near zero, as a container does.
    return counter(dice, when, falls, age=dice.choice((0.01, 3)) if when[0] > 0 else None)


def counted_from(age):
    return lambda dice, when, falls: counter(dice, when, falls, age=age if when[0] > 0 else None)


def measured(dice, when, _):
    return gauge(dice, when)


def of_nodes(dice):
    for node in ("node-0", "node-1", "node-2"):
        own = {"node": node, "instance": node, "job": "topd"}
        yield Series("up", own, {at(tick): float(node != "node-2" or not 150 <= tick < 170) for tick in ticks()})
        yield Series("node_cpu_usage_seconds_total", own, counter(dice, ticks()))
        yield Series("node_memory_working_set_bytes", own, gauge(dice, ticks()))
        for part in ("MemTotal", "MemFree", "Buffers", "Cached"):
            yield Series(f"node_memory_{part}_bytes", own, gauge(dice, ticks()))
        for mode in ("user", "system", "idle"):
            yield Series("node_cpu_seconds_total", {**own, "mode": mode, "cpu": "0"}, counter(dice, ticks()))
        for resource, value in (("cpu", 4.0), ("memory", 2.0**34), ("pods", 110.0)):
            for kind in ("capacity", "allocatable"):
                yield Series(
                    f"kube_node_status_{kind}",
                    {**own, "resource": resource},
                    {at(tick): value * (1 + int(node[-1])) for tick in ticks()},
                )


def of_containers(dice):
    seen = set()
    for namespace, pod, container, node, kind in containers():
        of_pod = {"namespace": namespace, "pod": pod, "node": node, "instance": node, "job": "topd"}
        own = {**of_pod, "container": container, "image": f"registry/{container}:1"}
        yield Series("container_cpu_usage_seconds_total", own, points_of(dice, kind, counted))
        yield Series("container_memory_working_set_bytes", own, points_of(dice, kind, measured))
        yield Series("container_memory_usage_bytes", own, points_of(dice, kind, measured))
        for what, resource, value in (("requests", "cpu", 0.25), ("limits", "memory", 2.0**28)):
            yield Series(
                f"kube_pod_container_resource_{what}",
                {**own, "resource": resource},
                {time: value * dice.choice((1, 2, 3)) for time in points_of(dice, kind, measured)},
            )
        if pod in seen:
            continue
        seen.add(pod)
        yield Series("pod_cpu_usage_seconds_total", of_pod, points_of(dice, kind, counted))
        yield Series(
            "container_network_receive_bytes_total",
            {**of_pod, "interface": "eth0"},
            # Between half a tick and 1.1 ticks: see zero_bound_matters().
            points_of(dice, kind, counted_from(12)),
        )
        # A mark where others have one, else a constant.
        yield Series(
            "kube_pod_info",
            {**of_pod, "pod_ip": f"10.0.0.{len(seen)}", "host_ip": "10.1.0.1"},
            {time: value and 1.0 for time, value in points_of(dice, kind, measured).items()},
        )
        if pod.startswith("db"):
            yield Series(
                "kubelet_volume_stats_used_bytes", {**own, "persistentvolumeclaim": f"{pod}-data"}, gauge(dice, ticks())
            )
        if pod.startswith("web"):
            yield Series("long_cpu_usage_seconds_total", of_pod, counter(dice, ticks(every=20)))


def make(seed):
    dice = random.Random(seed)
    return [*of_nodes(dice), *of_containers(dice)]


def by_tick(series):
    """[(labels, time, value), ...] for each tick."""
    for tick in range(TICKS):
        samples = [(each.labels, at(tick), each.points[at(tick)]) for each in series if at(tick) in each.points]
        if samples:
            yield samples


def zero_bound_matters(series, time, length):
    """Whether Prometheus before 2.51 carries rate() of this window back differently: there the bound by zero came
    before the limit of 1.1 distances. That is for a counter that begins inside the window."""
    window = [
        (when, value)
        for when, value in sorted(series.points.items())
        if time - length < when <= time and value is not None
    ]
    if len(window) < 2:
        return False
    values = [value for _, value in window]
    gained = values[-1] - values[0] + sum(a for a, b in zip(values, values[1:]) if b < a)
    interval = window[-1][0] - window[0][0]
    mean = interval / (len(window) - 1)
    to_start = window[0][0] - (time - length)
    if gained <= 0 or values[0] < 0 or to_start < 1.1 * mean:
        return False
    to_zero = interval * values[0] / gained
    return mean / 2 < to_zero < 1.1 * mean
