#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""topd itself writes to the real engines: what they hold is what the metrics API served, over a restart too; and every
query of every board of deploy/graphs/grafana/boards is evaluated on the engine that it is for."""
import contextlib
import json
import math
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "test/sink"))
from graphs import Graphs  # noqa: E402
from harness import Cluster, check_clean_end, run, wait_until  # noqa: E402
from own_metrics import scrape  # noqa: E402
from ports import free_port  # noqa: E402
from servers import InfluxDb, Prometheus, VictoriaMetrics  # noqa: E402

BOARDS = ROOT / "deploy/graphs/grafana/boards"
NODES = 3
PODS = 6
PAGE = 4096
UNITS = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}


class Topd(Graphs):
    """topd's own query API."""

    def query(self, expression, at):
        return self.series("query", query=expression, time=at)

    def range(self, expression, start, end, step):
        return self.series("query_range", query=expression, start=start, end=end, step=step)


def served(cluster):
    """{(namespace, pod, container): bytes} of the metrics API."""
    found = {}
    for pod in cluster.metrics("pods"):
        for container in pod["containers"]:
            text = container["usage"]["memory"]
            unit = text[-2:] if text[-2:] in UNITS else ""
            found[pod["metadata"]["namespace"], pod["metadata"]["name"], container["name"]] = \
                int(text[:len(text) - len(unit)]) * UNITS.get(unit, 1)
    return found


def stored(server, now):
    """The same of an engine, by time."""
    found = {}
    for labels, samples in server.samples("container_memory_working_set_bytes", int(now) - 600, int(now) + 1).items():
        known = dict(labels)
        for at, value in samples.items():
            if not math.isnan(value):
                found.setdefault(at, {})[known["namespace"], known["pod"], known["container"]] = value
    return found


def check_figures(report, cluster, topd, server, name):
    """At a tick that topd's own API shows, too; what was written a moment ago may not be seen at once."""
    # Behind the first ticks, at which not all were served.
    all_there = time.time() * 1000
    wait_until(lambda: len([at for at in stored(server, time.time()) if at > all_there]) >= 2, 90,
               f"two more ticks in {name}")
    at = sorted(stored(server, time.time()))[-2]
    own = {tuple(one["metric"][key] for key in ("namespace", "pod", "container")): float(one["value"][1])
           for one in topd.query("container_memory_working_set_bytes", at / 1000)}
    with contextlib.suppress(TimeoutError):
        wait_until(lambda: stored(server, time.time()).get(at) == own, 30, f"all of a tick in {name}")
    figures = stored(server, time.time())[at]
    report.check(f"{name} holds each container's memory as topd shows it", own and own == figures,
                 f"{len(own)} {len(figures)} {[key for key in own if own[key] != figures.get(key)][:3]}")
    now = served(cluster)
    report.check(f"{name} holds the containers that the metrics API serves", now.keys() == figures.keys(),
                 f"{len(now)} and {len(figures)}")


def check_influxdb(report, cluster, influxdb):
    statement = ("SELECT working_set FROM memory WHERE \"type\" = 'pod_container' "
                 "GROUP BY namespace_name, pod_name, container_name ORDER BY time DESC LIMIT 1")

    def rows():
        with contextlib.suppress(RuntimeError):
            return influxdb.select(statement)

    found = wait_until(rows, 90, "points in InfluxDB")
    names = {(row["namespace_name"], row["pod_name"], row["container_name"]) for row in found}
    report.check("InfluxDB holds the containers that the metrics API serves", names == set(served(cluster)),
                 f"{len(names)}")


def check_told(report, cluster, sinks):
    state = cluster.ask("/apis/metrics.k8s.io/v1beta1/debug/sinks")["sinks"]
    report.check("/debug/sinks tells of each sink", len(state) == sinks and all(one["sentPoints"] > 0 for one in state),
                 state)
    report.check("nothing is refused, dropped or in trouble",
                 all(not one["refusedPoints"] and one["droppedPoints"] == 0 and "trouble" not in one for one in state),
                 state)
    page = scrape(cluster)[2].decode()
    report.check("/metrics tells of them", page.count("topd_sink_points_sent_total{") == sinks, page[-500:])


