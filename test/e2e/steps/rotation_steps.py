# SPDX-License-Identifier: Apache-2.0
"""Certificates and authorities of every kind, replaced while topd runs."""
import json
import shutil

from checks import equal
from control_plane import wait_for

V1BETA1 = "/apis/metrics.k8s.io/v1beta1"


def serving_certificate(e2e):
    topd, pki = e2e.topd, e2e.plane.pki
    certs = topd.dir / "certs"
    before = topd.shown_certificate()
    pki.certificate("serving", "ca", "/CN=metrics-server", "DNS:metrics-server.kube-system.svc")
    shutil.copy(pki.path("serving.key"), certs / "apiserver.key")
    shutil.copy(pki.path("serving.crt"), certs / "apiserver.crt")
    shown = wait_for("the new certificate",
                     lambda: topd.shown_certificate() != before and topd.shown_certificate(), 90, 1)
    equal(shown.strip(), pki.path("serving.crt").read_text().strip())
    e2e.top("node")


def client_and_front_proxy_authorities(e2e):
    topd, pki = e2e.topd, e2e.plane.pki
    for name in ("front-proxy-ca-2", "extra-ca"):
        pki.authority(name)
    pki.certificate("front-proxy-client", "front-proxy-ca-2", "/CN=front-proxy-client")
    pki.certificate("extra-admin", "extra-ca", "/O=system:masters/CN=extra")
    equal(topd.ask(V1BETA1 + "/nodes", certificate="extra-admin")[0], 401)
    bundle = pki.path("client-ca-bundle.crt")
    bundle.write_text(pki.path("ca.crt").read_text() + pki.path("extra-ca.crt").read_text())
    e2e.plane.front_proxy = "front-proxy-ca-2"
    pid = topd.process.child.pid
    e2e.plane.processes.pop("kube-apiserver").stop()
    e2e.plane.start_apiserver()
    e2e.wait_top("kubectl top node", "node")
    wait_for("the new client CA", lambda: topd.ask(V1BETA1 + "/nodes", certificate="extra-admin")[0] == 200, 60)
    equal(topd.process.child.pid, pid)


def kubelets(e2e):
    """An authority that topd does not know is refused; once it is in the file, the nodes come back without a
    restart."""
    topd, pki = e2e.topd, e2e.plane.pki
    authorities = topd.dir / "kubelet-ca.crt"
    authorities.write_text(pki.path("ca.crt").read_text())
    equal(topd.stop(), 0)
    topd.more_arguments = [f"--kubelet-certificate-authority={authorities}"]
    topd.start()
    pid = topd.process.child.pid

    def all_are(state):
        code, body = topd.ask("/debug/nodes", certificate="admin")
        return code == 200 and [row["state"] for row in json.loads(body)["nodes"]] == [state] * 3

    wait_for("the nodes to be scraped", lambda: all_are("ok"), 60, 0.5)
    e2e.wait_top("kubectl top node", "node")
    pki.authority("kubelet-ca-2")
    e2e.kubelets.show_certificates_of("kubelet-ca-2")
    wait_for("the unknown authority to be refused", lambda: all_are("failing"), 60, 0.5)
    assert "issuer CN=kubelet-ca-2" in topd.log(), "the log does not name the issuer"
    # What was measured before is kept meanwhile.
    equal(len(e2e.top("node", "--no-headers").stdout.splitlines()), 3)
    authorities.write_text(pki.path("kubelet-ca-2.crt").read_text())
    wait_for("the new authority to be taken", lambda: all_are("ok"), 60, 0.5)
    e2e.kubelets.show_certificates_of("ca")
    wait_for("the old authority to be refused", lambda: all_are("failing"), 60, 0.5)
    authorities.write_text(pki.path("ca.crt").read_text())
    wait_for("the old authority to be taken again", lambda: all_are("ok"), 60, 0.5)
    equal(topd.process.child.pid, pid)
    topd.more_arguments = []
