"""``spec.ignore`` of a Kustomization: fields that drift detection does not look at, by JSON pointer."""

import copy
import re
from collections.abc import Mapping
from typing import Any

from flux_cli.core import objects
from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text


def without_ignored(obj: Object, wanted: Object, rules: list[Object]) -> Object:
    """A copy without the fields of every rule whose target selects ``wanted``."""
    paths = [path for rule in rules if selects(dig(rule, "target", {}), wanted) for path in items(rule, "paths")]
    if not paths:
        return obj
    made = copy.deepcopy(obj)
    for path in paths:
        if isinstance(path, str):
            _remove(made, [part.replace("~1", "/").replace("~0", "~") for part in path.strip("/").split("/")])
    return made


def selects(target: Any, obj: Object) -> bool:
    """kustomize's selector: anchored patterns for group, version, kind, name, namespace; label and annotation selectors."""
    if not isinstance(target, Mapping):
        return True
    group, _, version = text(obj, "apiVersion").rpartition("/")
    fields = {
        "group": group, "version": version, "kind": text(obj, "kind"), "name": name_of(obj), "namespace": namespace_of(obj),
    }  # fmt: skip
    for field, value in fields.items():
        pattern = text(target, field)
        if pattern and not _matches(pattern, value):
            return False
    return _selected(text(target, "labelSelector"), objects.labels(obj)) and _selected(
        text(target, "annotationSelector"), objects.annotations(obj)
    )


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:
        return False


def _selected(selector: str, there: Mapping[str, Any]) -> bool:
    """Equality and existence, joined by commas; sets in parentheses as well."""
    for part in re.split(r",(?![^()]*\))", selector):
        term = part.strip()
        if not term:
            continue
        found = re.fullmatch(r"(\S+)\s+(in|notin)\s*\(([^)]*)\)", term)
        if found:
            values = {value.strip() for value in found[3].split(",")}
            ok = (there.get(found[1]) in values) == (found[2] == "in")
        elif "!=" in term:
            key, _, value = term.partition("!=")
            ok = there.get(key.strip()) != value.strip()
        elif "=" in term:
            key, _, value = term.replace("==", "=").partition("=")
            ok = there.get(key.strip()) == value.strip()
        else:
            ok = (term.removeprefix("!").strip() in there) != term.startswith("!")
        if not ok:
            return False
    return True


def _remove(node: Any, parts: list[str]) -> None:
    *way, last = parts
    for part in way:
        node = _step(node, part)
    if isinstance(node, dict):
        node.pop(last, None)
    elif isinstance(node, list) and last.isdigit() and int(last) < len(node):
        del node[int(last)]


def _step(node: Any, part: str) -> Any:
    if isinstance(node, dict):
        return node.get(part)
    if isinstance(node, list) and part.isdigit() and int(part) < len(node):
        return node[int(part)]
    return None
