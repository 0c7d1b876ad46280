"""Files read as if they were a cluster (``--from``): objects exactly as they were written down, logs for their pods."""

import os

from flux_cli.core.errors import FluxError
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.loading import File, files, objects
from flux_cli.sandbox.transport import SandboxTransport


def open_path(path: str) -> SandboxTransport:
    """A cluster that holds what is in the folder, file or archive at ``path``. Raises FluxError where it cannot be read.

    ``pod-NAME.log`` or ``pod-NAMESPACE_NAME.log`` is the log of pod NAME, with ``_previous`` before the dot that of the run
    before; ``NAME-controller.log`` is that of the controller's pod, which is made with its Deployment where the files have none.
    """
    if not os.path.exists(path):
        raise FluxError(f"cannot read {path}: no such file or directory")
    sandbox = Sandbox(namespaces=())
    logs, count = [], 0
    for file in files(path):
        if file.name.endswith(".log"):
            logs.append(file)
            continue
        for obj in objects(file):
            sandbox.keep(obj)
            count += 1
    if not count and not logs:
        raise FluxError(f"no Kubernetes objects in {path}")
    for log in logs:
        _log(sandbox, log)
    return SandboxTransport(sandbox)


def _log(sandbox: Sandbox, file: File) -> None:
    """Give a log to the pods that it is about; one about no pod that is known is left out."""
    from flux_cli.sandbox.controller_pods import controller_pod
    from flux_cli.sandbox.populate import CONTROLLER, PREVIOUS, log_lines, log_places, log_stem

    stem = log_stem(file)
    places = log_places(stem, sandbox.store.objects(("", "pods")))
    if not places and CONTROLLER.fullmatch(stem):
        for obj in controller_pod(stem):
            sandbox.keep(obj)
        places = log_places(stem, sandbox.store.objects(("", "pods")))
    for namespace, name in places:
        sandbox.logs.write(namespace, name, *log_lines(file), previous=stem.endswith(PREVIOUS))
