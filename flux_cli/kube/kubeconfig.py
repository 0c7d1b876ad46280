"""Kubeconfig files: found, read and merged as client-go does it. What they say is judged in ``config``."""

from __future__ import annotations

import os

from flux_cli.core import quickjson
from flux_cli.core.errors import ConfigError
from flux_cli.core.record import Record
from flux_cli.core.text import one_line
from flux_cli.kube import plain, shapes
from flux_cli.kube.shapes import kind_of, wrong_shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SECTIONS = {"clusters": "cluster", "users": "user", "contexts": "context"}
LIMIT = 32 << 20  # bytes


class Entry(Record):
    """A cluster, user or context as its file has it, of the right shape. ``file``: where it stands, for paths and messages."""

    data: Mapping[str, Any]
    file: str = ""
    where: str = ""  # which entry this is, for messages: ``cluster "lab": ``
    given: frozenset[str] = frozenset()  # keys that flags gave: their paths are relative to the working folder

    def path(self, key: str) -> str:
        """A file name of this entry, relative ones taken from the folder of the kubeconfig that names it; empty where unset."""
        name = self.text(key)
        if not name or not self.file or key in self.given or os.path.isabs(name):
            return name
        return os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(self.file)), name))

    def text(self, key: str) -> str:
        return self.data.get(key) or ""

    def flag(self, key: str) -> bool:
        return bool(self.data.get(key))

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(item or "" for item in self.data.get(key) or ())


class Kubeconfig(Record):
    """All files merged: the first that defines a name, or the current context, wins. ``files`` were read."""

    clusters: dict[str, Entry]
    users: dict[str, Entry]
    contexts: dict[str, Entry]
    current: str
    files: tuple[str, ...]
    looked: tuple[str, ...]


def load(explicit: str, environ: Mapping[str, str]) -> Kubeconfig:
    """``explicit`` (--kubeconfig) must exist and stands alone; else KUBECONFIG's list, else ~/.kube/config, missing ones skipped.

    Raises ConfigError for a file that cannot be read or is no kubeconfig.
    """
    if explicit:
        _must_exist(explicit)
        paths = [explicit]
    elif listed := environ.get("KUBECONFIG", ""):
        paths = [path for path in dict.fromkeys(listed.split(os.pathsep)) if path]
    else:
        home = environ.get("HOME", "")
        paths = [os.path.join(home, ".kube", "config")] if home else []
    merged = Kubeconfig({}, {}, {}, "", (), tuple(paths))
    problems = []
    for path in paths:
        try:
            merged = _with_file(merged, path)
        except ConfigError as err:
            problems.append(err)
    if problems:
        text = str(problems[0]) if len(problems) == 1 else f"[{', '.join(map(str, problems))}]"
        raise ConfigError(text, hint=problems[0].hint)
    return merged


def _must_exist(path: str) -> None:
    try:
        os.stat(path)
    except (OSError, ValueError) as err:
        words = err.strerror.lower() if isinstance(err, OSError) and err.strerror else "invalid argument"
        raise ConfigError(f"stat {path}: {words}") from None


def _with_file(merged: Kubeconfig, path: str) -> Kubeconfig:
    text = _read(path)
    if text is None:
        return merged
    document = _document(text, path)
    if not isinstance(document, dict):
        raise wrong_shape(path, f"it holds {kind_of(document)}, not a mapping", "Is this a kubeconfig?")
    shapes.check(document, shapes.DOCUMENT, "", path)
    for key, wanted in (("kind", "Config"), ("apiVersion", "v1")):
        if document.get(key) not in (None, "", wanted):
            shown = one_line(str(document[key]), 60)
            raise wrong_shape(path, f'its {key} is "{shown}", not "{wanted}"', "This file is something else than a kubeconfig.")
    for section, word in SECTIONS.items():
        known: dict[str, Entry] = getattr(merged, section)
        for name, entry in _entries(document.get(section), section, word, path).items():
            known.setdefault(name, entry)
    current = Entry(document, path).text("current-context")
    return merged._replace(current=merged.current or current, files=(*merged.files, path))


def _read(path: str) -> str | None:
    """The file's text; None where there is no such file."""
    try:
        with open(path, "rb") as file:
            data = file.read(LIMIT + 1)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as err:
        words = err.strerror.lower() if isinstance(err, OSError) and err.strerror else str(err)
        step = "read" if isinstance(err, IsADirectoryError) else "open"
        raise wrong_shape(path, f"{step} {path}: {words}") from None
    if len(data) > LIMIT:
        raise wrong_shape(path, f"it is larger than {LIMIT >> 20} MB", "Is this a kubeconfig?")
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as err:
        raise wrong_shape(path, f"byte {err.start} is not UTF-8 text", "Is this a kubeconfig?") from None


def _document(text: str, path: str) -> Any:
    if text.lstrip().startswith("{"):
        try:
            return quickjson.loads(text)
        except (ValueError, RecursionError):
            pass  # flow style YAML begins like that too
    quick = plain.read(text)
    if quick is not None:
        return quick
    from flux_cli.core.goyaml_load import load as load_yaml

    try:
        found = load_yaml(text)
    except ValueError as err:
        raise wrong_shape(path, one_line(str(err), 300), "The file is not valid YAML there.") from None
    except RecursionError:
        raise wrong_shape(path, "yaml: nested too deep") from None
    return {} if found is None else found


def _entries(listed: Any, section: str, word: str, path: str) -> dict[str, Entry]:
    """The named entries of a section. A name that stands twice in one file is an error, as in client-go."""
    if listed is None:
        return {}
    if not isinstance(listed, list):
        raise wrong_shape(path, f"{section} must be a list, not {kind_of(listed)}")
    found: dict[str, Entry] = {}
    for index, item in enumerate(listed):
        where = f"{section}[{index}]"
        if item is not None and not isinstance(item, dict):
            raise wrong_shape(path, f"{where} must be a mapping, not {kind_of(item)}")
        name, data = (item or {}).get("name"), (item or {}).get(word)
        name, data = "" if name is None else name, {} if data is None else data
        if not isinstance(name, str):
            raise wrong_shape(path, f"{where}.name must be a text, not {kind_of(name)}", "Put the value in quotes.")
        if not isinstance(data, dict):
            raise wrong_shape(path, f"{where}.{word} must be a mapping, not {kind_of(data)}")
        if name in found:
            raise wrong_shape(path, f'{section} names "{name}" twice', "Rename or remove one of the two.")
        found[name] = Entry(data, path, f'{word} "{name}": ')
        shapes.check(data, shapes.ENTRIES[word], found[name].where, path)
    return found
