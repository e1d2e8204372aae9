#!/bin/bash
# A private Docker Engine: socket, data, bridge and log of its own, and no firewall rules but one for
# its own addresses, so that it can stand beside the user's own Engine and others of its kind.
#
#   engine.sh fetch VERSION          prints the folder of its programs, the docker command included
#   engine.sh start FOLDER VERSION [OPTION…]
#                                    starts one whose everything is in FOLDER, with options for dockerd;
#                                    prints its DOCKER_HOST
#   engine.sh stop FOLDER            ends it with its containers, and removes FOLDER
#
# VERSION: 20.10 (Debian 12's), 28.5 (Debian testing's), or `installed`: this machine's dockerd.
set -euo pipefail
source "$(dirname "$0")/common.sh"

fetch() {
    local version=$1 root
    case $version in
    installed)
        dirname "$(PATH=$PATH:/usr/sbin:/sbin command -v dockerd || die "dockerd is not installed")"
        return
        ;;
    20.10) set -- bookworm docker.io containerd tini ;;
    28.5) set -- forky docker.io docker-cli containerd tini ;;
    *) die "no recipe for Engine $version: 20.10 and 28.5 are known" ;;
    esac
    root=$("$here/debian_package.sh" "$1" "$DOCKHAND_CACHE/engine-$version" "${@:2}")
    # Debian 12's runc needs no library that Debian 12 has not.
    local runc
    runc=$("$here/debian_package.sh" bookworm "$DOCKHAND_CACHE/runc" runc)
    mkdir -p "$root/bin"
    ln -sf "$root"/usr/bin/* "$root"/usr/sbin/* "$runc"/usr/sbin/runc "$root/bin/"
    find "$root/usr" -name docker-proxy -exec ln -sf {} "$root/bin/" \;
    ln -sf "$root/usr/bin/tini-static" "$root/bin/docker-init"
    echo "$root/bin"
}

# The engine's process, or nothing: a number left by a killed one may be somebody else's by now.
running() {
    local pid
    pid=$(cat "$1/dockerd.pid" 2>/dev/null) || return 0
    if tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "--data-root $1/data"; then echo "$pid"; fi
}

# Ends what belongs to the engine in FOLDER, whatever state it is in.
clear_up() {
    local folder=$1 pid process children
    pid=$(running "$folder")
    if [[ -n $pid ]]; then
        as_root kill "$pid" || true
        for _ in {1..150}; do [[ -z $(running "$folder") ]] || sleep 0.1; done
    fi
    # What a killed engine leaves: the keepers of its containers with their one child, its own parts,
    # mounts, bridges.
    for process in /proc/[0-9]*; do
        if tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -qF -- " $folder/exec/"; then
            pid=${process#/proc/}
            read -ra children <"$process/task/$pid/children" || true
            as_root kill -9 "${children[@]}" "$pid" 2>/dev/null || true
        fi
    done
    awk -v under="$folder/" 'index($5, under) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
        while read -r mount; do as_root umount -l "$mount" || true; done
    if [[ -f $folder/number ]]; then
        local link
        name_bridge "$(cat "$folder/number")"
        for link in $(ip -o -4 address show to "$subnet.0/19" | awk '{ print $2 }') "$bridge"; do
            as_root ip link delete "$link" 2>/dev/null || true
        done
        as_root iptables -w -D FORWARD -s "$subnet.0/19" -d "$subnet.0/19" -j ACCEPT 2>/dev/null || true
    fi
    as_root rm -rf "$folder/dockerd.pid" "$folder/docker.sock" "$folder/exec"
}

# Bridge N of dockhand0 … dockhand15 has 32 networks of 198.18.0.0/15, a range that is set aside for
# tests of network devices and that nobody's network uses.
name_bridge() {
    bridge=dockhand$1 subnet=198.$((18 + $1 / 8)).$(($1 % 8 * 32))
}

# Takes the bridge that FOLDER had, whose networks are in its data, else the first free one.
take_bridge() {
    local folder=$1 had number
    had=$(cat "$folder/number" 2>/dev/null) || true
    for number in $had {0..15}; do
        name_bridge "$number"
        as_root ip link add "$bridge" type bridge 2>/dev/null || continue
        as_root ip address add "$subnet.1/24" dev "$bridge"
        as_root ip link set "$bridge" up
        # Another Engine may have told the kernel to drop what it does not know.
        as_root iptables -w -I FORWARD -s "$subnet.0/19" -d "$subnet.0/19" -j ACCEPT
        [[ $number == "$had" ]] || as_root rm -rf "$folder/data"
        echo "$number" >"$folder/number"
        return
    done
    die "all 16 bridges are taken; see them with: ip link show type bridge"
}

start() {
    local folder=$1 programs
    programs=$(fetch "$2")
    shift 2
    mkdir -p "$folder" && folder=$(cd "$folder" && pwd)
    export PATH=$programs:/usr/local/sbin:/usr/sbin:/sbin:$PATH DOCKER_HOST=unix://$folder/docker.sock
    hold "engine-$(echo "$folder" | cksum | cut -d' ' -f1)"
    if [[ -z $(running "$folder") ]]; then
        clear_up "$folder"
        take_bridge "$folder"
        as_root env "PATH=$PATH" setsid dockerd --host "$DOCKER_HOST" --group "$(id -g)" \
            --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/dockerd.pid" \
            --bridge "$bridge" --default-address-pool "base=$subnet.0/19,size=24" \
            --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false "$@" \
            >"$folder/dockerd.log" 2>&1 </dev/null 9>&- &
    fi
    for _ in {1..150}; do docker version >/dev/null 2>&1 && echo "$DOCKER_HOST" && return; sleep 0.2; done
    tail -20 "$folder/dockerd.log" >&2
    die "the Engine does not answer at $DOCKER_HOST; its log is $folder/dockerd.log"
}

case "${1:-} $#" in
"fetch 2") fetch "$2" ;;
"start "[3-9] | "start "[1-9][0-9]) start "${@:2}" ;;
"stop 2")
    trap '' INT TERM HUP  # Half stopped, it would leave bridges and mounts to others.
    [[ ! -d $2 ]] || { clear_up "$(cd "$2" && pwd)" && as_root rm -rf "$2"; }
    ;;
*) die "usage: engine.sh fetch VERSION | start FOLDER VERSION [OPTION…] | stop FOLDER" ;;
esac
