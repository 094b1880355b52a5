#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The real kubectl on the simulated cluster: what it prints agrees with what the simulator burned."""
import argparse
import collections
import os
import subprocess
import sys

from harness import Cluster, Report, check_clean_end
from truth import Truth


class Kubectl:
    def __init__(self, binary, cluster):
        self.binary = binary
        self.env = {**os.environ, "KUBECONFIG": cluster.kubeconfig, "HOME": cluster.path("")}

    def run(self, *args):
        return subprocess.run([self.binary, *args], env=self.env, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60)

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

    rows, bad = objections_to_table(kubectl, cluster, ["top", "pod", "-A", "--containers"], lambda r: tuple(r[:3]), (3, 4))
    containers = sum(len(pod["spec"]["containers"]) for pod in cluster.pods())
    report.check(f"{name}: top pod -A --containers shows every container truly",
                 len(rows) == containers and not bad, bad[:3] or f"{len(rows)} rows of {containers}")
    report.check(f"{name}: top pod -A is sorted by namespace and name", [r[:2] for r in rows] == sorted(r[:2] for r in rows),
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
        report.check(f"{version}: every NodeMetrics is true, its window too", len(nodes) == cluster.sizes[0] and not any(bad),
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
        report.check(f"{version}: PodMetrics are all running pods in order", shown == expected, (shown[:3], expected[:3]))


def check_get(report, kubectl, cluster, name):
    done = kubectl.run("get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes")
    report.check(f"{name}: get --raw", done.returncode == 0 and done.stdout.startswith('{"kind":"NodeMetricsList"'),
                 done.stderr or done.stdout[:200])
    done = kubectl.run("get", "nodemetrics", "-o", "name")
    names = [f"nodemetrics.metrics.k8s.io/{n['metadata']['name']}" for n in cluster.metrics("nodes")]
    report.check(f"{name}: get nodemetrics -o name", done.stdout.split() == names, done.stderr or done.stdout)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--topd", required=True)
    arguments.add_argument("--sim", required=True)
    arguments.add_argument("--kubectl", action="append", required=True)
    options = arguments.parse_args()
    report = Report()
    with Cluster(options.topd, options.sim) as cluster:
        took = cluster.wait_for_figures()
        print(f"figures of all nodes and pods after {took:.1f} s", flush=True)
        report.check("readyz is ok", cluster.probe("/readyz") == (200, "ok"), cluster.probe("/readyz?verbose"))
        check_objects(report, cluster)
        for binary in options.kubectl:
            kubectl = Kubectl(binary, cluster)
            name = "kubectl " + kubectl.version()
            for check in (lambda: check_tables(report, kubectl, cluster, name), lambda: check_sorting(report, kubectl, name),
                          lambda: check_selection(report, kubectl, cluster, name),
                          lambda: check_not_found(report, kubectl, name),
                          lambda: check_get(report, kubectl, cluster, name)):
                try:
                    check()
                except Exception as error:  # pylint: disable=broad-except
                    report.check(f"{name}: a group of checks", False, repr(error))
        check_clean_end(report, cluster)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
