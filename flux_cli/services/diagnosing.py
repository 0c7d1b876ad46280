"""Use cases of the diagnosis: one symptom, the cluster, a pasted message, the runbook."""

from collections.abc import Iterator, Sequence

from flux_cli import kinds
from flux_cli.core import api
from flux_cli.core.errors import FluxError, NoMatch, NotFound, Timeout, Unreachable, UsageError
from flux_cli.core.objects import Ref, name_of
from flux_cli.diagnosis import engine, reader, runbook
from flux_cli.diagnosis.observing import short
from flux_cli.diagnosis.result import Diagnosis, Explanation, Link, Triage

CORE_WORDS = {
    "deployment": "Deployment", "deployments": "Deployment", "deploy": "Deployment",
    "statefulset": "StatefulSet", "statefulsets": "StatefulSet", "sts": "StatefulSet",
    "daemonset": "DaemonSet", "daemonsets": "DaemonSet", "ds": "DaemonSet",
    "replicaset": "ReplicaSet", "replicasets": "ReplicaSet", "rs": "ReplicaSet",
    "job": "Job", "jobs": "Job", "pod": "Pod", "pods": "Pod", "po": "Pod",
    "service": "Service", "services": "Service", "svc": "Service",
    "persistentvolumeclaim": "PersistentVolumeClaim", "pvc": "PersistentVolumeClaim",
}  # fmt: skip


def diagnose(cluster: api.Cluster, kind: str, namespace: str, name: str, *, steps: bool = False) -> Diagnosis:
    """Why this object is not as it should be. ``kind`` is any word for it: HelmRelease, hr, deploy, certificates.cert-manager.io.

    Raises NotFound, with near names as a hint, where the object does not exist, and the ``core.errors`` family where
    nothing can be read. Reads only.
    """
    source = reader.Reader(cluster)
    symptom = _symptom(cluster, source, kind, namespace, name)
    found = engine.diagnose(source, symptom)
    if source.state(symptom) == reader.MISSING:
        where = f" in {symptom.namespace} namespace" if symptom.namespace else ""
        raise NotFound(f'{symptom.kind} "{name}" not found{where}', status=404, hint=_near(source, symptom))
    if source.state(symptom) == reader.UNREADABLE:
        about = [note for note in found.notes if note.startswith(f"{symptom.kind} ")]
        raise FluxError(about[0] if about else f"{short(symptom)} could not be read: the cluster does not serve this kind")
    return found._replace(steps=runbook.steps(source, found)) if steps else found


def triage(cluster: api.Cluster, namespace: str = "", labels: str = "") -> Triage:
    """The cluster, or one namespace of it: failing objects grouped by cause. ``labels``: a selector, as ``-l`` takes it."""
    from flux_cli.core import labelselectors
    from flux_cli.diagnosis import triage as triaging

    try:
        labelselectors.matches(labels, {})
    except ValueError as err:
        raise UsageError(f"cannot read the selector {labels}: {err}", hint="Write key=value, key in (a,b), key or !key") from None
    source = reader.Reader(cluster)
    try:
        found = triaging.triage(source, namespace, labels)
    except Timeout as err:
        err.hint = err.hint or "The cluster did not answer everything in time: try a longer --timeout, or one namespace with -n"
        raise
    if found.total:
        return found
    if source.notes:
        raise FluxError(
            source.notes[0], hint="Ask for rights to list Flux objects, or name one: flux troubleshoot KIND NAME -n NAMESPACE"
        )
    where = f"in {namespace} namespace" if namespace else "in this cluster"
    raise FluxError(f"no Flux objects found {where}{f' with labels {labels}' if labels else ''}")


def explain(pasted: str, kind: str = "") -> Explanation:
    """What a message means, without a cluster. ``kind`` is any word for the kind of the object that shows it."""
    from flux_cli.diagnosis import explaining

    found = kinds.find(kind) if kind else None
    return explaining.explain(pasted, found.kind if found else kind)


def watched(cluster: api.Cluster, symptoms: Sequence[Ref]) -> Iterator[list[Diagnosis]]:
    """The diagnoses of these symptoms, anew each time that one is asked for.

    The first time each must exist. Later one that was deleted, or a cluster that does not answer, is told and looked for again.
    """
    yield [diagnose(cluster, s.kind, s.namespace, s.name) for s in symptoms]
    while True:
        yield [_again(cluster, symptom) for symptom in symptoms]


