# SPDX-License-Identifier: Apache-2.0
"""What the tests share that apply deploy/ to a real kube-apiserver.

    NAME_test.py --binaries FOLDER [TEST...]      a control plane of its own; FOLDER is what test/e2e/binaries.sh prints
    NAME_test.py --kubeconfig FILE [TEST...]      a throw-away cluster: its metrics-server is replaced and removed

Nothing needs to run in the cluster. The last line counts.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e"), str(HERE.parent)]
from control_plane import ControlPlane, wait_for  # noqa: E402
from kustomization import DEPLOY, Kustomization  # noqa: E402

METRICS_SERVER = HERE / "metrics_server.yaml"
TOPD = DEPLOY / "topd.yaml"
SERVICE_ACCOUNT = "system:serviceaccount:kube-system:metrics-server"
COMPONENTS = ("graphs", "graphs/prometheus", "summary", "graphs/objects", "state", "state/persistent", "custom-metrics")
# Set by main(): PATH with the kubectl to use, and KUBECONFIG.
environment = dict(os.environ)


def kubectl(*arguments, ok=True, **options):
    done = subprocess.run(["kubectl", *map(str, arguments)], check=False, capture_output=True, text=True, timeout=120,
                          env=environment, **options)
    if ok and done.returncode != 0:
        raise AssertionError(f"kubectl {arguments}: {done.stdout}{done.stderr}")
    return done


def get(*what):
    return json.loads(kubectl("get", *what, "-o", "json").stdout)


def names(kind):
    return [item["metadata"]["name"]
            for item in get(kind, "-n", "kube-system", "-l", "k8s-app=metrics-server")["items"]]


class ClusterTest(unittest.TestCase):
    def setUp(self):
        self.addCleanup(self.remove_all)
        self.remove_all()

    @staticmethod
    def remove_all():
        with Kustomization(*COMPONENTS) as folder:
            kubectl("delete", "-k", folder, "--ignore-not-found", "--wait=false")
        # Nobody here sees whether a pod still uses the claim, which is what it would wait for.
        kubectl("-n", "kube-system", "patch", "persistentvolumeclaim/topd-state", "--type=merge", "-p",
                '{"metadata":{"finalizers":null}}', ok=False)
        for manifest in (TOPD, DEPLOY / "networkpolicy.yaml", DEPLOY / "high-availability/pdb.yaml"):
            kubectl("delete", "-f", manifest, "--ignore-not-found", "--wait=true")

    def deployment(self):
        found = get("deployment", "metrics-server", "-n", "kube-system")
        (run,) = found["spec"]["template"]["spec"]["containers"]
        return found, run

    def assert_applied(self, option, manifest):
        """The cluster holds what the manifest says: applying it again would change nothing."""
        told = kubectl("diff", option, manifest, ok=False)
        self.assertEqual((told.returncode, told.stdout + told.stderr), (0, ""))

    def assert_may(self, user, expected, verb, resource, *rest):
        told = kubectl("auth", "can-i", verb, resource, *rest, f"--as={user}", ok=False)
        self.assertEqual((verb, resource, told.stdout.strip()), (verb, resource, expected))


def run(module, tests):
    """How many passed, and how many did not."""
    loader = unittest.defaultTestLoader
    loader.testNamePatterns = [f"*{name}*" for name in tests] or None
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(loader.loadTestsFromModule(module))
    # Of a test with subtests each one that fails is listed.
    bad = {getattr(test, "test_case", test) for test, _ in result.failures + result.errors}
    return result.testsRun - len(bad), len(bad)


def main(module):
    parser = argparse.ArgumentParser()
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--binaries")
    where.add_argument("--kubeconfig")
    parser.add_argument("tests", nargs="*", help="parts of the names of the tests to run; default: all")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="topd-deploy-")
    plane = None
    passed, failed = 0, 1
    try:
        if options.binaries:
            environment["PATH"] = f"{options.binaries}:{environment['PATH']}"
            plane = ControlPlane(options.binaries, folder, aggregator_routing=True)
            plane.start()
        environment["KUBECONFIG"] = options.kubeconfig or str(plane.kubeconfig)
        environment["HOME"] = folder
        passed, failed = run(module, options.tests)
    finally:
        if plane:
            plane.stop()
        shutil.rmtree(folder, ignore_errors=True)
        print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


__all__ = ["COMPONENTS", "DEPLOY", "METRICS_SERVER", "SERVICE_ACCOUNT", "TOPD", "ClusterTest", "Kustomization",
           "environment", "get", "kubectl", "main", "names", "wait_for"]
