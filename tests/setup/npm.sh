#!/bin/bash
# Fetches npm packages at the versions that the tests and benchmarks are written for.
#
#   npm.sh PACKAGE@VERSION...
#
# Prints the node_modules folder that holds them. Each set of packages has a folder of its own.
set -euo pipefail
source "$(dirname "$0")/common.sh"
[[ $# -ge 1 ]] || die "usage: npm.sh PACKAGE@VERSION..."
command -v npm >/dev/null || die "npm is missing: apt-get install npm"
folder=$DOCKHAND_CACHE/npm/$(echo "$*" | tr -c 'a-zA-Z0-9.@\n-' _)
hold "npm"
if [[ ! -d $folder ]]; then
    mkdir -p "$(dirname "$folder")"
    work=$(mktemp -d "$folder.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    npm install --prefix "$work" --no-audit --no-fund --ignore-scripts --loglevel=error "$@" >&2 ||
        die "npm cannot install $*"
    mv -T "$work" "$folder"
fi
echo "$folder/node_modules"
