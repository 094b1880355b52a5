#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sinks against the real engines, on loopback: half an hour of a cluster with pods that come and go, restarts and
silent nodes arrives as it was served, through outages and kill -9 too.

  servers_test.py --lab build/dev/bin/sink_lab --prometheus P --victoria-metrics P --influxd P [--only PART]

The last line is "N passed, N failed"."""
import argparse
import contextlib
import http.server
import json
import math
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "test/sim"), str(ROOT / "test")]
from harness import Report, wait_until  # noqa: E402
from ports import free_port  # noqa: E402
from servers import FullInfluxDb, FullVictoriaMetrics, InfluxDb, Prometheus, StrictPrometheus, VictoriaMetrics  # noqa: E402

TICK = 15
# Of history (docs/decisions/0021): memory to the page, CPU to a thousandth.
PAGE = 4096
MILLI = 1_000_000


class Lab:
    """The program that tells a cluster of the past to sinks."""

    def __init__(self, program, folder, sinks, ticks, name="lab", start=None, **more):
        self.folder = pathlib.Path(folder)
        self.truth_path = self.folder / f"{name}.truth"
        self.start = start or (int(time.time()) - ticks * TICK) // 60 * 60
        self.arguments = [program, f"--truth={self.truth_path}", f"--places={self.folder / name}.places",
                          f"--start={self.start}", f"--ticks={ticks}", *[f"--sink={sink}" for sink in sinks],
                          *[f"--{key.replace('_', '-')}={value}" for key, value in more.items()]]
        self.out = self.folder / f"{name}.out"
        self.log = self.folder / f"{name}.log"
        with open(self.out, "wb") as out, open(self.log, "wb") as log:
            self.child = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=log,
                                          env={**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=8"})

    def wait(self, seconds=240):
        """The sinks' own counts, by their number."""
        try:
            status = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            status = "too slow"
        log = self.log.read_text(encoding="utf-8", errors="replace")
        if status != 0:
            raise RuntimeError(f"the lab ended with {status}: {log[-3000:]}")
        return [json.loads(line[7:]) for line in log.splitlines() if line.startswith("REPORT ")]

    def kill(self):
        self.child.kill()
        self.child.wait()

    def ticks_told(self):
        lines = self.out.read_text(encoding="utf-8", errors="replace").splitlines()
        numbers = [int(line) for line in lines if line.isdigit()]
        return numbers[-1] if numbers else 0

    def truth(self):
        return [json.loads(line) for line in self.truth_path.read_text(encoding="utf-8").splitlines()]


def of_container(row):
    return (row["namespace"], row["pod"], row["container"])


def served_memory(truth, every):
    """{(namespace, pod, container): {time: bytes}} at the ticks that sinks tell."""
    found = {}
    for tick in truth:
        if tick["at"] % every == 0:
            for row in tick["containers"]:
                found.setdefault(of_container(row), {})[tick["at"]] = row["memory"]
    return found


def served_cpu(truth, every):
    """The same with nanocores."""
    found = {}
    for tick in truth:
        if tick["at"] % every == 0:
            for row in tick["containers"]:
                found.setdefault(of_container(row), {})[tick["at"]] = row["cpu"]
    return found


def counters(truth, every):
    """CPU seconds since the container's start: each tick counts what was served at its end, and so do those before it
    at which nothing was."""
    found, lives = {}, {}
    for tick in truth:
        for row in tick["containers"]:
            key = of_container(row)
            started, total, last = lives.get(key, (None, 0, tick["at"]))
            if started != row["started"]:
                total, ticks = 0, 1
            else:
                ticks = (tick["at"] - last) // TICK
            total += row["cpu"] / 1e9 * TICK * ticks
            lives[key] = (row["started"], total, tick["at"])
            if tick["at"] % every == 0:
                found.setdefault(key, {})[tick["at"]] = total
    return found


def differences(served, arrived, is_same):
    """What of the two is not alike, in words; the first few."""
    found = []
    for key in sorted(served.keys() | arrived.keys()):
        mine, theirs = served.get(key, {}), arrived.get(key, {})
        for at in sorted(mine.keys() | theirs.keys()):
            if at not in theirs or at not in mine:
                found.append(f"{key} at {at}: served {mine.get(at)}, arrived {theirs.get(at)}")
            elif not is_same(theirs[at], mine[at]):
                found.append(f"{key} at {at}: served {mine[at]}, arrived {theirs[at]}")
    return found


