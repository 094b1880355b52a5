#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hostile clients (docs/decisions/0016-hostile-clients.md): while each attack lasts, probes and the aggregator's
clients see every answer in time; afterwards descriptors and memory are back."""
import os
import re
import sys
import tempfile
import time

from attacks import ATTACKS, HELD, LARGE, SMALL, absurd_certificates, anyone, ask_once, reviewed_paths, under
from harness import Cluster, check_clean_end, run, wait_until

SECONDS = 3
# A sanitized build on a machine with other work: a loop that is shut out needs for ever.
BOUND_SECONDS = 2
# Of them a quarter is for clients, so that every attack comes to that bound.
DESCRIPTORS = 400
GROWTH_MIB = 100
REVIEWED_PATHS = 20_000
REVIEWS_MIB = 8
CERTIFICATES_MIB = 16
SMALL_CERTIFICATES_MIB = 12


def limited(folder, topd):
    """A program that runs topd with few descriptors."""
    path = os.path.join(folder, "topd")
    with open(path, "w", encoding="ascii") as script:
        script.write(f'#!/bin/sh\nulimit -n {DESCRIPTORS}\nexec {os.path.abspath(topd)} "$@"\n')
    os.chmod(path, 0o755)
    return path


def descriptors(cluster):
    return len(os.listdir(f"/proc/{cluster.topd.child.pid}/fd"))


def rss_mib(cluster):
    with open(f"/proc/{cluster.topd.child.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024


def watch(cluster, path):
    """The slowest of the good clients' answers, which were not, and the most descriptors."""
    slowest, bad, most = 0.0, [], 0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for good, ask in (((200, "ok"), lambda: cluster.probe("/readyz")),
                          (True, lambda: bool(cluster.ask(path)["containers"]))):
            begin = time.monotonic()
            try:
                answer = ask()
            except (OSError, RuntimeError) as error:
                answer = repr(error)
            slowest = max(slowest, time.monotonic() - begin)
            if answer != good:
                bad.append(answer)
        most = max(most, descriptors(cluster))
        time.sleep(0.05)
    return slowest, bad, most


def check_attack(report, cluster, attack, path):
    with under(attack, cluster.port):
        slowest, bad, most = watch(cluster, path)
    name = attack.__name__.replace("_", " ")
    report.check(f"{name}: others are answered", not bad, bad[:3])
    report.check(f"{name}: within {BOUND_SECONDS} s", slowest < BOUND_SECONDS, f"{slowest:.2f} s")
    report.check(f"{name}: descriptors are left", most < DESCRIPTORS / 2, most)


def check_reviews(report, topd, sim):
    """On the release build: what AddressSanitizer keeps is not what topd does."""
    with Cluster(topd, sim, nodes=1, pods=1) as cluster:
        cluster.wait_for_figures()
        # Buffers and tables of the first requests are no growth.
        reviewed_paths(cluster.port, 100)
        before = rss_mib(cluster)
        statuses = reviewed_paths(cluster.port, REVIEWED_PATHS)
        growth = rss_mib(cluster) - before
        report.check(f"{REVIEWED_PATHS} paths of 10 kB are reviewed", statuses == {"403": REVIEWED_PATHS}, statuses)
        report.check(f"and cost less than {REVIEWS_MIB} MiB", growth < REVIEWS_MIB, f"{growth:.1f} MiB")
        check_clean_end(report, cluster)


def check_certificates(report, topd, sim):
    """On the release build: what AddressSanitizer keeps is not what topd does."""
    with tempfile.TemporaryDirectory(prefix="topd-hostile-") as folder, Cluster(topd, sim, nodes=1, pods=1) as cluster:
        cluster.wait_for_figures()
        cluster.probe()
        before = rss_mib(cluster)
        for name, context in absurd_certificates(folder, LARGE):
            check_kind(report, cluster, f"of 16 KiB ({name})", context, before, CERTIFICATES_MIB, 0.5)
        check_clean_end(report, cluster)


def check_small_certificates(report, topd, sim):
    """Of small ones all are held: what their connections take, whatever is shown on them, is another matter."""
    with tempfile.TemporaryDirectory(prefix="topd-hostile-") as folder, Cluster(topd, sim, nodes=1, pods=1) as cluster:
        cluster.wait_for_figures()
        cluster.probe()
        held = [ask_once(cluster.port, anyone()) for _ in range(HELD)]
        before = rss_mib(cluster)
        let_go(cluster, held)
        for name, context in absurd_certificates(folder, SMALL):
            check_kind(report, cluster, f"({name}), beside as many without,", context, before, SMALL_CERTIFICATES_MIB,
                       1)
        check_clean_end(report, cluster)


def let_go(cluster, held):
    for client in filter(None, held):
        client.close()
    wait_until(lambda: descriptors(cluster) < 50, 20, "the connections are gone")


def check_kind(report, cluster, name, context, before, bound, share):
    """`share`: how many of the clients are answered, at least."""
    held = [ask_once(cluster.port, context) for _ in range(HELD)]
    answered = sum(client is not None for client in held)
    growth = rss_mib(cluster) - before
    report.check(f"{HELD} clients with certificates {name} cost less than {bound} MiB",
                 answered >= HELD * share and growth < bound, f"{growth:.1f} MiB, {answered} were answered")
    report.check("and others are answered", cluster.probe("/healthz") == (200, "ok"))
    let_go(cluster, held)
    before_cycles = rss_mib(cluster)
    for _ in range(HELD):
        client = ask_once(cluster.port, context, close=True)
        if client:
            client.close()
    growth = rss_mib(cluster) - before_cycles
    report.check("those that come and go leave nothing", growth < 1, f"{growth:.1f} MiB")


def check_attacks(report, topd, sim):
    with tempfile.TemporaryDirectory(prefix="topd-hostile-") as folder, \
            Cluster(limited(folder, topd), sim, nodes=5, pods=10) as cluster:
        cluster.wait_for_figures()
        pod = cluster.metrics("pods")[0]["metadata"]
        path = f"/apis/metrics.k8s.io/v1beta1/namespaces/{pod['namespace']}/pods/{pod['name']}"
        cluster.probe()
        open_before, memory = descriptors(cluster), rss_mib(cluster)
        for attack in ATTACKS:
            report.group(attack.__name__, lambda a=attack: check_attack(report, cluster, a, path))
        report.attempt("afterwards the descriptors are back", lambda: wait_until(
            lambda: descriptors(cluster) <= open_before + 5, 20, f"{open_before} descriptors"))
        growth = rss_mib(cluster) - memory
        report.check(f"and all of it cost less than {GROWTH_MIB} MiB", growth < GROWTH_MIB, f"{growth:.0f} MiB")
        check_clean_end(report, cluster)


PARTS = {"attacks": check_attacks, "reviews": check_reviews, "certificates": check_certificates,
         "small-certificates": check_small_certificates}


def more_arguments(arguments):
    arguments.add_argument("--only", nargs="+", default=list(PARTS), choices=PARTS)
    arguments.add_argument("--release", default="build/release/bin/topd",
                           help="topd as it is delivered, whose memory is measured")


def main(report, options):
    for part in options.only:
        topd = options.topd if part == "attacks" else options.release
        if os.path.exists(topd):
            PARTS[part](report, topd, options.sim)
        else:
            print(f"left out: {part} of hostile clients: there is no {topd}")


if __name__ == "__main__":
    sys.exit(run(__doc__, main, more_arguments))
