"""A proxy on loopback that makes every round trip take its time: each direction is delayed by half of it."""

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Iterator


def _pump(source: socket.socket, target: socket.socket, delay: float) -> None:
    """Carries bytes, each read ``delay`` seconds later, without holding up what follows."""
    waiting: queue.Queue[tuple[float, bytes]] = queue.Queue()

    def deliver() -> None:
        while True:
            due, data = waiting.get()
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                target.sendall(data)
            except OSError:
                return

    threading.Thread(target=deliver, daemon=True).start()
    while True:
        try:
            data = source.recv(65536)
        except OSError:
            data = b""
        waiting.put((time.monotonic() + delay, data))
        if not data:
            return


def _serve(listener: socket.socket, host: str, port: int, delay: float) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_open, args=(client, host, port, delay), daemon=True).start()


def _open(client: socket.socket, host: str, port: int, delay: float) -> None:
    """TCP's own handshake costs a round trip too: the first bytes wait for one."""
    server = socket.create_connection((host, port))
    for sock in (client, server):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    time.sleep(delay * 2)
    threading.Thread(target=_pump, args=(client, server, delay), daemon=True).start()
    _pump(server, client, delay)


@contextlib.contextmanager
def proxy(host: str, port: int, round_trip: float) -> Iterator[int]:
    """The port of a proxy to ``host:port`` whose round trips take ``round_trip`` seconds."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    threading.Thread(target=_serve, args=(listener, host, port, round_trip / 2), daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
