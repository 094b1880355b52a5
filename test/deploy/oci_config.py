#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the config.json of an OCI bundle whose process is confined as the container of deploy/topd.yaml is.

Users are numbers; the root file system is "rootfs" beside config.json. Called by run_in_runc.sh.
"""
import argparse
import json
import os
import pathlib

import yaml

MANIFEST = pathlib.Path(__file__).resolve().parent.parent.parent / "deploy" / "topd.yaml"

# RuntimeDefault is an allow list of each container runtime. This is what all of them leave out of it for a process
# without capabilities; a test that passes here does not need any of these.
FORBIDDEN_CALLS = """
    acct add_key bpf chroot clock_adjtime clock_settime create_module delete_module finit_module fsconfig fsmount fsopen
    fspick get_kernel_syms get_mempolicy init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp
    kexec_file_load kexec_load keyctl lookup_dcookie mbind mount mount_setattr move_mount move_pages nfsservctl
    open_by_handle_at open_tree perf_event_open pivot_root process_vm_readv process_vm_writev ptrace query_module
    quotactl reboot request_key set_mempolicy setns settimeofday stime swapoff swapon sysfs _sysctl umount umount2
    unshare uselib userfaultfd ustat vm86 vm86old""".split()  # noqa: SIM905


def container():
    """The one container of the Deployment, and the pod around it."""
    for document in yaml.safe_load_all(MANIFEST.read_text()):
        if document and document["kind"] == "Deployment":
            pod = document["spec"]["template"]["spec"]
            (only,) = pod["containers"]
            return only, pod
    raise SystemExit(f"{MANIFEST}: no Deployment")


def mounts(run, pod, binds):
    """The kernel's file systems, the pod's volumes (emptyDir is all that there is), and the binds."""
    made = [
        {"destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid", "noexec", "nodev"]},
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
         "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
        {"destination": "/sys", "type": "bind", "source": "/sys",
         "options": ["rbind", "nosuid", "noexec", "nodev", "ro"]},
    ]
    empty = {volume["name"] for volume in pod["volumes"] if "emptyDir" in volume}
    for mount in run["volumeMounts"]:
        if mount["name"] not in empty:
            raise SystemExit(f"volume {mount['name']} is not an emptyDir")
        made.append({"destination": mount["mountPath"], "type": "tmpfs", "source": "tmpfs",
                     "options": ["nosuid", "nodev", "mode=1777"]})
    # As the kubelet does.
    host_files = {path: path for path in ("/etc/hosts", "/etc/resolv.conf") if os.path.exists(path)}
    for inside, outside in (host_files | binds).items():
        made.append({"destination": inside, "type": "bind", "source": os.path.abspath(outside),
                     "options": ["rbind", "ro", "nosuid", "nodev"]})
    return made


def config(command, name, binds, environment):
    run, pod = container()
    security = run["securityContext"]
    user = security["runAsUser"]
    if security["capabilities"] != {"drop": ["ALL"]} or security["seccompProfile"] != {"type": "RuntimeDefault"}:
        raise SystemExit("only containers without capabilities and with RuntimeDefault are understood")
    # Without a network namespace of its own the process sees the host's loopback.
    namespaces = ["pid", "ipc", "uts", "mount"]
    return {
        "ociVersion": "1.0.2",
        "hostname": "topd",
        "root": {"path": "rootfs", "readonly": security["readOnlyRootFilesystem"]},
        "process": {
            "terminal": False,
            # A container runtime gives the group that the image's /etc/passwd has for this user.
            "user": {"uid": user, "gid": user},
            "args": command,
            "cwd": "/",
            "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", *environment],
            "capabilities": {kind: [] for kind in ("bounding", "effective", "inheritable", "permitted", "ambient")},
            "noNewPrivileges": not security["allowPrivilegeEscalation"],
        },
        "mounts": mounts(run, pod, binds),
        "linux": {
            "cgroupsPath": f"/{name}",
            "namespaces": [{"type": kind} for kind in namespaces],
            "resources": {"devices": [{"allow": False, "access": "rwm"}]},
            "seccomp": {"defaultAction": "SCMP_ACT_ALLOW",
                        "syscalls": [{"names": FORBIDDEN_CALLS, "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]},
            "maskedPaths": ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug",
                            "/proc/scsi", "/proc/timer_list", "/sys/firmware"],
            "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bind", action="append", default=[], metavar="HOST:INSIDE")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--name", required=True)
    parser.add_argument("command", nargs="+")
    given = parser.parse_args()
    binds = {}
    for bind in given.bind:
        outside, _, inside = bind.partition(":")
        binds[inside] = outside
    print(json.dumps(config(given.command, given.name, binds, given.env), indent=1))


if __name__ == "__main__":
    main()
