"""Objects into a cluster of this process without the way through requests: the same steps on values instead of bytes."""

from flux_cli.core.api import MERGE, Cluster, Request, Resource
from flux_cli.core.objects import Object, name_of
from flux_cli.sandbox import admission, field_checks, ownership, patches, populate, writing
from flux_cli.sandbox.access import ADMIN
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.call import Call, Target
from flux_cli.sandbox.conversion import as_served
from flux_cli.sandbox.refusal import Refusal


class Direct(populate.Writer):
    """Writes what create and a patch of the status write. What is refused so goes as a request, to be refused in its words."""

    def __init__(self, sandbox: Sandbox, cluster: Cluster) -> None:
        super().__init__(cluster)
        self.sandbox = sandbox

    def put(self, resource: Resource, namespace: str, obj: Object) -> Object:
        call = self._call(resource, namespace, "")
        if call is None:
            return super().put(resource, namespace, obj)
        store = self.sandbox.store
        try:
            with store.lock:
                admission.addressed(obj, call)
                field_checks.checked(obj, call)
                return writing.added(store, call, obj, lambda new: ownership.updated(None, new, call))
        except Refusal:
            return super().put(resource, namespace, obj)

    def set_status(self, resource: Resource, namespace: str, obj: Object, status: Object) -> None:
        call = self._call(resource, namespace, name_of(obj), "status")
        if call is None or "status" not in call.served.subresources:
            super().set_status(resource, namespace, obj, status)
            return
        store = self.sandbox.store
        try:
            with store.lock:
                found = store.get(call.served.key, (namespace, name_of(obj)))
                if found is None:
                    return
                before = as_served(found, call.served)
                after = patches.patched(before, {"status": status}, MERGE)
                field_checks.checked(after, call, patch=after)
                writing.replaced(store, call, before, after)
        except Refusal:
            super().set_status(resource, namespace, obj, status)

    def _call(self, resource: Resource, namespace: str, name: str, subresource: str = "") -> Call | None:
        """A call on a resource whose objects are stored; None for any other."""
        served = self.sandbox.catalog.at(resource.group, resource.version, resource.plural)
        if served is None or not {"create", "get"} <= {*served.verbs}:
            return None
        path = resource.path(namespace, name)
        return Call(Request("POST", path), ADMIN, Target(served, namespace, name, subresource), {})
