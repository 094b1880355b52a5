#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# All tests: unit and integration tests under ASan and UBSan, then the simulated cluster with real kubectls, then a real
# control plane (built once, six minutes, into a cache folder outside the tree).
# The last line is "N passed, N failed"; the lines before it name what was left out, and why.
set -euo pipefail
cd "$(dirname "$0")/.."
export CLICOLOR_FORCE=0

bash scripts/deps.sh --test
bash scripts/deps.sh --e2e || true
# First what takes long once.
binaries=$(bash test/e2e/binaries.sh) || binaries=
cmake --preset dev
cmake --build --preset dev
# The image holds the release build.
cmake --preset release >/dev/null
cmake --build --preset release --target topd

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/counts"

# Shows what a part prints, and keeps what its last line counts: "N passed, N failed". A part without one has failed.
run_part() {
    local report good bad
    report=$(mktemp -p "$work")
    "$@" 2>&1 </dev/null | tee "$report" || true
    read -r good bad < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$report" | tail -n 1) || { good=0 bad=1; }
    echo "$good $bad" >>"$work/counts"
    sed -n '/^left out: /p' "$report" >>"$work/left_out"
}
leave_out() { echo "left out: $*" >>"$work/left_out"; }
# Runs a function beside the others; its lines begin with its name.
lane() { { "$1" 2>&1 || true; } | sed -u "s/^/[$1] /" & }

echo '== unit and integration tests'
# An earlier run's log is not this one's result.
log=build/dev/Testing/Temporary/LastTest.log
rm -f "$log"
status=0
ctest --preset dev 2>&1 </dev/null || status=$?
run_part python3 test/count_cases.py "$log" "$status"

kubectls=()
if [[ -n $binaries ]]; then
    kubectls+=("$binaries/kubectl")
else
    leave_out 'a current kubectl: it could not be built (see above)'
fi
if old=$(bash scripts/deps.sh --old-kubectl); then
    kubectls+=("$old")
else
    leave_out 'kubectl 1.20: the package kubernetes-client could not be fetched'
fi
if prometheus=$(bash scripts/deps.sh --prometheus); then
    echo '== queries beside Prometheus'
    run_part python3 test/query/differential_test.py --evaluate build/dev/bin/evaluate --prometheus "$prometheus"
else
    leave_out 'queries beside Prometheus: the package prometheus could not be fetched'
fi
engines=()
if [[ -n $prometheus ]] && influxd=$(bash scripts/deps.sh --influxdb) && victoria=$(bash scripts/deps.sh --victoria-metrics); then
    engines=(--prometheus "$prometheus" --influxd "$influxd" --victoria-metrics "$victoria")
else
    leave_out 'sinks beside their engines: the packages prometheus, influxdb and victoria-metrics could not all be fetched'
fi
openapi=()
if python=$(bash scripts/deps.sh --python); then openapi=(--python "$python/python"); fi
if ! browser=$(bash scripts/deps.sh --browser); then
    browser=
    leave_out 'the page in a browser: chromium, Node 20 or the packages of test/page/package-lock.json could not be had'
fi
sim_part() {
    # Debian's own Python has the packages that scripts/deps.sh installs, whatever else is first on PATH.
    run_part /usr/bin/python3 "test/sim/$1_test.py" --topd build/dev/bin/topd --sim build/dev/bin/topd-sim \
        "${kubectls[@]/#/--kubectl=}" "${@:2}"
}

simulated_cluster() {
    sim_part openapi "${openapi[@]}"
    for part in kubectl fault shutdown rollout waits metrics certificates graphs summary state objects query; do sim_part "$part"; done
}

real_control_plane() {
    if [[ -z $binaries ]]; then
        leave_out 'the real control plane: its programs could not be had (see above)'
        return
    fi
    rootfs=()
    if [[ $EUID -eq 0 ]] && bash test/deploy/run_in_runc.sh --need; then
        bash deploy/image/rootfs.sh build/release/bin/topd "$work/rootfs"
        rootfs=(--rootfs "$work/rootfs")
    else
        leave_out 'the image under runc: it needs root, and the package runc'
    fi
    run_part python3 test/e2e/e2e_test.py --binaries "$binaries" --topd build/dev/bin/topd "${rootfs[@]}"
}

# Control planes of their own for what takes less, then the engines that sinks write to.
others() {
    if [[ -n $binaries ]]; then
        run_part python3 test/deploy/replace_test.py --binaries "$binaries"
        run_part python3 test/deploy/components_test.py --binaries "$binaries"
        echo '== aggregator routing off'
        run_part python3 test/e2e/e2e_test.py --binaries "$binaries" --topd build/dev/bin/topd \
            --routing off apiservices top_ restarts
        echo '== topd doctor'
        run_part python3 test/e2e/doctor_test.py --binaries "$binaries" --topd build/dev/bin/topd
    fi
    [[ ${#engines[@]} -gt 0 ]] || return 0
    run_part /usr/bin/python3 test/sink/servers_test.py --lab build/dev/bin/sink_lab "${engines[@]}"
    sim_part sinks "${engines[@]}"
}

# Times are told, and want the machine for themselves.
page() {
    [[ -n $browser ]] || return 0
    echo '== the page in a browser'
    run_part /usr/bin/python3 test/page/page_test.py --topd build/dev/bin/topd --sim build/dev/bin/topd-sim \
        --past build/dev/bin/topd-sim-past --modules "$browser"
}

# Most of their time these wait.
echo '== simulated cluster, and beside it a real control plane; others for manifests and doctor, and engines for sinks'
lane simulated_cluster
lane real_control_plane
lane others
wait
# What hostile clients take is measured, and wants the machine for itself.
echo '== simulated cluster: hostile clients'
sim_part hostile
page

# A lane that ended early is a failure, too.
parts=15
[[ -z $binaries ]] || parts=20
[[ -z $browser ]] || parts=$((parts + 1))
[[ -z $prometheus ]] || parts=$((parts + 1))
[[ ${#engines[@]} -eq 0 ]] || parts=$((parts + 2))
((parts == $(wc -l <"$work/counts"))) || { echo "only $(wc -l <"$work/counts") of $parts parts ran"; echo '0 1' >>"$work/counts"; }
read -r passed failed < <(awk '{ passed += $1; failed += $2 } END { print passed + 0, failed + 0 }' "$work/counts")
echo "== all of it, in $SECONDS s"
cat "$work/left_out" 2>/dev/null || true
echo "$passed passed, $failed failed"
((failed == 0))
