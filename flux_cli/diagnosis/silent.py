"""What is wrong although nothing says so: objects that are Ready or have no status at all."""

import re

from flux_cli import kinds
from flux_cli.core.objects import Object, annotations, condition, dig, labels, namespace_of, ref_of, text
from flux_cli.diagnosis import controller_causes, controllers, relations, walking
from flux_cli.diagnosis.inquiry import Inquiry
from flux_cli.diagnosis.observing import logged, troubles, warnings
from flux_cli.diagnosis.result import Cause
from flux_cli.diagnosis.secrets import CIPHERTEXT

REQUEST, SHARD = "reconcile.fluxcd.io/requestedAt", "sharding.fluxcd.io/key"
VARIABLE = re.compile(r"^\$\{[A-Za-z_]\w*\}$|\$\{[A-Za-z_]\w*:[=?][^}]*\}")
# Who tells how a kind without a status fares: the objects that use it.
USED_BY = {"Provider": "Alert", "HelmRepository": "HelmChart"}
KEPT = ("Deployment", "StatefulSet", "DaemonSet", "Service", "ConfigMap", "Secret")


def ready(inquiry: Inquiry, obj: Object, relation: str) -> list[Cause]:
    """An object whose Ready is True: what it takes from may fail, what it made may be gone, what is asked for may not be seen."""
    if relation in ("workload", "parent"):
        return walking.sources(inquiry, obj) if relation == "parent" else []
    if relation == "dependency":
        return unhandled(inquiry, obj)
    found = walking.sources(inquiry, obj)
    if relation not in ("symptom", "survey"):
        return found
    found += unhandled(inquiry, obj)
    found += _outdated(inquiry, obj)
    if text(obj, "kind") == "Kustomization":
        found += _ciphertext(inquiry, obj) + _literal(inquiry, obj)
    if text(obj, "kind") in ("Kustomization", "HelmRelease"):
        found += _gone(inquiry, obj) + walking.below(inquiry, obj, children=relation == "symptom")
    if text(obj, "kind") == "Receiver":
        found += _targets(inquiry, obj) or _payloads(inquiry, obj)
    return found


