"""What a GitRepository's server really says, with the credentials that source-controller would use. Only refs are asked for."""

import base64
import os
import tempfile
from collections.abc import Mapping, Sequence

from flux_cli.core import durations
from flux_cli.core.api import SECRET, Cluster
from flux_cli.core.errors import FluxError, Timeout, Unreachable
from flux_cli.core.objects import Object, dig, namespace_of, text
from flux_cli.core.unanswered import told
from flux_cli.git.access import Access, proxy_of, shown, split
from flux_cli.git.snapshot import Ref, resolve
from flux_cli.sandbox.controllers._outcome import Failure

MEMORY = "/dev/shm"


def asked(cluster: Cluster, obj: Object, environ: Mapping[str, str]) -> tuple[str, str]:
    """(how the revision names the ref, commit). Raises Failure in source-controller's words."""
    login, proxy = _login(cluster, obj, "spec.secretRef"), proxy_of(_login(cluster, obj, "spec.proxySecretRef"))
    ref = _ref(obj)
    try:
        _check(text(obj, "spec.url"), login)
        with tempfile.NamedTemporaryFile("w", dir=MEMORY if os.path.isdir(MEMORY) else None) as key:
            key.write(login.get("identity", ""))
            key.flush()
            access = _access(login, key.name if login.get("identity") else "")._replace(proxy=proxy)
            name, commit = resolve(text(obj, "spec.url"), ref, access, environ, _seconds(obj))
    except FluxError as err:
        said = f"failed to checkout and determine revision: {_said(err, text(obj, 'spec.url'))}"
        raise Failure("GitOperationFailed", said, kind="FetchFailed") from err
    return (ref.name or name.removeprefix("refs/heads/").removeprefix("refs/tags/") or ref.branch), commit


def _said(err: FluxError, url: str) -> str:
    """In go-git's words: with the request that got no answer, and with a colon where the server said nothing more."""
    where, cause = shown(url), err.__cause__
    if isinstance(err, Unreachable | Timeout) and cause:
        request = f"{where}/info/refs?service=git-upload-pack"
        why = f'Get "{request}": {err}' if isinstance(err, Timeout) else told("Get", request, cause)
        return f"unable to clone '{where}': {why}"
    return (
        f"{err}: " if str(err).endswith(("authentication required", "authorization failed", "repository not found")) else str(err)
    )


def _login(cluster: Cluster, obj: Object, field: str) -> dict[str, str]:
    name = text(obj, f"{field}.name")
    data = dig(cluster.get(SECRET, namespace_of(obj), name), "data", {}) if name else {}
    return {key: base64.b64decode(value or "").decode("utf-8", "replace") for key, value in data.items()}


def _check(url: str, login: Mapping[str, str]) -> None:
    """A controller has neither agent nor ~/.ssh: all that SSH needs is in the Secret."""
    if split(url).scheme != "ssh":
        return
    for field in ("identity", "known_hosts"):
        if not login.get(field):
            said = f"failed to configure authentication options: invalid 'ssh' auth option: '{field}' is required"
            raise Failure("AuthenticationFailed", said, kind="FetchFailed")


def _access(login: Mapping[str, str], key_file: str) -> Access:
    return Access(
        username=login.get("username", ""),
        password=login.get("password", ""),
        bearer_token=login.get("bearerToken", ""),
        ca=login.get("ca.crt", "") or login.get("caFile", ""),
        key_file=key_file,
        known_hosts=login.get("known_hosts", ""),
    )


def _ref(obj: Object) -> Ref:
    from flux_cli.sandbox.world import fits, order

    wanted = text(obj, "spec.ref.semver")

    def newest(tags: Sequence[str]) -> str:
        return max((tag for tag in tags if fits(tag, wanted)), key=order, default="")

    said = {field: text(obj, f"spec.ref.{field}") for field in ("branch", "tag", "name", "commit")}
    return Ref(**said, choose=newest if wanted else None, semver=wanted)


def _seconds(obj: Object) -> float:
    try:
        return max(durations.parse(text(obj, "spec.timeout") or "60s"), 1.0)
    except ValueError:
        return 60.0
