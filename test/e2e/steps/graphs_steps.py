# SPDX-License-Identifier: Apache-2.0
"""The components of deploy/graphs applied, and asked through kube-apiserver's service proxy as Headlamp, Freelens and
Kubernetes Dashboard ask.

The proxy reaches only endpoints that are pods, by the address in their status. topd is none here, so a pod that is
outside of the Services' selectors has topd's address, and slices lead the Services to it.
"""
import http.client
import json
import os
import pathlib
import re
import ssl
import subprocess
import time
import urllib.parse

from checks import equal, holds
from control_plane import wait_for
from kustomization import Kustomization
from server import SERVICE

from steps import access_steps, only_routed

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROMETHEUS = "/api/v1/namespaces/kube-system/services/topd-prometheus:9090/proxy"
GRAPHS = "/api/v1/namespaces/kube-system/services/topd-graphs/proxy"
FORM = "application/x-www-form-urlencoded"
# What deploy/graphs and deploy/graphs/prometheus have beside topd.yaml.
ADDED = ("service/topd-graphs", "service/topd-prometheus", "networkpolicy/topd-graphs", "role/topd-prometheus",
         "configmap/topd-grafana-datasource")


def cpu(pod):
    return (f"sum(rate(container_cpu_usage_seconds_total{{container!='',namespace='default',pod='{pod}'}}[1m])) "
            "by (pod,namespace)")


def memory(pod):
    return (f"sum(container_memory_working_set_bytes{{container!='',namespace='default',pod=~'{pod}'}}) "
            "by (pod,namespace)")


class User:
    """Asks kube-apiserver in a user's name, by a certificate."""

    def __init__(self, plane, name):
        self.plane = plane
        plane.pki.certificate(name, "ca", "/CN=" + name)
        self.tls = ssl.create_default_context(cafile=plane.pki.path("ca.crt"))
        self.tls.load_cert_chain(plane.pki.path(name + ".crt"), plane.pki.path(name + ".key"))

    def ask(self, path, form=None, headers=None):
        """Status and body; POSTs the form when there is one."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.plane.api_port, context=self.tls, timeout=30)
        try:
            body = None if form is None else urllib.parse.urlencode(form)
            fields = {"Accept": "application/json", **({"Content-Type": FORM} if body else {}), **(headers or {})}
            connection.request("POST" if body else "GET", path, body, fields)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        return answer.status, json.loads(text) if text.startswith("{") else text

    def query_range(self, query, seconds, step):
        """As Headlamp does: whole numbers, in this order, to the service's number of a port."""
        now = int(time.time())
        parameters = urllib.parse.urlencode({"start": now - seconds, "end": now, "step": step, "query": query})
        return self.ask(f"{PROMETHEUS}/api/v1/query_range?{parameters}")

    def curve(self, query):
        """The points of the one series of the last ten minutes; [] while there is none."""
        code, answer = self.query_range(query, 600, 15)
        equal((code, answer["status"]), (200, "success"))
        result = answer["data"]["result"]
        assert len(result) < 2, result
        return [float(value) for _, value in result[0]["values"]] if result else []


def bind(e2e, user, *roles):
    """To view, which can list pods and services, and to the component's Role."""
    if "view" in roles:
        e2e.kubectl("create", "clusterrolebinding", user, "--clusterrole=view", "--user=" + user)
    if "topd-prometheus" in roles:
        e2e.kubectl(*SERVICE, "create", "rolebinding", user, "--role=topd-prometheus", "--user=" + user)
    return User(e2e.plane, user)


def slice_for(service, port_name, port):
    """The address is a name to kube-apiserver, as in workloads.endpoint_slice()."""
    return {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
            "metadata": {"name": service + "-outside", "namespace": "kube-system",
                         "labels": {"kubernetes.io/service-name": service}},
            "addressType": "FQDN", "ports": [{"name": port_name, "port": port}],
            "endpoints": [{"addresses": ["127.0.0.1"],
                           "targetRef": {"kind": "Pod", "namespace": "kube-system", "name": "topd-outside"}}]}


@only_routed
def apply_components(e2e):
    """topd starts anew with what the Deployment then says."""
    with Kustomization("graphs", "graphs/prometheus") as folder:
        equal(e2e.kubectl("apply", "-k", folder).stderr, "")
    e2e.plane.apply({"apiVersion": "v1", "kind": "Pod",
                     "metadata": {"name": "topd-outside", "namespace": "kube-system"},
                     "spec": {"nodeName": "n1", "containers": [{"name": "main", "image": "example.org/none"}]}})
    e2e.patch("pod", "topd-outside", {"status": {"podIP": "127.0.0.1", "podIPs": [{"ip": "127.0.0.1"}]}}, *SERVICE,
              "--subresource=status")
    e2e.plane.apply(slice_for("topd-prometheus", "http", e2e.topd.graphs_port),
                    slice_for("topd-graphs", "", e2e.topd.graphs_port))
    equal(e2e.topd.stop(), 0)
    e2e.topd.start()
    serving = f'"Serving graphs over plain HTTP" address="127.0.0.1:{e2e.topd.graphs_port}"'
    wait_for("topd to say that it serves graphs", lambda: serving in e2e.topd.log(), 30)
    e2e.wait_top("kubectl top node", "node")


