#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what topd needs on Debian 12 (bookworm): only what is missing, so that a second call is quick.
#   scripts/deps.sh                 to build
#   scripts/deps.sh --demo          and kubectl, where there is none
#   scripts/deps.sh --test          and what scripts/test.sh, scripts/lint.sh and .ci/run use
#   scripts/deps.sh --e2e           and Go, for the real control plane of test/e2e
#   scripts/deps.sh --bench         and valgrind, which counts instructions where the processor may not
#   scripts/deps.sh --fuzz          and clang with libFuzzer
#   scripts/deps.sh --python        makes a virtual environment of scripts/python-packages.txt and prints its folder bin
#   scripts/deps.sh --browser       installs Chromium, fonts and Node, fetches the packages of test/page/package-lock.json into a
#                                   cache folder, and prints it
#   scripts/deps.sh --old-kubectl   unpacks Debian's kubectl (1.20) into a cache folder and prints its path
#   scripts/deps.sh --prometheus    the same with Debian's prometheus (2.42), which queries are compared with
#   scripts/deps.sh --influxdb, --victoria-metrics
#                                   the same with Debian's influxdb (1.6) and victoria-metrics (1.79), which sinks write to
#   scripts/deps.sh --vmalert, --vmagent
#                                   the same with vmalert, a client of queries, and vmagent of Debian's victoria-metrics
set -euo pipefail

build=(g++ cmake ninja-build pkg-config python3 libboost1.81-dev libssl-dev nlohmann-json3-dev libprotozero-dev libyaml-cpp-dev
       libcli11-dev libspdlog-dev libfmt-dev libre2-dev libsnappy-dev zlib1g-dev
       zopfli catch2)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/topd

say() { echo "deps: $*" >&2; }

as_root() {
    if [[ $EUID -eq 0 ]]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else say "root or sudo is needed for: $*"; return 1
    fi
}

have_package_lists() { compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; }
update_lists() { say 'reading package lists'; as_root apt-get -qq update; }

# Names of those arguments that are not installed.
missing() {
    local installed
    installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | sed -n 's/ installed$//p' || true)
    local name
    for name in "$@"; do grep -qxF "$name" <<<"$installed" || echo "$name"; done
}

