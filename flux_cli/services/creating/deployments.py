"""Kustomizations and HelmReleases: what is deployed, from which source and how."""

from collections.abc import Sequence

from flux_cli.core import gojson
from flux_cli.core.errors import FluxError, UsageError
from flux_cli.core.objects import Object
from flux_cli.kinds import named
from flux_cli.services.creating.shape import (
    Kept,
    Meta,
    dependencies,
    interval,
    kind_and_name,
    manifest,
    named_ref,
    optional_interval,
    parse_labels,
    positive_interval,
    read_file,
    reference,
    source_reference,
)
from flux_cli.services.values import merged, whole_numbers

_HEALTH_KINDS = ("HelmRelease", "Deployment", "DaemonSet", "StatefulSet")
_STRATEGIES = ("Revision", "ChartVersion")
_CHART_REFS = ("OCIRepository", "HelmChart")


def check_kustomization(path: str, source: str) -> None:
    """What the Go CLI refuses before it says that it generates anything. Raises UsageError."""
    if not path:
        raise UsageError("path is required")
    if not path.startswith("./"):
        raise UsageError("path must begin with ./")
    if not source:
        raise UsageError("source is required")


def kustomization(
    meta: Meta, *, source: str, path: str = "./", prune: bool = False, wait: bool = False, health_checks: Sequence[str] = (),
    health_timeout: float = 120.0, depends_on: Sequence[str] = (), service_account: str = "", decryption_provider: str = "",
    decryption_secret: str = "", target_namespace: str = "", kubeconfig_secret: str = "", retry_interval: float = 0.0,
) -> Object:  # fmt: skip
    """A Kustomization. Times in seconds; ``source`` and ``depends_on`` as typed (``kind/name.namespace``). Raises UsageError."""
    labels = parse_labels(meta.labels)
    checks = [] if wait else [_health_check(entry) for entry in health_checks]
    decryption = {"provider": decryption_provider, "secretRef": named_ref(decryption_secret)} if decryption_provider else None
    return manifest(named("Kustomization").resource, meta, labels, {
        "dependsOn": dependencies(depends_on), "decryption": decryption, "interval": interval(meta.interval),
        "retryInterval": positive_interval(retry_interval), "kubeConfig": _kubeconfig(kubeconfig_secret), "path": path,
        "prune": Kept(prune), "healthChecks": checks, "serviceAccountName": service_account,
        "sourceRef": source_reference(source), "targetNamespace": target_namespace,
        "timeout": Kept(interval(health_timeout)) if checks or wait else None, "wait": wait,
    })  # fmt: skip


def _health_check(entry: str) -> Object:
    form = f"invalid health check '{entry}' must be in the format 'kind/name.namespace'"
    parts = entry.split("/")
    if len(parts) != 2:
        raise UsageError(f"{form} [{' '.join(parts)}]")
    kind, target = parts
    if kind not in _HEALTH_KINDS:
        raise UsageError(f"invalid health check kind '{kind}' can be HelmRelease, Deployment, DaemonSet or StatefulSet")
    if target.count(".") != 1:
        raise UsageError(form)
    name, _, namespace = target.partition(".")
    version = {"apiVersion": named(kind).resource.api_version} if kind == "HelmRelease" else {}
    return {**version, "kind": kind, "name": name, "namespace": namespace}


def _kubeconfig(secret: str) -> Object | None:
    return {"secretRef": {"name": secret}} if secret else None


def check_helm_release(meta: Meta, chart: str, chart_ref: str) -> None:
    """What the Go CLI refuses before it says that it generates anything. Raises UsageError."""
    if not chart and not chart_ref:
        raise UsageError("chart or chart-ref is required")
    if chart and chart_ref:
        raise UsageError("cannot use --chart in combination with --chart-ref")
    parse_labels(meta.labels)


def helm_release(
    meta: Meta, *, source: str = "", chart: str = "", chart_version: str = "", chart_ref: str = "", chart_interval: float = 0.0,
    reconcile_strategy: str = "ChartVersion", release_name: str = "", target_namespace: str = "", storage_namespace: str = "",
    create_namespace: bool = False, depends_on: Sequence[str] = (), service_account: str = "", crds: str = "",
    kubeconfig_secret: str = "", values_files: Sequence[str] = (), values_from: Sequence[str] = (),
) -> Object:  # fmt: skip
    """A HelmRelease, with a chart of its own or one that it refers to; values files are read. Raises UsageError, FluxError."""
    labels = parse_labels(meta.labels)
    if reconcile_strategy not in _STRATEGIES:
        raise UsageError(f"'{reconcile_strategy}' is an invalid reconcile strategy(valid: Revision, ChartVersion)")
    charted: Object = {}
    if chart:
        template = {
            "chart": chart, "version": chart_version, "sourceRef": Kept(_chart_source(source)),
            "interval": optional_interval(chart_interval), "reconcileStrategy": reconcile_strategy,
        }  # fmt: skip
        charted["chart"] = {"spec": template}
    else:
        charted["chartRef"] = Kept(_chart_ref(chart_ref))
    install = {"createNamespace": create_namespace, "crds": "Create" if crds else ""}
    return manifest(named("HelmRelease").resource, meta, labels, {
        **charted, "interval": interval(meta.interval), "kubeConfig": _kubeconfig(kubeconfig_secret), "releaseName": release_name,
        "targetNamespace": target_namespace, "storageNamespace": storage_namespace or target_namespace,
        "dependsOn": dependencies(depends_on), "serviceAccountName": service_account, "install": install,
        "upgrade": {"crds": crds}, "values": Kept(_values(values_files)) if values_files else None,
        "valuesFrom": [_values_from(entry) for entry in values_from],
    })  # fmt: skip


def _chart_source(source: str) -> Object:
    """The name is written even when there is none, as the Go type does."""
    ref = source_reference(source) if source else {}
    return {**{key: value for key, value in ref.items() if value}, "name": ref.get("name", "")}


def _chart_ref(text: str) -> Object:
    ref = reference(text)
    if ref["kind"] not in _CHART_REFS:
        raise UsageError(f"chart reference kind '{ref['kind']}' is not supported, must be one of: OCIRepository, HelmChart")
    return ref


def _values(files: Sequence[str]) -> Object:
    """Values files, later ones over earlier ones."""
    from flux_cli.core.goyaml_load import YamlError, load

    found: Object = {}
    for path in files:
        text = read_file(path, f"reading values from {path} failed")
        try:
            values = load(text)
        except YamlError as err:
            raise FluxError(f"converting values to JSON from {path} failed: {err}") from err
        if values is not None and not isinstance(values, dict):
            raise FluxError(
                f"unmarshaling values from {path} failed: "
                f"json: cannot unmarshal {gojson.kind(values)} into Go value of type map[string]interface {{}}"
            )
        found = merged(found, whole_numbers(values or {}))
    return found


def _values_from(entry: str) -> Object:
    kind, name = kind_and_name(entry)
    if not kind:
        raise UsageError(f"invalid Kubernetes object reference '{entry}', must be in format <kind>/<name>")
    for known in ("Secret", "ConfigMap"):
        if kind.lower() == known.lower():
            return {"kind": known, "name": name}
    raise UsageError(f"reference kind '{kind}' is not supported, must be one of: Secret, ConfigMap")
