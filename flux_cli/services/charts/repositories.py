"""Charts from chart repositories and registries."""

import base64
import hashlib
import json
import pathlib
from collections.abc import Mapping
from typing import Any

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, dig, items, text
from flux_cli.git.verifying import NotVerified
from flux_cli.oci import credentials
from flux_cli.oci.reference import Reference
from flux_cli.oci.registry import Repository
from flux_cli.oci.transport import Transport
from flux_cli.services.artifacts import first_layer, reference
from flux_cli.services.charts.dependencies import trust_files
from flux_cli.services.charts.helm import Helm
from flux_cli.services.charts.packages import unpacked
from flux_cli.services.charts.plan import Plan
from flux_cli.services.charts.secrets import secret
from flux_cli.services.charts.troubles import explained
from flux_cli.services.charts.verification import check_chart_repository, check_image
from flux_cli.services.tag_filters import newest

_CLOUDS = ("aws", "azure", "gcp")
_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"


def from_repository(
    cluster: Cluster, repository: Object, spec: Object, plan: Plan, helm: Helm, folder: pathlib.Path
) -> pathlib.Path:
    """From a HelmRepository, by HTTP or from a registry. Raises FluxError."""
    login = secret(cluster, repository, "spec.secretRef")
    trust = secret(cluster, repository, "spec.certSecretRef") or login
    files = trust_files(trust, helm, "source")
    target = folder / "charts"
    target.mkdir()
    said = {"metadata": repository["metadata"], "spec": spec}  # the Secret with the keys lies beside the HelmChart
    try:
        if text(repository, "spec.type") == "oci" or text(repository, "spec.url").startswith("oci://"):
            _pull_image(cluster, repository, said, files, plan, helm, target)
        else:
            check_chart_repository(repository, said, plan.tell)
            name = helm.add_repository(text(repository, "spec.url").rstrip("/"), login, files)
            helm.run("pull", f"{name}/{text(spec, 'chart')}", *_version(spec), "--destination", str(target))
    except NotVerified:
        raise
    except FluxError as err:
        raise explained(err, repository, spec, folder / "cache" / "repository") from err
    return unpacked(next(target.glob("*.tgz")), folder / "chart")


def _version(spec: Object) -> list[str]:
    return ["--version", text(spec, "version")] if text(spec, "version") not in ("", "*") else []


def _pull_image(
    cluster: Cluster, repository: Object, said: Object, files: Mapping[str, str], plan: Plan, helm: Helm, target: pathlib.Path
) -> None:  # fmt: skip
    """A chart of a registry, into ``target``. ``said`` stands for the HelmChart."""
    url = f"{text(repository, 'spec.url').rstrip('/')}/{text(said, 'spec.chart')}"
    found = reference(url)
    config = _login(cluster, repository, found, helm.users)
    helm.log_in(config)
    flags = ["--plain-http"] if dig(repository, "spec.insecure") is True else []
    for flag, field in (("--ca-file", "caFile"), ("--cert-file", "certFile"), ("--key-file", "keyFile")):
        flags += [flag, files[field]] if field in files else []
    helm.run("pull", url, *_version(dig(said, "spec")), *flags, "--destination", str(target))
    if isinstance(dig(said, "spec.verify"), dict):
        registry = _opened(found, repository, config, cluster, plan, helm)
        _check_package(cluster, said, repository, registry, next(target.glob("*.tgz")), plan)


def _check_package(
    cluster: Cluster, said: Object, source: Object, registry: Repository, package: pathlib.Path, plan: Plan
) -> None:  # fmt: skip
    """Verify the chart that was pulled: what the registry has under its version must be this very package."""
    found = registry.reference
    try:
        version = package.name.removeprefix(f"{found.repository.rpartition('/')[2]}-").removesuffix(".tgz")
        manifest = registry.manifest(version.replace("+", "_"))
        with package.open("rb") as file:
            pulled = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        if pulled not in [text(layer, "digest") for layer in items(manifest.content, "layers")]:
            raise FluxError(f"{found.name}:{version} changed while it was fetched", hint="Try again.")
        check_image(cluster, said, source, registry, manifest.digest, plan.tell)
    finally:
        registry.close()


def _login(cluster: Cluster, source: Object, found: Reference, environ: Mapping[str, str]) -> dict[str, Any]:
    """As a docker login file: what the source's Secret says, else the cloud that ``spec.provider`` names.

    Empty where neither is there, or where this machine is logged in itself. Raises FluxError.
    """
    login = secret(cluster, source, "spec.secretRef")
    if login.get(".dockerconfigjson"):
        return _docker(login[".dockerconfigjson"])
    username, password, provider = login.get("username", ""), login.get("password", ""), text(source, "spec.provider")
    if not username and provider in _CLOUDS and credentials.from_files(found, environ) == credentials.ANONYMOUS:
        who = credentials.from_provider(provider, found, environ, otherwise="give the source a Secret")
        username, password = who.username, who.password
    pair = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"auths": {found.registry: {"auth": pair}}} if username else {}


def _opened(found: Reference, source: Object, config: dict[str, Any], cluster: Cluster, plan: Plan, helm: Helm) -> Repository:
    """With the login of the source's Secret, else of this machine."""
    who = credentials.from_config(config, found, helm.users) if config else credentials.from_files(found, helm.users)
    trust = secret(cluster, source, "spec.certSecretRef").get("ca.crt", "")
    lax = dig(source, "spec.insecure") is True
    return Repository(found, Transport(found, who or credentials.ANONYMOUS, insecure=lax, ca=trust, seconds=plan.seconds))


def _docker(text_: str) -> dict[str, Any]:
    try:
        found = json.loads(text_)
    except ValueError as err:
        raise FluxError("the source's Secret holds no JSON in .dockerconfigjson") from err
    return found if isinstance(found, dict) else {}


def from_registry(cluster: Cluster, source: Object, plan: Plan, helm: Helm, folder: pathlib.Path) -> tuple[pathlib.Path, str]:
    """From an OCIRepository, with its own Secret or this machine's login: (the chart, the digest of its manifest)."""
    found = reference(text(source, "spec.url"))
    repository = _opened(found, source, _login(cluster, source, found, helm.users), cluster, plan, helm)
    try:
        wanted = text(source, "spec.ref.digest") or text(source, "spec.ref.tag") or "latest"
        if text(source, "spec.ref.semver") and not text(source, "spec.ref.digest"):
            wanted = newest(repository.tags(), text(source, "spec.ref.semver"), text(source, "spec.ref.semverFilter"))
            if not wanted:
                raise FluxError(f"no tag of {found.name} matches {text(source, 'spec.ref.semver')}")
        manifest = repository.manifest(wanted)
        check_image(cluster, source, source, repository, manifest.digest, plan.tell)
        kind = text(source, "spec.layerSelector.mediaType") or _LAYER
        layers = [layer for layer in items(manifest.content, "layers") if text(layer, "mediaType") == kind]
        package = folder / "chart.tgz"
        with package.open("wb") as out:
            repository.pull_blob(layers[0] if layers else first_layer(manifest), out)
    finally:
        repository.close()
    return unpacked(package, folder / "chart"), manifest.digest
