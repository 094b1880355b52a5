#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sinks against the real engines, on loopback: half an hour of a cluster with pods that come and go, restarts and
silent nodes arrives as it was served, through outages and kill -9 too.

  servers_test.py --lab build/dev/bin/sink_lab --prometheus P --victoria-metrics P --influxd P [--only PART]

The last line is "N passed, N failed"."""
import argparse
import contextlib
import json
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "test/simulated"), str(ROOT / "test")]
from arrived import check_ends, check_influxdb, check_prometheus, influx_rows, victoria_rows  # noqa: E402
from harness import Report, wait_until  # noqa: E402
from outages import full_disks, kills, outages  # noqa: E402
from past import TICK, Lab  # noqa: E402
from servers import InfluxDb, Prometheus, StrictPrometheus, VictoriaMetrics, influx, remote  # noqa: E402


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
