"""The HTTP/1.1 reader against every way in which bytes can be cut: never a hang, never a wrong body."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux_cli.kube.http import BadAnswer, Channel


class Scripted:
    """A socket that hands out these pieces and then ends."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = [piece for piece in pieces if piece]
        self.sent = b""

    def recv(self, size: int, /) -> bytes:
        if not self.pieces:
            return b""
        piece, rest = self.pieces[0][:size], self.pieces[0][size:]
        self.pieces[:1] = [rest] if rest else []
        return piece

    def sendall(self, data: bytes, /) -> None:
        self.sent += data

    def settimeout(self, seconds: float | None, /) -> None:
        pass

    def close(self) -> None:
        pass


def cut(data: bytes, at: list[int]) -> list[bytes]:
    marks = [0, *sorted(min(mark, len(data)) for mark in at), len(data)]
    return [data[a:b] for a, b in pairwise(marks)]


def encoded(body: bytes, sizes: list[int] | None) -> bytes:
    """The body as a whole answer: counted, or in chunks of these sizes."""
    if sizes is None:
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    out = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    for size in sizes:
        piece, body = body[:size], body[size:]
        out += b"%x\r\n%s\r\n" % (len(piece), piece) if piece else b""
    return out + (b"%X;x=y\r\n%s\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"


def read(channel: Channel) -> bytes:
    return b"".join(channel.body(channel.head()))


SIZES = st.none() | st.lists(st.integers(1, 50), max_size=6)
CUTS = st.lists(st.integers(0, 400), max_size=12)


@given(bodies=st.lists(st.tuples(st.binary(max_size=120), SIZES), min_size=1, max_size=3), at=CUTS)
def test_any_cutting_gives_the_same_bodies(bodies: list[tuple[bytes, list[int] | None]], at: list[int]) -> None:
    """Several answers on one connection, cut anywhere."""
    channel = Channel(Scripted(*cut(b"".join(encoded(*body) for body in bodies), at)))
    assert [read(channel) for _ in bodies] == [body for body, _ in bodies]


@given(body=st.binary(min_size=1, max_size=120), sizes=SIZES, at=CUTS, data=st.data())
def test_a_truncated_answer_is_never_taken_for_a_whole_one(body: bytes, sizes: Any, at: list[int], data: Any) -> None:
    whole = encoded(body, sizes)
    kept = data.draw(st.integers(0, len(whole) - 1))
    channel = Channel(Scripted(*cut(whole[:kept], at)))
    with pytest.raises(BadAnswer):
        read(channel)
    assert not channel.reusable


@given(
    pieces=st.lists(
        st.binary(max_size=60) | st.sampled_from([b"HTTP/1.1 200 OK\r\n", b"\r\n", b"Content-Length: 3\r\n"]), max_size=8
    )
)
def test_noise_ends_in_a_body_or_an_error(pieces: list[bytes]) -> None:
    told = "a body"
    try:
        read(Channel(Scripted(*pieces)))
    except BadAnswer as err:
        told = str(err)
    assert told.isprintable()
    assert told


def test_interim_answers_are_skipped() -> None:
    channel = Channel(
        Scripted(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + encoded(b"yes", None))
    )
    assert read(channel) == b"yes"


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body(status: int) -> None:
    channel = Channel(Scripted(b"HTTP/1.1 %d X\r\nContent-Length: 5\r\n\r\n" % status))
    assert read(channel) == b""
    assert channel.reusable


@pytest.mark.parametrize(
    ("head", "reusable"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore", False),
    ],
)
def test_when_a_connection_serves_again(head: bytes, reusable: bool) -> None:
    channel = Channel(Scripted(head))
    assert read(channel) == b""
    assert channel.reusable is reusable


def test_what_goes_out() -> None:
    sock = Scripted()
    Channel(sock).send("PATCH", "/x?a=b", {"host": "h", "impersonate-group": ["a", "b,c"]}, b"{}")
    assert (
        sock.sent
        == b"PATCH /x?a=b HTTP/1.1\r\nhost: h\r\nimpersonate-group: a\r\nimpersonate-group: b,c\r\ncontent-length: 2\r\n\r\n{}"
    )
