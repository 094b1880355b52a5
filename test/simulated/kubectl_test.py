#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The real kubectl on the simulated cluster: what it prints agrees with what the simulator burned."""
import collections
import json
import os
import subprocess
import sys

from harness import Cluster, check_clean_end, run
from truth import Truth


class Kubectl:
    def __init__(self, binary, cluster):
        self.binary = binary
        self.env = {**os.environ, "KUBECONFIG": cluster.kubeconfig, "HOME": cluster.path("")}

    def run(self, *args):
        return subprocess.run([self.binary, *args], env=self.env, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60, check=False)

    def rows(self, *args):
        """The table's lines without its head, split."""
        done = self.run(*args)
        if done.returncode != 0:
            raise RuntimeError(f"kubectl {' '.join(args)}: {done.stderr.strip()}")
        return [line.split() for line in done.stdout.splitlines()[1:]]

    def version(self):
        text = self.run("version", "--client").stdout
        return text.split("GitVersion:")[-1].split(",")[0].strip('"') if "GitVersion" in text else \
            text.splitlines()[0].split()[-1]


def milli(cell):
    assert cell.endswith("m"), cell
    return int(cell[:-1])


def mebi(cell):
    assert cell.endswith("Mi"), cell
    return int(cell[:-2])


def objections_to_table(kubectl, cluster, args, key_of, columns):
    """Runs `kubectl top ...` and compares each line. The truth is read after it, so that it is never behind."""
    rows = kubectl.rows(*args)
    truth = Truth(cluster)
    bad = [truth.table_objection(key_of(row), milli(row[columns[0]]), mebi(row[columns[1]])) for row in rows]
    return rows, [b for b in bad if b]


def check_tables(report, kubectl, cluster, name):
    rows, bad = objections_to_table(kubectl, cluster, ["top", "node"], lambda r: r[0], (1, 3))
    report.check(f"{name}: top node shows every node truly", len(rows) == cluster.sizes[0] and not bad, bad[:3] or rows)

    rows, bad = objections_to_table(kubectl, cluster, ["top", "pod", "-A", "--containers"], lambda r: tuple(r[:3]),
                                    (3, 4))
    containers = sum(len(pod["spec"]["containers"]) + len(pod["spec"].get("initContainers", []))
                     for pod in cluster.pods())
    report.check(f"{name}: top pod -A --containers shows every container truly",
                 len(rows) == containers and not bad, bad[:3] or f"{len(rows)} rows of {containers}")
    report.check(f"{name}: top pod -A is sorted by namespace and name",
                 [r[:2] for r in rows] == sorted(r[:2] for r in rows),
                 rows[:5])


def check_sorting(report, kubectl, name):
    for key, cell in (("cpu", lambda r: milli(r[2])), ("memory", lambda r: mebi(r[3]))):
        cells = [cell(row) for row in kubectl.rows("top", "pod", "-A", f"--sort-by={key}")]
        report.check(f"{name}: --sort-by={key} goes down", cells and cells == sorted(cells, reverse=True), cells[:8])


def check_selection(report, kubectl, cluster, name):
    pods = cluster.pods()
    spaces = collections.Counter(pod["metadata"]["namespace"] for pod in pods)
    space = spaces.most_common(1)[0][0]
    here = [pod for pod in pods if pod["metadata"]["namespace"] == space]
    label, value = next(iter(here[0]["metadata"]["labels"].items()))
    for selector, chosen in ((f"{label}={value}", lambda v: v == value), (f"{label}!={value}", lambda v: v != value),
                             (f"{label} in ({value},other)", lambda v: v in (value, "other")),
                             (label, lambda v: v is not None), (f"!{label}", lambda v: v is None)):
        expected = sorted(p["metadata"]["name"] for p in here if chosen(p["metadata"].get("labels", {}).get(label)))
        if not expected:
            continue
        shown = [row[0] for row in kubectl.rows("top", "pod", "-n", space, "-l", selector)]
        report.check(f"{name}: top pod -l '{selector}'", shown == expected, f"{shown} instead of {expected}")
    pod = here[0]["metadata"]["name"]
    shown = [row[0] for row in kubectl.rows("top", "pod", pod, "-n", space)]
    report.check(f"{name}: top pod NAME", shown == [pod], shown)
    node = cluster.ask("/api/v1/nodes")["items"][0]["metadata"]["name"]
    shown = [row[0] for row in kubectl.rows("top", "node", node)]
    report.check(f"{name}: top node NAME", shown == [node], shown)
    shown = [row[0] for row in kubectl.rows("top", "node", "-l", f"kubernetes.io/hostname={node}")]
    report.check(f"{name}: top node -l", shown == [node], shown)


def check_not_found(report, kubectl, name):
    for args, expected in (
            (["top", "node", "nope"], 'Error from server (NotFound): node "nope" not found'),
            (["top", "pod", "nope"], 'Error from server (NotFound): pods "nope" not found')):
        done = kubectl.run(*args)
        report.check(f"{name}: {' '.join(args)} is not found", done.stderr.strip() == expected and done.returncode == 1,
                     done.stderr)
    done = kubectl.run("top", "pod", "-n", "empty-namespace")
    report.check(f"{name}: an empty namespace has no resources", "No resources found" in done.stderr, done.stderr)


