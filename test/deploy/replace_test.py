#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""deploy/ applied to a real kube-apiserver: over metrics-server's own objects, and back.

TOPD_TEST_KUBECONFIG names a throw-away cluster (kube-apiserver and kube-controller-manager are enough; nothing needs
to run in it): its metrics-server is replaced and removed. Without it the tests are skipped, and say so.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import yaml

HERE = pathlib.Path(__file__).resolve().parent
DEPLOY = HERE.parent.parent / "deploy"
METRICS_SERVER = HERE / "metrics_server.yaml"
TOPD = DEPLOY / "topd.yaml"
KUBECONFIG = os.environ.get("TOPD_TEST_KUBECONFIG", "")
SERVICE_ACCOUNT = "system:serviceaccount:kube-system:metrics-server"


def kubectl(*arguments, ok=True, **options):
    done = subprocess.run(["kubectl", *map(str, arguments)], check=False, capture_output=True, text=True, timeout=120,
                          env=os.environ | {"KUBECONFIG": KUBECONFIG}, **options)
    if ok and done.returncode != 0:
        raise AssertionError(f"kubectl {arguments}: {done.stdout}{done.stderr}")
    return done


def get(*what):
    return json.loads(kubectl("get", *what, "-o", "json").stdout)


def names(kind):
    return [item["metadata"]["name"]
            for item in get(kind, "-n", "kube-system", "-l", "k8s-app=metrics-server")["items"]]


