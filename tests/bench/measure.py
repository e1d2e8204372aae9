"""How the benchmarks measure: whole processes from outside, ours and the peer's in
turn, so that a machine whose speed drifts is fair to both. Medians and ratios are what counts."""

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field


@dataclass
class Figures:
    """Samples of one kind, in milliseconds, and the peak memory seen, in MiB."""
    samples: list = field(default_factory=list)
    peak_mib: float = 0.0

    @property
    def median(self):
        return statistics.median(self.samples)

    @property
    def p99(self):
        ordered = sorted(self.samples)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


@dataclass
class Row:
    """One line of the report: a budget, our figure, and the peer's from the same run."""
    what: str
    budget: str
    ours: str
    peer: str
    met: bool


def run_once(argv, env):
    """Runs a program to its end and returns its wall time in ms. Its output is read and dropped."""
    began = time.perf_counter()
    child = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
    while child.stdout.read(65536):
        pass
    status = child.wait()
    wall = (time.perf_counter() - began) * 1000
    child.stdout.close()
    if status != 0:
        raise RuntimeError(f"{' '.join(argv)} exited {status}")
    return wall


def peak_mib(argv, env):
    """The peak memory of a run, in MiB. A child of ours would be counted with what we have ourselves
    until it executes its program, so a smaller one starts it: time(1)."""
    with tempfile.NamedTemporaryFile("r") as figure:
        subprocess.run(["/usr/bin/time", "-f", "%M", "-o", figure.name, *argv], env=env, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return int(figure.read()) / 1024


def in_turn(ours, peer, env, runs=41):
    """Times two programs alternately, after one warm-up of each; returns their Figures."""
    figures = Figures(), Figures()
    for index in range(runs + 1):
        for argv, into in zip((ours, peer), figures):
            wall = run_once(argv, env)
            if index:
                into.samples.append(wall)
    for argv, into in zip((ours, peer), figures):
        into.peak_mib = max(peak_mib(argv, env) for _ in range(3))
    return figures


def idle_cost(pid, seconds):
    """What a process costs while nothing happens: (% of one CPU, wake-ups per second)."""
    def reading():
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        ticks = int(fields[11]) + int(fields[12])
        switches = 0
        for task in os.listdir(f"/proc/{pid}/task"):
            try:
                with open(f"/proc/{pid}/task/{task}/status") as status:
                    switches += sum(int(line.split()[1]) for line in status
                                    if line.startswith("voluntary_ctxt_switches"))
            except FileNotFoundError:
                pass
        return ticks, switches

    ticks, switches = reading()
    began = time.monotonic()
    time.sleep(seconds)
    ticks_after, switches_after = reading()
    passed = time.monotonic() - began
    cpu = (ticks_after - ticks) / os.sysconf("SC_CLK_TCK") / passed * 100
    return cpu, (switches_after - switches) / passed


def resident_mib(pid):
    """Resident memory of a process and its descendants, in MiB."""
    children = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as stat:
                parent = int(stat.read().rsplit(")", 1)[1].split()[1])
            children.setdefault(parent, []).append(int(entry))
        except (FileNotFoundError, ProcessLookupError):
            pass
    total, todo = 0, [pid]
    while todo:
        current = todo.pop()
        todo += children.get(current, [])
        try:
            with open(f"/proc/{current}/status") as status:
                total += sum(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total / 1024


def ms(value):
    return f"{value:.1f} ms" if value < 100 else f"{value:.0f} ms"


def print_report(rows):
    """The table of budgets. A missed one is marked; the figures speak, nothing fails."""
    widths = [max(len(getattr(row, name)) for row in rows) for name in ("what", "ours", "peer", "budget")]
    for row in rows:
        mark = " " if row.met else "✕"
        print(f"{mark} {row.what:<{widths[0]}}  {row.ours:>{widths[1]}}  {row.peer:>{widths[2]}}  {row.budget}")
    missed = sum(not row.met for row in rows)
    print(f"\n{len(rows) - missed} of {len(rows)} budgets met")
