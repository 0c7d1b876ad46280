"""Sources: where manifests and charts come from."""

from collections.abc import Sequence

from flux_cli.core.errors import UsageError
from flux_cli.core.gourl import Url, parse
from flux_cli.core.objects import Object
from flux_cli.kinds import named
from flux_cli.services.creating.shape import (
    Meta,
    ignore_rules,
    interval,
    kind_and_name,
    manifest,
    named_ref,
    parse_labels,
    positive_interval,
    verification,
)


def parsed(url: str, failed: str) -> Url:
    """A URL's scheme and host. Raises UsageError ``<failed>: …`` with Go's reason for text that is none."""
    try:
        return parse(url)
    except ValueError as err:
        raise UsageError(f"{failed}: {err}") from err


def git_repository(
    meta: Meta, *, url: str, branch: str = "", tag: str = "", semver: str = "", ref_name: str = "", commit: str = "",
    secret: str = "", proxy_secret: str = "", provider: str = "", ca_file: str = "", recurse_submodules: bool = False,
    ignore_paths: Sequence[str] = (), sparse_paths: Sequence[str] = (), fetch_timeout: float = 0.0,
) -> Object:  # fmt: skip
    """A GitRepository; of several refs the Go CLI's order decides. Raises UsageError."""
    if not url:
        raise UsageError("url is required")
    scheme = parsed(url, "git URL parse failed").scheme
    if scheme not in ("ssh", "http", "https"):
        raise UsageError(f"git URL scheme '{scheme}' not supported, can be: ssh, http and https")
    if not (branch or tag or semver or commit or ref_name):
        raise UsageError("a Git ref is required, use one of the following: --branch, --tag, --commit, --ref-name or --tag-semver")
    if ca_file and scheme == "ssh":
        raise UsageError("specifying a CA file is not supported for Git over SSH")
    if commit:
        ref = {"branch": branch, "commit": commit}
    else:
        wanted = (("name", ref_name), ("semver", semver), ("tag", tag), ("branch", branch))
        ref = dict([next(pair for pair in wanted if pair[1])])
    return manifest(named("GitRepository").resource, meta, parse_labels(meta.labels), {
        "url": url, "secretRef": named_ref(secret), "provider": provider, "interval": interval(meta.interval),
        "timeout": positive_interval(fetch_timeout), "ref": ref, "proxySecretRef": named_ref(proxy_secret),
        "ignore": ignore_rules(ignore_paths), "recurseSubmodules": recurse_submodules, "sparseCheckout": list(sparse_paths),
    })  # fmt: skip


def helm_repository(
    meta: Meta, *, url: str, secret: str = "", oci_provider: str = "", pass_credentials: bool = False, fetch_timeout: float = 0.0
) -> Object:
    """A HelmRepository, of type oci where the URL says so. Raises UsageError."""
    if not url:
        raise UsageError("url is required")
    labels = parse_labels(meta.labels)
    scheme, host = parsed(url, "url parse failed")
    if scheme not in ("http", "https", "oci"):
        raise UsageError(f"url scheme '{scheme}' not supported, can be: http, https and oci")
    if not host:
        raise UsageError("url host is required")
    oci = scheme == "oci"
    return manifest(named("HelmRepository").resource, meta, labels, {
        "url": url, "secretRef": named_ref(secret), "passCredentials": pass_credentials and bool(secret),
        "interval": interval(meta.interval), "timeout": positive_interval(fetch_timeout),
        "type": "oci" if oci else "", "provider": oci_provider if oci else "",
    })  # fmt: skip


def oci_repository(
    meta: Meta, *, url: str, tag: str = "", semver: str = "", digest: str = "", provider: str = "generic", secret: str = "",
    proxy_secret: str = "", service_account: str = "", cert: str = "", verify_provider: str = "", verify_secret: str = "",
    verify_issuer: str = "", verify_subject: str = "", ignore_paths: Sequence[str] = (), insecure: bool = False,
    layer_selector: str = "", fetch_timeout: float = 0.0,
) -> Object:  # fmt: skip
    """An OCIRepository. ``layer_selector`` as typed, ``media-type:operation``. Raises UsageError."""
    if not url:
        raise UsageError("url is required")
    if not (tag or semver or digest):
        raise UsageError("--tag, --tag-semver or --digest is required")
    layer = _layer(layer_selector)
    labels = parse_labels(meta.labels)
    verify = verification(verify_provider, verify_secret, verify_issuer, verify_subject)
    return manifest(named("OCIRepository").resource, meta, labels, {
        "url": url, "ref": {"digest": digest, "semver": semver, "tag": tag}, "layerSelector": layer, "provider": provider,
        "secretRef": named_ref(secret), "verify": verify, "serviceAccountName": service_account, "certSecretRef": named_ref(cert),
        "proxySecretRef": named_ref(proxy_secret), "interval": interval(meta.interval),
        "timeout": positive_interval(fetch_timeout), "ignore": ignore_rules(ignore_paths), "insecure": insecure,
    })  # fmt: skip


def _layer(selector: str) -> Object | None:
    from flux_cli.core.text import go_quote

    if not selector:
        return None
    media_type, colon, operation = selector.partition(":")
    if not colon or not media_type or not operation:
        raise UsageError(f"invalid --layer-selector {go_quote(selector)}: must be in the format '<media-type>:<operation>'")
    if operation not in ("extract", "copy"):
        raise UsageError(f'invalid --layer-selector {go_quote(selector)}: operation must be "extract" or "copy"')
    return {"mediaType": media_type, "operation": operation}


def bucket(
    meta: Meta, *, bucket_name: str, endpoint: str, provider: str = "generic", region: str = "", insecure: bool = False,
    secret: str = "", proxy_secret: str = "", ignore_paths: Sequence[str] = (), fetch_timeout: float = 0.0,
) -> Object:  # fmt: skip
    """A Bucket. Raises UsageError."""
    if not bucket_name:
        raise UsageError("bucket-name is required")
    if not endpoint:
        raise UsageError("endpoint is required")
    return manifest(named("Bucket").resource, meta, parse_labels(meta.labels), {
        "provider": provider, "bucketName": bucket_name, "endpoint": endpoint, "insecure": insecure, "region": region,
        "secretRef": named_ref(secret), "proxySecretRef": named_ref(proxy_secret), "interval": interval(meta.interval),
        "timeout": positive_interval(fetch_timeout), "ignore": ignore_rules(ignore_paths),
    })  # fmt: skip


def check_helm_chart(source: str, chart: str) -> None:
    """What the Go CLI refuses before it says that it generates anything. Raises UsageError."""
    if not source:
        raise UsageError("chart source is required")
    if not chart:
        raise UsageError("chart name or path is required")


def helm_chart(
    meta: Meta, *, source: str, chart: str, version: str = "", reconcile_strategy: str = "ChartVersion",
    verify_provider: str = "", verify_secret: str = "", verify_issuer: str = "", verify_subject: str = "",
) -> Object:  # fmt: skip
    """A HelmChart. Raises UsageError."""
    labels = parse_labels(meta.labels)
    if not verify_provider and not verify_secret and not verify_issuer:
        verify_subject = ""  # upstream looks at another command's flag here, so that a subject alone passes
    verify = verification(verify_provider, verify_secret, verify_issuer, verify_subject)
    kind, name = kind_and_name(source)
    return manifest(named("HelmChart").resource, meta, labels, {
        "chart": chart, "version": version, "sourceRef": {"kind": kind, "name": name}, "interval": interval(meta.interval),
        "reconcileStrategy": reconcile_strategy, "verify": verify,
    })  # fmt: skip
