"""Secrets that Flux reads: credentials of sources, webhook tokens, certificates. Their text is in ``stringData``."""

import json
from collections.abc import Mapping, Sequence

from flux_cli.core.api import SECRET, Cluster
from flux_cli.core.errors import FluxError, NotFound, UsageError
from flux_cli.core.gourl import parse
from flux_cli.core.objects import Object, annotations, labels, name_of, namespace_of
from flux_cli.services import keys
from flux_cli.services.aftermath import Telling
from flux_cli.services.creating.shape import Meta, identity, parse_labels, read_file
from flux_cli.services.creating.sources import parsed
from flux_cli.services.creating.upsert import Outcome
from flux_cli.services.triggering import hook_path

OPAQUE = "Opaque"
TLS = "kubernetes.io/tls"
BASIC = "kubernetes.io/basic-auth"
DOCKER = "kubernetes.io/dockerconfigjson"
_CA_FILE = "unable to read TLS CA file"


def secret(meta: Meta, data: Mapping[str, str], type: str = "", marks: Mapping[str, str] | None = None) -> Object:
    """A Secret with this text; values that are empty are left out. ``marks`` are its annotations."""
    metadata = identity(meta)
    found = parse_labels(meta.labels)
    metadata |= {"labels": found} if found else {}
    metadata |= {"annotations": dict(marks)} if marks else {}
    out: Object = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata}
    text = {key: value for key, value in data.items() if value}
    out |= {"stringData": text} if text else {}
    return out | ({"type": type} if type else {})


def put(cluster: Cluster, wanted: Object, *, dry_run: bool = False) -> Outcome:
    """Create it; of one that exists replace the text and add labels and annotations. Its type stays."""
    namespace, name = namespace_of(wanted), name_of(wanted)
    try:
        found = cluster.get(SECRET, namespace, name)
    except NotFound:
        with Telling(cluster, SECRET, wanted, None):
            return Outcome("created", cluster.create(SECRET, namespace, wanted, dry_run=dry_run), None)
    metadata = dict(found["metadata"])
    if annotations(wanted):
        metadata["annotations"] = annotations(found) | annotations(wanted)
    if labels(wanted):
        metadata["labels"] = labels(found) | labels(wanted)
    with Telling(cluster, SECRET, wanted, found):
        body = {**found, "metadata": metadata, "stringData": wanted.get("stringData", {})}
        return Outcome("updated", cluster.update(SECRET, namespace, body, dry_run=dry_run), found)


def ssh_data(pair: keys.KeyPair, known_hosts: str, password: str) -> dict[str, str]:
    return {"identity": pair.private, "identity.pub": pair.public, "known_hosts": known_hosts, "password": password}


def basic_data(username: str, password: str, ca_file: str) -> dict[str, str]:
    """User and password are only of use together."""
    data = {"username": username, "password": password} if username and password else {}
    return data | ({"ca.crt": read_file(ca_file, _CA_FILE)} if ca_file else {})


def git_scheme(url: str) -> str:
    """Raises UsageError where Git has no such URL."""
    if not url:
        raise UsageError("url is required")
    return parsed(url, "git URL parse failed").scheme


def git_over_http(meta: Meta, *, username: str, password: str, bearer_token: str, ca_file: str) -> Object:
    if not (username and password) and not bearer_token:
        raise UsageError("for Git over HTTP/S the username and password, or a bearer token is required")
    if bearer_token and username and password:
        raise UsageError("user credentials and bearer token cannot be used together")
    return secret(meta, basic_data(username, password, ca_file) | {"bearerToken": bearer_token})


def helm(
    meta: Meta, *, username: str = "", password: str = "", certificate: str = "", key: str = "", authority: str = ""
) -> Object:
    """The three texts are PEM, not files. A client certificate wins over user and password."""
    if certificate or key:
        return tls(meta, certificate=certificate, key=key, authority=authority)
    if username or password:
        if not username:
            raise UsageError("username is required")
        if not password:
            raise UsageError("password is required")
        return secret(meta, {"username": username, "password": password, "ca.crt": authority}, BASIC)
    return secret(meta, {"ca.crt": authority}, OPAQUE) if authority else secret(meta, {})


