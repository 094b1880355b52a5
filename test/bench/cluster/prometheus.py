# SPDX-License-Identifier: Apache-2.0
"""What Prometheus and VictoriaMetrics take for the hour that topd has, and how long each answers: CPU and working set
of all containers, read from topd and sent to them tick by tick by remote write, so that all three have the same
samples and labels. They have nothing else to do; topd goes on scraping."""
import collections
import http.client
import json
import math
import os
import statistics
import struct
import subprocess
import sys
import time

from harness import Process, wait_until
from ports import free_port

from . import TESTS, meters
from .client import METRICS
from .hour import SECONDS, Graphs, HourLab

sys.path.append(os.path.join(TESTS, "query"))
import remote_write  # noqa: E402

FAMILIES = ("container_cpu_usage_seconds_total", "container_memory_working_set_bytes")
REPEATS, LONG_REPEATS = 200, 9
# At rest: what was allocated while samples came is given back, or not, by then.
REST_SECONDS = 15
LOOKBACK_SECONDS = 300
# So that no sample is on a bound of a window, where Prometheus 2.42 counts it and 3.x does not.
ASIDE = 7
SUM = "sum(rate(container_cpu_usage_seconds_total[5m])) by (namespace)"


def headlamp(namespace, pod):
    of = f"namespace='{namespace}',pod='{pod}'"
    return {
        "CPU": f"sum(rate(container_cpu_usage_seconds_total{{container!='',{of}}}[1m])) by (pod,namespace)",
        "memory": f"sum(container_memory_working_set_bytes{{container!='',namespace='{namespace}',pod=~'{pod}'}}) "
                  "by (pod,namespace)",
        "network": f"sum(rate(container_network_receive_bytes_total{{{of}}}[1m])) by (pod,namespace)",
        "reads": f"sum(rate(container_fs_reads_bytes_total{{{of}}}[1m])) by (pod,namespace)",
    }


def program(option, name):
    script = os.path.join(TESTS, "..", "scripts", "deps.sh")
    path = subprocess.run(["bash", script, option], capture_output=True, text=True, check=True).stdout.strip()
    return os.path.join(os.path.dirname(path), name)


class Other:
    """A server of Prometheus' API that is fed. Use it in a `with`."""

    def __init__(self, lab, name, command, ready):
        self.port = free_port()
        self.name = name
        self.process = Process([part.format(port=self.port) for part in command], lab.path(name + ".log"),
                               lab.subject_cores)
        self.ready = ready

    def __enter__(self):
        wait_until(self._answers, 60, self.name)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.process.stop()

    @property
    def pid(self):
        return self.process.child.pid

    def _answers(self):
        if not self.process.running():
            raise RuntimeError(f"{self.name} ended: " + self.process.log()[-2000:])
        try:
            with Graphs(self.port) as graphs:
                return bool(graphs.read(self.ready))
        except (OSError, RuntimeError):
            return False


def others(lab):
    with open(lab.path("prometheus.yml"), "w", encoding="ascii") as config:
        config.write("{}\n")
    yield Other(lab, "prometheus", [program("--prometheus", "prometheus"),
                                    f"--config.file={lab.path('prometheus.yml')}",
                                    f"--storage.tsdb.path={lab.path('prometheus')}",
                                    "--web.enable-remote-write-receiver",
                                    "--web.listen-address=127.0.0.1:{port}"], "/-/ready")
    yield Other(lab, "victoria-metrics", [program("--vmalert", "victoria-metrics"),
                                          f"-storageDataPath={lab.path('victoria-metrics')}", "-retentionPeriod=1",
                                          "-httpListenAddr=127.0.0.1:{port}"], "/health")


def samples(lab, last):
    """{tick: [(the series as remote write has it, value)...]} of the hour before and at `last`."""
    ticks = collections.defaultdict(list)
    count = 0
    with lab.graphs() as graphs:
        namespaces = json.loads(graphs.read("/api/v1/label/namespace/values"))["data"]
        for family in FAMILIES:
            for name in namespaces:
                for series in graphs.query_range(f'{family}{{namespace="{name}"}}', last - SECONDS, last,
                                                 lab.plan.resolution):
                    count += 1
                    labels = b"".join(remote_write.field(1, remote_write.field(1, key.encode()) +
                                                         remote_write.field(2, text.encode()))
                                      for key, text in sorted(series["metric"].items()))
                    before = None
                    for at, value in series["values"]:
                        # A tick at which nothing was served ends it there.
                        if before and at > before + lab.plan.resolution:
                            ticks[before + lab.plan.resolution].append((labels, None))
                        ticks[at].append((labels, float(value)))
                        before = at
    return count, dict(sorted(ticks.items()))


def bits(value):
    return struct.pack("<Q", remote_write.STALE) if value is None else struct.pack("<d", value)


