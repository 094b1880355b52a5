#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: openssl_config_test.sh TOPD
# Under configurations that leave OpenSSL without what topd needs it says so in one line and ends with status 1; with
# others it starts as far as it gets without a cluster.
set -uo pipefail
topd=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# config NAME: a file that activates the sections that come in by stdin.
config() { { echo 'openssl_conf = init'; echo '[init]'; cat; } >"$folder/$1"; }
config fips <<<$'providers = p\nalg_section = a\n[p]\nfips = f\nbase = b\n[f]\nactivate = 1\n[b]\nactivate = 1\n[a]\ndefault_properties = fips=yes'
config base <<<$'providers = p\n[p]\nbase = b\n[b]\nactivate = 1'
config module <<<$'providers = p\n[p]\nnone = n\n[n]\nmodule = /none.so\nactivate = 1'
config properties <<<$'alg_section = a\n[a]\ndefault_properties = nonsense=yes'
config random <<<$'random = r\n[r]\nrandom = NONE'
config protocol <<<$'ssl_conf = s\n[s]\nsystem_default = d\n[d]\nMaxProtocol = TLSv1.1'
config newest <<<$'ssl_conf = s\n[s]\nsystem_default = d\n[d]\nMinProtocol = TLSv1.3'
config ciphers <<<$'ssl_conf = s\n[s]\nsystem_default = d\n[d]\nCipherString = GARBAGE'
config strict <<<$'ssl_conf = s\n[s]\nsystem_default = d\n[d]\nCipherString = DEFAULT@SECLEVEL=5'
echo '[init' >"$folder/syntax"

# expect CONFIG PATTERN ARGUMENT...: status 1 and one line on stderr, which the pattern matches as a whole.
expect() {
    local name=$1 pattern=$2 said status
    shift 2
    said=$(OPENSSL_CONF=$folder/$name timeout 20 "$topd" "$@" 2>&1 >/dev/null)
    status=$?
    if [[ $status != 1 || ! $said =~ ^$pattern$ || $said == *$'\n'* ]]; then
        echo "$name, topd $*: status $status: $said" >&2
        failed=1
    fi
}

no_tls='topd: OpenSSL gives no TLS: TLS: library has no ciphers'
for command in "--kubeconfig=$folder/none" "doctor --kubeconfig=$folder/none"; do
    read -ra arguments <<<"$command"
    expect fips "$no_tls \(FIPS is demanded by OPENSSL_CONF, but its module cannot be loaded\)" "${arguments[@]}"
    expect base "$no_tls \(OPENSSL_CONF does not activate the default provider\)" "${arguments[@]}"
    expect module "$no_tls \(OPENSSL_CONF does not activate the default provider\)" "${arguments[@]}"
    expect properties "$no_tls \(see the file of OPENSSL_CONF, .*\)" "${arguments[@]}"
    expect random 'topd: OpenSSL gives no .* \(see the file of OPENSSL_CONF, .*\)' "${arguments[@]}"
    expect protocol "topd: OpenSSL gives no TLS: no cipher suite is left for TLS 1.2 and 1.3 \(see the file .*\)" "${arguments[@]}"
done
# It starts, and finds that there is no kubeconfig.
for name in newest ciphers strict syntax none; do
    expect "$name" "topd: kubeconfig $folder/none: cannot be read: No such file or directory" "--kubeconfig=$folder/none"
done
exit $failed
