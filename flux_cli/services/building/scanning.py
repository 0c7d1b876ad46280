"""Find the manifests of a folder that has no kustomization.yaml, as kustomize-controller does."""

import os
import pathlib
from collections.abc import Iterator, Sequence

from flux_cli.core.errors import FluxError
from flux_cli.core.gitignore import Pattern, ignored
from flux_cli.core.goyaml_load import YamlError, load_all
from flux_cli.core.objects import Object, annotations, dig, labels, text

FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def kustomization_file(folder: str) -> str:
    """The name of the folder's kustomization file, "" where it has none."""
    return next((name for name in FILES if os.path.isfile(os.path.join(folder, name))), "")


def scan(folder: str, patterns: Sequence[Pattern]) -> list[str]:
    """``./`` paths of manifests and of folders with a kustomization file, in lexical order. Raises FluxError and OSError."""
    root = pathlib.Path(folder)
    return [f"./{path}" for path in _walk(root, root, patterns)]


def _walk(root: pathlib.Path, folder: pathlib.Path, patterns: Sequence[Pattern]) -> Iterator[str]:
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        path = pathlib.Path(entry.path)
        relative = path.relative_to(root)
        if entry.is_dir(follow_symlinks=False):
            if kustomization_file(entry.path):
                yield str(relative)
            else:
                yield from _walk(root, path, patterns)
        elif path.suffix in (".yaml", ".yml") and not (patterns and ignored(patterns, relative.parts, False)):
            _check(path)
            yield str(relative)


def _check(path: pathlib.Path) -> None:
    """Raise FluxError where the file holds something else than Kubernetes objects."""
    try:
        text = path.read_text(errors="replace")
    except OSError as err:
        raise FluxError(f"open {path}: {(err.strerror or '').lower()}") from err
    try:
        for doc in load_all(text):
            problem = _problem(doc)
            if problem:
                raise FluxError(f"failed to decode Kubernetes YAML from {path}: {problem}")
    except YamlError as err:
        raise FluxError(f"failed to decode Kubernetes YAML from {path}: MalformedYAMLError: {err}") from err


def _problem(doc: object) -> str:
    if doc is None:
        return ""
    if not isinstance(doc, dict):
        kind = "SequenceNode" if isinstance(doc, list) else "ScalarNode"
        return f"wrong Node Kind for  expected: MappingNode was {kind}: value: {{{doc}}}"
    if not text(doc, "kind"):
        return f"missing kind in object {_meta(doc)}" if doc else ""
    if not text(doc, "kind").endswith("List") and not text(doc, "metadata.name"):
        return f"missing metadata.name in object {_meta(doc)}"
    return ""


def _meta(doc: Object) -> str:
    """The head of an object as Go prints the struct."""
    names = f"{{{text(doc, 'metadata.name')} {text(doc, 'metadata.namespace')}}}"
    maps = " ".join("map[" + " ".join(f"{k}:{v}" for k, v in sorted(m.items())) + "]" for m in (labels(doc), annotations(doc)))
    return f"{{{{{text(doc, 'apiVersion')} {text(doc, 'kind')}}} {{{names} {maps}}}}}"


def urls(entry: str) -> bool:
    """Whether a resource is fetched from elsewhere."""
    return "://" in entry or "git::" in entry or entry.startswith("git@") or (".git" in entry and "?ref=" in entry)


def entries(kustomization: Object, field: str) -> list[str]:
    found = dig(kustomization, field, [])
    return [entry for entry in found if isinstance(entry, str)] if isinstance(found, list) else []
