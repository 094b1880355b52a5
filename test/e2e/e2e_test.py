# SPDX-License-Identifier: Apache-2.0
"""topd behind a real kube-apiserver: aggregation, identity, the HPA.

    e2e_test.py --binaries FOLDER --topd FILE [--routing on|off] [--rootfs FOLDER] [--old-kubectl FILE]
                [--but NAME] [NAME...]

FOLDER is what test/e2e/binaries.sh prints. The tests are steps that build on one another and run in the order of
their definition; after the first failure the rest still runs, and the last line counts both.
"""
import argparse
import calendar
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

sys.path[:0] = map(str, pathlib.Path(__file__).resolve().parents[:2])
import workloads  # noqa: E402
from checks import equal, holds  # noqa: E402
from control_plane import ControlPlane, wait_for  # noqa: E402
from kubectl import Kubectl, quantity  # noqa: E402
from kubectl_commands import Truth, every_command  # noqa: E402
from kubelets import Kubelets  # noqa: E402
from ports import free_port  # noqa: E402
from server import SERVICE, Topd, metrics  # noqa: E402
from steps import (  # noqa: E402
    access_steps,
    autoscaler_steps,
    chain_steps,
    custom_metrics_readers_steps,
    custom_metrics_steps,
    deploy_steps,
    graphs_steps,
    manifest_steps,
    outage_steps,
    rollout_steps,
    rotation_steps,
)

ROOT = pathlib.Path(__file__).resolve().parents[2]
V1BETA1 = "/apis/metrics.k8s.io/v1beta1"


