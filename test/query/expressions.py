# SPDX-License-Identifier: Apache-2.0
"""What tools ask, filled in, and a line per construct that is supported."""

CPU = "container_cpu_usage_seconds_total"
MEMORY = "container_memory_working_set_bytes"
POD = "web-7d9c6b5f40-x0abc"

HEADLAMP = [
    f"sum(rate({CPU}{{container!='',namespace='shop',pod='{POD}'}}[1m])) by (pod,namespace)",
    f"sum({MEMORY}{{container!='',namespace='shop',pod=~'{POD}'}}) by (pod,namespace)",
    f"sum(rate(container_network_receive_bytes_total{{namespace='shop',pod='{POD}'}}[1m])) by (pod,namespace)",
    f"sum(rate(container_network_transmit_bytes_total{{namespace='shop',pod='{POD}'}}[1m])) by (pod,namespace)",
    f"sum(rate(container_fs_reads_bytes_total{{namespace='shop',pod='{POD}'}}[1m])) by (pod,namespace)",
    f"sum(rate({CPU}{{container!='',namespace='shop',pod=~'web-.*'}}[1m])) by (pod,namespace)",
    f"sum({MEMORY}{{namespace='shop',pod=~'web-.*'}}) by (pod,namespace)",
    "sum(rate(container_network_receive_bytes_total{namespace='shop',pod=~'cart-.*'}[1m])) by (pod,namespace)",
    "sum(kubelet_volume_stats_used_bytes{namespace='data',persistentvolumeclaim='db-7d9c6b5f40-x0abc-data'}) "
    "by (persistentvolumeclaim, namespace)",
    "sum(kubelet_volume_stats_capacity_bytes{namespace='data',persistentvolumeclaim='x'}) by (persistentvolumeclaim, namespace)",
    "up",
]
_PODS = f"{POD}|cart-7d9c6b5f42-x2abc"
_FREELENS = f'{{container!="POD",container!="",image!="",pod=~"{_PODS}",namespace="shop"}}'
FREELENS = [
    f"sum(rate({CPU}{_FREELENS}[5m])) by (pod, namespace)",
    f"sum(rate({CPU}{_FREELENS}[1m])) by (pod, namespace)",
    f"sum(rate({CPU}{_FREELENS}[5m])) by (container, pod, namespace)",
    f"sum({MEMORY}{_FREELENS}) by (pod, namespace)",
    f'sum(kube_pod_container_resource_requests{{pod=~"{_PODS}",resource="cpu",namespace="shop"}}) by (pod, namespace)',
    f'sum(kube_pod_container_resource_limits{{pod=~"{_PODS}",resource="memory",namespace="shop"}}) by (pod, namespace)',
    f'sum(rate({CPU}{{pod=~"web-[[:alnum:]]{{9,}}-[[:alnum:]]{{5}}",namespace="shop"}}[5m])) by (pod, namespace)',
    'sum(rate(node_cpu_seconds_total{mode=~"user|system"}[5m])) by(node)',
    "sum(node_memory_MemTotal_bytes - (node_memory_MemFree_bytes + node_memory_Buffers_bytes + "
    "node_memory_Cached_bytes)) by (node)",
    f'sum({MEMORY}{{container!="POD",container!=""}}) by (instance)',
    'sum(kube_node_status_capacity{resource="cpu"}) by (component)',
    'sum(kube_node_status_allocatable{resource="memory"}) by (component)',
    'sum(node_filesystem_size_bytes{mountpoint=~"/.*"}) by (node)',
    'sum({__name__=~"kubelet_running_pod_count|kubelet_running_pods",instance=~"node-0|node-1"})',
    f'sum(rate({CPU}{{container!=""}}[1m]) * on (pod,namespace) group_left(node) max without(pod_ip,host_ip) '
    "(kube_pod_info)) by (node)",
]
KITE = [
    f'sum(rate({CPU}{{container!="POD",container!="",pod=~"web.*",namespace="shop"}}[1m]))',
    'sum(container_memory_usage_bytes{container!="POD",container!="",pod=~"web.*",namespace="shop"}) / 1024 / 1024',
    f'sum(rate({CPU}{{container!="POD",container!="",instance="node-1"}}[1m])) / '
    'sum(kube_node_status_allocatable{resource="cpu",node="node-1"}) * 100',
    'sum(container_memory_usage_bytes{instance="node-1"}) / '
    'sum(kube_node_status_allocatable{resource="memory",node="node-1"}) * 100',
]
OTHERS = [
    "pod:container_cpu_usage:sum{namespace='shop'}",
    f"sum({MEMORY}{{namespace='shop',container=''}}) BY (pod, namespace)",
    f"topk(25, sort_desc(sum(avg_over_time({MEMORY}{{container!='',namespace='data'}}[5m])) BY (pod, namespace)))",
    "node_namespace_pod_container:container_cpu_usage_seconds_total:sum_rate5m",
    "sum(increase(kube_pod_container_status_restarts_total[5m])) by (namespace) > 0",
    "1+1",
    "sum(nothing) or vector(0)",
    f"sum(rate({CPU}[5m])) by (namespace)",
]

