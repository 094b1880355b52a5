#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The components of deploy/ applied to a real kube-apiserver, in a namespace whose pods must be restricted, and read
back. cluster.py says how to run it."""
import json
import pathlib
import sys

import yaml
from cluster import COMPONENTS, DEPLOY, SERVICE_ACCOUNT, TOPD, ClusterTest, Kustomization, get, kubectl, main, wait_for

BASE = ["--cert-dir=/tmp", "--secure-port=10250", "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
        "--kubelet-use-node-status-port", "--metric-resolution=15s", "--shutdown-delay-duration=5s"]
GRAPHS = ["--graphs-address=:8000", "--history-memory=128Mi"]
HTTPS = {"name": "https", "containerPort": 10250, "protocol": "TCP"}
GRAPHS_PORT = {"name": "graphs", "containerPort": 8000, "protocol": "TCP"}
TMP = {"name": "tmp-dir", "mountPath": "/tmp"}
STATE = {"name": "state", "mountPath": "/state"}
LEVELS = ("enforce", "warn")
# Of an address that is nobody's (RFC 5737).
ADDRESS = "192.0.2.7"
NODE = "topd-nowhere"


def own(kind, name):
    return get(kind, name, "-n", "kube-system")


def label_namespace(value):
    """kube-system's level of the pod security standards; "": none."""
    kubectl("label", "namespace", "kube-system", "--overwrite",
            *(f"pod-security.kubernetes.io/{level}{'=' if value else '-'}{value}" for level in LEVELS))


def may_read_metric(user):
    """Nobody serves the group here, so that kubectl auth can-i does not know it."""
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": {
        "user": user, "resourceAttributes": {"verb": "get", "group": "custom.metrics.k8s.io", "resource": "pods",
                                             "subresource": "http_requests", "name": "*", "namespace": "default"}}}
    return json.loads(kubectl("create", "-f", "-", "-o", "json", input=json.dumps(review)).stdout)["status"]["allowed"]


