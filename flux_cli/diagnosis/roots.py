"""Which object has to change: strategies by name, as the rules call them. Each answers an object, or None for "not here"."""

from collections.abc import Callable
from typing import NamedTuple

from flux_cli.core.objects import Object, Ref, dig, items, namespace_of, ref_of, text
from flux_cli.diagnosis import reader as reading
from flux_cli.diagnosis import relations

SOURCE_KINDS = ("GitRepository", "OCIRepository", "Bucket", "HelmRepository", "ExternalArtifact")


class Context(NamedTuple):
    """What a strategy may look at. ``workload``: whose pods these are; ``missing``: the reference that leads nowhere."""

    reader: reading.Reader
    obj: Object
    captured: dict[str, str]
    symptom: Ref
    workload: Ref | None = None
    missing: Ref | None = None

    @property
    def ref(self) -> Ref:
        return ref_of(self.obj)

    @property
    def kind(self) -> str:
        return text(self.obj, "kind")

    @property
    def namespace(self) -> str:
        return namespace_of(self.obj)


def root_of(strategies: tuple[str, ...], at: Context) -> Ref:
    """The first strategy that finds an object; the object itself where none does."""
    for name in strategies:
        found = STRATEGIES[name](at)
        if found is not None:
            return found
    return at.ref


def release(at: Context) -> Ref | None:
    """The HelmRelease that a HelmChart was made for: nobody edits the chart object itself."""
    owner = relations.owner(at.obj) if at.kind == "HelmChart" else None
    return owner if owner and owner.kind == "HelmRelease" else None


def itself(at: Context) -> Ref | None:
    return release(at) or at.ref


def source(at: Context) -> Ref | None:
    return relations.source_ref(at.obj) or (at.ref if at.kind in SOURCE_KINDS else None)


def origin(at: Context) -> Ref | None:
    """The source of a chart or a release; None for other kinds."""
    return source(at) if at.kind in ("HelmChart", "HelmRelease") else None


def _files(ref: Ref, reader: reading.Reader) -> Ref:
    """Behind an ExternalArtifact with one source: that source, for there the files are kept."""
    if ref.kind != "ExternalArtifact":
        return ref
    made = reader.get(ref)
    maker = relations.source_ref(made) if made else None
    generator = reader.get(maker) if maker and maker.kind == "ArtifactGenerator" else None
    sources = [n.ref for n in relations.needs(generator) if n.role == "source"] if generator else []
    return sources[0] if len(sources) == 1 else ref


def manifest(at: Context) -> Ref | None:
    """Where a manifest comes from: the source of a Kustomization, or the HelmRelease; a workload's by its owner."""
    if at.kind == "Kustomization":
        found = relations.source_ref(at.obj)
        return _files(found, at.reader) if found else None
    if at.kind in ("HelmRelease", "HelmChart"):
        return itself(at)
    owner = relations.owner(at.obj)
    if owner is None and at.workload:
        top = at.reader.get(at.workload)
        owner = relations.owner(top) if top else None
    if owner is None:
        return at.workload
    if owner.kind == "HelmRelease":
        return owner
    made_by = at.reader.get(owner)
    return manifest(at._replace(obj=made_by)) if made_by else owner


def _git(at: Context) -> Object | None:
    """The GitRepository that this is about."""
    if at.kind == "GitRepository":
        return at.obj
    found = relations.source_ref(at.obj)
    return at.reader.get(found) if found and found.kind == "GitRepository" else None


def git_source(at: Context) -> Ref | None:
    git = _git(at)
    found = relations.source_ref(at.obj)
    return ref_of(git) if git else found if found and found.kind == "GitRepository" else None


def _secret(obj: Object | None, field: str, kind: str = "Secret") -> Ref | None:
    name = text(obj, f"{field}.name")
    return Ref(kind, namespace_of(obj or {}), name) if name else None


def git_secret(at: Context) -> Ref | None:
    return _secret(_git(at), "spec.secretRef")


def _login_holder(at: Context) -> Object | None:
    """The object whose spec holds the login: the source behind a chart, a release, a policy or an alert."""
    if at.kind in ("HelmChart", "HelmRelease", "Kustomization", "ImagePolicy"):
        found = relations.source_ref(at.obj)
        return at.reader.get(found) if found else None
    return at.obj


def login_secret(at: Context) -> Ref | None:
    """The Secret that is logged in with; with a cloud provider the service account."""
    holder = _login_holder(at)
    secret = _secret(holder, "spec.secretRef")
    if secret or holder is None:
        return secret
    account = text(holder, "spec.serviceAccountName")
    return Ref("ServiceAccount", namespace_of(holder), account) if account else None


def ca_secret(at: Context) -> Ref | None:
    """certSecretRef; for Git the Secret of the login where it holds a CA."""
    holder = _login_holder(at)
    found = _secret(holder, "spec.certSecretRef")
    if found or holder is None or text(holder, "kind") != "GitRepository":
        return found
    login = _secret(holder, "spec.secretRef")
    keys = dig(at.reader.get(login), "data", {}) if login else {}
    return login if isinstance(keys, dict) and {"ca.crt", "caFile"} & set(keys) else None


