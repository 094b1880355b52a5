# SPDX-License-Identifier: Apache-2.0
"""A healthy control plane with topd whose certificate the aggregator verifies, and topd doctor on it."""
import base64
import contextlib
import dataclasses
import json
import pathlib
import re
import subprocess
import threading
import time

import workloads
from control_plane import ControlPlane, wait_for
from kubelets import Kubelets
from ports import free_port
from server import Topd

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERSIONS = ("v1beta1", "v1")
SERVING_NAME = "DNS:metrics-server.kube-system.svc"


class PlaneWithout(ControlPlane):
    """Its kube-apiserver is started without the flags that begin so."""
    left_out = None

    def run(self, name, *command):
        if self.left_out and name == "kube-apiserver":
            command = [c for c in command if not str(c).startswith(self.left_out)]
        return super().run(name, *command)


class VerifiedTopd(Topd):
    """Serves with files that are replaced by others."""

    def files(self):
        return self.dir / "tls.crt", self.dir / "tls.key"

    def show(self, certificate):
        for name, file in zip((certificate + ".crt", certificate + ".key"), self.files()):
            file.write_text(self.plane.pki.path(name).read_text())

    def arguments(self):
        certificate, key = self.files()
        return super().arguments() + [f"--tls-cert-file={certificate}", f"--tls-private-key-file={key}"]


@dataclasses.dataclass
class Report:
    code: int
    text: str

    def ids(self):
        return re.findall(r"^ {6}\[([a-z0-9-]+)\]", self.text, re.MULTILINE)


