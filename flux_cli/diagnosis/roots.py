"""Which object has to change: strategies by name, as the rules call them. Each answers an object, or None for "not here"."""

from collections.abc import Callable

from flux_cli import kinds
from flux_cli.core.objects import Object, Ref, annotations, dig, items, ref_of, text
from flux_cli.diagnosis import credentials, origins, reader, relations
from flux_cli.diagnosis.context import Context


def root_of(strategies: tuple[str, ...], at: Context) -> Ref:
    """The first strategy that finds an object; the object itself where none does."""
    for name in strategies:
        found = STRATEGIES[name](at)
        if found is not None:
            return found
    return at.ref


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


def ending_namespace(at: Context) -> Ref | None:
    name = at.captured.get("ending_namespace")
    return Ref("Namespace", "", name) if name else None


def quota(at: Context) -> Ref | None:
    name = at.captured.get("quota")
    where = at.captured.get("at_namespace") or text(at.obj, "spec.targetNamespace") or at.namespace
    return Ref("ResourceQuota", where, name) if name else None


def limit_range(at: Context) -> Ref | None:
    where = at.captured.get("at_namespace") or at.namespace
    found = at.reader.every(reader.LIMIT_RANGE, where)
    return Ref("LimitRange", where, text(found[0], "metadata.name")) if found else None


def webhook(at: Context) -> Ref | None:
    """The configuration that registers the webhook of this name: its own name is another one."""
    name = at.captured.get("webhook") or at.captured.get("webhook_denied")
    if not name:
        return _converted(at)
    for resource in (reader.VALIDATING, reader.MUTATING):
        for found in at.reader.every(resource, ""):
            if any(text(hook, "name") == name for hook in items(found, "webhooks")):
                return Ref(resource.kind, "", text(found, "metadata.name"))
    return Ref("ValidatingWebhookConfiguration", "", name)


def _converted(at: Context) -> Ref | None:
    """The CRD whose conversion webhook is called; the message has its kind, its name has the plural."""
    group, kind = at.captured.get("converted_group", ""), at.captured.get("converted_kind", "").lower()
    names = [Ref("CustomResourceDefinition", "", f"{kind}{ending}.{group}") for ending in ("s", "es", "")] if kind else []
    return next((ref for ref in names if at.reader.get(ref)), None)


def existing(at: Context) -> Ref | None:
    """The object that is there already, where the message has only its resource and its name."""
    known = {r.plural: r for r in (*reader.CORE.values(), *(kind.resource for kind in kinds.every()))}
    resource = known.get(at.captured.get("existing_plural", ""))
    if resource is None:
        return None
    where = text(at.obj, "spec.targetNamespace") or at.namespace
    return Ref(resource.kind, where if resource.namespaced else "", at.captured["existing"])


def hook(at: Context) -> Ref | None:
    """The Job (or Pod) that the message names, else the one in the namespace that is marked as a hook and failed."""
    name = next((at.captured[key] for key in ("job", "job_name", "job_waited") if key in at.captured), "")
    where = at.captured.get("job_namespace") or text(at.obj, "spec.targetNamespace") or at.namespace
    if name:
        return Ref("Job", where, name)
    pod = next((at.captured[key] for key in ("pod", "pod_name", "pod_waited") if key in at.captured), "")
    if pod:
        return Ref("Pod", at.captured.get("pod_namespace", where), pod)
    return _hook_there(at, where, "helm.sh/hook")


def _hook_there(at: Context, where: str, mark: str) -> Ref | None:
    if at.kind != "HelmRelease":
        return None
    for resource in (reader.CORE["Job"], reader.CORE["Pod"]):
        for found in at.reader.every(resource, where):
            if annotations(found).get(mark) and relations.owner(found) in (at.ref, None) and not _succeeded(found):
                return ref_of(found)
    return None


def _succeeded(obj: Object) -> bool:
    return text(obj, "status.phase") == "Succeeded" or bool(dig(obj, "status.succeeded"))


STRATEGIES: dict[str, Callable[[Context], Ref | None]] = {
    "account": credentials.account,
    "awaited": _captured("awaited"),
    "blocker": _captured("blocker"),
    "ca-secret": credentials.ca_secret,
    "chart-files": origins.origin,
    "checkout": lambda at: at.ref if dig(at.obj, "spec.git.checkout.ref") else None,
    "component": origins.when_spec("components"),
    "conflict": _captured("at"),
    "controller": origins.controller,
    "decryption-account": lambda at: credentials.secret_at(at.obj, "spec.decryption.serviceAccountName", "ServiceAccount"),
    "decryption-secret": lambda at: credentials.secret_at(at.obj, "spec.decryption.secretRef"),
    "dependency": dependency,
    "existing": existing,
    "ending-namespace": ending_namespace,
    "git-secret": credentials.git_secret,
    "git-source": origins.git_source,
    "hook": hook,
    "image": lambda at: n.ref if (n := relations.need_of(at.obj, "image")) else None,
    "keyless-secret": credentials.keyless_secret,
    "kubeconfig": credentials.kubeconfig,
    "limit-range": limit_range,
    "login-secret": credentials.login_secret,
    "manifest": origins.manifest,
    "missing": lambda at: at.missing,
    "missing-secret": credentials.missing_secret,
    "missing-source": origins.missing_source,
    "named-account": credentials.service_account,
    "named-object": _captured("at"),
    "named-secret": credentials.named_secret,
    "named-service": lambda at: _captured("at")(at) if at.captured.get("at_kind") == "Service" else None,
    "oci-asked": origins.oci_asked,
    "oci-source": origins.oci_source,
    "origin": origins.origin,
    "patch": origins.when_spec("patches", "patchesStrategicMerge", "patchesJson6902"),
    "producer": origins.producer,
    "provider": origins.provider,
    "proxy-secret": credentials.proxy_secret,
    "provider-secret": credentials.provider_secret,
    "quota": quota,
    "release": origins.release,
    "remote": origins.remote,
    "self": origins.itself,
    "serviceaccount": credentials.service_account,
    "sops-secret": _captured("sops", "Secret"),
    "source": origins.source,
    "substitute": _captured("substitute"),
    "substitution-value": origins.substitution_value,
    "symptom": lambda at: at.symptom if at.captured.get("in_cycle") else None,
    "target-namespace": origins.target_namespace,
    "test": hook,
    "values": _captured("values"),
    "verify-secret": lambda at: credentials.secret_at(at.obj, "spec.verify.secretRef"),
    "waited": lambda at: n.ref if (n := relations.need_of(at.obj, "chart", "source", "image")) else None,
    "webhook": webhook,
    "workload": lambda at: at.workload or at.ref,
}
