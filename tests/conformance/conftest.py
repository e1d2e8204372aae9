"""The corpus, and the Compose that it is held against."""

from pathlib import Path

import pytest

from support.compose import Compose, ask, ask_all
from support.project_case import read_corpus
from support.project_generator import generate

CORPUS = Path(__file__).parent / "corpus"
counts = {}


def pytest_addoption(parser):
    parser.addoption("--compose", default="2.40", help="the version of Compose to compare with (2.40)")
    parser.addoption("--generated", type=int, default=120, help="how many generated projects to compare (120)")


def pytest_generate_tests(metafunc):
    if "case" in metafunc.fixturenames:
        cases = read_corpus(CORPUS) + generate(metafunc.config.getoption("generated"))
        metafunc.parametrize("case", cases, ids=[case.name for case in cases])


@pytest.fixture(scope="session")
def corpus():
    return read_corpus(CORPUS)


@pytest.fixture(scope="session")
def cases(request):
    """Those of this run."""
    return [item.callspec.params["case"] for item in request.session.items
            if hasattr(item, "callspec") and "case" in item.callspec.params]


@pytest.fixture(scope="session")
def compose(request, cases):
    """The Compose of --compose, which has been asked about every case of this run already."""
    one = Compose(request.config.getoption("compose"))
    one.prepare(cases)
    counts["version"] = one.version
    return one


@pytest.fixture(scope="session")
def ours(docker_dockhand, cases):
    """Our answer to each case of this run, by its name."""

    def answer(case):
        return ask(case, str(docker_dockhand), *case.args, "config", "--resolved", "--format", "json")

    return dict(zip((case.name for case in cases), ask_all(cases, answer)))


def pytest_runtest_logreport(report):
    if report.when == "call" and "::test_equal[" in report.nodeid:
        counts["all"] = counts.get("all", 0) + 1
        counts["equal"] = counts.get("equal", 0) + report.passed


def pytest_terminal_summary(terminalreporter):
    if "all" in counts:
        terminalreporter.write_line(
            f"conformance: {counts['equal']} of {counts['all']} projects equal (Compose {counts.get('version')})")
