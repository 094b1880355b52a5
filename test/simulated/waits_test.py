#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What topd waits for when others say nothing, and that its end waits for nothing: an API server that accepts
connections and falls silent, a name server that does not answer, a standard error that nobody reads."""
import contextlib
import fcntl
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time

from harness import Cluster, check_clean_end, run, wait_until

NODES = 3
# Two, and what a sanitizer's build takes beside others.
END = 3
DEAD_NAME_SERVER = "127.0.6.53"


def check_end(report, what, child, in_flight=0):
    begin = time.monotonic()
    child.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(60)
    took = time.monotonic() - begin
    report.check(f"{what}: topd ends at once on SIGTERM", child.returncode == 0 and took < END + in_flight,
                 f"status {child.returncode} after {took:.1f} s")


def check_silent_api_server(report, options):
    with Cluster(options.topd, options.sim, nodes=NODES, pods=10, silence=4) as cluster:
        begin = time.monotonic()
        synced = report.attempt("an API server that was silent for 4 s: topd is up soon after", lambda: wait_until(
            lambda: cluster.topd.log().count('"Caches are synced"') >= 2, 30, "the lists"))
        if synced:
            print(f"      after {time.monotonic() - begin:.1f} s")
        report.check("and has said what it waited for", '"Failed to list" err="TLS handshake not done in time"' in
                     cluster.topd.log(), cluster.topd.log()[-1000:])
        if synced:
            report.attempt("and serves figures", cluster.wait_for_figures)
        check_clean_end(report, cluster)
    with Cluster(options.topd, options.sim, nodes=NODES, pods=10, silence=1e9) as cluster:
        report.attempt("an API server that stays silent: topd says so", lambda: wait_until(
            lambda: '"Failed to list"' in cluster.topd.log(), 30, "the line"))
        cause = cluster.probe("/readyz?verbose")
        report.check("and in /readyz", cause[0] == 500 and "not yet listed" in cause[1], cause)
        # A request of the aggregator's, which waits for the authentication configuration, may be in flight for 4 s.
        check_end(report, "with a silent API server", cluster.topd.child, in_flight=4)


def wrapper(folder, script):
    path = os.path.join(folder, "topd.sh")
    with open(path, "w") as out:
        out.write("#!/bin/sh\n" + script)
    os.chmod(path, stat.S_IRWXU)
    return path


def may_replace_resolv_conf():
    if os.geteuid() != 0 or not os.path.exists("/etc/resolv.conf"):
        return False
    return subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0


def check_dead_name_server(report, options):
    if not may_replace_resolv_conf():
        print("left out: topd with a dead name server: it needs root and mount namespaces", flush=True)
        return
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink:
        sink.bind((DEAD_NAME_SERVER, 53))
        resolv = os.path.join(folder, "resolv.conf")
        with open(resolv, "w") as out:
            out.write(f"nameserver {DEAD_NAME_SERVER}\nsearch a.test b.test c.test\noptions ndots:5\n")
        script = wrapper(folder, f"exec unshare --mount sh -c 'mount --bind {resolv} /etc/resolv.conf && exec \"$0\" "
                                 f"\"$@\"' {options.topd} \"$@\"\n")
        with Cluster(script, options.sim, nodes=NODES, pods=10, addresses="Hostname") as cluster:
            def said():
                return cluster.probe("/readyz?verbose")
            report.attempt("a dead name server: /readyz names it", lambda: wait_until(
                lambda: (said() or (0, ""))[1].count("name not looked up"), 40, "the cause"))
            nodes = cluster.ask("/apis/metrics.k8s.io/v1beta1/debug/nodes")["nodes"]
            errors = [node.get("error") for node in nodes]
            report.check("the error names the name", len(errors) == NODES and all(
                f"the name {node['node']} could not be looked up in time" in str(node.get("error"))
                for node in nodes), errors)
            report.check("reason and hint are those of names", all(
                node.get("reason") == "resolve" and "name server" in node["hint"] for node in nodes), nodes)
            check_end(report, "with look-ups that hang", cluster.topd.child)
            check_clean_end(report, cluster)


def check_unread_errors(report, options):
    """topd's standard error is a pipe that is full from the beginning."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETFL, os.O_NONBLOCK)
    try:
        while True:
            os.write(writer, b"x" * 65536)
    except BlockingIOError:
        fcntl.fcntl(writer, fcntl.F_SETFL, 0)
    with Cluster(options.topd, options.sim, nodes=NODES, pods=10) as cluster:
        wait_until(lambda: cluster.probe("/livez") == (200, "ok"), 30, "livez")
        cluster.topd.stop()
        with subprocess.Popen(cluster.topd.child.args, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=writer) as child:
            try:
                report.attempt("with an unread standard error topd serves", lambda: wait_until(
                    lambda: cluster.probe("/livez") == (200, "ok"), 30, "livez"))
                check_end(report, "with an unread standard error", child)
            finally:
                child.kill()
    os.close(reader)
    os.close(writer)


def main(report, options):
    options.topd = os.path.abspath(options.topd)
    check_silent_api_server(report, options)
    check_dead_name_server(report, options)
    check_unread_errors(report, options)


if __name__ == "__main__":
    sys.exit(run(__doc__, main))
