#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures topd on topd-sim, both in release builds on this machine: CPU a scrape beside the floor of a bare loop, memory,
# reads by format, latency, freshness, holes, new pods, start, and by name what needs an hour of history
# (docs/benchmarks.md says how).
#   scripts/bench.sh [--nodes N] [--pods P] [--containers C] [--resolution 15s] [--cycles C] [--only PHASE,PHASE...]
#       [--peer PATH]     measures any program with metrics-server's flags beside topd
#   scripts/bench.sh --micro     parser, store, encoder and remote write by themselves, with instructions
#   scripts/bench.sh --plot FILE.json...     draws growth with the number of nodes to docs/benchmarks.svg
# Prints a table and writes a file to build/bench. More options: python3 test/bench/cluster_bench.py --help
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ ${1:-} == --plot ]]; then
    shift
    exec python3 test/bench/plot.py --out docs/benchmarks.svg "$@"
fi
bash scripts/deps.sh --bench
cmake --preset release >/dev/null
bin=build/release/bin
if [[ ${1:-} == --micro ]]; then
    cmake --build --preset release --target parser_bench store_bench encoder_bench kube_list_bench \
        remote_write_bench
    exec python3 test/bench/micro.py --bin "$bin"
fi
cmake --build --preset release --target topd topd-sim floor topd-sim-past turns
exec python3 test/bench/cluster_bench.py --topd "$bin/topd" --sim "$bin/topd-sim" --floor "$bin/floor" \
    --past "$bin/topd-sim-past" --turns "$bin/libturns.so" --out build/bench "$@"
