"""What went wrong with a chart repository, in the controller's words where helm's would mislead, and what to do next."""

import pathlib
import re

from flux_cli.core.errors import FluxError
from flux_cli.core.goyaml_load import YamlError, load
from flux_cli.core.objects import Object, dig, items, namespace_of, text
from flux_cli.services.charts.artifacts import identity

_LISTED = 5
_ABSENT = re.compile(r"no chart (name|version) found|not found in source index|Could not locate a version matching")


def explained(err: FluxError, repository: Object, spec: Object, cache: pathlib.Path) -> FluxError:
    """``cache``: where helm keeps the repository's index."""
    said, chart, version = str(err), text(spec, "chart"), text(spec, "version") or "*"
    if _ABSENT.search(said) and "constraint" not in said:
        why = f"no '{chart}' chart with version matching '{version}' found in {text(repository, 'spec.url')}"
        return FluxError(why, hint=_there(cache / "source-index.yaml", chart))
    if "improper constraint" in said:
        why = f"'{version}' is neither a version nor a range of versions"
        return FluxError(why, hint="A range is written as 1.x, >=1.2.0 <2.0.0 or ~1.2; >=1.2.0-0 takes pre-releases as well.")
    return FluxError(said, hint="\n".join(part for part in (err.hint or _advice(said, repository), _local(repository)) if part))


def _there(index: pathlib.Path, chart: str) -> str:
    """What the repository has instead."""
    try:
        entries = dig(load(index.read_text(errors="replace")), "entries", {})
    except (OSError, YamlError):
        return ""
    versions = [text(entry, "version") for entry in items({"all": entries.get(chart)}, "all")]
    what, names = (f"versions of {chart}", versions) if versions else ("charts", sorted(map(str, entries)))
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"Its {what}: {', '.join(names[:_LISTED])}{more}" if names else "It has no charts."


def _advice(said: str, repository: Object) -> str:
    url, login = text(repository, "spec.url"), text(repository, "spec.secretRef.name")
    if re.search(r"\b(401|403)\b|unauthorized|denied|forbidden", said, re.IGNORECASE):
        if login:
            return f"Is the login in the Secret {namespace_of(repository)}/{login} right?"
        return f"It wants a login: flux create secret helm NAME, then spec.secretRef.name of {identity(repository)}."
    if "x509" in said or "certificate" in said:
        return f"Its certificate is not trusted here: spec.certSecretRef of {identity(repository)} names a Secret with ca.crt."
    if re.search(r"\b404\b", said):
        return f"Is {url} the address of a chart repository? There has to be an index.yaml."
    return f"Is {url} reachable from here?"


def _local(source: Object) -> str:
    return f"Or say where the chart is on this machine: --local-sources {identity(source)}=./folder"
