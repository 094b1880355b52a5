# SPDX-License-Identifier: Apache-2.0
"""Who else reads what applications say of themselves, and who may."""
import pathlib
import re
import subprocess
import tempfile

from checks import equal, holds
from control_plane import wait_for

from steps import only_routed
from steps.custom_metrics_steps import VERSIONS, known, raw

E2E = pathlib.Path(__file__).resolve().parents[1]
RBAC = E2E.parents[1] / "deploy/custom-metrics/rbac.yaml"
CLUSTER_ROLE = "system:metrics-server:custom-metrics"


@only_routed
def doctor(e2e):
    """It asks one annotated pod, and says what is wrong of the group."""
    def report(*flags):
        done = subprocess.run([e2e.options.topd, "doctor", "--admin-kubeconfig", e2e.plane.kubeconfig,
                               *e2e.topd.arguments(), *flags], capture_output=True, text=True, check=False, timeout=60)
        return done.stdout

    said = report()
    assert re.search(r"v1beta1 is served, pod default/(shop|queue)-\S+ gave its page", said), said
    assert "custom-metrics-" not in said, said
    # Outside of tests addresses of this machine are no pod's.
    holds(report("--custom-metrics-allow-loopback=false"), "custom-metrics-pod-refused")
    holds(report("--custom-metrics=false", "--custom-metrics-allow-loopback=false"), "custom-metrics-off")
    e2e.kubectl("delete", "clusterrolebinding", CLUSTER_ROLE)
    wait_for("the doctor to miss the rights", lambda: "rbac-custom-metrics" in report(), 30, 1)
    e2e.kubectl("apply", "-f", RBAC)
    wait_for("the rights", lambda: "rbac-custom-metrics" not in report(), 30, 1)


@only_routed
def rights(e2e):
    """Only those who were given it may read a metric; discovery is no longer than before."""
    e2e.kubectl("create", "clusterrolebinding", "metric-viewer", "--clusterrole=view", "--user=metric-viewer")
    path = "/v1beta1/namespaces/default/pods/*/http_requests"
    denied = raw(e2e, path, "--as=metric-viewer")
    holds(denied, 'pods.custom.metrics.k8s.io "*" is forbidden: User "metric-viewer" cannot get resource '
                  '"pods/http_requests" in API group "custom.metrics.k8s.io" in the namespace "default"')
    rule = {"apiGroups": ["custom.metrics.k8s.io"], "resources": ["*/http_requests"], "verbs": ["get"]}
    e2e.plane.apply({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "rules": [rule],
                     "metadata": {"name": "metric-viewer", "namespace": "default"}})
    e2e.kubectl("create", "rolebinding", "metric-viewer", "--role=metric-viewer", "--user=metric-viewer")
    wait_for("the right", lambda: isinstance(raw(e2e, path, "--as=metric-viewer"), dict), 30, 1)
    holds(raw(e2e, "/v1beta1/namespaces/default/pods/*/queue_depth", "--as=metric-viewer"), "is forbidden")
    for binary in filter(None, (e2e.plane.bin / "kubectl", e2e.options.old_kubectl)):
        done = subprocess.run([binary, f"--kubeconfig={e2e.plane.kubeconfig}",
                               f"--cache-dir={tempfile.mkdtemp(dir=e2e.plane.dir)}", "api-resources", "-o", "name"],
                              capture_output=True, text=True, check=False, timeout=60)
        equal((done.returncode, done.stderr), (0, ""))
        if binary != e2e.options.old_kubectl:
            equal(done.stdout, e2e.api_resources)
        assert "custom.metrics" not in done.stdout, done.stdout
    e2e.kubectl("delete", "clusterrolebinding/metric-viewer", "rolebinding/metric-viewer", "role/metric-viewer")
    listed = raw(e2e, "/v1beta1")
    names = [r["name"] for r in listed["resources"]]
    # Since the restart.
    assert {"pods/up", "pods/http_requests", "namespaces/http_requests"} <= set(names), names


@only_routed
def go_client(e2e):
    """k8s.io/metrics' own client, by both versions in both encodings."""
    below = "/v1beta1/namespaces/default"
    names = e2e.applications.names("shop")
    count = len(names)
    wait_for("the GETs of each", lambda: count == len(known(
        e2e, below + "/pods/*/http_requests?labelSelector=app%3Dshop&metricLabelSelector=verb%3DGET")), 60, 1)
    for path in ("/pods/queue-0/queue_depth", "/services/shop/queue_depth", "/deployments.apps/shop/queue_depth",
                 "/metrics/queue_depth"):
        known(e2e, below + path)
    done = subprocess.run(["go", "run", "-trimpath", "./custommetrics", e2e.plane.kubeconfig, "default", "app=shop",
                           "queue-0", "shop", "shop"], cwd=E2E, capture_output=True, text=True, timeout=600,
                          check=False)
    equal((done.returncode, done.stderr), (0, ""))
    rows = [line.split() for line in done.stdout.splitlines()]
    for version in VERSIONS:
        for encoding in ("json", "protobuf"):
            mine = [row[2:] for row in rows if row[:2] == [version, encoding]]
            equal(len(mine), count + 4)
            requests = [row for row in mine if row[1] == "http_requests"]
            equal(len(requests), count)
            for row in requests:
                assert row[0].removeprefix("Pod/") in names and row[2] == "verb=GET", row
                assert re.fullmatch(r"\d+s", row[4]), row
            equal([row[0] for row in mine[count:]],
                  ["Pod/queue-0", "Service/shop", "Deployment/shop", "Namespace/default"])
            equal({(row[1], row[2], row[4]) for row in mine[count:]}, {("queue_depth", "-", "-")})
    print(f"    {len(rows)} values, such as {' '.join(rows[0])}")