@only_routed
def headlamp(e2e):
    """What its plugin sends, in its order, for a user with view and the component's Role."""
    looker = bind(e2e, "looker", "view", "topd-prometheus")
    wait_for("the looker's rights", lambda: looker.ask("/api/v1/services")[0] == looker.query_range(
        "up", 86400, 300)[0] == 200, 30)
    label = urllib.parse.urlencode({"labelSelector": "headlamp-prometheus=true"})
    code, pods = looker.ask("/api/v1/pods?" + label)
    equal((code, pods["kind"], pods["items"]), (200, "PodList", []))
    code, services = looker.ask("/api/v1/services?" + label)
    equal((code, services["kind"]), (200, "ServiceList"))
    (found,) = services["items"]
    equal((found["metadata"]["namespace"], found["metadata"]["name"]), ("kube-system", "topd-prometheus"))
    equal([str(p["port"]) for p in found["spec"]["ports"] if p["protocol"] == "TCP"], ["9090"])
    code, answer = looker.query_range("up", 86400, 300)
    equal((code, answer["status"], answer["data"]["resultType"]), (200, "success", "matrix"))
    pod, other = (i["metadata"]["name"] for i in e2e.pods_of("web")[:2])
    # A window without topd's start, where a counter begins.
    shown = wait_for("the pod's CPU", lambda: [v for v in looker.curve(cpu(pod)) if 0.245 < v < 0.255], 120, 1)
    assert max(looker.curve(cpu(pod))) < 0.255, looker.curve(cpu(pod))
    equal(set(looker.curve(memory(pod))), {float(100 * 2**20)})
    equal(looker.curve(cpu("nobody")), [])
    code, answer = looker.query_range(cpu(other), 600, 15)
    equal((code, answer["data"]["result"][0]["metric"]), (200, {"namespace": "default", "pod": other}))
    code, answer = looker.query_range("up", 86400, 300)
    equal(sorted(s["metric"]["node"] for s in answer["data"]["result"]), ["n1", "n2", "n3"])
    code, answer = looker.query_range("up[", 600, 15)
    equal((code, answer["errorType"]), (400, "bad_data"))
    print(f"    the pod's CPU: {shown[-1]:.4f} of 0.25 cores")


@only_routed
def freelens(e2e):
    """It POSTs a form, for which the Role has create."""
    pod = e2e.pods_of("web")[0]["metadata"]["name"]
    now = int(time.time())
    query = ('sum(container_memory_working_set_bytes{container!="POD",container!="",image!="",'
             f'pod=~"{pod}|nobody",namespace="default"}}) by (pod, namespace)')
    code, answer = User(e2e.plane, "looker").ask(PROMETHEUS + "/api/v1/query_range", {
        "query": query, "start": now - 60, "end": now, "step": 15, "kubernetes_namespace": "default"})
    equal((code, [s["metric"] for s in answer["data"]["result"]]), (200, [{"namespace": "default", "pod": pod}]))
    equal({value for _, value in answer["data"]["result"][0]["values"]}, {str(100 * 2**20)})


@only_routed
def dashboard(e2e):
    """By the Service's name alone, as its API server asks in the cluster; an edit's right, which the Role is not."""
    admin = User(e2e.plane, "admin-of-graphs")
    e2e.kubectl(*SERVICE, "create", "rolebinding", "admin-of-graphs", "--clusterrole=edit", "--user=admin-of-graphs")
    wait_for("the editor's rights", lambda: admin.ask(GRAPHS + "/healthz")[0] == 200, 30)
    names = sorted(i["metadata"]["name"] for i in e2e.pods_of("web"))

    def series():
        code, answer = admin.ask(f"{GRAPHS}/api/v1/dashboard/namespaces/default/pod-list/{','.join(names)}"
                                 "/metrics/memory/usage")
        equal(code, 200)
        return answer["items"]

    items = wait_for("a minute's point of each pod", series, 150, 1)
    equal(sorted(i["uids"][0] for i in items), names)
    equal({point["value"] for i in items for point in i["metricPoints"]}, {100 * 2**20})


