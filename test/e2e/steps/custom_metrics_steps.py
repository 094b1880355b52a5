# SPDX-License-Identifier: Apache-2.0
"""Autoscalers on what applications say of themselves: deploy/custom-metrics applied, and taken away."""
import json
import pathlib
import re
import time
import urllib.parse

import workloads
from applications import Applications
from checks import equal, holds
from control_plane import wait_for
from kustomization import Kustomization

from steps import only_routed
from steps.autoscaler_steps import replicas

ROOT = pathlib.Path(__file__).resolve().parents[3]
E2E = pathlib.Path(__file__).resolve().parents[1]
GROUP = "/apis/custom.metrics.k8s.io"
VERSIONS = ("v1beta1", "v1beta2")
CLUSTER_ROLE = "system:metrics-server:custom-metrics"


def pods_metric(name, each, selector=None):
    metric = {"name": name, **({"selector": {"matchLabels": selector}} if selector else {})}
    return {"type": "Pods", "pods": {"metric": metric, "target": average(each)}}


def object_metric(name, api_version, kind, of, target):
    return {"type": "Object", "object": {"metric": {"name": name}, "target": target,
                                         "describedObject": {"apiVersion": api_version, "kind": kind, "name": of}}}


def value(amount):
    return {"type": "Value", "value": str(amount)}


def average(amount):
    return {"type": "AverageValue", "averageValue": str(amount)}


def scale(e2e, name, metric, least=1, most=4):
    """Four are what the load needs. A rate is of the last minute: without stabilization, as here, an autoscaler takes
    more where it may, as the first pod's rate is still that of one alone, and less right after."""
    scaler = workloads.autoscaler(name, metric, most)
    scaler["spec"]["minReplicas"] = least
    e2e.plane.apply(scaler)


def condition(e2e, name, kind):
    """(status, reason, message) of a condition of an autoscaler; None: there is none yet."""
    found = e2e.plane.get("hpa", name).get("status", {}).get("conditions", [])
    return next(((c["status"], c["reason"], c["message"]) for c in found if c["type"] == kind), None)