class Components(ClusterTest):
    def setUp(self):
        super().setUp()
        label_namespace("restricted")
        self.addCleanup(label_namespace, "")

    def apply(self, *components, server_side=False):
        """Fields that kube-apiserver does not know are errors; a pod that is not restricted is warned of."""
        with Kustomization(*components) as folder:
            told = kubectl("apply", "--validate=strict", *(["--server-side"] if server_side else []), "-k", folder)
            self.assertEqual(told.stderr, "")
            if not server_side:
                self.assert_applied("-k", folder)

    def admitted(self):
        """The pod that the controllers make of the Deployment as it is now."""
        template = self.deployment()[0]["spec"]["template"]["spec"]

        def pod():
            found = get("pods", "-n", "kube-system", "-l", "k8s-app=metrics-server")["items"]
            return next((p for p in found if "deletionTimestamp" not in p["metadata"] and
                         p["spec"]["containers"][0]["args"] == template["containers"][0]["args"] and
                         p["spec"]["volumes"][:len(template["volumes"])] == template["volumes"]), None)
        return wait_for("a pod of the Deployment", pod, 30)

    def assert_topd(self, arguments, memory, ports, mounts):
        _, run = self.deployment()
        self.assertEqual(run["args"], BASE + arguments)
        self.assertEqual(run["resources"], {"requests": {"cpu": "50m", "memory": memory}})
        self.assertEqual((run["ports"], run["volumeMounts"]), (ports, mounts))
        pod = self.admitted()
        # Beside the token of its ServiceAccount, which admission adds.
        self.assertEqual(pod["spec"]["containers"][0]["volumeMounts"][:-1], mounts)
        return pod

    def test_a_pod_that_is_not_restricted_is_refused_there(self):
        self.apply()
        self.assert_topd([], "96Mi", [HTTPS], [TMP])
        loose = [{"op": "replace", "path": "/spec/template/spec/containers/0/securityContext", "value": {}}]
        told = kubectl("-n", "kube-system", "patch", "deployment", "metrics-server", "--type=json", "-p",
                       json.dumps(loose))
        self.assertIn("would violate PodSecurity", told.stderr)

        def refusal():
            conditions = own("deployment", "metrics-server")["status"].get("conditions", [])
            return next((c["message"] for c in conditions if c["type"] == "ReplicaFailure"), None)
        self.assertIn("violates PodSecurity \"restricted:latest\"", wait_for("the pod to be refused", refusal, 30))

    def test_graphs(self):
        self.apply("graphs")
        self.assert_topd(GRAPHS, "224Mi", [HTTPS, GRAPHS_PORT], [TMP])
        spec = own("service", "topd-graphs")["spec"]
        self.assertEqual((spec["type"], spec["selector"], spec["ports"]), (
            "ClusterIP", {"k8s-app": "metrics-server"}, [{"port": 8000, "protocol": "TCP", "targetPort": "graphs"}]))
        policy = own("networkpolicy", "topd-graphs")["spec"]
        self.assertEqual((policy["podSelector"], policy["policyTypes"]),
                         ({"matchLabels": {"k8s-app": "metrics-server"}}, ["Ingress"]))
        self.assertEqual([(rule["ports"], "from" in rule) for rule in policy["ingress"]], [
            ([{"port": 10250, "protocol": "TCP"}], False), ([{"port": 8000, "protocol": "TCP"}], True)])
        self.assertEqual(policy["ingress"][1]["from"][0]["namespaceSelector"]["matchExpressions"][0]["values"],
                         ["kubernetes-dashboard", "monitoring"])

    def test_services_of_graphs_lead_to_the_port_of_the_pod(self):
        """By its name, which the endpoint controllers look up in the pod."""
        self.apply("graphs", "graphs/prometheus")
        pod = self.admitted()["metadata"]["name"]
        # Only of pods on nodes that there are.
        self.addCleanup(kubectl, "delete", "node", NODE)
        self.addCleanup(kubectl, "-n", "kube-system", "delete", "pod", pod, "--grace-period=0", "--force")
        kubectl("create", "-f", "-", input=json.dumps({"apiVersion": "v1", "kind": "Node", "metadata": {"name": NODE}}))
        kubectl("create", "-f", "-", "--raw", f"/api/v1/namespaces/kube-system/pods/{pod}/binding", input=json.dumps(
            {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": pod},
             "target": {"apiVersion": "v1", "kind": "Node", "name": NODE}}))
        kubectl("-n", "kube-system", "patch", "pod", pod, "--subresource=status", "--type=merge", "-p",
                json.dumps({"status": {"phase": "Running", "podIP": ADDRESS, "podIPs": [{"ip": ADDRESS}]}}))

        def ports(service):
            """(name, number) of each port that leads to the pod; slices for ports that no pod has are there too."""
            slices = get("endpointslices", "-n", "kube-system", "-l", "kubernetes.io/service-name=" + service)["items"]
            return [(port["name"], port["port"]) for s in slices for endpoint in s["endpoints"] or []
                    for port in s["ports"] or [] if endpoint["addresses"] == [ADDRESS]]
        for service, expected in (("topd-graphs", ("", 8000)), ("topd-prometheus", ("http", 8000)),
                                  ("metrics-server", ("https", 10250))):
            with self.subTest(service):
                self.assertEqual(wait_for("the endpoint", lambda name=service: ports(name), 30), [expected])

    def test_summary(self):
        self.apply("graphs")
        self.assert_may(SERVICE_ACCOUNT, "no", "get", "nodes", "--subresource=stats")
        self.apply("graphs", "summary")
        self.assert_topd([*GRAPHS, "--kubelet-summary"], "224Mi", [HTTPS, GRAPHS_PORT], [TMP])
        self.assertEqual(get("clusterrole", "system:metrics-server:summary")["rules"],
                         [{"apiGroups": [""], "resources": ["nodes/stats"], "verbs": ["get"]}])
        for expected, *what in (("yes", "get", "nodes", "--subresource=stats"),
                                ("yes", "get", "nodes", "--subresource=metrics"),
                                ("no", "create", "nodes", "--subresource=stats"),
                                ("no", "get", "nodes", "--subresource=proxy"),
                                ("no", "get", "nodes", "--subresource=log")):
            self.assert_may(SERVICE_ACCOUNT, expected, *what)

    def test_custom_metrics(self):
        self.apply()
        self.assert_may(SERVICE_ACCOUNT, "no", "get", "services", "-n", "default")
        self.apply("custom-metrics")
        self.assert_topd(["--custom-metrics"], "96Mi", [HTTPS], [TMP])
        for version, priority in (("v1beta1", 100), ("v1beta2", 50)):
            spec = get("apiservice", version + ".custom.metrics.k8s.io")["spec"]
            self.assertEqual((spec["versionPriority"], spec["groupPriorityMinimum"]), (priority, 100))
            self.assertEqual((spec["service"]["name"], spec["service"]["namespace"], spec["insecureSkipTLSVerify"]),
                             ("metrics-server", "kube-system", True))
        for expected, *what in (("yes", "get", "services"), ("yes", "get", "deployments.apps", "--subresource=scale"),
                                ("yes", "get", "statefulsets.apps", "--subresource=scale"), ("yes", "get", "pods"),
                                ("no", "get", "deployments.apps"), ("no", "list", "services"),
                                ("no", "update", "deployments.apps", "--subresource=scale"),
                                ("no", "get", "secrets"), ("no", "get", "pods", "--subresource=proxy")):
            self.assert_may(SERVICE_ACCOUNT, expected, *what, "-n", "default")
        # Kubernetes' own role lets autoscalers read them, and nothing here lets others.
        autoscaler = "system:serviceaccount:kube-system:horizontal-pod-autoscaler"
        self.assertEqual([may_read_metric(who) for who in (autoscaler, "viewer")], [True, False])
        kubectl("create", "clusterrolebinding", "topd-test-viewer", "--clusterrole=view", "--user=viewer")
        self.addCleanup(kubectl, "delete", "clusterrolebinding", "topd-test-viewer")
        self.assertEqual(may_read_metric("viewer"), False)

    def test_state_on_the_nodes_disk(self):
        self.apply("graphs", "state")
        pod = self.assert_topd([*GRAPHS, "--state-file=/state/topd.state"], "352Mi", [HTTPS, GRAPHS_PORT], [TMP, STATE])
        self.assertEqual(pod["spec"]["volumes"][1], {"name": "state", "emptyDir": {}})
        strategy = self.deployment()[0]["spec"]["strategy"]
        self.assertEqual((strategy["type"], strategy["rollingUpdate"]["maxUnavailable"]), ("RollingUpdate", 0))

    def test_state_on_a_volume_of_its_own(self):
        self.apply("graphs", "state", "state/persistent")
        pod = self.assert_topd([*GRAPHS, "--state-file=/state/topd.state"], "352Mi", [HTTPS, GRAPHS_PORT], [TMP, STATE])
        self.assertEqual(pod["spec"]["volumes"][1],
                         {"name": "state", "persistentVolumeClaim": {"claimName": "topd-state"}})
        self.assertEqual(pod["spec"]["securityContext"], {"fsGroup": 1000})
        claim = own("persistentvolumeclaim", "topd-state")["spec"]
        self.assertEqual((claim["accessModes"], claim["resources"], claim["volumeMode"], "storageClassName" in claim),
                         (["ReadWriteOnce"], {"requests": {"storage": "1Gi"}}, "Filesystem", False))
        found, _ = self.deployment()
        self.assertEqual((found["spec"]["strategy"], found["spec"]["replicas"]), ({"type": "Recreate"}, 1))

    def test_prometheus(self):
        self.apply("graphs", "graphs/prometheus")
        service = own("service", "topd-prometheus")
        self.assertEqual(service["metadata"]["labels"], {"k8s-app": "metrics-server", "headlamp-prometheus": "true"})
        self.assertEqual(service["spec"]["ports"],
                         [{"name": "http", "port": 9090, "protocol": "TCP", "targetPort": "graphs"}])
        (labelled,) = get("services", "-A", "-l", "headlamp-prometheus=true")["items"]
        self.assertEqual(labelled["metadata"]["uid"], service["metadata"]["uid"])
        self.assertEqual(get("pods", "-A", "-l", "headlamp-prometheus=true")["items"], [])
        self.assertEqual(own("role", "topd-prometheus")["rules"], [
            {"apiGroups": [""], "resources": ["services/proxy"], "resourceNames": ["topd-prometheus:9090"],
             "verbs": ["get", "create"]}])
        config = own("configmap", "topd-grafana-datasource")
        self.assertEqual(config["metadata"]["labels"], {"k8s-app": "metrics-server", "grafana_datasource": "1"})
        (source,) = yaml.safe_load(config["data"]["topd.yaml"])["datasources"]
        self.assertEqual((source["type"], source["url"]),
                         ("prometheus", "http://topd-prometheus.kube-system.svc:9090"))

    def test_who_is_bound_to_the_role_may_ask_topd_as_a_prometheus(self):
        self.apply("graphs", "graphs/prometheus")
        self.addCleanup(kubectl, "-n", "kube-system", "delete", "rolebinding", "topd-prometheus", "--ignore-not-found")
        kubectl("-n", "kube-system", "create", "rolebinding", "topd-prometheus", "--role=topd-prometheus",
                "--user=viewer")
        wait_for("the right", lambda: kubectl("auth", "can-i", "get", "services/topd-prometheus:9090", "-n",
                                              "kube-system", "--subresource=proxy", "--as=viewer", ok=False)
                 .returncode == 0, 30)
        for user, verb, name, expected in (
                ("viewer", "get", "topd-prometheus:9090", "yes"), ("viewer", "create", "topd-prometheus:9090", "yes"),
                ("viewer", "delete", "topd-prometheus:9090", "no"), ("viewer", "get", "topd-graphs", "no"),
                ("viewer", "get", "topd-prometheus", "no"), ("stranger", "get", "topd-prometheus:9090", "no")):
            with self.subTest((user, verb, name)):
                self.assert_may(user, expected, verb, f"services/{name}", "--subresource=proxy", "-n", "kube-system")

    def test_all_of_them_and_the_way_back_to_topd_alone(self):
        self.apply(*COMPONENTS)
        uid = self.deployment()[0]["metadata"]["uid"]
        self.assert_topd([*GRAPHS, "--kubelet-summary", "--watch-objects", "--state-file=/state/topd.state",
                          "--custom-metrics"], "352Mi", [HTTPS, GRAPHS_PORT], [TMP, STATE])
        kubectl("apply", "-f", TOPD)
        self.assert_applied("-f", TOPD)
        found, _ = self.deployment()
        self.assertEqual((found["metadata"]["uid"], found["spec"]["strategy"]["type"]), (uid, "RollingUpdate"))
        self.assertFalse(found["spec"]["template"]["spec"]["securityContext"])
        self.assert_topd([], "96Mi", [HTTPS], [TMP])

    def test_server_side_apply_goes_to_a_volume_and_back(self):
        """No field of an earlier rolling update stays that would be refused with Recreate."""
        self.apply("graphs", server_side=True)
        self.apply("graphs", "state", "state/persistent", server_side=True)
        self.assertEqual(self.deployment()[0]["spec"]["strategy"], {"type": "Recreate"})
        self.apply("graphs", server_side=True)
        self.assert_topd(GRAPHS, "224Mi", [HTTPS, GRAPHS_PORT], [TMP])
        strategy = self.deployment()[0]["spec"]["strategy"]
        self.assertEqual((strategy["type"], strategy["rollingUpdate"]["maxUnavailable"]), ("RollingUpdate", 0))

    def test_every_component_is_among_these(self):
        found = {str(path.parent.relative_to(DEPLOY)) for path in DEPLOY.rglob("kustomization.yaml")
                 if yaml.safe_load(pathlib.Path(path).read_text())["kind"] == "Component"}
        # Those of engines and boards are put before an API server by test/e2e/steps/manifest_steps.py.
        of_engines = {f"graphs/{name}" for name in ("grafana", "influxdb", "influxdb/nfs", "monitoring", "sinks",
                                                    "sinks/spool")}
        self.assertEqual(found, set(COMPONENTS) | of_engines)


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
