#!/bin/bash
# Fetches a Neovim that has inlay hints, with the libraries that it was built for.
#
#   neovim.sh [0.10|0.12]
#
# Prints the path of `nvim`.
set -euo pipefail
source "$(dirname "$0")/common.sh"
version=${1:-0.10}
packages=(neovim neovim-runtime libc6 libgcc-s1 libluajit-5.1-2 libmsgpack-c2 libunibilium4
    libuv1t64 lua-lpeg lua-luv)
case $version in
0.10) suite=trixie packages+=(libtree-sitter0.22 libvterm0) ;;
0.12) suite=forky packages+=(libtree-sitter0.26 libutf8proc3) ;;
*) die "no recipe for Neovim $version: 0.10 and 0.12 are known" ;;
esac
root=$("$here/debian_package.sh" "$suite" "$DOCKHAND_CACHE/neovim-$version" "${packages[@]}")
hold "neovim-$version"
if [[ ! -x $root/nvim ]]; then
    libraries=$(dirname "$(find "$root/usr/lib" -name 'libc.so.6' | head -1)")
    loader=$(find "$libraries" -name 'ld-linux-*.so*' | head -1)
    cat >"$root/nvim.new" <<END
#!/bin/sh
export VIMRUNTIME='$root/usr/share/nvim/runtime'
export LUA_CPATH='$libraries/lua/5.1/?.so;;' LUA_PATH='$root/usr/share/lua/5.1/?.lua;;'
exec '$loader' --library-path '$libraries' '$root/usr/bin/nvim' "\$@"
END
    chmod +x "$root/nvim.new"
    mv "$root/nvim.new" "$root/nvim"
fi
echo "$root/nvim"
