"""Ignore rules as source-controller reads them: gitignore lines, the last one that matches decides.

Where the library behind Flux differs from Git (a name pattern matches any part of a path, ``a**b`` matches nothing) so do we.
"""

import os
import pathlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

FILE = ".sourceignore"
VCS = (".git/", ".gitignore", ".gitmodules", ".gitattributes")
BINARIES = ("*.jpg", "*.jpeg", "*.gif", "*.png", "*.wmv", "*.flv", "*.tar.gz", "*.zip")
CI = (
    ".github/", ".circleci/", ".travis.yml", ".gitlab-ci.yml", "appveyor.yml", ".drone.yml", "cloudbuild.yaml",
    "codeship-services.yml", "codeship-steps.yml",
)  # fmt: skip
TOOLS = ("**/.goreleaser.yml", "**/.sops.yaml", "**/.flux.yaml")


class Pattern(NamedTuple):
    """One line. ``domain``: the folder it stands in, as parts; ``parts``: the pattern between slashes."""

    parts: tuple[str, ...]
    include: bool
    only_dirs: bool
    domain: tuple[str, ...]

    def matches(self, path: Sequence[str], is_dir: bool) -> bool:
        depth = len(self.domain)
        if len(path) <= depth or tuple(path[:depth]) != self.domain:
            return False
        rest = list(path[depth:])
        return self._path(rest, is_dir) if len(self.parts) > 1 else self._name(rest, is_dir)

    def _name(self, path: list[str], is_dir: bool) -> bool:
        for i, name in enumerate(path):
            if _glob(self.parts[0], name):
                return not (self.only_dirs and not is_dir and i == len(path) - 1)
        return False

    def _path(self, path: list[str], is_dir: bool) -> bool:
        matched = anywhere = False
        for i, part in enumerate(self.parts):
            if not part:
                anywhere = False
            elif part == "**":
                if i == len(self.parts) - 1:
                    break
                anywhere = True
            elif "**" in part or not path:
                return False
            elif anywhere:
                anywhere = False
                found = next((at for at, name in enumerate(path) if _glob(part, name)), None)
                matched = found is not None
                path = path[found + 1 :] if found is not None else []
            elif _glob(part, path[0]):
                matched, path = True, path[1:]
            else:
                return False
        return matched and not (self.only_dirs and not is_dir and not path)


def parse(lines: Iterable[str], domain: Sequence[str] = ()) -> list[Pattern]:
    """The patterns of a file's lines; comments and empty lines are left out."""
    out = []
    for raw in lines:
        line = raw.rstrip("\r\n")
        if not line.strip() or line.startswith("#"):
            continue
        include = line.startswith("!")
        line = line[1:] if include else line
        line = line if line.endswith("\\ ") else line.rstrip(" ")
        only_dirs = line.endswith("/")
        line = line[:-1] if only_dirs else line
        out.append(Pattern(tuple(line.split("/")), include, only_dirs, tuple(domain)))
    return out


def ignored(patterns: Sequence[Pattern], path: Sequence[str], is_dir: bool) -> bool:
    """Whether the file or folder at ``path`` (parts below the domain's root) is left out."""
    for pattern in reversed(patterns):
        if pattern.matches(path, is_dir):
            return not pattern.include
    return False


def read_tree(root: pathlib.Path) -> list[Pattern]:
    """The rules of every ``.sourceignore`` in and below ``root``, each for its own folder. Raises OSError."""
    out: list[Pattern] = []
    for folder, dirs, files in os.walk(root):
        dirs[:] = sorted(d for d in dirs if d != ".git")
        if FILE in files:
            domain = pathlib.Path(folder).relative_to(root).parts
            out += parse(pathlib.Path(folder, FILE).read_text(errors="replace").splitlines(), domain)
    return out


def _glob(pattern: str, name: str) -> bool:
    found = _compiled(pattern)
    return found is not None and found.fullmatch(name) is not None


_CLASS = re.compile(r"\[(\^?)((?:(?:\\.|[^\\\]-])(?:-(?:\\.|[^\\\]-]))?)+)\]", re.DOTALL)
_RANGE = re.compile(r"(\\.|[^\\])(?:-(\\.|[^\\]))?", re.DOTALL)


def _class(found: "re.Match[str]") -> str:
    """Go's ``[a-z]``: no bare hyphen or bracket within; a range that runs backwards holds nothing."""
    parts = [(low[-1], (high or low)[-1]) for low, high in _RANGE.findall(found[2])]
    body = "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in parts if low <= high)
    if not body:
        return "." if found[1] else "(?!)"
    return f"[{found[1]}{body}]"


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> "re.Pattern[str] | None":
    """Go's filepath.Match as a regular expression; None where the pattern is malformed."""
    out, i = [], 0
    while i < len(pattern):
        char = pattern[i]
        if char == "*":
            out.append("[^/]*")
        elif char == "?":
            out.append("[^/]")
        elif char == "[":
            found = _CLASS.match(pattern, i)
            if not found:
                return None
            out.append(_class(found))
            i = found.end() - 1
        elif char == "\\":
            i += 1
            if i >= len(pattern):
                return None
            out.append(re.escape(pattern[i]))
        else:
            out.append(re.escape(char))
        i += 1
    try:
        return re.compile("".join(out), re.DOTALL)
    except re.error:
        return None
