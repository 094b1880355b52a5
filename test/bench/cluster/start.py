# SPDX-License-Identifier: Apache-2.0
"""How soon after exec discovery, the first node and everything is served."""
import time

from .client import METRICS

LIMIT = 240


def measure(lab):
    """Starts the subject."""
    pods = lab.stats()["pods"]
    lab.start_subject()
    result = {}
    # A client that was kept waiting would connect late: each attempt is a connection of its own until one answers.
    for name, reached in (("discovery_s", lambda c: c.get(METRICS)[0] == 200),
                          ("first_node_s", lambda c: c.names("nodes") > 0),
                          ("all_nodes_s", lambda c: c.names("nodes") >= lab.plan.nodes),
                          ("all_pods_s", lambda c: c.names("pods") >= pods)):
        pause = 0.003 if name == "discovery_s" else 0.05 if name == "first_node_s" else 0.5
        result[name] = until(lab, reached, pause)
    return result


def until(lab, reached, pause):
    while time.monotonic() < lab.started + LIMIT:
        lab.require_running()
        with lab.client() as client:
            try:
                while not reached(client):
                    if time.monotonic() > lab.started + LIMIT:
                        break
                    time.sleep(pause)
                else:
                    return time.monotonic() - lab.started
            except OSError:
                time.sleep(pause)
    raise TimeoutError(f"{lab.name} did not get ready in {LIMIT} s: " + lab.process.log()[-2000:])


def rows(result):
    return [("start to discovery", f"{result['discovery_s']:.3f} s"), ("start to first node", f"{result['first_node_s']:.1f} s"),
            ("start to all nodes, pods", f"{result['all_nodes_s']:.1f}, {result['all_pods_s']:.1f} s")]
