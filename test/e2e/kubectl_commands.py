# SPDX-License-Identifier: Apache-2.0
"""What kubectl's users type about metrics, for the nodes and pods that E2e.start() makes: the tables.

The figures come from what the kubelets burn, not from topd.
"""
from kubectl import Command, document_fault

V1BETA1 = "/apis/metrics.k8s.io/v1beta1"
WINDOW = r"/(\d+m)?\d+(\.\d+)?s/"
TIME = r"/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/"
MILLI = {"pair": 80, "web": 250}
MEBI = {"pair": 40, "web": 100}
SWAP_MEBI = {"pair": 16, "web": 0}
CONTAINERS = {"pair": ["a ~40m 20Mi", "b ~40m 20Mi"], "web": ["main ~250m 100Mi"]}
NODES = ("n1", "n2", "n3")
METHOD = "Error from server (MethodNotAllowed): the server does not allow this method on the requested resource"
UNKNOWN_FIELD = '"spec.nodeName" is not a known field selector: only "metadata.name", "metadata.namespace"'


class Truth:
    """What the cluster runs. The node n9 and its pod `silent`, of kube-public, have no kubelet."""

    def __init__(self, pods):
        self.node_of = {p["metadata"]["name"]: p["spec"]["nodeName"] for p in pods}
        self.pods = sorted(self.node_of)
        self.pair, *self.webs = self.pods

    def node(self, name):
        """CPU in milli, memory in Mi."""
        apps = [self.app(p) for p in self.pods if self.node_of[p] == name]
        return 100 + sum(MILLI[a] for a in apps), 512 + sum(MEBI[a] for a in apps)

    @staticmethod
    def app(pod):
        return pod.split("-")[0]

    @staticmethod
    def labels(node):
        return {"kubernetes.io/hostname": node, "zone": "a" if node == "n1" else "b"}

    def top_nodes(self, *names):
        rows = []
        for name in names or NODES:
            milli, mebi = self.node(name)
            rows.append(f"{name} ~{milli}m ~{milli // 40}% {mebi}Mi {mebi * 100 // 8192}%")
        # kubectl knows it from the API, and topd has nothing of it.
        return rows if names else [*rows, "n9" + " <unknown>" * 4]

    def top_pods(self, *names):
        return [f"{p} ~{MILLI[self.app(p)]}m {MEBI[self.app(p)]}Mi" for p in names or self.pods]

    def top_containers(self, *names):
        return [f"{p} {c}" for p in names or self.pods for c in CONTAINERS[self.app(p)]]

    def table_nodes(self, *names):
        """Columns are those of the first row; where another has nothing it says 0."""
        first = (names or NODES)[0]
        rows = ["NAME CPU MEMORY SWAP WINDOW" if first == "n1" else "NAME CPU MEMORY WINDOW"]
        for name in names or NODES:
            milli, mebi = self.node(name)
            swap = "" if first != "n1" else "256Mi " if name == "n1" else "0 "
            rows.append(f"{name} ~{milli}m {mebi}Mi {swap}{WINDOW}")
        return rows

    def table_pods(self, *names):
        swaps = {app: f"{mebi}Mi" if mebi else "0" for app, mebi in SWAP_MEBI.items()}
        rows = [f"{row} {swaps[self.app(row)]} {WINDOW}" for row in self.top_pods(*names)]
        return ["NAME CPU MEMORY SWAP WINDOW", *rows]

    def node_document(self, name, version="v1beta1"):
        milli, mebi = self.node(name)
        return {"apiVersion": "metrics.k8s.io/" + version, "kind": "NodeMetrics",
                "metadata": {"name": name, "creationTimestamp": TIME, "labels": self.labels(name)},
                "timestamp": TIME, "window": WINDOW, "usage": {"cpu": f"~{milli}m", "memory": f"{mebi}Mi"}}

    def pod_document(self, name):
        usage = [dict(zip(("name", "cpu", "memory"), c.split())) for c in CONTAINERS[self.app(name)]]
        return {"apiVersion": "metrics.k8s.io/v1beta1", "kind": "PodMetrics",
                "metadata": {"name": name, "namespace": "default", "creationTimestamp": TIME,
                             "labels": {"app": self.app(name)}},
                "timestamp": TIME, "window": WINDOW,
                "containers": [{"name": c.pop("name"), "usage": c} for c in usage]}


    def is_shown(self, nodes, pods):
        """Whether the items of both lists have the figures of a window without the start of the load."""
        expected = [self.node_document(n) for n in NODES], [self.pod_document(p) for p in self.pods]
        return not any(document_fault([{k: d[k] for k in ("metadata", key)} for d in documents], items)
                       for key, documents, items in zip(("usage", "containers"), expected, (nodes, pods)))


