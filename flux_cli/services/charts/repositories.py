"""Charts from chart repositories and registries."""

import json
import pathlib
from typing import Any

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, dig, items, text
from flux_cli.services.charts.helm import Helm
from flux_cli.services.charts.packages import unpacked
from flux_cli.services.charts.plan import Plan
from flux_cli.services.charts.secrets import secret

_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"


def from_repository(cluster: Cluster, repository: Object, spec: Object, helm: Helm, folder: pathlib.Path) -> pathlib.Path:
    """From a HelmRepository, by HTTP or from a registry."""
    url, chart = text(repository, "spec.url").rstrip("/"), text(spec, "chart")
    login = secret(cluster, repository, "spec.secretRef")
    version = ["--version", text(spec, "version")] if text(spec, "version") not in ("", "*") else []
    target = folder / "charts"
    target.mkdir()
    if text(repository, "spec.type") == "oci" or url.startswith("oci://"):
        if login.get(".dockerconfigjson"):
            helm.log_in(_docker(login[".dockerconfigjson"]))
        elif login.get("username"):
            import base64

            pair = base64.b64encode(f"{login['username']}:{login.get('password', '')}".encode()).decode()
            helm.log_in({"auths": {url.removeprefix("oci://").partition("/")[0]: {"auth": pair}}})
        plain = ["--plain-http"] if dig(repository, "spec.insecure") is True else []
        helm.run("pull", f"{url}/{chart}", *version, *plain, "--destination", str(target))
    else:
        trust = secret(cluster, repository, "spec.certSecretRef") or login
        files = {
            field: helm.write_secret(key, trust[key])
            for field, key in (("caFile", "ca.crt"), ("certFile", "tls.crt"), ("keyFile", "tls.key"))
            if trust.get(key)
        }
        helm.run("pull", f"{helm.add_repository(url, login, files)}/{chart}", *version, "--destination", str(target))
    return unpacked(next(target.glob("*.tgz")), folder / "chart")


def _docker(text_: str) -> dict[str, Any]:
    try:
        found = json.loads(text_)
    except ValueError as err:
        raise FluxError("the source's Secret holds no JSON in .dockerconfigjson") from err
    return found if isinstance(found, dict) else {}


def from_registry(cluster: Cluster, source: Object, plan: Plan, helm: Helm, folder: pathlib.Path) -> tuple[pathlib.Path, str]:
    """From an OCIRepository, with its own Secret or this machine's login: (the chart, the digest of its manifest)."""
    from flux_cli.oci import credentials
    from flux_cli.oci.registry import Repository
    from flux_cli.oci.transport import Transport
    from flux_cli.services.artifacts import first_layer, reference
    from flux_cli.services.tag_filters import newest

    found = reference(text(source, "spec.url"))
    login = secret(cluster, source, "spec.secretRef").get(".dockerconfigjson", "")
    who = credentials.from_config(_docker(login), found, helm.users) if login else credentials.from_files(found, helm.users)
    trust = secret(cluster, source, "spec.certSecretRef").get("ca.crt", "")
    lax = dig(source, "spec.insecure") is True
    transport = Transport(found, who or credentials.ANONYMOUS, insecure=lax, ca=trust, seconds=plan.seconds)
    repository = Repository(found, transport)
    try:
        wanted = text(source, "spec.ref.digest") or text(source, "spec.ref.tag") or "latest"
        if text(source, "spec.ref.semver") and not text(source, "spec.ref.digest"):
            wanted = newest(repository.tags(), text(source, "spec.ref.semver"), text(source, "spec.ref.semverFilter"))
            if not wanted:
                raise FluxError(f"no tag of {found.name} matches {text(source, 'spec.ref.semver')}")
        manifest = repository.manifest(wanted)
        kind = text(source, "spec.layerSelector.mediaType") or _LAYER
        layers = [layer for layer in items(manifest.content, "layers") if text(layer, "mediaType") == kind]
        package = folder / "chart.tgz"
        with package.open("wb") as out:
            repository.pull_blob(layers[0] if layers else first_layer(manifest), out)
    finally:
        repository.close()
    return unpacked(package, folder / "chart"), manifest.digest
