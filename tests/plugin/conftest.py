"""What the plugin's tests share: `docker dockhand` as a user types it, and screens to compare."""

import difflib
import os
import re
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def dockhand(engine, tmp_path):
    """A function: docker dockhand ARGUMENTS…, in an empty folder unless `cwd` says otherwise."""

    def call(*arguments, **options):
        options.setdefault("cwd", tmp_path)
        return engine.docker("dockhand", *arguments, **options)

    return call


@pytest.fixture
def settled(shop):
    """The demo shop once nothing in it changes any more: payments unhealthy, migrate finished."""
    for service in ("catalog", "orders", "db"):
        shop.wait_for(service, "healthy")
    shop.wait_for("payments", "unhealthy")
    shop.wait_for("migrate", "exited")
    return shop


def masked(text, shop):
    """The text with what differs from run to run replaced by something of the same width."""

    def same_width(word):
        return lambda found: word.ljust(len(found.group(0)))

    text = text.replace(shop.project, "shopXXXXXXXX")
    for name, port in shop.ports.items():
        text = text.replace(f":{port}", ":" + name[:5].ljust(5, "."))
    text = re.sub(r"in <?[\d.]+ m?s\b *", same_width("in N ms"), text)
    text = re.sub(r"\b\d+ checks in a row", "N checks in a row", text)
    text = re.sub(r"\b\d+[smhd](?: \d+[smhd])? ago *", same_width("T ago"), text)
    text = re.sub(r"(?<= )\d+[smhd](?: \d+[smhd])?(?: +|$)", same_width("T"), text, flags=re.MULTILINE)
    text = re.sub(r"\b\d\d:\d\d:\d\d\b", "hh:mm:ss", text)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def check_golden(name, text):
    """Compares with golden/NAME.txt; UPDATE=1 writes it instead."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text)
    expected = path.read_text()
    difference = "".join(difflib.unified_diff(expected.splitlines(True), text.splitlines(True), str(path), "now"))
    assert not difference, "\n" + difference


@pytest.fixture
def golden(shop):
    """A function: compares a text, masked, with a golden file; without its columns where they are as
    wide as what they hold."""

    def check(name, text, columns=True):
        text = masked(text, shop)
        check_golden(name, text if columns else re.sub(r"  +", "  ", text))

    return check
