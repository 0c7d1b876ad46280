"""What the small servers of these tests have in common: a port on loopback, a thread for each connection, an end."""

import socket
import threading
from typing import Any


class Listening:
    """Accepts until ``close``; a subclass says in ``serve`` what it does with a connection. ``over`` is set at the end."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.connections = 0
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    def serve(self, peer: socket.socket, number: int) -> None:
        """``number``: which connection this is, from 1."""
        raise NotImplementedError

    def close(self) -> None:
        self.over.set()
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()
        self._listener.close()

    def _start(self, work: Any, *args: Any) -> None:
        thread = threading.Thread(target=work, args=args)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                peer, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            self._start(self.serve, peer, self.connections)
