"""The shape of a rule, and how a text is matched against it.

A rule is data: where it shows, which object has to change, words and commands. Adding one needs no change elsewhere.
Matching is by plain text first: a sign costs a few ``str.find``, and regular expressions (captures) run only for rules that matched.
"""

import re
from typing import NamedTuple

# Between the parts of a sign: they must follow one another, anything may stand between.
GAP = "…"

DECISIVE, SPECIFIC, NORMAL, GENERIC, FOLLOWS = 90, 70, 50, 30, 10


class Example(NamedTuple):
    """A message as a Flux release wrote it, on an object of this kind."""

    kind: str
    text: str
    reason: str = ""
    state: str = ""


class Rule(NamedTuple):
    """One way in which a cause shows itself.

    ``signs``   lower-case texts, any of which must occur; parts joined by ``…`` must occur in that order
    ``states``  facts that the engine found out without a text, such as ``missing-source`` or ``suspended``
    ``reasons`` condition or event reasons under which it shows whatever the text says
    ``kinds``   only on these kinds (empty: on any)
    ``unless``  texts that rule it out
    ``root``    how to name the object that has to change: strategies of ``diagnosis.roots``, the first that finds one
    ``says``    one sentence for a person; ``{object}``, ``{root}`` and captured names are filled in, ``[ of {name}]`` only where
                the name was captured; ``{other}`` is the root where that is not the object itself
    ``mend``    commands or actions, most useful first, filled in the same way; ``Secret| …`` only where the root is one,
                ``on HelmChart| …`` only where the object is one, ``not Secret| …`` and ``not on HelmChart| …`` only where not
    ``captures`` names of patterns in CAPTURES
    ``rank``    who wins where several rules match one text: the inner error above the wrapper
    ``walk``    not a cause but a consequence: which relation leads to what it waits for
    """

    name: str
    code: str
    signs: tuple[str, ...]
    root: tuple[str, ...]
    says: str
    mend: tuple[str, ...]
    examples: tuple[Example, ...]
    kinds: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    captures: tuple[str, ...] = ()
    rank: int = NORMAL
    walk: str = ""


class Match(NamedTuple):
    """A rule that fits a text; ``end`` is where its sign ended, so that the innermost of equals wins."""

    rule: Rule
    captured: dict[str, str]
    end: int


