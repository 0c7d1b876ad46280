"""``flux trigger``: call a Receiver's webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.core import durations
from flux_cli.services import triggering

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags import trigger as flags
    from flux_cli.commands.flags.common import Name
    from flux_cli.core.app import App


def declare(root: Group) -> None:
    verb = root.group("trigger", "Call webhooks of Flux")
    verb.leaf("receiver", receiver, args="exact:1", complete="none")


def receiver(
    app: App, name: Name, url: flags.Url = "", type: flags.Type = "generic", token: flags.Token = "",
    oidc_provider: flags.OidcProvider = "", oidc_token: flags.OidcToken = "", oidc_audience: flags.OidcAudience = "",
    payload: flags.Payload = "{}", retries: flags.Retries = 10, retry_delay: flags.RetryDelay = 10.0,
) -> None:  # fmt: skip
    """Call the webhook of a Receiver, as a Git host or a CI job would

    The address below --url follows from token, name and namespace, so the cluster need not be reachable. A call that fails
    for now (no connection, 404, 408, 429, 5xx) is made again.

    Examples:
    # A Receiver of type generic
    flux trigger receiver my-app --url=https://flux.example.com --token=$TOKEN

    # Signed, with a payload
    flux trigger receiver my-app --url=https://flux.example.com --type=generic-hmac --token=$TOKEN --payload='{"image":"app:v1"}'

    # From a GitHub workflow, without a secret
    flux trigger receiver my-app --url=https://flux.example.com --type=generic-oidc --oidc-provider=github
    """
    triggering.check(
        url=url, type=type, token=token, oidc_provider=oidc_provider, oidc_token=oidc_token, oidc_audience=oidc_audience
    )  # fmt: skip
    end = app.clock.monotonic() + app.settings.timeout
    identity = ""
    if type == "generic-oidc":
        identity = triggering.oidc_token_of(oidc_provider, oidc_token, oidc_audience, app.environ, app.settings.timeout)
    where = f"{app.settings.namespace}/{name}"
    call = triggering.hook(
        url, type, name, app.settings.namespace, token=token, oidc=identity, payload=payload, agent=_agent()
    )  # fmt: skip
    app.log.action(f"triggering Receiver {where}")

    def tell(failure: triggering.Failure, attempt: int) -> None:
        app.log.waiting(f"{failure.text}; retrying in {durations.format(retry_delay)} ({attempt}/{retries})")

    triggering.deliver(
        call, retries=retries, delay=retry_delay, left=lambda: end - app.clock.monotonic(), sleep=app.clock.sleep, tell=tell
    )  # fmt: skip
    app.log.success(f"Receiver {where} triggered")


def _agent() -> str:
    from flux_cli.core import __version__

    return f"flux/v{__version__}"
