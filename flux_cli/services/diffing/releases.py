"""What a HelmRelease would change: the rendered chart against what is live, and what the last release had beyond it."""

from collections.abc import Callable, Mapping

from flux_cli.core.api import CRD, Cluster
from flux_cli.core.errors import ApiError, FluxError
from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text
from flux_cli.core.view import Change
from flux_cli.services.applying import identifier, order
from flux_cli.services.charts import Rendered, build
from flux_cli.services.charts.plan import Plan
from flux_cli.services.diffing import Compare, Diff, Follow
from flux_cli.services.diffing.server import Outcome, dry_runs
from flux_cli.services.helm_storage import manifest
from flux_cli.services.screening import Screen

MANAGER = "helm-controller"


def diff(plan: Plan, connect: Callable[[], Cluster], environ: Mapping[str, str], compare: Compare = dry_runs) -> Diff:
    """Hooks are left out: they are not part of what stays. Raises FluxError."""
    rendered = build(plan._replace(hooks=False, upgrade=True), connect, environ)
    cluster = connect()
    wanted = [placed(cluster, obj, rendered.namespace) for obj in rendered.objects if not _stays(cluster, obj, rendered)]
    rules = {"spec": {"ignore": items(rendered.release, "spec.driftDetection.ignore")}}
    changes, errors = [], []
    for outcome in compare(cluster, wanted, rules, MANAGER):
        if isinstance(outcome, FluxError):
            errors.append(outcome)
        elif isinstance(outcome, Exception):
            raise outcome
        elif outcome.action != "unchanged":
            changes.append(_screened(outcome, Screen(rendered.secrets)))
    if not errors:
        changes += _deleted(cluster, rendered, wanted)
    return Diff(changes, errors)


def _screened(outcome: Outcome, screen: Screen) -> Change:
    before, after = outcome.before, outcome.after
    if before and after:
        before, after = screen.pair(before, after)
    elif after:
        after = screen.object(after)
    return Change(outcome.subject, outcome.action, before, after)


def follower(
    connect: Callable[[], Cluster], environ: Mapping[str, str], compare: Compare, local_sources: Mapping[str, str],
    seconds: float, tell: Callable[[str], None],
) -> Follow:  # fmt: skip
    """What compares a HelmRelease that is to be applied, whether it is on the cluster yet or not."""

    def follow(release: Object) -> Diff:
        plan = Plan(
            name_of(release), namespace_of(release), local_sources=local_sources, seconds=seconds, release=release, tell=tell
        )
        try:
            return diff(plan, connect, environ, compare)
        except FluxError as err:
            raise FluxError(f"{identifier(release)}: {err}", hint=err.hint) from err

    return follow


def placed(cluster: Cluster, obj: Object, namespace: str) -> Object:
    """The object with the release's namespace, where its kind has one and it says none."""
    if namespace_of(obj):
        return obj
    try:
        namespaced = cluster.resolve(text(obj, "apiVersion"), text(obj, "kind")).namespaced
    except ApiError:
        return obj
    return {**obj, "metadata": {**obj["metadata"], "namespace": namespace}} if namespaced else obj


def _stays(cluster: Cluster, obj: Object, rendered: Rendered) -> bool:
    """Whether an object is one of the chart's own CRDs that is there already, and is not changed by policy."""
    if obj.get("kind") != CRD.kind or name_of(obj) not in rendered.created:
        return False
    try:
        cluster.get(CRD, "", name_of(obj), metadata_only=True)
    except ApiError:
        return False
    return True


def _deleted(cluster: Cluster, rendered: Rendered, wanted: list[Object]) -> list[Change]:
    """Objects of the release that is installed which the new rendering has no more."""
    release = rendered.release
    history = [entry for entry in items(release, "status.history") if isinstance(entry, dict)]
    if not history:
        return []
    latest = max(history, key=lambda entry: number if isinstance(number := entry.get("version"), int) else 0)
    storage = text(release, "status.storageNamespace") or namespace_of(release)
    there = manifest(cluster, namespace_of(release), name_of(release), storage, latest) or []
    keep = {_key(obj) for obj in wanted}
    gone = [placed(cluster, obj, rendered.namespace) for obj in there]
    stays = [obj for obj in gone if dig(obj, "metadata.annotations", {}).get("helm.sh/resource-policy") == "keep"]
    return [Change(identifier(obj), "deleted") for obj in sorted(gone, key=order) if _key(obj) not in keep and obj not in stays]


def _key(obj: Object) -> tuple[str, ...]:
    return text(obj, "apiVersion").rpartition("/")[0], text(obj, "kind"), namespace_of(obj), name_of(obj)