def raw(e2e, path, *options):
    done = e2e.kubectl("get", "--raw", GROUP + path, *options, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr.strip()


def known(e2e, path):
    """The items of a list, once there is one."""
    return wait_for(path, lambda: isinstance(found := raw(e2e, path), dict) and found["items"], 60, 1)


def asked_by_autoscalers(e2e, before=0):
    return [e["requestURI"] for e in e2e.plane.audit()[before:]
            if e["requestURI"].startswith(GROUP) and "horizontal-pod-autoscaler" in e["user"]["username"]]


@only_routed
def turn_on(e2e):
    e2e.api_resources = e2e.kubectl("api-resources", "-o", "name").stdout
    with Kustomization("custom-metrics") as folder:
        equal(e2e.kubectl("apply", "-k", folder).stderr, "")
    e2e.applications = e2e.kubelets.applications = Applications()
    # The addresses of the applications are this machine's.
    e2e.topd.more_arguments = ["--custom-metrics-allow-loopback", "--history-memory=16Mi"]
    equal(e2e.topd.stop(), 0)
    e2e.topd.start()
    for version in VERSIONS:
        wait_for(version, lambda v=version: condition_of_service(e2e, v) == "True", 60)


def condition_of_service(e2e, version):
    found = e2e.plane.get("apiservice", f"{version}.custom.metrics.k8s.io").get("status", {}).get("conditions", [])
    return next((c["status"] for c in found if c["type"] == "Available"), None)


@only_routed
def pods(e2e):
    """A Pods metric, from 1 to 4 and back by the rate of a counter."""
    apps = e2e.applications
    apps.rate("shop", 40)
    e2e.plane.apply(workloads.deployment("shop", annotations=apps.annotations()))
    scale(e2e, "shop", pods_metric("http_requests", 10))
    active = wait_for("the first refusal", lambda: (
        (found := condition(e2e, "shop", "ScalingActive")) and found[0] == "False" and found), 60)
    print(f"    before: {active[1]}: {active[2]}")
    equal(active[1], "FailedGetPodsMetric")
    at = time.monotonic()
    wait_for("the shop to scale up", lambda: replicas(e2e, "shop") > 1, 90, 0.5)
    print(f"    scaled up to {replicas(e2e, 'shop')} after {time.monotonic() - at:.0f} s")
    equal(condition(e2e, "shop", "ScalingActive"), (
        "True", "ValidMetricFound",
        "the HPA was able to successfully calculate a replica count from pods metric http_requests"))
    wait_for("four pods with 10/s each", lambda: replicas(e2e, "shop") == 4 and all(
        9 < amount(i["value"]) < 11 for i in known(e2e, "/v1beta1/namespaces/default/pods/*/http_requests"
                                                        "?labelSelector=app%3Dshop")), 200, 1)
    apps.rate("shop", 8)
    wait_for("the shop to scale down", lambda: replicas(e2e, "shop") == 1, 200, 1)


@only_routed
def history(e2e):
    """What the autoscaler asked for is a series of the query API, with what it was told."""
    def queried(query):
        path = "/graphs/api/v1/query?" + urllib.parse.urlencode({"query": query})
        code, body = e2e.topd.ask(path, certificate="admin")
        equal(code, 200)
        return json.loads(body)["data"]["result"]

    (pod,) = wait_for("one pod", lambda: len(found := e2e.applications.names("shop")) == 1 and found)
    labels = {"__name__": "http_requests", "job": "topd", "namespace": "default", "pod": pod}
    (series,) = wait_for("the series", lambda: queried(f"http_requests{{namespace='default',pod='{pod}'}}"), 60, 1)
    equal({name: series["metric"].get(name) for name in labels}, labels)
    equal(series["metric"]["node"], e2e.plane.get("pod", pod)["spec"]["nodeName"])
    # From one pod with 40/s over four with 10/s each down to one with 8/s.
    (most,) = queried(f"max_over_time(http_requests{{pod='{pod}'}}[15m])")
    assert 9 < float(most["value"][1]) < 42, most
    (all_pods,) = queried("count(max_over_time(http_requests{namespace='default'}[15m]))")
    assert int(all_pods["value"][1]) >= 4, all_pods


def amount(text):
    number, suffix = re.fullmatch(r"(-?\d+)(m|k|)", text).groups()
    return int(number) * {"m": 0.001, "": 1, "k": 1000}[suffix]


@only_routed
def to_zero_and_back(e2e):
    """An Object metric of another workload's pod takes Deployments to zero and wakes them."""
    apps = e2e.applications
    apps.depth("queue", 0)
    queue = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "queue-0", "namespace": "default",
                                                            "labels": {"app": "queue"},
                                                            "annotations": apps.annotations()},
             "spec": {"containers": [{"name": "main", "image": "example.org/none"}]}}
    workers = {"by-value": value(10), "by-average": average(10)}
    e2e.plane.apply(queue, *(workloads.deployment(name) for name in workers))
    for name, target in workers.items():
        scale(e2e, name, object_metric("queue_depth", "v1", "Pod", "queue-0", target), 0, 3)
    for name in workers:
        wait_for(f"{name} to be at zero", lambda n=name: replicas(e2e, n) == 0, 90, 1)
        wait_for("the condition", lambda n=name: (condition(e2e, n, "ScaledToZero") or [""])[0] == "True", 30, 1)
        print(f"    {name}: ScaledToZero {condition(e2e, name, 'ScaledToZero')}")
    apps.depth("queue", 30)
    for name in workers:
        wait_for(f"{name} to wake", lambda n=name: replicas(e2e, n) == 3, 90, 1)
    apps.depth("queue", 0)
    for name in workers:
        wait_for(f"{name} to be at zero again", lambda n=name: replicas(e2e, n) == 0, 90, 1)
        e2e.kubectl("delete", "hpa", name)
        e2e.kubectl("delete", "deployment", name, "--wait=false")


