"""Manifests in files to newer API versions: the version's text is replaced where it stands, everything else stays byte for
byte."""

import os
import stat
from collections.abc import Generator, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from flux_cli.core.errors import FluxError, UsageError

_SOURCE, _IMAGE, _NOTIFICATION = "source.toolkit.fluxcd.io", "image.toolkit.fluxcd.io", "notification.toolkit.fluxcd.io"
_IMAGE_KINDS = ("ImageRepository", "ImagePolicy", "ImageUpdateAutomation")
_LATEST = {
    **{
        (_SOURCE, kind): "v1"
        for kind in ("Bucket", "GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "ExternalArtifact")
    },
    ("kustomize.toolkit.fluxcd.io", "Kustomization"): "v1",
    ("helm.toolkit.fluxcd.io", "HelmRelease"): "v2",
    (_NOTIFICATION, "Receiver"): "v1",
    (_NOTIFICATION, "Alert"): "v1beta3",
    (_NOTIFICATION, "Provider"): "v1beta3",
    **{(_IMAGE, kind): "v1" for kind in _IMAGE_KINDS},
    ("source.extensions.fluxcd.io", "ArtifactGenerator"): "v1beta1",
}
_OLDER_IMAGES = {(_IMAGE, kind): "v1beta2" for kind in _IMAGE_KINDS}
TARGETS = {
    "2.9": _LATEST,
    "2.8": _LATEST,
    "2.7": _LATEST,
    "2.6": {k: v for k, v in (_LATEST | _OLDER_IMAGES).items() if k[1] != "ArtifactGenerator"},
}


class Upgrade(NamedTuple):
    """One line to change; ``line`` counts from one."""

    file: str
    line: int
    kind: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.kind} {self.old} -> {self.new}"


def targets(version: str) -> dict[tuple[str, str], str]:
    """The API version of each (group, kind) in a minor release of Flux. Raises UsageError."""
    if version and version not in TARGETS:
        raise UsageError(f"version {version} is not supported, supported versions are: {', '.join(TARGETS)}")
    return TARGETS[version or next(iter(TARGETS))]


def plan(path: str, extensions: Sequence[str], wanted: dict[tuple[str, str], str]) -> Iterator[str | Upgrade]:
    """What is strange about a file or folder below the working folder, as text, and what is to change, in the order of telling.

    Raises FluxError where there is no such path.
    """
    for file in (yield from _files(path, extensions)):
        try:
            text = _read(file)
        except OSError as err:
            raise FluxError(f"failed to read file {file}: {_why(file, err)}") from err
        yield from _look(file, text, wanted)


def _files(path: str, extensions: Sequence[str]) -> Generator[str, None, list[str]]:
    """Returns the files; yields what is passed over."""
    clean = os.path.normpath(path)
    if os.path.isabs(clean) or clean.split(os.sep)[0] == "..":
        raise FluxError(f"failed to stat path {clean}: open {clean}: invalid argument")
    _confined(clean)
    try:
        folder, regular = stat.S_ISDIR(os.stat(clean).st_mode), stat.S_ISREG(os.lstat(clean).st_mode)
    except OSError as err:
        raise FluxError(f"failed to stat path {clean}: {_why(clean, err)}") from err
    if folder:
        return (yield from _walk(clean, tuple(extensions)))
    if not clean.endswith(tuple(extensions)):
        raise FluxError(f"file {clean} does not match the specified extensions: {', '.join(extensions)}")
    if not regular:
        raise FluxError(f"file {clean} is irregular")
    return [clean]


def _confined(path: str) -> None:
    """A link must not lead out of the working folder."""
    here = os.path.realpath(os.curdir)
    if os.path.commonpath([here, os.path.realpath(path)]) != here:
        raise FluxError(f"failed to stat path {path}: openat {path}: path escapes from parent")


def _walk(folder: str, extensions: tuple[str, ...]) -> Generator[str, None, list[str]]:
    """Files below a folder by name, links not followed; yields what is no file."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as err:
        raise FluxError(f"failed to walk directory {folder}: {_why(folder, err)}") from err
    found = []
    for entry in entries:
        path = os.path.normpath(entry.path)
        if entry.is_dir(follow_symlinks=False):
            found += yield from _walk(path, extensions)
        elif path.endswith(extensions) and entry.is_file(follow_symlinks=False):
            found.append(path)
        elif path.endswith(extensions):
            yield f"skipping irregular file {path}"
    return found


def _why(path: str, err: OSError) -> str:
    return f"openat {path}: {(err.strerror or str(err)).lower()}"


def _read(path: str) -> str:
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        return file.read()


def _look(file: str, text: str, wanted: dict[tuple[str, str], str]) -> Iterator[str | Upgrade]:
    """A version is a line with ``apiVersion: `` right before one with ``kind: ``. Warnings come before the upgrades."""
    upgrades = []
    for index, (line, following) in enumerate(pairwise([*text.split("\n"), ""])):
        if "apiVersion: " not in line:
            continue
        api_version = _value(line, "apiVersion: ")
        group, _, version = api_version.rpartition("/")
        if "/" in group:
            yield f"{file}:{index + 1}: unexpected GroupVersion string: {api_version}"
        elif "kind: " in following:
            kind = _value(following, "kind: ")
            if (new := wanted.get((group, kind), version)) != version:
                upgrades.append(Upgrade(file, index + 1, kind, version, new))
    yield from upgrades


def _value(line: str, key: str) -> str:
    words = line.partition(key)[2].split()
    return words[0] if words else ""


def write(upgrades: Sequence[Upgrade]) -> Iterator[str]:
    """Change the files, each whole or not at all; yields the name of each that is done. Line ends and modes stay."""
    for file in dict.fromkeys(upgrade.file for upgrade in upgrades):
        try:
            _replace(file, _changed(_read(file), file, upgrades))
        except OSError as err:
            raise FluxError(f"failed to write file {file}: {_why(file, err)}") from err
        yield file


def changes(upgrades: Sequence[Upgrade]) -> Iterator[str]:
    """The lines of a unified diff of what ``write`` would do."""
    import difflib

    for file in dict.fromkeys(upgrade.file for upgrade in upgrades):
        text = _read(file)
        now, then = (whole.replace("\r\n", "\n").splitlines(keepends=True) for whole in (text, _changed(text, file, upgrades)))
        yield from difflib.unified_diff(now, then, f"{file} (now)", f"{file} (migrated)")


def _changed(text: str, file: str, upgrades: Sequence[Upgrade]) -> str:
    lines = text.split("\n")
    for upgrade in upgrades:
        if upgrade.file == file:
            lines[upgrade.line - 1] = lines[upgrade.line - 1].replace(upgrade.old, upgrade.new, 1)
    return "\n".join(lines)


def _replace(path: str, text: str) -> None:
    """A new file takes the old one's place, so that an interruption leaves one or the other."""
    made = f"{path}.flux-migrate"
    try:
        with open(made, "x", encoding="utf-8", errors="surrogateescape", newline="") as file:
            os.fchmod(file.fileno(), stat.S_IMODE(os.stat(path).st_mode))
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(made, path)
    except BaseException:
        if os.path.exists(made):
            os.unlink(made)
        raise
