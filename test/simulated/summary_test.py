#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--kubelet-summary on a simulated cluster: what kubelets tell on /stats/summary comes back through Heapster's model
API, figure by figure, and kubelets that refuse it or answer rubbish go on being scraped."""
import sys
import urllib.parse

from graphs import Graphs
from harness import Cluster, check_clean_end, run, wait_until
from own_metrics import parse, scrape, value
from ports import free_port

NODES = 4
PODS = 6
# What test/sim/kubelet/pages/summary.hpp says.
MIB = 1 << 20
EMPTY = {"metrics": [], "latestTimestamp": "0001-01-01T00:00:00Z"}


def families(cluster):
    return parse(scrape(cluster)[2].decode())


def summaries(cluster, result):
    return value(families(cluster), "topd_kubelet_summaries_total", result=result)


class Model:
    def __init__(self, graphs):
        self.graphs = graphs

    def values(self, path, resource=None):
        query = "?labels=" + urllib.parse.quote(f"resource_id:{resource}") if resource else ""
        return [point["value"] for point in self.graphs.json(f"/api/v1/model{path}{query}")["metrics"]]

    def expect(self, report, path, wanted, resource=None):
        """Once there are points, all of them are the same."""
        def there():
            return self.values(path, resource)

        found = report.attempt(f"{path} {resource or ''} comes", lambda: wait_until(there, 90, path))
        report.check(f"{path} {resource or ''} is {wanted}", found and set(found) == {wanted}, found)


def check_figures(report, cluster, model):
    node = cluster.metrics("nodes")[0]["metadata"]["name"]
    of_node = f"/nodes/{node}/metrics/"
    model.expect(report, of_node + "network/rx_rate", 1_000_000)
    model.expect(report, of_node + "network/tx_rate", 200_000)
    model.expect(report, of_node + "memory/rss", 24 * MIB)
    model.expect(report, of_node + "memory/page_faults_rate", 5)
    model.expect(report, of_node + "ephemeral_storage/usage", 10 << 30)
    model.expect(report, of_node + "filesystem/limit", 100 << 30, "/")
    uptime = model.values(of_node + "uptime")
    report.check("uptime is in milliseconds, at each tick",
                 len(uptime) > 1 and {b - a for a, b in zip(uptime, uptime[1:])} == {10_000}, uptime)

    pod = cluster.metrics("pods")[0]
    name_space, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
    containers = [container["name"] for container in pod["containers"]]
    of_pod = f"/namespaces/{name_space}/pods/{name}/metrics/"
    model.expect(report, of_pod + "network/rx_rate", 60_000)
    model.expect(report, of_pod + "network/tx_rate", 20_000)
    model.expect(report, of_pod + "ephemeral_storage/usage", 3 * MIB * len(containers))
    for metric, wanted in (("usage", 64 * MIB), ("limit", 1 << 30), ("available", (1 << 30) - 64 * MIB),
                           ("inodes_free", 60_000)):
        model.expect(report, of_pod + "filesystem/" + metric, wanted, "Volume:data")
    of_container = f"/namespaces/{name_space}/pods/{name}/containers/{containers[0]}/metrics/"
    model.expect(report, of_container + "memory/rss", 12 * MIB)
    model.expect(report, of_container + "filesystem/usage", 2 * MIB, "logs")
    model.expect(report, of_container + "filesystem/limit", 100 << 30, "/")
    report.check("what has labels is not there without", model.values(of_pod + "filesystem/usage") == [])
    report.check("memory/usage is the working set still",
                 12 * MIB not in model.values(of_container + "memory/usage"))

    free = f"/nodes/{node}/freecontainers"
    report.check("the system's containers are listed", model.graphs.json("/api/v1/model" + free) == ["kubelet"])
    model.expect(report, free + "/kubelet/metrics/cpu/usage_rate", 100)
    listed = model.graphs.json(f"/api/v1/model{of_pod}")
    report.check("the metrics are listed", {"network/rx_rate", "memory/rss", "uptime"} <= set(listed), listed)
    both = model.graphs.json(f"/api/v1/model/namespaces/{name_space}/pod-list/nobody,{name}/metrics/network/rx_rate")
    report.check("a pod-list has them by place",
                 both["items"][0] == EMPTY and {p["value"] for p in both["items"][1]["metrics"]} == {60_000}, both)


def check_refusals(report, cluster):
    names = sorted(node["metadata"]["name"] for node in cluster.metrics("nodes"))
    faults = [{"kind": "404"}, {"kind": "status", "status": 403}, {"kind": "garbage"}, {"kind": "hang"}]
    for name, fault in zip(names, faults):
        cluster.ask("/sim/faults", {"node": name, "page": "summary", **fault})
    before = families(cluster)
    for result in ("unsupported", "http_status", "malformed", "timeout"):
        report.attempt(f"{result} is counted",
                       lambda result=result: wait_until(lambda: summaries(cluster, result) >= 1, 60, result))
    stamps = {node["metadata"]["name"]: node["timestamp"] for node in cluster.metrics("nodes")}

    def moved():
        now = {node["metadata"]["name"]: node["timestamp"] for node in cluster.metrics("nodes")}
        return all(now.get(name, "") > stamps[name] for name in names)

    report.attempt("every node has new figures", lambda: wait_until(moved, 90, "new figures of every node"))
    after = families(cluster)

    def same(name, **labels):
        return value(before, name, **labels) == value(after, name, **labels)

    report.check("no scrape failed", same("metrics_server_kubelet_request_total", success="false"))
    report.check("no scrape was left out", same("topd_kubelet_scrapes_skipped_total"))
    log = cluster.topd.log()
    report.check("the log says what to do about a 403", "nodes/stats (deploy/summary)" in log)
    cluster.ask("/sim/faults", {"node": "*", "page": "summary", "kind": "none"})


def check(report, options):
    port = free_port()
    flags = [f"--graphs-address=127.0.0.1:{port}", "--history-memory=16Mi", "--kubelet-summary",
             "--kubelet-summary-interval=10s"]
    with Cluster(options.topd, options.sim, nodes=NODES, pods=PODS, topd_flags=flags) as cluster:
        report.attempt("figures come", cluster.wait_for_figures)
        report.group("figures", lambda: check_figures(report, cluster, Model(Graphs(port))))
        found = families(cluster)
        report.check("memory is a quarter", value(found, "topd_summary_history_memory_bytes") == 4 * MIB and
                     value(found, "topd_history_memory_bytes") == 12 * MIB)
        report.check("things are counted", value(found, "topd_summary_history_things") > NODES * PODS)
        report.group("refusals", lambda: check_refusals(report, cluster))
        check_clean_end(report, cluster)


if __name__ == "__main__":
    sys.exit(run(__doc__, check))