@only_routed
def objects(e2e):
    """Namespace, Service, Deployment; a selector of series, and one of a series that never was."""
    apps = e2e.applications
    e2e.plane.apply({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop", "namespace": "default"},
                     "spec": {"selector": {"app": "shop"}, "ports": [{"port": 80}]}})
    e2e.kubectl("delete", "hpa", "shop")
    e2e.kubectl("scale", "deployment", "shop", "--replicas=2")
    wait_for("two pods", lambda: len(apps.names("shop")) == 2)
    apps.depth("shop", 2.5)
    apps.depth("queue", 1)
    below = "/v1beta2/namespaces/default"
    for path, kind, name, expected in (
            ("/services/shop/queue_depth", "Service", "shop", "5"),
            ("/deployments.apps/shop/queue_depth", "Deployment", "shop", "5"),
            ("/pods/queue-0/queue_depth", "Pod", "queue-0", "1"),
            ("/metrics/queue_depth", "Namespace", "default", "6")):
        wait_for(path, lambda p=path, e=expected: known(e2e, below + p)[0]["value"] == e, 60, 1)
        (item,) = known(e2e, below + path)
        equal((item["describedObject"]["kind"], item["describedObject"]["name"]), (kind, name))
    equal(raw(e2e, below + "/services/nobody/queue_depth"),
          "Error from server (NotFound): the server could not find the metric queue_depth for services nobody: the "
          'Service could not be read: the API server answered 404: services "nobody" not found')
    apps.rate("shop", 40)
    get = below + "/pods/*/http_requests?labelSelector=app%3Dshop&metricLabelSelector=verb%3DGET"
    wait_for("the GETs", lambda: all(14 < amount(i["value"]) < 16 for i in known(e2e, get)), 150, 1)
    equal(known(e2e, get)[0]["metric"], {"name": "http_requests", "selector": {"matchLabels": {"verb": "GET"}}})
    # A series that never occurred is 0, so its autoscaler scales down.
    scale(e2e, "shop", pods_metric("http_requests", 10, {"code": "500"}))
    wait_for("the shop to scale down", lambda: replicas(e2e, "shop") == 1, 90, 1)
    equal(condition(e2e, "shop", "ScalingActive")[:2], ("True", "ValidMetricFound"))
    e2e.kubectl("delete", "hpa", "shop")


@only_routed
def missing(e2e):
    """Pods without a figure keep their autoscaler from scaling down; without any it does nothing and says why."""
    apps = e2e.applications
    apps.rate("shop", 40)
    e2e.kubectl("scale", "deployment", "shop", "--replicas=4")
    wait_for("four pods", lambda: len(apps.names("shop")) == 4)
    shop = "/v1beta1/namespaces/default/pods/*/http_requests?labelSelector=app%3Dshop"
    wait_for("four rates", lambda: len(found := known(e2e, shop)) == 4 and all(
        9 < amount(i["value"]) < 11 for i in found), 150, 1)
    scale(e2e, "shop", pods_metric("http_requests", 10))
    wait_for("it to be active", lambda: (condition(e2e, "shop", "ScalingActive") or [""])[0] == "True", 60, 1)
    hanging, bare, odd, last = apps.names("shop")
    apps.trouble(hanging, "hang")
    apps.trouble(odd, "nan")
    e2e.kubectl("annotate", "pod", bare, "prometheus.io/scrape-")
    apps.rate("shop", 4)
    wait_for("one figure", lambda: [i["describedObject"]["name"] for i in known(e2e, shop)] == [last], 120, 1)
    wait_for("a low rate", lambda: amount(known(e2e, shop)[0]["value"]) < 2, 120, 1)
    time.sleep(12)
    equal(replicas(e2e, "shop"), 4)
    apps.trouble(last, "hang")
    lost = wait_for("no figure", lambda: ((found := condition(e2e, "shop", "ScalingActive")) and
                                          found[0] == "False" and found), 120, 1)
    print(f"    all gone: {lost[1]}: {lost[2]}")
    equal(lost[1], "FailedGetPodsMetric")
    holds(lost[2], "unable to fetch metrics from custom metrics API: the server could not find the metric "
                   "http_requests for pods: 2 pods could not be scraped")
    holds(lost[2], f'pod {bare} has no annotation prometheus.io/scrape: "true"')
    equal(replicas(e2e, "shop"), 4)
    # All are well again: any may be the one that is kept when there is little to do.
    e2e.kubectl("annotate", "--overwrite", "pod", bare, "prometheus.io/scrape=true")
    for name in (hanging, odd, last):
        apps.trouble(name, None)
    wait_for("it to be active again", lambda: condition(e2e, "shop", "ScalingActive")[0] == "True", 60, 0.5)
    e2e.kubectl("delete", "hpa", "shop")


