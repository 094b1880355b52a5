#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the root file system of topd's image in a new folder, without a container engine:
#   deploy/image/rootfs.sh build/release/bin/topd FOLDER
# It holds the binary as /topd, the shared libraries that it is linked with, a user, name look-up, the licences of what
# is inside, and two lists of it: /usr/share/doc/topd/sbom.spdx, and /var/lib/dpkg/status.d, where image scanners look.
# No shell, no package manager, no public certificate authorities (a cluster brings its own).
# The same packages and binary give the same tree: modes are fixed, times are SOURCE_DATE_EPOCH (default 0). Run as
# root it belongs to root. Needs Debian's dpkg-query for the packages; prints the size and a digest of the tree.
set -euo pipefail
export LC_ALL=C
umask 022

[[ $# -eq 2 ]] || { sed -n '3,4p' "$0" >&2; exit 2; }
binary=$(realpath -e "$1")
mkdir "$2" || { echo "rootfs: $2 must be a new folder" >&2; exit 1; }
root=$(realpath -e "$2")
project=$(cd "$(dirname "$0")/../.." && pwd)
version=$(sed -n 's/^project(topd VERSION \([0-9.]*\).*/\1/p' "$project/CMakeLists.txt")
epoch=${SOURCE_DATE_EPOCH:-0}
user=1000

# Compiled into the binary: header-only libraries, which ldd does not show.
compiled_in=(libboost1.81-dev libprotozero-dev nlohmann-json3-dev)
# Its licence asks for no notice beside machine code, and Debian's is 2 MB.
without_notice=libboost1.81-dev

# Paths of the shared libraries as the loader finds them, and of the loader itself.
libraries() {
    local found
    found=$(ldd "$1" 2>&1) || true
    [[ $found != *'not a dynamic executable'* && $found != *'statically linked'* ]] || return 0
    [[ $found != *'not found'* ]] || { echo "rootfs: $found" >&2; return 1; }
    sed -nE 's/^\t(.* => )?(\/[^ ]+) \(0x[0-9a-f]+\)$/\2/p' <<<"$found" | sort -u
}

# The package that a file belongs to. dpkg knows it by the path it had before or after the merge of /lib into /usr.
owner() {
    local real path answer
    real=$(realpath -e "$1")
    for path in "$1" "$real" "/usr$real" "${real#/usr}"; do
        answer=$(dpkg-query -S "$path" 2>/dev/null) || continue
        echo "${answer%%:*}"
        return
    done
    echo "rootfs: $1 belongs to no Debian package" >&2
    return 1
}

# A field of a package, as dpkg-query names it. With two architectures installed, of the native one.
field() {
    local values
    values=$(dpkg-query -W -f="\${$2}\n" "$1")
    echo "${values%%$'\n'*}"
}

installed() { [[ $(field "$1" db:Status-Status 2>/dev/null) == installed ]]; }

# What every process expects to find. kubelet mounts its own /etc/hosts and /etc/resolv.conf over these places.
make_base() {
    mkdir -p "$root"/{dev,etc,proc,sys,tmp,usr/share/doc/topd,var/lib/dpkg/status.d}
    install -m 0755 "$binary" "$root/topd"
    # For pods that name metrics-server's binary as their command.
    ln -s topd "$root/metrics-server"
    # kubectl's plugin, for who copies it out of the image.
    ln -s topd "$root/kubectl-history"
    printf '%s\n' 'root:x:0:0:root:/:/sbin/nologin' "topd:x:$user:$user:topd:/:/sbin/nologin" >"$root/etc/passwd"
    printf '%s\n' 'root:x:0:' "topd:x:$user:" >"$root/etc/group"
    # "files" and "dns" are inside glibc 2.34 and later: no NSS library is needed.
    printf '%s\n' 'passwd: files' 'group: files' 'hosts: files dns' >"$root/etc/nsswitch.conf"
    install -m 0644 /etc/os-release "$root/etc/os-release"
    install -m 0644 "$project/LICENSE" "$root/usr/share/doc/topd/copyright"
}

copy_licence() {
    local package=$1 notice=/usr/share/doc/$1/copyright named
    install -D -m 0644 "$(realpath -e "$notice")" "$root$notice"
    # Debian's notices point to the common licences instead of repeating them.
    while read -r named; do
        [[ -e $named && ! -e $root$named ]] || continue
        install -D -m 0644 "$(realpath -e "$named")" "$root$named"
    done < <(grep -oE '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' "$notice" | sort -u)
}

# One SPDX package, and what topd has to do with it.
spdx_package() {
    local id version
    id=SPDXRef-${1//[^A-Za-z0-9.-]/-}
    version=$(field "$1" Version)
    printf '%s\n' '' "PackageName: $1" "SPDXID: $id" "PackageVersion: $version" \
        "PackageSourceInfo: Debian source package $(field "$1" source:Package) $(field "$1" source:Version)" \
        'PackageDownloadLocation: NOASSERTION' 'FilesAnalyzed: false' \
        "ExternalRef: PACKAGE-MANAGER purl $(purl "$1" "$version")" "Relationship: SPDXRef-topd $2 $id"
}

purl() {
    local name=${1//+/%2B} version=${2//+/%2B}
    echo "pkg:deb/debian/$name@${version//:/%3A}?arch=$(field "$1" Architecture)"
}

spdx() {
    local package digest
    digest=$(sha256sum <"$binary" | cut -d' ' -f1)
    printf '%s\n' 'SPDXVersion: SPDX-2.3' 'DataLicense: CC0-1.0' 'SPDXID: SPDXRef-DOCUMENT' "DocumentName: topd-$version" \
        "DocumentNamespace: urn:topd:sbom:$version:$digest" 'Creator: Tool: deploy/image/rootfs.sh' \
        "Created: $(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)" \
        'Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-topd' '' \
        'PackageName: topd' 'SPDXID: SPDXRef-topd' "PackageVersion: $version" 'PackageLicenseDeclared: Apache-2.0' \
        'PackageDownloadLocation: NOASSERTION' 'FilesAnalyzed: false' "PackageChecksum: SHA256: $digest"
    for package in "${linked[@]}"; do spdx_package "$package" DYNAMIC_LINK; done
    for package in "${built_in[@]}"; do spdx_package "$package" STATIC_LINK; done
}

make_base
libraries=$(libraries "$binary")
mapfile -t found < <(grep . <<<"$libraries")
owners=
for library in "${found[@]}"; do
    install -D -m 0755 "$(realpath -e "$library")" "$root$library"
    owners+=$(owner "$library")$'\n'
done
mapfile -t linked < <(sort -u <<<"$owners" | grep .)
built_in=()
for package in "${compiled_in[@]}"; do
    if installed "$package"; then built_in+=("$package"); fi
done

for package in "${linked[@]}" "${built_in[@]}"; do
    if [[ $package != "$without_notice" ]]; then copy_licence "$package"; fi
done
for package in "${linked[@]}"; do dpkg-query -s "$package" >"$root/var/lib/dpkg/status.d/$package"; done
spdx >"$root/usr/share/doc/topd/sbom.spdx"

find "$root" -type d -exec chmod 0755 {} +
find "$root" -type f -perm /111 -exec chmod 0755 {} +
find "$root" -type f ! -perm /111 -exec chmod 0644 {} +
chmod 1777 "$root/tmp"
if [[ $EUID -eq 0 ]]; then chown -hR 0:0 "$root"; fi
find "$root" -exec touch -h -d "@$epoch" {} +

digest=$(tar -C "$root" --sort=name --numeric-owner --owner=0 --group=0 --format=ustar -cf - . | sha256sum)
echo "rootfs: $root: $(du -sk --apparent-size "$root" | cut -f1) KiB, ${#found[@]} libraries, sha256:${digest%% *}"
