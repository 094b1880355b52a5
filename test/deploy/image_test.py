#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The image's root file system: what is in it, and that programs run in it as the Deployment runs them.

bash stands in for topd where a test needs to look around from inside. TOPD_BINARY names topd itself (default
build/release/bin/topd); without it, or without root or runc, those tests are skipped, and say so.
"""
import contextlib
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
ROOTFS_SH = PROJECT / "deploy/image/rootfs.sh"
RUN_IN_RUNC = HERE / "run_in_runc.sh"
TOPD = pathlib.Path(os.environ.get("TOPD_BINARY", PROJECT / "build/release/bin/topd")).resolve()
BUILT_VERSION = re.search(r"project\(topd VERSION ([0-9.]+)", (PROJECT / "CMakeLists.txt").read_text()).group(1)

needs_root = unittest.skipUnless(os.geteuid() == 0, "SKIPPED: needs root")
needs_mounts = unittest.skipUnless(os.path.ismount("/"), "SKIPPED: / is not a mount point (a plain chroot)")
needs_topd = unittest.skipUnless(TOPD.exists(), f"SKIPPED: there is no {TOPD}")
needs_runc = unittest.skipUnless(
    subprocess.run([RUN_IN_RUNC, "--need"], capture_output=True, check=False).returncode == 0,
    "SKIPPED: no runc, or it cannot work here")


def make_rootfs(binary, folder):
    """Runs rootfs.sh; its output."""
    return subprocess.run([ROOTFS_SH, binary, folder], check=True, capture_output=True, text=True, timeout=120).stdout


def run(*command, **options):
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60, **options)


class Rootfs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.work = pathlib.Path(folder.name)
        cls.root = cls.work / "bash"
        cls.said = make_rootfs("/bin/bash", cls.root)

    def test_the_same_binary_gives_the_same_tree(self):
        again = make_rootfs("/bin/bash", self.work / "again")
        digests = [re.search(r"sha256:[0-9a-f]{64}$", said.strip()).group() for said in (self.said, again)]
        self.assertEqual(*digests)
        self.assertNotIn(digests[0], make_rootfs("/bin/cat", self.work / "other"))

    def test_modes_owners_and_times_do_not_depend_on_who_makes_it(self):
        for path in [self.root, *self.root.rglob("*")]:
            status = path.lstat()
            mode = status.st_mode & 0o7777
            with self.subTest(path.relative_to(self.root)):
                self.assertEqual(status.st_mtime, 0)
                self.assertIn(status.st_uid, {0, os.geteuid()})
                if path.name == "tmp":
                    self.assertEqual(mode, 0o1777)
                elif not path.is_symlink():
                    self.assertIn(mode, {0o755} if path.is_dir() else {0o644, 0o755})

    def test_it_holds_a_user_for_the_deployment_and_metrics_servers_command(self):
        self.assertIn("topd:x:1000:1000:", (self.root / "etc/passwd").read_text())
        self.assertEqual(os.readlink(self.root / "metrics-server"), "topd")
        self.assertEqual(os.readlink(self.root / "kubectl-history"), "topd")
        for folder in ("dev", "proc", "sys", "tmp"):
            self.assertEqual(list((self.root / folder).iterdir()), [])

    def test_it_names_every_package_whose_library_it_holds_with_its_licence(self):
        libraries = {path.name for path in self.root.rglob("*.so*")}
        self.assertTrue({"libc.so.6", "ld-linux-x86-64.so.2", "libtinfo.so.6"} <= libraries, libraries)
        listed = {path.name for path in (self.root / "var/lib/dpkg/status.d").iterdir()}
        self.assertEqual(listed, {"libc6", "libtinfo6"})
        bill = (self.root / "usr/share/doc/topd/sbom.spdx").read_text()
        for package in listed:
            version = run("dpkg-query", "-W", "-f=${Version}", package).stdout
            self.assertIn(f"PackageName: {package}\nSPDXID: SPDXRef-{package}\nPackageVersion: {version}\n", bill)
            self.assertIn(f"Relationship: SPDXRef-topd DYNAMIC_LINK SPDXRef-{package}\n", bill)
            self.assertTrue((self.root / f"usr/share/doc/{package}/copyright").stat().st_size > 0)
        identities = re.findall("^SPDXID: (.*)$", bill, re.MULTILINE)
        self.assertEqual(len(identities), len(set(identities)))

    def test_it_names_the_header_only_libraries_that_topd_includes_and_no_other(self):
        folders = ("telemetry", "net", "kube", "storage", "scraper", "apiserver", "topd")
        included = {name for folder in folders for path in (PROJECT / folder).rglob("*.[ch]pp")
                    for name in re.findall(r"^#include <(\w+)/", path.read_text(), re.MULTILINE)}
        packages = {"boost": "libboost1.81-dev", "nlohmann": "nlohmann-json3-dev", "protozero": "libprotozero-dev",
                    "CLI": "libcli11-dev"}
        bill = (self.root / "usr/share/doc/topd/sbom.spdx").read_text()
        self.assertEqual(set(re.findall("SPDXRef-topd STATIC_LINK SPDXRef-(.*)", bill)),
                         {packages[name] for name in included & packages.keys()})

    def test_it_takes_a_new_folder_and_an_existing_binary_only(self):
        self.assertNotEqual(run(ROOTFS_SH, "/bin/bash", self.root).returncode, 0)
        self.assertNotEqual(run(ROOTFS_SH, "/bin/none", self.work / "none").returncode, 0)
        self.assertFalse((self.work / "none").exists())

    def test_a_library_that_is_missing_or_nobodys_is_an_error(self):
        (self.work / "f.c").write_text("int f(void) { return 0; }")
        (self.work / "main.c").write_text("int f(void); int main(void) { return f(); }")
        library = self.work / "libnobodys.so"
        subprocess.run(["gcc", "-shared", "-o", library, self.work / "f.c"], check=True)
        subprocess.run(["gcc", "-o", self.work / "main", self.work / "main.c", library], check=True)
        told = run(ROOTFS_SH, self.work / "main", self.work / "nobodys")
        self.assertIn("belongs to no Debian package", told.stderr)
        self.assertNotEqual(told.returncode, 0)
        library.unlink()
        told = run(ROOTFS_SH, self.work / "main", self.work / "missing")
        self.assertIn("not found", told.stderr)
        self.assertNotEqual(told.returncode, 0)

    @needs_root
    @needs_mounts
    @needs_topd
    def test_topd_starts_in_a_read_only_root_as_user_1000(self):
        root = self.work / "topd"
        make_rootfs(TOPD, root)
        for command in ("/topd", "/metrics-server"):
            told = run("unshare", "--mount", "sh", "-ec",
                       'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; '
                       'exec chroot --userspec=1000:1000 --groups= "$1" "$2" --version', "sh", root, command)
            self.assertEqual((told.returncode, told.stderr), (0, ""))
            self.assertIn(BUILT_VERSION, told.stdout)


@contextlib.contextmanager
def name_server(address, name, answer):
    """A DNS server that knows one name's IPv4 address."""
    question = b"".join(bytes([len(part)]) + part for part in name.encode().split(b".")) + b"\0"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, 53))

        def serve():
            while True:
                request, client = server.recvfrom(512)
                if not request:
                    return
                asked = request[12:request.index(b"\0", 12) + 1]
                (kind,) = struct.unpack_from("!H", request, 12 + len(asked))
                known = asked == question and kind == 1
                head = request[:2] + struct.pack("!HHHHH", 0x8180, 1, int(known), 0, 0)
                record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + socket.inet_aton(answer)
                server.sendto(head + asked + struct.pack("!HH", kind, 1) + (record if known else b""), client)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            server.sendto(b"", (address, 53))
            thread.join()


