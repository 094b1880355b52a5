# SPDX-License-Identifier: Apache-2.0
"""Kubelets (and the scheduler) of a control plane that has no nodes.

One TLS listener a node on 127.0.1.N serves /metrics/resource with growing counters for the pods that the API server
says are on that node, to whoever the API server lets get nodes/metrics (TokenReview and SubjectAccessReview, as real
kubelets do). Pending pods are bound, and marked Running and Ready, which is all that the HorizontalPodAutoscaler needs.

Load comes from pod annotations: e2e/cpu-milli, e2e/memory-mib and e2e/swap-mib of each container, or e2e/load-milli,
which all pods with the same label app share. Of the nodes the first has swap, 256 MiB of 1 GiB in use.
"""
import contextlib
import http.client
import http.server
import json
import ssl
import threading
import time
import urllib.error
import urllib.request

# Pods of topd's own Deployment stay pending: topd runs outside, and its Service must not get their addresses.
IGNORED = "metrics-server"
SWAPPING = "n1"


def iso(t):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t))


class Kubelets:
    def __init__(self, plane, count, port):
        self.plane, self.port = plane, port
        self.nodes = {f"n{i}": f"127.0.1.{i}" for i in range(1, count + 1)}
        self.tls = None
        self.lock = threading.Lock()
        self.containers = {}
        self.allowed = {}
        self.refused = 0
        self.stopping = threading.Event()
        self.servers = []
        self.contexts = []
        # How often the certificates were replaced: connections made before end with their next answer.
        self.renewals = 0
        # Applications whose pods have addresses and pages; None: no pod has one.
        self.applications = None

    def start(self):
        pki = self.plane.pki
        self.tls = ssl.create_default_context(cafile=pki.path("ca.crt"))
        self.tls.load_cert_chain(pki.path("admin.crt"), pki.path("admin.key"))
        self.make_certificate("ca")
        for name, address in self.nodes.items():
            self.register(name, address)
            server = http.server.ThreadingHTTPServer((address, self.port), self.handler(name))
            server.daemon_threads = True
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pki.path("kubelet.crt"), pki.path("kubelet.key"))
            self.contexts.append(context)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.servers.append(server)
        threading.Thread(target=self.follow, daemon=True).start()

    def make_certificate(self, authority):
        self.plane.pki.certificate("kubelet", authority, "/O=system:nodes/CN=kubelets",
                                   ",".join("IP:" + a for a in self.nodes.values()))

    def show_certificates_of(self, authority):
        """From now on, and nothing else to anybody."""
        self.make_certificate(authority)
        for context in self.contexts:
            context.load_cert_chain(self.plane.pki.path("kubelet.crt"), self.plane.pki.path("kubelet.key"))
        self.renewals += 1

    def stop(self):
        self.stopping.set()
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def register(self, name, address):
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": {
            "kubernetes.io/hostname": name, "zone": "a" if name == "n1" else "b"}}}
        self.plane.apply(node)
        amounts = {"cpu": "4", "memory": "8Gi", "pods": "110"}
        info = {"nodeInfo": {"swap": {"capacity": 2**30}}} if name == SWAPPING else {}
        self.plane.kubectl("patch", "node", name, "--subresource=status", "--type=merge", "-p", json.dumps({"status": {
            **info,
            "addresses": [{"type": "InternalIP", "address": address}, {"type": "Hostname", "address": name}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": self.port}}, "capacity": amounts, "allocatable": amounts,
            "conditions": [{"type": "Ready", "status": "True", "reason": "E2e", "message": "",
                            "lastHeartbeatTime": None,
                            "lastTransitionTime": None}]}}))

    def api(self, method, path, body=None, content_type="application/json"):
        request = urllib.request.Request(self.plane.server + path, data=json.dumps(body).encode() if body else None,
                                         method=method, headers={"Content-Type": content_type})
        with urllib.request.urlopen(request, context=self.tls, timeout=10) as answer:
            return json.load(answer)

    def follow(self):
        while not self.stopping.wait(0.5):
            # The API server may be away: counters go on with the pods that were known.
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                self.look()

    def look(self):
        live = []
        for number, pod in enumerate(self.api("GET", "/api/v1/pods")["items"]):
            if (pod["metadata"].get("labels") or {}).get("k8s-app") == IGNORED:
                continue
            try:
                if pod["metadata"].get("deletionTimestamp"):
                    self.api("DELETE", self.path(pod), {"apiVersion": "v1", "kind": "DeleteOptions",
                                                        "gracePeriodSeconds": 0})
                    continue
                if pod["status"].get("phase") == "Pending":
                    self.run_pod(pod, number)
            except urllib.error.HTTPError:
                continue  # changed meanwhile: seen again at the next look
            if pod["status"].get("phase") == "Running" and pod["spec"].get("nodeName") in self.nodes:
                live.append(pod)
        if self.applications:
            self.applications.follow(live)
        self.burn(live)

    @staticmethod
    def path(pod):
        return f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"

    def run_pod(self, pod, number):
        if not pod["spec"].get("nodeName"):
            name = sorted(self.nodes)[number % len(self.nodes)]
            self.api("POST", self.path(pod) + "/binding",
                     {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": pod["metadata"]["name"]},
                      "target": {"apiVersion": "v1", "kind": "Node", "name": name}})
            pod["spec"]["nodeName"] = name
        now = iso(time.time())
        conditions = [{"type": t, "status": "True", "lastTransitionTime": now}
                      for t in ("PodScheduled", "Initialized", "ContainersReady", "Ready")]
        address = self.applications.address_of(pod) if self.applications else None
        reached = {"podIP": address, "podIPs": [{"ip": address}]} if address else {}
        self.api("PATCH", self.path(pod) + "/status",
                 {"status": {"phase": "Running", "startTime": now, "conditions": conditions, **reached}},
                 "application/strategic-merge-patch+json")
        pod["status"]["phase"] = "Running"

    def burn(self, pods):
        def annotation(pod, name, default):
            return float((pod["metadata"].get("annotations") or {}).get("e2e/" + name, default))

        def app(pod):
            return pod["metadata"]["namespace"], (pod["metadata"].get("labels") or {}).get("app")

        sharing = {}
        for pod in pods:
            sharing[app(pod)] = sharing.get(app(pod), 0) + 1
        with self.lock:
            self.advance()
            seen = set()
            for pod in pods:
                milli = annotation(pod, "cpu-milli", 10)
                load = annotation(pod, "load-milli", 0)
                if load:
                    milli = load / sharing[app(pod)] / len(pod["spec"]["containers"])
                for container in pod["spec"]["containers"]:
                    meta = pod["metadata"]
                    key = (meta["namespace"], meta["name"], meta["uid"], container["name"])
                    seen.add(key)
                    now = time.time()
                    c = self.containers.setdefault(key, {"node": pod["spec"]["nodeName"], "start": now, "at": now,
                                                         "cpu": 0.0})
                    c.update(milli=milli, memory=int(annotation(pod, "memory-mib", 20) * 2**20),
                             swap=int(annotation(pod, "swap-mib", 0) * 2**20))
            for key in set(self.containers) - seen:
                del self.containers[key]

    def advance(self):
        now = time.time()
        for c in self.containers.values():
            c["cpu"] += (now - c["at"]) * c.get("milli", 0) / 1000
            c["at"] = now
        return now

    def page(self, node):
        with self.lock:
            now = self.advance()
            mine = sorted((key[3], key[0], key[1], dict(c)) for key, c in self.containers.items() if c["node"] == node)
        ms = int(now * 1000)
        lines = []

        def family(name, kind, rows):
            lines.extend([f"# HELP {name} [STABLE] e2e", f"# TYPE {name} {kind}"] + rows)

        def rows(name, value):
            return [f'{name}{{container="{c}",namespace="{ns}",pod="{pod}"}} {value(data)}'
                    for c, ns, pod, data in mine]

        family("container_cpu_usage_seconds_total", "counter",
               rows("container_cpu_usage_seconds_total", lambda d: f"{d['cpu']:.9f} {ms}"))
        family("container_memory_working_set_bytes", "gauge",
               rows("container_memory_working_set_bytes", lambda d: f"{d['memory']} {ms}"))
        family("container_start_time_seconds", "gauge",
               rows("container_start_time_seconds", lambda d: f"{d['start']:.9e}"))
        total = sum(d["cpu"] for *_, d in mine) + now % 1e6 * 0.1
        family("node_cpu_usage_seconds_total", "counter", [f"node_cpu_usage_seconds_total {total:.6f} {ms}"])
        memory = 512 * 2**20 + sum(d["memory"] for *_, d in mine)
        family("node_memory_working_set_bytes", "gauge", [f"node_memory_working_set_bytes {memory} {ms}"])
        family("container_swap_usage_bytes", "gauge", rows("container_swap_usage_bytes", lambda d: f"{d['swap']} {ms}"))
        if node == SWAPPING:
            family("node_swap_usage_bytes", "gauge", [f"node_swap_usage_bytes {256 * 2**20} {ms}"])
        family("resource_scrape_error", "gauge", ["resource_scrape_error 0"])
        return ("\n".join(lines) + "\n").encode()

    def may_read(self, token, node):
        """As a kubelet with webhook authentication and authorization decides; remembered, as a kubelet does, over the
        time that the API server may be away."""
        key = (token, node)
        until, verdict = self.allowed.get(key, (0, False))
        if until > time.time():
            return verdict
        user = self.api("POST", "/apis/authentication.k8s.io/v1/tokenreviews",
                        {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": token}})
        verdict = False
        if user["status"].get("authenticated"):
            who = user["status"]["user"]
            review = self.api("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                              {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
                               "spec": {"user": who["username"], "groups": who.get("groups"), "resourceAttributes": {
                                   "verb": "get", "resource": "nodes", "subresource": "metrics", "name": node}}})
            verdict = review["status"].get("allowed", False)
        self.allowed[key] = (time.time() + 600, verdict)
        return verdict

    def handler(kubelets, node):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                self.renewals = kubelets.renewals

            def do_GET(self):
                scheme, _, token = self.headers.get("Authorization", "").partition(" ")
                code, body = 200, b""
                if scheme != "Bearer":
                    code, body = 401, b"Unauthorized"
                elif not kubelets.may_read(token, node):
                    kubelets.refused += 1
                    code, body = 403, b"Forbidden"
                elif self.path == "/metrics/resource":
                    body = kubelets.page(node)
                else:
                    code, body = 404, b"404 page not found\n"
                self.send_response(code)
                self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")
                self.send_header("Content-Length", str(len(body)))
                if self.renewals != kubelets.renewals:
                    self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass
        return Handler
