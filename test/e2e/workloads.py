# SPDX-License-Identifier: Apache-2.0
"""The objects that the end-to-end test makes."""


def deployment(name, replicas=1, containers=("main",), annotations=None, labels=None):
    own = {"app": name, **(labels or {})}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "default"},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": own, "annotations": annotations or {}},
                                  "spec": {"containers": [
                                      {"name": c, "image": "example.org/none",
                                       "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}}}
                                      for c in containers]}}}}


def silent_node():
    """A node without a kubelet, and a pod that is said to run there."""
    pod = {"containers": [{"name": "main", "image": "example.org/none"}], "nodeName": "n9"}
    return [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n9"}},
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "silent", "namespace": "kube-public"},
             "spec": pod}]


def autoscaler(name, metric, longest=8):
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": name, "namespace": "default"},
            "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}, "minReplicas": 1,
                     "maxReplicas": longest, "metrics": [metric],
                     "behavior": {"scaleDown": {"stabilizationWindowSeconds": 0}}}}


def resource_metric(name, percent):
    return {"type": "Resource", "resource": {"name": name, "target": {"type": "Utilization",
                                                                      "averageUtilization": percent}}}


def container_metric(name, container, percent):
    return {"type": "ContainerResource", "containerResource": {
        "name": name, "container": container, "target": {"type": "Utilization", "averageUtilization": percent}}}


def endpoint_slice(port):
    """Leads the Service of deploy/topd.yaml to a server on this machine: kube-apiserver takes no loopback addresses
    in a slice of IPs, but does take a name that is one."""
    return {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
            "metadata": {"name": "metrics-server-outside", "namespace": "kube-system",
                         "labels": {"kubernetes.io/service-name": "metrics-server"}},
            "addressType": "FQDN", "ports": [{"name": "https", "port": port}],
            "endpoints": [{"addresses": ["127.0.0.1"]}]}


def external_service():
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "metrics-server", "namespace": "kube-system"},
            "spec": {"type": "ExternalName", "externalName": "localhost"}}


def namespace_reader(user, name="metrics-reader"):
    """May read pods' metrics in the namespace default, by a Role and a RoleBinding of that name."""
    meta = {"name": name, "namespace": "default"}
    return [{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": meta,
             "rules": [{"apiGroups": ["metrics.k8s.io"], "resources": ["pods"], "verbs": ["get", "list"]}]},
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": meta,
             "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
             "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}]}]
