"""YAML as Go's tools read it: YAML 1.1 words, ``1e3`` is a number, ``12:30`` and dates are text, keys become strings as in
JSON."""

from collections.abc import Iterator
from typing import Any

from flux_cli.core.goscalars import TEXT, format_float, resolve

DEPTH = 900  # collections within collections; Go allows 10,000, no manifest has a hundred
ALIASED = 100_000  # values in a small document once its aliases are written out


class YamlError(ValueError):
    """Text that is not YAML; the message is Go's: ``yaml: line 2: mapping values are not allowed in this context``."""


def load(text: str) -> Any:
    """The value of the first document; None where there is none."""
    return next(load_all(text), None)


def load_all(text: str, *, letters: bool = False) -> Iterator[Any]:
    """The values of a stream's documents, as JSON can hold them. Raises YamlError where the text breaks, after what came before.

    ``letters``: a lone y or n is text, as every writer but Go's takes it to be.
    """
    import yaml

    if _looks_deep(text) and _depth(text) > DEPTH:
        raise YamlError("yaml: document is nested too deeply")
    try:
        if "&" not in text:
            yield from _plain_documents(_loader(letters)(text))
            return
        for value in yaml.load_all(text, Loader=_loader(letters)):
            if _expanded(value, {}) > max(ALIASED, 10 * len(text)):
                raise YamlError("yaml: document contains excessive aliasing")
            yield _jsonable(value)
    except yaml.MarkedYAMLError as err:
        raise YamlError(_problem(err)) from err
    except yaml.reader.ReaderError as err:
        raise YamlError("yaml: control characters are not allowed") from err
    except RecursionError as err:
        raise YamlError("yaml: document is nested too deeply") from err


def _plain_documents(loader: Any) -> Iterator[Any]:
    """The documents of a text without anchors, built from their nodes: three times as quick as the library's constructors."""
    try:
        while loader.check_node():
            yield _plain(loader, loader.get_node())
    finally:
        loader.dispose()


def _plain(loader: Any, node: Any) -> Any:
    tag, value = node.tag, node.value
    if tag == _STR:
        return value
    if tag == _GO:
        return resolve(value)
    if tag == _MAP and not any(isinstance(key.value, list) or key.tag == _MERGE for key, _ in value):
        return {key.value if key.tag == _STR else _key(_plain(loader, key)): _plain(loader, below) for key, below in value}
    if tag == _SEQ:
        return [_plain(loader, below) for below in value]
    return _jsonable(loader.construct_object(node, True))


def _looks_deep(text: str) -> bool:
    """Whether nesting beyond what the library survives is possible at all: it ends the process on deep documents."""
    if "- " * 200 in text or "? " * 200 in text or " " * DEPTH in text:
        return True
    openers = text.count("[") + text.count("{") - text.count("[]") - text.count("{}")
    return openers > DEPTH


def _depth(text: str) -> int:
    """How deep the collections nest, by events, which needs no stack; counting ends where it is too deep anyway."""
    import yaml

    depth = deepest = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            deepest = max(deepest, depth)
            if deepest > DEPTH:
                break
    except yaml.YAMLError:
        pass  # told when it is read
    return deepest


def _expanded(value: Any, sizes: dict[int, int]) -> int:
    """How many values this is once every alias is written out."""
    if not isinstance(value, dict | list | tuple | set):
        return 1
    if id(value) not in sizes:
        parts = value.values() if isinstance(value, dict) else value
        sizes[id(value)] = 1 + sum(_expanded(part, sizes) for part in parts)
    return sizes[id(value)]


_TAG = "tag:yaml.org,2002:"
_STR, _GO, _MAP, _SEQ, _MERGE = (_TAG + name for name in ("str", "go", "map", "seq", "merge"))
_made: dict[bool, Any] = {}


def _loader(letters: bool) -> Any:
    """The loader class, made on first use: importing the YAML library costs what most commands do not need."""
    if letters in _made:
        return _made[letters]
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class GoLoader(base):  # type: ignore[misc]
        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            if kind is yaml.ScalarNode and implicit[0]:
                if value == "<<":
                    return _MERGE
                text = resolve(value) is TEXT or (letters and value in ("y", "Y", "n", "N"))
                return _STR if text else _GO
            return _STR if kind is yaml.ScalarNode else _MAP if kind is yaml.MappingNode else _SEQ

    def other(loader: Any, suffix: str, node: Any) -> Any:  # noqa: ARG001 - the library's signature
        if isinstance(node, yaml.ScalarNode):
            return node.value
        return (
            loader.construct_sequence(node, True) if isinstance(node, yaml.SequenceNode) else loader.construct_mapping(node, True)
        )

    GoLoader.add_constructor(_TAG + "go", lambda loader, node: resolve(node.value))
    for name in ("bool", "int", "float", "null"):
        GoLoader.add_constructor(_TAG + name, lambda loader, node: resolve(node.value))
    GoLoader.add_constructor(_TAG + "timestamp", lambda loader, node: node.value)
    GoLoader.add_multi_constructor("", other)
    _made[letters] = GoLoader
    return GoLoader


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {_key(key): _jsonable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set):
        return [_jsonable(entry) for entry in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return None if value is TEXT else value


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int):
        return str(key)
    if isinstance(key, float):
        return format_float(key)
    raise YamlError(f"yaml: a mapping key cannot be {'null' if key is None else 'a collection'}")


def _problem(err: Any) -> str:
    """Go tells the line of the problem, or of its context, and counts scanner errors from one."""
    import yaml

    scanner = isinstance(err, yaml.scanner.ScannerError)
    line = err.problem_mark.line if err.problem_mark else 0
    if "nesting depth" in str(err.problem):  # newer readers look themselves
        return "yaml: document is nested too deeply"
    if line:
        line += 1 if scanner else 0
    elif err.context_mark:
        line = err.context_mark.line
    where = f"line {line}: " if line else ""
    return f"yaml: {where}{err.problem or 'unknown problem parsing YAML content'}"
