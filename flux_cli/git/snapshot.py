"""The files of one commit of a remote, whatever it is named by. Held in memory, read only."""

import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flux_cli.core.errors import FluxError
from flux_cli.git.access import Access, shown
from flux_cli.git.remote import Remote
from flux_cli.git.verifying import Signed

DEFAULT_BRANCH = "master"
_TAGS = b"refs/tags/"
_HEADS = b"refs/heads/"


class Ref(NamedTuple):
    """``spec.ref`` of a GitRepository: a commit counts before a name, that before a tag, that before a branch.

    ``choose``: picks one of the remote's tags, for a version range; it counts before ``tag``. "" where none fits.
    ``semver``: that range, for messages.
    """

    branch: str = ""
    tag: str = ""
    choose: Callable[[Sequence[str]], str] | None = None
    name: str = ""
    commit: str = ""
    semver: str = ""


class File(NamedTuple):
    """A file of a commit. ``path``: from the root of the tree, parts separated by slashes."""

    path: str
    executable: bool
    content: bytes


def files(
    url: str, ref: Ref, access: Access, environ: Mapping[str, str], timeout: float,
    check: Callable[[list[Signed]], None] = lambda signed: None,
) -> Iterator[File]:  # fmt: skip
    """The regular files of the commit, in lexical order. Raises FluxError.

    ``check`` sees the tag, where an annotated one led to the commit, and the commit, before any file is read.
    """
    from dulwich.object_store import iter_tree_contents
    from dulwich.repo import MemoryRepo

    repo: Any = MemoryRepo()
    store: Any = repo.object_store
    target = _fetched(Remote(url, access, environ, timeout), ref, repo)
    found = store[target] if target in store else None  # noqa: SIM401 - a store has no get
    signed = []
    while found is not None and found.type_name == b"tag":
        signed.append(Signed("tag", found.name.decode("utf-8", "replace"), found.raw_without_sig(), found.signature or b""))
        found = store[found.object[1]]
    if found is None or found.type_name != b"commit":
        raise _no_commit(target.decode())
    check([*signed, Signed("commit", found.id.decode(), found.raw_without_sig(), found.gpgsig or b"")])
    contents: Any = iter_tree_contents
    for entry in contents(store, found.tree):
        if stat.S_ISREG(entry.mode):
            path = entry.path.decode("utf-8", "surrogateescape")
            yield File(path, bool(entry.mode & 0o100), bytes(store[entry.sha].data))


def resolve(url: str, ref: Ref, access: Access, environ: Mapping[str, str], timeout: float) -> tuple[str, str]:
    """(full name of the ref, commit that it is at) by asking for the remote's refs alone; a commit has no name. Raises FluxError.

    A commit that is named itself is taken as it is: the list of refs does not tell whether the remote has it.
    """
    listed = Remote(url, access, environ, timeout).talk("clone", lambda client, path: client.get_refs(path))
    refs: Mapping[bytes, bytes] = getattr(listed, "refs", listed)
    target = _target(url, ref, refs)
    if ref.commit:
        return "", target.decode()
    name = _name(ref, refs)
    return name.decode("utf-8", "replace"), refs.get(name + b"^{}", target).decode()


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
    name = _name(ref, refs)
    if name not in refs:
        raise FluxError(f"unable to clone '{shown(url)}': couldn't find remote ref \"{name.decode()}\"")
    return refs[name]


def _name(ref: Ref, refs: Mapping[bytes, bytes]) -> bytes:
    """The full name of the ref that is meant, whether the remote has it or not."""
    if ref.name:
        return ref.name.encode()
    if ref.choose or ref.tag:
        names = [key.removeprefix(_TAGS).decode("utf-8", "replace") for key in refs if key.startswith(_TAGS)]
        chosen = ref.choose([tag for tag in names if not tag.endswith("^{}")]) if ref.choose else ref.tag
        if not chosen:
            raise FluxError(f"no match found for semver: {ref.semver}")
        return _TAGS + chosen.encode()
    return _HEADS + (ref.branch or DEFAULT_BRANCH).encode()
