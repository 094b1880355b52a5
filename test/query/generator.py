# SPDX-License-Identifier: Apache-2.0
"""Expressions of the supported subset, at random: the same for the same seed."""

import random

CONTAINER = ("namespace", "pod", "container", "node", "image")
GAUGES = {
    "container_memory_working_set_bytes": CONTAINER,
    "container_memory_usage_bytes": CONTAINER,
    "node_memory_working_set_bytes": ("node", "instance"),
    "node_memory_MemFree_bytes": ("node", "instance"),
    "node_memory_Cached_bytes": ("node", "instance"),
}
CONSTANTS = {
    "up": ("node", "instance"),
    "kube_pod_info": ("namespace", "pod", "node"),
    "kube_pod_container_resource_requests": (*CONTAINER, "resource"),
    "kube_node_status_capacity": ("node", "resource"),
}
COUNTERS = {
    "container_cpu_usage_seconds_total": CONTAINER,
    "pod_cpu_usage_seconds_total": ("namespace", "pod", "node"),
    "node_cpu_seconds_total": ("node", "mode"),
    "node_cpu_usage_seconds_total": ("node", "instance"),
    "long_cpu_usage_seconds_total": ("namespace", "pod"),
    "container_network_receive_bytes_total": ("namespace", "pod", "interface"),
}
VALUES = {
    "namespace": ("shop", "data"),
    "pod": ("web-7d9c6b5f40-x0abc", "job-7d9c6b5f40-x0abc", "cart-7d9c6b5f42-x2abc"),
    "container": ("main", "sidecar"),
    "node": ("node-0", "node-1", "node-2"),
    "instance": ("node-0", "node-2"),
    "image": ("registry/main:1",),
    "mode": ("user", "system", "idle"),
    "resource": ("cpu", "memory"),
    "interface": ("eth0", "lo"),
}
PATTERNS = {
    "namespace": ("shop|data", "s.*", ".+"),
    "pod": ("web-.*", ".*-x[12]abc", "web-7d9c6b5f40-x0abc|job-7d9c6b5f41-x1abc", "(?i)WEB.*"),
    "container": ("main", ".*car", "main|sidecar"),
    "node": ("node-[01]", "node-0|node-1", ".*[^2]"),
    "mode": ("user|system", "i?dle"),
}
LENGTHS = ("30s", "45s", "1m", "2m", "5m", "10m30s", "1h")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