def _again(cluster: api.Cluster, ref: Ref) -> Diagnosis:
    try:
        return diagnose(cluster, ref.kind, ref.namespace, ref.name)
    except NotFound:
        verdict = f"{short(ref)} does not exist any more. Waiting for it to come back."
        return Diagnosis(ref, False, verdict, chain=(Link(ref, "symptom", "Missing", ""),), lost="gone")
    except Unreachable as err:
        verdict = f"The cluster does not answer: {err}. Trying again."
        return Diagnosis(ref, False, verdict, chain=(Link(ref, "symptom", "Unreadable", ""),), lost="out of reach")


def symptoms(words: Sequence[str], namespace: str) -> list[Ref]:
    """``KIND NAME...``, ``KIND/NAME...`` or ``KIND/NAMESPACE/NAME...`` as references. Raises UsageError."""
    if not words:
        return []
    if all("/" in word for word in words):
        return [_written(word, namespace) for word in words]
    if "/" in words[0] or any("/" in word for word in words[1:]):
        raise UsageError("name objects either as KIND NAME or as KIND/NAME, not both")
    if len(words) == 1:
        raise UsageError(
            f"which {words[0]}? A name is needed",
            hint=f"flux troubleshoot {words[0]} NAME -n NAMESPACE, or flux troubleshoot for all",
        )
    return [Ref(kind_of(words[0]), namespace, name) for name in words[1:]]


def _written(word: str, namespace: str) -> Ref:
    parts = word.split("/")
    if len(parts) > 3 or not all(parts):
        raise UsageError(f"cannot read {word}: write KIND/NAME or KIND/NAMESPACE/NAME")
    return Ref(kind_of(parts[0]), parts[1] if len(parts) == 3 else namespace, parts[-1])


def kind_of(word: str) -> str:
    """The kind that a person means, as far as it is known without a cluster; else the word as it is."""
    found = kinds.find(word)
    return found.kind if found else CORE_WORDS.get(word.lower(), word)


def _symptom(cluster: api.Cluster, source: reader.Reader, word: str, namespace: str, name: str) -> Ref:
    """The object that is meant; what kind a word stands for that is not known here, the cluster says. Raises UsageError."""
    kind = kind_of(word)
    if kind in kinds.NAMES or kind in reader.CORE:
        return Ref(kind, namespace if kind in kinds.NAMES or reader.CORE[kind].namespaced else "", name)
    try:
        served = cluster.named(word)
    except NoMatch:
        raise UsageError(f"unknown kind {word}", hint=_near_words(word)) from None
    source.learn(served)
    return Ref(served.kind, namespace if served.namespaced else "", name)


def _near_words(word: str) -> str:
    import difflib

    known = sorted({*(name.lower() for name in kinds.NAMES), *CORE_WORDS, "hr", "ks"})
    near = difflib.get_close_matches(word.lower(), known, 3)
    if near:
        return f"Did you mean {', '.join(near)}?"
    return f"Known kinds: {', '.join(name.lower() for name in kinds.NAMES)}, deployment, pod … and all that the cluster serves"


def _near(source: reader.Reader, symptom: Ref) -> str:
    """Objects of that kind with a name like it, in that namespace or in any other."""
    import difflib

    resource = source.resource(symptom)
    here = [name_of(o) for o in source.every(resource, symptom.namespace)]
    near = difflib.get_close_matches(symptom.name, here, 3, 0.4)
    if near:
        return f"Near names{f' in {symptom.namespace}' if symptom.namespace else ''}: {', '.join(near)}"
    if not symptom.namespace:
        return f"There are {', '.join(here[:8])}" if here else f"There is no {symptom.kind}"
    there = [o for o in source.every(resource, "") if name_of(o) == symptom.name]
    if there:
        return f"There is one in {', '.join(sorted({o['metadata'].get('namespace', '') for o in there})[:5])}: use -n"
    return (
        f"In {symptom.namespace}: {', '.join(here[:8])}"
        if here
        else f"There is no {symptom.kind} in {symptom.namespace}; -n names another namespace"
    )
