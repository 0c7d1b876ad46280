"""What the fuzzer feeds: the readers of everything that comes from outside, each with the errors that it may raise."""

import pathlib
import tempfile
import time
from collections.abc import Iterator, Mapping

from hardening.fuzz import Target

from flux_cli import kinds
from flux_cli.commands._dialect.loading import load
from flux_cli.commands._dialect.parse import find, flags_of, parse
from flux_cli.core import goyaml, goyaml_load
from flux_cli.core.errors import FluxError
from flux_cli.core.text import _joins, one_line, shorten
from flux_cli.diagnosis import rules
from flux_cli.kube import decoding, kubeconfig
from flux_cli.kube.http import BadAnswer, Channel
from flux_cli.printers import table
from flux_cli.services import listing

FOLDER = tempfile.mkdtemp()


class Replay:
    """A socket that gives out the input in small pieces, then nothing more."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def recv(self, size: int, /) -> bytes:
        piece, self._data = self._data[: min(size, 7)], self._data[min(size, 7) :]
        return piece

    def sendall(self, data: bytes, /) -> None: ...
    def settimeout(self, seconds: float | None, /) -> None: ...
    def gettimeout(self) -> float | None: ...
    def fileno(self) -> int: ...
    def shutdown(self, how: int, /) -> None: ...
    def close(self) -> None: ...


def speaks(err: Exception) -> None:
    if not str(err):
        raise AssertionError("an error without a word") from err


def read_config(data: bytes) -> None:
    path = pathlib.Path(FOLDER, "config")
    path.write_bytes(data)
    try:
        kubeconfig.load(str(path), {})
    except FluxError as err:
        speaks(err)


def read_words(data: bytes) -> None:
    words = data.decode("utf-8", "replace").split("\n")
    table = load()
    try:
        path, rest = find(table, words)
        parse(flags_of(table, path), rest)
    except FluxError as err:
        speaks(err)


def read_answer(data: bytes) -> None:
    channel = Channel(Replay(data))
    channel.until = time.monotonic() + 5
    try:
        head = channel.head()
        for _ in channel.body(head):
            pass
    except BadAnswer as err:
        speaks(err)


class Given:
    """An answer whose body comes in pieces of seven bytes."""

    status = 200
    headers: Mapping[str, str] = {"content-type": "application/json"}

    def __init__(self, data: bytes) -> None:
        self._data = data

    def pieces(self) -> Iterator[bytes]:
        return (self._data[at : at + 7] for at in range(0, len(self._data), 7))

    def read(self) -> bytes:
        return self._data

    def lines(self) -> Iterator[bytes]:
        return iter(self._data.splitlines())

    def close(self) -> None: ...


def show_list(data: bytes) -> None:
    """JSON to table, of the kind that the first byte chooses; nothing in it steers a terminal, and cut pieces change nothing."""
    kind = kinds.named(kinds.NAMES[data[0] % len(kinds.NAMES)] if data else "Kustomization")
    whole, cut = [], []
    shape = listing.Shape(all_namespaces=True, prefix=True, wide=True, now=2e9)
    try:
        decoding.decode_list(Given(data[1:]), "https://h", kind.resource, whole)
        decoding.STEP = 16
        decoding.decode_list(Given(data[1:]), "https://h", kind.resource, cut, listing.row_of(kind, listing.Filters(), shape))
    except FluxError as err:
        speaks(err)
        return
    finally:
        decoding.STEP = 1 << 20
    shown = table.render(listing.table(kind, whole, shape))
    if shown != table.render(listing.of_rows(kind, cut, shape)):
        raise AssertionError("another table where the answer comes in other pieces")
    if any(char < " " and char not in "\t\n" for char in shown):
        raise AssertionError("a control character in a table")


def read_yaml(data: bytes) -> None:
    """What was read is written so that it is read again as the same."""
    try:
        value = goyaml_load.load(data.decode("utf-8", "replace"))
    except goyaml_load.YamlError as err:
        speaks(err)
        return
    again = goyaml_load.load(goyaml.dump(value))
    if again != value and "nan" not in repr(value):
        raise AssertionError(f"{value!r} comes back as {again!r}")


def explain(data: bytes) -> None:
    """A controller's message to its cause, and the words for both; of the kind that the length chooses."""
    text = data.decode("utf-8", "replace")
    kind = ("Kustomization", "HelmRelease", "GitRepository", "")[len(data) % 4]
    for hit in rules.standard().fitting(text, kind):
        if hit.end < 0 or not hit.rule.code:
            raise AssertionError("a cause from nowhere")
    if not one_line(shorten(text), 80).isprintable() and "\u00a0" not in text and not any(_joins(char) for char in text):
        raise AssertionError("a control character in a line")


