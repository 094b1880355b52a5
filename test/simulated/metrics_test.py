# SPDX-License-Identifier: Apache-2.0
"""Scrapes topd's own /metrics on a simulated cluster as Prometheus does, and reads it without mercy.

The page must follow the text format 0.0.4 to the letter and the conventions that `promtool check metrics` knows, hold
exactly the metrics_server_* families of metrics-server with their labels and buckets, and move with what happens.
"""
import gzip
import math
import re
import sys

from harness import Cluster, check_clean_end, run, wait_until
from own_metrics import Family, parse, scrape, value

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
DEFAULT = "0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10"
FRESHNESS = ("1 1.364 1.8604960000000004 2.5377165440000007 3.4614453660160014 4.721411479245826 6.440005257691307 "
             "8.784167171490942 11.981604021913647 16.342907885890217 22.291726356354257 30.405914750067208 "
             "41.47366771909167 56.57008276884105 77.16159289669919 105.2484127110977 143.55883493793726 "
             "195.81425085534644 267.09063816669254 364.31163045936864")
# Type, labels, help and buckets as metrics-server 0.9.0 prints them at a resolution of 15 s.
METRICS_SERVER = {
    "metrics_server_api_metric_freshness_seconds": ("histogram", (), "Freshness of metrics exported", FRESHNESS),
    "metrics_server_kubelet_last_request_time_seconds": (
        "gauge", ("node",), "Time of last request performed to Kubelet API since unix epoch in seconds", None),
    "metrics_server_kubelet_request_duration_seconds": (
        "histogram", ("node",), "Duration of requests to Kubelet API in seconds", DEFAULT),
    "metrics_server_kubelet_request_total": ("counter", ("success",), "Number of requests sent to Kubelet API", None),
    "metrics_server_manager_tick_duration_seconds": (
        "histogram", (), "The total time spent collecting and storing metrics in seconds.",
        DEFAULT + " 12.5 15 22.5 30"),
    "metrics_server_storage_points": ("gauge", ("type",), "Number of metrics points stored.", None),
}
# What dashboards for Kubernetes' servers ask for: type and labels.
GENERIC = {
    "apiserver_request_total": ("counter", "code component dry_run group resource scope subresource verb version"),
    "apiserver_request_duration_seconds": (
        "histogram", "component dry_run group resource scope subresource verb version"),
    "apiserver_response_sizes": ("histogram", "component group resource scope subresource verb version"),
    "apiserver_current_inflight_requests": ("gauge", "request_kind"),
    "apiserver_tls_handshake_errors_total": ("counter", ""),
    "apiserver_delegated_authn_request_total": ("counter", "code"),
    "apiserver_delegated_authn_request_duration_seconds": ("histogram", "code"),
    "apiserver_delegated_authz_request_total": ("counter", "code"),
    "apiserver_delegated_authz_request_duration_seconds": ("histogram", "code"),
    "apiserver_client_certificate_expiration_seconds": ("histogram", ""),
    "authenticated_user_requests": ("counter", "username"),
    "authentication_attempts": ("counter", "result"),
    "authentication_duration_seconds": ("histogram", "result"),
    "authorization_attempts_total": ("counter", "result"),
    "authorization_duration_seconds": ("histogram", "result"),
    "kubernetes_build_info": (
        "gauge", "build_date compiler git_commit git_tree_state git_version go_version major minor platform"),
    "process_cpu_seconds_total": ("counter", ""),
    "process_max_fds": ("gauge", ""),
    "process_open_fds": ("gauge", ""),
    "process_resident_memory_bytes": ("gauge", ""),
    "process_start_time_seconds": ("gauge", ""),
    "process_virtual_memory_bytes": ("gauge", ""),
    "process_virtual_memory_max_bytes": ("gauge", ""),
    "rest_client_request_duration_seconds": ("histogram", "host verb"),
    "rest_client_requests_total": ("counter", "code host method"),
}
# Kubernetes' own names that break the rules.
ODD_NAMES = {"authenticated_user_requests", "authentication_attempts"}


def objections(families):
    """What `promtool check metrics` would say, and what no histogram or counter may be."""
    for family in families.values():
        if family.name not in ODD_NAMES and (family.type == "counter") != family.name.endswith("_total"):
            yield f"{family.name} is a {family.type}"
        if re.search(r"_(bucket|sum|count|milliseconds|info_total)$", family.name):
            yield f"{family.name} ends strangely"
        for labels, series in family.series.items():
            if family.type == "counter" and not series[""] >= 0:
                yield f"{family.name}{labels} is {series['']}"
            if family.type != "histogram":
                continue
            bounds = [float(le) for le, _ in series["buckets"]]
            counts = [count for _, count in series["buckets"]]
            if bounds != sorted(set(bounds)) or counts != sorted(counts) or bounds[-1] != math.inf:
                yield f"{family.name}{labels}: buckets {series['buckets']}"
            if counts[-1] != series["_count"]:
                yield f"{family.name}{labels}: {counts[-1]} in buckets, {series['_count']} in all"


def label_names(family):
    return {tuple(name for name, _ in labels) for labels in family.series}