def check_objects(report, cluster):
    """Every object of both versions, with its own timestamp and window."""
    for version in ("v1", "v1beta1"):
        nodes, pods = cluster.metrics("nodes", version), cluster.metrics("pods", version)
        truth = Truth(cluster)
        bad = [truth.objection(n["metadata"]["name"], n["usage"], n["timestamp"], n["window"]) for n in nodes]
        report.check(f"{version}: every NodeMetrics is true, its window too",
                     len(nodes) == cluster.sizes[0] and not any(bad),
                     [b for b in bad if b][:3])
        bad, owners = [], 0
        for pod in pods:
            space, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
            keys = [(space, name, c["name"]) for c in pod["containers"]]
            bad += [truth.objection(k, c["usage"]) for k, c in zip(keys, pod["containers"])]
            # A pod's time and window are those of one of its containers.
            owners += any(truth.objection(k, c["usage"], pod["timestamp"], pod["window"]) is None
                          for k, c in zip(keys, pod["containers"]))
        report.check(f"{version}: every container is true", not any(bad), [b for b in bad if b][:3])
        report.check(f"{version}: every pod's window is that of a container", owners == len(pods),
                     f"{owners} of {len(pods)}")
        expected = sorted((p["metadata"]["namespace"], p["metadata"]["name"]) for p in cluster.pods())
        shown = [(p["metadata"]["namespace"], p["metadata"]["name"]) for p in pods]
        report.check(f"{version}: PodMetrics are all running pods in order", shown == expected,
                     (shown[:3], expected[:3]))


def objections_to_cells(kubectl, cluster, args, columns):
    """Runs `kubectl get <metrics>` and compares its columns and rows with what the API has as objects."""
    done = kubectl.run("get", *args)
    if done.returncode != 0:
        return [done.stderr.strip()]
    head, *rows = [line.split() for line in done.stdout.splitlines()]
    bad = [] if head == columns else [f"{head} instead of {columns}"]
    truth = Truth(cluster)
    for row in rows:
        cells = dict(zip(columns, row))
        if len(row) != len(columns):
            bad.append(f"{row} does not fit {columns}")
        elif "NAMESPACE" not in columns:
            usage = {"cpu": cells["CPU"], "memory": cells["MEMORY"]}
            bad.append(truth.objection(cells["NAME"], usage))
    return [b for b in bad if b]


def keys(objects):
    return [[v for v in (o["metadata"].get("namespace"), o["metadata"]["name"]) if v] for o in objects]


def check_get(report, kubectl, cluster, name):
    nodes, pods = keys(cluster.metrics("nodes")), keys(cluster.metrics("pods"))
    names = [node[0] for node in nodes]
    done = kubectl.run("get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes")
    report.check(f"{name}: get --raw", done.returncode == 0 and done.stdout.startswith('{"kind":"NodeMetricsList"'),
                 done.stderr or done.stdout[:200])
    swap = ["SWAP"] if "swap" in cluster.metrics("nodes")[0]["usage"] else []
    columns = ["NAME", "CPU", "MEMORY", *swap, "WINDOW"]
    for args in (["nodemetrics"], ["nodemetrics", "-o", "wide"], ["nodes.metrics.k8s.io", "--chunk-size=1"]):
        bad = objections_to_cells(kubectl, cluster, args, columns)
        report.check(f"{name}: get {' '.join(args)} is a true table", not bad, bad[:3])
        report.check(f"{name}: get {' '.join(args)} has every node",
                     [r[0] for r in kubectl.rows("get", *args)] == names,
                     kubectl.rows("get", *args)[:3])
    for args in (["podmetrics", "-A"], ["podmetrics", "-A", "-o", "wide"], ["pods.metrics.k8s.io", "-A"]):
        rows = kubectl.rows("get", *args)
        report.check(f"{name}: get {' '.join(args)} has every pod", [r[:2] for r in rows] == pods, rows[:3])
    space, pod = pods[0]
    for args in (["podmetrics", "-n", space, pod],
                 ["podmetrics", "-n", space, f"--field-selector=metadata.name={pod}"]):
        rows = kubectl.rows("get", *args)
        report.check(f"{name}: get {' '.join(args)}", [r[0] for r in rows] == [pod], rows)


