"""Our model of a project is Compose's own: the same JSON where it accepts, the same fault where it
refuses, and no error where it has none."""

import json
import os
import re
from pathlib import Path

import pytest

from support.compose import PLACE, differences

NEWEST = "5.5"
SHOWN = 8  # Differences of a case that are printed.
NEAR = 3  # Names before the place of a finding that it is taken to speak of.
# What the newest Compose says to the cases on which the one at hand differs.
ANSWERS = Path(__file__).parent / "answers-5.5.json"


@pytest.fixture(scope="session")
def newest_answers():
    return json.loads(ANSWERS.read_text()) if ANSWERS.exists() else {}


def expected(case, compose, newest_answers):
    """The model that is right for the case, None for a refusal; and what Compose said."""
    answer = compose.answer(case)
    if not any(compose.version.startswith(version) for version in case.differs):
        return answer.as_newest(), answer.err
    model = newest_answers[case.name]
    assert differences(model, answer.as_newest()), f"Compose {compose.version} agrees with {NEWEST}: take the version off `differs`"
    return model, answer.err


def said_by(ours, case):
    """The words of our messages, and what they point at: the line as far as there, and the value."""
    said = ours.err
    for path, line, column in re.findall(r"^(\S+?):(\d+):(\d+): error:", ours.err, re.MULTILINE):
        data = case.files.get(os.path.normpath(path.removeprefix(f"{PLACE}/project/")), b"")
        lines = data.decode("utf-8", "replace").splitlines()[:int(line)]
        if not lines:
            continue
        before, behind = "\n".join(lines[:-1] + [lines[-1][:int(column) - 1]]), lines[-1][int(column) - 1:]
        said += "\n" + " ".join(re.findall(r"[\w.-]+", before)[-NEAR:] + re.findall(r"[\w.$/-]+", behind)[:1])
    return said.lower()


def test_equal(case, compose, newest_answers, ours):
    model, said = expected(case, compose, newest_answers)
    if case.refused is not None:
        assert (model is None) == bool(case.refused), f"Compose says:\n{said}"
    ours = ours[case.name]
    if model is None:
        assert ours.status != 0, f"accepted, though Compose says:\n{said}"
        said_here = said_by(ours, case)
        missing = [word for word in case.refused or ()
                   if not any(one.lower() in said_here for one in word.split("|"))]
        assert not missing, f"nothing about {missing} in:\n{ours.err}\nCompose says:\n{said}"
        return
    assert ours.status == 0, f"refused:\n{ours.err}"
    assert not re.search(r"\berror\b:", ours.err), f"a false alarm:\n{ours.err}"
    found = differences(model, ours.model, case.unordered)
    assert not found, "\n".join(found[:SHOWN] + ([f"… and {len(found) - SHOWN} more"] if found[SHOWN:] else []))


def test_answers_of_the_newest(corpus, compose, newest_answers):
    """They are there for just the cases that need them, and are what the newest says. UPDATE=1 with
    the newest Compose writes them."""
    cases = [case for case in corpus if case.differs]
    newest = compose.version.startswith(NEWEST)
    if newest:
        compose.prepare(cases)
        said = {case.name: compose.answer(case).as_newest() for case in cases}
        if os.environ.get("UPDATE"):
            ANSWERS.write_text(json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
        else:
            assert newest_answers == said
    else:
        assert newest_answers.keys() == {case.name for case in cases}
