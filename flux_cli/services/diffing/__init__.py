"""What an apply of local files would change on the cluster, asked as a server-side dry run or computed from managed fields."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, dig
from flux_cli.core.view import Change
from flux_cli.services.applying import identifier, order
from flux_cli.services.building import build, child, inventory, is_kustomization, same
from flux_cli.services.building.plan import Plan
from flux_cli.services.diffing.server import Outcome, dry_runs
from flux_cli.services.diffing.writing import Key, Writer, key
from flux_cli.services.inventory import Item, parse_entry

# cluster, objects, where ``spec.ignore`` stands, who writes them and how
Compare = Callable[[Cluster, list[Object], Object, Writer], list[Outcome | Exception]]
Follow = Callable[[Object], "Diff"]
_WRITER = Writer("kustomize-controller")


class Diff(NamedTuple):
    """The changes in order, what went wrong meanwhile, and whether anything differs."""

    changes: list[Change]
    errors: list[FluxError]

    @property
    def differs(self) -> bool:
        return any(change.action not in ("skipped", "remote") for change in self.changes)


def diff(
    plan: Plan,
    connect: Callable[[], Cluster],
    environ: Mapping[str, str],
    compare: Compare = dry_runs,
    follow: Follow | None = None,
) -> Diff:
    """Build, then compare object by object; with ``plan.recursive`` the Kustomizations among them, too. Raises FluxError.

    ``follow`` gives what a HelmRelease among the objects would change in turn.
    """
    built = build(plan._replace(recursive=False), connect, environ)
    cluster = connect()

    def below(obj: Object) -> Diff:
        return diff(child(plan, obj)._replace(fallback=None), connect, environ, compare, follow)

    changes: list[Change] = []
    errors: list[FluxError] = []
    seen: set[Key] = set()
    for obj, outcome in zip(built.objects, compare(cluster, built.objects, built.kustomization, _WRITER), strict=True):
        if isinstance(outcome, FluxError):
            errors.append(outcome)
            continue
        if isinstance(outcome, Exception):
            raise outcome
        if outcome.action != "unchanged":
            changes.append(Change(outcome.subject, outcome.action, outcome.before, outcome.after))
        if outcome.named:
            seen.add(key(obj))
        if plan.recursive and is_kustomization(obj) and not same(obj, built.kustomization) and outcome.action != "created":
            _descend(obj, below, changes, errors)
        elif follow and obj.get("kind") == "HelmRelease" and outcome.action != "skipped":
            _descend(obj, follow, changes, errors)
    if dig(built.kustomization, "spec.prune") is True and not errors:
        changes += deleted(built.kustomization, seen)
    return Diff(changes, errors)


def _descend(obj: Object, below: Follow, changes: list[Change], errors: list[FluxError]) -> None:
    """The changes of an object that applies others itself, after a line that names it."""
    subject = identifier(obj)
    if dig(obj, "spec.kubeConfig") is not None:
        changes.append(Change(subject, "remote"))
        return
    try:
        found = below(obj)
    except FluxError as err:
        errors.append(err)
        return
    errors += found.errors
    if found.differs:
        changes += [Change(subject, "changed"), *found.changes]


def deleted(kustomization: Object, seen: set[Key]) -> Iterator[Change]:
    """What the live inventory has and the build has not, in the order of an apply."""
    stale = [item for item in map(parse_entry, inventory(kustomization)) if item.key not in seen]
    for obj in sorted((_as_object(item) for item in stale), key=order):
        yield Change(identifier(obj), "deleted")


def _as_object(item: Item) -> Object:
    version = f"{item.group}/{item.version}" if item.group else item.version
    return {"apiVersion": version, "kind": item.kind, "metadata": {"name": item.name, "namespace": item.namespace}}


def aggregate(errors: list[FluxError]) -> str:
    """One error as it is, several in brackets, each once."""
    messages = list(dict.fromkeys(str(err) for err in errors))
    return messages[0] if len(messages) == 1 else f"[{', '.join(messages)}]"
