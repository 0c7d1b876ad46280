"""One branch of a remote, held in memory: read files, change some, commit, push. The disk is not touched.

Commits are pushed whole or not at all, and only on top of the commit that was read: ``push`` raises Moved where the branch
went on meanwhile.
"""

import stat
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flux_cli.core.errors import FluxError
from flux_cli.core.text import one_line
from flux_cli.git.access import Access, Moved, shown
from flux_cli.git.remote import Remote

FILE_MODE = 0o100644
Signer = Callable[[bytes], bytes]


class Checkout:
    """``head`` is the commit's hash, "" while the remote is empty. Paths are relative, with forward slashes."""

    def __init__(self, url: str, branch: str, access: Access, environ: Mapping[str, str], timeout: float) -> None:
        from dulwich.repo import MemoryRepo

        repo: Any = MemoryRepo()
        self.url, self.branch = url, branch
        self._remote = Remote(url, access, environ, timeout)
        self._repo = repo
        self._objects: Any = repo.object_store
        self._changes: dict[str, bytes] = {}
        self._new: list[Any] = []
        self._tree = b""
        self._pushed = ""
        self.head = ""
        self._fetch()

    @property
    def _ref(self) -> bytes:
        return b"refs/heads/" + self.branch.encode()

    # -- reading

    def read(self, path: str) -> bytes | None:
        """The content of a file, None where there is none."""
        if path in self._changes:
            return self._changes[path]
        return self.stored(path)

    def stored(self, path: str) -> bytes | None:
        """The content of a file as it is committed, None where there is none."""
        entry = self._entry(path)
        return bytes(self._object(entry[1]).data) if entry and stat.S_ISREG(entry[0]) else None

    def files(self, folder: str = "") -> Iterator[str]:
        """All regular files below a folder, changed ones included, in lexical order."""
        prefix = f"{folder.strip('/')}/" if folder.strip("/") else ""
        found = {path for path in self._changes if path.startswith(prefix)}
        if self._tree:
            from dulwich.object_store import iter_tree_contents

            contents: Any = iter_tree_contents
            for entry in contents(self._objects, self._tree):
                path = entry.path.decode("utf-8", "surrogateescape")
                if path.startswith(prefix) and stat.S_ISREG(entry.mode):
                    found.add(path)
        yield from sorted(found)

    def _object(self, sha: bytes) -> Any:
        try:
            return self._objects[sha]
        except KeyError as err:
            raise FluxError(f"'{shown(self.url)}' lacks object {sha.decode()}, which it refers to") from err

    def _entry(self, path: str) -> tuple[int, bytes] | None:
        if not self._tree:
            return None
        from dulwich.errors import NotTreeError
        from dulwich.object_store import tree_lookup_path
        from dulwich.objects import SubmoduleEncountered

        lookup: Any = tree_lookup_path
        try:
            found: tuple[int, bytes] = lookup(self._objects.__getitem__, self._tree, path.encode())
        except (KeyError, NotTreeError):
            return None
        except SubmoduleEncountered as err:
            raise FluxError(f"{path} lies in a submodule of the repository") from err
        return found

    # -- changing

    def write(self, path: str, content: bytes) -> None:
        """Have this content in the next commit. Raises FluxError for a path that leaves the work tree or enters ``.git``."""
        parts = path.split("/")
        if path.startswith("/") or any(part in ("", ".", "..") or part.lower() == ".git" for part in parts):
            raise FluxError(f"{path!r} is no path inside of the repository")
        self._changes[path] = content

    def commit(self, message: str, author: str, signer: Signer | None = None) -> str:
        """Commit what was written; returns the hash, "" where nothing differs from what is there already."""
        changed = {path: content for path, content in self._changes.items() if self.stored(path) != content}
        if not changed:
            self._changes.clear()
            return ""
        from dulwich.objects import Blob

        entries: list[tuple[bytes, int, bytes]] = []
        for path, content in changed.items():
            blob = Blob.from_string(content)
            entry = self._entry(path)
            mode = entry[0] if entry and stat.S_ISREG(entry[0]) else FILE_MODE
            entries.append((path.encode(), mode, blob.id))
            self._add(blob)
        self._changes.clear()
        self._tree = self._graft(self._tree, entries)
        self.head = self._commit_object(message, author, signer)
        return self.head

    def _add(self, obj: Any) -> None:
        self._objects.add_object(obj)
        self._new.append(obj)

    def _graft(self, tree_id: bytes, entries: list[tuple[bytes, int, bytes]]) -> bytes:
        """A tree with these entries put in; everything else in it stays as it is, unread."""
        from dulwich.objects import Tree

        tree: Any = Tree()
        if tree_id:
            for item in self._objects[tree_id].items():
                tree.add(item.path, item.mode, item.sha)
        below: dict[bytes, list[tuple[bytes, int, bytes]]] = {}
        for path, mode, blob in entries:
            name, slash, rest = path.partition(b"/")
            if slash:
                below.setdefault(name, []).append((rest, mode, blob))
            else:
                tree[name] = (mode, blob)
        for name, rest_entries in below.items():
            there = tree[name] if name in tree else None  # noqa: SIM401 - a tree has no get
            if there and not stat.S_ISDIR(there[0]):
                raise FluxError(f"{name.decode('utf-8', 'replace')} in the repository is no folder")
            tree[name] = (stat.S_IFDIR, self._graft(there[1] if there else b"", rest_entries))
        self._add(tree)
        made: bytes = tree.id
        return made

    def _commit_object(self, message: str, author: str, signer: Signer | None) -> str:
        from dulwich.objects import Commit

        commit: Any = Commit()
        commit.tree = self._tree
        commit.parents = [self.head.encode()] if self.head else []
        commit.author = commit.committer = author.encode()
        now = int(time.time())
        commit.author_time = commit.commit_time = now
        commit.author_timezone = commit.commit_timezone = time.localtime(now).tm_gmtoff
        commit.encoding = None
        commit.message = message.encode()
        if signer:
            commit.gpgsig = signer(commit.as_raw_string()).rstrip(b"\n")
        self._add(commit)
        made: bytes = commit.id
        return made.decode()

    # -- the remote

    def _fetch(self) -> None:
        def wants(refs: dict[bytes, bytes], depth: int | None = None) -> list[bytes]:  # noqa: ARG001 - the library's signature
            heads = {name: sha for name, sha in refs.items() if name != b"HEAD" and not name.endswith(b"^{}")}
            if not heads:
                return []
            if self._ref not in heads:
                raise FluxError(
                    f"unable to clone '{shown(self.url)}': couldn't find remote ref \"refs/heads/{self.branch}\"",
                    hint=f"Create the branch {self.branch}, or name another with --branch.",
                )
            self.head = heads[self._ref].decode()
            return [heads[self._ref]]

        def read(client: Any, path: str) -> None:
            self._shallow(client, path, wants)
            if self.head:
                self._tree = self._object(self.head.encode()).tree

        self._remote.talk("clone", read)
        self._pushed = self.head

    def _shallow(self, client: Any, path: str, wants: Any) -> None:
        """Fetch the last commit alone, where the server can send it without those before."""
        from dulwich.errors import GitProtocolError

        try:
            client.fetch(path, self._repo, determine_wants=wants, depth=1)
        except GitProtocolError as err:
            if "shallow" not in str(err):
                raise
            client.fetch(path, self._repo, determine_wants=wants)

    def push(self) -> None:
        """Send what was committed since the last push; nothing where there is nothing. Raises Moved, FluxError."""
        if not self._new:
            return
        from dulwich.pack import pack_objects_to_data

        expected = self._pushed.encode()

        def update(refs: dict[bytes, bytes]) -> dict[bytes, bytes]:
            if refs.get(self._ref, b"") != expected:
                raise Moved(f"failed to push to remote: non-fast-forward update: {self._ref.decode()}")
            return {self._ref: self.head.encode()}

        def pack(have: Any, want: Any, **_: Any) -> Any:  # noqa: ARG001 - the library's signature
            return pack_objects_to_data([(obj, None) for obj in self._new])

        try:
            result = self._remote.talk("push to", lambda client, path: client.send_pack(path, update, pack))
        except Moved:
            raise
        except FluxError as err:
            said = str(err).removeprefix(f"unable to clone '{shown(self.url)}': ")
            raise FluxError(f"failed to push to remote: {said}", hint=err.hint) from err
        refused = (result.ref_status or {}).get(self._ref)
        if refused:
            _raise_refusal(self._ref.decode(), one_line(str(refused)))
        self._new.clear()
        self._pushed = self.head


def _raise_refusal(ref: str, why: str) -> None:
    if "non-fast-forward" in why or "fetch first" in why or "failed to update ref" in why or "cannot lock ref" in why:
        raise Moved(f"failed to push to remote: non-fast-forward update: {ref}")
    raise FluxError(f"failed to push to remote: {why}", hint="The server's rules refuse the push: is the branch protected?")
