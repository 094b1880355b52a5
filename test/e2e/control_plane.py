# SPDX-License-Identifier: Apache-2.0
"""A real control plane on loopback: etcd, kube-apiserver and kube-controller-manager, without nodes."""
import json
import os
import pathlib
import subprocess
import urllib.error
import urllib.request

from ports import free_port
from simulated import harness

CONTROLLERS = ("horizontal-pod-autoscaler", "deployment", "replicaset", "serviceaccount",
               "root-ca-certificate-publisher", "namespace", "endpoints", "endpointslice", "clusterrole-aggregation",
               "garbage-collector")


def wait_for(what, condition, seconds=60, pause=0.1):
    """wait_until() with the limit that steps of this test mostly have."""
    return harness.wait_until(condition, seconds, what, pause)


class Process(harness.Process):
    """Goes on with its log when it is started again, and its environment is the test's."""

    environment = {}
    log_mode = "ab"


class Pki:
    """Certificates of the cluster, by openssl."""

    def __init__(self, folder):
        self.dir = pathlib.Path(folder)
        self.dir.mkdir(parents=True, exist_ok=True)

    def path(self, name):
        return self.dir / name

    def run(self, *args):
        subprocess.run(["openssl", *map(str, args)], check=True, capture_output=True)

    def key(self, name):
        self.run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.path(name + ".key"))

    def authority(self, name):
        self.key(name)
        self.run("req", "-x509", "-new", "-key", self.path(name + ".key"), "-days", 30, "-subj", "/CN=" + name,
                 "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
                 "-out", self.path(name + ".crt"))

    def certificate(self, name, authority, subject, san=None):
        """Without san a client certificate, with san a server's too."""
        self.key(name)
        ext = self.path(name + ".ext")
        ext.write_text("keyUsage=critical,digitalSignature\nextendedKeyUsage=" +
                       ("serverAuth,clientAuth\nsubjectAltName=" + san if san else "clientAuth") + "\n")
        self.run("req", "-new", "-key", self.path(name + ".key"), "-subj", subject, "-out", self.path(name + ".csr"))
        self.run("x509", "-req", "-in", self.path(name + ".csr"), "-CA", self.path(authority + ".crt"), "-CAkey",
                 self.path(authority + ".key"), "-CAcreateserial", "-days", 30, "-extfile", ext, "-out",
                 self.path(name + ".crt"))


