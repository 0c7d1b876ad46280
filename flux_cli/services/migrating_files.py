"""Manifests in files to newer API versions: the version's text is replaced where it stands, everything else stays byte for
byte."""

import os
import stat
from collections.abc import Iterator, Sequence
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
    "2.6": {k: v for k, v in (_LATEST | _OLDER_IMAGES).items() if k[1] not in ("ArtifactGenerator", "ExternalArtifact")},
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


class Plan(NamedTuple):
    """What is to change, and what was strange about the files."""

    upgrades: list[Upgrade]
    warnings: list[str]


def targets(version: str) -> dict[tuple[str, str], str]:
    """The API version of each (group, kind) in a minor release of Flux. Raises UsageError."""
    if version and version not in TARGETS:
        raise UsageError(f"version {version} is not supported, supported versions are: {', '.join(TARGETS)}")
    return TARGETS[version or next(iter(TARGETS))]


def plan(path: str, extensions: Sequence[str], wanted: dict[tuple[str, str], str]) -> Plan:
    """Look through a file or folder below the working folder. Raises FluxError where there is none."""
    found = Plan([], [])
    for file in _files(path, extensions, found.warnings):
        try:
            text = _read(file)
        except OSError as err:
            raise FluxError(f"failed to read file {file}: {_why(file, err)}") from err
        _look(file, text, wanted, found)
    return found


def _files(path: str, extensions: Sequence[str], warnings: list[str]) -> Iterator[str]:
    clean = os.path.normpath(path)
    if os.path.isabs(clean) or clean.split(os.sep)[0] == "..":
        raise FluxError(f"failed to stat path {clean}: stat {clean}: invalid argument")
    _confined(clean)
    try:
        mode = os.stat(clean).st_mode
    except OSError as err:
        raise FluxError(f"failed to stat path {clean}: {_why(clean, err)}") from err
    if stat.S_ISDIR(mode):
        yield from _walk(clean, tuple(extensions), warnings)
        return
    if not clean.endswith(tuple(extensions)):
        raise FluxError(f"file {clean} does not match the specified extensions: {', '.join(extensions)}")
    if not stat.S_ISREG(mode):
        raise FluxError(f"file {clean} is irregular")
    yield clean


def _confined(path: str) -> None:
    """A link must not lead out of the working folder."""
    here = os.path.realpath(os.curdir)
    if os.path.commonpath([here, os.path.realpath(path)]) != here:
        raise FluxError(f"failed to stat path {path}: openat {path}: path escapes from parent")


def _walk(folder: str, extensions: tuple[str, ...], warnings: list[str]) -> Iterator[str]:
    """Files below a folder by name, links to folders not followed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as err:
        raise FluxError(f"failed to walk directory {folder}: {_why(folder, err)}") from err
    for entry in entries:
        path = os.path.normpath(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, extensions, warnings)
        elif path.endswith(extensions):
            if entry.is_file(follow_symlinks=False):
                yield path
            else:
                warnings.append(f"skipping irregular file {path}")


def _why(path: str, err: OSError) -> str:
    return f"openat {path}: {(err.strerror or str(err)).lower()}"


def _read(path: str) -> str:
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        return file.read()


def _look(file: str, text: str, wanted: dict[tuple[str, str], str], found: Plan) -> None:
    """A version is a line with ``apiVersion: `` right before one with ``kind: ``."""
    lines = text.split("\n")
    for index, (line, following) in enumerate(pairwise(lines)):
        if "apiVersion: " not in line or "kind: " not in following:
            continue
        api_version, kind = _value(line, "apiVersion: "), _value(following, "kind: ")
        group, _, version = api_version.rpartition("/")
        if "/" in group:
            found.warnings.append(f"{file}:{index + 1}: unexpected GroupVersion string: {api_version}")
        elif (new := wanted.get((group, kind), version)) != version:
            found.upgrades.append(Upgrade(file, index + 1, kind, version, new))


def _value(line: str, key: str) -> str:
    words = line.partition(key)[2].split()
    return words[0] if words else ""


def write(upgrades: Sequence[Upgrade]) -> Iterator[str]:
    """Change the files, each whole or not at all; yields the name of each that is done. Line ends and modes stay."""
    for file in dict.fromkeys(upgrade.file for upgrade in upgrades):
        try:
            lines = _read(file).split("\n")
            for upgrade in upgrades:
                if upgrade.file == file:
                    lines[upgrade.line - 1] = lines[upgrade.line - 1].replace(upgrade.old, upgrade.new, 1)
            _replace(file, "\n".join(lines))
        except OSError as err:
            raise FluxError(f"failed to write file {file}: {_why(file, err)}") from err
        yield file


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
