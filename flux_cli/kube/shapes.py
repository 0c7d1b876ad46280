"""What a kubeconfig holds where. A whole file is judged as it is read, used or not, for client-go does so, too.

Nothing at all (null) may stand anywhere, and unknown keys are passed over.
"""

from __future__ import annotations

import binascii

from flux_cli.core.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Rule = Callable[[Any, str, str], None]  # value, where it stands, file


def wrong_shape(path: str, what: str, hint: str = "") -> ConfigError:
    return ConfigError(f'error loading config file "{path}": {what}', hint=hint)


def kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    names = {dict: "a mapping", list: "a list", str: "a text", int: "a number", float: "a number", type(None): "nothing"}
    return names.get(type(value), "something else")


def check(data: Mapping[str, Any], shape: Mapping[str, Rule], where: str, path: str) -> None:
    """Raises ConfigError for the first value that is not what its key wants. ``where`` goes before keys in messages."""
    for key, rule in shape.items():
        if (value := data.get(key)) is not None:
            rule(value, where + key, path)


def decoded(text: str, where: str, path: str) -> bytes:
    """Base64 as Go reads it: line breaks are passed over. Raises ConfigError."""
    try:
        return binascii.a2b_base64(text.replace("\n", "").replace("\r", ""), strict_mode=True) if text else b""
    except (binascii.Error, ValueError):
        key = where.rpartition(" ")[2]
        raise wrong_shape(
            path,
            f"{where} is not base64: illegal base64 data",
            f"{key} holds a whole PEM file in base64; a path belongs into {key.removesuffix('-data')}.",
        ) from None


def _text(value: Any, where: str, path: str) -> None:
    if not isinstance(value, str):
        raise wrong_shape(path, f"{where} must be a text, not {kind_of(value)}", "Put the value in quotes.")


def _flag(value: Any, where: str, path: str) -> None:
    if not isinstance(value, bool):
        raise wrong_shape(path, f"{where} must be true or false, not {kind_of(value)}")


def _data(value: Any, where: str, path: str) -> None:
    _text(value, where, path)
    decoded(value, where, path)


def _anything(_value: Any, _where: str, _path: str) -> None:
    """Extensions belong to others."""


def _mapping(shape: Mapping[str, Rule]) -> Rule:
    def rule(value: Any, where: str, path: str) -> None:
        if not isinstance(value, dict):
            raise wrong_shape(path, f"{where} must be a mapping, not {kind_of(value)}")
        check(value, shape, f"{where}.", path)

    return rule


def _list_of(inner: Rule) -> Rule:
    def rule(value: Any, where: str, path: str) -> None:
        if not isinstance(value, list):
            raise wrong_shape(path, f"{where} must be a list, not {kind_of(value)}")
        for index, item in enumerate(value):
            if item is not None:
                inner(item, f"{where}[{index}]", path)

    return rule


def _named(inner: Rule) -> Rule:
    """A mapping with any keys."""

    def rule(value: Any, where: str, path: str) -> None:
        _mapping({})(value, where, path)
        for key, item in value.items():
            if item is not None:
                inner(item, f"{where}.{key}", path)

    return rule


_TEXTS = _list_of(_text)
_EXTENSIONS = _list_of(_mapping({"name": _text, "extension": _anything}))
_EXEC: dict[str, Rule] = {
    "command": _text,
    "args": _TEXTS,
    "env": _list_of(_mapping({"name": _text, "value": _text})),
    "apiVersion": _text,
    "installHint": _text,
    "provideClusterInfo": _flag,
    "interactiveMode": _text,
}
DOCUMENT: dict[str, Rule] = {
    "kind": _text,
    "apiVersion": _text,
    "preferences": _mapping({"colors": _flag, "extensions": _EXTENSIONS}),
    "current-context": _text,
    "extensions": _EXTENSIONS,
}
ENTRIES: dict[str, dict[str, Rule]] = {
    "cluster": {
        "server": _text,
        "tls-server-name": _text,
        "insecure-skip-tls-verify": _flag,
        "certificate-authority": _text,
        "certificate-authority-data": _data,
        "proxy-url": _text,
        "disable-compression": _flag,
        "extensions": _EXTENSIONS,
    },
    "user": {
        "client-certificate": _text,
        "client-certificate-data": _data,
        "client-key": _text,
        "client-key-data": _data,
        "token": _text,
        "tokenFile": _text,
        "as": _text,
        "as-uid": _text,
        "as-groups": _TEXTS,
        "as-user-extra": _named(_TEXTS),
        "username": _text,
        "password": _text,
        "auth-provider": _mapping({"name": _text, "config": _named(_text)}),
        "exec": _mapping(_EXEC),
        "extensions": _EXTENSIONS,
    },
    "context": {"cluster": _text, "user": _text, "namespace": _text, "extensions": _EXTENSIONS},
}