class Generator:
    def __init__(self, seed):
        self.dice = random.Random(seed)

    def one_of(self, *choices):
        return self.dice.choice(choices)

    def chance(self, share):
        return self.dice.random() < share

    def matchers(self, labels):
        out = []
        for label in self.dice.sample(labels, self.dice.choice((0, 0, 1, 1, 2)) % (len(labels) + 1)):
            if label in PATTERNS and self.chance(0.5):
                out.append(f'{label}{self.one_of("=~", "=~", "!~")}"{self.dice.choice(PATTERNS[label])}"')
            else:
                out.append(f'{label}{self.one_of("=", "=", "!=")}"{self.dice.choice((*VALUES[label], ""))}"')
        return "{" + ",".join(out) + "}" if out or self.chance(0.1) else ""

    def offset(self):
        return self.one_of(" offset 5m", " offset -5m", " offset 1m", " offset 1h") if self.chance(0.08) else ""

    def selector(self, metrics):
        name = self.dice.choice(list(metrics))
        return name + self.matchers(metrics[name])

    def distinct(self):
        """A vector whose values differ, so that ranks and comparisons do not hang on the last bit."""
        kind = self.dice.randrange(5)
        if kind < 2:
            return self.selector(GAUGES) + self.offset()
        if kind < 4:
            function, selector = self.one_of("rate", "increase", "irate"), self.selector(COUNTERS)
        else:
            function, selector = self.one_of("avg", "min", "max") + "_over_time", self.selector(GAUGES)
        return f"{function}({selector}[{self.dice.choice(LENGTHS)}]{self.offset()})"

    def leaf(self):
        return self.selector(CONSTANTS) + self.offset() if self.chance(0.2) else self.distinct()

    def labels(self):
        return ", ".join(self.dice.sample(list(VALUES), self.dice.randrange(4)))

    def grouping(self):
        return f"{self.one_of('by', 'without', 'BY')} ({self.labels()})"

    def number(self):
        return self.one_of(
            "0",
            "1",
            "2",
            "0.5",
            "-3",
            "1e6",
            "1e8",
            "0x10",
            "1024",
            "NaN",
            "Inf",
            "time()",
            "1.5e-3",
            "(2 + 3)",
            "scalar(sum(up))",
        )

    def aggregation(self, depth):
        name = self.one_of("sum", "sum", "avg", "min", "max", "count", "Sum")
        inner = self.vector(depth - 1)
        if self.chance(0.25):
            return f"{name}({inner})"
        return self.one_of(f"{name} {self.grouping()} ({inner})", f"{name}({inner}) {self.grouping()}")

    def ranked(self):
        name, count = self.one_of("topk", "bottomk"), self.one_of("1", "2", "5", "0", "3.7")
        return f"{name}{self.one_of('', ' ' + self.grouping() + ' ')}({count}, {self.distinct()})"

    def matching(self):
        if self.chance(0.4):
            return "", False
        out = f"{self.one_of('on', 'on', 'ignoring')} ({self.labels()})"
        if self.chance(0.4):
            return (
                f"{out} {self.one_of('group_left', 'group_right')}{self.one_of('', ' ()', ' (' + self.labels() + ')')}",
                True,
            )
        return out, False

    def two_vectors(self, depth):
        left, right = self.vector(depth - 1), self.vector(depth - 1)
        if self.chance(0.3):
            labels = self.one_of("", f"on ({self.labels()})", f"ignoring ({self.labels()})")
            return f"({left} {self.one_of('and', 'or', 'unless')} {labels} {right})"
        matching, _ = self.matching()
        if self.chance(0.5):
            # The same labels on both sides, so that there is something to match.
            name = self.dice.choice(list(GAUGES))
            left, right = (
                name + self.matchers(GAUGES[name]),
                self.dice.choice(list(GAUGES)) + self.matchers(GAUGES[name][:1]),
            )
        op = self.one_of("+", "-", "*", "/", *COMPARISONS)
        flag = "bool " if op in COMPARISONS and self.chance(0.4) else ""
        return f"({left} {op} {flag}{matching} {right})"

    def with_number(self, depth):
        op = self.one_of("+", "-", "*", "/", "^", *COMPARISONS)
        flag = "bool " if op in COMPARISONS and self.chance(0.3) else ""
        sides = [self.vector(depth - 1), self.number() if op != "^" else self.one_of("2", "0.5", "-1", "0")]
        if op != "^":
            self.dice.shuffle(sides)
        return f"({sides[0]} {op} {flag}{sides[1]})"

    def replaced(self, depth):
        to, source = self.one_of("app", "pod", "node", "new"), self.one_of("pod", "node", "nothing")
        replacement = self.one_of("$1", "x-$1", "", "${1}_y")
        pattern = self.one_of("(.*)-.*-.*", "(.*)", "web-(.*)", "")
        return f'label_replace({self.vector(depth - 1)}, "{to}", "{replacement}", "{source}", "{pattern}")'

    def vector(self, depth):
        if depth <= 0 or self.chance(0.25):
            return self.leaf()
        kind = self.dice.randrange(20)
        if kind < 7:
            return self.aggregation(depth)
        if kind < 11:
            return self.two_vectors(depth)
        if kind < 15:
            return self.with_number(depth)
        if kind == 15:
            return self.ranked()
        if kind == 16:
            return f"-{self.vector(depth - 1)}"
        if kind == 17:
            return self.replaced(depth)
        if kind == 18:
            return f"vector(scalar({self.vector(depth - 1)}))"
        return f"({self.vector(depth - 1)})"

    def expression(self):
        kind = self.dice.randrange(40)
        if kind == 0:
            return f"scalar({self.vector(2)}) {self.one_of('+', '*', '-')} {self.number()}"
        if kind == 1:
            return f"{self.one_of('sort', 'sort_desc')}({self.distinct()})"
        return self.vector(3)
