"""The budgets of the command: its metadata call and `status`, against Compose's own."""

import os
from pathlib import Path

from measure import Row, in_turn, ms
from stacks import running
from support.command import program, set_up


def metadata():
    word = "docker-cli-plugin-metadata"
    compose = set_up("compose.sh", "2.40")
    ours, peer = in_turn([str(program("docker-dockhand")), word], [compose, word], dict(os.environ))
    ratio = ours.median / peer.median
    return Row("plugin metadata call", "≤ 4 ms, ≤ 8 MiB, ≤ 0.2 × compose",
               f"{ms(ours.median)} {ours.peak_mib:.1f} MiB {ratio:.2f} ×",
               f"{ms(peer.median)} {peer.peak_mib:.1f} MiB",
               ours.median <= 4 and ours.peak_mib <= 8 and ratio <= 0.2)


def status(engine, folder, count):
    """`status` with the probes off, so that no service's own slowness is counted."""
    folder = Path(folder)
    file = folder / "compose.yaml"
    file.write_text(running(count))
    env = engine.env(COMPOSE_PROJECT_NAME=f"bench{count}")
    engine.docker("compose", "-f", file, "up", "-d", "--no-build", env=env, timeout=300)
    try:
        quiet = {**env, "DOCKHAND_PROBES": "false"}
        compose = str(engine.config / "cli-plugins" / "docker-compose")
        ours, peer = in_turn([str(program("docker-dockhand")), "-f", str(file), "status"],
                             [compose, "-f", str(file), "ps"], quiet, runs=31)
    finally:
        engine.docker("compose", "-f", file, "down", "-t", "1", env=env, timeout=300)
    ratio = ours.median / peer.median
    return Row(f"status, {count} containers", "≤ 0.3 × docker-compose ps, ≤ 15 MiB",
               f"{ms(ours.median)} {ours.peak_mib:.1f} MiB {ratio:.2f} ×",
               f"{ms(peer.median)} {peer.peak_mib:.1f} MiB", ratio <= 0.3 and ours.peak_mib <= 15)


def rows(engine, folder):
    yield metadata()
    for count in (2, 50):
        yield status(engine, folder, count)
