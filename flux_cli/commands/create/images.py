"""``flux create image``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.create._flow import Order, Words, deliver, generating, order
from flux_cli.services.creating import images as objects

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags import create as flags
    from flux_cli.commands.flags import preview
    from flux_cli.commands.flags.common import Name
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object


def declare(create: Group) -> None:
    verb = create.group("image", "Create or update image automation")
    for name, run in (("repository", repository), ("policy", policy), ("update", update)):
        verb.leaf(name, run)


def repository(
    app: App, name: Name = "", image: flags.Image = "", secret_ref: flags.SecretRef = "", cert_ref: flags.CertRef = "",
    scan_timeout: flags.ScanTimeout = 0.0, interval: flags.Interval = 60.0, export: flags.Export = False,
    label: flags.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update an ImageRepository

    An ImageRepository scans the tags of a container image.

    Examples:
    # Scan every five minutes
    flux create image repository podinfo --image=ghcr.io/stefanprodan/podinfo --interval=5m
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = objects.image_repository(wanted.meta, image=image, secret=secret_ref, cert=cert_ref, scan_timeout=scan_timeout)
    _send(app, wanted, obj)


def policy(
    app: App, name: Name = "", image_ref: flags.ImageRef = "", select_semver: flags.SelectSemver = "",
    select_alpha: flags.SelectAlpha = "", select_numeric: flags.SelectNumeric = "", filter_regex: flags.FilterRegex = "",
    filter_extract: flags.FilterExtract = "", reflect_digest: flags.ReflectDigest = "", interval: flags.PolicyInterval = 0.0,
    export: flags.Export = False, label: flags.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update an ImagePolicy

    An ImagePolicy selects one of the tags that an ImageRepository found.

    Examples:
    # The latest release of 6
    flux create image policy podinfo --image-ref=podinfo --select-semver=6.x

    # The newest build of main, by the time in its tag
    flux create image policy podinfo --image-ref=podinfo --select-numeric=asc --filter-regex='^main-(?P<ts>[0-9]+)$' \\
      --filter-extract='$ts'
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = objects.image_policy(
        wanted.meta, image_ref=image_ref, semver=select_semver, alpha=select_alpha, numeric=select_numeric,
        filter_regex=filter_regex, filter_extract=filter_extract, reflect_digest=reflect_digest,
    )  # fmt: skip
    _send(app, wanted, obj)


def update(
    app: App, name: Name = "", git_repo_ref: flags.GitRepoRef = "", git_repo_namespace: flags.GitRepoNamespace = "",
    git_repo_path: flags.GitRepoPath = "", checkout_branch: flags.CheckoutBranch = "", push_branch: flags.PushBranch = "",
    commit_template: flags.CommitTemplate = "", author_name: flags.AuthorName = "", author_email: flags.AuthorEmail = "",
    signing_key_secret: flags.SigningSecret = "", signing_key_type: flags.SigningType = "", interval: flags.Interval = 60.0,
    export: flags.Export = False, label: flags.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update an ImageUpdateAutomation

    An ImageUpdateAutomation commits the tags that policies selected to a Git repository.

    Examples:
    # Update the manifests below ./clusters on the branch that is deployed
    flux create image update flux-system --git-repo-ref=flux-system --git-repo-path=./clusters \\
      --checkout-branch=main --author-name=flux --author-email=flux@example.com
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = objects.image_update(
        wanted.meta, git_repository=git_repo_ref, git_namespace=git_repo_namespace, path=git_repo_path,
        checkout_branch=checkout_branch,
        push_branch=push_branch, commit_template=commit_template, author_name=author_name, author_email=author_email,
        signing_secret=signing_key_secret, signing_type=signing_key_type,
    )  # fmt: skip
    _send(app, wanted, obj)


def _send(app: App, wanted: Order, obj: Object) -> None:
    kind = obj["kind"]
    if not wanted.export:
        _ = app.kube
    generating(app, wanted, kind)
    deliver(app, wanted, obj, Words(kind, kind, f"{kind} reconciliation completed", quiet_when_equal=True))
