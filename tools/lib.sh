# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Shared by tools/quickstart and tools/check; sourced by bash. Sets `root`,
# the top of the tree, and goes there.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit

say()
{
    printf '%s\n' "$*"
}

fail()
{
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# Names of the packages in tools/packages that are not installed.
missing_packages()
{
    local package status
    while read -r package; do
        status=$(dpkg-query -W -f='${db:Status-Status}' "$package" \
            2>/dev/null) || status=absent
        if [ "$status" != installed ]; then
            say "$package"
        fi
    done < <(sed 's/#.*//; s/[[:space:]]*$//; /^$/d' tools/packages)
}

# Runs apt-get as root: directly, or through sudo.
apt()
{
    local become=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail \
            "need root to install packages, and there is no sudo." \
            "As root: apt-get install --no-install-recommends ${missing[*]}"
        become=(sudo)
    fi
    ${become[@]+"${become[@]}"} env DEBIAN_FRONTEND=noninteractive \
        apt-get "$@"
}

# Installs what is missing; touches neither network nor root when nothing is.
install_packages()
{
    if ! command -v dpkg-query >/dev/null; then
        say "Not a Debian system: taking what tools/packages names as given."
        return
    fi
    mapfile -t missing < <(missing_packages)
    if [ "${#missing[@]}" -eq 0 ]; then
        return
    fi
    say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
    # An unreachable mirror matters only if the packages cannot be had either.
    apt update -q || say "apt-get update failed; trying what is known already"
    apt install -q -y --no-install-recommends "${missing[@]}" ||
        fail "could not install: ${missing[*]}"
}

# configure FOLDER [-D...]: configures once; CMake keeps it up to date later.
configure()
{
    local folder=$1
    shift
    if [ ! -f "$folder/build.ninja" ] && [ ! -f "$folder/Makefile" ]; then
        cmake -S "$root" -B "$folder" -G Ninja "$@"
    fi
}