CONSTRUCTS = [
    # Literals, comments, strings, keywords in any case.
    "1", ".5", "1e3", "0x1f", "Inf", "-Inf", "NaN", "017", "1 # a comment", '"text"', "'it\\'s'", "`raw\\n`", "-1 ^ 2",
    "2 ^ 3 ^ 2", "2 ^ -1 * 3", "-2 % 3", "1 / 0", "0 / 0", "1 > bool 2", "1 == bool 1", "NaN != bool NaN", "- - 1",
    f"SUM BY (pod) ({MEMORY})", f"Sum({MEMORY}) Without (pod, container,)", "up{node=\"node-0\",}",
    # Selectors.
    "{__name__=\"up\"}", "{__name__=~\"up|kube_pod_info\",node!=\"node-1\"}", "up{missing=\"\"}", "up{node=\"\"}",
    "up{node=~\"node-[01]\",node!~\".*0\"}", "{node=\"node-0\",container=\"main\"}", "up{node=~\"\"}", "up{node=~\"node-0|node-2\"}",
    "up offset 5m", "up offset -10m", f"rate({CPU}[5m] offset 15m)", f"{MEMORY}{{pod=~\"(?i)WEB.*\"}}",
    # Aggregations.
    *[f"{name}({MEMORY})" for name in ("sum", "avg", "min", "max", "count")],
    *[f"{name} by (namespace, nothing) ({MEMORY})" for name in ("sum", "avg", "min", "max", "count")],
    *[f"{name} without (pod, container, image) ({MEMORY})" for name in ("sum", "avg", "min", "max", "count")],
    f"sum by (__name__) ({MEMORY})", f"sum by () ({MEMORY})", f"topk(3, {MEMORY})", f"bottomk by (namespace) (2, {MEMORY})",
    f"topk(0, {MEMORY})", f"topk(scalar(count(up)), {MEMORY})", f"topk(NaN, {MEMORY})", f"topk(1e300, {MEMORY})",
    f"sort({MEMORY})", f"sort_desc({MEMORY})",
    # Functions.
    *[f"{name}({metric}[{length}])" for name in ("rate", "increase", "irate")
      for metric in (CPU, "long_cpu_usage_seconds_total", "node_cpu_usage_seconds_total") for length in ("30s", "1m", "5m", "1h")],
    *[f"{name}({MEMORY}[{length}])" for name in ("avg_over_time", "min_over_time", "max_over_time")
      for length in ("30s", "1m", "5m", "1h")],
    "rate({__name__=~\"pod_cpu.*|container_network.*\"}[5m])", "max_over_time({node=\"node-0\",job=\"topd\"}[5m])",
    f"scalar(sum({MEMORY}))", f"scalar({MEMORY})", "scalar(nothing)", "vector(1)", "time()", "vector(time())", "up * time()",
    f'label_replace({MEMORY}, "app", "$1", "pod", "(.*)-[^-]*-[^-]*")', 'label_replace(up, "node", "", "node", ".*")',
    'label_replace(up, "a", "${1}x$2$$", "node", "(node)-(.)")', 'label_replace(up, "instance", "same", "node", ".*")',
    'label_replace(up, "b-b", "x", "node", ".*")', 'label_replace(up, "a", "x", "node", "(")',
    'label_replace(up, "a", "x", "node", "no match")', 'label_replace(up, "__name__", "down", "node", ".*")',
    # Two operands.
    *[f"{MEMORY} {op} 1e8" for op in ("+", "-", "*", "/", "%", "^", "==", "!=", "<", "<=", ">", ">=")],
    *[f"1e8 {op} {MEMORY}" for op in ("+", "-", "*", "/", "%", "<", "<=", ">", ">=")],
    *[f"{MEMORY} {op} bool 1e8" for op in ("==", "!=", "<", "<=", ">", ">=")],
    *[f"{MEMORY} {op} container_memory_usage_bytes" for op in ("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=")],
    f"{MEMORY} > bool container_memory_usage_bytes", f"{MEMORY} + on (pod, container) container_memory_usage_bytes",
    f"{MEMORY} < on (pod, container) container_memory_usage_bytes", f"{MEMORY} + ignoring (image) container_memory_usage_bytes",
    f"{MEMORY} * on (namespace, pod) group_left (pod_ip) kube_pod_info",
    f"kube_pod_info * on (namespace, pod) group_right (pod_ip) {MEMORY}",
    f"{MEMORY} * on (namespace, pod) group_left (nothing) kube_pod_info",
    f"{MEMORY} > on (namespace, pod) group_left kube_pod_info", f"{MEMORY} + on (namespace) kube_pod_info",
    f"{MEMORY} + on (namespace) sum by (namespace) ({MEMORY})", f"sum by (namespace) ({MEMORY}) + on (namespace) {MEMORY}",
    f"sum by (namespace) ({MEMORY}) - on (namespace) group_right {MEMORY}", f"{MEMORY} * on () group_left scalar(count(up))",
    f"{MEMORY} * on () group_left count(up)", f"{MEMORY} + ignoring (container, image) group_left kube_pod_info",
    f"{MEMORY} and on (pod) kube_pod_info{{node=\"node-1\"}}", f"{MEMORY} unless on (pod) kube_pod_info{{node=\"node-1\"}}",
    f"kube_pod_info or on (pod) {MEMORY}", "up or vector(1)", f"{MEMORY} and nothing", f"{MEMORY} unless nothing", "nothing or up",
    "up and ignoring (node) up", f"{MEMORY} > 1e8 and {MEMORY} < 5e8 or up", "-up", "+up", f"-rate({CPU}[5m])",
    "-{__name__=~\"up|kube_pod_info\"}", "{node=\"node-0\"} * 2", "sum by (node) ({node=\"node-0\"} * 2)",
    "up == on (node) group_left (resource) kube_node_status_capacity{resource=\"cpu\"}",
]

