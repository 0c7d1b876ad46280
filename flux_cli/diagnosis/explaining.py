"""What a pasted message means, without a cluster: the rules alone, on text."""

import json

from flux_cli.core.objects import Object, ref_of, text
from flux_cli.diagnosis.context import Context
from flux_cli.diagnosis.observing import Seen, log_line
from flux_cli.diagnosis.reader import Reader
from flux_cli.diagnosis.result import LIKELY, POSSIBLE, Cause, Evidence, Explanation
from flux_cli.diagnosis.rules import Matcher, standard
from flux_cli.diagnosis.rules._model import GENERIC
from flux_cli.diagnosis.speaking import fitting
from flux_cli.diagnosis.wording import cause_of

MAX_CAUSES = 4
UNKNOWN = "Object"  # stands for a kind that neither the caller nor the text names


class Nowhere(Reader):
    """A reader without a cluster: nothing can be read, and nothing is therefore said to be missing."""

    def __init__(self) -> None:
        self.notes = []

    def get(self, *_: object) -> Object | None:
        return None

    def missing(self, *_: object) -> bool:
        return False

    def every(self, *_: object) -> list[Object]:
        return []

    def refused(self, *_: object) -> bool:
        return False

    def labelled(self, *_: object) -> list[Object]:
        return []


def explain(pasted: str, kind: str = "", matcher: Matcher | None = None) -> Explanation:
    """The causes that fit the text, the best first; one for each code. ``kind``: of the object that the text is about."""
    obj, shown = _about(pasted, kind)
    ref = ref_of(obj)
    at = Context(Nowhere(), obj, {}, ref)
    found: dict[str, Cause] = {}
    kind = text(obj, "kind") if text(obj, "kind") != UNKNOWN else ""
    for hit in fitting(matcher or standard(), shown, kind):
        if hit.rule.code not in found and len(found) < MAX_CAUSES:
            sure = LIKELY if hit.rule.rank > GENERIC and not found else POSSIBLE
            seen = Seen(kind, "", shown, Evidence(ref, "message", shown))
            found[hit.rule.code] = cause_of(hit, [seen], at, sure)
    return Explanation(tuple(found.values()))


def _about(pasted: str, kind: str) -> tuple[Object, str]:
    """The object that a pasted log line names, and the text without its JSON wrapping."""
    names, parts = {"name": "NAME", "namespace": "NAMESPACE"}, []
    for line in pasted.splitlines():
        entry = log_line(line.strip())
        if entry is None:
            parts.append(line)
            continue
        parts.append(entry.message if entry.level else _unescaped(line))
        if entry.name and entry.level:
            names = {"name": entry.name, "namespace": entry.namespace or "NAMESPACE"}
            kind = kind or entry.kind
    return {"kind": kind or UNKNOWN, "metadata": names}, "\n".join(parts)


def _unescaped(line: str) -> str:
    """Quotes that were escaped on the way through a log, as they were."""
    if '\\"' not in line:
        return line
    try:
        value = json.loads(f'"{line}"')
    except ValueError:
        return line.replace('\\"', '"')
    return value if isinstance(value, str) else line
