#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures topd on topd-sim, both in release builds on this machine: CPU a scrape, memory, late scrapes, lists.
#   scripts/bench.sh [--nodes N] [--pods P] [--cycles C] [--resolution 15s]
# Prints a table and writes build/bench/N-nodes-P-pods.json.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/deps.sh --test
cmake --preset release >/dev/null
cmake --build --preset release --target topd topd-sim
exec python3 test/bench/cluster_bench.py --topd build/release/bin/topd --sim build/release/bin/topd-sim --out build/bench "$@"
