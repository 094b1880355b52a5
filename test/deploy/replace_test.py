#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""deploy/ applied to a real kube-apiserver: over metrics-server's own objects, and back. cluster.py says how to run
it."""
import json
import subprocess
import sys

import yaml
from cluster import (
    DEPLOY,
    METRICS_SERVER,
    SERVICE_ACCOUNT,
    TOPD,
    ClusterTest,
    Kustomization,
    environment,
    kubectl,
    main,
    names,
)


class Replace(ClusterTest):
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
        self.assert_applied("-f", TOPD)

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
                       env=environment | {"WAIT": "0"})
        after, run = self.deployment()
        self.assertEqual(after["metadata"]["uid"], before["metadata"]["uid"])
        self.assertEqual(after["spec"], before["spec"])
        self.assertIn("metrics-server:v0.9.0", run["image"])
        self.assertEqual(names("apiservice"), ["v1beta1.metrics.k8s.io"])
        self.assertEqual((names("service"), names("networkpolicy")), (["metrics-server"], []))
        self.assert_applied("-f", METRICS_SERVER)

    def test_the_way_back_takes_custom_metrics_away_and_not_those_of_another_adapter(self):
        with Kustomization("custom-metrics") as folder:
            kubectl("apply", "-k", folder)
        self.assertEqual(len(names("apiservice")), 4)
        kubectl("label", "apiservice", "v1beta2.custom.metrics.k8s.io", "k8s-app=adapter", "--overwrite")
        self.addCleanup(kubectl, "delete", "apiservice", "v1beta2.custom.metrics.k8s.io", "--ignore-not-found")
        subprocess.run([DEPLOY / "rollback.sh", METRICS_SERVER], check=True, capture_output=True, timeout=120,
                       env=environment | {"WAIT": "0"})
        self.assertEqual(names("apiservice"), ["v1beta1.metrics.k8s.io"])
        kubectl("get", "apiservice", "v1beta2.custom.metrics.k8s.io")

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
                self.assert_may(SERVICE_ACCOUNT, expected, verb, resource,
                                *([f"--subresource={sub}"] if sub else []), *rest)

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
    sys.exit(main(sys.modules[__name__]))
