"""What ``debug`` shows of a HelmRelease or Kustomization: its status and history as the controller's types hold them."""

from typing import Any

from flux_cli.core.objects import Object
from flux_cli.kinds import Kind
from flux_cli.kinds.schemas import typed


def status_of(kind: Kind, obj: Object) -> Object:
    return typed(kind.kind, "status", obj.get("status"))


def history_of(kind: Kind, obj: Object) -> list[Any]:
    """The history in stored order; empty where there is none."""
    found = status_of(kind, obj).get("history")
    return found if isinstance(found, list) else []
