"""Takes the pictures of the README again, from real runs: docs/status.svg and docs/neovim.svg.

usage: /usr/bin/python3 docs/pictures.py      (after ./dev test editors, which fetches what it needs)
"""

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "editors")]

from neovim_test import Neovim  # noqa: E402
from support.command import program  # noqa: E402
from support.engine import PORTS, VERSIONS, Engine, Shop  # noqa: E402
from support.picture import svg  # noqa: E402
from support.terminal import Terminal  # noqa: E402


def shop_with_usual_ports(engine, folder):
    """The demo shop under its own name and ports, as a reader would see it."""
    shop = Shop(engine, folder)
    shop.project, shop.ports = "shop", dict(PORTS)
    (shop.folder / ".env").unlink()
    return shop.up()


def draw_status(shop):
    with Terminal(shop.engine.bin / "docker", "dockhand", "status", env=shop.env(), cwd=shop.folder, columns=96,
                  rows=24) as terminal:
        terminal.wait_for_end()
        (ROOT / "docs/status.svg").write_text(svg(terminal.screen, "docker dockhand status"))


def draw_neovim(shop, folder):
    editor = Neovim("0.12", shop, program("dockhand-lsp"), folder, "payments", columns=104, rows=43)
    try:
        editor.command("set nohlsearch laststatus=0 noruler")
        editor.wait_for("payments", "▲")
        time.sleep(6)  # A round of probes.
        editor.terminal.read(1)
        (ROOT / "docs/neovim.svg").write_text(svg(editor.terminal.screen, "compose.yaml in Neovim, with live hints"))
        editor.quit()
    finally:
        editor.close()


def main():
    engine = Engine(VERSIONS[-1])
    try:
        with tempfile.TemporaryDirectory() as folder:
            shop = shop_with_usual_ports(engine, Path(folder) / "shop")
            try:
                for service, state in (("orders", "healthy"), ("payments", "unhealthy")):
                    shop.wait_for(service, state, 60)
                time.sleep(5)
                draw_status(shop)
                draw_neovim(shop, Path(folder))
            finally:
                shop.down()
    finally:
        engine.stop()


main()
