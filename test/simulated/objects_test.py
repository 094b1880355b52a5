#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--watch-objects on a simulated cluster: requests, limits, restarts and what nodes have, as Heapster's clients read
them, against the objects of the API server, added up here; from an API server that speaks protobuf and from one that
speaks JSON alone."""
import math
import sys
from fractions import Fraction

from graphs import Graphs
from harness import Cluster, check_clean_end, run, wait_until
from ports import free_port

NODES = 3
PODS = 20
SUFFIXES = {"m": Fraction(1, 1000), "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def amount(resource, quantity):
    """Millicores of CPU, all else in ones."""
    digits = quantity.rstrip("".join(set("".join(SUFFIXES))))
    factor = SUFFIXES.get(quantity[len(digits):], 1) if quantity != digits else 1
    return math.ceil(Fraction(digits) * factor * (1000 if resource == "cpu" else 1))


def containers(pod):
    """Those that run: plain ones and sidecars."""
    spec = pod["spec"]
    return spec["containers"] + [c for c in spec.get("initContainers", []) if c.get("restartPolicy") == "Always"]


def reserved(pods, kind, resource):
    """The sum of requests or limits."""
    return sum(amount(resource, container["resources"].get(kind, {}).get(resource, "0"))
               for pod in pods for container in containers(pod))


def key(pod):
    return pod["metadata"]["namespace"], pod["metadata"]["name"]


class Model:
    def __init__(self, graphs):
        self.graphs = graphs

    def points(self, route):
        return self.graphs.json("/api/v1/model" + route)["metrics"]

    def value(self, route):
        """Of a metric's only point; None: it has none."""
        points = self.points(route)
        if len(points) > 1:
            raise RuntimeError(f"{route}: {points}")
        return points[0]["value"] if points else None


def check_pods(report, model, pods):
    wrong = []
    for pod in pods:
        name_space, name = key(pod)
        root = f"/namespaces/{name_space}/pods/{name}"
        for kind, word in (("requests", "request"), ("limits", "limit")):
            for resource in ("cpu", "memory"):
                expected = reserved([pod], kind, resource)
                got = model.value(f"{root}/metrics/{resource}/{word}")
                if got != expected:
                    wrong.append((name, resource, word, got, expected))
        for container in containers(pod):
            expected = amount("cpu", container["resources"]["requests"]["cpu"])
            got = model.value(f"{root}/containers/{container['name']}/metrics/cpu/request")
            if got != expected:
                wrong.append((name, container["name"], got, expected))
        devices = reserved([pod], "requests", "nvidia.com/gpu")
        if model.value(f"{root}/metrics/nvidia.com/gpu/request") != (devices or None):
            wrong.append((name, "nvidia.com/gpu", devices))
    report.check("each pod and container has the requests and limits of its object", not wrong, wrong[:5])
    report.check("some have memory limits, devices and sidecars",
                 reserved(pods, "limits", "memory") and reserved(pods, "requests", "nvidia.com/gpu") and
                 any("initContainers" in pod["spec"] for pod in pods))


def check_sums(report, model, cluster, pods):
    wrong = []
    spaces = {pod["metadata"]["namespace"] for pod in pods}
    groups = [("", pods)]
    groups += [(f"/namespaces/{space}", [pod for pod in pods if pod["metadata"]["namespace"] == space])
               for space in spaces]
    nodes = cluster.ask("/api/v1/nodes")["items"]
    groups += [(f"/nodes/{node['metadata']['name']}",
                [pod for pod in pods if pod["spec"]["nodeName"] == node["metadata"]["name"]]) for node in nodes]
    for root, group in groups:
        for kind, word in (("requests", "request"), ("limits", "limit")):
            for resource in ("cpu", "memory"):
                expected = reserved(group, kind, resource)
                got = model.value(f"{root}/metrics/{resource}/{word}")
                if got != expected:
                    wrong.append((root, resource, word, got, expected))
    report.check("namespaces, nodes and the cluster have the sums of their pods", not wrong and len(groups) > 5,
                 wrong[:5] or groups)
    for node in nodes:
        root = f"/nodes/{node['metadata']['name']}/metrics"
        got = {word: {resource: model.value(f"{root}/{heapster}/node_{word}")
                      for resource, heapster in (("cpu", "cpu"), ("memory", "memory"),
                                                 ("ephemeral-storage", "ephemeral_storage"))}
               for word in ("capacity", "allocatable")}
        expected = {word: {resource: amount(resource, node["status"][word][resource]) for resource in got[word]}
                    for word in got}
        report.check(f"{root}: capacity and allocatable are the node's", got == expected, (got, expected))
        shares = [model.value(f"{root}/{resource}/node_{word}") for resource in ("cpu", "memory")
                  for word in ("utilization", "reservation")]
        report.check("shares of a node that is not full are 0", shares == [0, 0, 0, 0], shares)