class E2e:
    def __init__(self, options, folder):
        self.options = options
        self.plane = ControlPlane(options.binaries, folder, options.routing == "on")
        self.kubelets = Kubelets(self.plane, 3, free_port())
        self.topd = None
        self.kubectl = self.plane.kubectl

    def start(self):
        self.plane.start()
        self.kubelets.start()
        # A cluster that runs metrics-server, in the shape of its own manifests, becomes one that runs topd.
        self.kubectl("apply", "-f", ROOT / "test/deploy/metrics_server.yaml")
        self.kubectl("apply", "-f", ROOT / "deploy/topd.yaml")
        self.topd = Topd(self.plane, self.options.topd)
        self.topd.start()
        self.lead_service()
        self.plane.apply(
            workloads.deployment("web", 3, annotations={"e2e/cpu-milli": "250", "e2e/memory-mib": "100"}),
            workloads.deployment("pair", 1, ("a", "b"), {"e2e/cpu-milli": "40", "e2e/swap-mib": "8"}, {"tier": "back"}))

    def lead_service(self):
        if self.plane.routing:
            self.plane.apply(workloads.endpoint_slice(self.topd.port))
            return
        self.kubectl(*SERVICE, "delete", "service", "metrics-server")
        self.plane.apply(workloads.external_service())
        for version in ("v1", "v1beta1"):
            self.patch("apiservice", f"{version}.metrics.k8s.io", {"spec": {"service": {"port": self.topd.port}}})

    def patch(self, kind, name, body, *where):
        self.kubectl("patch", kind, name, *where, "--type=merge", "-p", json.dumps(body))

    def stop(self):
        if self.topd and self.topd.process:
            self.topd.stop()
        self.kubelets.stop()
        self.plane.stop()

    def available(self, version):
        service = self.plane.get("apiservice", f"{version}.metrics.k8s.io")
        return any(c["type"] == "Available" and c["status"] == "True"
                   for c in service.get("status", {}).get("conditions", []))

    def top(self, *args, check=True):
        return self.kubectl("top", *args, check=check)

    def wait_top(self, what, *args):
        return wait_for(what, lambda: self.top(*args, check=False).returncode == 0 and self.top(*args).stdout, 60, 0.5)

    def pods_of(self, app):
        listed = metrics(self.plane, f"namespaces/default/pods?labelSelector=app%3D{app}")
        return listed["items"] if listed else []

    # The steps.

    def test_applied_over_metrics_server_one_container_and_one_service_remain(self):
        deployment = self.plane.get(*SERVICE, "deployment", "metrics-server")
        containers = deployment["spec"]["template"]["spec"]["containers"]
        equal([c["name"] for c in containers], ["metrics-server"])
        holds(containers[0]["image"], "topd")
        equal([a for a in containers[0]["args"] if a.startswith("--metric-resolution")], ["--metric-resolution=15s"])
        services = [s["metadata"]["name"] for s in self.plane.get(*SERVICE, "services")["items"]]
        equal(services, ["metrics-server"])

    def test_both_apiservices_become_available(self):
        for version in ("v1", "v1beta1"):
            wait_for(version + " to be available", lambda: self.available(version), 60)

    def test_top_node_shows_every_node(self):
        wait_for("a figure for each node", lambda: len((metrics(self.plane, "nodes") or {}).get("items", [])) == 3)
        rows = self.top("node", "--no-headers").stdout.splitlines()
        equal([row.split()[0] for row in rows], ["n1", "n2", "n3"])
        for row in rows:
            assert re.fullmatch(r"n\d +\d+m +\d+% +\d+Mi +\d+% *", row), row
        rows = self.top("node", "-l", "zone=a", "--no-headers").stdout.splitlines()
        equal([row.split()[0] for row in rows], ["n1"])

    def test_top_pod_shows_what_was_burned(self):
        wait_for("all pods", lambda: len(self.pods_of("web")) == 3 and len(self.pods_of("pair")) == 1)
        # A window without the start of the load.
        wait_for("250m of CPU", lambda: all(0.245 < quantity(i["containers"][0]["usage"]["cpu"])[0] < 0.255
                                            for i in self.pods_of("web")), 30)
        equal([i["containers"][0]["usage"]["memory"] for i in self.pods_of("web")], ["100Mi"] * 3)
        rows = self.top("pod", "-A", "--containers", "--no-headers").stdout.splitlines()
        equal(sorted(row.split()[2] for row in rows if "pair" in row), ["a", "b"])
        rows = self.top("pod", "--sort-by=cpu", "--no-headers").stdout.splitlines()
        equal([row.split("-")[0] for row in rows], ["web", "web", "web", "pair"])
        rows = self.top("pod", "-l", "tier=back", "--no-headers").stdout.splitlines()
        equal(len(rows), 1)
        name = rows[0].split()[0]
        equal(self.top("pod", name, "--no-headers").stdout.split()[0], name)
        missing = self.top("pod", "nobody", check=False)
        equal(missing.stderr.strip(), 'Error from server (NotFound): pods "nobody" not found')

    def test_clients_ask_v1beta1_unless_v1_is_preferred(self):
        def asked():
            before = len(self.plane.audit())
            self.top("node")
            uris = [e["requestURI"] for e in self.plane.audit()[before:] if "kubectl" in e.get("userAgent", "")]
            return {u.split("/")[3] for u in uris if u.endswith("/nodes")}

        wait_for("kubectl to ask v1beta1", lambda: asked() == {"v1beta1"}, 30)
        self.patch("apiservice", "v1.metrics.k8s.io", {"spec": {"versionPriority": 200}})
        wait_for("kubectl to ask v1", lambda: asked() == {"v1"}, 90, 1)
        self.patch("apiservice", "v1.metrics.k8s.io", {"spec": {"versionPriority": 50}})
        wait_for("kubectl to ask v1beta1 again", lambda: asked() == {"v1beta1"}, 90, 1)

    def test_raw_get_and_explain(self):
        for version in ("v1", "v1beta1"):
            listed = metrics(self.plane, "nodes", version)
            equal((listed["kind"], listed["apiVersion"]), ("NodeMetricsList", "metrics.k8s.io/" + version))
            equal([i["metadata"]["name"] for i in listed["items"]], ["n1", "n2", "n3"])
        names = self.kubectl("get", "nodemetrics", "-o", "name").stdout.split()
        equal(names, [f"nodemetrics.metrics.k8s.io/n{i}" for i in (1, 2, 3)])
        resources = self.kubectl("api-resources", "--api-group=metrics.k8s.io", "--no-headers").stdout
        holds(resources, "PodMetrics")
        explained = wait_for("kubectl explain",
                             lambda: self.kubectl("explain", "podmetrics", check=False).stdout, 90, 1)
        for part in ("KIND:       PodMetrics", "containers", "timestamp", "window"):
            holds(explained, part)

    def test_every_kubectl_command_prints_what_its_table_says(self):
        """By the kubectl of today and by Debian's."""
        truth = Truth(wait_for("the pods to run", self.running_pods))
        self.plane.apply(*workloads.silent_node())
        self.kubectl("create", "clusterrolebinding", "viewer", "--clusterrole=view", "--user=viewer")
        for what in (("node", "n9"), ("pod", "silent", "-n", "kube-public")):
            wait_for(f"topd to know {what}", lambda: "metrics.k8s.io" in self.top(*what, check=False).stderr, 30)
        wait_for("view to be aggregated", lambda: self.kubectl(
            "auth", "can-i", "list", "pods.metrics.k8s.io", "--as=viewer", check=False).returncode == 0, 30)
        wait_for("the true figures", lambda: truth.is_shown(*((metrics(self.plane, what) or {}).get("items")
                                                              for what in ("nodes", "pods"))))
        objections = []
        for binary in filter(None, (self.plane.bin / "kubectl", self.options.old_kubectl)):
            kubectl = Kubectl(binary, self.plane)
            run, bad = kubectl.objections(every_command(truth, kubectl.minor))
            print(f"    kubectl 1.{kubectl.minor}: {run} commands, {len(bad)} objections", flush=True)
            objections += bad
        self.kubectl("delete", "node/n9", "clusterrolebinding/viewer")
        self.kubectl("delete", "pod", "silent", "-n", "kube-public", "--wait=false")
        assert not objections, "\n".join(["", *objections])

    def running_pods(self):
        """Those of the namespace default, once they are four and run."""
        pods = self.plane.get("pods")["items"]
        return pods if [p["status"]["phase"] for p in pods] == ["Running"] * 4 else None

    def test_forbidden_and_unauthorized_through_the_aggregator(self):
        self.plane.pki.certificate("joe", "ca", "/O=dev/CN=joe")
        joe = self.plane.write_kubeconfig(self.plane.dir / "joe.kubeconfig", certificate="joe")
        denied = self.kubectl("top", "pod", check=False, kubeconfig=joe)
        holds(denied.stderr, 'pods.metrics.k8s.io is forbidden: User "joe" cannot list resource "pods" in API group '
                             '"metrics.k8s.io" in the namespace "default"')
        self.plane.apply(*workloads.namespace_reader("joe"))
        wait_for("joe to be allowed",
                 lambda: self.kubectl("top", "pod", check=False, kubeconfig=joe).returncode == 0, 30)
        denied = self.kubectl("top", "pod", "-A", check=False, kubeconfig=joe)
        holds(denied.stderr, 'at the cluster scope')

    def test_forbidden_and_unauthorized_directly(self):
        ask = self.topd.ask
        code, body = ask(V1BETA1 + "/nodes")
        equal(code, 403)
        equal(json.loads(body)["message"],
              'nodes.metrics.k8s.io is forbidden: User "system:anonymous" cannot list resource "nodes" in API group '
              '"metrics.k8s.io" at the cluster scope')
        code, body = ask(V1BETA1 + "/nodes", token="bad")
        equal((code, json.loads(body)["message"]), (401, "Unauthorized"))
        self.kubectl("create", "serviceaccount", "nobody")
        token = self.kubectl("create", "token", "nobody").stdout.strip()
        code, body = ask(V1BETA1 + "/nodes", token=token)
        equal(code, 403)
        holds(json.loads(body)["message"], 'User "system:serviceaccount:default:nobody" cannot list resource "nodes"')
        code, body = ask(V1BETA1 + "/nodes", certificate="admin")
        equal((code, len(json.loads(body)["items"])), (200, 3))
        code, _ = ask(V1BETA1 + "/nodes", certificate="joe")
        equal(code, 403)
        code, _ = ask(V1BETA1 + "/namespaces/default/pods", certificate="joe")
        equal(code, 200)
        proxy = {"X-Remote-User": "joe", "X-Remote-Group": "system:authenticated"}
        equal(ask(V1BETA1 + "/namespaces/default/pods", certificate="front-proxy-client", headers=proxy)[0], 200)
        equal(ask(V1BETA1 + "/nodes", certificate="front-proxy-client", headers=proxy)[0], 403)
        equal(ask(V1BETA1 + "/nodes", certificate="front-proxy-client")[0], 401)
        equal(ask(V1BETA1 + "/nodes", headers={"X-Remote-User": "admin", "X-Remote-Group": "system:masters"})[0], 403)
        for path in ("/healthz", "/livez", "/readyz"):
            equal(ask(path)[0], 200)

    def test_debug_pages_say_why_to_those_who_may_ask(self):
        nodes = json.loads(self.kubectl("get", "--raw", V1BETA1 + "/debug/nodes").stdout)
        equal({row["node"]: row["state"] for row in nodes["nodes"]}, dict.fromkeys(("n1", "n2", "n3"), "ok"))
        table = self.kubectl("get", "--raw", V1BETA1 + "/debug/nodes?format=table&node=n1").stdout.splitlines()
        equal((len(table), table[2].split()[:2]), (3, ["n1", "ok"]))
        page = "/namespaces/default/pods/" + self.pods_of("web")[0]["metadata"]["name"] + "/debug"
        equal(json.loads(self.kubectl("get", "--raw", V1BETA1 + page).stdout)["verdict"], "served")
        denied = self.kubectl("get", "--raw", V1BETA1 + page, "--as=joe", check=False)
        holds(denied.stderr,
              'User "joe" cannot get resource "pods/debug" in API group "metrics.k8s.io" in the namespace "default"')
        rule = {"apiGroups": ["metrics.k8s.io"], "resources": ["pods/debug"], "verbs": ["get"]}
        self.plane.apply({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "rules": [rule],
                          "metadata": {"name": "debug", "namespace": "default"}})
        self.kubectl("create", "rolebinding", "debug", "--role=debug", "--user=joe")
        wait_for("joe to be allowed", lambda: self.kubectl(
            "get", "--raw", V1BETA1 + page, "--as=joe", check=False).returncode == 0, 30)
        denied = self.kubectl("get", "--raw", V1BETA1 + "/debug/nodes", "--as=joe", check=False)
        holds(denied.stderr, 'User "joe" cannot get resource "debug"')
        equal(self.topd.ask("/debug/nodes")[0], 403)
        equal(self.topd.ask("/debug/nodes", certificate="admin")[0], 200)

    test_a_right_that_is_taken_away_ends = access_steps.right_ends
    test_impersonation_directly_and_through_the_aggregator = access_steps.impersonation

    def test_topd_has_the_rights_of_its_manifests_and_no_more(self):
        equal(self.kubelets.refused, 0)
        mine = ["--as=system:serviceaccount:kube-system:metrics-server"]
        for expected, *what in (("yes", "get", "nodes", "--subresource=metrics"), ("yes", "list", "pods"),
                                ("yes", "watch", "nodes"),
                                ("yes", "create", "subjectaccessreviews.authorization.k8s.io"),
                                ("no", "get", "secrets"), ("no", "get", "nodes", "--subresource=proxy"),
                                ("no", "patch", "pods"), ("no", "list", "configmaps", "-n", "kube-system")):
            answer = self.kubectl("auth", "can-i", *what, *mine, check=False).stdout.strip()
            equal((what, answer), (what, expected))

    test_autoscalers_on_cpu_memory_and_a_container = autoscaler_steps.on_cpu_memory_and_a_container

    def test_top_names_a_pod_that_has_waited_for_its_figures(self):
        """The texts of an empty list depend on how old the pods are: over two minutes is too long."""
        # Of topd's own Deployment; no node takes it.
        pod = self.plane.get(*SERVICE, "pods", "-l", "k8s-app=metrics-server")["items"][0]["metadata"]
        age = time.time() - calendar.timegm(time.strptime(pod["creationTimestamp"], "%Y-%m-%dT%H:%M:%SZ"))
        if 110 < age < 130:
            time.sleep(20)
            age += 20
        said = self.top("pod", "-n", "kube-system", check=False).stderr.strip()
        if age < 120:
            equal(said, "error: metrics not available yet")
        else:
            start = f"error: Metrics not available for pod kube-system/{pod['name']}, age: "
            assert re.fullmatch(re.escape(start) + r"(\d+h)?(\d+m)?[\d.]+s", said), said

    test_a_rolling_update_loses_nothing = rollout_steps.update
    test_topd_restarts_without_a_touch_to_the_apiservice = outage_steps.restart
    test_kube_apiserver_away_for_a_minute = outage_steps.kube_apiserver_away
    test_graphs_components_are_applied = graphs_steps.apply_components
    test_graphs_are_found_and_drawn_by_headlamp_through_the_service_proxy = graphs_steps.headlamp
    test_graphs_are_drawn_by_freelens_through_the_service_proxy = graphs_steps.freelens
    test_graphs_are_drawn_by_dashboard_through_the_service_proxy = graphs_steps.dashboard
    test_graphs_are_shown_in_the_terminal_through_the_service_proxy = graphs_steps.terminal
    test_graphs_are_refused_to_who_has_half_of_the_rights = graphs_steps.refused
    test_graphs_on_the_secure_port_are_for_who_was_given_them = graphs_steps.secure_port
    test_graphs_components_are_taken_away = graphs_steps.take_components_away
    test_custom_metrics_are_turned_on = custom_metrics_steps.turn_on
    test_custom_metrics_of_pods_scale_up_and_down = custom_metrics_steps.pods
    test_custom_metrics_of_pods_have_history = custom_metrics_steps.history
    test_custom_metrics_of_an_object_scale_to_zero_and_back = custom_metrics_steps.to_zero_and_back
    test_custom_metrics_of_other_objects_and_of_some_series = custom_metrics_steps.objects
    test_custom_metrics_that_are_missing_scale_nothing_down = custom_metrics_steps.missing
    test_custom_metrics_are_asked_by_either_version = custom_metrics_steps.versions
    test_custom_metrics_survive_a_restart = custom_metrics_steps.restart
    test_custom_metrics_are_looked_at_by_the_doctor = custom_metrics_readers_steps.doctor
    test_custom_metrics_are_for_who_was_given_them = custom_metrics_readers_steps.rights
    test_custom_metrics_are_read_by_their_own_client = custom_metrics_readers_steps.go_client
    test_custom_metrics_are_turned_off = custom_metrics_steps.turn_off
    test_chains_of_certificates_are_judged_as_go_judges_them = chain_steps.table
    test_serving_certificate_is_replaced_live = rotation_steps.serving_certificate
    test_client_and_front_proxy_authorities_are_replaced_live = rotation_steps.client_and_front_proxy_authorities
    test_kubelets_authority_and_certificates_are_replaced_live = rotation_steps.kubelets
    test_manifests_for_graphs_are_taken = manifest_steps.graphs
    test_runs_in_its_image = deploy_steps.image
    test_the_way_back = deploy_steps.way_back


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", required=True)
    parser.add_argument("--topd", required=True, type=lambda p: str(pathlib.Path(p).resolve()))
    parser.add_argument("--routing", choices=("on", "off"), default="on")
    parser.add_argument("--rootfs")
    parser.add_argument("--old-kubectl", help="default: what scripts/deps.sh --old-kubectl prints")
    parser.add_argument("--keep", action="store_true", help="keep the work folder with its logs")
    parser.add_argument("--but", help="a part of the names of the tests to leave to another run")
    parser.add_argument("tests", nargs="*", help="parts of the names of the tests to run; default: all")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="topd-e2e-")
    passed, failed, left_out, used = 0, 0, [], None
    if not options.old_kubectl:
        found = subprocess.run(["bash", ROOT / "scripts/deps.sh", "--old-kubectl"], capture_output=True, text=True,
                               check=False)
        options.old_kubectl = found.stdout.strip()
        if found.returncode:
            left_out.append("kubectl 1.20: the package kubernetes-client could not be fetched")
    e2e = E2e(options, folder)
    begun = time.monotonic()
    try:
        e2e.start()
        print(f"control plane, topd and workloads started in {time.monotonic() - begun:.1f} s", flush=True)
        for name in [n for n in vars(E2e) if n.startswith("test_")]:
            if options.tests and not any(t in name for t in options.tests) or options.but and options.but in name:
                continue
            at = time.monotonic()
            # In its image the process is the runner's, and what it uses says nothing.
            if e2e.topd.process.running() and not e2e.topd.command:
                used = e2e.topd.usage()
            try:
                reason = getattr(e2e, name)()
                if reason:
                    left_out.append(f"{name}: {reason}")
                    continue
                passed += 1
                print(f"ok    {name} ({time.monotonic() - at:.1f} s)", flush=True)
            except Exception:
                failed += 1
                print(f"FAIL  {name} ({time.monotonic() - at:.1f} s)\n{traceback.format_exc()}", flush=True)
        if used:
            print(f"topd: {used[0]:.2f} s of CPU, {used[1]:.0f} MiB resident")
    except Exception:
        failed += 1
        traceback.print_exc()
    finally:
        e2e.stop()
        if failed:
            print(f"--- topd's last log lines (all logs: {folder})")
            if e2e.topd and e2e.topd.process:
                print("\n".join(e2e.topd.log().splitlines()[-40:]))
        elif not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    for line in left_out:
        print("left out:", line)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