TARGETS = {
    "kubeconfig": Target(
        read_config,
        ("kube/plain.py", "kube/kubeconfig.py", "core/goyaml_load.py"),
        [
            b"apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters:\n- name: a\n  cluster:\n    server: https://h:1\n"
            b"contexts:\n- name: a\n  context: {cluster: a, user: a}\nusers:\n- name: a\n  user:\n    token: 't'\n",
            b'{"apiVersion":"v1","kind":"Config","clusters":[{"name":"a","cluster":{"server":"http://h"}}],"users":null}',
            b"users:\n- name: x\n  user:\n    exec:\n      command: c\n      args: [a, b]\n      env:\n      - {name: A, value: b}\n",
        ],
    ),
    "argv": Target(
        read_words,
        ("_dialect/parse.py", "_dialect/values.py", "_dialect/table.py"),
        [
            b"get\nks\n-An\napps",
            b"--timeout=1h2m\nlogs\n-f\n--tail\n3",
            b"create\nsource\ngit\nx\n--label=a=b,c=d",
            b"get\n--\n--nope",
            b"help\nget",
        ],
    ),
    "wire": Target(
        read_answer,
        ("kube/http.py",),
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: u\r\n\r\n",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204 No\r\nConnection: keep-alive\r\n\r\n",
        ],
    ),
    "table": Target(
        show_list,
        (
            "kube/decoding.py",
            "core/quickjson.py",
            "services/listing.py",
            "printers/table.py",
            "core/objects.py",
            "kinds/_model.py",
        ),
        [
            b'\x0a{"kind":"L","metadata":{"resourceVersion":"7","continue":""},"items":[{"metadata":{"name":"a","namespace":"b"},'
            b'"spec":{"suspend":true},"status":{"conditions":[{"type":"Ready","status":"True","message":"Applied main@sha1:'
            b'696f056df216eea4f9401adbee0ff744d4df390f","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}]}',
            b'\x09{"items":[{"metadata":{"name":"\\u001b[31m\\n\xc3\xa9"},"status":{"history":[{"chartVersion":"1"}]}}],"metadata":null}',
            b'\x07{"items":null,"apiVersion":"v1"}',
        ],
    ),
    "yaml": Target(
        read_yaml,
        ("core/goyaml_load.py", "core/goyaml.py", "core/goscalars.py"),
        [
            b"a: 1\nb: [x, 'y', \"z\\n\"]\nc:\n  d: |\n    text\n    more\n  e: >-\n    folded\n    line\n",
            b"- ~\n- 1e3\n- 0x1F\n- 12:30\n- 2026-01-01\n- .inf\n- yes\n- '0123'\n",
            b"x: &a {k: v}\ny: *a\n<<: *a\n? complex\n: value\n",
        ],
    ),
    "message": Target(
        explain,
        ("rules/__init__.py", "rules/_model.py", "core/text.py", "diagnosis/rules/matching.py"),
        [example.text.encode() for rule in rules.RULES[::12] for example in rule.examples[:1]],
    ),
}
