"""From files to objects: YAML and JSON documents, folders and archives, with clear words where one cannot be read."""

import json
import os
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object
from flux_cli.sandbox.copying import sharing

MANIFESTS = (".yaml", ".yml", ".json")
ARCHIVES = (".tar.gz", ".tgz", ".tar", ".zip")
UNPACKED_LIMIT = 1 << 30  # bytes: an archive that unpacks to more is no snapshot
LARGE = 1 << 20  # bytes of a file that is read with an eye on memory
FIRST = (
    "Namespace",
    "CustomResourceDefinition",
    "Node",
    "Secret",
    "ConfigMap",
    "ServiceAccount",
    "Deployment",
    "Job",
    "ReplicaSet",
)
LAST = ("ResourceQuota", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration")


class File(NamedTuple):
    """A file of a snapshot; ``name`` is its path as messages say it."""

    name: str
    content: bytes


def files(path: str) -> Iterator[File]:
    """The manifests and logs at ``path``: a file, a folder (with what is below it) or an archive. Raises FluxError."""
    if os.path.isdir(path):
        yield from _folder(path)
    elif path.endswith(ARCHIVES):
        yield from _archive(path)
    else:
        yield File(path, _read(path))


def _folder(path: str) -> Iterator[File]:
    found = False
    for root, folders, names in os.walk(path):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if name.endswith((*MANIFESTS, ".log")) and not name.startswith("."):
                found = True
                yield File(os.path.join(root, name), _read(os.path.join(root, name)))
    if not found:
        raise FluxError(f"no .yaml, .yml or .json files in {path}")


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as err:
        raise FluxError(f"cannot read {path}: {(err.strerror or str(err)).lower()}") from None


def _archive(path: str) -> Iterator[File]:
    """Members are read into memory and never written anywhere, so their names cannot do harm."""
    import tarfile
    import zipfile
    import zlib

    try:
        members = _zip(path) if path.endswith(".zip") else _tar(path)
        for name, content in sorted(members):
            yield File(f"{path}:{name}", content)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error, OSError) as err:
        why = str(err).splitlines()[0].rstrip(":") if str(err) else "it ends too early"
        raise FluxError(f"cannot read the archive {path}: {why}") from None


def _tar(path: str) -> Iterator[tuple[str, bytes]]:
    import tarfile

    left = UNPACKED_LIMIT
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith((*MANIFESTS, ".log")):
                left = _within(path, left - member.size)
                content = archive.extractfile(member)
                yield member.name, content.read() if content else b""


def _zip(path: str) -> Iterator[tuple[str, bytes]]:
    import zipfile

    left = UNPACKED_LIMIT
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not info.is_dir() and info.filename.endswith((*MANIFESTS, ".log")):
                left = _within(path, left - info.file_size)
                yield info.filename, archive.read(info)


def _within(path: str, left: int) -> int:
    if left < 0:
        raise FluxError(f"the archive {path} unpacks to more than {UNPACKED_LIMIT >> 30} GiB")
    return left


def objects(file: File) -> Iterator[Object]:
    """The Kubernetes objects of a manifest, lists unfolded; documents that are none (a kustomization.yaml) are left out."""
    known: dict[str, str] = {}
    for document in _documents(file):
        yield from (_shared(obj, known) if len(file.content) >= LARGE else obj for obj in _unfold(document))


def _shared(obj: Object, known: dict[str, str]) -> Object:
    try:
        shared: Object = sharing(obj, known)
    except RecursionError:
        return obj
    return shared


def _documents(file: File) -> Iterator[Any]:
    """The documents of a manifest; of a large list in JSON its items, one at a time."""
    if len(file.content) >= LARGE and file.content[:1] == b"{":
        import msgspec

        try:
            page = msgspec.json.decode(file.content, type=dict[str, msgspec.Raw])
            raws = msgspec.json.decode(page["items"], type=list[msgspec.Raw])
            head = {key: msgspec.json.decode(page[key], type=str) for key in ("apiVersion", "kind")}
        except (msgspec.DecodeError, KeyError, RecursionError):
            raws = None  # no list, or no JSON that everybody would read
        if raws is not None:
            yield from (head | {"items": [_item(raw, file.name)]} for raw in raws)
            return
    yield from parse(file.content.decode("utf-8", "replace"), file.name)


def _item(raw: Any, name: str) -> Any:
    try:
        return json.loads(bytes(raw).decode("utf-8", "replace"))
    except (ValueError, RecursionError) as err:
        raise FluxError(f"{name} is not JSON: {err}") from None


def _unfold(document: Any) -> Iterator[Object]:
    if not isinstance(document, dict):
        return
    listed = document.get("items")
    if isinstance(listed, list) and str(document.get("kind", "")).endswith("List"):
        kind, version = str(document["kind"]).removesuffix("List"), document.get("apiVersion")
        for item in listed:
            if isinstance(item, dict) and kind and "kind" not in item:
                item = {"apiVersion": version, "kind": kind} | item
            yield from _unfold(item)
    elif is_object(document):
        yield document


def is_object(document: Any) -> bool:
    """True for what has the three words that make a Kubernetes object: apiVersion, kind and a name."""
    return (
        isinstance(document, dict)
        and isinstance(document.get("apiVersion"), str)
        and isinstance(document.get("kind"), str)
        and isinstance(document.get("metadata"), dict)
        and isinstance(document["metadata"].get("name"), str)
    )


def parse(text: str, name: str) -> Iterator[Any]:
    """The documents of YAML or JSON text. Raises FluxError naming the file and the line."""
    if text[:1] in ("{", "["):
        try:
            yield json.loads(text)
            return
        except ValueError:
            pass  # several JSON documents, or YAML in flow style
    from flux_cli.core.goyaml_load import YamlError, load_all

    try:
        yield from load_all(text, letters=True)
    except YamlError as err:
        raise FluxError(f"{name} is not YAML: {_where(err)}") from None


def _where(err: Exception) -> str:
    """``line 3: what is wrong``, the line counted from one as editors do."""
    cause = err.__cause__
    mark = getattr(cause, "problem_mark", None) or getattr(cause, "context_mark", None)
    problem = getattr(cause, "problem", None)
    return f"line {mark.line + 1}: {problem}" if mark and problem else str(err).removeprefix("yaml: ")


def in_order(found: Iterable[Object]) -> list[Object]:
    """What others need first (namespaces, definitions, owners), what would refuse the rest last."""

    def rank(obj: Object) -> int:
        kind = obj["kind"]
        return FIRST.index(kind) if kind in FIRST else 100 + (LAST.index(kind) + 1 if kind in LAST else 0)

    return sorted(found, key=rank)
