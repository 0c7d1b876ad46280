"""``flux troubleshoot``: why is it not deployed?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.troubleshoot import AllNamespaces, Output, Selector, Steps, Symptoms, Watch
    from flux_cli.core.app import App
    from flux_cli.core.errors import FluxError
    from flux_cli.core.objects import Ref
    from flux_cli.diagnosis.result import Diagnosis

FORMATS = ("", "text", "json", "yaml", "markdown")
PAUSE = 3.0  # seconds between two looks of --watch


def declare(root: Group) -> None:
    from flux_cli.commands.flags.common import reading

    root.leaf("troubleshoot", troubleshoot, aliases=("why",), flags=reading)


def troubleshoot(
    app: App,
    symptoms: Symptoms = (),
    all_namespaces: AllNamespaces = False,
    selector: Selector = "",
    output: Output = "",
    steps: Steps = False,
    watch: Watch = False,
) -> None:
    """Find out why something is not deployed: the cause, the object to change, the evidence, the next command

    Walks from the object that you name to the deepest one that explains its state: chart, source, dependencies, the
    Kustomizations above it, Secrets, workloads, pods, events, controller logs. Without an object it looks at the whole
    cluster (with -n at one namespace) and groups what fails by its cause, the worst first. It only reads.

    Exit codes: 0 healthy, 3 a cause is named, 4 not healthy but the cause is not settled, 1 it could not look.

    Examples:
    # Why is my release not deployed?
    flux troubleshoot helmrelease my-app -n apps

    # Several at once; why is short for troubleshoot
    flux why ks/apps hr/web -n apps

    # What is wrong in the cluster, the worst first?
    flux troubleshoot

    # The runbook, step by step
    flux troubleshoot kustomization apps --steps

    # From a snapshot, as JSON
    flux troubleshoot kustomization apps --from snapshot.tar.gz -o json
    """
    from flux_cli.core.errors import Silent, UsageError
    from flux_cli.diagnosis.result import exit_code
    from flux_cli.services import diagnosing

    if output not in FORMATS:
        raise UsageError(f"cannot write {output}", hint="-o takes json, yaml or markdown")
    named = diagnosing.symptoms(symptoms, app.settings.namespace)
    if watch and not named:
        raise UsageError("--watch needs an object to watch: flux troubleshoot KIND NAME --watch")
    if not named:
        _triage(app, "" if all_namespaces else _narrowed(app), selector, output)
        return
    found, lost = _watched(app, named, output) if watch else _looked_at(app, named, output, steps)
    for error in lost[:-1]:
        app.log.failure(str(error))
        if error.hint:
            app.log.plain(error.hint)
    if lost:
        raise lost[-1]
    code = exit_code(all(d.healthy for d in found), sum(len(d.causes) for d in found))
    if code:
        raise Silent(code)


def _looked_at(app: App, named: list[Ref], output: str, steps: bool) -> tuple[list[Diagnosis], list[FluxError]]:
    """Write the diagnoses; with them come the errors of those objects that could not be looked at."""
    from flux_cli.core.errors import FluxError, Unauthorized, Unreachable
    from flux_cli.services import diagnosing

    found: list[Diagnosis] = []
    lost: list[FluxError] = []
    for ref in named:
        try:
            found.append(diagnosing.diagnose(app.kube, ref.kind, ref.namespace, ref.name, steps=steps))
        except (Unauthorized, Unreachable):
            raise
        except FluxError as err:  # the others are still looked at
            lost.append(err)
    if found:
        _write(app, found, output)
    return found, lost


def _narrowed(app: App) -> str:
    """The namespace that was asked for; the home of Flux stands for the whole cluster."""
    home = app.environ.get("FLUX_SYSTEM_NAMESPACE") or "flux-system"
    return "" if app.settings.namespace == home else app.settings.namespace


def _triage(app: App, namespace: str, selector: str, output: str) -> None:
    from flux_cli.core.errors import Silent
    from flux_cli.diagnosis.result import exit_code, triage_document
    from flux_cli.services import diagnosing

    found = diagnosing.triage(app.kube, namespace, selector)
    if output in ("json", "yaml"):
        _document(app, triage_document(found), output)
    elif output == "markdown":
        from flux_cli.printers.diagnosis import triage_markdown

        app.streams.out.write(triage_markdown(found))
    elif app.streams.tty:
        from flux_cli.printers import diagnosis_tree

        app.streams.out.write(diagnosis_tree.triage(found, app.streams.width, app.streams.color))
    else:
        from flux_cli.printers import diagnosis

        app.streams.out.write(diagnosis.triage(found))
    code = exit_code(not found.groups and not found.unsettled, len(found.groups))
    if code:
        raise Silent(code)


def _document(app: App, document: dict[str, Any], output: str) -> None:
    if output == "json":
        from flux_cli.printers.json import dump
    else:
        from flux_cli.printers.yaml import dump
    app.streams.out.write(dump(document))


def _write(app: App, found: list[Diagnosis], output: str) -> None:
    from flux_cli.diagnosis.result import diagnoses_document, diagnosis_document

    if output in ("json", "yaml"):
        _document(app, diagnosis_document(found[0]) if len(found) == 1 else diagnoses_document(found), output)
        return
    for number, one in enumerate(found):
        app.streams.out.write("\n" if number else "")
        app.streams.out.write(_text(app, one, output))


def _text(app: App, found: Diagnosis, output: str) -> str:
    from flux_cli.printers import diagnosis, diagnosis_tree

    if output == "markdown":
        return diagnosis.markdown(found)
    if app.streams.tty and not output and not found.steps:
        return diagnosis_tree.diagnosis(found, app.streams.width, app.streams.color)
    return diagnosis.diagnosis(found)


def _watched(app: App, named: list[Ref], output: str) -> tuple[list[Diagnosis], list[FluxError]]:
    """Look until all are healthy or --timeout is over; write only what changed.

    The last diagnoses; with them an error for each object that could not be looked at any more.
    """
    from flux_cli.core.errors import FluxError, Timeout
    from flux_cli.services import diagnosing

    told: list[str] = []
    found: list[Diagnosis] = []
    end = app.clock.monotonic() + app.settings.timeout
    try:
        for found in diagnosing.watched(app.kube, named):
            verdicts = [d.verdict for d in found]
            if verdicts != told:
                _write(app, found, output)
                app.streams.out.flush()
                told = verdicts
            if all(d.healthy for d in found) or app.clock.monotonic() + PAUSE > end:
                break
            app.clock.sleep(PAUSE)
    except Timeout:
        if not found:
            raise
    return found, [FluxError(f"{d.symptom.kind} {d.symptom.name} is still {d.lost}") for d in found if d.lost]