def count(points):
    return sum(len(each) for each in points.values())


def prometheus_points(server, name, lab, ticks):
    """By container, without markers of ends."""
    points = {}
    for labels, samples in server.samples(name, lab.start, lab.start + ticks * TICK + 60).items():
        known = dict(labels)
        key = (known["namespace"], known["pod"], known["container"])
        if known["job"] != "topd" or known["instance"] != known["node"] or not known["image"]:
            raise RuntimeError(f"labels of {name}: {known}")
        mine = points.setdefault(key, {})
        for at, value in samples.items():
            if not math.isnan(value):
                if at // 1000 in mine:
                    raise RuntimeError(f"{key} stands twice at {at}")
                mine[at // 1000] = value
    return points


def check_metric(report, what, server, metric, lab, ticks, served, is_same):
    """Engines show what they took a moment later."""
    def wrong():
        return differences(served, prometheus_points(server, metric, lab, ticks), is_same)

    with contextlib.suppress(TimeoutError):
        wait_until(lambda: not wrong(), 20, what)
    found = wrong()
    report.check(f"{what}, {count(served)} points", count(served) > 0 and not found, found[:3])


def check_prometheus(report, name, server, lab, ticks, every):
    truth = lab.truth()
    check_metric(report, f"{name}: memory arrives to the page", server, "container_memory_working_set_bytes", lab,
                 ticks, served_memory(truth, every), lambda told, served: abs(told - served) < PAGE)
    check_metric(report, f"{name}: the counters of CPU are the integral of what was served", server,
                 "container_cpu_usage_seconds_total", lab, ticks, counters(truth, every),
                 lambda told, served: abs(told - served) <= served * 0.0011 + 0.01)


def check_ends(report, name, server, lab, every):
    """At each tick that was told, an engine that looks back five minutes shows those alone that were served then."""
    wrong = []
    for tick in lab.truth()[TICK:]:
        if tick["at"] % every == 0:
            shown = server.query("count(container_memory_working_set_bytes) or vector(0)", tick["at"])
            if int(shown[0]["value"][1]) != len(tick["containers"]):
                wrong.append(f"{tick['at']}: {shown[0]['value'][1]} of {len(tick['containers'])}")
    report.check(f"{name}: what has ended is not shown any more", not wrong, wrong[:5])


def check_influxdb(report, name, rows, lab, every):
    truth = lab.truth()
    for field, served, is_same in (
            ("working_set", served_memory(truth, every), lambda told, mine: abs(told - mine) < PAGE),
            # Millicores, whole ones.
            ("usage_rate", served_cpu(truth, every),
             lambda told, mine: abs(told * MILLI - mine) <= MILLI + mine * 0.0011)):
        arrived = {}
        for row in rows[field]:
            key = (row["namespace_name"], row["pod_name"], row["container_name"])
            arrived.setdefault(key, {})[row["time"]] = row["value"]
        wrong = differences(served, arrived, is_same)
        report.check(f"{name}: {field} of all {count(served)} points arrives", count(served) > 0 and not wrong,
                     wrong[:3])


def influx_rows(server, schema="b"):
    tags = "GROUP BY namespace_name, pod_name, container_name"
    if schema == "a":
        return {"working_set": server.select(
                    f"""SELECT value FROM "memory/working_set" WHERE "type" = 'pod_container' {tags}"""),
                "usage_rate": server.select(
                    f"""SELECT value FROM "cpu/usage_rate" WHERE "type" = 'pod_container' {tags}""")}
    return {"working_set": server.select(
                f"""SELECT working_set AS value FROM memory WHERE "type" = 'pod_container' {tags}"""),
            "usage_rate": server.select(
                f"""SELECT usage_rate AS value FROM cpu WHERE "type" = 'pod_container' {tags}""")}


def victoria_rows(server, lab, ticks):
    found = {}
    for field, name in (("working_set", "memory_working_set"), ("usage_rate", "cpu_usage_rate")):
        rows = []
        for labels, samples in server.samples(name, lab.start, lab.start + ticks * TICK + 60).items():
            known = dict(labels)
            if known["type"] == "pod_container":
                rows += [{**known, "time": at // 1000, "value": value} for at, value in samples.items()]
        found[field] = rows
    return found


def remote(server, **options):
    more = "&".join(f"{key}={value}" for key, value in options.items())
    return f"remote-write:http://127.0.0.1:{server.port}/api/v1/write?{more}"


def influx(server, **options):
    more = "&".join(f"{key}={value}" for key, value in options.items())
    return f"influxdb:http://127.0.0.1:{server.port}?{more}"


def arrival(report, options, folder):
    """Everything at once: each sink has all points, whatever the others do."""
    ticks, every = 120, 30
    with contextlib.ExitStack() as stack:
        prometheus = stack.enter_context(Prometheus(options.prometheus, folder / "prometheus"))
        strict = stack.enter_context(StrictPrometheus(options.prometheus, folder / "strict"))
        victoria = stack.enter_context(VictoriaMetrics(options.victoria_metrics, folder / "victoria"))
        lines = stack.enter_context(VictoriaMetrics(options.victoria_metrics, folder / "lines"))
        lines2 = stack.enter_context(VictoriaMetrics(options.victoria_metrics, folder / "lines2"))
        influxdb = stack.enter_context(InfluxDb(options.influxd, folder / "influxdb"))
        old = stack.enter_context(InfluxDb(options.influxd, folder / "old"))
        interval = f"{every}s"
        lab = Lab(options.lab, folder,
                  [remote(prometheus, interval=interval), remote(strict, interval=interval),
                   remote(victoria, interval=interval), influx(lines, interval=interval, retention="7d"),
                   influx(lines2, interval=interval, org="o", bucket="k8s"),
                   influx(influxdb, interval=interval, retention="7d"),
                   influx(old, interval=interval, withfields="false"), f"stdout:?interval={interval}"], ticks,
                  interval=every)
        reports = lab.wait()
        for each in reports:
            report.check(f"{each['sink'].split(':')[0]}: nothing was refused, repeated or lost",
                         each["sent"] > 0 and not each["refused"] and not each["retries"] and
                         each["already_there"] == each["dropped"] == each["lost_ticks"] == each["waiting"] == 0, each)
        for name, server in (("Prometheus", prometheus), ("Prometheus without a window", strict),
                             ("VictoriaMetrics", victoria)):
            check_prometheus(report, name, server, lab, ticks, every)
        check_ends(report, "Prometheus", prometheus, lab, every)
        stored = prometheus.query('{__name__=~".+"}[1h]', lab.start + ticks * TICK)
        ends = reports[0]["sent"] - sum(len(one["values"]) for one in stored)
        report.check("Prometheus holds as many samples as were sent, but for the markers of ends",
                     0 < ends < reports[0]["sent"] * 0.1, f"{ends} of {reports[0]['sent']}")
        check_influxdb(report, "InfluxDB", influx_rows(influxdb), lab, every)
        check_influxdb(report, "InfluxDB, Heapster's names", influx_rows(old, "a"), lab, every)
        check_influxdb(report, "VictoriaMetrics, lines", victoria_rows(lines, lab, ticks), lab, every)
        check_influxdb(report, "VictoriaMetrics, lines of version 2", victoria_rows(lines2, lab, ticks), lab, every)
        policies = influxdb.select('SHOW RETENTION POLICIES ON "k8s"')
        report.check("InfluxDB keeps for as long as was asked",
                     [row for row in policies if row["default"]][0]["duration"] == "168h0m0s", policies)
        told = [json.loads(line) for line in lab.out.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
        report.check("stdout has a line of JSON for each thing", len(told) == reports[-1]["sent"],
                     f"{len(told)} of {reports[-1]['sent']}")


class Weather(http.server.ThreadingHTTPServer):
    """Stands before a server, and is what a test says: well, or a number of a status, or hang, cut, half, away."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, behind):
        self.behind, self.mood, self.seen, self.lock = behind, "well", [], threading.Lock()
        self.full = 0
        self.released = threading.Event()
        super().__init__(("127.0.0.1", free_port()), _Answer)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def set(self, mood):
        with self.lock:
            self.mood = mood
        self.released.set()
        self.released = threading.Event()

    def answered_full(self, times):
        return self.full >= times

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.set("well")
        self.shutdown()
        self.server_close()


class _Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def _handle(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server = self.server
        mood, released = server.mood, server.released
        server.seen.append(mood)
        if mood == "hang":
            released.wait(60)
            mood = "cut"
        if mood in ("cut", "away"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if mood.isdigit():
            self.send_response(int(mood))
            if mood == "429":
                self.send_header("Retry-After", "1")
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"busy\n")
            return
        headers = {key: value for key, value in self.headers.items() if key.lower() not in ("host", "connection")}
        try:
            status, answer = server.behind.ask(self.command, self.path, body, headers)
        except OSError:
            # It is being started again.
            self.close_connection = True
            return
        if mood == "half":
            # It was taken, and nobody is told.
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 20")
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if "no space left" in answer or "read-only mode" in answer:
            server.full += 1
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer.encode())))
        self.end_headers()
        self.wfile.write(answer.encode())

    do_GET = do_POST = _handle


MOODS = ("cut", "429", "500", "503", "half", "hang")


def outages(report, options, folder):
    """Receivers behind bad weather: in the end everything is there, once."""
    ticks = 120
    for name, kind, program, address, check in (
            ("Prometheus", Prometheus, options.prometheus, remote, "prometheus"),
            ("VictoriaMetrics", VictoriaMetrics, options.victoria_metrics, remote, "prometheus"),
            ("InfluxDB", InfluxDb, options.influxd, influx, "influxdb")):
        with kind(program, folder / f"out-{name}") as server, Weather(server) as weather:
            lab = Lab(options.lab, folder, [address(weather, interval="15s", timeout="1s")], ticks,
                      name=f"out-{name}", pause=60)
            for mood in MOODS:
                weather.set(mood)
                wait_until(lambda mood=mood: mood in weather.seen, 30, f"{name} is asked while it is {mood}", 0.05)
                weather.set("well")
                before = len(weather.seen)
                wait_until(lambda before=before: len(weather.seen) > before + 3 or lab.child.poll() is not None, 30,
                           f"{name} is asked again", 0.05)
            counts = lab.wait()[0]
            report.check(f"{name}: after {', '.join(MOODS)} nothing is refused, dropped or left",
                         not counts["refused"] and counts["dropped"] == counts["lost_ticks"] == counts["waiting"] == 0
                         and {"server_error", "too_many_requests", "unreachable"} <= counts["retries"].keys(), counts)
            if check == "prometheus":
                check_prometheus(report, f"{name} after outages", server, lab, ticks, TICK)
            else:
                check_influxdb(report, f"{name} after outages", influx_rows(server), lab, TICK)


def full_disks(report, options, folder):
    """A receiver whose disk is full says so in its own way; when there is room again everything arrives, once."""
    ticks = 20
    for name, kind, program, address in (
            ("VictoriaMetrics", FullVictoriaMetrics, options.victoria_metrics, remote),
            ("VictoriaMetrics, lines", FullVictoriaMetrics, options.victoria_metrics, influx),
            ("InfluxDB", FullInfluxDb, options.influxd, influx)):
        short = name.replace(", ", "-")
        with kind(program, folder / f"full-{short}") as server, Weather(server) as weather:
            lab = Lab(options.lab, folder, [address(weather, interval="15s", timeout="2s")], ticks,
                      name=f"full-{short}", pods=300)
            wait_until(lambda weather=weather: weather.answered_full(3), 60, f"{name} is full", 0.05)
            server.free()
            counts = lab.wait()[0]
            report.check(f"{name}: with a full disk nothing is refused or dropped, and it is asked again",
                         not counts["refused"] and counts["dropped"] == counts["lost_ticks"] == counts["waiting"] == 0
                         and counts["retries"].get("server_error", 0) >= 2, counts)
            if address is remote:
                check_prometheus(report, f"{name} when there is room", server, lab, ticks, TICK)
            else:
                rows = influx_rows(server) if kind is FullInfluxDb else victoria_rows(server, lab, ticks)
                check_influxdb(report, f"{name} when there is room", rows, lab, TICK)


def kills(report, options, folder):
    """kill -9 of the sender while its receiver comes and goes: with a spool nothing is lost, nothing stands twice."""
    ticks = 120
    for name, kind, program, address in (("Prometheus", Prometheus, options.prometheus, remote),
                                         ("InfluxDB", InfluxDb, options.influxd, influx)):
        with kind(program, folder / f"kill-{name}") as server, Weather(server) as weather:
            start = (int(time.time()) - ticks * TICK) // 60 * 60
            told, starts = 0, 0
            sinks = [address(weather, interval="15s", timeout="1s")]
            spool = folder / f"kill-{name}-spool"
            while starts < 8:
                lab = Lab(options.lab, folder, sinks, ticks, name=f"kill-{name}", start=start, told=told, pause=20,
                          sink_spool_dir=spool)
                weather.set(("half", "away", "well", "500")[starts % 4])
                goal = told + 12
                with contextlib.suppress(TimeoutError):
                    wait_until(lambda lab=lab, goal=goal: lab.ticks_told() >= goal or lab.child.poll() is not None, 60,
                               "ticks are told", 0.01)
                lab.kill()
                told = max(told, lab.ticks_told())
                starts += 1
            weather.set("well")
            lab = Lab(options.lab, folder, sinks, ticks, name=f"kill-{name}", start=start, told=told,
                      sink_spool_dir=spool)
            counts = lab.wait()[0]
            report.check(f"{name}: after {starts} kills nothing is refused or dropped",
                         not counts["refused"] and counts["dropped"] == counts["waiting"] == 0, counts)
            if kind is InfluxDb:
                check_influxdb(report, f"{name} after kills", influx_rows(server), lab, TICK)
            else:
                check_metric(report, f"{name} after kills: memory arrives", server,
                             "container_memory_working_set_bytes", lab, ticks, served_memory(lab.truth(), TICK),
                             lambda mine, served: abs(mine - served) < PAGE)


def persistence(report, options, folder):
    """The check of the old guides: the engine is killed and started on its folder, and the curve is still there. On
    another folder it is not."""
    ticks = 40
    with InfluxDb(options.influxd, folder / "kept") as server:
        lab = Lab(options.lab, folder, [influx(server, interval="15s")], ticks, name="kept")
        lab.wait()
        before = influx_rows(server)
        server.kill()
        server.start()
        report.check("InfluxDB killed and started on its folder shows the same",
                     influx_rows(server) == before and len(before["usage_rate"]) > 0)
        check_influxdb(report, "InfluxDB started again", influx_rows(server), lab, TICK)
    with InfluxDb(options.influxd, folder / "fresh") as server:
        answer = server.ask("GET", "/query?db=k8s&q=SELECT+*+FROM+cpu")
        report.check("InfluxDB on a fresh folder has lost it", "database not found" in answer[1], answer)


def retention(report, options, folder):
    """What is older than topd was told to have kept goes; what is younger stays."""
    hour, ticks = 3600, 40
    with InfluxDb(options.influxd, folder / "short") as server:
        # Shards of an hour: a whole one goes at a time.
        server.ask("POST", "/query?q=CREATE+DATABASE+k8s+WITH+DURATION+7d+SHARD+DURATION+1h+NAME+%22default%22")
        old = Lab(options.lab, folder, [influx(server, interval="15s")], ticks, name="old",
                  start=int(time.time()) // hour * hour - 4 * hour)
        old.wait()
        check_influxdb(report, "InfluxDB with an owner's retention of a week", influx_rows(server), old, TICK)
        new = Lab(options.lab, folder, [influx(server, interval="15s", retention="1h")], ticks, name="new",
                  start=int(time.time()) // 60 * 60 - ticks * TICK)
        new.wait()
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: min(row["time"] for row in influx_rows(server)["usage_rate"]) >= new.start, 20,
                       "what is old goes", 0.2)
        check_influxdb(report, "InfluxDB with topd's retention of an hour: the old is gone", influx_rows(server), new,
                       TICK)


PARTS = {"arrival": arrival, "outages": outages, "full disks": full_disks, "kills": kills, "persistence": persistence,
         "retention": retention}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("lab", "prometheus", "victoria-metrics", "influxd"):
        arguments.add_argument(f"--{name}", required=True)
    arguments.add_argument("--only", action="append", choices=PARTS)
    options = arguments.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="topd-sinks-") as folder:
        for name, part in PARTS.items():
            if not options.only or name in options.only:
                report.group(name, lambda part=part: part(report, options, pathlib.Path(folder)))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
