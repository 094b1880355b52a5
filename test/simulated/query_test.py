#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The query API on a simulated cluster: what Headlamp, Freelens, Grafana and vmalert send, literally, and promtool and
vmalert as processes. Figures are held against the model API, which tells the same history in another way. And a real
Prometheus that scrapes the page of all kubelets: what it stores is what the page has."""
import contextlib
import http.client
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse

from graphs import Graphs, samples, untrue
from harness import Cluster, Process, check_clean_end, run, wait_until
from ports import free_port
from truth import Truth

ROOT = pathlib.Path(__file__).resolve().parents[2]
NODES = 3
PODS = 10
FORM = "application/x-www-form-urlencoded"
ALERTS = """
groups:
  - name: topd
    interval: 1s
    rules:
      - alert: SomethingRuns
        expr: count(container_memory_working_set_bytes) by (node) > 0
      - alert: NobodyUsesSoMuch
        expr: sum(container_memory_working_set_bytes) > 1e18
"""


# As docs/graphs.md has it, but for what Debian's Prometheus does not know.
SCRAPES = """
scrape_configs:
  - job_name: topd
    metrics_path: /metrics/resource
    scrape_interval: 1s
    scrape_timeout: 1s
    static_configs:
      - targets: ["127.0.0.1:{port}"]