def feed(other, ticks):
    for at, rows in ticks.items():
        stamp = b"\x10" + remote_write.varint(int(at * 1000))
        body = b"".join(remote_write.field(1, labels + remote_write.field(2, b"\x09" + bits(value) + stamp))
                        for labels, value in rows)
        other.connection.request("POST", "/api/v1/write", remote_write.snappy_block(body),
                                 {"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf",
                                  "X-Prometheus-Remote-Write-Version": "0.1.0"})
        answer = other.connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 204):
            raise RuntimeError(f"{other.name}: {answer.status} {text[:300]!r}")
    if other.name == "victoria-metrics":
        with Graphs(other.port) as graphs:
            graphs.read("/internal/force_flush")


def ask(pid, port, expression, end, repeats):
    """Wall milliseconds at the client and CPU milliseconds of the server, and the last answer."""
    walls = []
    with Graphs(port) as graphs:
        graphs.query_range(expression, end - SECONDS, end, 60, nocache=1)
        spent = meters.spent(pid)
        for _ in range(repeats):
            begin = time.monotonic()
            answer = graphs.query_range(expression, end - SECONDS, end, 60, nocache=1)
            walls.append((time.monotonic() - begin) * 1e3)
        spent = meters.spent(pid) - spent
    return {"p50_ms": statistics.median(walls), "p99_ms": meters.percentile(walls, 0.99),
            "best_ms": min(walls), "cpu_ms": spent.cpu / repeats * 1e3, "series": len(answer)}, answer


def look(pid, port, expressions, end):
    """Resident memory at rest and at most while it answers, and what each expression takes."""
    time.sleep(REST_SECONDS)
    rss, _ = meters.memory_mib(pid)
    meters.reset_peak(pid)
    asked, answers = {}, {}
    for name, text in expressions.items():
        asked[name], answers[name] = ask(pid, port, text, end, LONG_REPEATS if name == "sum" else REPEATS)
    after, peak = meters.memory_mib(pid)
    return {"rss_mib": rss, "peak_mib": peak, "after_mib": after, "asked": asked}, answers


def difference(ours, theirs):
    """The greatest relative one of any value; infinite where one has a value that the other has not. Without the first
    minutes, for which topd has samples that it did not send."""
    def values(answer):
        return {(tuple(sorted(series["metric"].items())), at): float(value)
                for series in answer for at, value in series["values"]}

    a, b = values(ours), values(theirs)
    begin = max(min((at for _, at in of), default=0) for of in (a, b)) + LOOKBACK_SECONDS
    a, b = ({key: value for key, value in of.items() if key[1] > begin} for of in (a, b))
    if a.keys() != b.keys():
        return math.inf
    return max((abs(a[key] - b[key]) / max(abs(a[key]), 1e-9) for key in a), default=0)


def measure(plan):
    with HourLab(plan) as lab:
        history = lab.write_hour()
        lab.start_topd()
        lab.wait_for_figures()
        time.sleep(2 * plan.resolution)
        now = int(time.time())
        last = now - now % plan.resolution - 2 * plan.resolution
        count, ticks = samples(lab, last)
        with lab.client() as client:
            pod = json.loads(client.read(f"{METRICS}/pods?limit=1"))["items"][0]["metadata"]
        expressions = {**headlamp(pod["namespace"], pod["name"]), "sum": SUM}
        end = last - ASIDE
        servers = {}
        servers["topd"], ours = look(lab.pid, lab.port_of_graphs, expressions, end)
        # Its core is the others' from here on.
        lab.stop_subject()
        for other in others(lab):
            with other:
                begin = time.monotonic()
                feed(other, ticks)
                took = time.monotonic() - begin
                servers[other.name], answers = look(other.pid, other.port, expressions, end)
                servers[other.name]["fed_s"] = took
                # Rates of VictoriaMetrics are not extrapolated.
                if other.name == "prometheus":
                    servers[other.name]["difference"] = {name: difference(ours[name], answers[name]) for name in ours}
        return {"history": history, "series": count, "samples": sum(map(len, ticks.values())), "servers": servers}


def rows(result):
    lines = [("history", result["history"]),
             ("series, samples of each", f"{result['series']}, {result['samples']}")]
    for server, of in result["servers"].items():
        lines.append((f"{server}, RSS", f"RSS {of['rss_mib']:.0f}, peak {of['peak_mib']:.0f} MiB"))
        for name, one in of["asked"].items():
            off = of.get("difference", {}).get(name)
            lines.append((f"{server}, {name}",
                          f"p50 {one['p50_ms']:.2f}, best {one['best_ms']:.2f}, p99 {one['p99_ms']:.2f} ms, CPU "
                          f"{one['cpu_ms']:.2f} ms, {one['series']} series" +
                          (f", differs by {off:.1e}" if off is not None else "")))
    return lines
