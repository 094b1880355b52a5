# SPDX-License-Identifier: Apache-2.0
"""What engines hold, beside what was served: to the precision of history (docs/decisions/0021)."""
import contextlib
import math

from harness import wait_until
from past import TICK, counters, served_cpu, served_memory

# Memory to the page, CPU to a thousandth.
PAGE = 4096
MILLI = 1_000_000


def differences(served, arrived, is_same):
    """What of the two is not alike, in words; the first few."""
    found = []
    for key in sorted(served.keys() | arrived.keys()):
        mine, theirs = served.get(key, {}), arrived.get(key, {})
        for at in sorted(mine.keys() | theirs.keys()):
            if at not in theirs or at not in mine:
                found.append(f"{key} at {at}: served {mine.get(at)}, arrived {theirs.get(at)}")
            elif not is_same(theirs[at], mine[at]):
                found.append(f"{key} at {at}: served {mine[at]}, arrived {theirs[at]}")
    return found


def count(points):
    return sum(len(each) for each in points.values())


def prometheus_points(server, name, lab, ticks):
    """By container, without markers of ends."""
    points = {}
    for labels, samples in server.samples(name, lab.start, lab.start + ticks * TICK + 60).items():
        known = dict(labels)
        key = (known["namespace"], known["pod"], known["container"])
        if known["job"] != "topd" or known["instance"] != known["node"] or not known["image"]:
            raise RuntimeError(f"labels of {name}: {known}")
        mine = points.setdefault(key, {})
        for at, value in samples.items():
            if not math.isnan(value):
                if at // 1000 in mine:
                    raise RuntimeError(f"{key} stands twice at {at}")
                mine[at // 1000] = value
    return points


def check_metric(report, what, server, metric, lab, ticks, served, is_same):
    """Engines show what they took a moment later."""
    def wrong():
        return differences(served, prometheus_points(server, metric, lab, ticks), is_same)

    with contextlib.suppress(TimeoutError):
        wait_until(lambda: not wrong(), 20, what)
    found = wrong()
    report.check(f"{what}, {count(served)} points", count(served) > 0 and not found, found[:3])


def check_prometheus(report, name, server, lab, ticks, every):
    truth = lab.truth()
    check_metric(report, f"{name}: memory arrives to the page", server, "container_memory_working_set_bytes", lab,
                 ticks, served_memory(truth, every), lambda told, served: abs(told - served) < PAGE)
    check_metric(report, f"{name}: the counters of CPU are the integral of what was served", server,
                 "container_cpu_usage_seconds_total", lab, ticks, counters(truth, every),
                 lambda told, served: abs(told - served) <= served * 0.0011 + 0.01)


def check_ends(report, name, server, lab, every):
    """At each tick that was told, an engine that looks back five minutes shows those alone that were served then."""
    wrong = []
    for tick in lab.truth()[TICK:]:
        if tick["at"] % every == 0:
            shown = server.query("count(container_memory_working_set_bytes) or vector(0)", tick["at"])
            if int(shown[0]["value"][1]) != len(tick["containers"]):
                wrong.append(f"{tick['at']}: {shown[0]['value'][1]} of {len(tick['containers'])}")
    report.check(f"{name}: what has ended is not shown any more", not wrong, wrong[:5])


def check_influxdb(report, name, rows, lab, every):
    truth = lab.truth()
    for field, served, is_same in (
            ("working_set", served_memory(truth, every), lambda told, mine: abs(told - mine) < PAGE),
            # Millicores, whole ones.
            ("usage_rate", served_cpu(truth, every),
             lambda told, mine: abs(told * MILLI - mine) <= MILLI + mine * 0.0011)):
        arrived = {}
        for row in rows[field]:
            key = (row["namespace_name"], row["pod_name"], row["container_name"])
            arrived.setdefault(key, {})[row["time"]] = row["value"]
        wrong = differences(served, arrived, is_same)
        report.check(f"{name}: {field} of all {count(served)} points arrives", count(served) > 0 and not wrong,
                     wrong[:3])


def influx_rows(server, schema="b"):
    tags = "GROUP BY namespace_name, pod_name, container_name"
    if schema == "a":
        return {"working_set": server.select(
                    f"""SELECT value FROM "memory/working_set" WHERE "type" = 'pod_container' {tags}"""),
                "usage_rate": server.select(
                    f"""SELECT value FROM "cpu/usage_rate" WHERE "type" = 'pod_container' {tags}""")}
    return {"working_set": server.select(
                f"""SELECT working_set AS value FROM memory WHERE "type" = 'pod_container' {tags}"""),
            "usage_rate": server.select(
                f"""SELECT usage_rate AS value FROM cpu WHERE "type" = 'pod_container' {tags}""")}


def victoria_rows(server, lab, ticks):
    found = {}
    for field, name in (("working_set", "memory_working_set"), ("usage_rate", "cpu_usage_rate")):
        rows = []
        for labels, samples in server.samples(name, lab.start, lab.start + ticks * TICK + 60).items():
            known = dict(labels)
            if known["type"] == "pod_container":
                rows += [{**known, "time": at // 1000, "value": value} for at, value in samples.items()]
        found[field] = rows
    return found
