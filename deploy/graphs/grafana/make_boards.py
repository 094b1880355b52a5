#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the boards of boards/: Cluster and Pods, as Heapster's guides had them, for what asks like Prometheus (topd
itself, Prometheus, VictoriaMetrics) and for InfluxDB. The files are what Grafana loads; this is where to change them.

  make_boards.py           writes them
  make_boards.py --check   says whether they are what it would write

Levels do not depend on the interval: counters go through rate(), and InfluxDB's points become the mean of each series
before they are added up (Heapster's boards added up whatever fell into an interval)."""
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent / "boards"
# Grafana 13 reads and migrates it; time series panels and variables have had this form since 10.
SCHEMA = 39
WIDTH, HEIGHT = 24, 8


def metric(expression, legend):
    return {"expr": expression, "legendFormat": legend}


def total(measurement, field, where, legend, by="nodename"):
    """The sum over things, each by its mean; `by` says what a thing is."""
    inner = (f'SELECT mean("{field}") AS "{field}" FROM "{measurement}" WHERE {where} AND $timeFilter '
             f'GROUP BY time($__interval), {tags(by)}')
    return {"query": f'SELECT sum("{field}") FROM ({inner}) WHERE $timeFilter GROUP BY time($__interval) fill(null)',
            "alias": legend}


def each(measurement, field, where, by, legend):
    """A curve for each value of a tag; what has several series adds up."""
    return {"query": f'SELECT mean("{field}") FROM "{measurement}" WHERE {where} AND $timeFilter '
                     f'GROUP BY time($__interval), "{by}" fill(null)',
            "alias": legend}


def tags(names):
    return ", ".join(f'"{name}"' for name in names.split())


def panel(title, unit, *queries):
    return {"title": title, "unit": unit, "queries": queries}


class Board:
    def __init__(self, kind, source, uid, title, variables, rows, link):
        self.kind, self.source, self.uid, self.title = kind, source, uid, title
        self.variables, self.rows, self.link = variables, rows, link
        self.panels = []

    def targets(self, queries):
        for i, query in enumerate(queries):
            common = {"refId": chr(ord("A") + i), "datasource": self.data_source()}
            if self.kind == "prometheus":
                yield {**common, "editorMode": "code", "range": True, "instant": False, **query}
            else:
                yield {**common, "rawQuery": True, "resultFormat": "time_series", **query}

    def data_source(self):
        return {"type": self.kind, "uid": "${datasource}"}

    def add(self, panel_of, x, y, width):
        self.panels.append({
            "id": len(self.panels) + 1,
            "type": "timeseries",
            "title": panel_of["title"],
            "datasource": self.data_source(),
            "gridPos": {"x": x, "y": y, "w": width, "h": HEIGHT},
            "fieldConfig": {
                "defaults": {"unit": panel_of["unit"], "min": 0,
                             "custom": {"drawStyle": "line", "lineWidth": 1, "fillOpacity": 10, "showPoints": "never",
                                        "spanNulls": False}},
                "overrides": []},
            "options": {"legend": {"displayMode": "table", "placement": "right", "showLegend": True,
                                   "calcs": ["mean", "max"]},
                        "tooltip": {"mode": "multi", "sort": "desc"}},
            "targets": list(self.targets(panel_of["queries"])),
        })

    def json(self):
        y = 0
        for title, panels in self.rows:
            self.panels.append({"id": len(self.panels) + 1, "type": "row", "title": title, "collapsed": False,
                                "gridPos": {"x": 0, "y": y, "w": WIDTH, "h": 1}, "panels": []})
            y += 1
            for i, one in enumerate(panels):
                self.add(one, (i % 2) * WIDTH // 2, y, WIDTH // 2)
                if i % 2 == 1 or i + 1 == len(panels):
                    y += HEIGHT
        source = {"type": "datasource", "name": "datasource", "label": "Data source", "query": self.kind,
                  "current": {"text": self.source, "value": self.source}, "hide": 0, "multi": False,
                  "includeAll": False, "options": [], "refresh": 1, "regex": ""}
        return {
            "uid": self.uid,
            "title": self.title,
            "tags": ["kubernetes", "topd"],
            "schemaVersion": SCHEMA,
            "version": 1,
            "editable": True,
            "graphTooltip": 1,
            "time": {"from": "now-1h", "to": "now"},
            "refresh": "1m",
            "timezone": "browser",
            "annotations": {"list": []},
            "links": [{"title": self.link[0], "type": "link", "icon": "dashboard", "url": f"/d/{self.link[1]}",
                       "keepTime": True, "includeVars": False, "targetBlank": False, "asDropdown": False, "tags": [],
                       "tooltip": ""}],
            "templating": {"list": [source, *(self.variable(*one) for one in self.variables)]},
            "panels": self.panels,
        }

    def variable(self, name, label, query):
        if self.kind == "prometheus":
            asked, definition = {"query": query, "refId": name, "qryType": 1}, query
        else:
            asked = definition = query
        return {"type": "query", "name": name, "label": label, "datasource": self.data_source(), "query": asked,
                "definition": definition, "refresh": 2, "sort": 1, "regex": "", "multi": False, "includeAll": False,
                "hide": 0, "options": [], "current": {}}


def prometheus_boards():
    node_cpu = "rate(node_cpu_usage_seconds_total{}[$__rate_interval])"
    one = '{node="$node"}'
    network = 'rate(container_network_{}_bytes_total{}[$__rate_interval])'
    reserved = 'kube_pod_container_resource_{}{{resource="{}"{}}}'
    allocatable = 'kube_node_status_allocatable{{resource="{}"{}}}'

    def of_nodes(title, where, by=""):
        """Usage beside what is asked for and what there is."""
        more = ', node="$node"' if where else ""
        return [
            panel(f"{title}: CPU", "none",
                  metric(f"sum({node_cpu.format(where)})", "usage"),
                  metric(f"sum({reserved.format('requests', 'cpu', more)})", "requests"),
                  metric(f"sum({reserved.format('limits', 'cpu', more)})", "limits"),
                  metric(f"sum({allocatable.format('cpu', more)})", "allocatable")),
            panel(f"{title}: memory", "bytes",
                  metric(f"sum(node_memory_working_set_bytes{where})", "working set"),
                  metric(f"sum({reserved.format('requests', 'memory', more)})", "requests"),
                  metric(f"sum({reserved.format('limits', 'memory', more)})", "limits"),
                  metric(f"sum({allocatable.format('memory', more)})", "allocatable")),
            panel(f"{title}: network of pods", "Bps",
                  metric(f"sum({network.format('receive', where)})", "received"),
                  metric(f"sum({network.format('transmit', where)})", "sent")),
            panel(f"{title}: file systems of containers, volumes", "bytes",
                  metric(f"sum(container_fs_usage_bytes{where})", "containers"),
                  metric(f"sum(kubelet_volume_stats_used_bytes{where})", "volumes"),
                  metric(f"sum(kubelet_volume_stats_capacity_bytes{where})", "volumes, capacity")),
        ]

    cluster = [
        ("Cluster", of_nodes("Cluster", "")),
        ("By node", [
            panel("CPU by node", "none", metric(f"sum by (node) ({node_cpu.format('')})", "{{node}}")),
            panel("Memory by node", "bytes", metric("sum by (node) (node_memory_working_set_bytes)", "{{node}}")),
            panel("Network of pods by node, received", "Bps",
                  metric(f"sum by (node) ({network.format('receive', '')})", "{{node}}")),
            panel("Network of pods by node, sent", "Bps",
                  metric(f"sum by (node) ({network.format('transmit', '')})", "{{node}}")),
        ]),
        ("By namespace", [
            panel("CPU by namespace", "none", metric(
                "sum by (namespace) (rate(container_cpu_usage_seconds_total[$__rate_interval]))", "{{namespace}}")),
            panel("Memory by namespace", "bytes",
                  metric("sum by (namespace) (container_memory_working_set_bytes)", "{{namespace}}")),
        ]),
        ("Node $node", of_nodes("$node", one)),
    ]
    pod = 'namespace="$namespace", pod="$pod"'
    of_pod = "{" + pod + "}"
    request = 'sum by (container) (kube_pod_container_resource_{}{{{}, resource="{}"}})'
    pods = [
        ("Pod $pod", [
            panel("CPU by container", "none",
                  metric(f"sum by (container) (rate(container_cpu_usage_seconds_total{of_pod}[$__rate_interval]))",
                         "{{container}}"),
                  metric(request.format("requests", pod, "cpu"), "{{container}} request"),
                  metric(request.format("limits", pod, "cpu"), "{{container}} limit")),
            panel("Memory by container", "bytes",
                  metric(f"sum by (container) (container_memory_working_set_bytes{of_pod})", "{{container}}"),
                  metric(f"sum by (container) (container_memory_usage_bytes{of_pod})", "{{container}} with caches"),
                  metric(request.format("requests", pod, "memory"), "{{container}} request"),
                  metric(request.format("limits", pod, "memory"), "{{container}} limit")),
            panel("Network", "Bps",
                  metric(f"sum({network.format('receive', of_pod)})", "received"),
                  metric(f"sum({network.format('transmit', of_pod)})", "sent")),
            panel("File systems by container", "bytes",
                  metric(f"sum by (container) (container_fs_usage_bytes{of_pod})", "{{container}}")),
        ]),
        ("Namespace $namespace", [
            panel("CPU by pod", "none", metric(
                'sum by (pod) (rate(container_cpu_usage_seconds_total{namespace="$namespace"}[$__rate_interval]))',
                "{{pod}}")),
            panel("Memory by pod", "bytes", metric(
                'sum by (pod) (container_memory_working_set_bytes{namespace="$namespace"})', "{{pod}}")),
            panel("Volumes by claim", "bytes",
                  metric('sum by (persistentvolumeclaim) (kubelet_volume_stats_used_bytes{namespace="$namespace"})',
                         "{{persistentvolumeclaim}}"),
                  metric('sum by (persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes{namespace="$namespace"})',
                         "{{persistentvolumeclaim}} capacity")),
        ]),
    ]
    return [
        Board("prometheus", "topd", "topd-cluster", "Kubernetes / Cluster",
              [("node", "Node", "label_values(node_memory_working_set_bytes, node)")], cluster,
              ("Pods", "topd-pods")),
        Board("prometheus", "topd", "topd-pods", "Kubernetes / Pods",
              [("namespace", "Namespace", "label_values(container_memory_working_set_bytes, namespace)"),
               ("pod", "Pod", 'label_values(container_memory_working_set_bytes{namespace="$namespace"}, pod)')], pods,
              ("Cluster", "topd-cluster")),
    ]


def influxdb_boards():
    nodes = "\"type\" = 'node'"
    one = nodes + " AND \"nodename\" = '$node'"
    containers = "\"type\" = 'pod_container'"

    def of_nodes(title, where):
        return [
            panel(f"{title}: CPU", "none", *[
                millicores(total("cpu", field, where, legend)) for field, legend in (
                    ("usage_rate", "usage"), ("request", "requests"), ("limit", "limits"),
                    ("node_allocatable", "allocatable"))]),
            panel(f"{title}: memory", "bytes", *[
                total("memory", field, where, legend) for field, legend in (
                    ("working_set", "working set"), ("request", "requests"), ("limit", "limits"),
                    ("node_allocatable", "allocatable"))]),
            panel(f"{title}: network", "Bps", *[
                total("network", field, where, legend) for field, legend in (
                    ("rx_rate", "received"), ("tx_rate", "sent"))]),
            panel(f"{title}: file systems", "bytes", *[
                total("filesystem", field, where, legend, "nodename resource_id") for field, legend in (
                    ("usage", "usage"), ("limit", "limit"))]),
        ]

    cluster = [
        ("Cluster", of_nodes("Cluster", nodes)),
        ("By node", [
            panel("CPU by node", "none", millicores(each("cpu", "usage_rate", nodes, "nodename", "$tag_nodename"))),
            panel("Memory by node", "bytes", each("memory", "working_set", nodes, "nodename", "$tag_nodename")),
            panel("Network by node, received", "Bps", each("network", "rx_rate", nodes, "nodename", "$tag_nodename")),
            panel("Network by node, sent", "Bps", each("network", "tx_rate", nodes, "nodename", "$tag_nodename")),
        ]),
        ("By namespace", [
            panel("CPU by namespace", "none", millicores(
                each("cpu", "usage_rate", "\"type\" = 'ns'", "namespace_name", "$tag_namespace_name"))),
            panel("Memory by namespace", "bytes",
                  each("memory", "usage", "\"type\" = 'ns'", "namespace_name", "$tag_namespace_name")),
        ]),
        ("Node $node", of_nodes("$node", one)),
    ]
    name = "\"namespace_name\" = '$namespace' AND \"pod_name\" = '$pod'"
    of_containers, of_pod = f"{containers} AND {name}", f"\"type\" = 'pod' AND {name}"
    pods = [
        ("Pod $pod", [
            panel("CPU by container", "none", *[
                millicores(each("cpu", field, of_containers, "container_name", "$tag_container_name" + legend))
                for field, legend in (("usage_rate", ""), ("request", " request"), ("limit", " limit"))]),
            panel("Memory by container", "bytes", *[
                each("memory", field, of_containers, "container_name", "$tag_container_name" + legend)
                for field, legend in (("working_set", ""), ("request", " request"), ("limit", " limit"))]),
            panel("Network", "Bps", *[
                total("network", field, of_pod, legend, "pod_name") for field, legend in (
                    ("rx_rate", "received"), ("tx_rate", "sent"))]),
            panel("File systems", "bytes",
                  each("filesystem", "usage", of_pod, "resource_id", "$tag_resource_id"),
                  each("filesystem", "limit", of_pod, "resource_id", "$tag_resource_id limit")),
        ]),
        ("Namespace $namespace", [
            panel("CPU by pod", "none", millicores(each(
                "cpu", "usage_rate", "\"type\" = 'pod' AND \"namespace_name\" = '$namespace'", "pod_name",
                "$tag_pod_name"))),
            panel("Memory by pod", "bytes", each(
                "memory", "working_set", "\"type\" = 'pod' AND \"namespace_name\" = '$namespace'", "pod_name",
                "$tag_pod_name")),
        ]),
    ]
    return [
        Board("influxdb", "influxdb", "topd-influxdb-cluster", "Kubernetes / Cluster (InfluxDB)",
              [("node", "Node", 'SHOW TAG VALUES FROM "cpu" WITH KEY = "nodename"')], cluster,
              ("Pods", "topd-influxdb-pods")),
        Board("influxdb", "influxdb", "topd-influxdb-pods", "Kubernetes / Pods (InfluxDB)",
              [("namespace", "Namespace", 'SHOW TAG VALUES FROM "cpu" WITH KEY = "namespace_name"'),
               ("pod", "Pod",
                'SHOW TAG VALUES FROM "cpu" WITH KEY = "pod_name" WHERE "namespace_name" = \'$namespace\'')],
              pods, ("Cluster", "topd-influxdb-cluster")),
    ]


def millicores(query):
    """In cores."""
    text = query["query"]
    for function in ("sum", "mean"):
        if text.startswith(f"SELECT {function}("):
            end = text.index(")") + 1
            return {**query, "query": f"{text[:end]} / 1000{text[end:]}"}
    raise ValueError(text)


def main():
    check = sys.argv[1:] == ["--check"]
    wrong = []
    for board in [*prometheus_boards(), *influxdb_boards()]:
        path = FOLDER / f"{board.uid}.json"
        text = json.dumps(board.json(), indent=2) + "\n"
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                wrong.append(path.name)
        else:
            FOLDER.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if wrong:
        sys.exit(f"boards/ is not what make_boards.py writes: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