def check_get_formats(report, kubectl, cluster, name):
    names = [node[0] for node in keys(cluster.metrics("nodes"))]
    pods = keys(cluster.metrics("pods"))
    done = kubectl.run("get", "nodemetrics", "-o", "name")
    report.check(f"{name}: get nodemetrics -o name",
                 done.stdout.split() == [f"nodemetrics.metrics.k8s.io/{n}" for n in names],
                 done.stderr or done.stdout)
    done = kubectl.run("get", "nodemetrics", "-o", "jsonpath={range .items[*]}{.kind} {.metadata.name}{\"\\n\"}{end}")
    report.check(f"{name}: get nodemetrics -o jsonpath",
                 done.stdout.splitlines() == [f"NodeMetrics {n}" for n in names],
                 done.stderr or done.stdout)
    done = kubectl.run("get", "podmetrics", "-A", "-o", "json")
    shown = json.loads(done.stdout) if done.returncode == 0 else {"items": []}
    report.check(f"{name}: get podmetrics -A -o json has every pod whole", keys(shown["items"]) == pods and
                 all(item["kind"] == "PodMetrics" and item["containers"] for item in shown["items"]), done.stderr)
    done = kubectl.run("get", "nodemetrics", names[0], "-o", "yaml")
    lines = done.stdout.splitlines()
    report.check(f"{name}: get nodemetrics NAME -o yaml", lines[1:3] == ["kind: NodeMetrics", "metadata:"] and
                 f"  name: {names[0]}" in lines and "usage:" in lines, done.stderr or done.stdout)
    done = kubectl.run("get", "nodemetrics", "-o", "yaml")
    report.check(f"{name}: get nodemetrics -o yaml has every node",
                 done.stdout.count("\n  kind: NodeMetrics\n") == len(names), done.stderr or done.stdout[:300])
    # Needs whole objects in the table's rows.
    for args, expected in ((["--sort-by=.metadata.name"], sorted(names)),
                           (["--sort-by=.metadata.name", "-o", "name"],
                            [f"nodemetrics.metrics.k8s.io/{n}" for n in sorted(names)])):
        done = kubectl.run("get", "nodemetrics", "--no-headers", *args)
        report.check(f"{name}: get nodemetrics {' '.join(args)}",
                     [line.split()[0] for line in done.stdout.splitlines()] == expected,
                     done.stderr or done.stdout)
    cells = [row[1] for row in kubectl.rows("get", "nodemetrics", "--sort-by=.usage.cpu")]
    report.check(f"{name}: get nodemetrics --sort-by=.usage.cpu goes up", cells and
                 [nanocores(c) for c in cells] == sorted(nanocores(c) for c in cells), cells)
    rows = kubectl.rows("get", "nodemetrics", "--show-labels")
    report.check(f"{name}: get nodemetrics --show-labels", all(f"kubernetes.io/hostname={row[0]}" in row[-1].split(",")
                                                               for row in rows) and len(rows) == len(names), rows[:2])


def nanocores(text):
    scale = {"n": 1, "u": 10**3, "m": 10**6}.get(text[-1])
    return int(text[:-1]) * scale if scale else int(text) * 10**9


def check_refusals(report, kubectl, cluster, name):
    node = keys(cluster.metrics("nodes"))[0][0]
    done = kubectl.run("get", "nodemetrics", "-w")
    # Old clients do not read the Status of a refused watch.
    reasons = ['watch is not supported on resources of kind "nodes.metrics.k8s.io"',
               "the server does not allow this method on the requested resource (get nodes.metrics.k8s.io)"]
    report.check(f"{name}: get nodemetrics -w prints the list and says why it ends", done.returncode == 1 and
                 len(done.stdout.splitlines()) == cluster.sizes[0] + 1 and done.stderr.strip() in
                 [f"Error from server (MethodNotAllowed): {reason}" for reason in reasons], done.stdout + done.stderr)
    done = kubectl.run("delete", "nodemetrics", node)
    report.check(f"{name}: delete nodemetrics", done.returncode == 1 and done.stderr.strip().endswith(
        "(MethodNotAllowed): the server does not allow this method on the requested resource"), done.stderr)
    done = kubectl.run("get", "podmetrics", "-n", "empty-namespace")
    report.check(f"{name}: get podmetrics of an empty namespace", done.returncode == 0 and
                 done.stderr.strip() == "No resources found in empty-namespace namespace.", done.stdout + done.stderr)


def main(report, options):
    with Cluster(options.topd, options.sim) as cluster:
        took = cluster.wait_for_figures()
        print(f"figures of all nodes and pods after {took:.1f} s", flush=True)
        report.check("readyz is ok", cluster.probe("/readyz") == (200, "ok"), cluster.probe("/readyz?verbose"))
        check_objects(report, cluster)
        for binary in options.kubectl:
            kubectl = Kubectl(binary, cluster)
            name = "kubectl " + kubectl.version()
            for check in (lambda: check_tables(report, kubectl, cluster, name),
                          lambda: check_sorting(report, kubectl, name),
                          lambda: check_selection(report, kubectl, cluster, name),
                          lambda: check_not_found(report, kubectl, name),
                          lambda: check_get(report, kubectl, cluster, name),
                          lambda: check_get_formats(report, kubectl, cluster, name),
                          lambda: check_refusals(report, kubectl, cluster, name)):
                report.group(f"{name}: a group of checks", check)
        check_clean_end(report, cluster)


if __name__ == "__main__":
    sys.exit(run(__doc__, main, needs_kubectl=True))
