"""OpenAPI schemas of Kubernetes' own kinds, as its API server serves them: texts in JSON, read when somebody asks.

``data/openapi.txt.gz`` has a line a schema: its name, a space, the schema of OpenAPI v3. Its first line says where it comes from.
"""

import gzip
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flux_cli.core.objects import Object

DATA = Path(__file__).with_name("data") / "openapi.txt.gz"
META = "io.k8s.apimachinery.pkg.apis.meta.v1"
GVK = "x-kubernetes-group-version-kind"
_REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')


class Schemas(NamedTuple):
    """``texts``: schemas by name; ``kinds``: (group, version, kind) to the name of its schema."""

    texts: dict[str, str]
    kinds: dict[tuple[str, str, str], str]


@cache
def table() -> Schemas:
    found = Schemas({}, {})
    for line in gzip.decompress(DATA.read_bytes()).decode().splitlines():
        name, _, schema = line.partition(" ")
        if name == "#":
            continue
        found.texts[name] = schema
        at = schema.rfind(f'"{GVK}":')
        if at >= 0:
            kinds, _ = json.JSONDecoder().raw_decode(schema, at + len(GVK) + 3)
            found.kinds.update(((k["group"], k["version"], k["kind"]), name) for k in kinds)
    return found


def reached(names: Iterable[str], more: dict[str, str]) -> dict[str, str]:
    """The schemas of these names and all that they refer to, in the order of names; ``more`` are schemas beside the own ones."""
    texts = table().texts | more
    found: dict[str, str] = {}
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = texts[name]
            todo += referred(texts[name])
    return dict(sorted(found.items()))


def referred(text: str) -> set[str]:
    """The names of the schemas that a JSON text refers to."""
    return set(_REFERENCE.findall(text))


def of_group(text: str, group: str, version: str) -> str:
    """A schema that is of a kind in every group (``DeleteOptions``) names those of one group, and that of none, alone."""
    if text.count('"kind":"DeleteOptions"') + text.count('"kind":"WatchEvent"') < 2:
        return text
    schema: Object = json.loads(text)
    kept = {("", "v1"), (group, version)}
    schema[GVK] = [k for k in schema[GVK] if (k["group"], k["version"]) in kept]
    return json.dumps(schema, separators=(",", ":"))
