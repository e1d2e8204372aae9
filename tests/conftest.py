"""What every test may ask for: engines, the demo shop, terminals. A missing part fails, never skips."""

import signal

import pytest

from support.command import program
from support.engine import VERSIONS, Engine, Shop, sweep
from support.terminal import Terminal


def pytest_sessionstart():
    # A shell lets what it runs in the background ignore Ctrl-C, and so would every program we start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Ended by a signal, a session still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("ended by a signal", returncode=143))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} skipped itself, and what is missing must be seen: {report.longrepr}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    """Bounds every test: what hangs fails where it hangs."""
    marker = item.get_closest_marker("seconds")
    limit = marker.args[0] if marker else 60

    def too_late(*_):
        raise AssertionError(f"took more than {limit} s")

    before = signal.signal(signal.SIGALRM, too_late)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def docker_dockhand():
    """The path of the plugin's program."""
    return program("docker-dockhand")


@pytest.fixture(scope="session")
def dockhand_lsp():
    """The path of the language server's program."""
    return program("dockhand-lsp")


@pytest.fixture(scope="session")
def engine_of():
    """A function from a version to its Engine. Each is started when first asked for."""
    sweep()
    started = {}

    def get(version):
        if version not in started:
            started[version] = Engine(version)
        return started[version]

    yield get
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    for one in started.values():
        one.stop()


@pytest.fixture(scope="session", params=VERSIONS)
def engine(request, engine_of):
    """A private Engine: the test runs once with each version."""
    return engine_of(request.param)


@pytest.fixture(scope="session")
def new_engine(engine_of):
    """The newer Engine alone, for what does not depend on the version."""
    return engine_of(VERSIONS[-1])


@pytest.fixture(scope="module")
def shop(engine, tmp_path_factory):
    """The demo stack as it comes, payments unhealthy; up once for all tests of a file: leave it as
    you found it, or ask for `make_shop`."""
    stack = Shop(engine, tmp_path_factory.mktemp("shop"))
    try:
        yield stack.up()
    finally:
        stack.down()


@pytest.fixture
def make_shop(engine, tmp_path):
    """A function that makes further stacks, for tests that break them; down when the test ends."""
    made = []

    def make(*files, up=True):
        stack = Shop(engine, tmp_path / f"shop{len(made)}", *([files] if files else []))
        made.append(stack)
        return stack.up() if up else stack

    yield make
    for stack in made:
        stack.down()


@pytest.fixture
def terminal():
    """A function that runs a program on a pty: terminal(argv…, env=…, columns=80, rows=24)."""
    opened = []

    def open_terminal(*argv, **options):
        opened.append(Terminal(*argv, **options))
        return opened[-1]

    yield open_terminal
    for one in opened:
        one.close()
