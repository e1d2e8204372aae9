"""Runs the cases of core/engine that talk to a real Engine, once for each version."""

import re

import pytest

from support.command import program, run


@pytest.mark.seconds(180)
def test_core_engine_on_a_real_engine(engine):
    done = run(program("engine_test"), "--test-suite=real engine", "--no-colors", timeout=170,
               env=engine.env(DOCKHAND_TEST_ENGINES=engine.host))
    assert int(re.search(r"test cases:\s+(\d+)", done.out)[1]) > 0, done
