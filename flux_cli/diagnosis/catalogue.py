"""The page of all causes, written from the rules: docs/causes.md."""

from flux_cli.diagnosis.rules import GROUPS, Rule
from flux_cli.diagnosis.wording import OPTIONAL, WHEN

BRACES = {1: "{", 2: "}"}
HEAD = """# Causes

Every cause that `flux troubleshoot` and `flux explain` can name, written from the rules. A code is stable: scripts may use it.
For each code: what it means here, a message that shows it, and what mends or narrows it.

Words in italics stand for what a sentence names: *object* shows the message, *root* has to change, *other* is what *object*
refers to.

Words in capitals stand for what `flux troubleshoot` fills in: KIND, NAME and NAMESPACE are those of the object that shows the
message, ROOT_… those of the object that has to change, RELEASE_…, GIT_… and AT_… those of its HelmRelease, its Git repository
and the object that the message names. VERB_KIND is the kind as `flux` writes it (`source git`), KIND_LOWER as `kubectl` does.
"""


def page() -> str:
    """The whole page; ``tests/diagnosis/test_docs.py`` compares it with docs/causes.md."""
    lines = [HEAD]
    for title, rules in GROUPS.items():
        lines += [f"## {title}", ""]
        codes = dict.fromkeys(rule.code for rule in rules)
        for code in codes:
            lines += [f"### {code}", ""]
            for rule in rules:
                if rule.code == code:
                    lines += _entry(rule)
    return "\n".join(lines)


def _entry(rule: Rule) -> list[str]:
    example = rule.examples[0]
    says = (
        OPTIONAL.sub(r"\1", rule.says)
        .replace("{{", "\x01")
        .replace("}}", "\x02")
        .replace("{", "*")
        .replace("}", "*")
        .replace("\x01", "{")
        .replace("\x02", "}")
    )
    lines = [f"**{rule.name}** — {says}", ""]
    if example.state:
        lines += [f"Found in the objects of a {example.kind} ({example.state}), not in a message.", ""]
    elif rule.reasons and not rule.signs:
        lines += [f"On a {example.kind} with the reason {', '.join(f'`{r}`' for r in rule.reasons)}.", ""]
    else:
        where = f", and whatever the text under {', '.join(f'`{r}`' for r in rule.reasons)}" if rule.reasons else ""
        lines += [f"On a {example.kind}{where}:", "", "```text", " ".join(example.text.split()), "```", ""]
    return [*lines, "```sh", *(_command(line) for line in rule.mend), "```", ""]


def _command(line: str) -> str:
    """A template as a person reads it: placeholders in capitals."""
    out = _kept(WHEN.sub("", line))
    for part in {p.split("}")[0] for p in out.split("{")[1:]}:
        out = out.replace("{" + part + "}", part.upper())
    return out.translate(BRACES)


def _kept(template: str) -> str:
    """Doubled braces, which stand for themselves, out of the way."""
    return template.replace("{{", "\x01").replace("}}", "\x02")
