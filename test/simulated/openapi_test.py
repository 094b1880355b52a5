# SPDX-License-Identifier: Apache-2.0
"""Asks every path of the OpenAPI documents on a simulated cluster, and holds each answer against its schema.

Both documents must be valid: JSON pointers lead somewhere, the schemas are schemas, and openapi-spec-validator has no
objection.
"""
import copy
import itertools
import json
import subprocess
import sys

import jsonschema
from harness import Cluster, check_clean_end, run

JSON, YAML, PROTOBUF = "application/json", "application/yaml", "application/vnd.kubernetes.protobuf"
QUERIES = ("", "?pretty=true", "?pretty=false")
LIST_QUERIES = ("?limit=1", "?labelSelector=none", "?fieldSelector=metadata.name%3Dnone", "?resourceVersion=0",
                "?labelSelector=!none&continue=x&timeoutSeconds=1&allowWatchBookmarks=true")
REFUSED = {"?labelSelector=a%3D%3D%3Db": 400, "?fieldSelector=spec.nodeName%3Dx": 400, "?limit=x": 400,
           "?watch=true": 405, "?sendInitialEvents=true": 422, "?resourceVersionMatch=Exact": 422, "?timeout=x": 400}


def get(cluster, path, accept):
    return cluster.as_front_proxy(path, headers={"Accept": accept})


def resolved(document, node):
    """The node with every $ref written out: ours have no cycles."""
    if isinstance(node, list):
        return [resolved(document, item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return resolved(document, target)
    return {key: resolved(document, value) for key, value in node.items()}


def closed(schema):
    """The schema with every object that names its members allowing no other."""
    schema = copy.deepcopy(schema)

    def close(node):
        if isinstance(node, list):
            for item in node:
                close(item)
        elif isinstance(node, dict):
            for value in node.values():
                close(value)
            if node.get("type") == "object" and "properties" in node and "additionalProperties" not in node:
                node["additionalProperties"] = False

    close(schema)
    return schema


def schema_of(document, operation, status):
    answer = operation["responses"].get(str(status), operation["responses"]["default"])
    schema = answer["schema"] if "swagger" in document else answer["content"][JSON]["schema"]
    return closed(resolved(document, schema))


def types_of(document, operation):
    return operation["produces"] if "swagger" in document else list(operation["responses"]["200"]["content"])


def objection(document, operation, answer, expected):
    """What is wrong with an answer that should have that status; None: nothing."""
    status, headers, body = answer
    if status != expected:
        return f"{status} instead of {expected}: {body[:200]!r}"
    kind = headers.get("Content-Type")
    if kind == PROTOBUF:
        return None if body.startswith(b"k8s\0") else f"not the protobuf of Kubernetes: {body[:20]!r}"
    if kind == YAML:
        return None if b"\n" in body and not body.startswith(b"{") else f"not YAML: {body[:40]!r}"
    if kind != JSON:
        return f"Content-Type {kind}"
    try:
        jsonschema.Draft7Validator(schema_of(document, operation, status)).validate(json.loads(body))
    except (ValueError, jsonschema.ValidationError) as error:
        return str(error)[:400]
    return None


def places(cluster, path):
    """The path with names that exist."""
    node = cluster.ask("/api/v1/nodes")["items"][0]["metadata"]["name"]
    pod = cluster.metrics("pods")[0]["metadata"]
    name = node if "/nodes/" in path else pod["name"]
    return path.replace("{namespace}", pod["namespace"]).replace("{name}", name)


def check_operation(report, cluster, document, label, path, operation):
    bad, asked = [], 0

    def ask(target, accept, expected):
        nonlocal asked
        asked += 1
        wrong = objection(document, operation, get(cluster, target, accept), expected)
        if wrong:
            bad.append(f"{target} as {accept}: {wrong}")

    target = places(cluster, path)
    parameters = document["paths"][path].get("parameters", [])
    is_list = any(p["name"] == "limit" for p in parameters)
    for accept, query in itertools.product(types_of(document, operation), QUERIES + (LIST_QUERIES if is_list else ())):
        ask(target + query, accept, 200)
    if is_list:
        for query, status in REFUSED.items():
            ask(target + query, JSON, status)
    if "{name}" in path:
        ask(target + "-none", JSON, 404)
    ask(target, "text/html", 406)
    report.check(f"{label}: {asked} answers of {path} are as described", not bad, bad[:3])


def check_document(report, cluster, label, document):
    for path, item in document["paths"].items():
        check_operation(report, cluster, document, label, path, item["get"])
    schemas = document["definitions"] if "swagger" in document else document["components"]["schemas"]
    for schema in schemas.values():
        jsonschema.Draft7Validator.check_schema(resolved(document, schema))
    report.check(f"{label}: {len(schemas)} schemas are schemas", True)


VALIDATE = "import json, sys, openapi_spec_validator; openapi_spec_validator.validate(json.load(sys.stdin))"


def check_by_validator(report, python, documents):
    if python is None:
        print("left out: openapi-spec-validator on the OpenAPI documents: scripts/deps.sh --python could not make its "
              "environment", flush=True)
        return
    for label, document in documents.items():
        said = subprocess.run([python, "-c", VALIDATE], input=json.dumps(document), capture_output=True, text=True,
                              timeout=120, check=False)
        report.check(f"{label}: openapi-spec-validator has no objection", said.returncode == 0, said.stderr[-1000:])


def main(report, options):
    with Cluster(options.topd, options.sim) as cluster:
        cluster.wait_for_figures()
        documents = {"v2": json.loads(get(cluster, "/openapi/v2", JSON)[2])}
        for key, entry in json.loads(get(cluster, "/openapi/v3", JSON)[2])["paths"].items():
            status, headers, body = get(cluster, entry["serverRelativeURL"], JSON)
            report.check(f"v3 {key}: the index leads to it for good",
                         (status, headers.get("Cache-Control")) == (200, "public, immutable"), headers)
            documents[f"v3 {key}"] = json.loads(body)
        for label, document in documents.items():
            report.attempt(f"{label}: all was asked",
                           lambda name=label, d=document: check_document(report, cluster, name, d))
        check_by_validator(report, options.python, documents)
        check_clean_end(report, cluster)


def more(arguments):
    arguments.add_argument("--python", help="of the virtual environment of scripts/python-packages.txt")


if __name__ == "__main__":
    sys.exit(run(__doc__, main, more))
