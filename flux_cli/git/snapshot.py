"""The files of one commit of a remote, whatever it is named by. Held in memory, read only."""

import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flux_cli.core.errors import FluxError
from flux_cli.git.access import Access, shown
from flux_cli.git.remote import Remote

DEFAULT_BRANCH = "master"
_TAGS = b"refs/tags/"
_HEADS = b"refs/heads/"


class Ref(NamedTuple):
    """``spec.ref`` of a GitRepository: a commit counts before a name, that before a tag, that before a branch.

    ``choose``: picks one of the remote's tags, for a version range; it counts before ``tag``. "" where none fits.
    """

    branch: str = ""
    tag: str = ""
    choose: Callable[[Sequence[str]], str] | None = None
    name: str = ""
    commit: str = ""


class File(NamedTuple):
    path: str
    executable: bool
    content: bytes


def files(url: str, ref: Ref, access: Access, environ: Mapping[str, str], timeout: float) -> Iterator[File]:
    """The regular files of the commit, in lexical order. Raises FluxError."""
    from dulwich.object_store import iter_tree_contents
    from dulwich.repo import MemoryRepo

    repo: Any = MemoryRepo()
    store: Any = repo.object_store
    target = _fetched(Remote(url, access, environ, timeout), ref, repo)
    found = store[target] if target in store else None  # noqa: SIM401 - a store has no get
    while found is not None and found.type_name == b"tag":
        found = store[found.object[1]]
    if found is None or found.type_name != b"commit":
        raise _no_commit(target.decode())
    contents: Any = iter_tree_contents
    for entry in contents(store, found.tree):
        if stat.S_ISREG(entry.mode):
            path = entry.path.decode("utf-8", "surrogateescape")
            yield File(path, bool(entry.mode & 0o100), bytes(store[entry.sha].data))


def _fetched(remote: Remote, ref: Ref, repo: Any) -> bytes:
    """The hash of what was wanted, after it was fetched: alone where the remote names it, else with its branches' history."""
    wanted: list[bytes] = []

    def tip(refs: dict[bytes, bytes], depth: int | None = None) -> list[bytes]:  # noqa: ARG001 - the library's signature
        wanted[:] = [_target(remote.url, ref, refs)]
        return wanted if wanted[0] in refs.values() else []

    def history(refs: dict[bytes, bytes], depth: int | None = None) -> list[bytes]:  # noqa: ARG001 - the library's signature
        within = _HEADS + ref.branch.encode()
        return sorted({sha for name, sha in refs.items() if (name == within if ref.branch else name.startswith(_HEADS))})

    remote.talk("clone", lambda client, path: client.fetch(path, repo, determine_wants=tip, depth=1))
    if wanted and wanted[0] not in repo.object_store:
        remote.talk("clone", lambda client, path: client.fetch(path, repo, determine_wants=history))
    return wanted[0] if wanted else b""


def _no_commit(name: str) -> FluxError:
    return FluxError(f"unable to resolve commit object for '{name}': object not found")


def _target(url: str, ref: Ref, refs: Mapping[bytes, bytes]) -> bytes:
    if ref.commit:
        if not re.fullmatch("[0-9a-f]{40}", ref.commit):
            raise _no_commit(ref.commit)
        return ref.commit.encode()
    if ref.name:
        name = ref.name.encode()
    elif ref.choose or ref.tag:
        names = [key.removeprefix(_TAGS).decode("utf-8", "replace") for key in refs if key.startswith(_TAGS)]
        chosen = ref.choose([tag for tag in names if not tag.endswith("^{}")]) if ref.choose else ref.tag
        if not chosen:
            raise FluxError(f"unable to clone '{shown(url)}': no match found for semver")
        name = _TAGS + chosen.encode()
    else:
        name = _HEADS + (ref.branch or DEFAULT_BRANCH).encode()
    if name not in refs:
        raise FluxError(f"unable to clone '{shown(url)}': couldn't find remote ref \"{name.decode()}\"")
    return refs[name]
