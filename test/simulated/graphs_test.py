#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The port for graphs on a simulated cluster: what Kubernetes Dashboard and Heapster's clients ask, byte for byte as
they ask it, what a Prometheus scrapes, and that a crowd there keeps nobody from the metrics API."""
import socket
import sys

from graphs import Graphs, samples, untrue
from harness import Cluster, check_clean_end, run, wait_until
from ports import free_port
from truth import Truth

NODES = 3
PODS = 10


def points(items):
    return {point["timestamp"]: point["value"] for point in items}


def check_port(report, graphs):
    report.check("/healthz is well", graphs.get("/healthz")[0] == 200)
    status, _, body = graphs.get("/")
    report.check("the index says what is here", status == 200 and "/api/v1/model" in body, body)
    report.check("another path is not there", graphs.get("/apis/metrics.k8s.io")[0] == 404)
    report.check("nothing can be written", graphs.get("/healthz", method="POST")[0] == 405)
    status, headers, body = graphs.get("/healthz", {"Host": "evil.example"})
    report.check("a page of another name is refused on loopback", status == 403, f"{status} {body}")
    report.check("no other origin is let in", "access-control-allow-origin" not in {key.lower() for key in headers})
    report.check("HEAD has no body", graphs.get("/healthz", method="HEAD")[2] == "")


def check_dashboard(report, cluster, graphs):
    node = cluster.metrics("nodes")[0]["metadata"]["name"]
    series = wait_until(lambda: graphs.json(f"/api/v1/dashboard/nodes/{node}/metrics/cpu/usage_rate")["items"], 150,
                        "a whole minute of history")
    item = series[0]
    report.check("a node's series is named as Dashboard reads it",
                 item["metricName"] == "cpu" and item["uids"] == [node] and item["dataPoints"] == [], item)
    report.check("its points are whole minutes",
                 all(point["timestamp"].endswith(":00Z") for point in item["metricPoints"]), item)

    pods = [pod["metadata"] for pod in cluster.metrics("pods")]
    name_space = pods[0]["namespace"]
    names = [pod["name"] for pod in pods if pod["namespace"] == name_space]
    root = f"/api/v1/dashboard/namespaces/{name_space}/pod-list/{','.join([*names, 'nobody'])}/metrics"
    # On a busy machine some have their first figures a minute after the node has.
    memory = wait_until(lambda: found if len(found := graphs.json(f"{root}/memory/usage")["items"] or []) >= len(names)
                        else None, 90, "a whole minute of each pod")
    report.check("each pod of a list has its series, and an unknown one none",
                 sorted(item["uids"][0] for item in memory) == sorted(names), memory)

    model = graphs.json(f"/api/v1/model/namespaces/{name_space}/pod-list/{','.join([*names, 'nobody'])}"
                        "/metrics/memory/usage")["items"]
    report.check("the model API answers by place", len(model) == len(names) + 1 and model[-1]["metrics"] == [], model)
    total = points(graphs.json(f"/api/v1/model/namespaces/{name_space}/metrics/memory/usage")["metrics"])
    sums = {}
    for pod in model:
        for at, value in points(pod["metrics"]).items():
            sums[at] = sums.get(at, 0) + value
    shared = sorted(set(total) & set(sums))
    off = {at: (sums[at], total[at]) for at in shared if abs(sums[at] - total[at]) > 4096 * (2 * len(names) + 1)}
    report.check("a namespace is the sum of its pods, minute by minute", shared and not off, off or (total, sums))
    report.check("both APIs say the same", points(memory[0]["metricPoints"]) ==
                 points(model[names.index(memory[0]["uids"][0])]["metrics"]), (memory[0], model))
    return node, name_space


def check_model(report, cluster, graphs, node):
    report.check("the nodes are listed",
                 sorted(graphs.json("/api/v1/model/nodes/")) ==
                 sorted(node["metadata"]["name"] for node in cluster.metrics("nodes")))
    cluster_wide = graphs.json("/api/v1/model/metrics/cpu/usage_rate")
    report.check("the cluster has a curve", cluster_wide["metrics"], cluster_wide)
    empty = graphs.json(f"/api/v1/model/nodes/{node}/metrics/network/rx_rate")
    report.check("what is not measured is empty, and not missing",
                 empty == {"metrics": [], "latestTimestamp": "0001-01-01T00:00:00Z"}, empty)
    report.check("a bad time is refused", graphs.get(f"/api/v1/model/nodes/{node}/metrics/cpu/usage_rate?start=now")[0]
                 == 400)


def check_secure_port(report, cluster):
    status = cluster.probe("/graphs/api/v1/model/nodes/")
    report.check("the secure port shows them to nobody unknown", status and status[0] in (401, 403), status)


def check_exposition(report, cluster, graphs):
    """What a Prometheus scrapes is what the kubelets have shown: counters, bytes and times."""
    status, headers, page = graphs.get("/metrics/resource")
    # After the page, so that it is never behind.
    truth = Truth(cluster)
    report.check("the page is Prometheus' text", status == 200 and headers["Content-Type"] ==
                 "text/plain; version=0.0.4; charset=utf-8", (status, headers))
    found = samples(page)
    objections, seen = untrue(truth.samples, found)
    report.check("values and times are those that the kubelets showed", not objections, objections[:3])
    starts = {(s["namespace"], s["pod"], s["container"]): s["start_ns"] for s in cluster.ask("/sim/truth/all")}
    late = [(labels, value, at) for labels, value, at in found["container_start_time_seconds"]
            if at or abs(float(value) * 1e9 - starts[labels["namespace"], labels["pod"], labels["container"]]) > 1000]
    report.check("containers began when they did", found["container_start_time_seconds"] and not late, late[:3])
    places = {(pod["metadata"]["namespace"], pod["metadata"]["name"]): pod["spec"]["nodeName"]
              for pod in cluster.pods()}
    astray = [labels for labels, _, _ in found["container_cpu_usage_seconds_total"]
              if labels["node"] != places.get((labels["namespace"], labels["pod"]))]
    report.check("each line names the node of its pod", not astray, astray[:3])
    served = {(pod["metadata"]["namespace"], pod["metadata"]["name"], each["name"])
              for pod in cluster.metrics("pods") for each in pod["containers"]}
    served |= {node["metadata"]["name"] for node in cluster.metrics("nodes")}
    shown = {key for _, key in seen}
    report.check("all that is served is there, and nothing else", served and served == shown,
                 (sorted(map(str, served ^ shown))[:5], len(served), len(shown)))
    report.check("the secure port has no such page", cluster.probe("/metrics/resource")[0] in (401, 403, 404))


def check_crowd(report, cluster, graphs):
    crowd = []
    try:
        for _ in range(400):
            try:
                crowd.append(socket.create_connection(("127.0.0.1", graphs.port), timeout=5))
            except OSError:
                break
        report.check("a crowd on the port for graphs keeps nobody from the other",
                     len(crowd) > 100 and cluster.probe("/livez")[0] == 200, len(crowd))
        report.check("figures are served beside it", len(cluster.metrics("nodes")) == NODES)
    finally:
        for each in crowd:
            each.close()


def check(report, options):
    port = free_port()
    flags = [f"--graphs-address=127.0.0.1:{port}", "--history-memory=16Mi", "--graphs-exposition"]
    with Cluster(options.topd, options.sim, nodes=NODES, pods=PODS, topd_flags=flags) as cluster:
        graphs = Graphs(port)
        report.attempt("figures come", cluster.wait_for_figures)
        report.group("the port", lambda: check_port(report, graphs))
        report.group("the page for Prometheus", lambda: check_exposition(report, cluster, graphs))
        found = report.attempt("Dashboard's requests", lambda: check_dashboard(report, cluster, graphs))
        if found:
            report.group("the model API", lambda: check_model(report, cluster, graphs, found[0]))
        report.group("the secure port", lambda: check_secure_port(report, cluster))
        report.group("a crowd", lambda: check_crowd(report, cluster, graphs))
        check_clean_end(report, cluster)


if __name__ == "__main__":
    sys.exit(run(__doc__, check))
