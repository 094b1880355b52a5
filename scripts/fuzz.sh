#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fuzzes the parsers: builds the fuzz preset (clang, ASan, UBSan) and runs each target for so long, two at a time.
#   scripts/fuzz.sh [--seconds 600] [--build FOLDER] [TARGET...]
# Targets are those of test/fuzz/CMakeLists.txt. Each begins with its kept corpus (test/fuzz/corpus) and goes on where
# its last run ended (FOLDER/fuzz/corpus). What breaks a target is kept in FOLDER/fuzz/findings, and the script fails:
# a finding becomes a file of the kept corpus, which every build's tests replay.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=600 build=build/fuzz targets=()
while (($#)); do
    case $1 in
        --seconds) seconds=$2; shift ;;
        --build) build=$2; shift ;;
        -*) echo "fuzz: unknown option $1" >&2; exit 2 ;;
        *) targets+=("$1") ;;
    esac
    shift
done
mapfile -t known < <(sed -nE 's/^fuzz_target\(([a-z0-9_]+).*/\1/p' test/fuzz/CMakeLists.txt)
((${#targets[@]})) || targets=("${known[@]}")
for name in "${targets[@]}"; do
    [[ " ${known[*]} " == *" $name "* ]] || { echo "fuzz: no target $name; there are: ${known[*]}" >&2; exit 2; }
done

bash scripts/deps.sh --fuzz
cmake --preset fuzz -B "$build" >/dev/null
ninja -C "$build" "${targets[@]/%/_fuzz}"

logs=$build/fuzz/logs findings=$build/fuzz/findings
mkdir -p "$logs" "$findings"

fuzz() {
    local name=$1 own=$build/fuzz/corpus/$1 options=()
    mkdir -p "$own"
    [[ -f test/fuzz/$name.dict ]] && options+=("-dict=test/fuzz/$name.dict")
    # The fixtures are pages of real kubelets.
    [[ $name == page_parser ]] && options+=(test/fixtures)
    "$build/bin/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=512 -max_len=4096 \
        -print_final_stats=1 -artifact_prefix="$findings/$name-" "$own" "test/fuzz/corpus/$name" "${options[@]}" \
        >"$logs/$name.log" 2>&1
}

# The first number behind the words in a target's log.
number() { sed -nE "s/.*$2[: ]+([0-9]+).*/\1/p" "$logs/$1.log" | tail -n 1; }

failed=()
report() {
    local name=$1 result=$2
    printf '%-16s %10s runs %8s/s %6s inputs kept %5s MiB  %s\n' "$name" "$(number "$name" number_of_executed_units)" \
        "$(number "$name" average_exec_per_sec)" "$(find "$build/fuzz/corpus/$name" -type f | wc -l)" \
        "$(number "$name" peak_rss_mb)" "$result"
    [[ $result == ok ]] || failed+=("$name")
}

declare -A running=()
reap() {
    local pid status=0
    wait -n -p pid || status=$?
    if ((status == 0)); then report "${running[$pid]}" ok; else report "${running[$pid]}" "FAILED ($status)"; fi
    unset "running[$pid]"
}
# Whatever ends the script ends what it started.
trap 'for pid in "${!running[@]}"; do kill "$pid" 2>/dev/null || true; done' EXIT

for name in "${targets[@]}"; do
    ((${#running[@]} < 2)) || reap
    fuzz "$name" &
    running[$!]=$name
done
while ((${#running[@]})); do reap; done

for name in "${failed[@]}"; do
    echo "--- $name"
    grep -aE '^violated|ERROR: |SUMMARY: |runtime error|Test unit written' "$logs/$name.log" || tail -n 20 "$logs/$name.log"
done
echo "$((${#targets[@]} - ${#failed[@]})) passed, ${#failed[@]} failed"
((${#failed[@]} == 0))
