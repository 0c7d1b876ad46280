"""The six steps that a person would take by hand, each with the command and with what it shows here."""

from flux_cli.core import api
from flux_cli.core.objects import Object, Ref, dig, namespace_of, ref_of, text
from flux_cli.diagnosis import controllers, relations, walking, workloads
from flux_cli.diagnosis.masking import mask
from flux_cli.diagnosis.observing import event_time, log_line, short
from flux_cli.diagnosis.reader import Reader
from flux_cli.diagnosis.result import Diagnosis, Step
from flux_cli.diagnosis.standing import looks, sound
from flux_cli.diagnosis.wording import noun

MAX_LINES = 8
OK, PROBLEM, UNKNOWN, SKIPPED = "ok", "problem", "unknown", "skipped"


def steps(reader: Reader, found: Diagnosis) -> tuple[Step, ...]:
    """Status, sources, the Kustomizations above, controller logs, workloads with their events, verdict."""
    obj = reader.get(found.symptom)
    if obj is None:
        return ()
    found_out = (
        _status(obj, found.symptom), _sources(reader, obj), _parents(reader, obj), _logs(reader, obj), _resources(reader, obj),
        _verdict(found),
    )  # fmt: skip
    return tuple(step._replace(lines=tuple(mask(line) for line in step.lines)) for step in found_out)


def _line(obj: Object) -> str:
    state, message = looks(obj)
    return f"{short(ref_of(obj))}: {state}" + (f" — {message}" if message else "")


def _status(obj: Object, ref: Ref) -> Step:
    command = (
        f"flux get {noun(ref.kind, 'get')} {ref.name} -n {ref.namespace}"
        if relations.is_flux(ref.kind)
        else f"kubectl describe {ref.kind.lower()} {ref.name} -n {ref.namespace}"
    )
    return Step("Status of the object", command, OK if sound(obj) else PROBLEM, (_line(obj),))


def _sources(reader: Reader, obj: Object) -> Step:
    """Chart, source, the source of the chart, and what they refer to."""
    lines, bad, todo, seen = [], False, [obj], set()
    while todo:
        for need in reader.needs(todo.pop()):
            if need.role not in ("chart", "source", "image", "secret", "configmap") or need.ref in seen:
                continue
            seen.add(need.ref)
            made = reader.get(need.ref)
            if made is None:
                missing = reader.missing(need.ref)
                bad |= missing and not need.optional
                lines.append(f"{short(need.ref)}: {'does not exist' if missing else 'could not be read'}")
            elif relations.is_flux(need.ref.kind):
                bad |= not sound(made)
                lines.append(_line(made))
                todo.append(made)
            else:
                keys = dig(made, "data", {})
                lines.append(
                    f"{short(need.ref)}: there, keys {', '.join(sorted(keys)) if isinstance(keys, dict) and keys else 'none'}"
                )
    return Step(
        "Chart and source",
        f"flux get sources all -n {namespace_of(obj)}",
        PROBLEM if bad else OK if lines else SKIPPED,
        tuple(lines) or ("it takes nothing from a source",),
    )


def _parents(reader: Reader, obj: Object) -> Step:
    lines: list[str] = []
    bad, above = False, relations.owner(obj)
    while above and len(lines) < MAX_LINES:
        parent = reader.get(above)
        if parent is None:
            lines.append(f"{short(above)}: {'does not exist' if reader.missing(above) else 'could not be read'}")
            break
        bad |= not sound(parent) or dig(parent, "spec.suspend") is True
        lines.append(_line(parent))
        source = relations.source_ref(parent)
        made = reader.get(source) if source else None
        if made:
            bad |= not sound(made)
            lines.append(_line(made))
        above = relations.owner(parent)
    return Step(
        "The Kustomization that made it",
        "flux get kustomizations -A",
        PROBLEM if bad else OK if lines else SKIPPED,
        tuple(lines) or ("no Kustomization made it",),
    )


def _logs(reader: Reader, obj: Object) -> Step:
    """Error lines of the responsible controllers about this object and its chart."""
    about = {ref_of(obj)} | {n.ref for n in reader.needs(obj) if relations.is_flux(n.ref.kind)}
    names = list(
        dict.fromkeys(
            relations.controller_of(r.kind) for r in sorted(about, key=lambda r: r != ref_of(obj)) if relations.is_flux(r.kind)
        )
    )
    lines: list[str] = []
    seen_any = False
    for deployment in controllers.deployments(reader):
        if controllers.component(deployment) not in names:
            continue
        for pod in workloads.pods(deployment, reader):
            for raw in reader.logs(namespace_of(pod), text(pod, "metadata.name"), tail=2000):
                seen_any = True
                entry = log_line(raw)
                if entry and entry.level == "error" and Ref(entry.kind, entry.namespace, entry.name) in about:
                    lines.append(f"{entry.time} {entry.kind}/{entry.name}.{entry.namespace} {entry.message}")
    command = f"flux logs --kind={ref_of(obj).kind} --name={ref_of(obj).name} --namespace={namespace_of(obj)} --level=error"
    if lines:
        return Step("Logs of the controllers", command, PROBLEM, tuple(dict.fromkeys(lines[-MAX_LINES:])))
    return Step(
        "Logs of the controllers",
        command,
        OK if seen_any else UNKNOWN,
        ("no errors about these objects" if seen_any else "no log could be read",),
    )


def _resources(reader: Reader, obj: Object) -> Step:
    """What it applied that can be up or not, pods, and the last warnings."""
    command = f"kubectl get all,events -n {text(obj, 'spec.targetNamespace') or namespace_of(obj)}"
    lines: list[str] = []
    bad = False
    for item in walking.applied(reader, obj)[: walking.MAX_TARGETS]:
        if item.ref.kind not in workloads.KINDS and not relations.is_flux(item.ref.kind):
            continue
        made = reader.get(item.ref, item.api_version)
        if made is None:
            bad |= reader.missing(item.ref, item.api_version)
            lines.append(
                f"{short(item.ref)}: {'does not exist' if reader.missing(item.ref, item.api_version) else 'could not be read'}"
            )
            continue
        bad |= not sound(made)
        lines.append(f"{short(item.ref)}: {'up' if sound(made) else 'not up'}")
        lines += [
            f"  {short(ref_of(pod))}: {text(pod, 'status.phase')}" for pod in workloads.pods(made, reader)[:3] if not sound(made)
        ]
    events = [e for e in reader.every(api.EVENT, namespace_of(obj)) if text(e, "type") == "Warning"]
    for event in sorted(events, key=event_time)[-3:]:
        about = f"{text(event, 'involvedObject.kind')}/{text(event, 'involvedObject.name')}"
        lines.append(f"{event_time(event)} {about} {text(event, 'reason')}: {text(event, 'message')}")
    return Step(
        "Workloads, pods, events",
        command,
        PROBLEM if bad else OK if lines else SKIPPED,
        tuple(lines[:24]) or ("nothing was applied",),
    )


def _verdict(found: Diagnosis) -> Step:
    ref = found.symptom
    lines = [f"{c.code}: {short(c.object)} — {c.summary}" for c in found.causes] or [found.verdict]
    return Step(
        "Verdict",
        f"flux troubleshoot {ref.kind.lower()} {ref.name} -n {ref.namespace}",
        OK if found.healthy else PROBLEM,
        tuple(lines),
    )
