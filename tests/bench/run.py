"""Measures Dockhand against its budgets and its peers, in one run, and prints a table.

usage: run.py [plugin|model|lsp|live|yaml]...      (all of them when none is named)

A figure that misses its budget is marked; nothing fails, because a shared machine's speed drifts.
"""

import gc
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import rows_live  # noqa: E402
import rows_lsp  # noqa: E402
import rows_model  # noqa: E402
import rows_plugin  # noqa: E402
from measure import print_report  # noqa: E402
from support.command import program  # noqa: E402
from support.engine import VERSIONS, Engine  # noqa: E402

GROUPS = {"plugin": rows_plugin.rows, "model": rows_model.rows, "lsp": rows_lsp.rows, "live": rows_live.rows}


def main(names):
    unknown = set(names) - {*GROUPS, "yaml"}
    if unknown:
        sys.exit(__doc__)
    wanted = names or [*GROUPS, "yaml"]
    table = []
    if set(wanted) & set(GROUPS):
        engine = Engine(VERSIONS[-1])
        try:
            for name, rows in GROUPS.items():
                if name not in wanted:
                    continue
                with tempfile.TemporaryDirectory() as folder:
                    for row in rows(engine, folder):
                        print(f"  {row.what}: {row.ours}", file=sys.stderr, flush=True)
                        table.append(row)
        finally:
            engine.stop()
        print_report(table)
    if "yaml" in wanted:
        print(flush=True)
        subprocess.run([str(program("yaml_bench"))], check=True)


# The collector's pauses, tens of ms once there are many answers to go through, would count as the
# servers'.
gc.disable()
main(sys.argv[1:])
