# SPDX-License-Identifier: Apache-2.0
"""The components of deploy/graphs/ that bring pods of their own, before a real API server."""
import json

import yaml
from checks import equal
from kustomization import Kustomization

COMPONENTS = ("graphs", "graphs/prometheus", "graphs/monitoring", "graphs/influxdb", "graphs/influxdb/nfs",
              "graphs/sinks", "graphs/grafana", "state", "state/persistent", "graphs/sinks/spool")


def pod_of(workload):
    """A pod as its controller would make it."""
    spec = workload["spec"]["template"]["spec"]
    for claim in workload["spec"].get("volumeClaimTemplates", []):
        name = claim["metadata"]["name"]
        spec["volumes"].append({"name": name, "persistentVolumeClaim": {"claimName": name}})
    return {"apiVersion": "v1", "kind": "Pod", "spec": spec,
            "metadata": {"name": "try-" + workload["metadata"]["name"], "namespace": workload["metadata"]["namespace"]}}


def graphs(e2e):
    with Kustomization(*COMPONENTS) as folder:
        text = e2e.plane.kubectl("kustomize", folder).stdout
    objects = [each for each in yaml.safe_load_all(text)
               if each["metadata"].get("namespace") == "monitoring" or each["kind"] == "PersistentVolume"]
    e2e.plane.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {
        "name": "monitoring", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}})

    def create(*items):
        return e2e.plane.kubectl("create", "--dry-run=server", "--validate=strict", "-f", "-", check=False,
                                 stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))

    try:
        done = create(*objects)
        equal((done.returncode, done.stderr, len(done.stdout.splitlines())), (0, "", len(objects)))
        # Accounts are looked for when a pod is made.
        e2e.plane.apply(*(each for each in objects if each["kind"] == "ServiceAccount"))
        workloads = [each for each in objects if each["kind"] in ("Deployment", "StatefulSet")]
        equal(sorted(each["metadata"]["name"] for each in workloads), ["grafana", "influxdb"])
        for workload in workloads:
            pod = pod_of(workload)
            done = create(pod)
            equal((done.returncode, done.stderr), (0, ""))
            # The namespace does refuse what does not fit.
            pod["spec"]["securityContext"]["runAsNonRoot"] = False
            assert "violates PodSecurity" in create(pod).stderr
    finally:
        e2e.plane.kubectl("delete", "namespace", "monitoring", "--wait=false")
