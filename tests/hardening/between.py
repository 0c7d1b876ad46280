"""Something between ``flux`` and an API server that does harm to answers: what a server cannot be asked to do itself."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from kube.loopback import CLOSE, Asked, answer
from kube.passing import Passing, parts


class Cut(NamedTuple):
    """The server's answer, of which this share of the body passes before the line is cut; of a watch nothing but the head."""

    share: float


Harm = bytes | Cut | None  # an answer in place of the server's, or what happens to that
Rule = Callable[[str, bool], Harm]  # of a path with its query, and of whether it is a watch


class Between(Passing):
    """Passes requests on, but where ``rule`` says otherwise."""

    def __init__(self, server: str, token: str) -> None:
        self.rule: Rule = lambda _path, _watch: None
        super().__init__(server, token)

    def answer(self, asked: Asked) -> Iterator[Any]:
        watch = "watch=true" in asked.target
        harm = self.rule(asked.target, watch)
        if harm is None:
            yield from self.passed(asked)
        elif isinstance(harm, bytes):
            yield harm
        else:
            yield self._head(asked) if watch else self._beginning(asked, harm.share)
            yield CLOSE

    def _head(self, asked: Asked) -> bytes:
        begun = b""
        for piece in self.answered(asked):
            begun += piece
            if b"\r\n\r\n" in begun:
                break
        return begun.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"

    def _beginning(self, asked: Asked, share: float) -> bytes:
        body = parts(b"".join(self.answered(asked)))[1]
        whole = answer(body)
        return whole[: len(whole) - len(body) + int(len(body) * share)]
