"""What a rule's strategies and words may look at."""

from typing import NamedTuple

from flux_cli.core.objects import Object, Ref, namespace_of, ref_of, text
from flux_cli.diagnosis.reader import Reader


class Context(NamedTuple):
    """What a strategy may look at. ``workload``: whose pods these are; ``missing``: the reference that leads nowhere."""

    reader: Reader
    obj: Object
    captured: dict[str, str]
    symptom: Ref
    workload: Ref | None = None
    missing: Ref | None = None

    @property
    def ref(self) -> Ref:
        return ref_of(self.obj)

    @property
    def kind(self) -> str:
        return text(self.obj, "kind")

    @property
    def namespace(self) -> str:
        return namespace_of(self.obj)
