"""``flux create source``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.create._flow import Words, deliver, fetched, generating, order
from flux_cli.services.creating import sources as objects

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags import create as every
    from flux_cli.commands.flags import create_sources as flags
    from flux_cli.commands.flags import preview
    from flux_cli.commands.flags.common import Name
    from flux_cli.core.app import App

_GIT = Words(
    "GitRepository source", "GitRepository source", "GitRepository source reconciliation completed", fetched,
    "GitRepository source reconciliation completed but no artifact was found",
)  # fmt: skip
_HELM = Words(
    "HelmRepository source", "source", "HelmRepository source reconciliation completed", fetched,
    "HelmRepository source reconciliation completed but no artifact was found",
)  # fmt: skip
_OCI = Words("OCIRepository", "OCIRepository", "OCIRepository reconciliation completed", fetched, "no artifact was found")
_BUCKET = Words(
    "Bucket source", "Bucket source", "Bucket source reconciliation completed", fetched,
    "Bucket source reconciliation but no artifact was found",
)  # fmt: skip
_CHART = Words(
    "HelmChart source", "source", "HelmChart source reconciliation completed", fetched,
    "HelmChart source reconciliation completed but no artifact was found",
)  # fmt: skip


def declare(create: Group) -> None:
    verb = create.group("source", "Create or update sources of manifests and charts", flags=persistent)
    for name, run in (("git", git), ("helm", helm), ("oci", oci), ("bucket", bucket), ("chart", chart)):
        verb.leaf(name, run)


def persistent(app: App, fetch_timeout: flags.FetchTimeout = 0.0) -> None:
    """Declares the flag that every ``create source`` has."""


def git(
    app: App, name: Name = "", url: flags.GitUrl = "", branch: flags.Branch = "", tag: flags.Tag = "",
    tag_semver: flags.TagSemver = "", ref_name: flags.RefName = "", commit: flags.Commit = "", username: flags.Username = "",
    password: flags.KeyPassword = "", password_stdin: flags.PasswordStdin = False, password_file: flags.PasswordFile = "",
    ssh_key_algorithm: flags.SshAlgorithm = "ecdsa", ssh_rsa_bits: flags.SshBits = 2048, ssh_ecdsa_curve: flags.SshCurve = "p384",
    secret_ref: flags.SecretRef = "", proxy_secret_ref: flags.ProxySecretRef = "", provider: flags.GitProvider = "",
    ca_file: flags.CaFile = "", private_key_file: flags.PrivateKeyFile = "", recurse_submodules: flags.RecurseSubmodules = False,
    silent: flags.Silent = False, ignore_paths: flags.IgnorePaths = (), sparse_checkout_paths: flags.SparsePaths = (),
    fetch_timeout: flags.FetchTimeout = 0.0, interval: every.Interval = 60.0, export: every.Export = False,
    label: every.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a GitRepository

    For ssh:// a deploy key is made and shown, for you to add to the Git host; for https:// and http:// the credentials
    are stored in a Secret of the same name. With --secret-ref an existing Secret is used.

    Examples:
    # A public repository
    flux create source git podinfo --url=https://github.com/stefanprodan/podinfo --branch=master --interval=10m

    # A private one, with a new deploy key
    flux create source git podinfo --url=ssh://git@github.com/stefanprodan/podinfo --branch=master

    # As YAML, for releases from 6.0 on
    flux create source git podinfo --url=https://github.com/stefanprodan/podinfo --tag-semver=">=6.0.0" --export > podinfo.yaml
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = objects.git_repository(
        wanted.meta, url=url, branch=branch, tag=tag, semver=tag_semver, ref_name=ref_name, commit=commit, secret=secret_ref,
        proxy_secret=proxy_secret_ref, provider=provider, ca_file=ca_file, recurse_submodules=recurse_submodules,
        ignore_paths=ignore_paths, sparse_paths=sparse_checkout_paths, fetch_timeout=fetch_timeout,
    )  # fmt: skip
    back = ""
    if not export:
        _ = app.kube
        generating(app, wanted, "GitRepository source")
        if not secret_ref:
            from flux_cli.commands.create import _credentials

            given = _credentials.Given(username, password, password_stdin, password_file)
            key = _credentials.SshKey(private_key_file, ssh_key_algorithm, ssh_rsa_bits, ssh_ecdsa_curve)
            back = _credentials.of_git(app, wanted, obj, given, key, ca_file=ca_file, silent=silent)
    deliver(app, wanted, obj, _GIT, back)


def helm(
    app: App, name: Name = "", url: flags.HelmUrl = "", username: flags.Username = "", password: flags.Password = "",
    password_stdin: flags.PasswordStdin = False, password_file: flags.PasswordFile = "", cert_file: flags.CertFile = "",
    key_file: flags.KeyFile = "", ca_file: flags.CaFile = "", secret_ref: flags.SecretRef = "", oci_provider:
    flags.OciProvider = "",
    pass_credentials: flags.PassCredentials = False, fetch_timeout: flags.FetchTimeout = 0.0, interval: every.Interval = 60.0,
    export: every.Export = False, label: every.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a HelmRepository

    The credentials given here are stored in a Secret named helm-NAME. With --secret-ref an existing Secret is used.

    Examples:
    # A public repository of charts
    flux create source helm podinfo --url=https://stefanprodan.github.io/podinfo --interval=10m

    # A private one, the password from standard input
    flux create source helm podinfo --url=https://charts.example.com --username=me --password-stdin < password.txt

    # Charts in an OCI registry
    flux create source helm podinfo --url=oci://ghcr.io/stefanprodan/charts
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = objects.helm_repository(
        wanted.meta,
        url=url,
        secret=secret_ref,
        oci_provider=oci_provider,
        pass_credentials=pass_credentials,
        fetch_timeout=fetch_timeout,
    )
    back = ""
    if not export:
        from flux_cli.services.creating.secrets import tls_files

        _ = app.kube
        texts = tls_files(cert_file if key_file else "", key_file if cert_file else "", ca_file)  # of use together only
        generating(app, wanted, "HelmRepository source")
        if not secret_ref:
            from flux_cli.commands.create import _credentials

            given = _credentials.Given(username, password, password_stdin, password_file)
            back = _credentials.of_helm(app, wanted, obj, given, texts, pass_credentials=pass_credentials)
    static = obj["spec"].get("type") == "oci"
    deliver(app, wanted, obj, _HELM._replace(result=None, missing="") if static else _HELM, back)


def oci(
    app: App, name: Name = "", url: flags.OciUrl = "", tag: flags.Tag = "", tag_semver: flags.TagSemver = "",
    digest: flags.Digest = "", provider: flags.Cloud = "generic", secret_ref: flags.SecretRef = "",
    proxy_secret_ref: flags.ProxySecretRef = "", service_account: flags.OciServiceAccount = "", cert_ref: flags.CertRef = "",
    verify_provider: flags.VerifyProvider = "", verify_secret_ref: flags.VerifySecret = "", verify_subject:
    flags.VerifySubject = "",
    verify_issuer: flags.VerifyIssuer = "", ignore_paths: flags.IgnorePaths = (), insecure: flags.Insecure = False,
    layer_selector: flags.LayerSelector = "", fetch_timeout: flags.FetchTimeout = 0.0, interval: every.Interval = 60.0,
    export: every.Export = False, label: every.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update an OCIRepository

    Examples:
    # Manifests of a registry, by tag
    flux create source oci podinfo --url=oci://ghcr.io/stefanprodan/manifests/podinfo --tag=6.6.2 --interval=10m

    # Only when they are signed
    flux create source oci podinfo --url=oci://ghcr.io/stefanprodan/manifests/podinfo --tag=6.6.2 --verify-provider=cosign
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = objects.oci_repository(
        wanted.meta, url=url, tag=tag, semver=tag_semver, digest=digest, provider=provider, secret=secret_ref,
        proxy_secret=proxy_secret_ref, service_account=service_account, cert=cert_ref, verify_provider=verify_provider,
        verify_secret=verify_secret_ref, verify_issuer=verify_issuer, verify_subject=verify_subject, ignore_paths=ignore_paths,
        insecure=insecure, layer_selector=layer_selector, fetch_timeout=fetch_timeout,
    )  # fmt: skip
    deliver(app, wanted, obj, _OCI)


def bucket(
    app: App, name: Name = "", provider: flags.BucketProvider = "generic", bucket_name: flags.BucketName = "",
    endpoint: flags.Endpoint = "", access_key: flags.AccessKey = "", secret_key: flags.SecretKey = "", region: flags.Region = "",
    insecure: flags.Insecure = False, secret_ref: flags.SecretRef = "", proxy_secret_ref: flags.ProxySecretRef = "",
    ignore_paths: flags.IgnorePaths = (), fetch_timeout: flags.FetchTimeout = 0.0, interval: every.Interval = 60.0,
    export: every.Export = False, label: every.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a Bucket

    The keys given here are stored in a Secret named bucket-NAME. With --secret-ref an existing Secret is used.

    Examples:
    # Storage that speaks S3
    flux create source bucket podinfo --bucket-name=podinfo --endpoint=minio.example.com:9000 --secret-ref=minio

    # AWS, by the identity of the cluster
    flux create source bucket podinfo --bucket-name=podinfo --provider=aws --endpoint=s3.amazonaws.com --region=us-east-1
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = objects.bucket(
        wanted.meta, bucket_name=bucket_name, endpoint=endpoint, provider=provider, region=region, insecure=insecure,
        secret=secret_ref, proxy_secret=proxy_secret_ref, ignore_paths=ignore_paths, fetch_timeout=fetch_timeout,
    )  # fmt: skip
    back = ""
    if not export:
        _ = app.kube
        generating(app, wanted, "Bucket source")
        if not secret_ref:
            from flux_cli.commands.create import _credentials

            back = _credentials.of_bucket(app, wanted, obj, access_key, secret_key)
    deliver(app, wanted, obj, _BUCKET, back)


def chart(
    app: App, name: Name = "", source: flags.LocalSource = "", chart: every.Chart = "", chart_version: every.ChartVersion = "",
    reconcile_strategy: every.ReconcileStrategy = "ChartVersion", verify_provider: flags.VerifyProvider = "",
    verify_secret_ref: flags.VerifySecret = "", verify_subject: flags.VerifySubject = "", verify_issuer: flags.VerifyIssuer = "",
    interval: every.Interval = 60.0, export: every.Export = False,
    label: every.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a HelmChart

    Examples:
    # A chart of a repository
    flux create source chart podinfo --source=HelmRepository/podinfo --chart=podinfo --chart-version=">=6.0.0"

    # A chart in a Git repository
    flux create source chart podinfo --source=GitRepository/podinfo --chart=./charts/podinfo
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    objects.check_helm_chart(source, chart)
    app.log.generate("generating HelmChart source")  # upstream says so even when it exports
    obj = objects.helm_chart(
        wanted.meta, source=source, chart=chart, version=chart_version, reconcile_strategy=reconcile_strategy,
        verify_provider=verify_provider, verify_secret=verify_secret_ref, verify_issuer=verify_issuer,
        verify_subject=verify_subject,
    )  # fmt: skip
    deliver(app, wanted, obj, _CHART)
