# SPDX-License-Identifier: Apache-2.0
"""The engines that sinks write to, as processes on loopback, and what they hold."""
import http.client
import json
import math
import pathlib
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from ports import free_port  # noqa: E402


class Server:
    """A program in a folder of its own. stop() and start() keep its port and its data."""

    READY = "/"

    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.child = None
        self.prepare()

    def prepare(self):
        pass

    def command(self):
        raise NotImplementedError

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.child = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 30
        while time.monotonic() < end and self.child.poll() is None:
            try:
                if self.ask("GET", self.READY)[0] < http.client.BAD_REQUEST:
                    return self
            except OSError:
                time.sleep(0.05)
        self.kill()
        log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"{self.program} did not start: {log[-2000:]}")

    def kill(self):
        if self.child:
            self.child.kill()
            self.child.wait()

    __enter__ = start

    def __exit__(self, *_):
        self.kill()

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def json(self, path, **parameters):
        status, body = self.ask("GET", path + "?" + urllib.parse.urlencode(parameters))
        if status != http.client.OK:
            raise RuntimeError(f"{path} {parameters}: {status} {body[:500]}")
        return json.loads(body)


class PromApi(Server):
    """What asks like Prometheus."""

    def query(self, expression, at):
        return self.json("/api/v1/query", query=expression, time=at)["data"]["result"]

    def range(self, expression, start, end, step):
        return self.json("/api/v1/query_range", query=expression, start=start, end=end, step=step)["data"]["result"]

    def samples(self, name, start, end):
        """All raw samples of a metric: {labels as a sorted tuple: {time in ms: value}}."""
        length = end - start + 1
        found = {}
        for series in self.query(f'{{__name__="{name}"}}[{length}s]', end):
            labels = tuple(sorted((key, value) for key, value in series["metric"].items() if key != "__name__"))
            found[labels] = {round(at * 1000): float(value) for at, value in series["values"]}
        return found


class Prometheus(PromApi):
    READY = "/-/ready"
    # Of storage.tsdb.out_of_order_time_window; empty: none.
    window = "24h"

    def prepare(self):
        text = f"storage: {{tsdb: {{out_of_order_time_window: {self.window}}}}}\n" if self.window else "{}\n"
        (self.folder / "prometheus.yml").write_text(text, encoding="utf-8")

    def command(self):
        return [self.program, f"--config.file={self.folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={self.folder / 'data'}", "--web.enable-remote-write-receiver",
                f"--web.listen-address=127.0.0.1:{self.port}"]


class StrictPrometheus(Prometheus):
    window = ""


class VictoriaMetrics(PromApi):
    READY = "/health"

    def command(self):
        return [self.program, f"-storageDataPath={self.folder / 'data'}", f"-httpListenAddr=127.0.0.1:{self.port}",
                "-retentionPeriod=1", "-search.latencyOffset=0s", "-search.disableCache"]

    def samples(self, name, start, end):
        # What was written a moment ago is not to be seen before.
        self.ask("GET", "/internal/force_flush")
        status, body = self.ask("GET", "/api/v1/export?" + urllib.parse.urlencode(
            {"match[]": f'{{__name__="{name}"}}', "start": start, "end": end + 1, "reduce_mem_usage": 1}))
        if status != http.client.OK:
            raise RuntimeError(f"export {name}: {status} {body[:500]}")
        found = {}
        for line in body.splitlines():
            series = json.loads(line)
            labels = tuple(sorted((key, value) for key, value in series["metric"].items() if key != "__name__"))
            values = zip(series["timestamps"], series["values"], strict=True)
            # A line for each block of a series.
            mine = found.setdefault(labels, {})
            mine.update((at, math.nan if value is None else float(value)) for at, value in values)
        return found


class FullVictoriaMetrics(VictoriaMetrics):
    """One that takes its disk for full, until free() and a new start: it does not write when less than that is free."""
    is_full = True

    def command(self):
        return [*super().command(), *(["-storage.minFreeDiskSpaceBytes=1000000000000000"] if self.is_full else [])]

    def free(self):
        self.kill()
        self.is_full = False
        self.start()


class InfluxDb(Server):
    READY = "/ping"

    def prepare(self):
        self.rpc = free_port()
        (self.folder / "influxdb.conf").write_text(f"""
reporting-disabled = true
bind-address = "127.0.0.1:{self.rpc}"
[meta]
  dir = "{self.folder}/meta"
[data]
  dir = "{self.folder}/data"
  wal-dir = "{self.folder}/wal"
[http]
  bind-address = "127.0.0.1:{self.port}"
  log-enabled = false
[monitor]
  store-enabled = false
[retention]
  check-interval = "1s"
""", encoding="utf-8")

    def command(self):
        return [self.program, "-config", str(self.folder / "influxdb.conf")]

    def select(self, statement, db="k8s"):
        """Rows of a SELECT as dictionaries."""
        answer = self.json("/query", db=db, q=statement, epoch="s")["results"][0]
        if "error" in answer:
            raise RuntimeError(f"{statement}: {answer['error']}")
        rows = []
        for series in answer.get("series", []):
            for values in series["values"]:
                rows.append({**series.get("tags", {}), **dict(zip(series["columns"], values, strict=True))})
        return rows


class FullInfluxDb(InfluxDb):
    """One on a disk of its own that is too small, until free(). The disk is there for this process alone."""
    is_full = True

    def command(self):
        if not self.is_full:
            return super().command()
        data = f"mkdir -p {self.folder}/data && mount -t tmpfs -o size=64k none {self.folder}/data"
        return ["unshare", "--map-root-user", "--mount", "sh", "-c", f"{data} && exec {' '.join(super().command())}"]

    def free(self):
        """Moves to a larger disk: it does not write again before it is started anew."""
        inside = ["nsenter", f"--target={self.child.pid}", "--user", "--mount", "--preserve-credentials"]
        subprocess.run([*inside, "cp", "-a", f"{self.folder}/data", f"{self.folder}/kept"], check=True)
        self.kill()
        (self.folder / "data").rmdir()
        (self.folder / "kept").rename(self.folder / "data")
        self.is_full = False
        self.start()


def remote(server, **options):
    more = "&".join(f"{key}={value}" for key, value in options.items())
    return f"remote-write:http://127.0.0.1:{server.port}/api/v1/write?{more}"


def influx(server, **options):
    more = "&".join(f"{key}={value}" for key, value in options.items())
    return f"influxdb:http://127.0.0.1:{server.port}?{more}"
