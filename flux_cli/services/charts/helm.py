"""The ``helm`` program, with a configuration of its own: nothing of the user's is changed, nothing is left behind."""

import json
import os
import pathlib
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from flux_cli.core.errors import FluxError, Timeout
from flux_cli.core.text import one_line


class Helm:
    """``folder`` is ours alone and holds configuration, caches and downloads; secrets in it are readable by us only."""

    def __init__(self, folder: pathlib.Path, environ: Mapping[str, str], seconds: float) -> None:
        found = shutil.which("helm", path=environ.get("PATH", ""))
        if not found:
            raise FluxError("helm is not installed", hint="Install helm 3.14 or newer on the PATH: it renders the charts.")
        self._program = found
        self._seconds = seconds
        self._folder = folder
        self.users = environ  # the environment as the user has it
        self._repositories: list[dict[str, Any]] = []
        self._environ = {**environ}
        for name in ("CONFIG", "CACHE", "DATA"):
            (folder / name.lower()).mkdir()
            self._environ[f"HELM_{name}_HOME"] = str(folder / name.lower())
        for name in ("HELM_NAMESPACE", "HELM_KUBECONTEXT", "KUBECONFIG", "HELM_PLUGINS", "HELM_REPOSITORY_CONFIG", "HELM_DEBUG"):
            self._environ.pop(name, None)
        self._environ["KUBECONFIG"] = os.devnull

    def run(self, *args: str) -> str:
        """stdout of a call. Raises FluxError with helm's message."""
        try:
            done = subprocess.run(
                [self._program, *args], capture_output=True, text=True, env=self._environ, stdin=subprocess.DEVNULL,
                timeout=self._seconds, check=False, cwd=self._folder,
            )  # fmt: skip
        except subprocess.TimeoutExpired as err:
            raise Timeout("context deadline exceeded") from err
        if done.returncode:
            said = [line for line in done.stderr.strip().splitlines() if line and not line.startswith(("WARNING:", "level="))]
            text = "\n".join(said).removeprefix("Error: ").replace(str(self._folder), "")
            raise FluxError(f"helm {args[0]} failed: {text or f'exit code {done.returncode}'}")
        return done.stdout

    def add_repository(self, url: str, login: Mapping[str, str], files: Mapping[str, str], name: str = "source") -> str:
        """Make a chart repository known; its name. ``files`` holds the paths caFile, certFile and keyFile where there are any.

        Raises FluxError where its index cannot be fetched.
        """
        entry: dict[str, Any] = {"name": name, "url": url, "pass_credentials_all": False, **files}
        entry |= {key: login[key] for key in ("username", "password") if login.get(key)}
        entry["insecure_skip_tls_verify"] = False
        self._repositories.append(entry)
        target = self._folder / "config" / "repositories.yaml"
        whole = {"apiVersion": "", "generated": "0001-01-01T00:00:00Z", "repositories": self._repositories}
        self._private(target, json.dumps(whole))
        said = self.run("repo", "update", name)
        if not (self._folder / "cache" / "repository" / f"{name}-index.yaml").exists():  # helm counts that as success
            why = one_line(
                said.partition("Unable to get an update from the")[2].partition("):")[2].partition("Update Complete")[0]
            )
            raise FluxError(f"helm repo update failed: {why or url}")
        return name

    def log_in(self, config: Mapping[str, Any]) -> None:
        """Registry credentials, as a docker login file holds them."""
        (self._folder / "config" / "registry").mkdir(exist_ok=True)
        self._private(self._folder / "config" / "registry" / "config.json", json.dumps(config))

    def write_secret(self, name: str, content: str) -> str:
        """A file of ours with this content; its path."""
        path = self._folder / name
        self._private(path, content)
        return str(path)

    @staticmethod
    def _private(path: pathlib.Path, content: str) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(content)