# What Grafana puts into a query.
def filled(text, values):
    for name, value in values.items():
        text = re.sub(rf"\$(?:{name}\b|\{{{name}\}})", lambda _, value=value: value, text)
    if "$" in text.replace("$tag_", ""):
        raise ValueError(f"a variable is not known: {text}")
    return text


def targets(board):
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target


def prometheus_variable(engine, query, values):
    match = re.fullmatch(r"label_values\((.*), (\w+)\)", filled(query, values))
    found = {one["metric"][match[2]] for one in engine.query(match[1], time.time() - 15)}
    if not found:
        raise ValueError(f"{query} finds nothing")
    return sorted(found)


def evaluated(engine, expression, end):
    """{labels: {time: value}} over two minutes."""
    result = engine.range(expression, end - 120, end, 30)
    return {tuple(sorted(one["metric"].items())): {at: float(value) for at, value in one["values"]} for one in result}


def check_prometheus_board(report, board, topd, prometheus):
    values = {"__rate_interval": "1m", "datasource": "x"}
    for variable in board["templating"]["list"][1:]:
        query = variable["query"]["query"]
        found = report.attempt(f"{board['title']}: {query} on topd",
                               lambda query=query: prometheus_variable(topd, query, values))
        also = prometheus_variable(prometheus, query, values)
        report.check(f"{board['title']}: {query} is the same on Prometheus", found == also, f"{found} {also}")
        # Of pods one that has limits.
        limited = topd.query('kube_pod_container_resource_limits{resource="cpu"}', time.time() - 15)
        good = {one["metric"].get(variable["name"]) for one in limited
                if one["metric"]["namespace"] == values.get("namespace", one["metric"]["namespace"])}
        values[variable["name"]] = min(set(found) & good)
    # No time is that of a sample: Debian's Prometheus counts one at the beginning of a window, too.
    end = (time.time() - 40) // 10 * 10 + 3
    for title, target in targets(board):
        expression = filled(target["expr"], values)
        mine, theirs = evaluated(topd, expression, end), evaluated(prometheus, expression, end)
        name = f"{board['title']}, {title}: {target['expr']}"
        report.check(f"{name} is not empty on topd", mine and all(mine.values()), expression)
        report.check(f"{name} is the same on Prometheus", theirs and alike(mine, theirs), f"{mine} {theirs}"[:600])


def alike(mine, theirs):
    """Where both have a value; they have one at the end. A rate's window may begin before the first sample of one."""
    if mine.keys() != theirs.keys():
        return False
    for key, points in mine.items():
        both = sorted(points.keys() & theirs[key].keys())
        if not both or any(abs(points[at] - theirs[key][at]) > 1e-6 * max(1, abs(points[at])) for at in both[-1:]):
            return False
    return True


def influx_values(influxdb, query):
    found = sorted({row["value"] for row in influxdb.select(query)})
    if not found:
        raise ValueError(f"{query} finds nothing")
    return found


def check_influxdb_board(report, board, influxdb):
    values = {"__interval": "30s", "timeFilter": "time > now() - 5m", "datasource": "x"}
    for variable in board["templating"]["list"][1:]:
        query = filled(variable["query"], values)
        found = report.attempt(f"{board['title']}: {variable['query']}",
                               lambda query=query: influx_values(influxdb, query))
        values[variable["name"]] = found[0]
    for title, target in targets(board):
        query = filled(target["query"], values)
        rows = [row for row in influxdb.select(query)
                if any(value is not None for key, value in row.items() if key in ("sum", "mean"))]
        report.check(f"{board['title']}, {title}: {target['query']} is not empty", rows, query)
    # Sums that do not depend on the interval: what does not change has the same level in each.
    for title, target in targets(board):
        if target.get("alias") == "requests" and "SELECT sum" in target["query"]:
            levels = set()
            for interval in ("10s", "30s", "60s"):
                query = filled(target["query"], {**values, "__interval": interval})
                levels |= {round(row["sum"], 6) for row in influxdb.select(query) if row["sum"] is not None}
            report.check(f"{board['title']}, {title}: the requests are the same at each interval", len(levels) == 1,
                         levels)


