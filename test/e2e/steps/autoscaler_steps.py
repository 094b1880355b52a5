# SPDX-License-Identifier: Apache-2.0
"""The HorizontalPodAutoscaler on topd's figures."""
import workloads
from checks import equal
from control_plane import wait_for


def replicas(e2e, name):
    return e2e.plane.get("deployment", name)["spec"]["replicas"]


def load(e2e, name, annotations):
    """Changes the pods that there are, without a rollout; those to come have the Deployment's own."""
    e2e.kubectl("annotate", "--overwrite", "pod", "-l", "app=" + name, *(f"{k}={v}" for k, v in annotations.items()))


def utilization(e2e, name):
    """What the autoscaler read last, in percent of the request; None: nothing."""
    for metric in e2e.plane.get("hpa", name).get("status", {}).get("currentMetrics") or []:
        for source in ("resource", "containerResource"):
            if source in metric:
                return metric[source]["current"].get("averageUtilization")
    return None


def on_cpu_memory_and_a_container(e2e):
    """Each reads a percentage, follows the load up, and down again."""
    quiet_cpu, busy_cpu = {"e2e/cpu-milli": "20"}, {"e2e/cpu-milli": "150"}
    quiet_memory, busy_memory = {"e2e/memory-mib": "16"}, {"e2e/memory-mib": "128"}
    scalers = {"cpu": (workloads.resource_metric("cpu", 50), quiet_cpu, busy_cpu, (18, 22)),
               "memory": (workloads.resource_metric("memory", 50), quiet_memory, busy_memory, (25, 25)),
               "container": (workloads.container_metric("cpu", "main", 50), quiet_cpu, busy_cpu, (18, 22))}
    for name, (metric, quiet, _, _) in scalers.items():
        e2e.plane.apply(workloads.deployment(name, annotations=quiet), workloads.autoscaler(name, metric))
    for name, (_, _, _, (least, most)) in scalers.items():
        wait_for(f"{name} to read {least} to {most} %",
                 lambda: utilization(e2e, name) and least <= utilization(e2e, name) <= most, 90, 1)
    for name, (_, _, busy, _) in scalers.items():
        load(e2e, name, busy)
    for name in scalers:
        wait_for(f"{name} to scale up", lambda: replicas(e2e, name) > 1, 120, 1)
        active = [c for c in e2e.plane.get("hpa", name)["status"]["conditions"] if c["type"] == "ScalingActive"]
        equal((active[0]["status"], active[0]["reason"]), ("True", "ValidMetricFound"))
    for name, (_, quiet, _, _) in scalers.items():
        load(e2e, name, quiet)
    for name in scalers:
        wait_for(f"{name} to scale down", lambda: replicas(e2e, name) == 1, 150, 1)
        e2e.kubectl("delete", "hpa", name)
