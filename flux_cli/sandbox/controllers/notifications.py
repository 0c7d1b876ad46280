"""Receiver; Alert and Provider, which have no status."""

import base64
import binascii
import hashlib

from flux_cli.core.objects import Object, dig, name_of, namespace_of, text
from flux_cli.kinds import Kind, named
from flux_cli.sandbox.controllers._loop import Desk
from flux_cli.sandbox.controllers._outcome import Failure, Note, Outcome, ready
from flux_cli.sandbox.controllers.sources import need_secret


def webhook_path(token: str, name: str, namespace: str) -> str:
    """Where a Receiver listens: the SHA-256 of token, name and namespace, one after the other."""
    return "/hook/" + hashlib.sha256(f"{token}{name}{namespace}".encode()).hexdigest()


class Receiver:
    """Its path follows from the token."""

    kind = named("Receiver")
    static = False
    work = "Reconciliation in progress"
    ready_work = "Reconciliation in progress"
    failing = "Reconciliation in progress"

    def reconcile(self, desk: Desk, obj: Object) -> Outcome:
        secret = need_secret(
            desk, obj, "spec.secretRef.name", "unable to read token from secret '{where}' error: {error}", "", "TokenNotFound"
        )
        path = webhook_path(self._token(obj, secret), name_of(obj), namespace_of(obj))
        message = f"Receiver initialized for path: {path}"
        notes = (Note("Succeeded", message),) if text(obj, "status.webhookPath") != path else ()
        return Outcome(ready("Succeeded", message), True, {"webhookPath": path}, notes)

    def _token(self, obj: Object, secret: Object | None) -> str:
        try:
            return (
                base64.b64decode(dig(secret, "data.token", ""), validate=True).decode()
                if dig(secret, "data.token")
                else self._none(obj)
            )
        except (binascii.Error, UnicodeDecodeError):
            return self._none(obj)

    def _none(self, obj: Object) -> str:
        where = f"{namespace_of(obj)}/{text(obj, 'spec.secretRef.name')}"
        raise Failure("TokenNotFound", f"invalid '{where}' secret data: required fields 'token'", status={"webhookPath": None})

    def clean_up(self, desk: Desk, obj: Object) -> None:
        """Nothing of it is outside the object."""


class Static:
    """A kind that is ready as it is."""

    static = True
    work = ready_work = failing = ""

    def __init__(self, kind: str) -> None:
        self.kind: Kind = named(kind)

    def reconcile(self, desk: Desk, obj: Object) -> Outcome:  # noqa: ARG002 - never asked
        return Outcome((), True)

    def clean_up(self, desk: Desk, obj: Object) -> None:
        """Nothing of it is outside the object."""


CONTROLLERS = [Receiver(), Static("Alert"), Static("Provider")]
