"""Debian's docker-registry on loopback, for tests that push and pull."""

import pathlib
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

BINARY = shutil.which("docker-registry")
_CONFIG = """version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {root}}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{port}"{tls}}}
{auth}
"""


class Registry:
    """``address`` is ``127.0.0.1:PORT``; ``stop`` ends it."""

    def __init__(self, folder: pathlib.Path, auth: str = "", tls: str = "") -> None:
        assert BINARY
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"127.0.0.1:{port}"
        (folder / "config.yml").write_text(_CONFIG.format(root=folder / "data", port=port, auth=auth, tls=tls))
        self._log = (folder / "registry.log").open("wb")
        self._process = subprocess.Popen([BINARY, "serve", str(folder / "config.yml")], stdout=self._log, stderr=self._log)
        self._await(folder)

    def _await(self, folder: pathlib.Path) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", int(self.address.partition(":")[2])), timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("docker-registry did not start:\n" + (folder / "registry.log").read_text())

    def get(self, path: str, accept: str = "*/*") -> bytes:
        request = urllib.request.Request(f"http://{self.address}{path}", headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=10) as answer:
            data: bytes = answer.read()
        return data

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._log.close()