def check_node_exporter(report, graphs, cluster):
    """--node-exporter-series: what a node has, and what of it is no working set."""
    def ask(query):
        return {each["metric"]["node"]: int(each["value"][1]) for each in graphs.query(query)}

    capacity = {node["metadata"]["name"]: amount("memory", node["status"]["capacity"]["memory"])
                for node in cluster.ask("/api/v1/nodes")["items"]}
    total = ask("node_memory_MemTotal_bytes")
    report.check("node_memory_MemTotal_bytes is the node's capacity", len(total) == NODES and total == capacity,
                 (total, capacity))
    left = ask("node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes - node_memory_working_set_bytes")
    report.check("what is not available is the working set", left == dict.fromkeys(capacity, 0), left)
    modes = ask("node_cpu_seconds_total")
    report.check("modes of CPUs are not made up", modes == {}, modes)


def shows_usage(model, cluster, pods):
    """Every node has usage in the newest minute, and the first pod has some."""
    name_space, name = key(pods[0])
    nodes = [node["metadata"]["name"] for node in cluster.ask("/api/v1/nodes")["items"]]
    return (model.points(f"/namespaces/{name_space}/pods/{name}/metrics/cpu/usage_rate") and
            all(model.value(f"/nodes/{node}/metrics/{resource}/node_utilization") is not None
                for node in nodes for resource in ("cpu", "memory")))


def check_times(report, model, pods):
    name_space, name = key(pods[0])
    root = f"/namespaces/{name_space}/pods/{name}/metrics"

    def newest(metric):
        return model.points(f"{root}/{metric}")[-1]["timestamp"]

    # A minute may end between two answers.
    report.attempt("a request stands at the newest minute of usage", lambda: wait_until(
        lambda: newest("cpu/request") == newest("cpu/usage_rate"), 20, "the same minute"))


def check_changes(report, model, cluster, pods):
    victim = max(pods, key=lambda pod: reserved([pod], "requests", "cpu"))
    name_space, name = key(victim)
    root = f"/namespaces/{name_space}/pods/{name}"
    container = containers(victim)[0]["name"]
    order = {"namespace": name_space, "pod": name}
    report.check("nothing was restarted yet", model.value(f"{root}/metrics/restart_count") == 0)
    cluster.ask("/sim/pods", {**order, "action": "restart", "container": container, "away_seconds": 0})
    report.attempt("a restart is counted", lambda: wait_until(
        lambda: model.value(f"{root}/containers/{container}/metrics/restart_count") == 1 and
        model.value(f"{root}/metrics/restart_count") == 1, 30, "the restart"))
    before = model.value("/metrics/cpu/request")
    cluster.ask("/sim/pods", {**order, "action": "delete"})
    left = before - reserved([victim], "requests", "cpu")
    report.attempt("a pod that is gone is not counted", lambda: wait_until(
        lambda: model.value("/metrics/cpu/request") == left, 90, f"a sum of {left}"))
    report.check("and has no request any more", model.value(f"{root}/metrics/cpu/request") is None)


def check(report, options):
    for flags in ((), ("--api-json-only",)):
        port = free_port()
        watch = ["--watch-objects", "--node-exporter-series", f"--graphs-address=127.0.0.1:{port}",
                 "--history-memory=16Mi"]
        with Cluster(options.topd, options.sim, nodes=NODES, pods=PODS, topd_flags=watch,
                     sim_flags=["--containers=1.6", *flags]) as cluster:
            graphs = Graphs(port)
            model = Model(graphs)
            report.attempt("figures come", cluster.wait_for_figures)
            pods = cluster.pods()
            report.attempt("requests come", lambda m=model, c=cluster, p=pods: wait_until(
                lambda: m.value("/metrics/cpu/request") and shows_usage(m, c, p), 150, "a whole minute of history"))
            report.group("pods", lambda m=model, p=pods: check_pods(report, m, p))
            report.group("sums", lambda m=model, c=cluster, p=pods: check_sums(report, m, c, p))
            report.group("node-exporter's names", lambda g=graphs, c=cluster: check_node_exporter(report, g, c))
            report.group("times", lambda m=model, p=pods: check_times(report, m, p))
            if not flags:
                report.group("changes", lambda m=model, c=cluster, p=pods: check_changes(report, m, c, p))
            said = '"API server answers in JSON"' in cluster.topd.log()
            report.check("the API server spoke as it was told to", said == bool(flags))
            check_clean_end(report, cluster)


if __name__ == "__main__":
    sys.exit(run(__doc__, check))
