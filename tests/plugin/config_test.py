"""config --resolved: the effective Compose model, and where each value comes from."""

import json

COMPOSE = """\
services:
  web:
    image: nginx:${TAG:-1}
    environment: {API_TOKEN: s3cret}
"""


def test_the_model_is_shown_with_its_provenance(dockhand, tmp_path):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / ".env").write_text("TAG=2\n")
    shown = dockhand("config", "--resolved", "services.web.image")
    assert shown.out == "nginx:2  # compose.yaml:3, TAG from .env:1\n"
    assert "s3cret" not in dockhand("config", "--resolved").out
    assert "s3cret" in dockhand("config", "--resolved", "--show-secrets").out


def test_a_path_as_json_tells_the_chain(dockhand, tmp_path):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "compose.override.yaml").write_text("services: {web: {image: caddy}}\n")
    [value] = json.loads(dockhand("config", "--resolved", "services.web.image", "--format", "json").out)
    assert (value["Path"], value["Value"], value["Line"]) == ("services.web.image", "caddy", 1)
    assert value["File"] == str(tmp_path / "compose.override.yaml")
    assert [(step["Kind"], step["Line"]) for step in value["Chain"]] == [("overrides", 3)]


def test_a_wrong_path_names_the_nearest(dockhand, tmp_path):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    missing = dockhand("config", "--resolved", "services.wbe", status=1)
    assert "did you mean services.web?" in missing.err
    assert "a path needs --resolved" in dockhand("config", "services.web", status=1).err


def test_mistakes_are_told_and_fail(dockhand, tmp_path):
    (tmp_path / "compose.yaml").write_text("services: {web: {image: '${X:?set it}', ports: ['99999']}}\n")
    refused = dockhand("config", "--resolved", "--format", "json", status=1)
    assert refused.out == ""
    assert "compose.yaml:1:26: error: required variable X is missing a value: set it [compose-required-variable]" in refused.err
