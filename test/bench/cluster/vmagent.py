# SPDX-License-Identifier: Apache-2.0
"""vmagent of Debian's victoria-metrics as the subject of a lab: scrapes each kubelet of the simulator by itself and
writes what it has to a receiver."""
import json
import os
import re
import subprocess

from harness import Process, wait_until
from ports import free_port

from . import TESTS, own_metrics
from .hour import Graphs


def program():
    script = os.path.join(TESTS, "..", "scripts", "deps.sh")
    return subprocess.run(["bash", script, "--vmagent"], capture_output=True, text=True, check=True).stdout.strip()


def configuration(lab, interval):
    """The file's path. JSON is YAML."""
    with open(lab.path("topd.kubeconfig"), encoding="ascii") as config, \
            open(lab.path("token"), "w", encoding="ascii") as token:
        token.write(re.search(r"token: (\S+)", config.read())[1])
    nodes = lab.ask("/api/v1/nodes")["items"]
    targets = [f"{one['address']}:{lab.kubelet_port}" for node in nodes for one in node["status"]["addresses"]
               if one["type"] == "InternalIP"]
    job = {"job_name": "kubelet", "scheme": "https", "metrics_path": "/metrics/resource",
           "bearer_token_file": lab.path("token"), "tls_config": {"ca_file": lab.path("ca.crt")},
           "scrape_interval": f"{interval}s", "scrape_timeout": f"{min(10, interval)}s",
           "static_configs": [{"targets": targets}]}
    path = lab.path(f"vmagent-{interval}.yml")
    with open(path, "w", encoding="ascii") as out:
        json.dump({"scrape_configs": [job]}, out)
    return path


class Vmagent:
    """Use it in a `with`; lab.pid is its own meanwhile. All of its flags but where it writes are the default."""

    def __init__(self, lab, interval, port):
        self.port = free_port()
        self.lab = lab
        lab.process = Process([program(), f"-promscrape.config={configuration(lab, interval)}",
                               f"-remoteWrite.url=http://127.0.0.1:{port}/api/v1/write",
                               f"-remoteWrite.tmpDataPath={lab.path(f'vmagent-{interval}')}",
                               f"-httpListenAddr=127.0.0.1:{self.port}"], lab.path(f"vmagent-{interval}.log"),
                              lab.subject_cores)
        lab.processes.append(lab.process)

    def __enter__(self):
        wait_until(self._answers, 60, "vmagent")
        return self

    def __exit__(self, *_):
        self.lab.stop_subject()

    def _answers(self):
        if not self.lab.process.running():
            raise RuntimeError("vmagent ended: " + self.lab.process.log()[-2000:])
        try:
            return self.pushed() >= 0
        except (OSError, RuntimeError):
            return False

    def pushed(self):
        """Points that it has given to its queue."""
        with Graphs(self.port) as page:
            return own_metrics.total(page.read("/metrics").decode(),
                                     "vmagent_remotewrite_global_rows_pushed_before_relabel_total")
