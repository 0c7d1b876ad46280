"""From a rule that fits to a cause in words: the object to change, the sentence, the commands to copy."""

import re
import shlex
from collections.abc import Sequence

from flux_cli import kinds
from flux_cli.core.objects import Ref, text
from flux_cli.core.text import one_line
from flux_cli.diagnosis.context import Context
from flux_cli.diagnosis.facts import facts
from flux_cli.diagnosis.masking import mask
from flux_cli.diagnosis.observing import Seen, short
from flux_cli.diagnosis.origins import git_source
from flux_cli.diagnosis.result import CERTAIN, LIKELY, Cause, Evidence
from flux_cli.diagnosis.roots import root_of
from flux_cli.diagnosis.rules import Match
from flux_cli.diagnosis.rules._model import NORMAL

WHEN = re.compile(r"^(not )?(on )?([A-Z]\w+)\| ")
OPTIONAL = re.compile(r"\[([^\[\]]*\{(\w+)\}[^\[\]]*)\]")
MAX_EVIDENCE = 2000  # characters of one text


class _Words(dict[str, str]):
    """Placeholders; one that nobody filled in stands there in capitals, as in the manual of a command."""

    def __missing__(self, key: str) -> str:
        return key.upper()


def noun(kind: str, verb: str = "") -> str:
    """What the ``flux`` verbs call a kind: kustomization, source git, image repository; below ``get`` in the plural."""
    if kind not in kinds.NAMES:
        return kind.lower()
    names = kinds.named(kind).names
    return f"{names.noun(verb)[0]} {names.leaf(verb)[0]}".strip()


def words(ref: Ref, root: Ref, captured: dict[str, str], git: Ref | None = None) -> dict[str, str]:
    """All that sentences and commands may mention."""
    where = git or ref
    return _Words(
        captured
        | {
            "object": short(ref), "kind": ref.kind, "name": ref.name, "namespace": ref.namespace, "kind_lower": ref.kind.lower(),
            "verb_kind": noun(ref.kind), "root": short(root), "root_kind": root.kind, "root_kind_lower": root.kind.lower(),
            "root_name": root.name, "root_namespace": root.namespace, "git_name": where.name, "git_namespace": where.namespace,
        }
        | ({"other": short(root)} if root != ref else {})
    )  # fmt: skip


def fill(template: str, values: dict[str, str]) -> str:
    """The sentence with its names, each cut to one line; ``[ of {name}]`` stands there where the name is known."""
    template = OPTIONAL.sub(lambda part: part[1] if part[2] in values else "", template)
    return template.format_map(_Words({k: one_line(mask(v), 160) for k, v in values.items()}))


def command(template: str, values: dict[str, str]) -> str:
    """A command to copy: names from the cluster are quoted, so that no name can run anything."""
    return template.format_map(
        _Words({k: v if k == "verb_kind" else shlex.quote(one_line(v, 253)) if v else "''" for k, v in values.items()})
    )


def cause_of(hit: Match, seen: Sequence[Seen], at: Context, confidence: str = "") -> Cause:
    """The cause that a rule names for what was seen; the first observation is the one that it fitted."""
    rule = hit.rule
    at = at._replace(captured=at.captured | hit.captured)
    root = root_of(rule.root, at)
    at = at._replace(captured=facts(at) | at.captured)
    shown = at.workload if at.workload and at.kind in ("Pod", "ReplicaSet") else at.ref
    values = words(shown, root, at.captured, git_source(at) if text(at.obj, "kind") in kinds.NAMES else None)
    sure = CERTAIN if not seen or (seen[0].settled and rule.rank >= NORMAL) else LIKELY
    evidence = tuple(_cut(s.evidence) for s in seen)
    fits = (line for line in rule.mend if _meant(line, root.kind, at.kind) and _applies(shown.kind, WHEN.sub("", line), values))
    remedy = tuple(dict.fromkeys(command(WHEN.sub("", line), values) for line in fits))
    return Cause(rule.code, root, fill(rule.says, values), confidence or sure, evidence, remedy, at.ref, rule.name, rule.rank)


def _meant(template: str, root: str, kind: str) -> bool:
    """Whether the command is for a root, or with ``on`` for an object, of this kind; any is where it does not say."""
    found = WHEN.match(template)
    return found is None or ((kind if found[2] else root) == found[3]) is not bool(found[1])


def _applies(kind: str, template: str, values: dict[str, str]) -> bool:
    """Whether the command is for this kind and for its sort of chart repository; not every kind can be reconciled or resumed."""
    if "kustomization {name}" in template and kind in kinds.NAMES and kind != "Kustomization":
        return False
    wanted = "artifact" if "artifact" in values else "repo"
    for source in ("artifact", "repo"):
        if f"{{{source}}}" in template and kind in ("HelmRelease", "HelmChart"):
            return source == wanted and (source in values or "chart" not in values)
    if not template.startswith("flux ") or "{verb_kind}" not in template:
        return True
    return kind in kinds.NAMES and template.split()[1] in kinds.named(kind).verbs


def _cut(evidence: Evidence) -> Evidence:
    """At a length that a person reads, and without the credentials that messages and logs may carry."""
    return evidence._replace(text=mask(evidence.text[:MAX_EVIDENCE]).strip())
