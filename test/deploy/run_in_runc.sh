#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a command in a root file system made by deploy/image/rootfs.sh, as the Deployment of deploy/topd.yaml runs it:
# its user, read-only root, no capabilities, no new privileges, an empty /tmp. The network is the host's, so that
# loopback works. Needs root and Debian's runc, which is unpacked into a cache folder (not installed) where it is missing.
#   run_in_runc.sh [--bind HOST:INSIDE]... [--env NAME=VALUE]... ROOTFS COMMAND...    (binds are read-only)
#   run_in_runc.sh --need                                                            sees to it that runc is there and can work
# TERM and INT go on to the command, and KILL follows after GRACE (15) seconds; its exit code is the script's. ROOTFS
# itself is not touched: a copy is used.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/topd

unpack_runc() {
    local work
    work=$(mktemp -d)
    # apt's download user must be able to write here.
    chmod 777 "$work"
    (cd "$work" && apt-get -qq download runc) >&2 && dpkg -x "$work"/runc_*.deb "$work/unpacked" &&
        mkdir -p "$cache" && rm -rf "$cache/runc" && mv "$work/unpacked" "$cache/runc"
    rm -rf "$work"
}

runc=$(command -v runc || true)
if [[ -z $runc ]]; then
    runc=$cache/runc/usr/sbin/runc
    [[ -x $runc ]] || unpack_runc
    [[ -x $runc ]] || { echo "run_in_runc: no runc, and 'apt-get download runc' failed" >&2; exit 125; }
fi
mountpoint -q / || { echo 'run_in_runc: / is not a mount point (a plain chroot): runc cannot work here' >&2; exit 125; }
[[ ${1-} != --need ]] || exit 0
[[ $EUID -eq 0 ]] || { echo 'run_in_runc: needs root' >&2; exit 125; }

options=()
while [[ ${1-} == --bind || ${1-} == --env ]]; do
    options+=("$1" "$2")
    shift 2
done
[[ $# -ge 2 ]] || { sed -n '6,7p' "$0" >&2; exit 125; }
rootfs=$1
shift

work=$(mktemp -d)
name=topd-$(basename "$work")
# With what may be left of an earlier container of ours: runc refuses to delete one that does not exist.
# shellcheck disable=SC2317 # called by the trap
clean_up() {
    "$runc" --root "$work/state" delete --force "$name" 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT
cp -a "$rootfs" "$work/rootfs"
python3 "$here/oci_config.py" "${options[@]}" --name "$name" -- "$@" >"$work/config.json"

"$runc" --root "$work/state" run --bundle "$work" "$name" &
child=$!
timer=
# shellcheck disable=SC2317 # called by the trap
stop() {
    signalled=1
    kill -TERM "$child" 2>/dev/null || true
    sleep "${GRACE:-15}" &
    timer=$!
}
trap stop TERM INT
# A trapped signal ends `wait` early.
while :; do
    signalled='' code=0
    # shellcheck disable=SC2086 # no timer is no argument
    wait -n "$child" $timer || code=$?
    [[ -z $signalled ]] || continue
    kill -0 "$child" 2>/dev/null || break
    "$runc" --root "$work/state" kill "$name" KILL || true
    timer=
done
if [[ -n $timer ]]; then kill "$timer" 2>/dev/null || true; fi
exit "$code"
