#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The components of deploy/graphs/ as docs/graphs.md has them, built by kubectl kustomize: what a cluster is given."""
import copy
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

DEPLOY = pathlib.Path(__file__).resolve().parent.parent.parent / "deploy"
GRAPHS = ["graphs", "summary", "graphs/objects", "graphs/prometheus", "graphs/monitoring", "graphs/influxdb",
          "graphs/sinks", "graphs/grafana"]
SPOOL = [*GRAPHS, "state", "state/persistent", "graphs/sinks/spool"]


@functools.cache
def kubectl():
    """One that knows components, which came with 1.21; None: there is none."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"), "topd")
    for candidate in (*sorted(cache.glob("kubernetes-*/kubectl"), reverse=True), shutil.which("kubectl")):
        if not candidate or not os.access(candidate, os.X_OK):
            continue
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "kustomization.yaml").write_text("components: []\nresources: []\n")
            said = subprocess.run([candidate, "kustomize", folder], capture_output=True, text=True, check=False).stderr
            if "unknown field" not in said:
                return str(candidate)
    return None


@functools.cache
def built(components):
    """The objects of topd.yaml with these components, by (kind, name)."""
    with tempfile.TemporaryDirectory() as folder:
        copied = pathlib.Path(folder, "deploy")
        shutil.copytree(DEPLOY, copied)
        (copied / "kustomization.yaml").write_text(
            yaml.safe_dump({"resources": ["topd.yaml"], "components": list(components)}))
        done = subprocess.run([kubectl(), "kustomize", copied], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = {}
    for document in yaml.safe_load_all(done.stdout):
        key = (document["kind"], document["metadata"]["name"])
        assert key not in found, key
        found[key] = document
    return found


def build(components):
    return copy.deepcopy(built(tuple(components)))


def pod_of(workload):
    return workload["spec"]["template"]["spec"]


def argument(objects, name):
    (run,) = pod_of(objects["Deployment", "metrics-server"])["containers"]
    values = [text.partition("=")[2] for text in run["args"] if text.startswith(f"--{name}=")]
    assert len(values) == 1, (name, values)
    return values[0]


def named(objects, kind, prefix):
    """The object of a generator: its name ends with a hash."""
    (found,) = [each for (of, name), each in objects.items()
                if of == kind and re.fullmatch(prefix + "-[a-z0-9]{10}", name)]
    return found


def mebibytes(text):
    number, unit = re.fullmatch(r"(\d+)([MG]i)", text).groups()
    return int(number) * {"Mi": 1, "Gi": 1024}[unit]


@unittest.skipIf(kubectl() is None, "no kubectl that knows components of kustomize")
class Built(unittest.TestCase):
    def setUp(self):
        self.objects = build(GRAPHS)
        self.influxdb = self.objects["StatefulSet", "influxdb"]
        self.grafana = self.objects["Deployment", "grafana"]

    def test_all_that_is_new_is_in_the_namespace_that_topd_lets_draw(self):
        namespace = self.objects["Namespace", "monitoring"]
        self.assertEqual(namespace["metadata"]["labels"], {"pod-security.kubernetes.io/enforce": "restricted"})
        for (kind, name), each in self.objects.items():
            if name.startswith(("influxdb", "grafana")):
                self.assertEqual(each["metadata"]["namespace"], "monitoring", (kind, name))
        rule = self.objects["NetworkPolicy", "topd-graphs"]["spec"]["ingress"][1]["from"][0]["namespaceSelector"]
        self.assertIn("monitoring", rule["matchExpressions"][0]["values"])

    def test_the_recipe_of_the_docs_has_them_all_and_what_the_boards_draw(self):
        guide = (DEPLOY.parent / "docs/graphs.md").read_text(encoding="utf-8")
        (recipe,) = re.findall(r"```yaml\n# kustomization.yaml\n(.*?)```", guide, re.DOTALL)
        self.assertEqual(yaml.safe_load(recipe), {"resources": ["topd.yaml"], "components": GRAPHS})
        (run,) = pod_of(self.objects["Deployment", "metrics-server"])["containers"]
        self.assertTrue({"--watch-objects", "--kubelet-summary"} <= set(run["args"]), run["args"])
        (run,) = pod_of(build(["graphs"])["Deployment", "metrics-server"])["containers"]
        self.assertFalse({"--watch-objects", "--kubelet-summary"} & set(run["args"]), run["args"])

    def test_pods_fit_the_restricted_pod_security_standard(self):
        for workload, user in ((self.influxdb, 1000), (self.grafana, 472)):
            pod = pod_of(workload)
            with self.subTest(workload["metadata"]["name"]):
                context = pod["securityContext"]
                self.assertEqual([context[key] for key in ("runAsNonRoot", "runAsUser", "fsGroup")], [True, user, user])
                self.assertEqual(context["seccompProfile"], {"type": "RuntimeDefault"})
                for run in pod["containers"]:
                    self.assertEqual(run["securityContext"], {
                        "readOnlyRootFilesystem": True, "allowPrivilegeEscalation": False,
                        "capabilities": {"drop": ["ALL"]}})
                    self.assertTrue(run["resources"]["requests"].keys() >= {"cpu", "memory"})
                    self.assertIn("memory", run["resources"]["limits"])
                self.assertFalse({"hostNetwork", "hostPID", "hostIPC"} & pod.keys())
                self.assertFalse(any("hostPath" in volume for volume in pod.get("volumes", [])))

    def test_they_may_ask_nothing_of_kubernetes(self):
        for name, workload in (("influxdb", self.influxdb), ("grafana", self.grafana)):
            self.assertEqual(pod_of(workload)["serviceAccountName"], name)
            self.assertIs(pod_of(workload)["automountServiceAccountToken"], False)
            self.assertIs(self.objects["ServiceAccount", name]["automountServiceAccountToken"], False)
        for (kind, name), each in self.objects.items():
            if kind.endswith("Binding"):
                self.assertEqual({subject["name"] for subject in each["subjects"]}, {"metrics-server"}, name)
        # Who looks through the proxy: that Service and nothing else.
        service = self.objects["Service", "grafana"]
        self.assertEqual(self.objects["Role", "grafana"]["rules"], [{
            "apiGroups": [""], "resources": ["services/proxy"], "resourceNames": [service["metadata"]["name"]],
            "verbs": ["get", "create"]}])
        self.assertEqual(service["spec"]["ports"], [{"port": 80, "protocol": "TCP", "targetPort": "http"}])

    def test_labels_are_the_recommended_ones_and_selectors_find_their_pods(self):
        for name, workload in (("influxdb", self.influxdb), ("grafana", self.grafana)):
            labels = workload["spec"]["template"]["metadata"]["labels"]
            self.assertEqual(labels["app.kubernetes.io/name"], name)
            self.assertEqual(labels["app.kubernetes.io/part-of"], "topd")
            for selector in (workload["spec"]["selector"]["matchLabels"],
                             self.objects["Service", name]["spec"]["selector"],
                             self.objects["NetworkPolicy", name]["spec"]["podSelector"]["matchLabels"]):
                self.assertEqual(selector.items() & labels.items(), selector.items())
        for (kind, name), each in self.objects.items():
            if name.startswith(("influxdb", "grafana")):
                self.assertIn("app.kubernetes.io/name", each["metadata"]["labels"], (kind, name))

    def test_all_that_influxdb_writes_is_on_one_claim_that_stays_and_that_one_pod_has(self):
        spec = self.influxdb["spec"]
        self.assertEqual(spec["replicas"], 1)
        self.assertEqual(spec["persistentVolumeClaimRetentionPolicy"],
                         {"whenDeleted": "Retain", "whenScaled": "Retain"})
        (claim,) = spec["volumeClaimTemplates"]
        self.assertEqual(claim["spec"]["accessModes"], ["ReadWriteOnce"])
        (run,) = pod_of(self.influxdb)["containers"]
        (place,) = [mount["mountPath"] for mount in run["volumeMounts"] if mount["name"] == claim["metadata"]["name"]]
        config = named(self.objects, "ConfigMap", "influxdb-config")
        ((file, text),) = config["data"].items()
        self.assertEqual(run["command"], ["influxd", "-config", "/etc/influxdb/" + file])
        folders = re.findall(r'(?:wal-)?dir = "([^"]*)"', text)
        self.assertEqual(len(folders), 3)
        for folder in folders:
            self.assertTrue(folder.startswith(place + "/"), folder)
        self.assertEqual(pod_of(self.influxdb)["volumes"],
                         [{"name": "config", "configMap": {"name": config["metadata"]["name"]}}])

    def test_topd_writes_where_influxdb_listens_and_may(self):
        url = argument(self.objects, "sink")
        key, host, port = re.match(r"([a-z]+):http://([^:/]+):(\d+)\?", url).groups()
        service = self.objects["Service", "influxdb"]
        self.assertEqual((key, host), ("influxdb", "influxdb.monitoring.svc"))
        self.assertEqual(int(port), service["spec"]["ports"][0]["port"])
        (rule,) = self.objects["NetworkPolicy", "influxdb"]["spec"]["ingress"]
        topd, grafana = rule["from"]
        self.assertEqual(topd["namespaceSelector"], {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}})
        labels = self.objects["Deployment", "metrics-server"]["spec"]["template"]["metadata"]["labels"]
        self.assertEqual(topd["podSelector"]["matchLabels"], labels)
        self.assertEqual(grafana, {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "grafana"}}})
        self.assertEqual(self.objects["NetworkPolicy", "influxdb"]["spec"]["egress"], [])
        # History is what a sink reads.
        self.assertEqual(argument(self.objects, "history-memory"), "128Mi")

    def test_grafana_draws_from_where_topd_writes_and_from_topd(self):
        config = named(self.objects, "ConfigMap", "grafana-datasources")
        influxdb, topd = yaml.safe_load(config["data"]["datasources.yaml"])["datasources"]
        sink = argument(self.objects, "sink")
        self.assertEqual(influxdb["url"], re.match(r"influxdb:(http://[^?]+)\?", sink).group(1))
        self.assertEqual(influxdb["jsonData"]["dbName"], re.search(r"[?&]db=([^&]+)", sink).group(1))
        # The one that graphs/prometheus gives to others.
        (text,) = self.objects["ConfigMap", "topd-grafana-datasource"]["data"].values()
        self.assertEqual(topd, yaml.safe_load(text)["datasources"][0])
        self.assertEqual([influxdb["uid"], topd["uid"]], ["influxdb", "topd"])

    def test_every_board_is_given_to_grafana(self):
        boards = {path.name for path in (DEPLOY / "graphs/grafana/boards").glob("*.json")}
        config = named(self.objects, "ConfigMap", "grafana-boards")
        self.assertEqual(set(config.get("data", {})), boards)
        # kube-apiserver takes no more.
        self.assertLess(sum(len(text) for text in config.get("data", {}).values()), 1024 * 1024)
        (run,) = pod_of(self.grafana)["containers"]
        places = {mount["name"]: mount["mountPath"] for mount in run["volumeMounts"]}
        given = {volume["name"]: volume["configMap"]["name"] for volume in pod_of(self.grafana)["volumes"]
                 if "configMap" in volume}
        self.assertEqual(given["boards"], config["metadata"]["name"])
        providers = named(self.objects, "ConfigMap", "grafana-providers")["data"]["boards.yaml"]
        (provider,) = yaml.safe_load(providers)["providers"]
        self.assertEqual(provider["options"]["path"], places["boards"])
        self.assertEqual(places["providers"], "/etc/grafana/provisioning/dashboards")
        self.assertEqual(places["datasources"], "/etc/grafana/provisioning/datasources")

    def test_whoever_reaches_grafana_may_look_and_change_nothing(self):
        (run,) = pod_of(self.grafana)["containers"]
        set_to = {each["name"]: each["value"] for each in run["env"]}
        self.assertEqual(set_to["GF_AUTH_ANONYMOUS_ORG_ROLE"], "Viewer")
        self.assertEqual(set_to["GF_AUTH_DISABLE_LOGIN_FORM"], "true")
        self.assertEqual(set_to["GF_AUTH_BASIC_ENABLED"], "false")
        self.assertEqual(set_to["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"], "true")
        self.assertTrue(set_to["GF_SERVER_ROOT_URL"].endswith("/"))
        self.assertEqual(self.objects["NetworkPolicy", "grafana"]["spec"]["ingress"], [])

    def test_the_volume_of_nfs_is_for_that_claim(self):
        objects = build([*GRAPHS, "graphs/influxdb/nfs"])
        volume = objects["PersistentVolume", "influxdb"]
        (claim,) = objects["StatefulSet", "influxdb"]["spec"]["volumeClaimTemplates"]
        self.assertEqual(volume["spec"]["claimRef"], {
            "namespace": "monitoring", "name": claim["metadata"]["name"] + "-influxdb-0"})
        self.assertEqual((claim["spec"]["volumeName"], claim["spec"]["storageClassName"]),
                         ("influxdb", volume["spec"]["storageClassName"]))
        self.assertEqual(volume["spec"]["persistentVolumeReclaimPolicy"], "Retain")
        self.assertEqual(volume["spec"]["capacity"]["storage"], claim["spec"]["resources"]["requests"]["storage"])
        self.assertIn("nfs", volume["spec"])
        self.assertIn("hard", volume["spec"]["mountOptions"])

    def test_the_spool_and_the_state_file_fit_on_their_claim(self):
        objects = build(SPOOL)
        pod = pod_of(objects["Deployment", "metrics-server"])
        (mount,) = [each for each in pod["containers"][0]["volumeMounts"] if each["name"] == "state"]
        self.assertTrue(argument(objects, "sink-spool-dir").startswith(mount["mountPath"] + "/"))
        spool = mebibytes(argument(objects, "sink-spool-bytes"))
        # The state file is written beside the old one: two of topd::StateFileOptions::most_bytes.
        most = re.search(r"most_bytes = std::size_t\{(\d+)\} \* 1024 \* 1024",
                         (DEPLOY.parent / "topd/state/state_file.hpp").read_text()).group(1)
        claim = mebibytes(objects["PersistentVolumeClaim", "topd-state"]["spec"]["resources"]["requests"]["storage"])
        self.assertLessEqual(spool + 2 * int(most), claim)
        # One process has the folder.
        self.assertEqual(objects["Deployment", "metrics-server"]["spec"]["strategy"], {"type": "Recreate"})


if __name__ == "__main__":
    if kubectl() is None:
        print("SKIPPED: no kubectl that knows components of kustomize: test/e2e/binaries.sh", file=sys.stderr)
    unittest.main()