class ControlPlane:
    def __init__(self, binaries, folder, aggregator_routing):
        self.bin, self.dir = pathlib.Path(binaries), pathlib.Path(folder)
        self.routing = aggregator_routing
        self.pki = Pki(self.dir / "pki")
        self.api_port, self.etcd_port, self.etcd_peer, self.kcm_port = (free_port() for _ in range(4))
        self.server = f"https://127.0.0.1:{self.api_port}"
        self.processes = {}
        self.kubeconfig = self.dir / "admin.kubeconfig"
        self.front_proxy = "front-proxy-ca"

    def start(self):
        pki = self.pki
        for authority in ("ca", "front-proxy-ca"):
            pki.authority(authority)
        pki.certificate("apiserver", "ca", "/CN=kube-apiserver",
                        "DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1")
        pki.certificate("admin", "ca", "/O=system:masters/CN=admin")
        pki.certificate("kcm", "ca", "/CN=system:kube-controller-manager")
        pki.certificate("front-proxy-client", "front-proxy-ca", "/CN=front-proxy-client")
        pki.run("genrsa", "-out", pki.path("sa.key"), 2048)
        pki.run("rsa", "-in", pki.path("sa.key"), "-pubout", "-out", pki.path("sa.pub"))
        self.write_kubeconfig(self.kubeconfig, certificate="admin")
        self.write_kubeconfig(self.dir / "kcm.kubeconfig", certificate="kcm")
        (self.dir / "audit.yaml").write_text(
            "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n"
            "- {level: Metadata, resources: [{group: metrics.k8s.io}, {group: custom.metrics.k8s.io}]}\n"
            "- level: None\n")
        self.start_etcd()
        self.start_apiserver()
        self.start_controllers()

    def stop(self):
        for name in ("kube-controller-manager", "kube-apiserver", "etcd"):
            if name in self.processes:
                self.processes.pop(name).stop()

    def run(self, name, *command):
        process = Process(command, self.dir / (name + ".log"))
        self.processes[name] = process
        return process

    def start_etcd(self):
        client, peer = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{self.etcd_peer}"
        self.run("etcd", self.bin / "etcd", "--name", "e2e", "--data-dir", self.dir / "etcd", "--unsafe-no-fsync=true",
                 "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer,
                 "--initial-advertise-peer-urls", peer, "--initial-cluster", "e2e=" + peer)
        wait_for("etcd", lambda: self.answers(client + "/health"))

    def answers(self, url):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def start_apiserver(self):
        p = self.pki.path
        bundle = p("client-ca-bundle.crt")
        self.run("kube-apiserver", self.bin / "kube-apiserver", f"--etcd-servers=http://127.0.0.1:{self.etcd_port}",
                 "--bind-address=127.0.0.1", f"--secure-port={self.api_port}", "--advertise-address=127.0.0.1",
                 "--endpoint-reconciler-type=none", f"--tls-cert-file={p('apiserver.crt')}",
                 f"--tls-private-key-file={p('apiserver.key')}",
                 f"--client-ca-file={bundle if bundle.exists() else p('ca.crt')}",
                 "--authorization-mode=Node,RBAC", "--service-account-issuer=https://kubernetes.default.svc",
                 f"--service-account-key-file={p('sa.pub')}", f"--service-account-signing-key-file={p('sa.key')}",
                 "--service-cluster-ip-range=10.96.0.0/24",
                 f"--requestheader-client-ca-file={p(self.front_proxy + '.crt')}",
                 "--requestheader-allowed-names=front-proxy-client", "--requestheader-username-headers=X-Remote-User",
                 "--requestheader-group-headers=X-Remote-Group", "--requestheader-extra-headers-prefix=X-Remote-Extra-",
                 f"--proxy-client-cert-file={p('front-proxy-client.crt')}",
                 f"--proxy-client-key-file={p('front-proxy-client.key')}",
                 f"--enable-aggregator-routing={str(self.routing).lower()}",
                 f"--audit-policy-file={self.dir / 'audit.yaml'}", f"--audit-log-path={self.dir / 'audit.log'}")
        wait_for("kube-apiserver", lambda: self.kubectl("get", "--raw", "/readyz", check=False).stdout == "ok", 90)

    def start_controllers(self):
        config = self.dir / "kcm.kubeconfig"
        self.run("kube-controller-manager", self.bin / "kube-controller-manager", f"--kubeconfig={config}",
                 f"--authentication-kubeconfig={config}", f"--authorization-kubeconfig={config}",
                 "--bind-address=127.0.0.1", f"--secure-port={self.kcm_port}", f"--cert-dir={self.dir / 'kcm-certs'}",
                 "--leader-elect=false", "--use-service-account-credentials=true",
                 f"--service-account-private-key-file={self.pki.path('sa.key')}",
                 f"--root-ca-file={self.pki.path('ca.crt')}",
                 "--controllers=" + ",".join(c + "-controller" for c in CONTROLLERS),
                 "--horizontal-pod-autoscaler-sync-period=5s",
                 "--horizontal-pod-autoscaler-cpu-initialization-period=0s",
                 "--horizontal-pod-autoscaler-initial-readiness-delay=0s",
                 "--horizontal-pod-autoscaler-downscale-stabilization=5s")
        wait_for("the default service account",
                 lambda: self.kubectl("-n", "default", "get", "serviceaccount", "default", check=False).returncode == 0)

    def write_kubeconfig(self, path, certificate=None, token=None):
        user = {"token": token} if token else {"client-certificate": str(self.pki.path(certificate + ".crt")),
                                               "client-key": str(self.pki.path(certificate + ".key"))}
        config = {"apiVersion": "v1", "kind": "Config", "current-context": "e2e",
                  "clusters": [{"name": "e2e", "cluster": {"server": self.server,
                                                           "certificate-authority": str(self.pki.path("ca.crt"))}}],
                  "users": [{"name": "user", "user": user}],
                  "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": "user"}}]}
        pathlib.Path(path).write_text(json.dumps(config))
        return path

    def kubectl(self, *args, check=True, stdin=None, kubeconfig=None):
        command = [str(self.bin / "kubectl"), f"--kubeconfig={kubeconfig or self.kubeconfig}",
                   f"--cache-dir={self.dir / 'kube-cache'}", *map(str, args)]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=120, check=False,
                              env=dict(os.environ, HOME=str(self.dir)))
        if check and done.returncode:
            raise AssertionError(f"kubectl {' '.join(map(str, args))}: {done.stderr.strip()}")
        return done

    def get(self, *args):
        return json.loads(self.kubectl("get", *args, "-o", "json").stdout)

    def apply(self, *objects):
        self.kubectl("apply", "-f", "-",
                     stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)}))

    def audit(self):
        """The requests for metrics.k8s.io and custom.metrics.k8s.io that kube-apiserver has answered."""
        lines = (self.dir / "audit.log").read_text().splitlines() if (self.dir / "audit.log").exists() else []
        return [json.loads(line) for line in lines]
