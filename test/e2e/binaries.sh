#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sees to it that etcd, kube-apiserver, kube-controller-manager and kubectl are there, and prints their folder.
# Kubernetes is built from its Go modules (test/e2e/go.mod; Go 1.26, six minutes once), etcd is Debian's, unpacked and
# not installed: the package would start a service. All is kept in a cache folder outside the tree.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
version=$(sed -nE 's|^(require)?[[:space:]]*k8s.io/kubernetes v([0-9.]+).*|\2|p' "$here/go.mod" | head -n 1)
bin=${XDG_CACHE_HOME:-$HOME/.cache}/topd/kubernetes-$version
mkdir -p "$bin"

say() { echo "e2e: $*" >&2; }

build_kubernetes() {
    command -v go >/dev/null || { say 'Go is not installed: scripts/deps.sh --e2e'; return 1; }
    say "building Kubernetes $version (about six minutes, once)"
    local flags='-s -w' package
    for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
        flags+=" -X $package.gitVersion=v$version -X $package.gitMajor=${version%%.*}"
        flags+=" -X $package.gitMinor=$(cut -d. -f2 <<<"$version")"
    done
    # Built beside and moved, so that an interrupted build leaves no half.
    local work
    work=$(mktemp -d "$bin/build.XXXXXX")
    if (cd "$here" && CGO_ENABLED=0 go build -trimpath -ldflags="$flags" -o "$work/" \
        k8s.io/kubernetes/cmd/kubectl k8s.io/kubernetes/cmd/kube-apiserver \
        k8s.io/kubernetes/cmd/kube-controller-manager >&2); then
        mv "$work"/* "$bin/"
        rmdir "$work"
    else
        rm -rf "$work"
        return 1
    fi
}

unpack_etcd() {
    local work
    work=$(mktemp -d)
    # apt's download user must be able to write here.
    chmod 777 "$work"
    (cd "$work" && apt-get -qq download etcd-server) >&2 && dpkg -x "$work"/etcd-server_*.deb "$work/unpacked" &&
        mv "$work/unpacked/usr/bin/etcd" "$bin/etcd"
    rm -rf "$work"
    [[ -x $bin/etcd ]]
}

for program in kubectl kube-apiserver kube-controller-manager; do
    [[ -x $bin/$program ]] || { build_kubernetes; break; }
done
[[ -x $bin/etcd ]] || unpack_etcd
echo "$bin"
