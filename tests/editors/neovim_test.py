"""The compose file of a running shop in a real Neovim: what stands on the screen, before and after a
container dies, and how a code action brings it back."""

import re
import subprocess
import time
from pathlib import Path

import pytest

from support.command import ROOT, set_up
from support.terminal import Terminal

VERSIONS = ("0.10", "0.12")
ESCAPE = "\x1b"


class Neovim:
    """Neovim with nothing but our plugin, a file open at a line that holds `at`."""

    def __init__(self, version, shop, server, folder, at, columns=120, rows=40):
        self.program = set_up("neovim.sh", version)
        self.folder = Path(folder)
        init = self.folder / "init.lua"
        init.write_text(f"""
            vim.g.dockhand = {{ cmd = {{ '{server}' }} }}
            vim.opt.runtimepath:prepend('{ROOT}/editors/neovim')
            vim.opt.number, vim.opt.swapfile, vim.opt.scrolloff = true, false, 5
            vim.opt.shortmess:append('I')
        """)
        xdg = {f"XDG_{kind}_HOME": str(self.folder / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        env = shop.env(**xdg)
        # The editor and its screen are two processes: started through a loader of its own libraries,
        # Neovim cannot find itself to start the one from the other.
        socket = self.folder / "nvim.sock"
        self.core = subprocess.Popen(
            [self.program, "--headless", "--listen", socket, "--clean", "-u", init, f"+/^  {at}:",
             shop.folder / "compose.yaml"], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while not socket.exists():
            assert time.monotonic() < end and self.core.poll() is None, "Neovim did not start"
            time.sleep(0.05)
        self.terminal = Terminal(self.program, "--server", socket, "--remote-ui", env=env, columns=columns, rows=rows)

    def command(self, text):
        self.terminal.send(f"{ESCAPE}:{text}\r")

    def line(self, service):
        """What stands in the line of a service's key, hints included."""
        return next((line for line in self.terminal.lines if re.match(rf"\D*\d+   {service}:", line)), "")

    def wait_for(self, service, words, seconds=40):
        self.terminal.wait_for(lambda _: words in self.line(service), seconds)
        return self.line(service)

    def act(self, title):
        self.command("lua vim.lsp.buf.code_action({apply = true, filter = function(action) "
                     f"return action.title == '{title}' end}})")

    def show(self, title):
        """Keeps the screen for whoever wants to look at it."""
        picture = f"--- {title}\n{self.terminal.text}\n"
        print(picture)
        with (self.folder / "screens.txt").open("a") as screens:
            screens.write(picture)

    def quit(self):
        self.command("qa!")
        self.terminal.wait_for_end()
        assert self.core.wait(10) == 0

    def close(self):
        self.terminal.close()
        self.core.kill()
        self.core.wait()


@pytest.fixture(params=VERSIONS)
def neovim(request, dockhand_lsp, tmp_path):
    opened = []

    def start(shop, at):
        opened.append(Neovim(request.param, shop, dockhand_lsp, tmp_path, at))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.mark.seconds(300)
def test_hints_follow_the_stack_and_a_code_action_mends_it(neovim, make_shop):
    stack = make_shop("compose.yaml", up=False).up("payments", "cache")
    editor = neovim(stack, "payments")
    healthy = editor.wait_for("payments", "● healthy")
    assert stack.url("payments", "/charge") in healthy and "↑ orders" in healthy
    assert "○ not created" in editor.wait_for("mailer", "○")
    editor.show("before")

    stack.engine.docker("kill", stack.container("payments"))
    dead = editor.wait_for("payments", "✕ exited 137")
    assert "healthy" not in dead
    editor.show("payments was killed")

    editor.act("Start payments")
    editor.wait_for("payments", "● healthy")
    editor.show("started by code action")

    editor.act("Restart payments")
    editor.wait_for("payments", "◐ starting")
    editor.wait_for("payments", "● healthy")
    editor.show("restarted by code action")
    editor.quit()


@pytest.mark.seconds(200)
def test_hover_and_diagnostics(neovim, make_shop):
    stack = make_shop("compose.yaml", up=False).up("cache")
    editor = neovim(stack, "cache")
    editor.wait_for("cache", "● running")
    editor.command("normal! ^")
    editor.command("lua vim.lsp.buf.hover()")
    editor.terminal.wait_for(stack.container("cache"))
    editor.show("hover")
    assert "used by catalog" in editor.terminal.text.replace("*", "")
    editor.command("normal! j")  # Away from the name, so that the window goes.
    stack.engine.docker("kill", stack.container("cache"))
    editor.wait_for("cache", "✕ exited 137")
    editor.command("lua for _, one in ipairs(vim.diagnostic.get(0)) do "
                   "if one.code == 'exited' then vim.print('found ' .. one.code) end end")
    editor.terminal.wait_for("found exited")
    editor.quit()


@pytest.mark.seconds(120)
def test_other_yaml_files_have_no_server(neovim, make_shop, tmp_path):
    stack = make_shop("compose.yaml", up=False)
    (stack.folder / "values.yaml").write_text("services:\n  web: {}\n")
    editor = neovim(stack, "web")
    editor.wait_for("web", "○ not created")
    editor.command("edit values.yaml")
    editor.command("lua vim.print('clients ' .. #vim.lsp.get_clients({bufnr = 0}))")
    editor.terminal.wait_for("clients 0")
    editor.quit()
