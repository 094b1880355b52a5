# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a cluster, each with the finding that must name it."""
import contextlib
import dataclasses
import json
from collections.abc import Callable

from ports import free_port
from server import SERVICE


@dataclasses.dataclass
class Seed:
    finding: str
    # What the report says of it, besides.
    part: str
    # A context manager over the cluster: inside, it is so. It may give arguments to replace.
    make: Callable
    code: int = 1
    # The aggregator notices it, sooner or later.
    breaks_aggregation: bool = False


SEEDS = []


def seed(finding, part, **more):
    def register(make):
        SEEDS.append(Seed(finding, part, contextlib.contextmanager(make), **more))
        return make
    return register


def by_arguments(finding, part, arguments):
    @seed(finding, part)
    def _(cluster):
        yield arguments(cluster)


def without_verb(verb, resource):
    """A change of rules."""
    def change(rules):
        kept = [r for r in rules if resource not in r["resources"]]
        for rule in (r for r in rules if resource in r["resources"]):
            kept += [{**rule, "resources": [x for x in rule["resources"] if x != resource]},
                     {**rule, "resources": [resource], "verbs": [v for v in rule["verbs"] if v != verb]}]
        return [r for r in kept if r["resources"] and r["verbs"]]
    return change


# Rights.

@seed("rbac-nodes-metrics", "may not: get nodes/metrics")
def _(cluster):
    with cluster.rules(without_verb("get", "nodes/metrics")):
        yield


@seed("rbac-nodes", "may not: watch nodes")
def _(cluster):
    with cluster.rules(without_verb("watch", "nodes")):
        yield


@seed("rbac-pods", "may not: watch pods")
def _(cluster):
    with cluster.rules(without_verb("watch", "pods")):
        yield


@seed("rbac-auth-delegator", "may not: create tokenreviews, create subjectaccessreviews")
def _(cluster):
    with cluster.without("clusterrolebinding", "metrics-server:system:auth-delegator"):
        yield


@seed("rbac-auth-reader", "RoleBinding metrics-server-auth-reader")
def _(cluster):
    with cluster.without("rolebinding", "metrics-server-auth-reader", *SERVICE):
        yield


# Aggregation.

@seed("requestheader-client-ca", "has no key requestheader-client-ca-file")
def _(cluster):
    config_map = ("configmap", "extension-apiserver-authentication", *SERVICE)

    def restart(left_out):
        cluster.plane.left_out = left_out
        cluster.plane.processes.pop("kube-apiserver").stop()
        cluster.plane.start_apiserver()
        # kube-apiserver writes it anew, and would keep what it does not know.
        cluster.kubectl("delete", *config_map)

    restart("--requestheader-")
    try:
        yield
    finally:
        restart(None)


@seed("apiservice-missing", "v1beta1.metrics.k8s.io")
def _(cluster):
    with cluster.without("apiservice", "v1beta1.metrics.k8s.io"):
        yield


@seed("apiservice-conflict", "v1beta1.metrics.k8s.io to Service kube-system/prometheus-adapter")
def _(cluster):
    with cluster.api_services({"service": {"name": "prometheus-adapter"}}, "v1beta1"):
        yield


@seed("service-missing", "Service kube-system/nobody, which does not exist", breaks_aggregation=True)
def _(cluster):
    with cluster.api_services({"service": {"name": "nobody"}}):
        yield


@seed("service-port", "asks for port 444 of Service kube-system/metrics-server, which has 443", breaks_aggregation=True)
def _(cluster):
    with cluster.api_services({"service": {"port": 444}}):
        yield


@seed("service-endpoints", "has no ready endpoint", breaks_aggregation=True)
def _(cluster):
    with cluster.without("endpointslice", "metrics-server-outside", *SERVICE):
        yield


@seed("apiservice-ca-bundle", "does not verify the serving certificate", breaks_aggregation=True)
def _(cluster):
    with cluster.api_services({"caBundle": cluster.pem("other-ca")}):
        yield


def shown(cluster, certificate):
    cluster.topd.show(certificate)
    try:
        yield
    finally:
        cluster.topd.show("serving")


@seed("serving-certificate-name", "its names: localhost", breaks_aggregation=True)
def _(cluster):
    yield from shown(cluster, "localhost")


@seed("serving-certificate-expired", "has expired on", breaks_aggregation=True)
def _(cluster):
    yield from shown(cluster, "expired")


@seed("apiservice-unavailable", "kube-apiserver does not reach topd", breaks_aggregation=True)
def _(cluster):
    cluster.topd.stop()
    try:
        cluster.wait_available("False")
        yield
    finally:
        cluster.topd.start()


@seed("apiservice-priority", "is not below the 100", code=0)
def _(cluster):
    with cluster.api_services({"versionPriority": 200}, "v1"):
        yield


# Kubelets.

@seed("kubelet-certificate-authority", "node n2 (1 of 3)")
def _(cluster):
    with cluster.kubelet_shows("self-signed"):
        yield


@seed("kubelet-certificate-name", "node n2 (1 of 3)")
def _(cluster):
    with cluster.kubelet_shows("elsewhere"):
        yield


@seed("kubelet-unauthorized", "node n1 (1 of 3)")
def _(cluster):
    with cluster.kubelet_answers(401):
        yield


@seed("kubelet-forbidden", "set authorization.mode: Webhook")
def _(cluster):
    with cluster.kubelet_answers(403):
        yield


@seed("kubelet-unsupported", "node n2 (1 of 3)")
def _(cluster):
    annotation = "metrics.k8s.io/resource-metrics-path"
    cluster.kubectl("annotate", "node", "n2", annotation + "=/nothing")
    try:
        yield
    finally:
        cluster.kubectl("annotate", "node", "n2", annotation + "-")


@seed("kubelet-connect", "node n3 (1 of 3)")
def _(cluster):
    def set_port(port):
        cluster.kubectl("patch", "node", "n3", "--subresource=status", "--type=merge", "-p", json.dumps(
            {"status": {"daemonEndpoints": {"kubeletEndpoint": {"Port": port}}}}))
    set_port(free_port())
    try:
        yield
    finally:
        set_port(cluster.kubelets.port)


# The command line and what it names.
by_arguments("kubelet-target", "nodes n1, n2, n3 (3 of 3)",
             lambda c: {"--kubelet-preferred-address-types": "ExternalDNS"})
by_arguments("nodes-none", "no node has the labels no=where", lambda c: {"--node-selector": "no=where"})
by_arguments("flags", "at least 10s", lambda c: {"--metric-resolution": "5s"})
by_arguments("kubeconfig", "no-such-file", lambda c: {"--kubeconfig": c.topd.dir / "no-such-file"})
by_arguments("serving-certificate-files", "--tls-private-key-file",
             lambda c: {"--tls-private-key-file": c.plane.pki.path("other-ca.key")})
by_arguments("api-unauthorized", "does not accept topd's credentials", lambda c: c.kubeconfig(token="wrong"))
by_arguments("api-certificate", "certificate is not accepted",
             lambda c: c.kubeconfig(**{"certificate-authority": str(c.plane.pki.path("other-ca.crt"))}))
by_arguments("api-unreachable", "cannot be asked", lambda c: c.kubeconfig(server=f"https://127.0.0.1:{free_port()}"))