"""


class Api:
    def __init__(self, port):
        self.port = port

    def ask(self, path, parameters=(), method="GET", body=None, kind=None):
        """Status, headers and what the JSON says."""
        query = urllib.parse.urlencode(list(parameters))
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            headers = {"Content-Type": kind} if kind else {}
            connection.request(method, f"/api/v1/{path}" + (f"?{query}" if query else ""), body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            is_json = answer.getheader("Content-Type") == "application/json"
            return answer.status, dict(answer.getheaders()), json.loads(text) if is_json else text
        finally:
            connection.close()

    def instant(self, query, at=None):
        status, _, answer = self.ask("query", [("query", query)] + ([("time", at)] if at else []))
        if status != 200:
            raise RuntimeError(f"{query}: {status} {answer}")
        return answer["data"]["result"]


def seconds(timestamp):
    return int(time.mktime(time.strptime(timestamp, "%Y-%m-%dT%H:%M:%SZ"))) - time.timezone


def check_figures(report, cluster, api):
    wait_until(lambda: api.instant("count(rate(container_cpu_usage_seconds_total[1m]))"), 90, "two ticks of history")
    pods = [pod["metadata"] for pod in cluster.metrics("pods")]
    served = {(pod["namespace"], pod["name"]) for pod in pods}

    def drawn():
        found = api.instant("pod_memory_working_set_bytes")
        return {(each["metric"]["namespace"], each["metric"]["pod"]) for each in found} == served
    wait_until(drawn, 60, "a series of every pod that is served")
    name_space = pods[0]["namespace"]
    path = f"/api/v1/model/namespaces/{name_space}/metrics/memory/usage"

    minutes = wait_until(lambda: Graphs(api.port).json(path)["metrics"], 150, "a whole minute of history")
    for point in minutes[-2:]:
        told = api.instant(f"sum(pod_memory_working_set_bytes{{namespace='{name_space}'}})",
                           seconds(point["timestamp"]))
        names = len(pods) * 3
        report.check("a namespace's memory is what the model API says, but for rounding to pages",
                     told and abs(int(told[0]["value"][1]) - point["value"]) <= 4096 * names, (told, point))
    return name_space, pods[0]["name"]


def check_headlamp(report, cluster, api, name_space, pod):
    now = int(time.time())
    selector = f"container!='',namespace='{name_space}',pod='{pod}'"
    expression = f"sum(rate(container_cpu_usage_seconds_total{{{selector}}}[1m])) by (pod,namespace)"
    status, headers, answer = api.ask("query_range", [("query", expression), ("start", now - 86400), ("end", now),
                                                      ("step", 345)])
    report.check("Headlamp's 24 hours of a pod are answered", status == 200 and answer["status"] == "success", answer)
    def last_minute():
        until = int(time.time())
        asked = api.ask("query_range", [("query", expression), ("start", until - 60), ("end", until), ("step", 10)])
        result = asked[2]["data"]["result"]
        return asked if result and len(result[0]["values"]) > 1 else None
    status, headers, answer = wait_until(last_minute, 60, "a curve of the pod")
    result = answer["data"]["result"]
    report.check("Headlamp's pod has one curve", len(result) == 1 and
                 result[0]["metric"] == {"namespace": name_space, "pod": pod} and len(result[0]["values"]) > 1, answer)
    report.check("no other origin is let in", "access-control-allow-origin" not in {key.lower() for key in headers})
    served = [each for each in cluster.metrics("pods") if each["metadata"]["name"] == pod][0]
    used = sum(int(each["usage"]["cpu"].rstrip("n") or 0) for each in served["containers"]) / 1e9
    drawn = float(result[0]["values"][-1][1])
    report.check("it draws about what kubectl top shows", used / 3 <= drawn <= used * 3, (used, drawn))
    status, _, answer = api.ask("query_range", [("query", "up"), ("start", now - 86400), ("end", now), ("step", 300)])
    report.check("Headlamp's probe of a port is answered", status == 200 and len(answer["data"]["result"]) == NODES,
                 answer)


def check_forms(report, api, name_space, pod):
    now = time.time()
    selector = f'container!="POD",container!="",image!="",pod=~"{pod}|other",namespace="{name_space}"'
    form = {"query": f"sum(container_memory_working_set_bytes{{{selector}}}) by (pod, namespace)",
            "start": str(int(now) - 3600), "end": str(int(now)), "step": "60", "kubernetes_namespace": name_space}
    status, _, answer = api.ask("query_range", method="POST", body=urllib.parse.urlencode(form), kind=FORM)
    report.check("Freelens' form is answered", status == 200 and len(answer["data"]["result"]) == 1, answer)
    status, _, answer = api.ask("query", [("query", "up"), ("time", int(now)), ("step", "300s")], "POST", b"",
                                "application/json")
    report.check("vmalert's POST without a body is answered",
                 status == 200 and len(answer["data"]["result"]) == NODES, answer)
    status, _, answer = api.ask("query", method="POST", body="query=1%2B1&time=4", kind=FORM)
    report.check("Grafana's health check gives a scalar",
                 answer == {"status": "success", "data": {"resultType": "scalar", "result": [4, "2"]}}, answer)
    status, _, answer = api.ask("label/node/values", [("match[]", "up")])
    report.check("the values of a label are those of the nodes", len(answer["data"]) == NODES, answer)
    status, _, answer = api.ask("metadata", [("metric", "up")])
    report.check("metadata says what up is", answer["data"]["up"][0]["type"] == "gauge", answer)
    status, _, answer = api.ask("query", [("query", "up[5m:1m]")])
    report.check("a subquery is refused by its name", status == 400 and "supported" in answer["error"], answer)
    report.check("kube_* are absent while objects are not watched", api.instant("kube_pod_info") == [])


def check_secure_port(report, cluster):
    status = cluster.probe("/graphs/api/v1/query?query=up")
    report.check("the secure port answers nobody unknown", status and status[0] in (401, 403), status)


def unpacked(option, program):
    """The path of a program of a Debian package that is unpacked, not installed; None: it cannot be had."""
    found = subprocess.run(["bash", ROOT / "scripts/deps.sh", option], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        print(f"left out: {program}: its package could not be fetched", flush=True)
        return None
    return pathlib.Path(found.stdout.strip()).parent / program


def check_promtool(report, api, promtool, name_space):
    url = f"http://127.0.0.1:{api.port}"

    def ask(*arguments):
        done = subprocess.run([promtool, "query", *arguments], capture_output=True, text=True, timeout=60, check=False)
        return done.stdout if done.returncode == 0 else f"status {done.returncode}: {done.stderr}"
    selector = f'container_memory_working_set_bytes{{namespace="{name_space}"}}'
    said = ask("instant", url, f"count({selector})")
    report.check("promtool reads an instant answer", said.startswith("{} => ") and int(said.split()[2]) > 0, said)
    start = str(int(time.time()) - 30)
    said = ask("range", f"--start={start}", "--step=10s", url, f"sum({selector})")
    report.check("promtool reads a range", said.startswith("{} =>") and said.count("@[") >= 2, said)
    said = ask("series", f"--match={selector}", url)
    report.check("promtool lists series",
                 said.count("container_memory_working_set_bytes") > 0 and "status" not in said, said)
    said = ask("labels", url, "node")
    report.check("promtool lists values of a label", len(said.split()) == NODES, said)


def check_vmalert(report, api, vmalert):
    with tempfile.TemporaryDirectory() as folder:
        rules = pathlib.Path(folder) / "rules.yml"
        rules.write_text(ALERTS, encoding="utf-8")
        port = free_port()
        process = Process([vmalert, f"-datasource.url=http://127.0.0.1:{api.port}", f"-rule={rules}",
                           "-notifier.url=http://127.0.0.1:1", f"-httpListenAddr=127.0.0.1:{port}",
                           "-evaluationInterval=1s"], pathlib.Path(folder) / "vmalert.log")
        try:
            def firing():
                try:
                    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                    connection.request("GET", "/api/v1/alerts")
                    return json.loads(connection.getresponse().read())["data"]["alerts"]
                except OSError:
                    return None
            alerts = wait_until(firing, 30, "an alert of vmalert")
            names = {alert["name"] for alert in alerts if alert["state"] == "firing"}
            report.check("a rule of vmalert fires by topd's figures, and another does not",
                         names == {"SomethingRuns"}, alerts)
            report.check("it fires for each node", len(alerts) == NODES, alerts)
        finally:
            process.stop()


def stored_series(prometheus, port):
    """What a Prometheus has of topd: the value at each time in milliseconds, by labels; and its own figures apart."""
    page, own = {}, set()
    for each in prometheus.instant('{job="topd"}[1h]'):
        name = each["metric"]["__name__"]
        if name == "up" or name.startswith("scrape_"):
            own.add(name)
        elif each["metric"].get("instance") == f"127.0.0.1:{port}":
            page[frozenset(each["metric"].items())] = {round(at * 1000): value for at, value in each["values"]}
    return page, own


def lines_of(page, port):
    """The lines of a page by the labels that they are stored with."""
    beside = {"instance": f"127.0.0.1:{port}", "job": "topd"}
    return {frozenset({"__name__": family, **labels, **beside}.items()): (value, at)
            for family, lines in samples(page).items() for labels, value, at in lines}


def missing(lines, stored):
    """Those that are not stored with their values, and with their times where they have some."""
    def there(key, value, at):
        found = stored.get(key, {})
        told = [found.get(int(at))] if at else list(found.values())
        return told and all(each is not None and float(each) == float(value) for each in told)
    return {key: (line, stored.get(key)) for key, line in lines.items() if not there(key, *line)}


def check_stored(report, cluster, prometheus, port):
    graphs = Graphs(port)
    wait_until(lambda: [each for each in prometheus.instant('up{job="topd"}') if each["value"][1] == "1"], 30,
               "a scrape of Prometheus")
    first = lines_of(graphs.get("/metrics/resource")[2], port)
    kubelets = {}
    timed = {key for key, (_, at) in first.items() if at}
    # A page later each line with a time has another one.
    def moved():
        # The simulator tells the last samples of each.
        for key, taken in Truth(cluster).samples.items():
            kubelets.setdefault(key, []).extend(taken)
        page = lines_of(graphs.get("/metrics/resource")[2], port)
        return page if all(page.get(key, first[key])[1] != first[key][1] for key in timed) else None
    second = wait_until(moved, 60, "new samples of all lines")
    for name, lines in (("first", first), ("second", second)):
        left = {}

        def there(lines=lines, left=left):
            left.clear()
            left.update(missing(lines, stored_series(prometheus, port)[0]))
            return not left
        with contextlib.suppress(TimeoutError):
            wait_until(there, 20, "what Prometheus stores")
        report.check(f"Prometheus stores the {name} page: each value at its own time, with all labels",
                     len(lines) > PODS * NODES and not left, (len(lines), len(left), list(left.items())[:2]))
    stored, own = stored_series(prometheus, port)
    report.check("it stores no series that is not on the page", set(stored) == set(first) | set(second) and
                 own == {"up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_series_added",
                         "scrape_samples_post_metric_relabeling"},
                 (own, [dict(key) for key in set(stored) ^ (set(first) | set(second))][:3]))
    found = {}
    for key, values in stored.items():
        labels = dict(key)
        found.setdefault(labels["__name__"], []).extend((labels, value, at) for at, value in values.items())
    for key, taken in Truth(cluster).samples.items():
        kubelets.setdefault(key, []).extend(taken)
    objections, seen = untrue(kubelets, found)
    report.check("all that it stores was shown by a kubelet", len(seen) > PODS * NODES and not objections,
                 (len(seen), objections[:2]))
    nodes = {dict(key)["node"] for key in stored}
    report.check("its series have the nodes' names", nodes == {node["metadata"]["name"]
                                                               for node in cluster.metrics("nodes")}, nodes)


def check_prometheus(report, cluster, program, port):
    with tempfile.TemporaryDirectory() as path:
        folder = pathlib.Path(path)
        (folder / "prometheus.yml").write_text(SCRAPES.format(port=port), encoding="utf-8")
        prometheus = Api(free_port())
        process = Process([program, f"--config.file={folder / 'prometheus.yml'}",
                           f"--storage.tsdb.path={folder / 'data'}",
                           f"--web.listen-address=127.0.0.1:{prometheus.port}"], folder / "prometheus.log")

        def answers():
            if not process.running():
                raise RuntimeError("prometheus ended: " + process.log()[-2000:])
            try:
                return prometheus.ask("query", [("query", "1")])[0] == 200
            except OSError:
                return False
        try:
            wait_until(answers, 30, "prometheus")
            check_stored(report, cluster, prometheus, port)
        finally:
            process.stop()


def check(report, options):
    port = free_port()
    flags = [f"--graphs-address=127.0.0.1:{port}", "--history-memory=16Mi", "--graphs-exposition"]
    with Cluster(options.topd, options.sim, nodes=NODES, pods=PODS, topd_flags=flags) as cluster:
        api = Api(port)
        report.attempt("figures come", cluster.wait_for_figures)
        found = report.attempt("figures", lambda: check_figures(report, cluster, api))
        if found:
            report.group("Headlamp", lambda: check_headlamp(report, cluster, api, *found))
            report.group("forms", lambda: check_forms(report, api, *found))
            if promtool := unpacked("--prometheus", "promtool"):
                report.group("promtool", lambda: check_promtool(report, api, promtool, found[0]))
        if prometheus := unpacked("--prometheus", "prometheus"):
            report.group("a Prometheus that scrapes", lambda: check_prometheus(report, cluster, prometheus, port))
        if vmalert := unpacked("--vmalert", "vmalert"):
            report.group("vmalert", lambda: check_vmalert(report, api, vmalert))
        report.group("the secure port", lambda: check_secure_port(report, cluster))
        check_clean_end(report, cluster)


if __name__ == "__main__":
    sys.exit(run(__doc__, check))
