# SPDX-License-Identifier: Apache-2.0
"""What each sink costs topd, to a receiver on loopback that takes everything: CPU above that without a sink, by point,
bytes as sent, memory, and whether nodes are still asked in time. Beside it vmagent, which asks the same kubelets and
writes to the same receiver."""
import dataclasses
import math
import time

from harness import wait_until

from . import idle, own_metrics, vmagent
from .lab import Lab
from .receiver import Receiver

INTERVALS = (60, 15)
# History of both tiers takes so much a container, with room.
BYTES_PER_CONTAINER = 2048
# A tick is written when it is over for all, and not in one piece.
SETTLED_SECONDS = 1
ASIDE_SECONDS = 4


def addresses(port):
    """{kind: its address without the interval}"""
    return {"remote-write": f"remote-write:http://127.0.0.1:{port}/api/v1/write?",
            "influxdb": f"influxdb:http://127.0.0.1:{port}?create=false&",
            "stdout": "stdout:?"}


def window(plan, interval):
    """Seconds of at least as many cycles as asked for, in which as many ticks are written each time."""
    return math.ceil(plan.cycles * plan.resolution / interval) * interval


def start(lab, plan, sinks):
    """topd with history and such sinks; its standard output is a file."""
    memory = max(64, int(plan.nodes * plan.pods * plan.containers) * BYTES_PER_CONTAINER // 2**20)
    flags = [f"--history-memory={memory}Mi", *[f"--sink={sink}" for sink in sinks]]
    lab.plan = dataclasses.replace(plan, topd_flags=[*plan.topd_flags, *flags])
    lab.start_subject(["sh", "-c", 'exec "$0" "$@" >' + lab.path("stdout")])
    lab.wait_for_figures()
    # A node's first regular scrape comes up to a third of the resolution late: that belongs to the start.
    time.sleep(2 * plan.resolution)


def sent(lab):
    text = own_metrics.of_subject(lab)
    return {what: own_metrics.total(text, f"topd_sink_{what}_total")
            for what in ("points_sent", "bytes_sent", "points_refused", "retries", "ticks_lost")}


def wait_for_a_tick(lab, seconds):
    """Until one has been written; so the next is an interval away."""
    last = 0

    def written():
        nonlocal last
        lab.require_running()
        before, last = last, sent(lab)["points_sent"]
        return last > 0 and last == before

    wait_until(written, seconds, "a tick that is written", SETTLED_SECONDS)
    # Neither end of what is measured is near a tick.
    time.sleep(ASIDE_SECONDS)


def without(lab, plan):
    start(lab, plan, [])
    late = own_metrics.sent_late(lab)
    result = idle.over(lab, window(plan, max(INTERVALS)))
    late = own_metrics.sent_late(lab) - late
    lab.stop_subject()
    return {**result, "sent_late": late}


def with_sink(lab, plan, address, interval, receiver):
    start(lab, plan, [f"{address}interval={interval}s"])
    wait_for_a_tick(lab, 2 * interval + 60)
    before, taken, late = sent(lab), receiver.taken(), own_metrics.sent_late(lab)
    result = idle.over(lab, window(plan, interval))
    after, now, late = sent(lab), receiver.taken(), own_metrics.sent_late(lab) - late
    lab.stop_subject()
    return {**result, "sent_late": late, **{what: after[what] - before[what] for what in after},
            "requests": now[0] - taken[0], "bytes_taken": now[1] - taken[1]}


def beside(lab, plan, interval, receiver):
    """The same of vmagent, as the subject."""
    with vmagent.Vmagent(lab, interval, receiver.port) as agent:
        # It begins with each node at another moment of the interval.
        time.sleep(interval + plan.resolution / 3)
        before, taken = agent.pushed(), receiver.taken()
        result = idle.over(lab, window(plan, interval))
        after, now = agent.pushed(), receiver.taken()
    given = lab.given(time.time_ns() - int((window(plan, interval) + interval) * 1e9))
    return {**result, **idle.punctuality(given, interval), "points_sent": after - before,
            "requests": now[0] - taken[0], "bytes_taken": now[1] - taken[1]}


def measure(plan):
    result = {"sinks": {}, "vmagent": {}}
    with Receiver() as receiver, Lab(plan, "topd") as lab:
        first = without(lab, plan)
        for kind, address in addresses(receiver.port).items():
            for interval in INTERVALS:
                result["sinks"][f"{kind}, {interval} s"] = with_sink(lab, plan, address, interval, receiver)
        # Machines change their pace within a quarter of an hour.
        result["without"] = [first, without(lab, plan)]
        for interval in INTERVALS:
            result["vmagent"][f"vmagent, {interval} s"] = beside(lab, plan, interval, receiver)
    return result


def late_words(of):
    return f"{of['late_scrapes']} of {of['gaps']}" + (f", {of['sent_late']} sent late" if "sent_late" in of else "")


def costs(of, cores):
    """A run's figures by point; `cores` is what of its CPU counts."""
    points = max(of["points_sent"], 1)
    size = of["bytes_taken"] or of.get("bytes_sent", 0)
    trouble = {what: of[what] for what in ("points_refused", "retries", "ticks_lost") if of.get(what)}
    return (f"{of['points_sent'] / of['wall_s']:.0f} points a s; {cores * of['wall_s'] / points * 1e6:.2f} us and "
            f"{size / points:.2f} bytes a point; {of['cpu_cores'] * 100:.2f} % of a core in all; RSS "
            f"{of['rss_mib']:.0f}, peak {of['peak_mib']:.0f} MiB; {of['requests']} requests; late "
            f"{late_words(of)}" + (f"; {trouble}" if trouble else ""))


def rows(result):
    cores = [of["cpu_cores"] for of in result["without"]]
    usual = sum(cores) / len(cores)
    lines = [("without a sink, at first and at last",
              ", ".join(f"{of['cpu_cores'] * 100:.2f} % of a core, RSS {of['rss_mib']:.0f} MiB, late "
                        f"{late_words(of)}" for of in result["without"]))]
    lines += [(name, f"{(of['cpu_cores'] - usual) * 100:+.2f} % of a core; " + costs(of, of["cpu_cores"] - usual))
              for name, of in result["sinks"].items()]
    lines += [(name, costs(of, of["cpu_cores"])) for name, of in result["vmagent"].items()]
    return lines