# What can be read out of a message, by name. Group names become the placeholders of ``says`` and ``mend``.
CAPTURES: dict[str, str] = {
    "account": r"system:serviceaccount:(?P<account_namespace>[\w.-]+):(?P<account>[\w.-]+)",
    "right": r"cannot (?P<verb>\w+) resource \"(?P<resource>[^\"]+)\" in API group \"(?P<api_group>[^\"]*)\"",
    "quota": r"(?:exceeded|failed) quota: (?P<quota>[\w.-]+)",
    "missing_namespace": r"namespaces? \\?\"(?P<missing_namespace>[^\"\\]+)\\?\" not found|(?:content in namespace|namespace) "
    r"\\?\"?(?P<ending_namespace>[\w.-]+)\\?\"? because it is being terminated",
    "webhook": r"failed calling (?:admission )?webhook \\?\"(?P<webhook>[^\"\\]+)\\?\"|admission webhook \\?\"(?P<webhook_denied>[^\"\\]+)",
    "conversion": r"conversion webhook for (?P<converted_group>[\w.-]+)/\w+, Kind=(?P<converted_kind>\w+)",
    "existing": r"\b(?P<existing_plural>[a-z]+)(?:\.[\w.-]+)? \\?\"(?P<existing>[\w.:-]+)\\?\" already exists",
    "policy": r"ValidatingAdmissionPolicy '(?P<policy>[^']+)'",
    "kind_version": r"no matches for kind \\?\"(?P<missing_kind>[^\"\\]+)\\?\" in version \\?\"(?P<missing_version>[^\"\\]+)",
    "secret": r"(?P<secret_kind>[Ss]ecrets?|[Cc]onfig[Mm]aps?) \\?[\"'](?:(?P<secret_namespace>[\w.-]+)/)?(?P<secret>[\w.-]+)\\?[\"']",
    "secret_data": r"invalid '(?P<secret_namespace>[\w.-]+)/(?P<secret>[\w.-]+)' secret data",
    "values": r"could not (?:resolve|find) (?P<values_kind>Secret|ConfigMap) (?:chart values reference )?'"
    r"(?P<values_namespace>[\w.-]+)/(?P<values_name>[\w.-]+)'(?: with key '(?P<values_key>[^']*)')?",
    "values_old": r"(?:key '(?P<values_key>[^']*)' in|could not find) (?P<values_kind>Secret|ConfigMap) "
    r"'(?P<values_namespace>[\w.-]+)/(?P<values_name>[\w.-]+)'",
    "substitute": r"substitute from '(?P<substitute_kind>Secret|ConfigMap)/(?P<substitute_name>[\w.-]+)'",
    "variable": r"variable not set \(strict mode\): \\?\"(?P<variable>[^\"\\]+)",
    "sops_secret": r"(?:decryption Secret|decryption secret error: Secret) ['\"](?:(?P<sops_namespace>[\w.-]+)/)?(?P<sops_name>[\w.-]+)['\"]",
    "job": r"\b(?:Job/(?P<job_namespace>[\w.-]+)/(?P<job>[\w.-]+)|job (?P<job_name>[\w.-]+) failed"
    r"|resource not ready, name: (?P<job_waited>[\w.-]+), kind: Job)",
    "pod": r"\bPod/(?P<pod_namespace>[\w.-]+)/(?P<pod>[\w.-]+)|\bpod (?P<pod_name>[\w.-]+) failed"
    r"|resource not ready, name: (?P<pod_waited>[\w.-]+), kind: Pod",
    "owned": r"(?P<at_kind>[A-Z]\w+) \\?\"(?P<at_name>[^\"\\]+)\\?\" in namespace \\?\"(?P<at_namespace>[^\"\\]*)\\?\" exists",
    "applied": r"object (?P<at_namespace>[\w.-]+)/(?P<at_name>[\w.-]+) [\w./]+, Kind=(?P<at_kind>\w+)",
    "object": r"\b(?P<at_kind>[A-Z][A-Za-z]+)/(?P<at_namespace>[\w.-]*(?=/)|(?=[\w.:-]+ (?:dry-run|apply|delete|not found|status)))/?"
    r"(?P<at_name>[\w.:-]+)",
    "missing_source": r"(?P<source_kind>\w+)\.(?:source|image)\.(?:toolkit|extensions)\.fluxcd\.io \\?\"(?P<source_name>[^\"\\]+)\\?\" not found",
    "awaited": r"(?P<awaited_kind>[A-Z][A-Za-z]+)(?: source)?(?: '|/)(?:(?P<awaited_namespace>[\w.-]+)/)?(?P<awaited_name>[\w.-]+)'",
    "dependency": r"(?:dependency '|unable to get ')(?P<dependency_namespace>[\w.-]+)/(?P<dependency>[\w.-]+)'",
    "provider": r"[Pp]rovider\.notification\.toolkit\.fluxcd\.io \\?\"(?P<provider>[^\"\\]+)\\?\" not found",
    "path": r"kustomization path not found: (?:stat|lstat) /tmp/kustomization-\w+/(?P<path>[^:]+):",
    "host": r"(?:lookup|resolve host(?:name)?:?) (?P<host>[\w.-]+)",
    "chart": r"no '(?P<chart>[^']+)' chart with version matching '(?P<chart_version>[^']*)' found",
    "url": r"(?P<url>(?:https?|ssh|oci)://[^\s\"'?]+)",
    "ref": r"couldn't find remote ref \\?\"(?P<ref>[^\"\\]+)|no match found for semver: (?P<semver>.+)",
    "field": r"(?P<field>(?:spec|metadata|data)[\w.\[\]\"=]*): (?:Invalid value|Forbidden)",
    "image": r"image:? \\?\"(?P<image>[^\"\\]+)\\?\"",
    "claim": r"persistentvolumeclaim \\?\"(?P<claim>[^\"\\]+)",
}


def found_at(sign: str, lowered: str) -> int:
    """Where the sign ends in the (lower-case) text, or -1."""
    end = 0
    for part in sign.split(GAP):
        word = part.strip()
        start = lowered.find(word, end)
        if start < 0:
            return -1
        end = start + len(word)
    return end


def starts_with(sign: str) -> str:
    """The first part of a sign: a text without it cannot match."""
    return sign.split(GAP, 1)[0].strip()


def match(rule: Rule, kind: str, reason: str, text: str, lowered: str, state: str = "") -> Match | None:
    """The rule against one observation; ``lowered`` is ``text.lower()``, made once for all rules."""
    if rule.kinds and kind and kind not in rule.kinds:
        return None
    if state or rule.states:
        return Match(rule, capture(rule, text), 0) if state and state in rule.states else None
    end = max((found_at(sign, lowered) for sign in rule.signs), default=-1)
    if (end < 0 and reason not in rule.reasons) or any(word in lowered for word in rule.unless):
        return None
    return Match(rule, capture(rule, text), max(end, 0))


def capture(rule: Rule, text: str) -> dict[str, str]:
    """Names read out of the text: for each pattern its first occurrence, empty groups left out.

    An empty namespace is kept: the object that the text names belongs to none.
    """
    out: dict[str, str] = {}
    for name in rule.captures:
        found = re.search(CAPTURES[name], text)
        if found:
            told = found.groupdict().items()
            out |= {
                key: value or ""
                for key, value in told
                if key not in out and (value or (value == "" and key.endswith("_namespace")))
            }
    return out
