"""Patches: RFC 6902 (JSON), RFC 7386 (merge); Kubernetes' strategic merge is in ``strategic``."""

import json
from typing import Any

from flux_cli.core import gojson
from flux_cli.core.api import JSON_PATCH, MERGE
from flux_cli.core.objects import Object
from flux_cli.sandbox import strategic
from flux_cli.sandbox.copying import copied
from flux_cli.sandbox.refusal import Refusal, bad_request


def patched(before: Object, document: Any, kind: str) -> Object:
    """``before`` with the patch of this content type; ``before`` itself is not touched."""
    if kind == JSON_PATCH:
        return _json_patch(before, document)
    if not isinstance(document, dict):
        said = f"json: cannot unmarshal {gojson.kind(document)} into Go value of type map[string]interface {{}}"
        raise bad_request(f"error decoding patch: {said}" if kind == MERGE else said)
    return dict(merged(before, document) if kind == MERGE else strategic.merge(before, document))


def merged(before: Any, patch: Any) -> Any:
    """RFC 7386: objects are merged, null removes, all else replaces. What is not touched is shared with ``before``."""
    if not isinstance(patch, dict):
        return copied(patch)
    out = dict(before) if isinstance(before, dict) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        elif isinstance(value, dict):
            out[key] = merged(out.get(key), value)
        else:
            out[key] = copied(value)
    if "metadata" in out and isinstance(out["metadata"], dict):
        out["metadata"] = dict(out["metadata"])
    return out


def _json_patch(before: Object, document: Any) -> Object:
    if not isinstance(document, list) or not all(isinstance(o, dict) for o in document):
        said = f"json: cannot unmarshal {gojson.kind(document)} into Go value of type []handlers.jsonPatchOp"
        raise bad_request(f"error decoding patch: {said}")
    doc: Any = copied(before)
    for operation in document:
        try:
            doc = _operate(doc, operation)
        except _Fails as err:
            raise Refusal(422, "the server rejected our request due to an error in our request", details={}) from err
    if not isinstance(doc, dict):
        raise Refusal(422, "the server rejected our request due to an error in our request", details={})
    return doc


class _Fails(Exception):
    pass


def _operate(doc: Any, operation: Object) -> Any:
    op, path = operation.get("op"), str(operation.get("path", ""))
    if op in ("move", "copy"):
        value = copied(_read(doc, str(operation.get("from", ""))))
        if op == "move":
            doc = _remove(doc, str(operation["from"]))
        return _add(doc, path, value)
    if op == "test":
        try:
            found = _read(doc, path)
        except _Fails:
            found = None
        if found != operation.get("value"):
            raise _Fails(f"testing value {path} failed: test failed")
        return doc
    if op == "remove":
        return _remove(doc, path)
    value = copied(operation.get("value"))
    if op == "replace":
        return _set(doc, path, value)
    if op == "add":
        return _add(doc, path, value)
    raise _Fails(f"Unexpected kind: {json.dumps(op)}")


def _keys(path: str) -> list[str]:
    if path and not path.startswith("/"):
        raise _Fails(f"jsonpatch path {path} does not start with /")
    return [key.replace("~1", "/").replace("~0", "~") for key in path.split("/")[1:]]


def _read(doc: Any, path: str, why: str = "operation does not apply: doc is missing") -> Any:
    for key in _keys(path):
        if isinstance(doc, dict) and key in doc:
            doc = doc[key]
        elif isinstance(doc, list) and key.lstrip("-").isdigit() and -len(doc) <= int(key) < len(doc):
            doc = doc[int(key)]
        else:
            raise _Fails(f"{why} {'key' if isinstance(doc, dict) else 'path'}: {path}: missing value")
    return doc


def _parent(doc: Any, path: str, op: str) -> tuple[Any, str]:
    keys = _keys(path)
    try:
        return _read(doc, "/".join(["", *(k.replace("~", "~0").replace("/", "~1") for k in keys[:-1])])), keys[-1]
    except _Fails:
        raise _Fails(f'{op} operation does not apply: doc is missing path: "{path}": missing value') from None


def _set(doc: Any, path: str, value: Any) -> Any:
    if not _keys(path):
        return value
    parent, key = _parent(doc, path, "replace")
    if isinstance(parent, list):
        _read(parent, f"/{key}", "replace operation does not apply: doc is missing")
    elif not isinstance(parent, dict):
        raise _Fails(f'replace operation does not apply: doc is missing path: "{path}": missing value')
    parent[int(key) if isinstance(parent, list) else key] = value
    return doc


def _add(doc: Any, path: str, value: Any) -> Any:
    if not _keys(path):
        return value
    parent, key = _parent(doc, path, "add")
    if isinstance(parent, list):
        if key != "-" and not (key.isdigit() and int(key) <= len(parent)):
            raise _Fails(f"add operation does not apply: doc is missing path: {path}: invalid index referenced")
        parent.insert(len(parent) if key == "-" else int(key), value)
    elif isinstance(parent, dict):
        parent[key] = value
    else:
        raise _Fails(f'add operation does not apply: doc is missing path: "{path}": missing value')
    return doc


def _remove(doc: Any, path: str) -> Any:
    parent, key = _parent(doc, path, "remove")
    try:
        del parent[int(key) if isinstance(parent, list) else key]
    except (KeyError, IndexError, ValueError, TypeError):
        raise _Fails(f'remove operation does not apply: doc is missing path: "{path}": missing value') from None
    return doc
