#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Shows kubectl top on a simulated cluster: installs what is missing, builds topd, starts it beside topd-sim on loopback, asks it
# twice, and stops both.
#   scripts/demo.sh           about a minute after the build
#   scripts/demo.sh --stay    keeps the cluster until Ctrl-C, and says how to ask it
#   scripts/demo.sh --ui [--seconds N]
#                             two hours of history and the address of the page, until Ctrl-C or for so long; one kubelet
#                             of the five is sick
set -euo pipefail
cd "$(dirname "$0")/.."

stay=false ui=false seconds=
while [[ $# -gt 0 ]]; do
    case $1 in
        --stay) stay=true ;;
        --ui) ui=true stay=true ;;
        --seconds) seconds=${2:-}; shift
            [[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo 'demo: --seconds wants a number' >&2; exit 2; } ;;
        *) echo 'usage: scripts/demo.sh [--stay | --ui [--seconds N]]' >&2; exit 2 ;;
    esac
    shift
done

bash scripts/deps.sh --demo
cmake --preset release >/dev/null
targets=(topd topd-sim)
if $ui; then targets+=(topd-sim-past); fi
cmake --build --preset release --target "${targets[@]}"

work=$(mktemp -d)
pids=()
end_processes() {
    local pid
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    pids=()
}
stop() {
    trap - EXIT INT TERM
    end_processes
    rm -rf "$work"
}
trap stop EXIT
trap 'if $stay; then exit 0; else exit 130; fi' INT
trap 'exit 143' TERM
fail() { echo "demo: $*" >&2; tail -n 20 "$work"/*.log >&2; exit 1; }
# Waits until the rest of the arguments succeed: SECONDS WHAT COMMAND...
await() {
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        local pid
        for pid in "${pids[@]}"; do kill -0 "$pid" 2>/dev/null || fail "a process ended early"; done
        ((SECONDS < end)) || fail "no $what in time"
        sleep 0.3
    done
}
free_port() {
    local port
    for _ in {1..50}; do
        port=$((20000 + RANDOM % 10000))
        # Nobody answers there.
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
    fail 'no free port'
}

nodes=4 pods=12
cluster=() past=()
if $ui; then
    nodes=5 pods=18
    cluster=("--made=$(date +%s)")
    build/release/bin/topd-sim-past --nodes=$nodes --pods=$pods "${cluster[@]}" --minutes=120 --resolution=10 \
        "$work/topd.state" >"$work/past.log" 2>&1 || fail 'no past'
    past=("--state-file=$work/topd.state" --watch-objects --kubelet-summary)
fi
# The ports of topd-sim are its own choice. topd's are told to it, and somebody may take them meanwhile.
start() {
    local port page_flags=()
    port=$(free_port)
    page=127.0.0.1:$(free_port)
    if $ui; then page_flags=("--graphs-address=$page"); fi
    build/release/bin/topd-sim --nodes=$nodes --pods=$pods "${cluster[@]}" --dir="$work/cluster" --aggregate="127.0.0.1:$port" \
        >"$work/sim.log" 2>&1 &
    pids=($!)
    await 30 'simulated cluster' grep -q '^ready ' "$work/sim.log"
    started=$SECONDS
    build/release/bin/topd --kubeconfig="$work/cluster/topd.kubeconfig" --secure-port="$port" --bind-address=127.0.0.1 \
        --tls-cert-file="$work/cluster/topd.crt" --tls-private-key-file="$work/cluster/topd.key" \
        --requestheader-client-ca-file="$work/cluster/front-proxy-ca.crt" \
        --metric-resolution=10s --kubelet-request-timeout=5s \
        --kubelet-use-node-status-port --kubelet-preferred-address-types=InternalIP "${past[@]}" "${page_flags[@]}" \
        >"$work/topd.log" 2>&1 &
    pids+=($!)
    await 30 'topd' listens_or_ended
    ! grep -q 'ddress already in use' "$work/topd.log"
}
listens_or_ended() { grep -q 'Serving securely on' "$work/topd.log" || ! kill -0 "${pids[1]}" 2>/dev/null; }
start || { end_processes; start; } || { end_processes; start; } || fail 'no free port'
export KUBECONFIG=$work/cluster/admin.kubeconfig

show() { printf '\n$ %s\n' "$*"; "$@"; }

stay_until_ctrl_c() {
    local end=$((SECONDS + ${seconds:-1000000000})) pid
    while ((SECONDS < end)); do
        for pid in "${pids[@]}"; do kill -0 "$pid" 2>/dev/null || fail 'a process ended early'; done
        sleep 1
    done
}
all_have_figures() {
    local table
    table=$(kubectl top node 2>/dev/null) && [[ $table != *'<unknown>'* ]] &&
        [[ $(kubectl top pod -A --no-headers 2>/dev/null | wc -l) -eq $((nodes * pods)) ]]
}

if $ui; then
    await 60 figures all_have_figures
    kubectl create --raw /sim/faults -f - >/dev/null <<<'{"node": "node-0005", "kind": "status", "status": 403}'
    printf '\nThe page, with two hours of a cluster of %d nodes:\n\n  http://%s/ui/\n\n' $nodes "$page"
    printf 'It stays %s. In another terminal:\n\n  export KUBECONFIG=%s\n  kubectl top node\n\n' \
        "${seconds:+for $seconds s, or }until Ctrl-C" "$KUBECONFIG"
    stay_until_ctrl_c
    exit 0
fi
echo 'topd scrapes every 10 s, and a rate needs two samples ...'
await 60 figures all_have_figures
echo "figures after $((SECONDS - started)) s"
show kubectl top node
show kubectl top pod -A --containers
show kubectl top pod --sort-by=cpu
if $stay; then
    printf '\nThe cluster stays until Ctrl-C. In another terminal:\n\n  export KUBECONFIG=%s\n  kubectl top node\n\n' "$KUBECONFIG"
    stay_until_ctrl_c
    exit 0
fi
echo 'and ten seconds later:'
sleep 11
show kubectl top pod --sort-by=cpu
topd=${pids[1]}
printf '\ntopd used %s of memory\n' "$(awk '/VmRSS/ {printf "%.1f MiB", $2 / 1024}' "/proc/$topd/status")"
