"""What an apply would change, computed here from managed fields and the live object: GETs are all that it asks for.

What only the server knows is not in the result: its validation, what admission webhooks add, defaults of less known kinds.
"""

from flux_cli.core.api import CRD, NAMESPACE, Cluster, Resource
from flux_cli.core.errors import ApiError, FluxError, Forbidden, NoMatch, NotFound
from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text
from flux_cli.core.parallel import side_by_side
from flux_cli.sandbox import schema
from flux_cli.services.applying import identifier, refused
from flux_cli.services.diffing.defaults import fill
from flux_cli.services.diffing.secrets import hidden
from flux_cli.services.diffing.server import Outcome, check_namespace, compared, excluded
from flux_cli.services.diffing.shapes import Shapes
from flux_cli.services.diffing.writing import Writer, written
from flux_cli.services.normalizing import normalized

NOTE = "computed from managed fields: what the server would add or refuse (defaults, webhooks, validation) is not looked at"
_AT_ONCE = 8


class _Known:
    """What the change itself brings along, and what was learned about the cluster meanwhile."""

    def __init__(self, cluster: Cluster, objects: list[Object]) -> None:
        self.cluster = cluster
        self._namespaces = {name_of(o): True for o in objects if o.get("kind") == "Namespace"}
        self.shapes = Shapes(cluster)
        self._definitions = {(text(o, "spec.group"), text(o, "spec.names.kind")): o for o in objects if o.get("kind") == CRD.kind}

    def namespace(self, name: str) -> bool:
        """Whether the namespace exists or comes with the same change; one that may not be looked at is taken to exist."""
        if name not in self._namespaces:
            try:
                self.cluster.get(NAMESPACE, "", name, metadata_only=True)
                self._namespaces[name] = True
            except NotFound:
                self._namespaces[name] = False
            except ApiError:
                self._namespaces[name] = True
        return self._namespaces[name]

    def comes(self, obj: Object) -> bool:
        """Whether the kind is defined by the same change."""
        return (text(obj, "apiVersion").partition("/")[0], text(obj, "kind")) in self._definitions


def computed(cluster: Cluster, objects: list[Object], kustomization: Object, writer: Writer) -> list[Outcome | Exception]:
    """One outcome or FluxError for each object, in order."""
    rules, known = items(kustomization, "spec.ignore"), _Known(cluster, objects)
    calls = [lambda obj=obj: outcome(known, obj, rules, writer) for obj in objects]
    return side_by_side(calls, at_once=_AT_ONCE)


def outcome(known: _Known, obj: Object, rules: list[Object], writer: Writer) -> Outcome:
    """Raises FluxError with the line that names the object."""
    wanted = normalized(obj)
    subject = identifier(wanted)
    try:
        resource = known.cluster.resolve(text(wanted, "apiVersion"), text(wanted, "kind"))
    except NoMatch as err:
        if known.comes(wanted):
            return Outcome(subject, "created", None, _shown(wanted))
        raise refused(wanted, err) from err
    except ApiError as err:
        raise refused(wanted, err) from err
    check_namespace(known.cluster, resource, wanted)
    try:
        live = known.cluster.get(resource, namespace_of(wanted), name_of(wanted))
    except NotFound as err:
        if resource.namespaced and not known.namespace(namespace_of(wanted)):
            missing = NotFound(f'namespaces "{namespace_of(wanted)}" not found', status=404, reason="NotFound")
            raise refused(wanted, missing) from err
        skipped = excluded(wanted, None) if writer.marks else None
        return skipped or Outcome(subject, "created", None, _shown(wanted))
    except Forbidden as err:
        raise FluxError(f"{subject} cannot be read: {err}", hint=err.hint) from err
    except ApiError as err:
        raise refused(wanted, err) from err
    skipped = excluded(wanted, live) if writer.marks else None
    return skipped or compared(wanted, live, _after(known, resource, obj, live, writer), rules)


def _after(known: _Known, resource: Resource, obj: Object, live: Object, writer: Writer) -> Object:
    """The live object after the change, with the server's defaults."""
    served, defaults = known.shapes.served(resource)
    after = normalized(written(writer, obj, live, served)) | ({"status": live["status"]} if "status" in live else {})
    if defaults:
        schema.default(after, defaults)
    fill(after, live, served)
    if _changed(live, after) and isinstance(dig(live, "metadata.generation"), int):
        after["metadata"]["generation"] = live["metadata"]["generation"] + 1
    return after


def _changed(before: Object, after: Object) -> bool:
    """Whether the server would count this as a new generation; of a Deployment the annotations count as well."""

    def counted(obj: Object) -> Object:
        notes = dig(obj, "metadata.annotations") if obj.get("kind") == "Deployment" else None
        return {**{key: value for key, value in obj.items() if key not in ("metadata", "status")}, "notes": notes}

    return counted(before) != counted(after)


def _shown(wanted: Object) -> Object:
    return hidden(wanted) if wanted.get("kind") == "Secret" else wanted
