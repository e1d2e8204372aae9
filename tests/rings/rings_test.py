"""The rings hold: what ARCHITECTURE.md allows to know what, and nothing else. Three ways to break
them are looked for: what CMake links, what the sources include, and what would compile."""

import json
import re
import shlex
import subprocess

import pytest

from support.command import ROOT, run

# Innermost first; a part may use every ring before its own.
RINGS = [
    {"base"},
    {"io", "yaml"},
    {"compose", "spec", "engine"},
    {"check", "topology", "health", "telemetry", "traces", "actions"},
    {"live"},
    {"explain"},
]
WITHIN_A_RING = {"health": {"topology"}, "actions": {"topology"}}
FACES = {"plugin", "lsp"}

# What only core/io may use: files, processes, sockets, terminals.
WORLD = re.compile(
    r"(sys/(?!types\.h)|netinet/|arpa/|boost/(process|asio|filesystem)|linux/)|"
    r"(httplib|netdb|poll|fcntl|unistd|dirent|spawn|termios|pthread|signal|csignal|fstream|filesystem)(\.h)?$")
# What writes to a terminal: only plugin/ shows anything there, and it does so through io/stdio.
PRINTS = re.compile(r"(iostream|ostream|cstdio|stdio\.h|fmt/printf\.h|fmt/ostream\.h|fmt/color\.h)$")
# Words of the protocol, which only lsp/ knows.
LSP_WORDS = re.compile(r'"(textDocument|workspace|window|client)/\w+|"jsonrpc"|"Content-Length: ')


def folders():
    """Each part of core/ with its folder, which may lie in that of another part."""
    return {file.parent.name: file.parent for file in (ROOT / "core").glob("*/**/CMakeLists.txt")}


def parts():
    return set(folders())


def paths_without_io():
    return [str(folders()[part].relative_to(ROOT)) for part in sorted(parts() - {"io"})]


def allowed(part):
    ring = next(i for i, names in enumerate(RINGS) if part in names)
    return set().union(*RINGS[:ring]) | WITHIN_A_RING.get(part, set())


def sources(folder):
    """The sources of a folder, those of parts inside it left out."""
    inside = [other for other in folders().values() if (ROOT / folder) in other.parents]
    return sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in (".h", ".cpp")
                  and not any(other in path.parents for other in inside))


def reaches_through(what):
    """True for "compose/check/check.h": a part is included under its own name alone."""
    return any(folder in (ROOT / "core" / what).parents for folder in folders().values()
               if folder.parent != ROOT / "core")


def includes(path):
    """Each include of a file as (line number, what, True for quotes)."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if found:
            yield number, found[2], found[1] == '"'


def code_lines(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        yield number, line.split("//")[0]


def wrong(path, number, words):
    return f"{path.relative_to(ROOT)}:{number}: {words}"


def ring_in_cmake(part):
    text = (folders()[part] / "CMakeLists.txt").read_text()
    found = re.search(r"dockhand_core\(\s*(\w+)(.*?)\)", text, re.S)
    assert found and found[1] == part, f"the CMakeLists.txt of {part} does not call dockhand_core({part} …)"
    words = found[2].split()
    if "RING" not in words:
        return set()
    after = words[words.index("RING") + 1:]
    return set(after[:after.index("USES")] if "USES" in after else after)


def test_every_part_has_its_ring():
    unknown = parts() - set().union(*RINGS)
    assert parts() and not unknown, f"name the ring of {unknown} in this test and in ARCHITECTURE.md"


@pytest.mark.parametrize("part", sorted(parts()))
def test_links_only_inwards(part):
    assert ring_in_cmake(part) <= allowed(part)
    text = (folders()[part] / "CMakeLists.txt").read_text()
    assert not re.search(r"target_(include_directories|link_libraries)", text), "a way around dockhand_core"


@pytest.mark.parametrize("part", sorted(parts()))
def test_core_includes_only_inwards(part):
    may = allowed(part) | {part}
    broken = []
    for path in sources(folders()[part]):
        for number, what, quoted in includes(path):
            if quoted and what.split("/")[0] not in may:
                broken.append(wrong(path, number, f'"{what}": core/{part} may include {sorted(may)}'))
            if ".." in what.split("/") or (quoted and ("/" not in what or reaches_through(what))):
                broken.append(wrong(path, number, f'"{what}": write it as "part/file.h"'))
            if not quoted and what.split("/")[0] in parts() | FACES:
                broken.append(wrong(path, number, f"<{what}>: ours are included in quotes"))
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("face", sorted(FACES))
def test_faces_do_not_know_each_other(face):
    assert sources(face), f"{face}/ is empty"
    broken = [wrong(path, number, f'"{what}": of no part of core/, and not of {face}/ itself')
              for path in sources(face) for number, what, quoted in includes(path)
              if ".." in what.split("/") or (quoted and what.split("/")[0] not in parts() | {face})
              or reaches_through(what)]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("folder", paths_without_io() + sorted(FACES))
def test_only_io_touches_the_world(folder):
    broken = [wrong(path, number, f"<{what}>: only core/io may")
              for path in sources(folder) for number, what, quoted in includes(path)
              if not quoted and WORLD.match(what)]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("folder", paths_without_io() + ["lsp"])
def test_only_the_plugin_prints(folder):
    broken = [wrong(path, number, f"<{what}>: only plugin/ prints")
              for path in sources(folder) for number, what, quoted in includes(path)
              if not quoted and PRINTS.match(what)]
    broken += [wrong(path, number, line.strip()) for path in sources(folder) for number, line in code_lines(path)
               if re.search(r"\bstd::(cout|cerr|clog)\b|\bf?printf\(|fmt::print\b", line)]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("folder", paths_without_io() + ["core/io", "plugin"])
def test_only_lsp_knows_lsp(folder):
    broken = [wrong(path, number, line.strip()) for path in sources(folder)
              for number, line in code_lines(path) if LSP_WORDS.search(line)]
    assert not broken, "\n".join(broken)


@pytest.fixture(scope="module")
def compile_flags(tmp_path_factory):
    """For each part of core/, the include directories that its own sources are compiled with."""
    build = tmp_path_factory.mktemp("rings")
    run("cmake", "-S", ROOT, "-B", build, "-G", "Ninja", "-DDOCKHAND_TESTS=OFF", timeout=120)
    flags = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        found = re.search(r"/core/(?:\w+/)*(\w+)/[^/]+\.cpp$", entry["file"])
        if found:
            words = [word for word in shlex.split(entry["command"]) if not word.endswith("ccache")]
            flags[found[1]] = [words[0]] + [word for word in words if word.startswith(("-I", "-std"))]
    return flags


@pytest.mark.seconds(300)
@pytest.mark.parametrize("part", sorted(parts()))
def test_a_wrong_include_does_not_compile(part, compile_flags):
    """The compiler finds the headers of the parts that it links, and none that is not further in."""
    for other in sorted(parts()):
        header = next(path for path in sources(folders()[other]) if path.suffix == ".h")
        line = f'#include "{other}/{header.name}"\n'
        said = subprocess.run([*compile_flags[part], "-M", "-x", "c++", "-"], input=line.encode(),
                              capture_output=True, check=False, timeout=60)
        outcome = said.stderr.decode()
        if other == part or other in ring_in_cmake(part):
            assert said.returncode == 0, f"core/{part} cannot include {line}{outcome}"
        elif other not in allowed(part):
            assert said.returncode != 0 and "No such file" in outcome, f"core/{part} can include {line}"
