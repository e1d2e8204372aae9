"""What tests of the language server ask for."""

import os

import pytest

from support.language_client import LanguageClient


@pytest.fixture
def client(dockhand_lsp):
    """A function that starts a server: client(env=…, settings=…, arguments=[…])."""
    opened = []

    def start(env, settings=None, arguments=(), cwd=None):
        opened.append(LanguageClient(dockhand_lsp, *arguments, env=env, settings=settings, cwd=cwd))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.fixture
def no_engine(tmp_path):
    """An environment in which no Docker Engine can be reached."""
    kept = {k: os.environ[k] for k in ("PATH", "LD_LIBRARY_PATH") if k in os.environ}
    return {**kept, "HOME": str(tmp_path), "DOCKER_HOST": f"unix://{tmp_path}/none.sock", "LANG": "C.UTF-8"}


@pytest.fixture
def quiet(client, no_engine):
    """A server that was initialized, without an Engine."""
    one = client(no_engine)
    one.initialize()
    return one
