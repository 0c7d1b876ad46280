"""What a pasted message means, without a cluster: the rules alone, on text."""

from flux_cli.core.objects import Object, Ref, ref_of
from flux_cli.diagnosis import pasting
from flux_cli.diagnosis.context import Context
from flux_cli.diagnosis.observing import Seen
from flux_cli.diagnosis.pasting import NAME, NAMESPACE, Passage
from flux_cli.diagnosis.reader import Reader
from flux_cli.diagnosis.result import LIKELY, POSSIBLE, Cause, Evidence, Explanation
from flux_cli.diagnosis.rules import Match, Matcher, standard
from flux_cli.diagnosis.rules._model import GENERIC
from flux_cli.diagnosis.speaking import about, fitting
from flux_cli.diagnosis.wording import cause_of

MAX_CAUSES = 4
MAX_APART = 12  # objects of one paste
UNKNOWN = "Object"  # stands for a kind that neither the caller, nor the text, nor a rule names


class Nowhere(Reader):
    """A reader without a cluster: nothing can be read, and nothing is therefore said to be missing."""

    def __init__(self) -> None:
        self.notes = []
        self._needs = {}

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
    """The causes that fit the text, the best first. ``kind``: of the object that the text is about.

    What speaks of several objects (a table, lines of a log) gets one cause for each of them that fails for a reason of its own;
    any other text the readings that it allows, one for each code.
    """
    matcher = matcher or standard()
    passages = pasting.passages(pasted, kind)
    if len(passages) > 1:
        return Explanation(tuple(_each(passages, matcher)), apart=True)
    [passage] = passages
    found: dict[str, Cause] = {}
    for hit in fitting(matcher, passage.text, passage.kind):
        if found and (hit.rule.walk or hit.rule.rank <= GENERIC):
            continue  # a consequence, or a wrapper that says less
        if hit.rule.code not in found and len(found) < MAX_CAUSES:
            found[hit.rule.code] = _named(hit, passage, LIKELY if hit.rule.rank > GENERIC and not found else POSSIBLE)
    return Explanation(tuple(found.values()))


def _each(passages: list[Passage], matcher: Matcher) -> list[Cause]:
    """The best reading of each passage, what looks closely first; what waits for another object where nothing else is said."""
    hits = [(found[0], p) for p in passages if (found := fitting(matcher, p.text, p.kind))]
    hits.sort(key=lambda hit: -hit[0].rule.rank)
    hits = [hit for hit in hits if hit[0].rule.walk in ("", "workloads")] or hits[:1]
    once: dict[tuple[str, Ref], Cause] = {}
    for hit, passage in hits:
        cause = _named(hit, passage, LIKELY if hit.rule.rank > GENERIC else POSSIBLE)
        once.setdefault((cause.code, cause.object), cause)
    return list(once.values())[:MAX_APART]


def _named(hit: Match, passage: Passage, confidence: str) -> Cause:
    """The cause in words; they name the object whose words were used, though the text was found on another."""
    kind = about(passage.text, passage.kind, hit) or UNKNOWN
    own = kind == passage.kind or not passage.kind
    name, namespace = (passage.name, passage.namespace) if own else (NAME, NAMESPACE)
    obj: Object = {"kind": kind, "metadata": {"name": name, "namespace": namespace}}
    seen = Seen(kind, "", passage.text, Evidence(ref_of(obj), "message", passage.text))
    return cause_of(hit, [seen], Context(Nowhere(), obj, {}, ref_of(obj)), confidence)
