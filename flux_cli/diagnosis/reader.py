"""What a diagnosis reads: each object and each list at most once, side by side, and never a write.

A thing that may not be read becomes a note, not an error; only a cluster that cannot be reached at all ends the diagnosis.
The values of Secrets stay here: what leaves the reader tells ciphertext from content, and no more.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flux_cli import kinds
from flux_cli.core import api, labelselectors
from flux_cli.core.errors import ApiError, FluxError, NoMatch, NotFound, Unauthorized, Unreachable
from flux_cli.core.objects import Object, Ref, dig, items, labels, name_of, namespace_of, text
from flux_cli.core.parallel import later, side_by_side
from flux_cli.diagnosis import relations
from flux_cli.diagnosis.secrets import decoded_release, without_values
from flux_cli.kinds import Need

LIMIT_RANGE = api.Resource("", "v1", "limitranges", "LimitRange")
VALIDATING = api.Resource(
    "admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", False
)
MUTATING = api.Resource(
    "admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", False
)

CORE = {
    r.kind: r
    for r in (
        api.SECRET, api.CONFIG_MAP, api.SERVICE, api.SERVICE_ACCOUNT, api.NAMESPACE, api.NODE, api.POD, api.EVENT, api.PVC,
        api.QUOTA, api.DEPLOYMENT, api.STATEFUL_SET, api.DAEMON_SET, api.REPLICA_SET, api.JOB, api.CRD,
        LIMIT_RANGE, VALIDATING, MUTATING,
    )
}  # fmt: skip

RELEASE = "helm.sh/release.v1"
FOUND, MISSING, UNREADABLE = "found", "missing", "unreadable"
SERIOUS = ("FailedBinding",)  # reasons of trouble that Kubernetes itself writes as Normal


class Reader:
    """Lazy, cached reads of one cluster. ``notes`` collects what could not be read, each thing once."""

    def __init__(self, cluster: api.Cluster) -> None:
        self._cluster = cluster
        self._objects: dict[Ref, Object] = {}
        self._states: dict[Ref, str] = {}
        self._lists: dict[tuple[str, str], list[Object]] = {}
        self._by_namespace: dict[str, dict[str, list[Object]]] = {}
        self._whole: set[str] = set()
        self._refused: set[tuple[str, str]] = set()
        self._learned: dict[str, api.Resource] = {}
        self.confined = False  # whether nothing may be listed in all namespaces
        self._indexes: dict[tuple[str, str], dict[Ref, list[Object]]] = {}
        self._logs: dict[tuple[str, str, bool], list[str]] = {}
        self._needs: dict[int, tuple[Object, list[Need]]] = {}
        self.notes: list[str] = []

    def needs(self, obj: Object) -> list[Need]:
        """What ``relations.needs`` says of the object, worked out once for each that was read: every walk asks for it again."""
        known = self._needs.get(id(obj))
        if known is None:  # the object is kept with its answer, so no other one gets its id
            known = self._needs[id(obj)] = (obj, relations.needs(obj))
        return known[1]

    def get(self, ref: Ref, api_version: str = "") -> Object | None:
        """The object, or None where it does not exist or may not be read: ``state`` tells which."""
        if ref not in self._states:
            if ref.kind in self._whole:
                self._states[ref] = MISSING
            else:
                self._settle(ref, self._fetch(ref, api_version))
        return self._objects.get(ref)

    def state(self, ref: Ref, api_version: str = "") -> str:
        self.get(ref, api_version)
        return self._states[ref]

    def missing(self, ref: Ref, api_version: str = "") -> bool:
        return self.state(ref, api_version) == MISSING

    def prefetch(self, wanted: Iterable[tuple[Ref, str]], lists: Sequence[tuple[api.Resource, str]] = ()) -> None:
        """Read what will be asked for in one round: objects as (reference, API version or ""), and lists."""
        objects = [(r, v) for r, v in dict(wanted).items() if r.kind not in self._whole and r not in self._states]
        listed = [(r, n) for r, n in dict.fromkeys(lists) if (r.kind, n) not in self._lists and r.kind not in self._whole]
        calls: list[Callable[[], Any]] = [later(self._fetch, r, v) for r, v in objects]
        calls += [later(self._listed, r, n) for r, n in listed]
        answers: list[Any] = side_by_side(calls) if calls else []
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        for (ref, _), answer in zip(objects, answers, strict=False):
            self._settle(ref, answer)
        for (resource, namespace), answer in zip(listed, answers[len(objects) :], strict=True):
            self._keep(resource, namespace, answer)

    def every(self, resource: api.Resource, namespace: str) -> list[Object]:
        """All objects of a kind in a namespace; empty, with a note, where they may not be listed."""
        if resource.kind in self._whole:
            return self._by_namespace[resource.kind].get(namespace, []) if namespace else self._lists[resource.kind, ""]
        if (resource.kind, namespace) not in self._lists:
            self._keep(resource, namespace, self._listed(resource, namespace))
        return self._lists[resource.kind, namespace]

    def labelled(self, resource: api.Resource, selector: str) -> list[Object]:
        """Objects of a kind in all namespaces that carry labels; empty, with a note, where they may not be listed."""
        if self.confined:
            return []
        if resource.kind in self._whole:
            return [o for o in self._lists[resource.kind, ""] if labelselectors.matches(selector, labels(o))]
        key = (f"{resource.kind} {selector}", "")
        if key not in self._lists:
            try:
                found = self._cluster.list(resource, "", labels=selector).items
            except ApiError as err:
                self.note(f"{resource.plural} with {selector} could not be listed: {err}")
                found = []
            self._lists[key] = [
                {"apiVersion": resource.api_version, **o, "kind": resource.kind} for o in found if isinstance(o, dict)
            ]
        return self._lists[key]

    def refused(self, resource: api.Resource, namespace: str) -> bool:
        """Whether a list was asked for and not answered."""
        return (resource.kind, namespace) in self._refused

    def preload(self, resources: Sequence[api.Resource]) -> None:
        """List these kinds in all namespaces, side by side: afterwards nothing of them is asked for one by one."""
        answers = side_by_side([later(self._everywhere, r) for r in resources])
        for resource, answer in zip(resources, answers, strict=True):
            if isinstance(answer, FluxError) and not isinstance(answer, Unreachable | Unauthorized):
                if not isinstance(answer, NoMatch):
                    self.note(f"{resource.plural} could not be listed in all namespaces: {answer}")
                continue
            if isinstance(answer, Exception):
                raise answer
            self._whole.add(resource.kind)
            self._keep(resource, "", answer)
            spaces: dict[str, list[Object]] = {}
            for obj in self._lists[resource.kind, ""]:
                spaces.setdefault(namespace_of(obj), []).append(obj)
            self._by_namespace[resource.kind] = spaces

    def events(self, namespace: str) -> list[Object]:
        return self.every(api.EVENT, namespace)

    def warnings(self, ref: Ref) -> list[Object]:
        """The Warning events about one object, as they were listed."""
        return self._index("warnings", ref.namespace, _warned).get(ref, [])

    def pods(self, workload: Ref) -> list[Object]:
        """The pods that a workload controls, itself or by its ReplicaSets; for one without owners see ``selects``."""
        return self._index("pods", workload.namespace, _controlled).get(workload, [])

    def _index(self, what: str, namespace: str, keys: Callable[[Object], list[Ref]]) -> dict[Ref, list[Object]]:
        if (what, namespace) not in self._indexes:
            index: dict[Ref, list[Object]] = {}
            for obj in self.every(api.POD if what == "pods" else api.EVENT, namespace):
                for key in keys(obj):
                    index.setdefault(key, []).append(obj)
            self._indexes[what, namespace] = index
        return self._indexes[what, namespace]

    def _everywhere(self, resource: api.Resource, namespace: str = "") -> list[Object]:
        """Helm's release records are Secrets as well, and large: they are left out."""
        fields = f"type!={RELEASE}" if resource.kind == "Secret" else ""
        return self._cluster.list(resource, namespace, fields=fields).items

    def logs(self, namespace: str, pod: str, *, tail: int = 200, previous: bool = False) -> list[str]:
        """The last lines of a pod's log; empty where there is none to read."""
        key = (namespace, pod, previous)
        if key not in self._logs:
            try:
                lines = self._cluster.logs(namespace, pod, tail=tail, previous=previous)
                self._logs[key] = [line.decode("utf-8", "replace") for line in lines]
            except FluxError as err:
                self._logs[key] = []
                if not isinstance(err, NotFound) and getattr(err, "status", 0) != 400:
                    self.note(f"the log of pod {namespace}/{pod} could not be read: {err}")
        return self._logs[key]

    def release(self, namespace: str, name: str) -> Object | None:
        """The newest Helm release record of that name, decoded; None where there is none that can be read."""
        if "Secret" in self._whole:
            return None
        try:
            found = self._cluster.list(api.SECRET, namespace, labels=f"owner=helm,name={name}").items
        except FluxError as err:
            self.note(f"the Helm releases in {namespace} could not be read: {err}")
            return None
        newest = max(found, key=lambda s: int(text(s, "metadata.labels.version") or 0), default=None)
        return decoded_release(text(newest, "data.release")) if newest else None

    def learn(self, resource: api.Resource) -> None:
        """A kind that the cluster serves and that neither the registry nor the core kinds know."""
        self._learned[resource.kind] = resource

    def resource(self, ref: Ref, api_version: str = "") -> api.Resource:
        """Which resource serves this kind; raises NoMatch."""
        if ref.kind in kinds.NAMES:
            known = kinds.named(ref.kind).resource
            if not api_version or api_version.startswith(known.group):
                return known
        if ref.kind in CORE and (not api_version or api_version == CORE[ref.kind].api_version):
            return CORE[ref.kind]
        if ref.kind in self._learned and api_version in ("", self._learned[ref.kind].api_version):
            return self._learned[ref.kind]
        if not api_version:
            raise NoMatch(f"no API version is known for {ref.kind}")
        return self._cluster.resolve(api_version, ref.kind)

    def _fetch(self, ref: Ref, api_version: str) -> Object | str:
        try:
            return self._cluster.get(self.resource(ref, api_version), ref.namespace, ref.name)
        except NotFound:
            return MISSING
        except NoMatch:
            return UNREADABLE
        except Unauthorized:
            raise
        except ApiError as err:
            self.note(f"{ref.kind} {ref.namespace}/{ref.name} could not be read: {err}")
            return UNREADABLE

    def _settle(self, ref: Ref, answer: Object | str) -> None:
        if isinstance(answer, str):
            self._states[ref] = answer
        else:
            self._states[ref] = FOUND
            self._objects[ref] = without_values({"kind": ref.kind, **answer})

    def _listed(self, resource: api.Resource, namespace: str) -> list[Object]:
        try:
            return self._everywhere(resource, namespace)
        except NoMatch:
            return []
        except Unauthorized:
            raise
        except ApiError as err:
            self._refused.add((resource.kind, namespace))
            where = f"in {namespace}" if namespace else "in all namespaces"
            self.note(f"{resource.plural} {where} could not be listed: {err}")
            return []

    def _keep(self, resource: api.Resource, namespace: str, found: list[Object]) -> None:
        """List items carry no kind of their own; each becomes readable one by one as well."""
        kept = []
        for item in found:
            if not isinstance(item, dict):
                continue
            obj = {"apiVersion": resource.api_version, **item, "kind": resource.kind}
            if resource.kind == "Secret":
                obj = without_values(obj)
            kept.append(obj)
            if resource.kind != "Event":
                ref = Ref(resource.kind, namespace_of(obj), name_of(obj))
                self._states[ref], self._objects[ref] = FOUND, obj
        self._lists[resource.kind, namespace] = kept

    def note(self, note: str) -> None:
        """Something that could not be seen, said once."""
        if note not in self.notes:
            self.notes.append(note)


def _warned(event: Object) -> list[Ref]:
    about = dig(event, "involvedObject", {})
    if text(event, "type") != "Warning" and text(event, "reason") not in SERIOUS:
        return []
    return [
        Ref(
            text(about, "kind"),
            text(about, "namespace") or namespace_of(event) if text(about, "kind") != "Node" else "",
            text(about, "name"),
        )
    ]


def _controlled(pod: Object) -> list[Ref]:
    """Who controls a pod; for a ReplicaSet's pod the Deployment as well, by the name that it was given."""
    out = []
    for by in items(pod, "metadata.ownerReferences"):
        kind, name = text(by, "kind"), text(by, "name")
        out.append(Ref(kind, namespace_of(pod), name))
        if kind == "ReplicaSet":
            out.append(Ref("Deployment", namespace_of(pod), name.rpartition("-")[0]))
    return out