def check_families(report, families):
    ours = {name for name in families if name.startswith("metrics_server_")}
    report.check("the metrics_server_* families are those of metrics-server", ours == set(METRICS_SERVER),
                 ours ^ set(METRICS_SERVER))
    for name, (kind, labels, text, buckets) in METRICS_SERVER.items():
        family = families.get(name) or Family(name, "")
        report.check(f"{name}: type, labels and help", (family.type, label_names(family), family.help) ==
                     (kind, {labels}, "[ALPHA] " + text), (family.type, label_names(family), family.help))
        if buckets:
            found = {" ".join(le for le, _ in series["buckets"]) for series in family.series.values()}
            report.check(f"{name}: buckets", found == {buckets + " +Inf"}, found)
    for name, (kind, labels) in GENERIC.items():
        family = families.get(name) or Family(name, "")
        expected = {tuple(labels.split())} if family.series else set()
        report.check(f"{name}: type and labels", (family.type, label_names(family)) == (kind, expected),
                     (family.type, label_names(family)))
    rest = set(families) - set(METRICS_SERVER) - set(GENERIC)
    report.check("all other families are called topd_*", all(name.startswith("topd_") for name in rest), rest)


def check_access(report, cluster):
    status, headers, body = scrape(cluster)
    report.check("an administrator gets the page", status == 200, body[:200])
    report.check("its content type", headers["Content-Type"] == CONTENT_TYPE, headers["Content-Type"])
    started = value(parse(body.decode()), "process_start_time_seconds")
    report.check("the header says when the process was started",
                 headers["Process-Start-Time-Unix"] == str(int(started)), headers["Process-Start-Time-Unix"])
    cluster.ask("/sim/deny", {"user": "mallory"})
    for user in ("mallory", None):
        status, _, body = scrape(cluster, user=user)
        report.check(f"{user or 'anonymous'} gets 403",
                     status == 403 and b'cannot get path \\"/metrics\\"' in body, (status, body[:300]))
    status, headers, body = scrape(cluster, {"Accept-Encoding": "gzip"})
    report.check("compressed on request", headers["Content-Encoding"] == "gzip", headers)
    report.attempt("compressed it can be read", lambda: parse(gzip.decompress(body).decode()))


def check_movement(report, cluster, before):
    nodes, pods = cluster.sizes[0], len(cluster.pods())
    cluster.metrics("nodes")
    cluster.metrics("pods", "v1")
    after = parse(scrape(cluster)[2].decode())

    def grown(name, **labels):
        return value(after, name, **labels) - value(before, name, **labels)

    listed = {"verb": "LIST", "group": "metrics.k8s.io", "subresource": "", "scope": "cluster",
              "component": "apiserver"}
    for resource, version in (("nodes", "v1beta1"), ("pods", "v1")):
        labels = {**listed, "resource": resource, "version": version}
        report.check(f"a list of {resource} counts", grown("apiserver_request_total", code="200", dry_run="", **labels)
                     == 1 == grown("apiserver_response_sizes", **labels))
    # The harness counts pods by a list of its own.
    ages = grown("metrics_server_api_metric_freshness_seconds")
    report.check("each object that was given out has an age", ages >= nodes + pods, (ages, nodes, pods))
    report.check("reading the page counts", grown(
        "apiserver_request_total", code="200", component="", dry_run="", group="", resource="", scope="",
        subresource="/metrics", verb="GET", version="") >= 1)
    report.check("so do reviews", value(after, "apiserver_delegated_authz_request_total", code="201") >= 1)
    report.check("points of all nodes are stored", value(after, "metrics_server_storage_points", type="node") == nodes)
    report.check("and of all containers", value(after, "metrics_server_storage_points", type="container") >= pods)
    for family in ("metrics_server_kubelet_request_duration_seconds",
                   "metrics_server_kubelet_last_request_time_seconds"):
        report.check(f"{family} has each node once", len(after[family].series) == nodes, after[family].series.keys())


def check_rounds(report, cluster):
    def ticked():
        families = parse(scrape(cluster)[2].decode())
        return families if value(families, "metrics_server_manager_tick_duration_seconds") >= 2 else None

    families = wait_until(ticked, 60, "two rounds", 1)
    requests = value(families, "metrics_server_kubelet_request_total", success="true")
    per_node = sum(series["_count"] for series in
                   families["metrics_server_kubelet_request_duration_seconds"].series.values())
    failed = value(families, "metrics_server_kubelet_request_total", success="false")
    report.check("requests in all are those of the nodes", requests + failed == per_node, (requests, failed, per_node))
    errors = sum(series[""] for series in families["topd_kubelet_scrape_errors_total"].series.values())
    report.check("each failed one has a reason", errors == failed, (errors, failed))


def main(report, options):
    with Cluster(options.topd, options.sim, resolution="15s") as cluster:
        cluster.wait_for_figures()
        check_access(report, cluster)
        page = scrape(cluster)[2].decode()
        families = report.attempt("the page is in the text format", lambda: parse(page))
        if families:
            found = list(objections(families))
            report.check("nothing is against the conventions", not found, found[:5])
            check_families(report, families)
            check_movement(report, cluster, families)
            check_rounds(report, cluster)
        check_clean_end(report, cluster)


if __name__ == "__main__":
    sys.exit(run(__doc__, main))
