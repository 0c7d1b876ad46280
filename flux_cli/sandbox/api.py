"""The embedded cluster: one function that answers requests, whoever brings them."""

from urllib.parse import unquote

from flux_cli.core.api import Request
from flux_cli.core.objects import Object
from flux_cli.sandbox import access, logs, reading, tokens
from flux_cli.sandbox.call import Answer, Call, encode, is_own, locate, verb
from flux_cli.sandbox.catalog import Catalog
from flux_cli.sandbox.faults import Faults
from flux_cli.sandbox.refusal import Refusal, Unserved, forbidden, forbidden_path, unknown_resource
from flux_cli.sandbox.store import Change, Store
from flux_cli.sandbox.tokens import Tokens

CRDS = ("apiextensions.k8s.io", "customresourcedefinitions")
NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease", "flux-system")
HEALTH = {f"/{name}{check}" for name in ("healthz", "livez", "readyz") for check in ("", "/ping", "/log", "/etcd")}
ADMIN_PATH = "/flux-sandbox/"


class Sandbox:
    """An API server in memory. ``namespaces``: those that are there from the start."""

    def __init__(self, namespaces: tuple[str, ...] = NAMESPACES) -> None:
        self.store = Store()
        self.catalog = Catalog()
        self.logs = logs.Logs()
        self.faults = Faults()
        self.tokens = Tokens()
        self.store.listen(self._learn)
        if namespaces:
            from flux_cli.sandbox import writing

            for name in namespaces:
                writing.make_namespace(self.store, name)

    def handle(self, request: Request, caller: access.Caller = access.ADMIN) -> Answer:
        """The answer to a request of ``caller``. Raises ``faults.Cut`` where a fault asks for a cut connection."""
        try:
            half = self.faults.meet(request) if not request.path.startswith(ADMIN_PATH) else False
            found = self._answer(request, caller)
        except Unserved:
            return Answer(404, {"content-type": "text/plain; charset=utf-8"}, b"404 page not found\n")
        except Refusal as refusal:
            return Answer(refusal.code, {"content-type": "application/json", **refusal.headers}, encode(refusal.body()))
        if half and isinstance(found.body, bytes):
            found.headers["x-half"] = "1"
            return found._replace(body=found.body[: len(found.body) // 2])
        return found

    def _answer(self, request: Request, caller: access.Caller) -> Answer:
        query = dict(request.query)
        target = locate(self.catalog, request.path)
        if target is None:
            return self._page(request, caller)
        itself = target.served.key == ("", "namespaces")  # a namespace is in itself
        act = access.Act(
            verb(request, target, query),
            target.served.group,
            target.served.plural,
            target.subresource,
            target.name if itself else target.namespace,
            target.name,
        )
        caller = access.acting(self.store, caller, request.headers, act)
        if not access.allowed(self.store, caller, act):
            raise forbidden(caller.name, act.verb, act.group, act.what, act.namespace, act.name)
        call = Call(request, caller, target, query)
        if target.subresource == "log" and request.method == "PUT":
            return logs.append(self.store, self.logs, call)
        if target.subresource == "log":
            return logs.answer(self.store, self.logs, call)
        if target.served.verbs == ("create",) and target.served.group in ("authorization.k8s.io", "authentication.k8s.io"):
            from flux_cli.sandbox import reviews

            return reviews.answer(self.store, self.tokens, call)
        return self._resource(call, act.verb)

    def _resource(self, call: Call, verb: str) -> Answer:
        allowed = (
            call.target.served.subresources.get(call.target.subresource) if call.target.subresource else call.target.served.verbs
        )
        if verb not in (allowed or ()):
            raise Refusal(405, "the server does not allow this method on the requested resource", details={})
        if call.target.subresource not in ("", "status"):
            return self._act(call, verb)
        match verb:
            case "get":
                return reading.get(self.store, call)
            case "list":
                return reading.list_objects(self.store, call)
            case "watch":
                from flux_cli.sandbox import watching

                return watching.watch(self.store, self.faults, call)
        from flux_cli.sandbox import writing

        return writing.write(self.store, self.catalog, call, verb)

    def _act(self, call: Call, verb: str) -> Answer:
        """A subresource that is more than another way to the object."""
        match call.target.subresource:
            case "scale":
                from flux_cli.sandbox import scale

                return scale.respond(self.store, self.catalog, call, verb)
            case "token":
                return tokens.request(self.store, self.tokens, call)
            case "binding" | "eviction" | "proxy" | "attach" | "exec" | "portforward":
                from flux_cli.sandbox import pod_acts

                return pod_acts.respond(self.store, self.catalog, call)
        if verb == "get":
            return reading.get(self.store, call)
        from flux_cli.sandbox import writing

        return writing.write(self.store, self.catalog, call, verb)

    def _page(self, request: Request, caller: access.Caller) -> Answer:
        """Paths that are none of a resource: versions, discovery, health, and the switchboard of faults."""
        path = unquote(request.path)
        method = {"GET": "get", "POST": "post", "DELETE": "delete"}.get(request.method, request.method.lower())
        act = access.Act(method, path=path)
        caller = access.acting(self.store, caller, request.headers, act)
        if not access.allowed(self.store, caller, act):
            raise forbidden_path(caller.name, method, path)
        if path.startswith(ADMIN_PATH):
            from flux_cli.sandbox.switchboard import switch

            return switch(self.faults, self.store, request)
        if path in HEALTH:
            return Answer(200, {"content-type": "text/plain; charset=utf-8"}, b"ok")
        from flux_cli.sandbox import discovery, openapi

        accept = request.headers.get("accept", "")
        if request.method not in ("GET", "HEAD"):
            raise Refusal(405, "the server does not allow this method on the requested resource", details={})
        found = openapi.page(self.catalog, path, accept) or discovery.page(self.catalog, path, accept)
        if found is None:
            raise unknown_resource() if path.startswith("/apis/") and is_own(path.split("/")[2]) else Unserved
        return found

    def _learn(self, change: Change) -> None:
        """A CRD that came, changed or went changes what is served."""
        if change.key != CRDS:
            return
        if change.removed:
            self.catalog.forget(change.place[1])
        else:
            self.catalog.define(change.after)

    def keep(self, obj: Object) -> None:
        """Take an object as it is: nothing is filled in, checked or counted. Kinds that nobody defined are served too."""
        metadata, version, kind = obj["metadata"], obj["apiVersion"], obj["kind"]
        group = version.rpartition("/")[0]
        served = self.catalog.of_kind(version, kind) or self.catalog.any_version(group, kind)
        if served is None:
            served = self.catalog.guess(version, kind, namespaced="namespace" in metadata)
        if served.key == CRDS:
            self.catalog.define(obj)
        namespace = (metadata.get("namespace") or "default") if served.namespaced else ""
        if namespace and "namespace" not in metadata:
            obj = obj | {"metadata": metadata | {"namespace": namespace}}
        self.store.keep(served.key, (namespace, metadata["name"]), obj)

    def close(self) -> None:
        """End watches and followed logs."""
        self.store.close()
        self.logs.close()
