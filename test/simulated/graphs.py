# SPDX-License-Identifier: Apache-2.0
"""The port for graphs, and the page for Prometheus that is there."""
import http.client
import json
import re
import urllib.parse


class Graphs:
    def __init__(self, port):
        self.port = port

    def get(self, path, headers=None, method="GET"):
        """Status, headers and body of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, headers={"Accept": "application/json, */*", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()

    def json(self, path):
        status, _, body = self.get(path)
        if status != 200:
            raise RuntimeError(f"{path}: {status} {body[:200]}")
        return json.loads(body)

    def query(self, expression):
        return self.series("query", query=expression)

    def series(self, path, **parameters):
        """What Prometheus' query API finds."""
        return self.json(f"/api/v1/{path}?{urllib.parse.urlencode(parameters)}")["data"]["result"]


# Name, labels, value, and the time in milliseconds if there is one.
SAMPLE = re.compile(r"(\w+)\{((?:\w+=\"[^\"\\]*\",?)+)\} (\S+)(?: (\d+))?")


def samples(page):
    """The lines of a page by family, in their order: {family: [(labels, value, time)]}. What is none is an error, and
    so is a family in two places."""
    found, head = {}, None
    for line in page.splitlines():
        if line.startswith("# HELP "):
            head = line.split()[2]
            if head in found:
                raise RuntimeError(f"{head} comes twice")
            found[head] = []
        elif not line.startswith("# TYPE "):
            match = SAMPLE.fullmatch(line)
            if not match or match[1] != head:
                raise RuntimeError(f"not a sample of {head}: {line}")
            found[head].append((dict(re.findall(r'(\w+)="([^"]*)"', match[2])), match[3], match[4]))
    return found


def untrue(kubelets, found):
    """Of lines by family those that no kubelet has shown so (Truth.samples), and of whom there are lines."""
    objections, seen = [], set()
    for family, figure in (("container_cpu_usage_seconds_total", 1), ("container_memory_working_set_bytes", 2),
                           ("node_cpu_usage_seconds_total", 1), ("node_memory_working_set_bytes", 2)):
        for labels, value, at in found.get(family, []):
            key = labels["node"] if family.startswith("node") else \
                (labels["namespace"], labels["pod"], labels["container"])
            seen.add((family, key))
            shown = {taken[0]: taken[figure] for taken in kubelets.get(key, [])}
            told = round(float(value) * 1e9) if figure == 1 else int(value)
            if abs(shown.get(int(at), -1000) - told) > (1 if figure == 1 else 0):
                objections.append((family, key, value, at, shown))
    return objections, seen
