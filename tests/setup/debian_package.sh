#!/bin/bash
# Unpacks packages of some Debian suite into a folder, without installing them: for versions that
# this machine's own suite does not have. Dependencies are not followed: name them.
#
#   debian_package.sh SUITE FOLDER PACKAGE...
#
# FOLDER appears only when everything is in it; when it is there already, nothing is done. Prints
# FOLDER. Needs no root, and leaves apt's own lists alone.
set -euo pipefail
source "$(dirname "$0")/common.sh"
[[ $# -ge 3 ]] || die "usage: debian_package.sh SUITE FOLDER PACKAGE..."
suite=$1 folder=$2
shift 2

lists=$DOCKHAND_CACHE/apt/$suite
hold "apt-$suite"
if [[ ! -d $folder ]]; then
    mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial" "$(dirname "$folder")"
    : >"$lists/status"
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    echo "deb [signed-by=$keyring] $(debian_mirror) $suite main" >"$lists/sources.list"
    apt=(apt-get -qq -o "Dir::Etc::sourcelist=$lists/sources.list" -o Dir::Etc::sourceparts=-
        -o "Dir::State::lists=$lists/lists" -o "Dir::State::status=$lists/status"
        -o "Dir::Cache=$lists/cache" -o "APT::Sandbox::User=$(id -un)" -o Acquire::Retries=3)
    # A day is old enough for the lists to name packages that the mirror has dropped since.
    if [[ -z $(find "$lists/fresh" -mmin -1440 2>/dev/null) ]]; then
        "${apt[@]}" update >&2 || die "cannot read the package lists of $suite at $(debian_mirror)"
        touch "$lists/fresh"
    fi
    work=$(mktemp -d "$folder.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    chmod 755 "$work"
    mkdir "$work/.debs"
    (cd "$work/.debs" && "${apt[@]}" download "$@" >&2) || die "cannot fetch $* of $suite"
    for package in "$work"/.debs/*.deb; do dpkg-deb -x "$package" "$work"; done
    rm -rf "$work/.debs"
    mv -T "$work" "$folder"
fi
echo "$folder"