# Both refuse.
BROKEN = [
    "", "1 +", "(1", "1)", "up[5m", "up{a=\"b\"", "up down", "1 2", "sum by up", "sum by (a b) (up)", "sum by (1) (up)", "up{b}",
    "up{b=c}", "up{,}", "up{b=\"c\" d=\"e\"}", "up + on(d) group_left(d) up", "up +\n  * up", "up ! up", "up =~ up", "up $ up",
    "up = up", "'a", "`a", "1x", "rate(up[1m1h])", "rate(up[0s])", "{}", "{a=\"\"}", "{a=~\".*\"}", "up{__name__=\"b\"}", "foo(up)",
    "RATE(up[5m])", "rate(up)", "rate()", "time(1)", "scalar(1)", "rate(up[5m],)", "sum(1)", "sum()", "sum(up, up)", "topk(up, up)",
    "topk(up)", "1 > 2", "up + bool up", "up and 1", "up and on(b) group_left up", "1 + on(a) up", "up[5m] + 1", "up group_left up",
    "-up[5m]", "(up)[5m]", "up offset 5m [5m]", "up offset 1m offset 2m", "sum(up) offset 5m", "up{a=~\"(\"}", "up{a=\"\\y\"}",
    "vector(up)", "label_replace(up, 1, \"a\", \"b\", \"c\")", "\"a\" + 1", "up == \"a\"", "sum without up (up)", "up,up", "[5m]",
    "up{a=\"b\"}{c=\"d\"}", "5m", "up offset", "up[5m] offset 5", "bool", "on(up)", "up bool == up", "up or bool up", "sum(up) by",
    "sum by (a) (up) by (b)", "up{1=\"a\"}", "1e", "0x", "1..2", "up{a==\"b\"}", "up[5]", "up[5m", "up]", "up}", "@", "~up", "up !~ up",
]

# Prometheus answers, topd refuses by name (docs/decisions/0025-query.md).
REFUSED_BY_NAME = [
    "rate(up[5m:1m])", "max_over_time(rate(up[1m])[5m:])", "up @ 1700000000", "up @ end()", "histogram_quantile(0.9, up)",
    "absent(up)", "delta(up[5m])", "deriv(up[5m])", "quantile(0.5, up)", "count_values(\"v\", up)", "group(up)", "stddev(up)",
    "label_join(up, \"a\", \",\", \"node\")", "up atan2 up", "abs(up)", "sum_over_time(up[5m])", "round(up)",
]
