"""Buckets: fetched with the login of the source's Secret, else as whoever is logged in on this machine."""

import json
import pathlib
import shutil
from collections.abc import Mapping

from flux_cli.buckets import Store
from flux_cli.buckets.azure import Azure, Principal, token_by_certificate, token_by_secret
from flux_cli.buckets.azure import Login as AzureLogin
from flux_cli.buckets.gcs import URL as GOOGLE
from flux_cli.buckets.gcs import Gcs
from flux_cli.buckets.gcs import token_of as google_token
from flux_cli.buckets.s3 import S3, Keys
from flux_cli.core.api import Cluster
from flux_cli.core.clouds import ask
from flux_cli.core.errors import FluxError
from flux_cli.core.gitignore import FILE
from flux_cli.core.objects import Object, dig, text
from flux_cli.services.charts.secrets import raw_secret, secret
from flux_cli.services.charts.trees import leave_out, target

_MAX_BYTES = 1 << 30
_OTHERWISE = "give the source a Secret"


def from_bucket(cluster: Cluster, source: Object, environ: Mapping[str, str], seconds: float, root: pathlib.Path) -> None:
    """The objects of a Bucket, into ``root``. Raises FluxError."""
    store, total = open_store(cluster, source, environ, seconds), 0
    try:
        for entry in store.entries(text(source, "spec.prefix")):
            total += entry.size
            if total > _MAX_BYTES:
                raise FluxError(f"the bucket {text(source, 'spec.bucketName')} holds more than {_MAX_BYTES} bytes")
            if entry.key.endswith(("/", f"/{FILE}")):
                continue  # folders have no content, and ignore rules count at the top only
            with target(root, entry.key).open("wb") as out:
                store.read(entry, out)
    finally:
        store.close()
    leave_out(root, source)


def open_store(cluster: Cluster, source: Object, environ: Mapping[str, str], seconds: float) -> Store:
    """The way to a Bucket's storage. Raises FluxError."""
    data, ca = raw_secret(cluster, source, "spec.secretRef"), secret(cluster, source, "spec.certSecretRef").get("ca.crt", "")
    login = {key: value.decode("utf-8", "replace") for key, value in data.items()}
    bucket, endpoint, provider = (text(source, f"spec.{field}") for field in ("bucketName", "endpoint", "provider"))
    if not bucket or not (endpoint or provider == "gcp"):
        raise FluxError(f"the bucket has no {'endpoint' if bucket else 'bucketName'}")
    if provider == "gcp":
        emulator = environ.get("STORAGE_EMULATOR_HOST", "")  # as Google's own libraries have it
        base = emulator if "://" in emulator else f"http://{emulator}" if emulator else GOOGLE
        return Gcs(bucket, token=_google(login, environ, seconds), seconds=seconds, base=base, ca=ca)
    if provider == "azure":
        return Azure(bucket, endpoint, _azure(login, data, environ, seconds), seconds=seconds, ca=ca)
    keys = Keys(login["accesskey"], login["secretkey"]) if login.get("accesskey") and login.get("secretkey") else None
    if provider == "aws" and not keys:
        keys = _amazon(environ)
    insecure, region = dig(source, "spec.insecure") is True, text(source, "spec.region")
    return S3(bucket, endpoint, region=region, keys=keys, insecure=insecure, ca=ca, seconds=seconds)


def _amazon(environ: Mapping[str, str]) -> Keys:
    said = ask(environ, "aws", "configure", "export-credentials", "--format", "process", otherwise=_OTHERWISE)
    try:
        found = json.loads(said)
        return Keys(str(found["AccessKeyId"]), str(found["SecretAccessKey"]), str(found.get("SessionToken") or ""))
    except (ValueError, KeyError, TypeError, AttributeError) as err:
        raise FluxError("aws configure export-credentials did not answer with an access key") from err


def _google(login: Mapping[str, str], environ: Mapping[str, str], seconds: float) -> str:
    if login.get("serviceaccount"):
        return google_token(login["serviceaccount"], seconds)
    if environ.get("STORAGE_EMULATOR_HOST") or not shutil.which("gcloud", path=environ.get("PATH", "")):
        return ""  # a public bucket needs no login
    return ask(environ, "gcloud", "auth", "print-access-token", otherwise=_OTHERWISE)


def _azure(
    login: Mapping[str, str], data: Mapping[str, bytes], environ: Mapping[str, str], seconds: float
) -> AzureLogin:  # fmt: skip
    """In the order in which source-controller looks: service principal, account key, shared access signature.

    ``data`` is the login as bytes, which a certificate is.
    """
    if login.get("tenantId") and login.get("clientId"):
        who = Principal(login["tenantId"], login["clientId"], login.get("authorityHost", ""))
        if login.get("clientSecret"):
            return AzureLogin(token=token_by_secret(who, login["clientSecret"], seconds))
        if data.get("clientCertificate"):
            password, chain = login.get("clientCertificatePassword", ""), login.get("clientCertificateSendChain") in ("1", "true")
            return AzureLogin(token=token_by_certificate(who, data["clientCertificate"], password, seconds, chain=chain))
    if login.get("accountKey"):
        return AzureLogin(key=login["accountKey"])
    if login.get("sasKey"):
        return AzureLogin(sas=login["sasKey"])
    if not shutil.which("az", path=environ.get("PATH", "")):
        return AzureLogin()  # a public container needs no login
    args = (
        "account",
        "get-access-token",
        "--resource",
        "https://storage.azure.com/",
        "--query",
        "accessToken",
        "--output",
        "tsv",
    )
    return AzureLogin(token=ask(environ, "az", *args, otherwise=_OTHERWISE))
