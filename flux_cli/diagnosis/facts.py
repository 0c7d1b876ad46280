"""What commands to copy need beyond names: addresses, paths, charts and versions, read from the specs of who is concerned."""

from urllib.parse import urlsplit

from flux_cli.core.objects import Object, Ref, dig, text
from flux_cli.diagnosis import origins, relations
from flux_cli.diagnosis.context import Context
from flux_cli.diagnosis.masking import mask

PORTS = {"https": 443, "http": 80, "ssh": 22, "oci": 443}


def facts(at: Context) -> dict[str, str]:
    """Placeholders and their values, without those that nothing tells; credentials in addresses are masked."""
    where = origins.remote(at) or (relations.source_ref(at.obj) if relations.is_flux(at.kind) else None)
    remote = (at.obj if where == at.ref else at.reader.get(where)) if where else None
    found = _address(remote) | _content(remote) | _chart(at, remote)
    if at.kind == "Kustomization":
        found["path"] = text(at.obj, "spec.path") or "./"
    return {name: mask(value) for name, value in found.items() if value}


def _address(remote: Object | None) -> dict[str, str]:
    """``url`` as the spec has it, ``host``, ``port``, ``host_and_port``, ``registry`` as a login names it.

    And ``address``: what curl can call to see who is there.
    """
    url = text(remote, "spec.url") or text(remote, "spec.endpoint")
    if url and "://" not in url:  # a bucket's endpoint
        url = f"{'http' if dig(remote, 'spec.insecure') is True else 'https'}://{url}"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 443)
    except ValueError:
        return {"url": url}
    if not host:
        return {"url": url}
    called = {"oci": f"https://{parts.netloc}/v2/", "ssh": f"telnet://{host}:{port}"}.get(parts.scheme, url)
    registry = f"{host}:{parts.port}" if parts.port else host
    return {
        "url": url,
        "host": host,
        "port": str(port),
        "registry": registry,
        "host_and_port": f"{host}:{port}",
        "address": called,
    }


def _content(remote: Object | None) -> dict[str, str]:
    revision = text(remote, "status.artifact.revision")
    return {
        "bucket": text(remote, "spec.bucketName"),
        "branch": text(remote, "spec.ref.branch"),
        "revision": revision.rpartition(":")[2],
        "artifact": text(remote, "spec.url") if text(remote, "kind") == "OCIRepository" else "",
    }


def _chart(at: Context, remote: Object | None) -> dict[str, str]:
    """The chart of a release or of a HelmChart, and the release; a chart of an OCI repository has an address of its own."""
    if at.kind not in ("HelmRelease", "HelmChart"):
        return {}
    spec = "spec.chart.spec" if at.kind == "HelmRelease" else "spec"
    release: Ref | None = at.ref if at.kind == "HelmRelease" else origins.release(at)
    chart, url = text(at.obj, f"{spec}.chart"), text(remote, "spec.url")
    return {
        "repo": url if text(remote, "kind") == "HelmRepository" and not url.startswith("oci://") else "",
        "chart": chart,
        "chart_version": text(at.obj, f"{spec}.version"),
        "release_name": release.name if release else "",
        "release_namespace": release.namespace if release else "",
        "artifact": f"{url.rstrip('/')}/{chart}"
        if chart and url.startswith("oci://")
        else url
        if url.startswith("oci://")
        else "",
    }
