# SPDX-License-Identifier: Apache-2.0
"""topd on a simulated cluster, for tests and measurements: starts both on loopback, asks them things, stops them."""
import argparse
import base64
import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from ports import free_port  # noqa: E402


def wait_until(condition, seconds, what, pause=0.2):
    """The first true value of condition(), asked for again until the time is over."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(pause)


class Process:
    """A child with its output in a file, on these cores only (None: all). stop() is safe to call twice."""

    # AddressSanitizer would keep up to 256 MiB of freed memory.
    environment = {"ASAN_OPTIONS": "quarantine_size_mb=8"}
    log_mode = "wb"

    def __init__(self, command, log, cores=None):
        self.log_path = log
        with open(log, self.log_mode) as out:
            self.child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                # One system call, which needs no lock that another thread may hold.
                preexec_fn=lambda: cores and os.sched_setaffinity(0, cores))  # noqa: PLW1509

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as text:
            return text.read()

    def running(self):
        return self.child.poll() is None

    def stop(self, seconds=30):
        """Asks it to end and waits; the exit status, or None when it had to be killed."""
        if self.running():
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            return None


class Relay:
    """A TCP relay on loopback that can be taken away and brought back, for one side only. The first connection and
    all that come within `silence` seconds of it are kept and get no byte."""

    def __init__(self, to_port, silence=0):
        self.silence = silence
        self.begin = None
        self.to_port = to_port
        self.port = free_port()
        self.listener = None
        self.pairs = []
        self.back()

    def back(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def away(self):
        # shutdown() wakes the accepting thread, which close() alone does not.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        pairs, self.pairs = self.pairs, []
        for end in pairs:
            _cut(end)

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
                self.begin = self.begin or time.monotonic()
                if time.monotonic() - self.begin < self.silence:
                    self.pairs.append(client)
                    continue
                server = socket.create_connection(("127.0.0.1", self.to_port))
            except OSError:
                return
            self.pairs += [client, server]
            for a, b in ((client, server), (server, client)):
                threading.Thread(target=_pump, args=(a, b), daemon=True).start()


def _cut(end):
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def _pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    _cut(sink)
    source.close()


class Simulation:
    """topd-sim, and what is asked of it. It expects a server of metrics.k8s.io on `port`. Use it in a `with`."""

    def __init__(self, sim, nodes=3, pods=30, flags=(), cores=None):
        self.sim_command = [sim, f"--nodes={nodes}", f"--pods={pods}", *flags]
        self.sizes = (nodes, pods)
        self.sim_cores = cores
        self.processes = []
        self.folder = None

    def __enter__(self):  # noqa: RET503 (the last round returns or raises)
        for last in (False, False, True):
            self.folder = tempfile.TemporaryDirectory(prefix="topd-test-")
            try:
                self._start()
                return self
            except RuntimeError:
                # Somebody took a port meanwhile who does not ask test/ports.py.
                taken = any("ddress already in use" in process.log() for process in self.processes)
                self.__exit__(*sys.exc_info())
                if last or not taken:
                    raise
            except BaseException:
                self.__exit__(*sys.exc_info())
                raise
            self.processes = []

    def __exit__(self, kind, error, trace):
        for process in reversed(self.processes):
            process.stop()
            if kind is not None:
                print(f"--- end of {process.log_path}\n{process.log()[-4000:]}", file=sys.stderr)
        self.folder.cleanup()

    def _start(self):
        self.port = free_port()
        self.sim = Process([*self.sim_command, f"--dir={self.path('')}", f"--aggregate=127.0.0.1:{self.port}"],
                           self.path("sim.log"), self.sim_cores)
        self.processes.append(self.sim)
        ready = wait_until(self._ready_line, 60, "topd-sim")
        self.api_port = int(re.search(r"api=127.0.0.1:(\d+)", ready)[1])
        self.kubelet_port = int(re.search(r"kubelet-port=(\d+)", ready)[1])
        self.kubeconfig = self.path("admin.kubeconfig")
        self._load_admin()

    def _ready_line(self):
        if not self.sim.running():
            raise RuntimeError("topd-sim ended: " + self.sim.log())
        return next((line for line in self.sim.log().splitlines() if line.startswith("ready ")), None)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def _load_admin(self):
        with open(self.kubeconfig) as text:
            config = text.read()
        for kind in ("certificate", "key"):
            data = re.search(rf"client-{kind}-data: (\S+)", config)[1]
            with open(self.path(f"admin-{kind}.pem"), "wb") as out:
                out.write(base64.b64decode(data))
        self.admin = ssl.create_default_context(cafile=self.path("ca.crt"))
        self.admin.load_cert_chain(self.path("admin-certificate.pem"), self.path("admin-key.pem"))

    def ask(self, path, body=None):
        """JSON of the simulator's API server; POSTs the body when there is one."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.api_port, context=self.admin, timeout=60)
        try:
            connection.request("POST" if body is not None else "GET", path,
                               json.dumps(body) if body is not None else None, {"Accept": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {text[:300]!r}")
        return json.loads(text)

    def probe(self, path="/readyz"):
        """Status and body of an anonymous request to topd; None: it does not answer."""
        context = ssl.create_default_context(cafile=self.path("ca.crt"))
        connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return None
        finally:
            connection.close()

    def as_front_proxy(self, path, user="admin", headers=None, port=None, timeout=30):
        """Status, headers and body of topd's answer (of another replica's on `port`) to the front proxy in the name of
        a user: "admin" is one of system:masters. None: to nobody."""
        context = ssl.create_default_context(cafile=self.path("ca.crt"))
        said = dict(headers or {})
        if user:
            context.load_cert_chain(self.path("front-proxy-client.crt"), self.path("front-proxy-client.key"))
            said.update({"X-Remote-User": user, "X-Remote-Group": "system:masters" if user == "admin" else "others"})
        connection = http.client.HTTPSConnection("localhost", port or self.port, context=context, timeout=timeout)
        try:
            connection.request("GET", path, headers=said)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def metrics(self, resource, version="v1beta1"):
        return self.ask(f"/apis/metrics.k8s.io/{version}/{resource}")["items"]

    def pods(self):
        return [pod for pod in self.ask("/api/v1/pods")["items"] if pod["status"]["phase"] == "Running"]


class Cluster(Simulation):
    """topd-sim and topd, wired to each other."""

    def __init__(self, topd, sim, nodes=3, pods=30, resolution="10s", sim_flags=(), topd_flags=(), relayed=False,
                 silence=0, addresses="InternalIP"):
        super().__init__(sim, nodes, pods, sim_flags)
        self.topd_command = [topd, f"--metric-resolution={resolution}", *topd_flags]
        self.relayed = relayed or silence > 0
        self.silence = silence
        self.addresses = addresses
        self.relay = None

    def _start(self):
        super()._start()
        path = self.path
        kubeconfig = path("topd.kubeconfig")
        if self.relayed:
            self.relay = Relay(self.api_port, self.silence)
            kubeconfig = path("relayed.kubeconfig")
            with open(path("topd.kubeconfig")) as plain, open(kubeconfig, "w") as out:
                out.write(plain.read().replace(f":{self.api_port}", f":{self.relay.port}"))
        binary, *flags = self.topd_command
        self.topd = Process(
            [binary, f"--kubeconfig={kubeconfig}", f"--secure-port={self.port}", "--bind-address=127.0.0.1",
             f"--tls-cert-file={path('topd.crt')}", f"--tls-private-key-file={path('topd.key')}",
             f"--requestheader-client-ca-file={path('front-proxy-ca.crt')}", "--kubelet-request-timeout=5s",
             "--kubelet-use-node-status-port", f"--kubelet-preferred-address-types={self.addresses}", *flags],
            path("topd.log"))
        self.processes.append(self.topd)
        wait_until(self._listens, 60, "topd to listen", 0.02)

    def _listens(self):
        if not self.topd.running():
            raise RuntimeError("topd ended: " + self.topd.log()[-4000:])
        return '"Serving securely on"' in self.topd.log()

    def wait_for_figures(self, seconds=90, pause=0.2):
        """Until every node and every running pod has figures; how long that took."""
        begin = time.monotonic()

        def complete():
            if not self.topd.running():
                raise RuntimeError("topd ended: " + self.topd.log()[-4000:])
            try:
                return len(self.metrics("nodes")) == self.sizes[0] and len(self.metrics("pods")) == len(self.pods())
            except RuntimeError:
                return False

        wait_until(complete, seconds, "figures of all nodes and pods", pause)
        return time.monotonic() - begin


class Report:
    """Counts checks; the last line it prints is "N passed, N failed"."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, good, detail=""):
        if good:
            self.passed += 1
            print(f"ok    {name}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL  {name}: {detail}", flush=True)

    def attempt(self, name, work):
        """A check that passes when the work does not raise; what it returns."""
        try:
            result = work()
        except Exception as error:
            self.check(name, False, repr(error))
            return None
        self.check(name, True)
        return result

    def group(self, name, work):
        """Checks that belong together: those of the next group are made even when this one raises."""
        try:
            work()
        except Exception as error:
            self.check(name, False, repr(error))

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed else 0


def check_clean_end(report, cluster):
    status = cluster.topd.stop()
    log = cluster.topd.log()
    report.check("topd ends with status 0 on SIGTERM", status == 0, f"status {status}, log ends {log[-500:]!r}")
    report.check("topd says that it stops", '"Shutting down"' in log and '"Stopped"' in log, log[-500:])
    found = [line for line in log.splitlines() if "Sanitizer" in line or "runtime error:" in line]
    report.check("the sanitizers found nothing", not found, "\n".join(found[:5]))


def run(description, checks, more_arguments=None, needs_kubectl=False):
    """main() of a test: reads the command line, which is the same for all of them, has checks(report, options) made and
    returns the exit status."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("--topd", required=True)
    arguments.add_argument("--sim", required=True)
    arguments.add_argument("--kubectl", action="append", required=needs_kubectl,
                           help=None if needs_kubectl else "not used")
    if more_arguments:
        more_arguments(arguments)
    options = arguments.parse_args()
    report = Report()
    checks(report, options)
    return report.finish()
