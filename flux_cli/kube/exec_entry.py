"""The ``exec`` entry of a kubeconfig's user, as client-go reads and checks it."""

from flux_cli.core.text import go_quote
from flux_cli.kube.kubeconfig import Entry

API = "client.authentication.k8s.io"
BEFORE_V1 = (f"{API}/v1beta1", f"{API}/v1alpha1")  # the latter is not understood any more, which is said later
MODES = ("Never", "IfAvailable", "Always")


def problems(name: str, user: Entry) -> list[str]:
    """What client-go finds wrong with an ``exec`` entry before anything runs."""
    spec = settings_of(user)
    found = []
    if user.data.get("auth-provider") is not None:
        found.append(f"authProvider cannot be provided in combination with an exec plugin for {name}")
    for key in ("command", "apiVersion"):
        if not spec.text(key):
            found.append(f"{key} must be specified for {name} to use exec authentication plugin")
    if any(not env[0] for env in environment_of(spec)):
        found.append(f"env variable name must be specified for {name} to use exec authentication plugin")
    mode = mode_of(spec)
    if not mode:
        found.append(f"interactiveMode must be specified for {name} to use exec authentication plugin")
    elif mode not in MODES:
        found.append(f"invalid interactiveMode for {name}: {go_quote(mode)}")
    return found


def settings_of(user: Entry) -> Entry:
    return Entry(user.data.get("exec") or {}, user.file, f"{user.where}exec.")


def environment_of(spec: Entry) -> list[tuple[str, str]]:
    listed = [Entry(item or {}) for item in spec.data.get("env") or ()]
    return [(item.text("name"), item.text("value")) for item in listed]


def mode_of(spec: Entry) -> str:
    """v1 asks for the mode to be written; what came before it has a default."""
    return spec.text("interactiveMode") or ("IfAvailable" if spec.text("apiVersion") in BEFORE_V1 else "")
