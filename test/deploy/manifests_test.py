#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manifests of deploy/, read as YAML: what they must share with metrics-server, and where they may differ."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import yaml

HERE = pathlib.Path(__file__).resolve().parent
DEPLOY = HERE.parent.parent / "deploy"


def objects(path):
    """The objects of a file by (kind, name). A name that comes twice is an error."""
    found = {}
    for document in yaml.safe_load_all(path.read_text()):
        if document is None:
            continue
        key = (document["kind"], document["metadata"]["name"])
        assert key not in found, f"{path}: {key} comes twice"
        found[key] = document
    return found


def container(deployment):
    return deployment["spec"]["template"]["spec"]["containers"][0]


class TopdYaml(unittest.TestCase):
    """metrics_server.yaml holds metrics-server's objects, so equality with them is the whole of most of these tests."""

    DEPLOYMENT = ("Deployment", "metrics-server")
    DELAY = "--shutdown-delay-duration=5s"
    V1 = ("APIService", "v1.metrics.k8s.io")
    V1BETA1 = ("APIService", "v1beta1.metrics.k8s.io")

    def setUp(self):
        self.ours = objects(DEPLOY / "topd.yaml")
        self.peers = objects(HERE / "metrics_server.yaml")

    def test_only_the_apiservice_of_v1_is_added_and_nothing_is_left_out(self):
        self.assertEqual(set(self.ours) - set(self.peers), {self.V1})
        self.assertEqual(set(self.peers) - set(self.ours), set())

    def test_every_object_but_the_deployment_is_metrics_servers(self):
        for key in self.peers.keys() - {self.DEPLOYMENT}:
            with self.subTest(key):
                self.assertEqual(self.ours[key], self.peers[key])

    def test_the_deployment_differs_in_image_requests_and_the_delay_of_its_end_only(self):
        ours, peers = self.ours[self.DEPLOYMENT], self.peers[self.DEPLOYMENT]
        container(ours)["args"].remove(self.DELAY)
        for field in ("image", "resources"):
            self.assertNotEqual(container(ours).pop(field), container(peers).pop(field))
        self.assertEqual(ours, peers)

    # The next four repeat what equality implies, so that a slip in metrics_server.yaml shows too.
    def test_names_and_selectors_that_a_running_metrics_server_cannot_change(self):
        spec = self.ours[self.DEPLOYMENT]["spec"]
        labels = {"k8s-app": "metrics-server"}
        self.assertEqual(spec["selector"], {"matchLabels": labels})
        self.assertEqual(spec["template"]["metadata"]["labels"], labels)
        self.assertEqual([c["name"] for c in spec["template"]["spec"]["containers"]], ["metrics-server"])
        self.assertEqual(self.ours["Service", "metrics-server"]["spec"]["selector"], labels)
        for key, manifest in self.ours.items():
            self.assertEqual(manifest["metadata"]["labels"]["k8s-app"], "metrics-server", key)

    def test_the_way_from_the_apiservice_to_the_port(self):
        run = container(self.ours[self.DEPLOYMENT])
        self.assertEqual(run["ports"], [{"name": "https", "containerPort": 10250, "protocol": "TCP"}])
        self.assertIn("--secure-port=10250", run["args"])
        service = self.ours["Service", "metrics-server"]
        (port,) = service["spec"]["ports"]
        self.assertEqual((port["name"], port["port"], port["targetPort"]), ("https", 443, "https"))
        for version in (self.V1, self.V1BETA1):
            named = self.ours[version]["spec"]["service"]
            self.assertEqual(named, {key: service["metadata"][key] for key in ("name", "namespace")})
        for probe, path in (("livenessProbe", "/livez"), ("readinessProbe", "/readyz")):
            self.assertEqual(run[probe]["httpGet"], {"path": path, "port": "https", "scheme": "HTTPS"})

    def test_it_ends_within_the_time_that_kubernetes_gives_it(self):
        pod = self.ours[self.DEPLOYMENT]["spec"]["template"]["spec"]
        wiring = (DEPLOY.parent / "topd/wiring.cpp").read_text()
        requests = int(re.search(r"seconds kGrace\{(\d+)\}", wiring).group(1))
        rest = int(re.search(r"milliseconds kLastMoments\{(\d+)\}", wiring).group(1)) / 1000
        self.assertIn(self.DELAY, container(self.ours[self.DEPLOYMENT])["args"])
        self.assertLess(5 + requests + rest, pod.get("terminationGracePeriodSeconds", 30))

    def test_v1_stands_behind_v1beta1_and_is_otherwise_the_same(self):
        v1, v1beta1 = self.ours[self.V1]["spec"], self.ours[self.V1BETA1]["spec"]
        self.assertEqual((v1.pop("version"), v1beta1.pop("version")), ("v1", "v1beta1"))
        self.assertEqual((v1.pop("versionPriority"), v1beta1.pop("versionPriority")), (50, 100))
        self.assertEqual(v1, v1beta1)
        self.assertEqual(v1["groupPriorityMinimum"], 100)

    def test_the_pod_fits_the_restricted_pod_security_standard(self):
        pod = self.ours[self.DEPLOYMENT]["spec"]["template"]["spec"]
        run = container(self.ours[self.DEPLOYMENT])
        self.assertEqual(run["securityContext"], {
            "runAsNonRoot": True, "runAsUser": 1000, "readOnlyRootFilesystem": True, "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}})
        self.assertEqual(pod["volumes"], [{"name": "tmp-dir", "emptyDir": {}}])
        self.assertEqual(run["volumeMounts"], [{"name": "tmp-dir", "mountPath": "/tmp"}])
        self.assertFalse({"hostNetwork", "hostPID", "hostIPC", "hostUsers"} & pod.keys())

    def test_topd_may_do_no_more_than_read_nodes_pods_and_kubelet_metrics(self):
        granted = {(group, resource, verb)
                   for rule in self.ours["ClusterRole", "system:metrics-server"]["rules"]
                   for group in rule["apiGroups"] for resource in rule["resources"] for verb in rule["verbs"]}
        self.assertEqual(granted, {("", "nodes/metrics", "get")} | {
            ("", resource, verb) for resource in ("nodes", "pods") for verb in ("get", "list", "watch")})
        bound = {(key[1], manifest["roleRef"]["kind"], manifest["roleRef"]["name"])
                 for key, manifest in self.ours.items() if key[0].endswith("Binding")}
        self.assertEqual(bound, {
            ("system:metrics-server", "ClusterRole", "system:metrics-server"),
            ("metrics-server:system:auth-delegator", "ClusterRole", "system:auth-delegator"),
            ("metrics-server-auth-reader", "Role", "extension-apiserver-authentication-reader")})
        for key, manifest in self.ours.items():
            for subject in manifest.get("subjects", []):
                self.assertEqual(subject, {"kind": "ServiceAccount", "name": "metrics-server",
                                           "namespace": "kube-system"}, key)

    def test_the_image_is_of_the_version_that_is_built(self):
        built = re.search(r"project\(topd VERSION ([0-9.]+)", (DEPLOY.parent / "CMakeLists.txt").read_text()).group(1)
        self.assertEqual(container(self.ours[self.DEPLOYMENT])["image"], f"topd:{built}")


class TheOtherManifests(unittest.TestCase):
    def test_the_network_policy_opens_the_serving_port_and_restricts_no_egress(self):
        ((key, policy),) = objects(DEPLOY / "networkpolicy.yaml").items()
        # rollback.sh deletes it by this name.
        self.assertEqual((key, policy["metadata"]["namespace"]), (("NetworkPolicy", "topd"), "kube-system"))
        self.assertEqual(policy["spec"], {
            "podSelector": {"matchLabels": {"k8s-app": "metrics-server"}}, "policyTypes": ["Ingress"],
            "ingress": [{"ports": [{"protocol": "TCP", "port": 10250}]}]})

    def test_high_availability_is_two_replicas_apart_of_which_one_stays(self):
        patch = objects(DEPLOY / "high-availability/deployment.yaml")["Deployment", "metrics-server"]["spec"]
        self.assertEqual((patch["replicas"], patch["strategy"]["rollingUpdate"]["maxUnavailable"]), (2, 1))
        (apart,) = patch["template"]["spec"]["affinity"]["podAntiAffinity"][
            "requiredDuringSchedulingIgnoredDuringExecution"]
        self.assertEqual(apart, {"labelSelector": {"matchLabels": {"k8s-app": "metrics-server"}},
                                 "namespaces": ["kube-system"], "topologyKey": "kubernetes.io/hostname"})
        ((key, budget),) = objects(DEPLOY / "high-availability/pdb.yaml").items()
        # Two budgets over one pod make every eviction fail, so ours takes the place of metrics-server's.
        self.assertEqual(key, ("PodDisruptionBudget", "metrics-server"))
        self.assertEqual(budget["spec"], {"minAvailable": 1,
                                          "selector": {"matchLabels": {"k8s-app": "metrics-server"}}})

    def test_graphs_have_a_port_of_their_own_that_a_policy_guards(self):
        graphs = DEPLOY / "graphs"
        component = yaml.safe_load((graphs / "kustomization.yaml").read_text())
        added = [operation["value"] for operation in yaml.safe_load(component["patches"][0]["patch"])]
        self.assertEqual(added[:2], ["--graphs-address=:8000", "--history-memory=128Mi"])
        self.assertEqual(added[3], {"name": "graphs", "containerPort": 8000, "protocol": "TCP"})
        ((_, service),) = objects(graphs / "service.yaml").items()
        # A port with a name is not found by the service proxy's path without one.
        self.assertEqual(service["spec"]["ports"], [{"port": 8000, "protocol": "TCP", "targetPort": "graphs"}])
        ((_, policy),) = objects(graphs / "networkpolicy.yaml").items()
        first, second = policy["spec"]["ingress"]
        self.assertEqual(first, {"ports": [{"protocol": "TCP", "port": 10250}]})
        self.assertEqual(second["ports"], [{"protocol": "TCP", "port": 8000}])
        self.assertTrue(second["from"])

    def test_summaries_are_a_component_with_a_right_of_their_own(self):
        summary = DEPLOY / "summary"
        component = yaml.safe_load((summary / "kustomization.yaml").read_text())
        added = [operation["value"] for operation in yaml.safe_load(component["patches"][0]["patch"])]
        self.assertEqual(added, ["--kubelet-summary"])
        role, binding = objects(summary / "rbac.yaml").values()
        self.assertEqual(role["rules"], [{"apiGroups": [""], "resources": ["nodes/stats"], "verbs": ["get"]}])
        self.assertEqual(binding["roleRef"]["name"], role["metadata"]["name"])
        self.assertEqual(binding["subjects"], [{"kind": "ServiceAccount", "name": "metrics-server",
                                                "namespace": "kube-system"}])

    def test_prometheus_is_found_where_tools_look_for_it(self):
        folder = DEPLOY / "graphs/prometheus"
        component = yaml.safe_load((folder / "kustomization.yaml").read_text())
        self.assertEqual(set(component["resources"]), {path.name for path in folder.iterdir()} - {"kustomization.yaml"})
        ((key, service),) = objects(folder / "service.yaml").items()
        self.assertEqual((key, service["metadata"]["namespace"]), (("Service", "topd-prometheus"), "kube-system"))
        # A label's value is a string; Headlamp asks for this one.
        self.assertEqual(service["metadata"]["labels"],
                         {"k8s-app": "metrics-server", "headlamp-prometheus": "true"})
        self.assertEqual(service["spec"], {
            "selector": {"k8s-app": "metrics-server"},
            # One, and plain HTTP by its name: what Freelens takes and what Headlamp's path asks.
            "ports": [{"name": "http", "port": 9090, "protocol": "TCP", "targetPort": "graphs"}]})
        # The label is on no pod: Headlamp would look for ports there.
        self.assertNotIn("headlamp-prometheus", (DEPLOY / "graphs/kustomization.yaml").read_text() +
                         (DEPLOY / "topd.yaml").read_text() + (folder / "kustomization.yaml").read_text())

    def test_who_looks_may_ask_that_port_of_that_service_and_nothing_else(self):
        folder = DEPLOY / "graphs/prometheus"
        (service,) = objects(folder / "service.yaml").values()
        ((key, role),) = objects(folder / "role.yaml").items()
        self.assertEqual((key, role["metadata"]["namespace"]), (("Role", "topd-prometheus"), "kube-system"))
        name, (port,) = service["metadata"]["name"], service["spec"]["ports"]
        self.assertEqual(role["rules"], [{
            "apiGroups": [""], "resources": ["services/proxy"], "resourceNames": [f"{name}:{port['port']}"],
            "verbs": ["get", "create"]}])

    def test_grafana_is_given_a_data_source_at_that_service(self):
        folder = DEPLOY / "graphs/prometheus"
        (service,) = objects(folder / "service.yaml").values()
        ((key, config),) = objects(folder / "grafana.yaml").items()
        self.assertEqual(key, ("ConfigMap", "topd-grafana-datasource"))
        self.assertEqual(config["metadata"]["labels"]["grafana_datasource"], "1")
        ((file, text),) = config["data"].items()
        self.assertTrue(file.endswith(".yaml"))
        provisioning = yaml.safe_load(text)
        self.assertEqual(provisioning["apiVersion"], 1)
        (source,) = provisioning["datasources"]
        metadata, (port,) = service["metadata"], service["spec"]["ports"]
        self.assertEqual(source.pop("url"), f"http://{metadata['name']}.{metadata['namespace']}.svc:{port['port']}")
        resolution = next(argument for argument in container(objects(DEPLOY / "topd.yaml")[
            "Deployment", "metrics-server"])["args"] if argument.startswith("--metric-resolution="))
        answers_as = (DEPLOY.parent / "apiserver/prometheus/prometheus.hpp").read_text()
        version = re.search(r'kPrometheusVersion = "([0-9.]+)"', answers_as).group(1)
        self.assertEqual(source.pop("jsonData"), {
            "httpMethod": "POST", "prometheusType": "Prometheus", "prometheusVersion": version,
            "timeInterval": resolution.partition("=")[2], "manageAlerts": False})
        self.assertEqual(source, {"name": "topd", "uid": "topd", "type": "prometheus", "access": "proxy",
                                  "isDefault": False, "editable": False})

    def test_every_yaml_file_parses(self):
        # Grafana's own files are no objects.
        files = sorted(path for path in DEPLOY.rglob("*.yaml") if path.parent.name != "provisioning")
        self.assertGreaterEqual(len(files), 5)
        for path in files:
            with self.subTest(path.name):
                for document in yaml.safe_load_all(path.read_text()):
                    self.assertIn("kind", document or {"kind": "none"})

    def test_the_scripts_are_well_formed(self):
        for script in sorted(DEPLOY.rglob("*.sh")):
            with self.subTest(script.name):
                subprocess.run(["bash", "-n", script], check=True)


class Rollback(unittest.TestCase):
    """rollback.sh with a kubectl that only writes down how it was called."""

    def run_with(self, body, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            kubectl = pathlib.Path(folder, "kubectl")
            kubectl.write_text(f'#!/bin/sh\nprintf "%s\\\\n" "$*" >>{folder}/calls\n{body}\n')
            kubectl.chmod(0o755)
            done = subprocess.run([DEPLOY / "rollback.sh", *arguments], check=False, capture_output=True, timeout=30,
                                  env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"})
            return done.returncode, pathlib.Path(folder, "calls").read_text().splitlines()

    def test_v1_goes_before_anything_else_and_metrics_server_is_waited_for(self):
        code, calls = self.run_with("", "components.yaml")
        self.assertEqual((code, calls), (0, [
            "delete apiservice v1.metrics.k8s.io --ignore-not-found",
            *(f"delete apiservice --selector=k8s-app=metrics-server --field-selector=metadata.name={version}"
              ".custom.metrics.k8s.io --ignore-not-found" for version in ("v1beta1", "v1beta2")),
            "-n kube-system delete networkpolicy topd --ignore-not-found",
            "apply -f components.yaml",
            "delete clusterrolebinding,clusterrole system:metrics-server:custom-metrics --ignore-not-found",
            "-n kube-system rollout status deployment/metrics-server --timeout=180s",
            "wait --for=condition=Available apiservice/v1beta1.metrics.k8s.io --timeout=60s"]))

    def test_it_deletes_the_rights_of_custom_metrics_by_their_names(self):
        _, calls = self.run_with("", "components.yaml")
        made = {(one["kind"].lower(), one["metadata"]["name"])
                for one in yaml.safe_load_all((DEPLOY / "custom-metrics/rbac.yaml").read_text())}
        deleted = {(kind, call.split()[2]) for call in calls if call.startswith("delete clusterrole")
                   for kind in call.split()[1].split(",")}
        self.assertEqual(deleted, made)

    def test_without_a_manifest_it_is_that_of_a_named_release(self):
        _, calls = self.run_with("")
        self.assertRegex(calls[4],
                         r"^apply -f https://\S+/metrics-server/releases/download/v\d+\.\d+\.\d+/components.yaml$")

    def test_it_ends_at_the_first_step_that_fails(self):
        code, calls = self.run_with("exit 3")
        self.assertEqual((code, len(calls)), (3, 1))


if __name__ == "__main__":
    unittest.main()
