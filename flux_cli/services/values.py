"""The values a HelmRelease ends up with, and the variables of a Kustomization: inline ones and those from ConfigMaps and
Secrets."""

import base64
from collections.abc import Iterator
from typing import Any

from flux_cli.core import gojson
from flux_cli.core.api import CONFIG_MAP, SECRET, Cluster
from flux_cli.core.errors import ApiError, FluxError, NotFound
from flux_cli.core.goyaml_load import YamlError, load
from flux_cli.core.objects import Object, dig, items, namespace_of, text
from flux_cli.services.value_paths import set_literal, set_path

_RESOURCES = {"ConfigMap": CONFIG_MAP, "Secret": SECRET}


def merged(base: Any, over: Any) -> Any:
    """Maps merge key by key, anything else replaces what was there; ``null`` stays."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    return {**base, **{key: merged(base[key], value) if key in base else value for key, value in over.items()}}


def release_values(cluster: Cluster, release: Object, secrets: set[str] | None = None) -> Object:
    """What Helm is given: ``spec.valuesFrom`` in order, then ``spec.values`` over it.

    ``secrets`` hears the texts that come from Secrets.
    Raises FluxError with the controller's message where a reference that is not optional cannot be resolved.
    """
    inline = dig(release, "spec.values", {})
    inline = whole_numbers(inline) if isinstance(inline, dict) else {}
    result: Object = {}
    for ref in items(release, "spec.valuesFrom"):
        data = _referenced(cluster, namespace_of(release), ref)
        if data is None:
            continue
        try:
            if secrets is not None and text(ref, "kind") == "Secret":
                secrets.update(_texts(data if text(ref, "targetPath") else _parsed(data)))
            if text(ref, "targetPath"):
                result = _copy(merged(result, inline))
                _place(result, text(ref, "targetPath"), data, literal=dig(ref, "literal") is True)
            else:
                result = merged(result, _parsed(data))
        except FluxError as err:
            raise FluxError(_unresolved(namespace_of(release), ref, str(err))) from err
    found: Object = merged(result, inline)
    return found


def _texts(value: Any) -> Iterator[str]:
    """Every text within a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _texts(entry)


def _referenced(cluster: Cluster, namespace: str, ref: Object) -> str | None:
    """The text behind one ``valuesFrom``; None where it is optional and missing."""
    optional = dig(ref, "optional") is True
    resource = _RESOURCES.get(text(ref, "kind"))
    if resource is None:
        raise FluxError(_unresolved(namespace, ref, "unsupported values reference kind"))
    try:
        holder = cluster.get(resource, namespace, text(ref, "name"))
    except NotFound as err:
        if optional:
            return None
        raise FluxError(_unresolved(namespace, ref, str(err))) from err
    except ApiError as err:
        raise FluxError(_unresolved(namespace, ref, str(err))) from err
    data = _data(holder)
    key = text(ref, "valuesKey") or "values.yaml"
    if key not in data:
        if optional:
            return None
        raise FluxError(_unresolved(namespace, ref, "key not found"))
    return data[key]


def _data(holder: Object) -> dict[str, str]:
    """A ConfigMap's or a Secret's data as text. What is no UTF-8 has its bad bytes replaced."""
    found = dig(holder, "data", {})
    if not isinstance(found, dict):
        return {}
    if holder.get("kind") != "Secret":
        return {key: value for key, value in found.items() if isinstance(value, str)}
    out = {}
    for key, value in found.items():
        try:
            out[key] = base64.b64decode(value or "").decode("utf-8", "replace")
        except (ValueError, TypeError):
            continue
    return out


def _unresolved(namespace: str, ref: Object, why: str) -> str:
    optional = " optional" if dig(ref, "optional") is True else ""
    kind = f" {text(ref, 'kind')}" if text(ref, "kind") else ""
    key = text(ref, "valuesKey") or "values.yaml"
    return f"could not resolve{optional}{kind} chart values reference '{namespace}/{text(ref, 'name')}' with key '{key}': {why}"


def _place(values: Object, path: str, value: str, *, literal: bool) -> None:
    """``targetPath`` follows Helm's ``--set``; a value in quotes stays a string, a literal one is not looked into."""
    if literal:
        set_literal(values, path, value)
    elif any(value[:1] == quote == value[-1:] for quote in "'\""):
        set_path(values, path, value.strip("'\""), as_string=True)
    else:
        set_path(values, path, value)


def _parsed(data: str) -> Object:
    try:
        found = load(data)
    except YamlError as err:
        raise FluxError(f"error converting YAML to JSON: {err}") from err
    if found is None:
        return {}
    if not isinstance(found, dict):
        kind = gojson.kind(found)
        raise FluxError(f"error unmarshaling JSON: json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}")
    whole: Object = whole_numbers(found)
    return whole


def whole_numbers(value: Any) -> Any:
    """Numbers as they come out of Go's JSON, which knows floats only: ``1e6`` and ``1.0`` are 1000000 and 1.

    Of a whole number beyond 2**53 the digits stay that tell its float from the next.
    """
    if isinstance(value, dict):
        return {key: whole_numbers(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [whole_numbers(entry) for entry in value]
    if isinstance(value, int) and 53 < value.bit_length() < 1024:
        value = float(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        from decimal import Decimal

        return int(Decimal(repr(value)))
    return value


def _copy(value: Any) -> Any:
    """Maps anew, so that setting a path does not reach into the release itself."""
    return {key: _copy(entry) for key, entry in value.items()} if isinstance(value, dict) else value


def post_build_vars(cluster: Cluster, kustomization: Object) -> dict[str, str]:
    """``substituteFrom`` in order, then ``substitute`` over it, newlines removed. Raises FluxError in the controller's words."""
    post_build = dig(kustomization, "spec.postBuild")
    if not isinstance(post_build, dict):
        raise FluxError("no post build substitutions found")
    found: dict[str, str] = {}
    for ref in items(post_build, "substituteFrom"):
        kind, name = text(ref, "kind"), text(ref, "name")
        if kind not in _RESOURCES:
            continue
        try:
            holder = cluster.get(_RESOURCES[kind], namespace_of(kustomization), name)
        except NotFound as err:
            if dig(ref, "optional") is True:
                continue
            raise FluxError(f"substitute from '{kind}/{name}' error: {err}") from err
        except ApiError as err:
            raise FluxError(f"substitute from '{kind}/{name}' error: {err}") from err
        found.update(_data(holder))
    inline = dig(post_build, "substitute", {})
    found.update({key: value for key, value in inline.items() if isinstance(value, str)} if isinstance(inline, dict) else {})
    return {key: value.replace("\n", "") for key, value in found.items()}