def in_default(lines):
    """The same lines with a column of namespaces."""
    return ["NAMESPACE " + lines[0], *("default " + line for line in lines[1:])]


def top_node(truth, percent):
    head = f"NAME CPU(cores) CPU{percent} MEMORY(bytes) MEMORY{percent}"
    every = [head, *truth.top_nodes()]
    swap = [head + " SWAP(bytes) SWAP(%)"] + [row + (" 256Mi 25%" if row.startswith("n1") else " <unknown>" * 2)
                                              for row in truth.top_nodes()]
    missing = "Error from server (NotFound): "
    return [
        Command("top node", every),
        Command("top nodes --no-headers", every[1:]),
        Command("top node n2", [head, *truth.top_nodes("n2")]),
        Command("top node -l zone=a", [head, *truth.top_nodes("n1")]),
        Command("top node -l 'zone in (b,c),!tier'", [head, *truth.top_nodes("n2", "n3")]),
        Command("top node --sort-by=cpu", every, falling=1),
        Command("top node --sort-by=memory", every, falling=3),
        Command("top node --show-capacity", every, since=23),
        Command("top node --use-protocol-buffers=false", every, since=22),
        Command("top node --show-swap", swap, since=34),
        Command("top node -l zone=nowhere", [], error="error: metrics not available yet"),
        Command("top node nope", [], error=missing + 'node "nope" not found'),
        Command("top node n9", [], error=missing + 'nodemetrics.metrics.k8s.io "n9" not found'),
        Command("top node n1 -l zone=a", [], error="error: only one of NAME or --selector can be provided"),
        Command("top node --sort-by=name", [], error="error: --sort-by accepts only cpu or memory"),
    ]


def top_pod(truth):
    head, container_head = "NAME CPU(cores) MEMORY(bytes)", "POD NAME CPU(cores) MEMORY(bytes)"
    every, webs = [head, *truth.top_pods()], [head, *truth.top_pods(*truth.webs)]
    each = [container_head, *truth.top_containers()]
    on_n1 = truth.top_pods(*(p for p in truth.pods if truth.node_of[p] == "n1"))
    missing = "Error from server (NotFound): "
    one_of = "error: only one of NAME or {}selector can be provided"
    return [
        Command("top pod", every),
        Command("top pods --no-headers", every[1:]),
        Command("top pod -A", in_default(every)),
        Command(f"top pod {truth.pair}", [head, *truth.top_pods(truth.pair)]),
        Command(f"top pod {truth.pair} --containers", [container_head, *truth.top_containers(truth.pair)]),
        Command("top pod --containers", each),
        Command("top pod -A --containers", in_default(each)),
        Command("top pod -l app=web", webs),
        Command("top pod -l 'tier notin (back)'", webs),
        Command("top pod --sort-by=cpu", every, falling=1),
        Command("top pod -A --sort-by=memory", in_default(every), falling=3),
        Command("top pod --sum", [*every, "________ ________", "~830m 340Mi"], since=26),
        Command("top pod --use-protocol-buffers=false", every, since=22),
        Command("top pod --show-swap", [head + " SWAP(bytes)",
                                         *(f"{r} {SWAP_MEBI[truth.app(r)]}Mi" for r in every[1:])], since=34),
        Command(f"top pod --field-selector=metadata.name={truth.pair}", every[:2], since=22),
        # Since 1.37 kubectl joins with the pods itself; before, the selector comes to topd.
        Command("top pod --field-selector=spec.nodeName=n1", [head, *on_n1], since=37),
        Command("top pod --field-selector=spec.nodeName=n1", [], since=22, until=37,
                error="Error from server (BadRequest): " + UNKNOWN_FIELD),
        Command("top pod -n kube-node-lease", [], note="No resources found in kube-node-lease namespace."),
        Command("top pod -A -l app=none", [], note="No resources found"),
        Command("top pod nope", [], error=missing + 'pods "nope" not found'),
        Command("top pod silent -n kube-public", [],
                error=missing + 'podmetrics.metrics.k8s.io "kube-public/silent" not found'),
        Command("top pod -n kube-public", [], error="error: metrics not available yet"),
        Command(f"top pod {truth.pair} -l app=web", [], error=one_of.format(""), since=22),
        Command(f"top pod {truth.pair} -l app=web", [], error=one_of.format("--"), until=22),
    ]


