"""The end of a bootstrap: has the cluster fetched and applied the very commit that was pushed, and do the controllers run?"""

import contextlib
from collections.abc import Callable

from flux_cli import kinds
from flux_cli.core.errors import FluxError, Timeout
from flux_cli.core.objects import Object, Ref, condition, dig, text
from flux_cli.services.bootstrapping.wish import Wish, World
from flux_cli.services.installing import PATIENCE, check_components
from flux_cli.services.verdicts import verdict
from flux_cli.services.versions import SANDBOX

_POLL = 2.0
_DERIVED = (
    "The stand-ins of this sandbox derive revisions and never see a pushed commit: "
    "start it with flux sandbox start --controllers --fetch"
)
_REVISIONS = {"GitRepository": "status.artifact.revision", "Kustomization": "status.lastAttemptedRevision"}


def check(wish: Wish, world: World, revision: str) -> None:
    """Every check is made, then one FluxError tells of all that failed."""
    failures: list[FluxError] = []
    steps: list[Callable[[], None]] = [
        lambda: _reconciled(wish, world, "GitRepository", revision),
        lambda: _reconciled(wish, world, "Kustomization", revision),
        lambda: _components(wish, world),
    ]
    for step in steps:
        try:
            step()
        except FluxError as err:
            failures.append(err)
    if failures:
        texts = [str(err) for err in failures]
        whole = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
        hint = next((err.hint for err in failures if err.hint), "") or f"Find out why: flux troubleshoot -n {wish.namespace}"
        raise FluxError(f"bootstrap failed with {len(failures)} health check failure(s): {whole}", hint=hint)


def _components(wish: Wish, world: World) -> None:
    world.log.action("confirming components are healthy")
    check_components(world.cluster, world.clock, world.log, wish.namespace, wish.options.components, world.timeout)
    world.log.success("all components are healthy")


def _reconciled(wish: Wish, world: World, kind: str, revision: str) -> None:
    log, namespace = world.log, wish.namespace
    log.waiting(f'waiting for {kind} "{namespace}/{namespace}" to be reconciled')
    try:
        _wait(wish, world, kind, revision)
    except FluxError as err:
        log.failure(str(err))
        hint = err.hint or verdict(world.cluster, Ref(kind, namespace, namespace), "")
        raise FluxError(f"error while waiting for {kind} to be ready: '{err}'", hint=hint) from err
    log.success(f"{kind} reconciled successfully")


def _wait(wish: Wish, world: World, kind: str, revision: str) -> None:
    clock, namespace = world.clock, wish.namespace
    started, pause, told = clock.monotonic(), _POLL / 8, ""
    obj: Object = {}
    try:
        while True:
            obj = world.cluster.get(kinds.named(kind).resource, namespace, namespace)
            if _arrived(obj, kind, revision):
                return
            reason = _reason(obj, kind, revision)
            if reason != told and clock.monotonic() > started + PATIENCE:
                world.log.waiting(f"still waiting for {kind} {namespace}/{namespace}: {reason}")
                told = reason
            if clock.monotonic() + pause > started + world.timeout:
                raise Timeout("context deadline exceeded")
            clock.sleep(pause)
            pause = min(_POLL, pause * 2)
    except Timeout as err:
        ready = condition(obj)
        look = f"Find out why: flux troubleshoot {kind.lower()}/{namespace} -n {namespace}"
        waited = f"It waited for: {_reason(obj, kind, revision)}. {look}"
        hint = verdict(world.cluster, Ref(kind, namespace, namespace), _unfetched(world, obj) or waited)
        if ready and ready.get("status") != "True":
            said = f"{kind.lower()} '{namespace}/{namespace}' not ready: '{text(ready, 'message')}'"
            raise FluxError(said, hint=hint) from err
        raise Timeout("context deadline exceeded", hint=hint) from err


def _unfetched(world: World, obj: Object) -> str:
    """What to type where a sandbox derived the revision; empty where it is no sandbox or the object says itself what is wrong."""
    if (condition(obj) or {}).get("status") != "True":
        return ""
    with contextlib.suppress(FluxError):  # the deadline has passed: this one question gets seconds of its own
        if text(world.cluster.within(PATIENCE).raw("/version"), "platform") == SANDBOX:
            return _DERIVED
    return ""


def _arrived(obj: Object, kind: str, revision: str) -> bool:
    """Raises FluxError where it never will."""
    metadata = obj["metadata"]
    if dig(obj, "spec.suspend") is True:
        raise FluxError(
            f"{kind} '{metadata['namespace']}/{metadata['name']}' is suspended",
            hint=f"flux resume {'source git' if kind == 'GitRepository' else 'kustomization'} {metadata['name']}",
        )
    if dig(obj, "status.observedGeneration") != dig(obj, "metadata.generation"):
        return False
    ready = condition(obj) or {}
    if ready.get("status") == "False":
        raise FluxError(text(ready, "message"))
    return ready.get("status") == "True" and normal(text(obj, _REVISIONS[kind])) == revision


def normal(revision: str) -> str:
    """``main/4f3c…`` of older controllers as ``main@sha1:4f3c…``."""
    branch, slash, commit = revision.rpartition("/")
    legacy = slash and "@" not in revision and len(commit) == 40 and all(char in "0123456789abcdef" for char in commit)
    return f"{branch}@sha1:{commit}" if legacy else revision


def _reason(obj: Object, kind: str, revision: str) -> str:
    """What is not as it should be, in the object's own words where it has any."""
    ready = condition(obj) or {}
    if ready.get("status") != "True" and text(ready, "message"):
        return text(ready, "message")
    if dig(obj, "status.observedGeneration") != dig(obj, "metadata.generation"):
        return "its controller has not looked at it yet"
    return f"it stands at {text(obj, _REVISIONS[kind]) or 'no revision'}, not yet at {revision}"
