#!/bin/bash
# Fetches a Compose plugin for the docker command, or builds it: no Debian has the newest one yet.
#
#   compose.sh [2.26|2.40|5.5]
#
# Prints the path of `docker-compose`; link it into a folder called cli-plugins.
set -euo pipefail
source "$(dirname "$0")/common.sh"

# build MODULE VERSION GO: needs that Go, or a newer one.
build() {
    local folder=$DOCKHAND_CACHE/compose-$2 have
    hold "compose-$2"
    if [[ ! -d $folder ]]; then
        command -v go >/dev/null || die "Compose $2 is built with Go $3 or newer, and there is no go: https://go.dev/dl/"
        have=$(go env GOVERSION)
        [[ $(printf '%s\n' "$3" "${have#go}" | sort -V | head -1) == "$3" ]] ||
            die "Compose $2 is built with Go $3 or newer, and this is ${have#go}: https://go.dev/dl/"
        work=$(mktemp -d "$folder.XXXXXX")
        trap 'rm -rf "$work"' EXIT
        (cd "$work" && export GOFLAGS=-mod=mod && go mod init build && go get "$1@v$2" &&
            go build -ldflags "-s -w -X $1/internal.Version=v$2" -o bin/docker-compose "$1/cmd") >&2 ||
            die "Go could not build $1@v$2"
        mv -T "$work/bin" "$folder"
    fi
    echo "$folder/docker-compose"
}

version=${1:-2.26}
case $version in
2.26) suite=trixie ;;
2.40) suite=forky ;;
5.5) build github.com/docker/compose/v5 5.5.1 1.26; exit ;;
*) die "no recipe for Compose $version: 2.26, 2.40 and 5.5 are known" ;;
esac
root=$("$here/debian_package.sh" "$suite" "$DOCKHAND_CACHE/compose-$version" docker-compose)
echo "$root/usr/libexec/docker/cli-plugins/docker-compose"
