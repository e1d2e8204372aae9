"""Compose projects as text: what tests/conformance/corpus is made of.

A corpus file holds a family of cases. It begins with comments that say what the family is about; then
each case is

    === name
    # The rule that it shows, in a sentence.
    args: -f a.yaml --profile dev      Compose's global flags, quoted as for a shell
    env: A=1 B='two words'             variables beside PATH and HOME
    cwd: sub                           where the command runs, below the project's directory
    refused: web db|database           Compose refuses it; our messages have each of these words, or
                                       point at a place that has
    differs: 2.40                      this Compose answers otherwise than the newest one
    shows: merge:services.*.command    what of tests/conformance/rules_test.py it proves
    unordered: services.a.volumes      lists whose order is chance in Compose's answer
    -- compose.yaml --
    services: …

and so on: `-- PATH --` begins a file, `-- PATH/ --` makes a directory, `-- LINK -> TARGET --` a link,
`-- - --` is standard input. `-- PATH (escaped) --` joins its lines and then reads escapes as in
Python's strings, for line ends and the like; `\\udcff` is the byte ff. `$ROOT` in args and env is the
folder above the project's.

    -- each --
    80
    "x:80" !! services.a.ports
    81:80 ~~ 2.26

makes one case of each line, which takes the place of `@@` in the files and headers; behind `!!` are the
words of a refusal, behind `~~` the versions that differ.
"""

import json
import re
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path

SECTION = re.compile(r"^-- (.+?) --$")
HEADER = re.compile(r"^(args|env|cwd|refused|differs|shows|unordered): +(.+)$")
EACH = re.compile(r"^(?P<value>.*?)(?: +!! (?P<refused>.*?))?(?: +~~ (?P<differs>[\d. ]+))?$")


@dataclass(frozen=True)
class Case:
    name: str
    files: dict  # Path to text, as bytes; in the order in which they are written.
    args: tuple = ()
    env: dict = field(default_factory=dict)
    cwd: str = "."
    refused: tuple | None = ()  # Words, each perhaps with alternatives behind `|`; None: as it comes.
    differs: tuple = ()  # Versions like "2.40".
    shows: tuple = ()
    unordered: tuple = ()

    def text(self):
        """All that an answer depends on."""
        files = {path: data.decode("latin-1") for path, data in self.files.items()}
        return json.dumps([files, self.args, self.env, self.cwd])

    def write(self, root):
        """Writes the project below `root`; returns the directory in which its command runs."""
        project = Path(root) / "project"
        (Path(root) / "home").mkdir(parents=True)
        project.mkdir()
        for path, data in self.files.items():
            link, arrow, target = path.partition(" -> ")
            place = project / link
            if path == "-":
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            if arrow:
                place.symlink_to(target)
            elif path.endswith("/"):
                place.mkdir(exist_ok=True)
            else:
                place.write_bytes(data)
        return project / self.cwd

    @property
    def stdin(self):
        return self.files.get("-", b"")


def _escaped(lines):
    return "".join(lines).encode("latin-1", "backslashreplace").decode("unicode_escape").encode("utf-8", "surrogateescape")


def _read_case(name, lines, where):
    headers, sections, section = {}, {}, None
    for number, line in lines:
        begins, header = SECTION.match(line), HEADER.match(line)
        if begins:
            section = begins[1]
            assert section not in sections, f"{where}:{number}: {section} is there twice"
            sections[section] = []
        elif section is not None:
            sections[section].append(line)
        elif header:
            assert header[1] not in headers, f"{where}:{number}: {header[1]} is there twice"
            headers[header[1]] = header[2]
        else:
            assert not line or line.startswith("#"), f"{where}:{number}: neither a header nor a comment: {line}"
    values = sections.pop("each", None)
    if values is None:
        return [_make_case(name, headers, sections)]
    cases = []
    for line in filter(None, values):
        found = EACH.match(line)
        value = found["value"]
        words = {key: text.replace("@@", value) for key, text in headers.items()}
        words.update({key: found[key] for key in ("refused", "differs") if found[key]})
        files = {path.replace("@@", value): [text.replace("@@", value) for text in body] for path, body in sections.items()}
        cases.append(_make_case(f"{name}={value}", words, files))
    return cases


def _make_case(name, headers, sections):
    files = {}
    for section, body in sections.items():
        while body and not body[-1]:
            body = body[:-1]
        path, escaped, _ = section.partition(" (escaped)")
        files[path] = _escaped(body) if escaped else "".join(line + "\n" for line in body).encode()
    split = {key: tuple(headers.get(key, "").split()) for key in ("refused", "differs", "shows", "unordered")}
    env = dict(pair.partition("=")[::2] for pair in shlex.split(headers.get("env", "")))
    return Case(name, files, tuple(shlex.split(headers.get("args", ""))), env, headers.get("cwd", "."), **split)


def read_family(path, name):
    """The cases of one corpus file; each name begins with the family's."""
    cases, case, lines = [], None, []
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if line.startswith("=== "):
            if case:
                cases += _read_case(case, lines, path)
            case, lines = f"{name}/{line[4:].strip()}", []
        elif case:
            lines.append((number, line))
        else:
            assert not line or line.startswith("#"), f"{path}:{number}: before the first case"
    return cases + (_read_case(case, lines, path) if case else [])


def read_corpus(folder):
    """All cases below a folder, by name."""
    cases = []
    for path in sorted(Path(folder).rglob("*.txt")):
        cases += read_family(path, str(path.relative_to(folder).with_suffix("")))
    names = [case.name for case in cases]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, f"two cases have one name: {sorted(twice)}"
    return cases