def check_form(report, name, board, uids):
    ids = [panel["id"] for panel in board["panels"]]
    known = {variable["name"] for variable in board["templating"]["list"]}
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(board["panels"])))
    used -= {"__rate_interval", "__interval", "timeFilter"}
    used = {one for one in used if not one.startswith("tag_")}
    report.check(f"{name}: ids are unique, variables known, panels draw time series",
                 len(ids) == len(set(ids)) and used <= known and name == f"{board['uid']}.json" and
                 {panel["type"] for panel in board["panels"]} == {"row", "timeseries"}, f"{used - known} {ids}")
    links = {link["url"].removeprefix("/d/") for link in board["links"]}
    report.check(f"{name}: its links lead to boards", links and links <= uids, links)


def checks(report, options):
    boards = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(BOARDS.glob("*.json"))}
    report.check("there are four boards", len(boards) == 4, list(boards))
    made = subprocess.run([sys.executable, BOARDS.parent / "make_boards.py", "--check"], capture_output=True, text=True,
                          check=False)
    report.check("they are what make_boards.py writes", made.returncode == 0, made.stderr)
    for name, board in boards.items():
        check_form(report, name, board, {other["uid"] for other in boards.values()})
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="topd-sinks-")))
        prometheus = stack.enter_context(Prometheus(options.prometheus, folder / "prometheus"))
        victoria = stack.enter_context(VictoriaMetrics(options.victoria_metrics, folder / "victoria"))
        influxdb = stack.enter_context(InfluxDb(options.influxd, folder / "influxdb"))
        port = free_port()
        sinks = [f"remote-write:http://127.0.0.1:{prometheus.port}/api/v1/write?interval=10s",
                 f"remote-write:http://127.0.0.1:{victoria.port}/api/v1/write?interval=10s&label=cluster:blue",
                 f"influxdb:http://127.0.0.1:{influxdb.port}?interval=10s&retention=7d"]
        cluster = stack.enter_context(Cluster(
            options.topd, options.sim, nodes=NODES, pods=PODS,
            topd_flags=[f"--graphs-address=127.0.0.1:{port}", "--kubelet-summary", "--kubelet-summary-interval=10s",
                        "--watch-objects", f"--state-file={folder / 'topd.state'}",
                        *[f"--sink={one}" for one in sinks]]))
        topd = Topd(port)
        cluster.wait_for_figures()
        report.group("Prometheus", lambda: check_figures(report, cluster, topd, prometheus, "Prometheus"))
        report.group("VictoriaMetrics", lambda: check_figures(report, cluster, topd, victoria, "VictoriaMetrics"))
        report.group("InfluxDB", lambda: check_influxdb(report, cluster, influxdb))
        report.group("what is told", lambda: check_told(report, cluster, len(sinks)))
        # Two minutes of figures for the boards.
        first = min(stored(prometheus, time.time()))
        wait_until(lambda: time.time() - first / 1000 > 190, 240, "time for boards", 1)
        for board in boards.values():
            if board["templating"]["list"][0]["query"] == "prometheus":
                report.group(board["title"],
                             lambda board=board: check_prometheus_board(report, board, topd, prometheus))
            else:
                report.group(board["title"], lambda board=board: check_influxdb_board(report, board, influxdb))
        check_clean_end(report, cluster)


def more(arguments):
    for name in ("prometheus", "victoria-metrics", "influxd"):
        arguments.add_argument(f"--{name}", required=True)


if __name__ == "__main__":
    sys.exit(run(__doc__, checks, more))