@unittest.skipUnless(KUBECONFIG, "SKIPPED: TOPD_TEST_KUBECONFIG names no cluster")
class Replace(unittest.TestCase):
    def setUp(self):
        self.addCleanup(self.remove_all)
        self.remove_all()

    def remove_all(self):
        for manifest in (TOPD, DEPLOY / "networkpolicy.yaml", DEPLOY / "high-availability/pdb.yaml"):
            kubectl("delete", "-f", manifest, "--ignore-not-found", "--wait=true")

    def deployment(self):
        found = get("deployment", "metrics-server", "-n", "kube-system")
        (run,) = found["spec"]["template"]["spec"]["containers"]
        return found, run

    def assert_applied(self, manifest):
        """The cluster holds what the manifest says: applying it again would change nothing."""
        told = kubectl("diff", "-f", manifest, ok=False)
        self.assertEqual((told.returncode, told.stdout + told.stderr), (0, ""))

    def test_metrics_server_becomes_topd_in_place(self):
        kubectl("apply", "-f", METRICS_SERVER)
        before, run = self.deployment()
        self.assertIn("metrics-server:v0.9.0", run["image"])
        kubectl("apply", "-f", TOPD)
        after, run = self.deployment()
        self.assertEqual(after["metadata"]["uid"], before["metadata"]["uid"])
        self.assertEqual(run["name"], "metrics-server")
        self.assertTrue(run["image"].startswith("topd:"))
        self.assertEqual((names("deployment"), names("service")), (["metrics-server"], ["metrics-server"]))
        self.assertEqual(names("apiservice"), ["v1.metrics.k8s.io", "v1beta1.metrics.k8s.io"])
        self.assert_applied(TOPD)

    def test_what_an_older_release_had_otherwise_is_gone(self):
        older = [o for o in yaml.safe_load_all(METRICS_SERVER.read_text()) if o]
        (deployment,) = [o for o in older if o["kind"] == "Deployment"]
        (run,) = deployment["spec"]["template"]["spec"]["containers"]
        run["ports"][0]["containerPort"] = 4443
        run["args"] = ["--secure-port=4443", "--kubelet-insecure-tls"]
        run["env"] = [{"name": "OLD", "value": "1"}]
        deployment["spec"]["replicas"] = 2
        kubectl("apply", "-f", "-", input=yaml.safe_dump_all(older))
        kubectl("apply", "-f", TOPD)
        found, run = self.deployment()
        self.assertEqual([port["containerPort"] for port in run["ports"]], [10250])
        self.assertNotIn("--kubelet-insecure-tls", run["args"])
        self.assertNotIn("env", run)
        self.assertEqual(found["spec"]["replicas"], 1)

    def test_the_way_back_leaves_metrics_server_as_it_was(self):
        kubectl("apply", "-f", METRICS_SERVER)
        before, _ = self.deployment()
        kubectl("apply", "-f", TOPD, "-f", DEPLOY / "networkpolicy.yaml")
        subprocess.run([DEPLOY / "rollback.sh", METRICS_SERVER], check=True, capture_output=True, timeout=120,
                       env=os.environ | {"KUBECONFIG": KUBECONFIG, "WAIT": "0"})
        after, run = self.deployment()
        self.assertEqual(after["metadata"]["uid"], before["metadata"]["uid"])
        self.assertEqual(after["spec"], before["spec"])
        self.assertIn("metrics-server:v0.9.0", run["image"])
        self.assertEqual(names("apiservice"), ["v1beta1.metrics.k8s.io"])
        self.assertEqual((names("service"), names("networkpolicy")), (["metrics-server"], []))
        self.assert_applied(METRICS_SERVER)

    def test_two_replicas_and_back_to_one(self):
        high = kubectl("kustomize", "--load-restrictor=LoadRestrictionsNone", DEPLOY / "high-availability").stdout
        kubectl("apply", "-f", "-", input=high)
        found, _ = self.deployment()
        self.assertEqual((found["spec"]["replicas"], found["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"]),
                         (2, 1))
        self.assertIn("podAntiAffinity", found["spec"]["template"]["spec"]["affinity"])
        self.assertEqual(names("poddisruptionbudget"), ["metrics-server"])
        kubectl("apply", "-f", TOPD)
        found, _ = self.deployment()
        self.assertEqual(found["spec"]["replicas"], 1)
        self.assertNotIn("affinity", found["spec"]["template"]["spec"])

    def test_graphs_are_a_component(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(DEPLOY, folder, dirs_exist_ok=True)
            kustomization = pathlib.Path(folder, "kustomization.yaml")
            kustomization.write_text("resources: [topd.yaml]\ncomponents: [graphs, state, state/persistent]\n")
            kubectl("apply", "-k", folder)
            found, run = self.deployment()
            self.assertIn("--state-file=/state/topd.state", run["args"])
            volumes = {volume["name"]: volume for volume in found["spec"]["template"]["spec"]["volumes"]}
            self.assertEqual(volumes["state"]["persistentVolumeClaim"], {"claimName": "topd-state"})
            self.assertEqual(found["spec"]["strategy"], {"type": "Recreate"})
            kubectl("delete", "-n", "kube-system", "persistentvolumeclaim/topd-state", "--wait=false")
            kustomization.write_text("resources: [topd.yaml]\ncomponents: [graphs]\n")
            kubectl("apply", "-k", folder)
        found, run = self.deployment()
        self.assertNotIn("--state-file=/state/topd.state", run["args"])
        self.assertIn("--graphs-address=:8000", run["args"])
        self.assertIn("--secure-port=10250", run["args"])
        self.assertEqual([port["containerPort"] for port in run["ports"]], [10250, 8000])
        self.assertEqual(run["resources"]["requests"], {"cpu": "50m", "memory": "224Mi"})
        self.assertIn("topd-graphs", names("service"))
        self.assertIn("topd-graphs", names("networkpolicy"))
        kubectl("delete", "-n", "kube-system", "service/topd-graphs", "networkpolicy/topd-graphs")
        kubectl("apply", "-f", TOPD)
        _, run = self.deployment()
        self.assertNotIn("--graphs-address=:8000", run["args"])
        self.assertEqual([port["containerPort"] for port in run["ports"]], [10250])

    def test_who_is_bound_to_the_role_may_ask_topd_as_a_prometheus(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(DEPLOY, folder, dirs_exist_ok=True)
            pathlib.Path(folder, "kustomization.yaml").write_text(
                "resources: [topd.yaml]\ncomponents: [graphs, graphs/prometheus]\n")
            self.addCleanup(kubectl, "delete", "-n", "kube-system", "service/topd-graphs", "networkpolicy/topd-graphs",
                            "service/topd-prometheus", "role/topd-prometheus", "configmap/topd-grafana-datasource",
                            "rolebinding/topd-prometheus", "--ignore-not-found")
            kubectl("apply", "-k", folder)
        (found,) = get("service", "-A", "-l", "headlamp-prometheus=true")["items"]
        self.assertEqual(found["metadata"]["name"], "topd-prometheus")
        kubectl("-n", "kube-system", "create", "rolebinding", "topd-prometheus", "--role=topd-prometheus",
                "--user=viewer")
        for user, verb, name, expected in (
                ("viewer", "get", "topd-prometheus:9090", "yes"), ("viewer", "create", "topd-prometheus:9090", "yes"),
                ("viewer", "delete", "topd-prometheus:9090", "no"), ("viewer", "get", "topd-graphs", "no"),
                ("stranger", "get", "topd-prometheus:9090", "no")):
            with self.subTest((user, verb, name)):
                told = kubectl("auth", "can-i", verb, f"services/{name}", "--subresource=proxy", "-n", "kube-system",
                               f"--as={user}", ok=False)
                self.assertEqual(told.stdout.strip(), expected)

    def test_the_service_account_may_do_what_topd_needs_and_no_more(self):
        kubectl("apply", "-f", TOPD)
        for question, expected in (
                ("list nodes", "yes"), ("watch nodes", "yes"), ("list pods -A", "yes"), ("get nodes/metrics", "yes"),
                ("create tokenreviews.authentication.k8s.io", "yes"),
                ("create subjectaccessreviews.authorization.k8s.io", "yes"),
                ("watch configmaps/extension-apiserver-authentication -n kube-system", "yes"),
                ("get configmaps/other -n kube-system", "no"), ("get secrets -A", "no"), ("create pods", "no"),
                ("get nodes/proxy", "no"), ("get nodes/stats", "no"), ("delete nodes", "no")):
            with self.subTest(question):
                verb, resource, *rest = question.split()
                resource, _, sub = resource.partition("/") if resource.startswith("nodes/") else (resource, "", "")
                told = kubectl("auth", "can-i", verb, resource, *([f"--subresource={sub}"] if sub else []), *rest,
                               f"--as={SERVICE_ACCOUNT}", ok=False)
                self.assertEqual(told.stdout.strip(), expected)

    def test_the_pod_is_admitted_where_pods_must_be_restricted(self):
        namespace = "topd-restricted"
        self.addCleanup(kubectl, "delete", "namespace", namespace, "--wait=false", ok=False)
        for manifest in ({"kind": "Namespace", "metadata": {
                "name": namespace, "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}},
                         {"kind": "ServiceAccount", "metadata": {"name": "metrics-server", "namespace": namespace}}):
            kubectl("apply", "-f", "-", input=json.dumps(manifest | {"apiVersion": "v1"}))
        (deployment,) = [o for o in yaml.safe_load_all(TOPD.read_text()) if o and o["kind"] == "Deployment"]
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "topd", "namespace": namespace},
               "spec": deployment["spec"]["template"]["spec"]}

        def create():
            return kubectl("create", "--dry-run=server", "-f", "-", input=json.dumps(pod), ok=False)

        self.assertEqual(create().stderr, "")
        pod["spec"]["containers"][0]["securityContext"]["capabilities"]["drop"] = []
        self.assertIn("violates PodSecurity", create().stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
