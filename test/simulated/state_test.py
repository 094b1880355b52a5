#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--state-file on a simulated cluster: figures, history and what kubelets told over a restart, after kill -9 at random
moments while it is written, and from a file that is damaged."""
import os
import random
import signal
import sys
import time

from graphs import Graphs
from harness import Cluster, Process, check_clean_end, run, wait_until
from ports import free_port

NODES = 3
PODS = 10
KILLS = 12
# What test/sim/kubelet/pages/summary.hpp says.
POD_RX = 60_000


def start_again(cluster, log):
    """topd with the same command line; the moment of its start."""
    begin = time.time()
    cluster.topd = Process(cluster.topd.child.args, cluster.path(log))
    cluster.processes.append(cluster.topd)
    wait_until(cluster._listens, 60, "topd to listen", 0.02)
    return begin


def seconds(timestamp):
    return time.mktime(time.strptime(timestamp, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone


def newest(metrics):
    return max(seconds(item["timestamp"].split(".")[0].rstrip("Z") + "Z") for item in metrics)


def points(graphs, node):
    return graphs.json(f"/api/v1/model/nodes/{node}/metrics/memory/usage")["metrics"]


def received(graphs, name_space, pod):
    """Bytes over the pod's interfaces, as the query API has it: time and counter."""
    found = graphs.query(f'container_network_receive_bytes_total{{namespace="{name_space}",pod="{pod}"}}[1h]')
    return [(float(at), float(value)) for at, value in found[0]["values"]] if found else []


def is_of_the_end(state):
    """Counters of sinks go on from such a file, and begin anew from others."""
    with open(state, "rb") as file:
        return b'"ending":true' in file.read()


class Network:
    """A pod's curve, and what it was before topd ended."""

    def __init__(self, cluster, graphs):
        pod = cluster.metrics("pods")[0]["metadata"]
        self.graphs, self.pod = graphs, (pod["namespace"], pod["name"])
        self.before = wait_until(lambda: self.points(4), 90, "four points of a pod's network")

    def points(self, least=0):
        points = received(self.graphs, *self.pod)
        return points if len(points) >= least else None

    def has_what_was(self):
        return self.points()[:len(self.before)] == self.before

    def check_gap(self, report):
        """The counter is the kubelet's own: what came meanwhile is in it, and it has not begun anew."""
        more = report.attempt("it goes on", lambda: wait_until(lambda: self.points(len(self.before) + 2), 60,
                                                               "points after the restart"))
        if not more:
            return
        (at, value), *later = more[len(self.before) - 1:]
        report.check("by what the pod received meanwhile, without a spike",
                     all(abs((then - value) / (when - at) - POD_RX) < POD_RX * 0.01 for when, then in later), more)


def check_restart(report, cluster, graphs, state):
    node = cluster.metrics("nodes")[0]["metadata"]["name"]
    before = wait_until(lambda: points(graphs, node), 150, "a whole minute of history")
    network = Network(cluster, graphs)
    report.check("topd ends with status 0", cluster.topd.stop() == 0, cluster.topd.log()[-500:])
    report.check("the state is on the disk", os.path.getsize(state) > 1000 and not os.path.exists(state + ".bad"))
    report.check("and says that it is of the very end", is_of_the_end(state))
    begin = start_again(cluster, "again.log")
    took = report.attempt("all figures are there again", lambda: cluster.wait_for_figures(20, 0.05))
    figures = cluster.metrics("nodes")
    report.check("with the times of their samples", took is not None and newest(figures) < begin + (took or 0) + 15,
                 (begin, newest(figures)))
    print(f"      {took or 0:.1f} s after topd listened")
    report.attempt("the file is not of the very end any more once a sink goes on",
                   lambda: wait_until(lambda: not is_of_the_end(state), 30, "the file to be written"))
    after = points(graphs, node)
    report.check("and the history before", after[:len(before)] == before, (before, after))
    report.check("and the curve of the network", network.has_what_was(), (network.before, network.points()))
    network.check_gap(report)
    return node, network


def check_kills(report, cluster, graphs, node, network, state):
    """The file is written at the end, and every while: SIGTERM begins the one, SIGKILL comes somewhere in it."""
    before = points(graphs, node)
    bad = []
    for _ in range(KILLS):
        cluster.topd.child.send_signal(signal.SIGTERM)
        time.sleep(random.uniform(0, 0.4))  # noqa: S311
        cluster.topd.child.kill()
        cluster.topd.child.wait()
        start_again(cluster, "killed.log")
        cluster.wait_for_figures(60)
        drawn = points(graphs, node)[:len(before)] == before and network.has_what_was()
        if os.path.exists(state + ".bad") or not drawn:
            bad.append(cluster.topd.log()[-500:])
    report.check(f"{KILLS} kills while it ends cost nothing that was written before", not bad, bad[:1])


def check_damage(report, cluster, graphs, node, state):
    cluster.topd.stop()
    with open(state, "r+b") as file:
        size = os.path.getsize(state)
        file.seek(size // 2)
        byte = file.read(1)
        file.seek(size // 2)
        file.write(bytes([byte[0] ^ 0xFF]))
    start_again(cluster, "damaged.log")
    report.attempt("a damaged file is named",
                   lambda: wait_until(lambda: state in cluster.topd.log() and os.path.exists(state + ".bad"), 30,
                                      "the log to name the file"))
    report.attempt("and figures come", cluster.wait_for_figures)


def check(report, options):
    port = free_port()
    with Cluster(options.topd, options.sim, nodes=NODES, pods=PODS) as cluster:
        state = cluster.path("topd.state")
        report.check("topd without a state file ends", cluster.topd.stop() == 0)
        cluster.topd.child.args += [f"--graphs-address=127.0.0.1:{port}", "--history-memory=16Mi",
                                    "--kubelet-summary", "--kubelet-summary-interval=10s", f"--state-file={state}",
                                    "--sink=stdout:?interval=10s"]
        start_again(cluster, "first.log")
        graphs = Graphs(port)
        report.attempt("figures come", cluster.wait_for_figures)
        known = report.attempt("a restart", lambda: check_restart(report, cluster, graphs, state))
        if known:
            node, network = known
            report.group("kills", lambda: check_kills(report, cluster, graphs, node, network, state))
            report.group("damage", lambda: check_damage(report, cluster, graphs, node, state))
        check_clean_end(report, cluster)


if __name__ == "__main__":
    sys.exit(run(__doc__, check))
