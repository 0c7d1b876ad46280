"""Options of a request, as the server checks them before it looks at anything else. Each raises 422 with all that is wrong."""

from flux_cli.core.api import APPLY
from flux_cli.core.objects import Object
from flux_cli.core.text import go_quote
from flux_cli.sandbox.call import Call
from flux_cli.sandbox.refusal import Cause, invalid

EXACT, NOT_OLDER = "Exact", "NotOlderThan"
POLICIES = ("Foreground", "Background", "Orphan")
MATCH, POLICY = "resourceVersionMatch", "propagationPolicy"


def of_list(call: Call) -> None:
    match, version = call.query.get(MATCH, ""), call.query.get("resourceVersion", "")
    causes = []
    if "sendInitialEvents" in call.query:
        causes.append(_forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"))
    if match and not version:
        causes.append(_forbidden(MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided"))
    if match and call.query.get("continue"):
        causes.append(_forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided"))
    if match and match not in (EXACT, NOT_OLDER):
        causes.append(_unsupported(MATCH, match, EXACT, NOT_OLDER, ""))
    if match == EXACT and version == "0":
        causes.append(_forbidden(MATCH, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
    _refuse("ListOptions", causes)


def of_watch(call: Call) -> None:
    match, initial = call.query.get(MATCH, ""), "sendInitialEvents" in call.query
    causes = []
    if initial and match != NOT_OLDER:
        causes.append(_forbidden(MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
    if match and not initial:
        causes.append(_forbidden(MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"))
    if match and match != NOT_OLDER:
        causes.append(_unsupported(MATCH, match, NOT_OLDER))
    _refuse("ListOptions", causes)


def of_write(call: Call, kind: str) -> None:
    """``kind``: CreateOptions, UpdateOptions or PatchOptions."""
    causes = _dry_run(call.query["dryRun"]) if "dryRun" in call.query else []
    mode = call.query.get("fieldValidation", "")
    if mode not in ("", "Ignore", "Warn", "Strict"):
        causes.append(_unsupported("fieldValidation", mode, "", "Ignore", "Strict", "Warn"))
    if kind == "PatchOptions" and "force" in call.query and call.content_type() != APPLY:
        causes.append(_forbidden("force", "may not be specified for non-apply patch"))
    _refuse(kind, causes)


def of_delete(options: Object) -> None:
    policy = str(options.get(POLICY) or "")
    causes = []
    if policy and options.get("orphanDependents") is not None:
        why = f"Invalid value: {go_quote(policy)}: orphanDependents and deletionPropagation cannot be both set"
        causes.append(Cause("FieldValueInvalid", POLICY, why))
    if policy and policy not in POLICIES:
        causes.append(_unsupported(POLICY, policy, *POLICIES, "nil"))
    for value in options.get("dryRun") or ():
        causes += _dry_run(str(value))
    _refuse("DeleteOptions", causes)


def _dry_run(value: str) -> list[Cause]:
    if value == "All":
        return []
    return [Cause("FieldValueNotSupported", "dryRun", f'Unsupported value: ["{value}"]: supported values: "All"')]


def _forbidden(field: str, why: str) -> Cause:
    return Cause("FieldValueForbidden", field, f"Forbidden: {why}")


def _unsupported(field: str, value: str, *known: str) -> Cause:
    listed = ", ".join(go_quote(one) for one in known)
    return Cause("FieldValueNotSupported", field, f"Unsupported value: {go_quote(value)}: supported values: {listed}")


def _refuse(kind: str, causes: list[Cause]) -> None:
    if causes:
        raise invalid("meta.k8s.io", kind, "", causes)
