"""Every rule has a case that shows it. A rule is a row of the table of merge rules, a form of
interpolation, a short form, a merge tag or a way to use anchors; a case names the rules it shows in
its `shows:`. Whether a case really shows a merge rule is proved where it can be: two of its files say
something at the rule's place."""

import re

import pytest

from support.command import ROOT

TABLE = ROOT / "core" / "compose" / "merge_rules.cpp"
CATALOGUE = ROOT / "core" / "compose" / "spec" / "catalogue.yaml"

FORMS = ["bare", "braced", ":-", "-", ":?", "?", ":+", "+", "$$", "lonely", "malformed", "nested"]
SHORT_FORMS = ["additional_contexts", "build", "command", "configs", "depends_on", "devices", "env_file", "extends",
               "extra_hosts", "gpus", "healthcheck.test", "include", "models", "networks", "ports", "secrets", "ssh",
               "sysctls", "ulimits", "volumes"]
OTHERS = ["tag:reset", "tag:override", "anchors:merge", "anchors:merge-list"]


def merge_rules():
    return re.findall(r'^    \{"([\w.*]+)", MergeRule::\w+, UniqueBy::\w+\},$', TABLE.read_text(), re.MULTILINE)


def rules():
    return ([f"merge:{path}" for path in merge_rules()] + [f"interpolation:{form}" for form in FORMS] +
            [f"short:{form}" for form in SHORT_FORMS] + OTHERS)


# Shapes of what no Compose reads that we compare with: the newest format's jobs, and our own x-dev.
BEYOND = ["job", "triggers", "schedule-form", "x-dev", "health-probe-form", "project-x-dev"]
BEYOND_KEYS = ["jobs", "x-dev", "x-dockhand"]


def catalogue_keys():
    """Each key of the catalogue as (shape, key), except those that are newer than any Compose here."""
    found, shape, depth = [], None, None
    for line in CATALOGUE.read_text().splitlines():
        indent = len(line) - len(line.lstrip())
        begins, key = re.match(r"  ([\w-]+):", line), re.match(r" +([\w.-]+):(.*)", line)
        shape = begins[1] if begins else shape
        if line.strip() == "keys:":
            depth = indent + 2
        elif line.strip() and depth and indent < depth:
            depth = None
        elif key and indent == depth and shape not in BEYOND and key[1] not in BEYOND_KEYS:
            found.append((shape, key[1], key[2]))
    return [(shape, key) for shape, key, rest in found if not re.search(r"since: (5\.[6-9]|[6-9])", rest)]


def test_every_key_is_accepted_somewhere(corpus):
    """Each key of the Compose format stands in a case that Compose accepts."""
    keys = catalogue_keys()
    seen = {name.decode() for case in corpus if not case.refused for data in case.files.values()
            for name in re.findall(rb"[\w.-]+(?=:)", data)}
    assert len(keys) > 200
    missing = [f"{key} of {shape}" for shape, key in keys if key not in seen]
    assert not missing, f"no case has {missing}"


def test_the_table_is_understood():
    lines = [line for line in TABLE.read_text().splitlines() if "MergeRule::" in line and "UniqueBy::" in line]
    assert len(merge_rules()) >= 40 and len(merge_rules()) == len([line for line in lines if line.startswith("    {")])


@pytest.mark.parametrize("rule", rules())
def test_has_a_case(rule, corpus):
    assert any(rule in case.shows for case in corpus), f"no case of the corpus shows {rule}"


def test_cases_show_what_there_is(corpus):
    unknown = {rule for case in corpus for rule in case.shows} - set(rules())
    assert not unknown, f"no such rules: {sorted(unknown)}"


@pytest.mark.parametrize("path", merge_rules())
def test_merge_cases_lay_one_over_another(path, corpus):
    """Of the cases for a merge rule at least one names the key in two of its files."""
    key = [part for part in path.split(".") if part != "*"][-1]
    word = re.compile(rf"\b{key}:".encode())
    shown = [case for case in corpus if f"merge:{path}" in case.shows]
    assert any(sum(bool(word.search(data)) for data in case.files.values()) >= 2 for case in shown)
