# SPDX-License-Identifier: Apache-2.0
"""From a kubelet's answer to the very sample that it held in the API. The simulator tells when it gave which sample of
a node (the moment at which the text was made, so sending it is part of the figures); a sample is known by its time.

Lists of all nodes are polled for any subject. That is too coarse for topd, and would load it: where the next scrape of
a node can be told from the last, single nodes are asked for around that moment as well."""
import re
import time

from . import meters
from .client import METRICS

NODE = re.compile(rb'"name":"([^"]+)"[^{}]*(?:\{[^{}]*\}[^{}]*)?\},"timestamp":"([^"]+)"')
TIMESTAMP = re.compile(rb'"timestamp":"([^"]+)"')
# Lists: at most one in so many seconds.
POLL_SECONDS = 0.05
# Single nodes: so many of each group that falls due together, from a little before. One more doubles the time between
# two looks at a node, which is in the figure.
FOLLOWED = 1
AHEAD_SECONDS = 0.02
FOLLOW_SECONDS = 0.6
SLOW_SECONDS = 8


def seconds_of(timestamp):
    return int(time.mktime(time.strptime(timestamp.decode(), "%Y-%m-%dT%H:%M:%SZ")) - time.timezone)


def poll_lists(lab, seconds, looks):
    """{(node, second of the sample): when it was first seen, ns}"""
    seen, last = {}, {}
    end = time.monotonic() + seconds
    with lab.client() as client:
        while time.monotonic() < end:
            begin = time.monotonic()
            body = client.read(f"{METRICS}/nodes")
            now = time.time_ns()
            for name, timestamp in NODE.findall(body):
                if last.get(name) != timestamp:
                    last[name] = timestamp
                    seen.setdefault((name.decode(), seconds_of(timestamp)), now)
            # Reading must not become the subject's main work.
            time.sleep(max(POLL_SECONDS, 3 * (time.monotonic() - begin)))
            looks.append(time.monotonic() - begin)
    return seen


def next_group(due, after):
    """The first moment after that time at which nodes fall due, and some of them."""
    coming = sorted((at, name) for name, at in due.items() if at > after)
    if not coming:
        return None, []
    first = coming[0][0]
    return first, [name for at, name in coming[:FOLLOWED] if at < first + 0.05]


def follow(client, nodes, due, seen, looks):
    """Asks for each of the nodes until it shows a new sample; `looks` takes the seconds from one look to the next."""
    path = {name: f"{METRICS}/nodes/{name}" for name in nodes}
    shown = {name: TIMESTAMP.search(client.get(path[name])[1]) for name in nodes}
    pending = {name: shown[name][1] for name in nodes if shown[name]}
    while pending and time.time() < due + FOLLOW_SECONDS:
        begin = time.monotonic()
        for name, old in list(pending.items()):
            found = TIMESTAMP.search(client.get(path[name])[1])
            if found and found[1] != old:
                seen[name, seconds_of(found[1])] = time.time_ns()
                del pending[name]
        looks.append(time.monotonic() - begin)


def poll_single(lab, seconds, looks):
    seen = {}
    end = time.time() + seconds
    due, asked = {}, 0
    with lab.client() as client:
        client.read(f"{METRICS}/nodes")
        while time.time() < end:
            # What was due is done: each node comes again one resolution later.
            if time.time() > asked + lab.plan.resolution / 2:
                asked = time.time()
                for name, _, at in lab.given(time.time_ns() - int(1.2 * lab.plan.resolution * 1e9)):
                    due[name] = at / 1e9 + lab.plan.resolution
            at, nodes = next_group(due, time.time() + AHEAD_SECONDS)
            if at is None or at > end:
                break
            time.sleep(max(0, at - AHEAD_SECONDS - time.time()))
            follow(client, nodes, at, seen, looks)
            for name in nodes:
                due[name] = at + lab.plan.resolution
    return seen


def ages(given, seen, sick, begin_ns, end_ns):
    """Seconds from the first time that a sample was given to its being seen, and samples that never were. Only samples
    that were not there before the watching began, of nodes that are well."""
    first = {}
    for name, sample, at in given:
        first.setdefault((name, sample // 1000), at)
    counted = {key: at for key, at in first.items() if begin_ns <= at < end_ns and key[0] not in sick}
    return [(seen[key] - at) / 1e9 for key, at in counted.items() if key in seen], \
        sum(key not in seen for key in counted)


def watch(lab, poll, sick, seconds, counts_unseen):
    begin, before, looks = time.time_ns(), lab.spent(), []
    seen = poll(lab, seconds, looks)
    waited = (lab.spent() - before).waited
    # The last ones had no time to be seen.
    last = time.time_ns() - int(min(seconds / 3, lab.plan.resolution) * 1e9)
    found, unseen = ages(lab.given(begin - int(2.5 * lab.plan.resolution * 1e9)), seen, sick, begin, last)
    return {"samples": len(found), "unseen": unseen if counts_unseen else None, "p50_s": meters.percentile(found, 0.5),
            "p90_s": meters.percentile(found, 0.9), "p99_s": meters.percentile(found, 0.99),
            "max_s": max(found, default=None),
            "look_p50_s": meters.percentile(looks, 0.5), "run_queue_s": waited}


def measure(lab):
    names = [f"node-{i + 1:04}" for i in range(lab.plan.nodes)]
    sick = set(names[7::100])
    seconds = lab.plan.resolution * min(lab.plan.cycles, 3)
    result = {"nodes": lab.plan.nodes, "sick": len(sick)}
    for kind, fault in (("all well", None), ("1 % slow", {"kind": "slow", "delay_seconds": SLOW_SECONDS}),
                        ("1 % hanging", {"kind": "hang"})):
        struck = sick if fault else set()
        for name in struck:
            lab.ask("/sim/faults", {"node": name, **fault})
        if fault:
            time.sleep(lab.plan.resolution)
        result[kind] = {"by lists": watch(lab, poll_lists, struck, max(seconds, 2 * lab.plan.resolution), True)}
        if lab.is_topd:
            result[kind]["single"] = watch(lab, poll_single, struck, seconds, False)
        lab.ask("/sim/faults", {"node": "*", "kind": "none"})
    return result


def rows(result):
    lines = []
    for kind, found in result.items():
        if not isinstance(found, dict):
            continue
        for how, one in found.items():
            unseen = f", {one['unseen']} never seen" if one["unseen"] else ""
            figures = f"p50 {one['p50_s'] * 1e3:.1f} ms, p99 {one['p99_s'] * 1e3:.1f} ms of {one['samples']}" \
                if one["samples"] else "nothing seen"
            lines.append((f"fresh, {kind}, {how}", f"{figures}{unseen}, a look each {one['look_p50_s'] * 1e3:.1f} ms, "
                                                   f"run queue {one['run_queue_s'] * 1e3:.0f} ms"))
    return lines
