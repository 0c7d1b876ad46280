"""What the objects of every kind have in common: name, labels, references, and the errors about them."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from flux_cli.core import durations
from flux_cli.core.api import Resource
from flux_cli.core.errors import FluxError, UsageError
from flux_cli.core.kubenames import label_value, qualified_name
from flux_cli.core.objects import Object

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,61}[a-z0-9]\Z")


class Meta(NamedTuple):
    """What every ``create`` command is told. ``interval`` is in seconds, ``labels`` are ``key=value``."""

    name: str
    namespace: str
    labels: Sequence[str] = ()
    interval: float = 60.0


def check_name(name: str) -> None:
    """Raises UsageError where no object can have this name."""
    if not name:
        raise UsageError("name is required")
    if not _NAME.match(name):
        raise UsageError(
            f"name '{name}' is invalid, it should adhere to standard defined in RFC 1123, "
            "the name can only contain alphanumeric characters or '-'"
        )


def parse_labels(pairs: Sequence[str]) -> dict[str, str]:
    """``key=value`` pairs as a map; of the same key the last wins. Raises UsageError."""
    found = {}
    for pair in pairs:
        key, *values = pair.split("=")
        if len(values) != 1:
            raise UsageError(f"invalid label format '{pair}', must be key=value")
        if wrong := qualified_name(key):
            raise UsageError(f"invalid label '{key}': [{' '.join(wrong)}]")
        if wrong := label_value(values[0]):
            raise UsageError(f"invalid label value '{values[0]}': [{' '.join(wrong)}]")
        found[key] = values[0]
    return found


def manifest(resource: Resource, meta: Meta, labels: dict[str, str], spec: Object) -> Object:
    """The object. Fields of ``spec`` that are None, empty or zero are left out; wrap in ``Kept`` what must stay."""
    metadata = identity(meta) | ({"labels": labels} if labels else {})
    return {"apiVersion": resource.api_version, "kind": resource.kind, "metadata": metadata, "spec": pruned(spec)}


def identity(meta: Meta) -> Object:
    """Name and namespace of its metadata; an empty namespace is none."""
    return {"name": meta.name} | ({"namespace": meta.namespace} if meta.namespace else {})


class Kept(NamedTuple):
    """A value that is written as it is, even when it is zero."""

    value: Any


def pruned(fields: Object) -> Object:
    """Without fields that hold nothing, at any depth."""
    out: Object = {}
    for key, value in fields.items():
        held = pruned(value) if isinstance(value, dict) else value
        if isinstance(held, Kept):
            out[key] = held.value
        elif held:
            out[key] = held
    return out


def interval(seconds: float) -> str:
    return durations.format(seconds)


def optional_interval(seconds: float) -> str | None:
    return durations.format(seconds) if seconds else None


def positive_interval(seconds: float) -> str | None:
    """Some flags count as not given where they are negative."""
    return durations.format(seconds) if seconds > 0 else None


def named_ref(name: str) -> Object | None:
    """``{name: …}``, or nothing."""
    return {"name": name} if name else None


def kind_and_name(text: str) -> tuple[str, str]:
    """``Kind/name`` apart; without exactly one slash all of it is the name."""
    kind, slash, name = text.partition("/")
    return (kind, name) if slash and "/" not in name else ("", text)


def reference(text: str) -> Object:
    """``Kind/name[.namespace]`` as a reference: the namespace is what follows the last dot."""
    return _reference(*kind_and_name(text))


def source_reference(source: str) -> Object:
    """The same for a flag's value, which begins with its kind in any case: the name may hold slashes."""
    kind, _, name = source.partition("/")
    return _reference(kind, name)


def _reference(kind: str, name: str) -> Object:
    base, dot, namespace = name.rpartition(".")
    ref = {"kind": kind, "name": base if dot else name}
    return ref | {"namespace": namespace} if dot and namespace else ref


def dependencies(entries: Sequence[str]) -> list[Object]:
    """``[namespace/]name[@expression]``; the expression is dropped, as the Go CLI does."""
    found = []
    for entry in entries:
        namespace, slash, name = entry.partition("@")[0].partition("/")
        where = {"namespace": namespace} if slash and namespace else {}
        found.append({"name": name if slash else namespace} | where)
    return found


def ignore_rules(paths: Sequence[str]) -> Kept | None:
    """One rule a line; an empty rule that was given is kept."""
    return Kept("\n".join(paths)) if paths else None


def verification(provider: str, secret: str, issuer: str, subject: str) -> Object | None:
    """How the signature of an artifact is checked. Raises UsageError where details are given without a provider."""
    if not provider:
        if secret:
            raise UsageError("a verification provider must be specified when a secret is specified")
        if issuer or subject:
            raise UsageError("a verification provider must be specified when OIDC issuer/subject is specified")
        return None
    identities = [{"issuer": issuer, "subject": subject}] if issuer or subject else []
    return {"provider": provider, "secretRef": named_ref(secret), "matchOIDCIdentity": identities}


def read_file(path: str, what: str) -> str:
    """The text of a file that a flag names. Raises FluxError ``<what>: open <path>: no such file or directory``, as Go has it."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except OSError as err:
        why = (err.strerror or str(err)).lower()
        action = "read" if isinstance(err, IsADirectoryError) else "open"
        raise FluxError(f"{what}: {action} {path}: {why}") from err
