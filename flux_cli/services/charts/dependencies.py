"""Charts that a chart needs and does not bring along: from their repositories, with the logins that the cluster has for them."""

import pathlib
from collections.abc import Callable, Mapping

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, dig, items, name_of, text
from flux_cli.kinds import named
from flux_cli.services.charts.helm import Helm
from flux_cli.services.charts.packages import described
from flux_cli.services.charts.secrets import secret

_TRUST = (("caFile", "ca.crt"), ("certFile", "tls.crt"), ("keyFile", "tls.key"))


def complete(chart: pathlib.Path, connect: Callable[[], Cluster], namespace: str, helm: Helm) -> None:
    """Put the dependencies into ``charts``, as Chart.lock says where there is one. Raises FluxError.

    As source-controller does, a HelmRepository of the namespace with the same URL, or the name after ``@``, lends its login.
    """
    urls = sorted({text(wanted, "repository") for wanted in items(described(chart), "dependencies")})
    for number, url in enumerate(urls):
        alias = url.removeprefix("alias:").removeprefix("@")
        if alias == url and not url.startswith(("http://", "https://")):
            continue  # a folder beside the chart, or a registry, which helm asks itself
        known = _repository(connect, namespace, alias, by_name=alias != url)
        address = text(known, "spec.url") or url
        if alias != url and not known:
            why = f"there is no HelmRepository {namespace}/{alias}, which the chart's dependencies name"
            raise FluxError(why, hint=f"flux get sources helm -n {namespace}")
        login, files = _access(connect, known, helm, f"dependency-{number}") if known else ({}, {})
        helm.add_repository(address.rstrip("/"), login, files, alias if alias != url else f"dependency-{number}")
    helm.run("dependency", "build" if (chart / "Chart.lock").is_file() else "update", str(chart), "--skip-refresh")


def _repository(connect: Callable[[], Cluster], namespace: str, wanted: str, *, by_name: bool) -> Object:
    """The HelmRepository; empty where there is none or the cluster cannot be asked."""
    try:
        found = connect().list(named("HelmRepository").resource, namespace).items
    except FluxError:
        return {}
    fits = (o for o in found if (name_of(o) if by_name else text(o, "spec.url").rstrip("/")) == wanted.rstrip("/"))
    return next((o for o in fits if dig(o, "spec.type") != "oci"), {})


def _access(
    connect: Callable[[], Cluster], repository: Object, helm: Helm, name: str
) -> tuple[Mapping[str, str], Mapping[str, str]]:  # fmt: skip
    login = secret(connect(), repository, "spec.secretRef")
    return login, trust_files(secret(connect(), repository, "spec.certSecretRef") or login, helm, name)


def trust_files(trust: Mapping[str, str], helm: Helm, name: str) -> dict[str, str]:
    """Paths of the certificates and the key that a Secret holds, as helm's list of repositories calls them."""
    return {field: helm.write_secret(f"{name}-{key}", trust[key]) for field, key in _TRUST if trust.get(key)}