def remote(at: Context) -> Ref | None:
    """Whose spec holds the address that is called."""
    if at.kind == "Alert":
        return provider(at)
    return source(at)


def provider(at: Context) -> Ref | None:
    if at.kind == "Provider":
        return at.ref
    name = at.captured.get("provider") or text(at.obj, "spec.providerRef.name")
    return Ref("Provider", at.namespace, name) if name and at.kind == "Alert" else None


def provider_secret(at: Context) -> Ref | None:
    where = provider(at)
    return _secret(at.reader.get(where), "spec.secretRef") if where else None


def account(at: Context) -> Ref | None:
    name = at.captured.get("account")
    return Ref("ServiceAccount", at.captured.get("account_namespace", at.namespace), name) if name else None


def service_account(at: Context) -> Ref | None:
    name = text(at.obj, "spec.serviceAccountName") or text(_login_holder(at), "spec.serviceAccountName")
    return Ref("ServiceAccount", at.namespace, name) if name else None


def kubeconfig(at: Context) -> Ref | None:
    need = relations.need_of(at.obj, "kubeconfig")
    return need.ref if need else None


def named_secret(at: Context) -> Ref | None:
    name = at.captured.get("secret")
    kind = "ConfigMap" if "configmap" in at.captured.get("secret_kind", "").lower() else "Secret"
    return Ref(kind, at.captured.get("secret_namespace", at.namespace), name) if name else None


def missing_secret(at: Context) -> Ref | None:
    """Of the Secrets that it (or its source) refers to, the first that does not exist."""
    for obj in (at.obj, _login_holder(at)):
        for need in relations.needs(obj) if obj else ():
            if need.role in ("secret", "configmap") and at.reader.missing(need.ref):
                return need.ref
    return None


def missing_source(at: Context) -> Ref | None:
    """The named source; its namespace is that of the reference with this name."""
    name = at.captured.get("source_name")
    wanted = [n.ref for n in relations.needs(at.obj) if n.role in ("source", "image")]
    for ref in wanted:
        if ref.name == name or (name is None and at.reader.missing(ref)):
            return ref
    return Ref(at.captured["source_kind"], at.namespace, name) if name else None


def dependency(at: Context) -> Ref | None:
    name = at.captured.get("dependency")
    return Ref(at.kind, at.captured.get("dependency_namespace", at.namespace), name) if name else None


def _captured(prefix: str, kind: str = "") -> Callable[[Context], Ref | None]:
    """The object that the message names with ``<prefix>_kind``, ``<prefix>_namespace`` and ``<prefix>_name``."""

    def find(at: Context) -> Ref | None:
        name = at.captured.get(f"{prefix}_name")
        found = kind or at.captured.get(f"{prefix}_kind", "")
        return Ref(found, at.captured.get(f"{prefix}_namespace", at.namespace), name) if name and found else None

    return find


def when_spec(*fields: str) -> Callable[[Context], Ref | None]:
    """The object itself where its spec has the part that is at fault, else where the manifest comes from."""

    def find(at: Context) -> Ref | None:
        return at.ref if any(dig(at.obj, f"spec.{field}") for field in fields) else manifest(at)

    return find


def substitution_value(at: Context) -> Ref | None:
    if dig(at.obj, "spec.postBuild.substitute"):
        return at.ref
    named = [n.ref for n in relations.needs(at.obj) if n.field.startswith("spec.postBuild.substituteFrom")]
    return named[0] if len(named) == 1 else manifest(at)


def target_namespace(at: Context) -> Ref | None:
    """A namespace that the spec names is the spec's fault; one that a manifest names is the manifest's."""
    wanted = at.captured.get("missing_namespace")
    if not wanted or wanted in (text(at.obj, "spec.targetNamespace"), text(at.obj, "spec.storageNamespace")):
        return at.ref
    return manifest(at)


def ending_namespace(at: Context) -> Ref | None:
    name = at.captured.get("ending_namespace")
    return Ref("Namespace", "", name) if name else None


def quota(at: Context) -> Ref | None:
    name = at.captured.get("quota")
    where = at.captured.get("at_namespace") or text(at.obj, "spec.targetNamespace") or at.namespace
    return Ref("ResourceQuota", where, name) if name else None


def limit_range(at: Context) -> Ref | None:
    where = at.captured.get("at_namespace") or at.namespace
    found = at.reader.every(reading.LIMIT_RANGE, where)
    return Ref("LimitRange", where, text(found[0], "metadata.name")) if found else None


