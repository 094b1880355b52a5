# SPDX-License-Identifier: Apache-2.0
"""How soon after exec discovery answers, readyz is ok and everything is served, and what is served meanwhile."""
import time

from .client import METRICS

LIMIT = 240
PAUSE = 0.1
# Lists cost the subject something: they take no more than one part in so many of the time.
LISTS_SHARE = 10


def measure(lab):
    """Starts the subject."""
    wanted = {"nodes": lab.plan.nodes, "pods": lab.stats()["pods"]}
    lab.start_subject()
    result = {"discovery_s": until(lab, lambda client: client.get(METRICS)[0] == 200)}
    seen, timeline, next_lists = {"nodes": 0, "pods": 0}, [], 0
    with lab.client() as client:
        while "ready_s" not in result or "all_pods_s" not in result:
            lab.require_running()
            begin = time.monotonic()
            if begin > lab.started + LIMIT:
                raise TimeoutError(f"{lab.name} did not get ready in {LIMIT} s: " + lab.process.log()[-2000:])
            became_ready = "ready_s" not in result and client.get("/readyz")[0] == 200
            if became_ready:
                result["ready_s"] = begin - lab.started
            if became_ready or begin >= next_lists:
                look(client, seen, wanted)
                next_lists = time.monotonic() + (LISTS_SHARE - 1) * (time.monotonic() - begin)
                timeline.append([round(begin - lab.started, 2), "ready_s" in result, seen["nodes"], seen["pods"]])
            if became_ready:
                result["pods_when_ready"] = seen["pods"] / wanted["pods"]
            now = time.monotonic() - lab.started
            if seen["nodes"] > 0:
                result.setdefault("first_node_s", now)
            for what in wanted:
                if seen[what] >= wanted[what]:
                    result.setdefault(f"all_{what}_s", now)
            time.sleep(PAUSE)
    spent = lab.spent()
    return {**result, "cpu_s": spent.cpu, "pages": lab.stats()["pages"], "timeline": timeline}


def look(client, seen, wanted):
    """What is complete stays so; pods come with their nodes."""
    if seen["nodes"] < wanted["nodes"]:
        seen["nodes"] = client.names("nodes")
    if seen["nodes"] > 0:
        seen["pods"] = client.names("pods")


def until(lab, reached):
    """A client that was kept waiting would connect late: each attempt is a connection of its own until one answers."""
    while time.monotonic() < lab.started + LIMIT:
        lab.require_running()
        with lab.client() as client:
            try:
                if reached(client):
                    return time.monotonic() - lab.started
            except OSError:
                pass
        time.sleep(0.003)
    raise TimeoutError(f"{lab.name} did not answer in {LIMIT} s: " + lab.process.log()[-2000:])


def rows(result):
    return [("start to discovery", f"{result['discovery_s']:.3f} s"),
            ("start to first node", f"{result['first_node_s']:.1f} s"),
            ("start to readyz", f"{result['ready_s']:.1f} s, with {result['pods_when_ready'] * 100:.1f} % of the pods"),
            ("start to all nodes, pods", f"{result['all_nodes_s']:.1f}, {result['all_pods_s']:.1f} s, "
                                         f"{result['cpu_s']:.2f} s of CPU until then")]
