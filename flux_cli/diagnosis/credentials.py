"""Secrets, accounts and kubeconfigs: what an object proves itself with, named or missing."""

from flux_cli.core.objects import Object, Ref, dig, namespace_of, text
from flux_cli.diagnosis import relations
from flux_cli.diagnosis.context import Context
from flux_cli.diagnosis.origins import git_of, provider


def secret_at(obj: Object | None, field: str, kind: str = "Secret") -> Ref | None:
    name = text(obj, f"{field}.name") or text(obj, field)
    return Ref(kind, namespace_of(obj or {}), name) if name else None


def git_secret(at: Context) -> Ref | None:
    """What a GitRepository logs in with; with a cloud provider the service account."""
    return _proof(git_of(at))


def _proof(holder: Object | None) -> Ref | None:
    return secret_at(holder, "spec.secretRef") or secret_at(holder, "spec.serviceAccountName", "ServiceAccount")


def _login_holder(at: Context) -> Object | None:
    """The object whose spec holds the login: the source behind a chart, a release, a policy or an alert."""
    if at.kind in ("HelmChart", "HelmRelease", "Kustomization", "ImagePolicy"):
        found = relations.source_ref(at.obj)
        return at.reader.get(found) if found else None
    return at.obj


def login_secret(at: Context) -> Ref | None:
    """The Secret that is logged in with; with a cloud provider the service account."""
    return _proof(_login_holder(at))


def ca_secret(at: Context) -> Ref | None:
    """certSecretRef; for Git the Secret of the login where it holds a CA."""
    holder = _login_holder(at)
    found = secret_at(holder, "spec.certSecretRef")
    if found or holder is None or text(holder, "kind") != "GitRepository":
        return found
    login = secret_at(holder, "spec.secretRef")
    keys = dig(at.reader.get(login), "data", {}) if login else {}
    return login if isinstance(keys, dict) and {"ca.crt", "caFile"} & set(keys) else None


def keyless_secret(at: Context) -> Ref | None:
    """The Secret of the verification keys where it is there and holds none: cosign then just finds no signature."""
    ref = secret_at(at.obj, "spec.verify.secretRef")
    found = at.reader.get(ref) if ref and text(at.obj, "spec.verify.provider") == "cosign" else None
    keys = dig(found, "data", {}) if found else {}
    return ref if found and isinstance(keys, dict) and not any(str(key).endswith(".pub") for key in keys) else None


def proxy_secret(at: Context) -> Ref | None:
    return secret_at(_login_holder(at), "spec.proxySecretRef")


def provider_secret(at: Context) -> Ref | None:
    where = provider(at)
    return secret_at(at.reader.get(where), "spec.secretRef") if where else None


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
        for need in at.reader.needs(obj) if obj else ():
            if need.role in ("secret", "configmap") and at.reader.missing(need.ref):
                return need.ref
    return None
