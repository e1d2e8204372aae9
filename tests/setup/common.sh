# shellcheck shell=bash disable=SC2034
# Read by the other scripts here: where things are kept, one caller at a time, root's rights.

DOCKHAND_CACHE=${DOCKHAND_CACHE:-$HOME/.cache/dockhand}
export DOCKHAND_CACHE
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

as_root() {
    if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}

# Waits until no other caller holds this name, then holds it until this script ends. What is started
# to outlive the script must close the descriptor: `9>&-`.
hold() {
    mkdir -p "$DOCKHAND_CACHE/locks"
    exec 9>"$DOCKHAND_CACHE/locks/$1"
    flock 9
}

# The Debian mirror that this machine uses already, or Debian's own.
debian_mirror() {
    local found
    found=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
        grep -oE '(https?|file)://[^] ]+/debian/?( |$)' | head -1 | tr -d ' ') || true
    echo "${found:-http://deb.debian.org/debian}"
}
