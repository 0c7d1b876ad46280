"""``flux create kustomization`` and ``flux create helmrelease``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.create._flow import Words, deliver, generating, order
from flux_cli.kinds import named
from flux_cli.services.creating import deployments as objects

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags import create as flags
    from flux_cli.commands.flags import preview
    from flux_cli.commands.flags.common import Name
    from flux_cli.core.app import App

_KS = Words("Kustomization", "Kustomization", "Kustomization {} is ready", lambda obj: named("Kustomization").done(obj))
_HR = Words("HelmRelease", "HelmRelease", "HelmRelease {} is ready", lambda obj: named("HelmRelease").done(obj))


def declare(create: Group) -> None:
    create.leaf("kustomization", kustomization, aliases=("ks",))
    create.leaf("helmrelease", helmrelease, aliases=("hr",))


def kustomization(
    app: App, name: Name = "", source: flags.KsSource = "", path: flags.KsPath = "./", prune: flags.Prune = False,
    wait: flags.Wait = False, health_check: flags.HealthCheck = (), health_check_timeout: flags.HealthTimeout = 120.0,
    validation: flags.Validation = "", depends_on: flags.KsDependsOn = (), service_account: flags.ServiceAccount = "",  # noqa: ARG001
    decryption_provider: flags.DecryptionProvider = "", decryption_secret: flags.DecryptionSecret = "",
    target_namespace: flags.TargetNamespace = "", kubeconfig_secret_ref: flags.KubeconfigSecretRef = "",
    retry_interval: flags.RetryInterval = 0.0, interval: flags.Interval = 60.0, export: flags.Export = False,
    label: flags.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a Kustomization

    A Kustomization applies a folder of a source to the cluster and keeps it that way.

    Examples:
    # Apply a folder of a Git repository, and delete what leaves it
    flux create kustomization podinfo --source=GitRepository/podinfo --path=./deploy --prune --interval=10m

    # Wait for what it depends on, and until everything is healthy
    flux create ks apps --source=flux-system --path=./apps --prune --depends-on=infra --wait

    # Decrypt Secrets with SOPS; as YAML
    flux create ks secrets --source=flux-system --path=./secrets --decryption-provider=sops --decryption-secret=sops-age --export
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    objects.check_kustomization(path, source)
    generating(app, wanted, "Kustomization")
    obj = objects.kustomization(
        wanted.meta, source=source, path=path, prune=prune, wait=wait, health_checks=health_check,
        health_timeout=health_check_timeout,
        depends_on=depends_on, service_account=service_account, decryption_provider=decryption_provider,
        decryption_secret=decryption_secret, target_namespace=target_namespace, kubeconfig_secret=kubeconfig_secret_ref,
        retry_interval=retry_interval,
    )  # fmt: skip
    deliver(app, wanted, obj, _KS)


def helmrelease(
    app: App, name: Name = "", source: flags.HrSource = "", chart: flags.Chart = "", chart_version: flags.ChartVersion = "",
    chart_ref: flags.ChartRef = "", chart_interval: flags.ChartInterval = 0.0,
    reconcile_strategy: flags.ReconcileStrategy = "ChartVersion", release_name: flags.ReleaseName = "",
    target_namespace: flags.TargetNamespace = "", storage_namespace: flags.StorageNamespace = "",
    create_target_namespace: flags.CreateTargetNamespace = False, depends_on: flags.HrDependsOn = (),
    service_account: flags.ServiceAccount = "", crds: flags.Crds = "", kubeconfig_secret_ref: flags.KubeconfigSecretRef = "",
    values: flags.Values = (), values_from: flags.ValuesFrom = (), interval: flags.Interval = 60.0, export: flags.Export = False,
    label: flags.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a HelmRelease

    A HelmRelease installs a chart and upgrades it when the chart or the values change.

    Examples:
    # A chart of a repository
    flux create helmrelease podinfo --source=HelmRepository/podinfo --chart=podinfo --chart-version=">6.0.0"

    # A chart that is an OCI artifact
    flux create hr podinfo --chart-ref=OCIRepository/podinfo

    # With values of files and of a Secret; as YAML
    flux create hr podinfo --source=HelmRepository/podinfo --chart=podinfo --values=./values.yaml --values-from=Secret/podinfo \\
      --export
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    objects.check_helm_release(wanted.meta, chart, chart_ref)
    generating(app, wanted, "HelmRelease")
    obj = objects.helm_release(
        wanted.meta, source=source, chart=chart, chart_version=chart_version, chart_ref=chart_ref, chart_interval=chart_interval,
        reconcile_strategy=reconcile_strategy, release_name=release_name, target_namespace=target_namespace,
        storage_namespace=storage_namespace, create_namespace=create_target_namespace, depends_on=depends_on,
        service_account=service_account, crds=crds, kubeconfig_secret=kubeconfig_secret_ref, values_files=values,
        values_from=values_from,
    )  # fmt: skip
    deliver(app, wanted, obj, _HR)
