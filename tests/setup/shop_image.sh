#!/bin/bash
# Compiles the demo shop's one program, when its source has changed, and builds its image
# dockhand/shop on the Engine that the docker command in PATH talks to.
#
#   shop_image.sh
set -euo pipefail
source "$(dirname "$0")/common.sh"
service=$here/../stacks/shop/service

hold shop-image
if [[ ! $service/shop -nt $service/shop.cpp ]]; then
    # What the compiler says is shown only when it fails: it warns of name look-ups that a static
    # program cannot do, which the shop has no need of.
    said=$("${CXX:-g++}" -std=c++20 -O2 -static -s -o "$service/shop.new" "$service/shop.cpp" 2>&1) ||
        die "$said"
    mv "$service/shop.new" "$service/shop"
fi
# The classic builder: the newer one is a plugin that Debian's docker lacks.
said=$(DOCKER_BUILDKIT=0 docker build --quiet --tag dockhand/shop "$service" 2>&1) || die "$said"
