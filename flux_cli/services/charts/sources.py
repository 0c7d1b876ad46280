"""Where a release's chart comes from, and how it gets into a folder of ours."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flux_cli.core.api import SECRET, Cluster
from flux_cli.core.errors import ApiError, FluxError
from flux_cli.core.objects import Object, dig, items, namespace_of, text
from flux_cli.kinds import named
from flux_cli.services.charts.helm import Helm
from flux_cli.services.charts.packages import local_chart, unpacked

if TYPE_CHECKING:
    from flux_cli.services.charts import Plan

_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"


def fetch(plan: Plan, release: Object, connect: Callable[[], Cluster], helm: Helm, folder: pathlib.Path) -> pathlib.Path:
    """The chart's folder, with dependencies and merged values files, below ``folder``. Raises FluxError."""
    spec, owner = dig(release, "spec.chart.spec", {}), namespace_of(release)
    if plan.chart:
        return local_chart(pathlib.Path(plan.chart), spec, helm, folder)
    ref = dig(release, "spec.chartRef", {})
    if not spec and text(ref, "kind") == "HelmChart":
        chart = _get(connect(), "HelmChart", text(ref, "namespace") or owner, text(ref, "name"))
        spec, owner = dig(chart, "spec", {}), namespace_of(chart)
    elif not spec:
        source = _source(plan, ref, owner, connect)
        if text(ref, "kind") != "OCIRepository":
            raise _not_here(ref, owner)
        return local_chart(
            source if isinstance(source, pathlib.Path) else _from_oci(connect(), source, plan, helm, folder), spec, helm, folder
        )
    ref = dig(spec, "sourceRef", {})
    source = _source(plan, ref, owner, connect)
    kind = text(ref, "kind")
    if isinstance(source, pathlib.Path):
        found = source / text(spec, "chart").lstrip("/") if kind != "HelmRepository" else source
    elif kind == "HelmRepository":
        found = _from_repository(connect(), source, spec, helm, folder)
    elif kind == "GitRepository":
        found = _from_git(connect(), source, plan, folder, helm) / text(spec, "chart").lstrip("/")
    else:
        raise _not_here(ref, owner)
    return local_chart(found, spec, helm, folder)


def _source(plan: Plan, ref: Any, owner: str, connect: Callable[[], Cluster]) -> Object | pathlib.Path:
    """The source object, or the folder that stands for it on this machine."""
    namespace = text(ref, "namespace") or owner
    local = plan.local_sources.get(f"{text(ref, 'kind')}/{namespace}/{text(ref, 'name')}")
    if local:
        return pathlib.Path(local)
    return _get(connect(), text(ref, "kind"), namespace, text(ref, "name"))


def _get(cluster: Cluster, kind: str, namespace: str, name: str) -> Object:
    try:
        return cluster.get(named(kind).resource, namespace, name)
    except KeyError as err:
        raise FluxError(f"charts do not come from a {kind or 'source without kind'}") from err
    except ApiError as err:
        raise FluxError(f"failed to get {kind} {namespace}/{name}: {err}", hint=err.hint) from err


def _not_here(ref: Any, owner: str) -> FluxError:
    source = f"{text(ref, 'kind')}/{text(ref, 'namespace') or owner}/{text(ref, 'name')}"
    return FluxError(
        f"the chart is in {source}, which cannot be fetched from here",
        hint=f"Say where it is on this machine: --local-sources {source}=./folder, or give the chart itself with --path.",
    )


def secret(cluster: Cluster, obj: Object, field: str) -> dict[str, str]:
    """The decoded data of the Secret that ``field`` of a source names; empty where it names none. Raises FluxError."""
    import base64

    name = text(obj, f"{field}.name")
    if not name:
        return {}
    try:
        found = cluster.get(SECRET, namespace_of(obj), name)
    except ApiError as err:
        raise FluxError(f"failed to get secret '{namespace_of(obj)}/{name}': {err}", hint=err.hint) from err
    data = dig(found, "data", {})
    return {key: base64.b64decode(value or "").decode("utf-8", "replace") for key, value in data.items()}


def _from_repository(cluster: Cluster, repository: Object, spec: Object, helm: Helm, folder: pathlib.Path) -> pathlib.Path:
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


def _from_oci(cluster: Cluster, source: Object, plan: Plan, helm: Helm, folder: pathlib.Path) -> pathlib.Path:
    """From an OCIRepository, with its own Secret or this machine's login."""
    from flux_cli.oci import credentials
    from flux_cli.oci.registry import Repository
    from flux_cli.oci.transport import Transport
    from flux_cli.services.artifacts import first_layer, reference
    from flux_cli.services.tag_filters import filtered, parse_version

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
            versions = filtered(repository.tags(), text(source, "spec.ref.semver"), text(source, "spec.ref.semverFilter"))
            if not versions:
                raise FluxError(f"no tag of {found.name} matches {text(source, 'spec.ref.semver')}")
            wanted = max(versions, key=lambda name: version.key if (version := parse_version(name)) else ())
        manifest = repository.manifest(wanted)
        kind = text(source, "spec.layerSelector.mediaType") or _LAYER
        layers = [layer for layer in items(manifest.content, "layers") if text(layer, "mediaType") == kind]
        package = folder / "chart.tgz"
        with package.open("wb") as out:
            repository.pull_blob(layers[0] if layers else first_layer(manifest), out)
    finally:
        repository.close()
    return unpacked(package, folder / "chart")


def _from_git(cluster: Cluster, source: Object, plan: Plan, folder: pathlib.Path, helm: Helm) -> pathlib.Path:
    """The files of a GitRepository's branch. Other references need ``--local-sources``."""
    from flux_cli.git.access import Access
    from flux_cli.git.checkout import Checkout

    ref = dig(source, "spec.ref", {})
    if set(ref) - {"branch"}:
        raise _not_here({"kind": "GitRepository", "name": dig(source, "metadata.name")}, namespace_of(source))
    login = secret(cluster, source, "spec.secretRef")
    key = helm.write_secret("identity", login["identity"]) if login.get("identity") else ""
    access = Access(
        username=login.get("username", ""), password=login.get("password", ""), bearer_token=login.get("bearerToken", ""),
        ca=login.get("ca.crt", ""), key_file=key, known_hosts=login.get("known_hosts", ""),
    )  # fmt: skip
    checkout = Checkout(text(source, "spec.url"), text(ref, "branch") or "master", access, helm.users, plan.seconds)
    root = folder / "git"
    for path in checkout.files():
        target = root / path
        if ".." in path.split("/"):
            raise FluxError(f"the repository holds a path that leads out of it: {path}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(checkout.read(path) or b"")
    return root
