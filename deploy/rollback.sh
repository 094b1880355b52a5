#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The way back from topd to metrics-server. Needs kubectl and the rights that applying topd.yaml needed.
#   deploy/rollback.sh                  back to metrics-server v0.9.0
#   deploy/rollback.sh MANIFEST         back to what MANIFEST (a file or an address) installs
#   WAIT=0 deploy/rollback.sh           does not wait until metrics-server answers
#
# v1.metrics.k8s.io goes first: metrics-server does not serve it, and an APIService that nobody serves makes kubectl's
# discovery fail and keeps every deleted namespace in Terminating. v1beta1 is served throughout: the Deployment's
# rolling update keeps topd until metrics-server is ready. If a later step fails, topd goes on with v1beta1. The APIServices
# of custom metrics go where they are those of custom-metrics/, by their label, and not another adapter's; the rights that
# they needed go last.
set -euo pipefail

manifest=${1:-https://github.com/kubernetes-sigs/metrics-server/releases/download/v0.9.0/components.yaml}

kubectl delete apiservice v1.metrics.k8s.io --ignore-not-found
for version in v1beta1 v1beta2; do
    kubectl delete apiservice --selector=k8s-app=metrics-server \
        --field-selector="metadata.name=$version.custom.metrics.k8s.io" --ignore-not-found
done
kubectl -n kube-system delete networkpolicy topd --ignore-not-found
kubectl apply -f "$manifest"
kubectl delete clusterrolebinding,clusterrole system:metrics-server:custom-metrics --ignore-not-found
if [[ ${WAIT:-1} != 0 ]]; then
    kubectl -n kube-system rollout status deployment/metrics-server --timeout=180s
    kubectl wait --for=condition=Available apiservice/v1beta1.metrics.k8s.io --timeout=60s
fi