def get_tables(truth):
    nodes, pods = truth.table_nodes(), truth.table_pods()
    labelled = [nodes[0] + " LABELS"] + [
        row + " " + ",".join(f"{k}={v}" for k, v in truth.labels(name).items()) for name, row in zip(NODES, nodes[1:])]
    plain_nodes, plain_pods = [f"{n} /\\d+s/" for n in NODES], [f"{p} /\\d+s/" for p in truth.pods]
    missing = "Error from server (NotFound): "
    watch = 'watch is not supported on resources of kind "nodes.metrics.k8s.io"'
    unable = ('Error from server (BadRequest): Unable to find "metrics.k8s.io/v1beta1, Resource=pods" that match label '
              'selector "", field selector "spec.nodeName=n2": ')
    return [
        Command("get nodemetrics", nodes),
        Command("get nodemetrics.v1.metrics.k8s.io", nodes),
        Command("get nodes.metrics.k8s.io -o wide", nodes),
        Command("get nodemetrics n2", truth.table_nodes("n2")),
        Command("get podmetrics", pods),
        Command("get podmetrics -A", in_default(pods)),
        Command("get podmetrics -o wide --no-headers", pods[1:]),
        Command("get pods.metrics.k8s.io", pods),
        Command(f"get podmetrics {truth.pair}", pods[:2]),
        Command("get nodemetrics --sort-by=.metadata.name", nodes),
        Command("get nodemetrics '--sort-by={.metadata.labels.zone}' -l zone=a", truth.table_nodes("n1")),
        # kubectl sorts numbers in names by their value.
        Command("get podmetrics --sort-by=.metadata.name", [*pods[:2], *[f"/web-.*/ ~250m 100Mi 0 {WINDOW}"] * 3]),
        Command("get nodemetrics -l zone=b", truth.table_nodes("n2", "n3")),
        Command("get podmetrics -l 'app notin (pair)'", truth.table_pods(*truth.webs)),
        Command("get nodemetrics --field-selector=metadata.name=n2", truth.table_nodes("n2")),
        Command("get podmetrics -A --field-selector=metadata.namespace!=kube-system", in_default(pods)),
        Command("get podmetrics --field-selector=spec.nodeName=n2", [], error=unable + UNKNOWN_FIELD),
        Command("get nodemetrics --chunk-size=1", nodes),
        Command("get nodemetrics --show-labels", labelled),
        Command("get nodemetrics -L zone -l zone=a", [nodes[0] + " ZONE", nodes[1] + " a"]),
        Command("get nodemetrics -w", nodes, error="Error from server (MethodNotAllowed): " + watch, since=22),
        # It does not read the Status of a watch that is refused.
        Command("get nodemetrics -w", nodes, error=METHOD + " (get nodes.metrics.k8s.io)", until=22),
        Command("get nodemetrics --server-print=false", ["NAME AGE", *plain_nodes]),
        Command("get podmetrics --server-print=false", ["NAME AGE", *plain_pods]),
        Command("get podmetrics -n kube-public", [], note="No resources found in kube-public namespace."),
        Command("get nodemetrics nope", [], error=missing + 'node "nope" not found'),
        Command("get podmetrics silent -n kube-public", [],
                error=missing + 'podmetrics.metrics.k8s.io "kube-public/silent" not found'),
    ]


