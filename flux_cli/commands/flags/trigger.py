"""Flags of ``trigger``."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import flag

Url = Annotated[str, flag("--url", help="Address of the notification controller's webhook receiver")]
Type = Annotated[
    str,
    flag(
        "--type", help="Type of the Receiver: generic, generic-hmac or generic-oidc",
        complete="words:generic|generic-hmac|generic-oidc",
    ),
]  # fmt: skip
Token = Annotated[str, flag("--token", help="Token of the Receiver; not for generic-oidc")]
OidcProvider = Annotated[str, flag("--oidc-provider", help="Ask this CI system for an identity: github or forgejo")]
OidcToken = Annotated[str, flag("--oidc-token", help="Identity to show; without it FLUX_TRIGGER_RECEIVER_OIDC_TOKEN")]
OidcAudience = Annotated[str, flag("--oidc-audience", help="Audience of the identity that is asked for")]
Payload = Annotated[str, flag("--payload", help="Body of the call")]
Retries = Annotated[int, flag("--retries", help="How often to try again when the call fails for now")]
RetryDelay = Annotated[float, flag("--retry-delay", type="duration", help="How long to wait between two tries")]
