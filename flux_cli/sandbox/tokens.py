"""Bearer tokens: those that the sandbox gives out at its start, and those of service accounts that TokenRequest makes.

A service account's token is a JWT with the claims that the API server writes, signed with a key of this run (HS256).
"""

import base64
import hmac
import json
import secrets
import time
import uuid
from typing import Any

from flux_cli.core.objects import Object, dig, text
from flux_cli.sandbox import ownership
from flux_cli.sandbox.access import Caller
from flux_cli.sandbox.call import Answer, Call, answer, decode
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.refusal import Cause, Refusal, bad_request, changed, invalid, not_found
from flux_cli.sandbox.stamps import now
from flux_cli.sandbox.store import Store

ISSUER = "https://kubernetes.default.svc"
HOUR = 3600
SHORTEST, LONGEST = 600, 1 << 32  # seconds
BOUND = {("v1", "Pod"): "pods", ("v1", "Secret"): "secrets", ("v1", "Node"): "nodes"}
CREDENTIAL = "authentication.kubernetes.io/credential-id"
_TOKEN_REQUEST = Served("authentication.k8s.io", "v1", "tokenrequests", "TokenRequest", True)


class Tokens:
    """Who is who. ``named`` are tokens that never expire."""

    def __init__(self) -> None:
        self.named: dict[str, Caller] = {}
        self._key = secrets.token_bytes(32)

    def caller(self, store: Store, token: str) -> Caller | None:
        """Whose token this is; None where it is nobody's, has expired, or its account is gone."""
        for right, caller in self.named.items():
            if hmac.compare_digest(right.encode(), token.encode()):
                return caller
        claims = self._claims(token)
        if claims is None or claims["exp"] < time.time() or ISSUER not in claims["aud"]:
            return None
        about = claims["kubernetes.io"]
        namespace, name, uid = about["namespace"], about["serviceaccount"]["name"], about["serviceaccount"]["uid"]
        account = store.get(("", "serviceaccounts"), (namespace, name))
        if account is None or account["metadata"]["uid"] != uid:
            return None
        groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated")
        return Caller(claims["sub"], groups, uid, {CREDENTIAL: [f"JTI={claims['jti']}"]})

    def issue(self, account: Object, audiences: list[str], seconds: int, bound: Object) -> str:
        began, metadata = int(time.time()), account["metadata"]
        about: Object = {"namespace": metadata["namespace"], "serviceaccount": {k: metadata[k] for k in ("name", "uid")}}
        claims = {
            "aud": audiences,
            "exp": began + seconds,
            "iat": began,
            "iss": ISSUER,
            "jti": str(uuid.uuid4()),
            "kubernetes.io": about | bound,
            "nbf": began,
            "sub": f"system:serviceaccount:{metadata['namespace']}:{metadata['name']}",
        }
        said = f"{_packed({'alg': 'HS256', 'typ': 'JWT'})}.{_packed(claims)}"
        return f"{said}.{self._signature(said)}"

    def _claims(self, token: str) -> Any:
        said, _, signature = token.rpartition(".")
        if not said or not hmac.compare_digest(self._signature(said).encode(), signature.encode()):
            return None
        part = said.partition(".")[2]
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))

    def _signature(self, said: str) -> str:
        return _text(hmac.digest(self._key, said.encode(), "sha256"))


def _packed(claims: Object) -> str:
    return _text(json.dumps(claims, separators=(",", ":")).encode())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def request(store: Store, tokens: Tokens, call: Call) -> Answer:
    """POST of ``serviceaccounts/NAME/token``: ``kubectl create token``. Raises 400, 404, 409 and 422."""
    namespace, name = call.target.namespace, call.target.name
    account = store.get(("", "serviceaccounts"), (namespace, name))
    if account is None:
        raise not_found("", "serviceaccounts", name)
    asked = decode(call.request.body, call.content_type())
    if not isinstance(asked, dict) or not isinstance(asked.get("spec", {}), dict):
        raise bad_request("couldn't get version/kind; json parse error")
    given = {k: v for k, v in asked.get("spec", {}).items() if v}
    spec: Object = {"audiences": [ISSUER], "expirationSeconds": HOUR, "boundObjectRef": None} | given
    _check_duration(spec["expirationSeconds"])
    bound = _bound(store, spec["boundObjectRef"], namespace)
    made: Object = {
        "kind": "TokenRequest",
        "apiVersion": "authentication.k8s.io/v1",
        "metadata": {"name": name, "namespace": namespace, "uid": account["metadata"]["uid"], "creationTimestamp": now()},
        "spec": {"expirationSeconds": HOUR} | given,
    }
    ownership.updated(None, made, call._replace(target=call.target._replace(served=_TOKEN_REQUEST)))
    made["spec"] = spec
    ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + spec["expirationSeconds"]))
    token = tokens.issue(account, spec["audiences"], spec["expirationSeconds"], bound)
    return answer(made | {"status": {"token": token, "expirationTimestamp": ends}}, 201)


def _check_duration(seconds: Any) -> None:
    if not isinstance(seconds, int):
        raise bad_request("spec.expirationSeconds is not a number")
    why = "less than 10 minutes" if seconds < SHORTEST else "larger than 2^32 seconds" if seconds > LONGEST else ""
    if why:
        cause = Cause(
            "FieldValueInvalid", "spec.expirationSeconds", f"Invalid value: {seconds}: may not specify a duration {why}"
        )
        raise invalid("authentication.k8s.io", "TokenRequest", "", [cause])


def _bound(store: Store, reference: Any, namespace: str) -> Object:
    """What the claims say of the object that the token lives with."""
    if not isinstance(reference, dict):
        return {}
    version, kind, name = (text(reference, field) for field in ("apiVersion", "kind", "name"))
    plural = BOUND.get((version, kind))
    if plural is None:
        raise bad_request(f"cannot bind token to object of type /{version}, Kind={kind}")
    found = store.get(("", plural), ("" if plural == "nodes" else namespace, name))
    if found is None:
        raise not_found("", plural, name)
    uid = dig(found, "metadata.uid", "")
    if text(reference, "uid") not in ("", uid):
        raise changed(
            "", plural, name, f"the UID in the bound object reference ({reference['uid']}) does not match the UID in record"
        )
    return {kind.lower(): {"name": name, "uid": uid}}


def review(store: Store, tokens: Tokens, spec: Object) -> Object:
    """The status of a TokenReview. Raises 400 where no token is given."""
    token = text(spec, "token")
    if not token:
        raise Refusal(400, "token is required for TokenReview in authentication")
    caller = tokens.caller(store, token)
    if caller is None:
        return {"user": {}, "error": "invalid bearer token"}
    return {"authenticated": True, "user": caller.info(), "audiences": [ISSUER]}
