#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# All tests: unit and integration tests under ASan and UBSan, then the simulated cluster with real kubectls, then a real
# control plane (built once, six minutes, into a cache folder outside the tree).
# The last line is "N passed, N failed"; the lines before it name what was left out, and why.
set -euo pipefail
cd "$(dirname "$0")/.."
export CLICOLOR_FORCE=0

passed=0 failed=0 left_out=()
bash scripts/deps.sh --test
bash scripts/deps.sh --e2e || true
# First what takes long once.
binaries=$(bash test/e2e/binaries.sh) || binaries=
cmake --preset dev
cmake --build --preset dev
# The image holds the release build.
cmake --preset release >/dev/null
cmake --build --preset release --target topd

count() { ((passed += $1, failed += $2)) || true; }
# The last line of a report that the pattern matches: its one or two numbers, passed and failed.
numbers() { sed -nE "s/^$1\$/\\1 \\2/p" "$2" | tail -n 1; }

work=$(mktemp -d)
report=$work/report
trap 'rm -rf "$work"' EXIT
# Shows what a part prints, and counts what its last line says.
run_part() {
    "$@" 2>&1 </dev/null | tee "$report" || true
    local good bad
    read -r good bad < <(numbers '([0-9]+) passed, ([0-9]+) failed' "$report") || { good=0 bad=1; }
    count "$good" "$bad"
    mapfile -t -O ${#left_out[@]} left_out < <(sed -n 's/^left out: //p' "$report")
}

echo '== unit and integration tests'
ctest --preset dev 2>&1 </dev/null | tee "$report" || true
# "100% tests passed, 0 tests failed out of 12"
read -r bad all < <(numbers '[0-9]+% tests passed, ([0-9]+) tests? failed out of ([0-9]+)' "$report") || { bad=1 all=1; }
count $((all - bad)) "$bad"

echo '== simulated cluster'
kubectls=()
if [[ -n $binaries ]]; then
    kubectls+=("$binaries/kubectl")
else
    left_out+=('a current kubectl: it could not be built (see above)')
fi
if old=$(bash scripts/deps.sh --old-kubectl); then
    kubectls+=("$old")
else
    left_out+=('kubectl 1.20: the package kubernetes-client could not be fetched')
fi
for part in kubectl fault openapi shutdown rollout waits hostile metrics certificates; do
    # Debian's own Python has the packages that scripts/deps.sh installs, whatever else is first on PATH.
    run_part /usr/bin/python3 "test/sim/${part}_test.py" --topd build/dev/bin/topd --sim build/dev/bin/topd-sim "${kubectls[@]/#/--kubectl=}"
done

echo '== real control plane'
if [[ -n $binaries ]]; then
    rootfs=()
    if [[ $EUID -eq 0 ]] && bash test/deploy/run_in_runc.sh --need; then
        bash deploy/image/rootfs.sh build/release/bin/topd "$work/rootfs"
        rootfs=(--rootfs "$work/rootfs")
    else
        left_out+=('the image under runc: it needs root, and the package runc')
    fi
    e2e=(python3 test/e2e/e2e_test.py --binaries "$binaries" --topd build/dev/bin/topd)
    run_part "${e2e[@]}" "${rootfs[@]}"
    echo '== real control plane, aggregator routing off'
    run_part "${e2e[@]}" --routing off apiservices top_ restarts
    echo '== topd doctor on a real control plane'
    run_part python3 test/e2e/doctor_test.py --binaries "$binaries" --topd build/dev/bin/topd
else
    left_out+=('the real control plane: its programs could not be had (see above)')
fi

echo "== all of it, in $SECONDS s"
for what in "${left_out[@]}"; do echo "left out: $what"; done
echo "$passed passed, $failed failed"
((failed == 0))