def webhook(at: Context) -> Ref | None:
    """The configuration that registers the webhook of this name: its own name is another one."""
    name = at.captured.get("webhook") or at.captured.get("webhook_denied")
    if not name:
        return None
    for resource in (reading.VALIDATING, reading.MUTATING):
        for found in at.reader.every(resource, ""):
            if any(text(hook, "name") == name for hook in items(found, "webhooks")):
                return Ref(resource.kind, "", text(found, "metadata.name"))
    return Ref("ValidatingWebhookConfiguration", "", name)


def oci_asked(at: Context) -> Ref | None:
    """A chart that an OCI HelmRepository lacks: asked for by the release, unless the URL repeats the chart's name."""
    if at.kind not in ("HelmChart", "HelmRelease"):
        return None
    found = relations.source_ref(at.obj)
    holder = at.reader.get(found) if found else None
    if found and found.kind == "OCIRepository":
        return found
    chart = text(at.obj, "spec.chart") or text(at.obj, "spec.chart.spec.chart")
    return found if chart and text(holder, "spec.url").rstrip("/").endswith(f"/{chart}") else itself(at)


def oci_source(at: Context) -> Ref | None:
    found = source(at)
    return found if found and found.kind == "OCIRepository" else None


def hook(at: Context) -> Ref | None:
    """The Job (or Pod) that the message names, else the one in the namespace that is marked as a hook and failed."""
    name = at.captured.get("job") or at.captured.get("job_name")
    where = at.captured.get("job_namespace") or text(at.obj, "spec.targetNamespace") or at.namespace
    if name:
        return Ref("Job", where, name)
    if at.captured.get("pod"):
        return Ref("Pod", at.captured.get("pod_namespace", where), at.captured["pod"])
    return _hook_there(at, where, "helm.sh/hook")


def _hook_there(at: Context, where: str, mark: str) -> Ref | None:
    if at.kind != "HelmRelease":
        return None
    for resource in (reading.CORE["Job"], reading.CORE["Pod"]):
        for found in at.reader.every(resource, where):
            kind_of_hook = str(dig(found, "metadata.annotations", {}).get(mark, ""))
            if kind_of_hook and relations.owner(found) in (at.ref, None) and not _succeeded(found):
                return ref_of(found)
    return None


def _succeeded(obj: Object) -> bool:
    return text(obj, "status.phase") == "Succeeded" or bool(dig(obj, "status.succeeded"))


def producer(at: Context) -> Ref:
    """The controller that hands out the artifact."""
    found = relations.need_of(at.obj, "chart", "source")
    kind = found.ref.kind if found else at.kind
    return Ref("Deployment", "flux-system", "source-watcher" if kind == "ExternalArtifact" else "source-controller")


def controller(at: Context) -> Ref | None:
    if at.kind in ("Deployment", "Pod"):
        return at.workload or at.ref
    name = at.captured.get("controller") or relations.controller_of(at.kind)
    return Ref("Deployment", "flux-system", name) if name else None


STRATEGIES: dict[str, Callable[[Context], Ref | None]] = {
    "account": account,
    "blocker": _captured("blocker"),
    "ca-secret": ca_secret,
    "chart-files": origin,
    "checkout": lambda at: at.ref if dig(at.obj, "spec.git.checkout.ref") else None,
    "component": when_spec("components"),
    "conflict": _captured("at"),
    "controller": controller,
    "decryption-secret": lambda at: _secret(at.obj, "spec.decryption.secretRef"),
    "dependency": dependency,
    "ending-namespace": ending_namespace,
    "git-secret": git_secret,
    "git-source": git_source,
    "hook": hook,
    "image": lambda at: n.ref if (n := relations.need_of(at.obj, "image")) else None,
    "kubeconfig": kubeconfig,
    "limit-range": limit_range,
    "login-secret": login_secret,
    "manifest": manifest,
    "missing": lambda at: at.missing,
    "missing-secret": missing_secret,
    "missing-source": missing_source,
    "named-account": service_account,
    "named-object": _captured("at"),
    "named-secret": named_secret,
    "named-service": lambda at: _captured("at")(at) if at.captured.get("at_kind") == "Service" else None,
    "oci-asked": oci_asked,
    "oci-source": oci_source,
    "origin": origin,
    "patch": when_spec("patches", "patchesStrategicMerge", "patchesJson6902"),
    "producer": producer,
    "provider": provider,
    "provider-secret": provider_secret,
    "quota": quota,
    "release": release,
    "remote": remote,
    "self": itself,
    "serviceaccount": service_account,
    "sops-secret": _captured("sops", "Secret"),
    "source": source,
    "substitute": _captured("substitute"),
    "substitution-value": substitution_value,
    "symptom": lambda at: at.symptom if at.captured.get("in_cycle") else None,
    "target-namespace": target_namespace,
    "test": hook,
    "values": _captured("values"),
    "verify-secret": lambda at: _secret(at.obj, "spec.verify.secretRef"),
    "waited": lambda at: n.ref if (n := relations.need_of(at.obj, "chart", "source", "image")) else None,
    "webhook": webhook,
    "workload": lambda at: at.workload or at.ref,
}
