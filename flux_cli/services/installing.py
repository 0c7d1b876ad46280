"""Install Flux: is it there already, apply its manifests, wait until the controllers run."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flux_cli.core.api import CRD, DEPLOYMENT, SECRET, Cluster
from flux_cli.core.app import Clock, Log
from flux_cli.core.errors import ApiError, FluxError, NotFound, Timeout, Unreachable
from flux_cli.core.goyaml_load import YamlError, load_all
from flux_cli.core.objects import Object, Ref, items, labels
from flux_cli.kinds import kstatus
from flux_cli.services import manifests
from flux_cli.services.manifests import Options, Release
from flux_cli.services.verdicts import verdict

PROBE = "gitrepositories.source.toolkit.fluxcd.io"  # the definition by which an installation is known
NOT_READY = "timed out waiting for all resources to be ready"
PATIENCE = 10.0  # seconds before a wait begins to say what it waits for
_POLL = 2.0


class Installed(NamedTuple):
    """What is on the cluster. ``manager`` is the tool that says it installed it, "" where none says so."""

    version: str
    bootstrapped: bool
    manager: str


def installed(cluster: Cluster) -> Installed | None:
    """The installation on the cluster, None where there is none. Raises FluxError where that cannot be told."""
    try:
        found = labels(cluster.get(CRD, "", PROBE, metadata_only=True))
    except NotFound:
        return None
    except (ApiError, Unreachable, Timeout) as err:
        raise FluxError(f"cluster info unavailable: {err}", hint=err.hint) from err
    return Installed(
        found.get("app.kubernetes.io/version", ""),
        "kustomize.toolkit.fluxcd.io/namespace" in found,
        found.get("app.kubernetes.io/managed-by", ""),
    )


def rendered(release: Release, options: Options, environ: Mapping[str, str]) -> str:
    """The manifests as text: the release's with the options, or a folder's own kustomization as it is."""
    if not release.folder:
        return manifests.render(release.files, options)
    from flux_cli.core.goyaml import dump
    from flux_cli.services.building.generating import generate
    from flux_cli.services.building.kustomize import run

    built = run(generate({}, release.folder, ()), release.folder, environ)
    return manifests.header(options.version, options.components) + "---\n".join(dump(obj) for obj in built)


def parsed(text: str, where: str) -> list[Object]:
    """The objects of a manifest; lists are taken apart. Raises FluxError where there are none."""
    try:
        documents = [doc for doc in load_all(text) if isinstance(doc, dict) and doc]
    except YamlError as err:
        raise FluxError(f"{where}: {err}") from err
    objects = [obj for doc in documents for obj in (items(doc, "items") if str(doc.get("kind", "")).endswith("List") else [doc])]
    if not objects:
        raise FluxError(f"no Kubernetes objects found at: {where}")
    return objects


def pull_secret(namespace: str, name: str, content: str) -> Object:
    """A Secret with credentials for an image registry; ``content`` is Docker's config as JSON."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
        "type": "kubernetes.io/dockerconfigjson",
        "stringData": {".dockerconfigjson": content},
    }


def upsert_secret(cluster: Cluster, secret: Object) -> None:
    """Create the Secret, or replace its ``stringData``: other keys of an existing one stay as they are."""
    namespace, name = secret["metadata"]["namespace"], secret["metadata"]["name"]
    try:
        existing = cluster.get(SECRET, namespace, name)
    except NotFound:
        cluster.create(SECRET, namespace, secret)
        return
    cluster.update(SECRET, namespace, existing | {"stringData": secret["stringData"]})


def check_components(cluster: Cluster, clock: Clock, log: Log, namespace: str, components: Sequence[str], seconds: float) -> None:
    """Wait until the Deployments are current and tell of each, sorted by name. Raises Timeout where they are not in time.

    After a while it says what the first of them waits for, each time that this changes.
    """
    started, pause = clock.monotonic(), _POLL / 8
    cluster = cluster.within(seconds + _POLL)  # a deadline of its own, however long the work before took
    names, told = sorted(set(components)), ""
    while True:
        states = {name: _state(cluster, namespace, name) for name in names}
        waiting = [name for name, found in states.items() if found is None or found.state != kstatus.CURRENT]
        if not waiting or clock.monotonic() + pause > started + seconds:
            break
        reason = _reason(waiting[0], states[waiting[0]])
        if reason != told and clock.monotonic() > started + PATIENCE:
            log.waiting(f"still waiting for {reason}")
            told = reason
        clock.sleep(pause)
        pause = min(_POLL, pause * 2)
    for name in names:
        state = states[name]
        if state is None:
            log.failure(f"{name}: deployment not found")
        elif state.state == kstatus.CURRENT:
            log.success(f"{name}: deployment ready")
        else:
            log.failure(f"{name}: deployment not ready")
    if waiting:
        raise Timeout(NOT_READY, hint=_why(cluster, namespace, waiting[0], states[waiting[0]]))


def _why(cluster: Cluster, namespace: str, name: str, state: kstatus.Status | None) -> str:
    said = f"{_reason(name, state)}. Look further with: flux troubleshoot deployment/{name} -n {namespace}"
    return verdict(cluster, Ref("Deployment", namespace, name), said)


def _state(cluster: Cluster, namespace: str, name: str) -> kstatus.Status | None:
    try:
        return kstatus.compute(cluster.get(DEPLOYMENT, namespace, name))
    except NotFound:
        return None


def _reason(name: str, state: kstatus.Status | None) -> str:
    return f"{name}: {state.message if state else 'there is no such Deployment'}"
