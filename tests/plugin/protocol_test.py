"""Docker's contract with its plugins, through the docker command of both versions."""

import json

import pytest
from support.command import run

ROOT_USAGE = "\n\nUsage:  docker dockhand [OPTIONS] COMMAND\n\nRun 'docker dockhand --help' for more information\n"


def usage(verb, rest):
    return f"\n\nUsage:  docker dockhand {verb} {rest}\n\nRun 'docker dockhand {verb} --help' for more information\n"


def test_metadata_is_one_object_in_an_empty_world(docker_dockhand):
    said = run(docker_dockhand, "docker-cli-plugin-metadata", env={}, cwd="/")
    metadata = json.loads(said.out)
    assert metadata["SchemaVersion"] == "0.1.0"
    assert metadata["Vendor"]
    assert said.err == ""
    assert set(metadata) <= {"SchemaVersion", "Vendor", "Version", "ShortDescription", "URL"}


def test_docker_lists_it(engine):
    said = engine.docker("--help").out
    assert [line for line in said.splitlines() if line.split()[:1] == ["dockhand*"]]
    assert "Invalid Plugins" not in said


def test_docker_info_has_no_complaint(engine):
    info = engine.docker("info")
    assert "dockhand" in info.out
    assert not [line for line in (info.out + info.err).splitlines() if "dockhand" in line and "WARNING" in line]


def test_help_in_its_three_forms_is_the_same(engine, dockhand):
    text = dockhand("--help").out
    assert text.startswith("Usage:  docker dockhand [OPTIONS] COMMAND\n\n")
    assert text.endswith("Run 'docker dockhand COMMAND --help' for more information on a command.\n")
    assert engine.docker("help", "dockhand").out == text
    assert engine.docker("--help", "dockhand").out == text
    status = dockhand("status", "--help").out
    assert status.startswith("Usage:  docker dockhand status [OPTIONS] [SERVICE...]\n\n")
    assert engine.docker("help", "dockhand", "status").out == status
    assert dockhand("-h").out == "Flag shorthand -h has been deprecated, use --help\n" + text


@pytest.mark.parametrize("arguments, status, message", [
    (["foo"], 1, "docker: unknown command: docker dockhand foo" + ROOT_USAGE),
    (["--nosuch"], 125, "unknown flag: --nosuch" + ROOT_USAGE),
    (["--context", "x"], 125, "unknown flag: --context" + ROOT_USAGE),
    (["-H", "x"], 125, "unknown shorthand flag: 'H' in -H" + ROOT_USAGE),
    (["status", "--format"], 125, "flag needs an argument: --format" + usage("status", "[OPTIONS] [SERVICE...]")),
    (["version", "x"], 1, "docker: 'docker dockhand version' accepts no arguments" + usage("version", "[OPTIONS]")),
])
def test_wrong_usage(dockhand, arguments, status, message):
    said = dockhand(*arguments, status=status)
    assert said.err == message
    assert said.out == ""


def test_alone_it_works_without_docker_in_front(shop, docker_dockhand):
    env = shop.env()
    assert run(docker_dockhand, "status", "-q", env=env, cwd=shop.folder).out.split()[:2] == ["web", "catalog"]
    assert run(docker_dockhand, "-q", env=env, cwd=shop.folder).out.split()[:2] == ["web", "catalog"]
    assert run(docker_dockhand, "--version", env=env).out.startswith("Dockhand version ")
    assert run(docker_dockhand, "help", "status", env=env).out.startswith("Usage:  docker-dockhand status ")


def complete(engine, cwd, *words):
    return engine.docker("__complete", "dockhand", *words, cwd=cwd).out.splitlines()


# The docker of 20.10 does not ask plugins; the distributions' script does, see below.
@pytest.mark.parametrize("engine", ["28.5"], indirect=True)
def test_completion_through_docker(shop):
    engine, here = shop.engine, shop.folder
    verbs = complete(engine, here, "st")
    assert [line.split("\t")[0] for line in verbs] == ["status", "start", "stop", ":4"]
    assert "\t" in verbs[0]
    services = complete(engine, here, "status", "")
    assert [line.split("\t")[0] for line in services][:3] == ["web", "catalog", "orders"]
    assert services[-1] == ":4"
    assert complete(engine, here, "status", "--format", "") == ["table", "json", ":4"]


def test_completion_through_the_script_of_distributions(shop, docker_dockhand):
    env = {k: v for k, v in shop.env().items() if not k.startswith("DOCKER_CLI")}

    def ask(*words):
        return run(docker_dockhand, "__completeNoDesc", *words, env=env, cwd=shop.folder).out.splitlines()

    assert ask("st") == ["status", "start", "stop", ":4"]
    assert ask("status", "w") == ["web", ":4"]
    assert shop.project in ask("-p", "")


def test_completion_needs_no_engine(docker_dockhand, shop):
    env = shop.env(DOCKER_HOST="unix:///nowhere.sock")
    said = run(docker_dockhand, "__completeNoDesc", "restart", "m", env=env, cwd=shop.folder)
    assert said.out.splitlines() == ["mailer", "migrate", ":4"]
    assert run(docker_dockhand, "__completeNoDesc", "-p", "", env=env).out == ":4\n"


def test_docker_passes_its_global_flags(shop):
    engine = shop.engine
    env = shop.env(DOCKER_HOST="unix:///nowhere.sock")
    said = engine.docker("-H", engine.host, "--log-level=error", "dockhand", "status", "-q", env=env, cwd=shop.folder)
    assert "web" in said.out.split()
    del env["DOCKER_HOST"]
    name = f"ctx-{shop.project}"
    engine.docker("context", "create", name, "--docker", f"host={engine.host}", env=env)
    try:
        said = engine.docker("--context", name, "dockhand", "status", "-q", env=env, cwd=shop.folder)
        assert "web" in said.out.split()
        doctor = engine.docker("-c", name, "dockhand", "doctor", "--format", "json", env=env, status=None)
        endpoint = [row for row in json.loads(doctor.out) if row["Check"] == "endpoint"][0]
        assert endpoint["Detail"].startswith(engine.host) and name in endpoint["Detail"]
    finally:
        engine.docker("context", "rm", name, env=env)


def test_version(dockhand, docker_dockhand):
    metadata = json.loads(run(docker_dockhand, "docker-cli-plugin-metadata").out)
    assert "v" + dockhand("version", "--short").out.strip() == metadata["Version"]
    assert json.loads(dockhand("version", "--format", "json").out)["Version"] == metadata["Version"][1:]
