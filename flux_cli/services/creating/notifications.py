"""Alerts, the providers that they go to, and receivers of webhooks."""

from collections.abc import Sequence

from flux_cli.core.errors import UsageError
from flux_cli.core.objects import Object
from flux_cli.kinds import named
from flux_cli.services.creating.shape import Meta, kind_and_name, manifest, named_ref, parse_labels, reference


def alert(meta: Meta, *, provider: str, sources: Sequence[str] = (), severity: str = "") -> Object:
    """An Alert. ``sources`` as typed, ``kind/name.namespace``. Raises UsageError."""
    if not provider:
        raise UsageError("provider ref is required")
    events = [reference(entry) for entry in sources if _is_reference(entry)]
    if not events:
        raise UsageError("at least one event source is required")
    return manifest(named("Alert").resource, meta, parse_labels(meta.labels), {
        "providerRef": {"name": provider}, "eventSeverity": severity, "eventSources": events,
    })  # fmt: skip


def _is_reference(entry: str) -> bool:
    if not kind_and_name(entry)[0]:
        raise UsageError(f"invalid event source '{entry}', must be in format <kind>/<name>")
    return True


def provider(meta: Meta, *, type: str, channel: str = "", username: str = "", address: str = "", secret: str = "") -> Object:
    """A Provider. Raises UsageError."""
    if not type:
        raise UsageError("Provider type is required")
    return manifest(named("Provider").resource, meta, parse_labels(meta.labels), {
        "type": type, "channel": channel, "username": username, "address": address, "secretRef": named_ref(secret),
    })  # fmt: skip


def receiver(meta: Meta, *, type: str, secret: str, events: Sequence[str] = (), resources: Sequence[str] = ()) -> Object:
    """A Receiver. ``resources`` as typed, ``kind/name``. Raises UsageError."""
    if not type:
        raise UsageError("Receiver type is required")
    if not secret:
        raise UsageError("secret ref is required")
    targets = [dict(zip(("kind", "name"), kind_and_name(entry), strict=True)) for entry in resources if _is_reference(entry)]
    if not targets:
        raise UsageError("atleast one resource is required")
    return manifest(named("Receiver").resource, meta, parse_labels(meta.labels), {
        "type": type, "events": list(events), "resources": targets, "secretRef": {"name": secret},
    })  # fmt: skip
