"""From the global flags of one command line, and the environment, to the settings that its command gets."""

from __future__ import annotations

from flux_cli.core.app import App, Settings
from flux_cli.core.errors import UsageError
from flux_cli.core.text import go_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from flux_cli.commands._dialect.parse import Parsed
    from flux_cli.commands._dialect.table import Node, Table

_LABEL = frozenset("-0123456789abcdefghijklmnopqrstuvwxyz")


def settings(table: Table, node: Node, parsed: Parsed, app: App) -> dict[str, Any]:
    """The global flags that were given, as fields of Settings, and the namespace in any case. Raises UsageError."""
    fields: dict[str, Any] = {}
    shadowed = {table.flag(i).name for i in node.own}
    for name, field in table.node("").takes:
        if name in parsed.values and field in Settings._fields and name not in shadowed:
            value = parsed.values[name]
            fields[field] = tuple(value) if isinstance(value, list) else value
    if parsed.values.get("from"):
        fields["from_path"] = "/dev/stdin" if parsed.values["from"] == "-" else parsed.values["from"]
    default = home_namespace(app.environ)
    if node.checks_namespace:
        if "namespace" not in fields and (
            parsed.values.get("ns-follows-kube-context") or app.environ.get("FLUX_NS_FOLLOWS_KUBE_CONTEXT")
        ):
            from flux_cli.kube.config import context_namespace

            default = context_namespace(app.settings._replace(**fields), app.environ) or default
        if not is_label(fields.setdefault("namespace", default)):
            raise UsageError(f"namespace must be a valid DNS label: {go_quote(fields['namespace'])}")
    return {"namespace": default, **fields}


def home_namespace(environ: Mapping[str, str]) -> str:
    """Where Flux lives: FLUX_SYSTEM_NAMESPACE when it is a valid name."""
    home = environ.get("FLUX_SYSTEM_NAMESPACE", "")
    return home if is_label(home) else "flux-system"


def is_label(text: str) -> bool:
    """Whether it may name a namespace: a DNS label of RFC 1123."""
    return 0 < len(text) < 64 and _LABEL.issuperset(text) and "-" not in (text[0], text[-1])