@needs_root
@needs_runc
class InRunc(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.work = pathlib.Path(folder.name)
        cls.root = cls.work / "bash"
        make_rootfs("/bin/bash", cls.root)

    def bash(self, script, *options):
        return run(RUN_IN_RUNC, *options, self.root, "/topd", "-c", script)

    def test_the_process_has_the_deployments_identity_and_no_privilege(self):
        told = self.bash('while read -r line; do echo "$line"; done </proc/self/status')
        self.assertEqual((told.returncode, told.stderr), (0, ""))
        status = dict(line.split(":", 1) for line in told.stdout.splitlines())
        self.assertEqual(status["Uid"].split(), ["1000"] * 4)
        self.assertEqual(status["Gid"].split(), ["1000"] * 4)
        self.assertEqual(status["Groups"].split(), [])
        for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status[kind], 16), 0, kind)
        self.assertEqual((status["NoNewPrivs"].strip(), status["Seccomp"].strip()), ("1", "2"))

    def test_only_tmp_can_be_written_and_the_tree_stays_as_it_was(self):
        told = self.bash('echo kept >/tmp/file && read -r text </tmp/file && echo "$text"; echo x >/file || exit 9')
        self.assertEqual((told.returncode, told.stdout), (9, "kept\n"))
        self.assertIn("Read-only file system", told.stderr)
        self.assertFalse((self.root / "file").exists())

    def test_binds_and_environment_are_given_and_binds_are_read_only(self):
        (self.work / "secret").mkdir(exist_ok=True)
        (self.work / "secret/token").write_text("t0ken\n")
        (self.work / "secret/token").chmod(0o666)
        inside = "/var/run/secrets/kubernetes.io/serviceaccount"
        told = self.bash(f'read -r token <{inside}/token; echo "$token $KUBERNETES_SERVICE_HOST"; '
                         f'echo x >{inside}/token',
                         "--bind", f"{self.work}/secret:{inside}", "--env", "KUBERNETES_SERVICE_HOST=127.0.0.1")
        self.assertEqual(told.stdout, "t0ken 127.0.0.1\n")
        self.assertIn("Read-only file system", told.stderr)
        self.assertEqual((self.work / "secret/token").read_text(), "t0ken\n")
        self.assertFalse((self.root / "var/run").exists())

    def connects(self, name, hosts, resolv_conf):
        """Whether a program in the image reaches a listener on the host's loopback by name."""
        (self.work / "hosts").write_text(hosts)
        (self.work / "resolv.conf").write_text(resolv_conf)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            return self.bash(f"exec 3<>/dev/tcp/{name}/{port} && echo connected",
                             "--bind", f"{self.work}/hosts:/etc/hosts",
                             "--bind", f"{self.work}/resolv.conf:/etc/resolv.conf")

    def test_names_are_looked_up_in_etc_hosts_without_any_nss_library(self):
        told = self.connects("node-1.test", "127.0.0.1 node-1.test\n", "")
        self.assertEqual((told.returncode, told.stdout), (0, "connected\n"), told.stderr)

    def test_names_are_looked_up_in_the_dns_without_any_nss_library(self):
        with name_server("127.77.0.1", "node-2.test", "127.0.0.1"):
            told = self.connects("node-2.test", "", "nameserver 127.77.0.1\noptions timeout:1 attempts:2\n")
            self.assertEqual((told.returncode, told.stdout), (0, "connected\n"), told.stderr)
            told = self.connects("node-3.test", "", "nameserver 127.77.0.1\noptions timeout:1 attempts:1\n")
            self.assertNotEqual(told.returncode, 0)

    def stop(self, script):
        """Sends TERM once the script has said "up"; its exit code."""
        environment = os.environ | {"GRACE": "1"}
        with subprocess.Popen([RUN_IN_RUNC, self.root, "/topd", "-c", script], stdout=subprocess.PIPE, text=True,
                              env=environment) as runner:
            self.assertEqual(runner.stdout.readline(), "up\n")
            runner.send_signal(signal.SIGTERM)
            return runner.wait()

    # Ends by itself, with another code than the tests want, should nothing stop it.
    BUSY = "while ((SECONDS < 20)); do :; done"

    def test_term_reaches_the_process_whose_exit_code_comes_back(self):
        self.assertEqual(self.stop(f"trap 'exit 7' TERM; echo up; {self.BUSY}"), 7)

    def test_a_process_that_ignores_term_is_killed(self):
        self.assertEqual(self.stop(f"trap '' TERM; echo up; {self.BUSY}"), 128 + signal.SIGKILL)

    @needs_topd
    def test_topd_starts(self):
        make_rootfs(TOPD, self.work / "topd")
        told = run(RUN_IN_RUNC, self.work / "topd", "/topd", "--version")
        self.assertEqual((told.returncode, told.stderr), (0, ""))
        self.assertIn(BUILT_VERSION, told.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