# Never removes anything: libboost1.81-dev conflicts with Debian's default libboost-dev.
install() {
    local wanted
    mapfile -t wanted < <(missing "$@")
    [[ ${#wanted[@]} -eq 0 ]] && return
    say "installing ${wanted[*]}"
    have_package_lists || update_lists
    local get=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends --no-remove
               -o Dpkg::Use-Pty=0 install "${wanted[@]}")
    # The lists may be older than the archive.
    as_root "${get[@]}" </dev/null >/dev/null || { update_lists && as_root "${get[@]}" </dev/null >/dev/null; }
}

# unpacked PACKAGE PATH: unpacks a Debian package into the cache folder, and prints the program's path. Installed, it might
# start a service.
unpacked() {
    local folder=$cache/$1
    if [[ ! -x $folder/$2 ]]; then
        have_package_lists || update_lists
        local work
        work=$(mktemp -d)
        # shellcheck disable=SC2064 # `work` is gone by then
        trap "rm -rf '$work'" EXIT
        # apt's download user must be able to write here.
        chmod 777 "$work"
        (cd "$work" && apt-get -qq download "$1") >&2
        mkdir -p "$cache"
        dpkg -x "$work/$1"_*.deb "$work/unpacked"
        rm -rf "$folder"
        mv "$work/unpacked" "$folder"
    fi
    echo "$folder/$2"
}

# A virtual environment for each state of the list.
python_packages() {
    local list folder
    list=$(dirname "$0")/python-packages.txt
    folder=$cache/python-$(sha256sum "$list" | cut -c 1-12)
    if [[ ! -e $folder/complete ]]; then
        install python3-venv
        say "making a virtual environment of $list"
        /usr/bin/python3 -m venv --clear "$folder"
        "$folder/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$list" >&2
        touch "$folder/complete"
    fi
    echo "$folder/bin"
}

# Packages of npm for each state of the lock file, which names no registry: npm asks the one it is set to. None of their
# scripts runs.
browser_packages() {
    install chromium fonts-dejavu-core fonts-liberation fonts-noto-cjk >&2 || return
    command -v node >/dev/null || install nodejs >&2 || return
    command -v npm >/dev/null || install npm >&2 || return
    local list folder major
    major=$(node --version | sed -nE 's/^v([0-9]+).*/\1/p')
    ((${major:-0} >= 20)) || { say "Node 20 or later is needed, and this is $(node --version)"; return 1; }
    list=$(dirname "$0")/../test/page
    folder=$cache/page-$(sha256sum "$list/package-lock.json" | cut -c 1-12)
    if [[ ! -e $folder/complete ]]; then
        say "fetching the packages of $list/package-lock.json"
        rm -rf "$folder"
        mkdir -p "$folder"
        cp "$list/package.json" "$list/package-lock.json" "$folder"
        (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund) >&2 || return
        touch "$folder/complete"
    fi
    echo "$folder"
}

# Go 1.21 and later fetch the release that go.mod asks for by themselves (GOTOOLCHAIN). Debian 12's own is older, so it is
# backports that are asked, from the mirror that the package lists name; the sources of the machine stay as they are.
install_go() {
    local version
    version=$( (go env GOVERSION 2>/dev/null || true) | sed -nE 's/^go1\.([0-9]+).*/\1/p')
    ((${version:-0} >= 21)) && return
    local mirror work
    mirror=$(grep -rhoE '(https?)://[^ ]+/debian/?' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
        grep -v security | head -n 1)
    [[ -n $mirror ]] || { say 'no Debian mirror in /etc/apt: Go 1.21 or later must be installed by hand'; return 1; }
    work=$(mktemp -d)
    chmod 755 "$work"
    mkdir "$work/parts" "$work/lists"
    echo "deb $mirror bookworm main
deb $mirror bookworm-backports main" >"$work/sources.list"
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o "Dir::Etc::SourceList=$work/sources.list"
               -o "Dir::Etc::SourceParts=$work/parts" -o "Dir::State::Lists=$work/lists" -o Dpkg::Use-Pty=0)
    say 'installing Go from backports'
    local failed=0
    { as_root "${apt[@]}" update && as_root "${apt[@]}" -y --no-install-recommends --no-remove -t bookworm-backports \
        install golang-go; } </dev/null >&2 || failed=1
    as_root rm -rf "$work"
    ((failed == 0)) || say 'Go could not be installed: the end-to-end test needs Go 1.21 or later'
    return $failed
}

wanted=("${build[@]}")
e2e=false
for option in "$@"; do
    case $option in
        --demo) command -v kubectl >/dev/null || wanted+=(kubernetes-client); wanted+=(openssl curl ca-certificates) ;;
        --test) command -v kubectl >/dev/null || wanted+=(kubernetes-client)
                # netbase: a bare root has no /etc/hosts, and so no localhost.
                wanted+=(openssl curl ca-certificates python3 python3-yaml python3-jsonschema clang-format-14 netbase
                         clang-tidy-14 shellcheck ccache) ;;
        --bench) wanted+=(valgrind) ;;
        --fuzz) wanted+=(clang libclang-rt-14-dev) ;;
        --e2e) e2e=true; wanted+=(python3 python3-yaml openssl curl ca-certificates) ;;
        --python) python_packages; exit ;;
        --browser) browser_packages; exit ;;
        --old-kubectl) unpacked kubernetes-client usr/bin/kubectl; exit ;;
        --prometheus) unpacked prometheus usr/bin/prometheus; exit ;;
        --vmalert) unpacked victoria-metrics usr/bin/vmalert; exit ;;
        --vmagent) unpacked victoria-metrics usr/bin/vmagent; exit ;;
        --victoria-metrics) unpacked victoria-metrics usr/bin/victoria-metrics; exit ;;
        --influxdb) unpacked influxdb usr/bin/influxd; exit ;;
        *) say "unknown option $option"; exit 2 ;;
    esac
done
# shellcheck source=/dev/null
(. /etc/os-release && [[ ${VERSION_CODENAME:-} == bookworm ]]) ||
    say 'this is not Debian 12 (bookworm): package names may differ'
install "${wanted[@]}"
if $e2e; then install_go; fi
