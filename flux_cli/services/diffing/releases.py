"""What a HelmRelease would change: the rendered chart against what is live, and what the last release had beyond it."""

from collections.abc import Callable, Mapping

from flux_cli.core.api import CRD, Cluster
from flux_cli.core.errors import ApiError, FluxError, NoMatch, NotFound
from flux_cli.core.objects import Object, annotations, dig, items, name_of, namespace_of, text
from flux_cli.core.view import Change
from flux_cli.services.applying import identifier, order
from flux_cli.services.charts import CONTROLLER, Rendered, build
from flux_cli.services.charts.plan import Plan
from flux_cli.services.diffing import Compare, Diff, Follow
from flux_cli.services.diffing.server import Outcome, dry_runs
from flux_cli.services.diffing.writing import APPLY, MERGE, REPLACE, Writer, key
from flux_cli.services.feature_gates import enabled
from flux_cli.services.screening import Screen


def diff(plan: Plan, connect: Callable[[], Cluster], environ: Mapping[str, str], compare: Compare = dry_runs) -> Diff:
    """Hooks are left out: they are not part of what stays. Raises FluxError."""
    rendered = build(plan._replace(hooks=False, upgrade=True), connect, environ)
    if dig(rendered.release, "spec.kubeConfig") is not None:
        return Diff([Change(identifier(rendered.release), "remote")], [])
    if rendered.installed and dig(rendered.release, "spec.upgrade.preserveValues") is True:
        plan.tell("upgrade.preserveValues: the values of the last release, which Helm adds, are not known here")
    cluster = connect()
    wanted = [placed(cluster, _marked(obj, rendered), rendered.namespace) for obj in rendered.objects]
    wanted = [obj for obj in wanted if not _stays(cluster, obj, rendered)]
    there = [placed(cluster, obj, rendered.namespace) for obj in rendered.installed.objects] if rendered.installed else []
    rules = {"spec": {"ignore": items(rendered.release, "spec.driftDetection.ignore")}}
    changes, errors = [], []
    for outcome in compare(cluster, wanted, rules, writer(cluster, rendered, there)):
        if isinstance(outcome, FluxError):
            errors.append(outcome)
        elif isinstance(outcome, Exception):
            raise outcome
        elif outcome.action != "unchanged":
            changes.append(_screened(outcome, Screen(rendered.secrets)))
    if not errors:
        changes += _deleted(cluster, there, wanted)
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


def _marked(obj: Object, rendered: Rendered) -> Object:
    """With what Helm adds to the objects of a release when it writes them; CRDs of the chart's own folder stay as they are."""
    if obj.get("kind") == CRD.kind and name_of(obj) in rendered.definitions:
        return obj
    labels = {**(dig(obj, "metadata.labels") or {}), "app.kubernetes.io/managed-by": "Helm"}
    belongs = {"meta.helm.sh/release-name": rendered.name, "meta.helm.sh/release-namespace": rendered.namespace}
    notes = {**(dig(obj, "metadata.annotations") or {}), **belongs}
    return {**obj, "metadata": {**obj["metadata"], "labels": labels, "annotations": notes}}


def writer(cluster: Cluster, rendered: Rendered, there: list[Object]) -> Writer:
    """How helm-controller writes the objects: as the release says, else as the last release was written.

    A first release is applied by the server, where the feature gate UseHelm3Defaults does not say otherwise.
    """
    release, installed = rendered.release, rendered.installed
    if installed is None:
        said = dig(release, "spec.install.serverSideApply")
        server = said if isinstance(said, bool) else not enabled(cluster, CONTROLLER, "UseHelm3Defaults")
        return Writer(CONTROLLER, APPLY if server else MERGE, first=True, marks=False)
    said = text(release, "spec.upgrade.serverSideApply")
    if said == "enabled" or (said != "disabled" and installed.last_server_side):
        return Writer(CONTROLLER, APPLY, takes_over=not installed.server_side, marks=False)
    method = REPLACE if dig(release, "spec.upgrade.force") is True else MERGE
    return Writer(CONTROLLER, method, {key(obj): obj for obj in there}, marks=False)


def _deleted(cluster: Cluster, there: list[Object], wanted: list[Object]) -> list[Change]:
    """Objects of the release that is installed which the new rendering has no more, unless they are to be kept or are gone."""
    keep = {key(obj) for obj in wanted}
    gone = [obj for obj in sorted(there, key=order) if key(obj) not in keep]
    return [Change(identifier(obj), "deleted") for obj in gone if _goes(cluster, obj)]


def _goes(cluster: Cluster, obj: Object) -> bool:
    """As Helm asks the live object whether it is to be kept."""
    try:
        resource = cluster.resolve(text(obj, "apiVersion"), text(obj, "kind"))
        live = cluster.get(resource, namespace_of(obj), name_of(obj), metadata_only=True)
    except (NotFound, NoMatch):
        return False
    except ApiError:
        live = obj  # it may not be read
    return annotations(live).get("helm.sh/resource-policy") != "keep"
