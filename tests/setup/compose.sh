#!/bin/bash
# Fetches a Compose plugin for the docker command.
#
#   compose.sh [2.26|2.40]
#
# Prints the path of `docker-compose`; link it into a folder called cli-plugins.
set -euo pipefail
source "$(dirname "$0")/common.sh"
version=${1:-2.26}
case $version in
2.26) suite=trixie ;;
2.40) suite=forky ;;
*) die "no recipe for Compose $version: 2.26 and 2.40 are known" ;;
esac
root=$("$here/debian_package.sh" "$suite" "$DOCKHAND_CACHE/compose-$version" docker-compose)
echo "$root/usr/libexec/docker/cli-plugins/docker-compose"
