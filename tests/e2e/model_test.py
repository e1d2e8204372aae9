"""What the terminal and the editor show comes from the whole model: an override, `extends` from another
file, an include, profiles and variables, on a real Engine and beside Compose's own view."""

import json

import pytest

from support.language_client import LanguageClient

FILES = {
    "compose.yaml": """\
include:
  - parts/store.yaml
services:
  front:
    extends: {file: base.yaml, service: base}
    ports: ["${SHOP_WEB_PORT:?a port}:8080"]
    depends_on:
      - store
  tool:
    image: dockhand/shop
    command: [http]
    profiles: [tools]
""",
    "compose.override.yaml": """\
services:
  front:
    environment: {NAME: overridden}
""",
    "base.yaml": """\
services:
  base:
    image: dockhand/shop
    command: [http]
    environment: {NAME: base}
    stop_grace_period: 1s
""",
    "parts/store.yaml": """\
services:
  store:
    image: dockhand/shop
    command: [store]
    environment: {NAME: store, PORT: 5432}
    stop_grace_period: 1s
""",
}


@pytest.fixture
def stack(make_shop):
    one = make_shop("compose.yaml", up=False)
    for name, text in FILES.items():
        (one.folder / name).parent.mkdir(exist_ok=True)
        (one.folder / name).write_text(text)
    return one.up()


def status(stack, *flags):
    said = stack.engine.docker("dockhand", *flags, "status", "--format", "json", env=stack.env(), cwd=stack.folder)
    return {service["Service"]: service for service in json.loads(said.out)["Services"]}


def test_status_sees_what_compose_started(stack):
    seen = status(stack)
    assert seen.keys() == {"front", "store"} == set(stack.compose("config", "--services").out.split())
    assert seen["front"]["URL"] == stack.url("web")
    assert seen["front"]["Image"] == "dockhand/shop"
    assert seen["store"]["UsedBy"] == ["front"]
    assert status(stack, "--profile", "tools")["tool"]["State"] == "not created"


def test_the_model_is_what_compose_makes_of_it(stack):
    ours = stack.engine.docker("dockhand", "config", "--resolved", "--format", "json", env=stack.env(), cwd=stack.folder)
    assert json.loads(ours.out) == json.loads(stack.compose("config", "--format", "json").out)
    name = stack.engine.docker("dockhand", "config", "--resolved", "services.front.environment.NAME", env=stack.env(),
                               cwd=stack.folder).out
    assert name.startswith("overridden  # compose.override.yaml:3")


def test_the_editor_shows_it_too(stack, dockhand_lsp):
    editor = LanguageClient(dockhand_lsp, env=stack.env(), cwd=stack.folder)
    try:
        editor.initialize()
        uri = (stack.folder / "compose.yaml").as_uri()
        editor.open(uri, FILES["compose.yaml"])
        line = FILES["compose.yaml"].split("\n").index("  front:")
        _, hint = editor.wait_for_hint(uri, line, lambda text: stack.url("web") in text)
        assert "●" in hint
        hover = editor.wait_for_hover(uri, line, 3, "front")
        assert "dockhand/shop" in hover and "store" in hover
    finally:
        editor.close()
