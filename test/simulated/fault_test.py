#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What goes wrong around topd: sick kubelets, an API server that is away, clients that misbehave. Each time: a clear
log line, no crash, and nobody else affected."""
import contextlib
import os
import re
import socket
import ssl
import subprocess
import sys
import time

from harness import Cluster, check_clean_end, run, wait_until
from truth import Truth, unix

# By node: the fault, and what the log must say of it. The other nodes are well.
FAULTS = {
    1: ({"kind": "hang"}, r'"Failed to scrape node, timeout to access kubelet" err=.*node="node-0001"'),
    2: ({"kind": "garbage"}, r'"Failed to scrape node" err=.*node="node-0002"'),
    3: ({"kind": "endless"}, r'"Failed to scrape node[^"]*" err=.*node="node-0003"'),
    4: ({"kind": "truncated"}, r'"Failed to scrape node" err=.*node="node-0004"'),
    5: ({"kind": "status", "status": 500}, r'"Failed to scrape node" err=.*500.*node="node-0005"'),
    6: ({"kind": "404"}, r'"Node has no resource metrics page[^"]*" node="node-0006"'),
    7: ({"kind": "close"}, r'"Failed to scrape node" err=.*node="node-0007"'),
    8: ({"kind": "endless", "bytes": 100_000_000}, r'"Failed to scrape node[^"]*" err=.*node="node-0008"'),
    9: ({"kind": "malformed"}, None),
}
WELL = [f"node-{i:04}" for i in (10, 11, 12)]
RESOLUTION = 10


def node(index):
    return f"node-{index:04}"


def rss_mib(cluster):
    with open(f"/proc/{cluster.topd.child.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024


def timestamps(cluster):
    return {n["metadata"]["name"]: unix(n["timestamp"]) for n in cluster.metrics("nodes")}


def advanced(cluster, names, since):
    now = timestamps(cluster)
    return all(now.get(name, 0) > since for name in names)


def stale(cluster, names):
    """Seconds since the oldest sample of these nodes."""
    now = timestamps(cluster)
    return max(time.time() - now.get(name, 0) for name in names)


def new_pod(cluster):
    """One more of some Deployment: its namespace and name."""
    like = next(pod["metadata"] for pod in cluster.pods()
                if any(owner["kind"] == "ReplicaSet" for owner in pod["metadata"]["ownerReferences"]))
    return cluster.ask("/sim/pods", {"action": "create", "namespace": like["namespace"], "pod": like["name"]})


def served(cluster, pod):
    """Whether the metrics API has the pod; None: it does not say."""
    try:
        return bool(cluster.ask(f"/apis/metrics.k8s.io/v1beta1/namespaces/{pod['namespace']}/pods/{pod['pod']}")
                    ["containers"])
    except RuntimeError as error:
        return False if "404" in str(error) else None


def in_log(cluster, pattern, start=0):
    return re.search(pattern, cluster.topd.log()[start:])


def check_sick_kubelets(report, cluster):
    before, memory = time.time(), rss_mib(cluster)
    for index, (fault, _) in FAULTS.items():
        cluster.ask("/sim/faults", {"node": node(index), **fault})
    report.attempt("nodes that are well go on while others are sick",
                   lambda: wait_until(lambda: advanced(cluster, WELL, before + RESOLUTION), 3 * RESOLUTION + 5,
                                      "new samples"))
    for index, (fault, pattern) in FAULTS.items():
        if pattern:
            report.attempt(f"{fault['kind']} of {node(index)} is in the log",
                           lambda: wait_until(lambda: in_log(cluster, pattern), 2 * RESOLUTION + 10, pattern))
    rows = {row["node"]: row for row in cluster.ask("/apis/metrics.k8s.io/v1beta1/debug/nodes")["nodes"]}
    states = {**{node(index): "failing" for index in FAULTS}, node(6): "unsupported", node(9): "ok",
              **dict.fromkeys(WELL, "ok")}
    report.check("the page of nodes says who is sick", {name: rows[name]["state"] for name in states} == states, rows)
    silent = [name for name, row in rows.items() if row["state"] != "ok" and "error" not in row]
    report.check("and why", not silent, silent)
    report.check("samples of nodes that are well are fresh", stale(cluster, WELL) < 2 * RESOLUTION + 5,
                 stale(cluster, WELL))
    nodes = {n["metadata"]["name"]: n for n in cluster.metrics("nodes")}
    truth = Truth(cluster)
    bad = [truth.objection(name, nodes[name]["usage"], nodes[name]["timestamp"], nodes[name]["window"])
           for name in WELL]
    report.check("and true", not any(bad), bad)
    growth = rss_mib(cluster) - memory
    report.check("endless pages cost less than 100 MiB", growth < 100, f"{growth:.0f} MiB")
    report.check("readyz stays ok", cluster.probe("/readyz") == (200, "ok"), cluster.probe("/readyz?verbose"))
    # A sanitized build under load may need a moment; a hung loop needs for ever.
    begin = time.monotonic()
    cluster.metrics("pods")
    report.check("a list is answered within 2 s", time.monotonic() - begin < 2, time.monotonic() - begin)


def check_recovery(report, cluster):
    before, start = time.time(), len(cluster.topd.log())
    cluster.ask("/sim/faults", {"node": "*", "kind": "none"})
    # A page that is not there is asked for seldom.
    names = [node(i) for i in FAULTS if i != 6]
    report.attempt("kubelets that are well again are scraped again", lambda: wait_until(
        lambda: advanced(cluster, names, before), 90, f"new samples of {names}"))
    report.check("and the log says so", in_log(cluster, r'"Node is scraped again" node="node-0001"', start),
                 cluster.topd.log()[-1000:])


def check_api_server_away(report, cluster):
    start = len(cluster.topd.log())
    cluster.relay.away()
    report.attempt("an API server that is away is in the log",
                   lambda: wait_until(lambda: in_log(cluster, r'"Failed to (list|watch)" err=', start), 30, "log line"))
    new = new_pod(cluster)
    before = time.time()
    report.attempt("figures go on without an API server", lambda: wait_until(
        lambda: advanced(cluster, WELL, before), 3 * RESOLUTION, "new samples"))
    # What happened meanwhile is beyond the watch: it must list anew.
    cluster.ask("/sim/compact", {})
    start = len(cluster.topd.log())
    cluster.relay.back()
    report.attempt("a pod that came meanwhile appears when the API server is back",
                   lambda: wait_until(lambda: served(cluster, new), 60, new["pod"]))
    report.check("and the log says so", in_log(cluster, r'"The API server answers again"', start),
                 cluster.topd.log()[-1000:])
    cluster.ask("/sim/pods", {"action": "delete", **new})
    report.attempt("and goes when it is deleted",
                   lambda: wait_until(lambda: served(cluster, new) is False, 30, new["pod"]))


def check_bad_clients(report, cluster):
    start = len(cluster.topd.log())
    address = ("127.0.0.1", cluster.port)
    context = ssl.create_default_context(cafile=cluster.path("ca.crt"))
    with contextlib.ExitStack() as clients:
        def connect():
            return clients.enter_context(socket.create_connection(address, timeout=20))

        for _ in range(50):
            connect()
        half_head = context.wrap_socket(connect(), server_hostname="localhost")
        half_head.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        half_handshake = connect()
        half_handshake.sendall(b"\x16\x03\x01\x02\x00\x01")
        plain = connect()
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = plain.recv(1000)
        report.check("a client that speaks plain HTTP is told so",
                     b"400 Bad Request" in answer and b"Client sent an HTTP request to an HTTPS server." in answer,
                     answer)
        junk = connect()
        junk.sendall(os.urandom(4096))
        deaf = context.wrap_socket(connect(), server_hostname="localhost")
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for _ in range(50):
            deaf.sendall(b"GET /version HTTP/1.1\r\nHost: x\r\n\r\n")
        huge = context.wrap_socket(connect(), server_hostname="localhost")
        with contextlib.suppress(OSError):
            huge.sendall(b"GET /version HTTP/1.1\r\nHost: x\r\nX-Huge: " + b"a" * 2_000_000)
        wrong = context.wrap_socket(connect(), server_hostname="localhost")
        wrong.sendall(b"\0\1\2 this is not HTTP\r\n\r\n")
        slowest = 0.0
        for _ in range(20):
            begin = time.monotonic()
            status = cluster.probe("/readyz")
            slowest = max(slowest, time.monotonic() - begin)
        report.check("others are answered while clients misbehave", status == (200, "ok") and slowest < 2,
                     f"{status}, slowest {slowest:.2f} s")
        before = time.time()
        report.attempt("and scrapes go on", lambda: wait_until(
            lambda: advanced(cluster, WELL, before), 3 * RESOLUTION, "new samples"))
        report.check("a failed handshake is in the log", in_log(cluster, r'"TLS handshake error" err=', start),
                     cluster.topd.log()[-1000:])


def check_json_only(report, options):
    """An API server that knows no protobuf: lists and watches in JSON, said once."""
    with Cluster(options.topd, options.sim, nodes=3, pods=20, sim_flags=["--api-json-only"]) as cluster:
        report.attempt("an API server that speaks JSON alone: figures of all nodes and pods", cluster.wait_for_figures)
        new = new_pod(cluster)
        report.attempt("and of a pod that came later",
                       lambda: wait_until(lambda: served(cluster, new), 60, new["pod"]))
        lines = [line for line in cluster.topd.log().splitlines() if '"API server answers in JSON"' in line]
        report.check("the log says so once", len(lines) == 1, lines)
        failures = [line for line in cluster.topd.log().splitlines()
                    if '"Failed to list"' in line or '"Failed to watch"' in line]
        report.check("and nothing fails", not failures, failures[:3])
        check_doctor(report, options, cluster)
        check_clean_end(report, cluster)


def check_doctor(report, options, cluster):
    """Only that the simulator has no APIService, as ever."""
    done = subprocess.run([options.topd, "doctor", f"--kubeconfig={cluster.path('topd.kubeconfig')}",
                           f"--requestheader-client-ca-file={cluster.path('front-proxy-ca.crt')}",
                           "--kubelet-use-node-status-port", "--kubelet-preferred-address-types=InternalIP"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          check=False)
    report.check("topd doctor reads its nodes", "ok    Kubelets: 3 of 3 gave their metrics" in done.stdout, done.stdout)
    wrong = [line for line in done.stdout.splitlines() if line.startswith(("ERROR", "WARN"))]
    report.check("and finds no fault in JSON", wrong == ["ERROR APIServices"], done.stdout + done.stderr)


def main(report, options):
    with Cluster(options.topd, options.sim, nodes=12, pods=10, topd_flags=["-v=3"], relayed=True) as cluster:
        cluster.wait_for_figures()
        for check in (check_sick_kubelets, check_recovery, check_api_server_away, check_bad_clients):
            report.group(check.__name__, lambda c=check: c(report, cluster))
        check_clean_end(report, cluster)
    check_json_only(report, options)


if __name__ == "__main__":
    sys.exit(run(__doc__, main))
