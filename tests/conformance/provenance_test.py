"""Every value's origin is the place to edit: changing just those bytes changes just the values that
claim them, over the whole corpus."""

import argparse
import json
import os

from support.command import program, run

# The most places, of all that are edited, where the experiment cannot tell: texts that have no
# neighbour which the loader accepts; texts that decide which entries of two lists are one, or what
# another text means; texts of which many mean the same.
MOST = {"wrong": 0, "untouchable": 0.05, "deciding": 0.03, "blunt": 0.01}


def question(case, root):
    """The case as provenance_probe wants to be asked."""
    flags = argparse.ArgumentParser(allow_abbrev=False)
    flags.add_argument("-f", "--file", dest="files", action="append", default=[])
    flags.add_argument("-p", "--project-name", default="")
    flags.add_argument("--project-directory", default="")
    flags.add_argument("--profile", dest="profiles", action="append", default=[])
    flags.add_argument("--env-file", dest="env_files", action="append", default=[])
    known, _ = flags.parse_known_args([word.replace("$ROOT", root) for word in case.args])
    env = {"HOME": f"{root}/home", **{key: value.replace("$ROOT", root) for key, value in case.env.items()}}
    return {"name": case.name, "cwd": str(case.write(root)), "stdin": case.stdin.decode(errors="replace"),
            "env": env, **vars(known)}


def test_editing_an_origin_changes_what_claims_it(corpus, tmp_path):
    questions = []
    for number, case in enumerate(case for case in corpus if not case.refused):
        root = os.path.realpath(tmp_path / str(number))
        questions.append(json.dumps(question(case, root)))
    said = run(program("provenance_probe"), stdin="\n".join(questions), timeout=300).out
    reports = [json.loads(line) for line in said.splitlines()]
    assert len(reports) == len(questions)
    found = {verdict: [f"{report['name']}: {place}" for report in reports for place in report[verdict]]
             for verdict in ("proven", *MOST)}
    proven = len(found["proven"])
    assert proven > 1000
    for verdict, most in MOST.items():
        places = found[verdict]
        assert len(places) <= most * proven, f"{verdict}: {len(places)} of {proven}\n" + "\n".join(places[:40])
