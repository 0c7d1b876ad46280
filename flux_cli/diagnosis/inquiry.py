"""What every part of one diagnosis shares: the reader, the chain walked so far, and what the rules say of an observation."""

from abc import ABC, abstractmethod

from flux_cli.core.objects import Object, Ref, ref_of
from flux_cli.diagnosis.context import Context
from flux_cli.diagnosis.observing import Seen
from flux_cli.diagnosis.reader import Reader
from flux_cli.diagnosis.result import Cause, Evidence, Link
from flux_cli.diagnosis.rules import Match, Matcher
from flux_cli.diagnosis.standing import looks
from flux_cli.diagnosis.wording import cause_of


class Inquiry(ABC):
    """One diagnosis, as the parts of the walk see it: they send it to the next object by ``examine``, the engine's own part."""

    def __init__(self, reader: Reader, symptom: Ref, matcher: Matcher) -> None:
        self.reader = reader
        self.symptom = symptom
        self.matcher = matcher
        self.links: list[Link] = []
        self.path: list[Ref] = []  # the objects that are being examined, from the symptom on
        self.thorough = True  # one symptom: logs of its pods, and kinds that no list was asked for, may be read one by one

    @abstractmethod
    def examine(self, ref: Ref, relation: str, parent: Object | None = None, api_version: str = "") -> list[Cause]:
        """Why this object is not as it should be, the best explanation first; empty where it is, or cannot be seen."""

    def link(self, ref: Ref, relation: str, state: str, message: str) -> None:
        self.links.append(Link(ref, relation, state, message, len(self.path)))

    def note_link(self, obj: Object, relation: str) -> None:
        """Put an object into the chain without examining it."""
        self.link(ref_of(obj), relation, *looks(obj))

    def hits(self, seen: list[Seen]) -> list[tuple[Seen, Match]]:
        """Each observation with its best rule, the best of all first; the order of observations settles ties."""
        found = []
        for one in seen:
            fits = self.matcher.fitting(one.text, one.kind, one.reason)
            if fits:
                found.append((one, fits[0]))
        return sorted(found, key=lambda hit: -hit[1].rule.rank)

    def named(self, hit: tuple[Seen, Match], at: Context) -> Cause:
        """The cause that a rule names for the observation that it fits."""
        return cause_of(hit[1], [hit[0]], at)

    def context(self, obj: Object) -> Context:
        return Context(self.reader, obj, {}, self.symptom)

    def state_cause(
        self,
        state: str,
        obj: Object,
        shown: str,
        captured: dict[str, str] | None = None,
        *,
        missing: Ref | None = None,
        field: str = "",
        time: str = "",
    ) -> list[Cause]:
        """The cause for a fact that the diagnosis found out itself, as a list of one (or of none where no rule knows it)."""
        at = self.context(obj)._replace(captured=captured or {}, missing=missing)
        found = self.matcher.fitting(shown, at.kind, state=state)
        seen = Seen(at.kind, "", shown, Evidence(at.ref, field or state, shown, time))
        return [cause_of(found[0], [seen], at)] if found else []