@only_routed
def terminal(e2e):
    """topd top through the proxy: as kubectl top has it, with curves; the right is that of its own Role alone."""
    e2e.plane.pki.certificate("sitter", "ca", "/CN=sitter")
    config = e2e.plane.write_kubeconfig(e2e.plane.dir / "sitter.kubeconfig", certificate="sitter")

    def top(*arguments):
        return subprocess.run([e2e.options.topd, "top", *arguments, f"--kubeconfig={config}"], capture_output=True,
                              text=True, timeout=60, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})

    denied = top("pods", "-A")
    equal((denied.returncode, denied.stdout), (1, ""))
    holds(denied.stderr, 'services "topd-graphs" is forbidden: User "sitter" cannot get resource "services/proxy"')
    # What it says is to be done.
    for line in re.findall(r"^  kubectl (.*)$", denied.stderr, re.MULTILINE):
        e2e.kubectl(*line.replace("USER", "sitter").split())
    wait_for("the sitter's right", lambda: top("pods", "-A").returncode == 0, 30)

    def figures(text, columns):
        return {tuple(fields[:columns - 2]): fields[columns - 2:columns]
                for fields in map(str.split, text.splitlines()[1:])}

    def both(kind, columns, *arguments):
        """Ours and kubectl's, asked again when a scrape came between."""
        def equal_ones():
            ours, theirs = top(kind, *arguments), e2e.top(kind, *arguments)
            equal((ours.returncode, ours.stderr), (0, ""))
            ours, theirs = figures(ours.stdout, columns), figures(theirs.stdout, columns)
            return ours if ours == theirs else None
        return wait_for(f"the same figures of {kind}", equal_ones, 60, 1)

    pods = both("pods", 4, "-A")
    web = sorted(i["metadata"]["name"] for i in e2e.pods_of("web"))
    equal([pods[("default", name)][1] for name in web], ["100Mi"] * 3)
    equal(sorted(both("pods", 3)), sorted((name,) for space, name in pods if space == "default"))
    # A step of the curves has to end first.
    wait_for("a curve", lambda: "█" in top("pods", "-A", "--sort-by=memory", "--limit=1", "--range=15m").stdout, 60, 1)

    def nodes_with_a_curve():
        items = json.loads(top("nodes", "-o", "json", "--range=15m").stdout)["items"]
        return [item["name"] for item in items if any(item["memoryCurve"])]
    wait_for("the nodes' curves", lambda: nodes_with_a_curve() == ["n1", "n2", "n3"], 60, 1)
    missing = top("pods", "--service", "kube-system/topd-none")
    equal(missing.returncode, 1)
    holds(missing.stderr, "topd-none")


@only_routed
def refused(e2e):
    """Who has one half of the rights has the other half refused, in kube-apiserver's words; topd is not asked."""
    watcher, asker = bind(e2e, "watcher", "view"), bind(e2e, "asker", "topd-prometheus")
    wait_for("the watcher's rights", lambda: watcher.ask("/api/v1/services")[0] == 200, 30)
    wait_for("the asker's rights", lambda: asker.query_range("up", 60, 15)[0] == 200, 30)

    def denied(answer, user, verb, name):
        code, status = answer
        equal((code, status["message"]),
              (403, f'services "{name}" is forbidden: User "{user}" cannot {verb} resource "services/proxy" in API '
                    'group "" in the namespace "kube-system"'))

    denied(watcher.query_range("up", 60, 15), "watcher", "get", "topd-prometheus:9090")
    denied(watcher.ask(PROMETHEUS + "/api/v1/query", {"query": "up"}), "watcher", "create", "topd-prometheus:9090")
    # The Role is for one port of one Service, and finds none.
    denied(asker.ask(GRAPHS + "/healthz"), "asker", "get", "topd-graphs")
    code, status = asker.ask("/api/v1/services?labelSelector=headlamp-prometheus%3Dtrue")
    equal((code, status["message"]), (403, 'services is forbidden: User "asker" cannot list resource "services" in API '
                                           'group "" at the cluster scope'))


@only_routed
def secure_port(e2e):
    """It has them below /graphs: /api/* is everybody's who is known, by Kubernetes' own role system:discovery."""
    e2e.plane.pki.certificate("reader", "ca", "/CN=reader")

    def ask(path):
        return e2e.topd.ask(path, certificate="reader")

    equal(e2e.kubectl("auth", "can-i", "get", "/api/v1/query", "--as=reader",
                      "--as-group=system:authenticated").stdout.strip(), "yes")
    for path in ("/api/v1/query?query=up", "/api/v1/model/nodes/", "/api/v1/dashboard/nodes/n1/metrics/cpu/usage_rate"):
        equal((path, ask(path)[0]), (path, 404))
        code, body = ask("/graphs" + path)
        equal((code, json.loads(body)["message"]),
              (403, f'forbidden: User "reader" cannot get path "/graphs{path.partition("?")[0]}"'))
    e2e.plane.apply(*access_steps.cluster_rule("reader", {"nonResourceURLs": ["/graphs/*"], "verbs": ["get"]}))
    wait_for("the reader to be allowed", lambda: ask("/graphs/api/v1/query?query=up")[0] == 200, 30)
    code, body = ask("/graphs/api/v1/query?query=up")
    equal((code, len(json.loads(body)["data"]["result"])), (200, 3))


@only_routed
def take_components_away(e2e):
    """The rest of the test goes on without them."""
    e2e.kubectl(*SERVICE, "delete", *ADDED, "endpointslice/topd-prometheus-outside",
                "endpointslice/topd-graphs-outside", "pod/topd-outside", "role/topd-top", "rolebinding/topd-top",
                "--wait=false", "--ignore-not-found")
    e2e.kubectl("apply", "-f", ROOT / "deploy/topd.yaml")
    equal([a for a in e2e.topd.arguments() if "graphs" in a or "history" in a], [])
    equal(e2e.topd.stop(), 0)
    e2e.topd.start()
    e2e.wait_top("kubectl top node", "node")
