"""
Everything that can go wrong, and the exit code it ends with.

* FluxError              1   anything the user can act on
  + UsageError           1   the command line itself is wrong
  + ConfigError          1   no usable way to a cluster: kubeconfig, environment, credentials
  + Unreachable          1   nothing answered, or what answered does not speak the Kubernetes API
  + ApiError             1   the API server refused or failed (``status`` holds its HTTP code)
    - NotFound               the object does not exist (404 with a Status body)
    - NoMatch                the kind or its API version is not served
    - Forbidden              403
    - Unauthorized           401
    - Conflict               409: changed meanwhile, or exists already
    - Invalid                422: the server's validation refused the object
    - Gone                   410: the resource version is too old
  + NotReady             1   an object reported failure while we waited for it
  + Timeout              1   a deadline passed
  + Aborted              1   the user said no at a prompt
  + Silent               n   everything was said already; only the exit code is left

``hint`` is what to type next, one line, shown below the message where there is one.
"""


class FluxError(Exception):
    """An expected failure. ``str(err)`` is the one line a person reads after ``✗``."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(FluxError):
    """The command line is wrong."""


class ConfigError(FluxError):
    """Kubeconfig, environment or credentials do not lead to a cluster."""


class Unreachable(FluxError):
    """No answer, or not the Kubernetes API's."""


class ApiError(FluxError):
    """The API server's refusal, in its own words."""

    def __init__(self, message: str, *, status: int = 0, reason: str = "", body: object = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.reason = reason
        self.body = body


class NotFound(ApiError):
    """404 for an object."""


class NoMatch(ApiError):
    """404 for a kind: the cluster does not serve it."""


class Forbidden(ApiError):
    """403."""


class Unauthorized(ApiError):
    """401."""


class Conflict(ApiError):
    """409."""


class Invalid(ApiError):
    """422."""


class Gone(ApiError):
    """410: list again, then watch."""


class NotReady(FluxError):
    """The object reported that it failed."""


class Timeout(FluxError):
    """The deadline of ``--timeout`` passed. The message is Go's: ``context deadline exceeded``."""


class Aborted(FluxError):
    """The answer at the prompt was not yes."""

    def __init__(self) -> None:
        super().__init__("aborting")


class Silent(FluxError):
    """Ends the process with ``code`` and no further word."""

    def __init__(self, code: int) -> None:
        super().__init__("")
        self.exit_code = code
