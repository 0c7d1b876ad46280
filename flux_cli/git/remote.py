"""One conversation with a Git remote, by HTTP or SSH; whatever fails is told without secrets."""

from collections.abc import Callable, Mapping
from typing import Any

from flux_cli.core.errors import FluxError, Timeout
from flux_cli.core.text import one_line
from flux_cli.git.access import Access, shown, split


class Remote:
    """Where a repository is, and how it is reached."""

    def __init__(self, url: str, access: Access, environ: Mapping[str, str], timeout: float) -> None:
        self.url = url
        self._access, self._environ, self._timeout = access, environ, timeout

    def talk(self, verb: str, call: Callable[[Any, Any], Any]) -> Any:
        """``call(client, path)`` with a client of the library; its errors become FluxError."""
        import logging
        import zlib

        from dulwich.errors import ChecksumMismatch, GitProtocolError, NotGitRepository, ObjectFormatException

        logging.getLogger("dulwich").addHandler(logging.NullHandler())  # what it finds odd is not for the terminal
        broken = (AssertionError, ValueError, LookupError, EOFError, AttributeError, zlib.error)
        try:
            return self._connected(call)
        except NotGitRepository as err:
            raise FluxError(
                f"unable to {verb} '{shown(self.url)}': repository not found: git repository: '{shown(self.url)}'"
            ) from err
        except (GitProtocolError, BrokenPipeError, ChecksumMismatch, ObjectFormatException, *broken) as err:
            # the library takes what a server says for granted: what is no Git ends in all kinds of errors
            message = one_line(f"broken answer: {err}" if isinstance(err, broken) else str(err), 500)
            for secret in (*self._access.secrets(), split(self.url).password or ""):
                message = message.replace(secret, "*****") if secret else message
            raise FluxError(f"unable to {verb} '{shown(self.url)}': {message}") from err
        except TimeoutError as err:
            raise Timeout("context deadline exceeded") from err

    def _connected(self, call: Callable[[Any, Any], Any]) -> Any:
        if split(self.url).scheme in ("http", "https"):
            from flux_cli.git.http import HttpClient

            http = HttpClient(self.url, self._access, self._timeout)
            try:
                return call(http, "")
            finally:
                http.close()
        from dulwich.errors import GitProtocolError, NotGitRepository, SendPackError

        from flux_cli.git import ssh

        with ssh.client(self.url, self._access, self._environ, self._timeout) as (client, path, vendor):
            try:
                return call(client, path)
            except (GitProtocolError, NotGitRepository, SendPackError, OSError, AssertionError) as err:
                if vendor.late:
                    raise TimeoutError from err
                # whatever the library made of it, ssh's own words say why
                said = one_line(vendor.errors(), 500)
                if not said:
                    raise
                raise FluxError(f"unable to clone '{shown(self.url)}': {said}", hint=_advice(said)) from err


def _advice(said: str) -> str:
    if "Host key verification failed" in said or "No matching host key" in said:
        return "The host's key is not in known_hosts, or has changed: check it, then ssh-keyscan HOST >> ~/.ssh/known_hosts"
    if "Permission denied" in said:
        return "The host does not accept the key: is it in the agent (ssh-add -l), or name it with --private-key-file"
    return ""
