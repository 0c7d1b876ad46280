"""The shape of a kind: everything that a generic command, the diagnosis or the sandbox may ask about it."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, Ref, condition, dig, namespace_of, text
from flux_cli.core.record import Record
from flux_cli.core.text import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ALL_VERBS = frozenset({"get", "create", "delete", "export", "reconcile", "suspend", "resume"})
WAITING = "waiting to be reconciled"


class Names(Record):
    """What people type. ``group`` is the noun between verb and leaf: get *sources* git.

    ``human`` is how the Go CLI names the kind in sentences; ``aliases`` are for ``troubleshoot KIND`` and the like.
    """

    singular: str
    plural: str
    human: str
    short: tuple[str, ...] = ()
    group: str = ""
    aliases: tuple[str, ...] = ()

    def leaf(self, verb: str) -> tuple[str, tuple[str, ...]]:
        """(name, aliases) below ``verb``. Only ``get`` has plural names: get kustomizations, reconcile kustomization."""
        if verb == "get" and self.plural != self.singular:
            return self.plural, (*self.short, self.singular)
        return self.singular, self.short

    def noun(self, verb: str) -> tuple[str, tuple[str, ...]]:
        """(name, aliases) of the group between verb and leaf, or ("", ()) where there is none."""
        if verb == "get" and self.group:
            return f"{self.group}s", (self.group,)
        return self.group, ()


class Column(Record):
    """A column of ``get``; ``only`` names the flag that asks for it, empty for always."""

    header: str
    value: Callable[[Object], str]
    only: str = ""


class Need(Record):
    """A reference from one object to another that it cannot work without.

    ``role``: source, chart, dependency, secret, configmap, serviceaccount, kubeconfig, provider, image or target.
    ``field`` is the dotted path of the reference; ``keys`` are keys that the Secret or ConfigMap must hold;
    ``optional``: its absence is allowed by the object itself.
    """

    role: str
    ref: Ref
    field: str
    keys: tuple[str, ...] = ()
    optional: bool = False


class Kind(Record):
    """One Flux kind. Functions are pure, take the object as a dict and never raise on odd shapes.

    ``source``      what ``--with-source`` reconciles first and ``--show-source`` prints
    ``done``        the text after ✔ when a reconciliation or resume succeeded
    ``revision``    which revision the object stands at
    ``static``      true where the object has no status of its own, so it is ready as it is
    ``static_text`` what the Go CLI prints as message for such an object
    ``needs``       its references
    ``controller``  the Deployment that handles it
    """

    resource: Resource
    names: Names
    controller: str
    columns: tuple[Column, ...]
    verbs: frozenset[str] = ALL_VERBS
    revision: Callable[[Object], str] = lambda obj: ""
    source: Callable[[Object], Ref | None] | None = None
    done: Callable[[Object], str] = lambda obj: ""
    static: Callable[[Object], bool] = lambda obj: False
    static_text: str = ""
    needs: Callable[[Object], Iterable[Need]] = lambda obj: ()
    reconcilable: Callable[[Object], bool] = lambda obj: True
    suspended: Callable[[Object], bool] = lambda obj: dig(obj, "spec.suspend") is True

    @property
    def kind(self) -> str:
        return self.resource.kind


def ready(obj: Object) -> str:
    found = condition(obj)
    return text(found, "status") if found else "False"


def message(obj: Object) -> str:
    found = condition(obj)
    return text(found, "message") if found else WAITING


def reference(obj: Object, field: str, kind: str = "") -> Ref | None:
    """The object that ``field`` points at: its ``kind`` (or the one given), its namespace or the object's own, its name."""
    ref = dig(obj, field)
    if not isinstance(ref, dict) or not text(ref, "name"):
        return None
    return Ref(kind or text(ref, "kind"), text(ref, "namespace") or namespace_of(obj), text(ref, "name"))


def need(obj: Object, role: str, field: str, kind: str = "", keys: tuple[str, ...] = ()) -> list[Need]:
    """The reference at ``field`` as a list of one Need, or of none."""
    ref = reference(obj, field, kind)
    return [Need(role, ref, field, keys)] if ref else []


def dependencies(obj: Object) -> list[Need]:
    """``spec.dependsOn``: same kind, own namespace unless said otherwise."""
    found = dig(obj, "spec.dependsOn", [])
    out = []
    for index, entry in enumerate(found if isinstance(found, list) else []):
        if text(entry, "name"):
            ref = Ref(text(obj, "kind"), text(entry, "namespace") or namespace_of(obj), text(entry, "name"))
            out.append(Need("dependency", ref, f"spec.dependsOn.{index}"))
    return out


def access(obj: Object) -> list[Need]:
    """The service account that is impersonated, and the kubeconfig of a remote cluster."""
    out = []
    account = text(obj, "spec.serviceAccountName")
    if account:
        out.append(Need("serviceaccount", Ref("ServiceAccount", namespace_of(obj), account), "spec.serviceAccountName"))
    secret = dig(obj, "spec.kubeConfig.secretRef")
    if isinstance(secret, dict) and text(secret, "name"):
        keys = (text(secret, "key"),) if text(secret, "key") else ()
        out.append(Need("kubeconfig", Ref("Secret", namespace_of(obj), text(secret, "name")), "spec.kubeConfig.secretRef", keys))
    return out + need(obj, "kubeconfig", "spec.kubeConfig.configMapRef", "ConfigMap")


def secrets(obj: Object, *fields: str) -> list[Need]:
    """References to Secrets that a source or provider authenticates with."""
    return [n for field in fields for n in need(obj, "secret", field, "Secret")]


def local_time(stamp: str) -> str:
    """An RFC 3339 time in the local zone, to the second, as ``get images`` prints it; "" where it is none."""
    from flux_cli.core import rfc3339

    moment = rfc3339.local(stamp)
    if moment is None:
        return ""
    shown = moment.isoformat(timespec="seconds")
    return shown[:-6] + "Z" if shown.endswith("+00:00") else shown


def artifact_revision(obj: Object) -> str:
    return text(obj, "status.artifact.revision")


def fetched(obj: Object) -> str:
    return f"fetched revision {artifact_revision(obj)}"


def source_cell(find: Callable[[Object], Ref | None]) -> Column:
    return Column("Source", lambda obj: str(find(obj) or ""), only="show_source")


NAME = Column("Name", lambda obj: text(obj, "metadata.name"))
REVISION = Column("Revision", lambda obj: shorten(artifact_revision(obj)))
SUSPENDED = Column("Suspended", lambda obj: str(dig(obj, "spec.suspend") is True))
READY = Column("Ready", ready)
MESSAGE = Column("Message", message)
SHORT_MESSAGE = Column("Message", lambda obj: shorten(message(obj)))
STATUS = (SUSPENDED, READY, MESSAGE)
SHORT_STATUS = (SUSPENDED, READY, SHORT_MESSAGE)
SOURCE_COLUMNS = (NAME, REVISION, *SHORT_STATUS)


def always_ready(sentence: str) -> tuple[Column, ...]:
    """Ready and Message of a kind without status, in the Go CLI's words."""
    return (Column("Ready", lambda obj: "True"), Column("Message", lambda obj: sentence))
