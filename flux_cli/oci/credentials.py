"""Who we are to a registry: login files of docker and podman, credential helpers, ``--creds``, the clouds' command lines."""

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flux_cli.core.clouds import ask
from flux_cli.core.errors import FluxError
from flux_cli.oci.reference import DEFAULT_REGISTRY, Reference

_TOKEN_USER = "<token>"
_DOCKER_HUB = "https://index.docker.io/v1/"
_ECR = re.compile(r"(?:\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\Z|public\.ecr\.aws\Z")
_ACR = re.compile(r"([a-z0-9]+)(?:-[a-z0-9]+)?\.azurecr\.(?:io|cn|us|de)\Z")
_GCR = re.compile(r"(?:[a-z0-9-]+\.)?gcr\.io\Z|[a-z0-9-]+-docker\.pkg\.dev\Z")
_OTHERWISE = "use --creds"
_AZURE_USER = "00000000-0000-0000-0000-000000000000"


class Login(NamedTuple):
    """A user with password, or a token: ``bearer`` is sent as it is, ``refresh`` is exchanged for one."""

    username: str = ""
    password: str = ""
    bearer: str = ""
    refresh: str = ""


ANONYMOUS = Login()


def from_creds(text: str) -> Login:
    """``--creds``: ``user:password``, or a token for the registry."""
    username, colon, password = text.partition(":")
    return Login(username, password) if colon else Login(bearer=text)


def from_files(reference: Reference, environ: Mapping[str, str]) -> Login:
    """What ``docker login`` or ``podman login`` left on this machine, anonymous without. Raises FluxError for a broken helper."""
    for path in _files(environ):
        try:
            with open(path, encoding="utf-8") as file:
                config = json.load(file)
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as err:
            words = err.strerror.lower() if isinstance(err, OSError) and err.strerror else str(err)
            raise FluxError(f"{path} is no login file: {words}", hint="Mend it, or log in again: docker login") from err
        found = from_config(config if isinstance(config, dict) else {}, reference, environ)
        if found:
            return found
    return ANONYMOUS


def _files(environ: Mapping[str, str]) -> Iterator[str]:
    if environ.get("DOCKER_CONFIG") or environ.get("HOME"):
        yield os.path.join(environ.get("DOCKER_CONFIG") or os.path.join(environ["HOME"], ".docker"), "config.json")
    if environ.get("REGISTRY_AUTH_FILE"):
        yield environ["REGISTRY_AUTH_FILE"]
    if environ.get("XDG_RUNTIME_DIR"):
        yield os.path.join(environ["XDG_RUNTIME_DIR"], "containers", "auth.json")


def _keys(reference: Reference) -> list[str]:
    """Under which names an entry may stand, the closest first."""
    parts = reference.repository.split("/")
    paths = [f"{reference.registry}/{'/'.join(parts[:count])}" for count in range(len(parts), 0, -1)]
    hosts = [_DOCKER_HUB, "docker.io", DEFAULT_REGISTRY] if reference.registry == DEFAULT_REGISTRY else [reference.registry]
    return [*paths, *hosts]


def from_config(config: dict[str, Any], reference: Reference, environ: Mapping[str, str]) -> Login | None:
    """What a login file's content says about a registry; None where it says nothing. Raises FluxError for a broken helper."""
    helpers, entries = config.get("credHelpers") or {}, config.get("auths") or {}
    hosts = {re.sub(r"\Ahttps?://|/(?:v[12]/?)?\Z", "", key): value for key, value in entries.items()}
    for key in _keys(reference):
        if key in helpers:
            return _helped(str(helpers[key]), key, environ)
        entry = entries.get(key) or entries.get(f"https://{key}") or (hosts.get(key) if "/" not in key else None)
        found = _entry(entry) if isinstance(entry, dict) else None
        if found:
            return found
    if config.get("credsStore"):
        key = _DOCKER_HUB if reference.registry == DEFAULT_REGISTRY else reference.registry
        return _helped(str(config["credsStore"]), key, environ)
    return None


def _entry(entry: dict[str, Any]) -> Login | None:
    if entry.get("identitytoken"):
        return Login(refresh=str(entry["identitytoken"]))
    if entry.get("registrytoken"):
        return Login(bearer=str(entry["registrytoken"]))
    if entry.get("auth"):
        try:
            username, _, password = base64.b64decode(str(entry["auth"])).decode().partition(":")
        except ValueError:
            return None
        return Login(username, password.rstrip("\0"))
    if entry.get("username"):
        return Login(str(entry["username"]), str(entry.get("password", "")))
    return None


def _helped(name: str, key: str, environ: Mapping[str, str]) -> Login | None:
    """Ask ``docker-credential-NAME``. Nothing stored is no failure."""
    program = f"docker-credential-{name}"
    path = shutil.which(program, path=environ.get("PATH", ""))
    if not path:
        hint = f"The docker login file wants it for {key}: install it, or use --creds."
        raise FluxError(f"{program} is not installed", hint=hint)
    done = subprocess.run([path, "get"], input=key, capture_output=True, text=True, env=dict(environ), check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip()
        if "not found" in said:
            return None
        raise FluxError(f"{program} failed: {said.splitlines()[0] if said else f'exit code {done.returncode}'}")
    try:
        answer = json.loads(done.stdout)
    except ValueError as err:
        raise FluxError(f"{program} did not answer with JSON") from err
    username, secret = str(answer.get("Username", "")), str(answer.get("Secret", ""))
    return Login(refresh=secret) if username == _TOKEN_USER else Login(username, secret)


def from_provider(provider: str, reference: Reference, environ: Mapping[str, str], otherwise: str = _OTHERWISE) -> Login:
    """Through the cloud's own command line, as whoever is logged in there. Raises FluxError."""
    host = reference.registry
    if provider == "aws":
        found = _ECR.match(host)
        if not found:
            raise FluxError(f"{host} is not an Elastic Container Registry")
        service, region = ("ecr", found[1]) if found[1] else ("ecr-public", "us-east-1")
        return Login("AWS", ask(environ, "aws", service, "get-login-password", "--region", region, otherwise=otherwise))
    if provider == "azure":
        found = _ACR.match(host)
        if not found:
            raise FluxError(f"{host} is not an Azure Container Registry")
        asked = ("acr", "login", "--name", found[1], "--expose-token", "--output", "tsv", "--query", "accessToken")
        return Login(_AZURE_USER, ask(environ, "az", *asked, otherwise=otherwise))
    if not _GCR.match(host):
        raise FluxError(f"{host} is not a Google container or artifact registry")
    return Login("oauth2accesstoken", ask(environ, "gcloud", "auth", "print-access-token", otherwise=otherwise))