def get_documents(truth):
    every = {"apiVersion": "v1", "kind": "List", "items": [truth.node_document(n) for n in NODES]}
    pair = truth.pod_document(truth.pair)
    raw_list = {"kind": "NodeMetricsList", "apiVersion": "metrics.k8s.io/v1", "metadata": {},
                "items": [{**truth.node_document(n), "kind": None, "apiVersion": None} for n in NODES]}
    field = f"{V1BETA1}/namespaces/default/pods?fieldSelector="
    return [
        *(Command(f"get nodemetrics -o {form}", document=every) for form in ("yaml", "json")),
        *(Command(f"get nodemetrics n1 -o {form}", document=truth.node_document("n1")) for form in ("yaml", "json")),
        *(Command(f"get podmetrics {truth.pair} -o {form}", document=pair) for form in ("yaml", "json")),
        Command("get nodemetrics.v1.metrics.k8s.io n3 -o json", document=truth.node_document("n3", "v1")),
        Command("get nodemetrics -o name", [f"nodemetrics.metrics.k8s.io/{n}" for n in NODES]),
        Command("get podmetrics -o name", [f"podmetrics.metrics.k8s.io/{p}" for p in truth.pods]),
        Command("get nodemetrics -o 'jsonpath={.items[*].usage.memory}'",
                [" ".join(f"{truth.node(n)[1]}Mi" for n in NODES)]),
        Command(f"get podmetrics {truth.pair} -o 'jsonpath={{.containers[*].name}}'", ["a b"]),
        Command("get podmetrics -o custom-columns=POD:.metadata.name,IN:.containers[*].name",
                ["POD IN", f"{truth.pair} a,b", *(f"{w} main" for w in truth.webs)]),
        Command(f"get --raw {V1BETA1}/nodes/n2", document=truth.node_document("n2")),
        Command("get --raw /apis/metrics.k8s.io/v1/nodes", document=raw_list),
        # What kubectl 1.22 to 1.36 ask for top pod --field-selector.
        Command(f"get --raw {field}metadata.name%3D{truth.pair}",
                document={"items": [{"containers": pair["containers"]}]}),
        Command(f"get --raw {field}spec.nodeName%3Dn1", [], error="Error from server (BadRequest): " + UNKNOWN_FIELD),
    ]


def others(truth):
    explained = ["KIND: PodMetrics", "containers <[]ContainerMetrics> -required-", "metadata <ObjectMeta>",
                 "timestamp <string> -required-", "window <string> -required-"]
    # From /openapi/v2, where types have no names.
    explained_v2 = [line.replace("ContainerMetrics", "Object").replace("ObjectMeta", "Object") for line in explained]
    described = ["Name: n1", "Labels: kubernetes.io/hostname=n1", "zone=a", "API Version: metrics.k8s.io/v1beta1",
                 "Kind: NodeMetrics", f"Timestamp: {TIME}", f"Memory: {truth.node('n1')[1]}Mi", f"Window: {WINDOW}",
                 "Events: <none>"]
    resources = ["NAME SHORTNAMES APIVERSION NAMESPACED KIND", "nodes metrics.k8s.io/v1beta1 false NodeMetrics",
                 "pods metrics.k8s.io/v1beta1 true PodMetrics"]
    asked = "--api-group=metrics.k8s.io"
    return [
        Command("explain podmetrics", parts=["GROUP: metrics.k8s.io", "VERSION: v1beta1", *explained], since=27),
        Command("explain podmetrics --api-version=metrics.k8s.io/v1", parts=["VERSION: v1", *explained], since=27),
        Command("explain nodemetrics.usage", parts=["FIELD: usage <map[string]Quantity>"], since=27),
        Command("explain podmetrics", parts=["VERSION: metrics.k8s.io/v1beta1", *explained_v2], until=27),
        Command("explain podmetrics --api-version=metrics.k8s.io/v1",
                parts=["VERSION: metrics.k8s.io/v1", *explained_v2], until=27),
        Command("explain nodemetrics.usage", parts=["FIELD: usage <map[string]string>"], until=27),
        Command("explain podmetrics.containers --recursive", parts=["KIND: PodMetrics", "name <string> *"], since=27),
        Command(f"api-resources {asked}", resources),
        Command(f"api-resources {asked} --verbs=list,get -o name", ["nodes.metrics.k8s.io", "pods.metrics.k8s.io"]),
        Command(f"api-resources {asked} --verbs=watch -o name", []),
        Command("api-versions", parts=["metrics.k8s.io/v1", "metrics.k8s.io/v1beta1"]),
        Command("describe nodemetrics n1", parts=described),
        Command(f"describe podmetrics {truth.pair}",
                parts=["Namespace: default", "Name: a", "Name: b", "Memory: 20Mi"]),
        Command("delete nodemetrics n1", [], error=METHOD),
        Command(f"delete podmetrics {truth.pair}", [], error=METHOD),
        Command("auth can-i list pods.metrics.k8s.io --as=viewer", ["yes"]),
        Command("auth can-i list pods.metrics.k8s.io --as=stranger", ["no"], fails=True),
        Command("auth can-i --list --as=viewer", parts=["nodes.metrics.k8s.io [] [] [get list watch]",
                                                        "pods.metrics.k8s.io [] [] [get list watch]"]),
    ]


def every_command(truth, minor):
    return [*top_node(truth, "(%)" if minor >= 34 else "%"), *top_pod(truth), *get_tables(truth), *get_documents(truth),
            *others(truth)]
