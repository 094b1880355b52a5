# SPDX-License-Identifier: Apache-2.0
"""The image under runc, and the way back to metrics-server."""
import os
import pathlib
import subprocess

from checks import equal
from control_plane import wait_for
from server import SERVICE, Topd

from steps import only_routed

ROOT = pathlib.Path(__file__).resolve().parents[3]


def image(e2e):
    if not e2e.options.rootfs:
        return "no root file system given"
    # It may be in the making, and is moved there at its end.
    wait_for("the image's root file system", pathlib.Path(e2e.options.rootfs).exists, 1200, 1)
    e2e.topd.stop()
    runner = ROOT / "test/deploy/run_in_runc.sh"
    bind = f"{e2e.topd.dir}:/run/topd"
    ca = f"{e2e.plane.pki.path('ca.crt')}:{e2e.plane.pki.path('ca.crt')}"
    own = Topd.arguments

    def inside(topd):
        # The kubeconfig is bound into the container; certificates go to its /tmp.
        return [a.replace(str(topd.dir / "certs"), "/tmp").replace(str(topd.dir), "/run/topd") for a in own(topd)]

    e2e.topd.dir.chmod(0o755)
    e2e.topd.kubeconfig().chmod(0o644)
    for parent in [e2e.plane.pki.path("ca.crt"), *e2e.plane.pki.path("ca.crt").parents]:
        if str(parent).startswith(str(e2e.plane.dir)):
            parent.chmod(parent.stat().st_mode | 0o055 if parent.is_dir() else 0o644)
    e2e.topd.command = ["bash", runner, "--bind", bind, "--bind", ca, e2e.options.rootfs, "/topd"]
    e2e.topd.arguments = lambda: inside(e2e.topd)
    e2e.topd.start()
    e2e.wait_top("kubectl top node", "node")
    wait_for("the pods", lambda: len(e2e.top("pod", "-l", "app=web", "--no-headers", check=False)
                                     .stdout.splitlines()) == 3, 60, 0.5)
    return None


@only_routed
def way_back(e2e):
    done = subprocess.run(["bash", ROOT / "deploy/rollback.sh", ROOT / "test/deploy/metrics_server.yaml"],
                          env=dict(os.environ, WAIT="0", KUBECONFIG=str(e2e.plane.kubeconfig),
                                   PATH=f"{e2e.plane.bin}:{os.environ['PATH']}"), capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    services = [s["metadata"]["name"] for s in e2e.plane.get("apiservices")["items"]]
    equal([s for s in services if s.endswith("metrics.k8s.io")], ["v1beta1.metrics.k8s.io"])
    deployment = e2e.plane.get(*SERVICE, "deployment", "metrics-server")
    containers = deployment["spec"]["template"]["spec"]["containers"]
    equal([c["name"] for c in containers], ["metrics-server"])
    assert "topd" not in containers[0]["image"], containers[0]["image"]
    e2e.kubectl("create", "namespace", "short-lived")
    e2e.kubectl("delete", "namespace", "short-lived", "--timeout=60s")