@only_routed
def versions(e2e):
    """Which version is asked, and how."""
    shop = "namespaces/default/pods/%2A/http_requests?labelSelector=app%3Dshop"
    before = len(e2e.plane.audit())
    scale(e2e, "shop", pods_metric("http_requests", 10))

    def asked():
        return set(asked_by_autoscalers(e2e, before))

    wait_for("v1beta1 to be asked", lambda: asked() == {f"{GROUP}/v1beta1/{shop}"}, 60, 1)
    e2e.patch("apiservice", "v1beta2.custom.metrics.k8s.io", {"spec": {"versionPriority": 200}})
    wait_for("v1beta2 to be asked", lambda: f"{GROUP}/v1beta2/{shop}" in asked(), 90, 1)
    wait_for("it to be active", lambda: condition(e2e, "shop", "ScalingActive")[0] == "True", 60, 1)
    e2e.kubectl("delete", "apiservice", "v1beta2.custom.metrics.k8s.io")
    before = len(e2e.plane.audit())
    wait_for("v1beta1 to be asked again", lambda: f"{GROUP}/v1beta1/{shop}" in asked(), 90, 1)
    time.sleep(6)
    equal(condition(e2e, "shop", "ScalingActive")[0], "True")
    e2e.kubectl("apply", "-f", ROOT / "deploy/custom-metrics/apiservices.yaml")
    wait_for("v1beta2", lambda: condition_of_service(e2e, "v1beta2") == "True", 60)


@only_routed
def restart(e2e):
    """A restart under load costs syncs, no replicas."""
    e2e.applications.rate("shop", 40)
    wait_for("four pods", lambda: replicas(e2e, "shop") == 4, 200, 1)
    wait_for("a steady rate", lambda: condition(e2e, "shop", "ScalingActive")[0] == "True" and all(
        9 < amount(i["value"]) < 11 for i in known(e2e, "/v1beta1/namespaces/default/pods/*/http_requests"
                                                        "?labelSelector=app%3Dshop")), 150, 1)
    equal(e2e.topd.stop(), 0)
    e2e.topd.start()
    seen, until = set(), time.monotonic() + 45
    words = set()
    while time.monotonic() < until:
        seen.add(replicas(e2e, "shop"))
        words.add(condition(e2e, "shop", "ScalingActive")[2])
        time.sleep(1)
    equal(seen, {4})
    equal(condition(e2e, "shop", "ScalingActive")[0], "True")
    for line in sorted(words):
        print("   ", line)
    e2e.kubectl("delete", "hpa", "shop")


@only_routed
def turn_off(e2e):
    """The APIServices first, then the flag; namespaces can be deleted throughout."""
    e2e.kubectl("delete", "-f", ROOT / "deploy/custom-metrics/apiservices.yaml")
    e2e.kubectl("apply", "-f", ROOT / "deploy/topd.yaml")
    e2e.kubectl("delete", "-f", ROOT / "deploy/custom-metrics/rbac.yaml")
    equal([a for a in e2e.topd.arguments() if a == "--custom-metrics"], [])
    e2e.topd.more_arguments = []
    equal(e2e.topd.stop(), 0)
    e2e.topd.start()
    e2e.kubectl("create", "namespace", "custom-metrics-were-here")
    e2e.kubectl("delete", "namespace", "custom-metrics-were-here", "--timeout=60s")
    equal(e2e.topd.ask(GROUP + "/v1beta1", certificate="admin")[0], 404)
    e2e.kubectl("delete", "deployment/shop", "service/shop", "pod/queue-0", "--wait=false", "--ignore-not-found")
    wait_for("the pods to go", lambda: not e2e.applications.names("shop"), 60)
    e2e.kubelets.applications = None
    e2e.applications.stop()
    e2e.wait_top("kubectl top node", "node")
