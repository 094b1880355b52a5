# SPDX-License-Identifier: Apache-2.0
"""Rights that end, and users who act as others: asked of topd directly and through the aggregator."""
import json
import time

import workloads
from checks import equal
from control_plane import wait_for

PODS = "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods"
RBAC = "rbac.authorization.k8s.io"
# How long topd keeps a permission, and what a loaded machine may add.
KEPT, SLACK = 10, 10


def cluster_rule(user, *rules):
    meta = {"name": "e2e-" + user}
    return [{"apiVersion": RBAC + "/v1", "kind": "ClusterRole", "metadata": meta, "rules": list(rules)},
            {"apiVersion": RBAC + "/v1", "kind": "ClusterRoleBinding", "metadata": meta,
             "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": meta["name"]},
             "subjects": [{"apiGroup": RBAC, "kind": "User", "name": user}]}]


def right_ends(e2e):
    """A permission whose RoleBinding is deleted counts for as long as it is kept, and no longer."""
    plane, ask = e2e.plane, e2e.topd.ask
    plane.pki.certificate("guest", "ca", "/CN=guest")
    equal(ask(PODS, certificate="guest")[0], 403)
    plane.apply(*workloads.namespace_reader("guest", "guest-reader"))
    wait_for("the guest to be allowed", lambda: ask(PODS, certificate="guest")[0] == 200, KEPT + SLACK, 0.2)
    e2e.kubectl("delete", "rolebinding", "guest-reader", "-n", "default")
    gone = time.monotonic()
    equal(ask(PODS, certificate="guest")[0], 200)
    wait_for("the guest's right to end", lambda: ask(PODS, certificate="guest")[0] == 403, KEPT + SLACK, 0.2)
    print(f"    a deleted RoleBinding counts for {time.monotonic() - gone:.1f} s more")


class Caller:
    """A user's kubectl, for each of the two servers."""

    def __init__(self, e2e, name):
        self.e2e, plane = e2e, e2e.plane
        plane.pki.certificate(name, "ca", "/CN=" + name)
        self.through = plane.write_kubeconfig(plane.dir / (name + ".kubeconfig"), certificate=name)
        config = json.loads(self.through.read_text())
        config["clusters"][0]["cluster"] = {"server": f"https://127.0.0.1:{e2e.topd.port}",
                                            "insecure-skip-tls-verify": True}
        self.direct = plane.dir / (name + "-direct.kubeconfig")
        self.direct.write_text(json.dumps(config))

    def lists(self, *flags, path=PODS):
        """What both servers say: "PodMetricsList" and the like, or why not. It must be the same."""
        said = [self.answer(config, path, *flags) for config in (self.direct, self.through)]
        equal(*said)
        return said[0]

    def answer(self, config, path, *flags):
        done = self.e2e.kubectl("get", "--raw", path, *flags, check=False, kubeconfig=config)
        return json.loads(done.stdout)["kind"] if done.returncode == 0 else done.stderr.strip()


def forbidden(what, user, verb, resource, group, where="at the cluster scope"):
    return (f'Error from server (Forbidden): {what} is forbidden: User "{user}" cannot {verb} resource "{resource}" in '
            f'API group "{group}" {where}')


def impersonation(e2e):
    """kube-apiserver resolves it before it proxies; directly topd does, in the same words."""
    classic, constrained, nobody = (Caller(e2e, name) for name in ("deputy", "agent", "outsider"))
    authentication = "authentication.k8s.io"
    e2e.plane.apply(
        *workloads.namespace_reader("king", "king-reader"),
        *cluster_rule("deputy", {"apiGroups": [""], "resources": ["users", "groups"], "verbs": ["impersonate"],
                                 "resourceNames": ["king", "court"]}),
        *cluster_rule("agent", {"apiGroups": [authentication], "resources": ["users"], "resourceNames": ["king"],
                                "verbs": ["impersonate:user-info"]},
                      {"apiGroups": ["metrics.k8s.io"], "resources": ["pods"],
                       "verbs": ["impersonate-on:user-info:list"]}))
    # Neither keeps a refusal for longer.
    for caller in (classic, constrained):
        for config in (caller.direct, caller.through):
            wait_for("the right to act as the king",
                     lambda: caller.answer(config, PODS, "--as=king") == "PodMetricsList",
                     KEPT + SLACK, 0.5)
    equal(classic.lists("--as=king", "--as-group=court"), "PodMetricsList")
    equal(classic.lists("--as=queen"), forbidden('users "queen"', "deputy", "impersonate", "users", ""))
    equal(classic.lists("--as=king", "--as-group=system:masters"),
          forbidden('groups "system:masters"', "deputy", "impersonate", "groups", ""))
    equal(classic.lists("--as=king", "--as-uid=7"),
          forbidden('uids.authentication.k8s.io "7"', "deputy", "impersonate", "uids", authentication))
    equal(classic.lists(),
          forbidden("pods.metrics.k8s.io", "deputy", "list", "pods", "metrics.k8s.io", 'in the namespace "default"'))
    nodes = "/apis/metrics.k8s.io/v1beta1/nodes"
    equal(classic.lists("--as=king", path=nodes),
          forbidden("nodes.metrics.k8s.io", "king", "list", "nodes", "metrics.k8s.io"))
    equal(constrained.lists("--as=king", path=nodes),
          forbidden("nodes.metrics.k8s.io", "agent", "impersonate-on:user-info:list", "nodes", "metrics.k8s.io"))
    equal(nobody.lists("--as=king"),
          forbidden("pods.metrics.k8s.io", "outsider", "impersonate-on:user-info:list", "pods", "metrics.k8s.io",
                    'in the namespace "default"'))
    code, body = e2e.topd.ask(PODS, certificate="deputy", headers={"Impersonate-Group": "court"})
    equal(code, 400)
    assert "without impersonating a user name" in body, body
