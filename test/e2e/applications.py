# SPDX-License-Identifier: Apache-2.0
"""Applications with metrics of their own: one page of text per pod, on 127.0.2.N, whose figures the test sets.

Pods that have the annotation prometheus.io/scrape when they start get an address, which the kubelets' stand-in writes
into their status. The pods of an app (their label) share what the test gives it.
"""
import contextlib
import http.server
import threading
import time

from ports import free_port

SCRAPED = {"prometheus.io/scrape": "true"}


class App:
    """What the pods of an app say: requests per second of all together, a depth of each."""

    def __init__(self):
        self.rate = 0.0
        self.depth = 0.0


class Pod:
    def __init__(self, app, address):
        self.app, self.address = app, address
        self.requests = {"GET": 0.0, "POST": 0.0}
        self.at = time.monotonic()
        # What happens instead of the page: "hang", "nan" or "away".
        self.trouble = None
        self.scrapes = 0


class Applications:
    def __init__(self):
        self.port = free_port()
        self.lock = threading.Lock()
        self.apps = {}
        self.pods = {}
        self.servers = {}
        self.free = [f"127.0.2.{n}" for n in range(250, 0, -1)]
        self.stopping = threading.Event()

    def annotations(self, **more):
        return {**SCRAPED, "prometheus.io/port": str(self.port), **more}

    def stop(self):
        self.stopping.set()
        for server in self.servers.values():
            server.shutdown()
            server.server_close()

    # What the kubelets' stand-in tells.

    def address_of(self, pod):
        """None: it has no metrics."""
        if "prometheus.io/scrape" not in (pod["metadata"].get("annotations") or {}):
            return None
        key = (pod["metadata"]["namespace"], pod["metadata"]["name"])
        with self.lock:
            if key not in self.pods:
                name = (pod["metadata"].get("labels") or {}).get("app")
                app = self.apps.setdefault(name, App())
                self.advance()
                self.pods[key] = Pod(app, self.free.pop())
                self.listen(self.pods[key].address)
            return self.pods[key].address

    def follow(self, pods):
        """These run; those that are gone share no more."""
        live = {(pod["metadata"]["namespace"], pod["metadata"]["name"]) for pod in pods}
        with self.lock:
            self.advance()
            for key in set(self.pods) - live:
                self.free.insert(0, self.pods.pop(key).address)

    # What the test sets.

    def rate(self, app, per_second):
        with self.lock:
            self.advance()
            self.apps.setdefault(app, App()).rate = per_second

    def depth(self, app, depth):
        with self.lock:
            self.apps.setdefault(app, App()).depth = depth

    def trouble(self, name, trouble):
        with self.lock:
            next(pod for key, pod in self.pods.items() if key[1] == name).trouble = trouble

    def names(self, app):
        with self.lock:
            return sorted(key[1] for key, pod in self.pods.items() if pod.app is self.apps.get(app))

    # The pages.

    def advance(self):
        now = time.monotonic()
        sharing = {}
        for pod in self.pods.values():
            sharing[pod.app] = sharing.get(pod.app, 0) + 1
        for pod in self.pods.values():
            got = (now - pod.at) * pod.app.rate / sharing[pod.app]
            # A quarter are POSTs.
            pod.requests["GET"] += got * 0.75
            pod.requests["POST"] += got * 0.25
            pod.at = now

    def page(self, address):
        """The page and what happens instead of it."""
        with self.lock:
            self.advance()
            pod = next((pod for pod in self.pods.values() if pod.address == address), None)
            if pod is None:
                return None, "away"
            pod.scrapes += 1
            depth = "NaN" if pod.trouble == "nan" else f"{pod.app.depth:g}"
            requests = [f'http_requests_total{{code="200",verb="{verb}"}} {"NaN" if pod.trouble == "nan" else count}'
                        for verb, count in pod.requests.items()]
            lines = ["# HELP http_requests_total Requests.", "# TYPE http_requests_total counter", *requests,
                     "# TYPE queue_depth gauge", f'queue_depth{{queue="mail"}} {depth}', ""]
            return "\n".join(lines).encode(), pod.trouble

    def listen(self, address):
        if address in self.servers:
            return
        server = http.server.ThreadingHTTPServer((address, self.port), self.handler(address))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.servers[address] = server

    def handler(applications, address):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                page, trouble = applications.page(address)
                if trouble == "hang":
                    applications.stopping.wait(30)
                if trouble in ("hang", "away"):
                    return
                with contextlib.suppress(OSError):
                    self.send_response(200 if self.path == "/metrics" else 404)
                    self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                    self.send_header("Content-Length", str(len(page)))
                    self.end_headers()
                    self.wfile.write(page)

            def log_message(self, *args):
                pass
        return Handler
