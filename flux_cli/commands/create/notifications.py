"""``flux create alert``, ``alert-provider`` and ``receiver``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.create._flow import Words, deliver, generating, order
from flux_cli.core.objects import text
from flux_cli.services.creating import notifications as objects

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags import create as flags
    from flux_cli.commands.flags import preview
    from flux_cli.commands.flags.common import Name
    from flux_cli.core.app import App


def declare(create: Group) -> None:
    create.leaf("alert", alert)
    create.leaf("alert-provider", alert_provider)
    create.leaf("receiver", receiver)


def alert(
    app: App, name: Name = "", provider_ref: flags.ProviderRef = "", event_severity: flags.EventSeverity = "",
    event_source: flags.EventSource = (), interval: flags.Interval = 60.0, export: flags.Export = False,
    label: flags.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update an Alert

    An Alert sends events of Flux objects to a provider.

    Examples:
    # Errors of everything that is deployed
    flux create alert on-call --provider-ref=slack --event-severity=error --event-source='Kustomization/*' \\
      --event-source='HelmRelease/*'
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = objects.alert(wanted.meta, provider=provider_ref, sources=event_source, severity=event_severity)
    generating(app, wanted, "Alert")
    deliver(app, wanted, obj, Words("Alert", "Alert", "Alert {} is ready"))


def alert_provider(
    app: App, name: Name = "", type: flags.ProviderType = "", channel: flags.Channel = "", username: flags.BotName = "",
    address: flags.Address = "", secret_ref: flags.SecretRef = "", interval: flags.Interval = 60.0, export: flags.Export = False,
    label: flags.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a Provider of notifications

    Examples:
    # Slack, its address in a Secret
    flux create alert-provider slack --type=slack --channel=general --secret-ref=slack-url

    # Commit statuses on GitHub
    flux create alert-provider github --type=github --address=https://github.com/org/repo --secret-ref=github-token
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = objects.provider(wanted.meta, type=type, channel=channel, username=username, address=address, secret=secret_ref)
    generating(app, wanted, "Provider")
    deliver(app, wanted, obj, Words("Provider", "Provider", "Provider {} is ready"))


def receiver(
    app: App, name: Name = "", type: flags.ReceiverType = "", secret_ref: flags.ReceiverSecretRef = "", event:
    flags.EventNames = (),
    resource: flags.Resources = (), interval: flags.Interval = 60.0, export: flags.Export = False,
    label: flags.Labels = (), dry_run: preview.DryRun = "", diff: preview.Diff = False,
) -> None:  # fmt: skip
    """Create or update a Receiver of webhooks

    A Receiver reconciles objects when somebody calls its webhook.

    Examples:
    # A push to GitHub fetches the repository at once
    flux create receiver github --type=github --event=ping --event=push --secret-ref=webhook-token \\
      --resource=GitRepository/flux-system
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    obj = objects.receiver(wanted.meta, type=type, secret=secret_ref, events=event, resources=resource)
    generating(app, wanted, "Receiver")
    hook = Words(
        "Receiver", "Receiver", "Receiver {} is ready", lambda found: f"generated webhook URL {text(found, 'status.webhookPath')}"
    )
    deliver(app, wanted, obj, hook)
