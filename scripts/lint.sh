#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Holds what is written against the rules that are written down.
#   scripts/lint.sh                    all of it: clang-tidy alone takes hours on two cores
#   scripts/lint.sh --changed [BASE]   clang-tidy only for what has changed since BASE (default: since the branch left
#                                      origin/main, else since the last commit but one), the rest for all of it
#   scripts/lint.sh --only PART ...    one part: sources, tidy, shell, python or docs; may be repeated
#   --tidy-minutes N                   begin no further source with clang-tidy after so long, and say how many are left out
# BASE may be any commit. Where there is none everything counts as changed.
set -euo pipefail
cd "$(dirname "$0")/.."

all_parts=(sources shell python docs tidy)
changed=false base='' tidy_minutes=0 parts=()
while (($#)); do
    case $1 in
        --changed) changed=true
                   if [[ ${2:-} && $2 != -* ]]; then base=$2; shift; fi ;;
        --only) [[ " ${all_parts[*]} " == *" ${2:-} "* ]] || { echo "lint: parts are ${all_parts[*]}" >&2; exit 2; }
                parts+=("$2"); shift ;;
        --tidy-minutes) tidy_minutes=$2; shift ;;
        *) echo "lint: unknown option $1" >&2; exit 2 ;;
    esac
    shift
done
((${#parts[@]})) || parts=("${all_parts[@]}")
bash scripts/deps.sh --test

failed=0
fail() { echo "lint: $*" >&2; failed=1; }

layers=$(sed -nE 's/^([a-z]+):.*/\1/p' scripts/layers.txt)
# shellcheck disable=SC2086 # one word a layer
mapfile -t sources < <(find $layers test -name '*.cpp' -o -name '*.hpp' | sort)

# The commit since which things count as changed; nothing: there is none.
find_base() {
    if [[ $base ]]; then
        git rev-parse --verify --quiet "$base^{commit}" || { echo "lint: no commit $base" >&2; return 2; }
        return
    fi
    local left
    left=$(git merge-base HEAD origin/main 2>/dev/null) || left=
    # On origin/main itself, what it got last.
    if [[ -z $left || $left == "$(git rev-parse HEAD)" ]]; then
        left=$(git rev-parse --verify --quiet HEAD~1) || left=
    fi
    echo "$left"
}

lint_sources() {
    # g++ 12 miscompiles coroutines whose co_await holds more than names, moves, strings and calls: aggregates in braces,
    # lambdas, awaits inside ?: or inside an aggregate's braces. Found by line, comments left out.
    local traps='\?[^;:]*co_await|co_await[^;]*\(\{|co_await[^;]*[({,]\[[a-z]|co_await[^;]*[A-Za-z]\{|\{[^};]*\.[a-z_]+ *= *co_await'
    if grep -nE "$traps" "${sources[@]}" | grep -vE '^[^:]+:[0-9]+: *//'; then
        fail 'the lines above hold a co_await that g++ 12 may miscompile'
    fi
    local source lines first
    for source in "${sources[@]}"; do
        mapfile -t lines <"$source"
        ((${#lines[@]} <= 450)) || fail "$source has ${#lines[@]} lines, more than 450"
        first=${lines[0]:-}
        [[ $first == '// SPDX-License-Identifier: Apache-2.0'* ]] || fail "$source lacks its SPDX line"
    done
    clang-format-14 --dry-run -Werror "${sources[@]}" || fail 'clang-format-14 -i would change the files above'
    python3 scripts/check_includes.py || fail 'the includes above go against scripts/layers.txt'
    local filter
    filter="/($(paste -sd'|' <<<"$layers")|test)/.*\.hpp\$"
    grep -qxF "HeaderFilterRegex: '$filter'" .clang-tidy || fail ".clang-tidy wants HeaderFilterRegex: '$filter'"
    echo "lint: ${#sources[@]} sources checked"
}

# A header is looked at through its own .cpp, else through the first that includes it.
tidy_of() {
    local file
    for file in "$@"; do
        case $file in
            *.cpp) echo "$file" ;;
            *.hpp) if [[ -e ${file%.hpp}.cpp ]]; then echo "${file%.hpp}.cpp"
                   else printf '%s\n' "${sources[@]}" | grep '\.cpp$' | xargs grep -lF "\"$file\"" | head -n 1 || true
                   fi ;;
        esac
    done | sort -u
}

lint_tidy() {
    local since='' wanted=("${sources[@]}")
    if $changed; then
        since=$(find_base) || return
        if [[ $since ]]; then
            mapfile -t wanted < <({ git diff --name-only --diff-filter=d "$since"; git ls-files --others --exclude-standard; } |
                grep -xFf <(printf '%s\n' "${sources[@]}") || true)
        fi
    fi
    cmake --preset dev >/dev/null || return
    mapfile -t wanted < <(tidy_of "${wanted[@]}")
    ((${#wanted[@]})) || { echo 'lint: no source for clang-tidy'; return; }
    # Two at once. What clang-tidy counts on standard error is shown only where it ends badly. clang 14 has no
    # std::source_location.
    local left_out until=0
    left_out=$(mktemp)
    ((tidy_minutes == 0)) || until=$(($(date +%s) + 60 * tidy_minutes))
    # shellcheck disable=SC2016 # for the inner shell
    printf '%s\n' "${wanted[@]}" | left_out=$left_out until=$until xargs -P 2 -I '{}' bash -c '
        ((until == 0 || $(date +%s) < until)) || { echo "$1" >>"$left_out"; exit; }
        said=$(clang-tidy-14 -p build/dev --quiet --extra-arg=-Wno-unknown-warning-option --extra-arg=-include --extra-arg="$PWD/test/fuzz/source_location.hpp" \
            "$1" 2>&1) || { printf "%s\n" "$said"; exit 1; }' tidy '{}' || fail 'clang-tidy objects to the above'
    local unseen
    unseen=$(wc -l <"$left_out")
    rm -f "$left_out"
    ((unseen == 0)) || echo "left out: clang-tidy on $unseen of ${#wanted[@]} sources: over $tidy_minutes minutes"
    echo "lint: clang-tidy on $((${#wanted[@]} - unseen)) sources${since:+ (since ${since:0:10})}"
}

lint_shell() {
    local scripts
    mapfile -t scripts < <(find .ci deploy scripts test -name '*.sh' -o -path .ci/run | sort)
    shellcheck "${scripts[@]}" || fail 'shellcheck objects to the above'
    echo "lint: ${#scripts[@]} shell scripts checked"
}

lint_python() {
    local said
    # The last line is the folder.
    if said=$(bash scripts/deps.sh --python 2>&1); then
        "${said##*$'\n'}/ruff" check --quiet . || fail 'ruff objects to the above'
        echo 'lint: Python checked'
    elif echo "$said" && [[ $said == *'DO NOT MATCH THE HASHES'* ]]; then
        fail 'what PyPI gave is not what scripts/python-packages.txt names'
    else
        echo 'left out: ruff: it could not be fetched from PyPI'
    fi
}

lint_docs() { python3 scripts/check_docs.py || fail 'the pages and sources above name what is not there'; }

for part in "${parts[@]}"; do
    begun=$SECONDS
    "lint_$part" || fail "$part could not be checked"
    echo "lint: $part in $((SECONDS - begun)) s"
done
((failed == 0))
