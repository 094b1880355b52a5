# SPDX-License-Identifier: Apache-2.0
"""Parts of servers_test.py in which engines fail and senders are killed: nothing is lost, nothing stands twice."""
import contextlib
import time

from arrived import PAGE, check_influxdb, check_metric, check_prometheus, influx_rows, victoria_rows
from harness import wait_until
from past import TICK, Lab, served_memory
from servers import FullInfluxDb, FullVictoriaMetrics, InfluxDb, Prometheus, VictoriaMetrics, influx, remote
from weather import Weather

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