class Cluster:
    def __init__(self, binaries, topd, folder):
        self.plane = PlaneWithout(binaries, folder, True)
        self.binary = topd
        self.kubelets = Kubelets(self.plane, 3, free_port())
        self.topd = None
        self.arguments = []
        self.kubectl = self.plane.kubectl

    def start(self):
        self.plane.start()
        self.kubelets.start()
        self.kubectl("apply", "-f", ROOT / "deploy/topd.yaml")
        pki = self.plane.pki
        pki.authority("other-ca")
        pki.certificate("serving", "ca", "/CN=topd", SERVING_NAME)
        pki.certificate("localhost", "ca", "/CN=topd", "DNS:localhost")
        pki.certificate("self-signed", "other-ca", "/CN=n2", "IP:127.0.1.2,DNS:n2")
        pki.certificate("elsewhere", "ca", "/O=system:nodes/CN=system:node:elsewhere", "IP:127.0.9.9,DNS:elsewhere")
        pki.certificate("expired", "ca", "/CN=topd", SERVING_NAME)
        pki.run("x509", "-req", "-in", pki.path("expired.csr"), "-CA", pki.path("ca.crt"), "-CAkey", pki.path("ca.key"),
                "-CAcreateserial", "-days", -1, "-extfile", pki.path("expired.ext"), "-out", pki.path("expired.crt"))
        self.topd = VerifiedTopd(self.plane, self.binary)
        self.topd.show("serving")
        self.topd.start()
        self.arguments = self.topd.arguments()
        self.plane.apply(workloads.endpoint_slice(self.topd.port))
        for version in VERSIONS:
            self.patch_api_service({"insecureSkipTLSVerify": None, "caBundle": self.pem("ca")}, version)
        self.wait_available()

    def stop(self):
        if self.topd and self.topd.process:
            self.topd.stop()
        self.kubelets.stop()
        self.plane.stop()

    def pem(self, authority):
        return base64.b64encode(self.plane.pki.path(authority + ".crt").read_bytes()).decode()

    def patch(self, kind, name, body, *where):
        self.kubectl("patch", kind, name, *where, "--type=merge", "-p", json.dumps(body))

    def patch_api_service(self, spec, *versions):
        for version in versions or VERSIONS:
            self.patch("apiservice", version + ".metrics.k8s.io", {"spec": spec})

    def available(self, version):
        found = self.kubectl("get", "apiservice", version + ".metrics.k8s.io", "-o", "json", check=False)
        conditions = json.loads(found.stdout).get("status", {}).get("conditions", []) if found.stdout else []
        return next((c["status"] for c in conditions if c["type"] == "Available"), None)

    def wait_available(self, status="True"):
        def look():
            # A change makes the aggregator look again at once.
            threading.Event().wait(0.3)
            for version in VERSIONS:
                if self.available(version) != status:
                    self.kubectl("annotate", "--overwrite", "apiservice", version + ".metrics.k8s.io",
                                 f"e2e/look={time.monotonic_ns()}", check=False)
            return all(self.available(version) == status for version in VERSIONS)

        wait_for(f"the APIServices to be Available={status}", look, 90, 1)

    def doctor(self, replaced=None, admin=True):
        """With the daemon's arguments, some of them replaced."""
        replaced = replaced or {}
        kept = [a for a in self.arguments if a.split("=")[0] not in replaced]
        command = [self.binary, "doctor", *kept, *(f"{k}={v}" for k, v in replaced.items())]
        if admin:
            command.append(f"--admin-kubeconfig={self.plane.kubeconfig}")
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=60, check=False)
        return Report(done.returncode, done.stdout + done.stderr)

    @contextlib.contextmanager
    def without(self, kind, name, *where):
        """The object is away."""
        kept = self.plane.get(kind, name, *where)
        for field in ("resourceVersion", "uid", "creationTimestamp", "generation", "managedFields"):
            kept["metadata"].pop(field, None)
        kept.pop("status", None)
        self.kubectl("delete", kind, name, *where)
        try:
            yield
        finally:
            self.plane.apply(kept)

    @contextlib.contextmanager
    def rules(self, change):
        """The daemon's ClusterRole is changed."""
        role = self.plane.get("clusterrole", "system:metrics-server")
        self.kubelets.allowed.clear()
        self.patch("clusterrole", "system:metrics-server", {"rules": change(json.loads(json.dumps(role["rules"])))})
        try:
            yield
        finally:
            self.patch("clusterrole", "system:metrics-server", {"rules": role["rules"]})
            self.kubelets.allowed.clear()

    @contextlib.contextmanager
    def kubelet_shows(self, certificate):
        """The second one's."""
        def show(name):
            self.kubelets.servers[1].socket.context.load_cert_chain(self.plane.pki.path(name + ".crt"),
                                                                    self.plane.pki.path(name + ".key"))
        # It would tell of each handshake that topd gives up.
        self.kubelets.servers[1].handle_error = lambda *_: None
        show(certificate)
        try:
            yield
        finally:
            show("kubelet")

    @contextlib.contextmanager
    def kubelet_answers(self, status):
        """The first one, whatever it is asked."""
        handler = self.kubelets.servers[0].RequestHandlerClass
        usual = handler.do_GET

        def answer(request):
            request.send_response(status)
            request.send_header("Content-Length", "0")
            request.end_headers()

        handler.do_GET = answer
        try:
            yield
        finally:
            handler.do_GET = usual

    @contextlib.contextmanager
    def api_services(self, spec, *versions):
        """Their spec is changed, with what depends on it given back afterwards."""
        before = {v: self.plane.get("apiservice", v + ".metrics.k8s.io")["spec"] for v in versions or VERSIONS}
        self.patch_api_service(spec, *versions)
        try:
            yield
        finally:
            for version, kept in before.items():
                self.patch_api_service(kept, version)

    def kubeconfig(self, **changes):
        """The daemon's own, with other fields of its cluster or another token."""
        config = json.loads(self.topd.kubeconfig().read_text())
        if "token" in changes:
            config["users"][0]["user"] = {"token": changes.pop("token")}
        config["clusters"][0]["cluster"].update(changes)
        path = self.topd.dir / "changed.kubeconfig"
        path.write_text(json.dumps(config))
        return {f"--{kind}kubeconfig": path for kind in ("", "authentication-", "authorization-")}
