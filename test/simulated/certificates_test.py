#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kubelets with the certificates that clusters have: complete, without the node's address, self-signed. Which flags
take them, what is said of those that are refused, and that a refused kubelet is asked for nothing."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from harness import Cluster, check_clean_end, run, wait_until

NODES = 3


def refused(cluster, pattern):
    """Until topd has said of every node why it is refused; no page was asked for."""
    names = {f"node-{i:04}" for i in range(1, NODES + 1)}

    def said():
        return names <= set(re.findall(pattern + r'.* node="(node-\d+)"', cluster.topd.log()))
    wait_until(said, 30, "a line for each node")

    def none_served():
        try:
            return cluster.metrics("nodes") == []
        except RuntimeError:
            # The simulated aggregator has not found topd yet.
            return False
    wait_until(none_served, 30, "an answer without nodes")


def check_without_address(report, topd, sim):
    flags = {"sim_flags": ["--kubelet-certificates", "without-address"], "nodes": NODES, "pods": 5}
    with Cluster(topd, sim, **flags) as cluster:
        report.attempt("certificates for the node's name are taken where its address is dialled",
                       cluster.wait_for_figures)
        # topd has --requestheader-client-ca-file here.
        asked = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{cluster.port}"],
                               stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20,
                               check=False).stdout
        report.check("clients are told no authorities and show what they have",
                     "No client certificate CA names sent" in asked, asked)
        check_clean_end(report, cluster)
    with Cluster(topd, sim, topd_flags=["--kubelet-certificate-names=address"], **flags) as cluster:
        report.attempt("strictly they are not, and it is said what they are for", lambda: refused(
            cluster, r"the kubelet's certificate does not have the address that is dialled: expected 127[0-9.]+; "
                     r"it has .*names: DNS node-"))


def check_self_signed(report, topd, sim, folder):
    flags = {"sim_flags": ["--kubelet-certificates", "self-signed"], "nodes": NODES, "pods": 5}
    with Cluster(topd, sim, **flags) as cluster:
        report.attempt("self-signed certificates are refused, with what helps", lambda: refused(
            cluster, r"certificate not accepted: self-signed certificate"))
        report.check("the way out is named", "--kubelet-pin-certificates" in cluster.topd.log())
    pins = os.path.join(folder, "pins")
    with Cluster(topd, sim, topd_flags=["--kubelet-pin-certificates", f"--kubelet-pin-file={pins}"],
                 **flags) as cluster:
        report.attempt("with pins they are taken on first use", cluster.wait_for_figures)
        check_clean_end(report, cluster)
    with open(pins, encoding="ascii") as lines:
        found = re.findall(r"^\S+ sha256:[0-9a-f]{64} (node-\d+)$", lines.read(), re.MULTILINE)
    report.check("each node has its line", len(set(found)) == NODES, str(found))
    # The same nodes (they follow from the seed) with keys of their new process.
    with Cluster(topd, sim, topd_flags=["--kubelet-pin-certificates", f"--kubelet-pin-file={pins}"],
                 **flags) as cluster:
        report.attempt("other keys are refused after a restart", lambda: refused(
            cluster, r"has another key than the one that is pinned for this node: sha256:"))


def check_reload(report, topd, sim, folder):
    authority = os.path.join(folder, "kubelets.crt")
    with Cluster(topd, sim, nodes=NODES, pods=5) as cluster:
        shutil.copy(cluster.path("front-proxy-ca.crt"), authority)
    with Cluster(topd, sim, nodes=NODES, pods=5,
                 topd_flags=[f"--kubelet-certificate-authority={authority}"]) as cluster:
        report.attempt("kubelets of another authority are refused",
                       lambda: refused(cluster, r"certificate not accepted: "))
        shutil.copy(cluster.path("ca.crt"), authority + ".new")
        os.rename(authority + ".new", authority)
        report.attempt("and taken when the file names theirs, without a restart", cluster.wait_for_figures)
        check_clean_end(report, cluster)


def main(report, options):
    with tempfile.TemporaryDirectory(prefix="topd-certificates-") as folder:
        check_without_address(report, options.topd, options.sim)
        check_self_signed(report, options.topd, options.sim, folder)
        check_reload(report, options.topd, options.sim, folder)


if __name__ == "__main__":
    sys.exit(run(__doc__, main))
