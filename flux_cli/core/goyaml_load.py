"""YAML as Go's tools read it: YAML 1.1 words, ``1e3`` is a number, ``12:30`` and dates are text, keys become strings as in JSON."""

from collections.abc import Iterator
from typing import Any

from flux_cli.core.goscalars import TEXT, format_float, resolve


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

    try:
        for value in yaml.load_all(text, Loader=_loader(letters)):  # noqa: S506 - a subclass of the safe loader
            yield _jsonable(value)
    except yaml.MarkedYAMLError as err:
        raise YamlError(_problem(err)) from err
    except yaml.reader.ReaderError as err:
        raise YamlError("yaml: control characters are not allowed") from err
    except RecursionError as err:
        raise YamlError("yaml: document is nested too deeply") from err


_TAG = "tag:yaml.org,2002:"
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
                    return _TAG + "merge"
                text = resolve(value) is TEXT or (letters and value in ("y", "Y", "n", "N"))
                return _TAG + ("str" if text else "go")
            return super().resolve(kind, value, (False, False))

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
    if line:
        line += 1 if scanner else 0
    elif err.context_mark:
        line = err.context_mark.line
    where = f"line {line}: " if line else ""
    return f"yaml: {where}{err.problem or 'unknown problem parsing YAML content'}"
