#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the includes against scripts/layers.txt: a layer includes what it may use and nothing above it. A header in a
room (a folder inside a layer) is private to the layer unless it is listed here."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Rooms whose headers other layers may include.
PUBLIC_ROOMS = {"net/http", "net/tls", "kube/config", "kube/reviews", "apiserver/auth", "query/source"}
# Single headers of other rooms that they may.
PUBLIC_HEADERS = {
    "net/limits/admission.hpp",
    "kube/json/decode.hpp", "kube/json/members.hpp", "kube/json/object_splitter.hpp",
    "query/language/number.hpp", "query/language/parser.hpp",
    "storage/applications/applications.hpp", "storage/applications/demand.hpp",
    "storage/applications/figure.hpp", "storage/applications/figure_history.hpp",
    "storage/applications/reading.hpp",
    "storage/history/history.hpp", "storage/history/peak_reader.hpp", "storage/history/points.hpp",
    "storage/history/time.hpp",
    "storage/names/labels.hpp", "storage/names/name_limits.hpp",
    "storage/snapshot/section.hpp", "storage/snapshot/snapshot.hpp",
    "storage/watched/watched_objects.hpp",
    "storage/stats/stats_history.hpp", "storage/stats/stats_page.hpp",
    "sink/http/http_receiver.hpp",
    "sink/influx/format.hpp", "sink/influx/influx.hpp",
    "sink/remote_write/format.hpp", "sink/remote_write/remote_write.hpp",
    "sink/spool/spool_queue.hpp", "sink/stdout/json_format.hpp", "sink/stdout/stdout_receiver.hpp",
    "scraper/inventory/object_inventory.hpp", "scraper/inventory/pod_places.hpp",
    "scraper/kubelet/failure.hpp", "scraper/kubelet/probe.hpp",
    "scraper/node/first_figures.hpp",
    "scraper/applications/annotated_inventory.hpp", "scraper/applications/application_scraper.hpp",
    "scraper/applications/endpoint.hpp", "scraper/applications/node_addresses.hpp",
    "scraper/applications/pod_lookup.hpp", "scraper/applications/pod_scrape.hpp",
    "apiserver/debug/application_page.hpp",
    "apiserver/groups/custom_metrics/custom_metrics_group.hpp",
    "apiserver/groups/custom_metrics/kube_object_pods.hpp",
    "apiserver/debug/node_scrape.hpp", "apiserver/debug/sink_list.hpp", "apiserver/discovery/version.hpp",
    "apiserver/graphs/graphs.hpp", "apiserver/graphs_port/listener.hpp", "apiserver/page/ui.hpp",
    "apiserver/prometheus/prometheus.hpp",
    "apiserver/request/label_selector.hpp",
}
# What only the layer itself includes though its room is public.
PRIVATE_HEADERS = {"net/tls/openssl.hpp", "net/tls/client_chain.hpp", "net/tls/handshake.hpp",
                   "net/tls/server_handshake.hpp",
                   "net/http/session.hpp", "net/http/reader.hpp", "net/http/refusal.hpp", "net/http/scratch.hpp",
                   "query/source/regex.hpp"}
INCLUDE = re.compile(r'^\s*#include "([^"]+)"', re.MULTILINE)


def layers():
    """{layer: the set of layers it may use}, lowest first."""
    may_use = {}
    for line in (ROOT / "scripts/layers.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, used = line.partition(":")
            may_use[name] = set(used.split())
            unknown = may_use[name] - set(may_use)
            if unknown:
                sys.exit(f"scripts/layers.txt: {name} may use {', '.join(sorted(unknown))}, which is not below it")
    return may_use


def is_public(header):
    room = header.parent.as_posix()
    if header.as_posix() in PRIVATE_HEADERS:
        return False
    return len(header.parts) == 2 or room in PUBLIC_ROOMS or header.as_posix() in PUBLIC_HEADERS


def faults(source, may_use):
    layer = source.relative_to(ROOT).parts[0]
    for name in INCLUDE.findall(source.read_text(encoding="utf-8")):
        header = pathlib.PurePosixPath(name)
        target = header.parts[0]
        if not (ROOT / name).exists():
            yield f"includes {name}, which is not there"
        elif layer == "test" or target == layer:
            continue
        elif target not in may_use[layer]:
            yield f"includes {name}: {layer} may not use {target} (scripts/layers.txt)"
        elif not is_public(header):
            yield f"includes {name}, which is private to {target} (see scripts/check_includes.py)"


def main():
    may_use = layers()
    found = 0
    sources = [path for layer in (*may_use, "test") for path in sorted((ROOT / layer).rglob("*.[ch]pp"))]
    for source in sources:
        for fault in faults(source, may_use):
            print(f"{source.relative_to(ROOT)} {fault}", file=sys.stderr)
            found += 1
    print(f"includes: {len(sources)} sources, {found} faults")
    return found != 0


if __name__ == "__main__":
    sys.exit(main())
