#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares topd's evaluator with Debian's Prometheus (2.42) on the same samples: what tools ask, a line per construct,
and expressions of a seeded generator; instant and over ranges. Times hit no sample, since 2.42 closes intervals on the
left.

  differential_test.py --evaluate build/dev/bin/evaluate [--prometheus PATH] [--generated 2000] [--seed 1]

What may differ, and is recognised by rule and counted:
  zero bound   2.42 bounds rate() by a counter's zero before its limit of 1.1 distances (prometheus#13725): in some
               window of the query that matters (dataset.zero_bound_matters).
  left out     2.42 forgets pairs that a comparison leaves out before it asks whether a match is many-to-one.
  joined       2.42 refuses series that come to have the same labels at different times; 3.x joins them.
The last line is "N passed, N failed"."""

import argparse
import collections
import http.client
import json
import math
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

import dataset
import expressions
import generator
import remote_write

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from ports import free_port  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Times between samples: all lengths and steps are whole ticks.
ASIDE = 7_123
STEPS = (15_000, 60_000, 345_000, 600_000)
RELATIVE = 1e-9


class Prometheus:
    def __init__(self, program, folder):
        self.port = free_port()
        config = folder / "prometheus.yml"
        config.write_text("{}\n", encoding="utf-8")
        self.log = folder / "prometheus.log"
        with open(self.log, "wb") as log:
            self.child = subprocess.Popen(
                [
                    program,
                    f"--config.file={config}",
                    f"--storage.tsdb.path={folder / 'data'}",
                    "--web.enable-remote-write-receiver",
                    f"--web.listen-address=127.0.0.1:{self.port}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.connection = None

    def __enter__(self):
        end = time.monotonic() + 30
        while time.monotonic() < end and self.child.poll() is None:
            try:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.connection.request("GET", "/-/ready")
                answer = self.connection.getresponse()
                answer.read()
                if answer.status == http.client.OK:
                    return self
            except OSError:
                pass
            self.connection.close()
            time.sleep(0.05)
        self.__exit__()
        raise RuntimeError(f"prometheus did not become ready: {self.log.read_text(errors='replace')[-2000:]}")

    def __exit__(self, *_):
        if self.connection:
            self.connection.close()
        self.child.terminate()
        self.child.wait(timeout=30)

    def ask(self, asked):
        form = {"query": asked["query"]}
        path = "/api/v1/query"
        if "at" in asked:
            form["time"] = f"{asked['at'] / 1000:.3f}"
        else:
            path = "/api/v1/query_range"
            form.update({name: f"{asked[name] / 1000:.3f}" for name in ("start", "end", "step")})
        self.connection.request(
            "POST", path, urllib.parse.urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        answer = json.loads(self.connection.getresponse().read())
        return answer if answer["status"] == "error" else {"status": "success", **answer["data"]}


def write_samples(series, path):
    def as_json(value):
        if value is None:
            return "stale"
        return value if math.isfinite(value) else "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"

    with open(path, "w", encoding="utf-8") as out:
        for each in series:
            samples = [[when, as_json(value)] for when, value in sorted(each.points.items())]
            out.write(json.dumps({"labels": each.labels, "samples": samples}) + "\n")


def evaluate(program, samples, queries, folder):
    path = folder / "queries.jsonl"
    path.write_text("".join(json.dumps(query) + "\n" for query in queries), encoding="utf-8")
    lines = subprocess.run([program, samples, path], capture_output=True, text=True, check=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def number(text):
    return float(text.replace("Inf", "inf"))


def close(ours, theirs):
    if ours == theirs:
        return True
    a, b = number(ours), number(theirs)
    return (math.isnan(a) and math.isnan(b)) or (
        math.isfinite(a) and math.isfinite(b) and abs(a - b) <= RELATIVE * max(abs(a), abs(b))
    )


def points(series):
    return series["values"] if "values" in series else [series["value"]]


def difference(ours, theirs, ordered):
    """What differs, in words; None: nothing."""
    if ours["status"] != theirs["status"] or ours["status"] == "error":
        if ours["status"] == theirs["status"] and ours["errorType"] == theirs["errorType"]:
            return None
        return f"status: {ours.get('error', 'an answer')!r}, theirs {theirs.get('error', 'an answer')!r}"
    if ours["resultType"] != theirs["resultType"]:
        return f"type: {ours['resultType']}, theirs {theirs['resultType']}"
    mine, other = ours["result"], theirs["result"]
    if ours["resultType"] in ("scalar", "string"):
        same = mine[0] == other[0] and (
            mine[1] == other[1] if ours["resultType"] == "string" else close(mine[1], other[1])
        )
        return None if same else f"value: {mine}, theirs {other}"
    key = lambda series: sorted(series["metric"].items())  # noqa: E731
    if not ordered:
        mine, other = sorted(mine, key=key), sorted(other, key=key)
    if [key(series) for series in mine] != [key(series) for series in other]:
        return f"labels: {[series['metric'] for series in mine]}, theirs {[series['metric'] for series in other]}"
    for a, b in zip(mine, other):
        if [when for when, _ in points(a)] != [when for when, _ in points(b)]:
            return f"times of {a['metric']}: {points(a)[:40]}, theirs {points(b)[:40]}"
        for (when, x), (_, y) in zip(points(a), points(b)):
            if not close(x, y):
                return f"value of {a['metric']} at {when}: {x}, theirs {y}"
    return None


WINDOW = re.compile(r"(?:rate|increase)\((?:(\w+)|)(?:\{[^}]*\})?\[([0-9a-z]+)\](?: offset (-?)([0-9a-z]+))?")
UNITS = {"h": 3_600_000, "m": 60_000, "s": 1_000}


def millis(text):
    return sum(int(count) * UNITS[unit] for count, unit in re.findall(r"(\d+)([hms])", text))


def zero_bound_matters(asked, series):
    times = [asked["at"]] if "at" in asked else range(asked["start"], asked["end"] + 1, asked["step"])
    for name, length, minus, offset in WINDOW.findall(asked["query"]):
        move = millis(offset) * (-1 if minus else 1)
        for each in series:
            if (not name or each.name == name) and any(
                dataset.zero_bound_matters(each, when - move, millis(length)) for when in times
            ):
                return True
    return False


def cause(asked, ours, theirs, series):
    """Why they may differ, by the rules above; None: they may not."""
    query = asked["query"]
    if ours["status"] == "error" and theirs["status"] == "success":
        if "many-to-one matching must be explicit" in ours["error"] or "grouping labels must ensure" in ours["error"]:
            return "left out" if re.search(r"[<>]|==|!=", query) else None
        return None
    if theirs["status"] == "error" and ours["status"] == "success":
        same = "vector cannot contain metrics with the same labelset" in theirs["error"]
        return "joined" if same and "start" in asked and re.search(r"__name__|label_replace|\{", query) else None
    return "zero bound" if zero_bound_matters(asked, series) else None


def is_ordered(asked):
    # With groups the order of these is open.
    return "at" in asked and re.match(r"(sort|sort_desc|topk|bottomk)\(", asked["query"]) is not None


def asked_at(dice, query):
    """An instant and a range for each step."""
    moment = lambda: dataset.START + dice.randrange(-5, dataset.TICKS + 25) * dataset.TICK + ASIDE  # noqa: E731
    yield {"query": query, "at": moment()}
    for step in STEPS:
        start = dataset.START + dice.randrange(-40, dataset.TICKS // 2) * dataset.TICK + ASIDE
        yield {"query": query, "start": start, "end": start + step * dice.randrange(1, 25), "step": step}


def questions(generated, seed):
    dice = random.Random(seed)
    for part, texts in (
        ("tools", [*expressions.HEADLAMP, *expressions.FREELENS, *expressions.KITE, *expressions.OTHERS]),
        ("constructs", expressions.CONSTRUCTS),
        ("broken", expressions.BROKEN),
    ):
        for text in texts:
            for asked in asked_at(dice, text):
                yield part, asked
    made = generator.Generator(seed)
    for _ in range(generated):
        asked = list(asked_at(dice, made.expression()))
        yield "generated", asked[0]
        yield "generated", dice.choice(asked[1:])


def check_refusals(ours, theirs, report):
    for query, mine, other in zip(expressions.REFUSED_BY_NAME, ours, theirs):
        fine = (
            mine["status"] == "error"
            and mine["errorType"] == "bad_data"
            and "supported" in mine["error"]
            and other["status"] == "success"
        )
        report("refused by name", {"query": query}, None if fine else f"{mine}, theirs {other['status']}")


class Report:
    def __init__(self, shown):
        self.counts = collections.Counter()
        self.parts = collections.Counter()
        self.shown = shown

    def __call__(self, part, asked, fault, reason=None):
        self.parts[part] += 1
        if not fault:
            self.counts["same"] += 1
        elif reason:
            self.counts[reason] += 1
        else:
            self.counts["different"] += 1
            if self.counts["different"] <= self.shown:
                print(f"{part}: {json.dumps(asked)}\n    {fault}")


def compare_widened(asked, plain, widened, report):
    """With windows widened the answer is the same unless it says that one was."""
    for question, without, given in zip(asked, plain, widened):
        if given.pop("widened", 0) > 0:
            report.counts["widened"] += 1
            continue
        fault = difference(given, without, ordered=False)
        if fault:
            report("not widened", question, fault)


def run(options, folder):
    series = dataset.make(options.seed)
    samples = folder / "samples.jsonl"
    write_samples(series, samples)
    asked = list(questions(options.generated, options.seed))
    queries = [question for _, question in asked]
    refusals = [{"query": query, "at": dataset.END + ASIDE} for query in expressions.REFUSED_BY_NAME]
    ours = evaluate(options.evaluate, samples, queries, folder)
    widened = evaluate(options.evaluate, samples, [{**query, "widen": True} for query in queries], folder)
    ours_refused = evaluate(options.evaluate, samples, refusals, folder)
    report = Report(options.show)
    with Prometheus(options.prometheus, folder) as prometheus:
        for tick in dataset.by_tick(series):
            remote_write.send(prometheus.connection, tick)
        for (part, question), mine in zip(asked, ours):
            theirs = prometheus.ask(question)
            fault = difference(mine, theirs, is_ordered(question))
            report(part, question, fault, fault and cause(question, mine, theirs, series))
            report.counts["answered, not empty"] += theirs["status"] == "success" and bool(theirs["result"])
            report.counts["refused by both"] += theirs["status"] == mine["status"] == "error"
        check_refusals(ours_refused, [prometheus.ask(question) for question in refusals], report)
    compare_widened(queries, ours, widened, report)
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", default=ROOT / "build/dev/bin/evaluate")
    parser.add_argument("--prometheus", help="default: unpacked by scripts/deps.sh")
    parser.add_argument("--generated", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20, help="how many differences are printed")
    options = parser.parse_args()
    if not options.prometheus:
        options.prometheus = subprocess.run(
            ["bash", ROOT / "scripts/deps.sh", "--prometheus"], capture_output=True, text=True, check=True
        ).stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        report = run(options, pathlib.Path(folder))
    print("asked:", ", ".join(f"{part} {count}" for part, count in report.parts.items()))
    print("found:", ", ".join(f"{what} {count}" for what, count in sorted(report.counts.items())))
    asked = sum(report.parts.values())
    excused = sum(report.counts[why] for why in ("left out", "joined", "zero bound"))
    # What is excused is rare, and most that is asked has an answer: else the comparison says little.
    few = [text for bad, text in ((excused * 100 > asked, f"{excused} of {asked} are excused"),
                                  (report.counts["answered, not empty"] * 2 < asked, "most answers are empty")) if bad]
    for text in few:
        print(f"FAILED: {text}")
    failed = report.counts["different"] + len(few)
    print(f"{sum(report.parts.values()) - failed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
