# SPDX-License-Identifier: Apache-2.0
"""topd in front of the real control plane, with the rights of deploy/topd.yaml and nothing more."""
import http.client
import json
import pathlib
import ssl

from control_plane import Process, wait_for
from ports import free_port

SERVICE = ("-n", "kube-system")


class Topd:
    """Runs the Deployment's container on this machine: its arguments, its ServiceAccount's token."""

    def __init__(self, plane, binary, name="topd"):
        self.plane, self.binary = plane, binary
        self.dir = pathlib.Path(plane.dir) / name
        self.dir.mkdir()
        self.port = free_port()
        self.graphs_port = free_port()
        self.process = None
        self.runs = 0
        self.command = None
        self.more_arguments = []

    def arguments(self):
        deployment = self.plane.get(*SERVICE, "deployment", "metrics-server")
        args = deployment["spec"]["template"]["spec"]["containers"][0]["args"]
        config = self.kubeconfig()
        # What only makes sense inside the pod is replaced; the resolution is the shortest, to save time.
        outside = {"--cert-dir": self.dir / "certs", "--secure-port": self.port, "--metric-resolution": "10s",
                   # With the components of deploy/ that name them.
                   "--graphs-address": f"127.0.0.1:{self.graphs_port}", "--state-file": self.dir / "topd.state"}
        named = [a.split("=")[0] for a in args]
        kept = [a for a in args if a.split("=")[0] not in outside]
        return kept + [f"{k}={v}" for k, v in outside.items() if k in named] + [
            "--bind-address=127.0.0.1", "--kubelet-request-timeout=5s", f"--kubeconfig={config}",
            f"--authentication-kubeconfig={config}", f"--authorization-kubeconfig={config}",
            *self.more_arguments]

    def kubeconfig(self):
        path = self.dir / "kubeconfig"
        if not path.exists():
            token = self.plane.kubectl(*SERVICE, "create", "token", "metrics-server", "--duration=24h").stdout.strip()
            self.plane.write_kubeconfig(path, token=token)
        return path

    def start(self):
        self.runs += 1
        command = self.command or [self.binary]
        self.process = Process([*command, *self.arguments()], self.dir / f"topd-{self.runs}.log")
        wait_for("topd to listen", lambda: self.ask("/livez")[0] is not None, 30)

    def stop(self):
        return self.process.stop(25)

    def log(self):
        return self.process.log()

    def ask(self, path, token=None, certificate=None, headers=None, method="GET"):
        """Directly, without the aggregator: (status, body); (None, reason) when there is no answer."""
        context = ssl._create_unverified_context()
        if certificate:
            pki = self.plane.pki
            context.load_cert_chain(pki.path(certificate + ".crt"), pki.path(certificate + ".key"))
        fields = dict(headers or {})
        if token:
            fields["Authorization"] = "Bearer " + token
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=10)
        try:
            connection.request(method, path, headers=fields)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            return None, str(error)
        finally:
            connection.close()

    def shown_certificate(self):
        """The PEM form of what the server shows in the handshake."""
        return ssl.get_server_certificate(("127.0.0.1", self.port))

    def usage(self):
        """CPU seconds so far and resident MiB."""
        stat = pathlib.Path(f"/proc/{self.process.child.pid}/stat").read_text().rsplit(")", 1)[1].split()
        status = pathlib.Path(f"/proc/{self.process.child.pid}/status").read_text()
        kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        return (int(stat[11]) + int(stat[12])) / 100, kib / 1024


def metrics(plane, path, version="v1beta1"):
    done = plane.kubectl("get", "--raw", f"/apis/metrics.k8s.io/{version}/{path}", check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None