def tls(meta: Meta, *, certificate: str = "", key: str = "", authority: str = "") -> Object:
    if not (certificate or key or authority):
        raise UsageError("no CA certificate or client certificate pair found")
    if certificate and not key:
        raise UsageError("found certificate but missing private key")
    if key and not certificate:
        raise UsageError("found private key but missing certificate")
    if certificate:
        try:
            keys.check_tls_pair(certificate, key)
        except FluxError as err:
            raise FluxError(f"invalid TLS certificate and key pair: {err}") from err
    return secret(meta, {"tls.crt": certificate, "tls.key": key, "ca.crt": authority}, TLS if certificate else OPAQUE)


def tls_files(certificate: str, key: str, authority: str) -> dict[str, str]:
    """The texts of the files that were named, for ``tls`` and ``helm``."""
    return {
        "authority": read_file(authority, _CA_FILE) if authority else "",
        "certificate": read_file(certificate, "failed to read cert file") if certificate else "",
        "key": read_file(key, "failed to read key file") if key else "",
    }


def oci(meta: Meta, *, url: str, username: str, password: str) -> Object:
    """Credentials of a registry, keyed by the URL as it was given. Labels are not taken, as in the Go CLI."""
    for value, flag in ((url, "url"), (username, "username"), (password, "password")):
        if not value:
            raise UsageError(f"--{flag} is required")
    try:
        parse(url)
    except ValueError as err:
        raise UsageError(f"error parsing url: '{err}'") from err
    import base64

    auth = base64.b64encode(f"{username}:{password}".encode()).decode()
    entry = {"username": username, "password": password, "auth": auth}
    text = json.dumps({"auths": {url: entry}}, indent=2, ensure_ascii=False)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")  # as Go's encoder does
    return secret(meta._replace(labels=()), {".dockerconfigjson": text}, DOCKER)


def proxy(meta: Meta, *, address: str, username: str = "", password: str = "") -> Object:
    parse_labels(meta.labels)
    if not address:
        raise UsageError("address is required")
    parsed(address, "invalid proxy address")
    return secret(meta, {"address": address, "username": username, "password": password}, OPAQUE)


def github_app(
    meta: Meta, *, app_id: str, private_key_file: str, owner: str = "", installation: str = "", base_url: str = ""
) -> Object:
    """Labels are not taken, as in the Go CLI."""
    key = read_file(private_key_file, "unable to read private key file")
    if not app_id:
        raise UsageError("githubAppID is required")
    if not key:
        raise UsageError("githubAppPrivateKey is required")
    if bool(owner) == bool(installation):
        raise UsageError("exactly one of githubAppInstallationOwner or githubAppInstallationID must be provided")
    data = {
        "githubAppID": app_id, "githubAppInstallationOwner": owner, "githubAppInstallationID": installation,
        "githubAppPrivateKey": key, "githubAppBaseURL": base_url,
    }  # fmt: skip
    return secret(meta._replace(labels=()), data, OPAQUE)


def notation(meta: Meta, *, certificates: Sequence[str], trust_policy: str) -> Object:
    """Certificates by their file names, and the policy as it is."""
    from flux_cli.services.creating.trust_policy import check_trust_policy

    if not certificates:
        raise UsageError("--ca-cert-file is required")
    if not trust_policy:
        raise UsageError("--trust-policy-file is required")
    parse_labels(meta.labels)
    policy = read_file(trust_policy, "unable to read trust policy file")
    check_trust_policy(policy, trust_policy)
    data, wrong = {}, []
    for path in certificates:
        name = path.rstrip("/").rpartition("/")[2]
        if not name.endswith((".crt", ".pem")):
            wrong.append(f"{name} must end with either .crt or .pem")
            continue
        try:
            data[name] = read_file(path, _CA_FILE)
        except FluxError as err:
            wrong.append(str(err))
    if wrong:
        raise FluxError("\n".join(wrong))
    return secret(meta, data | {"trustpolicy.json": policy})


def receiver(meta: Meta, *, type: str, hostname: str, token: str = "", email: str = "", audience: str = "") -> Object:
    """The token of a Receiver of the same name; a random one where none is given. The webhook's URL is an annotation."""
    import secrets

    for value, flag in ((type, "type"), (hostname, "hostname")):
        if not value:
            raise UsageError(f"--{flag} is required")
    if type == "gcr" and not email:
        raise UsageError("--email-claim is required for gcr receiver type")
    token = token or secrets.token_hex(32)
    url = f"https://{hostname}{hook_path(token, meta.name, meta.namespace)}"
    claims = {"email": email, "audience": audience or url} if type == "gcr" else {}
    return secret(meta, {"token": token} | claims, marks={"notification.toolkit.fluxcd.io/webhook": url})