def _ciphertext(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """A Secret that was applied as it was encrypted: its values still begin as SOPS writes them."""
    items = [i for i in relations.inventory(obj) if i.ref.kind == "Secret"]
    inquiry.reader.prefetch([(i.ref, "") for i in items])
    for item in items:
        secret = inquiry.reader.get(item.ref)
        data = dig(secret, "data", {}) if secret else {}
        keys = [k for k, v in data.items() if v == CIPHERTEXT] if isinstance(data, dict) else []
        if keys or (secret and "sops" in secret):
            shown = f"{item.ref}: the values of {', '.join(keys) or 'sops'} begin with {CIPHERTEXT}"
            return inquiry.state_cause("ciphertext", obj, shown, field="status.inventory")
    return []


def _literal(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """A ``${VARIABLE}`` that a ConfigMap holds as it stands, because nothing substitutes.

    Only where a value is nothing else, or has Flux's own ``:=`` and ``:?``: scripts and other templates look alike.
    """
    if isinstance(dig(obj, "spec.postBuild"), dict):
        return []
    items = [i for i in relations.inventory(obj) if i.ref.kind == "ConfigMap"]
    inquiry.reader.prefetch([(i.ref, i.api_version) for i in items])
    for item in items:
        data = dig(inquiry.reader.get(item.ref), "data", {})
        for key, value in data.items() if isinstance(data, dict) else ():
            if isinstance(value, str) and "\n" not in value.strip() and VARIABLE.search(value.strip()):
                return inquiry.state_cause("unsubstituted", obj, f"{item.ref}, {key}: {value[:120]}", field="status.inventory")
    return []


def _gone(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """Inventory entries that are not in the cluster. Only kinds that every snapshot holds, in namespaces that were read."""
    items = [i for i in relations.inventory(obj) if i.ref.kind in KEPT]
    inquiry.reader.prefetch([(i.ref, i.api_version) for i in items])
    gone = [i.ref for i in items if inquiry.reader.missing(i.ref, i.api_version)]
    if not gone or isinstance(dig(obj, "spec.kubeConfig"), dict):
        return []
    shown = ", ".join(map(str, gone[:5]))
    return inquiry.state_cause("inventory-gone", obj, shown, {"missing": shown}, field="status.inventory")


def _outdated(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """Ready on an older revision than the source offers: nobody has taken the newer one over."""
    need = relations.need_of(obj, "chart") or relations.need_of(obj, "source")
    source = inquiry.reader.get(need.ref) if need else None
    offered = text(source, "status.artifact.revision")
    field = {"Kustomization": "status.lastAppliedRevision", "HelmRelease": "status.lastAttemptedRevision"}.get(
        text(obj, "kind"), ""
    )
    if field and text(source, "kind") == "OCIRepository" and text(obj, "kind") == "HelmRelease":
        field, offered = "status.lastAttemptedRevisionDigest", offered.rpartition("@")[2]
    have = text(obj, field) if field else ""
    if text(condition(obj, "Reconciling"), "status") == "True":
        return []  # it is being taken over right now
    if not offered or not have or offered == have:
        return []
    if text(obj, "status.lastAttemptedRevision") == offered and text(obj, "kind") == "Kustomization":
        return []
    what = f"it stands at {have}, the source offers {offered}"
    return controller_causes.handling(inquiry, obj) or inquiry.state_cause("not-handled", obj, what, {"what": what}, field=field)


def unseen(obj: Object) -> str:
    """What about the object its controller has not taken notice of; "" where it has of all."""
    generation, observed = dig(obj, "metadata.generation"), dig(obj, "status.observedGeneration")
    asked = str(annotations(obj).get(REQUEST, ""))
    if condition(obj) is None:
        return "it has no status yet"
    if isinstance(generation, int) and isinstance(observed, int) and 0 <= observed < generation:
        return f"generation {generation}, observed {observed}"
    return f"the request of {asked} is not handled" if asked and asked != text(obj, "status.lastHandledReconcileAt") else ""


def unhandled(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """A spec or a request that its controller has not looked at: is the controller there, and is the object its business?"""
    what = unseen(obj)
    if not what:
        return []
    stopped = controller_causes.handling(inquiry, obj)
    if stopped:
        return stopped
    watched = controllers.unwatched(inquiry.reader, obj)
    if watched:
        have = f"{SHARD}={labels(obj)[SHARD]}" if SHARD in labels(obj) else "no label that they select"
        shown = {"what": have, "watched": watched}
        return inquiry.state_cause("sharded", obj, f"{have}; watched is {watched}", shown, field="metadata.labels")
    if condition(obj) is None and not annotations(obj).get(REQUEST):
        return walking.missing_needs(inquiry, obj)
    return inquiry.state_cause("not-handled", obj, what, {"what": what}, field="status.observedGeneration")


def static(inquiry: Inquiry, obj: Object, relation: str) -> list[Cause]:
    """Kinds without a status: what they refer to, what the events and the log say about them, what their users say."""
    kind, ref = text(obj, "kind"), ref_of(obj)
    found: list[Cause] = []
    for need in inquiry.reader.needs(obj):
        if need.role == "provider":
            found += inquiry.examine(need.ref, "provider", obj)
        elif need.role == "secret" and inquiry.reader.missing(need.ref):
            found += inquiry.examine(need.ref, "secret", obj)
    if not found and kind in USED_BY and relation in ("symptom", "survey"):
        found = _told_by_users(inquiry, obj)
    if kind == "HelmRepository":
        return found
    hits = inquiry.hits(warnings(inquiry.reader.warnings(ref))) or inquiry.hits(
        logged(controllers.log_of(inquiry.reader, kind), ref)
    )
    if hits and not found:
        found.append(inquiry.named(hits[0], inquiry.context(obj)))
    return found or (_targets(inquiry, obj) if kind == "Alert" else [])


def _told_by_users(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """What fails for those that use it, and is its own fault or that of a Secret that it names."""
    ref = ref_of(obj)
    own = {ref, *(need.ref for need in inquiry.reader.needs(obj))}
    for user in inquiry.reader.every(kinds.named(USED_BY[ref.kind]).resource, ref.namespace):
        if any(need.ref == ref for need in inquiry.reader.needs(user)):
            hits = inquiry.hits(troubles(user)) or inquiry.hits(warnings(inquiry.reader.warnings(ref_of(user))))
            cause = inquiry.named(hits[0], inquiry.context(user)) if hits else None
            if cause and cause.object in own:
                return [cause]
    return []


def _payloads(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """What the webhook server refused since it last handed a request on: the receiver itself stays Ready all the while."""
    lines = controllers.log_of(inquiry.reader, "Receiver") if inquiry.thorough else []
    hits = inquiry.hits(logged(lines, ref_of(obj), until="annotated"))
    return [inquiry.named(hits[0], inquiry.context(obj))] if hits else []


def _targets(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """Objects of the same namespace that an alert listens to or a receiver calls, and that do not exist."""
    found: list[Cause] = []
    for need in inquiry.reader.needs(obj):
        if need.role == "target" and need.ref.namespace == namespace_of(obj) and inquiry.reader.missing(need.ref):
            found += inquiry.examine(need.ref, "target", obj)
    return found
